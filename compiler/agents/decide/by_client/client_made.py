"""What the client made by itself: identifiers, times, PKCE pairs, nonces."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import datetime

from msgspec import Struct
from msgspec.structs import replace

from loadwright.compiler.agents.decide.by_client.client_ids import (
    another_id,
    client_ids,
    drawn_names,
    names_of_one_client,
    tab_ids,
    users_keys,
)
from loadwright.compiler.agents.facts import Facts, Site
from loadwright.compiler.agents.names import folded, is_nonce_name
from loadwright.compiler.agents.observe.decodings import decodings
from loadwright.compiler.agents.observe.fragments import fragments
from loadwright.compiler.agents.observe.inside import inner_sites
from loadwright.compiler.agents.values import ISO_TIME, UUID, is_token
from loadwright.compiler.plan.functions import FUNCTIONS
from loadwright.compiler.plan.template import Call, Part, call
from loadwright.compiler.recording.kinds import path_of
from loadwright.compiler.recording.model import Entry
from loadwright.compiler.recording.urls import SOCKJS

NEAR = 15 * 60_000
"""Milliseconds between a time in a request and the request itself for it to be the client's clock."""

_WITH_A_CLOCK = re.compile(r"(?:[A-Za-z]{1,20}[-_.]?)?(\d{13})\d{0,7}")
"""How scripts name what they make: a word and the time; and how they avoid caches: the time and more digits."""


_DRAWN = re.compile(r"0\.\d{14,18}")
"""What `Math.random()` gives, and by which names scripts send that to avoid caches."""
_AGAINST_CACHES = frozenset(("", "r", "rn", "rnd", "rand", "random", "nocache", "cb", "cachebuster", "bust", "ord", "x"))


_AS_A_NAME = re.compile(f"((?:urn:)?uuid:){UUID.pattern}", re.IGNORECASE)
"""A UUID as a name (RFC 9562, section 4): how messages of web services are called."""
_FUNCTION = re.compile(r"([A-Za-z_$]+)[A-Za-z0-9_$]{8,80}")
_BEFORE_A_CALL = 10
"""Characters before the call in an answer: a comment against attacks (`/**/`), white space."""
_OF_A_MESSAGE = re.compile(r"(?:message|request|correlation|transaction|trace|conversation)_?(?:id|uuid|guid)", re.IGNORECASE)


class ClientMade(Struct, frozen=True):
    """A value that the client made, and what makes a new one."""

    value: str
    part: Part
    name: str
    reason: str
    function: str = ""
    derived_from: ClientMade | None = None
    varies: bool = False
    """Whether a second recording must not have the same."""
    shared: bool = False
    """Whether something else is derived from it, so that it needs a name."""
    before: str = ""
    """What stands before what is random in it: it says of which kind it is."""
    in_two: bool = False
    """Whether a second recording must have another one."""


Made = dict[tuple[int, str, str], ClientMade]
_OF_CLOCKS = ("query", "form", "json", "part")
_KIND = re.compile(r"[A-Za-z]{1,12}[._-]")
_MINUTE = 60_000
_FURTHEST = 400 * 24 * 60 * _MINUTE
"""Milliseconds from now up to which a time is looked upon as reckoned from it."""
_DAY, _LOOKED = 24 * 60 * _MINUTE, 5000
"""Milliseconds of a day, and those before its request in which a script looks at the clock."""


