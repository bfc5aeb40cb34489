"""The commands about recordings: each imports its work only when it is called."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from loadwright.compiler.cli.advice_options import AdviceAsked, AdviceKeyEnv, AdviceModel, AdviceTimeout, AdviceUrl
from loadwright.compiler.cli.guard import guarded
from loadwright.compiler.cli.options import ImportLevel, IntentFile, ProofFormat, ProofLevel, SourceKind, StaticFiles, WebSockets

group = typer.Typer()


@group.command("import", short_help="Turn recordings into an intent.")
def import_command(
    sources: Annotated[
        list[Path], typer.Argument(metavar="REC…", help="recordings of one journey; a second one shows what changes")
    ],
    output: Annotated[Path, typer.Option("-o", "--output", metavar="F.intent", help="the intent to write")],
    kind: Annotated[
        SourceKind | None, typer.Option("--from", help="what the files are; unless given, it is told by what they hold")
    ] = None,
    plan: Annotated[Path | None, typer.Option(metavar="F.plan.json", help="also write the Plan as JSON")] = None,
    decisions: Annotated[Path | None, typer.Option(metavar="D.json", help="also write each decision with its evidence")] = None,
    host: Annotated[
        list[str] | None, typer.Option(metavar="H", help="a host to keep; repeat for more; unless given, it is chosen and told")
    ] = None,
    static: Annotated[StaticFiles, typer.Option(help="what becomes of images, styles, scripts and fonts")] = StaticFiles.KEEP,
    websockets: Annotated[WebSockets, typer.Option(help="what becomes of WebSockets")] = WebSockets.KEEP,
    report: Annotated[Path | None, typer.Option(metavar="R.html", help="also write a page to review the import with")] = None,
    level: Annotated[ImportLevel, typer.Option(help="how far to prove; P3 is tried anyway with two recordings")] = ImportLevel.P2,
    on: Annotated[str, typer.Option(metavar="LIST", help="runtimes for P4: k6,locust,jmeter")] = "k6",
    format: Annotated[ProofFormat, typer.Option(help="how the outcome is printed")] = ProofFormat.TEXT,
    advice_url: AdviceUrl = None,
    advice_model: AdviceModel = None,
    advice_key_env: AdviceKeyEnv = None,
    advice_timeout: AdviceTimeout = "60s",
) -> None:
    """Turn recordings into an intent, every dynamic value correlated: HAR files, and flow files of mitmproxy.

    Also takes what was written down and holds no answers: `curl` commands, Postman collections (with their environments), OpenAPI
    documents. Nothing can be correlated there by evidence; what has no source is named.

    \b
    loadwright import session.har -o shop.intent
    loadwright import alice.har bob.har -o shop.intent --decisions why.json
    loadwright import session.har -o shop.intent --report review.html
    loadwright import session.har -o shop.intent --level P4 --format json
    loadwright import shop.postman_collection.json staging.postman_environment.json -o shop.intent
    loadwright import commands.txt -o shop.intent --from curl
    """

    def work() -> int:
        from loadwright.compiler.cli.import_ import ProofAsked, import_
        from loadwright.compiler.cli.runtime_names import runtime_names

        asked = ProofAsked(level.value, runtime_names(on))
        chosen = kind.kind if kind else None
        as_json = format is ProofFormat.JSON
        advice = AdviceAsked(advice_url, advice_model, advice_key_env, advice_timeout)
        return import_(
            sources, output, plan, decisions, host or [], static.value, report, chosen, asked, as_json, advice, websockets.value
        )

    raise typer.Exit(guarded(work))


@group.command("record", short_help="Record a journey with your own browser.")
def record_command(
    url: Annotated[str, typer.Argument(metavar="URL", help="where the journey begins", show_default=False)],
    output: Annotated[Path, typer.Option("-o", "--output", metavar="REC.har", help="the recording to write")],
    browser: Annotated[
        str | None, typer.Option(metavar="NAME", help="chromium, google-chrome, firefox… or a path; else the first found")
    ] = None,
    ignore_hosts: Annotated[
        list[str] | None, typer.Option(metavar="H", help="a host to leave out, with its subdomains; repeat for more")
    ] = None,
    host: Annotated[
        list[str] | None, typer.Option(metavar="H", help="a host of another site to keep, with its subdomains; repeat for more")
    ] = None,
    insecure: Annotated[bool, typer.Option("--insecure", help="accept any certificate of the servers")] = False,
    headless: Annotated[bool, typer.Option("--headless", hidden=True)] = False,
) -> None:
    """Record a journey with your own browser, through mitmproxy: every body as it was sent, without other sites and browser noise.

    The browser starts with a new, empty profile, which alone trusts the recorder. Type a name and Enter before you begin a step:
    the test's steps are called so. Close the browser or press Ctrl-C to end; the recording is written then.

    \b
    loadwright record https://shop.example.com -o session.har
    loadwright record http://localhost:8080 -o session.har --browser firefox --ignore-hosts cdn.example.com

    It needs mitmproxy: loadwright doctor --install mitmproxy, or pip install "loadwright[record]".
    """

    def work() -> int:
        from loadwright.compiler.cli.record import record

        return record(url, output, browser, ignore_hosts or [], host or [], insecure, headless)

    raise typer.Exit(guarded(work))


@group.command("scrub", short_help="Replace what is secret in a recording.")
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


@group.command("prove", short_help="Prove an intent on its recordings.")
def prove_command(
    intent: IntentFile,
    recording: Annotated[
        list[Path], typer.Option("--recording", metavar="REC.har", help="a recording to prove it on; repeat for more")
    ],
    level: Annotated[ProofLevel, typer.Option(help="how far; each level includes the lower ones")] = ProofLevel.P2,
    on: Annotated[str, typer.Option(metavar="LIST", help="runtimes for P4: k6,locust,jmeter; P5 takes the fastest of them")] = "k6",
    target: Annotated[
        list[str] | None, typer.Option(metavar="NAME=URL", help="for P5 alone: where the live application is; repeat for more")
    ] = None,
    report: Annotated[Path | None, typer.Option(metavar="R.html", help="also write a page to review the proof with")] = None,
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
    loadwright prove shop.intent --recording alice.har --level P5 --target shop=http://127.0.0.1:8080 --report review.html
    """

    def work() -> int:
        from loadwright.compiler.cli.prove import ProveOptions, prove
        from loadwright.compiler.cli.runtime_names import runtime_names

        as_json = format is ProofFormat.JSON
        return prove(intent, recording, ProveOptions(level.value, runtime_names(on), target or (), as_json, report))

    raise typer.Exit(guarded(work))


@group.command("rotate", short_help="Serve a recording with fresh values; stale ones are refused.")
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
