"""Short numbers that a request has from the page that sends it, though page and request call them otherwise."""

from __future__ import annotations

import re
from collections.abc import Iterator

from loadwright.compiler.agents.facts import Facts, Occurrence, Site
from loadwright.compiler.agents.history import History
from loadwright.compiler.agents.values import folded, plain_name

_FIELDS = ("hidden input", "input")
_NUMBER = re.compile(r"\d{1,10}")
_WORDS = re.compile(r"[A-Z]?[a-z]+|[A-Z]+")
_TELLING = 5
"""Letters that two names must share at their ends: a thing and `id`."""


def from_its_page(site: Site, facts: Facts, history: History) -> list[Occurrence]:
    """The fields of the page that sends a request which give a number of it, where the names say so.

    `baserevid` after the field `editRevId`; `diff=7` beside `oldid=6`, both fields of the page.
    """
    if not _NUMBER.fullmatch(site.value) or site.location not in ("query", "form", "part") or history.changed(site) is False:
        return []
    given = list(_fields(site, facts, history))
    kin = [o for o in given if is_kin(site.name, o.name)]
    return kin or [o for o in given if o.name == site.name and _is_beside_an_id(site, o, facts, history)]


def _fields(site: Site, facts: Facts, history: History) -> Iterator[Occurrence]:
    for o in facts.occurrences.get(site.value, ()):
        if o.kind in _FIELDS and not o.chain and history.in_time(o, site) and history.is_sent_by(o.entry, site.entry):
            yield o


def _is_beside_an_id(site: Site, occurrence: Occurrence, facts: Facts, history: History) -> bool:
    """Whether the query has a field of the same page that is called an id, too."""
    return site.location == "query" and any(
        other.location == "query"
        and other.identity != site.identity
        and other.name.lower().endswith("id")
        and any(o.entry == occurrence.entry and o.name == other.name for o in _fields(other, facts, history))
        for other in facts.sites[site.entry]
    )


def is_kin(ours: str, theirs: str) -> bool:
    """Whether two names end in the id of the same thing: `baserevid` and `editRevId`."""
    tail = "".join(word.lower() for word in _WORDS.findall(plain_name(theirs))[-2:])
    return len(tail) >= _TELLING and tail.endswith("id") and folded(ours).endswith(tail)
