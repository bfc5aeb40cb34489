"""Tokens in a document that a field holds, which nothing explains: asked for where a second recording has another, else told."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from loadwright.compiler.agents.decide.by_user.given import Given
from loadwright.compiler.agents.decisions import Slice
from loadwright.compiler.agents.facts import Site
from loadwright.compiler.agents.observe.inside import inner_site
from loadwright.compiler.agents.observe.notations import leaves
from loadwright.compiler.agents.values import is_token
from loadwright.compiler.plan.template import Part, call

_STAYS = "no answer before it held this token: it may be another one each time"


def unexplained_inside(given: Given, site: Site, cuts: Sequence[Slice], digest: Callable[[Site], Part | None]) -> list[Slice]:
    """The cuts in a document, with digests of two values and what is asked for; of one recording the first such token is told."""
    found, is_told = list(cuts), False
    if site.value[:1] not in ("{", "[", "<") or site.location in ("cookie", "header"):
        return found
    for leaf in leaves(site.value):
        if not is_token(leaf.value) or any(leaf.start < cut.end and cut.start < leaf.end for cut in cuts):
            continue
        inner = inner_site(site, leaf)
        if not given.looks_dynamic(inner):
            continue
        if part := digest(inner) or (given.leftover(inner) if given.history.changed(inner) else None):
            encoder = "htmlencode" if site.value[0] == "<" else "jsonescape"
            found.append(Slice(leaf.start, leaf.end, call(encoder, part)))
        elif not is_told and given.history.changed(inner) is None:
            given.ledger.result.doubts[inner] = _STAYS
            is_told = True
    return sorted(found, key=lambda cut: cut.start)
