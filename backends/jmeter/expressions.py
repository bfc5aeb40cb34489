"""Templates as property text, with what JMeter's own functions cannot say computed beforehand in Groovy."""

from __future__ import annotations

import re
from typing import assert_never

from loadwright.backends.jmeter.escape import Expression, property_text, variable
from loadwright.backends.jmeter.groovy import assignments, expression, sampled_assignments
from loadwright.backends.jmeter.names import ITERATION_NUMBER, USER_NUMBER, Names
from loadwright.backends.jmeter.simplify import simplify
from loadwright.backends.jmeter.xml import Element, string
from loadwright.compiler.plan.functions import FUNCTIONS, may_fail
from loadwright.compiler.plan.template import Call, DataField, Part, Reference, Template, Text, template


class Renderer:
    """Renders the templates of one element; `computed` maps the variables that must be set before it to Groovy expressions."""

    def __init__(self, names: Names) -> None:
        self.names = names
        self.computed: dict[str, str] = {}
        self._may_fail = False

    def text(self, value: Template) -> str:
        """Property text that gives the template's value."""
        return property_text(*self.pieces(value))

    def pieces(self, value: Template) -> list[str | Expression]:
        """The template as literals and JMeter expressions."""
        return [self._piece(part) for part in simplify(value).parts]

    def move_last(self, start: int, end: int) -> None:
        """Compute what was rendered from the `start`th computed value to before the `end`th after all other values so far."""
        items = list(self.computed.items())
        self.computed = dict([*items[:start], *items[end:], *items[start:end]])

    def settled(self, value: Template) -> Template:
        """The template with what may fail computed beforehand."""
        return template(*(self._settle(part) for part in simplify(value).parts))

    def _settle(self, part: Part) -> Part:
        if not isinstance(part, Call) or not may_fail(part):
            return part
        return Reference(name=self._computed(part))

    def preprocessors(self) -> tuple[Element, ...]:
        """The element that computes what `text` could not say, if anything, and nothing that may fail."""
        if not self.computed or self._may_fail:
            return ()
        return (jsr223("PreProcessor", "Compute " + ", ".join(self.computed), assignments(self.computed)),)

    def samplers(self, reported: str) -> tuple[Element, ...]:
        """What computes it before the element, where a function may fail: a preprocessor's failure would stop nothing.

        A failure is reported as a sample of the name `reported`.
        """
        if not self._may_fail:
            return ()
        return (jsr223("Sampler", reported, sampled_assignments(self.computed)),)

    def _piece(self, part: Part) -> str | Expression:
        match part:
            case Text():
                return part.value
            case Reference():
                return variable(self.names.value(part.name))
            case DataField():
                return variable(self.names.column(part.data, part.column))
            case Call():
                return native(part, self.names) or self._compute(part)
            case _:
                assert_never(part)

    def _compute(self, part: Call) -> Expression:
        return variable(self._computed(part))

    def _computed(self, part: Call) -> str:
        self._may_fail = self._may_fail or may_fail(part)
        code = expression(Template(parts=(part,)), self.names)
        wanted = self.names.free(_computed_name(part, self.names))
        free, count = wanted, 2
        while free in self.computed and not (self.computed[free] == code and _is_pure(part)):
            free, count = f"{wanted}.{count}", count + 1
        self.computed[free] = code
        return free


def is_native(value: Template, names: Names) -> bool:
    """Whether property text can say the template without Groovy."""
    return all(not isinstance(part, Call) or native(part, names) for part in simplify(value).parts)


def native(part: Call, names: Names) -> Expression | None:
    """The call as one of JMeter's own functions; None where it has none with the same meaning."""
    arguments = [_argument(argument, names) for argument in part.arguments]
    if any(argument is None for argument in arguments):
        return None
    match part.function, arguments:
        case "now", ([] | [_]) as given:
            stamp = {"ms": "${__time}", "s": "${__time(/1000,)}"}.get(given[0] or "" if given else "ms")
            return Expression(stamp) if stamp else None
        case "user", _:
            return variable(USER_NUMBER)
        case "iteration", _:
            return variable(ITERATION_NUMBER)
        case "formencode", [text]:
            return Expression("${__urlencode(" + f"{text}" + ")}")
        case _:
            return None


def _argument(argument: Template, names: Names) -> str | None:
    """A function's argument: a value, or literal text that needs no escape there."""
    if argument.literal is not None:
        return argument.literal if re.fullmatch(r"[\w.-]+", argument.literal, re.ASCII) else None
    match argument.parts:
        case (Reference(name=name),):
            return variable(names.value(name)).text
        case (DataField(data=data, column=column),):
            return variable(names.column(data, column)).text
        case _:
            return None


def _is_pure(part: Call) -> bool:
    arguments = (p for argument in part.arguments for p in argument.parts)
    return FUNCTIONS[part.function].pure and all(not isinstance(p, Call) or _is_pure(p) for p in arguments)


def _computed_name(part: Call, names: Names) -> str:
    for inner in (p for argument in part.arguments for p in argument.parts):
        match inner:
            case Reference():
                return f"{names.value(inner.name)}.{part.function}"
            case DataField():
                return f"{names.column(inner.data, inner.column)}.{part.function}"
            case Call():
                return f"{_computed_name(inner, names)}.{part.function}"
    return f"value.{part.function}"


def jsr223(kind: str, name: str, script: str, parameters: str = "", comment: str = "") -> Element:
    """A JSR223 element (`PreProcessor`, `Assertion`…) with a Groovy script that is compiled once.

    `name` is literal text; `parameters` is property text, which the script sees as `Parameters`.
    """
    properties = (
        string("scriptLanguage", "groovy"),
        string("parameters", parameters),
        string("filename", ""),
        string("cacheKey", "true"),
        string("script", script),
    )
    return Element(f"JSR223{kind}", "TestBeanGUI", property_text(name), properties, comment=property_text(comment))
