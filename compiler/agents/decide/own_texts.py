"""The user's own row of a page or script: known by a word that the user made up, or an id that was given before, beside it.

`add_row(17,{"subject":"Harbour f05fa879"})` is taken by `add_row\\((\\d+),` and what follows up to `${unique}`, without another
`add_row(` between the two: a row ends where the next one begins.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import islice

from msgspec import Struct

from loadwright.compiler.agents.facts import Occurrence
from loadwright.compiler.agents.observe.in_calls import ROW
from loadwright.compiler.agents.values import is_token, literal_pattern
from loadwright.compiler.plan.model import CssSource, RegexSource
from loadwright.compiler.plan.patterns import is_plain, pieces
from loadwright.compiler.plan.template import Part, fixed, template

_FAR = 1500
"""Characters between a value and what tells whose row it is in."""
_MOST = 1000
"""Matches of a pattern that are looked at."""
_TAG = re.compile(r"(?:^|[\s>])([a-z][a-z0-9]*)(?:[\[.#:][^\s>]*)?$")
"""The tag that the last part of a selector names."""
_SIMPLE = re.compile(r"[\w.:~-]{1,200}")
"""A value that stands in a page as it is."""
_ROW = re.compile(r"<(tr|li|option|article|section|dt|dd|label)\b", re.IGNORECASE)
_WORD = re.compile(r"[\w+/=-]{2,}")
_NUMBERED_BOX = '\\[(\\d+)\\]"'
"""The end of the pattern of a field that is called by a number: `name="hostids\\[(\\d+)\\]"`."""
_TELLING = 3
"""Characters that the text before a value must have, to tell where a row begins."""


class Mark(Struct, frozen=True):
    """A text that the journey made, what stands for it, and the second recording's, where it tells."""

    text: str
    part: Part
    theirs: str | None
    is_a_word: bool
    """Whether the user made it up: it may stand in several rows of the user's own; an id is a row's where no other row has it."""


class MarkedRow(Struct, frozen=True):
    """A source by a mark in the row, and the occurrence as it is in the second recording, where that tells."""

    source: RegexSource
    theirs: Occurrence | None
    is_sure: bool = True


def by_its_tag(occurrence: Occurrence, answer: str) -> Occurrence:
    """An attribute's value by the text of its tag before it, where that says it; else the occurrence as it is."""
    source = occurrence.source
    tag = _TAG.search(fixed(source.selector)) if isinstance(source, CssSource) and source.attribute else None
    if (
        tag is None
        or not isinstance(source, CssSource)
        or _is_preset(source)
        or occurrence.chain
        or not _SIMPLE.fullmatch(occurrence.value)
    ):
        return occurrence
    place = re.search(rf"<{tag[1]}\b[^<>]*?\s{re.escape(source.attribute or '')}=([\"'])({re.escape(occurrence.value)})\1", answer)
    before = answer[place.start() : place.start(2)] if place else ""
    if place is None or any(is_token(word) or any(map(str.isdigit, word)) for word in _WORD.findall(before)):
        return occurrence
    pattern = f"{literal_pattern(before)}([^{place[1]}]+)"
    ordinal = next((n for n, m in enumerate(_matches(pattern, answer), 1) if m.start(1) == place.start(2)), 0)
    return replace(occurrence, source=RegexSource(pattern=pattern), ordinal=ordinal) if ordinal else occurrence


def _is_preset(source: CssSource) -> bool:
    """Whether it is what a page has chosen already, of which there is one."""
    return fixed(source.selector).endswith(("[checked]", "[selected]"))


def takes_several(occurrence: Occurrence, answer: str) -> bool:
    """Whether the pattern of an occurrence takes several values from its answer, or would where others have rows there too."""
    pattern = fixed(occurrence.source.pattern) if isinstance(occurrence.source, RegexSource) else ""
    if _is_of_a_list(occurrence, pattern):
        return True
    return bool(_before_the_value(pattern)) and len({match[1] for match in _matches(pattern, answer)}) > 1


