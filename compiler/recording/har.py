"""Reads recordings in HAR form, whatever tool wrote them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import cast

import orjson

from loadwright.compiler.diagnostics import Diagnostic, LoadwrightError
from loadwright.compiler.recording.charsets import UNNAMED, other_charset
from loadwright.compiler.recording.decode import read_json
from loadwright.compiler.recording.fields import EntryNotes, Notes, mapping, number, sequence, text
from loadwright.compiler.recording.kernels import speaks_of_kernels, without_protocol
from loadwright.compiler.recording.kinds import is_html, never_sent
from loadwright.compiler.recording.messages import read_request, read_response
from loadwright.compiler.recording.model import Entry, Page, RecordedRequest, Recording, header
from loadwright.compiler.recording.pieces import Pieces, log_in_pieces
from loadwright.compiler.recording.redirects import redirect_sources
from loadwright.compiler.recording.sockets import read_messages, web_url
from loadwright.compiler.recording.urls import host_port
from loadwright.compiler.recording.workers import WORKER, through_workers

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_DESTINATIONS = {
    "document": "document",
    "iframe": "iframe",
    "frame": "iframe",
    "style": "stylesheet",
    "script": "script",
    "worker": "script",
    "serviceworker": "script",
    "sharedworker": "script",
    "image": "image",
    "font": "font",
    "audio": "media",
    "video": "media",
    "track": "media",
    "manifest": "manifest",
    "report": "report",
    "empty": "fetch",
}
"""Sec-Fetch-Dest (Fetch Metadata, section 2.1) in the words of browsers' HARs."""


def read_har(path: Path, name: str = "") -> tuple[Recording, list[Diagnostic]]:
    """The recording in a HAR file (versions 1.1 and 1.2), and warnings that name the entries with oddities.

    What an entry lacks is made up for where that is safe; an entry without a usable URL is left out. Entries are
    in the order in which they started, and keep their position in the file as index. `name` is the file's unless given.
    Raises LoadwrightError when the file cannot be read or is no HAR.
    """
    name = name or path.name
    log = log_in_pieces(path)
    if log is not None:
        try:
            return _read(log, Notes(name))
        except orjson.JSONDecodeError:
            pass  # an entry is no strict JSON
    notes = Notes(name)
    return _read(_log(read_json(path, notes), name), notes)


def read_log(log: dict[str, object], name: str) -> tuple[Recording, list[Diagnostic]]:
    """The recording in the `log` of a HAR that was not read from a file, and warnings; see `read_har`."""
    return _read(log, Notes(name))


def _read(log: dict[str, object], notes: Notes) -> tuple[Recording, list[Diagnostic]]:
    creator = " ".join(text(mapping(log.get("creator")).get(key)) for key in ("name", "version")).strip()
    raw_entries = cast("Sequence[object]", log["entries"])
    starts = (_instant(mapping(raw).get("startedDateTime")) for raw in raw_entries)
    first = next((start for start in starts if start is not None), None)
    timed = first is not None
    entries = through_workers(sorted(_entries(raw_entries, creator, first, notes), key=lambda entry: (entry.started, entry.index)))
    recording = Recording(notes.file, _follow_in_time(entries), tuple(_pages(log.get("pages"))), creator, timed)
    _remark(recording, notes)
    return recording, notes.diagnostics()


def _log(document: object, file: str) -> dict[str, object]:
    hint = 'a HAR is an object `{"log": {"entries": [...]}}`: export the recording as HAR 1.2'
    if not isinstance(document, dict):
        raise LoadwrightError(Diagnostic("har-no-har", "the file is no HAR: $ is no object", hint, place=file))
    log = document.get("log")
    if not isinstance(log, dict):
        problem = "$.log is missing" if "log" not in document else "$.log is no object"
        raise LoadwrightError(Diagnostic("har-no-har", f"the file is no HAR: {problem}", hint, place=file))
    if not isinstance(log.get("entries"), list):
        problem = "$.log.entries is missing" if "entries" not in log else "$.log.entries is no array"
        raise LoadwrightError(Diagnostic("har-no-har", f"the file is no HAR: {problem}", hint, place=file))
    return log


def _pages(value: object) -> Iterator[Page]:
    for item in sequence(value):
        page = mapping(item)
        if text(page.get("id")):
            started = _instant(page.get("startedDateTime")) or 0.0
            yield Page(text(page.get("id")), text(page.get("title")).strip(), started, page.get("_step") is True)


# --- entries ----------------------------------------------------------------------------------------------------------


def _entries(raw_entries: Sequence[object], creator: str, first: float | None, notes: Notes) -> Iterator[Entry]:
    clock = first or 0.0
    texts: dict[str, str] = {}
    for index, item in enumerate(raw_entries.used_up() if isinstance(raw_entries, Pieces) else raw_entries):
        at = notes.at(index)
        if not isinstance(item, dict):
            at.warn("har-bad-entry", "the entry is no object; it was left out")
            continue
        request = read_request(mapping(item.get("request")), at)
        if request is None:
            continue
        entry = _entry(index, item, request, creator, texts, at)
        if entry.started < 0:
            if first is not None:
                at.warn("har-no-start", "`startedDateTime` is missing or not valid; the entry was put after the one before it")
            entry = replace(entry, started=clock, ended=clock + max(0.0, entry.ended))
        clock = entry.ended
        yield entry


