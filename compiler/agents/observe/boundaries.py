"""Values of any text, by what stands before and behind them: for what no format tells how to read."""

from __future__ import annotations

import html
import re
from collections.abc import Collection
from itertools import islice

from loadwright.compiler.agents.observe.answers.in_flat_lists import flat_row, is_flat
from loadwright.compiler.agents.observe.answers.in_items import QUOTE, item_pattern, list_pattern
from loadwright.compiler.agents.observe.answers.in_messages import in_a_list, is_of_messages
from loadwright.compiler.agents.observe.derive import derive, encoded_runs
from loadwright.compiler.agents.observe.finder import Finder
from loadwright.compiler.agents.observe.patterns import taken
from loadwright.compiler.agents.observe.row_patterns import row_patterns
from loadwright.compiler.agents.observe.screen import LONG_NUMBER
from loadwright.compiler.agents.observe.wanted import Wanted
from loadwright.compiler.agents.secret_names import is_secret_name
from loadwright.compiler.agents.values import UUID, is_jumble, is_token, literal_pattern, may_hold_other_characters
from loadwright.compiler.plan.functions import json_escape, url_encode

_LONGEST_SEARCHED = 300_000
"""Characters of a text in which every run is looked into."""
_JOINED_BEFORE, _JOINED_BEHIND = re.compile(r"(?:[\w+/%-]{1,80}[.:|,;])+$"), re.compile(r"(?:[.:|,;][\w+/%-]{1,80})+")
_REACH = 250
_LONGEST = 40
"""Characters of a boundary: longer ones hold what changes."""
_ELEMENT = re.compile(r"<(?:[\w-]+:)?([\w.-]+)(?:\s[^<>]*)?>$")
_MEMBER_ELEMENT = re.compile(r"""\s(?:[\w-]+:)?name=["']([A-Za-z][\w.-]{0,60})["']""")
"""The name of what an element of a general name holds: `<str name="uid">`, `<d:prop d:name="uid">`."""
_NAME = re.compile(r"([A-Za-z_][\w.-]*)(?:\W+(?:is|was|are|no|nr))?\W*$")
_LABEL = re.compile(
    r"""</[\w:.-]+>\s*<(?:[\w-]+:)?[\w.-]+>([^\W\d][^<>\d\n]{2,38})</"""
    rf"""|{QUOTE}?\s?[,;\t|]\s?(?:{QUOTE}[\w.-]+{QUOTE}\s?:\s?)?(?:\{{\s?{QUOTE}?[\w.-]+{QUOTE}?\s?:\s?)?{QUOTE}?"""
    r"""([^\W\d][^"'\\\d\n\r<>,;|{}\[\]:]{2,38})\\{0,7}["',;\t|\r\n}]"""
)
"""The next element, column or member behind a value, where it is a text."""
_MOST_PLACES = 4
_MEMBER = re.compile(rf"""(?<=["';])([\w@$.-]{{1,60}}){QUOTE}\s?:\s?({QUOTE}|)$""")
"""The name of a member of JSON right before its value, in a string of a script too (`\\"id\\":\\"`)."""
_ITEM_BEFORE = re.compile(r"^.*(?:\}\s?,\s?|\]\s?,\s?(?=\[)|\[\s?(?=[\[{]))")
"""The end of the item of a list that stands before (an object, or a list), or the beginning, which would tell the first item."""
_ROW_BEFORE = re.compile(
    r"^.*(?:</(li|tr|option|article|p)>\s*(?=<\1\b)|<(?:[ou]l|table|tbody|select)\b[^<>]*>\s*(?=<(?:li|tr|option)\b))",
    re.IGNORECASE,
)
"""The end of the row of a page that stands before, or the beginning of all: it says nothing of this one."""
_BEFORE_ROWS = re.compile(r"^.*>\s*(?=<(?:tr|li|option|article)\b)", re.IGNORECASE)
"""What stands before the first row of a list: the other rows have it not."""
_LONGEST_KEY = _LONGEST_CLASS = 200
_KEY = re.compile(r"[^\s\"'<>,;|]+\Z", re.ASCII)
_ELEMENT_OF = re.compile(r"""\s(?:id|class)=["'](?:[^"'<>]*\s)?([A-Za-z][A-Za-z_-]{1,30})[-_]$""")
"""What an element is called before the id of the thing that it shows: `id="comment-48213"`, `class="row post-48213"`."""
_ATTRIBUTE = re.compile(r"""\s[\w:-]{1,60}=["']$""")
_COUNTED = re.compile(r"(\d{1,6})\|(?=[A-Za-z0-9+/=]{8})")
"""The length of a value before it, as callbacks of ASP.NET begin (`64|/wEd…0|/*DX*/({`): no mark ends the value."""
_LONGEST_MARK = 8
_SHORTEST_CUT = 6
_COLUMN = re.compile(r"[A-Za-z_][\w .-]{0,40}")
_LONGEST_LINE = 2000
_PLAIN = re.compile(r"[A-Za-z0-9._-]+")
"""What is written the same way everywhere."""
_DYNAMIC = re.compile(r"[\w+/=.-]*\d[\w+/=.-]*|[A-Za-z]{8,}")
_ESCAPE = re.compile(r"^.*%[0-9A-Fa-f]{2}")
"""Up to the last character that is encoded for a URL: it is of another value."""
_IN_A_QUERY = re.compile(r"[?&;][\w.-]{1,60}=$")
_QUOTED_TEXT = "<![CDATA["
_MARKS = re.compile(r"[^\w\s]{2,3}")
_NUMBER_IN_PATH = re.compile(r"(?<=/)\d{1,2}(?=/)")
"""A short number in the path before a value, which may be another one in another session."""
_WORD_END, _WORD_START = re.compile(r"[\w+/=-]+$"), re.compile(r"[\w+/=-]+")


