"""Short numbers of what the journey made, in fields that are called after it; others are told."""

from __future__ import annotations

from dataclasses import replace

import pytest
from recordings import Session, imported, proved, sent

from loadwright.compiler.agents.importing import Imported
from loadwright.compiler.plan.model import JsonBody
from loadwright.compiler.recording.model import Upload

JSON = "application/json"


def saved(body: str, made: str = '{"doc": {"id": 7}}', before: str = "{}", place: str = "/api/categories") -> Imported:
    """A settings call, something that is made at a place, and a document that is sent then."""
    session = Session().add("GET", "/api/settings", json=before)
    session.add("POST", place, body='{"title": "Pier"}', sends=JSON, json=made)
    return imported(session.add("POST", "/api/posts", body=body, sends=JSON, json='{"ok": true}'))


def is_taken(result: Imported) -> bool:
    """Whether the document that is sent takes something."""
    body = sent(result, 2).body
    assert isinstance(body, JsonBody)
    return '"reference"' in body.model_dump_json()


@pytest.mark.parametrize(
    "body",
    ['{"category": 7}', '{"main_category": "7"}', '{"parentCategory": {"id": 7}}', '{"state": {"category": {"initialValue": 7}}}'],
)
@pytest.mark.parametrize("made", ['{"doc": {"id": 7}}', '{"id": 7}', '[{"id": 7}]', '{"data": {"id": "7", "by": {"id": 3}}}'])
def test_a_field_that_is_called_after_what_was_made_has_its_number(body: str, made: str) -> None:
    result = saved(body, made)
    assert is_taken(result)
    assert proved(result)
    assert not result.left


@pytest.mark.parametrize("body", ['{"category": 8}', '{"show_category": 7}', '{"categoryCount": 7}', '{"max_category": 7}'])
def test_another_number_a_count_or_a_switch_is_none(body: str) -> None:
    result = saved(body)
    assert not is_taken(result)
    assert not result.left


def uploaded(name: str, media_type: str, told: str = "") -> Imported:
    """A file is sent, and then a document with a number; the recording may lack the file, and the answer tell its type."""
    answer = f'{{"doc": {{"id": 1, "mimeType": "{told}"}}}}'
    session = Session().add("POST", "/api/library", sends="multipart/form-data; boundary=b", body="x", json=answer)
    parts = (Upload("file", b"\x89PNG", "pier.png", media_type),) if media_type else ()
    request = replace(session.entries[0].request, body=None, parts=parts, media_type="multipart/form-data")
    session.entries[0] = replace(session.entries[0], request=request)
    session.add("GET", "/api/library", json='{"docs": [{"id": 1}]}')
    return imported(session.add("POST", "/api/posts", body=f'{{"{name}": 1, "links": 1}}', sends=JSON, json="{}"))


@pytest.mark.parametrize("name", ["image", "heroImage", "cover_photo", "attachment", "avatar_id"])
@pytest.mark.parametrize("told", ["", "image/png"])
def test_a_field_that_is_called_after_the_kind_of_a_file_has_the_number_of_the_file(name: str, told: str) -> None:
    result = uploaded(name, "" if told else "image/png", told)
    assert is_taken(result)
    assert proved(result)


@pytest.mark.parametrize(("name", "media_type"), [("video", "image/png"), ("has_image", "image/png"), ("picture", "text/csv")])
def test_a_field_that_is_called_after_another_kind_has_not(name: str, media_type: str) -> None:
    assert not is_taken(uploaded(name, media_type))


def test_what_may_be_meant_is_told_unless_it_was_there_before() -> None:
    assert [one.where for one in saved('{"topic": 7}').left] == ["entry 2 POST /api/posts: json topic"]
    assert not saved('{"topic": 7}', before='{"list": [{"topic": 7}]}').left, "a kind"
    assert not saved('{"topic": 8}').left
    assert not saved('{"topic": 7}', place="/api/users/me").left, "nothing was made"
    assert not saved('{"topic": 7}', place="/api/categories/7/publish").left
    assert not saved('{"page": 7}').left


@pytest.mark.parametrize("told", ['{"location": "/crane/7"}', '{"ok": true, "next": "/yard/crane/7"}', '{"id": 7}'])
@pytest.mark.parametrize("place", ["/ajax/editcranes/notes", "/api/cranes/update", "/api/crane"])
@pytest.mark.parametrize("body", ['{"pk": [7], "name": "notes"}', '{"id": 7, "notes": "oiled"}'])
def test_a_bare_id_is_of_what_was_made_where_the_address_speaks_of_it(told: str, place: str, body: str) -> None:
    session = Session().add("POST", "/cranes", body='{"title": "Pier"}', sends=JSON, json=told)
    result = imported(session.add("POST", place, body=body, sends=JSON, json='{"ok": true}'))
    document = sent(result, 1).body
    assert isinstance(document, JsonBody)
    assert '"reference"' in document.model_dump_json()
    assert proved(result)


@pytest.mark.parametrize("place", ["/api/boats", "/api/cranes/lines"])
def test_a_bare_id_that_is_sent_elsewhere_is_told(place: str) -> None:
    session = Session().add("POST", "/add", body='{"title": "Pier"}', sends=JSON, json='{"location": "/crane/7"}')
    result = imported(session.add("POST", place, body='{"pk": [7]}', sends=JSON, json='{"ok": true}'))
    assert [one.where for one in result.left] == [f"entry 1 POST {place}: json pk"]


def after_a_redirect(asked: str) -> tuple[str, Imported]:
    """Two sessions that were given the same number, and what the first sends then."""

    def one(name: str) -> Session:
        session = Session(name).add("POST", "/crane/create", body="title=Pier", status=302, location="/crane/7")
        session.add("GET", "/crane/7", html="<h1>Pier")
        return session.add("POST", asked, body="title=Mole", status=302, location="/crane/7")

    result = imported(one("one.har"), one("two.har"))
    return str(sent(result, 2).url), result


@pytest.mark.parametrize("asked", ["/crane/edit/7", "/cranes/delete/7", "/crane/add/7/12"])
def test_what_is_done_to_what_was_made_has_its_number_though_both_recordings_were_given_the_same(asked: str) -> None:
    url, result = after_a_redirect(asked)
    assert "7" not in url
    assert proved(result)


@pytest.mark.parametrize("asked", ["/crane/page/7", "/boat/edit/7", "/crane/add/7"])
def test_another_number_behind_it_stays(asked: str) -> None:
    url, _ = after_a_redirect(asked)
    assert "7" in url
