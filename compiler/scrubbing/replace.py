"""Finds sensitive values in texts, in every way that a text encodes them, and puts something in their place."""

from __future__ import annotations

import base64
import binascii
import html
import json
import re
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from urllib.parse import quote, quote_plus, unquote

from loadwright.compiler.scrubbing.sensitive import Sensitive

Encode = Callable[[str], str]
_PREFIX = 4
_RUN = re.compile(r"[A-Za-z0-9+/]{16,}={0,2}|[A-Za-z0-9_-]{16,}={0,2}")
_ESCAPES = re.compile(r"(?:\\u[0-9A-Fa-f]{4}){3,}|(?:&#[xX]?[0-9A-Fa-f]{1,6};){3,}|(?:%[0-9A-Fa-f]{2}){3,}")
"""A text that is written in nothing but escapes."""
_ENDS_ESCAPED = re.compile(r"(?:%[0-9A-Fa-f]{2}|\\u[0-9A-Fa-f]{4}|\\[bfnrtv]|(?<![\w-])-p)\Z")
"""What ends in a letter or digit and is no part of a word: escapes, and an option (`-pSecret`)."""
_DEEPEST = 2
_LOWER_HEX = re.compile("%[0-9A-F]{2}")


def _lowered(text: str) -> str:
    return _LOWER_HEX.sub(lambda m: m.group().lower(), text)


def _json_ascii(text: str) -> str:
    return json.dumps(text)[1:-1]


def _json_html(text: str) -> str:
    """As servers write JSON into pages: signs that HTML could take for its own as `\\u0026`."""
    return "".join(f"\\u{ord(c):04x}" if c in "&<>'+=" else c for c in _json_ascii(text))


def _escaped(text: str) -> str:
    """Every sign but letters and digits as `\\u002b`."""
    return "".join(f"\\u{ord(c):04x}" if not c.isalnum() and ord(c) < 0x10000 else c for c in text)


def _numeric(text: str) -> str:
    return "".join(f"&#x{ord(c):X};" if not c.isalnum() else c for c in text)


def _base64(text: str) -> str:
    return base64.b64encode(text.encode("utf-8", "replace")).decode()


ENCODINGS: tuple[Encode, ...] = (
    str,
    lambda t: quote(t, safe=""),
    lambda t: _lowered(quote(t, safe="")),
    lambda t: quote(t, safe="!~*'()/:@,;=$"),
    quote_plus,
    lambda t: _lowered(quote_plus(t)),
    lambda t: quote(quote(t, safe=""), safe=""),
    lambda t: html.escape(t, quote=True),
    lambda t: html.escape(t, quote=True).replace("&#x27;", "&#39;").replace("&quot;", "&#34;"),
    _numeric,
    lambda t: "".join(f"&#{ord(c)};" if not c.isalnum() else c for c in t),
    _json_ascii,
    lambda t: json.dumps(t, ensure_ascii=False)[1:-1],
    lambda t: _json_ascii(t).replace("/", "\\/"),
    _json_html,
    lambda t: _json_html(t).replace("\\u003c", "\\u003C").replace("\\u003e", "\\u003E").replace("\\u002b", "\\u002B"),
    _escaped,
    lambda t: "".join(f"\\u{ord(c):04X}" if not c.isalnum() and ord(c) < 0x10000 else c for c in t),
    lambda t: _json_ascii(_json_ascii(t)),
    _base64,
    lambda t: _base64(t).rstrip("="),
    lambda t: _base64(t).replace("+", "-").replace("/", "_").rstrip("="),
    lambda t: quote(_base64(t), safe=""),
    lambda t: t.encode("utf-8", "replace").hex(),
)
"""What URLs, forms, pages, JSON and headers make of a value. A stand-in has its signs at the same places, so each fits both."""


@dataclass(frozen=True, slots=True)
class Form:
    """One way in which a value stands in a text."""

    text: str
    value: str
    encode: Encode
    word: bool


class Finder:
    """Finds the values that are recognised in any text."""

    def __init__(self, sensitive: Sensitive) -> None:
        self._by_prefix: dict[str, list[Form]] = defaultdict(list)
        for value in sensitive.kinds:
            reach = sensitive.reach[value]
            seen: set[str] = set()
            for encode in ENCODINGS if reach != "field" else ():
                text = encode(value)
                if text not in seen and len(text) >= _PREFIX:
                    seen.add(text)
                    self._by_prefix[text[:_PREFIX]].append(Form(text, value, encode, reach == "word"))
        for forms in self._by_prefix.values():
            # the same text may be one value as it is and another one encoded: the latter tells more
            forms.sort(key=lambda f: (-len(f.text), f.text, len(f.value), f.value))
        self._pattern = _alternatives(self._by_prefix)

    def find(self, text: str, under: int | None = None) -> Iterator[tuple[int, Form]]:
        """Where values stand, the longest at each place, none overlapping another; `under`: only values shorter than that."""
        if self._pattern is None:
            return
        position = 0
        while match := self._pattern.search(text, position):
            start = match.start()
            form = self._at(text, start, under)
            if form:
                yield start, form
            position = start + (len(form.text) if form else 1)

    def _at(self, text: str, start: int, under: int | None) -> Form | None:
        for form in self._by_prefix[text[start : start + _PREFIX]]:
            if (under is None or len(form.value) < under) and text.startswith(form.text, start):
                if form.word and not _stands_alone(text, start, start + len(form.text)):
                    continue
                return form
        return None