def observe_text(finder: Finder, text: str, values: Collection[str]) -> None:
    """Keep each value that stands in a text, by the name of its element or by its boundaries."""
    counted = _COUNTED.match(text)
    for value in sorted(values):
        if counted and int(counted[1]) == len(value) and text.startswith(value, counted.end()):
            behind = literal_pattern(text[counted.end() + len(value) :][:_LONGEST_MARK])
            finder.by_pattern(value, value, f"\\d+\\|([A-Za-z0-9+/=]+?){behind}", text, "boundary", "")
            continue
        for raw, decoder in _forms(value) if not _PLAIN.fullmatch(value) or UUID.fullmatch(value) else ((value, ""),):
            if (start := _stands_at(text, raw)) >= 0:
                _keep(finder, text, value, raw, start, decoder)
                break


def observe_encoded(finder: Finder, text: str) -> None:
    """Keep what stands encoded in a text that no format told how to take, by what stands around the run that encodes it."""
    if len(text) > _LONGEST_SEARCHED:
        return
    found = {occurrence.value for occurrence in finder.found}
    for run in encoded_runs(text, finder.wanted, finder.digests):
        inside = {value for value, _, _ in derive(run.group(), finder.wanted, (), finder.digests)}
        if inside - found:
            _keep(finder, text, run.group(), run.group(), run.start(), "")


def observe_joined(finder: Finder, text: str, values: Collection[str]) -> None:
    """Keep each token that stands in a text between marks beside others (`17:4f2a…:1`), by what stands around all of them."""
    for value in sorted(filter(is_token, values)):
        start = _stands_at(text, value)
        if start < 0:
            continue
        before, behind = _JOINED_BEFORE.search(text, max(0, start - _REACH), start), _JOINED_BEHIND.match(text, start + len(value))
        first, last = before.start() if before else start, behind.end() if behind else start + len(value)
        if last - first > len(value):
            _keep(finder, text, text[first:last], text[first:last], first, "")


