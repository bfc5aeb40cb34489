"""Short numbers that a form sends for a choice whose text the user typed before, or for the only one: it is what the user made."""

from __future__ import annotations

import html
import re
from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property

from loadwright.compiler.agents.facts import Site
from loadwright.compiler.agents.observe.answers.in_components import fields_of_rows
from loadwright.compiler.agents.observe.answers.in_messages import COMPONENTS
from loadwright.compiler.recording.graphql import only_reads
from loadwright.compiler.recording.model import Entry

_SHORT = re.compile(r"\d{1,2}")
"""A number that is looked for nowhere else, as it is met by chance."""
_SHORTEST = 6
"""Characters from which a text is met by no chance."""
_LONGEST = 80
_PAGES = 3
"""So many pages back a form is looked for."""
_TAG = re.compile(r"<[^<>]*>")
_CHOICE = re.compile(r"<(?:option|input)\b([^<>]{0,600})>")
_VALUE = re.compile(r"""\bvalue=(["']?)(\d{1,2})\1(?=[\s/]|$)""")
_SELECT = re.compile(r"""<select\b[^<>]{0,600}?\sname=["']?([^"'<>\s]{1,100})[^<>]{0,600}>""")
_NEXT = re.compile(r"<(?:option|input|select|tr)\b")
_YES = ("0", "1")
"""What says no or yes elsewhere, and is the first of its kind, which was there."""
_WITH_NONE = 2
"""Choices where one may be made: it, and none."""
_OFFERS = {"text/html": "<option", COMPONENTS: '"input",'}
"""What an answer of each type has that offers something."""
_BEHIND = 200
"""Characters behind a tag that say what it is."""


class _Page:
    """A page that offers choices, read when it is asked for them."""

    def __init__(self, entry: Entry) -> None:
        self.ended, self._text, self._is_streamed = entry.ended, entry.response.text or "", entry.response.media_type == COMPONENTS

    @cached_property
    def said(self) -> dict[str, list[str]]:
        """What its options and boxes say, by their values; of streamed elements, the fields of rows."""
        found: dict[str, list[str]] = {}
        for value, texts in fields_of_rows(self._text) if self._is_streamed else ():
            found.setdefault(value, []).extend(texts)
        for tag in _CHOICE.finditer(self._text):
            for _, number in _VALUE.findall(tag[1]):
                behind = _NEXT.split(self._text[tag.end() : tag.end() + _BEHIND], maxsplit=1)[0]
                found.setdefault(number, []).append(" ".join(html.unescape(_TAG.sub(" ", behind)).split()))
        return found

    @cached_property
    def alone(self) -> set[tuple[str, str]]:
        """The number that a field offers as its only choice, with the field's name."""
        found: set[tuple[str, str]] = set()
        for select in _SELECT.finditer(self._text):
            choices = self._text[select.end() : max(select.end(), self._text.find("</select", select.end()))]
            numbers = [number for tag in _CHOICE.finditer(choices) for _, number in _VALUE.findall(tag[1])]
            if len(numbers) == 1 and numbers[0] not in _YES and choices.count("<option") <= _WITH_NONE:
                found.add((html.unescape(select[1]), numbers[0]))
        return found


def own_choices(entries: Iterable[Entry], sites: Mapping[int, Iterable[Site]]) -> set[Site]:
    """The sites of such numbers: `payer=7` by `<option value="7">Ida f05fa879` after `name=Ida f05fa879`, or the only option."""
    found: set[Site] = set()
    typed: set[str] = set()
    pages: deque[_Page] = deque(maxlen=_PAGES)
    for entry in entries:
        if not only_reads(entry):
            fields = [site for site in sites[entry.index] if site.location in ("form", "part", "json")]
            short = [site for site in fields if site.location != "json" and _SHORT.fullmatch(site.value)] if typed else []
            found.update(site for site in short if _is_alone(site, pages) or not typed.isdisjoint(_said(site, pages)))
            typed.update(" ".join(site.value.split()) for site in fields if _SHORTEST <= len(site.value) <= _LONGEST)
        mark = _OFFERS.get(entry.response.media_type)
        if typed and mark and mark in (entry.response.text or ""):
            pages.append(_Page(entry))
    return found


def _said(site: Site, pages: Iterable[_Page]) -> Iterator[str]:
    """What the choices with the value of a site say, in the pages that had come before it was sent."""
    for page in pages:
        if page.ended <= site.started:
            yield from page.said.get(site.value, ())


def _is_alone(site: Site, pages: Iterable[_Page]) -> bool:
    """Whether the number is the only choice that one of the pages offers for the field."""
    return any((site.name, site.value) in page.alone for page in pages if page.ended <= site.started)
