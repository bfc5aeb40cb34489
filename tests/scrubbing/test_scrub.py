"""A scrubbed recording: nothing secret left, the same decisions."""

from __future__ import annotations

import base64
import gzip
import hashlib
import html
import json
import re
from pathlib import Path
from urllib.parse import parse_qs, quote, quote_plus, urlencode

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec.json import encode

from loadwright.compiler.agents.importing import Imported, Source, import_recordings
from loadwright.compiler.agents.values import JWT, UUID
from loadwright.compiler.printer import print_intent
from loadwright.compiler.recording.har import read_har
from loadwright.compiler.recording.outline import outline
from loadwright.compiler.recording.select import select
from loadwright.compiler.scrubbing.scrub import Scrubber
from loadwright.compiler.scrubbing.sensitive import sensitive

SHOP = Path(__file__).parents[2] / "examples" / "shop" / "recordings"


def imported(paths: list[Path]) -> tuple[Imported, str]:
    sources = []
    for path in paths:
        recording, _ = read_har(path)
        selection = select(recording)
        sources.append(Source(recording, selection, outline(recording, selection.kept)))
    done = import_recordings(sources, "Shop", "shop-files")
    return done, print_intent(done.plan)


def scrubbed(paths: list[Path], folder: Path, seed: str = "seed") -> tuple[Scrubber, list[Path]]:
    scrubber = Scrubber(sensitive(read_har(path)[0] for path in paths), seed)
    written = []
    for path in paths:
        done = scrubber.scrub(json.loads(path.read_bytes()))
        assert done.left == 0
        written.append(folder / path.name)
        written[-1].write_text(json.dumps(done.document), encoding="utf-8")
    return scrubber, written


def entry(
    url: str, response: str = "", sent: str = "", headers: tuple[tuple[str, str], ...] = (), **more: str
) -> dict[str, object]:
    request: dict[str, object] = {
        "method": "POST" if sent else "GET",
        "url": url,
        "headers": [{"name": n, "value": v} for n, v in headers],
    }
    if sent:
        request["postData"] = {"mimeType": more.get("type", "application/x-www-form-urlencoded"), "text": sent}
    answered = [{"name": "Set-Cookie", "value": more["cookie"]}] if "cookie" in more else []
    content = {"mimeType": more.get("answers", "text/html"), "text": response}
    return {"request": request, "response": {"status": 200, "headers": answered, "content": content}, "time": 5}


def har(folder: Path, *entries: dict[str, object]) -> Path:
    timed = [{**e, "startedDateTime": f"2026-11-25T10:00:{n:02d}.000Z"} for n, e in enumerate(entries)]
    path = folder / "made.har"
    path.write_text(json.dumps({"log": {"version": "1.2", "entries": timed}}), encoding="utf-8")
    return path


@pytest.mark.parametrize(
    "names", [["checkout-1"], ["pkce-1"], ["checkout-1", "checkout-2"], ["pkce-1", "pkce-2"]], ids=lambda names: "+".join(names)
)
def test_an_import_of_the_scrubbed_recording_decides_the_same(names: list[str], tmp_path: Path) -> None:
    paths = [SHOP / f"{name}.har" for name in names]
    scrubber, clean = scrubbed(paths, tmp_path)
    before, text_before = imported(paths)
    after, text_after = imported(clean)
    assert text_after != text_before
    assert text_after == scrubber.text(text_before), "but for values, the intents are the same"
    as_before = [scrubber.text(encode(d).decode()) for d in before.decisions]
    assert [encode(d).decode() for d in after.decisions] == as_before
    assert not [f for _, proof in after.proofs for f in proof.findings]


