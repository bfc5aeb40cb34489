"""The JSON Schema of the Plan. Needs nothing but Python."""

from __future__ import annotations

import json
from importlib.resources import files

import jsonschema
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from whole_plans import whole_plans

from loadwright import schemas
from loadwright.compiler.plan.model import Plan
from loadwright.compiler.schema import SCHEMAS, schema_text


@pytest.mark.parametrize("name", sorted(SCHEMAS))
def test_the_schema_file_is_what_the_models_make(name: str) -> None:
    assert (files(schemas) / f"{name}.schema.json").read_text("utf-8") == schema_text(name), (
        "run python -m loadwright.compiler.schema"
    )


@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck), phases=(Phase.reuse, Phase.generate))
@given(plan=whole_plans())
def test_every_plan_as_json_fits_the_schema(plan: Plan) -> None:
    jsonschema.Draft202012Validator(schemas.load("plan")).validate(json.loads(plan.model_dump_json()))


def test_an_unknown_member_does_not_fit_the_schema() -> None:
    validator = jsonschema.Draft202012Validator(schemas.load("plan"))
    assert validator.is_valid({"name": "x"})
    assert not validator.is_valid({"name": "x", "surprise": 1})
    assert not validator.is_valid({"name": "x", "journeys": [{"name": "a"}]})


def test_an_unknown_schema_is_refused() -> None:
    with pytest.raises(FileNotFoundError):
        schemas.load("nothing")
