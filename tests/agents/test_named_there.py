"""What a server called the thing that it just made, and sessions that a script calls by a UUID."""

from __future__ import annotations

import json

from recordings import Session, imported, proved, sent

from loadwright.compiler.agents.importing import Imported

JSON = "application/json"
DRAFT = "Untitled.txt"


def created(
    *after: tuple[str, str, str],
    status: int = 201,
    location: str = f"/api/contents/{DRAFT}",
    name: str = DRAFT,
    sends: str = '{"kind": "text"}',
) -> Imported:
    """A file is made by its kind, its server says how it is called, and requests speak of it."""
    told, led = json.dumps({"name": name, "path": name, "kind": "text"}), {"Location": location}
    session = Session().add("GET", "/api/contents", json="[]")
    session.add("POST", "/api/contents", body=sends, sends=JSON, json=told, status=status, received=led)
    for method, path, body in after:
        session.add(method, path, body=body or None, sends=JSON, json="{}")
    result = imported(session)
    assert proved(result)
    return result


def spoken(result: Imported, position: int) -> str:
    request = sent(result, position)
    return f"{request.url} {request.body}"


def test_what_was_made_is_asked_for_by_the_name_that_its_server_gave() -> None:
    result = created(("PATCH", f"/api/contents/{DRAFT}", '{"path": "Tides.txt"}'), ("GET", f"/api/contents/{DRAFT}/versions", ""))
    assert DRAFT not in spoken(result, 2) + spoken(result, 3)


def test_a_page_that_shows_it_has_the_name_in_its_own_path() -> None:
    assert DRAFT not in spoken(created(("GET", f"/notebooks/{DRAFT}", "")), 2)


def test_a_member_that_the_answer_calls_so_has_the_name_too() -> None:
    result = created(("POST", "/api/sessions", json.dumps({"path": DRAFT, "note": DRAFT})))
    assert spoken(result, 2).count(DRAFT) == 1


def test_a_name_with_a_space_is_sent_encoded() -> None:
    folder = "New Folder"
    result = created(("DELETE", "/api/contents/New%20Folder", ""), location="/api/contents/New%20Folder", name=folder)
    assert "Folder" not in spoken(result, 2)


def test_both_recordings_may_be_given_the_same_name() -> None:
    sessions = []
    told, led = json.dumps({"name": DRAFT, "path": DRAFT}), {"Location": f"/api/contents/{DRAFT}"}
    for own in ("5b7404a4", "f05fa879"):
        session = Session(f"{own}.har").add("POST", "/api/contents", body="{}", sends=JSON, json=told, status=201, received=led)
        body = json.dumps({"path": f"Tides {own}.txt"})
        sessions.append(session.add("PATCH", f"/api/contents/{DRAFT}", body=body, sends=JSON, json="{}"))
    result = imported(*sessions)
    assert proved(result)
    assert DRAFT not in spoken(result, 1)


def test_what_the_client_called_or_was_not_made_or_stands_elsewhere_stays() -> None:
    after = ("GET", f"/api/contents/{DRAFT}", "")
    assert "name='name'" in spoken(created(after, sends=f'{{"name": "{DRAFT}"}}'), 2)
    assert DRAFT in spoken(created(after, status=200), 2)
    assert DRAFT in spoken(created(after, location=f"/files/{DRAFT}"), 2)
    assert "words" in spoken(created(("GET", "/help/words", ""), location="/api/contents/words", name="words"), 2)
    assert "words" in spoken(created(("POST", "/a", '{"kind": "words"}'), location="/api/contents/words", name="words"), 2)


# --- sessions that a script calls by a UUID ---------------------------------------------------------------------------

OWN = "accccbfa-b489-46d3-b4f8-1db85add9399"
LOGIN = '<form action="/login" method="post"><input name="user"><input type="password" name="password"></form>'


def called(name: str = "session_id", *, value: str = OWN, logs_in: bool = True, early: bool = False) -> set[str]:
    session = Session().add("GET", "/login", html=LOGIN)
    if early:
        session.add("GET", f"/config?{name}={value}", json="{}")
    if logs_in:
        session.add("POST", "/login", body="user=ann&password=Quay-4711", location="/", status=302)
    session.add("GET", f"/channels?{name}={value}", json="{}").add("GET", f"/events?{name}={value}", json="{}")
    return {d.verdict for d in imported(session).decisions if name in d.variable}


def test_a_uuid_that_was_first_sent_after_the_log_in_is_made_anew() -> None:
    assert called() == {"generate"}


def test_what_may_let_its_user_in_is_asked_for() -> None:
    assert called(logs_in=False) == {"secret"}
    assert called(early=True) == {"secret"}
    assert called(value="k7f2m9x4q1z8w3v6") == {"secret"}
    assert called("access_token") == {"secret"}
