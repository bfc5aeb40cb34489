"""Things that paths speak of by a number, and fields that are called after such a thing."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable

from loadwright.compiler.agents.facts import Site
from loadwright.compiler.agents.names import singular

Thing = tuple[str, str]
"""What kind of thing it is, and its number."""
_CALLED = re.compile(r"([A-Za-z]{3,20})(\d{1,3})")
_WORD = re.compile(r"[A-Za-z]{3,20}")
_LAST_WORD = re.compile(r"([A-Za-z]{3,20})[^A-Za-z]*$")


def things_in_paths(sites: Iterable[Site]) -> set[Thing]:
    """The things with a short number that paths speak of: `/file1`, `/files/1`."""
    found: set[Thing] = set()
    for site in sites:
        if site.location != "path" or not site.value[-1:].isdigit():
            continue
        if called := _CALLED.fullmatch(site.value):
            found.add((singular(called[1].lower()), called[2]))
        elif site.value.isdigit() and _WORD.fullmatch(site.context):
            found.add((singular(site.context.lower()), site.value))
    return found


def is_of_a_thing(site: Site, things: Collection[Thing]) -> bool:
    """Whether a field of a form is called after a thing, and holds its number: `remove_files=1`.

    One that is called just so may hold that of another one: `file=2` beside `/files/1`.
    """
    if not things or site.location not in ("form", "part") or not site.value.isdigit():
        return False
    word = _LAST_WORD.search(site.name)
    if word is None:
        return False
    kind = singular(word[1].lower())
    return (kind, site.value) in things or (site.name.lower() == kind and any(kind == one for one, _ in things))
