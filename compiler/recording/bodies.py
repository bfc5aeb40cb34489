"""Request bodies of a HAR: from text or parameters back to the bytes that were sent."""

from __future__ import annotations

import base64
import binascii
import re
from urllib.parse import quote_plus, unquote_plus, unquote_to_bytes

from msgspec import Struct

from loadwright.compiler.recording.charsets import codec
from loadwright.compiler.recording.fields import EntryNotes, mapping, sequence, text
from loadwright.compiler.recording.model import Upload
from loadwright.compiler.recording.multipart import boundary_of, build_multipart, parse_multipart

_FORM = "application/x-www-form-urlencoded"
_ENCODED = re.compile(r"(?:[A-Za-z0-9*._+~!'()$,:;/?@-]|%[0-9A-Fa-f]{2})*")
_INCOMPLETE = "the recording holds only a part of the body that was sent (files are left out)"
_RECORD_BODIES = "record with `loadwright record`, which keeps every body as it was sent"


class Sent(Struct, frozen=True):
    """A request's body: its bytes, its media type, its parts, and whether something of it is missing."""

    data: bytes | None
    media_type: str = ""
    parts: tuple[Upload, ...] = ()
    missing: bool = False


def media_type_of(content_type: str) -> str:
    """A media type without parameters, lower case."""
    return content_type.partition(";")[0].strip().lower()


def sent_body(post: dict[str, object], content_type: str, declared: int | None, notes: EntryNotes) -> Sent:
    """The body that a HAR's `postData` describes (HAR 1.2, postData and params).

    `content_type` is the request's header and `declared` the number of bytes that its headers speak of, when known.
    """
    content_type = content_type or text(post.get("mimeType"))
    media_type = media_type_of(content_type)
    written = text(post.get("text"))
    params = [mapping(item) for item in sequence(post.get("params"))]
    if written:
        data = _written_bytes(written, post, content_type, declared, notes)
        if media_type == _FORM and params:
            _compare(written, params, notes)
    elif params:
        return _from_params(params, content_type, media_type, declared, notes)
    else:
        if declared:
            notes.warn("har-body-missing", "a body was sent that the recording does not hold", _RECORD_BODIES)
        return Sent(None, media_type, missing=bool(declared))
    boundary = boundary_of(content_type, data)
    parts = parse_multipart(data, boundary) if boundary else ()
    if boundary and not media_type.startswith("multipart/"):
        media_type = "multipart/form-data"
    missing = declared is not None and declared > len(data)
    if missing:
        notes.warn("har-body-incomplete", _INCOMPLETE, _RECORD_BODIES)
    return Sent(data, media_type, parts, missing)


# --- text -------------------------------------------------------------------------------------------------------------


def _written_bytes(written: str, post: dict[str, object], content_type: str, declared: int | None, notes: EntryNotes) -> bytes:
    if "base64" in (text(post.get("encoding")).lower(), text(post.get("_encoding")).lower()):
        data = decode_base64(written)
        if data is not None:
            return data
        notes.warn("har-body-base64", "the body says that it is base64 and is not; it was taken as text")
    return _encode(written, content_type, declared)


def _encode(written: str, content_type: str, declared: int | None) -> bytes:
    """The bytes behind a text: some tools write a body as UTF-8 text, others one character for each byte."""
    utf8 = written.encode("utf-8", "replace")
    if written.isascii():
        return utf8
    per_byte = written.encode("latin-1") if max(written) <= "\xff" else None
    charset = codec(content_type)
    named = written.encode(charset, "replace") if charset else utf8
    for candidate in (named, utf8, per_byte):
        if candidate is not None and len(candidate) == declared:
            return candidate
    if per_byte is not None and (_is_utf8(per_byte) or media_type_of(content_type) == "application/octet-stream"):
        return per_byte
    return named


def _is_utf8(data: bytes) -> bool:
    try:
        data.decode()
    except UnicodeDecodeError:
        return False
    return True


