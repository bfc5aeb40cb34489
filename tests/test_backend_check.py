"""What a Plan needs against what a backend declares."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import pytest

from loadwright.backends import registry
from loadwright.backends.base import Artifact, Capability, Support
from loadwright.backends.check import check
from loadwright.compiler.diagnostics import Severity
from loadwright.compiler.plan.features import Feature
from loadwright.compiler.plan.model import Journey, Parallel, Plan, Request, Step, Think
from loadwright.compiler.plan.node import RecordingOrigin, SourceOrigin
from loadwright.compiler.plan.template import template
from loadwright.compiler.source import Span

SPAN = Span(path="shop.intent", line=7, column=5, end_line=9, end_column=6)


@dataclass(frozen=True)
class Declares:
    """A backend that is nothing but its declaration."""

    name: str
    lacks: frozenset[Feature] = frozenset()
    approximates: Mapping[Feature, str] = field(default_factory=dict)

    @property
    def capabilities(self) -> Mapping[Feature, Capability]:
        full = {f: Capability(Support.FULL) for f in Feature if f not in self.lacks}
        return {**full, **{f: Capability(Support.APPROXIMATE, note) for f, note in self.approximates.items()}}

    def emit(self, plan: Plan, load: str | None = None) -> tuple[Artifact, ...]:
        return ()


def plan(origin: SourceOrigin | RecordingOrigin | None) -> Plan:
    request = Request(name="GET /", method="GET", url=template("/"))
    together = Parallel(requests=(request, request), origin=origin)
    return Plan(
        name="P", journeys=(Journey(name="j", nodes=(Step(name="s", actions=(together, together)), Think(minimum=1, maximum=1))),)
    )


def test_a_feature_that_is_lacking_is_an_error_at_its_place_naming_the_backends_that_have_it() -> None:
    lacking = Declares("one", frozenset({Feature.PARALLEL}))
    others = [lacking, Declares("two"), Declares("three", frozenset({Feature.PARALLEL})), Declares("four")]
    (found,) = check(plan(SourceOrigin(span=SPAN)), lacking, others)
    assert (found.severity, found.span, found.code) == (Severity.ERROR, SPAN, "unsupported-feature")
    assert found.message == "`one` has no parallel requests"
    assert found.hint == "compile it to two or four"


def test_a_feature_that_no_backend_has_says_so() -> None:
    lacking = Declares("one", frozenset({Feature.THINK}))
    (found,) = check(plan(None), lacking, [lacking])
    assert "no backend has it" in found.hint


def test_an_approximation_is_a_warning_with_the_difference() -> None:
    backend = Declares("one", approximates={Feature.PARALLEL: "one after the other"})
    (found,) = check(plan(RecordingOrigin(recording="a.har", entry=3)), backend)
    assert (found.severity, found.where) == (Severity.WARNING, "a.har entry 3")
    assert (found.code, found.severity) == ("approximate-feature", Severity.WARNING)
    assert found.message == "parallel requests is approximate on `one`: one after the other"


def test_what_a_backend_has_in_full_is_not_spoken_of() -> None:
    assert check(plan(None), Declares("one")) == []


@pytest.mark.parametrize("name", registry.NAMES)
def test_every_backend_says_of_every_feature_how_it_carries_it(name: str) -> None:
    backend = registry.backend(name)
    assert backend.name == name
    assert set(backend.capabilities) == set(Feature)
    for capability in backend.capabilities.values():
        assert capability.support is Support.FULL or capability.note
