"""Values in the texts of answers."""

from __future__ import annotations

import itertools
import json
import re
from collections.abc import Iterable, Iterator
from typing import Any

from selectolax.lexbor import LexborHTMLParser, SelectolaxError

from loadwright.backends.locust.runtime.network import Failure
from loadwright.backends.locust.runtime.values import to_json


def parse_json(text: str) -> Any:
    """JSON with its numbers as they are written."""
    return json.loads(text, parse_int=Digits, parse_float=Digits, parse_constant=Digits)


class Digits(str):
    """A JSON number as it is written."""


PATH_SEGMENT = re.compile(
    r"""\.(?P<name>[A-Za-z_$][\w$-]*|\*)
      | \[\s*(?P<index>-?\d+)\s*\]
      | \[\s*(?P<star>\*)\s*\]
      | \[\s*(?P<quoted>'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")\s*\]
      | \[\s*\?\s*\(?\s*@(?P<names>(?:\.[A-Za-z_$][\w$-]*)+)\s*==\s*
        (?P<value>'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*"|-?\d+(?:\.\d+)?|true|false|null)
        \s*\)?\s*\]""",
    re.VERBOSE,
)


def find_json(text: str, path: str) -> list[Any]:
    """All values at a JSONPath, in document order."""
    try:
        found = [parse_json(text)]
    except ValueError:
        return []
    for segment in PATH_SEGMENT.finditer(path):
        found = [child for value in found for child in json_children(value, segment)]
    return found


def json_children(value: Any, segment: re.Match[str]) -> Iterator[Any]:
    """What one segment of a JSONPath selects from a value."""
    items = value if isinstance(value, list) else []
    if isinstance(value, dict):
        items = list(value.values())
    if segment["star"] or segment["name"] == "*":
        yield from items
    elif segment["names"]:
        names, wanted = segment["names"][1:].split("."), unquoted(segment["value"])
        yield from (item for item in items if json_member(item, names) == wanted)
    elif segment["index"]:
        index = int(segment["index"])
        if isinstance(value, list) and -len(value) <= index < len(value):
            yield value[index]
    else:
        name = segment["name"] or unquoted(segment["quoted"])
        if isinstance(value, dict) and name in value:
            yield value[name]


def json_member(value: Any, names: list[str]) -> str | None:
    """The member of a member … as text; None when there is none."""
    for name in names:
        if not isinstance(value, dict) or name not in value:
            return None
        value = value[name]
    return json_text(value)


def unquoted(text: str) -> str:
    """A name or value of a JSONPath without its quotes and escapes."""
    if text[0] not in "'\"":
        return text
    return re.sub(r"\\(.)", r"\1", text[1:-1], flags=re.DOTALL)


def json_text(value: Any) -> str:
    """A JSON value as text: a string bare, anything else as it would be written."""
    return str(value) if isinstance(value, str) else written_json(value)


def written_json(value: Any) -> str:
    """A JSON value as compact JSON, numbers digit for digit."""
    if isinstance(value, Digits):
        return str(value)
    if isinstance(value, dict):
        members = (f"{to_json(k)}:{written_json(v)}" for k, v in value.items())
        return "{" + ",".join(members) + "}"
    if isinstance(value, list):
        return "[" + ",".join(map(written_json, value)) + "]"
    return to_json(value)


def css_values(text: str, selector: str, attribute: str | None) -> Iterator[str]:
    """The attribute, or the folded text, of every element that a selector matches."""
    try:
        nodes = LexborHTMLParser(text).css(selector)
    except SelectolaxError:
        return
    for node in nodes:
        if attribute is None:
            yield " ".join(node.text(deep=True).split())
        elif attribute in node.attributes:
            yield node.attributes[attribute] or ""


def groups(pattern: str, text: str) -> Iterator[str]:
    """The first group of every match, or the whole match of a pattern without one."""
    for found in re.finditer(pattern, text):
        yield (found[1] or "") if found.re.groups else found[0]


def pick(
    values: Iterable[str], occurrence: int, default: str | None, missed: str
) -> str:
    """One of the values, counted from 1, or else the default."""
    value = next(itertools.islice(values, occurrence - 1, None), default)
    if value is None:
        raise Failure(f"extraction: {missed}")
    return value
