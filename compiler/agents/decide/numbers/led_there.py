"""Where a change led: the short number in a redirect is that of what it made, though another thing has the same one."""

from __future__ import annotations

from urllib.parse import urlsplit

from loadwright.compiler.agents.decide.history import History
from loadwright.compiler.agents.facts import Occurrence, Site
from loadwright.compiler.agents.keys import is_met_by_no_chance
from loadwright.compiler.agents.observe.answers.in_updates import led_by_answer


def led_there(site: Site, occurrence: Occurrence, history: History) -> bool:
    """Whether a change led to the place that a request asks, by a number which the change itself had not sent.

    `GET /stores/edit?id=4` after `POST /stores/edit` led there, where `POST /berths/edit` had led to its own number 4.
    """
    if occurrence.kind != "redirect part" or not occurrence.after_change or site.location not in ("query", "form"):
        return False
    if occurrence.name != site.name or is_met_by_no_chance(occurrence.value):
        return False
    led = led_by_answer(history.entry(occurrence.entry).response)
    if not led or urlsplit(led).path != history.path(site):
        return False
    return all(one.value != occurrence.value for one in history.facts.sites[occurrence.entry] if one.location in ("path", "query"))


def is_made_there(site: Site, occurrence: Occurrence) -> bool:
    """Whether a change at the very address gave what stands behind it, not one at another that was given the same number."""
    return site.location == "path" and occurrence.after_change and occurrence.path.rpartition("/")[2] == site.context != ""
