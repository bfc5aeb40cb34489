"""Requests and responses of a HAR entry (HAR 1.2, http://www.softwareishard.com/blog/har-12-spec/)."""

from __future__ import annotations

import base64
import re
from collections.abc import Iterable
from urllib.parse import unquote, urljoin, urlsplit

from msgspec.structs import replace

from loadwright.compiler.recording.bodies import Sent, decode_base64, media_type_of, sent_body
from loadwright.compiler.recording.charsets import decode_text, is_textual
from loadwright.compiler.recording.fields import EntryNotes, mapping, number, sequence, text
from loadwright.compiler.recording.model import Headers, RecordedRequest, RecordedResponse, header
from loadwright.compiler.recording.multipart import boundary_of, parse_multipart
from loadwright.compiler.recording.packed import unpack
from loadwright.compiler.recording.urls import wire_url

REDIRECTS = frozenset((301, 302, 303, 307, 308))
_CUT, _LARGE = 0.9, 10_000
"""Of the bytes that came, the share that a whole answer has at least; of fewer bytes none is cut off."""
_OK = 200
_READ_TYPES = ("text/html", "application/json")
"""Answers that hold what later requests need, and that a browser loses where their page is left at once."""
_READ_PAGES = "wait on each page until it has been read before it is left, or record with `loadwright record`"

_TOKEN = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~-]+")
_CONTROLS = re.compile(r"[\x00-\x08\x0a-\x1f\x7f]+")


# --- requests ---------------------------------------------------------------------------------------------------------


def read_request(raw: dict[str, object], notes: EntryNotes) -> RecordedRequest | None:
    """The request of an entry; None, with a note, when it has no usable URL or method."""
    url = _url(text(raw.get("url")), notes)
    if url is None:
        return None
    post = mapping(raw.get("postData"))
    method = _method(raw, post, notes)
    if method is None:
        return None
    headers = _request_headers(raw, notes)
    declared = _declared_size(raw, headers)
    body = sent_body(post, header(headers, "content-type") or "", declared, notes)
    if body.data and (coding := header(headers, "content-encoding")):
        headers, body = _unpacked(headers, body, coding, notes)
    return RecordedRequest(method, url, headers, body.data, body.media_type, body.parts, body.missing)


def _unpacked(headers: Headers, body: Sent, coding: str, notes: EntryNotes) -> tuple[Headers, Sent]:
    """A body that the client packed, as it is without: what it holds must be seen, and a test sends it so.

    What a recorder unpacked already is sent without the header too.
    """
    data = body.data or b""
    plain = unpack(data, coding, is_textual(body.media_type) is not False, notes)
    if plain == data and data[:1] not in (b"{", b"[", b"<") and not data[:200].isascii():
        return headers, body
    kept = tuple((name, value) for name, value in headers if name.lower() != "content-encoding")
    boundary = boundary_of(header(headers, "content-type") or "", plain)
    return kept, replace(body, data=plain, parts=parse_multipart(plain, boundary) if boundary else ())


def _url(written: str, notes: EntryNotes) -> str | None:
    scheme, colon, _ = written.partition(":")
    if not written or not colon:
        notes.warn("har-no-url", "the request has no absolute url; the entry was left out")
        return None
    if scheme.lower() not in ("http", "https", "ws", "wss"):
        return written
    try:
        return wire_url(written)
    except ValueError:
        notes.warn("har-bad-url", "the request's url is not valid; the entry was left out")
        return None


def _method(raw: dict[str, object], post: dict[str, object], notes: EntryNotes) -> str | None:
    method = text(raw.get("method")).strip()
    if not method:
        method = "POST" if text(post.get("text")) or post.get("params") else "GET"
        notes.warn("har-no-method", f"the request has no method; {method} was taken")
    if not _TOKEN.fullmatch(method) or len(method) > 40:
        notes.warn("har-bad-method", "the request's method is not valid; the entry was left out")
        return None
    return method.upper()


def _request_headers(raw: dict[str, object], notes: EntryNotes) -> Headers:
    headers = read_headers(raw.get("headers"), notes)
    if header(headers, "cookie") is None:
        pairs = "; ".join(f"{name}={value}" for name, value in _cookies(raw))
        if pairs:
            headers += (("Cookie", pairs),)
    if header(headers, "authorization") is None:
        user = _user(text(raw.get("url")))
        if user:
            headers += (("Authorization", f"Basic {base64.b64encode(user).decode()}"),)
            notes.warn("har-user-in-url", "the url holds a user and a password; they were moved to an `Authorization` header")
    return headers


def _user(url: str) -> bytes:
    try:
        user, found, _ = urlsplit(url).netloc.rpartition("@")
    except ValueError:
        return b""
    return unquote(user).encode("utf-8", "replace") if found and ":" in user else b""


def _cookies(raw: dict[str, object]) -> list[tuple[str, str]]:
    found = ((text(mapping(item).get("name")), text(mapping(item).get("value"))) for item in sequence(raw.get("cookies")))
    return [(name, value) for name, value in found if _TOKEN.fullmatch(name) and not re.search(r"[\x00-\x1f;\x7f]", value)]


def _declared_size(raw: dict[str, object], headers: Headers) -> int | None:
    """The number of bytes that the request's headers, or else the recording, say the body has."""
    if header(headers, "content-encoding"):
        return None
    length = number(header(headers, "content-length") or raw.get("bodySize"))
    return int(length) if length is not None and length > 0 else None


