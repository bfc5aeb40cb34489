"""What a field of choices shows, where another field has the same short number by chance."""

from __future__ import annotations

from loadwright.compiler.agents.facts import Occurrence, Site
from loadwright.compiler.agents.names import is_called_after
from loadwright.compiler.plan.model import CssSource

_SHORT = 4
"""Characters from which a number is met by chance more seldom."""


def is_another_choice(site: Site, occurrence: Occurrence) -> bool:
    """Whether a short number is what a `select` of another name shows: the number of a priority is no owner's."""
    if len(occurrence.value) >= _SHORT or not isinstance(occurrence.source, CssSource):
        return False
    selector = occurrence.source.selector
    return (
        isinstance(selector, str)
        and selector.startswith("select[")
        and not is_called_after(occurrence.name, site.name or site.context)
    )
