"""Prints the outcome of a run."""

from __future__ import annotations

from rich.console import Console
from rich.table import Table
from rich.text import Text

from loadwright.compiler.import_report.visible import one_line
from loadwright.compiler.results.summary import JourneyMetrics, Metrics, Named, Summary

_FAILURES_SHOWN = 10
_STYLES = {"passed": "bold green", "failed": "bold red", "invalid": "bold red", "interrupted": "bold yellow"}


def print_summary(summary: Summary, console: Console | None = None) -> None:
    """A table of requests, the top failures with their reasons, the goals and the verdict, on standard output."""
    out = console or Console(highlight=False)
    if summary.totals.count:
        out.print(_table(summary))
    for journey in summary.journeys:
        out.print(Text(one_line(_iterations(journey))), soft_wrap=True)
    _print_failures(summary, out)
    for goal in summary.goals:
        mark = Text("pass" if goal.passed else "MISS", style="green" if goal.passed else "red")
        out.print(Text.assemble("goal ", mark, one_line(f"  {goal.goal}  ({goal.text})")), soft_wrap=True)
    verdict = Text(summary.verdict, style=_STYLES[summary.verdict])
    runtime = f"{summary.runtime.name} {summary.runtime.version}, load {summary.load}, {summary.duration:.1f} s"
    out.print(Text.assemble(verdict, one_line(f": {summary.intent} ({runtime})")), soft_wrap=True)
    for reason in summary.reasons:
        out.print(Text(f"  {one_line(reason)}"), soft_wrap=True)


def _iterations(journey: JourneyMetrics) -> str:
    failed = f", {journey.failures} failed" if journey.failures else ""
    dropped = f", {journey.dropped} arrivals dropped" if journey.dropped else ""
    p95 = f", p95 {journey.times.p95:.0f} ms" if journey.times else ""
    return f"journey {journey.name}: {journey.count} iterations ({journey.throughput:.1f}/s{p95}{failed}{dropped})"


def _table(summary: Summary) -> Table:
    table = Table(box=None, pad_edge=False, header_style="bold")
    table.add_column("request", overflow="fold")
    for title in ("count", "failed", "per s", "p50 ms", "p95 ms", "p99 ms", "max ms"):
        table.add_column(title, justify="right", no_wrap=True)
    steps = {step.name: step for step in summary.steps}
    shown = ""
    for request in summary.requests:
        if request.step and request.step != shown:
            shown = request.step
            _add(table, Text(one_line(shown), style="bold"), steps.get(shown), "dim")
        _add(table, Text(("  " if request.step else "") + one_line(request.name)), request)
    _add(table, Text("all requests", style="bold"), summary.totals)
    return table


def _add(table: Table, name: Text, metrics: Metrics | Named | None, style: str = "") -> None:
    if metrics is None:
        table.add_row(name)
        return
    times = metrics.times
    values = [f"{t:.0f}" for t in (times.p50, times.p95, times.p99, times.maximum)] if times else ["–"] * 4
    failed = Text(str(metrics.failures), style="red" if metrics.failures else "")
    table.add_row(name, str(metrics.count), failed, f"{metrics.throughput:.1f}", *values, style=style)


def _print_failures(summary: Summary, out: Console) -> None:
    for group in summary.failures[:_FAILURES_SHOWN]:
        place = f"{group.step} / {group.request}" if group.step else group.request
        out.print(Text.assemble((f"{group.count}×", "red"), f" {one_line(f'{place}: {group.message}')}"), soft_wrap=True)
    rest = len(summary.failures) - _FAILURES_SHOWN
    if rest > 0:
        out.print(f"… and {rest} more kinds of failure, all in summary.json")
