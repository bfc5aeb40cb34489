"""One session with a made-up application: the exchanges as a HAR, and what is true of each value in its requests."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from random import Random
from typing import Any, Literal
from urllib.parse import quote, quote_plus, urlencode

Label = Literal["server", "client", "typed", "free"]
"""Where a value comes from: an earlier response, the client's own making, the user; `free` may be bound or left."""
FORM = "application/x-www-form-urlencoded"
BOUNDARY = "----WebKitFormBoundary7MA4YWxkTrZu0gW"


class Value(str):
    """A text in a request whose origin the generator knows; unmarked text is constant."""

    label: Label
    kind: str

    def __new__(cls, text: str, label: Label, kind: str) -> Value:
        made = super().__new__(cls, text)
        made.label, made.kind = label, kind
        return made


Fields = Sequence[tuple[str, str]]
Site = tuple[str, str]
"""Location and key, as the importer's facts name them: (`form`, `csrf#1`), (`path`, `2`), (`json`, `/a/0`)."""


@dataclass(slots=True)
class Answer:
    """What the application answers."""

    text: str = ""
    media_type: str = "text/html"
    status: int = 200
    headers: list[tuple[str, str]] = field(default_factory=list)


def page(body: str, title: str = "Application", head: str = "") -> Answer:
    """An HTML page."""
    return Answer(
        f"<!DOCTYPE html>\n<html><head><title>{title}</title>{head}</head>\n<body>\n<h1>{title}</h1>\n{body}\n</body></html>"
    )


def data(value: Any, status: int = 200) -> Answer:
    """A JSON answer."""
    return Answer(json.dumps(value, ensure_ascii=False), "application/json", status)


def redirect(location: str, status: int = 302) -> Answer:
    """A redirect."""
    return Answer("", "", status, [("Location", location)])


