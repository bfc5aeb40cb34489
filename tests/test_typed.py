"""Values that are made without validation are what validation would have made of the same parts."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from plan_strategies import plans
from pydantic import ValidationError

from loadwright.compiler.plan.model import Header, Plan, Retry, Step
from loadwright.compiler.plan.template import Template, Text, template
from loadwright.compiler.typed import Typed, texts


def _parts(value: object) -> list[Typed]:
    if isinstance(value, tuple):
        return [part for one in value for part in _parts(one)]
    return [value, *_parts(tuple(vars(value).values()))] if isinstance(value, Typed) else []


@given(plans())
@settings(max_examples=20, deadline=None)
def test_every_node_of_a_plan_is_what_validation_makes_of_its_fields(plan: Plan) -> None:
    for node in _parts(plan):
        checked = type(node).model_validate(dict(vars(node)))
        assert repr(checked) == repr(node)
        assert list(vars(checked)) == list(vars(node))


def test_a_field_that_is_missing_or_unknown_is_told() -> None:
    with pytest.raises(ValidationError, match="value"):
        Header(name="a")  # type: ignore[call-arg]
    with pytest.raises(ValidationError, match="other"):
        Header(name="a", value=template("x"), other=1)  # type: ignore[call-arg]


def test_limits_hold() -> None:
    with pytest.raises(ValidationError, match="times"):
        Retry(times=0)


def test_what_comes_from_outside_is_checked() -> None:
    with pytest.raises(ValidationError, match="name"):
        Step.model_validate({"name": 1, "actions": []})


def test_a_template_has_its_normal_form() -> None:
    parts = (Text(value="a"), Text(value=""), Text(value="b"))
    assert Template(parts=parts) == Template.model_validate({"parts": parts}) == template("ab")


def test_texts_are_those_of_the_whole_tree() -> None:
    assert sorted(texts(Header(name="h", value=template("v")))) == ["h", "text", "v"]
