"""Property text: literal text and `${…}` expressions as one string that JMeter evaluates to what was meant.

JMeter undoes backslash escapes only in a string that holds at least one `${…}`; so what a literal must look like depends
on the whole string, and this is the only place that writes such strings.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""Characters outside XML 1.0 (section 2.2, production Char)."""


@dataclass(frozen=True)
class Expression:
    """What JMeter evaluates: `${csrf}`, `${__UUID}`."""

    text: str


def variable(name: str) -> Expression:
    """The current value of a JMeter variable."""
    return Expression("${" + name + "}")


def property_text(*parts: str | Expression) -> str:
    """One property's text from literals and expressions; evaluated by JMeter it gives exactly the literals and values.

    Raises nothing: any text can be written, characters that XML forbids by way of `${__char(n)}`.
    """
    merged = _merge(parts)
    if not any(isinstance(part, Expression) for part in merged):
        literal = "".join(str(part) for part in merged)
        if "${" not in literal and not _NOT_XML.search(literal):
            return literal
    return "".join(part.text if isinstance(part, Expression) else _escape(part) for part in merged)


def _merge(parts: tuple[str | Expression, ...]) -> list[str | Expression]:
    merged: list[str | Expression] = []
    for part in parts:
        if isinstance(part, str) and merged and isinstance(merged[-1], str):
            merged[-1] += part
        else:
            merged.append(part)
    return merged


def _escape(literal: str) -> str:
    doubled = literal.replace("\\", "\\\\").replace("${", "${__char(36)}{")
    return _NOT_XML.sub(lambda match: "${__char(" + str(ord(match[0])) + ")}", doubled)
