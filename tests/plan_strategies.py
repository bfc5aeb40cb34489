"""Hypothesis strategies for whole Plans: every kind of node, and names bound before they are used."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from decimal import Decimal
from pathlib import Path

from hypothesis import strategies as st
from strategies import (
    bodies,
    expectations,
    fields,
    headers,
    names,
    plain_expectations,
    remembered,
    soft_failure_expectations,
    sources,
    templates,
    titles,
    url_parts,
)

from loadwright.compiler.plan.model import (
    Action,
    Capture,
    ClosedModel,
    DataSource,
    Defaults,
    Goal,
    Journey,
    Load,
    OpenModel,
    Parallel,
    Plan,
    Request,
    Secret,
    Step,
    Target,
    Think,
    Variable,
    Workload,
)
from loadwright.compiler.plan.render import default_name
from loadwright.compiler.plan.template import Reference, template

durations = st.one_of(st.sampled_from((0, 1, 800, 1500, 30_000, 60_000, 900_000, 3_600_000, 90_500)), st.integers(0, 10**8))
limits = st.decimals(1, 10**6, places=3, allow_nan=False, allow_infinity=False)


@st.composite
def plans(draw: st.DrawFn) -> Plan:
    """Plans that pass every check: each name is bound before it is used, each reference leads somewhere."""
    declared = draw(st.lists(names(), min_size=5, max_size=9, unique_by=lambda name: name.lower()))
    target_count = draw(st.integers(1, 2))
    targets = tuple(Target(name=n, url=f"https://{i}.example.com") for i, n in enumerate(declared[:target_count]))
    secrets = (Secret(name=declared[2], env="LOADWRIGHT_TEST_SECRET"),) if draw(st.booleans()) else ()
    data = (draw_data(draw, declared[3]),) if draw(st.booleans()) else ()
    bound = [target.name for target in targets] + [secret.name for secret in secrets]
    variables = []
    for name in declared[4:]:
        variables.append(Variable(name=name, value=draw(templates(tuple(bound), data))))
        bound.append(name)
    step_names = iter(draw(st.lists(titles, min_size=6, max_size=6, unique=True)))
    journey_names = draw(st.lists(names(), min_size=1, max_size=2, unique=True))
    journeys = tuple(_draw_journey(draw, name, step_names, targets, data, tuple(bound)) for name in journey_names)
    loads = draw(st.lists(names(), max_size=2, unique=True))
    return Plan(
        name=draw(titles),
        targets=targets,
        secrets=secrets,
        data=data,
        variables=tuple(variables),
        defaults=draw(defaults(tuple(t.name for t in targets))),
        journeys=journeys,
        loads=tuple(Load(name=name, workloads=tuple(draw(_workload(j.name)) for j in journeys)) for name in loads),
        goals=tuple(draw(st.lists(_goal(journeys), max_size=3))),
    )


def draw_data(draw: st.DrawFn, name: str) -> DataSource:
    """A data source with a few columns."""
    column = st.one_of(names(), st.sampled_from(("first name", 'say "hi"', "größe")))
    columns = draw(st.lists(column, min_size=1, max_size=3, unique=True))
    order, on_end = draw(st.sampled_from(("sequential", "random"))), draw(st.sampled_from(("recycle", "stop")))
    return DataSource(name=name, path="data/users.csv", columns=tuple(columns), order=order, on_end=on_end)


def defaults(bound: Sequence[str]) -> st.SearchStrategy[Defaults]:
    """What holds for all requests."""
    return st.builds(
        Defaults,
        headers=st.lists(headers(bound, ()), max_size=2).map(tuple),
        timeout=st.none() | st.integers(1, 90_000),
        redirects=st.sampled_from((None, "none", "follow")),
        expectations=st.lists(st.one_of(soft_failure_expectations, plain_expectations()), max_size=2).map(tuple),
    )


@st.composite
def requests(draw: st.DrawFn, targets: Sequence[Target], data: Sequence[DataSource], bound: tuple[str, ...]) -> Request:
    """A request of any kind, with what it expects and captures."""
    tail = draw(st.lists(url_parts(bound, data), max_size=3))
    target: str | None
    if draw(st.integers(0, 4)):
        target, url = draw(st.sampled_from(targets)).name, template("/", *tail)
    else:
        starts: list[str | Reference] = ["https://other.example/", *(Reference(name=name) for name in bound[:2])]
        start = draw(st.sampled_from(starts))
        target, url = (
            draw(st.sampled_from((None, targets[0].name))) if isinstance(start, Reference) else None,
            template(start, *tail),
        )
    method = draw(st.sampled_from(("GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS")))
    name = draw(st.one_of(st.just(default_name(method, url)), titles))
    captured = draw(st.lists(names(), max_size=2, unique=True))
    taken = {*(t.name for t in targets), *(d.name for d in data)}
    return Request(
        name=name,
        method=method,
        target=target,
        url=url,
        query=tuple(draw(st.lists(fields(bound, data), max_size=2))),
        headers=tuple(draw(st.lists(headers(bound, data), max_size=2))),
        body=draw(st.none() | bodies(bound, data)) if method not in ("GET", "HEAD", "OPTIONS") else None,
        redirects=draw(st.sampled_from((None, "none", "follow"))),
        timeout=draw(st.none() | st.integers(1, 90_000)),
        expectations=tuple(draw(st.lists(expectations(bound, data), max_size=2))),
        captures=tuple(draw(_capture(n, bound, data)) for n in captured if n not in taken and n != "secret"),
    )


@remembered
def _capture(name: str, bound: Sequence[str], data: Sequence[DataSource]) -> st.SearchStrategy[Capture]:
    return st.builds(
        Capture,
        name=st.just(name),
        source=sources(bound, data),
        occurrence=st.integers(1, 3),
        recorded=st.none() | st.integers(3, 5),
        default=st.none() | templates(bound, data),
    )


def _draw_journey(
    draw: st.DrawFn,
    name: str,
    step_names: Iterator[str],
    targets: Sequence[Target],
    data: Sequence[DataSource],
    bound: tuple[str, ...],
) -> Journey:
    fixed = frozenset(bound) | {source.name for source in data}
    nodes: list[Step | Think | Variable | None] = []
    for _ in range(draw(st.integers(0, 2))):
        nodes.append(draw(st.one_of(thinks(), _variable(bound, data, fixed), st.none())))
        actions: list[Action] = []
        for _ in range(draw(st.integers(0, 3))):
            drawn: Action = draw(
                st.one_of(
                    requests(targets, data, bound),
                    st.lists(requests(targets, data, bound), min_size=1, max_size=2).map(
                        lambda found: Parallel(requests=tuple(found))
                    ),
                    thinks(),
                    _variable(bound, data, fixed),
                )
            )
            action = _without(drawn, fixed)
            actions.append(action)
            bound += tuple(n for n in _binds(action) if n not in bound)
        nodes.append(Step(name=next(step_names), actions=tuple(actions)))
    return Journey(name=name, title=draw(st.just("") | titles), nodes=tuple(node for node in nodes if node is not None))


@remembered
def thinks() -> st.SearchStrategy[Think]:
    """Pauses."""
    return st.tuples(durations, durations).map(sorted).map(lambda ends: Think(minimum=ends[0], maximum=ends[1]))


def _variable(bound: Sequence[str], data: Sequence[DataSource], fixed: frozenset[str]) -> st.SearchStrategy[Variable]:
    name = names().filter(lambda text: text not in fixed)
    return st.builds(Variable, name=name, value=templates(bound, data))


def _without(action: Action, fixed: frozenset[str]) -> Action:
    """The action without captures that would hide a declared name."""
    if isinstance(action, Parallel):
        return Parallel(requests=tuple(_request_without(request, fixed) for request in action.requests))
    return _request_without(action, fixed) if isinstance(action, Request) else action


def _request_without(request: Request, fixed: frozenset[str]) -> Request:
    return request.model_copy(update={"captures": tuple(c for c in request.captures if c.name not in fixed)})


def _binds(action: Action) -> list[str]:
    if isinstance(action, Variable):
        return [action.name]
    group = action.requests if isinstance(action, Parallel) else (action,) if isinstance(action, Request) else ()
    return [capture.name for request in group for capture in request.captures]


@st.composite
def _workload(draw: st.DrawFn, journey: str) -> Workload:
    duration = draw(st.integers(1, 10**7))
    ramp = draw(st.just(0) | st.integers(0, duration))
    if draw(st.booleans()):
        rate = draw(st.sampled_from((Decimal("0.5"), Decimal(20), Decimal(20) / 60, Decimal("33.25"), Decimal(7) / 3600)))
        return Workload(
            journey=journey, model=OpenModel(rate=rate, duration=duration, ramp=ramp, max_in_flight=draw(st.integers(1, 2000)))
        )
    limits = draw(st.sampled_from(((5, None), (None, duration), (1, duration))))
    model = ClosedModel(users=draw(st.integers(1, 500)), iterations=limits[0], duration=limits[1], ramp=ramp if limits[1] else 0)
    return Workload(journey=journey, model=model)


def _goal(journeys: Sequence[Journey]) -> st.SearchStrategy[Goal]:
    steps = [node.name for journey in journeys for node in journey.nodes if isinstance(node, Step)]
    of = st.sampled_from((None, *steps))
    relation = st.sampled_from(("<", "<=", "=", ">=", ">"))
    percentile = st.sampled_from((Decimal(50), Decimal(95), Decimal("99.9")))
    return st.one_of(
        st.builds(Goal, metric=st.just("percentile"), percentile=percentile, of=of, relation=relation, value=limits),
        st.builds(Goal, metric=st.sampled_from(("mean", "max", "throughput")), of=of, relation=relation, value=limits),
        st.builds(Goal, metric=st.just("failures"), of=of, relation=relation, value=st.decimals("0.0001", "0.9999", places=4)),
        st.builds(
            Goal,
            metric=st.sampled_from(("soft_failures", "extraction_misses")),
            relation=relation,
            value=st.integers(1, 99).map(Decimal),
        ),
    ).map(lambda goal: goal.model_copy(update={"subject": "name" if goal.of is not None else None}))


def write_files(plan: Plan, folder: Path) -> None:
    """Write every file that the Plan reads, data sources with their columns and two rows."""
    for path in ("upload.bin", "files/note.txt", "files/a b.png", "x.csv"):
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(b"content\n")
    for source in plan.data:
        (folder / source.path).parent.mkdir(parents=True, exist_ok=True)
        with (folder / source.path).open("w", encoding="utf-8", newline="") as handle:
            rows = [list(source.columns), *([f"{c}-{row}" for c in source.columns] for row in (1, 2))]
            csv.writer(handle).writerows(rows)
