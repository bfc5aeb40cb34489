"""Prove: a Plan is held against a recording, trusting nothing of how it was made.

P0: every capture yields a value from the recorded response. P1: every request, rendered with what was captured, equals
the recorded request. P2: no value that the server made is left as text in a later request.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain, pairwise, takewhile
from typing import Literal

from loadwright.compiler.agents.lost_answers import is_lost
from loadwright.compiler.agents.observe.script_cookies import sent_cookies
from loadwright.compiler.agents.observe.sites import body_text, is_asset, kept_headers
from loadwright.compiler.agents.prove.likeness import body_pieces, boundaries_as_sent, last_text, missing_parts, names_of, referers
from loadwright.compiler.agents.prove.literals import literals
from loadwright.compiler.agents.prove.residue import Captured, Traffic, holds_itself, place, tokens_of
from loadwright.compiler.agents.prove.unify import is_drawn_text, solve
from loadwright.compiler.agents.values import is_token
from loadwright.compiler.plan.describe import describe_source
from loadwright.compiler.plan.exchanges import OPEN, RECEIVE, SEND, canonical, containing, exchanges
from loadwright.compiler.plan.extract import Response, extract_with
from loadwright.compiler.plan.model import (
    Capture,
    Header,
    Plan,
    Request,
    TextBody,
)
from loadwright.compiler.plan.node import Origin, RecordingOrigin
from loadwright.compiler.plan.render import (
    UnknownValueError,
    effective_headers,
    evaluate,
    url_template,
)
from loadwright.compiler.plan.template import Reference, Template, Text, template
from loadwright.compiler.plan.traverse import request_templates, templates
from loadwright.compiler.recording.kinds import is_call
from loadwright.compiler.recording.model import Entry, Recording, header
from loadwright.compiler.recording.sockets import entry_of, traffic

Level = Literal["P0", "P1", "P2"]
_AT_ONCE = 60
"""Entries whose order may differ from one session to the next: what one page loads."""
_TELLING = 6
"""Characters of a drawn word from which it stands in another one by no chance."""


@dataclass(frozen=True, slots=True)
class Finding:
    """What a level of proof found wrong; texts of the recording are not repeated, they may be secret."""

    level: Level
    subject: str
    """The capture or request."""
    message: str
    hint: str
    origin: Origin | None
    entry: int | None = None


@dataclass
class Proof:
    """What was proved, and what was not."""

    captures: int = 0
    captures_held: int = 0
    requests: int = 0
    requests_equal: int = 0
    literals: int = 0
    """Texts of requests that were searched for values of the server."""
    unmatched_entries: tuple[int, ...] = ()
    """Entries of the recording that no request of the Plan makes."""
    findings: list[Finding] = field(default_factory=list)

    def __post_init__(self) -> None:
        # no field, so that nothing that writes a proof can write them
        self.values: dict[str, str] = {}
        """The recorded value of each name of the Plan that was found; kept in memory alone."""

    def held(self, level: Level) -> bool:
        """Whether nothing was found wrong at a level."""
        return not any(f.level == level for f in self.findings)


def prove(plan: Plan, recording: Recording, kept: Sequence[int], others: Sequence[Recording] = ()) -> Proof:
    """Hold a Plan against the kept entries of one recording.

    `others` are further recordings of the journey: a token that stands in one of them too is the application's, not the
    session's.
    """
    return Prover(plan, recording, kept, others).run()


class Prover:
    """A Plan held against one recording."""

    def __init__(self, plan: Plan, recording: Recording, kept: Sequence[int], others: Sequence[Recording]) -> None:
        self.plan, self.others, self.proof = plan, others, Proof()
        wanted = set(kept)
        self.entries = traffic(e for e in recording.entries if e.index in wanted)
        self.values = self.proof.values
        self.lost: set[str] = set()
        """What requests would have captured that the recording lacks: what follows from that is no finding of its own."""
        self._said = {variable.name: variable.value for variable in plan.variables}
        self._drawn = {name for name, said in self._said.items() if is_drawn_text(said)}
        self._once, self._twice = {*self._drawn, *(secret.name for secret in plan.secrets)}, dict[str, str]()
        self._bases = {target.name: target.url for target in plan.targets}
        self._urls: dict[int, Template] = {}
        self._pages = referers(self.entries)
        self.name = recording.name
        self.places = {entry.index: place for place, entry in enumerate(self.entries)}
        self.journey = self._journey()

    def _journey(self) -> list[Request]:
        """The journey of the Plan that this recording is of: the one most of whose requests it has."""
        if not self.plan.journeys:
            return []
        recorded = Counter((e.request.method, e.request.url.partition("?")[0].rpartition("/")[2]) for e in self.entries)

        def likeness(listed: list[Request]) -> int:
            return (Counter((r.method, last_text(r.url)) for r in listed) & recorded).total()

        return max((list(exchanges(journey)) for journey in self.plan.journeys), key=likeness)

    def run(self) -> Proof:
        """P0, P1, P2."""
        self._solve_typed()
        pairs: list[tuple[Request, Entry]] = []
        for request, entry in self._pairs():
            pairs.append((request, entry))
            self._request(request, entry)
            for capture in request.captures:
                self._capture(capture, entry)
        self._residue(pairs)
        matched = {entry.index for _, entry in pairs}
        unmatched = (e.index for e in self.entries if e.index not in matched and e.request.method != RECEIVE)
        self.proof.unmatched_entries = tuple(dict.fromkeys(map(entry_of, unmatched)))
        return self.proof

    # --- pairing ------------------------------------------------------------------------------------------------------

    def _pairs(self) -> Iterator[tuple[Request, Entry]]:
        """Each request with the entry it stands for: its own if that can be, else the next of its method whose URL it can give.

        What a page loads at once comes in another order in another session: what was passed over may still be it.
        """
        position = heard = 0
        taken: set[int] = set()
        for request in self.journey:
            self.proof.requests += 1
            own = self._own_place(request)
            # a message may have come before what was sent last: it was kept until somebody waits for one
            start = heard if request.method == RECEIVE else position
            back = 0 if request.method in (OPEN, SEND, RECEIVE) else min(_AT_ONCE, start)
            candidates = chain((own,) if own >= start else (), range(start - back, len(self.entries)))
            fitting = (n for n in candidates if n not in taken and self._could_be(request, self.entries[n]))
            found = next(fitting, None)
            if found is not None and own < 0:
                found = self._equal_of(request, chain((found,), fitting), start + _AT_ONCE, found)
            if found is None:
                why, hint = "no entry of the recording is this request", "record the journey again, or mend its URL"
                self._finding("P1", request.name, why, hint, request.origin)
                self.proof.captures += len(request.captures)
                self.lost.update(c.name for c in request.captures)
                continue
            taken.add(found)
            if found < position + _AT_ONCE:  # beyond that, a page loads again what it had from the cache the last time
                position = max(position, found + 1)
            heard = found + 1 if request.method in (OPEN, RECEIVE) else heard
            yield request, self.entries[found]

    def _equal_of(self, request: Request, fitting: Iterable[int], end: int, first: int) -> int:
        """Of what a request may be by its URL, that it equals, before an end: of calls that are alike each has its own."""
        beside = takewhile(lambda place: place < end, fitting)
        return next((place for place in beside if not self._differences(request, self.entries[place])), first)

    def _message(self, text: Template, entry: Entry) -> str:
        """A message as it was sent, or else with its JSON as a Plan writes it."""
        sent = body_text(entry) or ""
        return sent if self._gives(text, sent) else canonical(sent)

    def _own_place(self, request: Request) -> int:
        """Where the entry is that a request says it was made from; -1 if it says none."""
        if not isinstance(request.origin, RecordingOrigin) or request.origin.recording != self.name:
            return -1
        return self.places.get(request.origin.entry, -1)

    def _could_be(self, request: Request, entry: Entry) -> bool:
        if request.method != entry.request.method:
            return False
        if request.method == SEND and isinstance(request.body, TextBody):
            return self._gives(request.body.value, self._message(request.body.value, entry))
        wanted = containing(request)
        if wanted is not None and (entry.response.text is None or evaluate(wanted, self.values) not in entry.response.text):
            return False
        return self._gives(self._url(request), entry.request.url)

    def _gives(self, flat: Template, recorded: str) -> bool:
        """Whether a template gives the recorded text, with nothing free but what only a request can tell."""
        found = solve(flat, recorded, self.values)
        return found is not None and (not found or found.keys() <= self._free_names())

    def _free_names(self) -> set[str]:
        """Names whose recorded value only a request can tell: secrets, and variables made at run time."""
        return self.lost | {s.name for s in self.plan.secrets} | {v.name for v in self.plan.variables if v.name not in self.values}

    def _url(self, request: Request) -> Template:
        known = self._urls.get(id(request))
        if known is None:
            flat = url_template(request)
            known = self._urls[id(request)] = template(self._bases[request.target], flat) if request.target else flat
        return known

    # --- values -------------------------------------------------------------------------------------------------------

    def _solve_typed(self) -> None:
        """Values that need no response: targets, literal variables; then what the client made, from where it was sent."""
        self.values.update({t.name: t.url for t in self.plan.targets})
        for variable in self.plan.variables:
            try:
                self.values[variable.name] = evaluate(variable.value, self.values)
            except UnknownValueError:
                continue
        remaining = self._free_names()
        for request in self.journey if remaining else ():
            wanted = remaining & names_of(request)
            for entry in self._likely(request) if wanted else ():
                found = self._fitting(self._solved(request, entry, wanted))
                self.values.update(found)
                wanted -= found.keys()
                remaining -= found.keys()
                if not wanted:
                    break
        self.values.update({s.name: self._twice[s.name] for s in self.plan.secrets if s.name in remaining & self._twice.keys()})

    def _likely(self, request: Request) -> Iterator[Entry]:
        """The entries that a request may be: that which it says, then those that send what it says, then others of its URL."""
        own = self._own_place(request)
        if own >= 0:
            yield self.entries[own]
        denied = []
        for entry in self.entries:
            if entry.request.method != request.method or solve(self._url(request), entry.request.url, self.values) is None:
                continue
            if all(solve(flat, recorded, self.values) is not None for flat, recorded in self._pieces(request, entry)):
                yield entry
            else:
                denied.append(entry)
        yield from denied

    def _fitting(self, found: Mapping[str, str]) -> dict[str, str]:
        """The values that what their variables say can give, with the values of the variables in those."""
        fitting: dict[str, str] = {}
        for name, value in found.items():
            if self._is_of_another(name, value):
                self._twice.setdefault(name, value)
                continue
            text = self._said.get(name)
            if text is None or not any(isinstance(part, Text | Reference) for part in text.parts):
                fitting[name] = value
                continue
            inner = solve(text, value, {**self.values, **fitting})
            if inner is not None and not any(map(self._is_of_another, inner, inner.values())):
                fitting.update({name: value, **inner})
        return fitting

    def _is_of_another(self, name: str, value: str) -> bool:
        """Whether another request of the URL sends it: nothing is drawn twice, and secrets are seldom the same.

        Nor is a word drawn that has words behind another one (`k7fq2mz9 again`).
        """
        if name not in self._once:
            return False
        known = [self.values[other] for other in self._once if other != name and other in self.values]
        is_more = name in self._drawn and not value.isalnum()
        return value in known or (is_more and any(len(one) >= _TELLING and one in value for one in known))

    def _solved(self, request: Request, entry: Entry, wanted: Collection[str]) -> dict[str, str]:
        """The values of some names for which a request is what an entry sent."""
        found: dict[str, str] = {}
        for flat, recorded in self._pieces(request, entry):
            solved = solve(flat, recorded, {**self.values, **found}) or {}
            found.update({name: value for name, value in solved.items() if name in wanted})
        return found

    def _pieces(self, request: Request, entry: Entry) -> Iterator[tuple[Template, str]]:
        """The texts of a request beside what was recorded for them: URL, headers, body."""
        yield self._url(request), entry.request.url
        recorded = {name.lower(): value for name, value in (*entry.request.headers, *kept_headers(entry))}
        for one in self._headers_of_both(request, entry):
            yield one.value, boundaries_as_sent(self._recorded_header(one, entry) or recorded[one.name.lower()], request, entry)
        cookies = dict(sent_cookies(entry))
        yield from ((cookie.value, cookies[cookie.name]) for cookie in request.cookies if cookie.name in cookies)
        if isinstance(request.body, TextBody):
            told = self._message(request.body.value, entry) if request.method == SEND else body_text(entry) or ""
            yield request.body.value, boundaries_as_sent(told, request, entry)
        yield from body_pieces(request.body, entry)

    def _headers_of_both(self, request: Request, entry: Entry) -> list[Header]:
        """The headers that a request and its entry have, but for the compression that a client knows: a runtime's is its own."""
        ours = (one for one in effective_headers(self.plan, request) if one.name.lower() != "accept-encoding")
        return [one for one in ours if header(entry.request.headers, one.name) is not None]

    def _recorded_header(self, ours: Header, entry: Entry) -> str:
        """The `Referer` of a call as this session sent it elsewhere: a page's scripts ask at a moment of their own."""
        pages = self._pages if ours.name.lower() == "referer" and is_call(entry) else ()
        return next((page for page in pages if self._gives(ours.value, page)), "")

    # --- P0, P1 -------------------------------------------------------------------------------------------------------

    def _capture(self, capture: Capture, entry: Entry) -> None:
        headers, text = entry.response.headers, entry.response.text or ""
        value = extract_with(capture, Response(entry.request.url, headers, text), self.values)
        if value is None and is_lost(capture.source, entry):
            self.lost.add(capture.name)
            return
        self.proof.captures += 1
        if value is None:
            message, hint = "the extractor finds nothing in the recorded response", "mend its path, selector or expression"
            self._finding("P0", capture.name, message, hint, capture.origin, entry.index)
            return
        self.proof.captures_held += 1
        self.values[capture.name] = value

    def _differences(self, request: Request, entry: Entry) -> list[str]:
        """In what a request, rendered with what was captured so far, differs from an entry."""
        differing = [what for what, flat, recorded in self._labelled(request, entry) if not self._gives(flat, recorded)]
        differing += missing_parts(request, entry)
        sent = {h.name.lower() for h in effective_headers(self.plan, request)}
        return differing + [f"header {name} (missing)" for name, _ in kept_headers(entry) if name.lower() not in sent]

    def _request(self, request: Request, entry: Entry) -> None:
        differing = self._differences(request, entry)
        if not differing:
            self.proof.requests_equal += 1
            return
        self._finding(
            "P1",
            request.name,
            f"rendered with the captured values it differs from the recording in {', '.join(differing)}",
            "compare it with the recorded request; a value may be constant that should be captured",
            request.origin,
            entry.index,
        )

    def _labelled(self, request: Request, entry: Entry) -> Iterator[tuple[str, Template, str]]:
        labels = ["URL", *(f"header {one.name}" for one in self._headers_of_both(request, entry))]
        carried = {name for name, _ in sent_cookies(entry)}
        labels += [f"cookie {cookie.name}" for cookie in request.cookies if cookie.name in carried]
        for position, (flat, text) in enumerate(self._pieces(request, entry)):
            yield labels[position] if position < len(labels) else "body", flat, text

    # --- P2 -----------------------------------------------------------------------------------------------------------

    def _residue(self, pairs: Sequence[tuple[Request, Entry]]) -> None:
        """Search the texts of each request for captured values and for tokens of earlier responses."""
        captured = {c.name for r, _ in pairs for c in r.captures}
        dynamic = {v for n, v in self.values.items() if n in captured and v}
        texts = [(r, e, text, origin) for r, e in pairs if not is_asset(e) for text, origin in literals(r)]
        self.proof.literals = len(texts)
        left = Captured(dynamic, [text for _, _, text, _ in texts], {*self._places(captured, (r for r, _ in pairs))})
        tokens = {text: tokens_of(text) for _, _, text, _ in texts}
        needed: dict[str, float] = {}
        for _, entry, text, _ in texts:
            needed.update({t: max(entry.started, needed.get(t, 0.0)) for t in tokens[text]})
        traffic = Traffic(needed, [e for _, e in pairs], self.others)
        for request, entry, text, origin in texts:
            if left.stand_in(text):
                message = "it holds a captured value as text"
            elif any(traffic.is_from_server(token, entry) for token in tokens[text]):
                message = "it holds a token of an earlier response as text"
            else:
                continue
            self._finding("P2", request.name, message, "take it from the response with a capture", origin, entry.index)
        self._residue_elsewhere(pairs, {value for value in dynamic if is_token(value)})

    def _places(self, captured: Collection[str], requests: Iterable[Request]) -> Iterator[tuple[str, str]]:
        """Each captured value that stands in a path, with the segment before it."""
        for flat in (flat for request in requests for flat, _ in request_templates(request)):
            for before, part in pairwise(flat.parts):
                if not (isinstance(before, Text) and before.value.endswith("/")):
                    continue
                if isinstance(part, Reference) and part.name in captured:
                    yield place(before.value), self.values.get(part.name, "")

    def _residue_elsewhere(self, pairs: Sequence[tuple[Request, Entry]], tokens: set[str]) -> None:
        """Captured tokens in extractors, and in texts of the Plan that are no part of a request."""
        sources = [(c, describe_source(c.source)) for r, _ in pairs for c in r.captures]
        left = Captured(tokens, [text for _, text in sources])
        for capture, text in sources:
            if left.stand_in(text) or holds_itself(self.values.get(capture.name, ""), text):
                message, hint = "its extractor holds a captured value as text", "anchor it on what does not change"
                self._finding("P2", capture.name, message, hint, capture.origin)
        texts = [(part.value, origin) for flat, origin in templates(self.plan) for part in flat.parts if isinstance(part, Text)]
        left = Captured(tokens, [text for text, _ in texts])
        for text, origin in texts if left.tokens else ():
            if left.stand_in(text) and not any(f.origin == origin and f.level == "P2" for f in self.proof.findings):
                self._finding("P2", "plan", "a captured value stands in the intent as text", "refer to the capture", origin)

    def _finding(
        self, level: Level, subject: str, message: str, hint: str, origin: Origin | None, entry: int | None = None
    ) -> None:
        self.proof.findings.append(Finding(level, subject, message, hint, origin, entry))
