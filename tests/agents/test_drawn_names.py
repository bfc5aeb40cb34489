"""Tokens that are names of fields: a field called `9f2c…` with the value 1 is what some applications check."""

from __future__ import annotations

import re

import pytest
from recordings import BASE, Session, imported, proved, sent, verdicts

from loadwright.compiler.agents.decide.align import drifting_names
from loadwright.compiler.plan.model import CssSource, FormBody, RegexSource
from loadwright.compiler.plan.template import Reference, fixed, template

HEX, MIXED = "9f2c4be1a07d35c86e19f2c4be1a07d3", "q8Zr4kLw9sXvB2hN7tYcQ1mD"


def posting(name: str, before: str = "") -> Session:
    page = f'<title>Write</title><form method="post"><input name="title"><input name="{before}{name}" type=hidden></form>'
    session = Session().add("GET", "/write", html=page)
    session.add("POST", "/write", body=f"title=Pump&{before}{name}=1", status=302, location="/list")
    return session.add("GET", f"/logout?task=out&{before}{name}=1&last=2", html="<title>Bye</title>")


@pytest.mark.parametrize("before", ["", "x_"])
@pytest.mark.parametrize("others", [(), ("17be2d84056a1b7f3a9c17be2d84056a",)])
def test_a_token_that_is_the_name_of_a_field_is_taken_from_the_page(others: tuple[str, ...], before: str) -> None:
    result = imported(*(posting(name, before) for name in (HEX, *others)))
    assert verdicts(result) == [("parameterise", "title"), ("extract", "token")]
    (capture,) = sent(result, 0).captures
    assert capture.source == RegexSource(pattern=f'\\sname="{before}([0-9a-f]{{32}})"')
    body = sent(result, 1).body
    assert isinstance(body, FormBody)
    assert body.fields[1].name == template(before, Reference(name="token"))
    assert sent(result, 2).url == template(f"/logout?task=out&{before}", Reference(name="token"), "=1&last=2")
    assert HEX not in result.plan.model_dump_json()
    assert BASE not in sent(result, 2).model_dump_json()
    assert proved(result)


def test_no_piece_of_a_longer_name_is_taken() -> None:
    """A box that is called by what it ticks in base64: another one may be longer."""
    (capture,) = sent(imported(posting(MIXED)), 0).captures
    assert isinstance(capture.source, RegexSource)
    pattern = re.compile(fixed(capture.source.pattern))
    assert pattern.search(f'<input name="{MIXED}">')
    assert not pattern.search(f'<input name="{MIXED}Zz4k">')


def test_a_token_of_small_and_large_letters_counts_too() -> None:
    result = imported(posting(MIXED))
    assert verdicts(result) == [("parameterise", "title"), ("extract", "token")]
    assert proved(result)


def wizard(prefix: str, sent: str) -> Session:
    hidden = (
        f'<input type=hidden name="{prefix}-current_step" value="basics"><input type=hidden name="wizard-prefix" value="{sent}">'
    )
    session = Session().add("GET", "/add", html=f'<title>Add</title><form method="post">{hidden}<input name="title"></form>')
    return session.add(
        "POST", "/add", body=f"{prefix}-current_step=basics&wizard-prefix={sent}&title=Pump", status=302, location="/list"
    )


def test_a_token_that_another_field_sends_is_taken_in_a_name_too() -> None:
    """It turns from letters to digits too seldom to look drawn by itself."""
    prefix = "uyMmcXuJdvAAb6HTtxqYVUXd"
    result = imported(wizard(prefix, prefix))
    (capture,) = sent(result, 0).captures
    assert capture.source == CssSource(selector="input[name=wizard-prefix]", attribute="value")
    body = sent(result, 1).body
    assert isinstance(body, FormBody)
    assert body.fields[0].name == template(Reference(name=capture.name), "-current_step")
    assert prefix not in result.plan.model_dump_json()
    assert proved(result)


def test_words_that_another_field_sends_stay_in_a_name() -> None:
    result = imported(wizard("registrationwizard", "registrationwizard"))
    body = sent(result, 1).body
    assert isinstance(body, FormBody)
    assert body.fields[0].name == template("registrationwizard-current_step")


@pytest.mark.parametrize("name", ["ContentPlaceHolder1TextBox12", "ctl00$MainContent$GridView1$ctl02$TextBox1", "field20261125"])
def test_names_that_somebody_thought_of_stay(name: str) -> None:
    result = imported(posting(name.replace("$", "%24")))
    assert verdicts(result) == [("parameterise", "title")]


def test_a_name_in_two_recordings_is_the_applications() -> None:
    assert verdicts(imported(posting(HEX), posting(HEX))) == [("parameterise", "title")]


def guarded(field: str, value: str) -> Session:
    """A form with a field against robots, whose name and value are others in each session."""
    hidden = "".join(
        f'<input type="hidden" name="{n}" value="{v}">' for n, v in (("page", "Notes"), ("action", "save"), (field, value))
    )
    page = f'<title>Edit</title><form action="/find"><input name="q"></form><form id="edit" method="post">{hidden}</form>'
    session = Session().add("GET", "/edit", html=page)
    return session.add("POST", "/edit", body=f"page=Notes&action=save&{field}={value}", status=302, location="/notes")


def test_a_name_that_is_another_one_in_each_session_is_taken_by_its_place() -> None:
    result = imported(guarded("rnspkb", "1796591611304"), guarded("zybfrc", "1796592184420"))
    names = {c.source: c.name for c in sent(result, 0).captures}
    name, value = (CssSource(selector="form#edit input[type=hidden]", attribute=a) for a in ("name", "value"))
    assert set(names) == {name, value}
    body = sent(result, 1).body
    assert isinstance(body, FormBody)
    assert body.fields[2].name == template(Reference(name=names[name]))
    assert body.fields[2].value == template(Reference(name=names[value]))
    assert "rnspkb" not in result.plan.model_dump_json()
    assert proved(result)


def test_fields_that_changed_places_have_their_names() -> None:
    one = Session().add("POST", "/edit", body="alpha=1&beta=2&gamma=3&delta=4")
    two = Session().add("POST", "/edit", body="alpha=1&gamma=3&beta=2&delta=4")
    assert drifting_names(one.entries[0], two.entries[0]) == {}


@pytest.mark.parametrize(("ours", "theirs"), [("bnjucroftyib", "dmac29nganfd"), ("dmac29nganfd", "a2xnwv2s91ph")])
def test_what_a_script_calls_itself_by_is_drawn_anew_if_two_recordings_differ(ours: str, theirs: str) -> None:
    def present(client: str, name: str) -> Session:
        session = Session(name).add("POST", "/join", body=f'{{"clientId": "{client}"}}', sends="application/json", json="{}")
        return session.add("DELETE", f"/members/4711?client={client}", status=204)

    result = imported(present(ours, "one.har"), present(theirs, "two.har"))
    assert [v.name for v in result.plan.variables] == ["client_id"]
    assert ours not in result.plan.model_dump_json()
    assert proved(result)
    alone = imported(present(ours, "one.har"))
    assert ours in alone.plan.model_dump_json()