def test_nothing_secret_of_the_demo_shop_is_left(tmp_path: Path) -> None:
    path = SHOP / "checkout-1.har"
    document = json.loads(path.read_bytes())
    _, (clean,) = scrubbed([path], tmp_path)
    text = clean.read_text()
    secrets = {"wonderland-7", "alice", "Alice", "Looking-Glass", "Exampleton"}
    for recorded in document["log"]["entries"]:
        for header in (*recorded["request"]["headers"], *recorded["response"]["headers"]):
            if header["name"].lower() == "authorization":
                secrets.add(header["value"].split()[-1])
            elif header["name"].lower() in ("cookie", "set-cookie"):
                secrets.add(header["value"].partition(";")[0].partition("=")[2].strip('"'))
        secrets.update(re.findall(r'name="csrf" value="([^"]+)"', recorded["response"]["content"].get("text", "")))
    assert len(secrets) >= 10
    for secret in secrets - {""}:
        for written in (secret, quote(secret, safe=""), quote_plus(secret), html.escape(secret), json.dumps(secret)[1:-1]):
            assert written not in text, f"{written} is left"


def test_the_same_seed_gives_the_same_bytes_and_another_one_others(tmp_path: Path) -> None:
    path = SHOP / "pkce-1.har"
    texts = []
    for n, seed in enumerate(("one", "one", "two")):
        (tmp_path / str(n)).mkdir()
        texts.append(scrubbed([path], tmp_path / str(n), seed)[1][0].read_bytes())
    assert texts[0] == texts[1] != texts[2]


def test_every_encoding_of_a_value_gets_the_same_stand_in(tmp_path: Path) -> None:
    token = "aB3+/x9Zk&Q7=pL2"
    forms = [
        token,
        quote(token, safe=""),
        quote(token, safe="").lower().replace("ab3", "aB3").replace("x9zk", "x9Zk").replace("q7", "Q7").replace("pl2", "pL2"),
        html.escape(token),
        base64.b64encode(token.encode()).decode(),
        token.replace("/", "\\/"),
        "".join(f"\\u{ord(c):04x}" if not c.isalnum() else c for c in token),
        quote(base64.b64encode(json.dumps({"t": token}).encode()).decode(), safe=""),
    ]
    page = "\n".join(f"<p>{form}</p>" for form in forms)
    path = har(tmp_path, entry("http://a.test/", page), entry("http://a.test/x", sent=f"csrf_token={quote_plus(token)}"))
    (tmp_path / "out").mkdir()
    scrubber, (clean,) = scrubbed([path], tmp_path / "out")
    made = scrubber.stand_in(token)
    assert made != token
    found = re.findall("<p>(.*)</p>", json.loads(clean.read_bytes())["log"]["entries"][0]["response"]["content"]["text"])
    assert found[0] == made
    assert found[1] == quote(made, safe="")
    assert found[2].upper() == quote(made, safe="").upper()
    assert html.unescape(found[3]) == made
    assert base64.b64decode(found[4]).decode() == made
    assert json.loads(f'"{found[5]}"') == json.loads(f'"{found[6]}"') == made
    assert json.loads(base64.b64decode(found[7].replace("%3D", "=").replace("%2B", "+").replace("%2F", "/"))) == {"t": made}


