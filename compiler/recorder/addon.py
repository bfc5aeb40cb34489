"""What mitmproxy runs for us: each exchange becomes a line of JSON, an entry of a HAR with its bodies as they were sent.

mitmproxy loads this file by its path (`mitmdump -s`) and with its own Python, so it imports nothing of Loadwright.
"""

from __future__ import annotations

import base64
import hashlib
import json
import os
from datetime import UTC, datetime
from typing import Any

OUTPUT = "LOADWRIGHT_RECORDER_OUTPUT"
"""The environment variable that names the file to write to."""


class Recorder:
    """Writes a line when the proxy is ready, and one for each exchange."""

    def __init__(self) -> None:
        self.output = open(os.environ[OUTPUT], "a", encoding="utf-8")  # noqa: SIM115 - open as long as the proxy runs
        self.master: Any = None

    def load(self, loader: Any) -> None:
        """Called first, by mitmproxy."""
        self.master = loader.master

    def running(self) -> None:
        """Tell the port and what a browser has to trust, when there is a proxy."""
        addresses = self.master.addons.get("proxyserver").listen_addrs()
        if addresses:
            authority = self.master.addons.get("tlsconfig").certstore.default_ca
            self._write({"port": addresses[0][1], "key": _key_hash(authority)})

    def response(self, flow: Any) -> None:
        """An exchange that was answered; a WebSocket is written when it ends."""
        if flow.websocket is None:
            self._write(entry(flow))

    def error(self, flow: Any) -> None:
        """An exchange that was not answered."""
        if hasattr(flow, "request"):
            self._write(entry(flow))

    def websocket_end(self, flow: Any) -> None:
        """A WebSocket, with its messages."""
        self._write(entry(flow))

    def _write(self, line: dict[str, Any]) -> None:
        self.output.write(json.dumps(line) + "\n")
        self.output.flush()


def entry(flow: Any) -> dict[str, Any]:
    """An exchange as a HAR 1.2 entry."""
    request, response = flow.request, flow.response
    ended = (response and (response.timestamp_end or response.timestamp_start)) or request.timestamp_end or request.timestamp_start
    first_byte = (response and response.timestamp_start) or ended
    sent = request.timestamp_end or request.timestamp_start
    found = {
        "startedDateTime": datetime.fromtimestamp(request.timestamp_start, UTC).isoformat(),
        "time": _milliseconds(request.timestamp_start, ended),
        "request": _request(request),
        "response": _response(response) if response else _no_response(flow),
        "cache": {},
        "timings": {
            "send": _milliseconds(request.timestamp_start, sent),
            "wait": _milliseconds(sent, first_byte),
            "receive": _milliseconds(first_byte, ended),
        },
    }
    if flow.websocket:
        found["_resourceType"] = "websocket"
        found["_webSocketMessages"] = [_message(message) for message in flow.websocket.messages]
    return found


def _request(request: Any) -> dict[str, Any]:
    headers = _headers(request.headers)
    cookies = [header["value"] for header in headers if header["name"].lower() == "cookie"]
    if len(cookies) > 1:  # HTTP/2 sends each cookie in a header of its own (RFC 9113, section 8.2.3)
        headers = [header for header in headers if header["name"].lower() != "cookie"]
        headers.append({"name": "Cookie", "value": "; ".join(cookies)})
    body = request.raw_content or b""
    found = {
        "method": request.method,
        "url": request.pretty_url,
        "httpVersion": request.http_version,
        "cookies": [],
        "headers": headers,
        "queryString": [{"name": name, "value": value} for name, value in request.query.items(multi=True)],
        "headersSize": -1,
        "bodySize": len(body),
    }
    if body:
        found["postData"] = {"mimeType": request.headers.get("content-type", ""), **_body(body)}
    return found


def _response(response: Any) -> dict[str, Any]:
    data = response.get_content(strict=False) or b""
    return {
        "status": response.status_code,
        "statusText": response.reason,
        "httpVersion": response.http_version,
        "cookies": [],
        "headers": _headers(response.headers),
        "content": {"size": len(data), "mimeType": response.headers.get("content-type", ""), **_body(data)},
        "redirectURL": response.headers.get("location", ""),
        "headersSize": -1,
        "bodySize": len(response.raw_content or b""),
    }


def _no_response(flow: Any) -> dict[str, Any]:
    found = {"status": 0, "statusText": "", "httpVersion": "", "cookies": [], "headers": [], "content": {"size": 0, "mimeType": ""}}
    return {**found, "redirectURL": "", "headersSize": -1, "bodySize": -1, "_error": flow.error.msg if flow.error else None}


def _headers(headers: Any) -> list[dict[str, str]]:
    """Names and values in their order, repeated ones too."""
    return [{"name": _text(name), "value": _text(value)} for name, value in headers.fields]


def _body(data: bytes) -> dict[str, str]:
    """A body as text where it is UTF-8, else in base64."""
    try:
        text = data.decode()
    except UnicodeDecodeError:
        text = "\0"
    return {"text": base64.b64encode(data).decode(), "encoding": "base64"} if "\0" in text else {"text": text}


def _message(message: Any) -> dict[str, Any]:
    data = message.text if message.is_text else base64.b64encode(message.content).decode()
    kind = "send" if message.from_client else "receive"
    return {"type": kind, "time": message.timestamp, "opcode": message.type.value, "data": data}


def _key_hash(authority: Any) -> str:
    """The SHA-256 of a certificate's public key (RFC 7469, section 2.4), in base64."""
    from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
    from cryptography.x509 import load_pem_x509_certificate

    key = load_pem_x509_certificate(authority.to_pem()).public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return base64.b64encode(hashlib.sha256(key).digest()).decode()


def _text(data: bytes) -> str:
    return data.decode("utf-8", "replace")


def _milliseconds(start: float, end: float) -> float:
    return round(max(0.0, end - start) * 1000, 3)


addons = [Recorder()] if OUTPUT in os.environ else []
