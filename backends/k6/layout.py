"""Lays out JavaScript: what fits on a line stays on it, the rest is broken at its outermost list."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from loadwright.backends.k6.literals import key
from loadwright.backends.writer import Writer

_WIDTH = 120


@dataclass(frozen=True)
class Group:
    """A bracketed list: `opening` item, item `closing`; items carry their prefix (`name: `)."""

    opening: str
    items: tuple[tuple[str, Node], ...]
    closing: str
    is_broken: bool = False
    """Whether it stands on lines of its own even where it would fit on one."""


@dataclass(frozen=True)
class Block:
    """A function body: `opening`, statements, `closing`."""

    opening: str
    statements: tuple[Node, ...]
    closing: str = "}"


@dataclass(frozen=True)
class Chain:
    """Blocks that continue each other: `if (…) {` … `} else if (…) {` … `}`."""

    blocks: tuple[Block, ...]


Node = str | Group | Block | Chain


def array(items: Iterable[Node]) -> Group:
    """An array literal."""
    return Group("[", tuple(("", item) for item in items), "]")


def mapping(members: Iterable[tuple[str, Node]], is_broken: bool = False) -> Group:
    """An object literal; a member named as its value is written short."""
    return Group("{", tuple(("", k) if k == v else (f"{key(k)}: ", v) for k, v in members), "}", is_broken)


def call(function: str, *arguments: Node) -> Group:
    """A call of a function."""
    return Group(f"{function}(", tuple(("", argument) for argument in arguments), ")")


def write(writer: Writer, node: Node, before: str = "", after: str = "") -> None:
    """Write a node with what stands before and after it."""
    flat = _flat(node)
    if flat is not None and writer.column + len(before) + len(flat) + len(after) <= _WIDTH:
        writer.line(before + flat + after)
    elif isinstance(node, str) or (isinstance(node, Group) and not node.items):
        writer.line(before + str(flat) + after)
    elif isinstance(node, Chain):
        _write_chain(writer, node)
    elif isinstance(node, Block):
        with writer.block(before + node.opening, node.closing + after):
            for statement in node.statements:
                write(writer, statement, after=_end(statement))
    else:
        _write_group(writer, node, before, after)


def _write_group(writer: Writer, group: Group, before: str, after: str) -> None:
    hug = _hugged(group)
    if hug is not None:
        first = "".join(f"{prefix}{item}, " for prefix, item in group.items[:-1])
        write(writer, hug, before + group.opening + first, group.closing + after)
        return
    with writer.block(before + group.opening, group.closing + after):
        for prefix, item in group.items:
            write(writer, item, prefix, ",")


def _write_chain(writer: Writer, chain: Chain) -> None:
    for number, block in enumerate(chain.blocks):
        with writer.block(f"}} {block.opening}" if number else block.opening):
            for statement in block.statements:
                write(writer, statement, after=_end(statement))
    writer.line("}")


def _hugged(group: Group) -> Node | None:
    """The last argument of a call, when it is a list itself and short texts stand before it: `form([` … `])`."""
    *others, (_, last) = group.items
    width = sum(len(item) if isinstance(item, str) else _WIDTH for _, item in others)
    return last if group.closing == ")" and not isinstance(last, str) and width < _WIDTH // 2 else None


def _flat(node: Node) -> str | None:
    """The node on one line, or None when it does not go there."""
    if isinstance(node, str):
        return node
    if isinstance(node, Block | Chain) or node.is_broken:
        return None
    parts = []
    for prefix, item in node.items:
        flat = _flat(item)
        if flat is None:
            return None
        parts.append(prefix + flat)
    space = " " if node.opening.endswith("{") and parts else ""
    return node.opening + space + ", ".join(parts) + space + node.closing


def _end(statement: Node) -> str:
    is_block = isinstance(statement, Chain) or (isinstance(statement, Block) and statement.closing == "}")
    return "" if is_block or _is_comment(statement) else ";"


def _is_comment(statement: Node) -> bool:
    return isinstance(statement, str) and (not statement or statement.startswith("//"))