def _is_of_a_list(occurrence: Occurrence, pattern: str) -> bool:
    """Whether it is one of several though the list had no other then: a call's row, a row by its text, a box of a numbered row."""
    return occurrence.name.endswith(ROW) or occurrence.kind == "row" or pattern.endswith(_NUMBERED_BOX)


def _matches(pattern: str, answer: str) -> list[re.Match[str]]:
    return list(islice(re.finditer(pattern, answer, re.ASCII), _MOST))


def marked_row(occurrence: Occurrence, answer: str, marks: Iterable[Mark]) -> MarkedRow | None:
    """How one of several values that a pattern takes from an answer is known by a mark beside it; None where it is not.

    What is a row is one of several, though the list had no other when it was recorded.
    """
    pattern = fixed(occurrence.source.pattern) if isinstance(occurrence.source, RegexSource) else ""
    before = _before_the_value(pattern)
    if not before:
        return None
    found = _matches(pattern, answer)
    if len(found) < occurrence.ordinal or not (_is_of_a_list(occurrence, pattern) or len({match[1] for match in found}) > 1):
        return None
    here = found[occurrence.ordinal - 1]
    ways = sorted((way for mark in marks for way in _ways(mark, here, answer, before, pattern)), key=lambda way: way[0])
    for _, mark, (head, tail) in ways:
        taken = [match[1] for match in _matches(head + re.escape(mark.text) + tail, answer)]
        if taken[:1] == [here[1]] and (mark.is_a_word or len(set(taken)) == 1):  # of several of one's own the first, as without it
            there = None if mark.theirs is None else RegexSource(pattern=head + re.escape(mark.theirs) + tail)
            theirs = None if there is None else replace(occurrence, source=there, ordinal=1)
            return MarkedRow(RegexSource(pattern=template(head, mark.part, tail)), theirs)
    return None


def _before_the_value(pattern: str) -> str:
    """The part of a pattern before its first group; empty where that tells too little to know a row by."""
    if not pattern or not is_plain(pattern):
        return ""
    before: list[str] = []
    for piece in pieces(pattern):
        if piece.kind == "open":
            return "".join(before) if piece.text == "(" and sum(map(str.isalnum, before)) >= _TELLING else ""
        before.append(piece.text)
    return ""


def _ways(mark: Mark, here: re.Match[str], answer: str, before: str, pattern: str) -> Iterator[tuple[int, Mark, tuple[str, str]]]:
    """The patterns from the value to the nearest mark behind it, and from the nearest mark before it, with the distance."""
    standing = re.compile(rf"(?<![A-Za-z0-9]){re.escape(mark.text)}(?![A-Za-z0-9])")
    behind = standing.search(answer, here.end(), here.end() + _FAR)
    is_a_call = before.endswith("\\(") or "\\(" in before
    if (
        behind
        and re.search(before, between := answer[here.end() : behind.start()]) is None
        and (is_a_call or _is_one_row(answer, here.start(1), behind.start()))
    ):
        yield len(between), mark, (pattern + _over(before, between), "")
    places = list(standing.finditer(answer, max(0, here.start() - _FAR), here.start()))
    if (
        places
        and re.search(before, between := answer[places[-1].end() : here.start()]) is None
        and _is_one_row(answer, places[-1].start(), here.start(1))
    ):
        yield len(between), mark, ("", _over(before, between) + pattern)


def _is_one_row(answer: str, first: int, last: int) -> bool:
    """Whether two places of a page are in one row of a list or table: a heading above is in none."""
    opened = list(_ROW.finditer(answer, max(0, first - _FAR), first))
    for row in reversed(opened):
        tag = row[1]
        if re.search(rf"</{tag}\b", answer[row.end() : first], re.IGNORECASE) is None:  # else it was closed before: a label
            return re.search(rf"</?{tag}\b", answer[row.end() : last], re.IGNORECASE) is None
    return False


def _over(before: str, between: str) -> str:
    """Any text, some times as long as this one, in which no other row begins."""
    return f"(?:(?!{before})[\\s\\S]){{0,{min(_FAR, 100 + -(-len(between) // 100) * 200)}}}?"