def observe_key(finder: Finder, text: str, value: str) -> None:
    """Keep a short number that stands in a text before the words of its row."""
    if (start := _stands_at(text, value)) >= 0:
        named = _NAME.search(text[max(0, start - _LONGEST) : start])
        _row(finder, text, value, value, start + len(value), named[1] if named else "")


def _forms(value: str) -> list[tuple[str, str]]:
    """How a value may be written in a text, and what decodes it."""
    forms = [(value, ""), (html.escape(value), "htmldecode"), (json_escape(value), "jsonunescape")]
    forms += [(value.replace("/", "\\/"), "jsonunescape"), (url_encode(value), "urldecode")]
    if UUID.fullmatch(value):
        forms += [(value.upper(), "lower")] if value.islower() else [(value.lower(), "upper")]
    return [form for position, form in enumerate(forms) if position == 0 or form[0] != value]


def _stands_at(text: str, raw: str, behind: int = 0) -> int:
    start = text.find(raw, behind)
    while start >= 0:
        before, after = text[start - 1 : start], text[start + len(raw) : start + len(raw) + 1]
        if not after.isalnum() and (not before.isalnum() or (before.isalpha() and raw.isdigit() and len(raw) >= LONG_NUMBER)):
            return start
        start = text.find(raw, start + 1)
    return -1


def _keep(finder: Finder, text: str, value: str, raw: str, start: int, decoder: str) -> None:
    end = start + len(raw)
    before, after = text[max(0, start - 120) : start], text[end : end + 1]
    if not decoder and may_hold_other_characters(value) and _IN_A_QUERY.search(before):
        decoder = "urldecode"  # what has no `%` this time may have one the next
    quoted = before.removesuffix(_QUOTED_TEXT)
    element = _ELEMENT.search(quoted)
    if quoted != before and element and " " not in element[0] and text.startswith("]]>", end):
        pattern = f"<(?:[\\w-]+:)?{literal_pattern(element[1])}(?:\\s[^<>]*)?>{literal_pattern(_QUOTED_TEXT)}([^\\]]+)\\]"
        if not finder.varies(pattern, text):
            finder.by_pattern(value, raw, pattern, text, "xml", element[1], decoder=decoder)
            return
    if (element := _ELEMENT.search(before)) and after == "<":
        if member := _MEMBER_ELEMENT.search(element[0]):
            pattern = f"{literal_pattern(member[0])}[^<>]*>([^<]+)<"
            if not finder.varies(pattern, text):
                finder.by_pattern(value, raw, pattern, text, "xml", member[1], decoder=decoder)
                return
        pattern = f"<(?:[\\w-]+:)?{literal_pattern(element[1])}(?:\\s[^<>]*)?>([^<]+)<"
        if finder.varies(pattern, text) and not _row(finder, text, value, raw, end, element[1], decoder):
            _row_of_markup(finder, text, value, raw, start, element[1], decoder, f"{element[1]}>")
        finder.by_pattern(value, raw, pattern, text, "xml", element[1], decoder=decoder)
        return
    if is_of_messages(finder.entry.response.media_type, text) and decoder in ("", "jsonunescape"):
        pattern, message, name = in_a_list(text, start, end)
        if pattern:
            finder.by_pattern(value, raw, pattern, text, "boundary", name, decoder=decoder, around=lambda: message)
            return
    left = _left(_without_half_a_token(before), finder.wanted)
    several = not left or text.find(left, text.find(left) + 1) >= 0 or is_flat(text)
    if not several and (attribute := _ATTRIBUTE.search(before)):
        several = text.count(attribute[0]) > 1  # the first of several elements has something else before it
    if (several or _is_in_markup(finder, text, start)) and not _rows(finder, text, value, raw, start, decoder) and several:
        _item(finder, text, value, raw, start, decoder)
    if not left:
        return
    ends, stop = _end(text, raw, end)
    if decoder == "jsonunescape" and after == '"':
        ends = '(?:[^"\\\\\\n]|\\\\.)+'
    named = _NAME.search(left.removesuffix(_QUOTED_TEXT))
    name = _thing(text, start) or (named[1] if named else "")
    before = _NUMBER_IN_PATH.sub(r"\\d+", literal_pattern(left))
    finder.by_pattern(value, raw, f"{before}({ends}){stop}", text, "boundary", name, decoder=decoder)


