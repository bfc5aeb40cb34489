"""Lark's tree to the syntax tree: one short method for each rule of the grammar."""
# ruff: noqa: D102 - a method is the rule of that name in grammar/intent.lark

from __future__ import annotations

from lark import Token, v_args
from lark.tree import Meta

from loadwright.compiler import nodes
from loadwright.compiler.builder.declarations import DeclarationRules
from loadwright.compiler.builder.journeys import JourneyRules
from loadwright.compiler.builder.loads import LoadRules
from loadwright.compiler.builder.requests import RequestRules
from loadwright.compiler.builder.responses import ResponseRules
from loadwright.compiler.source import Span


@v_args(inline=True, meta=True)
class Builder(DeclarationRules, JourneyRules, RequestRules, ResponseRules, LoadRules):
    """Builds the syntax tree, bottom up. Raises LoadwrightError for a number out of range or an impossible character."""

    def start(self, meta: Meta, *declarations: nodes.Declaration) -> nodes.Intent:
        return nodes.Intent(self._span(meta) if declarations else _empty(self._path), declarations)


def _empty(path: str) -> Span:
    return Span(path=path, line=1, column=1, end_line=1, end_column=1)


def comment(token: Token, path: str) -> nodes.Comment:
    """A comment, not yet beside its statement."""
    line, column = token.line or 1, token.column or 1
    span = Span(path=path, line=line, column=column, end_line=line, end_column=column + len(token.rstrip()))
    return nodes.Comment(span, token[1:].strip(), "inside", None)
