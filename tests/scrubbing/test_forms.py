"""A stand-in is of the form by which an import knows the value, and what is no secret stays."""

from __future__ import annotations

import base64
import json
from pathlib import Path
from typing import Any

import pytest

from loadwright.compiler.agents.hidden import Hidden
from loadwright.compiler.agents.observe.answers.in_texts import is_private_key
from loadwright.compiler.agents.secret_names import has_form_of_key, is_card_number
from loadwright.compiler.agents.values import is_token
from loadwright.compiler.cli.scrub import scrub

SHOP = "http://shop.test"
KEY = "-----BEGIN RSA PRIVATE KEY-----\nMIIEpAIBAAKCAQEA7bq1Zk3vXw9mPq\nLs82hQm0x4TtY6nR\n-----END RSA PRIVATE KEY-----"


def sent(url: str, text: str = "", media_type: str = "application/json", **headers: str) -> dict[str, Any]:
    request: dict[str, Any] = {"method": "POST" if text else "GET", "url": url}
    request["headers"] = [{"name": name.replace("_", "-"), "value": value} for name, value in headers.items()]
    if text:
        request["postData"] = {"mimeType": media_type, "text": text}
    content = {"mimeType": "application/json", "text": '{"ok":true}'}
    return {"request": request, "response": {"status": 200, "headers": [], "content": content}, "time": 5}


def clean(folder: Path, *entries: dict[str, Any]) -> list[Any]:
    timed = [{**e, "startedDateTime": f"2026-11-25T10:00:{n:02d}.000Z"} for n, e in enumerate(entries)]
    (folder / "made.har").write_text(json.dumps({"log": {"version": "1.2", "entries": timed}}), encoding="utf-8")
    assert scrub(folder / "made.har", folder / "clean.har", "seed") == 0
    done: list[Any] = json.loads((folder / "clean.har").read_text())["log"]["entries"]
    return done


def body(entry: Any) -> Any:
    return json.loads(entry["request"]["postData"]["text"])


@pytest.mark.parametrize("number", ["4242424242424242", "5555 5555 5555 4444", "378282246310005"])
def test_the_number_of_a_card_stays_one(number: str, tmp_path: Path) -> None:
    (entry,) = clean(tmp_path, sent(f"{SHOP}/pay", json.dumps({"card": {"number": number, "cvc": "7370"}})))
    made = body(entry)["card"]["number"]
    assert made != number
    assert is_card_number(made)


@pytest.mark.parametrize(
    "key",
    ["123456789:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsawQ", "AIzaSyD9x8fQ2mPq7Lw3TtY6nR0vKc5bZhU1eJ4", "xoxb-19283746-Zk3vXw9mPqLs82"],
)
def test_a_key_stays_one_of_its_maker(key: str, tmp_path: Path) -> None:
    (entry,) = clean(tmp_path, sent(f"{SHOP}/hook", json.dumps({"apiKey": key})))
    assert body(entry)["apiKey"] != key
    assert has_form_of_key("", body(entry)["apiKey"])


def test_a_private_key_stays_one(tmp_path: Path) -> None:
    (entry,) = clean(tmp_path, sent(f"{SHOP}/keys", json.dumps({"title": "mine", "content": KEY})))
    made = body(entry)["content"]
    assert is_private_key(made)
    assert "MIIEpAIBAAKCAQEA7bq1Zk3vXw9mPq" not in made


def test_credentials_with_parameters_keep_their_names(tmp_path: Path) -> None:
    digest = 'Digest username="greta", realm="shop", nonce="dcd98b7102dd2f0e", uri="/d", response="6629fae49393a053", qop=auth'
    (entry,) = clean(tmp_path, sent(f"{SHOP}/d", Authorization=digest))
    made = entry["request"]["headers"][0]["value"]
    assert made.startswith('Digest username="')
    assert 'realm="shop"' in made
    assert made.endswith("qop=auth")
    assert not [one for one in ("greta", "dcd98b7102dd2f0e", "6629fae49393a053") if one in made]


def test_a_credential_of_words_gets_one_of_words(tmp_path: Path) -> None:
    (entry,) = clean(tmp_path, sent(f"{SHOP}/api", json.dumps({"access_token": "quiet-orchard-lane"})))
    made = body(entry)["access_token"]
    assert made != "quiet-orchard-lane"
    assert not is_token(made)


