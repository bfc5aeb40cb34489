"""The standard library: what each function means, on every runtime."""

from __future__ import annotations

import base64
import binascii
import hashlib
import html
import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import quote, unquote_to_bytes


@dataclass(frozen=True)
class Function:
    """A function of the language; `evaluate` is None where the value is made at run time (it is never the same twice)."""

    name: str
    parameters: tuple[str, ...]
    optional: int
    summary: str
    evaluate: Callable[..., str] | None = None
    choices: tuple[str, ...] = ()
    """For a function whose first argument is a keyword: the words it takes."""

    @property
    def pure(self) -> bool:
        """Whether the same arguments always give the same text."""
        return self.evaluate is not None


def _decode_base64(text: str) -> bytes:
    clean = re.sub(r"[^A-Za-z0-9+/]", "", text.replace("-", "+").replace("_", "/"))
    try:
        return base64.b64decode(clean + "=" * (-len(clean) % 4))
    except binascii.Error:
        return b""


def _base64url(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


def url_encode(text: str) -> str:
    """Percent-encode all but `A-Z a-z 0-9 - . _ ~` (RFC 3986 section 2.3), as UTF-8, hexadecimal upper case."""
    return quote(text, safe="")


def form_encode(text: str) -> str:
    """Encode as `application/x-www-form-urlencoded` (WHATWG URL, section 5.2): space as `+`, `*-._` kept."""
    return quote(text, safe="*-._ ").replace("~", "%7E").replace(" ", "+")


def json_escape(text: str) -> str:
    """The inside of a JSON string, escaped as `JSON.stringify` does (ECMA-262, QuoteJSONString)."""
    return json.dumps(text, ensure_ascii=False)[1:-1]


def _url_decode(text: str) -> str:
    return unquote_to_bytes(text).decode("utf-8", "replace")


_TABLE = (
    Function("urlencode", ("text",), 0, "percent-encode all but letters, digits and `-._~`", url_encode),
    Function("urldecode", ("text",), 0, "decode percent-encoding; `+` stays", _url_decode),
    Function("formencode", ("text",), 0, "encode as a form field does: space becomes `+`", form_encode),
    Function("formdecode", ("text",), 0, "decode a form field: `+` becomes space", lambda t: _url_decode(t.replace("+", " "))),
    Function("htmldecode", ("text",), 0, "replace HTML character references by their characters", html.unescape),
    Function("jsonescape", ("text",), 0, "escape for the inside of a JSON string", json_escape),
    Function("base64", ("text",), 0, "base64 of the UTF-8 bytes, padded", lambda t: base64.b64encode(t.encode()).decode()),
    Function(
        "base64decode",
        ("text",),
        0,
        "text of a base64 or base64url value, padded or not",
        lambda t: _decode_base64(t).decode("utf-8", "replace"),
    ),
    Function("base64url", ("text",), 0, "base64url of the UTF-8 bytes, no padding", lambda t: _base64url(t.encode())),
    Function(
        "sha256",
        ("text",),
        0,
        "SHA-256 of the UTF-8 bytes, lower-case hexadecimal",
        lambda t: hashlib.sha256(t.encode()).hexdigest(),
    ),
    Function("lower", ("text",), 0, "ASCII and Unicode letters to lower case", str.lower),
    Function("upper", ("text",), 0, "ASCII and Unicode letters to upper case", str.upper),
    Function(
        "pkce_challenge",
        ("verifier",),
        0,
        "base64url of the SHA-256 of a PKCE verifier (RFC 7636, S256)",
        lambda t: _base64url(hashlib.sha256(t.encode()).digest()),
    ),
    Function("uuid", (), 0, "a random UUID, version 4, lower case"),
    Function(
        "now",
        ("format",),
        1,
        "the time now: `ms` (default) or `s` since 1970, or `iso` (UTC, milliseconds, `Z`)",
        choices=("ms", "s", "iso"),
    ),
    Function("random", ("from", "to"), 0, "a random whole number, both ends included"),
    Function("random_string", ("length",), 0, "random letters and digits"),
)

FUNCTIONS: dict[str, Function] = {function.name: function for function in _TABLE}
"""Every function by its name."""
