"""Ids that a script gives to what it makes (a UUID, a ULID, a nanoid), before any response tells of them."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence

from loadwright.compiler.agents.decide.by_user.unique import is_a_name
from loadwright.compiler.agents.facts import Facts, Site
from loadwright.compiler.agents.names import is_fixed_name, plain_name, singular
from loadwright.compiler.agents.observe.wanted import may_be_drawn
from loadwright.compiler.agents.secret_names import is_credential_field, is_credential_header, is_secret_name
from loadwright.compiler.agents.values import UUID, is_token
from loadwright.compiler.plan.template import Part, call
from loadwright.compiler.recording.model import Entry

_ID_NAME = re.compile(r"(?:^|[a-z0-9]_?|_)(?:id|Id|ID|uuid|Uuid|UUID|guid|Guid|ulid)$|^_?(?:id|key)$")
_CALLED = re.compile(r"(?=.*[0-9A-Z])[A-Za-z0-9][A-Za-z0-9_-]{9,39}")
_ULID = re.compile(r"[0-7][0-9A-HJKMNP-TV-Z]{25}")
_RANDOM = re.compile(r"[A-Za-z0-9_-]{8,40}")
_GUARD = re.compile(r"auth|[cx]srf|token|key|sign|hmac|digest|secret|cookie|referer|origin|etag|match", re.IGNORECASE)
_OF_SCRIPTS = re.compile(r"[cx]srf|forgery|session", re.IGNORECASE)
"""Headers for which scripts make a value of their own, too."""
_HEX = re.compile(r"(?:[0-9a-f]{2}){6,20}")
_DRAWN = re.compile(r"[a-z0-9]{8,13}")
"""What `Math.random().toString(36)` gives behind its point."""
_OF_THE_CLIENT = re.compile(
    r"(?:^|_)(?:session|upload|request|connection|tab|window|stream|subscription)_?(?:id|hash|key|uid|name)?$", re.IGNORECASE
)
"""What scripts call a thing of their own: the session of a page, an upload, a stream of events."""
_OF_ONE_CLIENT = re.compile(r"(?:^|_)(?:client|device|peer|browser|instance|member|participant)_?(?:id|key|uid)?$", re.IGNORECASE)
"""What scripts call themselves by, and what may be an application's, which is the same for all."""


def client_ids(entries: Sequence[Entry], facts: Facts, sites: Sequence[Site]) -> dict[str, str]:
    """Those among the values of `sites`, which the client sent first, that are ids of what a request makes, each with its name."""
    by_entry = {entry.index: entry for entry in entries}
    in_paths = {site.value for sites in facts.sites.values() for site in sites if site.location == "path"}
    found: dict[str, str] = {}
    first: dict[str, int] = {}
    """Value: the entry that sent it first; what is spoken of before it is made was there."""
    for site in sites:
        entry = by_entry[site.entry]
        if (
            first.setdefault(site.value, site.entry) != site.entry
            or site.value in found
            or not _CALLED.fullmatch(site.value)
            or site.value.isdigit()
            or not is_token(site.value)
            or is_a_name(site, facts, entries)
        ):
            continue
        if _is_put(site, entry) or (_is_given_to_something(site, entry) and (site.value in in_paths or _is_told(site, entry))):
            found[site.value] = site.name or f"{singular(site.context)}_id"
    return found


def tab_ids(sites: Sequence[Site]) -> dict[str, str]:
    """By what a script calls the page that it runs in, in a header of its own: `push-ref: k3j9x0a7pq`, each with its name.

    Several of them in one recording, each sent with several requests, are no key and no signature; a single one is
    this where the address of what the server sends back to the page has it too. No response told them before. Some are
    letters by chance: of the same length as the others.
    """
    sent: dict[str, dict[str, set[int]]] = defaultdict(lambda: defaultdict(set))
    for site in sites:
        if site.location == "header" and _RANDOM.fullmatch(site.value) and not _is_of_a_guard(site):
            sent[site.name.lower()][site.value].add(site.entry)
    in_queries = {site.value for site in sites if site.location == "query"}
    found: dict[str, str] = {}
    for name, every in sent.items():
        lengths = {len(value) for value in every if is_token(value)}
        values = {value: entries for value, entries in every.items() if lengths == {len(value)} or is_token(value)}
        again = [value for value, entries in values.items() if len(entries) > 1]
        if len(again) == len(values) and (len(again) > 1 or not in_queries.isdisjoint(again)):
            found.update(dict.fromkeys(again, name))
    return found