def _thing(text: str, start: int) -> str:
    """The name of an id by which an element is called; empty for what is none."""
    element = _ELEMENT_OF.search(text, max(0, start - _LONGEST_CLASS), start)
    return f"{element[1]}_id" if element else ""


def _is_in_markup(finder: Finder, text: str, start: int) -> bool:
    """Whether a value is in markup that an answer of JSON or XML brings: of rows no other text tells which one it is."""
    return finder.entry.response.media_type.endswith(("json", "xml")) and text.find("<", max(0, start - _LONGEST_CLASS), start) >= 0


def _rows(finder: Finder, text: str, value: str, raw: str, start: int, decoder: str) -> bool:
    """A value by the text behind it, at the first of its places that has one: an address before the row may hold it too."""
    is_a_page = finder.entry.response.media_type == "text/html" or _is_in_markup(finder, text, start)
    for _ in range(_MOST_PLACES):
        if start < 0:
            return False
        named = _NAME.search(text[max(0, start - _LONGEST) : start].rpartition("\n")[2])
        called = _thing(text, start) or (named[1] if named else "")
        if is_a_page and _row_of_markup(finder, text, value, raw, start, called, decoder):
            return True
        if _row(finder, text, value, raw, start + len(raw), named[1] if named else _column(text, start), decoder):
            return True
        start = _stands_at(text, raw, start + 1)
    return False


def _row_of_markup(finder: Finder, text: str, value: str, raw: str, start: int, name: str, decoder: str, lead: str = "") -> bool:
    """Whether a value in markup is known by the text of its row: in a comment, a class, a handler, or an element of XML."""
    for pattern in row_patterns(text, start, start + len(raw), lead, "([^<>]+)"):
        if list(islice(taken(pattern, text), 2)) == [raw]:
            finder.by_pattern(value, raw, pattern, text, "row", name, decoder=decoder)
            return True
    return False


def _item(finder: Finder, text: str, value: str, raw: str, start: int, decoder: str) -> None:
    """A member of one of several JSON objects in a text, by another member that names the object."""
    if decoder not in ("", "jsonunescape"):
        return
    if not _list_row(finder, text, value, raw, start, decoder):
        _object(finder, text, value, raw, start, decoder)


def _list_row(finder: Finder, text: str, value: str, raw: str, start: int, decoder: str) -> bool:
    """Whether a value stands in markup in a row that is a list, known by words of that row."""
    pattern, context = list_pattern(text, start, start + len(raw)) if "</" in text and start >= 0 else ("", "")
    if pattern:
        finder.by_pattern(value, raw, pattern, text, "row", "", context, decoder=decoder)
    return bool(pattern)


def _object(finder: Finder, text: str, value: str, raw: str, start: int, decoder: str) -> None:
    for _ in range(_MOST_PLACES):
        member = _MEMBER.search(text, max(0, start - _LONGEST), start) if start >= 0 else None
        held = _quoted(member[2]) if member else ""
        if member and (pattern := item_pattern(text, literal_pattern(member[0]), held, start, start + len(raw))):
            finder.by_pattern(value, raw, pattern, text, "row", member[1], decoder=decoder)
            return
        start = _stands_at(text, raw, start + 1) if start >= 0 else -1


def _quoted(quote: str) -> str:
    """The pattern of a text up to its quote, which a string around it may have escaped; of a number where there is none."""
    if quote in ("", '"'):
        return '((?:[^"\\\\\\n]|\\\\.)+)"' if quote else "([\\w.-]+)"
    return f'([^"{_set(quote[0])}\\n]+){literal_pattern(quote)}'


