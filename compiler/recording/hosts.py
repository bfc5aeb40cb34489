"""Which hosts of a recording belong to the journey."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct

from loadwright.compiler.recording.kinds import is_call, is_document, is_static, never_sent
from loadwright.compiler.recording.model import Entry, header
from loadwright.compiler.recording.services import service_kind
from loadwright.compiler.recording.urls import host_name, host_port, is_local, site


def host_reasons(entries: Sequence[Entry]) -> dict[str, str]:
    """For each `host:port`, why it is left out by default; empty for hosts that belong to the journey.

    These belong: the host of the first page, other hosts of its site, other local hosts when it is local, and hosts on
    other sites that the journey goes through: by a redirect, a form that is sent there, a page that leads back (an identity
    provider), or JSON answers to the page's scripts (an API). Services known to be on the side (analytics,
    fonts, public CDNs…) never do, unless the journey starts there.
    """
    found = list(dict.fromkeys(host for entry in entries if (host := host_port(entry.request.url))))
    names = {host: _name(host) for host in found}
    first = _first_host(entries)
    kept = {host for host in found if host == first or _belongs(names[host], names.get(first, ""))}
    hops = [_hop(entry) for entry in entries if entry.response.status and not never_sent(entry)]
    while more := {host for host in _reached(hops, kept) if host in names and not service_kind(names[host])} - kept:
        kept |= more
    home = site(names.get(first, ""))
    return {host: "" if host in kept else service_kind(names[host]) or f"another site than {home}" for host in found}


def _name(host: str) -> str:
    return host.rpartition(":")[0].strip("[]")


def _first_host(entries: Sequence[Entry]) -> str:
    usable = [entry for entry in entries if not never_sent(entry) and not service_kind(host_name(entry.request.url))]
    answered = [entry for entry in usable if entry.response.status]
    choices = (
        *(entry for entry in answered if is_document(entry)),
        *(entry for entry in answered if not is_static(entry)),
        *answered,
        *usable,
        *(entry for entry in entries if not never_sent(entry)),
    )
    return host_port(choices[0].request.url) if choices else ""


def _belongs(host: str, first: str) -> bool:
    return not service_kind(host) and (site(host) == site(first) or (is_local(host) and is_local(first)))


class _Hop(Struct, frozen=True):
    """An answered entry as a move between hosts: where it went, where it was sent on to, where it came from."""

    entry: Entry
    host: str
    onward: str
    origin: str


def _hop(entry: Entry) -> _Hop:
    headers = entry.request.headers
    origin = host_port(header(headers, "referer") or header(headers, "origin") or "")
    return _Hop(entry, host_port(entry.request.url), host_port(entry.response.redirect or ""), origin)


def _reached(hops: Sequence[_Hop], kept: set[str]) -> set[str]:
    """Hosts that the journey goes on to from the hosts known so far."""
    leading_back = {hop.host for hop in hops if hop.onward in kept}
    leading_back |= {hop.origin for hop in hops if hop.host in kept and is_document(hop.entry)}
    reached: set[str] = set()
    for hop in hops:
        if hop.host in kept:
            if hop.onward and not is_static(hop.entry):
                reached.add(hop.onward)
        elif is_document(hop.entry):
            if hop.entry.request.method == "POST" or hop.host in leading_back:
                reached.add(hop.host)
        elif is_call(hop.entry) and hop.entry.response.media_type.endswith("json") and hop.origin in kept:
            reached.add(hop.host)
    return reached
