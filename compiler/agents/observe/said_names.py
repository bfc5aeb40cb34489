"""Names of fields that another field of the request says: a guard's field may be called anew each time, and say how."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from loadwright.compiler.agents.observe.sites import FORM, body_text, form_fields
from loadwright.compiler.recording.kinds import body_type
from loadwright.compiler.recording.model import Entry

_SHORTEST, _LONGEST = 4, 80


def said_names(entries: Iterable[Entry]) -> set[str]:
    """The names that a value of the same request says: `token.name=token_K4F2&token_K4F2=…`, `changed=57.245&57.245=…`.

    A component of a page (`form:j_idt10`) is called so until the page is written anew.
    """
    return {value for entry in entries for value in _said(_fields(entry))}


def _said(fields: list[tuple[str, str]]) -> Iterator[str]:
    names = {name for name, _ in fields if _SHORTEST <= len(name) <= _LONGEST and ":" not in name and any(map(str.isdigit, name))}
    yield from (value for name, value in fields if value in names and value != name)


def _fields(entry: Entry) -> list[tuple[str, str]]:
    if entry.request.parts:
        return [(part.name, part.data[: _LONGEST + 1].decode("utf-8", "replace")) for part in entry.request.parts]
    text = body_text(entry) if body_type(entry.request) == FORM else None
    return form_fields(text) or [] if text else []
