"""Scripts that decide what is done next: JSR223 Samplers, which are no samples unless they fail."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from loadwright.backends.jmeter.expressions import jsr223
from loadwright.backends.jmeter.groovy import script
from loadwright.backends.jmeter.xml import Element
from loadwright.compiler.plan.functions import may_fail
from loadwright.compiler.plan.template import Call, Template

_IGNORED = "SampleResult.setIgnore() // nothing to report"


def decision(title: str, lines: Sequence[str], values: Iterable[Template], reported: str, comment: str = "") -> Element:
    """A script in its place in the journey; `values` are the templates that it evaluates, all names are literal text.

    A function that meets what it cannot work with is reported as a failed sample of the name `reported`.
    """
    if not any(isinstance(part, Call) and may_fail(part) for value in values for part in value.parts):
        return jsr223("Sampler", title, script([*lines, _IGNORED]), comment=comment)
    caught = [
        "try {",
        *(f"    {line}" if line else "" for line in lines),
        "    SampleResult.setIgnore()",
        "} catch (IllegalArgumentException refused) {",
        "    SampleResult.successful = false",
        "    SampleResult.responseCode = 'script'",
        "    SampleResult.responseMessage = refused.message",
        "}",
    ]
    return jsr223("Sampler", reported, script(caught), comment=comment)


def shared_decision(title: str, lines: Sequence[str], *arguments: str) -> Element:
    """A script that is the same in many places, so that it is compiled once; it has what differs as `args`, words of no spaces."""
    return jsr223("Sampler", title, "\n".join([*lines, _IGNORED]), parameters=" ".join(arguments))


def failed_sample(message: str) -> list[str]:
    """Lines that make the script's sample a failure that belongs to no request; `message` is a Groovy expression."""
    return [
        "SampleResult.successful = false",
        "SampleResult.responseCode = 'flow'",
        f"SampleResult.responseMessage = {message}",
    ]
