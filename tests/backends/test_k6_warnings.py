"""What k6 does in another way is told when an intent is compiled, at its place; what it does alike is not spoken of."""

from __future__ import annotations

from pathlib import Path

import pytest

from loadwright.backends.check import check
from loadwright.backends.registry import NAMES, backend
from loadwright.compiler.diagnostics import Severity
from loadwright.compiler.intent import parse_intent

_HEAD = """intent "Warnings"
target shop = "http://localhost:1"
data users from csv "users.csv" { rows ROWS }
"""
_LOOK = """
journey NAME {
  SETUP
  step "NAME" {
    MORE
    GET "/a" { query { u = users.id } }
  }
}
"""
_SETUP = 'setup { step "in" { GET "/in" } }'
_STOP = 'if user() = "2" { stop user }'


def _journey(name: str, more: str = "", setup: str = "") -> str:
    return _LOOK.replace("NAME", name).replace("MORE", more).replace("SETUP", setup)


def _warned(folder: Path, runtime: str, text: str, rows: str = "per run") -> list[tuple[str, str]]:
    """Each warning: what it is about, and the text of the line that it points to."""
    (folder / "users.csv").write_text("id\n1\n", encoding="utf-8")
    whole = _HEAD.replace("ROWS", rows) + text
    plan, _ = parse_intent(whole, "shop.intent", folder)
    found = check(plan, backend(runtime))
    assert all(d.severity is Severity.WARNING and d.span for d in found)
    return [(d.message.partition(" is approximate")[0], whole.split("\n")[d.span.line - 1].strip()) for d in found if d.span]


_TWO = _journey("a") + _journey("b")
_SOCKET = """
journey a { step "a" { websocket "/live" { timeout 2s; receive "hello" { within 1s } } } }
load main { a: 1 users, 2 iterations }
"""
_PARALLEL = """
journey a { step "a" { parallel { GET "/x" { retry 2 on 503, wait 1s } GET "/y" } } }
load main { a: 1 users, 2 iterations }
"""
_SHARED = "data rows shared by several workloads"
_EARLY = "data rows shared by users who may end early, in a load by iterations"
_LATE = "data rows shared by users of a ramp, in a load by iterations"
_DATA = 'data users from csv "users.csv" { rows per run }'
_ITERATIONS = "a: 2 users, 3 iterations"
_RAMP = "a: 2 users, 3 iterations, ramp 2s"

CASES = [
    (f"{_TWO} load main {{\n{_ITERATIONS}\nb: 1 users, 2 iterations\n}}", [(_SHARED, _DATA)]),
    (f"{_journey('a', _STOP)} load main {{\n{_ITERATIONS}\n}}", [(_EARLY, _ITERATIONS)]),
    (f"{_journey('a', setup=_SETUP)} load main {{\n{_ITERATIONS}\n}}", [(_EARLY, _ITERATIONS)]),
    (f"{_journey('a')} load main {{\n{_RAMP}\n}}", [(_LATE, _RAMP)]),
    (f"{_journey('a')} load main {{\n{_ITERATIONS}\n}}", []),
    (f"{_journey('a', _STOP, _SETUP)} load main {{\na: 2 users for 1m, ramp 2s\n}}", []),
    (
        _SOCKET,
        [("timeout of a WebSocket", 'journey a { step "a" { websocket "/live" { timeout 2s; receive "hello" { within 1s } } } }')],
    ),
    (_PARALLEL, [("retry of parallel requests", _PARALLEL.strip().split("\n")[0])]),
]


@pytest.mark.parametrize(("text", "expected"), CASES)
def test_k6_warns_of_what_it_does_in_another_way_at_its_place(text: str, expected: list[tuple[str, str]], tmp_path: Path) -> None:
    assert _warned(tmp_path, "k6", text) == expected


@pytest.mark.parametrize("runtime", NAMES)
def test_rows_that_are_unique_per_user_are_the_same_everywhere(runtime: str, tmp_path: Path) -> None:
    text = f"{_TWO} load main {{\n{_RAMP}\nb: 1 users, 2 iterations\n}}"
    assert _warned(tmp_path, runtime, text, "unique per user") == []


def test_what_follows_from_rows_of_data_is_said_of_k6_alone(tmp_path: Path) -> None:
    text = f"{_journey('a', _STOP)} load main {{\n{_RAMP}\n}}"
    assert {name: len(_warned(tmp_path, name, text)) for name in NAMES} == {"jmeter": 0, "k6": 2, "locust": 0}
