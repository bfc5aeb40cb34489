"""Text to syntax tree; with `build`, `recovery` and `parse_errors` all that knows Lark."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable
from contextvars import ContextVar
from functools import cache
from typing import Any

from lark import Lark, Token, Tree
from lark.exceptions import UnexpectedInput, UnexpectedToken, VisitError
from lark.parsers.lalr_interactive_parser import InteractiveParser
from msgspec import Struct, field

from loadwright import grammar
from loadwright.compiler import nodes
from loadwright.compiler.builder import Builder, comment
from loadwright.compiler.cache import cache_folder
from loadwright.compiler.codes import Code
from loadwright.compiler.comments import attach
from loadwright.compiler.diagnostics import Diagnostic, LoadwrightError, in_order
from loadwright.compiler.lexer import Lexer
from loadwright.compiler.parse_errors import accepted, bad_escape, line_end_in_text
from loadwright.compiler.recovery import Recovery
from loadwright.compiler.source import Span

MAXIMUM_DEPTH = 80
"""How deep values may nest (in tree levels): deeper is a mistake, or an attack on the stack."""

MOST_ERRORS = 20
"""Errors of syntax that are told of one text."""


def parse(text: str, path: str) -> nodes.Intent:
    """The syntax tree of a text; `path` is what spans call it.

    Raises LoadwrightError with every error of syntax, in the order of the text, for a text outside the grammar.
    """
    reading = _Reading(text.removeprefix("\ufeff"), path)
    token = _current.set(reading)
    try:
        tree = _read(reading)
    finally:
        _current.reset(token)
    intent = _built(tree, reading) if tree else None
    if reading.found or intent is None:
        raise LoadwrightError(*in_order(reading.found)[:MOST_ERRORS])
    return attach(intent, [comment(found, path) for found in reading.comments])


class _Reading(Struct):
    """What comes up while a text is read."""

    text: str
    path: str
    comments: list[Token] = field(default_factory=list)
    found: list[Diagnostic] = field(default_factory=list)


_current: ContextVar[_Reading] = ContextVar("reading")


class _OpenTextError(Exception):
    """Raised inside the lexer: a line end in a quoted text."""

    def __init__(self, token: Token) -> None:
        self.token = token


def _keep_comment(token: Token) -> Token:
    _current.get().comments.append(token)
    return token


def _refuse(token: Token) -> Token:
    raise _OpenTextError(token)


def _note_escape(token: Token) -> Token:
    reading = _current.get()
    if len(token) > 1:  # else the line ends, or the text
        reading.found.append(bad_escape(token, reading.path))
    return token


@cache
def _lark() -> Lark:
    return Lark(
        grammar.text(),
        parser="lalr",
        lexer="contextual",
        propagate_positions=True,
        maybe_placeholders=True,
        lexer_callbacks={"COMMENT": _keep_comment, "_LINE_END": _refuse, "_BAD_ESCAPE": _note_escape},
        cache=_tables(),
        _plugins={"ContextualLexer": Lexer},
    )


def _tables() -> str | bool:
    """The file that keeps the grammar's tables, which take longer to make than most texts to read; none where none can be.

    Lark tells by their digest whether they are of this grammar. They are as safe as the runtimes, which are kept beside them.
    """
    try:
        folder = cache_folder()
        folder.mkdir(parents=True, exist_ok=True)
    except (OSError, RuntimeError):
        return False
    return str(folder / f"grammar-{sys.implementation.cache_tag}.lark")


def _read(reading: _Reading) -> Tree[Token] | None:
    """Lark's tree of what could be read; what is wrong is noted."""
    parser = _lark().parse_interactive(reading.text)
    recovery = Recovery(parser, reading.text, reading.path, reading.found.append)
    while True:
        try:
            for token in parser.lexer_thread.lex(parser.parser_state):  # type: ignore[no-untyped-call]
                parser.parser_state.feed_token(token)
            tree: Tree[Token] = parser.feed_eof()  # type: ignore[no-untyped-call]
        except UnexpectedInput as error:
            if not _read_otherwise(error, parser) and not recovery.after(error):
                return None
        except _OpenTextError as error:
            problem = line_end_in_text(error.token, reading.text, reading.path)
            if not recovery.after_text(problem, error.token.start_pos or 0):
                return None
        else:
            return tree
        if len(reading.found) >= MOST_ERRORS:
            return None


def _read_otherwise(error: UnexpectedInput, parser: InteractiveParser) -> bool:
    """Take a word for what fits: the keyword of another context, else a name.

    LALR merges the states after a value, so the lexer may see a keyword of another context (`type` after a form's value).
    """
    if not isinstance(error, UnexpectedToken) or not re.fullmatch(r"[A-Za-z_]\w*", error.token):
        return False
    fitting = accepted(parser.parser_state)
    for kind in (f"_{error.token.upper()}", "NAME"):
        if kind in fitting and kind != error.token.type:
            parser.feed_token(Token.new_borrow_pos(kind, error.token.value, error.token))
            return True
    return False


def _built(tree: Tree[Token], reading: _Reading) -> nodes.Intent | None:
    """The syntax tree, unless something in it is wrong, which is noted."""
    deep = _too_deep(tree, reading.path)
    if deep:
        reading.found.append(deep)
        return None
    return _Collector(reading.path, reading.found.append).intent_of(tree)


class _Broken:
    """Stands in the tree for what had an error."""


class _Collector(Builder):
    """Builds what can be built: a rule with an error is reported, and the rules around it are not tried."""

    def __init__(self, path: str, report: Callable[[Diagnostic], None]) -> None:
        super().__init__(path)
        self._report = report

    def intent_of(self, tree: Tree[Token]) -> nodes.Intent | None:
        """The syntax tree, or None when there was an error."""
        built = self.transform(tree)
        return None if isinstance(built, _Broken) else built

    def _call_userfunc(self, tree: Tree[Token], new_children: list[Any] | None = None) -> Any:
        children = tree.children if new_children is None else new_children
        if any(isinstance(child, _Broken) for child in children):
            return _Broken()
        try:
            return super()._call_userfunc(tree, new_children)  # type: ignore[no-untyped-call]
        except VisitError as error:
            if not isinstance(error.orig_exc, LoadwrightError):
                raise
            for diagnostic in error.orig_exc.diagnostics:
                self._report(diagnostic)
            return _Broken()


def _too_deep(tree: Tree[Token], path: str) -> Diagnostic | None:
    waiting = [(tree, 1)]
    while waiting:
        node, depth = waiting.pop()
        if depth > MAXIMUM_DEPTH:
            meta = node.meta
            span = Span(path=path, line=meta.line, column=meta.column, end_line=meta.end_line, end_column=meta.end_column)
            return Diagnostic(Code.SYNTAX, "values are nested too deeply here", "use a `let` for the inner values", span)
        waiting += [(child, depth + 1) for child in node.children if isinstance(child, Tree)]
    return None
