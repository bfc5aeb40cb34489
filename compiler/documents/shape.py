"""How the Plan's models stand in a document; reading, writing and the schema follow these tables.

A node of a kind is a mapping whose first key is the kind, with the field that matters most as its value: `step: Log in`,
`css: input[name=csrf]`. Its other fields follow by name. What a field is by default is left out.
"""

from __future__ import annotations

import types
from collections.abc import Iterator
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from pydantic import BaseModel

from loadwright.compiler.plan import model

MAIN: dict[type[BaseModel], str] = {
    model.Plan: "name",
    model.Variable: "name",
    model.Step: "name",
    model.Request: "url",
    model.Parallel: "requests",
    model.Stream: "url",
    model.Think: "minimum",
    model.Send: "text",
    model.Receive: "name",
    model.If: "branches",
    model.Repeat: "times",
    model.While: "condition",
    model.Until: "condition",
    model.ForEach: "name",
    model.Choose: "options",
    model.Shuffle: "nodes",
    model.Use: "fragment",
    model.Stop: "what",
    model.Fail: "message",
    model.FormBody: "fields",
    model.JsonBody: "value",
    model.TextBody: "value",
    model.FileBody: "path",
    model.MultipartBody: "parts",
    model.GraphqlBody: "query",
    model.ValuePart: "value",
    model.FilePart: "path",
    model.JsonSource: "path",
    model.CssSource: "selector",
    model.XPathSource: "path",
    model.RegexSource: "pattern",
    model.BoundarySource: "left",
    model.HeaderSource: "name",
    model.CookieSource: "name",
    model.StatusExpectation: "statuses",
    model.TypeExpectation: "media_type",
    model.TextExpectation: "relation",
    model.JsonExpectation: "path",
    model.ValueExpectation: "relation",
    model.TimeExpectation: "less_than",
    model.SizeExpectation: "size",
    model.SchemaExpectation: "path",
    model.SoftFailureExpectation: "ignored",
    model.BasicAuth: "username",
    model.DigestAuth: "username",
    model.BearerAuth: "token",
    model.ClosedModel: "users",
    model.OpenModel: "rate",
    model.ClosedPhases: "phases",
    model.OpenPhases: "phases",
    model.Workload: "journey",
    model.Mix: "model",
}
"""The field that stands behind the kind."""

DURATIONS = frozenset(
    ("timeout", "minimum", "maximum", "every", "wait", "within", "duration", "ramp", "pacing", "graceful_stop", "less_than")
)
"""Fields of milliseconds, written with a unit: `30s`."""

HIDDEN = frozenset(("kind", "origin", "version", "columns"))
"""Fields that no document has: a data source's columns stand in its file."""

IMPLIED = {
    (model.Request, "name"),
    (model.Request, "method"),
    (model.Request, "target"),
    (model.Stream, "name"),
    (model.Stream, "target"),
    (model.Receive, "name"),
    (model.Think, "maximum"),
    (model.FilePart, "filename"),
}
"""Fields without a default in the Plan that follow from the rest: the usual name, `GET`, the first target."""

COMMENTS = {"before": "comment", "after": "comment_after", "inside": "comment_inside"}
"""The keys of a node's comments."""


def key_of(kind: type[BaseModel]) -> str | None:
    """The key that tells what a mapping is: the kind's word, `intent` for the Plan; None for models without a kind."""
    if kind is model.Plan:
        return "intent"
    field = kind.model_fields.get("kind")
    return str(field.default) if field else None


def fields_of(kind: type[BaseModel]) -> Iterator[tuple[str, Any]]:
    """The fields of a model that a document may have, with their types; the one behind the kind first."""
    main = MAIN.get(kind)
    if not kind.__pydantic_fields_complete__:
        kind.model_rebuild()  # it names models that are defined after it
    names = [name for name in kind.model_fields if name not in HIDDEN]
    for name in sorted(names, key=lambda name: name != main):
        yield name, kind.model_fields[name].annotation


def is_required(kind: type[BaseModel], name: str) -> bool:
    """Whether a document must give the field."""
    return kind.model_fields[name].is_required() and (kind, name) not in IMPLIED


def alternatives(annotation: Any) -> tuple[Any, ...]:
    """The types that an annotation allows, `None` left out."""
    if get_origin(annotation) is Annotated:
        return alternatives(get_args(annotation)[0])
    if get_origin(annotation) in (Union, types.UnionType):
        inner = (found for argument in get_args(annotation) for found in alternatives(argument))
        return tuple(kind for kind in inner if kind is not types.NoneType)
    return (annotation,)


def item_type(annotation: Any) -> Any:
    """The type of a tuple's items, or None for what is no tuple."""
    return get_args(annotation)[0] if get_origin(annotation) is tuple else None


def words(annotation: Any) -> tuple[Any, ...]:
    """The values of a Literal, or none."""
    return get_args(annotation) if get_origin(annotation) is Literal else ()


def is_model(annotation: Any) -> bool:
    """Whether an annotation is a model."""
    return isinstance(annotation, type) and issubclass(annotation, BaseModel)


CONDITIONS = alternatives(model.Condition)
JSON_VALUES = alternatives(model.JsonValue)