def drawn_names(sites: Sequence[Site]) -> dict[str, str]:
    """By what a script calls a thing of its own (`session_hash=8tw01hzpn0i`), which several requests speak of, each with its name.

    No response told it before; it looks as scripts draw such names, so it is no key, no signature and no digest.
    """
    sent: dict[str, set[int]] = defaultdict(set)
    names: dict[str, str] = {}
    for site in sites:
        if site.location in ("query", "form", "json", "part") and _is_of_the_client(site):
            names.setdefault(site.value, site.name)
            sent[site.value].add(site.entry)
    return {value: name for value, name in names.items() if len(sent[value]) > 1}


def names_of_one_client(sites: Sequence[Site]) -> dict[str, str]:
    """By what a script calls itself (`clientId: "bnjucroftyib"`) in several requests, if a second recording has another one."""
    sent: dict[str, set[int]] = defaultdict(set)
    names: dict[str, str] = {}
    for site in sites:
        is_drawn = _DRAWN.fullmatch(site.value) and not site.value.isdigit() and (is_token(site.value) or may_be_drawn(site.value))
        if is_drawn and site.location in ("query", "form", "json", "part") and _OF_ONE_CLIENT.search(plain_name(site.name)):
            names.setdefault(site.value, site.name)
        if is_drawn:
            sent[site.value].add(site.entry)
    return {value: name for value, name in names.items() if len(sent[value]) > 1}


def users_keys(sites: Sequence[Site]) -> set[str]:
    """UUIDs with which the user comes in, for each of several requests shows the same one in a header that lets its sender in.

    No script makes such a key: the server knows it. A token against forgery and the id of a session may be made by one.
    """
    shown: dict[str, set[int]] = defaultdict(set)
    for site in sites:
        is_key = site.location == "header" and is_credential_header(site.name, site.value) and not _OF_SCRIPTS.search(site.name)
        if is_key and UUID.fullmatch(site.value):
            shown[site.value].add(site.entry)
    return {value for value, entries in shown.items() if len(entries) > 1}


def _is_of_the_client(site: Site) -> bool:
    is_drawn = _DRAWN.fullmatch(site.value) and not site.value.isdigit() and is_token(site.value)
    return bool(is_drawn) and _OF_THE_CLIENT.search(plain_name(site.name)) is not None


def _is_of_a_guard(site: Site) -> bool:
    """Whether the header lets its sender in, or shows who sends it."""
    is_secret = is_secret_name(site.name) or is_credential_field(site.name, site.value)
    return is_secret or _GUARD.search(plain_name(site.name)) is not None


def another_id(value: str) -> Part:
    """What makes an id of the same kind."""
    if UUID.fullmatch(value):
        return call("uuid")
    if _ULID.fullmatch(value):
        return call("upper", call("hex", call("random_string", "13")))
    if _HEX.fullmatch(value):
        return call("hex", call("random_string", str(len(value) // 2)))
    made = call("random_string", str(len(value)))
    return call("lower", made) if value == value.lower() else call("upper", made) if value == value.upper() else made


def _is_given_to_something(site: Site, entry: Entry) -> bool:
    """Whether a change carries it as an id."""
    if entry.request.method not in ("POST", "PUT", "PATCH") or site.location not in ("form", "json", "part"):
        return False
    is_an_id = _ID_NAME.search(plain_name(site.name)) is not None
    return is_an_id and (not is_fixed_name(site.name) or _is_told_as_id(site, entry))


def _is_put(site: Site, entry: Entry) -> bool:
    """Whether it is the last segment of a path that is put to: the request makes what is called so (RFC 9110, section 9.3.4).

    So does one that begins an upload in parts, as S3 and what speaks its protocol write it: `POST /photos/8f3a…/a.jpg?uploads`.
    """
    path, _, asked = entry.request.url.partition("?")
    if entry.request.method == "POST" and asked in ("uploads", "uploads="):
        return site.location == "path" and UUID.fullmatch(site.value) is not None
    path = path.rstrip("/")
    return entry.request.method == "PUT" and site.location == "path" and path.endswith(f"/{site.value}")


def _is_told_as_id(site: Site, entry: Entry) -> bool:
    """Whether the answer calls what was made by it, so that even a `client_id` is no application's."""
    return re.search(rf'"id"\s*:\s*"{re.escape(site.value)}"', entry.response.text or "") is not None


def _is_told(site: Site, entry: Entry) -> bool:
    """Whether the answer tells of it."""
    return site.value in (entry.response.text or "")
