"""What stands around a value may be a password: no extractor, name, file or decision tells it."""

from __future__ import annotations

import base64
import json
from dataclasses import replace
from urllib.parse import quote

import pytest
from msgspec.json import encode
from recordings import Session, imported, proved

from loadwright.compiler.agents.apply.without_secrets import files_without
from loadwright.compiler.agents.hidden import Hidden
from loadwright.compiler.agents.importing import Imported, import_recordings
from loadwright.compiler.recording.model import StepOutline

_TOKEN, _OTHER = "Qk83ZmLw10Tp55Vx", "Zp91YtRw44Xc07Ba"
_WORD, _PHRASE, _MIXED = "wintergarten", "winter rose", "hunter2!x"


def _told(result: Imported) -> str:
    """Everything that an import writes or says."""
    said = [f.message for _, proof in result.proofs for f in proof.findings] + [f"{one.where} {one.why}" for one in result.left]
    files = [data.decode("latin-1") for data in result.files.values()]
    return "\n".join([result.plan.model_dump_json(), *(encode(d).decode() for d in result.decisions), *said, *files])


def _answered(text: str, media_type: str) -> Session:
    """A session that begins with an answer of any type."""
    session = Session().add("GET", "/t", json=text)
    entry = session.entries[0]
    session.entries[0] = replace(entry, response=replace(entry.response, media_type=media_type, headers=()))
    return session


def _with_login(session: Session, password: str) -> Session:
    body = json.dumps({"user": "ann", "password": password})
    return session.add("POST", "/api/login", body=body, sends="application/json", json='{"ok":true}')


_ANSWERS = {
    "a row of JSON": ("json", json.dumps([{"note": _WORD, "id": _TOKEN}, {"note": "summertime", "id": _OTHER}])),
    "a text": ("text", f"hello {_WORD}; ticket {_TOKEN} end"),
    "an attribute of XML": ("xml", f'<r><user password="{_WORD}" id="{_TOKEN}"/></r>'),
    "an element of XML": ("xml", f"<r><u><id>{_OTHER}</id><p>summertime</p></u><u><id>{_TOKEN}</id><p>{_WORD}</p></u></r>"),
    "a row of CSV": ("csv", f"id,word\n{_OTHER},summertime\n{_TOKEN},{_WORD}\n"),
    "behind a guard": ("json", f')]}}\'\n["{_WORD}","{_TOKEN}"]'),
    "a row of a page": (
        "html",
        f'<tr><td>summertime</td><td><a href="/x/{_OTHER}">Edit</a></td></tr>'
        f'<tr><td>{_WORD}</td><td><a href="/x/{_TOKEN}">Edit</a></td></tr>',
    ),
    "a text with separators": ("json", json.dumps({"v": f"user:{_WORD}:{_TOKEN}:x"})),
    "an object of a script": ("html", f'<script>a = {{"id": "{_OTHER}"}}; var {_WORD} = {{"id": "{_TOKEN}"}};</script>'),
}
_TYPES = {"json": "application/json", "text": "text/plain", "xml": "text/xml", "csv": "text/csv", "html": "text/html"}


@pytest.mark.parametrize("kind", _ANSWERS)
def test_no_extractor_holds_a_password_that_is_sent_later(kind: str) -> None:
    media, text = _ANSWERS[kind]
    session = _answered(text, _TYPES[media]).add("GET", f"/use?id={_TOKEN}", html="<h1>Fine</h1>")
    result = imported(_with_login(session, _WORD))
    told = _told(result)
    assert _WORD not in told
    assert _TOKEN not in told


_SHOWN = {
    "a row of JSON": ("json", json.dumps([{"password": _PHRASE, "id": _TOKEN}, {"password": "summer sky", "id": _OTHER}])),
    "deeper": ("json", json.dumps([{"a": {"password": _PHRASE}, "id": _TOKEN}, {"a": {"password": "summer sky"}, "id": _OTHER}])),
    "a text": ("text", f"hello password: {_WORD}; ticket {_TOKEN} end"),
    "an element of XML": ("xml", f"<r><u><id>{_OTHER}</id><pin>some</pin></u><u><id>{_TOKEN}</id><pin>{_WORD}</pin></u></r>"),
    "a row of CSV": ("csv", f"id,password\n{_OTHER},summertime\n{_TOKEN},{_WORD}\n"),
    "a text with separators": ("json", json.dumps({"v": f"password={_WORD};{_TOKEN};x"})),
}


@pytest.mark.parametrize("kind", _SHOWN)
def test_no_extractor_holds_what_an_answer_calls_a_password(kind: str) -> None:
    media, text = _SHOWN[kind]
    session = _answered(text, _TYPES[media]).add("GET", f"/use?id={_TOKEN}", html="<h1>Fine</h1>")
    told = _told(imported(session))
    assert _WORD not in told
    assert _PHRASE not in told


def test_an_item_beside_a_password_is_known_by_its_position() -> None:
    rows = json.dumps([{"note": "summertime", "id": _OTHER}, {"note": _WORD, "id": _TOKEN}])
    session = Session().add("GET", "/t", json=rows).add("GET", f"/use?id={_TOKEN}", html="<h1>Fine</h1>")
    result = imported(_with_login(session, _WORD))
    assert '"path":"$[1].id"' in result.plan.model_dump_json()
    assert proved(result)


