"""Extractors without secrets: what stands around a value may be a password, and no test tells it."""

from __future__ import annotations

import base64
import re
from collections.abc import Callable, Iterable, Iterator, Sequence

from loadwright.compiler.agents.decide.positions import by_position
from loadwright.compiler.agents.decide.sources import describe
from loadwright.compiler.agents.facts import Facts, Occurrence, Site
from loadwright.compiler.agents.hidden import Hidden, unescaped
from loadwright.compiler.agents.observe.answers.in_texts import named_secrets
from loadwright.compiler.agents.observe.decodings import decodings, spelled
from loadwright.compiler.agents.observe.fragments import strings
from loadwright.compiler.agents.observe.password_components import component_secrets
from loadwright.compiler.agents.observe.typed import is_password
from loadwright.compiler.agents.observe.unread_bytes import packed_secrets
from loadwright.compiler.agents.secret_names import is_secret_name
from loadwright.compiler.agents.values import is_common_user
from loadwright.compiler.plan.model import RegexSource
from loadwright.compiler.recording.model import Entry

_GROUP = re.compile(r"(?<!\\)\((?:\[(?:\\.|[^\]\\])*\]|\\.|[^()\\])*\)")
"""A group of a pattern that takes a value."""
_WORD = re.compile(r"[A-Za-z]+")
_CALLED = re.compile(r"<title>[^<]{1,200}</title>|\b(?:href|src|action)=[\"'][^\"'<>]{1,300}", re.IGNORECASE)
"""What a page is called, and what it links to."""
_SAID = re.compile(r"\b(?=([A-Za-z_][\w.-]{0,60})[\"']?\s{0,3}[:=]\s{0,3}[\"']?([^\s\"'<>;,]{4,200}))")
_NEAR = 200
"""Characters around a value in which a password beside it stands."""
_DOCUMENT = ("{", "[", "<", "(")


def secrets_of(facts: Facts, is_hidden: Callable[[Site], bool], entries: Sequence[Entry] = ()) -> Hidden:
    """The passwords that requests send, but for words that the application had before in its paths and names (`/admin`).

    What its pages call it and link to says as little of a password: many are called as the application is, when it is new.
    """
    sites = [site for found in facts.sites.values() for site in found]
    sent: dict[str, float] = {}
    for site in sites:
        for value in _secrets(site, is_hidden):
            sent[value] = min(site.started, sent.get(value, site.started))
    for entry in entries:
        for value in packed_secrets(entry):
            sent.setdefault(value, entry.started)
    for entry, value in component_secrets(entries):
        sent.setdefault(value, entry.started)
    words = {value: time for value, time in sent.items() if value.isalpha()}
    if not words:
        return Hidden(sent)
    last = max(words.values())
    before: dict[str, float] = {}
    for site in sites:
        if site.started <= last:
            for word in _WORD.findall(site.value if site.location == "path" and not site.name else site.name):
                before.setdefault(word.lower(), site.started)
    for entry in entries:
        if entry.ended <= last and entry.response.media_type == "text/html":
            for name in _CALLED.findall(entry.response.text or ""):
                for word in _WORD.findall(name):
                    before.setdefault(word.lower(), entry.ended)
    return Hidden(v for v, time in sent.items() if v not in words or not _is_a_word(v.lower(), time, before))


def is_encoded_credential(site: Site, facts: Facts, is_hidden: Callable[[Site], bool]) -> bool:
    """Whether what lets its user in by its name, and is no password, is an encoding of what an answer gave."""
    if not decodings(site.value) or not is_hidden(site) or is_password(site, facts):
        return False
    return any(text != site.value and text in facts.occurrences for text in strings(site.value))


def _is_a_word(word: str, sent: float, before: dict[str, float]) -> bool:
    return is_common_user(word) or before.get(word, float("inf")) <= sent


def _secrets(site: Site, is_hidden: Callable[[Site], bool]) -> Iterator[str]:
    if is_hidden(site):
        yield site.value
    elif site.location == "body" or site.value[:1] in _DOCUMENT:
        yield from (spelled(site.value[start:end])[0] for start, end, _ in named_secrets(site.value))
    elif site.key == "authorization" and site.value[:6].lower() == "basic ":
        yield _password(site.value[6:])


def _password(credentials: str) -> str:
    """The password of basic authentication."""
    try:
        return base64.b64decode(credentials).decode("utf-8").partition(":")[2]
    except ValueError:
        return ""


def _names_a_secret(source: str) -> bool:
    """Whether the words of an extractor, but for what it takes, have a value behind the name of a password."""
    texts = unescaped(_GROUP.sub("\0", source))
    return any("\0" not in texts[start:end] for start, end, _ in named_secrets(texts))


class Withheld:
    """Keeps extractors out of a test whose words hold a secret."""

    def __init__(self, hidden: Hidden, answer: Callable[[int], str]) -> None:
        self.hidden, self._answer = hidden, answer
        self._judged: dict[str, bool] = {}

    def without(self, candidates: Iterable[Occurrence]) -> list[Occurrence]:
        """The candidates whose extractors hold none; an item that is known by a secret beside it, by its position."""
        found: list[Occurrence] = []
        for one in candidates:
            if not self.holds(one):
                found.append(one)
            elif (twin := by_position(one, self._answer(one.entry))) and not self.holds(twin):
                found.append(twin)
        return found

    def holds(self, occurrence: Occurrence) -> bool:
        """Whether the words or the name of an extractor hold a secret."""
        text = f"{describe(occurrence)}\n{occurrence.name}"
        if text not in self._judged:
            self._judged[text] = self.hidden.is_told_by(text) or _names_a_secret(text) or self._tells_a_neighbour(occurrence, text)
        return self._judged[text]

    def _tells_a_neighbour(self, occurrence: Occurrence, text: str) -> bool:
        """Whether an extractor holds what is called a password where its value stands in the answer."""
        if not occurrence.chain and not isinstance(occurrence.source, RegexSource):
            return False
        answer, raw = self._answer(occurrence.entry), occurrence.raw or occurrence.value
        start = answer.find(raw)
        around = answer[max(0, start - _NEAR) : start + len(raw) + _NEAR] if start >= 0 else ""
        named = (match[2] for match in _SAID.finditer(around) if is_secret_name(match[1]))
        return any(said in text and said not in raw for said in named)

    def shown(self, occurrence: Occurrence) -> str:
        """An extractor as a report may show it."""
        return "an extractor with a secret in it" if self.holds(occurrence) else describe(occurrence)
