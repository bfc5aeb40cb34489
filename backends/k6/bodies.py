"""Request bodies as expressions, with their content types."""

from __future__ import annotations

import re
from collections.abc import Iterable

from loadwright.backends.k6.layout import Group, Node, array, call, mapping
from loadwright.backends.k6.literals import member, string
from loadwright.backends.k6.names import Names
from loadwright.compiler.plan.model import (
    Body,
    FilePart,
    FormBody,
    FormField,
    GraphqlBody,
    JsonArray,
    JsonBody,
    JsonConstant,
    JsonNumber,
    JsonObject,
    JsonText,
    JsonValue,
    MultipartBody,
    TextBody,
    ValuePart,
)
from loadwright.compiler.plan.render import graphql_json, json_template

_LARGEST_EXACT = 2**53


def content_type(body: Body, names: Names) -> str:
    """The expression for the Content-Type that a body brings with it."""
    match body:
        case FormBody():
            return string("application/x-www-form-urlencoded")
        case JsonBody() | GraphqlBody():
            return string("application/json")
        case MultipartBody():
            return f"`multipart/form-data; boundary=${{{names.use('boundary')}}}`"
        case _:
            return string(body.media_type)


def body_node(body: Body, names: Names) -> Node:
    """The expression for a body: a string, or a buffer of bytes."""
    match body:
        case FormBody(fields=fields):
            return form(fields, names) if fields else "''"
        case JsonBody(value=value):
            written = _json(value, names)
            return names.text(json_template(value)) if written is None else call("JSON.stringify", written)
        case GraphqlBody():
            return body_node(graphql_json(body), names)
        case TextBody(value=value):
            return names.text(value)
        case MultipartBody(parts=parts):
            return call(names.use("multipart"), array(_part(part, names) for part in parts))
        case _:
            return member("files", body.path)


def form(fields: Iterable[FormField], names: Names) -> Group:
    """Form fields, encoded when the request is sent."""
    pairs = (array((names.text(field.name), names.text(field.value))) for field in fields)
    return call(names.use("form"), array(pairs))


def _part(part: ValuePart | FilePart, names: Names) -> Node:
    if isinstance(part, ValuePart):
        return mapping((("name", names.text(part.name)), ("value", names.text(part.value))))
    return mapping(
        (
            ("name", names.text(part.name)),
            ("filename", names.text(part.filename)),
            ("type", string(re.sub(r"[\r\n]+", " ", part.media_type))),
            ("file", member("files", part.path)),
        )
    )


def _json(value: JsonValue, names: Names) -> Node | None:
    """The JavaScript value that `JSON.stringify` writes as the same text; None when there is none."""
    match value:
        case JsonText(value=text):
            return names.text(text)
        case JsonNumber(value=number):
            return number.literal if _survives(number.literal) else None
        case JsonConstant(value=constant):
            return constant
        case JsonArray(items=items):
            nodes = [_json(item, names) for item in items]
            return None if None in nodes else array(node for node in nodes if node is not None)
        case JsonObject():
            return _json_object(value, names)


def _json_object(value: JsonObject, names: Names) -> Node | None:
    keys = [m.name for m in value.members]
    # JavaScript moves whole numbers to the front, keeps one of two equal names
    if len(set(keys)) < len(keys) or any(re.fullmatch(r"0|[1-9][0-9]*", k) for k in keys):
        return None
    nodes = [(m.name, _json(m.value, names)) for m in value.members]
    members = [(name, node) for name, node in nodes if node is not None]
    return mapping(members) if len(members) == len(nodes) else None


def _survives(digits: str | None) -> bool:
    """Whether a number is written by JavaScript with the same digits."""
    if digits is None or not re.fullmatch(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]*[1-9])?", digits) or digits == "-0":
        return False
    return abs(int(digits)) < _LARGEST_EXACT if digits.lstrip("-").isdigit() else repr(float(digits)) == digits
