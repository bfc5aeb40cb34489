"""From recordings to a Plan: observe, decide, assert, apply, prove, in this order."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import PurePosixPath
from urllib.parse import urlsplit

from loadwright.compiler.agents.apply.journey import Applied, apply
from loadwright.compiler.agents.apply.unused import records_of, without_unused
from loadwright.compiler.agents.apply.without_secrets import files_without, hide_in, plan_without
from loadwright.compiler.agents.decide.align import aligned, changes, drifting_names, keyed_alike, same_journey, without_chance
from loadwright.compiler.agents.decide.came_up import without_came_up
from loadwright.compiler.agents.decide.confidence import rate
from loadwright.compiler.agents.decide.match_numbers import count_matches
from loadwright.compiler.agents.decide.one_session import shared_session, without_session_values
from loadwright.compiler.agents.decide.second import Key, Second
from loadwright.compiler.agents.decide.verdicts import decide
from loadwright.compiler.agents.decisions import Decision, Decisions, ProofLevel
from loadwright.compiler.agents.expect.expectations import expectations
from loadwright.compiler.agents.expect.own_texts import own_texts
from loadwright.compiler.agents.expect.soft_failures import LookedThrough, RecordedFailure, by_entry, look_through
from loadwright.compiler.agents.facts import Facts
from loadwright.compiler.agents.hidden import Hidden
from loadwright.compiler.agents.left import Left, left_of, masked_of, unread_of
from loadwright.compiler.agents.names import identifier
from loadwright.compiler.agents.observe.boxes import differ_in_numbers
from loadwright.compiler.agents.observe.recording import observe, request_sites
from loadwright.compiler.agents.observe.typed import lines_said
from loadwright.compiler.agents.prove.proof import Proof, prove
from loadwright.compiler.plan.exchanges import exchanges
from loadwright.compiler.plan.model import (
    ClosedModel,
    Defaults,
    Goal,
    Header,
    Journey,
    Load,
    Plan,
    SoftFailureExpectation,
    Target,
    Workload,
)
from loadwright.compiler.plan.node import DecisionOrigin
from loadwright.compiler.plan.template import template
from loadwright.compiler.plan.traverse import steps
from loadwright.compiler.recording.model import Entry, Recording, Selection, StepOutline, header
from loadwright.compiler.recording.sockets import described, is_message, is_socket, traffic
from loadwright.compiler.recording.urls import host_name, is_local, site

_COMMON_HEADERS = ("User-Agent", "Accept-Language")
"""Headers that every request of a browser carries; where they are all the same they go into the defaults."""
_ENCODING = "Accept-Encoding"
_COMPRESSION = "gzip"
"""What is asked for where answers came compressed, whatever the browser knew: all servers and runtimes know it."""


@dataclass(frozen=True, slots=True)
class Source:
    """A recording with what takes part in the test and how it falls into steps."""

    recording: Recording
    selection: Selection
    outline: tuple[StepOutline, ...]

    @property
    def entries(self) -> list[Entry]:
        """The entries that take part, in the order in which they started."""
        kept = set(self.selection.kept)
        return [entry for entry in self.recording.entries if entry.index in kept]

    @property
    def traffic(self) -> list[Entry]:
        """The same with each WebSocket taken apart into its messages, in the order in which a test does them."""
        return traffic(self.entries)

    @property
    def answered(self) -> list[Entry]:
        """The entries that are requests with an answer: all but WebSockets."""
        return [entry for entry in self.entries if not is_socket(entry)]


@dataclass(slots=True)
class Imported:
    """A Plan made from recordings, and how it came about."""

    plan: Plan
    decisions: list[Decision]
    proofs: list[tuple[str, Proof]]
    """Recording and what was proved on it."""
    files: dict[str, bytes] = field(default_factory=dict)
    """Bytes that the Plan's requests send, by path."""
    groups: dict[str, tuple[str, ...]] = field(default_factory=dict)
    """Recording that a journey was made from: the recordings of that journey, itself first."""
    failures: list[RecordedFailure] = field(default_factory=list)
    """What went wrong while the journeys were recorded, each failure at its root."""
    left: list[Left] = field(default_factory=list)
    """What could not be replaced."""
    unset_cookies: list[tuple[str, int, str]] = field(default_factory=list)
    """Recording, entry and name of each cookie that is not sent, since nothing is known to set it."""
    secret_values: dict[str, str] = field(default_factory=dict, repr=False)
    """Secret name: its recorded value; kept in memory, never written."""


