"""What a Plan does in sessions that its import has not seen, against what the generator knows to be right.

A site of a request counts as bound when its text depends on a capture. The Plan's captures are taken from the unseen sessions'
answers, its requests are rendered with them, and each site is compared with what that session sent there.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Literal

from session import FORM, Session, Site, Value

from loadwright.compiler.agents.observe.sites import url_parts
from loadwright.compiler.plan.extract import Response, extract_with
from loadwright.compiler.plan.functions import FUNCTIONS
from loadwright.compiler.plan.model import (
    FormBody,
    JsonArray,
    JsonBody,
    JsonNumber,
    JsonObject,
    JsonText,
    JsonValue,
    MultipartBody,
    Plan,
    Request,
    TextBody,
    ValuePart,
)
from loadwright.compiler.plan.node import RecordingOrigin
from loadwright.compiler.plan.render import UnknownValueError, evaluate
from loadwright.compiler.plan.template import Call, Part, Reference, Template, Text, walk
from loadwright.compiler.plan.traverse import requests

Outcome = Literal["right", "wrong", "missed", "unresolved", "superfluous", "client right", "client missed", "fine"]


@dataclass(slots=True)
class Score:
    """How many sites came out how, by kind of value."""

    outcomes: dict[str, Counter[Outcome]] = field(default_factory=dict)
    examples: list[tuple[str, Outcome, str]] = field(default_factory=list)

    def add(self, kind: str, outcome: Outcome, where: str) -> None:
        """Count a site; what is not right is kept as an example."""
        self.outcomes.setdefault(kind, Counter())[outcome] += 1
        if outcome in ("wrong", "missed", "unresolved", "superfluous", "client missed"):
            self.examples.append((kind, outcome, where))

    def merge(self, other: Score) -> None:
        """Add another application's score."""
        for kind, counts in other.outcomes.items():
            self.outcomes.setdefault(kind, Counter()).update(counts)
        self.examples += other.examples

    def total(self, outcome: Outcome) -> int:
        """Over all kinds."""
        return sum(counts[outcome] for counts in self.outcomes.values())


@dataclass(frozen=True, slots=True)
class Rendered:
    """A site as the Plan renders it."""

    text: str | None
    bound: bool
    """Whether it depends on a capture."""
    generated: bool
    unresolved: bool
    whole: bool = False
    """Whether the whole URL is one captured redirect."""
    literal: bool = True
    """Whether it is plain text."""


