"""Applications that have one address for all: what is to be done says a parameter; and their fields and cache busters."""

from __future__ import annotations

import re

import pytest
from recordings import START, Session, imported, proved, sent, verdicts

from loadwright.compiler.agents.decide.align import aligned
from loadwright.compiler.agents.names import identifier
from loadwright.compiler.agents.observe.sites import canonical_form, form_fields
from loadwright.compiler.plan.model import FormBody
from loadwright.compiler.plan.template import call, template

HASHED = "c47d187067c6cf953245f128b5fde62a"
ASKED = {"route=/lint": "a", "route=/navigation": "b", "action=watch&id=7": "c"}


def test_requests_of_two_recordings_are_paired_by_what_they_do() -> None:
    first, second = Session(), Session()
    for query in ASKED:
        first.add("POST", f"/index.php?{query}", body="x=1")
    for query in [*list(ASKED)[1:], "route=/other"]:
        second.add("POST", f"/index.php?{query.replace('7', '8')}", body="x=2")
    assert aligned(first.entries, second.entries) == {1: 0, 2: 1}
    first, second = Session(), Session()
    for session, doing in ((first, ("stash", "watch")), (second, ("watch", "logout"))):
        for action in doing:
            session.add("POST", "/api.php", body=f"action={action}&format=json", json="{}")
    assert aligned(first.entries, second.entries) == {1: 0}


def test_a_clock_with_more_digits_is_made_by_the_client() -> None:
    def session(clock: float, more: str) -> Session:
        return Session().add("POST", "/config", body=f"_nocache={clock + 3:.0f}{more}", json="{}")

    for result in (imported(session(START, "688873")), imported(session(START, "688873"), session(START, "012345"))):
        body = sent(result, 0).body
        assert isinstance(body, FormBody)
        assert body.fields[0].value == template(call("now", "ms"), call("random", "100000", "999999"))
        assert verdicts(result) == [("generate", "")]
        assert proved(result)
    late = imported(session(START - 3_600_000, "688873"))
    assert [v for v, _ in verdicts(late)] == ["unresolved"]


def test_a_value_that_its_field_is_named_after_stays() -> None:
    field = f"hashed[0][{HASHED}]"
    page = f'<form><input type=hidden name="{field}" value="{HASHED}"></form>'
    session = Session().add("GET", "/edit", html=page)
    result = imported(session.add("POST", "/save", body=f"hashed%5B0%5D%5B{HASHED}%5D={HASHED}", html="<p>Saved"))
    assert verdicts(result) == []
    assert not sent(result, 0).captures
    assert proved(result)


@pytest.mark.parametrize(
    ("body", "fields"),
    [
        ("q=f(x)*2&r=it's!&s=a/b", [("q", "f(x)*2"), ("r", "it's!"), ("s", "a/b")]),
        ("q=a+b&r=%C3%A9", [("q", "a b"), ("r", "é")]),
        ("q=a=b&r=", [("q", "a=b"), ("r", "")]),
        ("q", None),
        ("q=%E9", None),
        ("q=%zz", None),
        ("q=a b", None),
        ("", None),
    ],
)
def test_a_form_is_read_whatever_it_encodes(body: str, fields: list[tuple[str, str]] | None) -> None:
    assert form_fields(body) == fields
    assert form_fields(canonical_form(body)) == fields


def test_variables_are_named_after_what_is_spoken() -> None:
    assert identifier(f"fields[multi_edit][0][{HASHED}]") == "multi_edit"
    assert identifier("user[password]") == "password"
    assert re.fullmatch(r"[a-z_]+", identifier("items[0]"))
