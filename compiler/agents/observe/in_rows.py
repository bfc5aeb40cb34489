"""One of several rows of a page, known by the text that says which row it is."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from itertools import islice

from selectolax.lexbor import LexborHTMLParser

from loadwright.compiler.agents.observe.finder import Finder, at
from loadwright.compiler.agents.observe.patterns import matches, taken
from loadwright.compiler.agents.values import is_token, literal_pattern
from loadwright.compiler.plan.model import RegexSource

_LABEL = re.compile(r">\s*([^\W\d_][^<>\d\n]{1,38}[^\W\d_.])\s*<")
_BEFORE_NUMBER = re.compile(r">\s*[^\W\d_]{3}[^<>\d\n]{0,35}(?<![^\W\d_])(?=\d)")
"""A text that has words before its first number, which begins no word: `Large - 10.00`, not `Pump f05fa879`."""
_NEXT_ROW = re.compile(r"</(li|tr|option|dt|article|section|p|label|ul|table)>\s*<\1\b", re.IGNORECASE)
_TAGS = re.compile(r"(?<=>)\s*<[^<>]*>")
_HEADING = re.compile(r"</?h[1-6]\b", re.IGNORECASE)
_BREAK = re.compile(r"\s*\n\s*")
_BESIDE = re.compile(r"</(\w+)>\s*<\1\b", re.IGNORECASE)
"""Where one element ends and one of its kind begins, which may be the row beside."""
_VARYING = re.compile(r"""(?<=>)([^<>]*[^<>\s][^<>]*)(?=<)|(?<==(["']))[^"'<>]*\d[^"'<>]*(?=\2)""")
"""A text between two tags, or an attribute with a digit in it."""
_MOST_LABELS = 4
_REACH = 160
"""Characters between a value of a row and the text that says which row it is."""


def is_label(text: str | None) -> bool:
    """Whether a text of an element says which row it is in: words without numbers, or with words before the first number."""
    return _LABEL.fullmatch(f">{text or ''}<") is not None or _BEFORE_NUMBER.match(f">{text or ''}") is not None


def in_a_row(
    finder: Finder,
    value: str,
    text: str,
    name: str,
    document: LexborHTMLParser | None,
    selector: str,
    pattern: str = "",
    context: str = "",
    near: str = "",
) -> None:
    """A value of one of several rows, by the text that says which row it is; the rows stand behind the name `near`."""
    several = len(document.css(selector)) > 1 if document else finder.varies(pattern, text)
    raw = html.escape(value)
    if not several or raw != value:
        return
    start = _place(value, text, pattern, near)
    for made in _row_patterns(text, start, start + len(value)) if start >= 0 else ():
        if list(islice(taken(made, text), 2)) == [value]:
            finder.offer(value, "row", at(RegexSource(pattern=made)), name, context)
            return


def _place(value: str, text: str, pattern: str, near: str) -> int:
    """Where a link's pattern, or else a quoted attribute, has a value first; -1 for nowhere.

    A short number stands in many places of a page: `_1/">Kitchen` says nothing of `/addresses/1/`.
    """
    if pattern:
        return next((m.start(1) for m in matches(pattern, text) if m[1] == value), -1)
    behind = max(0, text.find(f'name="{html.escape(near)}"')) if near else 0
    start = text.find(value, behind)
    while start >= 0 and (text[start - 1 : start] not in ("'", '"', "=") or text[start + len(value) :][:1].isalnum()):
        start = text.find(value, start + 1)
    return start


def _row_patterns(text: str, start: int, end: int) -> Iterator[str]:
    """Patterns from a value to the nearest text behind it, and from the nearest text before it, within the row."""
    found: list[tuple[int, str]] = []
    before, after = text[max(0, start - _REACH) : start], text[end : end + _REACH]
    quote = after[:1]
    stop = f"[^{quote}/?&#<>]" if quote in ("'", '"') else "[^\"'/?&#<>\\s(),]" if quote in (")", ",") else "[^\"'/?&#<>\\s]"
    anchor = re.search(r"[\w-]+=[\"']?[^\"'<>\s]{0,20}$", before[-30:])
    front = literal_pattern(anchor.group() if anchor else before[-1:]) + f"({stop}+)"
    label, words = _LABEL.search(after), _BEFORE_NUMBER.search(after)
    ends = [label.end() - 1] if label else []
    for until in (*ends, *([words.end()] if words and _is_first(after, words.start()) else ())):
        between = after[:until]
        told = front + _over_lines(between[: between.rfind(">") + 1])
        if _is_plain(between) and (not _BESIDE.search(between) or _is_of_each(told, "[^<>]+", front, text)):
            found.append((len(between), front + _over_lines(between)))
            break
    labels = list(_LABEL.finditer(before))
    if labels:
        between = before[labels[-1].start() + 1 :]
        told, link = (_over_lines(between[at:]) + f"({stop}+)" for at in (between.find("<"), between.rfind("<")))
        if _is_plain(between) and (not _BESIDE.search(between) or _is_of_each(">[^<>]+", told, link, text)):
            found.append((len(between), _over_lines(between) + f"({stop}+)"))
    yield from (pattern for _, pattern in sorted(found))
    yield from (pattern for _, pattern in sorted(_over_texts(text, before, after, front, f"({stop}+)")))


def _over_texts(text: str, before: str, after: str, front: str, value: str) -> Iterator[tuple[int, str]]:
    """The same over other texts of the row (`21`, `In stock`), whatever they are, where each row of the page is made so.

    That the pattern with any text in place of this one gives each value of the page shows that no text is of the row beside.
    """
    for label in islice(_LABEL.finditer(after), _MOST_LABELS):
        between = after[: label.start(1)]
        if (over := _any_texts(between)) and _is_of_each(front + over, "[^<>]+", front, text):
            yield label.end(), front + over + literal_pattern(label[1])
    for label in islice(reversed(list(_LABEL.finditer(before))), _MOST_LABELS):
        between = before[label.end(1) :]
        link = _over_lines(between[between.rfind("<") :]) + value
        if (over := _any_texts(between)) and _is_of_each(">[^<>]+", over + value, link, text):
            yield len(before) - label.start(), ">\\s*" + literal_pattern(label[1]) + over + value


def _any_texts(markup: str) -> str:
    """The pattern of a stretch of markup with any texts and numbers in it; none where it may be otherwise in another session."""
    made, plain, end = "", "", 0
    for found in _VARYING.finditer(markup):
        made += _over_lines(markup[end : found.start()]) + ("[^<>]*" if found[1] else "[^\"'<>]*")
        plain += markup[end : found.start()]
        end = found.end()
    return made + _over_lines(markup[end:]) if _is_plain(plain + markup[end:]) else ""


def _is_of_each(one: str, other: str, link: str, text: str) -> bool:
    """Whether a pattern in two parts gives as many values as the pattern of the links alone, of which there are several."""
    values = list(taken(link, text))
    return len(values) > 1 and list(taken(one + other, text)) == values


def _is_first(after: str, start: int) -> bool:
    """Whether nothing but tags stands between a value and the text that begins at a place."""
    return _TAGS.sub("", after[after.find(">") : start + 1]).strip() == ">"


def _over_lines(text: str) -> str:
    """The pattern of a stretch of markup, whatever its lines are indented by: words often stand on the line behind their tag."""
    return r"\s+".join(map(literal_pattern, _BREAK.split(text)))


def _is_plain(text: str) -> bool:
    """Whether a stretch of markup holds nothing that another session may have otherwise."""
    if _NEXT_ROW.search(text):
        return False
    words = re.findall(r"[\w+/=-]{2,}", _HEADING.sub("", text))
    return not any(is_token(w) or any(c.isdigit() for c in w) for w in words)
