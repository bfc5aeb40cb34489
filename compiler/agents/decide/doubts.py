"""What stays as recorded though an answer gave it before, and nothing says that it is the same thing's: it is told."""

from __future__ import annotations

import re
from collections.abc import Sequence

from loadwright.compiler.agents.decide.by_client.clocks import DAYS, HOUR_OF_A_DAY, days_away
from loadwright.compiler.agents.decide.history import History
from loadwright.compiler.agents.decide.of_objects import KEY
from loadwright.compiler.agents.decide.sources import LONG_ID
from loadwright.compiler.agents.facts import Facts, Made, Site
from loadwright.compiler.agents.names import is_constant_name, is_count_name, is_id_name, plain_name
from loadwright.compiler.agents.observe.arguments import is_argument
from loadwright.compiler.agents.observe.made import may_name_a_thing
from loadwright.compiler.agents.observe.wanted import is_short_key
from loadwright.compiler.agents.past_answers import PastAnswers
from loadwright.compiler.agents.values import is_round_or_date
from loadwright.compiler.recording.calls import LISTS, functions
from loadwright.compiler.recording.model import Entry

_NUMBER = "an answer gave this number before, under another name: it may be another one each time"
_MADE = "what the journey made before has this number, and nothing says that it is meant: it may be another one each time"
_KEY = "an answer had it before as a text of its own, and nothing says what it is of: it may be another one each time"
_CHANGED = "an id by its name or place, another one in the second recording, and no source gave both"
_LONG_NUMBER = "a number of a call of GWT-RPC, and no answer that is one object gave it"
_NOTHING = "A"
"""Zero to the base of 64: what is new has no id."""
_CHANGES = re.compile(r"(?<=\d)(?=[A-Za-z])|(?<=[A-Za-z])(?=\d)")
"""Where letters and digits meet: at several places in what was drawn, at one in a word and its number."""
_MEANS = re.compile(r"[0-9a-fA-F]{6}|[a-z]\d+[a-z]+|\d+[a-z]{1,3}\d+[a-z]{0,3}|[A-Za-z]{3,}\d{1,2}[A-Za-z]{2,}")
"""A colour, a measure, or words with a number between them."""
_FIRST_ARGUMENT = re.compile(rf"/(?:{'|'.join(LISTS)})/0(?:/0)?")
_NAME = re.compile(r"[A-Za-z_][\w-]{1,60}")
_YESTERDAY, _WEEKS = -1, 14
"""Days from that of the recording between which scripts and users reckon most."""


