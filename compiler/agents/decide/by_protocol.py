"""Values that a public convention names: they are the session's, whatever they look like."""

from __future__ import annotations

import re

from loadwright.compiler.agents.facts import Occurrence, Site
from loadwright.compiler.agents.names import is_state

_SELECTED = re.compile(r"_(?:selection|instantSelectedRowKey|instantUnselectedRowKey)$")
"""How PrimeFaces calls what it sends of a row that the user selects."""


def is_by_protocol(site: Site, occurrence: Occurrence) -> bool:
    """Whether a page gave a value under the name by which a protocol sends it back: its state, or the key of a row by its text."""
    if occurrence.kind == "hidden input":
        return occurrence.name == site.name and is_state(site.name)
    is_key = occurrence.kind == "row" and occurrence.name == "rk"  # `<tr data-rk="4118">`
    return is_key and site.location == "form" and _SELECTED.search(site.name) is not None
