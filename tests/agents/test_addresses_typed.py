"""What a user types as an address, and titles that have a place for a count."""

from __future__ import annotations

from recordings import Session, imported, proved, sent

from loadwright.compiler.plan.describe import describe_template
from loadwright.compiler.plan.model import FormBody, TextExpectation


def subscribing(url: str, name: str = "session.har") -> Session:
    recorded = Session(name).add("GET", "/subscribe", html="<form><input type=url name=url value=''></form>")
    return recorded.add("POST", "/subscribe", body=f"url={url}", html="<h1>Feeds</h1>")


def test_an_address_that_the_second_recording_has_otherwise_is_the_users() -> None:
    result = imported(subscribing("http%3A//a.test/x.xml"), subscribing("http%3A//b.test/y.xml", "second.har"))
    assert proved(result)
    body = sent(result, 1).body
    assert isinstance(body, FormBody)
    assert describe_template(body.fields[0].value) == "url"


def test_an_address_of_one_recording_stays() -> None:
    assert not imported(subscribing("http%3A//a.test/x.xml")).plan.variables


def test_a_title_is_known_by_what_stands_before_its_gap() -> None:
    result = imported(Session().add("GET", "/unread", html="<title>Unread   - Feeds</title><p>Nothing"))
    said = [e.value.literal for e in sent(result, 0).expectations if isinstance(e, TextExpectation) and e.value]
    assert said == ["Unread"]
