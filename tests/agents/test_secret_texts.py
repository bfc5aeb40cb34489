"""Secrets that stand where no field tells them: in texts, in headers without a scheme."""

from __future__ import annotations

import base64
import time
from dataclasses import replace
from urllib.parse import quote

import pytest
from recordings import BASE, Session, imported, proved

from loadwright.compiler.agents.observe.answers.in_texts import named_secrets
from loadwright.compiler.printer import print_intent
from loadwright.compiler.recording.model import RecordedRequest

SECRET = "correct horse"


@pytest.mark.parametrize(
    "text",
    [
        '{"user": "ann", "password": "correct horse"',
        "{'password': 'correct horse'}",
        '{"payload": "{\\"password\\": \\"correct horse\\"}"}',
        "<login><user>ann</user><password>correct horse</password></login>",
        '<e:Password Type="text">correct horse</e:Password>',
        "user=ann&user[password]=correct&x=1",
        '--b\r\nContent-Disposition: form-data; name="password"\r\n\r\ncorrect horse\r\n--b--',
        '<input type="password" name="password" value="correct horse">',
        'var api_key = "1"; password = "correct horse";',
    ],
)
def test_a_secret_is_found_by_the_name_before_it(text: str) -> None:
    found = [text[start:end] for start, end, name in named_secrets(text) if name.lower().endswith(("password", "password]"))]
    assert [value.partition(" ")[0] for value in found] == ["correct"]


@pytest.mark.parametrize(
    "text",
    [
        '{"name": "passenger"}',
        "<p>your password</p>",
        "user=ann&page=2",
        "password=",
        "",
        '{"ticket": "DLlqljhTz52FhVAHLyHZldObz1UFt62m4EtC46AbcPw=", "note": "a"}',
        "tar -u files.tar holiday:2026.jpg && cp -p report.txt /tmp && docker run -p 8080:80 shop",
        "AUTH required for posting",
        "LOGIN",
        "npm_config_cache_directory and hf_hub_download_cached_file",
        '{"authorization": "required: a card"}',
    ],
)
def test_what_is_called_otherwise_is_left(text: str) -> None:
    assert not list(named_secrets(text))


@pytest.mark.parametrize(
    ("body", "sends"),
    [
        (f"<login><password>{SECRET}</password></login>", "text/xml"),
        (f'{{"user": "ann", "password": "{SECRET}"', "application/json"),
        ("a=1&password=correct", "text/html"),
    ],
)
def test_a_text_is_sent_without_the_secret_in_it(body: str, sends: str) -> None:
    result = imported(Session().add("POST", "/login", body=body, sends=sends, html="<h1>Welcome</h1>"))
    assert [secret.name for secret in result.plan.secrets] == ["password"]
    assert "correct" not in print_intent(result.plan)
    assert proved(result)


@pytest.mark.parametrize("header", [("Authorization", "correct"), ("Authorization", f"Custom {SECRET}"), ("X-Api-Key", "correct")])
def test_a_key_in_a_header_needs_no_look_of_a_key(header: tuple[str, str]) -> None:
    session = Session().add("GET", "/", html="<h1>correct</h1>").add("GET", "/api", sent=dict([header]), json='{"a": 1}')
    result = imported(session)
    assert len(result.plan.secrets) == 1
    assert header[1] not in print_intent(result.plan)
    assert proved(result)


@pytest.mark.parametrize("value", ["Bearer u9Xk2LmQ77aBz81Q", 'Digest username="ann", response="u9Xk2LmQ77aBz81Q"'])
def test_credentials_are_known_by_their_scheme_in_any_header(value: str) -> None:
    result = imported(Session().add("GET", "/api", sent={"X-Own": value}, json='{"a": 1}'))
    assert [secret.name for secret in result.plan.secrets] == ["authorization"]
    assert "u9Xk2LmQ77aBz81Q" not in print_intent(result.plan)
    assert proved(result)


def test_what_is_left_of_credentials_that_a_response_gave_in_part_is_secret() -> None:
    session = Session().add("GET", "/d", status=401, received={"WWW-Authenticate": 'Digest nonce="wq92LmZoXYq7LmB3"'})
    value = 'Digest username="ann", nonce="wq92LmZoXYq7LmB3", response="u9Xk2LmQ77aBz81Q"'
    result = imported(session.add("GET", "/d", sent={"Authorization": value}, html="<h1>In</h1>"))
    assert not [part for part in ("wq92LmZoXYq7LmB3", "u9Xk2LmQ77aBz81Q") if part in print_intent(result.plan)]
    assert proved(result)


def test_a_key_in_the_address_of_the_page_before_stays_out() -> None:
    page = "http://elsewhere.test/list?api_key=correct&page=2"
    result = imported(Session().add("POST", "/click", body="a=1", sent={"Referer": page}, html="<h1>Fine</h1>"))
    assert "correct" not in print_intent(result.plan)
    assert "page=2" in print_intent(result.plan)
    assert proved(result)


