"""Long numbers of a call of GWT-RPC (`E`, 4 to the base of 64): which answer that is one object gave them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from loadwright.compiler.agents.decide.second import Second
from loadwright.compiler.agents.facts import Occurrence, Site
from loadwright.compiler.plan.model import RegexSource
from loadwright.compiler.recording.gwt import LONG, numbers_of
from loadwright.compiler.recording.kinds import path_of
from loadwright.compiler.recording.model import Entry

KEY = f"{LONG}@"
"""How the keys of such sites begin."""


class OfObjects:
    """Finds the last object that an answer gave before, by a number in it."""

    def __init__(self, entries: Sequence[Entry], second: Second) -> None:
        self.second = second
        self._given: dict[str, list[Occurrence]] = defaultdict(list)
        for entry in entries:
            for value, pattern in numbers_of(entry.response.text or ""):
                source = RegexSource(pattern=pattern)
                one = Occurrence(value, entry.index, entry.ended, "boundary", source, name=LONG, path=path_of(entry))
                self._given[value].append(one)

    def of(self, site: Site) -> Occurrence | None:
        """The nearest one before a site, unless the second recording has another number there."""
        before = (o for o in reversed(self._given.get(site.value, ())) if o.ended <= site.started)
        return next((o for o in before if self.second.confirms(site, site.value, o) is not False), None)
