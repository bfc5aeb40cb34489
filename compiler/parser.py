"""Text to syntax tree; the only place that knows Lark."""

from __future__ import annotations

import re
from contextvars import ContextVar
from functools import cache

from lark import Lark, Token, Tree
from lark.exceptions import UnexpectedInput, UnexpectedToken, VisitError

from loadwright import grammar
from loadwright.compiler import nodes
from loadwright.compiler.build import Builder, comment
from loadwright.compiler.codes import Code
from loadwright.compiler.comments import attach
from loadwright.compiler.diagnostics import Diagnostic, LoadwrightError
from loadwright.compiler.parse_errors import bad_character_in_text, explain
from loadwright.compiler.source import Span

MAXIMUM_DEPTH = 80
"""How deep values may nest (in tree levels): deeper is a mistake, or an attack on the stack."""

_comments: ContextVar[list[Token]] = ContextVar("comments")


def parse(text: str, path: str) -> nodes.Intent:
    """The syntax tree of a text; `path` is what spans call it. Raises LoadwrightError for a text outside the grammar."""
    text = text.removeprefix("\ufeff")
    token = _comments.set([])
    try:
        tree = _lark().parse(text, on_error=_read_otherwise)
        _check_depth(tree, path)
        intent: nodes.Intent = Builder(path).transform(tree)
        return attach(intent, [comment(found, path) for found in _comments.get()])
    except UnexpectedInput as error:
        raise LoadwrightError(explain(error, text, path)) from None
    except VisitError as error:
        if isinstance(error.orig_exc, LoadwrightError):
            raise error.orig_exc from None
        raise
    except _BadTextError as error:
        raise LoadwrightError(bad_character_in_text(error.token, text, path)) from None
    finally:
        _comments.reset(token)


class _BadTextError(Exception):
    """Raised inside the lexer: a line end or an unknown escape in a quoted text."""

    def __init__(self, token: Token) -> None:
        self.token = token


def _keep_comment(token: Token) -> Token:
    _comments.get().append(token)
    return token


def _refuse(token: Token) -> Token:
    raise _BadTextError(token)


@cache
def _lark() -> Lark:
    return Lark(
        grammar.text(),
        parser="lalr",
        lexer="contextual",
        propagate_positions=True,
        maybe_placeholders=True,
        lexer_callbacks={"COMMENT": _keep_comment, "_LINE_END": _refuse, "_BAD_ESCAPE": _refuse},
    )


def _read_otherwise(error: UnexpectedInput) -> bool:
    """Take a word for what fits: the keyword of another context, else a name.

    LALR merges the states after a value, so the lexer may see a keyword of another context (`type` after a form's value).
    """
    if not isinstance(error, UnexpectedToken) or not re.fullmatch(r"[A-Za-z_]\w*", error.token):
        return False
    accepted = error.interactive_parser.accepts()  # type: ignore[no-untyped-call]
    for kind in (f"_{error.token.upper()}", "NAME"):
        if kind in accepted and kind != error.token.type:
            error.interactive_parser.feed_token(Token.new_borrow_pos(kind, error.token.value, error.token))
            return True
    return False


def _check_depth(tree: Tree[Token], path: str) -> None:
    waiting = [(tree, 1)]
    while waiting:
        node, depth = waiting.pop()
        if depth > MAXIMUM_DEPTH:
            meta = node.meta
            span = Span(path=path, line=meta.line, column=meta.column, end_line=meta.end_line, end_column=meta.end_column)
            raise LoadwrightError(
                Diagnostic(Code.SYNTAX, "values are nested too deeply here", "use a `let` for the inner values", span)
            )
        waiting += [(child, depth + 1) for child in node.children if isinstance(child, Tree)]
