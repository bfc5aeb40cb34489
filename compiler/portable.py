"""What means the same on every runtime: regular expressions, CSS selectors and JSON paths that all of them can carry."""

from __future__ import annotations

import re

from loadwright.compiler.plan import patterns
from loadwright.compiler.plan.describe import describe_text
from loadwright.compiler.plan.inserted import Frame, frame, misplaced_in_pattern, misplaced_in_selector, pattern_frame
from loadwright.compiler.plan.jsonpath import JsonPathError, parse_path
from loadwright.compiler.plan.template import ExtractorText

_ESCAPED_LETTERS = frozenset("dDwWsSbBnrtfx0")
"""Letters (and `0`) that mean the same after a backslash in Python, ECMAScript and Jakarta ORO; `\\1` to `\\9` are apart."""

_PIECE = re.compile(r"\\(.)|(\[\^?\]?)|(\])|(\(\?.?)|([*+?}]\+)|(\{,)|(.)", re.DOTALL)


def extractor_pattern_problem(pattern: ExtractorText) -> str | None:
    """Why a regular expression, which may hold values, is invalid or means different things on different runtimes, or None."""
    framed = pattern_frame(pattern)
    problem = misplaced_in_pattern(framed) or regex_problem(framed.text)
    if problem is None and framed.values:  # a value may be empty
        problem = regex_problem(framed.filled(framed.text, lambda _: "(?:)"))
    return _shown(problem, framed)


def _shown(problem: str | None, framed: Frame) -> str | None:
    """A message with the names of values in it."""
    return problem and framed.filled(problem, describe_text)


def regex_problem(pattern: str) -> str | None:
    """Why a regular expression is invalid or means different things on different runtimes, or None."""
    try:
        patterns.compile_pattern(pattern)
    except FutureWarning:
        return "`[`, `&&`, `||`, `~~` and `--` in a class are not the same everywhere: write `\\[`, `\\&`, …"
    except (re.error, OverflowError, RecursionError) as error:
        return f"the pattern is invalid: {error}"
    if re.search(r"(?<!\\)(?:\\\\)*\\0[0-9]", pattern):
        return "`\\0` before a digit is not the same everywhere: write `\\x00`"
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
    if not patterns.is_plain(pattern):
        return "the groups nest too deeply"
    return _group_problem(patterns.parse_pattern(pattern), frozenset())


def _group_problem(node: patterns.Node, known: frozenset[int]) -> str | None:
    """What engines disagree about in the groups and repetitions of a tree; `known` are the groups that surely have matched."""
    inner = [(child, known) for child in patterns.children(node)]
    match node:
        case patterns.Again(number=number) if number not in known:
            return f"`\\{number}` may stand for a group that has not matched, which is not the same everywhere"
        case patterns.Anchor(negated=True) if patterns.groups_inside(node):
            return "a group inside `(?!…)` captures nothing: write `(?:…)`"
        case patterns.Repeat(body=patterns.Anchor()):
            return "a repeated anchor is not the same everywhere"
        case patterns.Repeat(body=body, most=most) if most != 1:
            if patterns.can_be_empty(body):
                return "a repetition of what can be empty is not the same everywhere"
            if patterns.groups_inside(body) - patterns.surely_set(body):
                return "a group that a round of a repetition can leave out is not the same everywhere: write `(?:…)`"
        case patterns.Sequence(items=items):
            inner = []
            for item in items:
                inner.append((item, known))
                known |= patterns.surely_set(item)
        case _:
            pass
    return next((problem for child, before in inner if (problem := _group_problem(child, before))), None)


def regex_backtracking(pattern: str) -> str | None:
    """Why a match of a regular expression can take very long on a text that it does not fit, or None.

    A pattern that is invalid, or has groups of other kinds than the portable ones, is not judged.
    """
    if not patterns.is_plain(pattern):
        return None
    return _ambiguity(patterns.parse_pattern(pattern), frozenset(), is_repeated=False)


_NESTED = "a repetition inside a repetition can share the same text out in very many ways: let each begin with text of its own"
_ALIKE = "alternatives of a repetition match the same text: leave one out"
_NEIGHBOURS = "two repetitions side by side can match the same text, which is tried in every division: join them"


def _ambiguity(node: patterns.Node, after: frozenset[str], *, is_repeated: bool) -> str | None:
    """What is ambiguous in a tree; `after` are the characters that can follow it inside the repetition around it."""
    match node:
        case patterns.Repeat(body=body, least=least, most=most):
            if is_repeated and least != most and patterns.first(body) & after:
                return _NESTED
            is_loop = most is None or most > 9
            after |= patterns.first(body) if most != 1 else frozenset()
            return _ambiguity(body, after, is_repeated=is_repeated or is_loop)
        case patterns.Sequence(items=items):
            return _neighbours(items) or _in_sequence(items, after, is_repeated=is_repeated)
        case patterns.Choice(options=options):
            if is_repeated and any(_overlap(a, b) for i, a in enumerate(options) for b in options[:i]):
                return _ALIKE
        case patterns.Anchor(body=body):
            return _ambiguity(body, frozenset(), is_repeated=False) if body else None
        case _:
            pass
    found = (_ambiguity(child, after, is_repeated=is_repeated) for child in patterns.children(node))
    return next(filter(None, found), None)


def _in_sequence(items: tuple[patterns.Node, ...], after: frozenset[str], *, is_repeated: bool) -> str | None:
    for item in reversed(items):
        problem = _ambiguity(item, after, is_repeated=is_repeated)
        if problem:
            return problem
        after = patterns.first(item) | (after if patterns.can_be_empty(item) else frozenset())
    return None


def _neighbours(items: tuple[patterns.Node, ...]) -> str | None:
    """Greedy endless repetitions with nothing between them that must be there."""
    open_: list[frozenset[str]] = []
    for item in items:
        inner = item
        while isinstance(inner, patterns.Group):
            inner = inner.body
        is_endless = isinstance(inner, patterns.Repeat) and inner.most is None and not inner.is_lazy
        if is_endless and any(patterns.first(inner) & before for before in open_):
            return _NEIGHBOURS
        if not patterns.can_be_empty(item) or (isinstance(inner, patterns.Repeat) and inner.is_lazy):
            open_ = []
        if is_endless:
            open_.append(patterns.first(inner))
    return None


def _overlap(a: patterns.Node, b: patterns.Node) -> bool:
    """Whether two alternatives are characters, as many of them, that can be the same."""
    one, other = _characters(a), _characters(b)
    return bool(one) and len(one) == len(other) and all(x & y for x, y in zip(one, other, strict=True))


def _characters(node: patterns.Node) -> list[frozenset[str]]:
    items = node.items if isinstance(node, patterns.Sequence) else (node,)
    sets = [item.members for item in items if isinstance(item, patterns.Chars)]
    return sets if len(sets) == len(items) else []


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


def json_path_problem(path: ExtractorText) -> str | None:
    """Why a JSONPath is outside the subset, or None."""
    framed = frame(path)
    try:
        parse_path(framed.text, frozenset(framed.values))
    except JsonPathError as error:
        return _shown(str(error), framed)
    return None


def selector_problem(selector: ExtractorText) -> str | None:
    """Why a CSS selector is invalid, or None."""
    from selectolax.lexbor import LexborHTMLParser, SelectolaxError

    framed = frame(selector)
    if not framed.text.strip():
        return "the selector is empty"
    if problem := misplaced_in_selector(framed):
        return problem
    try:
        LexborHTMLParser("<p></p>").css(framed.text)
    except SelectolaxError:
        return "the selector is invalid"
    return None
