"""Texts of a recording taken apart at the values in them, whatever encoding these stand in."""

from __future__ import annotations

import base64
import binascii
import html
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from urllib.parse import quote, quote_plus, unquote

_NAMED = {"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;"}
_BASE64 = re.compile(r"[A-Za-z0-9+/_-]{12,}(?:={1,2}|(?:%3[dD]){1,2})?")
_PRINTABLE = re.compile(r"[\x20-\x7e\t\r\n]{6,}")
_ENCODERS: tuple[Callable[[str], str], ...] = (
    lambda text: text,
    lambda text: quote(text, safe=""),
    quote_plus,
    lambda text: quote(text, safe="~()*!.'"),
    lambda text: quote(text, safe=":/"),
    lambda text: quote(quote(text, safe=""), safe=""),
    html.escape,
    lambda text: text.replace("/", "\\/"),
)


@dataclass(frozen=True, slots=True)
class Place:
    """A value in a text; `written` is how it stands there."""

    value: str
    written: str


@dataclass(frozen=True, slots=True)
class Packed:
    """A base64 run that holds values inside."""

    inside: tuple[Piece, ...]
    written: str


Piece = str | Place | Packed


@lru_cache(maxsize=65536)
def anchor(value: str) -> str:
    """The longest run of letters and digits of a value: no encoding changes it, so that a text without it lacks the value."""
    return max(re.findall(r"[A-Za-z0-9]+", value), key=len, default=value)


@lru_cache(maxsize=65536)
def pattern(value: str) -> str:
    """A regular expression, without groups, of a value in any mixture of URL, HTML and JSON escapes."""
    body = "".join(_character(c) for c in value)
    if re.match(r"[a-z]+://", value):
        return rf"{body}(?![A-Za-z0-9]|[.:-][A-Za-z0-9])"
    if len(value) >= 12:
        return body
    return rf"(?:(?<![A-Za-z0-9])|(?<=%[0-9A-Fa-f]{{2}}))(?<!\d[.,]){body}(?![A-Za-z0-9]|[.,]\d)"


@lru_cache(maxsize=65536)
def _character(c: str) -> str:
    if c.isalnum():
        return re.escape(c)
    percent = quote(c, safe="") if c not in "-._~" else "".join(f"%{b:02X}" for b in c.encode())
    forms = [re.escape(c), f"(?i:{percent})", f"(?i:{percent.replace('%', '%25')})"]
    forms += [f"&#0*{ord(c)};", f"(?i:&#x0*{ord(c):x};)", rf"(?i:\\u{ord(c):04x})"]
    forms += [re.escape(_NAMED[c])] if c in _NAMED else []
    forms += [r"\\/"] if c == "/" else []
    forms += [r"\+"] if c == " " else []
    return f"(?:{'|'.join(reversed(forms))})"


@lru_cache(maxsize=4096)
def _compiled(values: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile("|".join(f"({pattern(v)})" for v in values))


def holds(text: str, value: str) -> bool:
    """Whether a value stands in a text in some encoding."""
    return anchor(value) in text and _compiled((value,)).search(text) is not None


def cut(text: str, values: Iterable[str]) -> tuple[Piece, ...]:
    """A text as literal pieces and places of values; of overlapping values the longest counts."""
    known = list(values)
    present = tuple(sorted((v for v in known if anchor(v) in text), key=lambda v: (-len(v), v)))
    found: list[Piece] = []
    position = 0
    for match in _compiled(present).finditer(text) if present else ():
        found += [*_packed(text[position : match.start()], known), Place(present[(match.lastindex or 1) - 1], match[0])]
        position = match.end()
    return (*found, *_packed(text[position:], known))


def _packed(text: str, values: Sequence[str]) -> list[Piece]:
    found: list[Piece] = []
    position = 0
    for match in _BASE64.finditer(text):
        inside = unpacked(match[0])
        pieces = cut(inside, values) if inside and any(anchor(v) in inside for v in values) else ()
        if any(not isinstance(piece, str) for piece in pieces):
            found += [text[position : match.start()], Packed(pieces, match[0])]
            position = match.end()
    found.append(text[position:])
    return [piece for piece in found if piece != ""]


def unpacked(run: str) -> str:
    """The text that a base64 run holds, or empty when it holds none that can be read."""
    plain = unquote(run).rstrip("=").replace("-", "+").replace("_", "/")
    try:
        data = base64.b64decode(plain + "=" * (-len(plain) % 4), validate=True)
        text = data.decode("ascii")
    except (binascii.Error, UnicodeDecodeError, ValueError):
        return ""
    return text if _PRINTABLE.fullmatch(text) else ""


def unpacked_runs(text: str) -> str:
    """What the base64 runs of a text hold, a line each."""
    return "\n".join(inside for match in _BASE64.finditer(text) if (inside := unpacked(match[0])))


def places(pieces: Iterable[Piece]) -> Iterable[str]:
    """The values that stand in pieces."""
    for piece in pieces:
        if isinstance(piece, Place):
            yield piece.value
        elif isinstance(piece, Packed):
            yield from places(piece.inside)


def join(pieces: Iterable[Piece], current: Callable[[str], str]) -> str:
    """The text again, with each value as it is now in the encoding it stood in."""
    return "".join(_joined(piece, current) for piece in pieces)


def _joined(piece: Piece, current: Callable[[str], str]) -> str:
    if isinstance(piece, str):
        return piece
    if isinstance(piece, Packed):
        return _pack(join(piece.inside, current), piece.written)
    return encode_as(piece.value, piece.written, current(piece.value))


def _pack(text: str, written: str) -> str:
    data = base64.b64encode(text.encode()).decode()
    if "-" in written or "_" in written:
        data = data.replace("+", "-").replace("/", "_")
    bare = data.rstrip("=")
    if "=" in written:
        return data
    return data.replace("=", "%3D") if "%3" in written else bare


def encode_as(value: str, written: str, now: str) -> str:
    """A value in the encoding that another one stands in.

    >>> encode_as("a+b", "a%2Bb", "c+d")
    'c%2Bd'
    """
    if written == value and value.isalnum():
        return now
    for encoder in _ENCODERS:
        if encoder(value) == written:
            return encoder(now)
    if [c.isalnum() or c for c in value] == [c.isalnum() or c for c in now] and (tokens := _tokens(value, written)):
        return "".join(n if n.isalnum() else t for n, t in zip(now, tokens, strict=True))
    return quote(now, safe="") if "%" in written else html.escape(now) if "&" in written else now


def _tokens(value: str, written: str) -> list[str]:
    """How each character of a value is written; empty where the text is not the value."""
    found: list[str] = []
    position = 0
    for c in value:
        match = _compiled_character(c).match(written, position)
        if not match:
            return []
        found.append(match[0])
        position = match.end()
    return found if position == len(written) else []


@lru_cache(maxsize=4096)
def _compiled_character(c: str) -> re.Pattern[str]:
    return re.compile(_character(c))


@dataclass(frozen=True, slots=True)
class Cut:
    """A text with its values found."""

    text: str
    pieces: tuple[Piece, ...] = field(default=())

    @property
    def values(self) -> tuple[str, ...]:
        """The values in it, in order."""
        return tuple(places(self.pieces))