def _row(finder: Finder, text: str, value: str, raw: str, end: int, name: str, decoder: str = "") -> bool:
    """Whether a value is of one of several rows of XML, CSV or lines of JSON, known by the text behind it; then it is kept."""
    if is_flat(text):
        if flat := flat_row(text, end - len(raw), end):
            finder.by_pattern(raw, raw, flat, text, "row", name)
        return bool(flat)
    label = _LABEL.match(text, end)
    if not label or is_token(label[1] or label[2]) or (label[2] and is_secret_name(_column(text, label.start(2)))):
        return False
    if not _is_alone_before(label[0], raw, text):
        return False
    pattern = f"([^\\s\"'<>,;|]{{1,{_LONGEST_KEY}}}){literal_pattern(label[0])}"
    finder.by_pattern(value, raw, pattern, text, "row", name, decoder=decoder)
    return True


def _is_alone_before(label: str, raw: str, text: str) -> bool:
    """Whether the key of a row stands once before a label, which begins with no character of a key."""
    done, found = 0, 0
    at = text.find(label)
    while at >= 0:
        key = _KEY.search(text, max(done, at - _LONGEST_KEY), at)
        if key is not None:
            found += 1
            if found > 1 or key[0] != raw:
                return False
            done = at + len(label)
        at = text.find(label, max(done, at + 1))
    return found == 1


def _column(text: str, start: int) -> str:
    """What the first line of a table calls the column of a value; nothing where there is no such table."""
    line = text[:start].rpartition("\n")[2]
    first = text[:_LONGEST_LINE].partition("\n")[0]
    for separator in (",", ";", "\t"):
        names = [name.strip(' "\r') for name in first.split(separator)]
        if len(names) > 1 and all(_COLUMN.fullmatch(name) for name in names):
            position = line.count(separator)
            return names[position] if position < len(names) else ""
    return ""


def _without_half_a_token(before: str) -> str:
    """The text before a value, without the rest of a token that is not all near enough: it has another one the next time."""
    head, tail = _WORD_END.search(before[:-_LONGEST]), _WORD_START.match(before[-_LONGEST:])
    whole = head[0] + tail[0] if head is not None and tail is not None else ""
    is_cut = is_token(whole) or (len(whole) >= _SHORTEST_CUT and any(map(str.isdigit, whole)))
    return before[-_LONGEST:][tail.end() :] if tail is not None and is_cut else before


def _end(text: str, raw: str, end: int) -> tuple[str, str]:
    """The pattern of a value up to what stands behind it, and the pattern of that.

    A mark that the value may have inside too ends it together with the marks behind it: `-->` behind a token with a `-`.
    """
    after = text[end : end + 1]
    if not after or after == "\n":
        return "[^\\s\"'<>]+", ""
    marks = _MARKS.match(text, end)
    if after not in raw and not (marks and after in "-_" and is_token(raw)):  # another session's token may have that mark
        return f"[^{_set(after)}\\n]+", literal_pattern(after)
    is_telling = marks is not None and marks[0] not in raw
    return ("[^\\s\"'<>]+?", literal_pattern(marks[0])) if marks and is_telling else ("[^\\s\"'<>]+", literal_pattern(after))


def _left(before: str, wanted: Wanted) -> str:
    """The text before a value on its line, from behind the last thing that looks dynamic, or that a request has too."""
    line = _ROW_BEFORE.sub("", _ITEM_BEFORE.sub("", before[-_LONGEST:].rpartition("\n")[2]))
    line = _ESCAPE.sub("", _BEFORE_ROWS.sub("", line))
    for run in _DYNAMIC.finditer(line):
        if run[0] in wanted or is_token(run[0]) or is_jumble(run[0]) or any(len(d) > 2 for d in re.findall(r"\d+", run[0])):
            line_rest = line[run.end() :]
            return _left(line_rest, wanted) if len(line_rest) < len(line) else line_rest
    return line


def _set(character: str) -> str:
    return "\\" + character if character in "\\]^-[" else character
