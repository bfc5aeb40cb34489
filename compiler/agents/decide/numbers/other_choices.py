"""What a field of choices shows: by chance another field's short number, or a thing that is there once."""

from __future__ import annotations

from selectolax.lexbor import LexborHTMLParser

from loadwright.compiler.agents.facts import Occurrence, Site
from loadwright.compiler.agents.names import is_called_after
from loadwright.compiler.plan.model import CssSource
from loadwright.compiler.plan.template import fixed

_SHORT = 4
"""Characters from which a number is met by chance more seldom."""
_SHOWN = " option[selected]"
"""How a selector of the choice that a page shows ends."""


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


def is_only_choice(occurrence: Occurrence, page: str) -> bool:
    """Whether a `select` shows a thing and offers no other: a script would fetch others, and no list of kinds has one kind."""
    selector = fixed(occurrence.source.selector) if isinstance(occurrence.source, CssSource) else ""
    if not selector.endswith(_SHOWN):
        return False
    choices = LexborHTMLParser(page).css(selector.removesuffix("[selected]"))
    return [node.attributes.get("value") for node in choices if node.attributes.get("value")] == [occurrence.value]
