"""Bodies, and the functions of the language."""

from __future__ import annotations

import base64
import hashlib
import hmac
import html
import json
import re
import time
import uuid
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import quote, unquote


def to_json(value: Any) -> str:
    """A value as compact JSON."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def form(*fields: tuple[str, str]) -> str:
    """Fields as `application/x-www-form-urlencoded` text."""
    return "&".join(f"{form_encode(k)}={form_encode(v)}" for k, v in fields)


BOUNDARY = uuid.uuid4().hex


def multipart(*parts: bytes) -> bytes:
    """Parts as a `multipart/form-data` body."""
    start = f"--{BOUNDARY}\r\n".encode()
    return b"".join(start + part for part in parts) + f"--{BOUNDARY}--\r\n".encode()


def text_part(name: str, value: str) -> bytes:
    """A multipart part that holds text."""
    head = f'Content-Disposition: form-data; name="{part_name(name)}"'
    return f"{head}\r\n\r\n{value}\r\n".encode()


def file_part(name: str, filename: str, media_type: str, data: bytes) -> bytes:
    """A multipart part that holds a file."""
    names = f'name="{part_name(name)}"; filename="{part_name(filename)}"'
    head = f"Content-Disposition: form-data; {names}\r\nContent-Type: {media_type}"
    return f"{head}\r\n\r\n".encode() + data + b"\r\n"


def part_name(text: str) -> str:
    """A name in a multipart header, escaped as browsers do."""
    return re.sub(r"\r\n|\r|\n", "%0D%0A", text).replace('"', "%22")


def url_encode(text: str) -> str:
    """Percent-encode all but letters, digits and `-._~`."""
    return quote(text, safe="")


def url_decode(text: str) -> str:
    """Decode percent-encoding."""
    return unquote(text)


def form_encode(text: str) -> str:
    """Encode as a form field is, a space as `+`."""
    return quote(text, safe="*-._ ").replace("~", "%7E").replace(" ", "+")


def form_decode(text: str) -> str:
    """Decode a form field."""
    return unquote(text.replace("+", " "))


def html_decode(text: str) -> str:
    """Replace HTML character references by their characters."""
    return html.unescape(text)


def html_encode(text: str) -> str:
    """The characters of HTML that mean something as character references."""
    return html.escape(text).replace("&#x27;", "&#39;")


def json_escape(text: str) -> str:
    """Escape for the inside of a JSON string."""
    return json.dumps(text, ensure_ascii=False)[1:-1]


def json_unescape(text: str) -> str:
    """Turn escapes of JSON, `\\x3d`, `\\-` and `\\'` of scripts, into characters."""
    named = {"b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t"}

    def character(escape: re.Match[str]) -> str:
        code, short, letter = escape.groups()
        return named.get(letter, letter) if letter else chr(int(code or short, 16))

    escape = r"""\\(?:u([0-9A-Fa-f]{4})|x([0-9A-Fa-f]{2})|(["'\\/bfnrt-]))"""
    units = re.sub(escape, character, text)
    return units.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


def hex_encode(text: str) -> str:
    """The UTF-8 bytes in hexadecimal."""
    return text.encode().hex()


def hex_decode(text: str) -> str:
    """The text of hexadecimal bytes; empty for what is none."""
    if not re.fullmatch("(?:[0-9A-Fa-f]{2})*", text):
        return ""
    return bytes.fromhex(text).decode("utf-8", "replace")


def base64_encode(text: str) -> str:
    """Base64 of the UTF-8 bytes."""
    return base64.b64encode(text.encode()).decode()


def base64_decode(text: str) -> str:
    """The text of a base64 or base64url value, padded or not."""
    clean = re.sub(r"[^A-Za-z0-9+/]", "", text.replace("-", "+").replace("_", "/"))
    try:
        data = base64.b64decode(clean + "=" * (-len(clean) % 4))
    except ValueError:
        return ""
    return data.decode("utf-8", "replace")


def base64url_encode(text: str) -> str:
    """Base64url of the UTF-8 bytes, without padding."""
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def digest_text(algorithm: str, text: str, form: str = "hex") -> str:
    """A digest of the UTF-8 bytes."""
    return written_bytes(hashlib.new(algorithm, text.encode()).digest(), form)


def hmac_digest(
    text: str, key: str, algorithm: str = "sha256", form: str = "hex"
) -> str:
    """The HMAC of a text under a key."""
    return written_bytes(hmac.digest(key.encode(), text.encode(), algorithm), form)


def written_bytes(data: bytes, form: str) -> str:
    """Bytes in hexadecimal, base64 or base64url."""
    if form == "hex":
        return data.hex()
    if form == "base64":
        return base64.b64encode(data).decode()
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


def pkce_challenge(verifier: str) -> str:
    """The S256 challenge of a PKCE verifier (RFC 7636)."""
    digest = hashlib.sha256(verifier.encode()).digest()
    return base64.urlsafe_b64encode(digest).decode().rstrip("=")


def now_ms() -> str:
    """Milliseconds since 1970."""
    return str(time.time_ns() // 1_000_000)


def now_s() -> str:
    """Seconds since 1970."""
    return str(int(time.time()))


def now_iso() -> str:
    """The time in UTC (ISO 8601), with milliseconds."""
    now = datetime.now(UTC).replace(tzinfo=None)
    return now.isoformat(timespec="milliseconds") + "Z"


def time_text(pattern: str, offset: int = 0) -> str:
    """The time now, moved by milliseconds: `ms`, `s`, `iso` or a pattern (UTC)."""
    time_now = time.time_ns() // 1_000_000 + offset
    if pattern in ("ms", "s"):
        return str(time_now if pattern == "ms" else time_now // 1000)
    now = datetime(1970, 1, 1) + timedelta(milliseconds=time_now)
    iso = now.isoformat(timespec="milliseconds") + "Z"
    if pattern == "iso":
        return iso
    fields = re.split("[-T:.Z]", iso)
    places = {"YYYY": 0, "MM": 1, "DD": 2, "hh": 3, "mm": 4, "ss": 5, "SSS": 6}
    return re.sub("YYYY|MM|DD|hh|mm|ss|SSS", lambda f: fields[places[f[0]]], pattern)
