"""Digests of two values in one text, an answer's and another's: `sha256(salt + nonce)`, `md5(ticket:password)`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice

from msgspec import Struct

from loadwright.compiler.agents.decide.history import History
from loadwright.compiler.agents.decide.ledger import Ledger
from loadwright.compiler.agents.decide.links import Links
from loadwright.compiler.agents.decide.second import Second
from loadwright.compiler.agents.facts import Facts, Occurrence, Site
from loadwright.compiler.agents.observe.digests import Digests, token_words
from loadwright.compiler.agents.observe.responses import observe_response
from loadwright.compiler.agents.observe.wanted import Wanted
from loadwright.compiler.agents.values import is_token
from loadwright.compiler.plan.template import Part, call, template
from loadwright.compiler.recording.model import Entry

_ANSWERS, _MOST_GIVEN, _MOST_SENT = 24, 24, 8
"""So many answers back, of their tokens and of what was sent before so many are tried, the last ones."""
_MOST_TRIED = 8
"""Values of a recording that are looked at: most of what nothing explains is no digest."""
_MARKS = ("", ":", "|", ".")
_LONGEST = 200


class _Known(Struct):
    """A value that the client had: the answer that gave it, or the site that sent it."""

    value: str
    entry: Entry | None = None
    site: Site | None = None


_Pair = tuple[_Known, str, _Known, tuple[str, ...]]


class JoinedDigests:
    """Finds the two values that a digest without a source is of."""

    def __init__(
        self, entries: Sequence[Entry], ledger: Ledger, history: History, facts: Facts, second: Second, links: Links
    ) -> None:
        self.ledger, self.history, self.facts, self.second, self.links = ledger, history, facts, second, links
        self._entries = [e for e in entries if e.response.text and e.index not in history.assets]
        self._words: dict[int, list[str]] = {}
        self._looked: dict[str, _Pair | None] = {}

    def find(self, site: Site) -> Part | None:
        """What makes the digest anew, if a site has one."""
        if site.value not in self._looked:
            digests = Digests([site.value])
            if not digests or len(self._looked) >= _MOST_TRIED:
                return None
            self._looked[site.value] = self._pair(site, digests)
        found = self._looked[site.value]
        return self._made(site, *found) if found else None

    def _pair(self, site: Site, digests: Digests) -> _Pair | None:
        """The two values that the digest is of, what stands between them, and the function."""
        given = list(islice(self._given(site), _MOST_GIVEN))
        known = [*given, *islice(self._sent(site), _MOST_SENT)] if given else []
        pairs = ((a, b) for one in given for other in known if one is not other for a, b in ((one, other), (other, one)))
        for first, last in pairs:
            for mark in _MARKS:
                if step := digests.step(f"{first.value}{mark}{last.value}"):
                    return first, mark, last, step
        return None

    def _given(self, site: Site) -> Iterator[_Known]:
        """The tokens of the last answers before a request."""
        before = (e for e in reversed(self._entries) if e.ended <= site.started)
        seen = {site.value}
        for entry in islice(before, _ANSWERS):
            if entry.index not in self._words:
                words = token_words(entry.response.text or "")
                self._words[entry.index] = [word for word in words if len(word) <= _LONGEST and is_token(word)]
            for word in reversed(self._words[entry.index]):
                if word not in seen:
                    seen.add(word)
                    yield _Known(word, entry=entry)

    def _sent(self, site: Site) -> Iterator[_Known]:
        """What was sent until then in fields: a password, however long ago, then the user's name, the client's clock."""
        bound = self.ledger.bound
        before = (one for sites in self.facts.sites.values() for one in sites if one.started <= site.started)
        known = {s.value: s for s in before if s.location in ("form", "json", "part", "query") and s.value and s.value in bound}
        for one in sorted(known.values(), key=lambda s: (bound[s.value][1].verdict != "secret", -s.started)):
            yield _Known(one.value, site=one)

    def _made(self, site: Site, first: _Known, mark: str, last: _Known, step: tuple[str, ...]) -> Part | None:
        sources = [self._sources(site, one) for one in (first, last)]
        if not self._confirms(site, (first, last), sources, mark, step):
            return None
        parts = [self._part(site, one, found) for one, found in zip((first, last), sources, strict=True)]
        if parts[0] is None or parts[1] is None:
            return None
        return call(step[0], template(parts[0], mark, parts[1]), *step[1:])

    def _sources(self, site: Site, known: _Known) -> list[Occurrence]:
        if known.entry is None:
            return []
        found = observe_response(known.entry, Wanted((known.value,)), {known.value}, ())
        return [o for o in found if o.value == known.value and not o.chain]

    def _part(self, site: Site, known: _Known, sources: list[Occurrence]) -> Part | None:
        if part := self.ledger.known(site, known.value):
            return part
        return self.links.extract(site, known.value, sources) if sources else None

    def _confirms(
        self, site: Site, pair: tuple[_Known, _Known], sources: Sequence[list[Occurrence]], mark: str, step: tuple[str, ...]
    ) -> bool:
        """Whether the second recording sent the same digest of its two values, as far as it tells."""
        theirs = self.second.sent(site)
        texts = [
            next(filter(None, map(self.second.given, found)), None) if known.site is None else self.second.sent(known.site)
            for known, found in zip(pair, sources, strict=True)
        ]
        if theirs is None or texts[0] is None or texts[1] is None:
            return True
        return Digests([theirs]).step(f"{texts[0]}{mark}{texts[1]}") == step