def test_a_password_that_is_a_word_of_the_application_moves_no_extractor() -> None:
    session = Session().add(
        "GET", "/orders", html=f'<form action="/orders/new"><input type="hidden" name="t" value="{_TOKEN}"></form>'
    )
    session.add("POST", "/orders/new", body=f"t={_TOKEN}", html="<h1>Fine</h1>")
    result = imported(_with_login(session, "orders"))
    assert _TOKEN not in result.plan.model_dump_json()
    assert proved(result)
    assert not [d for d in result.decisions if d.verdict == "unresolved"]


@pytest.mark.parametrize("name", ["Open Welcome Winter Rose", "Load winter-rose", "Open winter_rose page"])
def test_no_step_is_called_after_a_password(name: str) -> None:
    source = _with_login(Session().add("GET", "/home", html="<h1>Fine</h1>"), _PHRASE).source()
    outline = (StepOutline(name, ((0,),)), StepOutline(name, ((1,),)))
    told = _told(import_recordings([replace(source, outline=outline)], "Test", "files")).lower()
    assert "rose" not in told


def test_a_password_in_a_fixed_name_is_masked_and_the_request_is_said_to_differ() -> None:
    session = _with_login(Session(), _MIXED)
    session.add("POST", "/map", body=json.dumps({"map": {_MIXED: 1}}), sends="application/json", json="{}")
    result = imported(session)
    assert _MIXED not in _told(result)
    assert not proved(result)


@pytest.mark.parametrize(
    ("data", "clean"),
    [
        (b'{"password":"hunter2!x","n":1}', b'{"password":"xxxxxxxxx","n":1}'),
        (b"\x82\xa4user\xa3ann\xa8password\xa9hunter2!x\xff", b"\x82\xa4user\xa3ann\xa8password\xa9xxxxxxxxx\xff"),
        (b"a note: known 1 and more", b"a note: xxxxxxx and more"),
        (b"\x89PNG\r\n no secret", b"\x89PNG\r\n no secret"),
    ],
)
def test_a_password_in_a_file_is_overwritten(data: bytes, clean: bytes) -> None:
    files, masked = files_without({"f/entry-0-part-1.bin": data}, Hidden(["known 1"]))
    assert files == {"f/entry-0-part-1.bin": clean}
    assert masked == ([] if data == clean else ["f/entry-0-part-1.bin"])


def test_a_password_that_is_the_users_name_too_is_asked_for() -> None:
    body = '{"user":"ann4711x","password":"ann4711x"}'
    result = imported(Session().add("POST", "/login", body=body, sends="application/json", json="{}"))
    assert [s.name for s in result.plan.secrets] == ["password"]
    assert proved(result)


_TEXTS = {
    "a pair of name and value": ("application/json", json.dumps({"fields": [{"name": "password", "value": _MIXED}]})),
    "XML-RPC": ("text/xml", f"<m><member><name>password</name><value><string>{_MIXED}</string></value></member></m>"),
    "CDATA": ("text/xml", f"<l><password><![CDATA[{_MIXED}]]></password></l>"),
    "YAML": ("application/yaml", f"user: ann\npassword: {_MIXED}\n"),
    "a URL in a field": ("application/x-www-form-urlencoded", f"next={quote(f'/login?password={_MIXED}', safe='')}"),
    "base64 of JSON": (
        "application/x-www-form-urlencoded",
        f"b={quote(base64.b64encode(json.dumps({'password': _MIXED}).encode()))}",
    ),
    "a string of GraphQL": ("application/json", json.dumps({"query": f'mutation {{ login(password: """{_MIXED}""") {{ id }} }}'})),
}


@pytest.mark.parametrize("kind", _TEXTS)
def test_a_password_is_found_in_texts_by_the_name_before_it(kind: str) -> None:
    sends, body = _TEXTS[kind]
    result = imported(Session().add("POST", "/send", body=body, sends=sends, json="{}"))
    assert _MIXED not in _told(result)
    assert proved(result)


def test_keys_that_two_recordings_share_are_no_constants() -> None:
    key = "Tk93LmQx82VbNc71Pw"
    one, two = (Session().add("GET", f"/list?key={key}", sent={"X-Shop-Key": f"h{key}"}, json='{"n":1}') for _ in range(2))
    assert key not in _told(imported(one, two))


def test_basic_credentials_in_another_header_are_asked_for_beside_what_an_answer_gave() -> None:
    credentials = base64.b64encode(f"{_TOKEN}:{_MIXED}".encode()).decode()
    session = Session().add("GET", "/config", json=json.dumps({"client": _TOKEN}))
    session.add("POST", "/token", sent={"X-Auth": f"Basic {credentials}"}, body="a=1", json="{}")
    result = imported(session)
    assert _MIXED not in _told(result)
    assert proved(result)


def test_a_password_in_xml_that_was_sent_as_a_form_is_found() -> None:
    body = f"<l:Body><user>ann</user><l:Password type='x'>{_MIXED}</l:Password></l:Body>"
    result = imported(Session().add("POST", "/soap", body=body, json="{}"))
    assert _MIXED not in _told(result)
    assert proved(result)
