"""Two recordings of one session: what is alike in both may be the session's, so that it is no constant."""

from __future__ import annotations

from collections.abc import Container, Iterator, Mapping, Sequence

from loadwright.compiler.agents.facts import Site
from loadwright.compiler.agents.observe.script_cookies import holds_token, is_analytics_cookie, sent_cookies
from loadwright.compiler.agents.values import is_token
from loadwright.compiler.recording.model import Entry
from loadwright.compiler.recording.urls import host_port

Cookie = tuple[str, str]


def shared_session(first: Sequence[Entry], second: Sequence[Entry]) -> str:
    """The name of a random cookie that both recordings have and one of them began with; empty when there is none."""
    brought = _brought(first) | _brought(second)
    both = brought.intersection(_had(first)).intersection(_had(second)) if brought else ()
    return min((name for name, _ in both), default="")


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
    for key, text in entry.response.headers:
        if key.lower() == "set-cookie":
            name, _, value = text.partition(";")[0].partition("=")
            yield name.strip(), value.strip()
