"""Links: the response that a value of a request is taken from."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import takewhile

from msgspec.structs import replace

from loadwright.compiler.agents.decide.by_client.numbered import number_of, numbered
from loadwright.compiler.agents.decide.by_user.given import is_credential
from loadwright.compiler.agents.decide.by_user.put_together import is_put_together
from loadwright.compiler.agents.decide.by_user.spelling import BY_SURROUNDINGS, is_typed_otherwise, typed_otherwise
from loadwright.compiler.agents.decide.captures import Captures
from loadwright.compiler.agents.decide.history import History
from loadwright.compiler.agents.decide.in_addresses import handed_back
from loadwright.compiler.agents.decide.ledger import Ledger
from loadwright.compiler.agents.decide.numbers.answered_alone import or_answered_alone
from loadwright.compiler.agents.decide.numbers.anywhere import anywhere
from loadwright.compiler.agents.decide.numbers.by_calls import from_calls
from loadwright.compiler.agents.decide.numbers.by_initials import from_initials
from loadwright.compiler.agents.decide.numbers.by_rows import from_rows
from loadwright.compiler.agents.decide.numbers.filters import is_of_another_list
from loadwright.compiler.agents.decide.numbers.just_told import just_told
from loadwright.compiler.agents.decide.numbers.led_there import is_made_there, led_there
from loadwright.compiler.agents.decide.numbers.named_there import named_there
from loadwright.compiler.agents.decide.numbers.new_ids import new_id
from loadwright.compiler.agents.decide.numbers.of_changes import condition_of, of_changes
from loadwright.compiler.agents.decide.numbers.of_collections import of_its_collection, of_what_was_asked
from loadwright.compiler.agents.decide.numbers.of_events import of_events
from loadwright.compiler.agents.decide.numbers.of_made import of_made
from loadwright.compiler.agents.decide.numbers.on_the_page import from_its_page, of_its_address
from loadwright.compiler.agents.decide.numbers.other_choices import is_another_choice
from loadwright.compiler.agents.decide.numbers.things import Things
from loadwright.compiler.agents.decide.positions import by_position, is_alone, of_the_last_list
from loadwright.compiler.agents.decide.rows.own_form import FIELD_KINDS, of_its_form, own_field, own_fields, own_hidden
from loadwright.compiler.agents.decide.rows.own_rows import OwnRows
from loadwright.compiler.agents.decide.second import Second
from loadwright.compiler.agents.decide.sources import ID_KINDS, LONG_ID, agreement, agrees, describe, just_made
from loadwright.compiler.agents.decide.stability import is_by_position, is_by_text, is_of_no_list, rank
from loadwright.compiler.agents.decide.withheld import Withheld
from loadwright.compiler.agents.decisions import Decision
from loadwright.compiler.agents.facts import Facts, Occurrence, Site
from loadwright.compiler.agents.hidden import Hidden
from loadwright.compiler.agents.keys import is_met_by_no_chance, is_mixed
from loadwright.compiler.agents.names import folded, is_called_after, is_count_name, is_id_name
from loadwright.compiler.agents.observe.answers.in_fields import IN_A_NAME
from loadwright.compiler.agents.observe.boxes import is_called_otherwise, numbers_in
from loadwright.compiler.agents.observe.sites import as_item
from loadwright.compiler.agents.secret_names import is_secret
from loadwright.compiler.agents.values import (
    ISO_DAY,
    is_code,
    is_exact_moment,
    is_moment,
    is_round_or_date,
    is_token,
    may_identify,
)
from loadwright.compiler.plan.model import JsonSource, RegexSource
from loadwright.compiler.plan.template import Part
from loadwright.compiler.recording.urls import is_api_version

_TELLING = 4
"""Characters from which a value is met by chance more seldom."""
_GIVING = ("json", "header", "meta", "hidden input")
"""What gives a session its credentials, even if two sessions are given the same."""
BY_PLACE = "both recordings took the one at this place of its list, which is called otherwise in each"
_SEALED = 64
"""Characters from which a text of letters, digits and signs is no digest of a file, but written by means of a server's key."""
_CHOSEN = ("row", "input")
"""What a page offers to choose."""
_OF_A_CHANGE = ("json", "header")
"""How the answer to a change tells what it made; a page has the URLs of its assets too."""


def is_sealed(site: Site, value: str) -> bool:
    """Whether a value in a query is as only a server's key can write it: another run of the server has another one."""
    if site.location != "query" or value != site.value or len(value) < _SEALED:
        return False
    return is_token(value) and any(map(str.isupper, value)) and not value.isalnum()


