"""The check that a printed text means its Plan: in full, or of a long Plan by requests that show each shape of node."""

from __future__ import annotations

import re
from collections.abc import Hashable, Iterator, Sequence
from functools import cache, lru_cache

from loadwright import grammar
from loadwright.compiler.intent import parse_intent
from loadwright.compiler.plan.model import Action, Journey, Node, Parallel, Plan, Step, Variable
from loadwright.compiler.plan.template import Reference, Template, template, walk
from loadwright.compiler.plan.traverse import requests, templates
from loadwright.compiler.printer import print_intent
from loadwright.compiler.typed import Typed

FULL = 50
"""Requests up to which every one is read back. Reading is the slowest part of a long import, and most requests look alike."""

_FREE = {"value", "name", "path", "selector", "pattern", "attribute", "media_type"}
"""Fields that hold words of the user's."""
_MARK = re.compile(r"\$\{|\W")
_TERMINAL = re.compile(r"^[A-Z_]+(?:\.-?\d+)?:(.*(?:\n +\|.*)*)", re.MULTILINE)
_LONG = 60
"""Characters from which a text may be written on lines of its own."""


def reads_back(plan: Plan, text: str, path: str) -> bool:
    """Whether a text that was printed of a Plan means this Plan. Raises LoadwrightError when it cannot be read at all."""
    if sum(1 for journey in plan.journeys for _ in requests(journey)) <= FULL:
        return parse_intent(text, path)[0] == plan
    some = sample(plan)
    written = print_intent(some)
    lines = {*text.splitlines(), *(f'let {v.name} = "x"' for v in some.variables[len(plan.variables) :])}
    return lines.issuperset(written.splitlines()) and parse_intent(written, path)[0] == some


def sample(plan: Plan) -> Plan:
    """A Plan with the requests that have a node of a new shape; what was captured in the others is a variable."""
    seen: set[Hashable] = set()
    journeys = tuple(journey.model_copy(update={"nodes": _first_of_each(journey, seen)}) for journey in plan.journeys)
    some = plan.model_copy(update={"journeys": journeys})
    known = {t.name for t in plan.targets} | {s.name for s in plan.secrets} | {v.name for v in plan.variables}
    known |= {capture.name for journey in journeys for request in requests(journey) for capture in request.captures}
    used = dict.fromkeys(part.name for flat, _ in templates(some) for part in walk(flat) if isinstance(part, Reference))
    missing = tuple(Variable(name=name, value=template("x")) for name in used if name not in known)
    return some.model_copy(update={"variables": (*plan.variables, *missing)})


def _first_of_each(journey: Journey, seen: set[Hashable]) -> tuple[Node, ...]:
    kept: list[Node] = []
    for node in journey.nodes:
        if not isinstance(node, Step):
            if _is_new(node, seen):
                kept.append(node)
        elif actions := _new(node.actions, seen):
            kept.append(node.model_copy(update={"actions": actions}))
    return tuple(kept)


def _new(actions: Sequence[Action], seen: set[Hashable]) -> tuple[Action, ...]:
    kept: list[Action] = []
    for action in actions:
        if isinstance(action, Parallel):
            if requests := tuple(request for request in action.requests if _is_new(request, seen)):
                kept.append(action.model_copy(update={"requests": requests}))
        elif _is_new(action, seen):
            kept.append(action)
    return tuple(kept)


def _is_new(node: Node | Action, seen: set[Hashable]) -> bool:
    shapes = set(_shapes(node, ""))
    is_new = not shapes <= seen
    seen |= shapes
    return is_new


def _shapes(node: Typed, role: Hashable) -> Iterator[Hashable]:
    """What a node and the nodes in it look like, each by itself and by its role in the one that it stands in."""
    own: list[Hashable] = [role, type(node)]
    for name, value in vars(node).items():
        children = value if isinstance(value, tuple) else (value,)
        if name == "origin":
            continue
        if not value or not all(isinstance(child, Typed) and not isinstance(child, Template) for child in children):
            own.append(_free_shape(value) if name in _FREE and isinstance(value, str) else _shape(value))
            continue
        own.append(min(len(children), 2))
        for child in children:
            yield from _shapes(child, (type(node), name))
    yield tuple(own)


def _shape(value: object) -> Hashable:
    """What a value looks like: everything of it but its origin and its words, of which the language's own stay."""
    if isinstance(value, Typed):
        shapes: list[Hashable] = [type(value)]
        for name, one in vars(value).items():
            if isinstance(one, str):
                shapes.append(_free_shape(one) if name in _FREE else one)
            elif name != "origin":
                shapes.append(_shape(one) if one else one)
        return tuple(shapes)
    return tuple(map(_shape, value)) if isinstance(value, tuple) else value


@lru_cache(4096)
def _free_shape(text: str) -> Hashable:
    """One of the language's own words; or the characters of a text that are of no word, its ends, and whether it is long."""
    if text in _keywords():
        return text
    return frozenset(_MARK.findall(text)), _end(text[:1]), _end(text[-1:]), len(text) > _LONG


def _end(character: str) -> str:
    return "0" if character.isdigit() else "x" if character.isalpha() else character


@cache
def _keywords() -> frozenset[str]:
    return frozenset(re.findall(r"[A-Za-z_]+", " ".join(_TERMINAL.findall(grammar.text()))))
