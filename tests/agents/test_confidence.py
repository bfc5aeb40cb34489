"""Decisions say how sure they are, by what was measured for decisions on the same evidence."""

from __future__ import annotations

import pytest
from recordings import Session, imported

from loadwright.compiler.agents.decide.confidence import calibration, confidence, level
from loadwright.compiler.agents.importing import Imported

TOKEN, OTHER = "x9Kq2Lm8ZtPw", "b7Rn4Vc1YsQd"


def session(token: str, name: str = "a-1.har") -> Session:
    taken = Session(name).add("GET", "/", html=f'<form><input type=hidden name=csrf value="{token}"><input name=user></form>')
    return taken.add("POST", "/", body=f"csrf={token}&user=alice&password=wonderland", status=302, location="/notes/1003").add(
        "GET", "/notes/1003", html="<a href=/logout>x</a>"
    )


def bases(result: Imported) -> dict[str, tuple[str, float | None]]:
    return {d.variable: (d.basis, d.confidence) for d in result.decisions}


def test_a_decision_carries_what_was_measured_for_its_evidence() -> None:
    found = bases(imported(session(TOKEN)))
    assert found["csrf"] == ("extract, random, by name or path", confidence("extract, random, by name or path"))
    assert found["user"][0] == "parameterise"
    assert found["password"] == ("", None), "what is read off the recording is not measured"


def test_a_second_recording_is_evidence_of_its_own() -> None:
    found = bases(imported(session(TOKEN), session(OTHER, "a-2.har")))
    assert found["csrf"][0] == "extract, random, by name or path, second recording"


def test_a_group_that_was_seldom_seen_counts_as_less_sure() -> None:
    assert confidence("never seen") == 0.5
    assert level(confidence("never seen")) == "low"
    for group, (right, seen) in calibration().items():
        assert 0 <= right <= seen
        assert confidence(group) == round((right + 1) / (seen + 2), 3)


@pytest.mark.parametrize(("value", "word"), [(1.0, "high"), (0.98, "high"), (0.979, "medium"), (0.9, "medium"), (0.899, "low")])
def test_levels(value: float, word: str) -> None:
    assert level(value) == word


def test_the_kinds_that_imports_have_were_measured() -> None:
    wanted = ("extract, a whole redirect", "extract, short, by name or path", "generate", "parameterise")
    assert set(wanted) <= calibration().keys()
