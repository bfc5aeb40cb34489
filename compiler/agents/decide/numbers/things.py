"""What short ids are the ids of: in GraphQL every object has an `id` and all have one address, so the names around it say."""

from __future__ import annotations

import re
from collections.abc import Sequence

from loadwright.compiler.agents.facts import Occurrence, Site
from loadwright.compiler.agents.names import is_id_name, plain_name, singular
from loadwright.compiler.plan.model import JsonSource
from loadwright.compiler.plan.template import fixed
from loadwright.compiler.recording.graphql import operation
from loadwright.compiler.recording.model import Entry

_FILTER = re.compile(r"\[\?\(.*?\)\]")
_MEMBER = re.compile(r"\.([A-Za-z_]\w*)|\['([^']*)'\]")
_ID = re.compile(r"[-_]?(?:uu|gu)?(?:id|pk)s?$", re.IGNORECASE)
_WORDS = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])|\d+")
_HOLDERS = frozenset(
    (
        *("and", "args", "arguments", "connection", "data", "edge", "entity", "entry", "filter", "input", "item", "list", "node"),
        *("not", "object", "option", "or", "page", "param", "payload", "query", "record", "response", "result", "row", "set"),
        *("value", "variable", "where"),
    )
)
"""Names of what holds things, whatever they are (in the singular)."""
_VERBS = frozenset(
    (
        *("active", "add", "all", "cancel", "clone", "create", "current", "delete", "duplicate", "edit", "fetch", "find", "get"),
        *("insert", "list", "load", "make", "me", "my", "new", "open", "publish", "read", "register", "remove", "save", "search"),
        *("set", "show", "start", "submit", "update", "upsert", "viewer"),
    )
)
_LONGEST = 4
"""Digits of the longest number that is met by chance."""
_SHORTEST = 3
"""Letters of what is the name of a thing: `$i` is none."""


class Things:
    """Tells of GraphQL requests and answers which thing a number is the id of."""

    def __init__(self, entries: Sequence[Entry]) -> None:
        asked = {entry.index: found for entry in entries if (found := operation(entry))}
        self._asked = {index: words(f"{found.name} {found.field}") for index, found in asked.items()}
        """Entry: the words of its operation's name and of its first field."""

    def tells(self, site: Site, occurrence: Occurrence) -> bool:
        """Whether both are ids in GraphQL that a number may share by chance."""
        return (
            site.entry in self._asked
            and occurrence.entry in self._asked
            and site.location == "json"
            and isinstance(occurrence.source, JsonSource)
            and occurrence.value.isdigit()
            and len(occurrence.value) <= _LONGEST
            and is_id_name(site.name)
            and is_id_name(occurrence.name)
        )

    def same(self, site: Site, occurrence: Occurrence) -> int:
        """How many words say that both are of one thing; 0 where they are of two, or nothing says what they are of.

        `productId`, or the `id` that `UpdateProduct` asks with, after `createProduct` gave an `id`; no other thing's.
        """
        given = given_thing(occurrence)
        if not given:
            return 0
        wanted = _wanted(site)
        if wanted:
            shared = min(len(wanted), len(given))
            return shared if wanted[-shared:] == given[-shared:] else 0
        asked = self._asked[site.entry]
        tails = (given[start:] for start in range(len(given)))
        return next((len(tail) for tail in tails if _holds(asked, tail)), 0)


def _holds(words: list[str], tail: list[str]) -> bool:
    return any(words[at : at + len(tail)] == tail for at in range(len(words) - len(tail) + 1))


def _wanted(site: Site) -> list[str]:
    """The words for the thing that a request names by a field of it; none where only its operation says."""
    if own := words(_ID.sub("", plain_name(site.name))):
        return own
    members = [part for part in site.key.split("/") if part and not part.isdigit()]
    return next((said for member in reversed(members[:-1]) if (said := _thing(member))), [])


def given_thing(occurrence: Occurrence) -> list[str]:
    """The words for the thing that an answer gives an id of."""
    return _thing(_ID.sub("", plain_name(occurrence.name))) or holder(occurrence)


def holder(occurrence: Occurrence) -> list[str]:
    """The words for the thing that a member of an answer stands in: `product` for `$.data.createProduct.code`."""
    path = fixed(occurrence.source.path) if isinstance(occurrence.source, JsonSource) else ""
    members = [one or other for one, other in _MEMBER.findall(_FILTER.sub("", path))]
    return next((said for member in reversed(members[:-1]) if (said := _thing(member))), [])


def _thing(name: str) -> list[str]:
    """What a name speaks of, without what is done to it and what holds it: `product`, `variant` of `createProductVariants`."""
    said = words(name)
    while said and said[-1] in _HOLDERS:
        said.pop()
    while said and said[0] in _VERBS:
        said.pop(0)
    return said if len("".join(said)) >= _SHORTEST else []


def words(text: str) -> list[str]:
    """The words of a name in any spelling, in small letters and the singular."""
    return [singular(word.lower()) for word in _WORDS.findall(text)]
