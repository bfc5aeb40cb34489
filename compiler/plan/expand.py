"""A Plan without fragments: what backends get."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from loadwright.compiler.plan.model import (
    Choose,
    ForEach,
    Fragment,
    If,
    Node,
    Plan,
    Repeat,
    Shuffle,
    Step,
    Until,
    Use,
    Variable,
    While,
)


def expand(plan: Plan) -> Plan:
    """The Plan with each `use` replaced by the fragment's nodes, its parameters as variables before them.

    An unknown fragment is nothing, and one that uses itself ends there: the checks report both.
    """
    fragments = {fragment.name: fragment for fragment in plan.fragments}
    if not fragments:
        return plan
    journeys = tuple(
        journey.model_copy(
            update={
                "setup": _expanded(journey.setup, fragments, ()),
                "nodes": _expanded(journey.nodes, fragments, ()),
                "teardown": _expanded(journey.teardown, fragments, ()),
            }
        )
        for journey in plan.journeys
    )
    return plan.model_copy(update={"journeys": journeys, "fragments": ()})


def _expanded(nodes: Sequence[Node], fragments: Mapping[str, Fragment], inside: tuple[str, ...]) -> tuple[Node, ...]:
    return tuple(found for node in nodes for found in _node(node, fragments, inside))


def _node(node: Node, fragments: Mapping[str, Fragment], inside: tuple[str, ...]) -> tuple[Node, ...]:
    def again(nodes: Sequence[Node]) -> tuple[Node, ...]:
        return _expanded(nodes, fragments, inside)

    match node:
        case Use():
            return _used(node, fragments, inside)
        case Step():
            return (node.model_copy(update={"actions": again(node.actions)}),)
        case Repeat() | While() | Until() | ForEach() | Shuffle():
            return (node.model_copy(update={"nodes": again(node.nodes)}),)
        case If():
            branches = tuple(branch.model_copy(update={"nodes": again(branch.nodes)}) for branch in node.branches)
            otherwise = again(node.otherwise) if node.otherwise is not None else None
            return (node.model_copy(update={"branches": branches, "otherwise": otherwise}),)
        case Choose():
            options = tuple(option.model_copy(update={"nodes": again(option.nodes)}) for option in node.options)
            return (node.model_copy(update={"options": options}),)
        case _:
            return (node,)


def _used(use: Use, fragments: Mapping[str, Fragment], inside: tuple[str, ...]) -> tuple[Node, ...]:
    fragment = fragments.get(use.fragment)
    if fragment is None or fragment.name in inside:
        return ()
    pairs = zip(fragment.parameters, use.arguments, strict=False)
    variables = tuple(Variable(name=name, value=value, origin=use.origin) for name, value in pairs)
    return (*variables, *_expanded(fragment.nodes, fragments, (*inside, fragment.name)))
