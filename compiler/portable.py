"""What means the same on every runtime: regular expressions, CSS selectors and JSON paths that all of them can carry."""

from __future__ import annotations

import re
import warnings

from loadwright.compiler.plan.jsonpath import JsonPathError, parse_path

_ESCAPED_LETTERS = frozenset("dDwWsSbBnrtfx0")
"""Letters (and `0`) that mean the same after a backslash in Python, ECMAScript and Jakarta ORO; `\\1` to `\\9` are apart."""

_PIECE = re.compile(r"\\(.)|(\[\^?\]?)|(\])|(\(\?.?)|([*+?}]\+)|(\{,)|(.)", re.DOTALL)


def regex_problem(pattern: str) -> str | None:
    """Why a regular expression is invalid or means different things on different runtimes, or None."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            re.compile(pattern)
    except (re.error, OverflowError, RecursionError) as error:
        return f"the pattern is invalid: {error}"
    in_class = False
    for match in _PIECE.finditer(pattern):
        escaped, opening, closing, group, possessive, open_ended, _ = match.groups()
        problem = _escape_problem(escaped, in_class)
        if not in_class:
            problem = problem or _construct_problem(opening, group, possessive, open_ended)
        elif opening and pattern.startswith(("[:", "[.", "[="), match.start()):
            problem = "classes such as `[:alpha:]` are not the same everywhere"
        if problem:
            return problem
        in_class = not closing if in_class else bool(opening)
    return None


def _escape_problem(escaped: str | None, in_class: bool) -> str | None:
    if escaped is None or not (escaped.isalnum() and escaped.isascii()):
        return None
    if escaped in _ESCAPED_LETTERS and not (in_class and escaped in "bB"):
        return None
    if escaped.isdigit() and not in_class:
        return None
    return f"`\\{escaped}` is not the same everywhere"


def _construct_problem(opening: str | None, group: str | None, possessive: str | None, open_ended: str | None) -> str | None:
    if opening and opening.endswith("]"):
        return "a class that starts with `]` is not the same everywhere: write `\\]`"
    if group and group not in ("(?:", "(?=", "(?!"):
        return f"groups that start with `{group}` are not the same everywhere"
    if possessive:
        return f"`{possessive}` is not the same everywhere"
    if open_ended:
        return "`{,n}` is not the same everywhere: write `{0,n}`"
    return None


def json_path_problem(path: str) -> str | None:
    """Why a JSONPath is outside the subset, or None."""
    try:
        parse_path(path)
    except JsonPathError as error:
        return str(error)
    return None


def selector_problem(selector: str) -> str | None:
    """Why a CSS selector is invalid, or None."""
    from selectolax.lexbor import LexborHTMLParser, SelectolaxError

    if not selector.strip():
        return "the selector is empty"
    try:
        LexborHTMLParser("<p></p>").css(selector)
    except SelectolaxError:
        return "the selector is invalid"
    return None
