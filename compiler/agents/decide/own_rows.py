"""The user's own row of a list: known by what the journey made before, where others have rows in the same list.

`{"tasks": [{"id": "t8", "processId": "p3"}, …]}` after `POST /process` gave `p3`: the task is taken by
`$.tasks[?(@.processId=='${process_id}')].id`, which gives each user and each iteration its own, wherever it stands.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from itertools import islice
from typing import Any

from msgspec import Struct, field
from msgspec.structs import replace

from loadwright.compiler.agents.decide.captures import Captures
from loadwright.compiler.agents.decide.history import History
from loadwright.compiler.agents.decide.ledger import Ledger
from loadwright.compiler.agents.decide.own_flat_rows import answered_alone, flat_rows_of, own_flat_row
from loadwright.compiler.agents.decide.own_texts import Mark, MarkedRow, by_its_tag, marked_row, takes_several
from loadwright.compiler.agents.decide.second import Second
from loadwright.compiler.agents.decide.sources import LONG_ID
from loadwright.compiler.agents.decide.stability import is_by_position, is_of_no_list
from loadwright.compiler.agents.facts import Facts, Occurrence, Site
from loadwright.compiler.agents.names import folded, is_count_name, is_id_name, without_id
from loadwright.compiler.agents.observe.derive import evaluate
from loadwright.compiler.agents.values import is_token
from loadwright.compiler.plan.functions import may_fail
from loadwright.compiler.plan.inserted import written_value
from loadwright.compiler.plan.jsonpath import Digits, JsonPathError, find, json_text, load_json, quote_name, quote_value
from loadwright.compiler.plan.model import CaptureSource, JsonSource
from loadwright.compiler.plan.template import Call, Reference, Template, Text, fixed, template, walk
from loadwright.compiler.recording.graphql import only_reads

_STEP = re.compile(r"\[\?\(.*?\)\]|\[\d+\]|\['(?:[^'\\]|\\.)*'\]|\.\w+")
"""A step of a path as observation writes it."""
_ROOTS = ("$", "$.")
"""What stands before the steps: the second where the first member may be anywhere (`$..result[1].id`)."""
_DEEPEST = 2
"""How many objects an item may have around the text that says whose it is."""
_SAYING = 3
"""Letters of a name that says what a short number is of."""
_KEPT = 4
"""Answers that are kept as read."""
_LOOKED_AT = 10
"""Occurrences of a value of which a row is looked for."""
_RUN = re.compile(r"[A-Za-z0-9]+")
_PLAIN = re.compile(r"[A-Za-z0-9_-]{5,}")
"""What stands in a page as it is."""
_PHRASE = re.compile(r"(?=.{8,120}$)\w+(?:[ .,_-]{1,3}\w+)+")
"""Several words, as a title that somebody typed has, which are written alike in every page."""
_LONGEST = 300
"""Characters of a text that tells whose a row is."""
_MOST = 500
"""Items of a list that is looked through."""


class Own(Struct, frozen=True):
    """A value that the journey made, which is another one for each user and iteration."""

    value: Template
    since: float
    """When it was there."""
    theirs: str | None
    """The second recording's, where it tells."""
    is_sure: bool = True
    """Whether it is met by no chance."""


Owned = Callable[[str, str], Own | None]
"""What the journey made for a value that is called so; None for what it did not make."""


class OwnRow(Struct, frozen=True):
    """A source by the user's own row, and whether no chance meets it; what it is in the second recording, where that tells."""

    source: JsonSource
    is_sure: bool
    theirs: Occurrence | None


def own_row(occurrence: Occurrence, read: Callable[[], Any], started: float, own: Owned, least: int = 1) -> OwnRow | None:
    """How an occurrence in a list of a JSON answer is known by what was made before its request began; None where it is not.

    `read` gives the answer's document; `own` tells what the journey made for a value; a list has `least` items.
    """
    path = fixed(occurrence.source.path) if isinstance(occurrence.source, JsonSource) else ""
    steps = _STEP.findall(path)
    root = path[: len(path) - sum(map(len, steps))]
    if not any(map(_is_of_a_list, steps)) or root not in _ROOTS or f"{root}{''.join(steps)}" != path:
        return None
    try:
        return next(_told(occurrence, read(), root, steps, started, own, least), None)
    except (ValueError, JsonPathError):
        return None


