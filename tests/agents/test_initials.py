"""Numbers behind names that are short for a thing: `p=12` for a post."""

from __future__ import annotations

import pytest
from recordings import BASE, Session, imported, proved, sent

from loadwright.compiler.agents.decide.numbers.initials import is_short_for
from loadwright.compiler.agents.facts import Occurrence
from loadwright.compiler.plan.model import CssSource, JsonSource
from loadwright.compiler.plan.template import Reference, template


def written(number: str, name: str = "p", change: str = "", before: str = "", sender: str = "") -> Session:
    """A post is begun, shown by a script before any page links to it, and saved."""
    page = f'<form><input type=hidden name=post_ID value="{number}"></form>'
    session = Session().add("GET", "/new", html=page)
    for shown in filter(None, before.split(",")):
        session.add("GET", f"/?{name}={shown}", html="<p>Shown")
    session.add("GET", f"/?{name}={number}&find=1", html="<p>Found", sent={"Referer": sender} if sender else {})
    return session.add("POST", change or f"/api/posts/{number}", body="{}", sends="application/json", json="{}")


@pytest.mark.parametrize("name", ["p", "po", "pid", "pst"])
def test_a_number_behind_the_initial_of_what_was_made_is_its_id(name: str) -> None:
    result = imported(written("12", name))
    assert sent(result, 1).url == template(f"/?{name}=", Reference(name="post_id"), "&find=1")
    assert sent(result, 2).url == template("/api/posts/", Reference(name="post_id"))
    assert proved(result)


def test_one_digit_is_the_id_where_the_page_that_gave_it_sends_the_request() -> None:
    result = imported(written("7", sender=f"{BASE}/new"))
    assert sent(result, 1).url == template("/?p=", Reference(name="post_id"), "&find=1")
    assert proved(result)


@pytest.mark.parametrize(
    ("session", "why"),
    [
        (written("7"), "one digit is met by chance"),
        (written("2", sender=f"{BASE}/new"), "the second page of a list"),
        (written("12", "t"), "the initial of something else"),
        (written("12", "page"), "a count by its name"),
        (written("12", change="/api/ping"), "nothing is done with the post"),
        (written("12", before="10,11"), "a pager: the numbers before are no posts"),
        (written("12", before="10,11").add("GET", "/?p=13", html="<p>Shown"), "a pager that goes on"),
    ],
)
def test_a_number_that_may_count_stays(session: Session, why: str) -> None:
    result = imported(session)
    shown = [n for n, entry in enumerate(session.entries) if "?" in entry.request.url]
    assert shown
    assert all(sent(result, n).url.literal for n in shown), why
    assert proved(result)


def test_the_number_of_a_first_page_that_may_be_an_id_stays_and_is_told() -> None:
    told = imported(written("2", sender=f"{BASE}/new"))
    assert [(one.entry, one.where) for one in told.left] == [(1, "entry 1 GET /: query p")]
    for sure in (written("7", sender=f"{BASE}/new"), written("2", "t", sender=f"{BASE}/new"), written("2")):
        assert imported(sure).left == []
    assert imported(written("2", change="/api/ping", sender=f"{BASE}/new")).left == []


def found(name: str, path: str = "$.x", after: str = "") -> Occurrence:
    """An id in an answer."""
    source = JsonSource(path=path) if path != "$.x" else CssSource(selector="input")
    return Occurrence("12", 0, 0.0, "json", source, name=name, path=after, after_change=bool(after))


@pytest.mark.parametrize(
    ("short", "occurrence", "is_short"),
    [
        ("t", found("topic_id"), True),
        ("tid", found("topicId"), True),
        ("ug", found("user_group_id"), True),
        ("usr", found("userID"), True),
        ("i", found("id", "$.issue.id"), True),
        ("p", found("id", "$.id", "/api/posts"), True),
        ("p", found("id", "$.id"), False),  # nothing says of what
        ("p", found("page_id"), False),  # as likely its place
        ("c", found("comment_id"), False),  # counts more often
        ("topic", found("topic_id"), False),  # not short: known by its whole name
        ("q", found("post_id"), False),
        ("p", found("post"), False),  # no id
    ],
)
def test_what_is_short_for_a_thing(short: str, occurrence: Occurrence, is_short: bool) -> None:
    assert is_short_for(short, occurrence) is is_short
