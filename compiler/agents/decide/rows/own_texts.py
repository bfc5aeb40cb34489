"""The user's own row of a page or script: known by a word that the user made up, or an id that was given before, beside it.

`add_row(17,{"subject":"Harbour f05fa879"})` is taken by `add_row\\((\\d+),` and what follows up to `${unique}`, without another
`add_row(` between the two: a row ends where the next one begins.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import islice

from msgspec import Struct
from msgspec.structs import replace

from loadwright.compiler.agents.facts import Occurrence
from loadwright.compiler.agents.observe.answers.in_calls import ROW
from loadwright.compiler.agents.observe.answers.in_components import element_around, is_open
from loadwright.compiler.agents.observe.boxes import is_by_its_number
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
_CALLED = re.compile(r"\[(?:name|id)=(\"?)([^\"\]]+|(?<=\")[^\"]+)\1\]$")
"""The name in the last part of a selector."""
_SIMPLE = re.compile(r"[\w.:~-]{1,200}")
"""A value that stands in a page as it is."""
_ROW = re.compile(r"<(tr|li|option|article|section|dt|dd|label)\b", re.IGNORECASE)
_WORD = re.compile(r"[\w+/=-]{2,}")
_IN_TAGS = ("link", "hidden input", "input", "attribute")
"""Kinds of sources that stand in the tags of a page."""
_LINKS = ("link", "attribute")
_ANOTHER = re.compile(r"[<{}]")
"""Where another tag or an object begins or ends."""
_ENDS_A_URL = re.compile(r"[<>\"'\s]")
_WORDS_AT_ITS_END = re.compile(r"(?<![\\\w ])[\w ]+$")
_REST_OF_TEXT = re.compile(r'[^"\\\d]{0,60}"')
"""The rest of a text, which tells rows apart whose texts have the same made-up word."""
_TELLING = 3
"""Characters that the text before a value must have, to tell where a row begins."""
_NAMED = re.compile(r"\[\?&;\]\w+=")
"""A name of a link's query, which tells that however short it is."""


class Mark(Struct, frozen=True):
    """A text that the journey made, what stands for it, and the second recording's, where it tells."""

    text: str
    part: Part
    theirs: str | None
    is_a_word: bool
    """Whether the user made it up: it may stand in several rows of the user's own; an id is a row's where no other row has it."""
    lead: str = ""
    """What a URL has before a short number (`host=`), which says nothing elsewhere."""


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
    called = _CALLED.search(fixed(source.selector))
    tags = _tags(tag[1], source.attribute or "", answer).get(occurrence.value, ())
    place = next((found for found in tags if called is None or called[2] in found[0]), None)
    before = answer[place.start() : place.start(2)] if place else ""
    if place is None or any(is_token(word) or any(map(str.isdigit, word)) for word in _WORD.findall(before)):
        return occurrence
    pattern = f"{literal_pattern(before)}([^{place[1]}]+)"
    ordinal = next((n for n, m in enumerate(_matches(pattern, answer), 1) if m.start(1) == place.start(2)), 0)
    return replace(occurrence, source=RegexSource(pattern=pattern), ordinal=ordinal) if ordinal else occurrence


@lru_cache(maxsize=4)
def _tags(name: str, attribute: str, answer: str) -> dict[str, list[re.Match[str]]]:
    """The tags of a name with a simple value of an attribute, by that value."""
    found: dict[str, list[re.Match[str]]] = {}
    for tag in re.finditer(rf"<{name}\b[^<>]*?\s{re.escape(attribute)}=([\"'])({_SIMPLE.pattern})\1[^<>]*", answer):
        found.setdefault(tag[2], []).append(tag)
    return found


def _is_preset(source: CssSource) -> bool:
    """Whether it is what a page has chosen already, of which there is one."""
    return fixed(source.selector).endswith(("[checked]", "[selected]"))


def takes_several(occurrence: Occurrence, answer: str) -> bool:
    """Whether the pattern of an occurrence takes several values from its answer, or would where others have rows there too."""
    pattern = fixed(occurrence.source.pattern) if isinstance(occurrence.source, RegexSource) else ""
    if _is_of_a_list(occurrence, pattern):
        return True
    found = _matches(pattern, answer) if _before_the_value(pattern) else []
    return len({match[1] for match in found}) > 1 or _may_have_others(occurrence, found, answer)


def _may_have_others(occurrence: Occurrence, found: Sequence[re.Match[str]], answer: str) -> bool:
    """Whether a link or field stands in a row of a list, which may have more when others add to it, or is a link of any place."""
    if occurrence.kind not in _IN_TAGS or len(found) < occurrence.ordinal:
        return False
    if occurrence.kind == "hidden input" and _is_of_the_page(occurrence.value, found, answer):
        return False
    start = found[occurrence.ordinal - 1].start(1)
    return _is_in_a_row(answer, start) or (occurrence.kind in _LINKS and _is_in_a_tag(answer, start))


def _is_of_the_page(value: str, found: Sequence[re.Match[str]], answer: str) -> bool:
    """Whether a hidden field stands outside of all rows too, as a page's token does that each of its forms has."""
    return any(match[1] == value and not _is_in_a_row(answer, match.start(1)) for match in found)


def _is_of_a_list(occurrence: Occurrence, pattern: str) -> bool:
    """Whether it is one of several though the list had no other then: a call's row, a row by its text, a box of a numbered row."""
    return occurrence.name.endswith(ROW) or occurrence.kind == "row" or is_by_its_number(pattern)