def _told(
    occurrence: Occurrence, document: Any, root: str, steps: list[str], started: float, own: Owned, least: int
) -> Iterator[OwnRow]:
    """The ways to know it, by the innermost list first."""
    for number in reversed([n for n, step in enumerate(steps) if _is_of_a_list(step)]):
        before, behind = root + "".join(steps[:number]), "".join(steps[number + 1 :])
        lists, found = [one for one in find(document, before) if isinstance(one, list)], find(document, before + steps[number])
        if len(lists) != 1 or not least <= len(lists[0]) <= _MOST or not found:
            continue
        for place, text, made in _made_before(found[0], started, own):
            if str(text) == occurrence.value or sum(_member(item, place) == text for item in lists[0]) != 1:
                continue
            told, rest = f"{before}[?(@{''.join(map(quote_name, place))}==", f")]{behind}"
            ours = f"{told}{quote_value(text)}{rest}"
            values = [json_text(value) for value in find(document, ours)[:1]]
            if [evaluate(occurrence.chain, value) for value in values] == [occurrence.value]:
                source = JsonSource(path=template(told, *_put(text, made.value), rest))
                there = None if made.theirs is None else f"{told}{_literal(text, made.theirs)}{rest}"
                theirs = None if there is None else replace(occurrence, source=JsonSource(path=there), ordinal=1)
                yield OwnRow(source, made.is_sure, theirs)


def _literal(ours: str, theirs: str) -> str:
    return written_value(theirs) if isinstance(ours, Digits) else quote_value(theirs)


def _made_before(item: Any, started: float, own: Owned) -> list[tuple[tuple[str, ...], str, Own]]:
    """The members of an item that hold what the journey had made by then: what is called as it is called there first."""
    found = [(place, text, made) for place, text in _members(item) if (made := own(place[-1], str(text))) and made.since <= started]
    return sorted(found, key=lambda one: (folded(one[0][-1]) != folded(_name(one[2].value)), len(one[0])))


def _name(value: Template) -> str:
    return next((part.name for part in walk(value) if isinstance(part, Reference)), "")


def _is_of_a_list(step: str) -> bool:
    return step.startswith("[?") or step[1:-1].isdigit()


def _put(text: str, value: Template) -> tuple[str | Template, ...]:
    """A value on the right of a comparison: as a string in quotes, a number bare."""
    if isinstance(text, Digits):
        return (value,)
    return ("'", *(quote_value(part.value)[1:-1] if isinstance(part, Text) else template(part) for part in value.parts), "'")


def _members(item: Any, around: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], str]]:
    """The texts and numbers of an item, also in the objects in it, with the names that lead to them."""
    for name, value in item.items() if isinstance(item, dict) else ():
        if isinstance(value, dict) and len(around) < _DEEPEST:
            yield from _members(value, (*around, name))
        elif isinstance(value, str) and value:
            yield (*around, name), value


def _member(item: Any, place: tuple[str, ...]) -> Any:
    for name in place:
        item = item.get(name) if isinstance(item, dict) else None
    return item


def _lead(site: Site) -> str:
    """What a URL with the value of a site has before it: `host=`, `hosts/`; empty where nothing says what it is of."""
    if site.location == "path":
        return f"{site.context}/" if len(site.context) >= _SAYING else ""
    return f"{site.name}=" if site.location == "query" and len(without_id(site.name)) >= _SAYING else ""


class _Shown(Struct):
    """What an answer shows of the journey's own: the words that the user made up, and the texts that were captured."""

    words: list[str]
    texts: list[tuple[str, str]] = field(default_factory=list)
    looked_for: int = 0
    """The texts that were looked for so far."""


def _first_and_latest(found: Sequence[Occurrence]) -> Collection[Occurrence]:
    return dict.fromkeys((*found[:_LOOKED_AT], *sorted(found, key=lambda one: -one.ended)[:_LOOKED_AT]))


