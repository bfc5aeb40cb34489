"""What a request can have as its body."""

from __future__ import annotations

from loadwright.compiler.nodes.node import Expression, Node, Statement, String, Text


class FormField(Statement, frozen=True):
    """`name = …` in a form or query."""

    name: Expression
    value: Expression


class FormBody(Statement, frozen=True):
    """`form { … }`."""

    fields: tuple[FormField, ...]


class TextBody(Statement, frozen=True):
    """`text "…" type "…"`."""

    value: Expression
    media_type: Text | None


class FileBody(Statement, frozen=True):
    """`file "…" type "…"`."""

    path: Text
    media_type: Text | None


class ValuePart(Statement, frozen=True):
    """`name = …` in a multipart body."""

    name: String
    value: Expression


class FilePart(Statement, frozen=True):
    """`name = file "…" name "…" type "…"` in a multipart body."""

    name: String
    path: Text
    filename: String | None
    media_type: Text | None


class MultipartBody(Statement, frozen=True):
    """`multipart { … }`."""

    parts: tuple[ValuePart | FilePart, ...]


class JsonText(Node, frozen=True):
    """A JSON string."""

    value: Expression


class JsonNumber(Node, frozen=True):
    """A JSON number, or `number(…)`."""

    value: Expression


class JsonConstant(Node, frozen=True):
    """`true`, `false` or `null`."""

    value: str


class JsonArray(Node, frozen=True):
    """`[…]`."""

    items: tuple[JsonValue, ...]


class JsonMember(Statement, frozen=True):
    """`name: …`."""

    name: Text
    value: JsonValue


class JsonObject(Node, frozen=True):
    """`{…}`."""

    members: tuple[JsonMember, ...]


JsonValue = JsonText | JsonNumber | JsonConstant | JsonArray | JsonObject


class JsonBody(Statement, frozen=True):
    """`json …`."""

    value: JsonValue


class GraphqlBody(Statement, frozen=True):
    """`graphql "…" operation "…" variables { … }`."""

    query: Text
    operation: Text | None
    variables: JsonObject | None


Body = FormBody | JsonBody | TextBody | FileBody | MultipartBody | GraphqlBody