@pytest.mark.parametrize(
    "written",
    [
        "".join(f"\\u{ord(c):04x}" for c in 'Kuh "Zaun"<7>'),
        "".join(f"&#{ord(c)};" for c in 'Kuh "Zaun"<7>'),
        "".join(f"&#x{ord(c):X};" for c in 'Kuh "Zaun"<7>'),
        "".join(f"%{ord(c):02x}" for c in 'Kuh "Zaun"<7>'),
    ],
)
def test_a_password_that_is_written_in_escapes_alone_is_replaced(written: str, tmp_path: Path) -> None:
    login = sent(f"{SHOP}/login", json.dumps({"user": "greta", "password": 'Kuh "Zaun"<7>'}))
    _, entry = clean(tmp_path, login, sent(f"{SHOP}/log", f"<a>{written}</a>", "text/xml"))
    assert written not in entry["request"]["postData"]["text"]


def test_what_is_no_secret_stays(tmp_path: Path) -> None:
    batch = "--b\r\nContent-Type: application/http\r\n\r\nMERGE Items(1) HTTP/1.1\r\nIf-Match: x\r\n\r\n--b--"
    said = {
        "at": "20261104073112",
        "way": "8501/simplesaml/idp",
        "nobody": "00000000-0000-0000-0000-000000000000",
        "lots-1-qty": "9",
    }
    said |= {"algorithm": "AWS4-HMAC-SHA256", "document": "2998$7496.htmld", "class": "com.shop.client.Item/502402096"}
    batched = sent(f"{SHOP}/batch", batch, "multipart/mixed; boundary=b", X_CSRF_Token="Fetch")
    first, second = clean(tmp_path, batched, sent(f"{SHOP}/x", json.dumps(said)))
    assert first["request"]["postData"]["text"] == batch
    assert first["request"]["headers"][0]["value"] == "Fetch"
    assert body(second) == said


def test_base64_with_slashes_is_no_path(tmp_path: Path) -> None:
    token = "aB3x/k9ZfQ7pL2/vXw9mPqLs82hQm0x4TtY="
    (entry,) = clean(tmp_path, sent(f"{SHOP}/x", json.dumps({"state": token})))
    assert token not in json.dumps(entry)


def test_a_user_is_replaced_in_addresses_that_come_behind_the_login(tmp_path: Path) -> None:
    login = sent(f"{SHOP}/login", "username=greta&password=meadow3Lark", "application/x-www-form-urlencoded")
    _, entry = clean(tmp_path, login, sent(f"{SHOP}/u/greta"))
    assert "greta" not in entry["request"]["url"]


def test_a_hexadecimal_piece_is_the_same_alone(tmp_path: Path) -> None:
    first, second = clean(
        tmp_path,
        sent(f"{SHOP}/pads", json.dumps({"pad": "log-5e35b3ae"})),
        sent(f"{SHOP}/say", json.dumps({"text": "ann 5e35b3ae"})),
    )
    made = body(first)["pad"].removeprefix("log-")
    assert made != "5e35b3ae"
    assert body(second)["text"] == f"ann {made}"


def test_messages_in_bytes_are_looked_through(tmp_path: Path) -> None:
    session = "7be2da40-fc2c-4473-af08-4c5be529622f"
    entry = sent(f"ws://shop.test/kernel?session_id={session}")
    packed = base64.b64encode(b"\x02\0\0\0\0\0\0\0" + json.dumps({"session": session}).encode()).decode()
    entry["_webSocketMessages"] = [{"type": "send", "time": 1764064800.5, "opcode": 2, "data": packed}]
    (done,) = clean(tmp_path, entry)
    data = base64.b64decode(done["_webSocketMessages"][0]["data"])
    assert data.startswith(b"\x02\0\0\0\0\0\0\0")
    assert session.encode() not in data
    assert json.loads(data[8:])["session"] in done["request"]["url"]


def test_a_code_of_digits_is_not_met_inside_of_a_longer_number() -> None:
    hidden = Hidden(["000000"])
    assert hidden.out_of("DE02120300000000202051 and 000000") == "DE02120300000000202051 and hidden"
