"""A member of one of several objects that stand in a text as JSON or in a script, known by another member that is a text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice

from loadwright.compiler.agents.secret_names import is_secret_name
from loadwright.compiler.agents.values import is_token, literal_pattern

_REACH = 1500
"""Characters before and behind a value in which its object stands."""
_GAP = 1000
"""Characters between two braces: without a bound, a long text with few braces takes time in the square of its length."""
_INDENT = 80
_MOST_LABELS = 8
_OUTER = 3
"""Objects around each other of which one may have the text that names the value."""
QUOTE = r"""(?:\\{0,7}["']|&quot;)"""
"""A quote, as it stands in a string of a script or in an attribute of a page too."""
_TOLD = re.compile(
    rf"""({QUOTE}?)([A-Za-z_$][\w$.-]{{0,60}})\1\s?:\s?({QUOTE})"""
    r"""([^\W\d_](?:[^\W\d_]|[ .,()&-]|\d{1,3}(?!\d)|\\?/(?=[ ])|\\{1,8}u[0-9A-Fa-f]{4}){2,58})\3(?=\s*[,}\]])"""
)
"""A member whose text has no marks: `"title": "Wool rug"`, in a string of a script `\\"title\\":\\"Wool rug\\"`.

A name may have short numbers in it, and letters that are escaped (`M\\u00fcller`).

A slash between words is none: `Blue / M`.
"""
_LABEL = re.compile(r">\s*([^\W\d_][^<>\d\n\"\\]{1,38}[^\W\d_)])\s*<")
"""Words between tags, in a string of JSON."""
_LEAD = re.compile(r"""(?:(?<![\w-])[\w-]{1,30}=(?:\\{0,7}["'])?|/([A-Za-z_-]{2,40})/)$""")
"""What leads to a value in markup: its attribute, or the segment of a path before it."""
_LABELS = ("name", "title", "label", "displayname", "text", "subject")
_NAMES = re.compile(r"(?:name|title|label|caption|titel|bezeichnung|nombre)$", re.IGNORECASE)
_ESCAPED = re.compile(r"\\{1,8}u[0-9A-Fa-f]{4}")
_BRACES = re.compile("[{}]")


def item_pattern(text: str, before: str, value: str, start: int, end: int) -> str:
    """A pattern of a value that stands in a text from `start` to `end`, by a text in the same object; empty where none is sure.

    `before` is a pattern of what stands right before it, `value` one of the value. The pattern holds on to the braces between the
    two, so it takes nothing from another object: `"etag": "(…)"[^{}]{0,1000}\\}[^{}]{0,1000}?"Text": "Wool rug"`.
    """
    for first, last in _objects(text, start, end):
        told = [m for m in _TOLD.finditer(text, first, last + 1) if _is_told(m, text, start, end)]
        for member in sorted(told, key=lambda m: (m[2].lower() not in _LABELS, abs(m.start() - start))):
            label = literal_pattern(member[0])
            if member.start() >= end:
                pattern = before + value + _between(text[end : member.start()]) + label
            else:
                pattern = label + _between(text[member.end() : start]) + before + value
            if re.findall(pattern, text, re.ASCII) == [text[start:end]]:
                return pattern
    return ""


def list_pattern(text: str, start: int, end: int) -> tuple[str, str]:
    """A pattern of a value in markup that is a cell of a row, by the words in markup of that row, and the segment before it.

    A row is a list (`["<a href=…>Laptop</a>","in use","<button data-key=…>"]`), so no bracket stands between the two.
    """
    first, last = text.rfind("[", max(0, start - _REACH), start), text.find("]", end, end + _REACH)
    lead = _LEAD.search(text, max(first, start - _INDENT), start) if first >= 0 and last > 0 else None
    if lead is None or "]" in text[first:start] or "[" in text[end:last]:
        return "", ""
    value, gap = literal_pattern(lead[0]) + r"""([^"'\\/?&#<>()\s]+)""", f"[^\\[\\]]{{0,{_GAP}}}?"
    for label in islice(_LABEL.finditer(text, first, last), _MOST_LABELS):
        if text.count(label[0]) == 1 and (label.end() <= start or label.start() >= end):
            words = literal_pattern(label[0])
            pattern = words + gap + value if label.end() <= start else value + gap + words
            if re.findall(pattern, text, re.ASCII) == [text[start:end]]:
                return pattern, lead[1] or ""
    return "", ""


def key_pattern(text: str, key: str) -> str:
    """A pattern of the key by which an object is called in the one that holds it, by a text in it; empty where none is sure."""
    opened = re.search(rf'"{re.escape(key)}"(\s?:\s?\{{)', text)
    last = _close(text, opened.end()) if opened else -1
    if opened is None or last < 0:
        return ""
    inside = (m for m in _TOLD.finditer(text, opened.end(), last + 1) if _is_told(m, text, opened.start(), opened.end()))
    for member in sorted(inside, key=lambda m: (m[2].lower() not in _LABELS, m.start())):
        pattern = (
            rf'"([^"\\]+)"{literal_pattern(opened[1])}{_between(text[opened.end() : member.start()])}{literal_pattern(member[0])}'
        )
        if re.findall(pattern, text, re.ASCII) == [key]:
            return pattern
    return ""


def _objects(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Where the objects around a place begin and end, the innermost first; none beyond the list that the first one is in."""
    first, last = start, end
    for _ in range(_OUTER):
        first = _open(text, first)
        last = _close(text, last)
        if first < 0 or last < 0:
            return
        yield first, last
        last += 1
        if text[max(0, first - _INDENT) : first].rstrip()[-1:] in ("[", ","):
            return


def _open(text: str, start: int) -> int:
    """Where the object around a place begins; -1 where it is not near."""
    depth = 0
    for brace in reversed(list(_BRACES.finditer(text, max(0, start - _REACH), start))):
        depth += 1 if brace[0] == "}" else -1
        if depth < 0:
            return brace.start()
    return -1


def _close(text: str, end: int) -> int:
    """Where the object around a place ends; -1 where it is not near."""
    depth = 0
    for brace in _BRACES.finditer(text, end, end + _REACH):
        depth += 1 if brace[0] == "{" else -1
        if depth < 0:
            return brace.start()
    return -1


def _is_told(member: re.Match[str], text: str, start: int, end: int) -> bool:
    """Whether a member may say which object it is: no secret, none that another object has too, and not the value itself."""
    beside = member.end() <= start or member.start() >= end
    if any(map(str.isdigit, _ESCAPED.sub("", member[4]))) and not _NAMES.search(member[2]):
        return False
    return beside and not is_token(member[4]) and not is_secret_name(member[2]) and text.count(member[0]) == 1


def _between(text: str) -> str:
    """The pattern of what stands between two members: anything, but for the braces, and not without an end."""
    gap = f"[^{{}}]{{0,{_GAP}}}"
    return "".join(f"{gap}\\{brace}" for brace in _BRACES.findall(text)) + f"{gap}?"
