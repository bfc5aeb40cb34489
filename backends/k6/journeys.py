"""Journeys as the functions that k6's scenarios execute."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import PurePath

from loadwright.backends.k6 import usage
from loadwright.backends.k6.layout import Block, Group, Node, array, call, mapping
from loadwright.backends.k6.literals import comment, member, string
from loadwright.backends.k6.names import Names
from loadwright.backends.k6.requests import request_node, shows_secret
from loadwright.compiler.plan.model import DataSource, Journey, Parallel, Plan, Request, Step, Think, Variable
from loadwright.compiler.plan.needs import called_functions, calls_draw
from loadwright.compiler.plan.node import Origin, RecordingOrigin, SourceOrigin


class JourneyWriter:
    """Writes the journeys of a Plan.

    `sharing` tells which scenarios draw on each data source; `goals` has the extra tag of steps and requests that need one.
    """

    def __init__(
        self, plan: Plan, used: set[str], sharing: Mapping[str, Sequence[str]], goals: Mapping[str, str], has_ramp: bool
    ) -> None:
        self._plan = plan
        self._used = used
        self._names = Names(plan, used)
        self._sharing = sharing
        self._goals = goals
        self._has_ramp = has_ramp

    def function(self, journey: Journey, name: str) -> Block:
        """The exported function of a journey."""
        self._names = Names(self._plan, self._used)
        start = list(self._start(journey))
        body = Block(f"{self._names.use('iteration')}(() => {{", (*start, *self._nodes(journey)), "})")
        ramp = (call(self._names.use("awaitTurn")),) if self._has_ramp else ()
        return Block(f"export function {name}() {{", (*ramp, body))

    def _start(self, journey: Journey) -> Iterator[Node]:
        yield from self._user(journey)
        drawn = usage.data(self._plan, journey)
        rows = [(source.name, self._row(source)) for source in self._plan.data if source.name in drawn]
        if rows:
            yield _assignment("const row", mapping(rows))
        bound = set(usage.bound(self._plan, journey))
        if bound:
            # a plain object would take `__proto__` for its prototype
            yield "const v = { __proto__: null }" if "__proto__" in bound else "const v = {}"
        for variable in usage.variables(self._plan, journey):
            yield self._let(variable)

    def _user(self, journey: Journey) -> Iterator[Node]:
        """What has to be known of user and iteration, before anything is drawn or counted."""
        if calls_draw(self._plan, journey):
            yield call(self._names.use("startRandom"), string(journey.name))
        elif called_functions(self._plan, journey) & {"counter", "user", "iteration"}:
            yield call(self._names.use("startUser"))

    def _row(self, source: DataSource) -> Node:
        take = self._names.use("nextRow" if source.on_end == "recycle" else "nextRowOnce")
        sharing = self._sharing.get(source.name, ())
        return call(take, member("data", source.name), *([array(string(s) for s in sharing)] if len(sharing) > 1 else []))

    def _nodes(self, journey: Journey) -> Iterator[Node]:
        for node in journey.nodes:
            if isinstance(node, Step):
                yield from ("", *_origin(node.origin), self._step(node))
            elif isinstance(node, Think):
                yield from ("", self._think(node))
            else:
                yield self._let(node)

    def _step(self, step: Step) -> Node:
        inner = [statement for action in step.actions for statement in self._action(action)]
        opening = f"{self._names.use('step')}({string(step.name)}, () => {{"
        goal = self._goals.get(step.name)
        return Block(opening, tuple(inner), f"}}, {string(goal)})" if goal else "})")

    def _action(self, action: Request | Parallel | Think | Variable) -> Iterator[Node]:
        match action:
            case Request():
                yield from (*_origin(action.origin), self._send(action))
            case Parallel():
                yield from self._parallel(action)
            case Think():
                yield self._think(action)
            case Variable():
                yield self._let(action)

    def _request(self, request: Request) -> Group:
        return request_node(self._plan, request, self._names, self._goals.get(request.name))

    def _send(self, request: Request) -> Node:
        return call(self._names.use("send"), self._request(request))

    def _parallel(self, group: Parallel) -> Iterator[Node]:
        alone = [request for request in group.requests if shows_secret(request, self._names)]
        together = [request for request in group.requests if request not in alone]
        for request in alone:
            yield comment("On its own: k6 logs the URLs of failed requests of a batch, and this one holds a secret.")
            yield self._send(request)
        if together:
            yield from _origin(group.origin)
            yield call(self._names.use("parallel"), array(self._request(request) for request in together))

    def _think(self, pause: Think) -> Node:
        shortest, longest = seconds(pause.minimum), seconds(pause.maximum)
        if shortest == longest:
            return call(self._names.use("sleep"), shortest)
        return call(self._names.use("think"), shortest, longest)

    def _let(self, variable: Variable) -> Node:
        value = self._names.text(variable.value)
        return f"{self._names.bind(variable.name, variable.value)} = {value}"


def seconds(milliseconds: int) -> str:
    """A duration in seconds, as short as it can be written."""
    whole, rest = divmod(milliseconds, 1000)
    return f"{whole}.{rest:03}".rstrip("0").rstrip(".")


def _assignment(name: str, group: Group) -> Group:
    return Group(f"{name} = {group.opening}", group.items, group.closing)


def _origin(origin: Origin | None) -> tuple[str, ...]:
    """Where the node came from, as a comment."""
    if isinstance(origin, SourceOrigin):
        return (comment(f"{PurePath(origin.span.path).name}:{origin.span.line}"),)
    if isinstance(origin, RecordingOrigin):
        return (comment(f"{PurePath(origin.recording).name}, entry {origin.entry}"),)
    return (comment(f"decision {origin.decision}"),) if origin else ()
