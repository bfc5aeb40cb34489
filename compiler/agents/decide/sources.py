"""Which occurrence of a value is the right source, and how to speak of it."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import get_args

from loadwright.compiler.agents.decide.by_client.clocks import is_when_changed
from loadwright.compiler.agents.decide.by_client.numbered import is_next_step
from loadwright.compiler.agents.decide.by_protocol import said_by_protocol
from loadwright.compiler.agents.decide.stability import is_of_no_list, rank
from loadwright.compiler.agents.facts import Occurrence, Site, SourceKind
from loadwright.compiler.agents.names import (
    folded,
    is_count_name,
    is_fixed_name,
    is_id_name,
    is_revision_name,
    plural,
    singular,
    without_id,
)
from loadwright.compiler.agents.observe.sites import NAME_KEY
from loadwright.compiler.agents.values import ISO_DAY, folded_text, is_code, is_jumble, is_round_or_date, is_token, may_identify
from loadwright.compiler.plan.describe import describe_source
from loadwright.compiler.plan.model import CssSource

NUMBERED_WORDS = re.compile(r"\d{1,12}-[A-Za-z][\w-]*")
"""An id with the words of a title behind it, as many applications write it in a path."""
_DRAWN = re.compile(r"[A-Za-z0-9]{16,}")
"""What may be drawn at random in a text that is no token as a whole (`sid~au15uhmwmd35gqenuibopdys`)."""
_TAKE_A_COOKIE = ("header", "form", "json", "part", "query", "path", "body")
_TOLD_BY_NAME = frozenset(("input", "link", "row"))
_SHORT = 2
"""Of values up to this length, of such kinds, nothing but the name and the place before it counts."""


def agrees(site: Site, context: str, occurrence: Occurrence, token: bool, changed: bool | None) -> bool:
    """Whether an occurrence may be the source of a site's value.

    A token always may, unless a second recording shows that the site is constant. A short value needs agreement in name
    or place; a word needs a second recording that shows it to change as well. A number that a second recording shows to
    change may come from anything that is called an id.
    """
    if occurrence.kind == "cookie" and not (token and site.location in _TAKE_A_COOKIE):
        return changed is not False and _is_member_of_cookie(site, occurrence)
    if (said := said_by_protocol(site, occurrence, changed)) is not None:
        return said
    if folded(site.name) == "ifmatch" and folded(occurrence.name).endswith("etag") and occurrence.value[-1:] == '"':
        return changed is not False  # RFC 9110: what stands there a server gave, in a header or beside what it is the state of
    if site.key.startswith(NAME_KEY) and not token:
        return bool(changed) and isinstance(occurrence.source, CssSource) and occurrence.source.attribute == "name"
    if changed is False:
        return _made_and_met_again(site, context, occurrence) or _is_today(site, occurrence)
    if changed is None and is_fixed_name(site.name) and not (_same_revision(site, occurrence) or _just_named(site, occurrence)):
        return False
    if token:
        return True
    is_named = site.location == "path" and is_code(occurrence.value)
    if not ((may_identify(occurrence.value) and occurrence.value.strip("0")) or is_named or changed is True):
        return False  # nothing has the id 0: it stands for none
    is_of_an_id = changed and may_identify(occurrence.value) and is_id_name(occurrence.name) and occurrence.kind in _NAMED_KINDS
    if is_of_an_id and (len(occurrence.value) >= LONG_ID or not is_revision_name(site.name)):
        return True  # it must come from somewhere, and this says that it is an id; a short `version` is the same as one by chance
    if changed and _is_called_the_same(site, occurrence):
        return True
    return (
        _is_nameless_query(site, occurrence)
        or _same_place(site, context, occurrence)
        or _same_name(site, occurrence)
        or _same_thing(site, occurrence)
        or _is_id_of(site.name or context, occurrence)
        or (context != "" and _is_id_of(context, occurrence))
        or _is_place_of(site, occurrence)
        or is_when_changed(site, occurrence)
    )


def agreement(site: Site, context: str, token: bool, changed: bool | None) -> Callable[[Occurrence], bool]:
    """Asks `agrees` of occurrences of one value: once for all of a short one that differ in nothing that counts."""
    by_name = changed is not False and not site.key.startswith(NAME_KEY)
    known: dict[tuple[str, str, str], bool] = {}

    def ask(occurrence: Occurrence) -> bool:
        if not by_name or len(occurrence.value) > _SHORT or occurrence.kind not in _TOLD_BY_NAME:
            return agrees(site, context, occurrence, token, changed)
        key = occurrence.kind, occurrence.name, occurrence.context
        if key not in known:
            known[key] = agrees(site, context, occurrence, token, changed)
        return known[key]

    return ask


def just_made(site: Site, occurrence: Occurrence) -> bool:
    """Whether a short number is of what a change made, by its name: another thing may have the same one in two recordings."""
    if occurrence.kind != "json" or not occurrence.after_change or not is_of_no_list(occurrence):
        return False
    return len(occurrence.value) < LONG_ID and occurrence.value.isdigit() and agrees(site, site.context, occurrence, False, None)


def _is_member_of_cookie(site: Site, occurrence: Occurrence) -> bool:
    """Whether a longer number is a cookie of this name, or a member of a document in one (`{"cart": 48213}`)."""
    return _is_long_number(occurrence.value) and site.name != "" and folded(site.name) == folded(occurrence.name)


def _is_nameless_query(site: Site, occurrence: Occurrence) -> bool:
    """Whether both are a query that has no names, which only the application can spell: `?0-1.-commentForm`."""
    if site.location != "query" or site.name or occurrence.name or occurrence.kind not in ("link", "redirect part", "row"):
        return False
    return len(site.value) >= 4 and occurrence.value == site.value


def _is_id_of(thing: str, occurrence: Occurrence) -> bool:
    """Whether a field is called after the id of the thing: `posts/12`, `post=12` and `post-12` after the field `post_ID`."""
    # a header may hold a document: `HX-Trigger: {"saved": {"contactId": 7}}`
    in_header = occurrence.kind == "header" and bool(occurrence.chain)
    if not (in_header or occurrence.kind in ("hidden input", "json", "xml", "attribute")) or not occurrence.value.isdigit():
        return False
    inside = occurrence.chain and len(occurrence.value) >= 3 and not is_count_name(occurrence.name)
    if inside and folded(occurrence.name) in map(folded, (thing, singular(thing), without_id(thing))):
        return True  # in an id that says its type (`/comments/48213` after base64 of `Comment:48213`), or a URL (`?item=48213`)
    if (
        occurrence.kind == "attribute"
        and len(occurrence.name) >= 3
        and (folded(occurrence.name) in (folded(singular(thing)), folded(without_id(thing))))
    ):
        return True  # `/visits/13` and `visitId` after `data-visit="13"`
    stem = re.fullmatch(r"(\w{3,}?)[-_]?(?:id|ID|Id)", occurrence.name)
    if stem is None and occurrence.after_change and folded(occurrence.name) in ("id", "pk"):
        # `item=7` and `itemId=7` after `POST /items/tickets` gave an `id`
        called = (thing, without_id(thing)) if is_of_no_list(occurrence) else (thing,)
        named = {folded(singular(one)) for one in called}
        return len(without_id(thing)) >= 3 and not named.isdisjoint(folded(singular(s)) for s in occurrence.path.split("/") if s)
    return stem is not None and folded(stem[1]) in (folded(thing), folded(singular(thing)))


def _is_place_of(site: Site, occurrence: Occurrence) -> bool:
    """Whether an id is called after the place that a redirect leads to: `dashboard_id=5` after `Location: /dashboard/5/`.

    `tree_id=4` after a change at `/tree.php` led to `/tree.php?action=edit&id=4`.
    """
    if occurrence.kind != "redirect part" or not occurrence.value.isdigit():
        return False
    place = occurrence.context
    if not place and occurrence.after_change and folded(occurrence.name) in ("id", "pk"):
        place = occurrence.path.rstrip("/").rpartition("/")[2].partition(".")[0]
    stem = without_id(site.name)
    return stem != site.name and len(stem) >= 3 and folded(stem) == folded(singular(place))


def _is_called_the_same(site: Site, occurrence: Occurrence) -> bool:
    """Whether a short number, known to change, has the same name at both ends: `ss=18` after `<div class="ss">18</div>`."""
    if not site.name or occurrence.kind not in _NAMED_KINDS or is_count_name(site.name):
        return False
    return folded(site.name) == folded(occurrence.name) and _is_number_like(occurrence.value)


def _same_revision(site: Site, occurrence: Occurrence) -> bool:
    """Whether a `version` is that of a thing, which changes with it (`"version": "hdMMzf61"`), not that of the application."""
    if folded(site.name) != folded(occurrence.name) or occurrence.kind not in ("json", "hidden input", "xml"):
        return False
    return folded(site.name).endswith("version") and _is_opaque(occurrence.value)


def _just_named(site: Site, occurrence: Occurrence) -> bool:
    """Whether a change gave a token under this very name: a `clientId` that a handshake gave is the session's, no application's.

    So is what a token says of its user (`tenant_id`).
    """
    if occurrence.chain[:1] and occurrence.chain[-1][0] == "jwt_claim" and folded(site.name) == folded(occurrence.name):
        return True
    is_the_same = occurrence.kind == "json" and is_token(occurrence.value) and site.name == occurrence.name
    return is_the_same and (occurrence.after_change or (site.location == "json" and len(site.name) == 1))  # `{"v": "2s3QwQ53…"}`


def _is_opaque(value: str) -> bool:
    """Whether nobody counts with a value and it is no word: letters mixed with digits, or in no word's order."""
    mixed = re.search(r"\d", value) and re.search(r"[A-Za-z]", value) and not _is_number_like(value)
    return len(value) >= 6 and "." not in value and bool(mixed or is_jumble(value))