class Session:
    """A recording in the making."""

    def __init__(self, values: Random, host: str, started: float) -> None:
        self.values, self.host, self.clock = values, host, started
        self.entries: list[dict[str, Any]] = []
        self.truth: list[dict[Site, Value]] = []
        self.cookies: dict[str, str] = {}

    def send(
        self,
        method: str,
        path: Sequence[str] | str,
        answer: Answer,
        *,
        query: Fields = (),
        headers: Fields = (),
        form: Fields | None = None,
        document: Any = None,
        parts: Fields | None = None,
        plain: tuple[str, str] | None = None,
        host: str = "",
        raw_query: str = "",
        resource: str = "",
        overlap: float = 0,
        duration: float = 0,
    ) -> None:
        """An exchange. `overlap` starts it that many milliseconds before the one before it has ended."""
        truth: dict[Site, Value] = {}
        segments = path.strip("/").split("/") if isinstance(path, str) else path
        for number, segment in enumerate(segments, 1):
            _mark(truth, "path", str(number), segment)
        _mark_fields(truth, "query", query)
        for name, value in headers:
            _mark(truth, "header", name.lower(), value)
        text = f"https://{host or self.host}/" + "/".join(quote(s, safe=";=-._~!$&'()*+,:@") for s in segments)
        if query or raw_query:
            text += "?" + (raw_query or urlencode(list(query)))
        body, media_type = self._body(truth, form, document, parts, plain)
        resource = resource or ("document" if method == "GET" and answer.media_type in ("text/html", "") else "xhr")
        if form is not None and not any(n.lower() == "x-requested-with" for n, _ in headers):
            resource = "document"
        self._record(method, text, list(headers), body, media_type, answer, resource, overlap, duration)
        self.truth.append(truth)

    def _body(
        self, truth: dict[Site, Value], form: Fields | None, document: Any, parts: Fields | None, plain: tuple[str, str] | None
    ) -> tuple[str | None, str]:
        if form is not None:
            _mark_fields(truth, "form", form)
            return "&".join(f"{quote_plus(n)}={quote_plus(v)}" for n, v in form), FORM
        if document is not None:
            _mark_json(truth, document, "")
            return json.dumps(document, ensure_ascii=False, separators=(",", ":")), "application/json"
        if parts is not None:
            for number, (_, value) in enumerate(parts):
                _mark(truth, "part", str(number), value)
            pieces = "".join(f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{n}"\r\n\r\n{v}\r\n' for n, v in parts)
            return f"{pieces}--{BOUNDARY}--\r\n", f"multipart/form-data; boundary={BOUNDARY}"
        if plain is not None:
            _mark(truth, "body", "", plain[0])
            return plain
        return None, ""

    def _record(
        self,
        method: str,
        url: str,
        headers: list[tuple[str, str]],
        body: str | None,
        media_type: str,
        answer: Answer,
        resource: str,
        overlap: float,
        duration: float,
    ) -> None:
        self.clock -= overlap
        took = duration or self.values.randint(20, 140)
        sent = [("Host", url.split("/")[2]), ("User-Agent", "Mozilla/5.0"), *headers]
        sent += [("Cookie", "; ".join(f"{k}={v}" for k, v in self.cookies.items()))] if self.cookies else []
        sent += [("Content-Type", media_type)] if media_type else []
        received = [*answer.headers, *([("Content-Type", answer.media_type)] if answer.media_type else [])]
        for name, value in answer.headers:
            if name == "Set-Cookie":
                cookie, _, content = value.partition(";")[0].partition("=")
                self.cookies[cookie] = content
        request: dict[str, Any] = {"method": method, "url": url, "httpVersion": "HTTP/1.1", "headers": _listed(sent)}
        request |= {"queryString": [], "cookies": [], "headersSize": -1, "bodySize": -1}
        if body is not None:
            request["postData"] = {"mimeType": media_type, "text": body}
        response = {"status": answer.status, "statusText": "", "httpVersion": "HTTP/1.1", "headers": _listed(received)}
        content = {"size": len(answer.text), "mimeType": answer.media_type, "text": answer.text}
        response |= {"cookies": [], "content": content, "redirectURL": "", "headersSize": -1, "bodySize": -1}
        started = datetime.fromtimestamp(self.clock / 1000, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
        self.entries.append(
            {"startedDateTime": started, "time": took, "request": request, "response": response, "_resourceType": resource}
            | {"cache": {}, "timings": {"send": 0, "wait": took, "receive": 0}}
        )
        self.clock += took + 5

    def pause(self) -> None:
        """The user reads."""
        self.clock += self.values.randint(900, 2600)

    def har(self) -> str:
        """The recording."""
        log = {"version": "1.2", "creator": {"name": "benchmark", "version": "1"}, "pages": [], "entries": self.entries}
        return json.dumps({"log": log}, ensure_ascii=False)


def _mark(truth: dict[Site, Value], location: str, key: str, value: Any) -> None:
    if isinstance(value, Value):
        truth[location, key] = value


def _mark_fields(truth: dict[Site, Value], location: str, fields: Fields) -> None:
    seen: Counter[str] = Counter()
    for name, value in fields:
        seen[name] += 1
        _mark(truth, location, f"{name}#{seen[name]}", value)


def _mark_json(truth: dict[Site, Value], value: Any, pointer: str) -> None:
    if isinstance(value, dict):
        for key, child in value.items():
            _mark_json(truth, child, f"{pointer}/{key}")
    elif isinstance(value, list):
        for number, child in enumerate(value):
            _mark_json(truth, child, f"{pointer}/{number}")
    elif isinstance(value, MarkedNumber):
        truth["json", pointer] = value.mark
    else:
        _mark(truth, "json", pointer, value)


class MarkedNumber(int):
    """A number in a JSON request whose origin the generator knows."""

    mark: Value

    def __new__(cls, number: int, label: Label, kind: str) -> MarkedNumber:
        made = super().__new__(cls, number)
        made.mark = Value(str(number), label, kind)
        return made


def _listed(pairs: Sequence[tuple[str, str]]) -> list[dict[str, str]]:
    return [{"name": name, "value": value} for name, value in pairs]
