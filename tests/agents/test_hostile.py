"""Recorded text is data: whatever it is, it comes through an import as it was, and no secret comes out."""

from __future__ import annotations

import json
from urllib.parse import quote, urlencode

from hypothesis import given, settings
from hypothesis import strategies as st
from recordings import Session, imported, proved

from loadwright.compiler.printer import print_intent

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
    written = result.plan.model_dump_json() + "".join(d.model_dump_json() for d in result.decisions)
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