class OwnRows:
    """Finds the rows that are known by what the journey made."""

    def __init__(
        self, ledger: Ledger, history: History, facts: Facts, second: Second, unique: Collection[str], captures: Captures
    ) -> None:
        self.ledger, self.history, self.facts, self.second, self.unique = ledger, history, facts, second, unique
        self.captures = captures
        self._documents: dict[int, Any] = {}
        self._telling: dict[tuple[str, str], None] = {}
        self._looked_at = 0
        self._shown: dict[str, _Shown] = {}
        self._typed_texts: tuple[int, list[str]] = (0, [])
        """How many values something stood for when they were collected, and those among them that tell a row as typed texts."""

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
            return own_flat_row(occurrence, answer, flat, list(self.marks(answer, started, occurrence.value)))
        if isinstance(occurrence.source, JsonSource):
            least = 2 if self._is_of_one_thing(occurrence) else 1
            row = own_row(occurrence, lambda: self._document(occurrence.entry), started, self._made, least)
            if row is None and is_by_position(occurrence):
                row = own_row(occurrence, lambda: self._document(occurrence.entry), started, self._sent_later, least)
            return row
        return marked_row(by_its_tag(occurrence, answer), answer, self.marks(answer, started, occurrence.value))

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

    def marks(self, answer: str, started: float, value: str) -> Iterator[Mark]:
        """The texts in an answer that the journey had made when it was asked for; none that is part of the value itself."""
        shown = self._shown_in(answer)
        for word in shown.words:
            if word not in value and word in self.ledger.bound:
                yield Mark(word, self.ledger.bound[word][0], self._word_there(word), is_a_word=True)
        for text in self._typed_phrases():
            typed = self._typed(text) if text in answer and text not in value else None
            if typed is not None and typed.since <= started:
                yield Mark(text, typed.value.parts[0], typed.theirs, is_a_word=True)
        for lead, text in shown.texts:
            made = self._made(lead, text) if text not in value else None
            if made is not None and made.since <= started and len(made.value.parts) == 1:
                yield Mark(text, made.value.parts[0], made.theirs, is_a_word=False, lead=lead)

    def _shown_in(self, answer: str) -> _Shown:
        """What an answer shows of the journey's own; each is looked for once in each of the last answers."""
        shown = self._shown.pop(answer, None) or _Shown([word for word in self.unique if word in answer])
        made = self._made_texts()
        shown.texts += [(lead, text) for lead, text in islice(made, shown.looked_for, None) if lead + text in answer]
        shown.looked_for = len(made)
        if len(self._shown) >= _LOOKED_AT:
            del self._shown[next(iter(self._shown))]
        self._shown[answer] = shown
        return shown

    def _made_texts(self) -> Collection[tuple[str, str]]:
        """The captured texts that the journey may have made; what was captured since the last call is looked at.

        A short number goes with what URLs have before it.
        """
        if self._looked_at == len(self.captures.made):
            return self._telling
        for occurrence in islice(self.captures.made, self._looked_at, None):
            text = occurrence.value
            is_made = occurrence.after_change or occurrence in self.captures.own or any(word in text for word in self.unique)
            if is_made and _PLAIN.fullmatch(text):
                self._telling["", text] = None
            elif is_made and text.isdigit():
                sites = (s for s in self.history.sites_of.get(text, ()) if s.value == text)
                self._telling.update(((lead, text), None) for lead in map(_lead, sites) if lead)
        self._looked_at = len(self.captures.made)
        return self._telling

    def _word_there(self, word: str) -> str | None:
        """What the second recording has for a word that the user made up: what stands in the same place of the text."""
        site = next(iter(self.history.sites_of.get(word, ())), None)
        theirs = self.second.sent(site) if site else None
        if site is None or theirs is None:
            return None
        here, there = _RUN.findall(site.value), _RUN.findall(theirs)
        place = here.index(word) - len(here) if word in here else -len(there) - 1
        return there[place] if -place <= len(there) else None

    def _made(self, name: str, text: str) -> Own | None:
        if (made_up := self._made_up(text)) is not None:
            return Own(made_up, 0.0, self._typed_there(text))
        for occurrence in self.captures.of_value.get(text, ()):
            part, _ = self.captures.made[occurrence]
            is_sure = is_token(text) or (text.isdigit() and len(text) >= LONG_ID)
            is_told = is_sure or name.endswith(("=", "/")) or is_id_name(name)
            if is_told and self._is_made(occurrence) and not (isinstance(part, Call) and may_fail(part)):
                return Own(template(part), occurrence.ended, self.second.given(occurrence), is_sure)
        return self._typed(text)

    def _typed(self, text: str) -> Own | None:
        """What the user typed in a change, another text in the second recording: what that confirms to be its row is the user's."""
        part, decision = self.ledger.bound.get(text, (None, None))
        if part is None or decision is None or decision.verdict != "parameterise" or not self._is_phrase(text):
            return None
        sent = (s for s in self.history.sites_of.get(text, ()) if s.value == text and s.location in ("form", "json", "part"))
        site = next((s for s in sent if not only_reads(self.history.entry(s.entry))), None)
        theirs = self.second.sent(site) if site else None
        return Own(template(part), site.started, theirs, is_sure=False) if site and theirs and theirs != text else None

    def _typed_phrases(self) -> Sequence[str]:
        if self._typed_texts[0] != len(self.ledger.bound) and self.second.values:
            bound = self.ledger.bound.items()
            phrases = [text for text, (_, made) in bound if made.verdict == "parameterise" and self._is_phrase(text)]
            self._typed_texts = len(self.ledger.bound), phrases
        return self._typed_texts[1]

    def _is_phrase(self, text: str) -> bool:
        """Whether a text is a title without a word that the user made up, which would tell by itself."""
        return _PHRASE.fullmatch(text) is not None and not any(word in text for word in self.unique)

    def _sent_later(self, name: str, text: str) -> Own | None:
        """What the answer to a change told that a request sends after this one: a row may be known by it before."""
        sites = self.history.sites_of.get(text, ()) if is_token(text) and text not in self.ledger.bound else ()
        site = next((s for s in sites if s.value == text), None)
        told = min(self.facts.occurrences.get(text, ()), key=lambda o: o.ended, default=None) if site else None
        if site is None or told is None or told.kind != "json" or not is_of_no_list(told) or told.chain:
            return None
        is_free = not self._logs_in(told.entry) and self.captures.withheld.without([told]) and told.ended <= site.started
        if not (told.after_change and is_free) or self.second.confirms(site, text, told) is False:
            return None
        part = self.captures.take(site, text, told, (told,))
        self.captures.made[told][1].uses.pop()  # it is told again when that request is looked at
        return Own(template(part), told.ended, self.second.given(told))

    def _is_made(self, occurrence: Occurrence) -> bool:
        """Whether a row of the user's own had it, or the answer to a change, and no log-in: that tells who the user is."""
        return occurrence in self.captures.own or (occurrence.after_change and not self._logs_in(occurrence.entry))

    def _made_up(self, text: str) -> Template | None:
        """What stands for a text that is another one in each iteration: made by the client, or with a word of the user's."""
        words = [word for word in self.unique if word in text and word in self.ledger.bound] if len(text) <= _LONGEST else []
        part, decision = self.ledger.bound.get(text, (None, None))
        if part is not None and decision is not None and (words or (decision.verdict == "generate" and len(text) >= LONG_ID)):
            return template(part)
        pieces = self._pieces(text, words)
        bound = self.ledger.bound
        return template(*(bound[piece][0] if piece in bound else piece for piece in pieces)) if words else None

    def _pieces(self, text: str, words: Sequence[str]) -> list[str]:
        """A text cut at what the user typed with such a word in it (`Pump f05fa879` of `Pump f05fa879 (1 part)`), or at it."""
        if not words:
            return [text]
        bound = self.ledger.bound.items()
        typed = (one for one, (_, decision) in bound if one in text and decision.verdict == "parameterise")
        names = sorted((one for one in typed if any(word in one for word in words)), key=len, reverse=True)
        return re.split(f"({'|'.join(map(re.escape, (*names, *words)))})", text)

    def _typed_there(self, text: str) -> str | None:
        """What the second recording has for a text in which something is that the user typed."""
        pieces = self._pieces(text, [word for word in self.unique if word in text])
        sites = [next((s for s in self.history.sites_of.get(one, ()) if s.value == one), None) for one in pieces]
        bound = self.ledger.bound
        theirs = [self.second.sent(site) if site and one in bound else one for site, one in zip(sites, pieces, strict=True)]
        return None if None in theirs or theirs == pieces else "".join(map(str, theirs))

    def _logs_in(self, entry: int) -> bool:
        """Whether a request sends a secret: what it is answered is who the user is, not what the user made."""
        slices = (cut for s in self.facts.sites[entry] for cut in self.ledger.result.slices.get((s.entry, *s.identity), ()))
        names = (part.name for cut in slices for part in walk(template(cut.part)) if isinstance(part, Reference))
        return any(name in self.ledger.result.secret_values for name in names)