@pytest.mark.parametrize(
    "piece", ["a.b-c:", '"a', "<a ", "name=a;", 'name="a"\n', "name=a ", "\\", '\\"a', "=", " ", "a ", 'a="', "password=", "<p>"]
)
def test_a_hostile_text_takes_no_longer_than_its_length(piece: str) -> None:
    began = time.process_time()
    list(named_secrets("password " + piece * (300_000 // len(piece))))
    assert time.process_time() - began < 5


def test_a_header_that_is_sent_twice_keeps_none_of_its_secrets() -> None:
    session = Session().add("GET", "/", html="<h1>Start</h1>")
    session.entries.append(
        replace(
            session.add("GET", "/api", json='{"a": 1}').entries.pop(),
            request=RecordedRequest(
                "GET", f"{BASE}/api", (("Authorization", "Basic YW5uOmh1bnRlcg=="), ("authorization", "Basic !!!"))
            ),
        )
    )
    result = imported(session)
    assert "YW5uOmh1bnRlcg" not in print_intent(result.plan)
    assert proved(result)


def test_credentials_that_two_recordings_have_the_same_are_secret_still() -> None:
    sessions = [
        Session(name).add("GET", "/api", sent={"X-Auth-Token": "u9Xk2LmQ77aBz81Q"}, json='{"a": 1}') for name in ("a.har", "b.har")
    ]
    result = imported(*sessions)
    assert [secret.name for secret in result.plan.secrets] == ["auth_token"]
    assert proved(result)


@pytest.mark.parametrize("told", [True, False])
def test_a_password_inside_of_what_is_encoded_is_a_secret(told: bool) -> None:
    client = "u9Xk2LmQ77aBz81Q"
    session = Session().add("GET", "/config", json=f'{{"client": "{client}"}}' if told else "{}")
    basic = base64.b64encode(f"{client}:hunter22".encode()).decode()
    blob = base64.b64encode(f'{{"id": "{client}", "password": "hunter22"}}'.encode()).decode()
    sent = {"Authorization": f"Basic {basic}"}
    session.add("POST", "/token", body=f"x=1&blob={quote(blob, safe='')}", sent=sent, json='{"a": 1}')
    result = imported(session)
    text = print_intent(result.plan)
    assert not [one for one in ("hunter22", basic, blob, base64.b64encode(b"hunter22").decode()[:8]) if one in text]
    assert ("capture client" in text) == told
    assert proved(result)


@pytest.mark.parametrize(("value", "asked_for"), [("Bearer null", 0), ("Token undefined", 0), ("Bearer nullify7", 1), ("null", 1)])
def test_what_a_script_sends_before_it_has_credentials_is_no_secret(value: str, asked_for: int) -> None:
    result = imported(Session().add("GET", "/init", sent={"Authorization": value}, json='{"ready": 1}'))
    assert len(result.plan.secrets) == asked_for


@pytest.mark.parametrize(
    "text",
    [
        "curl -s -u ann:meadow3Lark http://shop.test/api",
        "curl http://shop.test --user 'ann:meadow3Lark'",
        "sshpass -p meadow3Lark ssh shop",
        "docker login -u ann -p meadow3Lark",
        "mysqldump -uann -pmeadow3Lark shop",
        "curl -H 'Authorization: Bearer meadow3Lark' http://shop.test",
        "AUTH ann meadow3Lark",
        "a1 LOGIN ann meadow3Lark",
        "/msg NickServ IDENTIFY meadow3Lark",
        "redis://:meadow3Lark@cache:6379/0",
        "DefaultEndpointsProtocol=https;AccountKey=meadow3Lark;AccountName=a",
        "echo meadow3Lark | docker login -u ann --password-stdin hub.test",
        "net user ann meadow3Lark /add",
        "ConvertTo-SecureString 'meadow3Lark' -AsPlainText -Force",
        "jdbc:oracle:thin:scott/meadow3Lark@//db:1521/X",
        "sqlplus -s scott/meadow3Lark@db",
        "APP_KEY=meadow3Lark",
        "CREATE USER ann IDENTIFIED BY 'meadow3Lark'",
        "alter user 'ann'@'%' identified with mysql_native_password by 'meadow3Lark'",
        "CREATE ROLE ann LOGIN ENCRYPTED PASSWORD 'meadow3Lark'",
        "ALTER USER ann PASSWORD 'meadow3Lark'",
        "SET PASSWORD FOR 'ann'@'localhost' = PASSWORD('meadow3Lark')",
    ],
)
def test_the_password_of_a_command_is_found(text: str) -> None:
    assert [text[start:end] for start, end, _ in named_secrets(text)] == ["meadow3Lark"]


@pytest.mark.parametrize(
    "text", ["the password 'of the day'", "SELECT password, 'plain' FROM users", '{"type": "password" , "label": "b"}']
)
def test_a_statement_that_sets_no_password_has_none(text: str) -> None:
    assert list(named_secrets(text)) == []


@pytest.mark.parametrize(
    "key",
    [
        "ghp_Zk3vXw9mPqLs82hQm0x4TtY6nR0vKc5bZhU1",
        "sk-proj-Zk3vXw9mPqLs82hQm0x4TtY6nR0vKc5b",
        "pat-eu1-1a2b3c4d-5e6f-7a8b-9c0d-1e2f3a4b5c6d",
        "AKIAQ7XKZ3MPWLV2TBNQ",
    ],
)
def test_a_key_is_found_in_a_sentence(key: str) -> None:
    text = f"please use {key} for it"
    assert [text[start:end] for start, end, _ in named_secrets(text)] == [key]
