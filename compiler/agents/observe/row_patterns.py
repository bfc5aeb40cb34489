"""Patterns of a value in one of several rows of a page, each with a text of the row that may say which row it is."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from itertools import islice
from typing import NamedTuple

from loadwright.compiler.agents.observe.patterns import matches, taken
from loadwright.compiler.agents.values import is_jumble, is_token, literal_pattern, spoken_share

LABEL = re.compile(r">\s*([\[(«“„¿¡]?[^\W\d_][^<>\d\n]{1,38}(?:[^\W\d_.]|(?<=\w)\)|\b[A-Z][a-z]{0,4}\.))\s*<")
"""A text without numbers: words, of which the first may stand in brackets (`[Harbour] Crane`), the last be short (`Acme Ltd.`)."""
BEFORE_NUMBER = re.compile(r">\s*[^\W\d_]{3}[^<>\d\n]{0,35}(?<![^\W\d_])(?=\d)")
"""A text that has words before its first number, which begins no word: `Large - 10.00`, not `Pump f05fa879`."""
_NEXT_ROW = re.compile(r"</(li|tr|option|dt|article|section|p|label|ul|table)>\s*<\1\b", re.IGNORECASE)
_TAGS = re.compile(r"(?<=>)\s*<[^<>]*>")
_HEADING = re.compile(r"</?h[1-6]\b", re.IGNORECASE)
_PREFIX = re.compile(r"(?<=[</\s:])ns\d{1,3}(?=[:=])")
"""A namespace prefix as XML libraries number them."""
_HOUR = re.compile(r">\s*(?:[01]?\d|2[0-3]):[0-5]\d(?:\s?[ap]m)?\s*(?=<)", re.IGNORECASE)
_CHOICE = re.compile(r">\s*+((?:[^<>\d\n]|\d{1,3}(?!\d)){2,40}?)\s*+(?=<)")
"""What a choice is called by, with short numbers: `24 months`, `XC40`, a time of day."""
_SECOND = re.compile(r">\s*([^<>\s][^<>\n]{0,38})\s*(?=<)")
_NUMBERED = re.compile(r">\s*([^\W\d_]{3}[^<>\d\n]{0,35}\d{1,3}(?![\d.,:])[^<>\d\n]{0,20})\s*(?=<)")
"""Words with one short number behind them: `Brass valve 12mm`, `Room 12`."""
_OF_NOW = re.compile(
    r"(?i:\b(?:ago|left|in|since|until|updated|changed|of|items?|hits?|min|minutes?|hours?|days?|weeks?|months?)\b)"
)
"""What says that the number is of now."""
_TITLE = re.compile(
    r"""\s((?:[A-Za-z][\w:-]{0,40})?(?:title|label|caption)|alt|data-[\w-]{0,40}name)=(["'])([^\W\d_][^"'<>\d]{1,58})\2"""
)
"""An attribute that says in words what its element is."""
_ROW_BEGINS = re.compile(r"<(?:li|tr|option|article|dl|section)\b", re.IGNORECASE)
_ROW_ENDS = re.compile(r"</(?:li|tr|option|article|dl|section)>", re.IGNORECASE)
_CELL_ENDS = re.compile(r"</t[dh]>", re.IGNORECASE)
_HIDDEN = re.compile(r"\stype=[\"']?hidden\b", re.IGNORECASE)
_BREAK = re.compile(r"\s*\n\s*")
_ICONS = re.compile(r"\s*(?:<i\b[^<>]*>\s*</i>\s*)+")
"""Icons, which say what is so now: unread, a favourite."""
_ANY_ICONS = r"\s*(?:<i\b[^<>]*>\s*</i>\s*)*"
_BESIDE = re.compile(r"</(\w+)>\s*<\1\b", re.IGNORECASE)
"""Where one element ends and one of its kind begins, which may be the row beside."""
_VARYING = re.compile(
    r"""(?<=>)([^<>]*[^<>\s][^<>]*)(?=<)|(?<==")[^"<>]*\d[^"<>]*(?=(["]))|(?<==')[^'<>]*\d[^'<>]*(?=')"""
    r"""|\A[^"'<>]*\d[^"'<>]*(?=["'])|(?<==["'])[^"'<>]*\d[^"'<>]*\Z|(?<==\\")([^"<>\\]*\d[^"<>\\]*)(?=\\")"""
)
"""A text between two tags, or an attribute with a digit in it, or the rest of one that the value is in, or what it begins with."""
_ANY = re.compile(
    r"""(?<=>)([^<>]*[^<>\s][^<>]*)(?=<)|(?<==(["']))[^"'<>]+(?=\2)|\A[^"'<>]+(?=["'])|(?<==["'])[^"'<>]+\Z"""
    r"""|(?<==\\")([^"<>\\]+)(?=\\")"""
)
"""The same with any attribute."""
_ANCHOR = re.compile(
    r"""[\w-]+=["']?[^"'<>\s?&;]{0,20}$|/[A-Za-z_-]{2,}/$|(?<![\w-])[A-Za-z][A-Za-z_-]{1,24}[-_]$"""
    r"""|(?<=&quot;)[\w-]{1,12}&quot;:&quot;$"""
)
"""What leads to a value: its attribute, parameter or member, the segment of a path before it, or the word before a `-`."""
_NAMED = re.compile(r"""\bname=["']?([^"'<>\s]{1,60})["']?\s+value=["']?$""")
"""What leads to the value of a field: other fields of the row have values too."""
_REST_OF_PATH = re.compile(r"""(?:/[A-Za-z_-]{2,40}){1,3}["']""")
"""The words behind a value at the end of an address: a row may have several links to the same thing (`/edit`, `/history`)."""
_LONGEST_NAME = 90
_QUOTED_BEFORE = re.compile(r"""[^"'<>\s]{1,12}['"]$""")
"""What stands before a quote that opens: the quote alone may be one that closes."""
_LONG_NUMBER_BEFORE = re.compile(r"^.*\d{3}(?=\D)")
"""Up to the end of the last longer number, which is another one the next time: `open(48213,'`."""
_TAG = re.compile(r"</?[A-Za-z][\w:-]*")
_MOST_LABELS = 4
_SHORTEST_DRAWN, _SPOKEN = 8, 0.4
"""Letters of a word, and the share of them in a word's order up to which it was drawn."""
_REACH = 320
"""Characters between a value of a row and the text that says which row it is."""
_NOT_OF_EACH = 1_000_000
"""Stands for the rows of a page of which one has no text in a place, so that another row's text may stand there."""


class _Told(NamedTuple):
    """A pattern with a text of the row."""

    repeated: int
    """How many texts in this place of the rows another row has too: names of rows differ, states and kinds are repeated."""
    distance: int
    pattern: str


class _Around(NamedTuple):
    """What stands around a value, and patterns of the value with and without what leads to it."""

    text: str
    before: str
    after: str
    lead: str
    front: str
    value: str
    rest: str = ""
    """What stands behind the value in its address, where others of the page lead elsewhere in the same thing."""

    @property
    def whole(self) -> str:
        """The pattern of the value with all of its address."""
        return self.front + self.rest


def row_patterns(text: str, start: int, end: int, lead: str = "", value: str = "") -> Iterator[str]:
    """Patterns of the value at a place of a page, each with a text of its row, what tells rows apart best first.

    A `value` of the given form may have a `lead` that surely stands before it in each row.
    """
    around = _around(text, start, end)
    if lead:
        around = around._replace(lead=lead, front=literal_pattern(lead) + value, value=value, rest="")
    near = sorted((*_in_its_tag(around), *_behind(around), *_in_front(around)))
    yield from (told.pattern for told in near if told.repeated <= 0)
    others = [told for told in near if told.repeated > 0]
    yield from (told.pattern for told in sorted((*others, *_over_texts(around))))
    yield from _by_two_texts(around)
    yield from _over_numbers(around)


def _around(text: str, start: int, end: int) -> _Around:
    before, after = text[max(0, start - _REACH) : start], text[end : end + _REACH]
    quote = after[:1]
    stop = f"[^{quote}/?&#<>]" if quote in ("'", '"') else "[^\"'/?&#<>\\s(),]" if quote in (")", ",") else "[^\"'/?&#<>\\s]"
    if after.startswith("&quot;"):  # a text inside of a document
        stop = "[^\"'&<>\\s]"
    named = _NAMED.search(before[-_LONGEST_NAME:])
    anchor = named if named and not any(map(str.isdigit, named[1])) and not is_token(named[1]) else None
    anchor = anchor or _ANCHOR.search(before[-30:]) or _QUOTED_BEFORE.search(before[-20:])
    lead, value = _LONG_NUMBER_BEFORE.sub("", anchor.group()) if anchor else before[-1:], f"({stop}+)"
    front = literal_pattern(lead) + value
    rest = _REST_OF_PATH.match(after)
    return _Around(text, before, after, lead, front, value, literal_pattern(rest.group()) if rest else "")


def _in_its_tag(around: _Around) -> Iterator[_Told]:
    """By an attribute of its own tag that is a title, another one in each tag of the page that has both."""
    quote = around.after[:1]
    if quote not in ("'", '"') or "=" not in around.lead:
        return
    opened, closed = around.before.rfind("<"), around.after.find(">")
    behind = _TITLE.search(around.after[1:closed]) if closed > 0 else None
    before = _TITLE.search(around.before, opened) if opened > around.before.rfind(">") else None
    for title in filter(None, (behind, before)):
        name, words = f"\\s{literal_pattern(title[1])}={title[2]}", f"{literal_pattern(title[3])}{title[2]}"
        if title is behind:
            told, link = f"{around.front}{quote}[^<>]*{name}", around.front
            if _repeated(f"{told}([^\"'<>]*)", link, 2, around.text) == 0:
                yield _Told(0, 0, told + words)
        elif _repeated(f"{name}([^\"'<>]*){title[2]}[^<>]*{around.front}", around.front, 1, around.text) == 0:
            yield _Told(0, 0, f"{name}{words}[^<>]*{around.front}")


def _by_two_texts(around: _Around) -> Iterator[str]:
    """By two cells of a table's row before the value (`Rug`, `Large`), where no single one tells which row it is."""
    labels = [label for label in LABEL.finditer(around.before) if _CELL_ENDS.match(around.before, label.end() - 1)][-_MOST_LABELS:]
    for label in reversed(labels[:-1]):
        between = around.before[label.start() + 1 :]
        if _ROW_BEGINS.search(between):
            break
        if _is_plain(between):
            yield ">" + _over_lines(between) + around.value
            continue
        told, rest = around.before[label.start() + 1 : labels[-1].end() - 1], around.before[labels[-1].end() - 1 :]
        over = next(_any_texts(rest.removesuffix(around.lead)), "") if _is_plain(told) else ""
        if over:
            yield ">" + _over_lines(told) + over + around.front
    yield from _by_two_behind(around)


def _by_two_behind(around: _Around) -> Iterator[str]:
    """By the text of the link itself and the next one of its row, which may be a price, where others have the first text too."""
    own, after = _without_its_attributes(around.after)
    label = LABEL.search(after)
    second = _SECOND.search(after, label.end() - 1) if label and _is_first(after, label.start()) else None
    if label is None or second is None or _is_drawn_or_words(second[1]) or re.search(r"\d{5}", second[1]):
        return
    over = _over_lines(after[label.end() - 1 : second.start(1)])
    if _ROW_ENDS.search(after, 0, second.start(1)):
        return
    if _is_plain(after[: label.end()]) and _is_plain(after[label.end() - 1 : second.start(1)]):
        yield around.front + own + _over_lines(after[: label.end() - 1]) + over + literal_pattern(second[1].rstrip())


def _behind(around: _Around) -> Iterator[_Told]:
    """By the nearest text behind it; that of the link itself is surely its own."""
    label, words = LABEL.search(around.after), BEFORE_NUMBER.search(around.after)
    is_choice = _is_of_choice(around) and not (words and _is_first(around.after, words.start()))
    hour = _CHOICE.search(around.after) if is_choice else _HOUR.search(around.after) if _is_of_link(around) else None
    if hour and _is_first(around.after, hour.start()) and not (is_choice and _is_drawn_or_words(hour[1])):
        own, between = _without_its_attributes(around.after[: hour.end()])
        yield _Told(not is_choice, hour.end(), around.front + own + _over_lines(between))  # a link may say when it was made
        if is_choice:
            return
    ends = [label.end() - 1] if label else []
    for until in (*ends, *([words.end()] if words and _is_first(around.after, words.start()) else ())):
        own, between = _without_its_attributes(around.after[:until])
        markup = between[: between.rfind(">") + 1]
        if not _is_plain(between):
            continue
        repeated = (
            _repeated(f"{around.front}{own}{_over_lines(markup)}([^<>]+)", around.front, 2, around.text) if "</" in markup else 0
        )
        if repeated != _NOT_OF_EACH or not _BESIDE.search(between):
            yield _Told(repeated, len(between), around.front + own + _over_lines(between))
            return


def _is_drawn_or_words(text: str) -> bool:
    """Whether a text has no number, or one in what may be drawn at random."""
    return text.isdigit() or not any(map(str.isdigit, text)) or any(map(is_token, re.findall(r"[\w+/=-]+", text)))


def _is_of_choice(around: _Around) -> bool:
    """Whether a value is what a choice is sent as, which the words behind it call."""
    is_hidden = _HIDDEN.search(around.before, around.before.rfind("<") + 1) is not None
    return around.lead.rstrip("\"'").endswith("value=") and not is_hidden


def _is_of_link(around: _Around) -> bool:
    """Whether a value stands in the address of a link."""
    tag = around.before[around.before.rfind("<") :]
    return tag[:3].lower() == "<a " and ">" not in tag


def _without_its_attributes(after: str) -> tuple[str, str]:
    """The pattern of the rest of the value's own tag, where that has numbers, and what stands behind it."""
    mark, closed = after[:1], after.find(">")
    if mark in ("'", '"', "&") and any(map(str.isdigit, after[1:closed])):
        return f"{mark}[^<>]*", after[closed:]
    return "", after


def _in_front(around: _Around) -> Iterator[_Told]:
    """By the nearest text before it, which may be a heading of all rows."""
    label = next(reversed(list(LABEL.finditer(around.before))), None)
    between = around.before[label.start() + 1 :] if label else ""
    if not between or not _is_plain(between):
        return
    told, link = (_over_lines(between[at:]) + around.value for at in (between.find("<"), between.rfind("<")))
    repeated = _repeated(f">([^<>]+){told}", link, 1, around.text)
    if repeated != _NOT_OF_EACH or not _BESIDE.search(between):
        yield _Told(repeated, len(between), _over_lines(between) + around.value)


def _over_texts(around: _Around) -> Iterator[_Told]:
    """By a text over other texts of the row (`21`, `In stock`), whatever they are, where each row of the page is made so.

    That the pattern with any text in place of this one gives each value of the page shows that no text is of the row beside.
    """
    behind, before = _alike(around)
    for label in islice(LABEL.finditer(around.after, 0, behind), _MOST_LABELS):
        for over in _any_texts(around.after[: label.start(1)]):
            repeated = _repeated(f"{around.front}{over}([^<>]+)", around.whole, 2, around.text)
            if repeated != _NOT_OF_EACH:
                yield _Told(repeated, label.end(), around.front + over + literal_pattern(label[1]))
                break
    for label in islice(reversed(list(LABEL.finditer(around.before, before))), _MOST_LABELS):
        for over in _any_texts(around.before[label.end(1) : len(around.before) - len(around.lead)]):
            repeated = _repeated(f">([^<>]+){over}{around.whole}", around.whole, 1, around.text)
            if repeated != _NOT_OF_EACH:
                distance = len(around.before) - label.start()
                yield _Told(repeated, distance, f">\\s*{literal_pattern(label[1])}{over}{around.whole}")
                break


def _over_numbers(around: _Around) -> Iterator[str]:
    """By words with a short number in front, where each row of the page has other ones in that place."""
    _, before = _alike(around)
    for label in islice(reversed(list(_NUMBERED.finditer(around.before, before))), _MOST_LABELS):
        if _OF_NOW.search(label[1]) or any(map(is_token, label[1].split())):
            continue
        for over in _any_texts(around.before[label.end(1) : len(around.before) - len(around.lead)]):
            if _repeated(f">([^<>]+){over}{around.whole}", around.whole, 1, around.text) == 0:
                yield f">\\s*{literal_pattern(label[1])}{over}{around.whole}"
                return


def _alike(around: _Around) -> tuple[int, int]:
    """Up to which place behind the value, and from which before it, the other rows of the page have the same tags."""
    beside = _tags_beside(around.whole, around.text)
    if len(beside) < 2:
        return 0, len(around.before)
    behind, before = list(_TAG.finditer(around.after)), list(_TAG.finditer(around.before))[::-1]
    ends = (tag.start() + 1 for tags, _ in beside if (tag := _other(behind, tags)))
    begins = (tag.end() for _, tags in beside if (tag := _other(before, tags)))
    return min(ends, default=len(around.after)), max(begins, default=0)


def _other(ours: list[re.Match[str]], theirs: list[str]) -> re.Match[str] | None:
    return next((tag for tag, other in zip(ours, theirs, strict=False) if tag[0] != other), None)


@lru_cache(maxsize=16)
def _tags_beside(link: str, text: str) -> list[tuple[list[str], list[str]]]:
    """The tags behind and, backwards, before the first two and the last values that a pattern finds."""
    spans = [match.span(1) for match in matches(link, text)]
    some = dict.fromkeys((*spans[:2], *spans[-1:]))
    far = 2 * _REACH
    return [(_TAG.findall(text[end : end + far]), _TAG.findall(text[max(0, start - far) : start])[::-1]) for start, end in some]


def _any_texts(markup: str) -> Iterator[str]:
    """Patterns of a stretch of markup with any texts and numbers in it, then with any attributes too."""
    first = _any(markup, _VARYING)
    if first:
        yield first
    if (second := _any(markup, _ANY)) and second != first:
        yield second


def _any(markup: str, varying: re.Pattern[str]) -> str:
    """The pattern of a stretch of markup with anything in what varies; none where it may be otherwise in another session."""
    made, plain, end = "", "", 0
    for found in varying.finditer(markup):
        quote = '[^"<>]*' if found[2] == '"' else "[^\"'<>]*"
        over = "[^<>]*" if found[1] else '[^"<>\\\\]*' if found[3] else quote
        made += _over_lines(markup[end : found.start()]) + over
        plain += markup[end : found.start()]
        end = found.end()
    return made + _over_lines(markup[end:]) if _is_plain(plain + markup[end:]) else ""


@lru_cache(maxsize=64)
def _repeated(pattern: str, link: str, label: int, text: str) -> int:
    """How many texts are repeated that a pattern finds, in the group `label`, beside each value that `link` finds."""
    values = _values(link, text)
    if len(values) < 2:
        return _NOT_OF_EACH
    left = iter(values)
    found: set[str] = set()
    for match in matches(pattern, text):
        if match[3 - label] != next(left, None):
            return _NOT_OF_EACH
        found.add(match[label].strip())
    return len(values) - len(found) if next(left, None) is None else _NOT_OF_EACH


@lru_cache(maxsize=16)
def _values(link: str, text: str) -> list[str]:
    return list(taken(link, text))


def _is_first(after: str, start: int) -> bool:
    """Whether nothing but tags stands between a value and the text that begins at a place."""
    return _TAGS.sub("", after[after.find(">") : start + 1]).strip() == ">"


def _over_lines(text: str) -> str:
    """The pattern of a stretch of markup, whatever its lines are indented by: words often stand on the line behind their tag."""
    return _ANY_ICONS.join(r"\s+".join(map(literal_pattern, _BREAK.split(piece))) for piece in _ICONS.split(text))


def _is_plain(text: str) -> bool:
    """Whether a stretch of markup holds nothing that another session may have otherwise."""
    if _NEXT_ROW.search(text):
        return False
    words = re.findall(r"[\w+/=-]{2,}", _PREFIX.sub("", _HEADING.sub("", text)))
    return not any(is_token(w) or any(c.isdigit() for c in w) or _is_drawn(w) for w in words)


def _is_drawn(word: str) -> bool:
    """Whether large and small letters are in an order that no word has, beyond doubt."""
    return len(word) >= _SHORTEST_DRAWN and is_jumble(word) and spoken_share(word) < _SPOKEN
