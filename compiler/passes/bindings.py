"""Which names have a value where: the data flow through branches, loops, streams and fragments.

A journey is walked as it runs, fragments in place of their uses. A name is set when every way to a place gives it a value, and
possible when at least one does. Of a fragment that is walked several times, each finding counts once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Literal

from msgspec import Struct, field
from msgspec.structs import replace

from loadwright.compiler.passes.context import Use, uses
from loadwright.compiler.plan.model import (
    Choose,
    Fail,
    ForEach,
    Fragment,
    If,
    Journey,
    Parallel,
    Plan,
    Receive,
    Repeat,
    Request,
    Shuffle,
    Step,
    Stop,
    Stream,
    Until,
    Variable,
    While,
)
from loadwright.compiler.plan.model import Use as UseFragment
from loadwright.compiler.plan.node import Origin, Placed
from loadwright.compiler.plan.traverse import AnyNode, blocks, capture_templates, node_templates, walk_nodes

BindKind = Literal["variable", "capture", "index", "item", "parameter"]


class Names(Struct, frozen=True):
    """The names at a place."""

    given: frozenset[str] = frozenset()
    """Those that surely have a value."""
    possible: frozenset[str] = frozenset()
    """Those that have one on some way to the place."""
    is_reached: bool = True

    def having(self, *names: str) -> Names:
        """With values for some more."""
        if self.given.issuperset(names):
            return self
        return replace(self, given=self.given.union(names), possible=self.possible.union(names))

    def joined(self, other: Names) -> Names:
        """Where two ways come together; one that never gets there says nothing."""
        if not self.is_reached or not other.is_reached:
            ended = other if not self.is_reached else self
            return replace(ended, possible=self.possible | other.possible)
        return Names(self.given & other.given, self.possible | other.possible)


class Bind(Struct, frozen=True):
    """A name at the moment when it gets a value."""

    name: str
    node: Placed
    kind: BindKind
    origin: Origin | None = None


OnUse = Callable[[Use, Names, str], None]
"""Told of each use with the names at its place, and of the kind of block that has the name's other bindings (`shuffle`)."""
OnBind = Callable[[Bind, Names], None]
OnDead = Callable[[AnyNode, Placed], None]
"""Told of the first node that is never reached, and of the one that ends what is before it."""


