"""What a document's texts mean: templates, conditions, goals and quantities, read by the language's own parser."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

from loadwright.compiler.lower import lower
from loadwright.compiler.parser import parse
from loadwright.compiler.plan.condition import Condition, Every, Negation, Some
from loadwright.compiler.plan.model import Goal, If, Plan
from loadwright.compiler.plan.node import Origin
from loadwright.compiler.plan.template import Template, Text
from loadwright.compiler.print_values import quote

_MILLISECONDS = {"ms": 1, "s": 1000, "m": 60_000, "h": 3_600_000}
_SECONDS = {"s": 1, "m": 60, "h": 3600}
_BYTES = {"B": 1, "KB": 1000, "MB": 1000_000, "GB": 1000_000_000}
_QUANTITY = re.compile(r"([0-9]{1,15}(?:\.[0-9]{1,6})?)(/?)(ms|s|m|h|B|KB|MB|GB)")


def duration(text: str) -> int | None:
    """Milliseconds of `30s`; None for what is no duration of whole milliseconds."""
    return _whole(text, "", _MILLISECONDS)


def size(text: str) -> int | None:
    """Bytes of `2MB`; None for what is no size of whole bytes."""
    return _whole(text, "", _BYTES)


def rate(text: str) -> Decimal | None:
    """Iterations per second of `20/m`; None for what is no rate."""
    match = _QUANTITY.fullmatch(text)
    if not match or match[2] != "/" or match[3] not in _SECONDS:
        return None
    return Decimal(match[1]) / _SECONDS[match[3]]


def _whole(text: str, slash: str, units: dict[str, int]) -> int | None:
    match = _QUANTITY.fullmatch(text)
    if not match or match[2] != slash or match[3] not in units:
        return None
    exact = Decimal(match[1]) * units[match[3]]
    return int(exact) if exact % 1 == 0 else None


def template(text: str) -> Template:
    """The template of a document's text. Raises LoadwrightError for what stands wrong inside `${…}`."""
    if "${" not in text:
        return Template(parts=(Text(value=text),))
    source = "".join(_piece(piece, is_value) for piece, is_value in pieces(text))
    return _plan(f'let x = "{source}"').variables[0].value


def _plan(text: str) -> Plan:
    return lower(parse(text, "")).plan


def _piece(piece: str, is_value: bool) -> str:
    return f"${{{piece}}}" if is_value else quote(piece)[1:-1]


def pieces(text: str) -> Iterator[tuple[str, bool]]:
    """Literal texts, and the insides of `${…}`; `$${` is the literal `${`. Raises ValueError for a `${` that is not closed."""
    literal, position = "", 0
    while position < len(text):
        if text.startswith("$${", position):
            literal, position = literal + "${", position + 3
        elif text.startswith("${", position):
            end = _end(text, position + 2)
            if literal:
                yield literal, False
            yield text[position + 2 : end], True
            literal, position = "", end + 1
        else:
            literal, position = literal + text[position], position + 1
    if literal:
        yield literal, False


def _end(text: str, position: int) -> int:
    """Where the expression that starts at a position ends: its `}`."""
    in_quotes: list[bool] = [False]
    while position < len(text):
        if in_quotes[-1] and text[position] == "\\":
            position += 1
        elif text[position] == '"':
            in_quotes[-1] = not in_quotes[-1]
        elif in_quotes[-1] and text.startswith("${", position):
            in_quotes.append(False)
            position += 1
        elif text[position] == "}" and not in_quotes[-1]:
            if len(in_quotes) == 1:
                return position
            in_quotes.pop()
        position += 1
    raise ValueError("`${` is not closed")


def condition(text: str) -> Condition:
    """A condition as the language writes it. Raises LoadwrightError."""
    found = _plan(f"fragment x() {{ if {text}\n{{}} }}").fragments[0].nodes
    if len(found) != 1 or not isinstance(found[0], If) or len(found[0].branches) != 1:
        raise ValueError("more than a condition")
    return found[0].branches[0].condition


def goal(text: str) -> Goal:
    """A goal as the language writes it. Raises LoadwrightError."""
    found = _plan(f"goals {{ {text}\n}}").goals
    if len(found) != 1:
        raise ValueError("one goal is one text")
    return found[0]


def placed(node: Condition, origin: Origin) -> Condition:
    """A condition with one origin for all of it."""
    match node:
        case Every(conditions=inner) | Some(conditions=inner):
            return node.model_copy(update={"origin": origin, "conditions": tuple(placed(c, origin) for c in inner)})
        case Negation(condition=one):
            return node.model_copy(update={"origin": origin, "condition": placed(one, origin)})
        case _:
            return node.model_copy(update={"origin": origin})
