"""Lark's tree to the syntax tree: one short method for each rule of the grammar."""
# ruff: noqa: D102 - a method is the rule of that name in grammar/intent.lark

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
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
_BYTES = {"B": 1, "KB": 1000, "MB": 1000_000, "GB": 1000_000_000}
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

    def import_(self, meta: Meta, path: nodes.Text) -> nodes.Import:
        return nodes.Import(self._span(meta), path)

    def target(self, meta: Meta, name: Token, url: nodes.Text, *options: nodes.TargetOption) -> nodes.Target:
        return nodes.Target(self._span(meta), self._word(name), url, options)

    def verify(self, meta: Meta, value: Token) -> nodes.TargetOption:
        return nodes.TargetOption(self._span(meta), "verify", self._word(value))

    def certificate(self, meta: Meta, path: nodes.Text, key: nodes.Text) -> nodes.TargetOption:
        return nodes.TargetOption(self._span(meta), "certificate", path, key)

    def proxy(self, meta: Meta, url: nodes.Text) -> nodes.TargetOption:
        return nodes.TargetOption(self._span(meta), "proxy", url)

    def secret(self, meta: Meta, name: Token, env: nodes.Text) -> nodes.Secret:
        return nodes.Secret(self._span(meta), self._word(name), env)

    def data(self, meta: Meta, name: Token, kind: Token, path: nodes.Text, *options: nodes.DataOption) -> nodes.DataSource:
        return nodes.DataSource(self._span(meta), self._word(name), str(kind), path, options)

    def data_order(self, meta: Meta, order: Token) -> nodes.DataOption:
        return nodes.DataOption(self._span(meta), "order", str(order))

    def data_rows(self, meta: Meta, sharing: Token) -> nodes.DataOption:
        return nodes.DataOption(self._span(meta), "rows", " ".join(sharing.split()))

    def data_end(self, meta: Meta, on_end: Token) -> nodes.DataOption:
        return nodes.DataOption(self._span(meta), "on_end", str(on_end))

    def let(self, meta: Meta, name: Token, value: nodes.Expression) -> nodes.Variable:
        return nodes.Variable(self._span(meta), self._word(name), value)

    def defaults(self, meta: Meta, *items: nodes.RequestItem) -> nodes.Defaults:
        return nodes.Defaults(self._span(meta), items)

    # --- journeys

    def fragment(
        self, meta: Meta, name: Token, parameters: tuple[nodes.Text, ...], block: tuple[nodes.Flow, ...]
    ) -> nodes.Fragment:
        return nodes.Fragment(self._span(meta), self._word(name), parameters, block)

    def parameters(self, meta: Meta, *names: Token | None) -> tuple[nodes.Text, ...]:
        return tuple(self._word(name) for name in names if name)

    def block(self, meta: Meta, *items: nodes.Flow) -> tuple[nodes.Flow, ...]:
        return items

    def tags(self, meta: Meta, *tags: nodes.Text) -> nodes.Tags:
        return nodes.Tags(self._span(meta), tags)

    def cookies(self, meta: Meta, mode: Token) -> nodes.Cookies:
        return nodes.Cookies(self._span(meta), str(mode))

    def setup(self, meta: Meta, block: tuple[nodes.Flow, ...]) -> nodes.Setup:
        return nodes.Setup(self._span(meta), block)

    def teardown(self, meta: Meta, block: tuple[nodes.Flow, ...]) -> nodes.Teardown:
        return nodes.Teardown(self._span(meta), block)

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

    def websocket(self, meta: Meta, target: Token | None, url: nodes.String, name: nodes.Text | None, *items: Any) -> nodes.Stream:
        return nodes.Stream(self._span(meta), "websocket", self._maybe_word(target), url, name, items)

    def events(self, meta: Meta, target: Token | None, url: nodes.String, name: nodes.Text | None, *items: Any) -> nodes.Stream:
        return nodes.Stream(self._span(meta), "events", self._maybe_word(target), url, name, items)

    def send(self, meta: Meta, text: nodes.Expression) -> nodes.Send:
        return nodes.Send(self._span(meta), text)

    def receive(self, meta: Meta, name: nodes.Text | None, *items: Any) -> nodes.Receive:
        return nodes.Receive(self._span(meta), name, tuple(item for item in items if item))

    def containing(self, meta: Meta, value: nodes.Expression) -> nodes.Containing:
        return nodes.Containing(self._span(meta), value)

    def within(self, meta: Meta, limit: Token) -> nodes.Within:
        return nodes.Within(self._span(meta), self._whole_time(limit, 1))

    # --- flow

    def branch(self, meta: Meta, condition: nodes.Condition, block: tuple[nodes.Flow, ...]) -> nodes.Branch:
        return nodes.Branch(self._span(meta), condition, block)

    def otherwise(self, meta: Meta, block: tuple[nodes.Flow, ...]) -> nodes.Otherwise:
        return nodes.Otherwise(self._span(meta), block)

    def if_(self, meta: Meta, *parts: nodes.Branch | nodes.Otherwise | None) -> nodes.If:
        branches = tuple(part for part in parts if isinstance(part, nodes.Branch))
        last = parts[-1]
        return nodes.If(self._span(meta), branches, last if isinstance(last, nodes.Otherwise) else None)

    def repeat(self, meta: Meta, times: nodes.Expression, index: Token | None, block: tuple[nodes.Flow, ...]) -> nodes.Repeat:
        return nodes.Repeat(self._span(meta), times, self._maybe_word(index), block)

    def while_(self, meta: Meta, condition: nodes.Condition, *rest: Any) -> nodes.While:
        bound, every = self._loop(meta, rest[:-1])
        return nodes.While(self._span(meta), condition, bound, every, rest[-1])

    def until(self, meta: Meta, condition: nodes.Condition, *rest: Any) -> nodes.Until:
        bound, every = self._loop(meta, rest[:-1])
        return nodes.Until(self._span(meta), condition, bound, every, rest[-1])

    def _loop(self, meta: Meta, options: Sequence[tuple[str, Any]]) -> tuple[nodes.Count, nodes.Duration | None]:
        found = self._options(meta, options)
        if "bound" not in found:
            raise self._error(Code.UNBOUNDED, "the loop has no bound", "add how often it runs at most: `, at most 10`", meta)
        return found["bound"], found.get("interval")

    def bound(self, meta: Meta, count: Token) -> tuple[str, nodes.Count]:
        return "bound", self._count(count)

    def interval(self, meta: Meta, length: Token) -> tuple[str, nodes.Duration]:
        return "interval", self._whole_time(length)

    def for_each(
        self,
        meta: Meta,
        name: Token,
        values: nodes.Expression,
        bound: tuple[str, nodes.Count] | None,
        block: tuple[nodes.Flow, ...],
    ) -> nodes.ForEach:
        return nodes.ForEach(self._span(meta), self._word(name), values, bound[1] if bound else None, block)

    def choose(self, meta: Meta, *options: nodes.Option) -> nodes.Choose:
        return nodes.Choose(self._span(meta), options)

    def option(self, meta: Meta, percent: Token, block: tuple[nodes.Flow, ...]) -> nodes.Option:
        return nodes.Option(self._span(meta), self._percent(percent), block)

    def _percent(self, token: Token) -> nodes.Quantity:
        self._check_length(token)
        return nodes.Quantity(self._span(token), Decimal(token.removesuffix("%")))

    def shuffle(self, meta: Meta, block: tuple[nodes.Flow, ...]) -> nodes.Shuffle:
        return nodes.Shuffle(self._span(meta), block)

    def use(self, meta: Meta, fragment: Token, *arguments: nodes.Expression | None) -> nodes.Use:
        return nodes.Use(self._span(meta), self._word(fragment), tuple(a for a in arguments if a))

    def stop(self, meta: Meta, what: Token) -> nodes.Stop:
        return nodes.Stop(self._span(meta), str(what))

    def fail(self, meta: Meta, message: nodes.Text) -> nodes.Fail:
        return nodes.Fail(self._span(meta), message)

    def some(self, meta: Meta, *conditions: nodes.Condition) -> nodes.Some:
        return nodes.Some(self._span(meta), conditions)

    def every(self, meta: Meta, *conditions: nodes.Condition) -> nodes.Every:
        return nodes.Every(self._span(meta), conditions)

    def negation(self, meta: Meta, _: Token, condition: nodes.Condition) -> nodes.Negation:
        return nodes.Negation(self._span(meta), condition)

    def comparison(self, meta: Meta, left: nodes.Expression, relation: Token, right: Any) -> nodes.Comparison:
        right = self._fixed(right) if isinstance(right, nodes.Text) else right
        return nodes.Comparison(self._span(meta), left, " ".join(relation.split()), right)

    # --- what a request holds

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

    # --- bodies

    def form(self, meta: Meta, *fields: nodes.FormField) -> nodes.FormBody:
        return nodes.FormBody(self._span(meta), fields)

    def field(self, meta: Meta, name: Token | nodes.String, value: nodes.Expression) -> nodes.FormField:
        return nodes.FormField(self._span(meta), self._fixed(name) if isinstance(name, Token) else name, value)

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

    def capture(self, meta: Meta, name: Token, source: Any, selection: Any, default: nodes.Expression | None) -> nodes.Capture:
        word = str(selection) if isinstance(selection, Token) else None
        occurrence = selection if isinstance(selection, nodes.Count) else None
        return nodes.Capture(self._span(meta), self._word(name), source, None if word == "first" else word, occurrence, default)

    def nth(self, meta: Meta, count: Token) -> nodes.Count:
        return self._count(count)

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

    def xpath_source(self, meta: Meta, path: nodes.Text) -> nodes.XPathSource:
        return nodes.XPathSource(self._span(meta), path)

    def body_source(self, meta: Meta) -> nodes.BodySource:
        return nodes.BodySource(self._span(meta))

    def url_source(self, meta: Meta) -> nodes.UrlSource:
        return nodes.UrlSource(self._span(meta))

    def status_source(self, meta: Meta) -> nodes.StatusSource:
        return nodes.StatusSource(self._span(meta))

    # --- expectations

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

    # --- load and goals

    def load(self, meta: Meta, name: Token, *items: Any) -> nodes.Load:
        return nodes.Load(self._span(meta), self._word(name), items)

    def workload(self, meta: Meta, journey: Token, model: Any) -> nodes.Workload:
        return nodes.Workload(self._span(meta), self._word(journey), model)

    def mix(self, meta: Meta, model: Any, *shares: nodes.Share) -> nodes.Mix:
        return nodes.Mix(self._span(meta), model, shares)

    def share(self, meta: Meta, journey: Token, percent: Token) -> nodes.Share:
        return nodes.Share(self._span(meta), self._word(journey), self._percent(percent))

    def graceful_stop(self, meta: Meta, limit: Token) -> nodes.GracefulStop:
        return nodes.GracefulStop(self._span(meta), self._whole_time(limit))

    def closed(self, meta: Meta, users: Token, duration: Any, *options: tuple[str, Any]) -> nodes.ClosedModel:
        found = self._options(meta, options)
        length = duration[1] if duration else None
        return nodes.ClosedModel(
            self._span(meta), self._count(users), found.get("iterations"), length, found.get("ramp"), found.get("pacing")
        )

    def open(self, meta: Meta, rate: Token, duration: tuple[str, nodes.Duration], *options: tuple[str, Any]) -> nodes.OpenModel:
        found = self._options(meta, options)
        return nodes.OpenModel(self._span(meta), self._rate(rate), duration[1], found.get("ramp"), found.get("in_flight"))

    def phases(self, meta: Meta, *parts: Any) -> nodes.ClosedPhases | nodes.OpenPhases:
        phases = [part for part in parts if isinstance(part, nodes.UserPhase | nodes.RatePhase)]
        found = self._options(meta, [part for part in parts if isinstance(part, tuple)])
        levels = {type(phase.users if isinstance(phase, nodes.UserPhase) else phase.rate) for phase in phases} - {type(None)}
        is_open = levels == {nodes.Quantity}
        wrong = "pacing" if is_open else "in_flight"
        if len(levels) != 1 or wrong in found:
            message = "these phases mix users and rates" if levels else "these phases name no users and no rate"
            hint = "all phases say `to 50 users`, or all say `to 20/s`; `pacing` goes with users, `at most … in flight` with rates"
            raise self._error(Code.BAD_LOAD, message, hint, meta)
        if is_open:
            return nodes.OpenPhases(self._span(meta), tuple(map(_as_rate, phases)), found.get("in_flight"))
        users = tuple(phase for phase in phases if isinstance(phase, nodes.UserPhase))
        return nodes.ClosedPhases(self._span(meta), users, found.get("pacing"))

    def phase(
        self, meta: Meta, name: nodes.Text, length: Token, level: tuple[bool, nodes.Count | nodes.Quantity] | None
    ) -> nodes.UserPhase | nodes.RatePhase:
        jump, target = level or (False, None)
        if isinstance(target, nodes.Quantity):
            return nodes.RatePhase(self._span(meta), name, self._whole_time(length, 1), target, jump)
        return nodes.UserPhase(self._span(meta), name, self._whole_time(length, 1), target, jump)

    def evenly(self, meta: Meta, level: Token | nodes.Count) -> tuple[bool, nodes.Count | nodes.Quantity]:
        return False, self._rate(level) if isinstance(level, Token) else level

    def at_once(self, meta: Meta, level: Token | nodes.Count) -> tuple[bool, nodes.Count | nodes.Quantity]:
        return True, self._rate(level) if isinstance(level, Token) else level

    def user_level(self, meta: Meta, count: Token) -> nodes.Count:
        return self._count(count, 0)

    def pacing(self, meta: Meta, length: Token) -> tuple[str, nodes.Duration]:
        return "pacing", self._whole_time(length, 1)

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

    def time_goal(self, meta: Meta, metric: Token, *rest: Any) -> nodes.Goal:
        percentile = Decimal(metric[1:]) if metric.type == "PERCENTILE" else None
        if percentile is not None and percentile > 100:
            raise self._error(Code.BAD_NUMBER, f"`{metric}` is no percentile", "percentiles go from `p0` to `p100`", metric)
        name = "percentile" if percentile is not None else str(metric)
        return self._goal(meta, name, percentile, rest, lambda limit: self._time(limit).value)

    def share_goal(self, meta: Meta, metric: Token, *rest: Any) -> nodes.Goal:
        is_share = rest[3].type == "PERCENT"
        if metric.type == "SOFT":
            name = "soft_failure_rate" if is_share else "soft_failures"
        else:
            name = "failures" if is_share or not int(rest[3][:_LONGEST_NUMBER]) else "failed_requests"
        return self._goal(meta, name, None, rest, self._share)

    def _share(self, limit: Token) -> Decimal:
        return self._percent(limit).value / 100 if limit.type == "PERCENT" else Decimal(self._count(limit, 0).value)

    def count_goal(self, meta: Meta, metric: Token, *rest: Any) -> nodes.Goal:
        name = {"EXTRACTION": "extraction_misses", "DROPPED": "dropped_arrivals"}.get(metric.type, str(metric))
        return self._goal(meta, name, None, rest, lambda limit: Decimal(self._count(limit, 0).value))

    def rate_goal(self, meta: Meta, metric: Token, *rest: Any) -> nodes.Goal:
        return self._goal(meta, str(metric), None, rest, lambda limit: self._rate(limit).value)

    def _goal(
        self, meta: Meta, metric: str, percentile: Decimal | None, rest: Sequence[Any], value: Callable[[Token], Decimal]
    ) -> nodes.Goal:
        of, phase, relation, limit, abort = rest
        subject, name = of or (None, None)
        after = abort[0] if abort else None
        span = self._span(meta)
        return nodes.Goal(span, metric, percentile, subject, name, phase, str(relation), value(limit), abort is not None, after)

    def of(self, meta: Meta, what: nodes.Text | tuple[str, nodes.Text]) -> tuple[str, nodes.Text]:
        return ("name", what) if isinstance(what, nodes.Text) else what

    def of_journey(self, meta: Meta, name: Token) -> tuple[str, nodes.Text]:
        return "journey", self._word(name)

    def of_tag(self, meta: Meta, tag: nodes.Text) -> tuple[str, nodes.Text]:
        return "tag", tag

    def in_phase(self, meta: Meta, phase: nodes.Text) -> nodes.Text:
        return phase

    def abort(self, meta: Meta, after: Token | None) -> tuple[nodes.Duration | None]:
        return (self._whole_time(after) if after else None,)


_Relation = tuple[str, tuple[nodes.Expression, ...]]


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


def _as_rate(phase: nodes.UserPhase | nodes.RatePhase) -> nodes.RatePhase:
    """A phase in a load of rates; one without a level was read as one of users."""
    if isinstance(phase, nodes.RatePhase):
        return phase
    return nodes.RatePhase(phase.span, phase.name, phase.duration, None, phase.jump)


def unindented(text: str) -> str:
    """A long text without the line end after its opening, the line of its closing, and the indentation that all lines share."""
    lines = text.replace("\r\n", "\n").split("\n")
    if len(lines) > 1 and not lines[0].strip():
        lines = lines[1:]
    if len(lines) > 1 and not lines[-1].strip():
        lines = lines[:-1]
    margin = min((len(line) - len(line.lstrip(" ")) for line in lines if line.strip()), default=0)
    return "\n".join(line[margin:] if line.strip() else "" for line in lines)


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
