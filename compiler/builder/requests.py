"""What a request holds, and bodies."""
# ruff: noqa: D102 - a method is the rule of that name in grammar/intent.lark

from __future__ import annotations

from decimal import Decimal
from typing import Any

from lark import Token, v_args
from lark.tree import Meta

from loadwright.compiler import nodes
from loadwright.compiler.builder.values import ValueRules
from loadwright.compiler.codes import Code


@v_args(inline=True, meta=True)
class RequestRules(ValueRules):
    """Rules of requests and bodies."""

    def cookie(self, meta: Meta, name: Token | nodes.Text, value: nodes.Expression) -> nodes.Cookie:
        return nodes.Cookie(self._span(meta), self._named(name), value)

    def auth(self, meta: Meta, scheme: Token, *arguments: nodes.Expression | None) -> nodes.Auth:
        given = tuple(a for a in arguments if a)
        if len(given) != (1 if scheme == "bearer" else 2):
            hint = "`auth bearer(token)`" if scheme == "bearer" else f"`auth {scheme}(user, password)`"
            raise self._error(Code.BAD_ARGUMENT, f"`{scheme}` has the wrong number of values", f"write {hint}", meta)
        return nodes.Auth(self._span(meta), scheme, given)  # type: ignore[arg-type]

    def retry(self, meta: Meta, times: Token, *rest: Any) -> nodes.Retry:
        causes = [cause for cause in rest if isinstance(cause, Token)]
        found = self._options(meta, [option for option in rest if isinstance(option, tuple)])
        statuses = tuple(self._count(cause) for cause in causes if cause.type == "INT")
        network = any(cause.type == "NETWORK" for cause in causes)
        return nodes.Retry(self._span(meta), self._count(times), statuses, network, found.get("wait"), found.get("backoff"))

    def wait(self, meta: Meta, length: Token) -> tuple[str, nodes.Duration]:
        return "wait", self._whole_time(length)

    def backoff(self, meta: Meta, factor: Token) -> tuple[str, nodes.Quantity]:
        self._check_length(factor)
        if Decimal(factor) < 1:
            raise self._error(Code.BAD_NUMBER, f"`{factor}` would make the waits shorter", "the least is 1", factor)
        return "backoff", nodes.Quantity(self._span(factor), Decimal(factor))

    def query(self, meta: Meta, *fields: nodes.FormField) -> nodes.Query:
        return nodes.Query(self._span(meta), fields)

    def header(self, meta: Meta, name: Token | nodes.Text, value: nodes.Expression) -> nodes.Header:
        return nodes.Header(self._span(meta), self._named(name), value)

    def redirects(self, meta: Meta, mode: Token) -> nodes.Redirects:
        return nodes.Redirects(self._span(meta), str(mode))

    def timeout(self, meta: Meta, limit: Token) -> nodes.Timeout:
        return nodes.Timeout(self._span(meta), self._whole_time(limit, 1))

    def form(self, meta: Meta, *fields: nodes.FormField) -> nodes.FormBody:
        return nodes.FormBody(self._span(meta), fields)

    def field(self, meta: Meta, name: Token | nodes.String, value: nodes.Expression) -> nodes.FormField:
        return nodes.FormField(self._span(meta), self._field_name(name), value)

    def _field_name(self, name: Token | nodes.String) -> nodes.String:
        """A name of a field or part: a bare word is fixed text."""
        return self._fixed(name) if isinstance(name, Token) else name

    def text_body(self, meta: Meta, value: nodes.Expression, media_type: nodes.Text | None) -> nodes.TextBody:
        return nodes.TextBody(self._span(meta), value, media_type)

    def file_body(self, meta: Meta, path: nodes.Text, media_type: nodes.Text | None) -> nodes.FileBody:
        return nodes.FileBody(self._span(meta), path, media_type)

    def graphql(
        self, meta: Meta, query: nodes.Text, operation: nodes.Text | None, variables: nodes.JsonObject | None
    ) -> nodes.GraphqlBody:
        return nodes.GraphqlBody(self._span(meta), query, operation, variables)

    def long_text(self, meta: Meta, token: Token) -> nodes.Text:
        return nodes.Text(self._span(meta), self._checked(unindented(token[3:-3]), token))

    def multipart(self, meta: Meta, *parts: nodes.ValuePart | nodes.FilePart) -> nodes.MultipartBody:
        return nodes.MultipartBody(self._span(meta), parts)

    def value_part(self, meta: Meta, name: Token | nodes.String, value: nodes.Expression) -> nodes.ValuePart:
        return nodes.ValuePart(self._span(meta), self._field_name(name), value)

    def file_part(
        self, meta: Meta, name: Token | nodes.String, path: nodes.Text, filename: nodes.String | None, media_type: nodes.Text | None
    ) -> nodes.FilePart:
        return nodes.FilePart(self._span(meta), self._field_name(name), path, filename, media_type)

    def json(self, meta: Meta, value: nodes.JsonValue) -> nodes.JsonBody:
        return nodes.JsonBody(self._span(meta), value)

    def json_text(self, meta: Meta, value: nodes.Expression) -> nodes.JsonText:
        return nodes.JsonText(self._span(meta), value)

    def json_number(self, meta: Meta, token: Token) -> nodes.JsonNumber:
        return nodes.JsonNumber(self._span(meta), self._fixed(token))

    def json_call(self, meta: Meta, value: nodes.Expression) -> nodes.JsonNumber:
        return nodes.JsonNumber(self._span(meta), value)

    def json_constant(self, meta: Meta, token: Token) -> nodes.JsonConstant:
        return nodes.JsonConstant(self._span(meta), str(token))

    def json_array(self, meta: Meta, *items: nodes.JsonValue | None) -> nodes.JsonArray:
        return nodes.JsonArray(self._span(meta), tuple(item for item in items if item))

    def json_object(self, meta: Meta, *members: nodes.JsonMember | None) -> nodes.JsonObject:
        return nodes.JsonObject(self._span(meta), tuple(member for member in members if member))

    def json_member(self, meta: Meta, name: Token | nodes.Text, value: nodes.JsonValue) -> nodes.JsonMember:
        return nodes.JsonMember(self._span(meta), self._named(name), value)


def unindented(text: str) -> str:
    """A long text without the line end after its opening, the line of its closing, and the indentation that all lines share."""
    lines = text.replace("\r\n", "\n").split("\n")
    if len(lines) > 1 and not lines[0].strip():
        lines = lines[1:]
    if len(lines) > 1 and not lines[-1].strip():
        lines = lines[:-1]
    margin = min((len(line) - len(line.lstrip(" ")) for line in lines if line.strip()), default=0)
    return "\n".join(line[margin:] if line.strip() else "" for line in lines)
