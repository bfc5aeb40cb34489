"""Things that a path calls by their kind and number in one word: `/issue17`."""

from __future__ import annotations

from dataclasses import replace

from recordings import Session, imported, proved, sent

from loadwright.compiler.plan.model import HeaderSource, MultipartBody, RedirectSource
from loadwright.compiler.plan.template import Reference, template
from loadwright.compiler.recording.model import Upload

MULTIPART = "multipart/form-data; boundary=b"

FORM = '<form method="post"><select name="status"><option value="1">open</option><option value="5">done</option></select></form>'


def tracker(issue: int, file: int, status: int = 5, name: str = "plan-70907d75") -> Session:
    session = Session().add("GET", "/demo/issue?@template=item", html=FORM)
    session.add("POST", "/demo/issue", body="x", sends=MULTIPART, status=302, location=f"/demo/issue{issue}?@ok=issue+created")
    made = session.entries[-1]
    parts = (Upload("title", b"Pump leaks", None, ""), Upload("@file", b"a plan", f"{name}.txt", "text/plain"))
    request = replace(made.request, body=None, parts=parts, media_type="multipart/form-data")
    session.entries[-1] = replace(made, request=request)
    session.add("GET", f"/demo/issue{issue}?@ok=issue+created", html=f'{FORM}<a href="file{file}/{name}.txt">{name}</a>')
    session.add("POST", f"/demo/issue{issue}", body=f"status={status}", html="<h1>Done</h1>")
    return session.add("GET", f"/demo/file{file}/{name}.txt", html="a plan")


def test_what_a_redirect_leads_to_is_taken_with_its_kind() -> None:
    result = imported(tracker(3, 1))
    (capture,) = (c for c in sent(result, 1).captures if isinstance(c.source, HeaderSource) and c.name == "issue")
    assert sent(result, 3).url == template("/demo/", Reference(name=capture.name))
    assert proved(result)


def test_two_recordings_are_paired_though_each_has_another_thing() -> None:
    result = imported(tracker(3, 1), tracker(11, 4, 1, "plan-cae86aae"))
    body = sent(result, 3).model_dump_json()
    assert '"reference"' in body.partition('"captures"')[0].partition('"body"')[2]  # the user chose another status
    assert sent(result, 4).url.literal is None
    assert "file1" not in sent(result, 4).model_dump_json()
    assert proved(result)


def test_a_file_has_another_name_each_time_where_it_is_asked_for_by_its_name() -> None:
    result = imported(tracker(3, 1))
    body = sent(result, 1).body
    assert isinstance(body, MultipartBody)
    assert "70907d75" not in result.plan.model_dump_json()


def test_a_redirect_with_a_message_is_followed_as_a_whole() -> None:
    session = Session().add("GET", "/demo/", html='<form method="post"><input name="phone"></form>')
    session.add("POST", "/demo/user4", body="phone=12", status=302, location="/demo/user4?@ok=user+4+phone+edited")
    result = imported(session.add("GET", "/demo/user4?@ok=user+4+phone+edited", html="<h1>Edited</h1>"))
    (capture,) = sent(result, 1).captures
    assert isinstance(capture.source, RedirectSource)  # another time nothing is edited, and there is no message
    assert proved(result)


def test_what_was_asked_for_before_is_not_taken_from_the_answer() -> None:
    session = Session().add("GET", "/demo/user4", html='<form method="post"><input name="phone"></form>')
    session.add("POST", "/demo/user4", body="phone=12", status=302, location="/demo/user4?@ok=edited")
    result = imported(session.add("GET", "/demo/user4?@ok=edited", html="<h1>Edited</h1>"))
    assert sent(result, 1).url == template("/demo/user4")
    assert proved(result)
