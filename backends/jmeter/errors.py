"""What this backend refuses, with the place in the source."""

from __future__ import annotations

from loadwright.backends.jmeter.comments import origin_comment
from loadwright.compiler.diagnostics import Diagnostic, LoadwrightError
from loadwright.compiler.plan.node import Origin, SourceOrigin


def refusal(code: str, message: str, hint: str, origin: Origin | None) -> LoadwrightError:
    """The error to raise for something that JMeter cannot do."""
    span = origin.span if isinstance(origin, SourceOrigin) else None
    return LoadwrightError(
        Diagnostic(code=code, message=message, hint=hint, span=span, place="" if span else origin_comment(origin))
    )
