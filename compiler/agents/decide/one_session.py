"""Two recordings of one session: what is alike in both may be the session's, so that it is no constant. And two in one."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from urllib.parse import urlsplit

from loadwright.compiler.agents.facts import Site
from loadwright.compiler.agents.observe.script_cookies import holds_token, is_analytics_cookie, sent_cookies
from loadwright.compiler.agents.values import is_token
from loadwright.compiler.recording.model import Entry, header
from loadwright.compiler.recording.urls import host_port

Cookie = tuple[str, str]
_MAY_BE_KEPT_BACK = ("domain", "expires", "max-age", "samesite", "secure", "partitioned")
"""What may keep a browser from sending a cookie that it has."""


def shared_session(first: Sequence[Entry], second: Sequence[Entry]) -> str:
    """The name of a random cookie that both recordings have and one of them began with; empty when there is none."""
    brought = _brought(first) | _brought(second)
    both = brought.intersection(_had(first)).intersection(_had(second)) if brought else ()
    return min((name for name, _ in both), default="")


def begins_anew(entries: Iterable[Entry]) -> tuple[Entry, str] | None:
    """The first page that was asked for without a session's cookie and given another one, though the browser had sent it before.

    With it, the cookie's name. Somebody deleted it, or went on in another window: a test's jar still has it.
    """
    jar: dict[tuple[str, str, str], tuple[str, float]] = {}
    """Host, path and name: the value of a plain cookie of a session, and when it was set."""
    known: set[tuple[str, str, str]] = set()
    """Host, name and value of what was sent."""
    for entry in entries:
        at, sent = urlsplit(entry.request.url), dict(sent_cookies(entry))
        host = at.hostname or ""
        is_page = "text/html" in (header(entry.request.headers, "accept") or "")
        for line in _set_lines(entry):
            (name, value), attributes = _parted(line)
            path = attributes.get("path") or "/"
            before, since = jar.pop((host, path, name), ("", 0.0))
            is_known = before != "" and (host, name, before) in known
            is_forgotten = is_page and is_known and name not in sent and holds_token(value)
            if is_forgotten and since <= entry.started and f"{at.path}/".startswith(f"{path.rstrip('/')}/"):
                return entry, name
            if holds_token(value) and not any(one in attributes for one in _MAY_BE_KEPT_BACK):
                jar[host, path, name] = value, entry.ended
        known.update((host, name, value) for name, value in sent.items())
    return None


def without_session_values(
    changed: Mapping[tuple[int, str, str], bool], sites: Mapping[int, Sequence[Site]], given: Container[str]
) -> dict[tuple[int, str, str], bool]:
    """What changed, without the tokens that an answer gave and that are alike in both."""
    session = {(e, *s.identity) for e, found in sites.items() for s in found if is_token(s.value) and s.value in given}
    return {key: differs for key, differs in changed.items() if differs or key not in session}


def _brought(entries: Sequence[Entry]) -> set[Cookie]:
    """What the first request to each host carries: nobody had given it by then, neither an answer nor a script."""
    first: dict[str, Entry] = {}
    for entry in entries:
        first.setdefault(host_port(entry.request.url), entry)
    given = {value for entry in first.values() for _, value in _set(entry)}
    sent = {cookie for entry in first.values() for cookie in sent_cookies(entry)}
    return {c for c in sent if c[1] not in given and holds_token(c[1]) and not is_analytics_cookie(c[0])}


def _had(entries: Sequence[Entry]) -> Iterator[Cookie]:
    for entry in entries:
        yield from sent_cookies(entry)
        yield from _set(entry)


def _set(entry: Entry) -> Iterator[Cookie]:
    yield from (_parted(line)[0] for line in _set_lines(entry))


def _set_lines(entry: Entry) -> Iterator[str]:
    return (text for key, text in entry.response.headers if key.lower() == "set-cookie")


def _parted(line: str) -> tuple[Cookie, dict[str, str]]:
    """A line of Set-Cookie: the cookie, and its attributes by their names in small letters (RFC 6265, section 5.2)."""
    pair, *attributes = ([part.strip() for part in one.split("=", 1)] for one in line.split(";"))
    return (pair[0], pair[-1] if len(pair) > 1 else ""), {one[0].lower(): one[-1] for one in attributes}
