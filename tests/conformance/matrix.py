"""Which features the cases use, and what the backends declare of them."""

from __future__ import annotations

from collections.abc import Mapping

from conformance.case import Case
from conformance.cases import CASES
from conformance.plans import plan_of

from loadwright.backends.base import Capability, Support
from loadwright.backends.registry import backend
from loadwright.compiler.plan.expand import expand
from loadwright.compiler.plan.features import Feature, features

_NOTHING = Capability(Support.NONE)


FEATURES: Mapping[str, frozenset[Feature]] = {
    case.name: frozenset(feature for feature, _ in features(expand(plan_of([case])))) for case in CASES
}
"""The features that each case's Plan uses, by the case's name."""


def capability(feature: Feature, runtime: str) -> Capability:
    """What a backend declares for a feature."""
    return backend(runtime).capabilities.get(feature, _NOTHING)


def lacking(case: Case, runtime: str) -> list[Feature]:
    """The features of a case that a backend does not have."""
    return [feature for feature in Feature if feature in FEATURES[case.name] and not_there(feature, runtime)]


def not_there(feature: Feature, runtime: str) -> bool:
    """Whether a backend declares that it does not have a feature."""
    return capability(feature, runtime).support is Support.NONE
