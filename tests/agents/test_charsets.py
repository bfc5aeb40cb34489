"""Pages and forms in another character set than UTF-8, as older applications have them."""

from __future__ import annotations

import json
from pathlib import Path
from urllib.parse import quote_plus

import pytest
from recordings import Session, imported, proved, sent

from loadwright.compiler.plan.model import TextExpectation
from loadwright.compiler.plan.template import template
from loadwright.compiler.recording.charsets import other_charset
from loadwright.compiler.recording.har import read_har

LATIN = {"Content-Type": "text/html; charset=ISO-8859-1"}
FORM = (
    '<form action="/new"><input type="hidden" name="token" value="7c5f19be03d2a846"><input name="customer"><input name="{}"></form>'
)


def journey(customer: str, charset: str, received: dict[str, str] | None = None, other: str = "town") -> Session:
    """A page with a form, and what a browser sends of it in a character set."""
    session = Session().add("GET", "/", html=f"<title>Übersicht aller Aufträge</title>{FORM.format(other)}", received=received)
    body = f"token=7c5f19be03d2a846&customer={quote_plus(customer, encoding=charset)}&{other}=Hof"
    return session.add("POST", "/new", body=body, status=302, location="/")


@pytest.mark.parametrize(
    ("content_type", "text", "name"),
    [
        ("text/html; charset=ISO-8859-1", "é", "cp1252"),
        ("text/html; charset=Shift_JIS", "注文", "shift_jis"),
        ("text/html", '<meta charset="windows-1250">ž', "cp1250"),
        ("text/xml", '<?xml version="1.0" encoding="ISO-8859-2"?><a>ž</a>', "iso8859-2"),
        ("text/html", "é", "an unnamed character set"),
        ("text/html; charset=utf-8", "é", None),
        ("text/html", '<meta charset="utf-8">é', None),
        ("text/xml", "<a>ž</a>", None),
        ("application/json", '"é"', None),
        ("text/html; charset=ISO-8859-1", "e", None),
    ],
)
def test_the_character_set_is_told_by_header_or_text(content_type: str, text: str, name: str | None) -> None:
    assert other_charset(content_type, text) == name


def test_a_text_is_expected_by_its_ascii_words() -> None:
    expected = [e for e in sent(imported(journey("Ann", "cp1252", LATIN)), 0).expectations if isinstance(e, TextExpectation)]
    assert [e.value for e in expected] in ([], [template('name="customer"')])  # `aller` alone
    page = Session().add("GET", "/", html="<title>Übersicht</title><h1>Alle offenen Aufträge</h1>", received=LATIN)
    expected = [e for e in sent(imported(page), 0).expectations if isinstance(e, TextExpectation)]
    assert expected == [TextExpectation(relation="contains", value=template("Alle offenen"))]


def test_what_was_typed_in_another_character_set_stays_and_the_token_does_not() -> None:
    result = imported(journey("Müller", "cp1252", LATIN))
    assert proved(result)
    assert [v.name for v in result.plan.variables] == ["town"]
    body = sent(result, 1).body
    assert body is not None
    written = body.model_dump_json()
    assert "M%FCller" in written
    assert "7c5f19be03d2a846" not in written


def test_the_same_in_utf_8_is_a_variable() -> None:
    result = imported(journey("Müller", "utf-8", {"Content-Type": "text/html; charset=utf-8"}))
    assert proved(result)
    assert [v.name for v in result.plan.variables] == ["customer", "town"]


def test_a_password_in_another_character_set_does_not_stay() -> None:
    session = Session().add("GET", "/", html='<form><input name="user"><input type="password" name="password"></form>')
    result = imported(session.add("POST", "/", body="user=ann.smith&password=S%E4mling4711", status=302, location="/"))
    assert "mling4711" not in result.plan.model_dump_json()


def test_such_pages_are_told(tmp_path: Path) -> None:
    content = {"mimeType": "text/html; charset=ISO-8859-1", "text": "<p>Köln</p>", "size": 10}
    response = {"status": 200, "headers": [{"name": "Content-Type", "value": content["mimeType"]}], "content": content}
    entry = {
        "startedDateTime": "2026-01-05T10:00:00Z",
        "time": 5,
        "request": {"method": "GET", "url": "https://shop.example/", "headers": []},
        "response": response,
    }
    path = tmp_path / "old.har"
    path.write_text(json.dumps({"log": {"version": "1.2", "creator": {}, "entries": [entry]}}), "utf-8")
    assert "har-other-charset" in [finding.code for finding in read_har(path)[1]]
