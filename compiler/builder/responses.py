"""Captures and expectations."""
# ruff: noqa: D102 - a method is the rule of that name in grammar/intent.lark

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

from lark import Token, v_args
from lark.tree import Meta

from loadwright.compiler import nodes
from loadwright.compiler.builder.values import ValueRules
from loadwright.compiler.codes import Code
from loadwright.compiler.source import Span

_BYTES = {"B": 1, "KB": 1000, "MB": 1000_000, "GB": 1000_000_000}

_Relation = tuple[str, tuple[nodes.Expression, ...]]
"""A relation and what stands on its right."""


@v_args(inline=True, meta=True)
class ResponseRules(ValueRules):
    """Rules of captures and expectations."""

    def capture(self, meta: Meta, name: Token, source: Any, selection: Any, default: nodes.Expression | None) -> nodes.Capture:
        word = str(selection) if isinstance(selection, Token) else None
        occurrence, recorded = selection if isinstance(selection, tuple) else (None, None)
        select = None if word == "first" else word
        return nodes.Capture(self._span(meta), self._word(name), source, select, occurrence, recorded, default)

    def nth(self, meta: Meta, number: Token, recorded: Token | None) -> tuple[nodes.Count, nodes.Count | None]:
        occurrence = self._count(number)
        return occurrence, self._count(recorded, occurrence.value) if recorded is not None else None

    def default(self, meta: Meta, value: nodes.Expression) -> nodes.Expression:
        return value

    def json_source(self, meta: Meta, path: nodes.String) -> nodes.JsonSource:
        return nodes.JsonSource(self._span(meta), self._extractor(path))

    def css_source(self, meta: Meta, selector: nodes.String, attribute: nodes.Text | None) -> nodes.CssSource:
        return nodes.CssSource(self._span(meta), self._extractor(selector), attribute)

    def attribute(self, meta: Meta, name: Token | nodes.Text) -> nodes.Text:
        return nodes.Text(self._span(meta), name[1:] if isinstance(name, Token) else name.value)

    def regex_source(self, meta: Meta, pattern: nodes.Text | nodes.String) -> nodes.RegexSource:
        return nodes.RegexSource(self._span(meta), pattern)

    def boundary_source(self, meta: Meta, left: nodes.String, right: nodes.String) -> nodes.BoundarySource:
        return nodes.BoundarySource(self._span(meta), self._extractor(left), self._extractor(right))

    def header_source(self, meta: Meta, name: Token | nodes.Text, pattern: nodes.Text | nodes.String | None) -> nodes.HeaderSource:
        return nodes.HeaderSource(self._span(meta), self._named(name), pattern)

    def cookie_source(self, meta: Meta, name: Token | nodes.Text) -> nodes.CookieSource:
        return nodes.CookieSource(self._span(meta), self._named(name))

    def redirect_source(self, meta: Meta) -> nodes.RedirectSource:
        return nodes.RedirectSource(self._span(meta))

    def xpath_source(self, meta: Meta, path: nodes.String) -> nodes.XPathSource:
        return nodes.XPathSource(self._span(meta), self._extractor(path))

    def body_source(self, meta: Meta) -> nodes.BodySource:
        return nodes.BodySource(self._span(meta))

    def url_source(self, meta: Meta) -> nodes.UrlSource:
        return nodes.UrlSource(self._span(meta))

    def status_source(self, meta: Meta) -> nodes.StatusSource:
        return nodes.StatusSource(self._span(meta))

    def expect_status(self, meta: Meta, negated: Token | None, *statuses: Token | nodes.StatusRange) -> nodes.StatusExpectation:
        wanted = tuple(self._count(status) if isinstance(status, Token) else status for status in statuses)
        return nodes.StatusExpectation(self._span(meta), wanted, negated is not None)

    def status_range(self, meta: Meta, first: Token, last: Token) -> nodes.StatusRange:
        return nodes.StatusRange(self._span(meta), self._count(first), self._count(last))

    def expect_type(self, meta: Meta, negated: Token | None, media_type: nodes.Text) -> nodes.TypeExpectation:
        return nodes.TypeExpectation(self._span(meta), media_type, negated is not None)

    def expect_value(
        self, meta: Meta, negated: Token | None, source: Any, relation: _Relation, soft: Token | None
    ) -> nodes.TextExpectation | nodes.JsonExpectation | nodes.ValueExpectation:
        return expectation(self._span(meta), source, relation, negated is not None, soft is not None)

    def exists(self, meta: Meta, _: Token) -> _Relation:
        return "exists", ()

    def compared(self, meta: Meta, sign: Token, value: nodes.Expression | nodes.JsonConstant) -> _Relation:
        return str(sign), (self._operand(value),)

    def related(self, meta: Meta, relation: Token, value: nodes.Expression) -> _Relation:
        return " ".join(relation.split()), (value,)

    def matched(self, meta: Meta, _: Token, pattern: nodes.Text) -> _Relation:
        return "matches", (self._fixed(pattern),)

    def one_of(self, meta: Meta, *values: nodes.Expression | nodes.JsonConstant) -> _Relation:
        return "one of", tuple(self._operand(value) for value in values)

    def between(self, meta: Meta, least: nodes.Expression, most: nodes.Expression) -> _Relation:
        return "between", (least, most)

    def counted(self, meta: Meta, sign: Token, count: nodes.Expression) -> _Relation:
        return f"count {sign}", (count,)

    def typed(self, meta: Meta, kind: Token) -> _Relation:
        return "is", (self._fixed(kind),)

    def _operand(self, value: nodes.Expression | nodes.JsonConstant) -> nodes.Expression:
        return self._fixed(nodes.Text(value.span, value.value)) if isinstance(value, nodes.JsonConstant) else value

    def expect_size(self, meta: Meta, relation: Token, size: Token) -> nodes.SizeExpectation:
        self._check_length(size)
        match = re.match(r"[0-9.]+", size)
        digits = match[0] if match else "0"
        exact = Decimal(digits) * _BYTES[size[len(digits) :]]
        if exact % 1:
            raise self._error(Code.BAD_NUMBER, f"`{size}` is not a whole number of bytes", "round it", size)
        return nodes.SizeExpectation(self._span(meta), str(relation), nodes.Count(self._span(size), int(exact)))

    def expect_schema(self, meta: Meta, path: nodes.Text) -> nodes.SchemaExpectation:
        return nodes.SchemaExpectation(self._span(meta), path)

    def expect_time(self, meta: Meta, less_than: Token) -> nodes.TimeExpectation:
        return nodes.TimeExpectation(self._span(meta), self._whole_time(less_than, 1))

    def expect_sound(self, meta: Meta, *rules: Token | None) -> nodes.SoftFailureExpectation:
        ignored = (nodes.Text(self._span(rule), " ".join(rule.split())) for rule in rules if rule is not None)
        return nodes.SoftFailureExpectation(self._span(meta), tuple(ignored))


def expectation(
    span: Span, source: nodes.Source, relation: _Relation, negated: bool, soft: bool
) -> nodes.TextExpectation | nodes.JsonExpectation | nodes.ValueExpectation:
    """The expectation that a source in a relation is: the plainest form that says it."""
    name, values = relation
    same = "equals" if name == "=" else name
    is_text = isinstance(source, nodes.BodySource) or (isinstance(source, nodes.HeaderSource) and source.pattern is None)
    if is_text and (same in ("contains", "equals", "matches") or (same == "exists" and isinstance(source, nodes.HeaderSource))):
        header = source.name if isinstance(source, nodes.HeaderSource) else None
        return nodes.TextExpectation(span, header, same, values[0] if values else None, negated, soft)
    if isinstance(source, nodes.JsonSource) and name in ("=", "exists"):
        return nodes.JsonExpectation(span, source.path, values[0] if values else None, negated, soft)
    count = name.startswith("count ")
    plain = {"equals": "="}.get(name, name.removeprefix("count "))
    return nodes.ValueExpectation(span, source, count, plain, values, negated, soft)
