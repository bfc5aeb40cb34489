"""Short numbers that a request has from the page that sends it, though page and request call them otherwise."""

from __future__ import annotations

import re

from loadwright.compiler.agents.facts import Facts, Occurrence, Site
from loadwright.compiler.agents.history import History
from loadwright.compiler.agents.values import folded, plain_name

_FIELDS = ("hidden input", "input")
_NUMBER = re.compile(r"\d{1,10}")
_WORDS = re.compile(r"[A-Z]?[a-z]+|[A-Z]+")
_TELLING = 5
"""Letters that two names must share at their ends: a thing and `id`."""


def from_its_page(site: Site, facts: Facts, history: History) -> list[Occurrence]:
    """The fields of the page that sends a request which give a number of it: `baserevid` after `editRevId`."""
    if not _NUMBER.fullmatch(site.value) or site.location not in ("query", "form", "part") or history.changed(site) is False:
        return []
    return [
        o
        for o in facts.occurrences.get(site.value, ())
        if o.kind in _FIELDS and not o.chain and is_kin(site.name, o.name)
        if history.in_time(o, site) and history.is_sent_by(o.entry, site.entry)
    ]


def is_kin(ours: str, theirs: str) -> bool:
    """Whether two names end in the id of the same thing: `baserevid` and `editRevId`."""
    tail = "".join(word.lower() for word in _WORDS.findall(plain_name(theirs))[-2:])
    return len(tail) >= _TELLING and tail.endswith("id") and folded(ours).endswith(tail)
