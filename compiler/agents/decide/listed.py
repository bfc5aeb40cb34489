"""Lists of addresses in one value (`paths=/boats,/boats/4,/boats/9`): a script looks ahead at the links of its page."""

from __future__ import annotations

from collections.abc import Sequence

from loadwright.compiler.agents.decide.history import History
from loadwright.compiler.agents.decisions import Slice
from loadwright.compiler.agents.facts import Site
from loadwright.compiler.agents.observe.fragments import Fragment, fragments, is_list_of_paths
from loadwright.compiler.agents.observe.inside import url_part_site
from loadwright.compiler.agents.values import is_token

_LISTED = "one of several addresses that the page showed, for which the user did not ask"


def is_but_listed(history: History, site: Site, piece: Fragment) -> bool:
    """Whether a short number stands in lists of addresses alone: the page showed its thing, and the user asked for another."""
    if not is_list_of_paths(site.value) or is_token(piece.value):
        return False
    asked = (one for one in history.sites_of[piece.value] if not is_list_of_paths(one.value))
    return not any(one.context == piece.context for one in asked)


def is_listed(site: Site, cuts: Sequence[Slice], doubts: dict[Site, str]) -> bool:
    """Whether a value is such a list, which nobody typed; the first one in which a token stays is told."""
    if not is_list_of_paths(site.value):
        return False
    free = (p for p in fragments(site.value) if not any(p.start < cut.end and cut.start < p.end for cut in cuts))
    left = [piece for piece in free if is_token(piece.value)]
    if _LISTED not in doubts.values() and left:
        doubts[url_part_site(site, left[0].start, left[0].value)] = _LISTED
    return True
