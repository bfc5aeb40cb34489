"""Fields of forms as React streams them to the browser: `["$","input",null,{"type":"hidden","name":"note","value":4}]`."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

from loadwright.compiler.agents.facts import SourceKind
from loadwright.compiler.agents.observe.finder import Finder
from loadwright.compiler.agents.values import literal_pattern

_ELEMENT = re.compile(r'\["\$","(?:input|button)",(?:null|"[^"\\]{0,200}"),(\{[^{}]{1,4000}\})\]')
_HELD = ("value", "defaultValue")
_TEXT = r'"((?:[^"\\]|\\.)+)"'
_ROW = re.compile(r'\["\$","(?:tr|li|option|article|section|dt|dd|label)",')
"""How the element of a row begins."""
_BRACKET = re.compile(r'"(?:[^"\\]|\\.)*"?|([\[{])|([\]}])')
_STRING = re.compile(r'"([^"\\]{1,200})"')
_FAR = 1500


def element_around(text: str, place: int) -> re.Match[str] | None:
    """The beginning of the innermost row of a list or table in which a place of streamed elements is."""
    if '["$","' not in text[max(0, place - _FAR) : place]:
        return None
    rows = reversed(list(_ROW.finditer(text, max(0, place - _FAR), place)))
    return next((row for row in rows if is_open(text[row.start() : place])), None)


def fields_of_rows(text: str) -> Iterator[tuple[str, list[str]]]:
    """The values of fields that stand in rows, each with the texts of its row before it."""
    for element in _ELEMENT.finditer(text):
        field, row = _read(element[1]), element_around(text, element.start())
        if row is not None and isinstance(value := field.get("value"), str | int):
            yield str(value), _STRING.findall(text, row.end(), element.start())


def is_open(written: str) -> bool:
    """Whether the bracket with which a piece of JSON begins is closed nowhere in it."""
    depth = 0
    for bracket in _BRACKET.finditer(written):
        depth += (bracket[1] is not None) - (bracket[2] is not None)
        if depth == 0 and bracket[2]:
            return False
    return True


def observe_components(finder: Finder, text: str) -> None:
    """Offer the values of inputs and buttons, by their names."""
    for element in _ELEMENT.finditer(text):
        written = element[1]
        field = _read(written)
        name, member = field.get("name"), next((one for one in _HELD if one in field), "")
        if isinstance(name, str) and member and isinstance(value := field[member], str | int):
            kind: SourceKind = "hidden input" if field.get("type") == "hidden" else "input"
            raw = json.dumps(value, ensure_ascii=False).strip('"')
            named, held = (
                literal_pattern(f'"name":{json.dumps(name)}'),
                f'"{member}":' + (_TEXT if isinstance(value, str) else r"(\d+)"),
            )
            is_first = written.find('"name":') < written.find(f'"{member}":')
            pattern = f"{named}[^{{}}]*?{held}" if is_first else f"{held}[^{{}}]*?{named}"
            decoder = "jsonunescape" if isinstance(value, str) else ""
            finder.by_pattern(str(value), raw, pattern, text, kind, name, decoder=decoder)


def _read(written: str) -> dict[str, Any]:
    try:
        found: dict[str, Any] = json.loads(written)
    except ValueError:
        return {}
    return found
