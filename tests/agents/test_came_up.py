"""Numbers that both recordings have alike, since a server counts anew or gives the number of a deleted row again."""

from __future__ import annotations

import pytest
from recordings import Session, imported, proved, sent

from loadwright.compiler.plan.template import Reference, walk


def linked(*rows: tuple[int, str]) -> str:
    return "".join(f'<tr><td>{title}<td><a href="/links/{number}">Edit</a>' for number, title in rows)


def kept(title: str, number: int, there: int = 2) -> Session:
    """A link is kept, found in the list that was looked at before, and opened; then one that was there."""
    session = Session(f"{title}.har").add("GET", "/links", html=f"<table>{linked((there, 'Harbour'))}</table>")
    session.add("GET", "/links/new", html="<form method=post><input name=title></form>")
    session.add("POST", "/links", body=f"title={title}", status=302, location="/links")
    session.add("GET", "/links", html=f"<table>{linked((number, title), (there, 'Harbour'))}</table>")
    session.add("GET", f"/links/{number}", html="<h1>Edit</h1>")
    return session.add("GET", f"/links/{there}", html="<h1>Edit</h1>")


@pytest.mark.parametrize("number", [3, 7])
def test_what_a_page_links_to_after_a_change_alone_is_taken_though_both_recordings_have_it(number: int) -> None:
    result = imported(kept("Kestrel-1f7a90c2", 3), kept("Merlin-77ab01de", number))
    assert any(isinstance(part, Reference) for part in walk(sent(result, 4).url))
    assert proved(result)


def test_what_was_there_before_the_change_is_constant() -> None:
    result = imported(kept("Kestrel-1f7a90c2", 3), kept("Merlin-77ab01de", 3))
    assert not any(isinstance(part, Reference) for part in walk(sent(result, 5).url))


def test_a_secret_that_the_page_filled_in_is_taken_from_it() -> None:
    """Another recording with the same one says that it is the application's, and not that the user typed it."""

    def saved(title: str) -> Session:
        form = '<form method=post><input name=title value="Links"><input name=apiSecret value="cf6c1ccaf79d8a49"></form>'
        session = Session(f"{title}.har").add("GET", "/settings", html=form)
        return session.add("POST", "/settings", body=f"title={title}&apiSecret=cf6c1ccaf79d8a49", html="<h1>Saved</h1>")

    result = imported(saved("Kestrel"), saved("Merlin"))
    assert [d.variable for d in result.decisions if d.verdict == "extract"] == ["api_secret"]
    assert not result.plan.secrets
