"""The commands about intents: each imports its work only when it is called."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from loadwright.compiler.cli.guard import guarded
from loadwright.compiler.cli.options import CompileTo, ConvertTo, IntentFile, LoadName, OutputFormat, SchemaName

group = typer.Typer()


@group.command("check", short_help="Check intents.")
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


@group.command("explain", short_help="Say what a finding means.")
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


@group.command("fmt", short_help="Bring an intent into its one layout.")
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


@group.command("convert", short_help="Write an intent as text, YAML or JSON.")
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


@group.command("schema", short_help="Print the JSON Schema of a format.")
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


@group.command("compile", short_help="Write the scripts for JMeter, Locust, k6.")
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
