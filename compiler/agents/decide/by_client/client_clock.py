"""The client's clock inside of values: what stands for it, and the decisions that say so."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from loadwright.compiler.agents.decide.by_client.client_made import clock_inside
from loadwright.compiler.agents.decide.by_client.clocks import DAYS, HOUR_OF_A_DAY, days_away, moments
from loadwright.compiler.agents.decide.history import History
from loadwright.compiler.agents.decide.ledger import Ledger
from loadwright.compiler.agents.decide.second import Second
from loadwright.compiler.agents.decisions import Slice
from loadwright.compiler.agents.facts import Facts, Site
from loadwright.compiler.agents.observe.sites import NAME_KEY
from loadwright.compiler.plan.template import Part, call, template
from loadwright.compiler.recording.model import Entry

_MILLISECONDS = 13
"""Digits of the clock."""
_ANSWERS = 50
"""So many answers back a time is looked for that a page may have told."""

_FURTHEST = 400
"""Days from today up to which a day is looked upon as reckoned from it."""
_AS_FAR = "a day as far from that of its recording in both"
"""A day and the hour that the user chose of it."""


class ClientClock:
    """Puts the time of the run in place of the recorded one."""

    def __init__(self, ledger: Ledger, history: History, entries: Sequence[Entry], facts: Facts, second: Second) -> None:
        self.ledger, self.history, self.entries, self.facts, self.second = ledger, history, entries, facts, second

    def inside(self, site: Site) -> Iterator[Slice]:
        """The client's clock in a value, in milliseconds or as people read it."""
        yield from self._milliseconds(site)
        moments = list(self._moments(site))
        yield from moments or self._day_of_an_hour(site)

    def _milliseconds(self, site: Site) -> Iterator[Slice]:
        """The client's clock in a value, and digits behind it that are drawn anew."""
        found = clock_inside(site)
        if found is None or self.history.server_made(site.value):
            return
        start, end = found
        yield Slice(start, end, self._now(site, site.value[start:end]))
        if more := len(site.value) - end:
            yield Slice(end, len(site.value), call("random", f"1{'0' * (more - 1)}" if more > 1 else "0", "9" * more))

    def in_a_name(self, site: Site) -> Part | None:
        """The clock by which a script calls the fields of a row that it adds: `lines[1700000000123][amount]`.

        Two rows of one form stay as recorded: a test may add both in the same millisecond.
        """
        clocks = {
            s.value for s in self.facts.sites[site.entry] if s.key.startswith(NAME_KEY) and clock_inside(s) == (0, _MILLISECONDS)
        }
        is_one = clocks == {site.value} and not self.history.server_made(site.value)
        return self._now(site, site.value) if is_one else None

    def _now(self, site: Site, digits: str) -> Part:
        """The time; what is sent several times has one."""
        if part := self.ledger.known(site, digits):
            return part
        several = len({(s.entry, *s.identity) for s in self.history.sites_of[site.value]}) > 1
        name = self.ledger.name(site.name or "clock") if several else ""
        decision = self.ledger.record("generate", site.value, name, site)
        decision.evidence.append("the client's clock (ms) inside of it")
        if not several:
            return call("now", "ms")
        self.ledger.variable(decision, template(call("now", "ms")))
        return self.ledger.bind(digits, name, decision)

    def day(self, site: Site) -> Part | None:
        """A day that lies as far from the day of its recording in both: today, or in a week. No answer told it before."""
        theirs = self.second.sent(site)
        return self._as_far(site, site.value, theirs) if theirs is not None else None

    def _day_of_an_hour(self, site: Site) -> Iterator[Slice]:
        """The same with an hour behind it that both recordings have: that was chosen, and stays (`2026-11-28T10:00:00.000Z`)."""
        theirs = HOUR_OF_A_DAY.fullmatch(self.second.sent(site) or "")
        ours = HOUR_OF_A_DAY.fullmatch(site.value)
        if not (ours and theirs and ours[2] == theirs[2]) or self.history.server_made(site.value) or self._was_told(site, ours[1]):
            return
        if part := self._as_far(site, ours[1], theirs[1]):
            yield Slice(0, len(ours[1]), part)

    def _as_far(self, site: Site, ours: str, theirs: str) -> Part | None:
        """What reckons a day anew that lies as far from the day of its recording as that of the other recording."""
        partner = self.second.partners.get(site.entry)
        if partner is None or theirs == ours or self.history.server_made(ours):
            return None
        for form, written in DAYS.items():
            away, other = days_away(ours, written, site.started), days_away(theirs, written, partner.started)
            if away is not None and away == other and abs(away) <= _FURTHEST:
                self.ledger.record("generate", site.value, "", site).evidence.append(_AS_FAR)
                return call("now", form, f"{away:+}d") if away else call("now", form)
        return None

    def _was_told(self, site: Site, moment: str) -> bool:
        """Whether one of the last answers before a request told a time."""
        before = [e for e in self.entries if e.ended <= site.started][-_ANSWERS:]
        return any(moment in (entry.response.text or "") for entry in before)

    def _moments(self, site: Site) -> Iterator[Slice]:
        """The client's clock in a text, where the last answers did not tell that time."""
        for told, start, end, part in moments(site) if self.history.changed(site) is not False else ():
            if not self._was_told(site, told):
                text = site.value[start:end]
                self.ledger.record("generate", text, "", site).evidence.append("the client's clock (UTC), in a text")
                yield Slice(start, end, part)
