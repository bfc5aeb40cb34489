"""Numbers that what is asked makes sure of: the state of what is changed, the id that a change sends, where a log goes on."""

from __future__ import annotations

import re
from collections.abc import Iterable

from loadwright.compiler.agents.decide.history import History
from loadwright.compiler.agents.decide.sources import agrees
from loadwright.compiler.agents.decide.stability import is_of_no_list
from loadwright.compiler.agents.facts import Facts, Occurrence, Site
from loadwright.compiler.agents.names import folded, is_id_name, is_revision_name, singular
from loadwright.compiler.agents.observe.answers.in_acknowledgements import holder_of
from loadwright.compiler.agents.values import is_round_or_date
from loadwright.compiler.plan.model import JsonSource, RegexSource
from loadwright.compiler.plan.template import fixed
from loadwright.compiler.recording.kinds import path_of

_CONDITION = re.compile(r"if(?:[_-]+|(?=[A-Z]))([A-Za-z][\w-]{2,40}?)(?:[_-]?[Mm]atch)?")
"""A parameter that says which state is meant to be changed."""
_ITEM = re.compile(r"\[[\d?]")
_LAST_MEMBER = re.compile(r"(?:\.\w+|\['[^']*'\])$")
_DONE = frozenset(
    (
        *("activate", "archive", "cancel", "clone", "close", "copy", "delete", "destroy", "disable", "duplicate", "edit", "enable"),
        *("export", "modify", "publish", "rename", "reopen", "restore", "save", "show", "unarchive", "unpublish", "update", "view"),
    )
)
"""What is done to a thing, before its number in a path."""
_DONE_WITH = frozenset(("add", "assign", "attach", "detach", "move", "remove"))
"""What is done to it with another thing, the number of which follows; with one number it may be the other one's."""
_PLACE = 4
"""Digits of a place in a log that is met by chance more seldom."""
_SHORT = range(2, 4)
"""Digits of a number that is met by chance, though not everywhere."""


def of_changes(site: Site, value: str, facts: Facts, history: History) -> list[Occurrence]:
    """What gave a number that neither names nor places explain."""
    return (
        state_of(site, value, facts, history)
        or sent_as_id(site, value, history)
        or goes_on(site, value, history)
        or told_by_its_document(site, value, facts, history)
        or behind_a_verb(site, value, history)
    )


def behind_a_verb(site: Site, value: str, history: History) -> list[Occurrence]:
    """A short number in a path, behind what is done to a thing, of the thing that a change made: `/shelf/edit/1` after `/shelf/1`.

    Two sessions can be given the same one. A word that is no verb may part the number from the thing (`/orders/page/1`).
    """
    verb = site.context.lower()
    if site.location != "path" or value != site.value or not value.isdigit() or not (verb in _DONE or verb in _DONE_WITH):
        return []
    said = [segment.lower() for segment in history.path(site).split("/")]
    places = (at for at in range(2, len(said)) if said[at] == value and said[at - 1] == verb)
    things = {singular(said[at - 2]) for at in places if verb in _DONE or "".join(said[at + 1 : at + 2])}
    return [o for o in history.given(site, value) if _is_made(o) and singular(_made_at(o).lower()) in things]


def _is_made(occurrence: Occurrence) -> bool:
    """Whether a change told the number of what it made, which it had not said itself."""
    if not occurrence.after_change or occurrence.chain or occurrence.value in occurrence.path.split("/"):
        return False
    return occurrence.kind == "redirect part" or (folded(occurrence.name) in ("id", "pk") and is_of_no_list(occurrence))


def _made_at(occurrence: Occurrence) -> str:
    """What a change says that it made: the place that its redirect led to, or its own address."""
    return occurrence.context if occurrence.kind == "redirect part" else occurrence.path.rstrip("/").rpartition("/")[2]


def told_by_its_document(site: Site, value: str, facts: Facts, history: History) -> list[Occurrence]:
    """A number in a path, which the document that is sent there calls its `id`, of what a change at such an address made.

    `POST /posts/access/4` with `{"id": 4, …}`, after `POST /posts` gave an `id`: whatever stands before the number.
    """
    if site.location != "path" or value != site.value or not value.isdigit() or history.changed(site) is False:
        return []
    if not any(one.location == "json" and one.key == "/id" and one.value == value for one in facts.sites[site.entry]):
        return []
    made = [o for o in history.given(site, value) if o.after_change and o.kind == "json" and folded(o.name) == "id" and not o.chain]
    words = {one.value for one in facts.sites[site.entry] if one.location == "path"}
    return [o for o in made if is_of_no_list(o) and o.path.rstrip("/").rpartition("/")[2] in words]


