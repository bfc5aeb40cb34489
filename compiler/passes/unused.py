"""What is declared or captured, and never used."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from loadwright.compiler.codes import Code
from loadwright.compiler.diagnostics import Diagnostic
from loadwright.compiler.passes.context import Context, warning
from loadwright.compiler.passes.structure import with_fragments
from loadwright.compiler.plan.model import Capture, Parallel, Plan, Receive, Request, Stream, Until, Use, Variable
from loadwright.compiler.plan.node import Origin, Placed, SourceOrigin
from loadwright.compiler.plan.template import DataField, Reference, Template, walk
from loadwright.compiler.plan.traverse import (
    AnyNode,
    blocks,
    capture_templates,
    node_templates,
    shared_templates,
    templates,
    walk_nodes,
)


def check_declared(context: Context) -> Iterator[Diagnostic]:
    """Targets, secrets, data, variables, fragments and parameters that nothing uses are warnings; those of imports are not."""
    plan = context.plan
    if plan.is_library:
        return
    names, sources = _used_in(value for value, _ in templates(plan))
    targets = {node.target for node in context.senders()}
    fragments = {node.fragment for node in context.nodes() if isinstance(node, Use)}
    declared: list[tuple[str, str, Placed, bool]] = []
    declared += [("target", node.name, node, node.name in names | targets) for node in plan.targets]
    declared += [("secret", node.name, node, node.name in names) for node in plan.secrets]
    declared += [("data source", node.name, node, node.name in sources) for node in plan.data]
    declared += [("variable", node.name, node, node.name in names) for node in plan.variables]
    declared += [("fragment", node.name, node, node.name in fragments) for node in plan.fragments]
    for kind, name, node, is_used in declared:
        if not is_used and _is_own(plan, node):
            yield _unused(context, kind, name, node)
    for fragment in plan.fragments:
        inside, _ = _used_in(value for node in walk_nodes(fragment.nodes) for value, _ in node_templates(node))
        for number, name in enumerate(fragment.parameters):
            if name not in inside and _is_own(plan, fragment):
                message, hint = f"parameter `{name}` of `{fragment.name}` is never used", "use it in the fragment, or delete it"
                yield warning(Code.UNUSED, message, hint, context.at(fragment, fragment.origin, number))


def check_imports(context: Context) -> Iterator[Diagnostic]:
    """An `import` of which nothing is used is a warning."""
    plan = context.plan
    for place, paths in context.imports.items():
        kinds = (plan.targets, plan.secrets, plan.data, plan.variables, plan.fragments)
        brought = {node.name for nodes in kinds for node in nodes if _path(node.origin) in paths}
        if any(_path(journey.origin) in paths for journey in plan.journeys) or not brought:
            continue
        outside = [node for node in context.nodes() if _path(node.origin) not in paths]
        names, sources = _used_in(value for value, origin in templates(plan) if _path(origin) not in paths)
        named = {node.fragment for node in outside if isinstance(node, Use)}
        named |= {node.target for node in outside if isinstance(node, Request | Stream) and node.target is not None}
        if not brought & (names | sources | named):
            yield warning(Code.UNUSED, "nothing of this import is used", "delete it", SourceOrigin(span=place))


def _path(origin: Origin | None) -> str | None:
    return origin.span.path if isinstance(origin, SourceOrigin) else None


def _unused(context: Context, kind: str, name: str, node: Placed) -> Diagnostic:
    return warning(Code.UNUSED, f"{kind} `{name}` is never used", "use it, or delete it", context.at(node, node.origin))


def _is_own(plan: Plan, node: Placed) -> bool:
    """Whether a declaration stands in the text that is checked, not in one that it imports."""
    if not isinstance(plan.origin, SourceOrigin) or not isinstance(node.origin, SourceOrigin):
        return True
    return plan.origin.span.path == node.origin.span.path


def _used_in(values: Iterable[Template]) -> tuple[set[str], set[str]]:
    """The names and the data sources that templates use."""
    names, sources = set(), set()
    for value in values:
        for part in walk(value):
            if isinstance(part, Reference):
                names.add(part.name)
            elif isinstance(part, DataField):
                sources.add(part.data)
    return names, sources


def check_values(context: Context) -> Iterator[Diagnostic]:
    """`capture id = …` or `let id = …` without a later use of `id` is a warning."""
    plan = context.plan
    anywhere, _ = _used_in(value for value, _ in templates(plan))
    shared, _ = _used_in(value for value, _ in shared_templates(plan))
    for fragment in plan.fragments:
        yield from _Liveness(context, {}).unused(fragment.nodes, anywhere)
    inside = {fragment.name: _all_used(context, fragment.nodes) for fragment in plan.fragments}
    for journey in plan.journeys:
        liveness = _Liveness(context, inside)
        at_end = liveness.before(journey.teardown, shared)
        next_time = at_end | liveness.before(journey.nodes, at_end)
        yield from liveness.unused(journey.setup, next_time)
        yield from liveness.unused(journey.nodes, next_time)
        yield from liveness.unused(journey.teardown, shared)


def _all_used(context: Context, nodes: Iterable[AnyNode]) -> set[str]:
    """The names that nodes use, and the fragments that they use."""
    return _used_in(value for node in with_fragments(context, nodes) for value, _ in node_templates(node))[0]


class _Liveness:
    """Goes through nodes from the last to the first with the names that are still used after each."""

    def __init__(self, context: Context, fragments: dict[str, set[str]]) -> None:
        self.context = context
        self.fragments = fragments
        self.found: list[Diagnostic] = []

    def unused(self, nodes: Iterable[AnyNode], after: set[str]) -> list[Diagnostic]:
        """What the nodes set that is not used afterwards."""
        self.found = []
        self._block(nodes, after)
        return self.found

    def before(self, nodes: Iterable[AnyNode], after: set[str]) -> set[str]:
        """The names that are used from before the nodes on."""
        return self._block(nodes, after)

    def used(self, nodes: Iterable[AnyNode]) -> set[str]:
        """Every name that the nodes use."""
        return {name for node in walk_nodes(nodes) for name in self._reads(node)}

    def _reads(self, node: AnyNode) -> set[str]:
        found = _used_in(value for value, _ in node_templates(node))[0]
        return found | self.fragments.get(node.fragment, set()) if isinstance(node, Use) else found

    def _block(self, nodes: Iterable[AnyNode], after: set[str]) -> set[str]:
        for node in reversed(tuple(nodes)):
            after = self._node(node, after)
        return after

    def _node(self, node: AnyNode, after: set[str]) -> set[str]:
        """The names that are used from before a node on."""
        match node:
            case Variable():
                if node.name not in after:
                    self.found.append(_unused(self.context, "variable", node.name, node))
                return (after - {node.name}) | self._reads(node)
            case Request() | Receive():
                return self._captured([node], after)
            case Parallel():
                return self._captured(node.requests, after)
        inside = blocks(node)
        if not inside:
            return after | self._reads(node)
        if node.kind in ("step", "stream"):
            return self._block(inside[0], after) | self._reads(node)
        again = after | (self.used(inside[0]) if node.kind in ("repeat", "while", "until", "for each", "shuffle") else set())
        again |= self._reads(node) if isinstance(node, Until) or node.kind == "while" else set()
        before = set(after)
        for block in inside:
            before |= self._block(block, again)
        return before | self._reads(node)

    def _captured(self, readers: Iterable[Request | Receive], after: set[str]) -> set[str]:
        captures = [capture for reader in readers for capture in reader.captures]
        waiting = after | _used_in(value for capture in captures for value, _ in capture_templates(capture, None))[0]
        for reader in readers:
            for capture in reader.captures:
                if capture.name not in waiting:
                    self.found.append(self._unused_capture(capture))
        bound = {capture.name for reader in readers for capture in reader.captures}
        return (after - bound) | {name for reader in readers for name in self._reads(reader)}

    def _unused_capture(self, capture: Capture) -> Diagnostic:
        hint = "use it in a later request, or delete it; to demand that it is there, `expect` it"
        message = f"`{capture.name}` is captured and never used"
        return warning(Code.UNUSED_CAPTURE, message, hint, self.context.at(capture, capture.origin))