def import_recordings(
    sources: Sequence[Source], title: str, folder: str, progress: Callable[[str], None] = lambda _: None
) -> Imported:
    """A Plan from one or more recordings; those of the same journey are held against each other.

    `folder` is where the files that requests send will stand, relative to the intent; `progress` is told what is done.
    """
    targets = _targets(sources)
    groups = by_journey(sources)
    done: list[Decisions] = []
    journeys: list[Journey] = []
    files: dict[str, bytes] = {}
    common = _common_headers(sources)
    looked = [_looked_through(source, group) for group in groups for source in group]
    failures = [failure for one in looked for failure in one.failures]
    without_error = frozenset[int]().union(*(one.without_error for one in looked))
    left: list[Left] = []
    unset: list[tuple[str, int, str]] = []
    for first, *others in groups:
        progress(f"reading {first.recording.name}")
        name = _journey_name(first.recording.name, [j.name for j in journeys])
        applied, decisions = _journey(first, others, targets, done, name, common, folder, by_entry(failures), without_error)
        journeys.append(applied.journey)
        done.append(decisions)
        clean, masked = files_without(applied.files, decisions.hidden)
        files.update(clean)
        left += [*left_of(first.recording.name, first.traffic, applied.left, decisions), *masked_of(first.recording.name, masked)]
        left += unread_of(first.recording.name, first.traffic)
        unset += [(first.recording.name, entry, cookie) for cookie, entry in decisions.unset_cookies.items()]
    plan = without_unused(plan_without(_plan(title, targets, done, journeys, common), [v for d in done for v in d.hidden.values]))
    progress("proving")
    proofs = [
        (first.recording.name, prove(plan, first.recording, first.selection.kept, [o.recording for o in others]))
        for first, *others in groups
    ]
    declared = [variable.name for decisions in done for variable in decisions.variables]
    records = records_of(plan, declared, (record for decisions in done for record in decisions.records))
    mark_proofs(plan, records, proofs)
    rate(plan, records)
    hide_in(records, [proof for _, proof in proofs], Hidden(v for d in done for v in d.hidden.values))
    names = {group[0].recording.name: tuple(s.recording.name for s in group) for group in groups}
    secrets = {name: value for decisions in done for name, value in decisions.secret_values.items()}
    return Imported(plan, records, proofs, files, names, failures, left, unset, secrets)


def _looked_through(source: Source, group: Sequence[Source]) -> LookedThrough:
    """The failures that a recording shows, beside the others of its journey."""
    return look_through(source.recording.name, source.answered, [o.answered for o in group if o is not source])


def _journey(
    first: Source,
    others: Sequence[Source],
    targets: Sequence[Target],
    done: Sequence[Decisions],
    name: str,
    common: dict[str, str],
    folder: str,
    failed: Collection[tuple[str, int]],
    without_error: Collection[int],
) -> tuple[Applied, Decisions]:
    entries = first.traffic
    pairs = [aligned(entries, other.traffic) for other in others]
    names = _drifting(entries, others, pairs)
    facts = observe(entries, bool(others), _whole_names(names))
    changed, second = _second(first, facts, others, pairs, names)
    labels = {e.index: described(e) for e in entries}
    decisions = decide(entries, facts, targets, changed, labels, done, second)
    count_matches(decisions, entries, second.partners)
    if done:
        _renumber(decisions, sum(len(d.records) for d in done))
    partners = _partners(others, pairs, failed)
    changing = _changing(facts, (*done, decisions), second)
    answered = [e for e in entries if not is_message(e)]
    own = own_texts(answered, facts, decisions, second.partners, second.values)
    applied = apply(
        first.recording,
        first.outline,
        facts,
        decisions,
        targets,
        name,
        expectations(answered, changing, partners, without_error, own),
        common,
        f"{folder}/{name}",
        changing,
        [other.recording for other in others],
    )
    return applied, decisions


