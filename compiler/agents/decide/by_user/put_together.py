"""What the user typed inside of a longer text, or put together from two fields, met again as a value of its own."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator
from itertools import islice

from loadwright.compiler.agents.decide.history import History
from loadwright.compiler.agents.decide.stability import is_of_no_list
from loadwright.compiler.agents.facts import Occurrence, Site
from loadwright.compiler.agents.values import may_identify

_MOST = 50
"""Texts with one made-up word that are looked through."""
_LONGEST = 5000
_RUN = re.compile(r"[A-Za-z0-9]{8,}")
_GLUED = range(8, 17, 2)
"""Digits of what stands right behind a word."""
_MARKS = ("@", ".", "/", ":", "-", "_")
_BESIDE = 4
"""Characters from which another field tells what stands behind the typed one."""
_OF_ONE_THING = ("header", "redirect part", "hidden input", "meta")
"""Kinds of sources that tell of what the request was about, not of a row among others."""


def typed_within(values: Iterable[str], made_up: Collection[str], history: History) -> Iterator[tuple[str, float]]:
    """The values with a made-up word that were typed whole in a longer text, and when: who says it first does not get it back.

    `ida.f05fa879@example.org` after `Ida Berg <ida.f05fa879@example.org>`.
    """
    texts: dict[str, list[Site]] = {}
    for value in values:
        word = _word_in(value, made_up) if made_up and len(value) <= _LONGEST else ""
        if not word or word == value:
            continue
        if word not in texts:
            typed = (site for site in history.sites_with(word) if len(site.value) <= _LONGEST)
            texts[word] = list(islice(typed, _MOST))
        whole = re.compile(rf"(?<![\w@.+-]){re.escape(value)}(?![\w@+-])")
        yield from ((value, site.started) for site in texts[word] if value != site.value and whole.search(site.value))


def _word_in(value: str, made_up: Collection[str]) -> str:
    """The first made-up word in a value, by itself or right behind a spoken one; empty for none."""
    runs = _RUN.findall(value)
    ends = ((run, *(run[-size:] for size in _GLUED if size < len(run))) for run in runs)
    return next((word for words in ends for word in words if word in made_up), "")


def is_put_together(site: Site, value: str, best: Occurrence | None, made_up: Iterable[str], history: History) -> bool:
    """Whether a value of a row is a made-up name that was typed, a mark, and another field of that request.

    `pump-f05fa879@example.org` after `name=pump-f05fa879&host=example.org`: a row of others may stand where the own one stood. What
    the answer to the request says of the one thing is taken from there.
    """
    if best is not None and (best.kind in _OF_ONE_THING or (best.kind == "json" and is_of_no_list(best))):
        return False
    typed = (one for word in made_up if word in value for one in history.sites_with(word) if one.started < site.started)
    return any(_is_beside(one, value, history) for one in islice(typed, _MOST))


def _is_beside(typed: Site, value: str, history: History) -> bool:
    mark, rest = value[len(typed.value) :][:1], value[len(typed.value) + 1 :]
    if not value.startswith(typed.value) or mark not in _MARKS or len(rest) < _BESIDE or may_identify(rest):
        return False  # what may be another one in each session is taken with the value
    return any(
        one.value == rest and (one.entry, one.location) == (typed.entry, typed.location) for one in history.sites_of.get(rest, ())
    )
