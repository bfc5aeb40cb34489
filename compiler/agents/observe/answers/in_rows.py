"""One of several rows of a page, known by the text that says which row it is."""

from __future__ import annotations

import html
import re
from functools import lru_cache
from itertools import islice

from selectolax.lexbor import LexborHTMLParser

from loadwright.compiler.agents.observe.finder import Finder, at
from loadwright.compiler.agents.observe.patterns import matches, taken
from loadwright.compiler.agents.observe.row_patterns import BEFORE_NUMBER, LABEL, row_patterns
from loadwright.compiler.agents.values import is_token
from loadwright.compiler.plan.model import RegexSource

_MOST = 50
_MOST_TAGS, _LONGEST_TAG = 2000, 1000
"""Tags of one name that are looked at, and characters of one before and behind its name."""
_VALUE = re.compile(r"""\svalue=(["']?)([^"'<>]*?)\1(?=[\s/>])""")
_MEMBER = re.compile(r"""["']([\w-]{1,60})["']\s?:\s?["']([^"'<>&\\]{8,200})["']""")
"""A member of a document whose text is written alike everywhere."""


def is_label(text: str | None) -> bool:
    """Whether a text of an element says which row it is in: words without numbers, or with words before the first number."""
    return LABEL.fullmatch(f">{text or ''}<") is not None or BEFORE_NUMBER.match(f">{text or ''}") is not None


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
    for made in row_patterns(text, start, start + len(value)) if start >= 0 else ():
        if set(islice(taken(made, text), _MOST)) == {value}:  # forms for several things have the same choices each
            finder.offer(value, "row", at(RegexSource(pattern=made)), name, context)
            return


def inside_a_row(finder: Finder, content: str, text: str) -> None:
    """What is wanted of a document in an attribute of one of several rows (`data-act="{&quot;key&quot;:…}"`), by the row's text."""
    raw = html.escape(content)
    for value, name in ((m[2], m[1]) for m in _MEMBER.finditer(content) if m[2] in finder.wanted and is_token(m[2])):
        start = text.find(value, max(0, text.find(raw)))
        for made in row_patterns(text, start, start + len(value)) if start >= 0 else ():
            if set(islice(taken(made, text), _MOST)) == {value}:
                finder.offer(value, "row", at(RegexSource(pattern=made)), name)
                break


@lru_cache(maxsize=4)
def _first_places(pattern: str, text: str) -> dict[str, int]:
    """Each value that a pattern takes from a text, and where it has it first."""
    found: dict[str, int] = {}
    for match in matches(pattern, text):
        found.setdefault(match[1], match.start(1))
    return found


def _place(value: str, text: str, pattern: str, near: str) -> int:
    """Where a link's pattern, or else a quoted attribute, has a value first; -1 for nowhere.

    A short number stands in many places of a page: `_1/">Kitchen` says nothing of `/addresses/1/`.
    """
    if pattern:
        return _first_places(pattern, text).get(value, -1)
    named = re.search(f"\\s(?:name|id)=([\"']?){re.escape(html.escape(near))}\\1[\\s>]", text) if near else None
    if near and named is None:
        return -1
    if named and (inside := _tags_of(named.group(), text).get(html.escape(value))):
        return inside
    start = text.find(value, named.end() - 1 if named else 0)
    while start >= 0 and (text[start - 1 : start] not in ("'", '"', "=") or text[start + len(value) :][:1].isalnum()):
        start = text.find(value, start + 1)
    return start


@lru_cache(maxsize=4)
def _tags_of(name: str, text: str) -> dict[str, int]:
    """Each value of the tags that have a name (as it stands in them), and where it stands first."""
    found: dict[str, int] = {}
    start = text.find(name)
    for _ in range(_MOST_TAGS):
        if start < 0:
            break
        end = start + len(name) - 1
        opened, closed = text.rfind("<", max(0, start - _LONGEST_TAG), start), text.find(">", end, end + _LONGEST_TAG)
        if 0 <= opened < closed and (held := _VALUE.search(text, opened, closed + 1)):
            found.setdefault(held[2], held.start(2))
        start = text.find(name, start + 1)
    return found
