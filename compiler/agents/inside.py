"""Sites inside of sites: a number or text in a document that a parameter, field or member holds, by its own name."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from loadwright.compiler.agents.facts import Site
from loadwright.compiler.agents.notations import Leaf, is_document, leaves
from loadwright.compiler.agents.values import is_id_name

Key = tuple[int, str, str]


def inner_site(site: Site, leaf: Leaf) -> Site:
    """A leaf of the document in a site as a site of its own; an item of a list is called as the parameter is."""
    name = leaf.name or (site.name if is_id_name(site.name) else "")
    return replace(site, key=f"{site.key}@{leaf.start}", name=name, value=leaf.value, context="")


def inner_sites(site: Site) -> tuple[Site, ...]:
    """The sites inside of one; none where it holds no document."""
    return tuple(inner_site(site, leaf) for leaf in leaves(site.value))


def with_inner(
    changed: Mapping[Key, bool], values: Mapping[Key, str], sites: Iterable[Sequence[Site]]
) -> tuple[dict[Key, bool], dict[Key, str]]:
    """What changed, and the second recording's values, for the sites inside of sites too where both documents have one form."""
    changes, theirs = dict(changed), dict(values)
    for site in (site for found in sites for site in found):
        key = (site.entry, *site.identity)
        if key not in values or not is_document(site.value):
            continue
        ours, others = leaves(site.value), leaves(values[key])
        if [leaf.name for leaf in ours] != [leaf.name for leaf in others]:
            continue
        for leaf, other in zip(ours, others, strict=True):
            inner = (site.entry, *inner_site(site, leaf).identity)
            changes[inner], theirs[inner] = leaf.value != other.value, other.value
    return changes, theirs