class Doubts:
    """Tells why a value that stays may be another one each time."""

    def __init__(self, history: History, facts: Facts, entries: Sequence[Entry]) -> None:
        self.history, self.facts = history, facts
        self.answers = PastAnswers(entries)
        self.pages = PastAnswers(entry for entry in entries if entry.index not in history.assets)
        self._usual: dict[tuple[str, str, int], bool] = {}
        self._days: set[str] = set()
        """Days that were looked at."""

    def of(self, site: Site) -> str:
        """The reason, where a value may be another one each time; else empty."""
        if site.key.startswith(KEY):
            return _LONG_NUMBER if site.value != _NOTHING else ""
        if (changed := self.history.changed(site)) is not None:
            return _CHANGED if changed and self._identifies(site) else ""
        if self._may_be_given(site) or self._may_be_an_id(site):
            return _NUMBER
        if self._may_be_a_key(site):
            return _KEY
        return _MADE if self._may_be_made(site) else self._may_be_reckoned(site)

    def _identifies(self, site: Site) -> bool:
        """Whether a number is called an id, or is a part of a path."""
        if not site.value.isdigit() or site.location in ("header", "cookie", "body") or site.entry in self.history.assets:
            return False
        return site.location == "path" or (is_id_name(site.name) and not is_count_name(site.name))

    def _may_be_given(self, site: Site) -> bool:
        """Whether a longer number stood in an answer before, though nothing says that it is the same thing's."""
        least = LONG_ID - (site.location == "json" and not site.is_number)  # a count is no text
        if not site.value.isdigit() or len(site.value) < least or is_round_or_date(site.value) or is_count_name(site.name):
            return False
        if site.location in ("header", "cookie", "body") or site.entry in self.history.assets:
            return False
        return self.history.server_made(site.value)

    def _may_be_an_id(self, site: Site) -> bool:
        """Whether an argument without a name has the number of something that an answer gave before."""
        if not is_argument(site.key, site.name) or not site.value.isdigit() or site.value.startswith("0"):
            return False
        given = (o for o in self.history.given(site, site.value) if is_id_name(o.name) and not o.chain)
        return next(given, None) is not None and not self.history.client_first(site.value, site)

    def _may_be_a_key(self, site: Site) -> bool:
        """Whether a change sends a few letters and digits that an answer had before, as a text of its own."""
        value = site.value
        if site.location in ("header", "cookie") or site.entry not in self.history.changing or not is_short_key(value):
            return False
        if len(_CHANGES.findall(value)) < 2 or _MEANS.fullmatch(value) or is_constant_name(site.name) or is_count_name(site.name):
            return False
        whole = re.compile(rf"""["'>]{re.escape(value)}\\*["'<]""")
        sent = min((one.started for one in self.history.sites_of[value]), default=site.started)
        return self.pages.has(value, whole, min(sent, site.started))

    def _may_be_made(self, site: Site) -> bool:
        """Whether a field of a change has the short number of what the journey made, and never had it before that was there."""
        things = self.facts.made.get(site.value, ()) if site.location in ("json", "form", "part") else ()
        before = [one for one in things if one.ended <= site.started]
        if not before or site.entry not in self.history.changing or not may_name_a_thing(site):
            return False
        if site.value == "1" and any(s.value == "0" and s.name == site.name for s in self.facts.sites[site.entry]):
            return False  # a box that is ticked, and its twin that says no
        return self._calls_for(site, before) or not self._is_usual(site, before[0])

    def _may_be_reckoned(self, site: Site) -> str:
        """What is said, once, of a day around that of the recording, which no answer told before."""
        if site.location not in ("query", "form", "json", "part", "path") or site.entry in self.history.assets:
            return ""
        hour = HOUR_OF_A_DAY.fullmatch(site.value)
        day = hour[1] if hour else site.value
        told = ((form, days_away(day, written, site.started)) for form, written in DAYS.items() if len(form) == len(day))
        found = next(((form, away) for form, away in told if away is not None and _YESTERDAY <= away <= _WEEKS), None)
        if found is None or day in self._days:
            return ""
        self._days.add(day)
        if self.pages.has(day, re.compile(re.escape(day)), site.started) or self.pages.is_used_up:
            return ""
        form, away = found
        moves = f', "{away:+}d"' if away else ""
        return f'one recording does not tell whether this day moves with that of the run, as `now("{form}"{moves})` does'

    def _calls_for(self, site: Site, made: Sequence[Made]) -> bool:
        """Whether a function is called on what another function of the same thing made: its first argument (`party.write`)."""
        if _FIRST_ARGUMENT.fullmatch(site.key) is None:
            return False
        called = {one.rpartition(".")[0] for one in functions(self.history.entry(site.entry).request.body or b"")}
        return any(called & one.words for one in made)

    def _is_usual(self, site: Site, made: Made) -> bool:
        """Whether this number was sent or answered under this name before the thing was made: then it counts, or says a kind."""
        name = plain_name(site.name)
        key = (name, site.value, made.entry)
        if key not in self._usual:
            self._usual[key] = (
                any(s.started < made.ended and plain_name(s.name) == name for s in self.history.sites_of[site.value])
                or any(i.default == site.value and i.name == site.name and i.started < made.ended for i in self.facts.inputs)
                or not _NAME.fullmatch(name)
                or self._is_said(name, site.value, made)
            )
        return self._usual[key]

    def _is_said(self, name: str, value: str, made: Made) -> bool:
        member = re.compile(rf'"{re.escape(name)}\\*"\s*:\s*\\*"?{value}(?![\d.])')
        return self.answers.has(f'"{name}', member, made.ended, but=made.entry) or self.answers.is_used_up
