"""The nodes of a journey as Python statements: steps, what they do, and the flow around them."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from pathlib import PurePath
from typing import assert_never

from loadwright.backends.locust.conditions import Conditions
from loadwright.backends.locust.layout import Doc, PythonWriter, call, flat
from loadwright.backends.locust.literals import comment, literal
from loadwright.backends.locust.names import Scope, snake_case
from loadwright.backends.locust.requests import Requests, seconds
from loadwright.backends.locust.streams import StreamWriter
from loadwright.compiler.plan.condition import Condition
from loadwright.compiler.plan.describe import describe_condition
from loadwright.compiler.plan.model import (
    Branch,
    Choose,
    Every,
    Fail,
    ForEach,
    If,
    Node,
    Parallel,
    Repeat,
    Request,
    Shuffle,
    Some,
    Step,
    Stop,
    Stream,
    Think,
    Until,
    Use,
    Variable,
    While,
)
from loadwright.compiler.plan.node import Origin
from loadwright.compiler.plan.traverse import walk_nodes


class FlowWriter:
    """Writes the nodes of one part of a journey."""

    def __init__(self, writer: PythonWriter, scope: Scope, requests: Requests) -> None:
        self.writer = writer
        self.scope = scope
        self.requests = requests
        self.expressions = requests.expressions
        self.conditions = Conditions(self.expressions)
        self.read = requests.checks.read
        self.functions: dict[int, dict[int, str]] = {}
        """The functions that are written already for a group of parallel requests, by its identity."""

    def nodes(self, nodes: Sequence[Node]) -> None:
        """Write nodes one after the other."""
        for node in nodes:
            self.node(node)

    def node(self, node: Node) -> None:
        """Write a node."""
        match node:
            case Step():
                self._step(node)
            case Request():
                self.comment(node.origin)
                self.requests.write(self.writer, node)
            case Parallel():
                self._parallel(node)
            case Stream():
                self._stream(node)
            case Think():
                self.think(node)
            case Variable():
                self.variable(node)
            case Stop(what=what):
                self.writer.line(f"raise {'EndIteration' if what == 'iteration' else 'EndUser'}")
            case Fail(message=message):
                self.writer.expression(call("user.fail", literal(message)))
            case Use():
                raise AssertionError("a Plan is expanded before it is written")
            case _:
                self._control(node)

    def _control(self, node: If | Repeat | While | Until | ForEach | Choose | Shuffle) -> None:
        if not isinstance(node, If | Choose):
            self._before_loop(node)
        self.comment(node.origin)
        match node:
            case If():
                self._if(node)
            case Repeat():
                self._repeat(node)
            case While():
                self._while(node)
            case Until():
                self._until(node)
            case ForEach():
                self._for_each(node)
            case Choose():
                self._choose(node)
            case Shuffle():
                self._shuffle(node)
            case _:
                assert_never(node)

    def block(self, nodes: Sequence[Node]) -> None:
        """Write nodes as the block of what was written before."""
        with self.writer.block():
            before = self.writer.count
            self.nodes(nodes)
            self.pass_unless_statements_after(before)

    def _step(self, step: Step) -> None:
        self._blank()
        self.comment(step.origin)
        opening = f"user.step({literal(step.name)})"
        actions = [a for a in step.actions if not isinstance(a, Variable) or self._is_evaluated(a)]
        only = actions[0] if len(actions) == 1 else None
        if isinstance(only, Request) and not self.requests.is_plain(only):
            self._together([(opening, ""), (self.requests.opening(only), " as response")], only.origin)
            with self.writer.block():
                self.requests.write_checks(self.writer, only)
        elif isinstance(only, Stream):
            self._stream(only, opening)
        else:
            self.writer.line(f"with {opening}:")
            self.block(actions)
        self.writer.blank()

    def _together(self, openings: Sequence[tuple[Doc, str]], origin: Origin | None) -> None:
        """Write the beginning of a block of several things, the last ones at a place of their own."""
        line = f"with {', '.join(flat(opening) + name for opening, name in openings)}:"
        if origin is None and self.writer.fits(line):
            self.writer.line(line)
            return
        with self.writer.block("with (", "):"):
            for number, (opening, name) in enumerate(openings):
                if number == 1:
                    self.comment(origin)
                self.writer.expression(opening, after=f"{name},")

    def _stream(self, stream: Stream, step: str = "") -> None:
        """Write a stream, in a step that has nothing else."""
        writer = StreamWriter(self.writer, self.requests, self.think, self.variable)
        openings: list[tuple[Doc, str]] = [*([(step, "")] if step else []), *writer.openings(stream)]
        if len(openings) == 1:
            self.comment(stream.origin)
            self.writer.expression(openings[0][0], "with ", f"{openings[0][1]}:")
        else:
            self._together(openings, stream.origin if step else None)
        writer.write_actions(stream)

    def think(self, think: Think) -> None:
        """Write a pause."""
        self.writer.line(f"user.think({seconds(think.minimum)}, {seconds(think.maximum)})")

    def variable(self, variable: Variable) -> None:
        """Write an assignment; of a value that nothing reads, only what its making does."""
        value = self.expressions.text(variable.value)
        if variable.name in self.read:
            self.writer.expression(value, f"{self.expressions.names[variable.name]} = ")
        elif variable.value.literal is None:
            self.writer.expression(value, "_ = ")  # it may draw a random number, count, or fail

    def _is_evaluated(self, variable: Variable) -> bool:
        return variable.name in self.read or variable.value.literal is None

    def _parallel(self, group: Parallel) -> None:
        if id(group) not in self.functions:
            self._request_functions(group, self.scope.inner())
        self.comment(group.origin)
        names = self.functions.pop(id(group))
        calls = (names.get(number) or self.requests.later(request) for number, request in enumerate(group.requests))
        self.writer.expression(call("user.parallel", *calls))

    def _request_functions(self, group: Parallel, scope: Scope) -> None:
        """Write a function for each request of a group whose answer is looked at."""
        names = self.functions[id(group)] = {}
        for number, request in enumerate(group.requests):
            if not self.requests.is_plain(request):
                names[number] = scope.add(object(), snake_case(request.name)[:40].strip("_"))
                self._request_function(names[number], request)

    def _before_loop(self, loop: Node) -> None:
        """Write the functions of the groups in a loop before it, since they need not be made in each pass."""
        for node in walk_nodes((loop,)):
            if isinstance(node, Parallel) and id(node) not in self.functions:
                self._request_functions(node, self.scope)

    def _request_function(self, function: str, request: Request) -> None:
        captured = [self.expressions.names[c.name] for c in request.captures if c.name in self.read]
        local = list(dict.fromkeys(name for name in captured if "." not in name))
        for name in local:
            self.writer.line(f"{name}: str")
        self._blank()
        self.writer.line(f"def {function}() -> None:")
        with self.writer.block():
            if local:
                self.writer.line(f"nonlocal {', '.join(local)}")
            self.comment(request.origin)
            self.requests.write(self.writer, request)
        self.writer.blank()

    def _if(self, node: If) -> None:
        node = self._simplest(node)
        for number, branch in enumerate(node.branches):
            self._condition("elif" if number else "if", branch.condition)
            self.block(branch.nodes)
        if node.otherwise is not None:
            self.writer.line("else:")
            self.block(node.otherwise)

    def _simplest(self, node: If) -> If:
        """The same as linters ask for it: branches that do alike are one, and so are conditions with nothing between them."""
        found: list[Branch] = []
        for branch in node.branches:
            nodes = tuple(n for n in branch.nodes if not isinstance(n, Variable) or self._is_evaluated(n))
            if found and found[-1].nodes == nodes:
                either = Some(conditions=(found[-1].condition, branch.condition))
                found[-1] = found[-1].model_copy(update={"condition": either})
            else:
                found.append(branch.model_copy(update={"nodes": nodes}))
        if len(found) == 1 and node.otherwise is None and len(found[0].nodes) == 1 and isinstance(found[0].nodes[0], If):
            inner = self._simplest(found[0].nodes[0])
            if len(inner.branches) == 1 and inner.otherwise is None:
                both = Every(conditions=(found[0].condition, inner.branches[0].condition))
                found = [inner.branches[0].model_copy(update={"condition": both})]
        return node.model_copy(update={"branches": tuple(found)})

    def _condition(self, keyword: str, condition: Condition) -> None:
        line = f"{keyword} {self.conditions.text(condition)}:"
        parts = self.conditions.parts(condition)
        if self.writer.fits(line) or len(parts) == 1:
            self.writer.line(line)
        else:
            with self.writer.block(f"{keyword} (", "):"):
                self.writer.lines(*parts)

    def _repeat(self, node: Repeat) -> None:
        times = node.times.literal
        plain = times if times is not None and times.isascii() and times.isdecimal() and len(times) < 10 else None
        if node.index is not None and node.index in self.read:
            name = self.expressions.names[node.index]
            self.writer.line(f"for {name} in passes({int(plain) if plain else self.expressions.text(node.times)}):")
        elif plain is not None:
            self.writer.line(f"for _ in range({int(plain)}):")
        else:
            self.writer.line(f"for _ in passes({self.expressions.text(node.times)}):")
        self.block(node.nodes)

    def _while(self, node: While) -> None:
        loop = self._new_loop(node)
        condition = self.conditions.conjunct(node.condition)
        self.writer.line(f"while {condition} and {loop}.again():")
        self.block(node.nodes)

    def _until(self, node: Until) -> None:
        self.writer.line(f"while {self._new_loop(node)}.again():")
        with self.writer.block():
            self.nodes(node.nodes)
            self._condition("if", node.condition)
            with self.writer.block():
                self.writer.line("break")
        self.writer.line("else:")
        with self.writer.block():
            missed = f"not so after {node.at_most} passes: {describe_condition(node.condition)}"
            self.writer.expression(call("user.fail", literal(missed)))

    def _new_loop(self, node: While | Until) -> str:
        name = self.scope.add(object(), "loop")
        arguments = [f"at_most={node.at_most}", *([f"every={seconds(node.every)}"] if node.every else [])]
        self.writer.expression(call("Loop", *arguments), f"{name} = ")
        return name

    def _for_each(self, node: ForEach) -> None:
        name = self.expressions.names[node.name] if node.name in self.read else "_"
        bound = "" if node.at_most is None else f"[:{node.at_most}]"
        self.writer.line(f"for {name} in list_items({self.expressions.text(node.values)}){bound}:")
        self.block(node.nodes)

    def _choose(self, node: Choose) -> None:
        total, shares = Decimal(0), []
        for option in node.options:
            total += option.percent
            shares.append(_number(total / 100))
        self.writer.expression(call("user.choose", *shares), "match ", ":")
        with self.writer.block():
            for number, option in enumerate(node.options):
                self.writer.line(f"case {number}:  # {_number(option.percent)} %")
                self.block(option.nodes)

    def _shuffle(self, node: Shuffle) -> None:
        if not node.nodes:
            return
        name = self.scope.inner().add(object(), "part")
        self.writer.line(f"for {name} in user.random.shuffled(range({len(node.nodes)})):")
        with self.writer.block():
            self.writer.line(f"match {name}:")
            with self.writer.block():
                for number, inner in enumerate(node.nodes):
                    self.writer.line(f"case {number}:")
                    self.block((inner,))

    def pass_unless_statements_after(self, before: int) -> None:
        """Write `pass` when nothing but comments was written since."""
        lines = [line for written in self.writer.since(before) for line in written.split("\n")]
        if all(not line or line.lstrip().startswith("#") for line in lines):
            self.writer.line("pass")

    def _blank(self) -> None:
        """Write an empty line, unless a block has just begun."""
        last = "".join(self.writer.since(self.writer.count - 1)).rpartition("\n")[2]
        if not last.partition("  #")[0].endswith(":"):
            self.writer.blank()

    def comment(self, origin: Origin | None) -> None:
        """Write where a node comes from."""
        where = place(origin)
        if where:
            self.writer.line(f"# {comment(where)}")


def place(origin: Origin | None) -> str:
    """Where a node comes from, in words."""
    match origin:
        case None:
            return ""
        case _ if origin.kind == "source":
            return f"{PurePath(origin.span.path).name}:{origin.span.line}"
        case _ if origin.kind == "recording":
            return f"{origin.recording} entry {origin.entry}"
        case _:
            return f"decision {origin.decision}"


def _number(value: Decimal) -> str:
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
