"""How functions are written: after `|`, or with parentheses."""

from __future__ import annotations

from loadwright.compiler.plan.functions import Function

WHOLE_NUMBERS = ("from", "to", "length")
"""Parameters that take a whole number; such a number is written without quotes."""


def is_pipe(function: Function) -> bool:
    """Whether a function is written after `|`: it turns a text into another."""
    return function.parameters[:1] == ("text",)


def usage(function: Function) -> str:
    """How a function is called, in backticks."""
    if is_pipe(function):
        return f"`text | {function.name}`"
    if function.choices:
        return " or ".join((f"`{function.name}()`", *(f'`{function.name}("{choice}")`' for choice in function.choices)))
    return f"`{function.name}({', '.join(function.parameters)})`"