def goes_on(site: Site, value: str, history: History) -> list[Occurrence]:
    """A longer number that the last answer from the same address gave, as the next request to it sends it: `start=35702`.

    So a log or a stream is read on from where the last answer ended, whatever both call the place.
    """
    if site.location == "path" or not value.isdigit() or len(value) < _PLACE or history.changed(site) is False:
        return []
    address = path_of(history.entry(site.entry))
    given = [o for o in history.given(site, value) if o.path == address and o.kind in ("header", "json", "xml") and not o.chain]
    last = max((one.ended for one in given), default=0.0)
    return [o for o in given if o.ended == last and is_of_no_list(o) and (o.kind == "header" or not is_round_or_date(value))]


def state_of(site: Site, value: str, facts: Facts, history: History) -> list[Occurrence]:
    """The state of what a request changes (`version: 12`), which an answer gave with the id of it, or the form that is sent."""
    called = condition_of(site.name)
    is_tag = site.key == "if-match"
    if not (is_revision_name(called) or called != site.name or is_tag) or not value.isdigit() or site.entry not in history.changing:
        return []
    given = [
        o for o in history.given(site, value) if (_is_version(o) if is_tag else folded(o.name) == folded(called)) and not o.chain
    ]
    sent = (s.value for s in facts.sites[site.entry] if _is_around(s, site)) if given else ()
    ids = [o for text in sent for o in facts.occurrences.get(text, ()) if o.kind == "json" and is_id_name(o.name)]
    return [o for o in given if o.kind == "hidden input" or _is_asked_by(o, ids, facts) or any(_is_beside(o, one) for one in ids)]


def _is_version(occurrence: Occurrence) -> bool:
    """Whether a number is called the version of something, also its id (`versionId`)."""
    return is_revision_name(folded(occurrence.name).removesuffix("id"))


def condition_of(name: str) -> str:
    """What a condition of a request is called in the answer that gave it: `seq_no` for `if_seq_no`; any other name as it is."""
    found = _CONDITION.fullmatch(name)
    return found[1] if found else name


def is_whole_answer(occurrence: Occurrence) -> bool:
    """Whether the answer to a change is nothing but a value: what it made is called so."""
    is_whole = isinstance(occurrence.source, JsonSource) and fixed(occurrence.source.path) == "$"
    return occurrence.after_change and not occurrence.chain and (is_whole or occurrence.kind == "body")


def _is_around(one: Site, site: Site) -> bool:
    """Whether the id at a site may be of the thing that a number is the state of: of one object in a JSON body."""
    if one.location != "json" or site.location != "json":
        return True
    return site.key.startswith(f"{one.key.rpartition('/')[0]}/")


def _is_beside(occurrence: Occurrence, other: Occurrence) -> bool:
    """Whether a member of a JSON answer is in the object, or in an object of the object, that another member is in.

    Of an acknowledgement both are in the object of one name.
    """
    mine, its = occurrence.source, other.source
    if occurrence.entry != other.entry:
        return False
    if isinstance(mine, RegexSource) and isinstance(its, RegexSource):
        return holder_of(fixed(mine.pattern)) == holder_of(fixed(its.pattern)) != ""
    if not isinstance(mine, JsonSource) or not isinstance(its, JsonSource):
        return False
    path, parent = fixed(mine.path), _LAST_MEMBER.sub("", fixed(its.path))
    return path.startswith(parent) and _ITEM.search(path, len(parent)) is None


def _is_asked_by(occurrence: Occurrence, ids: Iterable[Occurrence], facts: Facts) -> bool:
    """Whether an answer is about one of the ids, since its path has it."""
    asked = {s.value for s in facts.sites[occurrence.entry] if s.location == "path"}
    return is_of_no_list(occurrence) and any(one.value in asked for one in ids)


def sent_as_id(site: Site, value: str, history: History) -> list[Occurrence]:
    """A short number in a path, where a change surely sends it as the id of the one row of JSON that has it."""
    if site.location != "path" or value != site.value or not value.isdigit() or len(value) not in _SHORT:
        return []
    if history.changed(site) is False:
        return []
    given = [o for o in history.given(site, value) if o.kind == "json" and is_id_name(o.name) and not o.chain]
    if len({(o.entry, o.source) for o in given}) != 1:
        return []
    others = (s for s in history.sites_of[value] if s.identity != site.identity and s.entry in history.changing)
    return given if any(agrees(s, s.context, given[0], False, None) for s in others) else []
