"""Numbers that a script hands to a function: answers that are scripts, in pages and inside of JSON, tell of rows and ids so."""

from __future__ import annotations

import re

from loadwright.compiler.agents.observe.answers.in_rows import in_a_row
from loadwright.compiler.agents.observe.finder import Finder
from loadwright.compiler.agents.values import literal_pattern

ROW = "()"
"""What the names of functions end in here that are told a number first and more behind it: `add_row(5, {…})`."""
CALL = "("
"""What the names of functions end in here that an attribute calls with a number: `wire:click="open(48213)"`."""
_NUMBER = re.compile(r"\d{1,19}")
_QUOTES = ("", '"', "'", '\\"')
"""How a number may stand in a call; the last as JSON writes a script."""
_TELLING = 4
"""Digits from which a number is looked for in attributes."""
_CALL = re.compile(r"""\((|"|'|\\")(\d{1,19})\1([),])""", re.ASCII)
_FUNCTION = re.compile(r"([A-Za-z_$][\w$]{2,60})$")
_SETTER = re.compile(r"set_?(?=[A-Z]|(?<=_))([A-Za-z]\w*)")


def observe_calls(finder: Finder, script: str, text: str) -> None:
    """Offer wanted numbers that are first in the call of a function; `text` is the response that holds the script."""
    calls = [call for call in _CALL.finditer(script) if call[2] in finder.wanted]
    seen: set[tuple[str, str, str]] = set()
    for call in sorted(calls, key=lambda found: (found[2], _QUOTES.index(found[1]), found.start())):
        quote, value, sign = call.groups()
        function = _FUNCTION.search(script, max(0, call.start() - 64), call.start())
        setter = _SETTER.fullmatch(function[1]) if function and sign == ")" else None
        name = setter[1] if setter else f"{function[1]}{ROW}" if function and sign == "," else ""
        if function and name and (value, quote, name) not in seen:
            seen.add((value, quote, name))
            pattern = f"\\b{literal_pattern(f'{function[1]}({quote}')}(\\d+){literal_pattern(f'{quote}{sign}')}"
            finder.by_pattern(value, value, pattern, text, "script", name)


def observe_handlers(finder: Finder, text: str) -> None:
    """Offer wanted numbers that an attribute of a page hands to a function, in a row of the page by its text."""
    for value in sorted(v for v in finder.wanted.values if len(v) >= _TELLING and _NUMBER.fullmatch(v)):
        start = text.find(f"({value}")
        while start >= 0:
            function, end = _FUNCTION.search(text, max(0, start - 64), start), start + 1 + len(value)
            if function and text[end : end + 1] in (")", ",") and text.rfind("<", 0, start) > text.rfind(">", 0, start):
                pattern = f"\\b{literal_pattern(f'{function[1]}(')}(\\d+)[),]"
                in_a_row(finder, value, text, f"{function[1]}{CALL}", None, "", pattern)
                finder.by_pattern(value, value, pattern, text, "script", f"{function[1]}{CALL}")
                break
            start = text.find(f"({value}", start + 1)
