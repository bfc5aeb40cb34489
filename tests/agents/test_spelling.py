"""What the user typed, as an application writes it in URLs."""

from __future__ import annotations

import json

from recordings import FORM, Session, imported, proved, sent

from loadwright.compiler.plan.model import FormBody
from loadwright.compiler.plan.template import Reference, call, template, walk

LINKS = "<a href='/page?title=Other'>1</a><a href='/page?title=Harvest_notes_bfb66fc1'>create</a>"


def wiki(*, told: str = LINKS, url: str = "/page?title=Harvest_notes_bfb66fc1") -> Session:
    """A page is looked for by its title, made, and opened; links spell the title with another separator."""
    return (
        Session()
        .add("GET", "/search?search=Harvest+notes+bfb66fc1", html="<h1>Not found</h1>")
        .add("POST", "/save", body="name=Harvest+notes+bfb66fc1", html=f"<h1>Saved</h1>{told}")
        .add("GET", url, html="<h1>It</h1>")
    )


TITLE = call("replace", Reference(name="search"), " ", "_")


def test_a_title_that_links_spell_otherwise_is_made_of_what_was_typed() -> None:
    result = imported(wiki())
    assert sent(result, 2).url == template("/page?title=", TITLE)
    assert not sent(result, 1).captures
    assert proved(result)


def test_a_title_that_no_variable_holds_has_its_made_up_word_put_in() -> None:
    session = Session().add("POST", "/save", body="heading=Harvest+notes+bfb66fc1", html=LINKS)
    result = imported(session.add("GET", "/page?title=Harvest_notes_bfb66fc1", html="<h1>It</h1>"))
    assert sent(result, 1).url == template("/page?title=Harvest_notes_", Reference(name="unique"))
    assert not sent(result, 0).captures
    assert proved(result)


def test_a_text_that_another_recording_has_otherwise_is_spelled_as_it_was() -> None:
    def session(typed: str) -> Session:
        found = Session().add("GET", f"/search?q={typed.replace(' ', '+')}", html="<h1>Found</h1>")
        return found.add("GET", f"/list?tag={typed.replace(' ', '-').lower()}", html="<h1>Tag</h1>")

    one, both = imported(session("Blue widgets")), imported(session("Blue widgets"), session("Night trains"))
    assert sent(one, 1).url == template("/list?tag=blue-widgets")  # a page may have linked to it
    spelled = call("lower", call("replace", Reference(name="q"), " ", "-"))
    assert sent(both, 1).url == template("/list?tag=", spelled)
    assert proved(one)
    assert proved(both)


def test_what_the_server_adds_to_a_title_is_taken_from_it() -> None:
    url = "/page?title=Harvest_notes_bfb66fc1_x7Qk29Zt"
    result = imported(wiki(told=f"<a href='{url}'>It</a>", url=url))
    assert [c.name for c in sent(result, 1).captures] == ["title"]
    assert sent(result, 2).url == template("/page?title=", Reference(name="title"))
    assert proved(result)


def test_a_title_that_a_field_of_an_answer_gives_is_taken_from_there() -> None:
    made = '{"slug":"harvest-notes-bfb66fc1"}'
    session = Session().add("POST", "/api/posts", body="title=Harvest+notes+bfb66fc1", json=made)
    result = imported(session.add("GET", "/posts/harvest-notes-bfb66fc1", html="<h1>It</h1>"))
    assert [c.name for c in sent(result, 0).captures] == ["slug"]
    assert proved(result)


def test_a_word_that_was_sent_as_a_name_first_is_still_made_up() -> None:
    session = wiki(told="<h1>Saved</h1>")
    stash = Session().add("GET", "/search?search=Harvest+notes+bfb66fc1", html=f"<p>bfb66fc1 not found{LINKS}")
    stash.add("POST", "/stash", body="title=Harvest_notes_bfb66fc1", sends=FORM, json="{}")
    stash.add("POST", "/move", body="to=Harvest+notes+bfb66fc1+moved", html="<h1>Moved</h1>")
    for result in (imported(session), imported(stash)):
        assert "unique" in [v.name for v in result.plan.variables]
        assert proved(result)


def test_a_name_with_a_made_up_word_is_put_in_where_a_longer_text_has_it() -> None:
    page = "<form><input name=table></form>"
    session = Session().add("GET", "/new", html=page).add("POST", "/new", body="table=harvest_bfb66fc1", html="<p>harvest_bfb66fc1")
    session.add("POST", "/sql", body="sql_query=DROP+TABLE+harvest_bfb66fc1+(now)", html="<p>Dropped")
    result = imported(session)
    body = sent(result, 2).body
    assert isinstance(body, FormBody)  # though `(` is sent as it is
    assert body.fields[0].value == template("DROP TABLE ", Reference(name="table"), " (now)")
    assert proved(result)


def test_what_is_asked_for_before_it_is_saved_is_spelled_from_what_is_saved() -> None:
    def writing(title: str) -> Session:
        slug = title.lower().replace(" ", "-")
        session = Session().add("GET", f"/slugs/{slug}", json=f'{{"slug": "{slug}"}}')
        body = json.dumps({"slug": slug, "title": title})
        return session.add("POST", "/posts", body=body, sends="application/json", json=body)

    result = imported(writing("Harbour news f05fa879"), writing("Market day 9b1c27de"))
    typed = call("lower", call("replace", Reference(name="title"), " ", "-"))
    assert typed in set(walk(sent(result, 0).url))
    assert "harbour" not in str(sent(result, 0).url)
    assert proved(result)
