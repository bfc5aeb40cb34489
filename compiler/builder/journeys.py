"""Journeys and flow."""
# ruff: noqa: D102 - a method is the rule of that name in grammar/intent.lark

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from lark import Token, v_args
from lark.tree import Meta

from loadwright.compiler import nodes
from loadwright.compiler.builder.values import ValueRules
from loadwright.compiler.codes import Code


@v_args(inline=True, meta=True)
class JourneyRules(ValueRules):
    """Rules of journeys, steps, streams and flow."""

    def fragment(
        self, meta: Meta, name: Token, parameters: tuple[nodes.Text, ...], block: tuple[nodes.Flow, ...]
    ) -> nodes.Fragment:
        return nodes.Fragment(self._span(meta), self._word(name), parameters, block)

    def parameters(self, meta: Meta, *names: Token | None) -> tuple[nodes.Text, ...]:
        return tuple(self._word(name) for name in names if name)

    def block(self, meta: Meta, *items: nodes.Flow) -> tuple[nodes.Flow, ...]:
        return items

    def tags(self, meta: Meta, *tags: nodes.Text) -> nodes.Tags:
        return nodes.Tags(self._span(meta), tags)

    def cookies(self, meta: Meta, mode: Token) -> nodes.Cookies:
        return nodes.Cookies(self._span(meta), str(mode))

    def setup(self, meta: Meta, block: tuple[nodes.Flow, ...]) -> nodes.Setup:
        return nodes.Setup(self._span(meta), block)

    def teardown(self, meta: Meta, block: tuple[nodes.Flow, ...]) -> nodes.Teardown:
        return nodes.Teardown(self._span(meta), block)

    def journey(self, meta: Meta, name: Token, title: nodes.Text | None, *items: Any) -> nodes.Journey:
        return nodes.Journey(self._span(meta), self._word(name), title, items)

    def step(self, meta: Meta, name: nodes.Text, *actions: Any) -> nodes.Step:
        return nodes.Step(self._span(meta), name, actions)

    def parallel(self, meta: Meta, *requests: nodes.Request) -> nodes.Parallel:
        return nodes.Parallel(self._span(meta), requests)

    def think(self, meta: Meta, minimum: Token, maximum: Token | None) -> nodes.Think:
        return nodes.Think(self._span(meta), self._whole_time(minimum), self._whole_time(maximum or minimum))

    def request(
        self, meta: Meta, method: Token, target: Token | None, url: nodes.String, name: nodes.Text | None, *items: nodes.RequestItem
    ) -> nodes.Request:
        return nodes.Request(self._span(meta), self._word(method), self._maybe_word(target), url, name, items)

    def websocket(self, meta: Meta, target: Token | None, url: nodes.String, name: nodes.Text | None, *items: Any) -> nodes.Stream:
        return nodes.Stream(self._span(meta), "websocket", self._maybe_word(target), url, name, items)

    def events(self, meta: Meta, target: Token | None, url: nodes.String, name: nodes.Text | None, *items: Any) -> nodes.Stream:
        return nodes.Stream(self._span(meta), "events", self._maybe_word(target), url, name, items)

    def send(self, meta: Meta, text: nodes.Expression) -> nodes.Send:
        return nodes.Send(self._span(meta), text)

    def receive(self, meta: Meta, name: nodes.Text | None, *items: Any) -> nodes.Receive:
        return nodes.Receive(self._span(meta), name, tuple(item for item in items if item))

    def containing(self, meta: Meta, value: nodes.Expression) -> nodes.Containing:
        return nodes.Containing(self._span(meta), value)

    def within(self, meta: Meta, limit: Token) -> nodes.Within:
        return nodes.Within(self._span(meta), self._whole_time(limit, 1))

    def branch(self, meta: Meta, condition: nodes.Condition, block: tuple[nodes.Flow, ...]) -> nodes.Branch:
        return nodes.Branch(self._span(meta), condition, block)

    def otherwise(self, meta: Meta, block: tuple[nodes.Flow, ...]) -> nodes.Otherwise:
        return nodes.Otherwise(self._span(meta), block)

    def if_(self, meta: Meta, *parts: nodes.Branch | nodes.Otherwise | None) -> nodes.If:
        branches = tuple(part for part in parts if isinstance(part, nodes.Branch))
        last = parts[-1]
        return nodes.If(self._span(meta), branches, last if isinstance(last, nodes.Otherwise) else None)

    def repeat(self, meta: Meta, times: nodes.Expression, index: Token | None, block: tuple[nodes.Flow, ...]) -> nodes.Repeat:
        return nodes.Repeat(self._span(meta), times, self._maybe_word(index), block)

    def while_(self, meta: Meta, condition: nodes.Condition, *rest: Any) -> nodes.While:
        bound, every = self._loop(meta, rest[:-1])
        return nodes.While(self._span(meta), condition, bound, every, rest[-1])

    def until(self, meta: Meta, condition: nodes.Condition, *rest: Any) -> nodes.Until:
        bound, every = self._loop(meta, rest[:-1])
        return nodes.Until(self._span(meta), condition, bound, every, rest[-1])

    def _loop(self, meta: Meta, options: Sequence[tuple[str, Any]]) -> tuple[nodes.Count, nodes.Duration | None]:
        found = self._options(meta, options)
        if "bound" not in found:
            raise self._error(Code.UNBOUNDED, "the loop has no bound", "add how often it runs at most: `, at most 10`", meta)
        return found["bound"], found.get("interval")

    def bound(self, meta: Meta, count: Token) -> tuple[str, nodes.Count]:
        return "bound", self._count(count)

    def interval(self, meta: Meta, length: Token) -> tuple[str, nodes.Duration]:
        return "interval", self._whole_time(length)

    def for_each(
        self,
        meta: Meta,
        name: Token,
        values: nodes.Expression,
        bound: tuple[str, nodes.Count] | None,
        block: tuple[nodes.Flow, ...],
    ) -> nodes.ForEach:
        return nodes.ForEach(self._span(meta), self._word(name), values, bound[1] if bound else None, block)

    def choose(self, meta: Meta, *options: nodes.Option) -> nodes.Choose:
        return nodes.Choose(self._span(meta), options)

    def option(self, meta: Meta, percent: Token, block: tuple[nodes.Flow, ...]) -> nodes.Option:
        return nodes.Option(self._span(meta), self._percent(percent), block)

    def shuffle(self, meta: Meta, block: tuple[nodes.Flow, ...]) -> nodes.Shuffle:
        return nodes.Shuffle(self._span(meta), block)

    def use(self, meta: Meta, fragment: Token, *arguments: nodes.Expression | None) -> nodes.Use:
        return nodes.Use(self._span(meta), self._word(fragment), tuple(a for a in arguments if a))

    def stop(self, meta: Meta, what: Token) -> nodes.Stop:
        return nodes.Stop(self._span(meta), str(what))

    def fail(self, meta: Meta, message: nodes.Text) -> nodes.Fail:
        return nodes.Fail(self._span(meta), message)

    def some(self, meta: Meta, *conditions: nodes.Condition) -> nodes.Some:
        return nodes.Some(self._span(meta), conditions)

    def every(self, meta: Meta, *conditions: nodes.Condition) -> nodes.Every:
        return nodes.Every(self._span(meta), conditions)

    def negation(self, meta: Meta, _: Token, condition: nodes.Condition) -> nodes.Negation:
        return nodes.Negation(self._span(meta), condition)

    def comparison(self, meta: Meta, left: nodes.Expression, relation: Token, right: Any) -> nodes.Comparison:
        right = self._fixed(right) if isinstance(right, nodes.Text) else right
        return nodes.Comparison(self._span(meta), left, " ".join(relation.split()), right)
