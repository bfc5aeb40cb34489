"""The recording as the rotating server plays it: each entry's request and answer, cut at the session's values."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from email.utils import parsedate_to_datetime
from functools import cached_property
from urllib.parse import urlsplit

from loadwright.compiler.recording.model import Entry, Headers, RecordedRequest, header
from loadwright.compiler.recording.sockets import OPEN
from loadwright.compiler.recording.urls import SOCKJS, host_port, path_template
from loadwright.compiler.rotation.made import MOMENT, UUID, looks_made
from loadwright.compiler.rotation.observe import Value, observe
from loadwright.compiler.rotation.pieces import Cut, cut
from loadwright.compiler.rotation.sites import Site, sites

_TRANSFER = frozenset(
    (
        "content-length",
        "content-encoding",
        "transfer-encoding",
        "connection",
        "keep-alive",
        "date",
        "alt-svc",
        "strict-transport-security",
        "trailer",
        "upgrade",
        "public-key-pins",
        "expect-ct",
        "proxy-connection",
        "content-security-policy",
        "content-security-policy-report-only",
    )
)
"""Headers of the recorded connection, or that would send a browser elsewhere."""
_WIRE = re.compile(r"https?://[^/?#]+")


@dataclass(frozen=True)
class Scene:
    """An entry: what its request must carry, and the answer to give."""

    entry: Entry
    sites: Mapping[tuple[str, str, int], tuple[Site, Cut]]
    headers: tuple[tuple[str, Cut], ...]
    body: Cut | bytes
    births: tuple[str, ...]
    """Values that the server gives in this answer for the first time."""
    known: frozenset[str]
    """The server's values among all."""

    @property
    def host(self) -> str:
        """Of the recorded request, with port."""
        return host_port(self.entry.request.url)

    @cached_property
    def path(self) -> tuple[str | None, ...]:
        """Segments of the path; None for one that differs between sessions."""
        found = [(site, part) for site, part in self.sites.values() if site.where == "path"]
        shown = [None if part.values or is_variable(site.text) else site.text for site, part in found]
        if SOCKJS.search(urlsplit(self.entry.request.url).path):
            shown[-3:-1] = [None, None]  # each client draws its own
        return tuple(shown)

    @cached_property
    def named(self) -> Mapping[tuple[str, str, int], Cut]:
        """The names of fields that hold a value of the server (`qty[48213]`); a clock alone (`&1795637661`) is against caches."""
        names = {place: Cut(site.key, cut(site.key, self.known)) for place, (site, _) in self.sites.items()}
        return {place: name for place, name in names.items() if name.values and not MOMENT.fullmatch(name.text)}

    @property
    def label(self) -> str:
        """Method and path without values, for reports."""
        return f"{self.entry.request.method} {path_template(urlsplit(self.entry.request.url).path)}".rstrip()


def is_variable(text: str) -> bool:
    """Whether a recorded text is of a kind that a client makes anew: an id, a moment."""
    return looks_made(text) or bool(UUID.fullmatch(text) or MOMENT.fullmatch(text))


_LONG_MS = 10_000
"""From here on a request is one that waits for news, beside all others."""


@dataclass(frozen=True)
class Script:
    """All scenes, and the values that change between sessions."""

    scenes: tuple[Scene, ...]
    values: Mapping[str, Value]
    origins: tuple[str, ...]
    """`scheme://host` of each recorded server, in order of appearance."""

    @cached_property
    def hosts(self) -> tuple[str, ...]:
        """`host:port` of each recorded server, in order of appearance."""
        return tuple(dict.fromkeys(host_port(origin) for origin in self.origins))

    @cached_property
    def by_shape(self) -> Mapping[tuple[str, str, int], Sequence[Scene]]:
        """Scenes by method, host and depth of path."""
        found: dict[tuple[str, str, int], list[Scene]] = defaultdict(list)
        for scene in self.scenes:
            found[scene.entry.request.method, scene.host, len(scene.path)].append(scene)
        return found

    @cached_property
    def side_by_side(self) -> Mapping[int, int]:
        """Entry: the number of the run of requests that it overlaps, one with the next; long ones (a poll) join nothing."""
        found: dict[int, int] = {}
        number, until = 0, float("-inf")
        for entry in sorted((s.entry for s in self.scenes), key=lambda e: (e.started, e.index)):
            number += entry.started >= until
            found[entry.index] = number
            if entry.ended - entry.started < _LONG_MS:
                until = max(until, entry.ended)
        return found

    def rotated(self) -> tuple[Value, ...]:
        """The server's values."""
        return tuple(v for v in self.values.values() if v.by_server)


