"""Recorded text is data: whatever it is, it comes through an import as it was, and no secret comes out."""

from __future__ import annotations

import html
import json
from urllib.parse import quote, urlencode

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.json import encode
from recordings import Session, imported, proved

from loadwright.compiler.printer import print_intent
from loadwright.compiler.recording.multipart import parse_multipart

NASTY = [
    "${x}",
    "{{x}}",
    "\"'\\",
    "</stringProp>",
    "\u2028",
    "😀",
    "1e999",
    "a\r\nb",
    "#{1+1}",
    "%s%n",
    "`id`",
    "$(id)",
    "\x00",
    "]]>",
]
texts = st.one_of(st.sampled_from(NASTY), st.text(st.characters(exclude_categories=["Cs"]), max_size=30))
names = st.one_of(st.sampled_from(["q", "user[name]", "${n}", 'a"b', "Ünï"]), texts.filter(bool))


@settings(max_examples=150, deadline=None)
@given(
    st.lists(st.tuples(names, texts), min_size=1, max_size=4),
    texts,
    st.recursive(texts, lambda v: st.dictionaries(texts, v, max_size=3)),
)
def test_any_recorded_text_imports_to_requests_equal_to_the_recorded_ones(
    fields: list[tuple[str, str]], segment: str, document: object
) -> None:
    body = json.dumps({"v": document, "n": 1}, ensure_ascii=False, separators=(",", ":"))
    session = Session().add("GET", f"/p/{quote(segment, safe='')}?{urlencode(fields)}", html="<h1>Page</h1>")
    session.add("POST", "/form", body=urlencode(fields), html="<h1>Page</h1>")
    session.add("POST", "/json", body=body, sends="application/json", html="<h1>Page</h1>")
    result = imported(session)
    assert proved(result), [proof.findings for _, proof in result.proofs]


@settings(max_examples=100, deadline=None)
@given(st.text(st.characters(codec="ascii", categories=("L", "N", "P")), min_size=12, max_size=40).map(lambda t: f"S{t}9"))
def test_a_password_never_comes_out_of_an_import(password: str) -> None:
    page = "<form><input name=user><input name=password type=password></form>"
    session = Session().add("GET", "/login", html=page)
    session.add("POST", "/login", body=urlencode({"user": "alice", "password": password}), html="<h1>Hello</h1>")
    session.add("POST", "/again", body=json.dumps({"password": password}, separators=(",", ":")), sends="application/json")
    result = imported(session)
    written = result.plan.model_dump_json() + "".join(encode(d).decode() for d in result.decisions)
    for form in (password, quote(password, safe=""), json.dumps(password)[1:-1]):
        assert form not in written
    assert proved(result)


def test_half_a_surrogate_pair_in_json_is_no_text_to_work_with() -> None:
    token = "u9Xk2LmQ77aBz81Q"
    session = Session().add("GET", "/a", json=f'{{"\\ud800": {{"id": "{token}"}}, "t": "\\udfff and more"}}')
    session.add(
        "POST",
        "/b",
        body=f'{{"x": "\\ud800 and more", "t": "{token}", "password": "hunter22"}}',
        sends="application/json",
        json="{}",
    )
    result = imported(session)
    text = print_intent(result.plan)
    assert text.encode()
    assert "hunter22" not in text
    assert proved(result)


@pytest.mark.parametrize("name", ["two\nlines", 'a"b', "a\\b", "a\u2028b", "'x'][y", "\x1b[31m"])
def test_a_field_of_any_name_gives_its_value(name: str) -> None:
    token = "u9Xk2LmQ77aBz81Q"
    page = f'<form><input name="other" value="x"><input type="hidden" name="{html.escape(name)}" value="{token}"></form>'
    session = Session().add("GET", "/page", html=page).add("POST", "/send", body=urlencode({"t": token}), html="<h1>Page</h1>")
    result = imported(session)
    assert token not in result.plan.model_dump_json()
    assert proved(result)


def test_a_part_is_called_as_it_was_sent_though_its_name_has_other_ends_of_lines() -> None:
    name = "a\u2028b\x85c\x0bd"
    body = f'--xx\r\nContent-Disposition: form-data; name="{name}"\r\n\r\nvalue\r\n--xx--\r\n'
    assert [part.name for part in parse_multipart(body.encode(), "xx")] == [name]
