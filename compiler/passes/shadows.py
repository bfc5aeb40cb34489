"""A name of a loop or fragment that hides another one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from loadwright.compiler.codes import Code
from loadwright.compiler.diagnostics import Diagnostic
from loadwright.compiler.passes.context import Context, warning
from loadwright.compiler.plan.model import ForEach, Fragment, Repeat, Use, Variable
from loadwright.compiler.plan.node import Origin, Placed
from loadwright.compiler.plan.traverse import AnyNode, blocks


def check_shadowed(context: Context) -> Iterator[Diagnostic]:
    """`for each item in ids { for each item in others { … } }` loses the outer `item`: a warning."""
    shared = {variable.name: "a variable" for variable in context.plan.variables}
    for fragment in context.plan.fragments:
        for number, name in enumerate(fragment.parameters):
            if name in shared:
                yield _shadowed(name, shared[name], context.at(fragment, fragment.origin, number))
        yield from _Shadows(context, shared).block(fragment.nodes, dict.fromkeys(fragment.parameters, "a parameter"))
    for journey in context.plan.journeys:
        yield from _Shadows(context, shared).block((*journey.setup, *journey.nodes, *journey.teardown), {})


def _shadowed(name: str, what: str, place: Origin | None) -> Diagnostic:
    return warning(Code.SHADOWED, f"`{name}` is {what} already, whose value is lost here", "choose another name", place)


class _Shadows:
    """Goes through nodes in the order of the text, with the names of the loops around and of what was set before."""

    def __init__(self, context: Context, shared: dict[str, str]) -> None:
        self.context = context
        self.seen = dict(shared)
        self.fragments: dict[str, Fragment] = {fragment.name: fragment for fragment in context.plan.fragments}

    def block(self, nodes: Iterable[AnyNode], around: dict[str, str]) -> Iterator[Diagnostic]:
        for node in nodes:
            yield from self._node(node, around)

    def _node(self, node: AnyNode, around: dict[str, str]) -> Iterator[Diagnostic]:
        inner = around
        match node:
            case ForEach(name=name) | Repeat(index=str() as name):
                what = around.get(name) or self.seen.get(name)
                if what:
                    yield _shadowed(name, what, self.context.at(node, node.origin, None if isinstance(node, ForEach) else 0))
                inner = {**around, name: "the name of a loop around"}
            case Use():
                yield from self._used(node, around)
            case _:
                yield from self._bound(node, around)
        for block in blocks(node):
            yield from self.block(block, inner)

    def _bound(self, node: AnyNode, around: dict[str, str]) -> Iterator[Diagnostic]:
        bound: list[tuple[str, Placed]] = [(node.name, node)] if isinstance(node, Variable) else []
        bound += [(capture.name, capture) for capture in getattr(node, "captures", ())]
        for name, placed in bound:
            if name in around and around[name] != "a parameter":
                yield _shadowed(name, around[name], self.context.at(placed, placed.origin or node.origin))
            self.seen[name] = "a value"

    def _used(self, use: Use, around: dict[str, str]) -> Iterator[Diagnostic]:
        fragment = self.fragments.get(use.fragment)
        for name, argument in zip(fragment.parameters if fragment else (), use.arguments, strict=False):
            what = around.get(name) or self.seen.get(name)
            if what and [getattr(part, "name", "") for part in argument.parts] != [name] and name not in self._shared():
                hint = f"the fragment's parameter has the same name: rename one of them, or pass `{name}` itself"
                message = f"`{name}` is {what} already, whose value `use {use.fragment}` replaces"
                yield warning(Code.SHADOWED, message, hint, self.context.at(use, use.origin))

    def _shared(self) -> set[str]:
        return {variable.name for variable in self.context.plan.variables}