class Links:
    """Finds and records sources; `unique` are words that are others in each iteration, on which no extractor may rely."""

    def __init__(
        self, ledger: Ledger, history: History, facts: Facts, second: Second, unique: Iterable[str], things: Things, hidden: Hidden
    ) -> None:
        self.ledger, self.history, self.facts, self.second, self.things = ledger, history, facts, second, things
        self.unique: tuple[str, ...] = tuple(unique)
        self._by_word: dict[int, bool] = {}
        """Occurrences (of the facts, which stay) by their `id`: whether a unique word stands in the extractor."""
        self.withheld = Withheld(hidden, history.answer)
        self.captures = Captures(ledger, history, facts, second, self.withheld)
        self.own_rows = OwnRows(ledger, history, facts, second, self.unique, self.captures)

    def find(self, site: Site, value: str, context: str) -> Part | None:
        """What an earlier response gave for this value, if it is right to take it from there."""
        site = as_item(site)
        if value == site.value and self.captures.taken(site, number_of(value)):
            return None  # `row-48213` of the contact 48213 needs no source of its own
        told = from_calls(site, self.facts, self.history, self.unique) if value == site.value else []
        told = told or (of_events(site, self.facts, self.history, self.ledger.result.doubts) if value == site.value else [])
        candidates = (
            told
            or or_answered_alone(site, value, self._agreeing(site, value, context), self.history, self.second)
            or (from_rows(site, self.history, self.unique) if value == site.value else [])
            or self._known_id(site, value)
            or of_its_address(site, self.captures.of_value.get(value, ()), self.history)
            or from_initials(site, value, self.history, self.ledger.result.doubts)
            or self._of_the_thing(site, value)
            or new_id(site, value, self.facts, self.history, self._needs_a_unique_word)
            or of_its_collection(site, value, self.history)
            or of_what_was_asked(site, value, self.captures.of_value.get(value, ()), self.history)
            or of_made(site, value, self.facts, self.history)
            or self._offered(site, value)
            or self._told_twice(site, value)
            or of_changes(site, value, self.facts, self.history)
            or named_there(site, value, self.history)
            or handed_back(site, value, self.history)
            or just_told(site, value, self.history)
        )
        candidates = [o for o in candidates if not self._is_of_another(site, o)]
        if not candidates and value == site.value:
            candidates = from_its_page(site, self.facts, self.history)
        candidates = own_fields(site, value, self.withheld.without(candidates))
        if not (candidates or self.own_rows.asks_for_an_id(site, value)):
            return None
        if self.history.client_first(value, site) or self._fixed(site, value):
            return None
        own = [o for o in self.withheld.without(self.own_rows.ids(site, value)) if not self._is_of_another(site, o)]
        return self.extract(site, value, candidates, own) if candidates or own else None

    def in_a_name(self, site: Site) -> Part | None:
        """What stands for a number in the name of a field (`17-RefersTo`): what the same request says that id with elsewhere."""
        slices = self.ledger.result.slices
        alike = (s for s in self.facts.sites[site.entry] if s.value == site.value and not is_called_otherwise(s.name, s.value))
        said = {cut.part for s in alike for cut in slices.get((s.entry, *s.identity), ())}
        for occurrence in self.captures.of_value.get(site.value, ()):
            part, decision = self.captures.made[occurrence]
            if part in said:
                decision.uses.append(self.ledger.where(site))
                return part
        return None

    def ticked(self, site: Site) -> Part | None:
        """What stands for the number of a ticked box (`chk_17=on`): of the own row of the user, or as a second recording says."""
        changed = self.history.changed(site)
        boxes = (o for o in self.history.given(site, site.value) if o.kind == "input" and o.name == site.name != "")
        told = of_the_last_list([o for o in boxes if isinstance(o.source, RegexSource) and (changed or self.own_rows.of(o))])
        return self.extract(site, site.value, told) if told and changed is not False else None

    def of_a_name(self, site: Site) -> Part | None:
        """What stands for a longer number in the name of a field that a page has: the page names its field after something."""
        if self.history.changed(site) is False or not numbers_in(site.value):
            return None
        named = [o for o in self.history.given(site, site.value) if o.context == IN_A_NAME]
        return self.extract(site, site.value, named) if named and not self.history.client_first(site.value, site) else None

    def asked_in_a_name(self, site: Site) -> Part | None:
        """What stands for a number of a query inside of a field's name (`val[&where[id]=31][note]`): what would in a query.

        A name that is itself put together as a query says what its values are called.
        """
        if not site.context or self.history.changed(site) is False:
            return None
        asked = replace(site, location="query", key=f"{site.context}#1", name=site.context, context="")
        return self.find(asked, site.value, "")

    def decision_of(self, occurrence: Occurrence) -> Decision | None:
        """The decision by which this occurrence is captured, if it is."""
        return self.captures.made[occurrence][1] if occurrence in self.captures.made else None

    def _fixed(self, site: Site, value: str) -> bool:
        """Whether the build of the page fixes a value: it stands in the URL of an asset, and is no session's.

        What a change made or took (the picture that was uploaded) no build knows.
        """
        if site.entry not in self.history.assets or self.history.changed(site):
            return False
        given = self.facts.occurrences.get(value, ())
        return not any(o.kind == "cookie" or (o.after_change and o.kind in _OF_A_CHANGE) for o in given)

    def _agreeing(self, site: Site, value: str, context: str) -> list[Occurrence]:
        changed = self.history.changed(site)
        is_sure = is_met_by_no_chance(value) or is_exact_moment(value)
        may_be_one = is_sure or may_identify(value) or is_code(value)
        if changed is None and site.location == "path" and (is_api_version(value) or not may_be_one):
            return []  # a word of an address: nothing tells one of its many occurrences from another
        is_given = changed is False and is_token(value) and (site.key == "authorization" or is_credential(site))
        is_linked = changed is False and is_sealed(site, value)
        is_filled = changed is False and site.location in ("form", "part") and is_secret(site.name, value)
        agrees = agreement(site, context, is_sure, changed)
        return [
            o
            for o in self.history.given(site, value)
            if (
                agrees(o)
                or (is_given and o.kind in _GIVING)  # else it would have to be asked for
                or (is_linked and o.kind == "link")
                or (is_filled and o.kind in FIELD_KINDS and o.name == site.name)
            )
            and not (
                (self._may_be_met(o, site, context, changed) or numbered(o))
                and self.history.was_there(o, site, context)
                and not led_there(site, o, self.history)
            )
            and not self._needs_a_unique_word(o)
            and not self._is_of_another(site, o)
            and not is_another_choice(site, o)
            and not (is_token(value) and (value in o.name or value in site.name))  # named after it, by the application
        ]

    def _may_be_met(self, occurrence: Occurrence, site: Site, context: str, changed: bool | None) -> bool:
        """Whether a short value may be another's by chance: it is called otherwise, or two sessions have the same."""
        if changed is None and len(occurrence.value) < _TELLING:
            if occurrence.value in occurrence.path.split("/"):
                return True  # a page that was asked for by it has links with it
            return context != occurrence.context and folded(site.name) != folded(occurrence.name)
        return changed is False

    def _known_id(self, site: Site, value: str) -> list[Occurrence]:
        """A number that was taken as an id before: a longer one is met by no chance, a short one in a URL by links of its name."""
        if not value.isdigit() or self.history.changed(site) is False:
            is_met = value == site.value and (is_mixed(value) or is_code(value)) and self.history.changed(site) is not False
            return self._ids(site, self.captures.of_value.get(value, ())) if is_met else []
        if value == number_of(site.value) and (taken := self.captures.taken(site, value)):
            return taken
        if is_count_name(site.name) or (site.location in ("header", "cookie") and value == site.value):
            return []
        if site.location not in ("path", "query") and len(value) < LONG_ID:
            return []
        given = self.history.given(site, value)
        is_telling = value != site.value or not is_round_or_date(value)  # a piece stands beside what tells
        known = self._ids(site, self.captures.of_value.get(value, ())) or (self.captures.taken(site, value) if is_telling else [])
        if not known and len(value) >= LONG_ID and is_telling:
            keys = [o for o in given if o.kind == "row" and is_id_name(site.name)]  # what stands before the title of a row
            return self._ids(site, (o for o in given if o.kind in ID_KINDS or (o.kind == "boundary" and o.ordinal == 1))) or keys
        if not known or (len(value) >= 4 and is_telling):
            return known
        linked = any(o.kind in ("link", "redirect part") and site.name and o.name == site.name for o in given)
        if len(value) == 1 and not is_id_name(site.name):  # it may be a mode, and `1` says yes
            known = [o for o in known if value != "1" and is_called_after(o.name, site.name)]
        return known if linked else []

    def _told_twice(self, site: Site, value: str) -> list[Occurrence]:
        """What both recordings were given in the same place and sent in the same place, each another value: that is no chance.

        A short number needs the same name at both ends too, whatever it counts (`version`).
        """
        if not self.history.changed(site) or ISO_DAY.match(value):
            return []
        if not (may_identify(value) or is_code(value)):
            return self._word_told(site, value)
        place = site.context if site.location == "path" else ""
        called = folded(condition_of(site.name) or place) if value == site.value else ""
        return [
            o
            for o in self.history.given(site, value)
            if (o.kind != "cookie" or o.chain or (value.isdigit() and len(value) > LONG_ID))
            and (len(value) >= _TELLING - (o.kind == "row" or is_by_text(o)) or folded(o.name) == called != "")
            and not self._needs_a_unique_word(o)
            and self.second.confirms(site, value, o)
        ]

    def _word_told(self, site: Site, value: str) -> list[Occurrence]:
        """A word of a path, which only both recordings together show to be what an answer calls something: a tenant, a space."""
        is_whole = site.location == "path" and value == site.value and len(value) >= _TELLING
        given = self.history.given(site, value) if is_whole else ()
        return [o for o in given if o.kind == "json" and not o.chain and self.second.confirms(site, value, o)]

    def _offered(self, site: Site, value: str) -> list[Occurrence]:
        """A number that a page offered in a field of this name: an id elsewhere, or by what the user made."""
        if site.location not in ("form", "part") or not value.strip("0").isdigit() or self.history.changed(site) is not None:
            return []
        given = [o for o in self.history.given(site, value) if o.name == site.name and not o.chain]
        is_chosen = any(o.kind in _CHOSEN for o in given)
        offered = (*_CHOSEN, "link") if is_chosen else ()
        own = self.own_rows.own([o for o in given if o.kind in offered or o.kind == "hidden input"])
        return own or [o for o in given if o.kind in FIELD_KINDS and value in self.captures.of_value]

    def _of_the_thing(self, site: Site, value: str) -> list[Occurrence]:
        """A number that names around it say to be the id of one thing at both ends."""
        if not value.isdigit():
            return []
        is_constant = self.history.changed(site) is False
        return [
            o
            for o in self.history.given(site, value)
            if (o.after_change or not is_constant)
            and self.things.tells(site, o)
            and self._is_of_the_thing(site, o)
            and not self._needs_a_unique_word(o)
        ]

    def _is_of_another(self, site: Site, occurrence: Occurrence) -> bool:
        """Whether names say that an id is another thing's, or nobody's that was given before."""
        if is_of_another_list(site, self.history.path(site), occurrence, self.history.changed(site)):
            return True
        return self.things.tells(site, occurrence) and not self._is_of_the_thing(site, occurrence)

    def _is_of_the_thing(self, site: Site, occurrence: Occurrence) -> bool:
        """Whether names say that both are ids of one thing, and nobody asked for it by this id before the answer."""
        asked = (s for s in self.history.sites_of[occurrence.value] if s.started <= occurrence.ended)
        return self.things.same(site, occurrence) > 0 and not any(
            self.things.tells(s, occurrence) and self.things.same(s, occurrence) for s in asked
        )

    def _ids(self, site: Site, found: Iterable[Occurrence]) -> list[Occurrence]:
        return [o for o in found if is_id_name(o.name) and not o.chain and self.history.in_time(o, site)]

    def _needs_a_unique_word(self, occurrence: Occurrence) -> bool:
        return self.is_by_a_unique_word(occurrence) and self.own_rows.of(occurrence) is None

    def is_by_a_unique_word(self, occurrence: Occurrence) -> bool:
        """Whether a word that is another one in each iteration stands in the extractor."""
        if not self.unique:
            return False
        known = self._by_word.get(id(occurrence))
        if known is None:
            text = describe(occurrence)
            known = self._by_word[id(occurrence)] = any(word in text for word in self.unique)
        return known

    def shown_later(self, site: Site, value: str) -> Part | None:
        """What stands for a longer number that another request showed to be an id: its source there, or what told it before."""
        if taken := self.captures.taken(site, value):
            return self.captures.again(site, taken[0])
        told = [o for o in self._ids(site, self.history.given(site, value)) if o.kind in _GIVING]
        return self.extract(site, value, told) if told else None

    def row_place(self, site: Site, row: Occurrence) -> Part | None:
        """The place of a row among others, by the text of the row."""
        if (own := self.own_rows.of(row)) is not None and row not in self.captures.made:
            return self.captures.take(site, row.value, row, (), own.source)
        return None if self.is_by_a_unique_word(row) else self.extract(site, row.value, [row])

    def extract(self, site: Site, value: str, candidates: list[Occurrence], of_rows: Sequence[Occurrence] = ()) -> Part | None:
        """What stands for a value that is taken from the best of some occurrences."""
        everything = self._ranked(site, candidates)
        ranked = [o for o in everything if not self.is_by_a_unique_word(o)]
        best = next((o for o in ranked if self.second.confirms(site, value, o) is not False), None)
        is_loose = best is None or (best not in self.captures.made and self.own_rows.is_loose(best))
        if best not in self.captures.made and is_put_together(site, value, best, self.unique, self.history):
            return None
        if is_loose and (own := self.own_rows.best(site, value, dict.fromkeys((*everything, *of_rows)))):
            return self.captures.again(site, own[0]) or self.captures.take(site, value, own[0], candidates, own[1])
        if is_loose and (twins := self._by_position(site, value, takewhile(lambda o: o is not best, ranked))):
            best = self._ranked(site, [*twins, best] if best else twins)[0]
            candidates = [*candidates, *twins]
        if best is None and not (ranked and (is_token(value) or is_moment(value))):
            return None  # by chance: in the second recording none of them gives what was needed
        best = best or ranked[0]
        alike = [o for o in ranked if rank(o) == rank(best) and self.second.confirms(site, value, o) is not False]
        if best not in self.captures.made and len(alike) > 1:
            best = of_its_form(best, alike, self.history.entry(best.entry), self.history.entry(site.entry))
        is_an_item = best.kind == "json" and not is_of_no_list(best) and not is_met_by_no_chance(best.value)
        if (best.kind in BY_SURROUNDINGS or is_an_item) and best not in self.captures.made:
            best = own_field(site, (o for o in ranked if self.second.confirms(site, value, o) is not False), self.history) or best
        if best in self.captures.made and (field := own_hidden(site, best, self.history)):
            best = field if self.second.confirms(site, value, field) is not False else best
        if known := self.captures.again(site, best):
            return known
        if best.kind in BY_SURROUNDINGS and is_typed_otherwise(site, value, self.unique, self.history):
            return typed_otherwise(site, value, self.ledger)
        if self._is_by_place(site, value, best, everything):
            self.ledger.result.places[site] = BY_PLACE
        return self.captures.take(site, value, best, candidates)

    def _is_by_place(self, site: Site, value: str, best: Occurrence, found: Iterable[Occurrence]) -> bool:
        """Whether both recordings took what stands at one place of a list, though its text tells another one in each."""
        if not (is_by_position(best) or best.ordinal > 1) or self.history.changed(site) is not True:
            return False
        named = (o for o in found if o.entry == best.entry and (o.kind == "row" or is_by_text(o)))
        return any(self.second.confirms(site, value, o) is False for o in named)

    def _ranked(self, site: Site, candidates: Iterable[Occurrence]) -> list[Occurrence]:
        found = list(candidates)
        by_name = {rank(o) for o in found if isinstance(o.source, JsonSource) and "[?(" in o.source.path}

        def stability(o: Occurrence) -> int:
            return rank(o) - (rank(o) - 1 in by_name and is_alone(o, self.history.answer(o.entry)))

        def order(o: Occurrence) -> tuple[int, int, bool, int, float, int, bool]:
            other = folded(o.name) != folded(site.name)  # of two alike in one answer, the one called as the request calls it
            is_made = just_made(site, o) + is_made_there(site, o) or led_there(site, o, self.history)
            return -self._told(site, o), -is_made, o not in self.captures.made, stability(o), -o.ended, o.entry, other

        return sorted(found, key=order)

    def _by_position(self, site: Site, value: str, denied: Iterable[Occurrence]) -> list[Occurrence]:
        """Of rows that the second recording does not know there: those that it has at their position or in another list."""
        lost = [(o, self.history.answer(o.entry)) for o in denied if self.second.confirms(site, value, o) is False]
        is_short = len(value) < _TELLING and value.isdigit()  # it stands at one of many places by chance, in both
        places = (by_position(o, answer) for o, answer in lost if not is_short or agrees(site, site.context, o, False, None))
        found = (twin for twins in (places, (anywhere(o, answer) for o, answer in lost)) for twin in twins)
        return [twin for twin in found if twin and self.second.confirms(site, value, twin)]

    def _told(self, site: Site, occurrence: Occurrence) -> int:
        """How many words say that an occurrence is of the thing that a site asks for, where nothing else does."""
        return self.things.same(site, occurrence) if self.things.tells(site, occurrence) else 0