def _made_and_met_again(site: Site, context: str, occurrence: Occurrence) -> bool:
    """Whether a short number is of what a request made just before: two sessions can be given the same one.

    What the request said in its path was there.
    """
    is_made = occurrence.after_change and occurrence.value not in occurrence.path.split("/") and not is_next_step(occurrence)
    if not is_made or len(occurrence.value) > 6 or not _is_number_like(occurrence.value):
        return False
    if _same_place(site, context, occurrence):
        return True
    # `order_id=17` after `POST /orders` led to `/orders/17`, or gave an `id`
    return is_id_name(site.name) and (
        _same_name(site, occurrence) or _is_place_of(site, occurrence) or _is_id_of(site.name, occurrence)
    )


def _is_today(site: Site, occurrence: Occurrence) -> bool:
    """Whether a page offered the day of the recording in a field of this name: two recordings of one day have the same."""
    if occurrence.kind not in ("input", "hidden input") or occurrence.name != site.name or not ISO_DAY.fullmatch(site.value):
        return False
    began = datetime.fromtimestamp(site.started / 1000, UTC)
    return site.value in {(began + timedelta(hours=hours)).date().isoformat() for hours in (-12, 0, 14)}


def _same_place(site: Site, context: str, occurrence: Occurrence) -> bool:
    if not context:
        return False
    is_behind_it = occurrence.kind == "row" and site.location == "path" and occurrence.name == context  # `/assets/48213` in a cell
    if _is_of_its_collection(site, context, occurrence) or (is_behind_it and len(occurrence.value) >= LONG_ID):
        return True
    if occurrence.context:
        numbered = _is_number_like(occurrence.value) or NUMBERED_WORDS.fullmatch(occurrence.value) or _is_designator(occurrence)
        is_named = is_code(occurrence.value) or is_jumble(occurrence.value)
        is_an_id = numbered or is_named or any(map(is_token, _DRAWN.findall(occurrence.value)))
        return context == occurrence.context and bool(is_an_id)
    in_url = site.location in ("path", "header") or context != site.context  # a part of a URL in a field
    if not in_url or occurrence.kind not in ("json", "text") or not is_id_name(occurrence.name):
        return False
    # a short number is met by chance: it must come from where such things are made or listed
    spoken = f"{occurrence.path}/{describe_source(occurrence.source)}".lower()
    return len(occurrence.value) >= 4 or singular(context).lower() in spoken or context.lower() in spoken


