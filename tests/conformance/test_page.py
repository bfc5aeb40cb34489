"""docs/conformance.md is what the cases and the declarations say; every feature has a case. No runtime is started."""

from __future__ import annotations

import pytest
from conformance.cases import CASES
from conformance.page import PAGE, TITLES, cases_of, text

from loadwright.compiler.plan.features import Feature
from loadwright.compiler.runtimes.pins import NAMES


def test_the_page_is_up_to_date() -> None:
    assert PAGE.read_text("utf-8") == text(), "run `PYTHONPATH=tests python -m conformance.page`"


@pytest.mark.parametrize("feature", Feature)
def test_every_feature_has_a_case(feature: Feature) -> None:
    assert cases_of(feature)


def test_cases_differ_on_runtimes_that_there_are_and_about_what_they_use() -> None:
    assert sorted(TITLES) == sorted(NAMES)
    for case in CASES:
        assert set(case.differs) <= set(NAMES), case.name
        assert case.about is None or case in cases_of(case.about), case.name
