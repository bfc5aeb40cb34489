"""The definitions in `runtime/`, cut into pieces that can be copied one by one."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

SECTIONS = (
    *("settings", "network", "extraction", "schema", "sources", "soft_failures", "answers", "reports", "clock", "load_line"),
    *("workers", "digest", "streams", "client", "loops", "users", "arrivals", "goals", "values", "texts", "chance", "data"),
)
"""The modules of the runtime, in the order in which they are copied."""

_CALLED_BY_LOCUST = frozenset({"_urlopen", "get_client", "context", "on_stop", "live", "dispatch", "tick", "return_ok_secure"})


@dataclass(frozen=True)
class Member:
    """A part of a class, with the empty lines before it; `name` is None for what always belongs to the class."""

    source: str
    name: str | None
    uses: frozenset[str]


@dataclass(frozen=True)
class Piece:
    """A definition: its text, or the head of a class and its members; `gap` is the number of empty lines before it."""

    names: tuple[str, ...]
    section: str
    gap: int
    head: str
    members: tuple[Member, ...]
    uses: frozenset[str]

    @property
    def is_block(self) -> bool:
        """Whether it is a function or class, which stands apart from what is around it."""
        return self.head.startswith(("def ", "class ", "@"))

    def kept(self, used: Iterable[str]) -> list[Member]:
        """The members that are needed."""
        return [member for member in self.members if member.name is None or member.name in used]

    def text(self, used: Iterable[str]) -> str:
        """The definition without members that nothing needs."""
        return "\n".join([self.head, *(member.source for member in self.kept(used))])


@dataclass(frozen=True)
class Helpers:
    """All pieces, and where the names that they import come from (None: the name is a module's)."""

    pieces: tuple[Piece, ...]
    imports: dict[str, str | None]

    def closure(self, used: Iterable[str]) -> frozenset[str]:
        """The names that are used by what these names stand for, and so on."""
        found = set(used)
        while True:
            before = len(found)
            for piece in self.pieces:
                if found.intersection(piece.names):
                    found |= piece.uses.union(*(member.uses for member in piece.kept(found)))
            if len(found) == before:
                return frozenset(found)


@cache
def helpers() -> Helpers:
    """What `runtime/` holds."""
    pieces: list[Piece] = []
    imports: dict[str, str | None] = {"partial": "functools"}  # which only journeys use
    for section in SECTIONS:
        source = (Path(__file__).parent / "runtime" / f"{section}.py").read_text(encoding="utf-8")
        tree = ast.parse(source)
        pieces += _pieces(tree, source.splitlines(), section)
        imports |= _imports(tree)
    return Helpers(tuple(pieces), imports)


def identifiers(tree: ast.AST) -> Iterator[str]:
    """Every name and attribute in a tree."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Name):
            yield node.id
        elif isinstance(node, ast.Attribute):
            yield node.attr


def _imports(tree: ast.Module) -> Iterator[tuple[str, str | None]]:
    for node in tree.body:
        if isinstance(node, ast.Import):
            yield from ((alias.name, None) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module != "__future__" and "loadwright" not in (node.module or ""):
            yield from ((alias.name, node.module) for alias in node.names)


def _pieces(tree: ast.Module, lines: list[str], section: str) -> Iterator[Piece]:
    end = 0
    for node in tree.body:
        if not isinstance(node, ast.Import | ast.ImportFrom | ast.Expr):
            gap = [not line for line in lines[end : _start(node) - 1]].count(True)
            yield _piece(node, lines, section, gap)
        end = node.end_lineno or 0


def _piece(node: ast.stmt, lines: list[str], section: str, gap: int) -> Piece:
    if not isinstance(node, ast.ClassDef):
        source = "\n".join(lines[_start(node) - 1 : node.end_lineno])
        return Piece(_defined(node), section, gap, source, (), frozenset(identifiers(node)))
    first = _start(node.body[0]) - 1
    head = "\n".join(lines[_start(node) - 1 : first])
    uses = {name for part in (*node.bases, *node.decorator_list) for name in identifiers(part)}
    return Piece((node.name,), section, gap, head, tuple(_members(node, lines, first)), frozenset(uses))


def _members(node: ast.ClassDef, lines: list[str], end: int) -> Iterator[Member]:
    for member in node.body:
        source = "\n".join(lines[end : member.end_lineno])
        yield Member(source, _optional_name(member), frozenset(identifiers(member)))
        end = member.end_lineno or 0


def _optional_name(node: ast.stmt) -> str | None:
    if not isinstance(node, ast.FunctionDef) or node.name in _CALLED_BY_LOCUST:
        return None
    return None if node.name.startswith("__") else node.name


def _start(node: ast.stmt) -> int:
    decorators: list[ast.expr] = getattr(node, "decorator_list", [])
    return min([node.lineno, *(decorator.lineno for decorator in decorators)])


def _defined(node: ast.stmt) -> tuple[str, ...]:
    if isinstance(node, ast.FunctionDef):
        return (node.name,)
    targets: list[ast.expr] = node.targets if isinstance(node, ast.Assign) else [getattr(node, "target", ast.Constant(value=""))]
    return tuple(target.id for target in targets if isinstance(target, ast.Name))