def make_script(entries: Sequence[Entry], others: Sequence[Sequence[Entry]] = (), captured: Collection[str] = ()) -> Script:
    """Prepare a recording (its entries that take part) for playing; other recordings of the journey show what is constant.

    `captured` are recorded values that the Plan to be proved takes from answers, or draws: these change whatever they look like.
    """
    playable = [e for e in entries if e.response.status >= 200 or e.request.method == OPEN]
    values = {v.text: v for v in observe(playable, others, captured)}
    origins = _origins(playable)
    births: dict[int, list[str]] = defaultdict(list)
    for value in values.values():
        if value.by_server:
            births[value.entry].append(value.text)
    server = frozenset(v.text for v in values.values() if v.by_server)
    targets = (*values, *origins)
    ordered = sorted(playable, key=lambda e: (e.started, e.index))
    return Script(tuple(_scene(e, targets, births[e.index], server) for e in ordered), values, origins)


def cut_sites(request: RecordedRequest, targets: Iterable[str]) -> dict[tuple[str, str, int], tuple[Site, Cut]]:
    """Each site of a request with its values found."""
    known = tuple(targets)
    return {site.place: (site, Cut(site.text, cut(site.text, known))) for site in sites(request)}


def _scene(entry: Entry, targets: Sequence[str], births: Sequence[str], server: frozenset[str]) -> Scene:
    headers = tuple(
        (name, Cut(text, cut(text, targets)))
        for name, value in (*entry.response.headers, *_unsaid_type(entry))
        if name.lower() not in _TRANSFER and not name.startswith(":")
        for text in [_header(name, value, entry)]
    )
    body: Cut | bytes = entry.response.data
    if entry.response.text is not None:
        body = Cut(entry.response.text, cut(entry.response.text, targets))
    return Scene(entry, cut_sites(entry.request, targets), headers, body, tuple(births), server)


def _unsaid_type(entry: Entry) -> Headers:
    """The type of a body that the browser took from its cache: the headers are then those of a 304, which has none."""
    response = entry.response
    if not response.media_type or not response.data or header(response.headers, "content-type"):
        return ()
    return (("Content-Type", response.media_type),)


def _header(name: str, value: str, entry: Entry) -> str:
    if name.lower() == "set-cookie":
        return _cookie(value, entry)
    if name.lower() == "content-type" and entry.response.text is not None:
        return re.sub(r"(charset=)\"?[^\";\s]+\"?", r"\g<1>utf-8", value)
    return value


def _cookie(value: str, entry: Entry) -> str:
    """A cookie for this machine: no domain, not bound to TLS; an end that lay ahead when recorded is left out."""
    pair, *attributes = value.split(";")
    kept = [pair]
    for attribute in attributes:
        name, _, text = attribute.strip().partition("=")
        match name.lower():
            case "domain" | "secure" | "partitioned":
                continue
            case "expires" if not _has_ended(text, entry):
                continue
            case "samesite" if text.lower() == "none":
                continue
            case _:
                kept.append(attribute.strip())
    return "; ".join(kept)


def _has_ended(text: str, entry: Entry) -> bool:
    try:
        moment = parsedate_to_datetime(text.replace("-", " ")).timestamp() * 1000
    except (ValueError, TypeError, OverflowError):
        return False
    return moment <= entry.ended


def _origins(entries: Sequence[Entry]) -> tuple[str, ...]:
    found = (match[0] for e in entries if (match := _WIRE.match(e.request.url)))
    return tuple(dict.fromkeys(found))


def received_as(request: RecordedRequest, host_url: str) -> RecordedRequest:
    """A received request with the URL of the recorded host it is for."""
    parts = urlsplit(request.url)
    return replace(request, url=f"{host_url}{parts.path or '/'}" + (f"?{parts.query}" if parts.query else ""))
