"""Secrets that are planted in recordings, each of its own, and the search for them in whatever was written."""

from __future__ import annotations

import base64
import gzip
import hashlib
import json
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

Har = dict[str, Any]
ORIGIN = "https://shop.example.com"
FORM = "application/x-www-form-urlencoded"


def canary(place: str) -> str:
    """The secret of a place: letters and digits alone, so that no encoding of texts hides it."""
    return base64.b32encode(hashlib.sha256(place.encode()).digest()).decode()[:24].capitalize()


def entry(method: str, path: str, at: int, headers: Mapping[str, str] | None = None, **more: Any) -> Har:
    """An exchange that starts `at` milliseconds after the others."""
    content = {"mimeType": more.get("answers", "text/html"), "text": more.get("text", "<h1>Fine</h1>")}
    request: Har = {
        "method": method,
        "url": path if "://" in path else ORIGIN + path,
        "headers": listed(headers or {}),
        "cookies": [],
    }
    if "body" in more:
        request["postData"] = {"mimeType": more.get("sends", FORM), "text": more["body"]}
    return {
        "startedDateTime": f"2024-05-01T10:00:{10 + at // 1000:02}.{at % 1000:03}Z",
        "time": 40,
        "request": request,
        "response": {"status": more.get("status", 200), "headers": listed(more.get("received", {})), "content": content},
    }


def listed(pairs: Mapping[str, str]) -> list[Har]:
    return [{"name": name, "value": value} for name, value in pairs.items()]


def _login_form(at: int) -> list[Har]:
    page = '<form method="post" action="/login"><input name="username"><input type="password" name="secret_word"></form>'
    body = urlencode({"username": "ann", "secret_word": canary("form"), "password": canary("form password")})
    return [entry("GET", "/login", at, text=page), entry("POST", "/login", at + 100, body=body)]


def _json_login(at: int) -> list[Har]:
    body = json.dumps({"login": {"user": "ann", "password": canary("json")}, "items": [1, {"pin": canary("pin")}]})
    return [entry("POST", "/api/login", at, body=body, sends="application/json", answers="application/json", text='{"ok":true}')]


def _graphql(at: int) -> list[Har]:
    query = {
        "operationName": "Login",
        "query": "mutation Login($p: String!) { login(p: $p) }",
        "variables": {"passwd": canary("gql")},
    }
    return [entry("POST", "/graphql", at, body=json.dumps(query), sends="application/json", answers="application/json", text="{}")]


def _multipart(at: int) -> list[Har]:
    part = f'--xx\r\nContent-Disposition: form-data; name="password"\r\n\r\n{canary("part")}\r\n--xx--\r\n'
    return [entry("POST", "/upload", at, body=part, sends="multipart/form-data; boundary=xx")]


def _params(at: int) -> list[Har]:
    made = entry("POST", "/pay", at)
    made["request"]["postData"] = {"mimeType": FORM, "params": listed({"card": "1", "cvv_secret": canary("params")})}
    return [made]


def _bearer(at: int) -> list[Har]:
    token = canary("bearer")
    return [entry("GET", "/api/me", at, {"Authorization": f"Bearer {token}"}, answers="application/json", text='{"me":1}')]


def _issued(at: int) -> list[Har]:
    token = canary("issued")
    answer = json.dumps({"access_token": token, "expires": 3600})
    return [
        entry("POST", "/oauth/token", at, body="grant_type=password", answers="application/json", text=answer),
        entry("GET", "/api/orders", at + 100, {"Authorization": f"Bearer {token}"}, answers="application/json", text="[]"),
    ]


def _basic(at: int) -> list[Har]:
    credentials = base64.b64encode(f"ann:{canary('basic')}".encode()).decode()
    return [entry("GET", "/private", at, {"Authorization": f"Basic {credentials}"})]


def _user_in_url(at: int) -> list[Har]:
    return [entry("GET", f"https://ann:{canary('user in url')}@shop.example.com/private", at)]


def _cookies(at: int) -> list[Har]:
    sid = canary("cookie set")
    return [
        entry("GET", "/home", at, received={"Set-Cookie": f"sid={sid}; Path=/; HttpOnly"}),
        entry("GET", "/next", at + 100, {"Cookie": f"sid={sid}; had={canary('cookie had')}"}),
    ]


def _api_key(at: int) -> list[Har]:
    return [
        entry("GET", f"/api/list?api_key={canary('query key')}&page=1", at, answers="application/json", text='{"items":[]}'),
        entry("GET", "/api/more", at + 100, {"X-Api-Key": canary("header key")}, answers="application/json", text='{"items":[]}'),
    ]


