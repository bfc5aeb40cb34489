"""Tokens of which a server has a few: two recordings, or two pages, are given the same one by chance."""

from __future__ import annotations

import pytest
from recordings import Session, imported, proved, sent

from loadwright.compiler.agents.importing import Imported
from loadwright.compiler.plan.model import FormBody

POOL = (
    "43d7fa7337ca6e79162f94ccbb287b7173d45f90",
    "fe1c811a234fa2095888f12d40d0c4a59317da66",
    "0ffabad4f0213e95033022258e0dd6dd76a8f984",
)


def editing(*drawn: int, name: str = "_authenticator") -> Session:
    """Pages with a form each, whose token is one of the pool."""
    session = Session()
    for number, which in enumerate(drawn):
        session.add("GET", f"/page{'abc'[number]}/edit", html=f"<form><input type=hidden name={name} value={POOL[which]}></form>")
        session.add("POST", f"/page{'abc'[number]}/edit", body=f"{name}={POOL[which]}&save=Save", html="<h1>Saved</h1>")
    return session


def tokens(result: Imported) -> list[str | None]:
    """What the forms send: the text, or None where it is no text."""
    bodies = [sent(result, position).body for position in (1, 3, 5)]
    return [body.fields[0].value.literal if isinstance(body, FormBody) else "" for body in bodies]


@pytest.mark.parametrize("theirs", [(0, 2, 1), (1, 1, 1), (2, 0, 0)])
def test_a_token_that_is_the_same_by_chance_is_no_constant(theirs: tuple[int, ...]) -> None:
    result = imported(editing(0, 1, 0), editing(*theirs))
    assert tokens(result) == [None, None, None]
    assert proved(result)
    assert all(not proof.findings for _, proof in result.proofs)


def test_what_never_changes_under_its_name_is_constant() -> None:
    assert tokens(imported(editing(0, 1, 2), editing(0, 1, 2))) == list(POOL)
