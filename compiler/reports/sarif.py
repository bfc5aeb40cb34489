"""Diagnostics as SARIF 2.1.0 (OASIS), the format of code scanning: one run, a rule for each code that was found."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from importlib.metadata import version
from pathlib import PurePath
from typing import Any
from urllib.parse import quote

import orjson

from loadwright.compiler.diagnostics import Diagnostic, Severity
from loadwright.compiler.findings import PAGES
from loadwright.compiler.findings.page import as_markdown, as_plain

_SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"


def as_sarif(diagnostics: Iterable[Diagnostic]) -> str:
    """The diagnostics as a SARIF log, in their order.

    Columns count characters (`unicodeCodePoints`), from 1. Paths are relative to the folder of the command (`%SRCROOT%`), unless
    they lead out of it.
    """
    found = tuple(diagnostics)
    codes = list(dict.fromkeys(str(diagnostic.code) for diagnostic in found))
    driver = {
        "name": "Loadwright",
        "semanticVersion": version("loadwright"),
        "rules": [_rule(code) for code in codes],
    }
    run = {
        "tool": {"driver": driver},
        "columnKind": "unicodeCodePoints",
        "results": [_result(diagnostic, codes) for diagnostic in found],
    }
    log = {"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}
    return orjson.dumps(log, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE).decode()


def _rule(code: str) -> dict[str, Any]:
    page = PAGES.get(code)
    if page is None:
        return {"id": code}
    return {
        "id": code,
        "name": "".join(word.capitalize() for word in code.split("-")),
        "shortDescription": {"text": page.title},
        "fullDescription": {"text": page.text},
        "help": {"text": as_plain(code, page), "markdown": as_markdown(code, page)},
    }


def _result(diagnostic: Diagnostic, codes: Sequence[str]) -> dict[str, Any]:
    hint = f"\n{diagnostic.hint}" if diagnostic.hint else ""
    code = str(diagnostic.code)
    result: dict[str, Any] = {
        "ruleId": code,
        "ruleIndex": codes.index(code),
        "level": "error" if diagnostic.severity is Severity.ERROR else "warning",
        "message": {"text": diagnostic.message + hint},
    }
    location = _location(diagnostic)
    return {**result, "locations": [location]} if location else result


def _location(diagnostic: Diagnostic) -> dict[str, Any] | None:
    span = diagnostic.span
    if span is None:
        return {"logicalLocations": [{"fullyQualifiedName": diagnostic.place}]} if diagnostic.place else None
    region = {
        "startLine": span.line,
        "startColumn": span.column,
        "endLine": span.end_line,
        "endColumn": span.end_column,
    }
    return {"physicalLocation": {"artifactLocation": _artifact(span.path), "region": region}}


def _artifact(path: str) -> dict[str, str]:
    pure = PurePath(path)
    if pure.is_absolute():
        return {"uri": pure.as_uri()}
    return {"uri": quote(pure.as_posix()), "uriBaseId": "%SRCROOT%"}
