"""Whole addresses that an answer may have handed out: those of requests in which a part may be another one each time."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from collections.abc import Set as AbstractSet
from functools import lru_cache

from loadwright.compiler.agents.facts import Occurrence, Site
from loadwright.compiler.agents.observe.answers.in_json import observe_json
from loadwright.compiler.agents.observe.finder import Finder
from loadwright.compiler.agents.observe.sites import NAME_KEY
from loadwright.compiler.agents.observe.wanted import Wanted
from loadwright.compiler.agents.values import WORDS, is_token, spoken_share
from loadwright.compiler.plan.encodings import json_unescape
from loadwright.compiler.plan.jsonpath import load_json
from loadwright.compiler.recording.model import Entry

_ORIGIN = re.compile(r"[a-z]+://[^/?#]+", re.IGNORECASE)
_LETTERS = re.compile(r"[A-Za-z]{5,16}")
_VERSION = re.compile(r"[vV]?\d{1,2}(?:\.\d+)*")
_STRING = re.compile(r'"((?:https?:)?\\?/[^"\s]{2,2000})"')
_BEGINS = ('"/', '"\\/', '"http')
_LONGEST_ANSWER = 200_000
"""Characters of an answer that hands out an address to go to; longer ones list what there is."""
_SPOKEN = 0.45
_MANY = 2.5
"""Letters of a word at most, on average, where no words are joined."""


def is_in_no_words_order(value: str) -> bool:
    """Whether a part of an address is a few letters that were drawn at random: `gIcnOoU`."""
    if not _LETTERS.fullmatch(value):
        return False
    is_of_one_case = value in (value.lower(), value.upper())
    return spoken_share(value) < _SPOKEN or (not is_of_one_case and len(WORDS.findall(value)) * _MANY > len(value))


@lru_cache(maxsize=8192)
def may_vary(value: str) -> bool:
    """Whether a part of an address may be another one each time: a number, a token, a key, or random letters."""
    if value.isdigit() or is_in_no_words_order(value):
        return True
    return is_token(value) or (len(value) >= 5 and any(map(str.isdigit, value)) and _VERSION.fullmatch(value) is None)


def varying(sites: Iterable[Site]) -> Iterator[Site]:
    """The parts of an address that may vary."""
    yield from (s for s in sites if s.location in ("path", "query") and not s.key.startswith(NAME_KEY) and may_vary(s.value))


def forms(url: str) -> tuple[str, ...]:
    """How an answer may write an address: as a whole, and without its host."""
    origin = _ORIGIN.match(url)
    return (url, url[origin.end() :]) if origin and url[origin.end() :][:1] == "/" else (url,)


def handed(entries: Iterable[Entry], wanted: AbstractSet[str], sent: AbstractSet[str]) -> Iterator[Occurrence]:
    """The members of shorter JSON answers that are one of the wanted addresses, each as a whole; what is `sent` names no item."""
    for entry in entries if wanted else ():
        text = entry.response.text or ""
        if len(text) <= _LONGEST_ANSWER and text[:1] in ("{", "[") and not wanted.isdisjoint(_addresses(text)):
            finder = Finder(entry, Wanted(wanted | sent))
            try:
                observe_json(finder, load_json(text))
            except (ValueError, RecursionError):
                continue
            yield from (one for one in finder.found if one.value in wanted)


def _addresses(text: str) -> set[str]:
    if not any(begin in text for begin in _BEGINS):
        return set()
    return {json_unescape(found) if "\\" in found else found for found in _STRING.findall(text)}
