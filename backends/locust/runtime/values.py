"""Bodies, and the functions of the language."""

from __future__ import annotations

import base64
import hashlib
import html
import json
import random
import re
import string
import time
import uuid
from datetime import UTC, datetime
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


def json_escape(text: str) -> str:
    """Escape for the inside of a JSON string."""
    return json.dumps(text, ensure_ascii=False)[1:-1]


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


def sha256_hex(text: str) -> str:
    """SHA-256 of the UTF-8 bytes in hexadecimal."""
    return hashlib.sha256(text.encode()).hexdigest()


def pkce_challenge(verifier: str) -> str:
    """The S256 challenge of a PKCE verifier (RFC 7636)."""
    digest = hashlib.sha256(verifier.encode()).digest()
    return base64.urlsafe_b64encode(digest).decode().rstrip("=")


def new_uuid() -> str:
    """A random UUID, version 4."""
    return str(uuid.uuid4())


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


def random_int(lowest: str | int, highest: str | int) -> str:
    """A random whole number, both ends included."""
    return str(random.randint(whole_number(lowest), whole_number(highest)))


def whole_number(value: str | int) -> int:
    """A number; an error about it does not show the value, which may be a secret."""
    try:
        return int(value)
    except ValueError:
        raise ValueError("no whole number") from None


def random_text(length: str | int) -> str:
    """Random letters and digits."""
    return "".join(
        random.choices(string.ascii_letters + string.digits, k=whole_number(length))
    )
