"""Addresses in what is sent: taken as a whole where an answer handed them out, else their parts that the user typed elsewhere."""

from __future__ import annotations

import re
from collections.abc import Iterator

from loadwright.compiler.agents.decide.history import History
from loadwright.compiler.agents.decide.ledger import Ledger
from loadwright.compiler.agents.decide.second import Second
from loadwright.compiler.agents.decide.stability import is_of_no_list
from loadwright.compiler.agents.decisions import Slice
from loadwright.compiler.agents.facts import Occurrence, Site
from loadwright.compiler.agents.names import folded
from loadwright.compiler.agents.observe.handed import may_vary
from loadwright.compiler.plan.template import call

_LONGEST = 2000
_MARKS = re.compile(r"[/?&=#;-]")
_ELSEWHERE = ("path", "header", "cookie")
"""Where a request has no address inside of a value, or where others decide."""


def handed_back(site: Site, value: str, history: History) -> list[Occurrence]:
    """The members of answers that gave a whole address, with a part that may vary, under the name by which it is sent.

    `redirect=/notes/4#comment-70` after `{"redirect": "/notes/4#comment-70"}`.
    """
    if site.location in _ELSEWHERE or value != site.value or not value.startswith("/") or history.changed(site) is False:
        return []
    if len(value) > _LONGEST or not any(map(may_vary, _MARKS.split(value))):
        return []
    given = (o for o in history.given(site, value) if o.kind == "json" and not o.chain)
    return [o for o in given if folded(o.name) == folded(site.name) != "" and is_of_no_list(o)]


def typed_segments(site: Site, ledger: Ledger, history: History, second: Second) -> Iterator[Slice]:
    """The segments of an address that are what the user typed elsewhere, another text in the second recording at both places.

    `redirect=/ann/pump/labels` after `user_name=ann`, where the other recording has `ben` in both.
    """
    theirs = second.sent(site) or ""
    if site.location in _ELSEWHERE or not site.value.startswith("/") or not theirs.startswith("/"):
        return
    ours, others = site.value.split("/"), theirs.split("/")
    if len(ours) != len(others) or len(site.value) > _LONGEST:
        return
    position = 0
    for own, other in zip(ours, others, strict=True):
        bound = ledger.bound.get(own) if own != other else None
        if bound and bound[1].verdict == "parameterise":
            typed = (one for one in history.sites_of.get(own, ()) if one.started < site.started)
            if any(second.sent(one) == other for one in typed) and (part := ledger.known(site, own)):
                yield Slice(position, position + len(own), call("urlencode", part) if part in ledger.fragile else part)
        position += len(own) + 1