class Replay:
    """One unseen session, as the Plan goes through it."""

    def __init__(self, plan: Plan, session: Session) -> None:
        self.plan, self.session = plan, session
        self.captured = {c.name for j in plan.journeys for r in requests(j) for c in r.captures}
        self.secrets = {s.name for s in plan.secrets}
        self.made = {v.name for v in plan.variables if v.value.literal is None}
        self.values: dict[str, str] = {t.name: t.url for t in plan.targets}
        for variable in plan.variables:
            if variable.value.literal is not None:
                self.values[variable.name] = variable.value.literal
        for name in sorted(self.made):
            self.values[name] = f"<{name}>"

    def run(self) -> Iterator[tuple[int, dict[Site, Rendered]]]:
        """Each request's entry and sites."""
        for journey in self.plan.journeys:
            for request in requests(journey):
                if not isinstance(request.origin, RecordingOrigin):
                    continue
                try:
                    entry = self.session.entries[request.origin.entry]
                except KeyError:
                    continue
                yield request.origin.entry, dict(self._sites(request))
                response = entry["response"]
                headers = tuple((h["name"], h["value"]) for h in response["headers"])
                read = Response(entry["request"]["url"], headers, response["content"]["text"], response["status"])
                for capture in request.captures:
                    self.values[capture.name] = extract_with(capture, read, self.values) or ""

    def _sites(self, request: Request) -> Iterator[tuple[Site, Rendered]]:
        base = self.values[request.target] if request.target else ""
        yield from self._spans(base, request.url, ("path", "query"))
        for header in request.headers:
            yield ("header", header.name.lower()), self._render(header.value)
        match request.body:
            case FormBody(fields=fields):
                seen: Counter[str] = Counter()
                for one in fields:
                    name = one.name.literal or ""
                    seen[name] += 1
                    yield ("form", f"{name}#{seen[name]}"), self._render(one.value)
            case JsonBody(value=value):
                yield from self._json(value, "")
            case MultipartBody(parts=parts):
                for number, part in enumerate(parts):
                    if isinstance(part, ValuePart):
                        yield ("part", str(number)), self._render(part.value)
            case TextBody(value=text, media_type=media_type):
                if media_type == FORM:
                    for (_, key), found in self._spans("?", text, ("query",)):
                        yield ("form", key), found
                else:
                    yield ("body", ""), self._render(text)
            case _:
                return

    def _json(self, value: JsonValue, pointer: str) -> Iterator[tuple[Site, Rendered]]:
        match value:
            case JsonObject(members=members):
                for member in members:
                    yield from self._json(member.value, f"{pointer}/{member.name}")
            case JsonArray(items=items):
                for number, item in enumerate(items):
                    yield from self._json(item, f"{pointer}/{number}")
            case JsonText(value=text) | JsonNumber(value=text):
                yield ("json", pointer), self._render(text)
            case _:
                return

    def _spans(self, base: str, value: Template, locations: tuple[str, ...]) -> Iterator[tuple[Site, Rendered]]:
        """The sites of a URL, each with the parts of the template that its characters come from."""
        text, spans = base, []
        for part in value.parts:
            shown = self._text(Template(parts=(part,)))
            spans.append((len(text), len(text) + len(shown or "?"), part))
            text += shown if shown is not None else "?"
        whole = len(value.parts) == 1 and isinstance(value.parts[0], Reference)
        for site in url_parts(text):
            if site.location in locations:
                parts = tuple(p for start, end, p in spans if start < site.end and site.start < end)
                kinds = self._kinds(parts)
                yield (
                    (site.location, site.key),
                    Rendered(site.value, *kinds, whole=whole, literal=all(isinstance(p, Text) for p in parts)),
                )

    def _render(self, value: Template) -> Rendered:
        return Rendered(self._text(value), *self._kinds(value.parts), literal=value.literal is not None)

    def _kinds(self, parts: tuple[Part, ...]) -> tuple[bool, bool, bool]:
        every = list(walk(Template(parts=parts)))
        names = {p.name for p in every if isinstance(p, Reference)}
        runs = any(isinstance(p, Call) and FUNCTIONS[p.function].evaluate is None for p in every)
        return bool(names & self.captured), runs or bool(names & self.made), bool(names & self.secrets)

    def _text(self, value: Template) -> str | None:
        try:
            return evaluate(value, self.values)
        except UnknownValueError:
            return None


def score(plan: Plan, unseen: list[Session], seed: str) -> Score:
    """The Plan's sites in the unseen sessions, a site right only where it is right in all of them."""
    found = Score()
    replays = [dict(Replay(plan, session).run()) for session in unseen]
    for entry, truth in enumerate(unseen[0].truth):
        seen = [replay.get(entry, {}) for replay in replays]
        for site in sorted({*truth, *seen[0]}):
            marks = [session.truth[entry].get(site) for session in unseen]
            rendered = [sites.get(site) for sites in seen]
            kind = marks[0].kind if marks[0] is not None else "constant"
            outcome = _outcome(marks, rendered)
            if outcome:
                request = unseen[0].entries[entry]["request"]
                found.add(kind, outcome, f"{seed} entry {entry} {request['method']} {request['url'][:90]} {site[0]} {site[1]}")
    return found


def _outcome(marks: list[Value | None], rendered: list[Rendered | None]) -> Outcome | None:
    mark = marks[0]
    first = rendered[0]
    bound = first is not None and first.bound
    label = mark.label if mark is not None else "constant"
    if label == "free":
        return None
    if label == "server":
        if not bound:
            return "unresolved" if first is not None and first.unresolved else "missed"
        return (
            "right"
            if all(m is not None and r is not None and r.text == str(m) for m, r in zip(marks, rendered, strict=True))
            else "wrong"
        )
    if bound and first is not None and not first.whole:
        return "superfluous"
    if label == "client":
        return "client right" if first is not None and (first.generated or first.whole) else "client missed"
    return "fine"


def by_mode(scores: Mapping[str, Score]) -> dict[str, tuple[float, float]]:
    """Precision and recall of each."""
    return {name: (precision(one), recall(one)) for name, one in scores.items()}


def precision(one: Score) -> float:
    """Right among what was bound."""
    right = one.total("right")
    bound = right + one.total("wrong") + one.total("superfluous")
    return right / bound if bound else 1.0


def recall(one: Score) -> float:
    """Right among what an earlier response gave."""
    right = one.total("right")
    wanted = right + one.total("wrong") + one.total("missed") + one.total("unresolved")
    return right / wanted if wanted else 1.0
