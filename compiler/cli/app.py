"""The command line as a whole: what it says about itself, and its groups of commands."""

from __future__ import annotations

from typing import Annotated

import typer

from loadwright.compiler.cli import commands_intents, commands_recordings, commands_runs

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


for _group in (commands_recordings.group, commands_intents.group, commands_runs.group):
    app.add_typer(_group)
