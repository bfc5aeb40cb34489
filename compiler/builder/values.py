"""Words, texts, numbers and values: what every other rule is made of."""
# ruff: noqa: D102 - a method is the rule of that name in grammar/intent.lark

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Any, cast

from lark import Token, Transformer, v_args
from lark.tree import Meta

from loadwright.compiler import nodes
from loadwright.compiler.codes import Code
from loadwright.compiler.diagnostics import Diagnostic, LoadwrightError
from loadwright.compiler.source import Span

_HALF_A_PAIR = re.compile("[\ud800-\udfff]")
_ESCAPES = {'"': '"', "\\": "\\", "n": "\n", "r": "\r", "t": "\t", "$": "$"}
_MILLISECONDS = {"ms": 1, "s": 1000, "m": 60_000, "h": 3_600_000}
_SECONDS = {"s": 1, "m": 60, "h": 3600}
LONGEST_NUMBER = 18
"""Digits of a number with a meaning (counts, durations); longer is a slip of the hand."""


@v_args(inline=True, meta=True)
class ValueRules(Transformer[Token, nodes.Intent]):
    """Rules of words and values."""

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
        if len(token) > LONGEST_NUMBER:
            raise self._error(
                Code.BAD_NUMBER, "the number is too long", f"at most {LONGEST_NUMBER} characters make sense here", token
            )

    def _percent(self, token: Token) -> nodes.Quantity:
        self._check_length(token)
        return nodes.Quantity(self._span(token), Decimal(token.removesuffix("%")))

    def _options(self, meta: Meta, options: Sequence[tuple[str, Any]]) -> dict[str, Any]:
        names = [name for name, _ in options]
        for name, value in options:
            if names.count(name) > 1:
                raise LoadwrightError(
                    Diagnostic(Code.DUPLICATE, f"the {name.replace('_', ' ')} is given twice", "keep one", value.span)
                )
        return dict(options)

    def _error(self, code: Code, message: str, hint: str, place: Meta | Token) -> LoadwrightError:
        return LoadwrightError(Diagnostic(code, message, hint, self._span(place)))

    def _characters(self, token: Token) -> str:
        if token.type != "ESCAPE":
            return self._checked(str(token), token)
        if token[1] != "u":
            return _ESCAPES[token[1]]
        number = int(token[3:-1], 16)
        if number > 0x10FFFF or 0xD800 <= number <= 0xDFFF:
            raise self._error(
                Code.BAD_ESCAPE, f"`{token}` is no Unicode character", "the range is 0 to 10FFFF without D800 to DFFF", token
            )
        return chr(number)

    def _checked(self, text: str, token: Token) -> str:
        if _HALF_A_PAIR.search(text):
            raise self._error(Code.BAD_ESCAPE, "half a surrogate pair is no Unicode character", "take it out", token)
        return text

    def text(self, meta: Meta, *pieces: Token) -> nodes.Text:
        return nodes.Text(self._span(meta), "".join(map(self._characters, pieces[1:-1])))

    def string(self, meta: Meta, *pieces: Token | nodes.Expression) -> nodes.String:
        parts: list[nodes.Text | nodes.Expression] = []
        run: list[Token] = []
        for piece in pieces[1:]:  # the last one is the quote
            if isinstance(piece, Token):
                run.append(piece)
                continue
            parts += self._run(run)
            parts.append(piece)
            run = []
        parts += self._run(run[:-1])
        return nodes.String(self._span(meta), tuple(parts))

    def _run(self, tokens: Sequence[Token]) -> list[nodes.Text]:
        """Characters and escapes one after the other as one text, so that an escape does not show in the tree."""
        if not tokens:
            return []
        last = self._span(tokens[-1])
        span = self._span(tokens[0]).model_copy(update={"end_line": last.end_line, "end_column": last.end_column})
        return [nodes.Text(span, "".join(map(self._characters, tokens)))]

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
        if any(_values(value)):
            hint = "compare with `contains`, or look for a `regex` that holds the value; a `${` itself is written `\\${`"
            raise self._error(Code.SYNTAX, "the pattern of `matches` is fixed: it takes no `${…}`", hint, value)
        return nodes.Text(self._span(meta), self._checked(_without_slashes(value[1:-1]), value))

    def extractor_pattern(self, meta: Meta, value: Token | nodes.String) -> nodes.Text | nodes.String:
        if isinstance(value, nodes.String):
            return self._extractor(value)
        parts: list[nodes.Text | nodes.Expression] = []
        end = 1
        for found in _values(value):
            parts += self._piece(value, end, found.start())
            parts.append(self._value_in(value, found.start("inside"), found["inside"]))
            end = found.end()
        parts += self._piece(value, end, len(value) - 1)
        return self._extractor(nodes.String(self._span(meta), tuple(parts)))

    def _piece(self, token: Token, start: int, end: int) -> list[nodes.Text]:
        """A piece of a pattern between its values."""
        text = self._checked(_without_slashes(token[start:end]), token)
        return [nodes.Text(self._inside(token, start, end), text)] if text else []

    def _value_in(self, token: Token, start: int, text: str) -> nodes.Expression:
        """The value of `${…}` in a pattern, read as if it stood alone at its place."""
        from loadwright.compiler.parser import parse  # it imports this room; few patterns hold values

        place = self._inside(token, start, start + len(text))
        before = 'let x = "${'
        if place.column <= len(before):
            before = "\n" * (place.line - 2) + before.removesuffix('"${') + "\n" + " " * (place.column - 4) + '"${'
        else:
            before = "\n" * (place.line - 1) + " " * (place.column - 1 - len(before)) + before
        declared = parse(f'{before}{text}}}"', self._path).declarations[0]
        value = declared.value if isinstance(declared, nodes.Variable) else None
        if not isinstance(value, nodes.String) or len(value.parts) != 1 or isinstance(value.parts[0], nodes.Text):
            raise self._error(Code.SYNTAX, "one value stands in `${…}`", "a name, a column or a call", token)
        return value.parts[0]

    def _inside(self, token: Token, start: int, end: int) -> Span:
        """The place of a piece of a token, which is on one line."""
        line, column = token.line or 1, token.column or 1
        return Span(path=self._path, line=line, column=column + start, end_line=line, end_column=column + end)

    def _extractor(self, value: nodes.String) -> nodes.Text | nodes.String:
        """The expression of an extractor: a Text where it is fixed."""
        if all(isinstance(part, nodes.Text) for part in value.parts):
            return nodes.Text(value.span, "".join(part.value for part in value.parts if isinstance(part, nodes.Text)))
        return value


_PIECE = re.compile(r"\\.|\$\{(?P<inside>[^{}\r\n]*)\}|.", re.DOTALL)


def _values(pattern: str) -> Iterator[re.Match[str]]:
    """The values in a pattern between slashes; `\\${` is none."""
    return (found for found in _PIECE.finditer(pattern) if found["inside"] is not None)


def _without_slashes(text: str) -> str:
    """A piece of a pattern with `\\/` as `/`."""
    return re.sub(r"\\(.)", lambda m: "/" if m[1] == "/" else m[0], text, flags=re.DOTALL)
