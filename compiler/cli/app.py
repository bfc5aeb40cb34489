"""The commands and their options; each imports its work only when it is called."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from loadwright.compiler.cli.guard import guarded


class RuntimeName(StrEnum):
    """Where a test can run."""

    LOCUST = "locust"
    K6 = "k6"
    JMETER = "jmeter"


class CompileTo(StrEnum):
    """What can be compiled to."""

    JMETER = "jmeter"
    LOCUST = "locust"
    K6 = "k6"
    ALL = "all"


class Installable(StrEnum):
    """What `doctor` can install."""

    JMETER = "jmeter"
    K6 = "k6"
    ALL = "all"


class OutputFormat(StrEnum):
    """How findings are printed."""

    TEXT = "text"
    JSON = "json"
    SARIF = "sarif"
    GITHUB = "github"


class ConvertTo(StrEnum):
    """The forms of an intent."""

    INTENT = "intent"
    YAML = "yaml"
    JSON = "json"


class SchemaName(StrEnum):
    """The formats that have a schema."""

    INTENT = "intent"
    PLAN = "plan"


class ProofLevel(StrEnum):
    """How far a proof goes."""

    P0 = "P0"
    P1 = "P1"
    P2 = "P2"
    P3 = "P3"
    P4 = "P4"
    P5 = "P5"


class ProofFormat(StrEnum):
    """How a proof is reported."""

    TEXT = "text"
    JSON = "json"


class StaticFiles(StrEnum):
    """What becomes of images, styles, scripts and fonts."""

    DROP = "drop"
    KEEP = "keep"


_ABOUT = """Turns intent into load tests that work: one plan, three runtimes (JMeter, Locust, k6), every correlation proved.

A first tour:

\b
  loadwright demo                                    see all of it at work, on this machine
  loadwright import session.har -o shop.intent       a recording becomes an intent to read and change
  loadwright check shop.intent                       is it right?
  loadwright prove shop.intent --recording session.har
                                                     does it say what was recorded?
  loadwright run shop.intent --on locust             run it, see the verdict
  loadwright compile shop.intent --to all -o out     or take the scripts for JMeter, Locust and k6

