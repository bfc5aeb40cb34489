"""Numbers that a script drew to call something by: `POST /panel/4487537`, which no answer told before."""

from __future__ import annotations

import re
from collections.abc import Iterator

from loadwright.compiler.agents.decide.history import DRAWN_DIGITS, History
from loadwright.compiler.agents.decide.second import Second
from loadwright.compiler.agents.facts import Facts, Site
from loadwright.compiler.agents.values import is_round_or_date

_DRAWN = re.compile(rf"[1-9]\d{{{DRAWN_DIGITS.start - 1},{DRAWN_DIGITS.stop - 2}}}")
DRAWN_BY_A_SCRIPT = "a change was the first to speak of this number, and the second recording has another: a script drew it"


def drawn_numbers(facts: Facts, history: History, second: Second) -> Iterator[Site]:
    """Where numbers are told first that a script drew: two recordings have others, and a change spoke of them before any answer.

    What is only looked up by its number was there before, and what a user typed stands in what is sent, not in the address.
    """
    for sites in facts.sites.values() if second.values else ():
        for site in sites:
            if site.location == "path" and site.entry in history.changing and _is_drawn(site, history, second):
                yield site


def _is_drawn(site: Site, history: History, second: Second) -> bool:
    theirs = second.sent(site) or ""
    if not _DRAWN.fullmatch(site.value) or not _DRAWN.fullmatch(theirs) or all(map(is_round_or_date, (site.value, theirs))):
        return False
    if not history.changed(site) or history.server_made(site.value) or history.server_made(theirs):
        return False
    before = (s for s in history.sites_of[site.value] if s.started < site.started)
    return site.value in history.answer(site.entry) and all(s.entry in history.changing for s in before)
