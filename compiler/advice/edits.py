"""Edits of a Plan that proposals stand for: other names, and a value taken from a response instead of from the environment."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from loadwright.compiler.advice.candidates import Candidate
from loadwright.compiler.plan.model import Capture, Plan
from loadwright.compiler.plan.node import DecisionOrigin
from loadwright.compiler.plan.template import Part, Reference, call

Tree = Any
"""A Plan or a part of it as plain data."""


def renamed(plan: Plan, variables: Mapping[str, str], steps: Mapping[str, str]) -> Plan:
    """The Plan with other names of captures and variables, wherever they are given or referred to, and of steps."""

    def change(node: dict[str, Tree]) -> dict[str, Tree]:
        if node.get("kind") == "reference" and node["name"] in variables:
            return {**node, "name": variables[node["name"]]}
        if node.get("kind") == "step" and node["name"] in steps:
            return {**node, "name": steps[node["name"]]}
        if "captures" in node:
            return {**node, "captures": [{**c, "name": variables.get(c["name"], c["name"])} for c in node["captures"]]}
        return node

    tree = _changed(plan.model_dump(), change)
    for variable in tree["variables"]:
        variable["name"] = variables.get(variable["name"], variable["name"])
    return Plan.model_validate(tree)


def taken_from(plan: Plan, candidate: Candidate, name: str, decision: str) -> Plan:
    """The Plan with a capture of the candidate, which later requests use in place of the secret.

    A secret that nothing refers to any more is gone; then the capture may have its name.
    """
    occurrence = candidate.occurrence
    capture = Capture(
        name=name, source=occurrence.source, occurrence=occurrence.ordinal, origin=DecisionOrigin(decision=decision)
    ).model_dump()
    part: Part = Reference(name=name)
    for function, *arguments in occurrence.chain:
        part = call(function, part, *arguments)
    value = part.model_dump()

    def at(node: dict[str, Tree]) -> int:
        origin = node.get("origin") or {}
        ours = "method" in node and "url" in node and origin.get("recording") == candidate.recording
        return origin.get("entry", -1) if ours else -1

    def change(node: dict[str, Tree]) -> dict[str, Tree]:
        if at(node) in candidate.later:
            node = _changed(node, lambda n: value if _refers(n, candidate.secret) else n)
        if at(node) == occurrence.entry:
            node = {**node, "captures": [*node["captures"], capture]}
        return node

    tree = _changed(plan.model_dump(), change)
    if not _mentions(tree["journeys"], candidate.secret) or name == candidate.secret:
        tree["secrets"] = [s for s in tree["secrets"] if s["name"] != candidate.secret]
    return Plan.model_validate(tree)


def is_left(plan: Plan, candidate: Candidate) -> bool:
    """Whether requests would need the secret still, as those before the candidate's response do."""
    return _mentions(taken_from(plan, candidate, "x" * 60, "").model_dump()["journeys"], candidate.secret)


def _refers(node: Tree, name: str) -> bool:
    return isinstance(node, dict) and node.get("kind") == "reference" and node["name"] == name


def _mentions(tree: Tree, name: str) -> bool:
    if isinstance(tree, dict):
        return _refers(tree, name) or any(_mentions(item, name) for item in tree.values())
    return isinstance(tree, list | tuple) and any(_mentions(item, name) for item in tree)


def _changed(tree: Tree, change: Callable[[dict[str, Tree]], dict[str, Tree]]) -> Tree:
    """The tree with every object changed, inner ones first."""
    if isinstance(tree, dict):
        return change({key: _changed(item, change) for key, item in tree.items()})
    if isinstance(tree, list | tuple):
        return [_changed(item, change) for item in tree]
    return tree