def _changing(facts: Facts, done: Sequence[Decisions], second: Second) -> set[str]:
    """Values that other sessions may have otherwise: typed, secret or received, in this recording and in the second.

    Any longer text that was sent is among them: a page may show it again.
    """
    found = {v.value.literal or "" for d in done for v in d.variables}
    found.update(value for d in done for value in d.shared)
    found.update(value for d in done for value in d.secret_values.values())
    for sites in facts.sites.values():
        for sent in sites:
            if sent.location in ("form", "json", "part", "query") and (len(sent.value) >= 8 or " " in sent.value):
                found.update((sent.value, *lines_said(sent.value)))
            if slices := done[-1].slices.get((sent.entry, *sent.identity)):
                found.update(sent.value[cut.start : cut.end] for cut in slices)
                found.add(second.values.get((sent.entry, *sent.identity), ""))
    return found


def _partners(
    others: Sequence[Source], pairs: Sequence[Mapping[int, int]], failed: Collection[tuple[str, int]]
) -> dict[int, list[Entry]]:
    """For each entry the same request in the other recordings, without those that failed there."""
    found: dict[int, list[Entry]] = {}
    for other, same in zip(others, pairs, strict=True):
        by_index = {e.index: e for e in other.traffic}
        for ours, theirs in same.items():
            if (other.recording.name, theirs) not in failed:
                found.setdefault(ours, []).append(by_index[theirs])
    return found


def _drifting(entries: Sequence[Entry], others: Sequence[Source], pairs: Sequence[Mapping[int, int]]) -> dict[str, str]:
    """Names of fields that another recording has otherwise: ours to theirs."""
    found: dict[str, str] = {}
    by_index = {e.index: e for e in entries}
    for other, same in zip(others, pairs, strict=True):
        theirs = {e.index: e for e in other.traffic}
        for ours, partner in same.items():
            if by_index[ours].request.body or by_index[ours].request.parts:
                found |= drifting_names(by_index[ours], theirs[partner])
    return found


def _whole_names(names: Mapping[str, str]) -> dict[str, str]:
    """Those that are another one as a whole; of the others only the number is."""
    return {ours: theirs for ours, theirs in names.items() if not differ_in_numbers(ours, theirs)}


def _second(
    first: Source, facts: Facts, others: Sequence[Source], pairs: Sequence[Mapping[int, int]], names: Mapping[str, str]
) -> tuple[dict[Key, bool], Second]:
    """What other recordings of the journey say: a site changed if it did in any of them."""
    changed: dict[Key, bool] = {}
    partners: dict[int, Entry] = {}
    values: dict[Key, str] = {}
    for other, same in zip(others, pairs, strict=True):
        exchanged = other.traffic
        by_index = {e.index: e for e in exchanged}
        theirs = keyed_alike(request_sites(exchanged, set(_whole_names(names).values())), names)
        for key, differs in changes(facts.sites, theirs, same).items():
            changed[key] = changed.get(key, False) or differs
        for ours, partner in same.items():
            if partners.setdefault(ours, by_index[partner]) is by_index[partner]:
                values.update({(ours, *site.identity): site.value for site in theirs[partner]})
    changed = without_chance(changed, facts.sites, facts.occurrences)
    changed = without_came_up(changed, facts.sites, first.entries, partners)
    if any(shared_session(first.entries, other.entries) for other in others):
        changed = without_session_values(changed, facts.sites, facts.occurrences)
    return changed, Second(partners, values)


def _renumber(decisions: Decisions, offset: int) -> None:
    """Make decision ids unique over journeys, in the records and in the nodes that name them."""
    names = {record.id: f"d{int(record.id[1:]) + offset}" for record in decisions.records}
    for record in decisions.records:
        record.id = names[record.id]

    def renamed(origin: object) -> DecisionOrigin | None:
        return DecisionOrigin(decision=names[origin.decision]) if isinstance(origin, DecisionOrigin) else None

    decisions.captures = {
        entry: [c.model_copy(update={"origin": renamed(c.origin)}) for c in captures]
        for entry, captures in decisions.captures.items()
    }
    decisions.variables = [v.model_copy(update={"origin": renamed(v.origin)}) for v in decisions.variables]
    decisions.secrets = [s.model_copy(update={"origin": renamed(s.origin)}) for s in decisions.secrets]


def mark_proofs(plan: Plan, records: Sequence[Decision], proofs: Sequence[tuple[str, Proof]]) -> None:
    """Write on each extraction the level it reached: P2 includes P1, which includes P0."""
    findings = [f for _, proof in proofs for f in proof.findings]
    failed_captures = {f.subject for f in findings if f.level == "P0"}
    failed_requests = {f.subject for f in findings if f.level == "P1"}
    residue = any(f.level == "P2" for f in findings)
    captured = {capture.name for journey in plan.journeys for request in exchanges(journey) for capture in request.captures}
    proved = captured - failed_captures
    for record in records:
        level: ProofLevel = "none"
        if record.verdict == "extract" and record.variable in proved:
            level = "P0" if failed_requests else "P1" if residue else "P2"
        elif record.verdict in ("generate", "parameterise", "secret", "environment") and not failed_requests:
            level = "P1"
        record.proof = level


