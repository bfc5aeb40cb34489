"""Lark's tree to the syntax tree: one short method for each rule of the grammar."""
# ruff: noqa: D102 - a method is the rule of that name in grammar/intent.lark

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal
from typing import Any, cast

from lark import Token, Transformer, v_args
from lark.tree import Meta

from loadwright.compiler import nodes
from loadwright.compiler.codes import Code
from loadwright.compiler.diagnostics import Diagnostic, LoadwrightError
from loadwright.compiler.source import Span

_ESCAPES = {'"': '"', "\\": "\\", "n": "\n", "r": "\r", "t": "\t", "$": "$"}
_MILLISECONDS = {"ms": 1, "s": 1000, "m": 60_000, "h": 3_600_000}
_SECONDS = {"s": 1, "m": 60, "h": 3600}
_LONGEST_NUMBER = 18
"""Digits of a number with a meaning (counts, durations); longer is a slip of the hand."""


@v_args(inline=True, meta=True)
class Builder(Transformer[Token, nodes.Intent]):
    """Builds the syntax tree, bottom up. Raises LoadwrightError for a number out of range or an impossible character."""

    def __init__(self, path: str) -> None:
        super().__init__(visit_tokens=False)
        self._path = path

    def _span(self, place: Meta | Token) -> Span:
        return Span(
            path=self._path,
            line=place.line or 1,
            column=place.column or 1,
            end_line=place.end_line or 1,
            end_column=place.end_column or 1,
        )

    # --- words, texts and numbers

    def _word(self, token: Token) -> nodes.Text:
        return nodes.Text(self._span(token), str(token))

    def _named(self, value: Any) -> nodes.Text:
        return self._word(value) if isinstance(value, Token) else cast("nodes.Text", value)

    def _maybe_word(self, token: Token | None) -> nodes.Text | None:
        return None if token is None else self._word(token)

    def _count(self, token: Token, least: int = 1) -> nodes.Count:
        self._check_length(token)
        if int(token) < least:
            raise self._error(Code.BAD_NUMBER, f"`{token}` is too small here", f"the least is {least}", token)
        return nodes.Count(self._span(token), int(token))

    def _time(self, token: Token, least: int = 0) -> nodes.Duration:
        digits, unit = self._split(token)
        milliseconds = digits * _MILLISECONDS[unit]
        if milliseconds < least:
            raise self._error(Code.BAD_NUMBER, f"`{token}` is too short here", "give a longer time", token)
        return nodes.Duration(self._span(token), milliseconds)

    def _whole_time(self, token: Token, least: int = 0) -> nodes.Duration:
        time = self._time(token, least)
        if time.value % 1:
            raise self._error(Code.BAD_NUMBER, f"`{token}` is not a whole number of milliseconds", "round it", token)
        return time

    def _split(self, token: Token) -> tuple[Decimal, str]:
        self._check_length(token)
        match = re.match(r"[0-9.]+", token)
        digits = match[0] if match else "0"
        return Decimal(digits), token[len(digits) :].removeprefix("/")

    def _rate(self, token: Token) -> nodes.Quantity:
        digits, unit = self._split(token)
        return nodes.Quantity(self._span(token), digits / _SECONDS[unit])

    def _check_length(self, token: Token) -> None:
        if len(token) > _LONGEST_NUMBER:
            raise self._error(
                Code.BAD_NUMBER, "the number is too long", f"at most {_LONGEST_NUMBER} characters make sense here", token
            )

    def _error(self, code: Code, message: str, hint: str, place: Meta | Token) -> LoadwrightError:
        return LoadwrightError(Diagnostic(code, message, hint, self._span(place)))

    def _characters(self, token: Token) -> nodes.Text:
        if token.type != "ESCAPE":
            return nodes.Text(self._span(token), self._checked(str(token), token))
        if token[1] != "u":
            return nodes.Text(self._span(token), _ESCAPES[token[1]])
        number = int(token[3:-1], 16)
        if number > 0x10FFFF or 0xD800 <= number <= 0xDFFF:
            raise self._error(
                Code.BAD_ESCAPE, f"`{token}` is no Unicode character", "the range is 0 to 10FFFF without D800 to DFFF", token
            )
        return nodes.Text(self._span(token), chr(number))

    def _checked(self, text: str, token: Token) -> str:
        if any("\ud800" <= character <= "\udfff" for character in text):
            raise self._error(Code.BAD_ESCAPE, "half a surrogate pair is no Unicode character", "take it out", token)
        return text

    def text(self, meta: Meta, *pieces: Token) -> nodes.Text:
        return nodes.Text(self._span(meta), "".join(self._characters(piece).value for piece in pieces[1:-1]))

    def string(self, meta: Meta, *pieces: Token | nodes.Expression) -> nodes.String:
        parts = [self._characters(piece) if isinstance(piece, Token) else piece for piece in pieces[1:-1]]
        return nodes.String(self._span(meta), _joined(parts))

    def number(self, meta: Meta, token: Token) -> nodes.String:
        return self._fixed(token)

    def _fixed(self, value: Token | nodes.Text) -> nodes.String:
        text = self._named(value)
        return nodes.String(text.span, (text,))

    def reference(self, meta: Meta, name: Token) -> nodes.Reference:
        return nodes.Reference(self._span(meta), str(name))

    def data_field(self, meta: Meta, data: Token, column: Token | nodes.Text) -> nodes.DataField:
        return nodes.DataField(self._span(meta), self._word(data), self._named(column))

    def call(self, meta: Meta, function: Token, *arguments: nodes.Expression | None) -> nodes.Call:
        return nodes.Call(self._span(meta), self._word(function), tuple(a for a in arguments if a))

    def pipe(self, meta: Meta, value: nodes.Expression, function: Token, *arguments: nodes.Expression | None) -> nodes.Call:
        return nodes.Call(self._span(meta), self._word(function), (value, *(a for a in arguments if a)), piped=True)

    def pattern(self, meta: Meta, value: Token | nodes.Text) -> nodes.Text:
        if isinstance(value, nodes.Text):
            return value
        inner = re.sub(r"\\(.)", lambda m: "/" if m[1] == "/" else m[0], value[1:-1], flags=re.DOTALL)
        return nodes.Text(self._span(meta), self._checked(inner, value))

    # --- declarations

    def start(self, meta: Meta, *declarations: nodes.Declaration) -> nodes.Intent:
        return nodes.Intent(self._span(meta) if declarations else _empty(self._path), declarations)

    def intent(self, meta: Meta, title: nodes.Text) -> nodes.Title:
        return nodes.Title(self._span(meta), title)

    def target(self, meta: Meta, name: Token, url: nodes.Text) -> nodes.Target:
        return nodes.Target(self._span(meta), self._word(name), url)

    def secret(self, meta: Meta, name: Token, env: nodes.Text) -> nodes.Secret:
        return nodes.Secret(self._span(meta), self._word(name), env)

    def data(self, meta: Meta, name: Token, path: nodes.Text, *options: nodes.DataOption) -> nodes.DataSource:
        return nodes.DataSource(self._span(meta), self._word(name), path, options)

    def data_order(self, meta: Meta, order: Token) -> nodes.DataOption:
        return nodes.DataOption(self._span(meta), "order", str(order))

    def data_end(self, meta: Meta, on_end: Token) -> nodes.DataOption:
        return nodes.DataOption(self._span(meta), "on_end", str(on_end))

    def let(self, meta: Meta, name: Token, value: nodes.Expression) -> nodes.Variable:
        return nodes.Variable(self._span(meta), self._word(name), value)

    def defaults(self, meta: Meta, *items: nodes.RequestItem) -> nodes.Defaults:
        return nodes.Defaults(self._span(meta), items)

    # --- journeys

    def journey(self, meta: Meta, name: Token, title: nodes.Text | None, *items: Any) -> nodes.Journey:
        return nodes.Journey(self._span(meta), self._word(name), title, items)

    def step(self, meta: Meta, name: nodes.Text, *actions: Any) -> nodes.Step:
        return nodes.Step(self._span(meta), name, actions)

    def parallel(self, meta: Meta, *requests: nodes.Request) -> nodes.Parallel:
        return nodes.Parallel(self._span(meta), requests)

    def think(self, meta: Meta, minimum: Token, maximum: Token | None) -> nodes.Think:
        return nodes.Think(self._span(meta), self._whole_time(minimum), self._whole_time(maximum or minimum))

    def request(
        self, meta: Meta, method: Token, target: Token | None, url: nodes.String, name: nodes.Text | None, *items: nodes.RequestItem
    ) -> nodes.Request:
        return nodes.Request(self._span(meta), self._word(method), self._maybe_word(target), url, name, items)

    def query(self, meta: Meta, *fields: nodes.FormField) -> nodes.Query:
        return nodes.Query(self._span(meta), fields)

    def header(self, meta: Meta, name: Token | nodes.Text, value: nodes.Expression) -> nodes.Header:
        return nodes.Header(self._span(meta), self._named(name), value)

    def redirects(self, meta: Meta, mode: Token) -> nodes.Redirects:
        return nodes.Redirects(self._span(meta), str(mode))

    def timeout(self, meta: Meta, limit: Token) -> nodes.Timeout:
        return nodes.Timeout(self._span(meta), self._whole_time(limit, 1))

    # --- bodies

    def form(self, meta: Meta, *fields: nodes.FormField) -> nodes.FormBody:
        return nodes.FormBody(self._span(meta), fields)

    def field(self, meta: Meta, name: Token | nodes.String, value: nodes.Expression) -> nodes.FormField:
        return nodes.FormField(self._span(meta), self._fixed(name) if isinstance(name, Token) else name, value)

    def text_body(self, meta: Meta, value: nodes.Expression, media_type: nodes.Text | None) -> nodes.TextBody:
        return nodes.TextBody(self._span(meta), value, media_type)

    def file_body(self, meta: Meta, path: nodes.Text, media_type: nodes.Text | None) -> nodes.FileBody:
        return nodes.FileBody(self._span(meta), path, media_type)

    def multipart(self, meta: Meta, *parts: nodes.ValuePart | nodes.FilePart) -> nodes.MultipartBody:
        return nodes.MultipartBody(self._span(meta), parts)

    def value_part(self, meta: Meta, name: Token | nodes.Text, value: nodes.Expression) -> nodes.ValuePart:
        return nodes.ValuePart(self._span(meta), self._named(name), value)

    def file_part(
        self, meta: Meta, name: Token | nodes.Text, path: nodes.Text, filename: nodes.Text | None, media_type: nodes.Text | None
    ) -> nodes.FilePart:
        return nodes.FilePart(self._span(meta), self._named(name), path, filename, media_type)

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

    # --- captures

    def capture(
        self, meta: Meta, name: Token, source: Any, occurrence: Token | None, default: nodes.Expression | None
    ) -> nodes.Capture:
        return nodes.Capture(self._span(meta), self._word(name), source, self._count(occurrence) if occurrence else None, default)

    def default(self, meta: Meta, value: nodes.Expression) -> nodes.Expression:
        return value

    def json_source(self, meta: Meta, path: nodes.Text) -> nodes.JsonSource:
        return nodes.JsonSource(self._span(meta), path)

    def css_source(self, meta: Meta, selector: nodes.Text, attribute: nodes.Text | None) -> nodes.CssSource:
        return nodes.CssSource(self._span(meta), selector, attribute)

    def attribute(self, meta: Meta, name: Token | nodes.Text) -> nodes.Text:
        return nodes.Text(self._span(meta), name[1:] if isinstance(name, Token) else name.value)

    def regex_source(self, meta: Meta, pattern: nodes.Text) -> nodes.RegexSource:
        return nodes.RegexSource(self._span(meta), pattern)

    def boundary_source(self, meta: Meta, left: nodes.Text, right: nodes.Text) -> nodes.BoundarySource:
        return nodes.BoundarySource(self._span(meta), left, right)

    def header_source(self, meta: Meta, name: Token | nodes.Text, pattern: nodes.Text | None) -> nodes.HeaderSource:
        return nodes.HeaderSource(self._span(meta), self._named(name), pattern)

    def cookie_source(self, meta: Meta, name: Token | nodes.Text) -> nodes.CookieSource:
        return nodes.CookieSource(self._span(meta), self._named(name))

    def redirect_source(self, meta: Meta) -> nodes.RedirectSource:
        return nodes.RedirectSource(self._span(meta))

    # --- expectations

    def expect_status(self, meta: Meta, *statuses: Token) -> nodes.StatusExpectation:
        return nodes.StatusExpectation(self._span(meta), tuple(self._count(status) for status in statuses))

    def expect_type(self, meta: Meta, media_type: nodes.Text) -> nodes.TypeExpectation:
        return nodes.TypeExpectation(self._span(meta), media_type)

    def expect_body(self, meta: Meta, negated: Token | None, *relation: Any) -> nodes.TextExpectation:
        return self._text_expectation(meta, negated, None, *relation)

    def expect_header(self, meta: Meta, negated: Token | None, name: Token | nodes.Text, *relation: Any) -> nodes.TextExpectation:
        return self._text_expectation(meta, negated, self._named(name), *relation)

    def _text_expectation(
        self, meta: Meta, negated: Token | None, header: nodes.Text | None, relation: Token, value: Any = None
    ) -> nodes.TextExpectation:
        value = self._fixed(value) if isinstance(value, nodes.Text) else value
        return nodes.TextExpectation(self._span(meta), header, str(relation), value, negated is not None)

    def expect_json(self, meta: Meta, negated: Token | None, path: nodes.Text, value: Any) -> nodes.JsonExpectation:
        if isinstance(value, nodes.JsonConstant):
            value = self._fixed(nodes.Text(value.span, value.value))
        return nodes.JsonExpectation(self._span(meta), path, None if isinstance(value, Token) else value, negated is not None)

    def expect_time(self, meta: Meta, less_than: Token) -> nodes.TimeExpectation:
        return nodes.TimeExpectation(self._span(meta), self._whole_time(less_than, 1))

    def expect_sound(self, meta: Meta, *rules: Token | None) -> nodes.SoftFailureExpectation:
        ignored = (nodes.Text(self._span(rule), " ".join(rule.split())) for rule in rules if rule is not None)
        return nodes.SoftFailureExpectation(self._span(meta), tuple(ignored))

    # --- load and goals

    def load(self, meta: Meta, name: Token, *workloads: nodes.Workload) -> nodes.Load:
        return nodes.Load(self._span(meta), self._word(name), workloads)

    def workload(self, meta: Meta, journey: Token, model: Any) -> nodes.Workload:
        return nodes.Workload(self._span(meta), self._word(journey), model)

    def closed(self, meta: Meta, users: Token, duration: Any, *options: tuple[str, Any]) -> nodes.ClosedModel:
        found = self._options(meta, options)
        length = duration[1] if duration else None
        return nodes.ClosedModel(self._span(meta), self._count(users), found.get("iterations"), length, found.get("ramp"))

    def open(self, meta: Meta, rate: Token, duration: tuple[str, nodes.Duration], *options: tuple[str, Any]) -> nodes.OpenModel:
        found = self._options(meta, options)
        return nodes.OpenModel(self._span(meta), self._rate(rate), duration[1], found.get("ramp"), found.get("in_flight"))

    def _options(self, meta: Meta, options: Sequence[tuple[str, Any]]) -> dict[str, Any]:
        names = [name for name, _ in options]
        for name, value in options:
            if names.count(name) > 1:
                raise LoadwrightError(
                    Diagnostic(Code.DUPLICATE, f"the {name.replace('_', ' ')} is given twice", "keep one", value.span)
                )
        return dict(options)

    def duration(self, meta: Meta, length: Token) -> tuple[str, nodes.Duration]:
        return "duration", self._whole_time(length, 1)

    def iterations(self, meta: Meta, count: Token) -> tuple[str, nodes.Count]:
        return "iterations", self._count(count)

    def ramp(self, meta: Meta, length: Token) -> tuple[str, nodes.Duration]:
        return "ramp", self._whole_time(length)

    def in_flight(self, meta: Meta, count: Token) -> tuple[str, nodes.Count]:
        return "in_flight", self._count(count)

    def goals(self, meta: Meta, *goals: nodes.Goal) -> nodes.Goals:
        return nodes.Goals(self._span(meta), goals)

    def time_goal(self, meta: Meta, metric: Token, of: nodes.Text | None, relation: Token, limit: Token) -> nodes.Goal:
        percentile = Decimal(metric[1:]) if metric.type == "PERCENTILE" else None
        if percentile is not None and percentile > 100:
            raise self._error(Code.BAD_NUMBER, f"`{metric}` is no percentile", "percentiles go from `p0` to `p100`", metric)
        name = "percentile" if percentile is not None else str(metric)
        return nodes.Goal(self._span(meta), name, percentile, of, str(relation), self._time(limit).value)

    def share_goal(self, meta: Meta, metric: Token, of: nodes.Text | None, relation: Token, limit: Token) -> nodes.Goal:
        if limit.type == "INT" and int(limit[:_LONGEST_NUMBER]):
            raise self._error(Code.BAD_NUMBER, "failures are counted as a share of requests", f"write `{limit}%`", limit)
        self._check_length(limit)
        return nodes.Goal(self._span(meta), str(metric), None, of, str(relation), Decimal(limit.removesuffix("%")) / 100)

    def count_goal(self, meta: Meta, metric: Token, of: nodes.Text | None, relation: Token, limit: Token) -> nodes.Goal:
        name = "soft_failures" if metric.type == "SOFT" else "extraction_misses"
        return nodes.Goal(self._span(meta), name, None, of, str(relation), Decimal(self._count(limit, 0).value))

    def rate_goal(self, meta: Meta, metric: Token, of: nodes.Text | None, relation: Token, limit: Token) -> nodes.Goal:
        return nodes.Goal(self._span(meta), str(metric), None, of, str(relation), self._rate(limit).value)


def _joined(parts: Sequence[nodes.Text | nodes.Expression]) -> tuple[nodes.Text | nodes.Expression, ...]:
    """Neighbouring texts as one, so that an escape does not show in the tree."""
    joined: list[nodes.Text | nodes.Expression] = []
    for part in parts:
        last = joined[-1] if joined else None
        if isinstance(part, nodes.Text) and isinstance(last, nodes.Text):
            span = last.span.model_copy(update={"end_line": part.span.end_line, "end_column": part.span.end_column})
            joined[-1] = nodes.Text(span, last.value + part.value)
        else:
            joined.append(part)
    return tuple(joined)


def _empty(path: str) -> Span:
    return Span(path=path, line=1, column=1, end_line=1, end_column=1)


def comment(token: Token, path: str) -> nodes.Comment:
    """A comment, not yet beside its statement."""
    line, column = token.line or 1, token.column or 1
    span = Span(path=path, line=line, column=column, end_line=line, end_column=column + len(token.rstrip()))
    return nodes.Comment(span, token[1:].strip(), "inside", None)
