"""Names of fields that are others in each session: another field of the request says them, or they are mostly drawn."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from loadwright.compiler.agents.observe.sites import FORM, body_text, form_fields
from loadwright.compiler.recording.kinds import body_type
from loadwright.compiler.recording.model import Entry

_SHORTEST, _LONGEST = 4, 80
_DRAWN = re.compile(r"(?<![A-Za-z0-9])(?=[0-9a-f]*[a-f])(?=[0-9a-f]*[0-9])[0-9a-f]{10,32}(?![A-Za-z0-9])")
_SEVERAL = 2
"""Runs of hexadecimal digits in a name, of one length: one may be a build's, several tell the fields of one page apart."""


def said_names(entries: Iterable[Entry]) -> set[str]:
    """The names that a value of the same request says: `token.name=token_K4F2&token_K4F2=…`, `changed=57.245&57.245=…`.

    A component of a page (`form:j_idt10`) is called so until the page is written anew.
    """
    return {value for entry in entries for value in _said(_fields(entry))}


def drawn_names(entries: Iterable[Entry]) -> set[str]:
    """The names with several random runs, as a row is called that was added to a form: `note_2083fcc4872e_2083fccd240e`."""
    return {name for entry in entries for name, _ in _fields(entry) if len(name) <= _LONGEST and _is_drawn(name)}


def _is_drawn(name: str) -> bool:
    runs = _DRAWN.findall(name)
    return len(runs) >= _SEVERAL and len({len(run) for run in runs}) == 1


def _said(fields: list[tuple[str, str]]) -> Iterator[str]:
    names = {name for name, _ in fields if _SHORTEST <= len(name) <= _LONGEST and ":" not in name and any(map(str.isdigit, name))}
    yield from (value for name, value in fields if value in names and value != name)


def _fields(entry: Entry) -> list[tuple[str, str]]:
    if entry.request.parts:
        return [(part.name, part.data[: _LONGEST + 1].decode("utf-8", "replace")) for part in entry.request.parts]
    text = body_text(entry) if body_type(entry.request) == FORM else None
    return form_fields(text) or [] if text else []
