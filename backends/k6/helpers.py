"""The script's small functions: those that are used, with what they need, in the order of the files they are kept in."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from loadwright.backends.k6.literals import string
from loadwright.backends.k6.regex import regex
from loadwright.compiler.plan.soft_failure import (
    ERROR_HEADING,
    ERROR_MESSAGE,
    ERROR_TITLE,
    LOGIN_FORM,
    MARKED,
    SIGNATURES,
)

_IMPORTS = {
    "check": "k6",
    "group": "k6",
    "sleep": "k6",
    "hmac": "k6/crypto",
    "md5": "k6/crypto",
    "sha1": "k6/crypto",
    "sha256": "k6/crypto",
    "sha512": "k6/crypto",
    "SharedArray": "k6/data",
    "b64decode": "k6/encoding",
    "b64encode": "k6/encoding",
    "exec": "k6/execution",
    "parseHTML": "k6/html",
    "http": "k6/http",
    "Counter": "k6/metrics",
    "Rate": "k6/metrics",
    "Trend": "k6/metrics",
    "ws": "k6/ws",
}
"""The module of each name that k6 provides."""
_WHOLE = {"exec", "http", "ws"}
"""Modules that are imported as one object."""

_FILES = (
    "journeys.js",
    "requests.js",
    "streams.js",
    "checks.js",
    "schema.js",
    "captures.js",
    "json.js",
    "urls.js",
    "encoding.js",
    "texts.js",
    "user.js",
    "data.js",
    "load.js",
)
"""Where the helpers are kept: paragraphs of one declaration each, the first one about the file."""

_TOKEN = re.compile(
    r"""//[^\n]*
      | '(?:[^'\\\n]|\\.)*'
      | (?<=[(,=?:]\ )/(?![/*\s])(?:[^/\\\[\n]|\\.|\[(?:[^\]\\\n]|\\.)*\])+/[a-z]*
      | (?<=\()/(?![/*\s])(?:[^/\\\[\n]|\\.|\[(?:[^\]\\\n]|\\.)*\])+/[a-z]*
      | `(?P<template>(?:[^`\\]|\\.)*)`
      | (?<![\w$])(?<!(?<!\.\.)\.)(?P<name>[A-Za-z_$][\w$]*)(?![\w$]*:(?!:))""",
    re.VERBOSE,
)
"""Comments, strings, regular expressions, templates, and names that are neither members nor keys."""
_INNER = re.compile(r"\$\{([^}]*)\}")
_SIGNATURES = {
    "$ERROR_TITLE": ERROR_TITLE,
    "$LOGIN_FORM": LOGIN_FORM,
    "$ERROR_HEADING": ERROR_HEADING,
    "$ERROR_MESSAGE": ERROR_MESSAGE,
}


@dataclass(frozen=True)
class Helper:
    """A top-level declaration with its comment."""

    name: str
    lines: tuple[str, ...]

    def needs(self, flags: frozenset[str] = frozenset()) -> frozenset[str]:
        """The names in its code."""
        code = "\n".join(line for raw in self.lines for line in _chosen(raw, flags))
        return frozenset(_names(code)) - {self.name}


@cache
def helpers() -> dict[str, Helper]:
    """All helpers by name."""
    folder = files("loadwright.backends.k6")
    texts = ((folder / name).read_text("utf-8").rstrip("\n") for name in _FILES)
    return {helper.name: helper for text in texts for helper in map(_read, text.split("\n\n")[1:])}


def imported() -> frozenset[str]:
    """The names that k6 provides."""
    return frozenset(_IMPORTS)


def is_state(name: str) -> bool:
    """Whether a helper is a value, which must stand before what uses it, and no function."""
    return name in helpers() and not re.search(r"^(?:function|class) ", "\n".join(helpers()[name].lines), re.MULTILINE)


def closure(used: Iterable[str], flags: frozenset[str] = frozenset()) -> set[str]:
    """The names used directly or by a helper that is used, helpers and imports alike; `flags` choose among marked lines."""
    known = helpers()
    found: set[str] = set()
    open_ = list(used)
    if unknown := set(open_) - known.keys() - _IMPORTS.keys():
        raise ValueError(f"no helper: {', '.join(sorted(unknown))}")
    while open_:
        name = open_.pop()
        if name in found or (name not in known and name not in _IMPORTS):
            continue
        found.add(name)
        open_ += known[name].needs(flags) if name in known else ()
    return found


def helper_lines(names: set[str], timeout: int, flags: frozenset[str] = frozenset()) -> Iterator[tuple[str, ...]]:
    """The lines of each helper in `names`, in order.

    `timeout` (milliseconds) is that of requests without their own; `flags` choose among marked lines (`//? flag`).
    """
    for helper in helpers().values():
        if helper.name in names:
            yield tuple(line.replace("$TIMEOUT", str(timeout)) for raw in helper.lines for line in _chosen(raw, flags))


def import_lines(names: set[str]) -> list[str]:
    """The import statements for the names that k6 provides."""
    modules: dict[str, list[str]] = {}
    for name, module in _IMPORTS.items():
        if name in names:
            modules.setdefault(module, []).append(name)
    return [
        f"import {found[0] if found[0] in _WHOLE else '{ ' + ', '.join(sorted(found)) + ' }'} from '{module}';"
        for module, found in sorted(modules.items())
    ]


def _read(block: str) -> Helper:
    declaration = re.search(r"^(?:function|class|const|let) (\w+)", block, re.MULTILINE)
    if not declaration:
        raise ValueError(f"no declaration in this paragraph: {block!r}")
    for placeholder, pattern in _SIGNATURES.items():
        if placeholder in block:
            block = block.replace(placeholder, regex(pattern))
    if "$EXCEPTIONS" in block:
        pairs = (f"  [{string(always)}, {regex(pattern)}],\n" for _, always, pattern in SIGNATURES)
        block = block.replace("$EXCEPTIONS", f"[\n{''.join(pairs)}]")
    if "$MARKED" in block:
        rows = (f"  {', '.join(map(string, MARKED[start : start + 6]))},\n" for start in range(0, len(MARKED), 6))
        block = block.replace("$MARKED", f"[\n{''.join(rows)}]")
    return Helper(declaration[1], tuple(block.split("\n")))


def _names(code: str) -> Iterator[str]:
    for token in _TOKEN.finditer(code):
        if token["name"]:
            yield token["name"]
        for inner in _INNER.findall(token["template"] or ""):
            yield from _names(inner)


def _chosen(line: str, flags: frozenset[str]) -> Iterator[str]:
    code, mark, flag = line.partition(" //? ")
    if not mark or (flag.removeprefix("!") in flags) != flag.startswith("!"):
        yield code
