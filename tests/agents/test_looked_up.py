"""What a single page looks up by its number: filters by the bare id, longer paths, a router's state in a header."""

from __future__ import annotations

import json
from dataclasses import replace
from urllib.parse import quote

import pytest
from recordings import Session, imported, proved, sent, verdicts

from loadwright.compiler.agents.decide.by_client.escaped import escaped_document
from loadwright.compiler.agents.names import is_filter_by_id, is_id_name
from loadwright.compiler.plan.model import MultipartBody, ValuePart
from loadwright.compiler.plan.render import evaluate
from loadwright.compiler.plan.template import walk
from loadwright.compiler.recording.model import Upload

JSON = "application/json"
KEPT = "!'()*"
ACTION = "405f34c9cb27541cb78a3a12bbc91fece559642da4"


def made(photo: int, post: int) -> Session:
    """A photo and a post are made."""
    session = Session().add("POST", "/api/photos", body='{"alt":"Quay"}', sends=JSON, json=f'{{"doc":{{"id":{photo}}}}}')
    return session.add("POST", "/api/posts", body='{"title":"Pump"}', sends=JSON, json=f'{{"doc":{{"id":{post}}}}}')


@pytest.mark.parametrize(
    ("name", "is_by_id"),
    [
        ("where[id][in][0]", True),
        ("where[and][0][id][in][0]", True),
        ("filter[_and][1][id][_eq]", True),
        ("pk__in", True),
        ("id", False),
        ("items[0][id]", False),
        ("where[owner][in][0]", False),
    ],
)
def test_a_filter_may_compare_the_bare_id_with_a_list(name: str, is_by_id: bool) -> None:
    assert is_filter_by_id(name) == is_by_id
    assert not is_by_id or is_id_name(name)


def test_a_filter_by_id_asks_an_address_for_what_was_made_there() -> None:
    session = made(1, 4).add("DELETE", "/api/photos?where[and][0][id][in][0]=1", json='{"docs":[]}')
    session.add("POST", "/api/posts", body="depth=0&where[id][in][0]=4", json='{"docs":[]}')
    result = imported(session)
    assert evaluate(sent(result, 2).url, {"doc_id": "17"}) == "/api/photos?where[and][0][id][in][0]=17"
    assert '"reference"' in sent(result, 3).body.model_dump_json()  # type: ignore[union-attr]
    assert proved(result)


def test_another_lists_number_is_no_source_for_a_filter_by_id() -> None:
    result = imported(made(1, 4).add("GET", "/api/tags?where[id][in]=1", json='{"docs":[]}'))
    assert sent(result, 2).url.literal == "/api/tags?where[id][in]=1"


def test_which_row_of_a_list_a_filter_means_one_recording_does_not_tell() -> None:
    rows = "".join(f'<tr data-id="{n}"><td><a href="/tags/{n}">{word}</a></td></tr>' for n, word in ((3, "Sea"), (2, "Lock")))
    session = (
        Session().add("GET", "/tags", html=f"<table>{rows}</table>").add("GET", "/api/tags?where[id][in]=2", json='{"docs":[]}')
    )
    assert sent(imported(session), 1).url.literal == "/api/tags?where[id][in]=2"


def test_a_path_says_the_id_that_its_document_says() -> None:
    document = '{"title":"Pump","id":4}'
    result = imported(made(1, 4).add("POST", "/api/posts/access/4", body=document, sends=JSON, json='{"fields":true}'))
    assert evaluate(sent(result, 2).url, {"doc_id": "17"}) == "/api/posts/access/17"
    without = imported(made(1, 4).add("POST", "/api/posts/page/4", body='{"title":"Pump"}', sends=JSON, json="{}"))
    assert sent(without, 2).url.literal == "/api/posts/page/4"


def test_a_thing_and_its_number_stand_behind_words_of_what_is_kept_for_it() -> None:
    result = imported(made(1, 4).add("GET", "/api/settings/view-posts-4", json='{"columns":[]}'))
    assert evaluate(sent(result, 2).url, {"doc_id": "17"}) == "/api/settings/view-posts-17"
    other = imported(made(1, 4).add("GET", "/api/settings/view-tags-4", json='{"columns":[]}'))
    assert sent(other, 2).url.literal == "/api/settings/view-tags-4"


def state(post: int) -> str:
    """Where a router is, as its script escapes it for a header."""
    return quote(
        json.dumps(["", {"children": ["(shop)", ["segments", f"collections/posts/{post}", "oc"]]}], separators=(",", ":")), KEPT
    )


def test_a_routers_state_in_a_header_tells_the_same_thing_as_the_path() -> None:
    session = made(1, 4).add("GET", "/posts/4", sent={"Router-State": state(4)}, html="<h1>Post</h1>")
    result = imported(session)
    (header,) = (h for h in sent(result, 2).headers if h.name == "Router-State")
    assert evaluate(header.value, {"doc_id": "17"}) == state(17)
    assert proved(result)


@pytest.mark.parametrize("value", ["%5Ba%5D", "Kiel%20(quay)", "%5B%22a%22%5D%", quote('["ü"]', KEPT), "%7B"])
def test_what_is_no_escaped_document_is_left_alone(value: str) -> None:
    assert escaped_document(value) == ""


def test_the_name_of_a_servers_action_is_the_builds() -> None:
    page = f'<script>self.push([1,"14:{{\\"id\\":\\"{ACTION}\\",\\"bound\\":null}}\\n"])</script>'
    session = Session().add("GET", "/", html=page)
    session.add(
        "POST", "/", sent={"Next-Action": ACTION}, body='[{"name":"state"}]', sends="text/plain;charset=UTF-8", html="<p>ok</p>"
    )
    result = imported(session)
    assert ("extract", "next_action") not in verdicts(result)
    assert proved(result)


def logging_in(user: str, title: str, word: str, photo: int) -> Session:
    """A log-in and a post, both as a document in a part of a form, after a photo was made."""
    session = Session().add("POST", "/api/photos", body='{"alt":"Quay"}', sends=JSON, json=f'{{"doc":{{"id":{photo}}}}}')
    texts = (
        ("/api/login", f'{{"email":"{user}@quay.test","password":"Quay-7-walls"}}'),
        ("/api/posts", f'{{"kind":"note","title":"{title} {word} mended","photo":{photo}}}'),
    )
    for path, text in texts:
        session.add("POST", path, body="x", sends="multipart/form-data; boundary=b", json='{"message":"done"}')
        entry = session.entries[-1]
        request = replace(
            entry.request, body=None, parts=(Upload("_payload", text.encode(), None, ""),), media_type="multipart/form-data"
        )
        session.entries[-1] = replace(entry, request=request)
    return session


def test_what_two_users_typed_into_a_document_beside_a_secret_or_around_a_made_up_word_is_theirs() -> None:
    result = imported(logging_in("ann", "Pump leaks", "f05fa879", 1), logging_in("ben", "Lamp broken", "4c6ce8af", 6))
    for position in (1, 2):
        body = sent(result, position).body
        assert isinstance(body, MultipartBody)
        (part,) = body.parts
        assert isinstance(part, ValuePart)
        text = "".join(str(getattr(piece, "value", "")) for piece in walk(part.value))
        assert "ann@" not in text
        assert "Pump" not in text
    values = {v.name: v.value.model_dump_json() for v in result.plan.variables}
    assert any("ann@quay.test" in value for value in values.values())
    assert not any("f05fa879" in value for value in values.values())
