"""What a page's script asks for on a first visit alone: another recording's page has neither the token for it nor the request."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from loadwright.compiler.agents.decide.align import shape
from loadwright.compiler.agents.importing import Source, by_journey
from loadwright.compiler.agents.values import is_token
from loadwright.compiler.recording.model import Entry
from loadwright.compiler.recording.outline import outline
from loadwright.compiler.recording.pairs import separator
from loadwright.compiler.recording.select import leave_out

_BY_SCRIPT = ("xhr", "fetch")
_WHY = "a script asked for it, with a token that the page of another recording does not have"
_LONGEST = 200
_NAME = r"""([A-Za-z_$][\w$]{3,60})["']?\s?[:=]\s?"""
"""What a script calls a value."""


def without_asked_once(sources: Sequence[Source]) -> list[Source]:
    """The recordings without the requests that a script made on a first visit alone."""
    if len(sources) < 2:
        return list(sources)
    journeys = {id(source): group for group in by_journey(sources) for source in group}
    return [_without(source, journeys[id(source)]) for source in sources]


def _without(source: Source, journey: Sequence[Source]) -> Source:
    others = [entry for other in journey if other is not source for entry in other.entries]
    asked = list(_asked_once(source.entries, others)) if others else []
    if not asked:
        return source
    selection = leave_out(source.recording, source.selection, asked, _WHY)
    return replace(source, selection=selection, outline=outline(source.recording, selection.kept))


def _asked_once(entries: Sequence[Entry], others: Sequence[Entry]) -> Iterator[int]:
    known = {shape(entry) for entry in others}
    pages = [entry for entry in entries if entry.response.media_type == "text/html" and entry.response.text]
    for entry in entries:
        if entry.resource not in _BY_SCRIPT or entry.request.method != "GET" or shape(entry) in known:
            continue
        before = [page for page in pages if page.ended <= entry.started]
        if any(_is_of_one_visit(token, before, others) for token in _tokens(entry)):
            yield entry.index


def _tokens(entry: Entry) -> list[str]:
    query = entry.request.url.partition("?")[2]
    values = (pair.partition("=")[2] for pair in query.split(separator(query)))
    return [value for value in values if len(value) <= _LONGEST and is_token(value)]


def _is_of_one_visit(token: str, pages: Sequence[Entry], others: Sequence[Entry]) -> bool:
    """Whether a script of the last page with a token has it under a name that no such page of other recordings has."""
    page = next((page for page in reversed(pages) if token in (page.response.text or "")), None)
    named = re.search(_NAME + f"[\"']{re.escape(token)}[\"']", page.response.text or "") if page else None
    if page is None or named is None:
        return False
    name = re.compile(rf"(?<![\w$]){re.escape(named[1])}(?![\w$])")
    alike = [other.response for other in others if shape(other) == shape(page) and other.response.status == page.response.status]
    theirs = [other.text for other in alike if other.text]
    return bool(theirs) and not any(map(name.search, theirs))