# --- the parts of the Plan --------------------------------------------------------------------------------------------


def _plan(
    title: str, targets: Sequence[Target], done: Sequence[Decisions], journeys: Sequence[Journey], common: dict[str, str]
) -> Plan:
    smoke = tuple(Workload(journey=j.name, model=ClosedModel(users=1, iterations=1)) for j in journeys)
    headers = tuple(Header(name=n, value=template(common[n.lower()])) for n in (*_COMMON_HEADERS, _ENCODING) if n.lower() in common)
    return Plan(
        name=title,
        targets=tuple(targets),
        secrets=tuple(s for d in done for s in d.secrets),
        variables=tuple(v for d in done for v in d.variables),
        defaults=Defaults(headers=headers, expectations=(SoftFailureExpectation(),)),
        journeys=_with_unique_steps(journeys),
        loads=(Load(name="smoke", workloads=smoke),) if smoke else (),
        goals=(
            Goal(metric="failures", relation="<", value=Decimal("0.01")),
            Goal(metric="soft_failures", relation="=", value=Decimal(0)),
        ),
    )


def _with_unique_steps(journeys: Sequence[Journey]) -> tuple[Journey, ...]:
    """Steps of the same name in two journeys get the journey's name as well."""
    counts = Counter(step.name for journey in journeys for step in steps(journey))
    result = []
    for journey in journeys:
        nodes = tuple(
            node.model_copy(update={"name": f"{node.name} ({journey.name})"})
            if node.kind == "step" and counts[node.name] > 1
            else node
            for node in journey.nodes
        )
        result.append(journey.model_copy(update={"nodes": nodes}))
    return tuple(result)


def _targets(sources: Sequence[Source]) -> tuple[Target, ...]:
    """A target for each origin of the kept requests, in order of first use, named by its host."""
    found: dict[str, Target] = {}
    for source in sources:
        for entry in source.entries:
            parts = urlsplit(entry.request.url)
            origin = f"{parts.scheme}://{parts.netloc}"
            if origin not in found:
                found[origin] = Target(name=_target_name(origin, [t.name for t in found.values()]), url=origin)
    return tuple(found.values())


def _target_name(origin: str, taken: Sequence[str]) -> str:
    host = host_name(origin)
    base = "app" if is_local(host) else identifier(site(host).partition(".")[0], fallback="app")
    if base not in taken:
        return base
    own = identifier(host.partition(".")[0], fallback=base) if not is_local(host) else ""
    port = urlsplit(origin).port
    candidates = [own, f"{base}_{port}" if port else "", *(f"{base}_{n}" for n in range(2, len(taken) + 3))]
    return next(name for name in candidates if name and name not in taken)


def _common_headers(sources: Sequence[Source]) -> dict[str, str]:
    common: dict[str, str] = {}
    for name in _COMMON_HEADERS:
        values = {header(e.request.headers, name) for s in sources[:1] for e in s.answered}
        value = values.pop() if len(values) == 1 else None
        if value:
            common[name.lower()] = value
    if any(header(e.response.headers, "content-encoding") for s in sources for e in s.answered):
        common[_ENCODING.lower()] = _COMPRESSION
    return common


def by_journey(sources: Sequence[Source]) -> list[list[Source]]:
    """The recordings, those of one journey together; the first of each is the one that is imported."""
    groups: list[list[Source]] = []
    for source in sources:
        group = next((g for g in groups if same_journey(g[0].entries, source.entries)), None)
        if group is None:
            groups.append([source])
        else:
            group.append(source)
    return groups


def _journey_name(recording: str, taken: Sequence[str]) -> str:
    stem = re.sub(r"(?:\.(?:har|json|txt|sh|cmd|bat|curl|flows?|mitm))+$", "", PurePosixPath(recording).name)
    base = identifier(re.sub(r"[-_. ]*\d+$", "", stem), fallback="journey")
    return next(n for n in (base, *(f"{base}_{i}" for i in range(2, len(taken) + 3))) if n not in taken)
