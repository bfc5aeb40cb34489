"""Diagnostics for programs: JSON."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import orjson

from loadwright.compiler.diagnostics import Diagnostic, Severity, errors


def as_json(diagnostics: Iterable[Diagnostic]) -> str:
    """The diagnostics for programs: an object with `errors` and `warnings` (counts) and the `diagnostics` in their order.

    Each has `code`, `severity`, `message`, `hint`, `place`, and `span` (`path`, `line`, `column`, `end_line`, `end_column`; from 1)
    or null.
    """
    found = tuple(diagnostics)
    failed = len(errors(found))
    answer = {"errors": failed, "warnings": len(found) - failed, "diagnostics": [_object(diagnostic) for diagnostic in found]}
    return orjson.dumps(answer, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE).decode()


def _object(diagnostic: Diagnostic) -> dict[str, Any]:
    return {
        "code": str(diagnostic.code),
        "severity": Severity(diagnostic.severity).value,
        "message": diagnostic.message,
        "hint": diagnostic.hint,
        "place": diagnostic.where,
        "span": diagnostic.span.model_dump() if diagnostic.span else None,
    }
