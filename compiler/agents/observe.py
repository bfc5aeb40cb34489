"""Observe: a recording in, facts out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from loadwright.compiler.agents.facts import Facts, Site
from loadwright.compiler.agents.fragments import strings
from loadwright.compiler.agents.in_html import form_inputs
from loadwright.compiler.agents.responses import observe_response
from loadwright.compiler.agents.sites import observe_request
from loadwright.compiler.agents.values import is_id_name, is_token
from loadwright.compiler.agents.wanted import Wanted
from loadwright.compiler.recording.model import Entry, header
from loadwright.compiler.recording.redirects import redirect_sources


def observe(entries: Iterable[Entry], paired: bool = False) -> Facts:
    """The facts of the entries that take part, which are in the order in which they started.

    Requests come first: responses are searched for what requests carry, in time linear in their size. What is not found as it is
    is then looked for inside of values. With a second recording (`paired`) every short number counts: that recording tells which
    of them change.
    """
    facts = Facts()
    ordered = list(entries)
    facts.sites = request_sites(ordered)
    for entry in ordered:
        _cookies(facts, entry)
    facts.redirected_by = redirect_sources(ordered)
    carried = {site: _carried(site, paired) for sites in facts.sites.values() for site in sites}
    answered = sorted(ordered, key=lambda e: (e.ended, e.index))
    _search(facts, answered, Wanted((text for texts in carried.values() for text in texts), 10 if paired else 1), deep=False)
    _search(facts, answered, Wanted(_unexplained(facts, carried)), deep=True)
    for entry in answered:
        facts.inputs.extend(form_inputs(entry))
    return facts


def request_sites(entries: Iterable[Entry]) -> dict[int, list[Site]]:
    """The sites of each entry's request."""
    return {entry.index: list(observe_request(entry)) for entry in entries}


def _carried(site: Site, paired: bool) -> tuple[str, ...]:
    """The texts of a site that a response may have given; a short number counts where it can identify something."""
    value = site.value
    if not paired and len(value) < 4 and value.isdigit() and site.location != "path" and not is_id_name(site.name):
        return ()
    return tuple(dict.fromkeys(strings(value)))


def _search(facts: Facts, answered: Iterable[Entry], wanted: Wanted, deep: bool) -> None:
    touched: set[str] = set()
    for entry in answered if wanted else ():
        for occurrence in observe_response(entry, wanted, deep):
            facts.occurrences.setdefault(occurrence.value, []).append(occurrence)
            touched.add(occurrence.value)
    for value in touched if deep else ():
        facts.occurrences[value].sort(key=lambda o: (o.ended, o.entry))


def _unexplained(facts: Facts, carried: Mapping[Site, Sequence[str]]) -> Iterator[str]:
    """What may stand inside of a received value: texts of sites for which no response before holds anything."""
    for site, texts in carried.items():
        known = (o for text in texts for o in facts.occurrences.get(text, ())[:1] if o.ended <= site.started)
        if any(o.kind != "boundary" for o in known):  # a boundary is the last resort: a structured way is looked for
            continue
        for text in texts:
            if is_token(text) or (text.isdigit() and len(text) >= 3 and site.location != "header"):
                yield text


def _cookies(facts: Facts, entry: Entry) -> None:
    for pair in (header(entry.request.headers, "cookie") or "").split(";"):
        name = pair.partition("=")[0].strip()
        if name:
            facts.cookies_sent.setdefault(name, entry.index)
    for key, value in entry.response.headers:
        if key.lower() == "set-cookie":
            facts.cookies_set.setdefault(value.partition("=")[0].strip(), entry.index)