def client_made(entries: Sequence[Entry], facts: Facts, server_made: Callable[[str], bool]) -> Made:
    """For each site (entry, location, key) whose value the client made: what it is."""
    sites = [site for entry in entries for site in facts.sites[entry.index] if site.value and not server_made(site.value)]
    found: Made = {**_pkce(sites), **_sent_twice(sites)}
    ids, tabs = client_ids(entries, facts, sites), tab_ids(sites)
    drawn = drawn_names(sites)
    reasons = (
        dict.fromkeys(tabs, "what a script calls its page by")
        | dict.fromkeys(drawn, "what a script calls a session, an upload or a stream of its own by")
        | dict.fromkeys(ids, "an id that a script gave to what it made")
    )
    ids = tabs | drawn | ids
    of_one = names_of_one_client(sites)
    for site in sites:
        if site.value in ids and (site.entry, *site.identity) not in found:
            found[(site.entry, *site.identity)] = _another(site, ids[site.value], reasons[site.value])
        elif site.value in of_one and (site.entry, *site.identity) not in found:
            of_itself = _another(site, of_one[site.value], "what a script calls itself by")
            found[(site.entry, *site.identity)] = replace(of_itself, in_two=True)
    found = {**_away_from_now(sites), **_of_sockjs(entries, sites), **found}
    keys = users_keys(sites)
    for site in sites:
        key = (site.entry, *site.identity)
        if key not in found and site.value not in keys and (made := _single(site)) and not _holds_what_was_given(site, server_made):
            found[key] = made
    for entry in entries:
        for site in facts.sites[entry.index]:
            if site.location == "query" and (called := _called_back(site, entry)):
                found[entry.index, *site.identity] = called
    for inner in (one for site in sites for one in inner_sites(site) if not server_made(one.value)):
        if (made := _in_a_document(inner)) and not _holds_what_was_given(inner, server_made):
            found[inner.entry, *inner.identity] = made
    return found


def _another(site: Site, name: str, reason: str) -> ClientMade:
    """An id of the same kind: the word before it stays (`WEB-1795511956533`), and a clock behind that is a clock again."""
    clock = _WITH_A_CLOCK.fullmatch(site.value)
    if clock and clock.end(1) == len(site.value) and abs(int(clock[1]) - site.started) < NEAR:
        before = site.value[: clock.start(1)]
        return ClientMade(site.value, call("now", "ms"), name, reason, shared=True, varies=True, before=before)
    before, drawn = _of_a_kind(site.value)
    return ClientMade(site.value, another_id(drawn), name, reason, shared=True, varies=True, before=before)


def _of_sockjs(entries: Sequence[Entry], sites: Sequence[Site]) -> Made:
    """The number and the name of each connection of SockJS, which its protocol lets the client draw.

    A server may hold what comes under the name of one that is open for the same connection.
    """
    reason = "what a client of SockJS draws for each connection"
    paths = {entry.index: path_of(entry) for entry in entries}
    ends = {index: path.count("/") for index, path in paths.items() if SOCKJS.search(path)}
    found: Made = {}
    for site in (site for site in sites if site.location == "path" and site.entry in ends):
        key, end = (site.entry, *site.identity), ends[site.entry]
        if site.key == str(end - 1):
            found[key] = ClientMade(site.value, another_id(site.value), "connection", reason, shared=True, varies=True)
        elif site.key == str(end - 2):
            found[key] = ClientMade(site.value, call("random", "100", "999"), "server", reason, varies=True)
    return found


def _called_back(site: Site, entry: Entry) -> ClientMade | None:
    """What a script calls the function that the answer calls (`jQuery3510_1700000000123({…})`, JSONP)."""
    named = _FUNCTION.fullmatch(site.value)
    if (
        named is None
        or not is_token(site.value)
        or f"{site.value}(" not in (entry.response.text or "")[: _BEFORE_A_CALL + len(site.value)]
    ):
        return None
    made = call("random_string", str(len(site.value) - len(named[1])))
    return ClientMade(site.value, made, site.name, "the name of the function that the answer calls", shared=True, before=named[1])


def _in_a_document(site: Site) -> ClientMade | None:
    """What a script puts into each document that it sends: a message's own id, the clock. Other ids may be of what was there."""
    is_of_a_message = UUID.fullmatch(site.value) is not None and _OF_A_MESSAGE.fullmatch(site.name) is not None
    return _single(site) if is_of_a_message or _AS_A_NAME.fullmatch(site.value) or _clock(site) else None


