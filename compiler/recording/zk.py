"""Components that a server of ZK mounts in a page, and the calls that speak of them (`dtid=…&cmd_0=onClick&uuid_0=oIxV4`).

A page, and an answer to a call, has each on a line of its own: `['zul.wgt.Button','oIxV4',{id:'add',label:'New'},{},[` and what it
holds. The server makes the ids, others for each page, and counts them on: of a list that has one row more all later ones differ.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from msgspec import Struct

DESKTOP = "dtid"
"""The field of a call that says which page it is of."""
_MOUNTED = re.compile(r"\['([a-z]\w{0,30}(?:\.\w{1,40}){1,6})','(\w{1,40})',\{")
_QUOTED = re.compile(r"'(?:[^'\\]|\\.)*'")
_ID = re.compile(r"(?:^|,)id:'([^'\\\n]{1,80})'")
_TEXT = re.compile(r"\b(label|title|placeholder|sclass|tooltiptext):'([^'\\\n]{1,80})'")
_SHOWN = re.compile(r"\bvalue:'([^'\\\n]{1,80})'")
_SHOWS = (".Label", ".Html")
_ROW = re.compile(r"[{,]_index:\d")
_FIELD = re.compile(r"(?:uuid|data)(?:_\d{1,3})?")
_FORM_TEXT = re.compile(r"(?:%22|=)(\w{1,40})(?=%22|&|$)")
"""What may be an id, in a form: a field as a whole, or a text of JSON."""
ANSWERED = '{"rs":['
"""How an answer to a call begins."""
GONE = '["obsolete",'
"""What it says, with status 200, where the page is no longer known."""
_MOST = 50_000
"""Components of an answer that are looked at."""


class Component(Struct):
    """A component as an answer mounts it."""

    kind: str
    key: str
    """Its id, which the server made."""
    start: int
    end: int
    """The end of its first line."""
    name: str
    """The id that the application's author gave it, which is one of its window."""
    text: str
    """What it says, as it stands there (`label:'Save'`); empty where it says nothing."""
    row: int = -1
    """The number of the innermost row of a list that it is in, or that it is; -1 for none."""
    inside: int = 0
    """How many components behind it are in it."""


def speaks_of_components(field: str, value: str) -> bool:
    """Whether a field of a request says that it is a call; with a file, the call is a form inside of a part."""
    return field == DESKTOP or value.startswith(f"{DESKTOP}=")


def names_components(field: str) -> bool:
    """Whether a field of a call may hold ids of components."""
    return _FIELD.fullmatch(field) is not None


def ids_of_a_form(form: str) -> Iterator[tuple[int, int, str]]:
    """The texts of a call, written as a form, that may be ids of components, with their places."""
    start = 0
    for field in form.split("&"):
        if names_components(field.partition("=")[0]):
            yield from ((*found.span(1), found[1]) for found in _FORM_TEXT.finditer(form, start, start + len(field)))
        start += len(field) + 1


def components(text: str) -> list[Component]:
    """The components that an answer mounts, in its order, each before what is in it."""
    if "['" not in text:
        return []
    found: list[Component] = []
    around: list[tuple[int, int]] = []
    depth = 0
    for kind, key, start, behind, stop in _places(text):
        while around and around[-1][0] >= depth + 1:
            number = around.pop()[1]
            found[number].inside = len(found) - number - 1
        end = text.find("\n", behind, stop)
        end = stop if end < 0 else end
        properties = text[behind:end]
        row = found[around[-1][1]].row if around else -1
        row = len(found) if _ROW.search(text, behind - 1, min(end, behind + 200)) else row
        found.append(Component(kind, key, start, end, _named(properties), _said(kind, properties), row))
        around.append((depth + 1, len(found) - 1))
        plain = _QUOTED.sub("", text[start:stop])
        depth += plain.count("[") - plain.count("]")
    for _, number in around:
        found[number].inside = len(found) - number - 1
    return found


def _places(text: str) -> Iterator[tuple[str, str, int, int, int]]:
    """Kind and id of each component, where it begins, where its properties do, and where the next one begins."""
    last: re.Match[str] | None = None
    for number, match in enumerate(_MOUNTED.finditer(text)):
        if last is not None:
            yield last[1], last[2], last.start(), last.end(), match.start()
        last = match
        if number >= _MOST:
            break
    if last is not None:
        yield last[1], last[2], last.start(), last.end(), len(text)


def _named(properties: str) -> str:
    found = _ID.search(properties)
    return found[1] if found else ""


def _said(kind: str, properties: str) -> str:
    if kind.endswith(_SHOWS) and (shown := _SHOWN.search(properties)):
        return shown[0]
    found = _TEXT.search(properties)
    return found[0] if found else ""
