"""What of a recording's WebSockets a test can do: one conversation in one place, from opening to close.

In a test nothing else happens while a WebSocket is open; in a recording it may be open while pages are loaded and forms sent.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace

from msgspec import Struct

from loadwright.compiler.diagnostics import Diagnostic
from loadwright.compiler.recording.acknowledged import acknowledged, connects
from loadwright.compiler.recording.fields import EntryNotes, Notes
from loadwright.compiler.recording.heartbeats import heartbeat, kind
from loadwright.compiler.recording.kernels import replied
from loadwright.compiler.recording.kinds import is_static
from loadwright.compiler.recording.model import Entry, Recording, SocketMessage
from loadwright.compiler.recording.numbered import numbered
from loadwright.compiler.recording.polling import with_polled
from loadwright.compiler.recording.sockets import is_socket

PAUSE = 800.0
"""Milliseconds without traffic after which what a client sends counts as an action of the user."""
_SOON = 150.0
"""Milliseconds within which nobody reacts to a message: what the client sends sooner is an answer to it."""
_ANOTHER_CLOCK = 86_400_000.0
"""Milliseconds between the opening and the first message of a WebSocket that no recording lasts for."""
_OFTEN = 2
"""So many messages of one kind that came unasked are news, which nobody waits for."""
_STAYS = 2000.0
"""Milliseconds within which a server has done what a message asks for."""
_TOKEN = re.compile(r"(?<![A-Za-z0-9_-])(?=[A-Za-z_-]*\d)[A-Za-z0-9_-]{8,}")
_READS = frozenset(("GET", "HEAD", "OPTIONS"))


_Said = tuple[float, int]
"""When something was said, and the index of the WebSocket that it was said on."""


def conversations(recording: Recording, kept: Collection[int]) -> tuple[Recording, list[Diagnostic]]:
    """The recording with each kept WebSocket as a test does it: when it is opened, which messages are sent and awaited.

    Warnings name what cannot be carried. A recording without WebSockets comes back as it is.
    """
    entries = list(with_polled(recording.entries, kept))
    if not any(is_socket(e) and e.index in kept for e in entries):
        return recording, []
    notes = Notes(recording.name)
    for polled in (e for e, recorded in zip(entries, recording.entries, strict=True) if is_socket(e) and not is_socket(recorded)):
        notes.at(polled.index).warn(
            "socket-polled",
            "the client polled for what the server offers a WebSocket for (Engine.IO); the test opens the WebSocket",
            "with `--websockets drop` the polls stay as they were recorded",
        )
    taking = [e for e in entries if e.index in kept]
    others = [e for e in taking if not is_socket(e) and not is_static(e)]
    sockets = [e for e in taking if is_socket(e)]
    said = _first_said(sockets, others) if len(sockets) > 1 else {}
    done = [_Conversation(e, others, notes.at(e.index), said).entry() if is_socket(e) and e.index in kept else e for e in entries]
    ordered = sorted(done, key=lambda e: (e.started, e.index))
    return replace(recording, entries=tuple(ordered)), notes.diagnostics()


class _Conversation(Struct, frozen=True):
    """One WebSocket beside the requests that are no static assets."""

    socket: Entry
    others: Sequence[Entry]
    notes: EntryNotes
    said: Mapping[str, _Said]
    """Tokens that a client made, by which WebSocket it said each first, where there are several."""

    def entry(self) -> Entry:
        """The WebSocket as a test does it."""
        messages = self._without_heard(self._without_heartbeats(self._texts()))
        later = [e for e in self.others if e.started > self.socket.started]
        needed = self._needed(messages, later)
        opened = max((e.ended for e in needed.values()), default=self.socket.started)
        if needed and self._is_needed_before(messages, later, opened):
            first = min(needed)
            self._warn(
                [m.number for m in messages if m.number >= first],
                "it sends what later requests brought, and they need what it received before: left out from there on are",
            )
            messages = [m for m in messages if m.number < first]
            opened = self.socket.started
        only_news = set() if any(message.sent for message in messages) else _news(messages)
        messages = [m for m in self._without_pushed(messages, later) if m.number not in only_news]
        messages = _with_pauses(_answered(_awaited(messages)), later)
        end = messages[-1].time if messages else opened
        next_request = next((e.started for e in later if e.started > end), self.socket.ended)
        messages = _staying(messages, min(next_request, self.socket.ended))
        end = max([end, *(message.time + message.stays for message in messages)])
        following = next((e.started for e in later if e.started > opened), end)
        return replace(self.socket, started=opened, ended=max(opened, min(end, following)), messages=tuple(messages))

    def _warn(self, numbers: Sequence[int], why: str) -> None:
        self.notes.warn(
            "socket-left-out",
            f"the WebSocket is one conversation in a test: {why} {_listed(numbers)}",
            "write the rest by hand, or record the journey in another order",
        )

    def _texts(self) -> list[SocketMessage]:
        binary = [m for m in self.socket.messages if m.text is None]
        if binary:
            sent = sum(m.sent for m in binary)
            self.notes.warn(
                "socket-binary",
                f"binary messages of the WebSocket cannot be carried: {sent} sent and {len(binary) - sent} received were left out",
                "a test sends text; where the application needs these, leave the WebSocket out with `--websockets drop`",
            )
        texts = [m for m in self.socket.messages if m.text is not None]
        offset = texts[0].time - self.socket.started if texts else 0.0
        # a recording whose entries have no times, or those of another clock
        return [replace(m, time=m.time - offset) for m in texts] if abs(offset) > _ANOTHER_CLOCK else texts

    def _without_heartbeats(self, messages: Iterable[SocketMessage]) -> list[SocketMessage]:
        found = [(m, heartbeat(m.text or "")) for m in messages]
        if protocols := Counter(name for _, name in found if name):
            named = ", ".join(f"{count} of {name}" for name, count in protocols.items())
            self.notes.warn(
                "socket-heartbeats",
                f"heartbeats of the WebSocket were left out: {named}",
                "they only keep an idle connection open; a test does not leave it idle for long",
            )
        return [m for m, name in found if not name]

    def _without_heard(self, messages: Sequence[SocketMessage]) -> list[SocketMessage]:
        """Without what tells of something that was said on another WebSocket alone, which in a test is not open at the same time.

        What says which call of this one it answers stays, and what was said before this one was opened: it is a state by now.
        """
        answers = {m.number for m in acknowledged(numbered(messages)) if m.answers}
        said_here: set[str] = set()
        heard = []
        for message in messages:
            if message.sent:
                said_here |= _tokens(message.text)
            elif message.number not in answers and any(self._is_of_another(t, message) for t in _tokens(message.text) - said_here):
                heard.append(message)
        left_out = {m.number for m in heard}
        if missed := [m.number for m in _awaited(messages) if m.awaited and m.number in left_out]:
            self._warn_pushed(missed, "after something was said on another WebSocket")
        return [m for m in messages if m.number not in left_out]

    def _is_of_another(self, token: str, message: SocketMessage) -> bool:
        first = self.said.get(token)
        return first is not None and first[1] != self.socket.index and self.socket.started <= first[0] <= message.time

    def _warn_pushed(self, numbers: Sequence[int], when: str) -> None:
        self.notes.warn(
            "socket-pushed",
            f"messages that the server sent {when} are not awaited: {_listed(numbers)}",
            "a test does nothing else while a WebSocket is open",
        )

    def _needed(self, messages: Iterable[SocketMessage], later: Sequence[Entry]) -> dict[int, Entry]:
        """Sent message: the later request whose answer, and nothing before, has a value that it sends."""
        found: dict[int, Entry] = {}
        given = {token for e in self.others if e.started <= self.socket.started for token in _tokens(e.response.text)}
        for message in messages:
            if not message.sent:
                given |= _tokens(message.text)
                continue
            for token in _tokens(message.text) - given:
                source = next((e for e in later if e.ended <= message.time and token in (e.response.text or "")), None)
                if source is not None and not _was_sent(token, later, source):
                    found[message.number] = max(found.get(message.number, source), source, key=lambda e: e.ended)
        return found

    def _is_needed_before(self, messages: Sequence[SocketMessage], later: Sequence[Entry], opened: float) -> bool:
        """Whether a request from before a moment sends what only the WebSocket had received."""
        before = [e for e in later if e.started < opened]
        received = {token for m in messages if not m.sent for token in _tokens(m.text)}
        for entry in before:
            answered = {t for e in self.others if e.ended <= entry.started for t in _tokens(e.response.text)}
            if (received - answered) & _tokens(_sent_text(entry)):
                return True
        return False

    def _without_pushed(self, messages: Sequence[SocketMessage], later: Sequence[Entry]) -> list[SocketMessage]:
        """Without what came after a request that may have caused it: that request comes after the conversation, or before it."""
        changing = sorted(e.started for e in later if e.request.method not in _READS)
        kept: list[SocketMessage] = []
        pushed: list[int] = []
        answered = _answered(messages)
        answers = {m.number for m in answered if m.answers}
        # a client that is answered by the number of each call hears of its changes by HTTP beside them
        first = self.socket.started if _are_all_answered(answered) else None
        asked = self.socket.started
        for message in messages:
            if message.sent:
                asked = message.time
            elif message.number in answers and message.time - asked < _STAYS:
                pass  # whatever else the page asks for meanwhile, it says which call it answers
            elif connects(message):
                pass  # only this lets the client say more
            elif first is not None and bisect_right(changing, message.time) > bisect_right(changing, first):
                pushed.append(message.number)
                continue
            elif kept and kept[-1].sent and message.time - asked < _SOON:
                pass  # the answer to what was sent just before, whatever else the page asks for meanwhile
            elif bisect_right(changing, message.time) > bisect_right(changing, asked):
                pushed.append(message.number)
                continue
            kept.append(message)
        if pushed:
            self._warn_pushed(pushed, "after other requests")
        return kept


def _first_said(sockets: Sequence[Entry], others: Sequence[Entry]) -> dict[str, _Said]:
    """The tokens that a WebSocket was opened with, or that were sent on it, before any were received: when, and on which."""
    received: dict[str, float] = {}
    said: dict[str, _Said] = {}
    for socket in sockets:
        opening = SocketMessage(0, True, socket.started, socket.request.url)
        for message in (opening, *socket.messages):
            for token in _tokens(message.text):
                if message.sent:
                    said[token] = min(said.get(token, (message.time, socket.index)), (message.time, socket.index))
                else:
                    received[token] = min(received.get(token, message.time), message.time)
    given = (e for e in others if e.response.text) if said else ()
    for entry in given:
        for token in said.keys() & _tokens(entry.response.text):
            received[token] = min(received.get(token, entry.ended), entry.ended)
    return {token: first for token, first in said.items() if first[0] <= received.get(token, first[0])}


def _answered(messages: Sequence[SocketMessage]) -> list[SocketMessage]:
    """The messages with what says which call each answers, in one of the ways in which protocols say it."""
    return replied(acknowledged(numbered(messages)))


def _are_all_answered(messages: Sequence[SocketMessage]) -> bool:
    """Whether the client numbers all that it sends, and the server says which of it each answer is to."""
    sent = [m for m in messages if m.sent]
    return bool(sent) and all(m.counted for m in sent) and sum(len(m.answers) for m in messages) >= len(sent)


def _awaited(messages: Sequence[SocketMessage]) -> list[SocketMessage]:
    """Which received messages the client waited for: the first after what it sent, what it answered at once, its connection.

    What comes again and again without being asked for is news: nobody waits for it.
    """
    news = _news(messages)
    spoken = max((place for place, message in enumerate(messages) if message.sent), default=0)
    asked, result = True, list(messages)
    for place, message in enumerate(messages):
        if message.sent:
            before = next((n for n in range(place - 1, -1, -1) if not messages[n].sent and messages[n].number not in news), None)
            if before is not None and before == place - 1 and message.time - messages[before].time < _SOON:
                result[before] = replace(result[before], awaited=True)
            asked = True
        elif asked and message.number not in news:
            result[place] = replace(message, awaited=True)
            asked = False
        elif connects(message):
            result[place] = replace(message, awaited=place < spoken)
    return result


def _news(messages: Sequence[SocketMessage]) -> set[int]:
    """Messages of the kinds that keep coming unasked; what greets a client that says nothing comes once."""
    unasked: Counter[str] = Counter()
    asked = any(message.sent for message in messages)
    for message in messages:
        if not message.sent and not asked:
            unasked[kind(message.text or "")] += 1
        asked = message.sent
    return {m.number for m in messages if not m.sent and unasked[kind(m.text or "")] >= _OFTEN and kind(m.text or "")}


def _with_pauses(messages: Sequence[SocketMessage], later: Sequence[Entry]) -> list[SocketMessage]:
    """With the user's pauses before what is sent; where requests were made meanwhile, the pause is theirs."""
    starts = sorted(e.started for e in later)
    result: list[SocketMessage] = []
    for message in messages:
        before = result[-1].time if result else message.time
        pause = message.time - before
        if message.sent and pause >= PAUSE and bisect_right(starts, message.time) == bisect_right(starts, before):
            message = replace(message, pause=int(pause / 100 + 0.5) * 100)
        result.append(message)
    return result