def _entry(
    index: int, item: dict[str, object], request: RecordedRequest, creator: str, texts: dict[str, str], notes: EntryNotes
) -> Entry:
    """The entry; without a usable start, `started` is -1 and `ended` its duration. A body that `texts` has is kept once."""
    started = _instant(item.get("startedDateTime"))
    duration = _duration(item, notes)
    resource = _resource(item, request)
    response = read_response(item.get("response"), request, texts, notes)
    of_kernel = resource == "websocket" and speaks_of_kernels(response.headers)
    messages = read_messages(item, started or 0.0, notes, of_kernel=of_kernel) if resource == "websocket" else ()
    if messages:
        request = replace(request, url=web_url(request.url))
    if of_kernel and any(message.text is not None for message in messages):
        request = replace(request, headers=without_protocol(request.headers))
        notes.warn(
            "socket-as-text",
            "what is said to a kernel in bytes is said in JSON in the test, as the server speaks it where no protocol is offered",
            "nothing has to be done; with `--websockets drop` the WebSocket is left out",
        )
    return Entry(
        index=index,
        started=-1.0 if started is None else started,
        ended=duration if started is None else started + duration,
        request=request,
        response=response,
        page=text(item.get("pageref")) or None,
        resource=resource,
        from_cache=_from_cache(item, resource, creator),
        messages=messages,
        receiving=_receiving(item, duration),
    )


def _receiving(item: dict[str, object], duration: float) -> float:
    """How much of the entry's time its answer took to arrive, once it had begun."""
    receive = number(mapping(item.get("timings")).get("receive"))
    return receive if receive is not None and 0 < receive <= duration else 0.0


def _instant(value: object) -> float | None:
    """Milliseconds since 1970 of an ISO 8601 time (without a zone: UTC), or of a number of them."""
    if not isinstance(value, str):
        milliseconds = number(value)
        return milliseconds if milliseconds is not None and milliseconds >= 0 else None
    try:
        moment = datetime.fromisoformat(value.strip())
        milliseconds = ((moment if moment.tzinfo else moment.replace(tzinfo=UTC)) - _EPOCH).total_seconds() * 1000
    except (ValueError, OverflowError):
        return None
    return milliseconds if milliseconds >= 0 else None


def _duration(item: dict[str, object], notes: EntryNotes) -> float:
    """The entry's time in milliseconds; without one, the sum of its timings (`ssl` is part of `connect`)."""
    time = number(item.get("time"))
    if time is not None and 0 <= time < 1e11:
        return time
    if time is not None:
        notes.warn("har-bad-time", "`time` is negative or far too large; the sum of `timings` was taken")
    timings = mapping(item.get("timings"))
    found = (number(timings.get(name)) for name in ("blocked", "dns", "connect", "send", "wait", "receive"))
    return sum(timing for timing in found if timing is not None and 0 < timing < 1e11)


def _resource(item: dict[str, object], request: RecordedRequest) -> str:
    """What the browser loaded the entry as: its own word for it, or what the request's headers tell."""
    destination = _DESTINATIONS.get((header(request.headers, "sec-fetch-dest") or "").lower(), "")
    if item.get("_webSocketMessages") or request.url.startswith(("ws:", "wss:")):
        return "websocket"
    if item.get("_serviceWorkerRef"):
        return WORKER
    named = text(item.get("_resourceType")).lower()
    if named and not (named == "document" and destination == "iframe"):
        return named
    if (header(request.headers, "x-requested-with") or "").lower() == "xmlhttprequest":
        return "xhr"
    return destination


def _from_cache(item: dict[str, object], resource: str, creator: str) -> bool:
    """Whether the browser took the answer from its cache: Chromium and Playwright count bytes, Firefox counts no time."""
    response = mapping(item.get("response"))
    if (number(response.get("status")) or 0) < 100:
        return False
    if item.get("_fromCache") or response.get("_fromCache"):
        return True
    transferred = number(response.get("_transferSize"))
    if transferred is not None:
        return transferred == 0
    timings = mapping(item.get("timings"))
    quick = number(item.get("time")) == 0 and not any((number(value) or 0) > 0 for value in timings.values())
    return quick and creator.startswith("Firefox") and resource != "document" and number(response.get("status")) == 200


# --- the whole recording ----------------------------------------------------------------------------------------------


def _follow_in_time(entries: list[Entry]) -> tuple[Entry, ...]:
    """The entries with each redirected request started when its redirect had been answered.

    Times are written in whole milliseconds, and Chromium gives both requests of a redirect nearly the same start.
    """
    placed = {entry.index: entry for entry in entries}
    for index, source in redirect_sources(entries).items():
        entry, earliest = placed[index], placed[source].ended
        if entry.started < earliest:
            placed[index] = replace(entry, started=earliest, ended=earliest + entry.ended - entry.started)
    return tuple(sorted(placed.values(), key=lambda entry: (entry.started, entry.index)))


