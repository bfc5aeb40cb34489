"""What a request can have as its body."""

from __future__ import annotations

from dataclasses import dataclass

from loadwright.compiler.nodes.node import Expression, Node, Statement, String, Text


@dataclass(frozen=True, slots=True)
class FormField(Statement):
    """`name = …` in a form or query."""

    name: Expression
    value: Expression


@dataclass(frozen=True, slots=True)
class FormBody(Statement):
    """`form { … }`."""

    fields: tuple[FormField, ...]


@dataclass(frozen=True, slots=True)
class TextBody(Statement):
    """`text "…" type "…"`."""

    value: Expression
    media_type: Text | None


@dataclass(frozen=True, slots=True)
class FileBody(Statement):
    """`file "…" type "…"`."""

    path: Text
    media_type: Text | None


@dataclass(frozen=True, slots=True)
class ValuePart(Statement):
    """`name = …` in a multipart body."""

    name: Text
    value: Expression


@dataclass(frozen=True, slots=True)
class FilePart(Statement):
    """`name = file "…" name "…" type "…"` in a multipart body."""

    name: Text
    path: Text
    filename: String | None
    media_type: Text | None


@dataclass(frozen=True, slots=True)
class MultipartBody(Statement):
    """`multipart { … }`."""

    parts: tuple[ValuePart | FilePart, ...]


@dataclass(frozen=True, slots=True)
class JsonText(Node):
    """A JSON string."""

    value: Expression


@dataclass(frozen=True, slots=True)
class JsonNumber(Node):
    """A JSON number, or `number(…)`."""

    value: Expression


@dataclass(frozen=True, slots=True)
class JsonConstant(Node):
    """`true`, `false` or `null`."""

    value: str


@dataclass(frozen=True, slots=True)
class JsonArray(Node):
    """`[…]`."""

    items: tuple[JsonValue, ...]


@dataclass(frozen=True, slots=True)
class JsonMember(Statement):
    """`name: …`."""

    name: Text
    value: JsonValue


@dataclass(frozen=True, slots=True)
class JsonObject(Node):
    """`{…}`."""

    members: tuple[JsonMember, ...]


JsonValue = JsonText | JsonNumber | JsonConstant | JsonArray | JsonObject


@dataclass(frozen=True, slots=True)
class JsonBody(Statement):
    """`json …`."""

    value: JsonValue


@dataclass(frozen=True, slots=True)
class GraphqlBody(Statement):
    """`graphql "…" operation "…" variables { … }`."""

    query: Text
    operation: Text | None
    variables: JsonObject | None


Body = FormBody | JsonBody | TextBody | FileBody | MultipartBody | GraphqlBody