def _is_of_its_collection(site: Site, context: str, occurrence: Occurrence) -> bool:
    """Whether a change at an address told what stands behind that address now: `/carts/A9ZGGR` after `POST /carts`.

    Whatever the answer calls it, or where it is called as one of what stands before it: `/readers/168207` and `"reader": 168207`,
    or a message to people says so: `Reader 168207 was added`.
    """
    if site.location != "path" or occurrence.chain or not is_of_no_list(occurrence):
        return False
    if occurrence.kind != "json" and not (occurrence.kind == "boundary" and occurrence.after_change and occurrence.ordinal == 1):
        return False
    if not (is_code(occurrence.value) or (len(occurrence.value) >= LONG_ID and occurrence.value.isdigit())):
        return False
    is_made = occurrence.after_change and occurrence.path.rstrip("/").rpartition("/")[2] == context
    is_called_so = context.endswith("s") and folded(occurrence.name) == folded(singular(context))
    return (is_made and occurrence.kind == "json" and not is_count_name(occurrence.name)) or is_called_so


def _is_designator(occurrence: Occurrence) -> bool:
    """Whether a redirect leads to a thing called by its kind and number: `Location: /issue17` after `POST /issue`."""
    found = re.fullmatch(r"([A-Za-z]{2,20})\d{1,10}", occurrence.value) if occurrence.kind == "redirect part" else None
    said = {folded(singular(segment)) for segment in occurrence.path.split("/") if segment}
    return found is not None and occurrence.after_change and folded(singular(found[1])) in said


def _same_thing(site: Site, occurrence: Occurrence) -> bool:
    """Whether an id is called after the thing that the occurrence is the id of: `order_id` after `POST /orders` gave `uid`.

    A long number that a change just gave is what the next request asks for, whatever both call it.
    """
    if not is_id_name(site.name) or occurrence.kind not in _NAMED_KINDS or not may_identify(occurrence.value):
        return False
    if not (is_id_name(occurrence.name) and len(occurrence.value) >= 3):
        return False
    stem = folded(re.sub(r"[-_]?(?:[a-z]?id|number|no|ref|key|code)$", "", site.name, flags=re.IGNORECASE))
    spoken = folded_text(f"{occurrence.path}/{describe_source(occurrence.source)}")
    return (len(stem) >= 3 and (stem in spoken or singular(stem) in spoken or plural(stem) in spoken)) or (
        occurrence.after_change and len(occurrence.value) >= 6
    )


