"""Cases made by chance, always the same: flow of every kind inside flow, held against the reference interpreter."""

from __future__ import annotations

from collections.abc import Sequence
from random import Random

from conformance.case import Case, Value, fn, let, marks, ref, request, step, t
from conformance.flow import (
    STOP_ITERATION,
    branches,
    choose,
    compared,
    each,
    every,
    fail,
    negated,
    repeat,
    shuffle,
    some,
    until,
    while_,
)
from conformance.interpreter import trace

from loadwright.compiler.plan.condition import Condition
from loadwright.compiler.plan.model import Node

_PROGRAMS = 24
_ITERATIONS = 4
_MOST = 60
"""Requests of one case, at most."""
_DEPTH = 4
_NUMERIC = ("=", "!=", "<", "<=", ">", ">=")
_TEXTUAL = ("=", "!=", "contains", "starts with", "ends with")
_WORDS = ("a", "b", "ab", "10", "2", "-1", "1.50", "x-y", "")
_LISTS = ("[]", '["a","b"]', '[1.50,"2",true]', "ab", '[["a"],[]]', "")


class _Program:
    """Writes nodes by chance; names of values are the case's own."""

    def __init__(self, case: str, chance: Random) -> None:
        self._case, self._chance = case, chance
        self._count = 0
        self._texts = [f"{case}_s{number}" for number in range(3)]
        self._numbers = [f"{case}_n{number}" for number in range(2)]

    def nodes(self) -> list[Node]:
        """The journey's nodes: every value is set before it is used."""
        first: list[Node] = [let(name, "a") for name in self._texts]
        first += [let(name, "0") for name in self._numbers]
        return [*first, *self._block(0, inside=False)]

    def _block(self, depth: int, inside: bool) -> list[Node]:
        return [self._node(depth, inside) for _ in range(self._chance.randint(1, 3))]

    def _node(self, depth: int, inside: bool) -> Node:
        kinds = ["leaf", "set", *(["if", "repeat", "while", "until", "each", "choose", "shuffle"] if depth < _DEPTH else [])]
        weights = [4, 2, *([2, 2, 1, 1, 2, 2, 1] if depth < _DEPTH else [])]
        kind = self._chance.choices(kinds, weights)[0]
        if kind == "leaf":
            return self._leaf(depth, inside)
        if kind == "set":
            return self._set()
        return self._flow(kind, depth, inside)

    def _leaf(self, depth: int, inside: bool) -> Node:
        self._count += 1
        if not inside:
            return step(self._case, str(self._count), self._request(), *self._block(depth + 1, inside=True))
        ending = self._chance.random()
        if depth > 1 and ending < 0.04:
            return STOP_ITERATION
        if depth > 1 and ending < 0.08:
            return fail(f"{self._case} ends at {self._count}")
        return self._request()

    def _request(self) -> Node:
        name = f"r{self._count}"
        shown = ("_", fn("urlencode", ref(self._chance.choice(self._texts))), "/", ref(self._chance.choice(self._numbers)))
        return request(("GET", t(f"/{name}/", *shown)), name=name)

    def _set(self) -> Node:
        if self._chance.random() < 0.5:
            words: list[Value] = [*_WORDS, fn("random_choice", "a", "b", "10")]
            return let(self._chance.choice(self._texts), self._chance.choice(words))
        number = self._chance.choice(self._numbers)
        values: list[Value] = [fn("add", ref(number), "1"), fn("random", "0", "3"), "1"]
        return let(number, self._chance.choice(values))

    def _flow(self, kind: str, depth: int, inside: bool) -> Node:
        def block() -> list[Node]:
            return self._block(depth + 1, inside)

        match kind:
            case "if":
                pairs = [(self._condition(0), block()) for _ in range(self._chance.randint(1, 3))]
                return branches(*pairs, otherwise=block() if self._chance.random() < 0.5 else None)
            case "repeat":
                times: list[Value] = ["2", "1", "0", ref(self._chance.choice(self._numbers))]
                return repeat(self._chance.choice(times), *block(), index=self._chance.choice([None, self._numbers[0]]))
            case "while":
                return while_(self._condition(0), self._chance.randint(1, 3), *block())
            case "until":
                return until(self._condition(0), self._chance.randint(1, 3), *block())
            case "each":
                bound = self._chance.choice([None, 1, 2])
                return each(self._texts[0], self._chance.choice(_LISTS), *block(), at_most=bound)
            case "choose":
                options = [(percent, block()) for percent in self._chance.choice([("50", "50"), ("33.3", "20"), ("99.9",)])]
                return choose(*options)
            case _:
                return shuffle(*block(), *block())

    def _condition(self, depth: int) -> Condition:
        kind = self._chance.random()
        if depth < 2 and kind < 0.45:
            one, two = self._condition(depth + 1), self._condition(depth + 1)
            return every(one, two) if kind < 0.15 else some(one, two) if kind < 0.3 else negated(one)
        if kind < 0.75:
            others: list[Value] = ["1", "2", "1.0", ref(self._numbers[1])]
            left, right = ref(self._chance.choice(self._numbers)), self._chance.choice(others)
            return compared(left, self._chance.choice(_NUMERIC), right)
        return compared(ref(self._chance.choice(self._texts)), self._chance.choice(_TEXTUAL), self._chance.choice(_WORDS))


def _cases() -> Sequence[Case]:
    found: list[Case] = []
    seed = 0
    while len(found) < _PROGRAMS:
        seed += 1
        name = f"program_{seed}"
        nodes = _Program(name, Random(seed)).nodes()
        done = trace(name, nodes, _ITERATIONS)
        if 8 <= len(done.targets) <= _MOST:
            found.append(
                Case(
                    name,
                    nodes,
                    marks(*done.targets),
                    iterations=_ITERATIONS,
                    flows=done.flows,
                    runs=done.steps,
                    failed_runs=done.failed_steps,
                )
            )
    return found


CASES = _cases()
