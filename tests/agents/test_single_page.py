"""Single-page applications that log in through an identity provider: what their scripts send back, and what nobody typed."""

from __future__ import annotations

import base64
import json
from dataclasses import replace

import pytest
from recordings import Session, imported, proved, sent, verdicts

from loadwright.compiler.agents.prove.proof import prove
from loadwright.compiler.plan.model import JsonSource
from loadwright.compiler.plan.template import call, walk

USER = "cb07eb4f-f60a-467d-8c16-53440218a9d4"


def jwt(**claims: str) -> str:
    """A token that says something of who carries it."""
    parts = (base64.urlsafe_b64encode(json.dumps(part).encode()).decode().rstrip("=") for part in ({"alg": "RS256"}, claims))
    return ".".join((*parts, "c2lnbmF0dXJlLW9mLWl0"))


def test_what_a_token_says_was_not_sent_first_by_who_passes_the_token_on() -> None:
    token = jwt(sub=USER, iss="https://id.test")
    bearer = {"Authorization": f"Bearer {token}"}
    session = Session().add("POST", "/token", body="grant_type=code", json=json.dumps({"access_token": token}))
    session.add("GET", "/account", sent=bearer, json=json.dumps({"id": USER, "first": "Ada"}))
    session.add("POST", "/account", sent=bearer, body=json.dumps({"id": USER, "first": "Ida"}), sends="application/json")
    result = imported(session)
    assert verdicts(result) == [("extract", "access_token"), ("extract", "id")]
    (capture,) = sent(result, 1).captures
    assert capture.source == JsonSource(path="$.id")
    assert USER not in result.plan.model_dump_json()
    assert proved(result)


def test_a_file_that_is_called_by_a_word_and_a_short_number_is_no_token() -> None:
    script = 'frame.src = base + "/cookies/step1.html"'
    session = Session().add("GET", "/app.js", script=script).add("GET", "/cookies/step1.html", html="<title>Cookies</title>")
    result = imported(session.add("GET", "/cookies/step1.html", html="<title>Cookies</title>"))
    assert verdicts(result) == []
    assert proved(result)


def test_a_font_is_the_builds_whatever_type_it_is_sent_as() -> None:
    style = "@font-face{src:url(./fonts/RedHat-Kd8wLq2Z.woff2)}"
    session = Session().add("GET", "/main.css", script=style).add("GET", "/fonts/RedHat-Kd8wLq2Z.woff2")
    answer = replace(session.entries[1].response, media_type="application/octet-stream")
    session.entries[1] = replace(session.entries[1], response=answer)
    assert verdicts(imported(session)) == []


LOGIN = '<title>Log in</title><form method="post"><input name="username"><input type="password" name="password"></form>'


@pytest.mark.parametrize("visits", [("/shop/",), ("/console/", "/staff/jill/")])
@pytest.mark.parametrize(("name", "place"), [("admin", "/admin/users"), ("console", "/console/users"), ("jill", "/by/jill")])
def test_a_user_name_that_is_a_place_of_the_application_is_left_in_paths(visits: tuple[str, ...], name: str, place: str) -> None:
    session = Session()
    for path in visits:
        session.add("GET", path, html="<title>Welcome</title>")
    session.add("GET", "/login", html=LOGIN).add("POST", "/login", body=f"username={name}&password=x9Kq-pass")
    session.add("GET", place, html="<title>Users</title>")
    result = imported(session)
    is_place = name == "admin" or any(name in path for path in visits)
    assert (place in str(sent(result, -1).url)) is is_place
    assert proved(result)


def test_the_challenge_of_a_login_that_is_not_finished_is_made() -> None:
    challenge = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"
    query = f"response_type=code&code_challenge={challenge}&code_challenge_method=S256"
    result = imported(Session().add("GET", f"/authorize?{query}", html=LOGIN))
    assert verdicts(result) == [("generate", "")]
    assert call("pkce_challenge", call("random_string", "64")) in set(walk(sent(result, 0).url))
    assert challenge not in result.plan.model_dump_json()
    assert proved(result)


