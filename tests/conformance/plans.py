"""Turns cases into one Plan: a journey for each, its requests and names marked with the case's name."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from conformance.case import Case, secret, t
from conformance.server import OVER_TLS, PLACES, fill

from loadwright.compiler.plan.features import DEFAULT_GRACEFUL_STOP
from loadwright.compiler.plan.model import (
    Choose,
    ClosedModel,
    ForEach,
    Fragment,
    If,
    Journey,
    Load,
    Mix,
    Node,
    Parallel,
    Plan,
    Receive,
    Repeat,
    Request,
    Shuffle,
    Step,
    Stream,
    Target,
    Until,
    While,
    Workload,
)

NOWHERE = tuple(f"{'https' if place in OVER_TLS else 'http'}://127.0.0.1:9" for place in PLACES)
"""URLs of a server that is not there."""


def plan_of(cases: Sequence[Case], urls: Sequence[str] = NOWHERE) -> Plan:
    """One Plan with a journey for each case, each under its own load."""
    pause = cases[0].graceful_stop
    return Plan(
        name="Conformance",
        targets=(
            Target(name="server", url="http://127.0.0.1:9"),
            Target(name="second", url="http://127.0.0.1:9/unset"),
            *(_filled(target, urls) for case in cases for target in case.targets),
        ),
        secrets=tuple(secret(name, secret_variable(name)) for case in cases for name in case.secrets),
        data=tuple(source for case in cases for source in case.data),
        variables=tuple(variable for case in cases for variable in case.variables),
        defaults=cases[0].defaults,
        fragments=tuple(_fragment(case, fragment) for case in cases for fragment in case.fragments),
        journeys=tuple(journey for case in cases for journey in _journeys(case)),
        loads=(
            Load(
                name="once",
                workloads=tuple(workload for case in cases for workload in _workloads(case)),
                graceful_stop=DEFAULT_GRACEFUL_STOP if pause is None else pause,
            ),
        ),
        goals=tuple(goal for case in cases for goal in case.goals),
    )


def secret_variable(name: str) -> str:
    """The environment variable of a case's secret."""
    return f"CONFORMANCE_{name.upper()}"


def _filled(target: Target, urls: Sequence[str]) -> Target:
    proxy = None if target.proxy is None else fill(target.proxy, urls)
    return target.model_copy(update={"url": fill(target.url, urls), "proxy": proxy})


def _workloads(case: Case) -> Sequence[Workload | Mix]:
    own = Workload(journey=case.name, model=case.model or ClosedModel(users=case.users, iterations=case.iterations))
    return case.workloads or (own,)


def _journeys(case: Case) -> Iterator[Journey]:
    first = tuple(case.actions) if case.has_own_steps else (Step(name=case.step, actions=tuple(case.actions)),)
    yield Journey(
        name=case.name,
        cookies=case.cookies,
        setup=_placed(case, case.setup),
        nodes=_placed(case, (*first, *case.then)),
        teardown=_placed(case, case.teardown),
    )
    for name, nodes in case.others.items():
        yield Journey(name=name, nodes=_placed(case, nodes))


def _fragment(case: Case, fragment: Fragment) -> Fragment:
    return fragment.model_copy(update={"nodes": _placed(case, fragment.nodes)})


def _placed(case: Case, nodes: Sequence[Node]) -> tuple[Node, ...]:
    return tuple(_placed_node(case, node) for node in nodes)


def _placed_node(case: Case, node: Node) -> Node:
    match node:
        case Request() | Stream():
            return _placed_request(case, node)
        case Parallel():
            return node.model_copy(update={"requests": tuple(_placed_request(case, request) for request in node.requests)})
        case Step():
            return node.model_copy(update={"actions": _placed(case, node.actions)})
        case Repeat() | While() | Until() | ForEach() | Shuffle():
            return node.model_copy(update={"nodes": _placed(case, node.nodes)})
        case If():
            branches = tuple(branch.model_copy(update={"nodes": _placed(case, branch.nodes)}) for branch in node.branches)
            otherwise = None if node.otherwise is None else _placed(case, node.otherwise)
            return node.model_copy(update={"branches": branches, "otherwise": otherwise})
        case Choose():
            options = tuple(option.model_copy(update={"nodes": _placed(case, option.nodes)}) for option in node.options)
            return node.model_copy(update={"options": options})
        case _:
            return node


def _placed_request(case: Case, node: Request | Stream) -> Request | Stream:
    url = node.url if node.target in (None, "second") else t(f"/{case.name}", node.url)
    placed = node.model_copy(update={"name": case.request_name(node.name), "url": url})
    if isinstance(placed, Stream):
        actions = (_named(case, action) if isinstance(action, Receive) else action for action in placed.actions)
        return placed.model_copy(update={"actions": tuple(actions)})
    return placed


def _named(case: Case, receive: Receive) -> Receive:
    return receive.model_copy(update={"name": case.request_name(receive.name)})
