"""Pauses and variables: Flow Control Actions, which take their place in a journey without being samples."""

from __future__ import annotations

from collections.abc import Sequence

from loadwright.backends.jmeter.comments import origin_comment
from loadwright.backends.jmeter.escape import property_text
from loadwright.backends.jmeter.expressions import Renderer, is_native, jsr223
from loadwright.backends.jmeter.groovy import assignments, expression, sampled_assignments
from loadwright.backends.jmeter.names import GENERATOR, Names
from loadwright.backends.jmeter.settings import THINK_FACTOR
from loadwright.backends.jmeter.simplify import simplify
from loadwright.backends.jmeter.xml import Element, boolean, collection, integer, string, texts
from loadwright.compiler.plan.functions import may_fail
from loadwright.compiler.plan.model import Think, Variable
from loadwright.compiler.plan.template import Call

_PAUSE, _NEXT_PASS = 1, 3
_THREAD = 0


def flow_action(name: str, children: tuple[Element, ...] = (), duration: str = "0", comment: str = "") -> Element:
    """A Flow Control Action that pauses for `duration` milliseconds (property text); `name` and `comment` are literal text."""
    return _action(_PAUSE, name, children, duration, comment)


def next_pass(name: str, children: tuple[Element, ...] = (), comment: str = "") -> Element:
    """A Flow Control Action that starts the next pass of the thread group; `name` and `comment` are literal text."""
    return _action(_NEXT_PASS, name, children, "", comment)


def _action(action: int, name: str, children: tuple[Element, ...], duration: str, comment: str) -> Element:
    properties = (
        integer("ActionProcessor.action", action),
        integer("ActionProcessor.target", _THREAD),
        string("ActionProcessor.duration", duration),
    )
    return Element("TestAction", "TestActionGui", property_text(name), properties, children, property_text(comment))


def think(pause: Think) -> Element:
    """A think time: fixed, or uniform between two bounds."""
    low, high = pause.minimum, pause.maximum
    milliseconds = str(low) if low == high else f"({low} + vars.getObject('{GENERATOR}').unit() * {high - low})"
    duration = "${__groovy(" + f"({milliseconds} * (vars.get('{THINK_FACTOR}') as double)) as long" + ")}"
    shown = f"{low} ms" if low == high else f"{low} to {high} ms"
    return flow_action(f"Think {shown}", duration=duration, comment=origin_comment(pause.origin))


def variables(values: Sequence[Variable], names: Names, reported: str) -> tuple[Element, ...]:
    """The element that sets variables, in order, if there are any; a function that fails is reported as a sample `reported`."""
    if not values:
        return ()
    comment = origin_comment(values[0].origin)
    if any(isinstance(part, Call) and may_fail(part) for value in values for part in value.value.parts):
        return (jsr223("Sampler", reported, sampled_assignments(_expressions(values, names)), comment=comment),)
    native = all(is_native(value.value, names) for value in values)
    setter = _user_parameters(values, names) if native else _groovy(values, names)
    return (flow_action("Set " + ", ".join(value.name for value in values), (setter,), comment=comment),)


def _user_parameters(values: Sequence[Variable], names: Names) -> Element:
    rendered = [Renderer(names).text(value.value) for value in values]
    properties = (
        texts("UserParameters.names", [names.value(value.name) for value in values]),
        collection("UserParameters.thread_values", [texts("user_1", rendered)]),
        boolean("UserParameters.per_iteration", False),
    )
    return Element("UserParameters", "UserParametersGui", "Values", properties)


def _groovy(values: Sequence[Variable], names: Names) -> Element:
    return jsr223("PreProcessor", "Values", assignments(_expressions(values, names)))


def _expressions(values: Sequence[Variable], names: Names) -> dict[str, str]:
    return {names.value(value.name): expression(simplify(value.value), names) for value in values}
