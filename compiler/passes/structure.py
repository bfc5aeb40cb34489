"""What stands where it may, and what is ever reached."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from loadwright.compiler.codes import Code
from loadwright.compiler.diagnostics import Diagnostic
from loadwright.compiler.passes.bindings import Names, Walker
from loadwright.compiler.passes.context import Context, finding, warning
from loadwright.compiler.plan.model import Fragment, Parallel, Request, Step, Stop, Stream, Use
from loadwright.compiler.plan.node import Origin, Placed
from loadwright.compiler.plan.traverse import AnyNode, blocks, walk_nodes
from loadwright.compiler.suggest import suggestion


def check_places(context: Context) -> Iterator[Diagnostic]:
    """A step inside a step, a request outside of one, and a fragment used where what it holds may not stand."""
    for fragment in context.plan.fragments:
        has_steps = _holds_steps(context, fragment.nodes)
        yield from _places(context, fragment.nodes, None if not has_steps else False)
    for journey in context.plan.journeys:
        yield from _places(context, (*journey.setup, *journey.nodes, *journey.teardown), False)


def _places(context: Context, nodes: Iterable[AnyNode], inside: bool | None) -> Iterator[Diagnostic]:
    """`inside` a step, outside, or None: in a fragment without steps, which may stand inside one."""
    for node in nodes:
        place = context.at(node, node.origin)
        match node:
            case Step() if inside:
                hint = "end the outer step before it; a step can hold `if`, loops and requests"
                yield finding(Code.NESTED_STEP, f"step `{node.name}` stands inside a step", hint, place)
            case Request() | Parallel() | Stream() if inside is False:
                what = {"request": f"request `{getattr(node, 'name', '')}`", "parallel": "`parallel`"}.get(node.kind, "a stream")
                hint = 'put it into a step: `step "…" { … }`'
                yield finding(Code.OUTSIDE_STEP, f"{what} stands outside of a step", hint, _head(context, node))
            case Use():
                yield from _used(context, node, inside)
        below = True if isinstance(node, Step) else inside
        if not isinstance(node, Parallel | Stream):
            for block in blocks(node):
                yield from _places(context, block, below)


def _head(context: Context, node: Request | Parallel | Stream) -> Origin | None:
    url = None if isinstance(node, Parallel) else node.url
    return context.at(url, node.origin)


def _used(context: Context, use: Use, inside: bool | None) -> Iterator[Diagnostic]:
    fragment = context.fragment(use.fragment)
    if fragment is None:
        return
    has_steps = _holds_steps(context, fragment.nodes)
    place = context.at(use, use.origin)
    if inside and has_steps:
        message = f"fragment `{fragment.name}` has steps, and is used inside a step"
        yield finding(Code.NESTED_STEP, message, "use it between the steps of a journey", place)
    elif inside is False and not has_steps and holds_requests(context, fragment.nodes):
        message = f"fragment `{fragment.name}` has requests without a step, and is used outside of a step"
        yield finding(Code.OUTSIDE_STEP, message, "use it inside a step, or put a step around its requests", place)


def _holds_steps(context: Context, nodes: Iterable[AnyNode]) -> bool:
    return any(isinstance(node, Step) for node in with_fragments(context, nodes))


def holds_requests(context: Context, nodes: Iterable[AnyNode]) -> bool:
    """Whether something is sent by the nodes or the fragments that they use."""
    return any(isinstance(node, Request | Stream) for node in with_fragments(context, nodes))


def with_fragments(context: Context, nodes: Iterable[AnyNode], seen: set[str] | None = None) -> Iterator[AnyNode]:
    """Every node, and those of the fragments that are used, each fragment once."""
    seen = set() if seen is None else seen
    for node in walk_nodes(nodes):
        yield node
        fragment = context.fragment(node.fragment) if isinstance(node, Use) else None
        if fragment and fragment.name not in seen:
            seen.add(fragment.name)
            yield from with_fragments(context, fragment.nodes, seen)


def check_fragments(context: Context) -> Iterator[Diagnostic]:
    """`use lgoin("a")` names no fragment, `use login()` gives too few values, and a fragment does not use itself."""
    fragments = {fragment.name: fragment for fragment in context.plan.fragments}
    for node in context.nodes():
        if isinstance(node, Use):
            yield from _call(context, node, fragments)
    told: set[str] = set()
    for fragment in context.plan.fragments:
        used = {node.fragment for node in with_fragments(context, fragment.nodes) if isinstance(node, Use)}
        if fragment.name in used - told:
            told |= used
            message, hint = f"fragment `{fragment.name}` uses itself", "repeat with `repeat`, `while` or `until`"
            yield finding(Code.RECURSION, message, hint, context.at(fragment, fragment.origin))
        seen: set[str] = set()
        for number, name in enumerate(fragment.parameters):
            if name in seen:
                message, hint = f"parameter `{name}` is given twice", "choose another name"
                yield finding(Code.DUPLICATE, message, hint, context.at(fragment, fragment.origin, number))
            seen.add(name)


def _call(context: Context, use: Use, fragments: dict[str, Fragment]) -> Iterator[Diagnostic]:
    fragment, place = fragments.get(use.fragment), context.at(use, use.origin)
    if fragment is None:
        hint = suggestion(use.fragment, fragments) or f"declare it: `fragment {use.fragment}() {{ … }}`"
        yield finding(Code.UNKNOWN_FRAGMENT, f"there is no fragment `{use.fragment}`", hint, place)
    elif len(use.arguments) != len(fragment.parameters):
        count = len(fragment.parameters)
        taken = f"{count or 'no'} value{'' if count == 1 else 's'}"
        hint = f"it is used as `use {fragment.name}({', '.join(fragment.parameters)})`"
        yield finding(Code.BAD_USE, f"fragment `{fragment.name}` takes {taken}, not {len(use.arguments)}", hint, place)


def check_reached(context: Context) -> Iterator[Diagnostic]:
    """What stands after `stop` or `fail` in a block is never reached: a warning."""
    found: dict[int, Diagnostic] = {}

    def dead(node: AnyNode, ending: Placed) -> None:
        if isinstance(ending, Use):
            what = f"`use {ending.fragment}` always ends the iteration"
        else:
            what = f"`{'stop ' + ending.what if isinstance(ending, Stop) else ending.kind}` before it ends the iteration"  # type: ignore[attr-defined]
        message, hint = f"{what}, so this is never reached", "delete it, or put the end behind an `if`"
        found.setdefault(id(node), warning(Code.UNREACHABLE, message, hint, context.at(node, node.origin)))

    walker = Walker({fragment.name: fragment for fragment in context.plan.fragments}, on_dead=dead)
    for journey in context.plan.journeys:
        walker.journey(journey, Names())
    for fragment in context.plan.fragments:
        walker.block(fragment.nodes, Names())
    yield from found.values()
