"""Names that are short for a thing: `p` for a post, `tid` for a topic, `ug` for a user group."""

from __future__ import annotations

import re
from collections.abc import Iterator

from loadwright.compiler.agents.facts import Occurrence
from loadwright.compiler.agents.names import folded, plain_name, singular
from loadwright.compiler.plan.model import JsonSource
from loadwright.compiler.plan.template import fixed

_ID = re.compile(r"[-_]?(?:uu|gu)?(?:id|ID|Id)$")
_WORDS = re.compile(r"[A-Z]?[a-z]+|[A-Z]+")
_MEASURES = frozenset("cdhlmnoqsvwxyz")
"""Letters that by themselves count, measure or tell the time more often than they name a thing: `c`, `d`, `w`, `x`…"""
_COUNTED = frozenset(("page", "part", "position", "place", "time", "total", "index", "item", "result", "row", "record", "entry"))
"""Things that are numbered by their places, of which an initial may be the place."""
_LONGEST = 4


def is_short_for(name: str, occurrence: Occurrence) -> bool:
    """Whether a name abbreviates the thing that an occurrence is the id of: `p`, `pid` and `pst_id` after `post_ID`."""
    short = folded(name)
    bare = short[:-2] if len(short) > 2 and short.endswith("id") else short
    if not bare.isalpha() or len(bare) > _LONGEST or (len(short) == 1 and short in _MEASURES):
        return False
    return any(_abbreviates(bare, words) for words in _things(occurrence))


def _abbreviates(short: str, words: list[str]) -> bool:
    thing = words[-1]
    if len(thing) < 3 or len(short) >= len(thing) or thing in _COUNTED:
        return False
    initials = "".join(word[0] for word in words)
    consonants = thing[0] + re.sub("[aeiouy]", "", thing[1:])
    return thing.startswith(short) or short == initials or (len(short) > 1 and short == consonants)


def _things(occurrence: Occurrence) -> Iterator[list[str]]:
    """The words for what has the id: of its name, else of what is around it."""
    stem = _ID.sub("", name := plain_name(occurrence.name))
    if stem == name:
        return
    if stem:
        yield _words(stem)
        return
    path = fixed(occurrence.source.path) if isinstance(occurrence.source, JsonSource) else ""
    if parent := re.search(r"(\w+)(?:\[[^\]]*\])?\.\w+$", path):
        yield _words(parent[1])
    if occurrence.after_change and (made := re.search(r"([A-Za-z_-]{3,})/?$", occurrence.path)):
        yield _words(made[1])


def _words(text: str) -> list[str]:
    words = [word.lower() for word in _WORDS.findall(text)] or [text.lower()]
    return [*words[:-1], singular(words[-1])]
