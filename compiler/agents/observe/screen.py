"""Which of many values may stand in a text: one pass over the text for all of them."""

from __future__ import annotations

import base64
import re
from collections.abc import Iterable, Iterator, Mapping

from loadwright.compiler.agents.names import is_id_name, is_revision_name
from loadwright.compiler.agents.observe.search import Search
from loadwright.compiler.agents.observe.wanted import rarity, runs_of, telling_run
from loadwright.compiler.recording.calls import RESULT

_SHORT = 4
"""Runs below this length stand inside of others everywhere: they are looked for behind what may come before a value."""
LONG_NUMBER = 12
"""Digits from which a number may stand right behind a word (`file1179564778007`): where the letters end, the number begins."""
_ENOUGH, _ENOUGH_ENCODED = 24, 12
"""Characters of a run that are looked for: what begins so is hardly something else, and the search needs less memory."""
_BEFORE = (*"\"'/=:>,[](){}; \n\r\t&?#_-.|~+*!@$^`<\\", *("%2F", "%2f", "%3D", "%3d", "%3A", "%3a", "%26", "\\n", "\\t", "\\r"))
_ESCAPE_BEFORE = re.compile(rb"(?:\\u[0-9A-Fa-f]{4}|\\x[0-9A-Fa-f]{2}|\\.|%[0-9A-Fa-f]{2})$")
_ESCAPED_LETTERS = re.compile(r"\\u00(?:3\d|[46][1-9A-Fa-f]|[57][0-9Aa])|\\x(?:3\d|[46][1-9A-Fa-f]|[57][0-9Aa])")
_PERCENT_LETTERS = re.compile(r"%(?:3\d|[46][1-9A-Fa-f]|[57][0-9Aa])")
_REFERENCES = re.compile(
    r"&#(?:[xX]0*(?:3\d|[46][1-9A-Fa-f]|[57][0-9Aa])|0*(?:4[89]|5[0-7]|6[5-9]|[78]\d|90|9[7-9]|1[01]\d|12[0-2]));"
)
"""Escapes of letters and digits, which cut the runs of a value."""
_LETTERS = (("&#", _REFERENCES), ("\\u00", _ESCAPED_LETTERS), ("\\x", _ESCAPED_LETTERS), ("%", _PERCENT_LETTERS))
_ALNUM = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789")
_POINT, _QUOTE = b'."'
_MEMBER = re.compile(rb'"([^"\\]*)"\s*:\s*$')
_LONGEST_NAME = 80


_PLAIN = re.compile(r"[\w.-]+", re.ASCII)
"""What is written the same way everywhere but where other characters than letters and digits are escaped."""
_ESCAPES = re.compile(r"\\[-._xu]|&#|%[25]")
_HEX = re.compile("[0-9A-Fa-f]{32}")


class Screen:
    """Values, each until the time from which no request needs it."""

    def __init__(self, until: Mapping[str, float]) -> None:
        self.until = until
        by_run: dict[str, list[str]] = {}
        self._whole: dict[str, list[str]] = {}
        """All runs of values of which a run alone, or its start, says little."""
        for value in until:
            runs = runs_of(value)
            run = max(runs, key=rarity, default="")
            by_run.setdefault(run[:_ENOUGH], []).append(value)
            if len(runs) > 1:
                self._whole[value] = runs
        for start, values in by_run.items():
            if len(values) > 1 and len(start) == _ENOUGH:
                self._whole.update((value, runs_of(value)) for value in values)
        self._anywhere = by_run.pop("", [])
        """Values without a letter or digit."""
        self._values = list(by_run.values())
        self._last = [max(until[value] for value in values) for values in self._values]
        self._is_start = [len(run) == _ENOUGH for run in by_run]
        self._is_number = [len(run) < _SHORT and run.isdigit() and values == [run] for run, values in by_run.items()]
        self._behind_words = [run.isdigit() and len(run) >= LONG_NUMBER for run in by_run]
        self._run: list[int] = []
        """For each pattern which of the runs it looks for."""
        patterns: list[bytes] = []
        for number, run in enumerate(by_run):
            forms = [run.encode()] if len(run) >= _SHORT else [f"{before}{run}".encode() for before in _BEFORE]
            patterns += forms
            self._run += [number] * len(forms)
        self._has_short = any(len(run) < _SHORT for run in by_run)
        self._search = Search(patterns)

    def present(self, text: str, time: float, only_ids: bool = False) -> set[str]:
        """The values that may stand in a text of that time, in whatever way it escapes single characters.

        Short numbers that are part of a decimal are none; with `only_ids`, those that a JSON text gives a name by which
        nothing is identified (`"stock": 48`) neither.
        """
        found = {value for value in self._anywhere if time <= self.until[value]}
        if not self._run or not text:
            return found
        data = text.encode("utf-8", "surrogatepass")
        if self._has_short and data[0] in _ALNUM:
            data = b" " + data
        only_ids = only_ids and data.lstrip()[:1] in (b"{", b"[")
        runs: set[int] = set()
        run_of, last, is_number, is_start, size = self._run, self._last, self._is_number, self._is_start, len(data)
        for pattern, start, end in self._search.find(data):
            run = run_of[pattern]
            if run in runs or last[run] < time:
                continue
            if start and data[start - 1] in _ALNUM and _inside(data, start, self._behind_words[run]):
                continue
            if end < size and data[end] in _ALNUM and not is_start[run]:
                continue
            if is_number[run] and (_in_decimal(data, start, end) or (only_ids and _counts(data, start, end))):
                continue
            runs.add(run)
        until, whole = self.until, self._whole
        escapes = None
        for run in runs:
            for value in self._values[run]:
                if time > until[value]:
                    continue
                if value in whole and value not in text:
                    escapes = _ESCAPES.search(text) is not None if escapes is None else escapes
                    if (not escapes and _PLAIN.fullmatch(value)) or not all(other in text for other in whole[value]):
                        continue
                found.add(value)
        return found


