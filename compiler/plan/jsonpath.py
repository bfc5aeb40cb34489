"""The JSONPath subset of the language (of RFC 9535), and JSON read without losing digits."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any


class JsonPathError(ValueError):
    """Raised for a path outside the subset; the message says where and what."""


class Digits(str):
    """A JSON number as it was written."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class Member:
    """`.name` or `['name']`."""

    name: str


@dataclass(frozen=True, slots=True)
class Index:
    """`[n]`; negative counts from the end."""

    position: int


@dataclass(frozen=True, slots=True)
class Wildcard:
    """`[*]` or `.*`: every item or member value."""


@dataclass(frozen=True, slots=True)
class Filter:
    """`[?(@.name=='text')]`: the items whose member, as text, equals a value."""

    names: tuple[str, ...]
    value: str


Segment = Member | Index | Wildcard | Filter

_SEGMENT = re.compile(
    r"""\.(?P<name>[A-Za-z_$][\w$-]*|\*)
      | \[\s*(?P<index>-?\d+)\s*\]
      | \[\s*(?P<star>\*)\s*\]
      | \[\s*(?P<quoted>'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")\s*\]
      | \[\s*\?\s*\(?\s*@(?P<names>(?:\.[A-Za-z_$][\w$-]*)+)\s*==\s*
          (?P<value>'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*"|-?\d+(?:\.\d+)?|true|false|null)\s*\)?\s*\]""",
    re.VERBOSE,
)


def parse_path(path: str) -> tuple[Segment, ...]:
    """The segments of a path. Raises JsonPathError for what is outside the subset."""
    if not path.startswith("$"):
        raise JsonPathError("a path starts with `$`")
    segments: list[Segment] = []
    position = 1
    while position < len(path):
        match = _SEGMENT.match(path, position)
        if not match:
            raise JsonPathError(f"`{path[position:]}` at character {position + 1} is not in the subset")
        segments.append(_segment(match))
        position = match.end()
    return tuple(segments)


def _segment(match: re.Match[str]) -> Segment:
    if match["index"]:
        return Index(int(match["index"]))
    if match["star"] or match["name"] == "*":
        return Wildcard()
    if match["names"]:
        return Filter(tuple(match["names"][1:].split(".")), _unquote(match["value"]))
    return Member(match["name"] or _unquote(match["quoted"]))


def _unquote(text: str) -> str:
    return re.sub(r"\\(.)", r"\1", text[1:-1], flags=re.DOTALL) if text[0] in "'\"" else text


def quote_name(name: str) -> str:
    """A member as the next segment of a path: `.name`, or `['…']` for a name that needs quotes."""
    if re.fullmatch(r"[A-Za-z_]\w*", name):
        return f".{name}"
    return "['" + name.replace("\\", "\\\\").replace("'", "\\'") + "']"


def quote_value(value: str) -> str:
    """A text as a path's string literal."""
    return "'" + value.replace("\\", "\\\\").replace("'", "\\'") + "'"


def load_json(text: str) -> Any:
    """JSON as Python values, numbers kept as `Digits`. Raises ValueError."""
    return json.loads(text, parse_int=Digits, parse_float=Digits, parse_constant=Digits)


def find(value: Any, path: str) -> list[Any]:
    """Every value at a path, in document order."""
    found = [value]
    for segment in parse_path(path):
        found = [item for parent in found for item in _step(parent, segment)]
    return found


def _step(parent: Any, segment: Segment) -> Iterator[Any]:
    match segment:
        case Member(name=name) if isinstance(parent, dict) and name in parent:
            yield parent[name]
        case Index(position=position) if isinstance(parent, list) and -len(parent) <= position < len(parent):
            yield parent[position]
        case Wildcard() if isinstance(parent, list):
            yield from parent
        case Wildcard() if isinstance(parent, dict):
            yield from parent.values()
        case Filter(names=names, value=value):
            items = parent if isinstance(parent, list) else parent.values() if isinstance(parent, dict) else ()
            yield from (item for item in items if _member_text(item, names) == value)
        case _:
            return


def _member_text(item: Any, names: tuple[str, ...]) -> str | None:
    for name in names:
        if not isinstance(item, dict) or name not in item:
            return None
        item = item[name]
    return json_text(item)


def json_text(value: Any) -> str:
    """A JSON value as a captured text: strings as they are, numbers digit for digit, the rest as compact JSON."""
    if isinstance(value, str):
        return str(value)
    if value is None or isinstance(value, bool):
        return {None: "null", True: "true", False: "false"}[value]
    return _compact(value)


def _compact(value: Any) -> str:
    if isinstance(value, Digits):
        return str(value)
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=False)
    if isinstance(value, list):
        return "[" + ",".join(_compact(v) for v in value) + "]"
    if isinstance(value, dict):
        return "{" + ",".join(f"{json.dumps(k, ensure_ascii=False)}:{_compact(v)}" for k, v in value.items()) + "}"
    return json_text(value)