def test_what_a_script_sends_back_of_a_document_was_not_typed() -> None:
    document = '{{"email": "ada@example.org", "about": [{{"name": "nickname", "max": 5}}], "team": "{}"}}'
    session = Session().add("GET", "/login", html=LOGIN).add("POST", "/login", body="username=ada&password=x9Kq-pass")
    session.add("GET", "/profile", json=document.format("Red"))
    session.add("PUT", "/profile", body=document.format("Blue"), sends="application/json")
    result = imported(session)
    assert verdicts(result) == [("parameterise", "username"), ("secret", "password"), ("extract", "email")]
    assert proved(result)


@pytest.mark.parametrize("before", ["Greta", "Gilmore"])
def test_what_the_user_typed_though_it_was_there_already_is_the_users(before: str) -> None:
    def renaming(was: str, becomes: str) -> Session:
        session = Session().add("GET", "/profile", json=f'{{"first": "{was}"}}')
        return session.add("PUT", "/profile", body=f'{{"first": "{becomes}"}}', sends="application/json")

    result = imported(renaming("Greta", "Greta"), renaming(before, "Herman"))
    assert verdicts(result) == [("parameterise", "first")]
    assert proved(result)


def test_what_follows_from_a_request_that_a_recording_lacks_is_no_finding_of_its_own() -> None:
    def working(refreshes: bool) -> Session:
        session, token = Session(), jwt(sub="x1" if refreshes else "x2")
        session.add("POST", "/token", body="grant_type=password", json=f'{{"access_token": "{token}"}}')
        session.add("GET", "/first", sent={"Authorization": f"Bearer {token}"})
        if refreshes:
            token = jwt(sub="x3")
            session.add("POST", "/token", body="grant_type=refresh_token", json=f'{{"access_token": "{token}"}}')
        return session.add("GET", "/second", sent={"Authorization": f"Bearer {token}"})

    result = imported(working(True))
    second = working(False).source()
    found = prove(result.plan, second.recording, second.selection.kept)
    assert [f.message for f in found.findings] == ["no entry of the recording is this request"]


PAGE, AXIOS = "text/html,application/xhtml+xml,*/*;q=0.8", "application/json, text/plain, */*"


@pytest.mark.parametrize(
    ("sends", "received", "kept"),
    [
        ({"Accept": "*/*", "Content-Type": "application/json"}, {}, ["Content-Type"]),
        ({"Accept": PAGE}, {}, []),
        ({"Accept": PAGE}, {"Vary": "Accept-Encoding, Accept"}, ["Accept"]),
        ({"Accept": PAGE}, {"Vary": "Accept-Encoding"}, []),
        ({"Accept": AXIOS}, {}, ["Accept"]),
        ({"Accept": "*/*"}, {"Vary": "Accept"}, []),
    ],
)
def test_headers_by_which_an_application_chooses_its_answer_are_kept(
    sends: dict[str, str], received: dict[str, str], kept: list[str]
) -> None:
    result = imported(Session().add("GET", "/account", sent=sends, received=received, json='{"id": 1}'))
    assert [h.name for h in sent(result, 0).headers] == kept
    assert proved(result)


@pytest.mark.parametrize("document", ["<p>{}</p>", '{{"root": {{"children": [{{"text": "{}", "type": "paragraph"}}]}}}}'])
@pytest.mark.parametrize("words", ["Fish and bread", "Cranes"])
def test_what_is_written_in_an_editor_is_the_users(document: str, words: str) -> None:
    def writing(text: str) -> Session:
        body = json.dumps({"body": document.format(text)})
        return Session().add("POST", "/posts", body=body, sends="application/json", json='{"ok": true}')

    result = imported(writing("Cranes at work"), writing(words))
    assert verdicts(result) == [("parameterise", "body")]
    assert proved(result)
