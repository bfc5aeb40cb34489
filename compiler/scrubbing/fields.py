"""Values that only the name of their field tells: short words and numbers, which stand elsewhere by chance."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from urllib.parse import quote_plus

from loadwright.compiler.scrubbing.sensitive import Sensitive


class Fields:
    """Replaces a value where it is the whole value of a field of its name."""

    def __init__(self, sensitive: Sensitive, substitute: Callable[[str], str]) -> None:
        self.substitute = substitute
        self.pairs = {
            (name.lower(), value)
            for value, names in sensitive.fields.items()
            if sensitive.reach[value] == "field"
            for name in names
        }
        self._patterns = [(re.compile(p, re.IGNORECASE), v) for name, v in sorted(self.pairs) for p in _patterns(name, v)]

    def named(self, name: str, value: str) -> str:
        """The value of a field."""
        return self.substitute(value) if (name.lower(), value) in self.pairs else value

    def text(self, text: str) -> str:
        """A text with its forms, JSON members, cookies, parts and inputs of those names."""
        for pattern, value in self._patterns:
            if quote_plus(value) in text or value in text:
                text = pattern.sub(lambda m, v=value: m[1] + self._like(m[2], v), text)  # type: ignore[misc]
        return text

    def places(self, text: str) -> list[tuple[int, int]]:
        """Where such values stand in a text."""
        return [
            match.span(2)
            for pattern, value in self._patterns
            if quote_plus(value) in text or value in text
            for match in pattern.finditer(text)
        ]

    def _like(self, written: str, value: str) -> str:
        made = self.substitute(value)
        return made if written == value else quote_plus(made)


def _patterns(name: str, value: str) -> Iterator[str]:
    field, exact = re.escape(name), re.escape(value)
    encoded = f"({exact}|{re.escape(quote_plus(value))})"
    yield rf"((?:^|[?&;\s]){re.escape(quote_plus(name))}=){encoded}(?=$|[&;#\s\"'])"
    if field != re.escape(quote_plus(name)):
        yield rf"((?:^|[?&;\s]){field}=){encoded}(?=$|[&;#\s\"'])"
    yield rf"(\\*\"{field}\\*\"\s*:\s*\\*\")({exact})(?=\\*\")"
    before = rf"%22{re.escape(quote_plus(name))}%22(?:\+|%20){{0,20}}%3[Aa](?:\+|%20){{0,20}}(?:%22)?"
    yield rf"({before})({re.escape(quote_plus(value))})(?=%22|%2[Cc]|%7[Dd])"
    if value.isdigit():
        yield rf"(\\*\"{field}\\*\"\s*:\s*)({exact})(?=\s*[,}}\]])"
    yield rf"(name=\"{field}\"[^\r\n]*\r?\n(?:[^\r\n]+\r?\n)*\r?\n)({exact})(?=\r?\n)"
    yield rf"(<input\b[^>]*\bname=[\"']?{field}[\"']?[^>]*\bvalue=[\"'])({exact})(?=[\"'])"
    yield rf"(<input\b[^>]*\bvalue=[\"'])({exact})(?=[\"'][^>]*\bname=[\"']?{field}[\"']?[\s/>])"
