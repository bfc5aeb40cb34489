"""Puts a locustfile together: what is generated, and the helpers that it needs."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from loadwright.backends.locust.layout import Group, laid_out

_WIDTH = 88
_CALLED_BY_LOCUST = frozenset(
    {"_urlopen", "context", "on_start", "on_stop", "iteration", "dispatch", "tick"}
)
_BANNER = re.compile(r"^# --- (\w+) -+$", re.MULTILINE)


@dataclass(frozen=True)
class _Member:
    """A part of a class, with the lines between it and the one before."""

    source: str
    name: str | None
    """None for what always belongs to the class."""
    used: frozenset[str]


@dataclass(frozen=True)
class _Piece:
    """A definition of the runtime."""

    names: tuple[str, ...]
    section: str
    gap: int
    """Blank lines before it."""
    head: str
    members: tuple[_Member, ...]
    used: frozenset[str]

    @property
    def is_block(self) -> bool:
        return not self.head[:1].isupper() or bool(self.members)


@dataclass(frozen=True)
class _Runtime:
    imports: tuple[ast.Import | ast.ImportFrom, ...]
    pieces: tuple[_Piece, ...]


@dataclass(frozen=True)
class Generated:
    """The generated parts of a locustfile."""

    header: str
    settings: str
    journeys: str
    load: str


def module_names() -> frozenset[str]:
    """Every name that the runtime defines or imports; generated ones differ."""
    runtime = _runtime()
    imported = {_bound(alias) for node in runtime.imports for alias in node.names}
    return frozenset(imported.union(*(piece.names for piece in runtime.pieces)))


def assemble(generated: Generated, hooks: Iterable[str]) -> str:
    """The text of a locustfile; `hooks` are the runtime's listeners that it needs."""
    runtime = _runtime()
    parts = (generated.settings, generated.journeys, generated.load)
    used = _closure(runtime, {*_identifiers(ast.parse("\n\n".join(parts))), *hooks})
    sections: dict[str, list[_Piece]] = {}
    for piece in runtime.pieces:
        if used.intersection(piece.names):
            sections.setdefault(piece.section, []).append(piece)
    settings = _section_text("settings", sections.pop("settings", []), used)
    helpers = [_section_text(name, pieces, used) for name, pieces in sections.items()]
    body = [settings, generated.settings, generated.journeys, *helpers, generated.load]
    text = "\n\n\n".join(part.strip("\n") for part in body if part.strip())
    return f"{generated.header}\n{_imports(runtime, text)}\n{text}\n"


@cache
def _runtime() -> _Runtime:
    source = Path(__file__).with_name("runtime.py").read_text(encoding="utf-8")
    tree = ast.parse(source)
    lines = source.splitlines()
    banners = {
        source[: found.start()].count("\n") + 1: found[1]
        for found in _BANNER.finditer(source)
    }
    imports, pieces, end = [], [], 0
    for node in tree.body:
        if isinstance(node, ast.Import | ast.ImportFrom):
            imports.append(node)
        elif not isinstance(node, ast.Expr):
            section = [name for line, name in banners.items() if line < node.lineno][-1]
            pieces.append(_piece(node, lines, section, end))
        end = node.end_lineno or 0
    return _Runtime(tuple(imports), tuple(pieces))


def _piece(node: ast.stmt, lines: list[str], section: str, end: int) -> _Piece:
    start, stop = _start(node), node.end_lineno or 0
    gap = [not line for line in lines[end : start - 1]].count(True)
    if not isinstance(node, ast.ClassDef):
        source = "\n".join(lines[start - 1 : stop])
        return _Piece(
            _defined(node), section, gap, source, (), frozenset(_identifiers(node))
        )
    first = node.body[0]
    head = "\n".join(lines[start - 1 : _start(first) - 1])
    outside = {
        name
        for part in (*node.bases, *node.decorator_list)
        for name in _identifiers(part)
    }
    members, end = [], _start(first) - 1
    for member in node.body:
        text = "\n".join(lines[end : member.end_lineno])
        members.append(
            _Member(text, _member_name(member), frozenset(_identifiers(member)))
        )
        end = member.end_lineno or 0
    return _Piece((node.name,), section, gap, head, tuple(members), frozenset(outside))


def _start(node: ast.stmt) -> int:
    decorators = getattr(node, "decorator_list", [])
    decorated: list[int] = [d.lineno for d in decorators]
    return min([node.lineno, *decorated])


def _defined(node: ast.stmt) -> tuple[str, ...]:
    if isinstance(node, ast.FunctionDef):
        return (node.name,)
    return tuple(
        n.id
        for n in ast.walk(node)
        if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)
    )


def _member_name(node: ast.stmt) -> str | None:
    if not isinstance(node, ast.FunctionDef) or node.name in _CALLED_BY_LOCUST:
        return None
    return None if node.name.startswith("__") else node.name


def _identifiers(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Name):
            yield node.id
        elif isinstance(node, ast.Attribute):
            yield node.attr


def _closure(runtime: _Runtime, used: set[str]) -> set[str]:
    """Everything that is used by what is used."""
    while True:
        before = len(used)
        for piece in runtime.pieces:
            if used.intersection(piece.names):
                used |= piece.used
                used.update(
                    *(m.used for m in piece.members if m.name is None or m.name in used)
                )
        if len(used) == before:
            return used


def banner(name: str) -> str:
    """The comment above a section."""
    start = f"# --- {name} "
    return start + "-" * (_WIDTH - len(start))


def _section_text(name: str, pieces: list[_Piece], used: set[str]) -> str:
    text = banner(name) if pieces else ""
    previous: _Piece | None = None
    for piece in pieces:
        loose = (
            previous is not None and not _is_block(previous) and not _is_block(piece)
        )
        gap = (
            piece.gap
            if loose
            else 1
            if previous is None and not _is_block(piece)
            else 2
        )
        text += "\n" * (gap + 1) + _text(piece, used)
        previous = piece
    return text


def _is_block(piece: _Piece) -> bool:
    return piece.head.startswith(("def ", "class ", "@"))


def _text(piece: _Piece, used: set[str]) -> str:
    members = [m.source for m in piece.members if m.name is None or m.name in used]
    return "\n".join([piece.head, *members]) if members else piece.head


def _imports(runtime: _Runtime, text: str) -> str:
    used = set(_identifiers(ast.parse(text)))
    groups: list[list[str]] = [[], []]
    lines = ["from __future__ import annotations", ""]
    for node in runtime.imports:
        names = [alias for alias in node.names if _bound(alias) in used]
        if not names or getattr(node, "module", "") == "__future__":
            continue
        groups[_is_third_party(node)].extend(_import_lines(node, names))
    for group in groups:
        lines += [*group, ""] if group else []
    return "\n".join(lines)


def _import_lines(
    node: ast.Import | ast.ImportFrom, names: list[ast.alias]
) -> Iterator[str]:
    if isinstance(node, ast.Import):
        yield from (f"import {alias.name}" for alias in names)
        return
    listed = ", ".join(alias.name for alias in names)
    line = f"from {node.module} import {listed}"
    if len(line) <= _WIDTH:
        yield line
    else:
        yield from laid_out(
            Group(
                f"from {node.module} import (",
                tuple(alias.name for alias in names),
                ")",
            ),
            40,
        )


def _is_third_party(node: ast.Import | ast.ImportFrom) -> bool:
    module = node.module if isinstance(node, ast.ImportFrom) else node.names[0].name
    return (module or "").split(".")[0] in {"brotli", "gevent", "locust", "selectolax"}


def _bound(alias: ast.alias) -> str:
    return alias.asname or alias.name
