"""Nothing that was recorded, sent by a server or typed acts on the terminal that shows it."""

from __future__ import annotations

import io

import pytest
from rich.console import Console

from loadwright.compiler.cli.report_run import print_summary
from loadwright.compiler.cli.rotate import _tell
from loadwright.compiler.cli.terminal import Terminal
from loadwright.compiler.results.summary import FailureGroup, GoalResult, JourneyMetrics, Metrics, Named, RuntimeUsed, Summary
from loadwright.compiler.rotation.player import Exchange

_ACTING = "\x1b]0;x\x07\x1b[2J\u202e\u2066\x9b1m\r"


def _is_harmless(shown: str) -> bool:
    return all(character.isprintable() or character == "\n" for character in shown)


def test_a_line_holds_no_control_character(capsys: pytest.CaptureFixture[str]) -> None:
    terminal = Terminal()
    terminal.line(f"wrote {_ACTING}")
    terminal.named(_ACTING, _ACTING)
    shown = capsys.readouterr().out
    assert _is_harmless(shown)
    assert "⟨U+001B⟩" in shown


def test_what_a_run_tells_stands_in_one_line_each() -> None:
    text = f"a{_ACTING}\n::set-output name=x::y\n::error::z"
    runtime = RuntimeUsed(name="k6", version="2")
    summary = Summary(
        intent=text,
        load=text,
        runtime=runtime,
        started=0,
        duration=1,
        verdict="failed",
        reasons=(text,),
        totals=Metrics(count=1),
        requests=(Named(name=text, step=text, count=1),),
        journeys=(JourneyMetrics(name=text),),
        failures=(FailureGroup(step=text, request=text, kind="network", count=1, message=text),),
        goals=(GoalResult(goal=text, measured=None, passed=False, text=text),),
    )
    out = io.StringIO()
    print_summary(summary, Console(file=out, width=400))
    assert _is_harmless(out.getvalue())
    assert not any(line.lstrip().startswith("::") for line in out.getvalue().splitlines())


def test_a_request_to_the_rotating_server_is_told_in_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    _tell(Exchange(1, 1, f"GET /{_ACTING}", None, 403, False, f"stale\n{_ACTING}"))
    shown = capsys.readouterr().out
    assert _is_harmless(shown)
    assert shown.count("\n") == 1