def _inside(data: bytes, start: int, behind_words: bool) -> bool:
    """Whether a letter or digit before a run is part of it, and of no escape; letters are not where words may stand before it."""
    if behind_words and not data[start - 1 : start].isdigit():
        return False
    if data[start] not in _ALNUM:
        return False  # what comes before was looked for with it
    return _ESCAPE_BEFORE.search(data, max(0, start - 6), start) is None


def _in_decimal(data: bytes, start: int, end: int) -> bool:
    """Whether digits, one character before them with them, are the front or the back of a decimal."""
    return (data[end : end + 1] == b"." and data[end + 1 : end + 2].isdigit()) or (
        data[start] == _POINT and data[start - 1 : start].isdigit()
    )


def _counts(data: bytes, start: int, end: int) -> bool:
    """Whether a JSON text gives a number, one character before it with it, a name that identifies nothing."""
    if data[start] == _QUOTE and data[end : end + 1] == b'"':
        start -= 1
    name = _MEMBER.search(data, max(0, start - _LONGEST_NAME), start + 1)
    called = name[1].decode("utf-8", "replace") if name is not None else ""
    return name is not None and not (is_id_name(called) or is_revision_name(called) or called == RESULT)


class DeepScreen:
    """Values that may stand in a text encoded: in base64, in hexadecimal, in another case, behind escapes."""

    def __init__(self, until: Mapping[str, float]) -> None:
        last: dict[str, float] = {}
        for value, time in until.items():
            for pattern in _encoded(telling_run(value)):
                last[pattern] = max(last.get(pattern, 0.0), time)
        self._last = list(last.values())
        self._search = Search([pattern.encode() for pattern in last])

    def may_hold(self, text: str, time: float) -> bool:
        """Whether one of the values may stand in a text of that time in another form, but for digests."""
        if _escapes_letters(text):
            return True
        last = self._last
        found = self._search.find(text.lower().encode("utf-8", "surrogatepass")) if last else ()
        return any(last[number] >= time for number, _, _ in found)


def _escapes_letters(text: str) -> bool:
    return any(mark in text and pattern.search(text) is not None for mark, pattern in _LETTERS)


def _encoded(run: str) -> Iterator[str]:
    """What a text in lower case holds where it holds the run in another case or encoded, two encodings deep."""
    if len(run) < _SHORT:
        return
    start = run[:_ENOUGH_ENCODED]
    if not run.isdigit() or len(run) >= LONG_NUMBER:  # the end of a UUID, whatever letters are before it
        yield start.lower()
    if _HEX.fullmatch(run):
        yield run[:8].lower()  # a UUID without its hyphens
    once = {form for form in _forms(start) if len(form) >= _SHORT}
    yield from (form.lower() for form in once)
    yield from {inner.lower() for form in once for inner in _forms(form) if len(inner) >= 2 * _SHORT}


def _forms(text: str) -> Iterable[str]:
    """A text in hexadecimal, and in base64 wherever in a longer text it stands: the characters that nothing else decides."""
    data = text.encode()
    yield data.hex()
    for before in range(3):
        first, end = -(-before * 8 // 6), (before + len(data)) * 8 // 6
        coded = base64.b64encode(b"\0" * before + data).decode()[first:end]
        yield coded
        if "+" in coded or "/" in coded:
            yield coded.replace("+", "-").replace("/", "_")
