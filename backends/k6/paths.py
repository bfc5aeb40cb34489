"""How k6 names headers, and how the script names places in JSON."""

from __future__ import annotations

import re
from typing import assert_never

from loadwright.backends.k6.literals import string
from loadwright.backends.k6.names import Names
from loadwright.compiler.diagnostics import Diagnostic, LoadwrightError
from loadwright.compiler.plan.jsonpath import Filter, Index, JsonPathError, Member, Segment, Wildcard, parse_path


def header_name(name: str) -> str:
    """A header's name as Go's `textproto.CanonicalMIMEHeaderKey` writes it, as which k6 keeps it."""
    if not re.fullmatch(r"[A-Za-z0-9!#$%&'*+.^_`|~-]+", name):
        return name
    return "-".join(word[:1].upper() + word[1:].lower() for word in name.split("-"))


def json_path(path: str, names: Names) -> str:
    """A JSONPath as the array that the script's `json` takes. Raises LoadwrightError for what is outside the subset."""
    try:
        segments = parse_path(path)
    except JsonPathError as error:
        raise LoadwrightError(Diagnostic(code="bad-json-path", message=f"json path `{path}`: {error}")) from None
    return "[" + ", ".join(_segment(segment, names) for segment in segments) + "]"


def _segment(segment: Segment, names: Names) -> str:
    match segment:
        case Member(name=name):
            return string(name)
        case Index(position=position):
            return str(position)
        case Wildcard():
            return names.use("ANY")
        case Filter(names=members, value=value):
            return "{ where: [" + ", ".join(string(m) for m in members) + f"], is: {string(value)} }}"
        case _:
            assert_never(segment)