def _holds_what_was_given(site: Site, server_made: Callable[[str], bool]) -> bool:
    """Whether a random value has a piece that an answer gave, or encodes one: a script added its own (`56409c6169b2-1`)."""
    if UUID.fullmatch(site.value):
        return False
    texts = (site.value, *(text for _, text in decodings(site.value)))
    pieces = (piece for text in texts for piece in (text, *(one.value for one in fragments(text))))
    return any(is_token(piece) and server_made(piece) for piece in pieces)


def _away_from_now(sites: Sequence[Site]) -> Made:
    """Times as far from the client's clock as scripts reckon, to the millisecond: the last 24 hours, the next 15 minutes."""
    told = [(site, *_moment(site)) for site in sites if site.location in _OF_CLOCKS]
    told = [(site, unit, moment) for site, unit, moment in told if unit and moment % _MINUTE]
    nearest: dict[tuple[str, int], float] = {}
    """Unit and milliseconds within the minute: of the times that have them, the one nearest to its request."""
    for site, unit, moment in sorted(told, key=lambda one: abs(one[2] - one[0].started)):
        if abs(moment - site.started) < NEAR:
            nearest.setdefault((unit, round(moment % _MINUTE)), moment)
    beside = {site.entry for site, _, moment in told if abs(moment - site.started) < NEAR}
    found: Made = {}
    for site, unit, moment in told:
        away = round(moment - nearest.get((unit, round(moment % _MINUTE)), moment))
        if not away and site.entry not in beside:
            away = _whole_days(site.started, moment)
        if _MINUTE <= abs(away) < _FURTHEST:
            reason = f"the client's clock ({unit}), {_offset(away)}"
            found[(site.entry, *site.identity)] = ClientMade(
                site.value, call("now", unit, _offset(away)), site.name, reason, varies=True
            )
    return found


def _whole_days(sent: float, moment: float) -> int:
    """The milliseconds of the days that a time lies from the moment in which it was sent; 0 where those are not whole."""
    days = round((moment - sent) / _DAY) * _DAY
    return days if 0 <= sent + days - moment < _LOOKED else 0


