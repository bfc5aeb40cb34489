"""Character sets as headers name them."""

from __future__ import annotations

import codecs
import re

_NAMED = re.compile(r"""charset\s*=\s*["']?\s*([A-Za-z0-9_.:-]{1,40})""", re.IGNORECASE)
_TEXT_CODECS = re.compile(r"utf-?(?:8|16|32)|iso8859|iso2022|cp\d|koi8|shift_jis|euc|gb|big5|mac|tis|johab", re.IGNORECASE)
_TEXTUAL = re.compile(
    r"^text/|[/+](?:json|xml|javascript|ecmascript|html|x-www-form-urlencoded|graphql|csv|yaml|x-ndjson|ld)\b|script$"
)
_BINARY = re.compile(
    r"^(?:image|audio|video|font)/|^application/(?:octet-stream|pdf|zip|gzip|wasm|font|x-font|protobuf|x-protobuf|grpc|vnd\.ms)"
)
UNNAMED = "an unnamed character set"
"""What a page is in that says nothing."""


def codec(content_type: str) -> str | None:
    """The codec for the charset that a Content-Type names, or None when it names none that is known.

    ISO-8859-1 and ASCII mean windows-1252 on the web (WHATWG Encoding, section 4.2).
    """
    named = _NAMED.search(content_type)
    if not named:
        return None
    try:
        name = codecs.lookup(named[1]).name
    except LookupError:
        return None
    if name in ("iso8859-1", "ascii"):
        return "cp1252"
    return name if _TEXT_CODECS.match(name) else None


def is_textual(media_type: str) -> bool | None:
    """Whether a media type is of text; None when it does not tell."""
    if media_type == "image/svg+xml" or _TEXTUAL.search(media_type):
        return True
    return False if _BINARY.search(media_type) else None


def decode_text(data: bytes, content_type: str) -> str:
    """The text of a body: by its byte order mark, the charset it names in the header or in its first bytes, or as UTF-8."""
    for mark, name in ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be")):
        if data.startswith(mark):
            return data[len(mark) :].decode(name, "replace")
    name = codec(content_type) or codec(data[:1024].decode("latin-1") if b"<meta" in data[:1024] else "") or "utf-8"
    return data.decode(name, "replace")


def other_charset(content_type: str, text: str) -> str | None:
    """The character set of a text with more than ASCII in it, by its header or first characters; None if that is UTF-8.

    Without a name, JSON and XML are UTF-8 (RFC 8259 section 8.1, XML 1.0 section 4.3.3), a page is what the reader takes it for.
    """
    if text.isascii():
        return None
    head = text[:1024]
    declared = re.match(r"""<\?xml[^>]*?encoding\s*=\s*["']([\w.:-]{1,40})""", head)
    name = codec(content_type) or codec(f"charset={declared[1]}" if declared else head if "<meta" in head else "")
    if name is None:
        return UNNAMED if "html" in content_type.lower() else None
    return None if codecs.lookup(name).name in ("utf-8", "utf-8-sig") else name
