"""What the journey made, by which its rows are known: words that the user made up, titles typed, ids that were captured."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from itertools import islice

from msgspec import Struct, field

from loadwright.compiler.agents.decide.captures import Captures
from loadwright.compiler.agents.decide.history import History
from loadwright.compiler.agents.decide.ledger import Ledger
from loadwright.compiler.agents.decide.rows.own_json_rows import Own
from loadwright.compiler.agents.decide.rows.own_texts import Mark
from loadwright.compiler.agents.decide.second import Second
from loadwright.compiler.agents.decide.sources import LONG_ID
from loadwright.compiler.agents.decide.stability import is_of_no_list
from loadwright.compiler.agents.facts import Facts, Occurrence, Site
from loadwright.compiler.agents.names import is_id_name, without_id
from loadwright.compiler.agents.values import is_token
from loadwright.compiler.plan.functions import may_fail
from loadwright.compiler.plan.template import Call, Reference, Template, template, walk
from loadwright.compiler.recording.graphql import only_reads

_SAYING = 3
"""Letters of a name that says what a short number is of."""
_KEPT = 10
"""Answers of which is kept what they show."""
_RUN = re.compile(r"[A-Za-z0-9]+")
_PLAIN = re.compile(r"[A-Za-z0-9_-]{5,}")
"""What stands in a page as it is."""
_PHRASE = re.compile(r"(?=.{8,120}$)\w+(?:[ .,_-]{1,3}\w+)+")
"""Several words, as a title that somebody typed has, which are written alike in every page."""
_LONGEST = 300
"""Characters of a text that tells whose a row is."""


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


class OwnValues:
    """What stands for the journey's own, and where answers show it."""

    def __init__(
        self, ledger: Ledger, history: History, facts: Facts, second: Second, unique: Collection[str], captures: Captures
    ) -> None:
        self.ledger, self.history, self.facts, self.second, self.unique = ledger, history, facts, second, unique
        self.captures = captures
        self._telling: dict[tuple[str, str], None] = {}
        self._looked_at = 0
        self._shown: dict[str, _Shown] = {}
        self._typed_texts: tuple[int, list[str]] = (0, [])
        """How many values something stood for when they were collected, and those among them that tell a row as typed texts."""

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
            made = self.made(lead, text) if text not in value else None
            if made is not None and made.since <= started and len(made.value.parts) == 1:
                yield Mark(text, made.value.parts[0], made.theirs, is_a_word=False, lead=lead)

    def _shown_in(self, answer: str) -> _Shown:
        """What an answer shows of the journey's own; each is looked for once in each of the last answers."""
        shown = self._shown.pop(answer, None) or _Shown([word for word in self.unique if word in answer])
        made = self._made_texts()
        shown.texts += [(lead, text) for lead, text in islice(made, shown.looked_for, None) if lead + text in answer]
        shown.looked_for = len(made)
        if len(self._shown) >= _KEPT:
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

    def made(self, name: str, text: str) -> Own | None:
        """What the journey made for a text that is called so; None for what it did not make."""
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

    def sent_later(self, name: str, text: str) -> Own | None:
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
