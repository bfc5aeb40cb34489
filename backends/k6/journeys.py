"""Journeys as the functions that k6's scenarios execute."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from loadwright.backends.k6 import usage
from loadwright.backends.k6.goals import Thresholds
from loadwright.backends.k6.layout import Block, Group, Node, array, call, mapping
from loadwright.backends.k6.literals import member, string
from loadwright.backends.k6.names import Names
from loadwright.backends.k6.nodes import NodeWriter
from loadwright.compiler.plan.model import DataSource, Journey, Plan
from loadwright.compiler.plan.needs import needed_variables


class JourneyWriter:
    """Writes the journeys of a Plan.

    `sharing` tells which scenarios draw on each data source; `flags` are the marks of the helpers' lines that the script has.
    """

    def __init__(
        self, plan: Plan, used: set[str], sharing: Mapping[str, Sequence[str]], goals: Thresholds, flags: frozenset[str]
    ) -> None:
        self._plan = plan
        self._used = used
        self._sharing = sharing
        self._goals = goals
        self._flags = flags

    def function(self, journey: Journey, name: str) -> Block:
        """The exported function of a journey."""
        names = Names(self._plan, self._used)
        nodes = NodeWriter(self._plan, names, self._goals)
        inner = self._visit(journey, names, nodes) if usage.has_parts(journey) else self._iteration(journey, names, nodes)
        return Block(f"export function {name}() {{", tuple(inner))

    def _iteration(self, journey: Journey, names: Names, nodes: NodeWriter) -> Iterator[Node]:
        """A journey whose iterations have nothing to do with each other."""
        statements = list(self._cookies(journey, names))
        rows = [(source.name, self._row(source, names)) for source in usage.data(self._plan, journey)]
        if rows:
            statements.append(_assignment("const row", mapping(rows)))
        variables = needed_variables(self._plan, journey)
        bound = {*usage.bound(journey.nodes), *(variable.name for variable in variables)}
        if bound:
            # a plain object would take `__proto__` for its prototype
            statements.append("const v = { __proto__: null }" if "__proto__" in bound else "const v = {}")
        statements += map(nodes.let, variables)
        found = list(nodes.outer(journey.nodes))
        statements += found[1:] if found[:1] == [""] and not statements else found
        yield Block(f"{names.use('iteration')}(() => {{", tuple(statements), "})")

    def _visit(self, journey: Journey, names: Names, nodes: NodeWriter) -> Iterator[Node]:
        """A journey with a setup or a teardown: values and rows are its user's."""
        variables = needed_variables(self._plan, journey)
        sources = usage.data(self._plan, journey)
        names.may_have(usage.bound((*journey.setup, *journey.nodes, *journey.teardown)))
        has_values = variables or any(usage.bound((*journey.setup, *journey.nodes, *journey.teardown)))
        owned = [name for name, is_used in (("v", has_values), ("row", sources)) if is_used]
        start = f"{names.use('startUser')}()"
        yield f"const {{ {', '.join(owned)} }} = {start}" if owned else start
        begin = [f"{member('row', source.name)} = {_flat(self._row(source, names))}" for source in sources]
        begin += [str(nodes.let(variable)) for variable in variables]
        first = (*self._cookies(journey, names), *begin)
        parts = [Block("begin() {", first)] if first else []
        if journey.setup:
            parts.append(Block("setup() {", nodes.inner(journey.setup)))
        known = names.known()
        parts.append(Block("main() {", nodes.inner(journey.nodes)))
        names.go_back(known)
        if journey.teardown:
            parts.append(Block("teardown() {", nodes.inner(journey.teardown)))
        visit = names.use("visit")
        yield Group(f"{visit}(", (("", Group("{", tuple(("", part) for part in parts), "}", is_broken=True)),), ")")

    def _cookies(self, journey: Journey, names: Names) -> Iterator[Node]:
        if "jar" in self._flags and not journey.keeps_cookies:
            yield call(names.use("clearCookies"))

    def _row(self, source: DataSource, names: Names) -> Group:
        """The row that an iteration takes."""
        rows = member("data", source.name)
        sharing = self._sharing.get(source.name, ())
        shared = [array(string(scenario) for scenario in sharing)] if len(sharing) > 1 else []
        if source.order == "random":
            return call(names.use("randomRow"), rows)
        once = "Once" if usage.ends(source) else ""
        if source.rows == "per user":
            return call(names.use(f"userRow{once}"), rows, string(source.name))
        return call(names.use(f"ownRow{once}" if source.rows == "unique per user" else f"nextRow{once}"), rows, *shared)


def _assignment(name: str, group: Group) -> Group:
    return Group(f"{name} = {group.opening}", group.items, group.closing)


def _flat(group: Group) -> str:
    """A call on one line."""
    return group.opening + ", ".join(item if isinstance(item, str) else _flat(item) for _, item in group.items) + group.closing  # type: ignore[arg-type]
