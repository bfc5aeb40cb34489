"""Decide: facts in, one verdict for every value that a request carries."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from functools import reduce

from msgspec.structs import replace

from loadwright.compiler.agents.decide.by_client.announced import Announced
from loadwright.compiler.agents.decide.by_client.client_clock import ClientClock
from loadwright.compiler.agents.decide.by_client.client_made import ClientMade, client_made
from loadwright.compiler.agents.decide.by_client.escaped import escaped, escaped_document
from loadwright.compiler.agents.decide.by_client.header_digests import HeaderDigests
from loadwright.compiler.agents.decide.by_client.joined_digests import JoinedDigests
from loadwright.compiler.agents.decide.by_protocol import counts_calls
from loadwright.compiler.agents.decide.by_user.given import Given
from loadwright.compiler.agents.decide.by_user.in_boxes import InBoxes
from loadwright.compiler.agents.decide.by_user.in_documents import names_inside, unlike_inside
from loadwright.compiler.agents.decide.by_user.named_elements import NamedElements
from loadwright.compiler.agents.decide.by_user.put_together import typed_within
from loadwright.compiler.agents.decide.by_user.spelling import typed_otherwise
from loadwright.compiler.agents.decide.by_user.unique import in_capitals, places_of
from loadwright.compiler.agents.decide.cookies import decide_cookies
from loadwright.compiler.agents.decide.history import Changes, History
from loadwright.compiler.agents.decide.in_addresses import typed_segments
from loadwright.compiler.agents.decide.ledger import Ledger
from loadwright.compiler.agents.decide.links import Links
from loadwright.compiler.agents.decide.listed import is_but_listed, is_listed
from loadwright.compiler.agents.decide.numbers.known_ids import known_ids, referred, told_later
from loadwright.compiler.agents.decide.numbers.named_there import is_told_by_name
from loadwright.compiler.agents.decide.numbers.things import Things
from loadwright.compiler.agents.decide.of_components import OfComponents
from loadwright.compiler.agents.decide.of_objects import KEY, OfObjects
from loadwright.compiler.agents.decide.rows.own_cells import OwnCells
from loadwright.compiler.agents.decide.rows.row_places import RowPlaces
from loadwright.compiler.agents.decide.second import Second
from loadwright.compiler.agents.decide.sources import LONG_ID
from loadwright.compiler.agents.decide.torn import is_in_part, signed_spans
from loadwright.compiler.agents.decide.unexplained import unexplained_inside
from loadwright.compiler.agents.decide.whole_urls import WholeUrls
from loadwright.compiler.agents.decide.withheld import is_encoded_credential, secrets_of
from loadwright.compiler.agents.decisions import Decisions, Slice, cut_out, is_free
from loadwright.compiler.agents.facts import Facts, Site
from loadwright.compiler.agents.names import identifier, is_fixed_name, is_nonce_name
from loadwright.compiler.agents.observe.answers.in_texts import named_secrets
from loadwright.compiler.agents.observe.boxes import numbered_run
from loadwright.compiler.agents.observe.decodings import DEEPEST, decodings, spelled
from loadwright.compiler.agents.observe.fragments import Fragment, fragments
from loadwright.compiler.agents.observe.inside import inner_site, named_by_ids, spoken_of, url_part_site, with_inner
from loadwright.compiler.agents.observe.notations import all_leaves, is_document, is_signed
from loadwright.compiler.agents.observe.sites import NAME_KEY
from loadwright.compiler.agents.values import TOKEN_RUN, is_exact_moment, is_token
from loadwright.compiler.plan.functions import form_encode, url_encode
from loadwright.compiler.plan.model import Target
from loadwright.compiler.plan.template import Call, Part, call, template
from loadwright.compiler.recording.model import Entry

_LONGEST_TEXT = 20_000
"""Characters of a text in which words that the user made up are looked for."""


def decide(
    entries: Sequence[Entry],
    facts: Facts,
    targets: Sequence[Target],
    changed: Changes | None = None,
    labels: Mapping[int, str] | None = None,
    earlier: Sequence[Decisions] = (),
    second: Second | None = None,
) -> Decisions:
    """The verdicts for one recording.

    `changed` says of a site (entry, location, key) whether a second recording has another value there; `labels` names
    entries in the report; `earlier` are the decisions on other journeys of the same Plan, whose names are not free and
    whose variables and secrets are used again for the same values; `second` is held against each source.
    """
    return _Decider(entries, facts, targets, changed or {}, labels or {}, earlier, second or Second()).run()


class _Decider:
    def __init__(
        self,
        entries: Sequence[Entry],
        facts: Facts,
        targets: Sequence[Target],
        changed: Changes,
        labels: Mapping[int, str],
        earlier: Sequence[Decisions],
        second: Second,
    ) -> None:
        if second.values:
            changed, values = with_inner(changed, second.values, facts.sites.values())
            second = replace(second, values=values)
        self.entries, self.facts, self.targets, self.second = entries, facts, targets, second
        self.loads: dict[str, list[tuple[float, int]]] = defaultdict(list)
        """URL: when it was asked for, and by which entries."""
        for entry in entries:
            self.loads[entry.request.url].append((entry.started, entry.index))
        self.ledger = Ledger({t.name for t in targets}, labels, earlier)
        self.history = History(entries, facts, changed)
        headers = (site for found in facts.sites.values() for site in found if site.location == "header")
        self.fixed = {site.value for site in headers if is_fixed_name(site.name) and is_token(site.value)}
        """What protocols' headers say that a build fixes."""
        self.made: dict[tuple[int, str, str], ClientMade] = client_made(entries, facts, self.history.server_made)
        self.given = Given(self.ledger, self.history, entries, facts, second)
        for value, sent in typed_within(facts.occurrences, self.given.unique, self.history):
            self.history.first_sent[value] = min(sent, self.history.first_sent.get(value, sent))
        hidden = self.ledger.result.hidden = secrets_of(facts, self.given.is_hidden, entries)
        self.links = Links(self.ledger, self.history, facts, second, self.given.unique, Things(entries), hidden)
        self.whole_urls = WholeUrls(entries, self.ledger, self.history, facts, second, self.links)
        self.of_objects, self.of_components = OfObjects(entries, second), OfComponents(self.links, entries, facts)
        self.own_cells = OwnCells(self.links, entries)
        self.joined = JoinedDigests(entries, self.ledger, self.history, facts, second, self.links)
        announced, self.named_elements = Announced(entries, facts, self.ledger, self.history), NamedElements(facts, self.ledger)
        self.header_digests = HeaderDigests(self.ledger, self.history, facts)
        self.takers = (self.header_digests, self.of_components, announced, self.named_elements, InBoxes(self.links, entries, facts))
        self.clock = ClientClock(self.ledger, self.history, entries, facts, second)
        own = self.links.own_rows
        self.row_places = RowPlaces(entries, self.history, second, self.links.row_place, lambda row: own.of(row) is not None)

    def run(self) -> Decisions:
        for entry in self.entries:
            is_whole = self.whole_urls.take(entry)
            for site in sorted(self.facts.sites[entry.index], key=self.header_digests.has):  # these when the headers are decided
                if not (is_whole and site.location in ("path", "query")):
                    self._site(site)
        for site, cut in told_later(self.links, self.facts, self.ledger.result.slices):
            for one in self.facts.sites[site.entry]:
                if one.value == site.value[cut.start : cut.end]:
                    self.ledger.result.doubts.pop(one, None)
            cuts = self.ledger.result.slices.setdefault((site.entry, *site.identity), [])
            cuts[:] = sorted([*cuts, cut], key=lambda one: one.start)
        decide_cookies(self.ledger, self.facts)
        return self.ledger.result

    # --- one site -----------------------------------------------------------------------------------------------------

    def _site(self, site: Site) -> None:
        if (
            not site.value
            or self._basic(site)
            or self._page(site)
            or counts_calls(site, self.history.entry(site.entry))
            or self._is_of_the_build(site)
            or any(one.take(site) for one in self.takers)
        ):
            return
        if site.key.startswith(KEY):
            self._long_number(site)
            return
        if site.key.startswith(NAME_KEY) and numbered_run(site.value):
            links = self.links
            part = links.in_a_name(site) or links.asked_in_a_name(site) or links.ticked(site) or links.of_a_name(site)
            if part := part or self.clock.in_a_name(site):
                self.ledger.use(site, 0, len(site.value), part)
            return
        if site.key.startswith(NAME_KEY) and (said := self._said(site)):
            self.ledger.result.slices.setdefault((site.entry, *site.identity), []).extend(said)
            return
        if self.given.unique and (numbers := self.own_cells.typed(site)):
            given = [*self._made_up_inside(site, site.value), *numbers]
            cuts = sorted([*self.given.around(site, given), *given], key=lambda cut: cut.start)
            self.ledger.result.slices.setdefault((site.entry, *site.identity), []).extend(cuts)
            return
        if not is_document(site.value) and (places := self.row_places.cuts(site)[0]):
            self.ledger.result.slices.setdefault((site.entry, *site.identity), []).extend(places)
            return
        if cut := referred(self.links, site):
            self.ledger.result.slices.setdefault((site.entry, *site.identity), []).append(cut)
            return
        typed = None if is_encoded_credential(site, self.facts, self.given.is_hidden) else self.given.typed(site)
        if part := typed or self._linked(site, site.value, site.context) or self._made(site):
            self.ledger.use(site, 0, len(site.value), part)
            return
        if text := escaped_document(site.value) if site.location == "header" else "":
            cuts = self._inside(site, text, 1)
            self.ledger.result.slices.setdefault((site.entry, *site.identity), []).extend(escaped(text, cuts))
            return
        if part := self._decoded(site, site.value, 0) or self.given.torn(site):
            self.ledger.use(site, 0, len(site.value), part)
            return
        cuts = self._inside(site, site.value, 0)
        if cuts and self.history.changed(site):
            self.given.foretell(site)
        if (
            (cuts or self.history.changed(site))
            and all(site.value[c.start : c.end] in self.given.unique for c in cuts)
            and (part := typed_otherwise(site, site.value, self.ledger) or (self.given.called(site) if cuts else None))
        ):
            self.ledger.use(site, 0, len(site.value), part)
            return
        cuts = sorted([*cuts, *self._secrets_inside(site, site.value, cuts)], key=lambda cut: cut.start)
        is_sent_whole = site.location == "body" and bool(all_leaves(site.value)) and not is_signed(site.value)
        if self.history.changed(site) and (is_sent_whole or (cuts and site.value[:1] in ("{", "["))):
            cuts = unlike_inside(self.given, site, cuts)
        if not is_listed(site, cuts, self.ledger.result.doubts) and not cuts and (part := self._given(site)):
            self.ledger.use(site, 0, len(site.value), part)
            return
        cuts = unexplained_inside(self.given, site, cuts, self.joined.find)
        self.ledger.result.slices.setdefault((site.entry, *site.identity), []).extend(cuts)

    def _is_of_the_build(self, site: Site) -> bool:
        """Whether the only tokens in a value are what a header of a fixed name says: `$ACTION_ID_40ae…` beside `Next-Action`."""
        tokens = (
            [run for run in TOKEN_RUN.findall(site.value) if is_token(run)]
            if self.fixed and len(site.value) <= _LONGEST_TEXT
            else ()
        )
        return bool(tokens) and self.fixed.issuperset(tokens) and not self.history.changed(site)

    def _long_number(self, site: Site) -> None:
        """A long number of a call of GWT-RPC, out of the object that gave it."""
        if (given := self.of_objects.of(site)) is None:
            self.given.doubt(site)
            return
        part = self.links.captures.again(site, given) or self.links.captures.take(site, site.value, given, ())
        self.ledger.use(site, 0, len(site.value), part)

    def _said(self, site: Site) -> list[Slice]:
        """What stands for the name of a field, where another field of the request says it."""
        alike = (s for s in self.facts.sites[site.entry] if s.value == site.value and not s.key.startswith(NAME_KEY))
        return next((cuts for s in alike if (cuts := self.ledger.result.slices.get((s.entry, *s.identity)))), [])

    def _given(self, site: Site) -> Part | None:
        """What the user gave, or what nothing explains."""
        if "\ufffd" in site.value:  # in another character set, which no function of the language writes
            return self.given.hidden(site)
        return (
            self.clock.day(site)
            or self.given.typed(site, loosely=True)
            or self.own_cells.given(site, site.value, site.name)
            or self.given.chosen(site)
            or self.given.unlike(site)
            or (self.joined.find(site) if self.given.looks_dynamic(site) else None)
            or self.given.leftover(site)
        )

    def _inside(self, site: Site, value: str, depth: int) -> list[Slice]:
        """The pieces of a value that something stands for, none overlapping another."""
        cuts = [*names_inside(self.given, site, value), *self.whole_urls.inside(site, value)]
        if value == site.value and self.second.values:
            cuts += typed_segments(site, self.ledger, self.history, self.second)
        taken = [(cut.start, cut.end) for cut in cuts]
        words = self._made_up_inside(site, value)
        cuts += [cut for cut in words if not any(cut.start < end and start < cut.end for start, end in taken)]
        if value == site.value:
            cuts += [*self.clock.inside(site), *self.of_components.inside(site)]
        rows, closed = self.row_places.cuts(site) if value == site.value and is_document(value) else ([], [])
        cuts += rows
        signed = list(signed_spans(value))
        for piece in fragments(value):
            if any(piece.start < end and start < piece.end for start, end in (*((cut.start, cut.end) for cut in cuts), *closed)):
                continue
            if is_told_by_name(self.history, site, piece.value) or is_but_listed(self.history, site, piece):
                continue
            part = self._environment(site, piece.value) or self._piece(site, piece)
            part = part or (self._made(self._site_of(site, piece)) if piece.leaf is not None else None)
            if not part and not any(start <= piece.start and piece.end <= end for start, end in signed):
                part = self._decoded(site, piece.value, depth)
            if part:
                is_open = piece.in_url and part in self.ledger.fragile and url_encode(piece.value) == piece.value
                encoder = piece.encoder or ("urlencode" if is_open else "")  # `a+b==` stands there as it is: nothing encodes it
                encoded = call(encoder, part) if encoder else part
                cuts.append(Slice(piece.start, piece.end, encoded, encode=part in self.ledger.fragile and not encoder))
            else:
                self._told(site, piece)
        cuts += [*known_ids(self.links, site, value, cuts), *self.named_elements.in_document(site, value, cuts)]
        return sorted([*cuts, *named_by_ids(value, cuts)], key=lambda cut: cut.start)

    def _piece(self, site: Site, piece: Fragment) -> Part | None:
        """What an earlier response gave for a piece; an item of a list that has no name is a thing that the path speaks of."""
        at = self._site_of(site, piece)
        if piece.leaf is None or at.name:
            is_named_file = site.location == "path" and piece.start == 0 and piece.value.isdigit()  # `/orders/1627.json`
            return self._linked(at, piece.value, piece.context or (site.context if is_named_file else ""))
        called = spoken_of(self.facts.sites[site.entry], piece.value)
        return next((part for name in called if (part := self._linked(replace(at, name=name), piece.value, ""))), None)

    def _told(self, site: Site, piece: Fragment) -> None:
        """Nothing stands for a piece: a longer number of a document is told where an answer gave it."""
        if piece.leaf is not None and piece.value.isdigit():
            self.given.doubt(self._site_of(site, piece))

    def _site_of(self, site: Site, piece: Fragment) -> Site:
        """The site that a piece is: its own where it is of a document, or a part of a URL that did not change with the rest."""
        if piece.leaf is not None:
            return inner_site(site, piece.leaf)
        same = url_part_site(site, piece.start, piece.value) if piece.in_url else site
        return same if self.history.changed(same) is False else site

    def _made_up_inside(self, site: Site, value: str) -> Iterator[Slice]:
        """The words of a text that the user made up, or what the user typed with such a word in it (`harvest_f05fa879`)."""
        for word in self.given.unique if len(value) <= _LONGEST_TEXT else ():
            taken: list[tuple[int, int]] = []
            for shown, typed in (*self._typed_with(word, value), (word, word)) if word in value else ():
                for begin, end in places_of(shown, value, shown in self.given.glued):
                    if is_free(taken, begin, end):
                        taken = sorted([*taken, (begin, end)])
                        part = self.given.another(site, word) if typed == word else self.ledger.known(site, typed)
                        if part is not None:
                            encoder = "urlencode" if shown == url_encode(typed) else "formencode"
                            part = part if shown == typed else call(encoder, part)
                            yield Slice(begin, end, part, encode=part in self.ledger.fragile)
            for start, end in in_capitals(word, value):
                yield Slice(start, end, call("upper", self.given.another(site, word)))

    def _typed_with(self, word: str, value: str) -> list[tuple[str, str]]:
        """How names that the user typed with a made-up word in them stand inside of a longer text, several words encoded."""
        typed = [text for text, (_, decision) in self.ledger.bound.items() if decision.verdict == "parameterise" and word in text]
        shown = ((one, text) for text in typed for one in ((url_encode(text), form_encode(text)) if " " in text else (text,)))
        return sorted((pair for pair in shown if pair[0] in value and pair[0] != value), key=lambda pair: -len(pair[0]))

    def _secrets_inside(self, site: Site, text: str, cuts: Sequence[Slice]) -> Iterator[Slice]:
        """What its name says is a password or key in a text without fields; of credentials, what is left beside `cuts`."""
        whole = text == site.value
        if site.key == "authorization" or site.value[:6].lower() == "basic ":
            runs = TOKEN_RUN.finditer(text) if cuts and whole else ()
            found = [(run.start(), run.end(), "authorization") for run in runs if is_token(run.group())]
            if cuts and not whole and 0 <= (colon := text.find(":")) < len(text) - 1:
                found = [(colon + 1, len(text), "password")]  # decoded: `user:password`
        else:
            is_text = (site.location != "path" or "='" in text) and (site.location != "query" or "=" in text)
            found = list(named_secrets(text, credentials=True)) if is_text or not whole else []
        taken = sorted((cut.start, cut.end) for cut in cuts)
        found = [one for one in found if is_free(taken, *one[:2])]
        taken = sorted([*taken, *((start, end) for start, end, _ in found)])
        for start, end, name in found:
            value, encoders = spelled(text[start:end])
            part = self.ledger.secret(site, identifier(name, fallback="password"), "a password by the name before it", value)
            yield Slice(start, end, reduce(lambda one, encoder: call(encoder, one), encoders, part))
        for start, end, value, encoder in self.ledger.result.hidden.places(text) if site.key != "authorization" else ():
            is_typed = value in self.ledger.bound and self.ledger.bound[value][1].verdict == "parameterise"
            if not is_typed and is_free(taken, start, end):
                part = self.ledger.secret(site, "password", "a password that is sent elsewhere", value)
                yield Slice(start, end, call(encoder, part) if encoder else part)

    def _decoded(self, site: Site, value: str, depth: int) -> Part | None:
        """A call that encodes a text with something in it that an earlier response gave."""
        if depth >= DEEPEST:
            return None
        for encoder, text in decodings(value):
            if is_signed(text):
                return None
            is_telling = is_token(text) or is_exact_moment(text) or (text.isdigit() and len(text) >= LONG_ID)
            if inner := (self._linked(site, text, "") if is_telling else None) or self._decoded(site, text, depth + 1):
                return call(encoder, inner)
            if is_in_part(self.history, site, text):
                return None
            cuts = self._inside(site, text, depth + 1)
            if cuts := sorted([*cuts, *self._secrets_inside(site, text, cuts)], key=lambda cut: cut.start):
                return call(encoder, cut_out(text, cuts))
        return None

    def _linked(self, site: Site, value: str, context: str) -> Part | None:
        """What an earlier response gave for this value, or what stands for it already."""
        if is_token(value) and not self._is_otherwise(site, value) and (part := self.ledger.known(site, value)):
            return part
        return self.given.another(site, value) if self.given.is_made_up(value) else self.links.find(site, value, context)

    def _is_otherwise(self, site: Site, value: str) -> bool:
        """Whether what stands for a value already gives something else here in the second recording: two had the same by chance."""
        decision = self.ledger.bound[value][1] if value in self.ledger.bound and self.second.values else None
        taken = (o for o in self.facts.occurrences.get(value, ()) if decision and self.links.decision_of(o) is decision)
        return any(self.second.confirms(site, value, occurrence) is False for occurrence in taken)

    # --- what the client made -----------------------------------------------------------------------------------------

    def _made(self, site: Site) -> Part | None:
        made = self.made.get((site.entry, *site.identity))
        if not made or (made.varies and self.history.changed(site) is False) or (made.in_two and not self.history.changed(site)):
            return None
        if part := self.ledger.known(site, site.value):
            return part
        part = made.part
        if is_nonce_name(site.name) and (digest := self.joined.find(site)):
            return digest
        if made.derived_from is not None:
            part = Call(function=made.function, arguments=(template(self._generated_variable(made.derived_from, site)),))
        elif made.shared or len(self.history.sites_of[site.value]) > 1:
            return self._generated_variable(made, site)
        self.ledger.record("generate", site.value, "", site).evidence.append(made.reason)
        return part

    def _generated_variable(self, made: ClientMade, site: Site) -> Part:
        if made.value in self.ledger.bound:
            return self.ledger.bound[made.value][0]
        name = self.ledger.name(made.name, site.name)
        decision = self.ledger.record("generate", made.value, name, site)
        decision.evidence.append(made.reason)
        self.ledger.variable(decision, template(made.before, made.part))
        return self.ledger.bind(made.value, name, decision)

    def _basic(self, site: Site) -> bool:
        scheme, _, credentials = site.value.partition(" ")
        if site.key != "authorization" or scheme.lower() != "basic" or not credentials:
            return False
        part = self._decoded(site, credentials, 0)
        part = part or self.ledger.secret(site, "basic_credentials", "credentials of basic authentication", credentials)
        self.ledger.use(site, len(scheme) + 1, len(site.value), part)
        return True

    def _page(self, site: Site) -> bool:
        """A page that a header names (`Referer`, `HX-Current-URL`) has the URL of the request that loaded it."""
        if site.location != "header":
            return False
        at = (site.started, site.entry)
        page = next((index for start, index in reversed(self.loads.get(site.value, ())) if (start, index) < at), None)
        if page is not None:
            self.ledger.result.pages[site.entry, site.key] = page
        return page is not None

    # --- places -----------------------------------------------------------------------------------------------------------

    def _environment(self, site: Site, value: str) -> Part | None:
        target = next((t for t in self.targets if t.url == value), None)
        if target is None:
            return None
        if part := self.ledger.known(site, value):
            return part
        decision = self.ledger.record("environment", value, target.name, site)
        decision.evidence.append("the address of a target")
        return self.ledger.bind(value, target.name, decision)
