"""Single-page applications that log in through an identity provider: what their scripts send back, and what nobody typed."""

from __future__ import annotations

import base64
import json
from dataclasses import replace

from recordings import Session, imported, proved, sent, verdicts

from loadwright.compiler.plan.model import JsonSource

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
