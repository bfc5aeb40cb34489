"""Sites inside of sites: a number or text in a document that a parameter, field or member holds, by its own name."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

from msgspec.structs import replace

from loadwright.compiler.agents.decisions import Slice
from loadwright.compiler.agents.facts import Site
from loadwright.compiler.agents.names import is_id_name, singular
from loadwright.compiler.agents.observe.notations import Leaf, all_leaves, is_document, leaves
from loadwright.compiler.agents.observe.sites import url_parts

Key = tuple[int, str, str]
_THING = re.compile(r"[A-Za-z][A-Za-z_-]{2,30}")
_BEFORE_ID = 60
"""Characters before an id among which its object's name is."""
_WAY = re.compile(r"api|rest|ajax|json|service|data|public|admin", re.IGNORECASE)
"""Words of paths that are of no thing."""


def inner_site(site: Site, leaf: Leaf) -> Site:
    """A leaf of the document in a site as a site of its own; an item of a list is called as the parameter is."""
    name = leaf.name or (site.name if is_id_name(site.name) else "")
    return replace(site, key=f"{site.key}@{leaf.start}", name=name, value=leaf.value, context="")


def url_part_site(site: Site, start: int, value: str) -> Site:
    """A part of the URL in a site as a site of its own."""
    return replace(site, key=f"{site.key}@{start}", value=value)


def spoken_of(sites: Iterable[Site], value: str = "") -> list[str]:
    """What the ids of the things in a request's path would be called, the last first: `chart_id` of `/api/v1/chart/`.

    What stands before the `value` goes before the others: `order_id` for 4 of `/orders/4/edit`.
    """
    path = [site for site in sites if site.location == "path" and not site.name]
    words = dict.fromkeys((*(s.context for s in path if s.value == value), *(site.value for site in reversed(path))))
    return [f"{singular(word)}_id" for word in words if _THING.fullmatch(word) and not _WAY.fullmatch(word)]


def inner_sites(site: Site) -> tuple[Site, ...]:
    """The sites inside of one; none where it holds no document."""
    return tuple(inner_site(site, leaf) for leaf in all_leaves(site.value))


def named_by_ids(value: str, cuts: Iterable[Slice]) -> Iterator[Slice]:
    """The names of objects in a document that are the ids which the objects hold first: `"9": {"id": 9}`."""
    for cut in cuts:
        number, start = value[cut.start : cut.end], max(0, cut.start - _BEFORE_ID)
        if not number.isdigit():
            continue
        if named := re.search(rf'"({number})\\*"\s*:\s*{{\s*\\*"id\\*"\s*:\s*$', value[start : cut.start]):
            yield Slice(start + named.start(1), start + named.end(1), cut.part, cut.raw, cut.encode)


def with_inner(
    changed: Mapping[Key, bool], values: Mapping[Key, str], sites: Iterable[Sequence[Site]]
) -> tuple[dict[Key, bool], dict[Key, str]]:
    """What changed, and the second recording's values, for the sites inside of sites too where both documents have one form."""
    changes, theirs = dict(changed), dict(values)
    for site in (site for found in sites for site in found):
        key = (site.entry, *site.identity)
        if key not in values:
            continue
        if site.location == "header" and "/" in site.value and site.value != values[key]:
            changes.update(_same_url_parts(site, values[key]))
        if not (is_document(site.value) or site.location == "body"):
            continue
        for leaf, other in _leaf_by_leaf(site.value, values[key]):
            inner = (site.entry, *inner_site(site, leaf).identity)
            changes[inner], theirs[inner] = leaf.value != other.value, other.value
    return changes, theirs


def _leaf_by_leaf(ours: str, theirs: str) -> Iterator[tuple[Leaf, Leaf]]:
    """The leaves of two documents of one form, without those of the documents in them where these are of another."""
    for read in (all_leaves, leaves):
        here, there = read(ours), read(theirs)
        if [leaf.name for leaf in here] == [leaf.name for leaf in there]:
            yield from zip(here, there, strict=True)
            return


def _same_url_parts(site: Site, theirs: str) -> Iterator[tuple[Key, bool]]:
    """The parts of a URL that the second recording's URL of the same form has too: these are not what changed."""
    ours, others = list(url_parts(site.value)), list(url_parts(theirs))
    if [(p.location, p.key) for p in ours] != [(p.location, p.key) for p in others]:
        return
    for part, other in zip(ours, others, strict=True):
        if part.value == other.value:
            yield (site.entry, *url_part_site(site, part.start, part.value).identity), False
