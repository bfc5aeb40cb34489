"""Short numbers that a form sends for a choice whose text the user typed before: the choice is what the user made."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice

from loadwright.compiler.agents.facts import Site
from loadwright.compiler.recording.graphql import only_reads
from loadwright.compiler.recording.model import Entry

_SHORT = re.compile(r"\d{1,2}")
"""A number that is looked for nowhere else, as it is met by chance."""
_SHORTEST = 6
"""Characters from which a text is met by no chance."""
_PAGES = 3
"""So many pages back a form is looked for."""
_TAG = re.compile(r"<[^<>]*>")


def own_choices(entries: Sequence[Entry], sites: Mapping[int, Iterable[Site]]) -> set[Site]:
    """The sites of such numbers: `payer=7` by `<option value="7">Ida f05fa879` after `name=Ida f05fa879`."""
    found: set[Site] = set()
    typed: set[str] = set()
    for place, entry in enumerate(entries):
        if only_reads(entry):
            continue
        fields = [site for site in sites[entry.index] if site.location in ("form", "part", "json")]
        short = [site for site in fields if site.location != "json" and _SHORT.fullmatch(site.value)] if typed else []
        for page in islice(_pages(entry, entries[:place][::-1]), _PAGES) if short else ():
            found.update(site for site in short if any(text in typed for text in _texts(site.value, page)))
        typed.update(" ".join(site.value.split()) for site in fields if _SHORTEST <= len(site.value) <= 80)
    return found


def _pages(entry: Entry, before: Iterable[Entry]) -> Iterator[str]:
    for one in before:
        text = one.response.text or ""
        if one.ended <= entry.started and one.response.media_type == "text/html" and "<option" in text:
            yield text


def _texts(number: str, page: str) -> Iterator[str]:
    """What the options and boxes with a value say."""
    behind = r"((?:(?!<(?:option|input|select|tr)\b)[\s\S]){0,200})"
    for choice in re.finditer(rf'<(?:option|input)\b[^<>]{{0,300}}?\bvalue="{number}"[^<>]{{0,300}}>{behind}', page):
        yield " ".join(html.unescape(_TAG.sub(" ", choice[1])).split())
