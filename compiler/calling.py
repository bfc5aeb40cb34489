"""How functions are written: after `|`, or with parentheses."""

from __future__ import annotations

from loadwright.compiler.plan.functions import FUNCTIONS, Function

NUMBERS = frozenset(name for f in FUNCTIONS.values() for name in set(f.numbers) - set(f.parameters[: f.piped]))
"""Parameters that take a number; such a number is written without quotes."""


def is_pipe(function: Function) -> bool:
    """Whether a function is written after `|`: it turns a text into another."""
    return function.piped


def usage(function: Function) -> str:
    """How a function is called, in backticks; `?` marks what may be left out."""
    needed = len(function.parameters) - function.optional
    shown = [name if index < needed else f"{name}?" for index, name in enumerate(function.parameters)]
    shown += ["…"] * function.variadic
    if not function.piped:
        return f"`{function.name}({', '.join(shown)})`"
    rest = f"({', '.join(shown[1:])})" if shown[1:] else ""
    return f"`{shown[0]} | {function.name}{rest}`"
