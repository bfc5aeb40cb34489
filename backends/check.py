"""What a Plan needs against what a backend declares."""

from __future__ import annotations

from collections.abc import Iterable

from loadwright.backends.base import Backend, Capability, Support
from loadwright.compiler.diagnostics import Diagnostic, Severity
from loadwright.compiler.plan.features import Feature, features
from loadwright.compiler.plan.model import Plan
from loadwright.compiler.plan.node import Origin, RecordingOrigin, SourceOrigin
from loadwright.compiler.source import Span


def check(plan: Plan, backend: Backend, others: Iterable[Backend] = ()) -> list[Diagnostic]:
    """An error for each use of a feature that the backend lacks, a warning for each that it approximates.

    `others` are the backends to name as a way out. One diagnostic per feature and place.
    """
    ways_out = tuple(others)
    seen: set[tuple[Feature, Origin | None]] = set()
    found: list[Diagnostic] = []
    for feature, origin in features(plan):
        capability = _capability(backend, feature)
        if capability.support is Support.FULL or (feature, origin) in seen:
            continue
        seen.add((feature, origin))
        if capability.support is Support.NONE:
            found.append(_refusal(backend, feature, capability, origin, ways_out))
        else:
            found.append(_approximation(backend, feature, capability, origin))
    return found


def _capability(backend: Backend, feature: Feature) -> Capability:
    return backend.capabilities.get(feature, Capability(Support.NONE))


def _refusal(
    backend: Backend, feature: Feature, capability: Capability, origin: Origin | None, others: tuple[Backend, ...]
) -> Diagnostic:
    able = [o.name for o in others if o.name != backend.name and _capability(o, feature).support is not Support.NONE]
    way_out = f"compile it to {' or '.join(able)}" if able else "no backend has it: say it in another way"
    span, place = _where(origin)
    return Diagnostic(
        code="unsupported-feature",
        message=f"`{backend.name}` has no {feature.value}" + (f": {capability.note}" if capability.note else ""),
        hint=way_out,
        span=span,
        place=place,
    )


def _approximation(backend: Backend, feature: Feature, capability: Capability, origin: Origin | None) -> Diagnostic:
    span, place = _where(origin)
    return Diagnostic(
        code="approximate-feature",
        message=f"{feature.value} is approximate on `{backend.name}`: {capability.note}",
        span=span,
        place=place,
        severity=Severity.WARNING,
    )


def _where(origin: Origin | None) -> tuple[Span | None, str]:
    if isinstance(origin, SourceOrigin):
        return origin.span, ""
    if isinstance(origin, RecordingOrigin):
        return None, f"{origin.recording} entry {origin.entry}"
    return None, ""
