"""Short numbers that a form sends for a choice whose text the user typed before: the choice is what the user made."""

from __future__ import annotations

import html
import re
from collections import deque
from collections.abc import Iterable, Iterator, Mapping

from loadwright.compiler.agents.facts import Site
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


def own_choices(entries: Iterable[Entry], sites: Mapping[int, Iterable[Site]]) -> set[Site]:
    """The sites of such numbers: `payer=7` by `<option value="7">Ida f05fa879` after `name=Ida f05fa879`."""
    found: set[Site] = set()
    typed: set[str] = set()
    pages: deque[Entry] = deque(maxlen=_PAGES)
    for entry in entries:
        if not only_reads(entry):
            fields = [site for site in sites[entry.index] if site.location in ("form", "part", "json")]
            short = [site for site in fields if site.location != "json" and _SHORT.fullmatch(site.value)] if typed else []
            found.update(site for site in short if any(text in typed for text in _said(site, pages)))
            typed.update(" ".join(site.value.split()) for site in fields if _SHORTEST <= len(site.value) <= _LONGEST)
        if typed and entry.response.media_type == "text/html" and "<option" in (entry.response.text or ""):
            pages.append(entry)
    return found


def _said(site: Site, pages: Iterable[Entry]) -> Iterator[str]:
    """What the choices with the value of a site say, in the pages that had come before it was sent."""
    for page in pages:
        text = page.response.text or ""
        if page.ended <= site.started and f"value={site.value}" in text.replace('"', "").replace("'", ""):
            yield from _texts(site.value, text)


def _texts(number: str, page: str) -> Iterator[str]:
    """What the options and boxes with a value say."""
    behind = r"((?:(?!<(?:option|input|select|tr)\b)[\s\S]){0,200})"
    value = rf"""\bvalue=(["']?){number}\1(?=[\s>/])"""
    for choice in re.finditer(rf"<(?:option|input)\b[^<>]{{0,300}}?{value}[^<>]{{0,300}}>{behind}", page):
        yield " ".join(html.unescape(_TAG.sub(" ", choice[2])).split())
