"""The nodes of journeys and steps as statements."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import PurePath

from loadwright.backends.k6 import usage
from loadwright.backends.k6.conditions import condition
from loadwright.backends.k6.goals import Thresholds
from loadwright.backends.k6.layout import Block, Chain, Group, Node, array, call
from loadwright.backends.k6.literals import comment, seconds, string
from loadwright.backends.k6.names import Names
from loadwright.backends.k6.requests import request_node, shows_secret
from loadwright.backends.k6.streams import stream_node
from loadwright.compiler.plan import model
from loadwright.compiler.plan.describe import describe_condition
from loadwright.compiler.plan.model import (
    Choose,
    Fail,
    ForEach,
    If,
    Parallel,
    Plan,
    Repeat,
    Request,
    Shuffle,
    Step,
    Stop,
    Stream,
    Think,
    Until,
    Use,
    Variable,
    While,
)
from loadwright.compiler.plan.node import Origin, RecordingOrigin, SourceOrigin


class NodeWriter:
    """Writes the nodes of one journey; `names` are those in scope at the place that is written."""

    def __init__(self, plan: Plan, names: Names, goals: Thresholds) -> None:
        self._plan = plan
        self._names = names
        self._goals = goals

    def outer(self, nodes: Sequence[model.Node]) -> Iterator[Node]:
        """The statements of nodes that stand directly in a journey: an empty line before all but variables."""
        for node in nodes:
            if not isinstance(node, Variable):
                yield ""
            yield from self._node(node)

    def inner(self, nodes: Sequence[model.Node]) -> tuple[Node, ...]:
        """The statements of nodes inside a step or a block; steps with an empty line between them."""
        statements: list[Node] = []
        for node in nodes:
            if statements and isinstance(node, Step):
                statements.append("")
            statements += self._node(node)
        return tuple(statements)

    def let(self, variable: Variable) -> Node:
        """The assignment of a variable, brought into scope."""
        value = self._names.text(variable.value)
        return f"{self._names.bind(variable.name, variable.value)} = {value}"

    def _node(self, node: model.Node) -> Iterator[Node]:
        match node:
            case Step():
                yield from (*_origin(node.origin), self._step(node))
            case Request():
                yield from (*_origin(node.origin), self._send(node))
            case Parallel():
                yield from self._parallel(node)
            case Stream():
                yield from (*_origin(node.origin), stream_node(self._plan, node, self._names, self._goals.request_tags(node)))
            case Think():
                yield self._think(node)
            case Variable():
                yield self.let(node)
            case Stop(what=what):
                yield call(self._names.use("stop"), string(what))
            case Fail(message=message):
                yield call(self._names.use("fail"), string(message))
            case Use():
                return
            case _:
                yield from self._flow(node)

    def _flow(self, node: If | Repeat | While | Until | ForEach | Choose | Shuffle) -> Iterator[Node]:
        match node:
            case If():
                yield self._if(node)
            case Choose():
                yield self._choose(node)
            case Shuffle():
                yield self._shuffle(node)
            case Until():
                yield self._until(node)
            case _:
                yield self._loop(node)

    def _step(self, step: Step) -> Node:
        opening = f"{self._names.use('step')}({string(step.name)}, () => {{"
        statements = self.inner(step.actions)
        goal = self._goals.tags.get(step.name)
        return Block(opening, statements, f"}}, {string(goal)})" if goal else "})")

    def _request(self, request: Request) -> Group:
        return request_node(self._plan, request, self._names, self._goals.request_tags(request))

    def _send(self, request: Request) -> Node:
        return call(self._names.use("send"), self._request(request))

    def _parallel(self, group: Parallel) -> Iterator[Node]:
        alone = [request for request in group.requests if shows_secret(request, self._names)]
        together = [request for request in group.requests if request not in alone]
        for request in alone:
            yield comment("On its own: k6 logs the URLs of failed requests of a batch, and this one holds a secret.")
            yield self._send(request)
        if together:
            yield from _origin(group.origin)
            yield call(self._names.use("parallel"), array(self._together(together)))

    def _together(self, requests: Sequence[Request]) -> Iterator[Node]:
        """Requests whose values are all rendered before the first is sent: none sees a capture of another."""
        known = before = self._names.known()
        for request in requests:
            self._names.go_back(before)
            yield self._request(request)
            known |= self._names.known()
        self._names.go_back(known)

    def _think(self, pause: Think) -> Node:
        shortest, longest = seconds(pause.minimum), seconds(pause.maximum)
        if shortest == longest:
            return call(self._names.use("pause"), shortest)
        return call(self._names.use("think"), shortest, longest)

    # --- flow

    def _if(self, node: If) -> Node:
        before = self._names.known()
        blocks: list[Block] = []
        afterwards: list[frozenset[str]] = []
        for branch in node.branches:
            self._names.go_back(before)
            opening = f"{'else if' if blocks else 'if'} ({condition(branch.condition, self._names)}) {{"
            blocks.append(Block(opening, self.inner(branch.nodes)))
            afterwards.append(self._names.known())
        self._names.go_back(before)
        if node.otherwise:
            blocks.append(Block("else {", self.inner(node.otherwise)))
        afterwards.append(self._names.known())
        self._names.go_back(frozenset.intersection(*afterwards))
        return Chain(tuple(blocks))

    def _choose(self, node: Choose) -> Node:
        before = self._names.known()
        percents = ", ".join(format(option.percent.normalize(), "f") for option in node.options)
        cases: list[Node] = []
        for number, option in enumerate(node.options):
            self._names.go_back(before)
            cases.append(Block(f"case {number}: {{", (*self.inner(option.nodes), "break")))
        self._names.go_back(before)
        return Block(f"switch ({self._names.use('chosen')}({percents})) {{", tuple(cases))

    def _shuffle(self, node: Shuffle) -> Node:
        before = known = self._names.known()
        self._names.may_have(usage.bound(node.nodes))
        parts: list[tuple[str, Node]] = []
        for item in node.nodes:
            self._names.go_back(before)
            parts.append(("", Block("() => {", self.inner((item,)))))
            known |= self._names.known()
        self._names.go_back(known)
        return Group(f"{self._names.use('inRandomOrder')}([", tuple(parts), "])", is_broken=True)

    def _loop(self, node: Repeat | While | ForEach) -> Node:
        before = self._names.known()
        self._names.may_have(usage.bound((node,)))
        match node:
            case Repeat():
                opening, first = self._repeat(node)
            case While():
                opening = f"for (let pass = 0; pass < {node.at_most} && {self._condition(node)}; pass += 1) {{"
                first = [f"if (pass) {self._names.use('sleep')}({seconds(node.every)})"] if node.every else []
            case ForEach():
                opening = f"for (const item of {self._items(node)}) {{"
                first = [f"{self._names.bind(node.name, node.values)} = item"]
        block = Block(opening, (*first, *self.inner(node.nodes)))
        self._names.go_back(before)
        return block

    def _repeat(self, node: Repeat) -> tuple[str, list[Node]]:
        literal = node.times.literal
        if literal is not None:
            times = literal if literal.isascii() and literal.isdigit() else "0"
            opening = f"for (let pass = 1; pass <= {int(times)}; pass += 1) {{"
        else:
            number = f"{self._names.use('passes')}({self._names.text(node.times)})"
            opening = f"for (let pass = 1, last = {number}; pass <= last; pass += 1) {{"
        return opening, [f"{self._names.bind(node.index)} = String(pass)"] if node.index else []

    def _condition(self, node: While) -> str:
        text = condition(node.condition, self._names)
        return f"({text})" if isinstance(node.condition, model.Some) else text

    def _items(self, node: ForEach) -> str:
        values = f"{self._names.use('listItems')}({self._names.text(node.values)})"
        return values if node.at_most is None else f"{values}.slice(0, {node.at_most})"

    def _until(self, node: Until) -> Node:
        self._names.may_have(usage.bound((node,)))
        statements = list(self.inner(node.nodes))
        reason = f"not so after {node.at_most} passes: {describe_condition(node.condition)}"
        statements.append(f"if ({condition(node.condition, self._names)}) break")
        statements.append(f"if (pass === {node.at_most}) {self._names.use('fail')}({string(reason)})")
        if node.every:
            statements.append(f"{self._names.use('sleep')}({seconds(node.every)})")
        return Block("for (let pass = 1; ; pass += 1) {", tuple(statements))


def _origin(origin: Origin | None) -> tuple[str, ...]:
    """Where the node came from, as a comment."""
    if isinstance(origin, SourceOrigin):
        return (comment(f"{PurePath(origin.span.path).name}:{origin.span.line}"),)
    if isinstance(origin, RecordingOrigin):
        return (comment(f"{PurePath(origin.recording).name}, entry {origin.entry}"),)
    return (comment(f"decision {origin.decision}"),) if origin else ()
