"""Values that a public convention names: they are the session's, whatever they look like."""

from __future__ import annotations

import re

from loadwright.compiler.agents.facts import Occurrence, Site
from loadwright.compiler.agents.names import is_state
from loadwright.compiler.recording.calls import number_sent
from loadwright.compiler.recording.model import Entry

_SELECTED = re.compile(r"_(?:selection|instantSelectedRowKey|instantUnselectedRowKey)$")
"""How PrimeFaces calls what it sends of a row that the user selects."""

_FLOW = re.compile(r"e\d{1,6}s\d{1,6}")
"""How Spring Web Flow calls an execution of a flow and where it has got to."""


def said_by_protocol(site: Site, occurrence: Occurrence, changed: bool | None) -> bool | None:
    """Whether a convention makes an occurrence the source of a site's value; None where none speaks of it.

    What a second recording shows to be constant is not taken, but for the execution of a flow, which two sessions may count alike.
    """
    if _is_of_a_flow(site, occurrence):
        return True
    return changed is not False if _is_by_protocol(site, occurrence) else None


def _is_by_protocol(site: Site, occurrence: Occurrence) -> bool:
    """Whether a page gave a value under the name by which a protocol sends it back: its state, or the key of a row by its text."""
    if occurrence.kind == "hidden input":
        return occurrence.name == site.name and is_state(site.name)
    is_key = occurrence.kind == "row" and occurrence.name == "rk"  # `<tr data-rk="4118">`
    return is_key and site.location == "form" and _SELECTED.search(site.name) is not None


def _is_of_a_flow(site: Site, occurrence: Occurrence) -> bool:
    """Whether both are the execution of a flow."""
    is_given = occurrence.kind in ("hidden input", "link", "redirect part")
    return is_given and site.name == occurrence.name == "execution" and _FLOW.fullmatch(occurrence.value) is not None


def counts_calls(site: Site, entry: Entry) -> bool:
    """Whether the client numbers its calls by it, in JSON-RPC or on a WebSocket: its own count, whatever answers repeat it."""
    if site.location == "json" and site.key == "/id" and site.is_number and not entry.messages:
        return number_sent(entry.request.body or b"", entry.response.text or "") == site.value
    return any(message.counted and site.key == f"/{message.counted}" for message in entry.messages)
