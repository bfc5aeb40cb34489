"""The Plan's models of bodies, and the fields that forms and queries are made of."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BeforeValidator, Field

from loadwright.compiler.plan.node import Placed
from loadwright.compiler.plan.template import Template, template


class FormField(Placed):
    """One field of a form or query; name and value are decoded text, sent form-encoded (`formencode`)."""

    name: Template
    value: Template


class FormBody(Placed):
    """An `application/x-www-form-urlencoded` body; order and repeated names are kept."""

    kind: Literal["form"] = "form"
    fields: tuple[FormField, ...]


class JsonText(Placed):
    """A JSON string."""

    kind: Literal["string"] = "string"
    value: Template


class JsonNumber(Placed):
    """A JSON number, kept digit for digit; a reference puts the referenced text in unquoted."""

    kind: Literal["number"] = "number"
    value: Template


class JsonConstant(Placed):
    """`true`, `false` or `null`."""

    kind: Literal["constant"] = "constant"
    value: Literal["true", "false", "null"]


class JsonArray(Placed):
    """A JSON array."""

    kind: Literal["array"] = "array"
    items: tuple[JsonValue, ...] = ()


class JsonMember(Placed):
    """A member of a JSON object."""

    name: str
    value: JsonValue


class JsonObject(Placed):
    """A JSON object; order is kept."""

    kind: Literal["object"] = "object"
    members: tuple[JsonMember, ...] = ()


JsonValue = Annotated[JsonText | JsonNumber | JsonConstant | JsonArray | JsonObject, Field(discriminator="kind")]


class JsonBody(Placed):
    """An `application/json` body, sent compact as `JSON.stringify` writes it."""

    kind: Literal["json"] = "json"
    value: JsonValue


class TextBody(Placed):
    """A body of literal text, sent as UTF-8."""

    kind: Literal["text"] = "text"
    value: Template
    media_type: str = "text/plain"


class FileBody(Placed):
    """The bytes of a file, sent as they are."""

    kind: Literal["file"] = "file"
    path: str
    """Relative to the intent file, inside its folder."""
    media_type: str = "application/octet-stream"


def _plain_text(text: object) -> object:
    return template(text) if isinstance(text, str) else text


PartName = Annotated[Template, BeforeValidator(_plain_text)]
"""The name of a part, or of the file in it, as it is sent; a plain text counts as one without values."""


class ValuePart(Placed):
    """A multipart part that holds text."""

    kind: Literal["value"] = "value"
    name: PartName
    value: Template


class FilePart(Placed):
    """A multipart part that holds a file."""

    kind: Literal["file"] = "file"
    name: PartName
    path: str
    """Relative to the intent file, inside its folder."""
    filename: PartName
    media_type: str = "application/octet-stream"


class MultipartBody(Placed):
    """A `multipart/form-data` body; order and repeated names are kept, the boundary is the runtime's."""

    kind: Literal["multipart"] = "multipart"
    parts: tuple[Annotated[ValuePart | FilePart, Field(discriminator="kind")], ...]


class GraphqlBody(Placed):
    """A GraphQL operation over HTTP: JSON with `operationName`, `query` and `variables` (GraphQL over HTTP, section 5.4)."""

    kind: Literal["graphql"] = "graphql"
    query: str
    """The document, fixed text."""
    operation: str | None = None
    """The operation's name; it is the name of the request too."""
    variables: JsonObject | None = None


Body = Annotated[FormBody | JsonBody | TextBody | FileBody | MultipartBody | GraphqlBody, Field(discriminator="kind")]
