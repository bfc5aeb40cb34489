"""Collects the wanted values of one response, each with a way to take it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence

from loadwright.compiler.agents.facts import Occurrence, SourceKind
from loadwright.compiler.agents.names import is_id_name, is_reading, is_revision_name
from loadwright.compiler.agents.observe.derive import derive
from loadwright.compiler.agents.observe.digests import Digests
from loadwright.compiler.agents.observe.patterns import taken
from loadwright.compiler.agents.observe.wanted import Wanted, is_found_anywhere, is_short_key, may_be_drawn
from loadwright.compiler.agents.values import is_jumble, is_token, may_identify
from loadwright.compiler.plan.model import CaptureSource, RegexSource
from loadwright.compiler.recording.graphql import only_reads
from loadwright.compiler.recording.kinds import path_of
from loadwright.compiler.recording.model import Entry

_SOME = 200
MOST = 20_000
"""Occurrences of one response: a list of a million rows is not a million candidates."""
Source = Callable[[], tuple[CaptureSource, int]]
"""Makes the source, and which of its matches it is; called for wanted values only."""


def at(source: CaptureSource, ordinal: int = 1) -> Source:
    """A source that is known already."""
    return lambda: (source, ordinal)


class Finder:
    """One response, what is wanted of it, and what was found."""

    def __init__(self, entry: Entry, wanted: Wanted, deep: bool = False, digests: Digests | None = None) -> None:
        self.entry, self.wanted, self.deep, self.digests = entry, wanted, deep, digests
        """Deep: what is wanted is also looked for inside of values."""
        self.cut: Sequence[str] | None = None
        """The wanted values that may stand inside of others as they are; None: any."""
        self.found: list[Occurrence] = []
        self.times: Counter[str] = Counter()
        self.closed: set[str] = set()
        """Values of which no more is kept."""
        self._matches: dict[tuple[str, str], tuple[Iterator[tuple[int, str]], dict[str, int]]] = {}
        """Of each pattern and text the matches that are still to come, and where what it took first stood."""
        self._varying: dict[tuple[str, str], bool] = {}
        asked = next((message.asked for message in entry.messages), "")
        self.path = f"/{asked}" if asked else path_of(entry)
        self.after_change = not (is_reading(asked) if asked else only_reads(entry))

    def offer(
        self,
        value: str,
        kind: SourceKind,
        source: Source,
        name: str,
        context: str = "",
        raw: str = "",
        chain: tuple[tuple[str, ...], ...] = (),
    ) -> None:
        """Keep a value if it is wanted; in a deep search, also what is wanted inside it."""
        if len(self.found) >= MOST:
            return
        if (
            value in self.wanted
            and self._is_news(value, kind, name)
            and not self._keep(value, kind, source, name, context, raw, chain)
        ):
            self.times[value] -= 1
        if self.deep and len(value) >= 4:
            for inner, steps, label in derive(value, self.wanted, self.cut, self.digests):
                self._keep(inner, kind, source, label or name, context, "", (*chain, *steps))

    def holds(self, value: str) -> bool:
        """Whether something that is wanted stands inside of a value, in a deep search."""
        return self.deep and next(derive(value, self.wanted, self.cut, self.digests), None) is not None

    def _is_news(self, value: str, kind: SourceKind, name: str) -> bool:
        """Whether to keep one more occurrence: of words and short numbers, which stand everywhere, the first ones do."""
        if kind == "json" and self.counts(value, name):
            return False
        self.times[value] += 1
        if self.times[value] <= self.wanted.few:
            return True
        if is_token(value) or (self.times[value] <= _SOME and may_identify(value)):
            return True
        if not self.deep:
            self.closed.add(value)
        return False

    def counts(self, value: str, name: str) -> bool:
        """Whether a short number has a name by which nothing is identified: it is a count or a price."""
        is_short = self.wanted.few == 1 and len(value) < 4 and value.isdigit()
        return is_short and not (is_id_name(name) or is_revision_name(name))

    def _keep(
        self, value: str, kind: SourceKind, source: Source, name: str, context: str, raw: str, chain: tuple[tuple[str, ...], ...]
    ) -> bool:
        """Keep a value, if its source gives it."""
        made, ordinal = source()
        if ordinal < 1:
            return False
        self.found.append(
            Occurrence(
                value=value,
                entry=self.entry.index,
                ended=self.entry.ended,
                kind=kind,
                source=made,
                ordinal=ordinal,
                name=name,
                context=context,
                raw=raw,
                chain=chain,
                after_change=self.after_change,
                path=self.path,
            )
        )
        return True

    def by_pattern(
        self,
        value: str,
        raw: str,
        pattern: str,
        text: str,
        kind: SourceKind,
        name: str,
        context: str = "",
        decoder: str = "",
        around: Callable[[], str] = str,
        behind: Callable[[], str] = str,
    ) -> None:
        """Keep a value that a pattern takes from the text, if it does; with what stands `around` or `behind` it where it takes
        others too.
        """

        def source() -> tuple[CaptureSource, int]:
            full = self.told(pattern, text, around, behind) or pattern
            return RegexSource(pattern=full), self._position(full, raw, text)

        self.offer(value, kind, source, name, context, raw if decoder else "", ((decoder,),) if decoder else ())

    def told(self, pattern: str, text: str, around: Callable[[], str], behind: Callable[[], str]) -> str:
        """A pattern with what stands around or behind it, where it takes one value so, but several by itself; else empty."""
        if around is str or not self.varies(pattern, text):
            return ""
        before, after = around(), behind()
        longer = (before + pattern if before else "", pattern + after if after else "")
        return next((one for one in longer if one and self._is_alone(one, text)), "")

    def _position(self, pattern: str, raw: str, text: str) -> int:
        """Which match of a pattern takes this from the response's text, counted from 1; 0 for none."""
        if (pattern, text) not in self._matches:
            self._matches[pattern, text] = (enumerate(taken(pattern, text), 1), {})
        matches, found = self._matches[pattern, text]
        while raw not in found:
            position, value = next(matches, (0, ""))
            if not position:
                return 0
            found.setdefault(value, position)
        return found[raw]

    def varies(self, pattern: str, text: str) -> bool:
        """Whether a pattern takes several values from the response's text."""
        if (pattern, text) not in self._varying:
            values = taken(pattern, text)
            first = next(values, None)
            self._varying[pattern, text] = any(value != first for value in values)
        return self._varying[pattern, text]

    def _is_alone(self, pattern: str, text: str) -> bool:
        """Whether a pattern takes one value from the response's text."""
        return not self.varies(pattern, text) and next(taken(pattern, text), None) is not None

    def missing(self) -> set[str]:
        """Tokens and longer numbers that are wanted and were not found so far."""
        found = {o.value for o in self.found}
        paired = self.wanted.few > 1  # a second recording tells which short ids change
        return {
            v
            for v in self.wanted.values
            if v not in found and (is_found_anywhere(v) or (paired and (is_short_key(v) or may_be_drawn(v) or is_jumble(v))))
        }
