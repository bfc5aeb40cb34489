"""Encodings of texts, and the ways back."""

from __future__ import annotations

import base64
import binascii
import html
import json
import re
from urllib.parse import quote, unquote_to_bytes

_JSON_ESCAPE = re.compile(r"""\\(?:u([0-9A-Fa-f]{4})|x([0-9A-Fa-f]{2})|(["'\\/bfnrt-]))""")
_JSON_NAMED = {"b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t"}
_URL = str.maketrans({chr(code): quote(chr(code), safe="") for code in range(128)})
_FORM = str.maketrans({**{chr(code): quote(chr(code), safe="*-._") for code in range(128)}, "~": "%7E", " ": "+"})
"""What takes the place of each ASCII character: most texts have no others, and `quote` is slow."""


def url_encode(text: str) -> str:
    """Percent-encode all but `A-Z a-z 0-9 - . _ ~` (RFC 3986 section 2.3), as UTF-8, hexadecimal upper case."""
    return text.translate(_URL) if text.isascii() else quote(text, safe="")


def url_decode(text: str) -> str:
    """Decode percent-encoding as UTF-8; what is no escape stays."""
    return unquote_to_bytes(text).decode("utf-8", "replace")


def form_encode(text: str) -> str:
    """Encode as `application/x-www-form-urlencoded` (WHATWG URL, section 5.2): space as `+`, `*-._` kept."""
    if text.isascii():
        return text.translate(_FORM)
    return quote(text, safe="*-._ ").replace("~", "%7E").replace(" ", "+")


def form_decode(text: str) -> str:
    """Decode a form field."""
    return url_decode(text.replace("+", " "))


def html_encode(text: str) -> str:
    """Replace `& < > " '` by character references."""
    return html.escape(text).replace("&#x27;", "&#39;")


def html_decode(text: str) -> str:
    """Replace character references as HTML does (HTML Standard, section 13.2.5.72)."""
    return html.unescape(text)


def json_escape(text: str) -> str:
    """The inside of a JSON string, escaped as `JSON.stringify` does (ECMA-262, QuoteJSONString)."""
    return json.dumps(text, ensure_ascii=False)[1:-1]


def json_unescape(text: str) -> str:
    """Replace the escapes of JSON strings by their characters; what is no escape stays, half a surrogate pair is U+FFFD.

    Strings of scripts have three more (`\\x3d`, `\\'`, `\\-`), which mean nothing in JSON.
    """
    units = _JSON_ESCAPE.sub(lambda m: chr(int(m[1] or m[2], 16)) if m[1] or m[2] else _JSON_NAMED.get(m[3], m[3]), text)
    return units.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


def base64_encode(text: str) -> str:
    """Base64 of the UTF-8 bytes, padded."""
    return base64.b64encode(text.encode()).decode()


def base64_decode(text: str) -> str:
    """The text of base64 or base64url, padded or not; empty for what is neither."""
    clean = re.sub(r"[^A-Za-z0-9+/]", "", text.replace("-", "+").replace("_", "/"))
    try:
        return base64.b64decode(clean + "=" * (-len(clean) % 4)).decode("utf-8", "replace")
    except binascii.Error:
        return ""


def base64url(data: bytes) -> str:
    """Base64url without padding."""
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


def hex_encode(text: str) -> str:
    """The UTF-8 bytes in lower-case hexadecimal."""
    return text.encode().hex()


def hex_decode(text: str) -> str:
    """The text of hexadecimal bytes; empty for what is none."""
    is_hex = re.fullmatch(r"(?:[0-9A-Fa-f]{2})*", text)
    return bytes.fromhex(text).decode("utf-8", "replace") if is_hex else ""
