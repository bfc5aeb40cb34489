"""The codes that the sources give to diagnostics, found in the sources themselves."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]
FOLDERS = ("compiler", "backends")


def emitted() -> dict[str, list[str]]:
    """Each literal code with the places that give it: what stands for a parameter `code`, wherever a function has one."""
    trees = {path: ast.parse(path.read_text("utf-8")) for folder in FOLDERS for path in sorted((ROOT / folder).rglob("*.py"))}
    positions: dict[str, set[int]] = {"Diagnostic": {0}}
    for tree in trees.values():
        for node in ast.walk(tree):
            if isinstance(node, ast.FunctionDef):
                names = [a.arg for a in node.args.args if a.arg not in ("self", "cls")]
                if "code" in names:
                    positions.setdefault(node.name, set()).add(names.index("code"))
    found: dict[str, list[str]] = {}
    for path, tree in trees.items():
        for node in ast.walk(tree):
            for code in _codes(node, positions):
                found.setdefault(code, []).append(f"{path.relative_to(ROOT)}:{node.lineno}")  # type: ignore[attr-defined]
    return found


def _codes(node: ast.AST, positions: dict[str, set[int]]) -> Iterator[str]:
    if not isinstance(node, ast.Call):
        return
    name = node.func.id if isinstance(node.func, ast.Name) else node.func.attr if isinstance(node.func, ast.Attribute) else ""
    if name not in positions:
        return
    given = [node.args[i] for i in positions[name] if i < len(node.args)]
    given += [keyword.value for keyword in node.keywords if keyword.arg == "code"]
    for value in given:
        yield from _literals(value)


def _literals(value: ast.expr) -> Iterator[str]:
    if isinstance(value, ast.Constant) and isinstance(value.value, str):
        yield value.value
    elif isinstance(value, ast.IfExp):
        yield from _literals(value.body)
        yield from _literals(value.orelse)
    elif isinstance(value, ast.JoinedStr):
        yield "".join(str(part.value) if isinstance(part, ast.Constant) else "*" for part in value.values)
