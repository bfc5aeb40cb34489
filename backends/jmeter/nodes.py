"""The nodes of a journey as elements, in order: steps, requests, pauses, variables and flow.

What flow decides is put into a variable by a script just before the controller that looks at it, so that no code stands in a
condition. Machinery's variables are called `flow.KIND.NUMBER`; no name of the Plan has two dots.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import assert_never

from loadwright.backends.jmeter.comments import origin_comment
from loadwright.backends.jmeter.conditions import condition_code
from loadwright.backends.jmeter.controllers import (
    if_controller,
    loop_controller,
    simple_controller,
    switch_controller,
    transaction_controller,
    while_controller,
)
from loadwright.backends.jmeter.decisions import decision, failed_sample, shared_decision
from loadwright.backends.jmeter.errors import refusal
from loadwright.backends.jmeter.expressions import jsr223
from loadwright.backends.jmeter.flow import flow_action, next_pass, think, variables
from loadwright.backends.jmeter.groovy import expression, get, literal
from loadwright.backends.jmeter.names import GENERATOR, STOPPED
from loadwright.backends.jmeter.requests import Context, samplers
from loadwright.backends.jmeter.simplify import simplify
from loadwright.backends.jmeter.streams import stream_elements
from loadwright.backends.jmeter.xml import Element
from loadwright.compiler.plan.condition import Condition
from loadwright.compiler.plan.describe import describe_condition, describe_template
from loadwright.compiler.plan.model import (
    Choose,
    Fail,
    ForEach,
    If,
    Node,
    Parallel,
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
from loadwright.compiler.plan.template import Template
from loadwright.compiler.plan.traverse import condition_templates

_BEGIN = ["vars.putObject(args[0], 0)", "vars.put(args[1], 'true')"]
_COUNT = ["def index = vars.getObject(args[0]) + 1", "vars.putObject(args[0], index)", "vars.put(args[1], index.toString())"]
_TAKE = ["vars.put(args[1], vars.getObject(args[0]).next())"]
_NOTE_FAILURE = [
    "if (!sampleResult.successful && !sampleEvent.isTransactionSampleEvent()) {",
    "    vars.put(Parameters, 'true')",
    "    vars.put('JMeterThread.last_sample_ok', 'true')",
    "}",
]
_FAIL_LATE = ["if (vars.remove(Parameters) != null) SampleResult.successful = false"]

_LARGEST = 2_147_483_647
"""A Java int."""


class NodeWriter:
    """Writes the nodes of one journey; `reported` is what a value that cannot be computed outside of steps is reported as."""

    def __init__(self, shared: Context, reported: str) -> None:
        self._shared = shared
        self._names = shared.names
        self._reported = reported

    def elements(self, nodes: Iterable[Node]) -> tuple[Element, ...]:
        """The elements of nodes, in order."""
        return tuple(element for node in nodes for element in self._node(node))

    def _node(self, node: Node) -> tuple[Element, ...]:
        match node:
            case Step():
                return (self._step(node),)
            case Request():
                return samplers(node, self._shared, self._reported)
            case Parallel():
                return self._parallel(node)
            case Think():
                return (think(node),)
            case Variable():
                return variables((node,), self._names, self._reported)
            case If():
                return self._if(node)
            case Repeat():
                return self._repeat(node)
            case While():
                return self._while(node)
            case Until():
                return self._until(node)
            case ForEach():
                return self._for_each(node)
            case Choose():
                return self._choose(node)
            case Shuffle():
                return self._shuffle(node)
            case Stop():
                return (_stop(node),)
            case Fail(message=message):
                return (jsr223("Sampler", message, "\n".join(failed_sample(literal(f"flow: {message}"))), comment=_at(node)),)
            case Stream(protocol="websocket"):
                return stream_elements(node, self._shared, self._reported)
            case Stream() | Use():
                raise refusal("jmeter-node", f"JMeter has no {node.kind}", "compile it to locust or k6", node.origin)
            case _:
                assert_never(node)

    def _step(self, step: Step) -> Element:
        inside = NodeWriter(self._shared, step.name)
        return transaction_controller(step.name, inside.elements(step.actions), _at(step))

    def _variable(self, kind: str) -> str:
        return f"flow.{kind}.{next(self._shared.numbers)}"

    def _decision(self, title: str, lines: Sequence[str], values: Iterable[Template], node: Node | None = None) -> Element:
        return decision(title, lines, values, self._reported, _at(node) if node else "")

    def _parallel(self, node: Parallel) -> tuple[Element, ...]:
        """The requests one by one; one that fails does not keep the others from being sent."""
        sent = tuple(e for request in node.requests for e in samplers(request, self._shared, self._reported))
        if len(node.requests) == 1:
            return sent
        failed = self._variable("parallel")
        children = (
            jsr223("Listener", "The others are sent all the same", "\n".join(_NOTE_FAILURE), parameters=failed),
            *sent,
            shared_decision("All have passed, or the iteration ends", _FAIL_LATE, failed),
        )
        return (simple_controller("parallel", children, _at(node)),)

    # --- conditions and loops -------------------------------------------------------------------------------------------

    def _if(self, node: If) -> tuple[Element, ...]:
        taken = self._variable("if")
        conditions = [branch.condition for branch in node.branches]
        title = f"if {describe_condition(conditions[0])}"
        values = [value for c in conditions for value in _values(c)]
        if len(conditions) == 1 and node.otherwise is None:
            code = f"vars.put({literal(taken)}, String.valueOf({self._code(conditions[0])}))"
            body = self.elements(node.branches[0].nodes)
            return (self._decision(title, [code], values, node), if_controller(title, f"${{{taken}}}", body, _at(node)))
        lines = [f"vars.put({literal(taken)}, 'otherwise')"]
        for number, condition in enumerate(conditions, 1):
            start = "if" if number == 1 else "else if"
            lines.append(f"{start} ({self._code(condition)}) vars.put({literal(taken)}, 'branch {number}')")
        branches = [
            simple_controller(f"branch {number}", self.elements(branch.nodes), f"if {describe_condition(branch.condition)}")
            for number, branch in enumerate(node.branches, 1)
        ]
        if node.otherwise is not None:
            branches.append(simple_controller("otherwise", self.elements(node.otherwise)))
        return (self._decision(title, lines, values, node), switch_controller(title, f"${{{taken}}}", branches, _at(node)))

    def _code(self, condition: Condition) -> str:
        return condition_code(condition, self._names)

    def _repeat(self, node: Repeat) -> tuple[Element, ...]:
        title = f"repeat {describe_template(node.times)}"
        body = self.elements(node.nodes)
        fixed = node.times.literal
        times = self._variable("repeat")
        if node.index is None and fixed is not None:
            return (loop_controller(title, str(_whole(fixed)), body, _at(node)),)
        given = expression(simplify(node.times), self._names)
        lines = [
            f"def times = {given}",
            "def isCount = times ==~ '0*[1-9][0-9]{0,8}'",
            f"vars.put({literal(times)}, isCount ? (times as int).toString() : '0')",
            f"vars.putObject({literal(f'{times}.index')}, 0)",
        ]
        if node.index is not None:
            counted = shared_decision(f"next {node.index}", _COUNT, f"{times}.index", self._names.value(node.index))
            body = (counted, *body)
        else:
            lines.pop()
        return (
            self._decision(title, lines, [node.times], node),
            loop_controller(title, f"${{{times}}}", body, _at(node)),
        )

    def _while(self, node: While) -> tuple[Element, ...]:
        again = self._variable("while")
        title = f"while {describe_condition(node.condition)}"
        values, code = _values(node.condition), self._code(node.condition)
        begin = [f"vars.putObject({literal(f'{again}.passes')}, 0)", f"vars.put({literal(again)}, String.valueOf({code}))"]
        check = [
            *_one_more(again),
            f"vars.put({literal(again)}, String.valueOf(passes < {node.at_most} && ({code})))",
        ]
        body = (
            *self.elements(node.nodes),
            self._decision(f"again {title}", check, values),
            *_pause(node.every, again),
        )
        return (self._decision(title, begin, values, node), while_controller(title, f"${{{again}}}", body, _at(node)))

    def _until(self, node: Until) -> tuple[Element, ...]:
        again = self._variable("until")
        what = describe_condition(node.condition)
        message = f"not so after {node.at_most} passes: {what}"
        check = [
            *_one_more(again),
            f"def met = {self._code(node.condition)}",
            f"vars.put({literal(again)}, String.valueOf(!met && passes < {node.at_most}))",
            f"if (!met && passes == {node.at_most}) {{",
            f"    SampleResult.sampleLabel = {literal(message)}",
            *(f"    {line}" for line in failed_sample(literal(f"flow: {message}"))),
            "    return",
            "}",
        ]
        body = (
            *self.elements(node.nodes),
            self._decision(f"until {what}", check, _values(node.condition)),
            *_pause(node.every, again),
        )
        return (
            shared_decision(f"begin until {what}", _BEGIN, f"{again}.passes", again),
            while_controller(f"until {what}", f"${{{again}}}", body, _at(node)),
        )

    def _for_each(self, node: ForEach) -> tuple[Element, ...]:
        items = self._variable("each")
        title = f"for each {node.name} in {describe_template(node.values)}"
        most = "" if node.at_most is None else f".take({node.at_most})"
        begin = [
            f"def items = listItems({expression(simplify(node.values), self._names)}){most}",
            f"vars.putObject({literal(f'{items}.items')}, items.iterator())",
            f"vars.put({literal(items)}, items.size().toString())",
        ]
        take = shared_decision(f"next {node.name}", _TAKE, f"{items}.items", self._names.value(node.name))
        body = (take, *self.elements(node.nodes))
        return (
            self._decision(title, begin, [node.values], node),
            loop_controller(title, f"${{{items}}}", body, _at(node)),
        )

    # --- chance ---------------------------------------------------------------------------------------------------------

    def _choose(self, node: Choose) -> tuple[Element, ...]:
        chosen = self._variable("choose")
        lines = [f"def drawn = vars.getObject({literal(GENERATOR)}).unit()", f"vars.put({literal(chosen)}, 'nothing')"]
        total = Decimal(0)
        for number, option in enumerate(node.options, 1):
            total += option.percent / 100
            start = "if" if number == 1 else "else if"
            lines.append(f"{start} (drawn < {total.normalize():f}d) vars.put({literal(chosen)}, 'option {number}')")
        options = [
            simple_controller(f"option {number}", self.elements(option.nodes), f"{option.percent.normalize():f} %")
            for number, option in enumerate(node.options, 1)
        ]
        return (
            self._decision("choose", lines, (), node),
            switch_controller("choose", f"${{{chosen}}}", options, _at(node)),
        )

    def _shuffle(self, node: Shuffle) -> tuple[Element, ...]:
        turn = self._variable("shuffle")
        parts = [f"part {number}" for number, _ in enumerate(node.nodes, 1)]
        order = f"vars.getObject({literal(GENERATOR)}).shuffled([{', '.join(map(literal, parts))}])"
        begin = [f"vars.putObject({literal(f'{turn}.order')}, {order}.iterator())"]
        take = shared_decision("next in random order", _TAKE, f"{turn}.order", turn)
        children = [simple_controller(name, self._node(inner)) for name, inner in zip(parts, node.nodes, strict=True)]
        body = (take, switch_controller("its turn", f"${{{turn}}}", children))
        return (
            self._decision("random order", begin, (), node),
            loop_controller("random order", str(len(parts)), body, _at(node)),
        )


def _stop(node: Stop) -> Element:
    """Ends the pass of the thread group; a user that stops is told by a variable to the script that begins the next one."""
    if node.what == "iteration":
        return next_pass("stop iteration", comment=_at(node))
    tell = jsr223("PreProcessor", "No more iterations", f"vars.put({literal(STOPPED)}, 'true')")
    return next_pass("stop user", (tell,), comment=_at(node))


def _one_more(loop: str) -> list[str]:
    return [f"def passes = vars.getObject({literal(f'{loop}.passes')}) + 1", f"vars.putObject({literal(f'{loop}.passes')}, passes)"]


def _pause(every: int, again: str) -> tuple[Element, ...]:
    """The pause between two passes; none after the last."""
    if not every:
        return ()
    duration = "${__groovy(" + f"{get(again)} == 'true' ? '{every}' : '0'" + ")}"
    return (flow_action(f"pause {every} ms before the next pass", duration=duration),)


def _whole(times: str) -> int:
    """A literal number of passes; what is no whole number above zero is none."""
    return min(int(times), _LARGEST) if times.isascii() and times.isdigit() else 0


def _values(condition: Condition) -> list[Template]:
    return [value for value, _ in condition_templates(condition, None)]


def _at(node: Node) -> str:
    return origin_comment(node.origin)