def b64(text: str) -> str:
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def test_formats_and_what_is_made_of_a_value_are_kept(tmp_path: Path) -> None:
    verifier = "ZOhrR4TwJUiDn3CIbegs2aIDLaCPJOBD4dnqrwsr8sY"
    challenge = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).decode().rstrip("=")
    uuid, hexadecimal, mail = (
        "0b6b0d3e-5a63-4d0c-9a41-7f3a5c0d2e11",
        "9f86d081884c7d659a2feaa0c55ad015",
        "carol.smith@corp-mail.com",
    )
    claims = json.dumps({"sub": "carol77", "email": mail, "iat": 1795317846})
    jwt = ".".join((b64(json.dumps({"alg": "HS256"})), b64(claims), "Zm9vYmFyYmF6cXV4MTIzNDU2"))
    basic = base64.b64encode(b"carol77:Sup3r-secret").decode()
    path = har(
        tmp_path,
        entry("http://a.test/", json.dumps({"id": uuid, "key": hexadecimal, "access_token": jwt}), answers="application/json"),
        entry(f"http://a.test/o/{uuid}?k={hexadecimal}&code_challenge={challenge}", headers=(("Authorization", f"Bearer {jwt}"),)),
        entry("http://a.test/t", sent=f"code_verifier={verifier}&email={quote_plus(mail)}"),
        entry("http://a.test/b", headers=(("Authorization", f"Basic {basic}"),)),
    )
    (tmp_path / "out").mkdir()
    scrubber, (clean,) = scrubbed([path], tmp_path / "out")
    text = clean.read_text()
    entries = json.loads(text)["log"]["entries"]
    other = scrubber.stand_in(verifier)
    assert scrubber.stand_in(challenge) == base64.urlsafe_b64encode(hashlib.sha256(other.encode()).digest()).decode().rstrip("=")
    assert UUID.fullmatch(scrubber.stand_in(uuid))
    assert re.fullmatch("[0-9a-f]{32}", scrubber.stand_in(hexadecimal))
    assert re.fullmatch(r"[a-z]+\.[a-z]+@[a-z]+\.test", scrubber.stand_in(mail))
    token = json.loads(entries[0]["response"]["content"]["text"])["access_token"]
    assert JWT.fullmatch(token)
    assert entries[1]["request"]["headers"][0]["value"] == f"Bearer {token}"
    assert json.loads(base64.urlsafe_b64decode(token.split(".")[1] + "==")) == {
        "sub": scrubber.stand_in("carol77"),
        "email": scrubber.stand_in(mail),
        "iat": 1795317846,
    }
    user, _, password = base64.b64decode(entries[3]["request"]["headers"][0]["value"].split()[1]).decode().partition(":")
    assert (user, len(password)) == (scrubber.stand_in("carol77"), len("Sup3r-secret"))
    for secret in (verifier, challenge, uuid, hexadecimal, mail, jwt, jwt.split(".")[1], basic, "carol77", "Sup3r-secret"):
        assert secret not in text


def test_tokens_with_the_same_head_and_nothing_personal_in_them(tmp_path: Path) -> None:
    head = b64(json.dumps({"alg": "RS256", "kid": "8f3b2c1d9e7a6f50"}))
    tokens = [f"{head}.{b64(json.dumps({'iss': 'x', 'exp': 1795317846 + n}))}.c2lnbmF0dXJlLW9mLXRoZS10b2tlbg{n}" for n in range(3)]
    path = har(tmp_path, *(entry("http://a.test/", headers=(("Authorization", f"Bearer {t}"),)) for t in tokens))
    (tmp_path / "out").mkdir()
    scrubber, _ = scrubbed([path], tmp_path / "out")
    made = [scrubber.stand_in(t) for t in tokens]
    assert len(set(made)) == 3
    assert [json.loads(base64.urlsafe_b64decode(m.split(".")[1] + "==")) for m in made] == [
        {"iss": "x", "exp": 1795317846 + n} for n in range(3)
    ]


@pytest.mark.parametrize("password", ["²²²²²²²²", "пароль-тайна", "密码密码密码9", "ﬀﬀﬀﬀﬀﬀ1"])
def test_passwords_of_any_script_are_replaced(password: str, tmp_path: Path) -> None:
    path = har(tmp_path, entry("http://a.test/l", sent=f"password={quote_plus(password)}"))
    (tmp_path / "out").mkdir()
    scrubber, (clean,) = scrubbed([path], tmp_path / "out")
    made = scrubber.stand_in(password)
    assert not any(a == b for a, b in zip(password, made, strict=True) if a.isalnum() and not a.isascii())
    assert quote_plus(made) in json.loads(clean.read_bytes())["log"]["entries"][0]["request"]["postData"]["text"]


def test_a_common_word_is_replaced_in_its_field_alone(tmp_path: Path) -> None:
    page = '<input type="password" name="password"><p>Forgot your password?</p>'
    path = har(tmp_path, entry("http://a.test/login", page), entry("http://a.test/login", sent="username=login&password=password"))
    (tmp_path / "out").mkdir()
    _, (clean,) = scrubbed([path], tmp_path / "out")
    first, second = json.loads(clean.read_bytes())["log"]["entries"]
    assert first["response"]["content"]["text"] == page
    assert second["request"]["url"] == "http://a.test/login"
    sent = re.fullmatch("username=([a-z]{5})&password=(.{8})", second["request"]["postData"]["text"])
    assert sent
    assert sent[1] != "login"
    assert sent[2] != "password"