def _fragment(at: int) -> list[Har]:
    location = f"{ORIGIN}/done#access_token={canary('fragment')}"
    return [entry("GET", "/authorize", at, status=302, received={"Location": location}), entry("GET", location, at + 100)]


def _xml_login(at: int) -> list[Har]:
    body = f"<soap:Body><login><user>ann</user><ns:Password type='x'>{canary('xml')}</ns:Password></login></soap:Body>"
    return [entry("POST", "/soap", at, body=body, sends="text/xml", answers="text/xml", text="<ok/>")]


def _json_in_a_form(at: int) -> list[Har]:
    body = urlencode({"payload": json.dumps({"credentials": {"password": canary("inner")}, "n": 1})})
    return [entry("POST", "/hook", at, body=body)]


def _referer(at: int) -> list[Har]:
    page = f"{ORIGIN}/list?api_key={canary('referer')}"
    return [entry("POST", "/api/click", at, {"Referer": page}, body="a=1")]


def _own_header(at: int) -> list[Har]:
    headers = {"X-Auth-Token": canary("own header"), "X-Access": f"Token {canary('scheme')}"}
    return [entry("GET", "/api/own", at, headers, answers="application/json", text="{}")]


def _digest(at: int) -> list[Har]:
    value = f'Digest username="ann", realm="r", nonce="abc", uri="/d", response="{canary("digest")}"'
    challenge = {"WWW-Authenticate": 'Digest realm="r", nonce="abc"'}
    return [
        entry("GET", "/d", at, status=401, received=challenge),
        entry("GET", "/d", at + 100, {"Authorization": value}),
    ]


def _socket(at: int) -> list[Har]:
    made = entry("GET", "wss://shop.example.com/live", at, status=101)
    made["_webSocketMessages"] = [{"type": "send", "time": 1, "opcode": 1, "data": json.dumps({"auth_token": canary("socket")})}]
    return [made]


def _encoded(at: int) -> list[Har]:
    client = "Kq83ZmLw10Tp55Vx"
    basic = base64.b64encode(f"{client}:{canary('client')}".encode()).decode()
    blob = base64.b64encode(json.dumps({"password": canary("encoded")}).encode()).decode()
    return [
        entry("GET", "/config", at, answers="application/json", text=json.dumps({"client": client})),
        entry("POST", "/token", at + 100, {"Authorization": f"Basic {basic}"}, body=urlencode({"blob": blob})),
    ]


def _packed(at: int) -> list[Har]:
    """A body that the client packed, as scripts send telemetry and forms of apps."""
    body = gzip.compress(json.dumps({"password": canary("packed")}).encode(), mtime=0)
    made = entry("POST", "/packed", at, {"Content-Encoding": "gzip", "Content-Type": "application/json"})
    made["request"]["postData"] = {"mimeType": "application/json", "text": base64.b64encode(body).decode(), "encoding": "base64"}
    return [made]


PLACES: Mapping[str, Callable[[int], list[Har]]] = {
    "login form": _login_form,
    "JSON login": _json_login,
    "GraphQL": _graphql,
    "multipart": _multipart,
    "params": _params,
    "bearer": _bearer,
    "issued": _issued,
    "basic": _basic,
    "user in URL": _user_in_url,
    "cookies": _cookies,
    "API key": _api_key,
    "fragment": _fragment,
    "XML login": _xml_login,
    "JSON in a form": _json_in_a_form,
    "referer": _referer,
    "own header": _own_header,
    "digest": _digest,
    "socket": _socket,
    "encoded": _encoded,
    "packed": _packed,
}
"""Exchanges with secrets in them, by where these stand."""
CANARIES = {
    place: canary(place)
    for place in (
        *("form", "form password", "json", "pin", "gql", "part", "params", "bearer", "issued", "basic", "user in url"),
        *("cookie set", "cookie had", "query key", "header key", "fragment"),
        *("xml", "inner", "referer", "own header", "scheme", "digest", "socket", "client", "encoded", "packed"),
    )
}


def found(texts: Iterable[tuple[str, bytes]]) -> list[str]:
    """Which canaries stand in which of the texts (name, bytes): plain, in lower case, in base64 or in hexadecimal."""
    left = []
    for name, content in texts:
        folded = content.lower()
        for place, secret in CANARIES.items():
            if any(form.lower() in folded for form in _forms(secret)):
                left.append(f"{place} in {name}")
    return left


def _forms(secret: str) -> list[bytes]:
    raw = secret.encode()
    inside = [base64.b64encode(b" " * shift + raw)[4 if shift else 0 : -4] for shift in range(3)]
    return [raw, raw.hex().encode(), *inside]


def written(folder: Path) -> list[tuple[str, bytes]]:
    """Every file under a folder, with its name."""
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return [(path.relative_to(folder).as_posix(), path.read_bytes()) for path in files]