class Replacer:
    """Puts what `substitute` gives for a value in its place, in the way in which the text encodes it."""

    def __init__(self, finder: Finder, substitute: Callable[[str], str]) -> None:
        self.finder, self.substitute = finder, substitute

    def __call__(self, text: str, under: int | None = None, depth: int = 0) -> str:
        """The text with every value replaced, those inside of base64 too."""
        if len(text) < _PREFIX:
            return text
        parts: list[str] = []
        position = 0
        for start, form in self.finder.find(text, under):
            parts += [text[position:start], form.encode(self.substitute(form.value))]
            position = start + len(form.text)
        replaced = "".join([*parts, text[position:]]) if parts else text
        if "%" in replaced or "&#" in replaced or "\\u" in replaced:
            replaced = _ESCAPES.sub(lambda m: self._escaped(m.group(), under), replaced)
        return _RUN.sub(lambda m: self._decoded(m.group(), under, depth), replaced) if depth < _DEEPEST else replaced

    def _escaped(self, run: str, under: int | None) -> str:
        plain = _unescaped(run)
        again = self(plain, under, _DEEPEST)
        return run if again == plain else _like(again, run)

    def _decoded(self, run: str, under: int | None, depth: int) -> str:
        text = readable(run)
        if not text:
            return run
        again = self(text, under, depth + 1)
        return run if again == text else _packed(again, run)


def readable(run: str) -> str:
    """The text that a run of base64 holds, or empty."""
    clean = run.rstrip("=").replace("-", "+").replace("_", "/")
    try:
        head = base64.b64decode(clean[:12])
        if any((byte < 0x20 and byte not in (9, 10, 13)) or byte == 0x7F for byte in head):
            return ""
        return base64.b64decode(clean + "=" * (-len(clean) % 4)).decode("utf-8")
    except (binascii.Error, ValueError):
        return ""


def encoded_runs(text: str) -> Iterator[tuple[int, int, str]]:
    """Where a text holds base64 of something readable, or nothing but escapes, and what that is."""
    if "%" in text or "&#" in text or "\\u" in text:
        yield from ((*match.span(), _unescaped(match.group())) for match in _ESCAPES.finditer(text))
    for match in _RUN.finditer(text):
        if inner := readable(match.group()):
            yield match.start(), match.end(), inner


def _unescaped(run: str) -> str:
    if run[0] == "&":
        return html.unescape(run)
    if run[0] == "%":
        return unquote(run)
    return re.sub(r"\\u(.{4})", lambda m: chr(int(m[1], 16)), run)


def _like(text: str, run: str) -> str:
    """A text in escapes as another one is written."""
    if run[0] == "&":
        form = "&#x%X;" if "x" in run[:4] else "&#X%X;" if "X" in run[:4] else "&#%d;"
        made = "".join(form % ord(c) for c in text)
    elif run[0] == "%":
        made = "".join(f"%{byte:02X}" for byte in text.encode("utf-8", "replace"))
    else:
        made = "".join(f"\\u{ord(c):04X}" for c in text)
    upper = re.search("[A-F]", run[1:].replace("X", "")) is not None
    return made if upper else made.lower()


def _packed(text: str, like: str) -> str:
    made = _base64(text)
    if "-" in like or "_" in like or not ("+" in like or "/" in like or len(like) % 4 == 0):
        made = made.replace("+", "-").replace("/", "_")
    return made if like.endswith("=") or len(like) % 4 == 0 else made.rstrip("=")


def _stands_alone(text: str, start: int, end: int) -> bool:
    before, after = text[start - 1 : start], text[end : end + 1]
    return not after.isalnum() and (not before.isalnum() or _ENDS_ESCAPED.search(text, max(0, start - 6), start) is not None)


def _alternatives(prefixes: dict[str, list[Form]]) -> re.Pattern[str] | None:
    """A pattern for any of the prefixes, grouped by their first sign, which is what most places of a text fail at."""
    if not prefixes:
        return None
    groups: dict[str, list[str]] = defaultdict(list)
    for prefix in sorted(prefixes):
        groups[prefix[0]].append(re.escape(prefix[1:]))
    return re.compile("|".join(f"{re.escape(first)}(?:{'|'.join(rest)})" for first, rest in groups.items()))
