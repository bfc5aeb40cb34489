"""Short numbers that a request has from the page that sends it, though page and request call them otherwise."""

from __future__ import annotations

import html
import re
from collections.abc import Collection, Iterator, Sequence
from urllib.parse import urlsplit

from loadwright.compiler.agents.decide.history import History
from loadwright.compiler.agents.decide.numbers.other_choices import is_only_choice
from loadwright.compiler.agents.facts import Facts, Occurrence, Site
from loadwright.compiler.agents.names import folded, is_count_name, plain_name, singular
from loadwright.compiler.agents.observe.called_attributes import is_called_so
from loadwright.compiler.agents.values import is_round_or_date

_FIELDS = ("hidden input", "input")
_LINKS = ("link", "row")
_NUMBER = re.compile(r"\d{1,10}")
_WORDS = re.compile(r"[A-Z]?[a-z]+|[A-Z]+")
_MORE_THAN_A_COUNT = 2
"""Digits of a number in a link that is more than the number of a page or tab."""
_THING = 3
"""Letters from which a word is the name of a thing."""
_BARE = ("id", "pk")
_TELLING_DIGITS = 3
"""Digits of a number that is met by chance more seldom, where the page is called by it."""
_TELLING = 5
"""Letters that two names must share at their ends: a thing and `id`."""
_LINK = re.compile(r"""href=["']?[^"'\s>]*$""", re.IGNORECASE)
_LONGEST_LINK = 2_000


def from_its_page(site: Site, facts: Facts, history: History) -> list[Occurrence]:
    """The fields of the page that sends a request which give a number of it, where the names say so.

    `baserevid` after the field `editRevId`; `diff=7` beside `oldid=6`, both fields of the page; `remove_files=1` after the
    hidden field of this name and a link to `file1`; what a `select` without another choice shows; `t:rowvalue=23` after
    `data-afl-row-value="23"`.
    """
    if not _NUMBER.fullmatch(site.value) or site.location not in ("query", "form", "part") or history.changed(site) is False:
        return []
    given = list(_on_it(site, facts, history, _FIELDS))
    kin = [o for o in given if is_kin(site.name, o.name)]
    kin = kin or [o for o in given if o.name == site.name and _is_beside_an_id(site, o, facts, history, _FIELDS)]
    hidden = [o for o in given if o.kind == "hidden input" and o.name == site.name] if site.location != "query" else []
    kin = kin or [o for o in hidden if _is_linked(o, history.answer(o.entry))]
    kin = kin or [o for o in given if o.name == site.name and is_only_choice(o, history.answer(o.entry))]
    kin = kin or [o for o in _on_it(site, facts, history, ("attribute",)) if is_called_so(site.name, o.name)]
    return kin or _followed(site, facts, history) or _linked_by_its_own(site, facts, history)


def _linked_by_its_own(site: Site, facts: Facts, history: History) -> list[Occurrence]:
    """The links of a page that is called by a number, to the very address that is asked for, with that number in it.

    `/berthview.pay?ac=21` from the page `/berthview/21`: what is done on the page of a thing is done to it.
    """
    is_more = len(site.value) >= _MORE_THAN_A_COUNT or site.entry in history.changing
    if site.location != "query" or not is_more or site.value == "0" or is_count_name(site.name):
        return []
    url = urlsplit(history.entry(site.entry).request.url)
    asked = f"{url.path}?{url.query}"
    written = [f"{form}{end}" for form in (asked, html.escape(asked)) for end in "\"'"]
    given = (o for o in _on_it(site, facts, history, ("link",)) if o.name == site.name)
    own = (o for o in given if o.path.rstrip("/").endswith(f"/{site.value}"))
    return [o for o in own if any(form in history.answer(o.entry) for form in written)]


def of_its_address(site: Site, taken: Sequence[Occurrence], history: History) -> list[Occurrence]:
    """The bare `id` that a script of a page sends, where the page's address ends with it.

    `pk=1144` from the page `/notes/1144`.
    """
    if folded(site.name) not in _BARE or site.location not in ("form", "part", "json") or site.entry not in history.changing:
        return []
    if len(site.value) < _TELLING_DIGITS or not site.value.isdigit() or history.changed(site) is False:
        return []
    page = next((value for name, value in history.entry(site.entry).request.headers if name.lower() == "referer"), "")
    if not urlsplit(page).path.rstrip("/").endswith(f"/{site.value}"):
        return []
    led = (o for o in history.given(site, site.value) if o.kind == "redirect part" and not o.chain)
    return [*(o for o in taken if history.in_time(o, site)), *led]


def _is_linked(occurrence: Occurrence, page: str) -> bool:
    """Whether a page has a link to the thing of this number that the name of a field speaks of at its end."""
    words = re.findall("[A-Za-z]+", occurrence.name)
    thing = singular(words[-1].lower()) if words else ""
    if len(thing) < _THING:
        return False
    number = re.escape(occurrence.value)
    said = re.finditer(rf"(?<![A-Za-z]){re.escape(thing)}(?:e?s)?/?{number}(?![0-9A-Za-z])", page, re.IGNORECASE)
    return any(_LINK.search(page, max(0, one.start() - _LONGEST_LINK), one.start()) for one in said)


def _followed(site: Site, facts: Facts, history: History) -> list[Occurrence]:
    """The links of the page, and of what it loaded since, that have a number of this name beside the same id."""
    if len(site.value) < _MORE_THAN_A_COUNT or is_count_name(site.name) or is_round_or_date(site.value):
        return []
    given = (o for o in _on_it(site, facts, history, _LINKS) if o.name == site.name)
    return [o for o in given if _is_beside_an_id(site, o, facts, history, _LINKS)]


def _on_it(site: Site, facts: Facts, history: History, kinds: Collection[str]) -> Iterator[Occurrence]:
    for o in history.given(site, site.value):
        if o.kind in kinds and not o.chain and history.is_on_its_page(o.entry, site.entry):
            yield o


def _is_beside_an_id(site: Site, occurrence: Occurrence, facts: Facts, history: History, kinds: Collection[str]) -> bool:
    """Whether the query has a field of the same page that is called an id, too."""
    return site.location == "query" and any(
        other.location == "query"
        and other.identity != site.identity
        and other.name.lower().endswith("id")
        and any(o.entry == occurrence.entry and o.name == other.name for o in _on_it(other, facts, history, kinds))
        for other in facts.sites[site.entry]
    )


def is_kin(ours: str, theirs: str) -> bool:
    """Whether two names end in the id of the same thing: `baserevid` and `editRevId`."""
    tail = "".join(word.lower() for word in _WORDS.findall(plain_name(theirs))[-2:])
    return len(tail) >= _TELLING and tail.endswith("id") and folded(ours).endswith(tail)
