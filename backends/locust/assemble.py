"""Puts a locustfile together: what is generated, and the helpers that it needs."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from loadwright.backends.locust.helpers import SECTIONS, Piece, helpers, identifiers
from loadwright.backends.locust.layout import WIDTH

_THIRD_PARTY = frozenset({"brotli", "gevent", "geventhttpclient", "locust", "lxml", "selectolax", "websocket"})


@dataclass(frozen=True)
class Generated:
    """The generated parts of a locustfile: comments at its top, constants, functions, what files hold, classes."""

    header: str
    settings: str
    journeys: str
    files: str
    load: str


def module_names() -> frozenset[str]:
    """Every name that the helpers define or import; generated ones differ."""
    found = helpers()
    return frozenset(found.imports).union(*(piece.names for piece in found.pieces))


def assemble(generated: Generated, hooks: Iterable[str]) -> str:
    """The text of a locustfile; `hooks` are the helpers that only Locust calls."""
    parts = (generated.settings, generated.journeys, generated.files, generated.load)
    used = helpers().closure({*identifiers(ast.parse("\n\n".join(parts))), *hooks})
    sections = {name: _section(name, used) for name in SECTIONS}
    settings = sections.pop("settings")
    body = [settings, generated.settings, generated.journeys, *sections.values(), generated.files, generated.load]
    text = "\n\n\n".join(part.strip("\n") for part in body if part.strip())
    return f"{generated.header}\n{_imports(used)}\n{text}\n"


def banner(name: str) -> str:
    """The comment above a section."""
    start = f"# --- {name} "
    return start + "-" * (WIDTH - len(start))


def _section(name: str, used: frozenset[str]) -> str:
    text, previous = banner(name), None
    for piece in helpers().pieces:
        if piece.section == name and used.intersection(piece.names):
            text += "\n" * (_gap(previous, piece) + 1) + piece.text(used)
            previous = piece
    return text if previous else ""


def _gap(previous: Piece | None, piece: Piece) -> int:
    """The empty lines before a piece."""
    if piece.is_block or (previous and previous.is_block):
        return 2
    return piece.gap if previous else 1


def _imports(used: frozenset[str]) -> str:
    """The import statements for what is used, in the order of isort's default profile."""
    modules: dict[str, list[str]] = {}
    for name, module in helpers().imports.items():
        if name in used:
            modules.setdefault(module or "", []).append(name)
    plain = sorted(modules.pop("", []))
    groups = ["from __future__ import annotations\n"]
    for third_party in (False, True):
        lines = [f"import {name}" for name in plain if _is_third_party(name) is third_party]
        for module in sorted(modules):
            if _is_third_party(module) is third_party:
                lines += _from_import(module, sorted(modules[module], key=_import_order))
        groups.append("".join(f"{line}\n" for line in lines))
    return "\n".join(groups)


def _import_order(name: str) -> tuple[int, str]:
    """Constants before classes before functions, each in alphabetical order."""
    return (0 if name.isupper() and len(name) > 1 else 1 if name[0].isupper() else 2, name)


def _from_import(module: str, names: list[str]) -> Iterator[str]:
    line = f"from {module} import {', '.join(names)}"
    if len(line) <= WIDTH:
        yield line
    else:
        yield f"from {module} import ("
        yield from (f"    {name}," for name in names)
        yield ")"


def _is_third_party(module: str) -> bool:
    return module.split(".")[0] in _THIRD_PARTY