class Walker(Struct):
    """Walks journeys; the callbacks are told what it meets."""

    fragments: Mapping[str, Fragment]
    on_use: OnUse = lambda use, names, block: None
    on_bind: OnBind = lambda bind, names: None
    on_dead: OnDead = lambda node, ending: None
    inside: tuple[str, ...] = ()
    """The fragments that the walk is in."""
    _known: dict[tuple[str, Names, bool], Names] = field(default_factory=dict)
    _stopped: list[Names] = field(default_factory=list)
    """The names at each `stop iteration` so far."""

    def journey(self, journey: Journey, names: Names) -> Names:
        """The names after an iteration; the teardown sees what a failed iteration leaves."""
        self._stopped, self._known = [], {}
        ready = self.block(journey.setup, names)
        for early in self._stopped:
            ready = ready.joined(early)
        ready = replace(ready, is_reached=True)
        after = self.block(journey.nodes, ready)
        self.block(journey.teardown, Names(ready.given, ready.possible | after.possible))
        return after

    def block(self, nodes: Iterable[AnyNode], names: Names) -> Names:
        """The names after a sequence of nodes."""
        ending: Placed | None = None
        is_dead = False
        for node in nodes:
            if ending is not None and not is_dead:
                self.on_dead(node, ending)
                is_dead = True
            after = self.node(node, replace(names, is_reached=True))
            if not after.is_reached and ending is None:
                ending = node
            names = after
        return replace(names, is_reached=ending is None)

    def node(self, node: AnyNode, names: Names) -> Names:
        """The names after a node."""
        match node:
            case Stop() | Fail():
                if isinstance(node, Stop) and node.what == "iteration":
                    self._stopped.append(names)
                return replace(names, is_reached=False)
            case Variable():
                self._use(node, names)
                return self._bind(Bind(node.name, node, "variable", node.origin), names)
            case Request() | Receive():
                return self._reader(node, names)
            case Parallel():
                return self._parallel(node, names)
            case Stream() | Step():
                self._use(node, names)
                return self.block(blocks(node)[0], names)
            case UseFragment():
                return self._used(node, names)
            case If() | Choose():
                return self._branches(node, names)
            case Shuffle():
                return self._shuffled(node, names)
            case Repeat() | While() | Until() | ForEach():
                return self._loop(node, names)
            case _:
                self._use(node, names)
                return names

    def _use(self, node: AnyNode, names: Names) -> None:
        for use in uses(node_templates(node)):
            self.on_use(use, names, "")

    def _bind(self, bind: Bind, names: Names) -> Names:
        self.on_bind(bind, names)
        return names.having(bind.name)

    def _reader(self, node: Request | Receive, names: Names) -> Names:
        self._use(node.model_copy(update={"captures": ()}), names)
        return self._captures(node, names)

    def _captures(self, node: Request | Receive, names: Names) -> Names:
        for capture in node.captures:
            origin = capture.origin or node.origin
            for use in uses(capture_templates(capture, origin)):
                self.on_use(use, names, "")
            names = self._bind(Bind(capture.name, capture, "capture", origin), names)
        return names

    def _parallel(self, node: Parallel, names: Names) -> Names:
        inside = frozenset(c.name for request in node.requests for c in request.captures)
        for request in node.requests:
            for use in uses(node_templates(request.model_copy(update={"captures": ()}))):
                self.on_use(use, names, "parallel" if getattr(use.part, "name", "") in inside else "")
        for request in node.requests:
            names = self._captures(request, names)
        return names

    def _branches(self, node: If | Choose, names: Names) -> Names:
        self._use(node, names)
        ways = [self.block(block, names) for block in blocks(node)]
        is_sure = node.otherwise is not None if isinstance(node, If) else sum(o.percent for o in node.options) >= 100
        after = ways[0] if is_sure else names
        for way in ways:
            after = after.joined(way)
        return after

    def _shuffled(self, node: Shuffle, names: Names) -> Names:
        bound = [frozenset(bound_names([inner], self.fragments)) for inner in node.nodes]
        after = names
        for index, inner in enumerate(node.nodes):
            beside = (some for number, some in enumerate(bound) if number != index)
            found = self.node(inner, replace(names, possible=names.possible.union(*beside)))
            after = Names(after.given | found.given, after.possible | found.possible, after.is_reached and found.is_reached)
        return after

    def _loop(self, node: Repeat | While | Until | ForEach, names: Names) -> Names:
        if not isinstance(node, Until):
            self._use(node, names)
        inside = names
        if isinstance(node, ForEach):
            inside = self._bind(Bind(node.name, node, "item", node.origin), names)
        elif isinstance(node, Repeat) and node.index is not None:
            inside = self._bind(Bind(node.index, node, "index", node.origin), names)
        after = self.block(node.nodes, inside)
        if isinstance(node, Until):
            self._use(node, replace(after, is_reached=True))
            return after
        return after if isinstance(node, Repeat) and _is_done(node) else names.joined(after)

    def _used(self, node: UseFragment, names: Names) -> Names:
        self._use(node, names)
        fragment = self.fragments.get(node.fragment)
        if fragment is None or fragment.name in self.inside:
            return names
        for number, parameter in enumerate(fragment.parameters):
            argument = node.arguments[number] if number < len(node.arguments) else None
            is_itself = argument is not None and [getattr(p, "name", "") for p in argument.parts] == [parameter]
            bind = Bind(parameter, node, "parameter", node.origin)
            names = names.having(parameter) if is_itself else self._bind(bind, names)
        key = (fragment.name, names, bool(self.inside))
        if key not in self._known:
            outside, self.inside = self.inside, (*self.inside, fragment.name)
            self._known[key] = self.block(fragment.nodes, names)
            self.inside = outside
        return self._known[key]


def _is_done(node: Repeat) -> bool:
    """Whether a repetition is surely done once at least."""
    literal = node.times.literal or ""
    return literal.isascii() and literal.isdigit() and int(literal[:9]) > 0


def bound_names(nodes: Iterable[AnyNode], fragments: Mapping[str, Fragment], seen: set[str] | None = None) -> Iterator[str]:
    """Every name that gets a value somewhere in the nodes, and in the fragments that they use, each once."""
    seen = set() if seen is None else seen
    for node in walk_nodes(nodes):
        match node:
            case Variable(name=name) | ForEach(name=name):
                yield name
            case Repeat(index=str() as name):
                yield name
            case Request() | Receive():
                yield from (capture.name for capture in node.captures)
            case UseFragment(fragment=called) if called in fragments and called not in seen:
                seen.add(called)
                yield from fragments[called].parameters
                yield from bound_names(fragments[called].nodes, fragments, seen)


def globals_of(plan: Plan) -> Names:
    """The names that have a value everywhere in a journey."""
    declared = [node.name for nodes in (plan.targets, plan.secrets, plan.variables) for node in nodes]
    return Names().having(*declared)
