"""The commands about runs: each imports its work only when it is called."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from loadwright.compiler.cli.guard import guarded
from loadwright.compiler.cli.options import Installable, IntentFile, LoadName, RuntimeName

group = typer.Typer()


@group.command("run", short_help="Run an intent on a runtime and judge it.")
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
    shard: Annotated[str | None, typer.Option(metavar="K/N", help="this run is the K-th of N that share the load")] = None,
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
        overrides = Overrides(users, iterations, seconds, rate, think, seed, shard)
        return run(intent, on.value, RunOptions(load, target or (), results, overrides, limit))

    raise typer.Exit(guarded(work))


@group.command("demo", short_help="See it all at work on this machine.")
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


@group.command("doctor", short_help="Which runtimes are there; install them.")
def doctor_command(
    runtimes: Annotated[
        list[RuntimeName] | None, typer.Argument(help="the runtimes that must be usable", show_default=False)
    ] = None,
    install: Annotated[
        Installable | None, typer.Option(help="install the pinned version: JMeter by mvn, k6 by go, mitmproxy by pip")
    ] = None,
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
