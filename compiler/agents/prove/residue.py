"""Which recorded values are left in the texts of a Plan, found in time linear in the texts and in the recording."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from urllib.parse import quote, unquote_plus

from loadwright.compiler.agents.names import is_fixed_name, singular
from loadwright.compiler.agents.observe.screen import Screen
from loadwright.compiler.agents.observe.sites import body_text
from loadwright.compiler.agents.observe.wanted import Wanted
from loadwright.compiler.agents.values import is_token
from loadwright.compiler.plan.functions import form_encode, json_escape, url_encode
from loadwright.compiler.recording.model import Entry, Recording
from loadwright.compiler.recording.sockets import traffic

_RUN = re.compile(r"[A-Za-z0-9_+.~%-]{8,}")
_SEGMENT = re.compile(r"/([^/?#]+)(?=[/?#]|$)")
_NAMED = re.compile(r"[?&;]([\w.-]+)=$")
_MET = 2
"""Characters up to which a value is met by chance."""
_NUMBERED = 4
"""Digits from which a number stands in an extractor by no chance."""
_PLAIN = re.compile(r"[A-Za-z0-9._-]*")


class Captured:
    """Captured values in all their encodings: long ones are looked for anywhere, short ones as a segment of a path.

    One or two digits are met everywhere: they count behind the segment that a captured one stands behind (`places`).
    """

    def __init__(self, values: Iterable[str], texts: Collection[str], places: Collection[tuple[str, str]] = ()) -> None:
        everything = "\0".join(texts)
        values = Screen(dict.fromkeys(values, 0.0)).present(everything, 0.0)
        numbers: set[str] = set()
        self.tokens: set[str] = set()
        """Those that stand anywhere in the texts at all."""
        for value in values:
            if len(value) >= 8 and is_token(value):
                self.tokens |= {form for form in _forms(value) if form in everything}
            elif any(c.isdigit() for c in value):
                numbers |= _forms(value)
        self.segments = numbers & set(_SEGMENT.findall(everything.replace("\0", "?")))
        self.places = frozenset(places)

    def stand_in(self, text: str) -> bool:
        """Whether one of them stands in a text."""
        if self.tokens and any(token in text for token in self.tokens):
            return True
        if not self.segments or self.segments.isdisjoint(_SEGMENT.findall(text)):
            return False
        found = ((place(text[: m.start()]), m[1]) for m in _SEGMENT.finditer(text) if m[1] in self.segments)
        return any(len(segment) > _MET or (before, segment) in self.places for before, segment in found)


def holds_itself(value: str, extractor: str) -> bool:
    """Whether an extractor names the number that it gives: `input[name="hostids[10559]"]` finds nothing in another session."""
    if len(value) < _NUMBERED or not value.isdigit():
        return False
    text = extractor.replace("\\", "")
    return value in text and re.search(rf"(?<![A-Za-z0-9]){value}(?![A-Za-z0-9])", text) is not None


def place(before: str) -> str:
    """The segment that a text ends in, without its plural: behind it a number means the same thing."""
    return singular(before.rstrip("/").rpartition("/")[2]).lower()


def _forms(value: str) -> set[str]:
    if _PLAIN.fullmatch(value):
        return {value}
    return {value, url_encode(value), form_encode(value), json_escape(value), quote(value)}


_WORDS = re.compile(r"[A-Za-z]{3,20}\d{0,2}(?:[_.-][A-Za-z]{2,20}\d{0,2}){1,5}")


def tokens_of(text: str) -> set[str]:
    """The tokens in a text of a request, without those that a name says to be the application's own."""
    found: set[str] = set()
    for run in _RUN.finditer(text):
        token = unquote_plus(run.group())
        if not is_token(token) or (token.isalpha() and text.startswith('":', run.end())):
            continue  # a member that letters name is called so by the application: `"kafkaProducerBrokers":`
        if "<" in text[max(0, run.start() - 2) : run.start()] and text[run.start() - 1] in "</":
            continue  # so is an element
        if text.startswith("=", run.end()) and text[: run.start()][-1:] in ("", "?", "&") and _WORDS.fullmatch(token):
            continue  # and a field of a few words: `?item3_ref=`
        name = _NAMED.search(text, max(0, run.start() - 60), run.start())
        if not (name and is_fixed_name(name[1])):
            found.add(token)
    return found


class Traffic:
    """Who was first to speak of each of some tokens: the server or the client."""

    def __init__(self, needed: Mapping[str, float], entries: Sequence[Entry], others: Sequence[Recording]) -> None:
        """`needed` says of each token when it is sent last."""
        self.elsewhere: set[str] = set()
        self.received: dict[str, float] = {}
        self.sent: dict[str, float] = {}
        headers = (header for entry in entries for header in entry.request.headers)
        self.fixed = {value for name, value in headers if is_fixed_name(name)}
        """What protocols' headers say that a build fixes, wherever else it stands."""
        screen, anywhere = Screen(needed), Wanted(needed)
        for entry in (e for other in others for e in traffic(other.entries)) if needed else ():
            self.elsewhere |= _standing(screen.present(text := _received(entry), 0.0), text)
        for entry in entries if needed else ():
            for token in _standing(screen.present(text := _received(entry), entry.ended), text):
                self.received[token] = min(entry.ended, self.received.get(token, float("inf")))
            text = unquote_plus(entry.request.url) + "\n" + unquote_plus(body_text(entry) or "")
            for token in _standing(anywhere.present(text), text):
                self.sent[token] = min(entry.started, self.sent.get(token, float("inf")))

    def is_from_server(self, token: str, entry: Entry) -> bool:
        """Whether a response that was complete before this entry started held the token, and no request before it."""
        received = self.received.get(token)
        if received is None or received > entry.started or token in self.elsewhere or token in self.fixed:
            return False
        return not self.sent.get(token, float("inf")) < received


def _standing(tokens: Iterable[str], text: str) -> set[str]:
    return {token for token in tokens if token in text}


def _received(entry: Entry) -> str:
    return "\n".join([entry.response.text or "", *(value for _, value in entry.response.headers)])