def _remark(recording: Recording, notes: Notes) -> None:
    """Remarks about the recording as a whole."""
    entries = recording.entries
    if not entries:
        notes.warn("har-no-entries", "the recording holds no usable entries", "record again, and export after the last click")
        return
    if not recording.timed:
        notes.warn("har-no-times", "no entry says when it started; steps and think times cannot be told from pauses")
    answered = [entry for entry in entries if entry.response.status]
    if not answered:
        notes.warn(
            "har-no-responses",
            "the recording holds no responses; nothing can be correlated",
            "export a HAR with responses and their bodies, or record with `loadwright record`",
        )
    elif not any(entry.response.has_body for entry in answered):
        notes.warn(
            "har-no-bodies",
            "the recording holds no response bodies; hardly anything can be correlated",
            "export a HAR with content, or record with `loadwright record`",
        )
    for entry in entries:
        if entry.response.status == 304 and not entry.response.has_body and entry.resource in ("document", "xhr", "fetch"):
            notes.warn(
                "har-not-modified",
                "answered with 304: the body is not in the recording",
                "record with the cache switched off, or with `loadwright record`",
                entry.index,
            )
    _remark_unanswered(answered, entries, notes)
    _remark_unwritten_basic(answered, notes)
    _remark_charsets(answered, notes)
    _remark_sanitised(recording, notes)


def _remark_charsets(answered: list[Entry], notes: Notes) -> None:
    """Pages whose letters not every runtime can read."""
    hint = "a test expects ASCII of them, as k6 reads UTF-8 only; what was sent in this character set stays as recorded"
    for entry in answered:
        told = header(entry.response.headers, "content-type") or entry.response.media_type
        is_markup = is_html(entry) or entry.response.media_type in ("text/xml", "application/xml")
        if is_markup and (name := other_charset(told, entry.response.text or "")) and name != UNNAMED:
            notes.warn("har-other-charset", f"answered in {name.replace('cp', 'windows-')}, not in UTF-8", hint, entry.index)


def _remark_unanswered(answered: list[Entry], entries: tuple[Entry, ...], notes: Notes) -> None:
    """Requests without an answer, and answers that browsers leave out: the 401 before an authorization that was asked for."""
    challenged = {host_port(entry.request.url) for entry in answered if entry.response.status in (401, 407)}
    hosts = {host_port(entry.request.url) for entry in answered}
    for entry in entries:
        if host_port(entry.request.url) in hosts and not entry.response.status and not never_sent(entry):
            message = "not answered: cancelled, blocked (by an extension, or a rule) or not recorded; it is left out"
            notes.warn("har-not-answered", message, "where the journey needs it, `loadwright record` has it", entry.index)
        scheme = (header(entry.request.headers, "authorization") or "").partition(" ")[0].lower()
        if scheme in ("digest", "ntlm", "negotiate") and host_port(entry.request.url) not in challenged:
            message = f"the 401 that asked for `{scheme}` authorization is not in the recording, as browsers hide it"
            hint = "`loadwright record` keeps both round trips; or write `auth digest(user, password)`"
            notes.warn("har-hidden-challenge", message, hint, entry.index)


def _remark_unwritten_basic(answered: list[Entry], notes: Notes) -> None:
    """Pages that were asked for with Basic authorization which the browser wrote for what they load alone."""
    last: dict[str, Entry] = {}
    lacking: dict[int, None] = {}
    for entry in answered:
        page = last.get(header(entry.request.headers, "referer") or "")
        is_own = entry.resource in ("xhr", "fetch")  # a script may add it by itself
        if page and _is_basic(entry) and not is_own and not _is_basic(page) and page.response.status < 300:
            lacking[page.index] = None
        last[entry.request.url] = entry
    message = "what this page loads has Basic authorization, the page itself has none in the recording, as browsers hide it"
    for index in lacking:
        notes.warn(
            "har-hidden-challenge", message, "write `auth basic(user, password)` there, or record with `loadwright record`", index
        )


def _is_basic(entry: Entry) -> bool:
    return (header(entry.request.headers, "authorization") or "")[:6].lower() == "basic "


def _remark_sanitised(recording: Recording, notes: Notes) -> None:
    credentials = re.compile(r"cookie|set-cookie|authorization", re.IGNORECASE)
    if not recording.creator.startswith("WebInspector") or not any(entry.request.body for entry in recording.entries):
        return
    for entry in recording.entries:
        if any(credentials.fullmatch(name) for name, _ in (*entry.request.headers, *entry.response.headers)):
            return
    notes.warn(
        "har-sanitised",
        "no entry has cookies or credentials; the browser may have removed them",
        'if the application uses them, export "with sensitive data" (DevTools settings, Network)',
    )