def read_headers(value: object, notes: EntryNotes) -> Headers:
    """Names and values in their order, without HTTP/2 pseudo-headers (RFC 9113, section 8.3)."""
    listed = ((mapping(item).get("name"), mapping(item).get("value")) for item in sequence(value))
    pairs: Iterable[tuple[object, object]] = mapping(value).items() or listed
    headers: list[tuple[str, str]] = []
    for raw_name, raw_value in pairs:
        name = text(raw_name).strip()
        if name.startswith(":"):
            continue
        if not _TOKEN.fullmatch(name):
            notes.warn("har-bad-header", "a header's name is missing or not valid; the header was left out")
            continue
        if isinstance(raw_value, list | dict):
            notes.warn("har-bad-header", "a header's value is not text; the header was left out")
            continue
        headers += [(name, line) for line in _header_lines(name, text(raw_value), notes)]
    return tuple(headers)


def _header_lines(name: str, value: str, notes: EntryNotes) -> list[str]:
    if not _CONTROLS.search(value):
        return [value.strip()]
    if name.lower() == "set-cookie":
        return [_CONTROLS.sub("", line).strip() for line in value.split("\n") if line.strip()]
    notes.warn("har-bad-header", "a header's value holds control characters; they were replaced by a space")
    return [_CONTROLS.sub(" ", value).strip()]


# --- responses --------------------------------------------------------------------------------------------------------


def read_response(value: object, request: RecordedRequest, texts: dict[str, str], notes: EntryNotes) -> RecordedResponse:
    """The response of an entry; status 0 when there is none, or when it was not answered.

    Its text is the same object as an equal one in `texts`, which it is put into: pages load the same scripts again and again.
    """
    raw = mapping(value)
    status = int(number(raw.get("status")) or 0)
    if not 100 <= status <= 999:
        return RecordedResponse(0)
    headers = read_headers(raw.get("headers"), notes)
    if header(headers, "set-cookie") is None:
        headers += tuple(("Set-Cookie", f"{name}={cookie}") for name, cookie in _cookies(raw))
    content = mapping(raw.get("content"))
    content_type = header(headers, "content-type") or text(content.get("mimeType"))
    media_type = media_type_of(content_type)
    media_type = "" if media_type == "x-unknown" else media_type
    data, body = _content(content, content_type, media_type, header(headers, "content-encoding") or "", notes)
    redirect = _redirect(header(headers, "location") or text(raw.get("redirectURL")), request.url) if status in REDIRECTS else None
    is_bodiless = request.method == "HEAD"  # the length in its answer is that of the answer to a GET (RFC 9110)
    missing = not (data or body or is_bodiless) and _had_content(content, headers, number(raw.get("bodySize")))
    if missing and status == _OK and media_type in _READ_TYPES and "_file" not in content:
        notes.warn(
            "har-answer-missing", "a page or JSON came that the recording does not hold; what it gave is not found", _READ_PAGES
        )
    kept = None if body is None else texts.setdefault(body, body)
    return RecordedResponse(status, headers, kept, data, media_type, redirect, missing)


def _had_content(content: dict[str, object], headers: Headers, received: float | None) -> bool:
    """Whether an answer that was recorded without a body had one: it is in another file, or its size is known.

    The size of the content is unknown (-1) where a page was left before it was read, though the bytes had arrived.
    """
    size = number(content.get("size"))
    sizes = (size, number(header(headers, "content-length")), received if size is not None and size < 0 else None)
    return "_file" in content or any(size is not None and size > 0 for size in sizes)


def _content(
    content: dict[str, object], content_type: str, media_type: str, coding: str, notes: EntryNotes
) -> tuple[bytes, str | None]:
    """The bytes and, when it is text, the text of a response's body; no bytes where they are the text's UTF-8."""
    written = text(content.get("text"))
    if "_file" in content and not written:
        notes.warn(
            "har-body-attached",
            "the response's body is in another file",
            'record with embedded bodies (Playwright: `content="embed"`)',
        )
    textual = is_textual(media_type)
    if textual and _is_cut_off(written, number(content.get("size"))):
        hint = "raise the recorder's limit (Firefox: `devtools.netmonitor.responseBodyLimit` = 0), or `loadwright record`"
        notes.warn("har-answer-cut", "the recording holds only the beginning of an answer; what came behind it is not found", hint)
    if text(content.get("encoding")).lower() != "base64":
        return _either(written, textual is not False and "text" in content)
    decoded = decode_base64(written)
    if decoded is None:
        notes.warn("har-body-base64", "the body says that it is base64 and is not; it was taken as text")
        return _either(written, textual is not False)
    data = unpack(decoded, coding, textual is not False, notes)
    if textual is None:
        textual = _looks_textual(data)
    if not textual:
        return data, None
    decoded_text = decode_text(data, content_type)
    return (b"" if decoded_text.encode("utf-8", "replace") == data else data), decoded_text


def _is_cut_off(written: str, size: float | None) -> bool:
    """Whether far fewer characters were kept than bytes had come; what fewer bytes encode differently is no such loss."""
    if not written or size is None or len(written) >= _CUT * size or size < _LARGE:
        return False
    return len(written.encode("utf-8", "replace")) < _CUT * size


def _either(written: str, is_text: bool) -> tuple[bytes, str | None]:
    return (b"", written) if is_text else (written.encode("utf-8", "replace"), None)


def _looks_textual(data: bytes) -> bool:
    try:
        return b"\x00" not in data and data.decode() is not None
    except UnicodeDecodeError:
        return False


def _redirect(location: str, url: str) -> str | None:
    if not location:
        return None
    try:
        return urljoin(url, location)
    except ValueError:
        return None