@lru_cache(maxsize=16)
def _matches(pattern: str, answer: str) -> Sequence[re.Match[str]]:
    """What a pattern finds, kept for a while: many values of one answer have the same pattern."""
    return tuple(islice(re.finditer(pattern, answer, re.ASCII), _MOST))


def marked_row(occurrence: Occurrence, answer: str, marks: Iterable[Mark]) -> MarkedRow | None:
    """How one of several values that a pattern takes from an answer is known by a mark beside it; None where it is not.

    What is a row is one of several, though the list had no other when it was recorded.
    """
    pattern = fixed(occurrence.source.pattern) if isinstance(occurrence.source, RegexSource) else ""
    before = _before_the_value(pattern)
    if not before:
        return None
    found = _matches(pattern, answer)
    is_one_of_several = _is_of_a_list(occurrence, pattern) or len({match[1] for match in found}) > 1
    if len(found) < occurrence.ordinal or not (is_one_of_several or _may_have_others(occurrence, found, answer)):
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


@lru_cache(maxsize=256)
def _before_the_value(pattern: str) -> str:
    """The part of a pattern before its first group; empty where that tells too little to know a row by."""
    if not pattern or not is_plain(pattern):
        return ""
    before: list[str] = []
    for piece in pieces(pattern):
        if piece.kind == "open":
            lead = "".join(before)
            tells = sum(map(str.isalnum, before)) >= _TELLING or _NAMED.fullmatch(lead) is not None
            return lead if piece.text == "(" and tells else ""
        before.append(piece.text)
    return ""


def _ways(mark: Mark, here: re.Match[str], answer: str, before: str, pattern: str) -> Iterator[tuple[int, Mark, tuple[str, str]]]:
    """The patterns from the value to the nearest mark behind it, and from the nearest mark before it, with the distance."""
    standing = re.compile(rf"(?<![A-Za-z0-9]){re.escape(mark.lead + mark.text)}(?![A-Za-z0-9])")
    behind = standing.search(answer, here.end(), here.end() + _FAR)
    places = list(standing.finditer(answer, max(0, here.start() - _FAR), here.start()))
    for found, first, last in ((behind, here.end(), behind and behind.start()), *((p, p.end(), here.start()) for p in places[-1:])):
        if found is None or last is None or (mark.lead and _ENDS_A_URL.search(answer[first:last])):
            continue
        begins = _without_words(pattern) if found is behind and first == last else pattern
        first -= len(pattern) - len(begins)
        if over := _over(before, answer, first, last, here.start(1)):
            left, right = _edges(mark, found, answer)
            yield last - first, mark, (begins + over + left, right) if found is behind else (left, right + over + pattern)


def _without_words(pattern: str) -> str:
    """A pattern without the words at its end, which are of one text with the mark behind them: another user types others."""
    words = _WORDS_AT_ITS_END.search(pattern)
    return pattern[: words.start()] if words and words.start() >= pattern.rfind(")") + 1 else pattern


def _edges(mark: Mark, found: re.Match[str], answer: str) -> tuple[str, str]:
    """Patterns of what stands right before and behind a mark: a number is no part of a longer one."""
    lead = literal_pattern(mark.lead)
    if not mark.text.isdigit():
        rest = _REST_OF_TEXT.match(answer, found.end()) if mark.is_a_word and element_around(answer, found.start()) else None
        return lead, literal_pattern(rest[0]) if rest else ""
    left = "_" if answer[found.start() - 1 : found.start()] == "_" else "\\b"
    return left + lead, "_" if answer[found.end() : found.end() + 1] == "_" else "\\b"


def _over(before: str, answer: str, first: int, last: int, value: int) -> str:
    """The pattern of any text, some times as long as that between two places, in which no other row begins; else empty."""
    between = answer[first:last]
    if re.search(before, between) is not None:
        return ""
    reach = f"{{0,{min(_FAR, 100 + -(-len(between) // 100) * 200)}}}?"
    if (element := element_around(answer, min(first, value))) is not None:
        is_one = element[0] not in between and is_open(answer[element.start() : max(last, value)])
        return f"(?:(?!{before})(?!{literal_pattern(element[0])})[\\s\\S]){reach}" if is_one else ""
    row = _row_around(answer, min(first, value))
    if row is not None and re.search(rf"</?{row[1]}\b", answer[row.end() : max(last, value)], re.IGNORECASE) is None:
        return f"(?:(?!{before})(?!<{row[1]}\\b)[\\s\\S]){reach}"
    if _is_in_a_tag(answer, value):
        # in one tag, or in a tag and the text behind it
        apart = _ANOTHER.search(answer[min(first, value) : max(last, value)])
        return "" if apart else f"(?:(?!{before})[^<]){reach}"
    return f"(?:(?!{before})[\\s\\S]){reach}" if "\\(" in before and first > value else ""


def _row_around(answer: str, place: int) -> re.Match[str] | None:
    """The tag that opens the row of a list or table in which a place of a page is."""
    for row in reversed(list(_ROW.finditer(answer, max(0, place - _FAR), place))):
        if re.search(rf"</{row[1]}\b", answer[row.end() : place], re.IGNORECASE) is None:  # else it was closed before: a label
            return row
    return None


def _is_in_a_row(answer: str, place: int) -> bool:
    """Whether a place of a page, or of elements that React streams, is in a row of a list or table."""
    return _row_around(answer, place) is not None or element_around(answer, place) is not None


def _is_in_a_tag(answer: str, place: int) -> bool:
    """Whether a place of a page is inside of a tag, in one of its attributes."""
    opened = answer.rfind("<", max(0, place - _FAR), place)
    return opened >= 0 and answer[opened + 1 : opened + 2].isalpha() and ">" not in answer[opened:place]