@pytest.mark.parametrize("password", ["meadow", "482913", "password"])
def test_a_password_in_json_in_a_form_is_replaced_though_it_is_a_word(password: str, tmp_path: Path) -> None:
    form = urlencode({"payload": json.dumps({"auth": {"pwd": password}})})
    path = har(tmp_path, entry("http://a.test/l", sent=form))
    (tmp_path / "out").mkdir()
    _, (clean,) = scrubbed([path], tmp_path / "out")
    sent = json.loads(clean.read_bytes())["log"]["entries"][0]["request"]["postData"]["text"]
    made = json.loads(parse_qs(sent)["payload"][0])["auth"]["pwd"]
    assert made != password
    assert len(made) == len(password)


@pytest.mark.parametrize("name", ["=", "a.b", "[x](", "pass\\word", "</script>"])
def test_odd_field_names_and_bodies_are_survived(name: str, tmp_path: Path) -> None:
    secret = "Zq8" + "\\d+$1(?<" + "é日本"
    sent = json.dumps({name: secret, "password": secret, "deep": json.dumps({"password": secret})})
    path = har(tmp_path, entry("http://a.test/", sent=sent, type="application/json"), {"request": None}, {"response": {}})
    (tmp_path / "out").mkdir()
    _, (clean,) = scrubbed([path], tmp_path / "out")
    sent = json.loads(clean.read_bytes())["log"]["entries"][0]["request"]["postData"]["text"]
    after = json.loads(sent)
    assert after["password"] == after[name] == json.loads(after["deep"])["password"]
    assert "Zq8" not in sent
    assert len(after["password"].encode()) == len(secret.encode())


def test_bodies_in_base64_packed_and_binary_are_looked_through(tmp_path: Path) -> None:
    import gzip

    token = "tok_9fK2mQ7xW4zB1nV8"
    page = entry("http://a.test/", cookie=f"sid={token}; Path=/")
    page["response"]["content"] = {  # type: ignore[index]
        "mimeType": "text/html",
        "encoding": "base64",
        "text": base64.b64encode(gzip.compress(f"<p>{token}</p>".encode())).decode(),
    }
    page["response"]["headers"].append({"name": "Content-Encoding", "value": "gzip"})  # type: ignore[index]
    picture = entry("http://a.test/p.png", answers="image/png")
    picture["response"]["content"]["encoding"] = "base64"  # type: ignore[index]
    picture["response"]["content"]["text"] = base64.b64encode(b"\x89PNG\xff\x00" + token.encode()).decode()  # type: ignore[index]
    path = har(tmp_path, page, picture)
    (tmp_path / "out").mkdir()
    scrubber, (clean,) = scrubbed([path], tmp_path / "out")
    first, second = (base64.b64decode(e["response"]["content"]["text"]) for e in json.loads(clean.read_bytes())["log"]["entries"])
    made = scrubber.stand_in(token).encode()
    assert first == b"<p>" + made + b"</p>"
    assert second == b"\x89PNG\xff\x00" + made
    assert read_har(clean)[0].entries[0].response.text == first.decode()


SECRETS = st.text(
    st.sampled_from("abcdefghkmnpqrstuvwxyzABCDEFGHKMNPQRSTVWXYZ23456789+/=&%_.-~ \"'<>é"), min_size=12, max_size=40
).filter(lambda text: sum(c.isalnum() for c in text) >= 10 and sum(c.isdigit() for c in text) >= 3 and text == text.strip())


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(secret=SECRETS, cookie=SECRETS, nested=st.booleans())
def test_no_secret_is_left_in_any_form(secret: str, cookie: str, nested: bool, tmp_path: Path) -> None:
    """Wherever a password and a cookie stand, and however they are written, they are gone."""
    cookie = re.sub(r"^/|[^A-Za-z0-9+/=_.~-]", "x", cookie)
    inner = base64.b64encode(json.dumps({"p": secret}, ensure_ascii=False).encode()).decode() if nested else html.escape(secret)
    path = har(
        tmp_path,
        entry("http://a.test/", f"<i>{inner}</i><script>x={json.dumps(secret)}</script>", cookie=f"s={cookie}; Path=/"),
        entry(f"http://a.test/p?x={quote(secret, safe='')}", headers=(("Cookie", f"s={cookie}"),)),
        entry("http://a.test/q", sent=f"password={quote_plus(secret)}"),
        entry("http://a.test/r", sent=json.dumps({"password": secret, "c": cookie}), type="application/json"),
    )
    (tmp_path / "out").mkdir(exist_ok=True)
    _, (clean,) = scrubbed([path], tmp_path / "out")
    document = json.loads(clean.read_bytes())
    texts = [t for e in document["log"]["entries"] for t in _texts(e)]
    texts += [base64.b64decode(run + "=" * (-len(run) % 4)).decode("utf-8", "replace") for t in texts for run in _runs(t)]
    for value in (secret, cookie):
        for form in (value, quote(value, safe=""), quote_plus(value), html.escape(value), json.dumps(value)[1:-1]):
            assert not [t for t in texts if form in t]