def decode_base64(written: str) -> bytes | None:
    """The bytes of base64 text (white space and missing padding allowed), or None when it is none."""
    clean = re.sub(r"\s", "", written).rstrip("=")
    try:
        return base64.b64decode(clean + "=" * (-len(clean) % 4), validate=True)
    except (binascii.Error, ValueError):
        return None


# --- parameters -------------------------------------------------------------------------------------------------------


def _from_params(
    params: list[dict[str, object]], content_type: str, media_type: str, declared: int | None, notes: EntryNotes
) -> Sent:
    if media_type.startswith("multipart/") or any("fileName" in param for param in params):
        return _multipart_from_params(params, content_type, declared, notes)
    pairs = [(text(param.get("name")), text(param.get("value"))) for param in params]
    encoded = "&".join(f"{_form(name)}={_form(value)}" for name, value in pairs)
    as_written = "&".join(f"{name}={value}" for name, value in pairs)
    body = as_written if _is_encoded(pairs) or len(as_written.encode("utf-8", "replace")) == declared != len(encoded) else encoded
    return Sent(body.encode("utf-8", "replace"), media_type or _FORM)


def _form(value: str) -> str:
    """Form encoding (WHATWG URL, section 5.2)."""
    return quote_plus(value, safe="*-._", errors="replace").replace("~", "%7E")


def _is_encoded(pairs: list[tuple[str, str]]) -> bool:
    """Whether names and values are written form-encoded already (Chromium's are, Charles' are not)."""
    every = "".join(name + value for name, value in pairs)
    return re.search("%[0-9A-Fa-f]{2}", every) is not None and _ENCODED.fullmatch(every) is not None


def _compare(written: str, params: list[dict[str, object]], notes: EntryNotes) -> None:
    raw = [tuple(pair.partition("=")[::2]) for pair in written.split("&") if pair]
    decoded = [(unquote_plus(name), unquote_plus(value)) for name, value in raw]
    listed = [(text(param.get("name")), text(param.get("value"))) for param in params]
    if listed not in (raw, decoded):
        notes.warn("har-body-conflict", "`postData` has a text and parameters that differ; the text was taken")


def _multipart_from_params(params: list[dict[str, object]], content_type: str, declared: int | None, notes: EntryNotes) -> Sent:
    boundary = boundary_of(content_type, b"") or "recorded-boundary"
    lost = any("fileName" in param and not text(param.get("value")) for param in params)
    candidates = [tuple(_part(param, packed) for param in params) for packed in (True, False)]
    bodies = [build_multipart(parts, boundary) for parts in candidates]
    chosen = 1 if declared is not None and len(bodies[1]) == declared != len(bodies[0]) else 0
    if lost:
        notes.warn("har-body-incomplete", _INCOMPLETE, _RECORD_BODIES)
    return Sent(bodies[chosen], "multipart/form-data", candidates[chosen], lost)


def _part(param: dict[str, object], packed: bool) -> Upload:
    name, value = text(param.get("name")), text(param.get("value"))
    media_type = text(param.get("contentType")) or None
    if "fileName" not in param:
        return Upload(name, value.encode("utf-8", "replace"), media_type=media_type)
    return Upload(name, _file_bytes(value, media_type or "", packed), text(param.get("fileName")), media_type)


def _file_bytes(value: str, media_type: str, packed: bool) -> bytes:
    """A file's bytes: a `data:` URL, base64 (Charles writes binary files so, without saying it), or text."""
    if value.startswith("data:") and "," in value[:200]:
        head, _, content = value.partition(",")
        return (decode_base64(content) or b"") if head.endswith(";base64") else unquote_to_bytes(content)
    textual = media_type.startswith("text/") or media_type.endswith(("json", "xml"))
    if packed and not textual and len(value) >= 8:
        data = decode_base64(value)
        if data is not None:
            return data
    return _encode(value, media_type, None)