def _offset(milliseconds: int) -> str:
    """Whole minutes as the language writes an offset: `-1d`, `+1h30m`."""
    minutes = abs(milliseconds) // _MINUTE
    parts = ((minutes // 1440, "d"), (minutes // 60 % 24, "h"), (minutes % 60, "m"))
    return ("-" if milliseconds < 0 else "+") + "".join(f"{number}{unit}" for number, unit in parts if number)


def _sent_twice(sites: Sequence[Site]) -> Made:
    """Random values that a script puts into a cookie and sends beside it, which the server compares (double submit)."""
    in_cookies = {s.value for s in sites if s.location == "cookie" and is_token(s.value) and re.fullmatch(r"[\w.~-]+", s.value)}
    beside = {s.value for s in sites if s.location in ("header", "form", "json", "query") and s.value in in_cookies}
    reason = "a script puts it into a cookie and sends it beside that"
    made: Made = {}
    for site in (s for s in sites if s.value in beside):
        kind, drawn = _of_a_kind(site.value)
        part = call("uuid") if UUID.fullmatch(drawn) else call("random_string", str(len(drawn)))
        made[site.entry, *site.identity] = ClientMade(site.value, part, site.name, reason, shared=True, before=kind)
    return made


def _of_a_kind(value: str) -> tuple[str, str]:
    """The letters and the mark by which a token begins, if it does (`t.` of `t.UKr6ndpVRViogIRb14VD`), and the rest of it."""
    found = None if UUID.fullmatch(value) else _KIND.match(value)
    return (found[0], value[found.end() :]) if found and is_token(value[found.end() :]) else ("", value)


def _single(site: Site) -> ClientMade | None:
    value = site.value
    if UUID.fullmatch(value) and site.location != "path":
        return ClientMade(value, call("uuid"), site.name, "a UUID that no response held before", varies=True)
    if site.location == "path":
        return None
    if named := _AS_A_NAME.fullmatch(value):
        reason = "the name of a UUID that no response held before"
        return ClientMade(value, call("uuid"), site.name, reason, varies=True, shared=True, before=named[1])
    if site.name == "code_challenge" and re.fullmatch(r"[A-Za-z0-9_-]{43}", value):
        made = call("pkce_challenge", call("random_string", "64"))
        return ClientMade(value, made, site.name, "a PKCE challenge of a login that the recording does not finish")
    if unit := _clock(site):
        return ClientMade(value, call("now", unit), site.name, f"the client's clock ({unit})")
    if site.location == "query" and folded(site.name) in _AGAINST_CACHES and _DRAWN.fullmatch(value):
        made = call("random", str(10**14), str(10**15 - 1))
        return ClientMade(
            value, made, "random", "a fraction that a script draws against caches", varies=True, shared=True, before="0."
        )
    if site.location == "json" and site.key.endswith("/historyState/key") and re.fullmatch(r"[a-z0-9]{5,12}", value):
        made = call("lower", call("random_string", str(len(value))))
        return ClientMade(value, made, site.name, "what a router calls a place in the browser's history")
    if is_token(value) and is_nonce_name(site.name) and re.fullmatch(r"[\w.~-]+", value):
        return ClientMade(value, call("random_string", str(len(value))), site.name, "a random value by its name and look")
    return None


def _clock(site: Site) -> str:
    value = site.value
    if re.fullmatch(r"\d{10}", value) and abs(int(value) * 1000 - site.started) < NEAR:
        return "s"
    unit, moment = _moment(site)
    is_chosen = moment % _MINUTE == 0 and (unit == "ms" or "." in value)  # `09:30:00.000`, as users choose
    return unit if unit and not is_chosen and abs(moment - site.started) < NEAR else ""


def _moment(site: Site) -> tuple[str, float]:
    """How a value says a point in time to the millisecond, and which one; nothing where it says none."""
    value = site.value
    if len(value) == 13 and value.isascii() and value.isdigit():
        return "ms", float(value)
    if ISO_TIME.fullmatch(value):
        with suppress(ValueError):
            return "iso", datetime.fromisoformat(value.replace("Z", "+00:00")).timestamp() * 1000
    return "", 0.0


def clock_inside(site: Site) -> tuple[int, int] | None:
    """Where a value holds the client's clock (milliseconds): behind a word (`upload1700000000123`), or before more digits."""
    found = _WITH_A_CLOCK.fullmatch(site.value) if site.location != "path" else None
    return found.span(1) if found and abs(int(found[1]) - site.started) < NEAR else None


def _pkce(sites: Sequence[Site]) -> Made:
    """Challenges whose verifier stands in the recording as well (RFC 7636): S256, or plain by being equal."""
    challenges = {s.value: s for s in sites if "challenge" in s.name.lower() and len(s.value) == 43}
    found: Made = {}
    compute = FUNCTIONS["pkce_challenge"].evaluate
    if not challenges or compute is None:
        return found
    for site in sites:
        if not re.fullmatch(r"[A-Za-z0-9._~-]{43,128}", site.value):
            continue
        challenge = challenges.get(compute(site.value))
        if challenge is None:
            continue
        verifier = ClientMade(
            site.value, call("random_string", str(len(site.value))), site.name, "the verifier of a PKCE pair", shared=True
        )
        found[(site.entry, *site.identity)] = verifier
        derived = Call(function="pkce_challenge")
        for same in (s for s in sites if s.value == challenge.value):
            found[(same.entry, *same.identity)] = ClientMade(
                challenge.value, derived, same.name, "the challenge of a PKCE pair", "pkce_challenge", verifier
            )
    return found