Exit codes: 0 fine; 1 findings, or goals missed; 2 bad usage or input; 3 the run was not valid; 130 Ctrl-C."""

app = typer.Typer(
    name="loadwright",
    help=_ABOUT,
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110},
)

IntentFile = Annotated[
    Path, typer.Argument(metavar="F.intent", help="the intent; or a Plan as JSON (F.plan.json)", show_default=False)
]
LoadName = Annotated[str | None, typer.Option("--load", metavar="NAME", help="which load; the first one unless given")]


def _version(asked: bool) -> None:
    if asked:
        from importlib.metadata import version

        print(f"loadwright {version('loadwright')}")
        raise typer.Exit


@app.callback()
def _root(
    version: Annotated[bool, typer.Option("--version", callback=_version, is_eager=True, help="Show the version.")] = False,
) -> None:
    pass


@app.command("import", short_help="Turn recordings (HAR) into an intent.")
def import_command(
    recordings: Annotated[
        list[Path], typer.Argument(metavar="REC.har…", help="recordings of one journey; a second one shows what changes")
    ],
    output: Annotated[Path, typer.Option("-o", "--output", metavar="F.intent", help="the intent to write")],
    plan: Annotated[Path | None, typer.Option(metavar="F.plan.json", help="also write the Plan as JSON")] = None,
    decisions: Annotated[Path | None, typer.Option(metavar="D.json", help="also write each decision with its evidence")] = None,
    host: Annotated[
        list[str] | None, typer.Option(metavar="H", help="a host to keep; repeat for more; unless given, it is chosen and told")
    ] = None,
    static: Annotated[StaticFiles, typer.Option(help="what becomes of images, styles, scripts and fonts")] = StaticFiles.KEEP,
    report: Annotated[Path | None, typer.Option(metavar="R.html", help="also write a page to review the import with")] = None,
) -> None:
    """Turn recordings (HAR) into an intent, every dynamic value correlated.

    \b
    loadwright import session.har -o shop.intent
    loadwright import alice.har bob.har -o shop.intent --decisions why.json
    loadwright import session.har -o shop.intent --report review.html
    """

    def work() -> int:
        from loadwright.compiler.cli.import_ import import_

        return import_(recordings, output, plan, decisions, host or [], static.value, report)

    raise typer.Exit(guarded(work))


@app.command("scrub", short_help="Replace what is secret in a recording.")
def scrub_command(
    recording: Annotated[Path, typer.Argument(metavar="REC.har", help="the recording", show_default=False)],
    output: Annotated[Path, typer.Option("-o", "--output", metavar="CLEAN.har", help="the recording to write")],
    seed: Annotated[
        str | None, typer.Option(metavar="TEXT", help="the same stand-ins in every run and recording; keep it as secret as these")
    ] = None,
) -> None:
    """Replace passwords, tokens, cookies, e-mail addresses and other personal values of a recording by stand-ins.

    The same value has the same stand-in everywhere, in every encoding, so an import of the scrubbed recording decides the same.

    \b
    loadwright scrub session.har -o clean.har
    loadwright scrub alice.har -o clean-alice.har --seed "some long text of your own"
    """

    def work() -> int:
        from loadwright.compiler.cli.scrub import scrub

        return scrub(recording, output, seed)

    raise typer.Exit(guarded(work))


@app.command("check", short_help="Check intents.")
def check_command(
    intents: Annotated[list[Path], typer.Argument(metavar="F.intent…", help="the intents", show_default=False)],
    format: Annotated[OutputFormat, typer.Option(help="how findings are printed")] = OutputFormat.TEXT,
) -> None:
    """Check intents: syntax, names, types, units, and what would not work at run time.

    \b
    loadwright check shop.intent
    loadwright check tests/*.intent --format json
    loadwright check shop.intent --format sarif > loadwright.sarif    for code scanning
    loadwright check shop.intent --format github                      annotations in GitHub Actions
    """

    def work() -> int:
        from loadwright.compiler.cli.check import check

        return check(intents, format.value)

    raise typer.Exit(guarded(work))


@app.command("explain", short_help="Say what a finding means.")
def explain_command(
    code: Annotated[
        str | None, typer.Argument(metavar="CODE", help="the code; all are listed without one", show_default=False)
    ] = None,
) -> None:
    """Say what a finding means: what, why it matters, an example, and what to write instead.

    \b
    loadwright explain unused-capture
    loadwright explain                    lists all codes
    """

    def work() -> int:
        from loadwright.compiler.cli.explain import explain

        return explain(code)

    raise typer.Exit(guarded(work))


@app.command("fmt", short_help="Bring an intent into its one layout.")
def fmt_command(
    intent: Annotated[Path, typer.Argument(metavar="F.intent", help="the intent", show_default=False)],
    check: Annotated[bool, typer.Option("--check", help="change nothing; exit code 1 when it is in another layout")] = False,
) -> None:
    """Bring an intent file into its one layout, comments kept.

    \b
    loadwright fmt shop.intent
    loadwright fmt shop.intent --check
    """

    def work() -> int:
        from loadwright.compiler.cli.fmt import fmt

        return fmt(intent, check)

    raise typer.Exit(guarded(work))


@app.command("convert", short_help="Write an intent as text, YAML or JSON.")
def convert_command(
    intent: Annotated[Path, typer.Argument(metavar="FILE", help="the intent: .intent, .yaml, .yml or .json", show_default=False)],
    to: Annotated[ConvertTo, typer.Option(help="the form to write")],
    output: Annotated[
        Path | None, typer.Option("-o", "--output", metavar="FILE", help="the file to write instead of standard output")
    ] = None,
) -> None:
    """Write an intent in another form; nothing is lost, comments neither.

    \b
    loadwright convert shop.intent --to yaml -o shop.yaml
    loadwright convert shop.yaml --to intent
    """

    def work() -> int:
        from loadwright.compiler.cli.convert import convert

        return convert(intent, to.value, output)

    raise typer.Exit(guarded(work))


@app.command("schema", short_help="Print the JSON Schema of a format.")
def schema_command(
    name: Annotated[SchemaName, typer.Argument(help="intent: the YAML and JSON form; plan: what backends get")] = SchemaName.INTENT,
) -> None:
    """Print a JSON Schema, for an editor that completes and checks YAML or JSON.

    \b
    loadwright schema > intent.schema.json
    # and in the YAML file: # yaml-language-server: $schema=intent.schema.json
    """

    def work() -> int:
        from loadwright.compiler.cli.schema import print_schema

        return print_schema(name.value)

    raise typer.Exit(guarded(work))


@app.command("compile", short_help="Write the scripts for JMeter, Locust, k6.")
def compile_command(
    intent: IntentFile,
    to: Annotated[CompileTo, typer.Option(help="the runtime to write for")],
    output: Annotated[Path, typer.Option("-o", "--output", metavar="DIR", help="the folder to write into")],
    load: LoadName = None,
) -> None:
    """Write the scripts: DIR/jmeter/plan.jmx, DIR/locust/locustfile.py, DIR/k6/script.js, with the data files beside them.

    \b
    loadwright compile shop.intent --to all -o out
    loadwright compile shop.intent --to k6 -o out --load peak
    """

    def work() -> int:
        from loadwright.compiler.cli.compile import compile_

        return compile_(intent, to.value, output, load)

    raise typer.Exit(guarded(work))


@app.command("prove", short_help="Prove an intent on its recordings.")
def prove_command(
    intent: IntentFile,
    recording: Annotated[
        list[Path], typer.Option("--recording", metavar="REC.har", help="a recording to prove it on; repeat for more")
    ],
    level: Annotated[ProofLevel, typer.Option(help="how far; each level includes the lower ones")] = ProofLevel.P2,
    on: Annotated[str, typer.Option(metavar="LIST", help="runtimes for P4 and P5: k6,locust,jmeter")] = "k6",
    target: Annotated[
        list[str] | None, typer.Option(metavar="NAME=URL", help="for P5 alone: where the live application is; repeat for more")
    ] = None,
    format: Annotated[ProofFormat, typer.Option(help="how the report is printed")] = ProofFormat.TEXT,
) -> None:
    """Prove an intent on its recordings, level by level; the first reason and its place when a level does not hold.

    \b
    P0  each capture yields a value from the recorded answer
    P1  each request, rendered with what was captured, is the recorded one
    P2  no value that the server made stands as text in a request
    P3  all of that on another recording of the same journey
    P4  a run against a server that gives fresh values and refuses stale ones; without any one capture it fails
    P5  one dry run against the live application

    \b
    loadwright prove shop.intent --recording session.har
    loadwright prove shop.intent --recording alice.har --recording bob.har --level P4 --on k6,locust,jmeter
    loadwright prove shop.intent --recording alice.har --level P5 --target shop=http://127.0.0.1:8080
    """

    def work() -> int:
        from loadwright.compiler.cli.prove import ProveOptions, prove, runtime_names

        return prove(intent, recording, ProveOptions(level.value, runtime_names(on), target or (), format is ProofFormat.JSON))

    raise typer.Exit(guarded(work))


@app.command("rotate", short_help="Serve a recording with fresh values; stale ones are refused.")
def rotate_command(
    recording: Annotated[Path, typer.Argument(metavar="REC.har", help="the recording to serve", show_default=False)],
    port: Annotated[int, typer.Option(min=0, max=65535, metavar="N", help="on 127.0.0.1; 0: a free one")] = 8790,
    second: Annotated[
        list[Path] | None, typer.Option(metavar="B.har", help="a second recording of the journey: shows what is constant")
    ] = None,
    seed: Annotated[str, typer.Option(metavar="TEXT", help="the same requests in the same order get the same bytes")] = "1",
    host: Annotated[
        list[str] | None, typer.Option(metavar="H", help="a recorded host to serve; unless given, it is chosen")
    ] = None,
) -> None:
    """Serve what was recorded on this machine, with fresh values for each session; stale or recorded ones get a 403 that says why.

    \b
    loadwright rotate session.har --port 8790
    loadwright rotate alice.har --second bob.har --seed 7

    Each request is told with what became of it; Ctrl-C ends it with a summary.
    """

    def work() -> int:
        from loadwright.compiler.cli.rotate import rotate

        return rotate(recording, second or [], port, seed, host or [])

    raise typer.Exit(guarded(work))


@app.command("run", short_help="Run an intent on a runtime and judge it.")
def run_command(
    intent: IntentFile,
    on: Annotated[RuntimeName, typer.Option(help="the runtime")],
    load: LoadName = None,
    target: Annotated[list[str] | None, typer.Option(metavar="NAME=URL", help="where a target is; repeat for more")] = None,
    results: Annotated[Path | None, typer.Option(metavar="DIR", help="default: ./loadwright-results/<intent>-<runtime>")] = None,
    users: Annotated[int | None, typer.Option(min=1, metavar="N", help="users, in place of the load's")] = None,
    iterations: Annotated[int | None, typer.Option(min=1, metavar="N", help="iterations per user, in place of the load's")] = None,
    duration: Annotated[str | None, typer.Option(metavar="TIME", help="30s, 5m, 1h, in place of the load's")] = None,
    rate: Annotated[float | None, typer.Option(metavar="R", help="iterations per second, in place of the load's")] = None,
    think: Annotated[float | None, typer.Option(min=0, metavar="X", help="factor on think times: 0 none, 0.5 half")] = None,
    seed: Annotated[str | None, typer.Option(metavar="TEXT", help="the same random values and pauses in every run")] = None,
    time_limit: Annotated[
        str | None, typer.Option(metavar="TIME", help="stop the run after this; default: 5 minutes over its duration")
    ] = None,
) -> None:
    """Run an intent and judge it: table, failures with step and reason, goals, verdict; samples and summary in the results folder.

    Secrets are read from the environment variables that the intent names.

    \b
    loadwright run shop.intent --on locust
    loadwright run shop.intent --on locust --users 1 --iterations 1 --think 0
    loadwright run shop.intent --on k6 --load peak --target shop=http://127.0.0.1:8080
    loadwright run shop.intent --on jmeter --users 5 --iterations 20 --results out/run1

    Exit code: 0 all well; 1 a goal missed, or a failed request that no goal allows; 3 not valid, for instance no request was made.
    """

    def work() -> int:
        from loadwright.compiler.cli.run import RunOptions, run
        from loadwright.compiler.cli.settings import Overrides, parse_duration

        seconds = parse_duration(duration) if duration else None
        limit = parse_duration(time_limit) if time_limit else None
        overrides = Overrides(users, iterations, seconds, rate, think, seed)
        return run(intent, on.value, RunOptions(load, target or (), results, overrides, limit))

    raise typer.Exit(guarded(work))


@app.command("demo", short_help="See it all at work on this machine.")
def demo_command(
    output: Annotated[Path, typer.Option("-o", "--output", metavar="DIR", help="where the outputs go")] = Path("demo-output"),
) -> None:
    """See it all at work on this machine: starts a small shop, imports a recording of it, proves, compiles and runs the test.

    \b
    loadwright demo
    """

    def work() -> int:
        from loadwright.compiler.cli.demo import demo

        return demo(output)

    raise typer.Exit(guarded(work))


@app.command("doctor", short_help="Which runtimes are there; install them.")
def doctor_command(
    runtimes: Annotated[
        list[RuntimeName] | None, typer.Argument(help="the runtimes that must be usable", show_default=False)
    ] = None,
    install: Annotated[Installable | None, typer.Option(help="install the pinned version: JMeter by mvn, k6 by go")] = None,
) -> None:
    """Say which runtimes are found, their versions, and how to get one that is missing.

    \b
    loadwright doctor
    loadwright doctor k6 jmeter        exit code 1 if one of them is not usable
    loadwright doctor --install all
    """

    def work() -> int:
        from loadwright.compiler.cli.doctor import doctor

        return doctor([r.value for r in runtimes or []], install.value if install else None)

    raise typer.Exit(guarded(work))