def _is_number_like(value: str) -> bool:
    """A number, or a few letters and numbers (`1003`, `A-17`); not a file name, nor a word and its version (`SAML2`)."""
    return re.fullmatch(r"(?![A-Za-z]{3,4}\d\Z)[A-Za-z]{0,4}[-_]?\d+", value) is not None


_TELLING_NAME, _LONG_VALUE = 8, 16
"""Letters from which the end of a longer name says what it is, and characters of a value that few others are."""
ID_KINDS = ("hidden input", "json", "xml", "row", "redirect part")
"""Kinds of sources that say of a number what it is the id of."""
LONG_ID = 5
"""Digits from which a number is met by chance more seldom than it is an id."""
_NAMED_KINDS = frozenset(get_args(SourceKind)) - {"body", "cookie"}


def _same_name(site: Site, occurrence: Occurrence) -> bool:
    if not site.name or not occurrence.name or occurrence.kind not in _NAMED_KINDS or _is_an_address(occurrence.value):
        return False
    ours, theirs = folded(site.name), folded(occurrence.name)
    ids = is_id_name(site.name) and is_id_name(occurrence.name)
    if ours == theirs:
        is_telling = ids or len(occurrence.value) >= 4 or _is_sent_as_given(site, occurrence)
        return is_telling and (not is_count_name(site.name) or _is_opaque(occurrence.value))
    if _is_long_number(occurrence.value) and _stem(ours) == _stem(theirs) and not is_count_name(_stem(site.name)):
        return True  # `draft_id` after `draft`
    if not (ours.endswith(theirs) or theirs.endswith(ours)):
        return False
    if occurrence.kind in ("script", "attribute", "meta"):  # `uisessionid` after `var SESSIONID = "70588"`
        return ids and min(len(ours), len(theirs)) >= _TELLING_NAME and len(occurrence.value) >= 4
    if occurrence.kind not in ("json", "hidden input"):
        return False
    if min(len(ours), len(theirs)) >= _TELLING_NAME and (occurrence.after_change or len(occurrence.value) >= _LONG_VALUE):
        return ids or len(occurrence.value) >= _LONG_VALUE  # `loaded_revision_id` after a change gave `revision_id`
    return ids and len(occurrence.value) >= 4


def _is_an_address(value: str) -> bool:
    """Whether a value is a URL or a path; what begins with a slash may be base64, with more behind it."""
    if value.startswith("/"):
        return not any(len(piece) >= _LONG_VALUE and is_token(piece) for piece in re.split("[/,;|]", value))
    return value.startswith("http")


def _is_sent_as_given(site: Site, occurrence: Occurrence) -> bool:
    """Whether a number of three digits is that of a hidden field, or a choice by its words: a form sends what its page gave."""
    if site.location not in ("form", "part") or occurrence.kind not in ("hidden input", "row") or site.name != occurrence.name:
        return False
    return len(occurrence.value) == 3 and occurrence.value.isdigit() and not is_round_or_date(occurrence.value)


def _is_long_number(value: str) -> bool:
    return len(value) >= LONG_ID and value.isdigit()


def _stem(name: str) -> str:
    """A folded name without the word that says that it is an id."""
    return re.sub(r"(?<=...)(?:id|pk|no|ref|number)$", "", name)


def describe(occurrence: Occurrence) -> str:
    """The extractor in the language's words, with the match number when it is not the first."""
    text = describe_source(occurrence.source) + "".join(f" | {' '.join((s[0], *map(repr, s[1:])))}" for s in occurrence.chain)
    return f"{text} nth {occurrence.ordinal}" if occurrence.ordinal > 1 else text


def rejection(candidate: Occurrence, best: Occurrence, eligible: bool) -> str:
    """Why a candidate lost to the best one."""
    if candidate.kind == "cookie":
        return "a cookie: the jar sends it back by itself"
    if not eligible:
        return "not complete before the value was needed, or neither name nor place agree"
    if rank(candidate) > rank(best):
        return f"its extractor ({candidate.kind}) is less stable than {best.kind}"
    return "gives the same value; one source is enough"


def evidence(by_no_chance: bool, changed: bool | None) -> list[str]:
    """What speaks for a source, and what a second recording says of the value."""
    why = "too random to meet by chance" if by_no_chance else "names or places agree"
    found = ["the response ended before the request started", "the value first appeared in a response", why]
    if changed is not None:
        found.append("another value in the second recording" if changed else "the same value in the second recording")
    return found