def _runs(text: str) -> list[str]:
    return [run for run in re.findall(r"[A-Za-z0-9+/]{16,}", text) if len(run) % 4 != 1]


def _texts(value: object) -> list[str]:
    if isinstance(value, str):
        return [value]
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return [text for item in inner for text in _texts(item)]


def test_a_time_in_a_cookie_stays_and_a_session_does_not(tmp_path: Path) -> None:
    sent = (("Cookie", "seen=1764098765; sid=84117649398213"),)
    page = entry("http://a.test/", headers=sent)
    _, (clean,) = scrubbed([har(tmp_path, page)], tmp_path)
    text = clean.read_text(encoding="utf-8")
    assert "seen=1764098765" in text
    assert "84117649398213" not in text


_JSON_FILE = (
    b'--x\r\nContent-Disposition: form-data; name="f"; filename="blob"\r\nContent-Type: application/json\r\n\r\n'
    b'{"password":"hunter2!x"}\r\n--x--'
)


@pytest.mark.parametrize(
    ("media_type", "coding", "body"),
    [
        ("application/json", "gzip", gzip.compress(b'{"password":"hunter2!x"}', mtime=0)),
        ("application/json", "gzip", b'{"password":"hunter2!x"}'),
        ("application/msgpack", "", b"\x82\xa4user\xa3ann\xa8password\xa9hunter2!x\xa1n\xff"),
        ("application/cbor", "", b"\xa2\x64user\x64\xc3\xa4nn\x63pwd\x69hunter2!x\xff"),
        ("multipart/form-data; boundary=x", "", _JSON_FILE),
        ("application/json", "", b'{"method":"login","params":["ann","hunter2!x"]}'),
        ("application/yaml", "", b"user: ann\npassword: hunter2!x\n"),
        ("application/json", "", b'{"fields":[{"name":"password","value":"hunter2!x"}]}'),
    ],
)
def test_a_password_is_found_in_bodies_of_all_kinds(media_type: str, coding: str, body: bytes, tmp_path: Path) -> None:
    headers = [{"name": "Content-Type", "value": media_type}, *([{"name": "Content-Encoding", "value": coding}] if coding else [])]
    post = {"mimeType": media_type, "text": base64.b64encode(body).decode(), "encoding": "base64"}
    request = {"method": "POST", "url": "http://shop.test/send", "headers": headers, "postData": post}
    answer = {"status": 200, "headers": [], "content": {"mimeType": "application/json", "text": "{}"}}
    entry = {"startedDateTime": "2024-05-01T10:00:10.000Z", "time": 40, "request": request, "response": answer}
    path = tmp_path / "s.har"
    path.write_text(json.dumps({"log": {"version": "1.2", "entries": [entry]}}), encoding="utf-8")
    _, (clean,) = scrubbed([path], tmp_path)
    written = json.loads(clean.read_text(encoding="utf-8"))["log"]["entries"][0]["request"]["postData"]["text"]
    assert b"hunter2!x" not in base64.b64decode(written)
    done, _ = imported([path])
    told = done.plan.model_dump_json().encode() + b"".join(done.files.values())
    assert b"hunter2!x" not in told
    assert b"content-encoding" not in told.lower()
