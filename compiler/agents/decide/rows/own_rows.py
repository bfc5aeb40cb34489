"""The user's own rows of lists, in JSON, pages, scripts and flat lists: known by what the journey made before."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence
from typing import Any

from loadwright.compiler.agents.decide.captures import Captures
from loadwright.compiler.agents.decide.history import History
from loadwright.compiler.agents.decide.ledger import Ledger
from loadwright.compiler.agents.decide.rows.own_flat_rows import answered_alone, flat_rows_of, own_flat_row
from loadwright.compiler.agents.decide.rows.own_json_rows import OwnRow, own_row
from loadwright.compiler.agents.decide.rows.own_texts import MarkedRow, by_its_tag, marked_row, takes_several
from loadwright.compiler.agents.decide.rows.own_values import OwnValues
from loadwright.compiler.agents.decide.second import Second
from loadwright.compiler.agents.decide.stability import is_by_position, is_of_no_list
from loadwright.compiler.agents.facts import Facts, Occurrence, Site
from loadwright.compiler.agents.names import is_count_name, is_id_name
from loadwright.compiler.plan.jsonpath import find, json_text, load_json, quote_name
from loadwright.compiler.plan.model import CaptureSource, JsonSource
from loadwright.compiler.plan.template import Reference, Text, fixed, template

_KEPT = 4
"""Answers that are kept as read."""
_LOOKED_AT = 10
"""Occurrences of a value of which a row is looked for."""


def _first_and_latest(found: Sequence[Occurrence]) -> Collection[Occurrence]:
    return dict.fromkeys((*found[:_LOOKED_AT], *sorted(found, key=lambda one: -one.ended)[:_LOOKED_AT]))


class OwnRows:
    """Finds the rows that are known by what the journey made."""

    def __init__(
        self, ledger: Ledger, history: History, facts: Facts, second: Second, unique: Collection[str], captures: Captures
    ) -> None:
        self.ledger, self.history, self.facts, self.second, self.unique = ledger, history, facts, second, unique
        self._documents: dict[int, Any] = {}
        self.values = OwnValues(ledger, history, facts, second, unique, captures)

    def is_loose(self, occurrence: Occurrence) -> bool:
        """Whether an occurrence is one of several that its source could give: an item of a list, a row of a page."""
        several = not is_of_no_list(occurrence) or occurrence.ordinal > 1 or occurrence.kind == "row"
        answer = self._answer(occurrence)
        in_flat = any(row.is_item for _, row, _ in flat_rows_of(occurrence, answer))
        return several or in_flat or takes_several(by_its_tag(occurrence, answer), answer)

    def best(self, site: Site, value: str, ranked: Iterable[Occurrence]) -> tuple[Occurrence, CaptureSource] | None:
        """The nearest of the first occurrences that is in a row of the user's own, if the second recording does not deny it.

        A list that was looked at before may have more pages, or another filter.
        """
        for occurrence in sorted(_first_and_latest(list(ranked)), key=lambda one: -one.ended):
            row = self.of(occurrence)
            said = self.second.confirms(site, value, row.theirs) if row and row.theirs else None
            if row and (said or (said is None and row.is_sure)):
                made = answered_alone(occurrence, row, self.history, self.history.given(site, value))
                is_told = made is not None and self.second.confirms(site, value, made) is not False
                return (made, made.source) if made and is_told else (occurrence, row.source)
        return None

    def own(self, found: Sequence[Occurrence]) -> list[Occurrence]:
        """Those of the first and the latest occurrences that are in a row of the user's own, in their order."""
        looked_at = _first_and_latest(found)
        return [occurrence for occurrence in found if occurrence in looked_at and self.of(occurrence)]

    def of(self, occurrence: Occurrence) -> OwnRow | MarkedRow | None:
        """How an occurrence is known by the user's own row."""
        started, answer = self.history.entry(occurrence.entry).started, self._answer(occurrence)
        if flat := flat_rows_of(occurrence, answer):
            return own_flat_row(occurrence, answer, flat, list(self.values.marks(answer, started, occurrence.value)))
        if isinstance(occurrence.source, JsonSource):
            least = 2 if self._is_of_one_thing(occurrence) else 1
            row = own_row(occurrence, lambda: self._document(occurrence.entry), started, self.values.made, least)
            if row is None and is_by_position(occurrence):
                row = own_row(occurrence, lambda: self._document(occurrence.entry), started, self.values.sent_later, least)
            return row
        return marked_row(by_its_tag(occurrence, answer), answer, self.values.marks(answer, started, occurrence.value))

    def asks_for_an_id(self, site: Site, value: str) -> bool:
        """Whether a number is called an id, in a request of a user whose own rows can be told: one digit may be another thing's."""
        if site.location not in ("form", "part", "query") or not is_id_name(site.name) or self.history.changed(site) is not None:
            return False
        return bool(self.unique) and value.isdigit() and value.strip("0") != "" and not is_count_name(site.name)

    def ids(self, site: Site, value: str) -> list[Occurrence]:
        """The ids of the user's own rows, for what asks for an id."""
        if not self.asks_for_an_id(site, value):
            return []
        given = (o for o in self.history.given(site, value) if o.kind == "json" and is_id_name(o.name) and not o.chain)
        return [o for o in given if self._is_its_id(o)]

    def _is_its_id(self, occurrence: Occurrence) -> bool:
        """Whether an occurrence is the id of a row of the user's own, and of nothing that the row has or belongs to."""
        row = self.of(occurrence)
        if not isinstance(row, OwnRow) or not row.is_sure:
            return False
        last, member = template(row.source.path).parts[-1], quote_name(occurrence.name)
        if not isinstance(last, Text) or not last.value.endswith(f")]{member}") or "[?(" in last.value:
            return False
        beside = f"{fixed(occurrence.source.path).removesuffix(member)}.id" if isinstance(occurrence.source, JsonSource) else ""
        ids = [json_text(one) for one in find(self._document(occurrence.entry), beside)[:1]]
        return all(occurrence.value in re.findall(r"\d+", one) for one in ids)

    def _is_of_one_thing(self, occurrence: Occurrence) -> bool:
        """Whether an answer is to a change, or to a request that asks by what it was given: a list in it is for form's sake.

        What the user typed, and types in each iteration, asks for no one thing.
        """
        sites = (s for s in self.facts.sites[occurrence.entry] if s.location in ("path", "query", "form", "json"))
        cuts = (cut for s in sites for cut in self.ledger.result.slices.get((s.entry, *s.identity), ()))
        names = {cut.part.name for cut in cuts if isinstance(cut.part, Reference)}
        typed = (
            {v.name for v in self.ledger.result.variables if v.name in names and v.value.literal is not None} if names else set()
        )
        return occurrence.after_change or not names <= typed

    def _document(self, entry: int) -> Any:
        """The JSON of an answer; the last ones are kept, for a list is asked for many values. Raises ValueError for no JSON."""
        if entry not in self._documents:
            if len(self._documents) >= _KEPT:
                del self._documents[next(iter(self._documents))]
            self._documents[entry] = load_json(self.history.answer(entry))
        return self._documents[entry]

    def _answer(self, occurrence: Occurrence) -> str:
        return self.history.answer(occurrence.entry)
