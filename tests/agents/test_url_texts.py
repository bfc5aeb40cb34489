"""Values in URLs that are encoded neither by RFC 3986 nor as a form does: as scripts, frameworks and people write them."""

from __future__ import annotations

from urllib.parse import quote

import pytest
from recordings import Session, imported, proved, sent

from loadwright.compiler.cli.import_output import left_findings
from loadwright.compiler.plan.describe import describe_source
from loadwright.compiler.plan.render import evaluate
from loadwright.compiler.plan.template import Reference, call, template, walk

FORM = "<form><input name=title><input type=password name=pw></form>"
JAVASCRIPT = "!'()*"
"""What `encodeURIComponent` leaves as it is (ECMA-262, section 19.2.6.4) and RFC 3986 does not."""


def typed(title: str, url: str) -> Session:
    """A title is typed into a form and then sent in a URL."""
    session = Session().add("GET", "/new", html=FORM)
    session.add("POST", "/new", body=f"title={quote(title)}", html="<h1>Saved</h1>")
    return session.add("GET", url, html="<h1>It</h1>")


@pytest.mark.parametrize(
    ("title", "written"),
    [
        ("Apples (red)", "Apples%20(red)"),  # encodeURIComponent
        ("It's 5*2!", "It's%205*2!"),
        ("and/or, a=b", "and/or,%20a=b"),  # encodeURI
        ("and/or, yes", "and%2for%2c+yes"),  # a form, hexadecimal digits in lower case
        ("Äpfel & Birnen", "%c3%84pfel%20%26%20Birnen"),
        ("tilde~ *", "tilde%7E%20%2A"),
        ("a.b_c-d e", "a%2Eb_c%2Dd%20e"),  # more than is needed
    ],
)
def test_what_was_typed_is_put_in_with_the_encoding_that_gives_the_same_bytes(title: str, written: str) -> None:
    result = imported(typed(title, f"/search?tag={written}&page=2"))
    url = sent(result, 2).url
    assert Reference(name="title") in set(walk(url))
    assert evaluate(url, {"title": title}) == f"/search?tag={written}&page=2"
    assert proved(result)
    assert not result.left


def test_another_users_text_is_encoded_too() -> None:
    url = sent(imported(typed("Apples (red)", "/search?tag=Apples%20(red)")), 2).url
    inner = call("urlencode", Reference(name="title"))
    assert url == template("/search?tag=", call("replace", call("replace", inner, "%28", "("), "%29", ")"))
    assert evaluate(url, {"title": "a&b=c (1+1)"}) == "/search?tag=a%26b%3Dc%20(1%2B1)"


def test_a_made_up_word_in_a_text_that_a_script_encoded() -> None:
    title = "Pump (leaks) f05fa879"
    result = imported(typed(title, f"/search?tag={quote(title, safe=JAVASCRIPT)}"))
    assert "f05fa879" not in result.plan.model_dump_json()
    assert proved(result)
    assert not result.left


def test_a_secret_in_a_url_that_a_script_encoded() -> None:
    session = Session().add("GET", "/login", html=FORM).add("POST", "/login", body="title=ann&pw=Xy%289z%29%21", html="<h1>In</h1>")
    result = imported(session.add("GET", "/relay?pw=Xy(9z)!", html="<h1>It</h1>"))
    assert "9z" not in result.plan.model_dump_json()
    assert proved(result)


def test_a_token_in_a_nested_url_that_a_script_encoded() -> None:
    session = Session().add("GET", "/start", json='{"ticket": "f3a9c17be2d84056a1b7"}')
    inner = quote("/a(b)?t=f3a9c17be2d84056a1b7", safe=JAVASCRIPT)
    result = imported(session.add("GET", f"/go?next={inner}", html="<h1>It</h1>"))
    assert evaluate(sent(result, 1).url, {"ticket": "T"}) == "/go?next=%2Fa(b)%3Ft%3DT"
    assert proved(result)


@pytest.mark.parametrize("written", ["a(b)%28c%29", "%61(b)(c)"])
def test_what_no_encoding_of_the_language_gives_stays_and_is_said(written: str) -> None:
    result = imported(typed("a(b)(c)", f"/search?tag={written}"))
    assert sent(result, 2).url == template(f"/search?tag={written}")
    assert [(one.recording, one.entry) for one in result.left] == [("session.har", 2)]
    (said,) = left_findings(result.left)
    assert (said.code, said.severity, said.place) == ("value-left", "warning", "session.har entry 2")
    assert "tag" in said.message
    assert "a(b)" not in said.message + said.hint


@pytest.mark.parametrize(
    ("token", "theirs"),
    [
        ("joZ5vuB5bd8H5jQgkHApgvCm0K1F568tvrtSLdtPNQEWkv5+rPx9NQ==", "0cpsNwVPHp0UESSWV2b/qdDBHZrKRBh/EfMQzPpiNOahdoRMZwuWTA=="),
        ("BxupKrO3OpycPRFT4kQGe4h5tjWL1YTKI/VI4rVpnQh7RpQQm26n1g==", "+ntWtS36ngDJuOk266m4AEGcBT5qieJOK3Dht01oDzBZzJSzHwN3mg=="),
    ],
)
def test_base64_in_an_address_that_is_encoded_as_a_whole_stands_there_as_it_is(token: str, theirs: str) -> None:
    def went(token: str, name: str) -> Session:
        session = Session(name).add("GET", "/device", json=f'{{"path": "{token}"}}')
        return session.add("GET", f"/go?ret={quote(quote(f'/x/{token}?a=1', safe=''), safe='')}", json="{}")

    result = imported(went(token, "one.har"), went(theirs, "two.har"))
    url = sent(result, 1).model_dump_json()
    assert '/x/"' in url
    assert url.count('"urlencode"') == 2
    assert [describe_source(c.source) for c in sent(result, 0).captures] == ["json $.path"]
    assert proved(result)


def test_what_stands_behind_a_host_is_taken_without_its_name() -> None:
    def stored(key: str, name: str) -> Session:
        session = Session(name).add("POST", "/sign", body="{}", json=f'{{"url": "https://store.test/sales/{key}/a.txt?sig=1"}}')
        return session.add("POST", "/done", body=f'{{"key": "sales/{key}/a.txt"}}', sends="application/json", json="{}")

    one, two = "4095decb-af40-41dd-a0f5-d2ce4c621487", "9f00a0b7-7dec-433a-b106-81fa6654aaf1"
    result = imported(stored(one, "one.har"), stored(two, "two.har"))
    assert "store.test" not in sent(result, 1).model_dump_json()
    assert proved(result)
