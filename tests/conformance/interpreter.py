"""The reference meaning of flow: what a journey without responses sends, step by step, for a seed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from conformance.case import generator

from loadwright.compiler.plan import random
from loadwright.compiler.plan.condition import Condition, holds
from loadwright.compiler.plan.describe import describe_condition
from loadwright.compiler.plan.functions import FUNCTIONS
from loadwright.compiler.plan.lists import items
from loadwright.compiler.plan.model import (
    Choose,
    Fail,
    ForEach,
    If,
    Node,
    Repeat,
    Request,
    Shuffle,
    Step,
    Stop,
    Until,
    Variable,
    While,
)
from loadwright.compiler.plan.template import Call, Reference, Template, Text


class _Stopped(Exception):
    """The iteration ends as passed."""


class _Failed(Exception):
    """The iteration fails, with the text of a flow failure."""


@dataclass
class Trace:
    """What happened in some iterations."""

    targets: list[str] = field(default_factory=list)
    flows: list[str] = field(default_factory=list)
    steps: int = 0
    failed_steps: int = 0


def trace(case: str, nodes: Sequence[Node], iterations: int) -> Trace:
    """What one user's iterations do."""
    found = Trace()
    for number in range(iterations):
        try:
            _Iteration(found, generator(case, 0, number)).run(nodes)
        except _Stopped:
            pass
        except _Failed as failure:
            found.flows.append(str(failure))
    return found


class _Iteration:
    def __init__(self, found: Trace, draws: random.Generator) -> None:
        self._found, self._draws = found, draws
        self._values: dict[str, str] = {}

    def run(self, nodes: Sequence[Node]) -> None:
        for node in nodes:
            self._node(node)

    def _node(self, node: Node) -> None:
        match node:
            case Request():
                self._found.targets.append(self._text(node.url))
            case Variable():
                self._values[node.name] = self._text(node.value)
            case Step():
                self._step(node)
            case If():
                self._if(node)
            case Repeat() | While() | Until() | ForEach():
                self._loop(node)
            case Choose():
                self._choose(node)
            case Shuffle():
                self.run(self._draws.shuffled(node.nodes))
            case Stop(what="iteration"):
                raise _Stopped
            case Fail():
                raise _Failed(node.message)
            case _:
                raise AssertionError(f"not in the reference: {node.kind}")

    def _step(self, step: Step) -> None:
        self._found.steps += 1
        try:
            self.run(step.actions)
        except _Failed:
            self._found.failed_steps += 1
            raise

    def _if(self, node: If) -> None:
        for branch in node.branches:
            if self._holds(branch.condition):
                return self.run(branch.nodes)
        return self.run(node.otherwise or ())

    def _loop(self, node: Repeat | While | Until | ForEach) -> None:
        match node:
            case Repeat():
                times = self._text(node.times)
                for index in range(int(times) if times.isdecimal() else 0):
                    if node.index:
                        self._values[node.index] = str(index + 1)
                    self.run(node.nodes)
            case ForEach():
                for item in items(self._text(node.values))[: node.at_most]:
                    self._values[node.name] = item
                    self.run(node.nodes)
            case While():
                for _ in range(node.at_most):
                    if not self._holds(node.condition):
                        return
                    self.run(node.nodes)
            case Until():
                for _ in range(node.at_most):
                    self.run(node.nodes)
                    if self._holds(node.condition):
                        return
                raise _Failed(f"not so after {node.at_most} passes: {describe_condition(node.condition)}")

    def _choose(self, node: Choose) -> None:
        unit, total = self._draws.unit(), Decimal(0)
        for option in node.options:
            total += option.percent / 100
            if unit < total:
                return self.run(option.nodes)
        return None

    def _holds(self, condition: Condition) -> bool:
        return holds(condition, self._text)

    def _text(self, value: Template) -> str:
        return "".join(self._part(part) for part in value.parts)

    def _part(self, part: object) -> str:
        match part:
            case Text():
                return part.value
            case Reference():
                return self._values[part.name]
            case Call():
                function = FUNCTIONS[part.function]
                arguments = [self._text(argument) for argument in part.arguments]
                if function.draw is not None:
                    return function.draw(self._draws, *arguments)
                evaluate: Callable[..., str] | None = function.evaluate
                assert evaluate
                return evaluate(*arguments)
            case _:
                raise AssertionError(f"not in the reference: {part}")
