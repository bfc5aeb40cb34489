"""Values of scripts: what is assigned, members of objects, tokens in quotes."""

from __future__ import annotations

import re
from itertools import islice

from loadwright.compiler.agents.finder import MOST, Finder
from loadwright.compiler.agents.values import is_token, literal_pattern, may_hold_other_characters
from loadwright.compiler.plan.encodings import json_unescape

_VALUE = re.compile(
    r"""(?P<name>[A-Za-z_$][\w$-]*)["']?\]?\s*[:=]\s*(?P<quote>["'])(?P<value>(?:[^"'\\\n<>]|\\[^\n]){1,30000})(?P=quote)"""
)
_NUMBER = re.compile(r"""(?P<name>[A-Za-z_$][\w$-]*)["']?\]?\s*[:=]\s*(?P<value>\d{1,19})(?=[\s,;}\])])""")
_QUOTED = re.compile(r"""(["'])([^"'\\\s<>]{8,4000})\1""")


def observe_script(finder: Finder, script: str, text: str) -> None:
    """Offer what a script assigns to names; `text` is the response that holds the script."""
    for match in _VALUE.finditer(script):
        raw, quote = match["value"], match["quote"]
        value = json_unescape(raw) if "\\" in raw else raw
        if value in finder.wanted or finder.deep:
            before = script[match.start() : match.start("value")]
            escapes = "\\" in raw or may_hold_other_characters(value)
            rest = f"((?:[^{quote}\\\\\\n<>]|\\\\.)+)" if escapes else f"([^{quote}\\\\\\n<>]+)"
            decoder = "jsonunescape" if escapes else ""
            finder.by_pattern(value, raw, literal_pattern(before) + rest + quote, text, "script", match["name"], decoder=decoder)
    for match in _NUMBER.finditer(script):
        if match["value"] in finder.wanted:
            before = script[match.start() : match.start("value")]
            finder.by_pattern(match["value"], match["value"], literal_pattern(before) + r"(\d+)", text, "script", match["name"])


def observe_quoted(finder: Finder, text: str) -> None:
    """Offer tokens in quotes of a script that was loaded, each anchored by what stands before it."""
    for match in islice(_QUOTED.finditer(text), MOST):
        value = match[2]
        if value in finder.wanted and is_token(value):
            before = text[max(0, match.start() - 16) : match.start(2)]
            pattern = literal_pattern(before.splitlines()[-1]) + f"([^{match[1]}\\\\\\n<>]+){match[1]}"
            finder.by_pattern(value, value, pattern, text, "script", "")
