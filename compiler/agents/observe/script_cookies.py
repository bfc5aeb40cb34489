"""Cookies that scripts set: no response did, and the browser did not have them when the recording began."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from urllib.parse import unquote, urlsplit

from loadwright.compiler.agents.facts import CLOCK_SLACK, Site
from loadwright.compiler.agents.values import is_token
from loadwright.compiler.recording.model import Entry, header
from loadwright.compiler.recording.sockets import OPEN, RECEIVE, SEND

COOKIE_NAME = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
COOKIE_VALUE = re.compile(r"[!#-+\--:<-\[\]-~]+")
"""What a cookie may be made of (RFC 6265, section 4.1.1)."""
_RUNS = re.compile(r"[\w.+/=-]+", re.ASCII)
_NO_REQUESTS = (OPEN, SEND, RECEIVE)
_ANALYTICS_COOKIE = re.compile(
    r"_ga|_gid|_gat|_gcl|__utm|_fbp|_hj|_pk_|__stripe|amplitude|ajs_|mp_|optimizely|intercom|_clck|_clsk|_uet"
    r"|AMP_(?:[0-9a-f]{8,}|MKTG_|TEST)|amp_[0-9a-f]{6}|AMCVS?_|ph_phc_|_dd_s\b|__hs(?:tc|sc|src)|hubspotutk|_hp2_|_sp_(?:id|ses)\b|fs_uid"
)


def is_analytics_cookie(name: str) -> bool:
    """Whether a cookie of this name belongs to a common analytics or advertising script."""
    return bool(_ANALYTICS_COOKIE.match(name))


def sent_cookies(entry: Entry) -> Iterator[tuple[str, str]]:
    """The names and values of the cookies that a request carries."""
    for pair in (header(entry.request.headers, "cookie") or "").split(";"):
        name, _, value = pair.strip().partition("=")
        if name:
            yield name, value


def holds_token(value: str) -> bool:
    """Whether a cookie looks random; of an encoded text, such as settings in JSON, whether a piece of it does."""
    plain = unquote(value)
    return is_token(value) if plain == value else any(map(is_token, _RUNS.findall(plain)))


def script_cookies(entries: Iterable[Entry]) -> dict[int, list[Site]]:
    """By entry, the cookies that a script had set when it was sent, each where it is sent first and where its value changes.

    Requests that were under way at the same time as the first one have it too: nobody can say which of them comes first.
    """
    ordered = list(entries)
    set_from = _set_by_responses(ordered)
    begun: dict[str, float] = {}
    """Host: when the first answer of it had ended."""
    latest: dict[tuple[str, str], tuple[str, float]] = {}
    """Host and name: the value, and until when the request runs that had it first."""
    elsewhere: set[tuple[str, str]] = set()
    """Names and values that a script set for another host."""
    found: dict[int, list[Site]] = {}
    for entry in ordered:
        host = urlsplit(entry.request.url).netloc
        for name, value in sent_cookies(entry) if entry.request.method not in _NO_REQUESTS else ():
            if set_from.get(name, float("inf")) <= entry.started + CLOCK_SLACK or is_analytics_cookie(name):
                continue
            before, until = latest.get((host, name), ("", 0.0))
            if value != before and entry.started < begun.get(host, float("inf")) and (name, value) not in elsewhere:
                latest[(host, name)] = (value, 0.0)  # the browser had it before
            elif value != before or entry.started < until:
                latest[(host, name)] = (value, max(until, entry.ended) if value == before else entry.ended)
                elsewhere.add((name, value))
                found.setdefault(entry.index, []).append(_site(entry, name, value))
        begun[host] = min(begun.get(host, float("inf")), entry.ended)
    return found


def _site(entry: Entry, name: str, value: str) -> Site:
    return Site(entry.index, entry.started, "cookie", name, name, value)


def _set_by_responses(entries: Iterable[Entry]) -> dict[str, float]:
    """Cookie name: when the first response that sets it had ended."""
    found: dict[str, float] = {}
    for entry in entries:
        for key, value in entry.response.headers:
            if key.lower() == "set-cookie":
                name = value.partition("=")[0].strip()
                found[name] = min(found.get(name, float("inf")), entry.ended)
    return found
