"""Recorded secrets, and the texts that hold them: whatever a rule makes of what stands around a value, no secret goes with it."""

from __future__ import annotations

import base64
import html
import json
import re
from collections.abc import Iterable, Iterator
from typing import Any

from loadwright.compiler.plan.encodings import html_encode
from loadwright.compiler.plan.functions import form_encode, json_escape, url_encode

MASK = "hidden"
"""What stands in place of a secret where no reference can."""
_SHORTEST = 4
"""Characters of a secret, or of its end, that are met by chance more seldom."""
_LONG_NUMBER = 12
_RUN = re.compile(r"[^\W_]+")
_ESCAPE = re.compile(r"\\(.)", re.DOTALL)


class Hidden:
    """The secrets of a recording that are long enough to be recognised."""

    def __init__(self, values: Iterable[str] = ()) -> None:
        self.values = tuple(sorted({value for value in values if len(value) >= _SHORTEST}, key=lambda v: (-len(v), v)))
        self._written = {form: (value, encoder) for value in reversed(self.values) for form, encoder in _forms(value)}
        """How each of them is written, and by which function."""
        self.forms = tuple(sorted(self._written, key=lambda form: (-len(form), form)))
        weak = {value for value in self.values if value.isalpha() or value.isdigit()}
        self._telling = tuple(form for form in self.forms if self._written[form][0] not in weak)
        self._tails: dict[str, list[tuple[str, int]]] = {}
        """By the first characters of an end of a secret: the secret, and where the end begins."""
        for value in self.values:
            for n in range(1, len(value) - _SHORTEST + 1):
                self._tails.setdefault(value[n : n + _SHORTEST], []).append((value, n))
        runs = (_RUN.findall(value) for value in self.values)
        self._loose = [
            re.compile(r"[\W_]*".join(map(re.escape, found)), re.IGNORECASE) for found in runs if len("".join(found)) >= _SHORTEST
        ]

    def stand_in(self, text: str) -> bool:
        """Whether one of them stands in a text, also encoded as URLs, pages and JSON do it."""
        return any(form in text for form in self.forms)

    def places(self, text: str) -> Iterator[tuple[int, int, str, str]]:
        """Start, end, secret and what writes it so, of each that stands in a text; a word or number is met by chance."""
        if self._telling and any(form in text for form in self._telling):
            for match in re.finditer("|".join(map(re.escape, self._telling)), text):
                yield match.start(), match.end(), *self._written[match[0]]

    def is_told_by(self, source: str) -> bool:
        """Whether the words of an extractor hold one of these, or the end of one."""
        if not self.forms:
            return False
        plain = unescaped(source)
        return self.stand_in(source) or self.stand_in(plain) or self._ends(plain)

    def out_of(self, text: str) -> str:
        """A text with a mask in place of each; a few digits inside of a longer number are met by chance."""
        for form in self.forms:
            if form not in text:
                continue
            if form.isdigit() and len(form) < _LONG_NUMBER:
                text = re.sub(rf"(?<![A-Za-z0-9]){form}(?![A-Za-z0-9])", MASK, text)
            else:
                text = text.replace(form, MASK)
        return text

    def out_of_name(self, name: str) -> str:
        """The name of a step or request with a mask in place of each, however its letters are spaced there."""
        for pattern in self._loose:
            name = pattern.sub(MASK, name)
        return name

    def out_of_all(self, value: Any) -> Any:
        """The same for every text of a document."""
        if isinstance(value, str):
            return self.out_of(value)
        if isinstance(value, dict):
            return {name: self.out_of_all(one) for name, one in value.items()}
        return [self.out_of_all(one) for one in value] if isinstance(value, list | tuple) else value

    def _ends(self, source: str) -> bool:
        """Whether a pattern begins within a secret, since only so many characters before a value are taken."""
        begin = source.partition("/")[2]
        return any(begin.startswith(value[n:]) for value, n in self._tails.get(begin[:_SHORTEST], ()))


def unescaped(pattern: str) -> str:
    """A pattern without its backslashes: what it matches, where it is a text."""
    return _ESCAPE.sub(r"\1", pattern)


def _forms(value: str) -> Iterable[tuple[str, str]]:
    """How a value is written in URLs, pages and JSON, with the function that does it or does as well."""
    escaped = html.escape(value)
    yield from ((json.dumps(value)[1:-1], "jsonescape"), (value.encode().hex(), "hex"))
    yield from ((escaped, "htmlencode"), (escaped.replace("&#x27;", "&#39;").replace("&quot;", "&#34;"), "htmlencode"))
    yield "".join(f"&#{ord(one)};" for one in value), "htmlencode"
    yield base64.b64encode(value.encode()).decode(), "base64"
    yield from ((encode(value), name) for name, encode in _ENCODERS)
    yield value, ""


_ENCODERS = (("htmlencode", html_encode), ("jsonescape", json_escape), ("formencode", form_encode), ("urlencode", url_encode))
