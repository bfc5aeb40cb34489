"""Requests that wait on the server until there is something new.

Consul: https://developer.hashicorp.com/consul/api-docs/features/blocking
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from loadwright.compiler.recording.kinds import is_static
from loadwright.compiler.recording.model import Entry

WAITED = "a long poll, answered once something had changed: a step of a test would wait for what comes after it"

_LONG = 800.0
"""Milliseconds that no answer takes which is there already."""
_TELLING = 4
"""Letters of a name that says what a number is."""


def waiting(entries: Sequence[Entry]) -> set[int]:
    """Entries that asked again what was there after the state which the last answer told, and waited for it.

    So long that something else is worth waiting for, or until a change of the client's own.
    """
    told: dict[str, Entry] = {}
    changes = [entry.started for entry in entries if entry.request.method not in ("GET", "HEAD", "OPTIONS")]
    found = set[int]()
    for entry in entries:
        if entry.request.method != "GET" or not entry.response.status or is_static(entry):
            continue
        if any(_tells(told.get(url), name, number) for url, name, number in _without_a_number(entry.request.url)):
            is_long = entry.ended - entry.started >= _LONG
            if is_long or any(entry.started <= change <= entry.ended for change in changes):
                found.add(entry.index)
        told[entry.request.url] = entry
    return found


def _without_a_number(url: str) -> Iterator[tuple[str, str, str]]:
    """The URL without each parameter whose value is a number, and that parameter's name and number."""
    path, mark, query = url.partition("?")
    fields = query.split("&") if mark else []
    for place, field in enumerate(fields):
        name, _, value = field.partition("=")
        if value.isascii() and value.isdigit() and len(name) >= _TELLING:
            rest = "&".join(fields[:place] + fields[place + 1 :])
            yield (f"{path}?{rest}" if rest else path), name, value


def _is_called_so(header: str, name: str) -> bool:
    """Whether a header has the name of a parameter at its end: `X-Consul-Index` and `index`."""
    return len(name) >= _TELLING and f"-{header}".lower().replace("_", "-").endswith(f"-{name}".lower().replace("_", "-"))


def _tells(entry: Entry | None, name: str, number: str) -> bool:
    headers = entry.response.headers if entry else ()
    return any(value == number and _is_called_so(header, name) for header, value in headers)
