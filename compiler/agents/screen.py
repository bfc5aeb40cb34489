"""Which of many values may stand in a text: one pass over the text for all of them."""

from __future__ import annotations

import base64
import re
from collections.abc import Iterable, Iterator, Mapping

from ahocorasick_rs import AhoCorasick

from loadwright.compiler.agents.wanted import longest_run

_SHORT = 4
"""Runs below this length stand inside of others everywhere: they are looked for behind what may come before a value."""
_ENOUGH, _ENOUGH_ENCODED = 24, 12
"""Characters of a run that are looked for: what begins so is hardly something else, and the search needs less memory."""
_BEFORE = (*"\"'/=:>,[](){}; \n\r\t&?#_-.|~+*!@$^`<\\", *("%2F", "%2f", "%3D", "%3d", "%3A", "%3a", "%26", "\\n", "\\t", "\\r"))
_ESCAPE_BEFORE = re.compile(r"(?:\\u[0-9A-Fa-f]{4}|\\x[0-9A-Fa-f]{2}|\\.|%[0-9A-Fa-f]{2})$")
_ESCAPED_LETTERS = re.compile(r"\\u00(?:3\d|[46][1-9A-Fa-f]|[57][0-9Aa])|\\x(?:3\d|[46][1-9A-Fa-f]|[57][0-9Aa])")
_PERCENT_LETTERS = re.compile(r"%(?:3\d|[46][1-9A-Fa-f]|[57][0-9Aa])")
_REFERENCES = re.compile(
    r"&#(?:[xX]0*(?:3\d|[46][1-9A-Fa-f]|[57][0-9Aa])|0*(?:4[89]|5[0-7]|6[5-9]|[78]\d|90|9[7-9]|1[01]\d|12[0-2]));"
)
"""Escapes of letters and digits, which cut the runs of a value."""
_LETTERS = (("&#", _REFERENCES), ("\\u00", _ESCAPED_LETTERS), ("\\x", _ESCAPED_LETTERS), ("%", _PERCENT_LETTERS))
_ALNUM = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789")


class Screen:
    """Values, each until the time from which no request needs it."""

    def __init__(self, until: Mapping[str, float]) -> None:
        self.until = until
        by_run: dict[str, list[str]] = {}
        for value in until:
            by_run.setdefault(longest_run(value)[:_ENOUGH], []).append(value)
        self._anywhere = by_run.pop("", [])
        """Values without a letter or digit."""
        self._values: list[list[str]] = []
        self._last: list[float] = []
        patterns: list[str] = []
        for run, values in by_run.items():
            forms = [run] if len(run) >= _SHORT else [f"{before}{run}" for before in _BEFORE]
            patterns += forms
            self._values += [values] * len(forms)
            self._last += [max(until[value] for value in values)] * len(forms)
        self._is_start = [len(pattern) == _ENOUGH for pattern in patterns]
        self._has_short = any(len(run) < _SHORT for run in by_run)
        self._automaton = AhoCorasick(patterns, store_patterns=False) if patterns else None

    def present(self, text: str, time: float) -> set[str]:
        """The values that may stand in a text of that time, in whatever way it escapes single characters."""
        found = {value for value in self._anywhere if time <= self.until[value]}
        if self._automaton is None:
            return found
        text = f" {text}" if self._has_short else text
        runs: set[int] = set()
        last = self._last
        for number, start, end in self._automaton.find_matches_as_indexes(text, overlapping=True):
            if number in runs or last[number] < time:
                continue
            if text[start - 1 : start] in _ALNUM and _inside(text, start):
                continue
            if text[end : end + 1] not in _ALNUM or self._is_start[number]:
                runs.add(number)
        return found.union(value for number in runs for value in self._values[number] if time <= self.until[value])


def _inside(text: str, start: int) -> bool:
    """Whether a letter or digit before a run is part of it, and of no escape."""
    if text[start] not in _ALNUM:
        return False  # what comes before was looked for with it
    return _ESCAPE_BEFORE.search(text, max(0, start - 6), start) is None


class DeepScreen:
    """Values that may stand in a text encoded: in base64, in hexadecimal, in another case, behind escapes."""

    def __init__(self, until: Mapping[str, float]) -> None:
        last: dict[str, float] = {}
        for value, time in until.items():
            for pattern in _encoded(longest_run(value)):
                last[pattern] = max(last.get(pattern, 0.0), time)
        self._last = list(last.values())
        self._automaton = AhoCorasick(last, store_patterns=False) if last else None

    def may_hold(self, text: str, time: float) -> bool:
        """Whether one of the values may stand in a text of that time in another form, but for digests."""
        if _escapes_letters(text):
            return True
        if self._automaton is not None:
            last = self._last
            found = self._automaton.find_matches_as_indexes(text.lower(), overlapping=True)
            return any(last[number] >= time for number, _, _ in found)
        return False


def _escapes_letters(text: str) -> bool:
    return any(mark in text and pattern.search(text) is not None for mark, pattern in _LETTERS)


def _encoded(run: str) -> Iterator[str]:
    """What a text in lower case holds where it holds the run in another case or encoded, two encodings deep."""
    if len(run) < _SHORT:
        return
    start = run[:_ENOUGH_ENCODED]
    if not run.isdigit():
        yield start.lower()
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
