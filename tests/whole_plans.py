"""Hypothesis strategies for Plans with everything that the Plan holds: flow, fragments, streams, setup, loads, goals."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import plan_strategies
import strategies
from hypothesis import strategies as st
from plan_strategies import draw_data, plans, thinks, write_files
from strategies import expectations, names, paths, templates, titles, visible
from whole_loads import goals, loads
from whole_values import (
    auths,
    captures,
    conditions,
    cookies,
    data_options,
    graphql,
    message_expectations,
    more_expectations,
    retries,
    targets,
    values,
)

from loadwright.compiler.plan.model import (
    Branch,
    Choose,
    DataSource,
    Defaults,
    Fail,
    FilePart,
    ForEach,
    Fragment,
    If,
    Journey,
    MultipartBody,
    Node,
    Option,
    Parallel,
    Plan,
    Receive,
    Repeat,
    Request,
    Secret,
    Send,
    Shuffle,
    Step,
    Stop,
    Stream,
    Target,
    Think,
    Until,
    Use,
    ValuePart,
    Variable,
    While,
)
from loadwright.compiler.plan.render import default_name, receive_name, usual_name
from loadwright.compiler.plan.template import template
from loadwright.compiler.plan.traverse import walk_nodes

__all__ = ["plainer", "plans", "whole_plans", "write_all_files"]


@dataclass(frozen=True)
class Scope:
    """What a place may refer to, and what may stand there."""

    targets: tuple[Target, ...]
    data: tuple[DataSource, ...]
    bound: tuple[str, ...]
    fixed: frozenset[str]
    """Names that nothing may bind."""
    steps: Iterator[str]
    fragments: tuple[Fragment, ...] = ()
    in_step: bool = False
    depth: int = 2

    def having(self, *names: str) -> Scope:
        """With more names bound."""
        return replace(self, bound=(*self.bound, *(name for name in names if name not in self.bound)))

    def deeper(self, *, in_step: bool | None = None) -> Scope:
        """Inside a block."""
        return replace(self, depth=self.depth - 1, in_step=self.in_step if in_step is None else in_step)


@st.composite
def whole_plans(draw: st.DrawFn) -> Plan:
    """Plans that pass every check, with any node of the model."""
    declared = draw(st.lists(names(), min_size=8, max_size=9, unique_by=lambda name: name.lower()))
    servers = tuple(draw(targets(name, number)) for number, name in enumerate(declared[:2]))
    secrets = (Secret(name=declared[2], env="LOADWRIGHT_TEST_SECRET"),)
    data = (draw(data_options(draw_data(draw, declared[3]))),) if draw(st.booleans()) else ()
    bound = (*(server.name for server in servers), declared[2])
    variables = []
    for name in declared[6:]:
        variables.append(Variable(name=name, value=draw(values(bound, data))))
        bound += (name,)
    fixed = frozenset(bound) | {declared[3], *declared[4:6]}
    steps = iter(draw(st.lists(titles, min_size=12, max_size=12, unique=True)))
    scope = Scope(servers, data, bound, fixed, steps)
    fragments = draw(_fragments(scope, declared[4:6]))
    journey_names = draw(st.lists(names(), min_size=1, max_size=2, unique=True))
    journeys = tuple(draw(_journeys(name, replace(scope, fragments=fragments))) for name in journey_names)
    load_names = draw(st.lists(names(), max_size=2, unique=True))
    plan = Plan(
        name=draw(titles),
        targets=servers,
        secrets=secrets,
        data=data,
        variables=tuple(variables),
        defaults=draw(_defaults(scope)),
        fragments=fragments,
        journeys=journeys,
        loads=draw(loads(load_names, journey_names)),
    )
    named = [node.name for journey in journeys for node in journey.nodes if isinstance(node, Step)]
    tags = [tag for journey in journeys for tag in journey.tags]
    return plan.model_copy(update={"goals": tuple(draw(st.lists(goals(plan, named, tags), max_size=2)))})


def _tags() -> st.SearchStrategy[tuple[str, ...]]:
    return st.lists(titles, max_size=2, unique=True).map(tuple)


@st.composite
def _defaults(draw: st.DrawFn, scope: Scope) -> Defaults:
    shared = tuple(target.name for target in scope.targets)
    return draw(plan_strategies.defaults(shared)).model_copy(
        update={"auth": draw(st.none() | auths(shared, ())), "retry": draw(st.none() | retries())}
    )


@st.composite
def _fragments(draw: st.DrawFn, scope: Scope, parameters: Sequence[str]) -> tuple[Fragment, ...]:
    """A fragment with steps and one that stands inside steps."""
    made: list[Fragment] = []
    for in_step, parameter in zip((True, False), parameters, strict=True):
        taken = (parameter,) if draw(st.booleans()) else ()
        inner = replace(scope.having(*taken), in_step=in_step, depth=1, fragments=tuple(made) if in_step else ())
        nodes, _ = draw(_blocks(inner, 1))
        made.append(Fragment(name=f"f{int(in_step)}_{parameter}", parameters=taken, nodes=nodes))
    return tuple(made)


@st.composite
def _journeys(draw: st.DrawFn, name: str, scope: Scope) -> Journey:
    setup, after = draw(_blocks(scope, 1)) if draw(st.booleans()) else ((), scope)
    ended = any(isinstance(node, Stop | Fail | If | Use) or node.kind in ("choose", "repeat", "shuffle") for node in _deep(setup))
    start = scope if ended else after
    nodes, _ = draw(_blocks(start, 3))
    teardown, _ = draw(_blocks(start, 1)) if draw(st.booleans()) else ((), scope)
    return Journey(
        name=name,
        title=draw(st.just("") | titles),
        tags=draw(_tags()),
        cookies=draw(st.sampled_from((None, "keep", "clear"))),
        setup=setup,
        nodes=nodes,
        teardown=teardown,
    )


def _deep(nodes: Sequence[Node]) -> Iterator[Node]:
    return (node for node in walk_nodes(nodes) if not isinstance(node, Send | Receive))


@st.composite
def _blocks(draw: st.DrawFn, scope: Scope, most: int) -> tuple[tuple[Node, ...], Scope]:
    """Nodes, and what is bound after them."""
    found: list[Node] = []
    for _ in range(draw(st.integers(0, most))):
        made, scope = draw(_nodes(scope))
        found += made
    return tuple(found), scope


@st.composite
def _nodes(draw: st.DrawFn, scope: Scope) -> tuple[list[Node], Scope]:
    plain = ["let", "think", "use", *(["request", "request", "parallel", "stream"] if scope.in_step else ["step", "step"])]
    flow = ["if", "repeat", "while", "until", "for each", "choose", "shuffle", "stop", "fail"] if scope.depth else []
    kind = draw(st.sampled_from(plain + flow))
    match kind:
        case "let":
            name = draw(_free_names(scope))
            return [Variable(name=name, value=draw(values(scope.bound, scope.data)))], scope.having(name)
        case "think":
            return [draw(thinks())], scope
        case "step":
            return draw(_steps(scope))
        case "request":
            request = draw(_requests(scope))
            return [request], scope.having(*(capture.name for capture in request.captures))
        case "parallel":
            requests = tuple(draw(_requests(scope)) for _ in range(draw(st.integers(1, 2))))
            return [Parallel(requests=requests)], scope.having(*(c.name for request in requests for c in request.captures))
        case "stream":
            return [draw(_streams(scope))], scope
        case "use":
            return draw(_uses(scope)), scope
        case "stop" | "fail":
            ending: Node = Fail(message=draw(titles)) if kind == "fail" else Stop(what=draw(st.sampled_from(("iteration", "user"))))
            condition = draw(conditions(scope.bound, scope.data))
            return [If(branches=(Branch(condition=condition, nodes=(ending,)),))], scope
        case _:
            return [draw(_flows(kind, scope))], scope


def _free_names(scope: Scope) -> st.SearchStrategy[str]:
    return names().filter(lambda name: name not in scope.fixed)


@st.composite
def _steps(draw: st.DrawFn, scope: Scope) -> tuple[list[Node], Scope]:
    name = next(scope.steps, None)
    if name is None:
        return [], scope
    actions, after = draw(_blocks(replace(scope, in_step=True), 3))
    return [Step(name=name, tags=draw(_tags()), actions=actions)], replace(after, in_step=False)


@st.composite
def _uses(draw: st.DrawFn, scope: Scope) -> list[Node]:
    fitting = [fragment for fragment in scope.fragments if fragment.name.startswith("f1" if scope.in_step else "f0")]
    if not fitting:
        return []
    fragment = draw(st.sampled_from(fitting))
    arguments = tuple(draw(values(scope.bound, scope.data)) for _ in fragment.parameters)
    return [Use(fragment=fragment.name, arguments=arguments)]


@st.composite
def _flows(draw: st.DrawFn, kind: str, scope: Scope) -> Node:
    """A node with blocks; what is bound inside is not used outside."""
    inner = scope.deeper()

    def block(inside: Scope = inner) -> tuple[Node, ...]:
        return draw(_blocks(inside, 2))[0]

    condition = conditions(scope.bound, scope.data)
    at_most, every = draw(st.integers(1, 99)), draw(st.sampled_from((0, 500, 1000)))
    match kind:
        case "if":
            branches = tuple(Branch(condition=draw(condition), nodes=block()) for _ in range(draw(st.integers(1, 2))))
            return If(branches=branches, otherwise=(draw(st.sampled_from((True, False))) and block()) or None)
        case "repeat":
            index = draw(st.none() | _free_names(scope))
            times = draw(st.one_of(st.sampled_from(("0", "3")).map(template), templates(scope.bound, scope.data, 0)))
            return Repeat(times=times, index=index, nodes=block(inner.having(index) if index else inner))
        case "while":
            return While(condition=draw(condition), at_most=at_most, every=every, nodes=block())
        case "until":
            nodes, after = draw(_blocks(inner, 2))
            return Until(condition=draw(conditions(after.bound, scope.data)), at_most=at_most, every=every, nodes=nodes)
        case "for each":
            name = draw(_free_names(scope))
            most = draw(st.none() | st.integers(1, 9))
            listed = draw(templates(scope.bound, scope.data))
            return ForEach(name=name, values=listed, at_most=most, nodes=block(inner.having(name)))
        case "choose":
            percents = draw(st.sampled_from((("70", "29.5"), ("100",), ("12.5", "50", "0"))))
            return Choose(options=tuple(Option(percent=percent, nodes=block()) for percent in percents))
        case _:  # in any order: none uses what another binds
            groups = [draw(_blocks(inner, 1))[0] for _ in range(draw(st.integers(1, 2)))]
            return Shuffle(nodes=tuple(group[0] for group in groups if len(group) == 1))


@st.composite
def _requests(draw: st.DrawFn, scope: Scope) -> Request:
    """A request of `strategies`, with what it lacks."""
    made = draw(plan_strategies.requests(scope.targets, scope.data, scope.bound))
    is_usual = made.name == default_name(made.method, made.url)
    update: dict[str, object] = {
        "tags": draw(_tags()),
        "cookies": tuple(draw(st.lists(cookies(scope.bound), max_size=1))),
        "auth": draw(st.none() | auths(scope.bound, scope.data)),
        "retry": draw(st.none() | retries()),
        "timeout": draw(st.none() | st.integers(60_000_000, 90_000_000)),
        "expectations": tuple(draw(st.lists(st.one_of(more_expectations(scope.bound, scope.data), _old(scope)), max_size=2))),
        "captures": tuple(draw(captures(c.name, scope.bound, scope.data)) for c in made.captures if c.name not in scope.fixed),
    }
    if made.body is not None and draw(st.booleans()):
        update["body"] = draw(st.one_of(graphql(scope.bound, scope.data), _many_parts(scope)))
    request = made.model_copy(update=update)
    return request.model_copy(update={"name": usual_name(request)}) if is_usual else request


def _old(scope: Scope) -> st.SearchStrategy[object]:
    return expectations(scope.bound, scope.data)


def _many_parts(scope: Scope) -> st.SearchStrategy[MultipartBody]:
    """Several files, and names that are repeated."""
    file_part = st.builds(FilePart, name=st.just("file"), path=paths, filename=visible.filter(bool))
    value_part = st.builds(ValuePart, name=st.just("file"), value=values(scope.bound, scope.data))
    return st.builds(MultipartBody, parts=st.lists(st.one_of(file_part, value_part), min_size=2, max_size=3).map(tuple))


@st.composite
def _streams(draw: st.DrawFn, scope: Scope) -> Stream:
    protocol = draw(st.sampled_from(("websocket", "events")))
    url = template("/", *draw(st.lists(strategies.url_parts(scope.bound, scope.data), max_size=2)))
    name = draw(st.just(default_name(protocol.upper(), url)) | titles)
    actions: list[object] = []
    for kind in draw(st.lists(st.sampled_from(("send", "receive", "think", "let")), max_size=3)):
        if kind == "receive":
            number = sum(isinstance(action, Receive) for action in actions) + 1
            receive = draw(_receives(scope, receive_name(name, number)))
            scope = scope.having(*(capture.name for capture in receive.captures))
            actions.append(receive)
        elif kind == "send" and protocol == "websocket":
            actions.append(Send(text=draw(values(scope.bound, scope.data))))
        elif kind == "think":
            actions.append(draw(st.builds(Think, minimum=st.just(5), maximum=st.integers(5, 9))))
        elif kind == "let":
            free = draw(_free_names(scope))
            actions.append(Variable(name=free, value=draw(values(scope.bound, scope.data))))
            scope = scope.having(free)
    headers = tuple(draw(st.lists(strategies.headers(scope.bound[:1], ()), max_size=1)))
    timeout = draw(st.none() | st.integers(1, 90_000))
    target = draw(st.sampled_from(scope.targets)).name
    return Stream(protocol=protocol, name=name, target=target, url=url, headers=headers, timeout=timeout, actions=tuple(actions))


@st.composite
def _receives(draw: st.DrawFn, scope: Scope, usual: str) -> Receive:
    captured = draw(st.lists(_free_names(scope), max_size=1))
    return Receive(
        name=draw(st.just(usual) | titles),
        containing=draw(st.none() | values(scope.bound, scope.data)),
        within=draw(st.sampled_from((30_000, 500, 5000))),
        expectations=tuple(draw(st.lists(message_expectations(scope.bound, scope.data), max_size=1))),
        captures=tuple(draw(captures(name, scope.bound, scope.data, of_message=True)) for name in captured),
    )


def plainer(plan: Plan) -> Plan:
    """The Plan without what some runtimes lack: streams, XPath, client certificates, proxies."""
    made = _plainer(plan.model_dump(mode="json"))
    for target in made["targets"]:
        target.update(certificate=None, key=None, proxy=None)
    return Plan.model_validate(made)


def _plainer(value: Any) -> Any:
    if isinstance(value, list):
        return [_plainer(item) for item in value if not (isinstance(item, dict) and item.get("kind") == "stream")]
    if not isinstance(value, dict):
        return value
    if value.get("kind") == "xpath":
        return {"kind": "css", "selector": "li"}
    return {key: _plainer(item) for key, item in value.items()}


def write_all_files(plan: Plan, folder: Path) -> None:
    """Write every file that the Plan reads."""
    write_files(plan, folder)
    (folder / "client.pem").write_text("no certificate\n", "utf-8")
    (folder / "client key.pem").write_text("no key\n", "utf-8")
    (folder / "order.schema.json").write_text('{"type": "object", "required": ["id"]}\n', "utf-8")
    for source in plan.data:
        if source.format == "json":
            rows = [{column: f"{column}-{row}" for column in source.columns} for row in (1, 2)]
            (folder / source.path).write_text(json.dumps(rows), "utf-8")