def _staying(messages: Sequence[SocketMessage], until: float) -> list[SocketMessage]:
    """With the time for which the WebSocket stayed open after a last message that nobody waited for an answer to.

    Servers that work on it while the WebSocket is closed drop it.
    """
    result = list(messages)
    last = next((place for place in range(len(result) - 1, -1, -1) if result[place].sent), None)
    if last is not None and not any(message.awaited for message in result[last:]):
        rest = min(until - result[last].time, _STAYS)
        result[last] = replace(result[last], stays=max(0, int(rest / 100)) * 100)
    return result


def _tokens(text: str | None) -> set[str]:
    return set(_TOKEN.findall(text or ""))


def _was_sent(token: str, later: Iterable[Entry], source: Entry) -> bool:
    return any(e.started <= source.started and token in _sent_text(e) for e in later)


def _sent_text(entry: Entry) -> str:
    request = entry.request
    headers = "\n".join(value for _, value in request.headers)
    return f"{request.url}\n{headers}\n{(request.body or b'').decode('utf-8', 'replace')}"


def _listed(numbers: Sequence[int]) -> str:
    """Message numbers in words: `message 3`, `messages 3 to 5 and 9`."""
    runs: list[list[int]] = []
    for number in numbers:
        if runs and number == runs[-1][-1] + 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    said = [str(run[0]) if len(run) == 1 else f"{run[0]} to {run[-1]}" for run in runs[:4]]
    more = sum(len(run) for run in runs[4:])
    words = f"message{'s' if len(numbers) > 1 else ''} {', '.join(said)}"
    return f"{words} and {more} more" if more else words
