"""Each name has one meaning, and a value before it is used."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from loadwright.compiler.codes import Code
from loadwright.compiler.diagnostics import Diagnostic
from loadwright.compiler.passes.context import Bind, Context, Use, finding, flow, uses
from loadwright.compiler.plan.model import DataSource, Journey, Secret, Target, Variable
from loadwright.compiler.plan.node import Placed, SourceOrigin
from loadwright.compiler.plan.template import DataField, Reference
from loadwright.compiler.plan.traverse import shared_templates, steps
from loadwright.compiler.suggest import suggestion

RESERVED = ("true", "false", "null")


def check_declarations(context: Context) -> Iterator[Diagnostic]:
    """No name is declared twice: `target a … secret a …` is a duplicate; steps are unique in the whole Plan."""
    plan = context.plan
    values: list[tuple[str, Target | Secret | DataSource | Variable]] = []
    values += [("target", node) for node in plan.targets]
    values += [("secret", node) for node in plan.secrets]
    values += [("data source", node) for node in plan.data]
    values += [("variable", node) for node in plan.variables]
    yield from _unique(context, ((kind, node.name, node) for kind, node in values))
    yield from _unique(context, (("journey", journey.name, journey) for journey in plan.journeys))
    yield from _unique(context, (("step", step.name, step) for journey in plan.journeys for step in steps(journey)))
    yield from _unique(context, (("load", load.name, load) for load in plan.loads))
    for kind, node in values:
        yield from _reserved(context, kind, node.name, node)
    fixed = {node.name: kind for kind, node in values if kind != "variable"}
    for journey in plan.journeys:
        for event in flow(journey):
            if isinstance(event, Bind):
                yield from _reserved(context, "value", event.name, event.node)
                if event.name in fixed:
                    message = f"`{event.name}` is a {fixed[event.name]} already"
                    yield finding(Code.DUPLICATE, message, "choose another name", context.at(event.node, event.node.origin))


def _unique(context: Context, declared: Iterable[tuple[str, str, Placed]]) -> Iterator[Diagnostic]:
    first: dict[str, tuple[str, Placed]] = {}
    for kind, name, node in declared:
        if name in first:
            other, place = first[name]
            where = f" on line {place.origin.span.line}" if isinstance(place.origin, SourceOrigin) else ""
            hint = f"it is a {other} already{where}: choose another name"
            yield finding(Code.DUPLICATE, f"`{name}` is declared twice", hint, context.at(node, node.origin))
        else:
            first[name] = (kind, node)


def _reserved(context: Context, kind: str, name: str, node: Placed) -> Iterator[Diagnostic]:
    if name in RESERVED:
        yield finding(
            Code.RESERVED, f"a {kind} cannot be called `{name}`", "it is a constant of JSON: choose another name", node.origin
        )


def check_uses(context: Context) -> Iterator[Diagnostic]:
    """Each reference has a value when it is needed, and each data field a column."""
    plan = context.plan
    bound = {target.name for target in plan.targets} | {secret.name for secret in plan.secrets}
    for variable in plan.variables:
        for use in uses(((variable.value, variable.origin),)):
            yield from _check(context, use, bound, None)
        bound.add(variable.name)
    for use in uses(shared_templates(plan)):
        yield from _check(context, use, bound, None)
    for journey in plan.journeys:
        local = set(bound)
        for event in flow(journey):
            if isinstance(event, Bind):
                local.add(event.name)
            else:
                yield from _check(context, event, local, journey)


def _check(context: Context, use: Use, bound: set[str], journey: Journey | None) -> Iterator[Diagnostic]:
    sources = {source.name: source for source in context.plan.data}
    part = use.part
    if isinstance(part, Reference) and part.name not in bound:
        hint = _where_bound(context, part.name, journey) or suggestion(part.name, bound | sources.keys())
        message = f"`{part.name}` has no value here"
        if part.name in sources:
            message, hint = (
                f"`{part.name}` is a data source",
                f"name a column: `{part.name}.{(*sources[part.name].columns, 'column')[0]}`",
            )
        yield context.part(Code.UNDEFINED, message, hint, part, use.origin)
    elif isinstance(part, DataField):
        if part.data not in sources:
            hint = suggestion(part.data, sources)
            yield context.part(Code.UNDEFINED, f"there is no data source `{part.data}`", hint, part, use.origin)
        elif sources[part.data].columns and part.column not in sources[part.data].columns:
            hint = suggestion(part.column, sources[part.data].columns, "columns")
            yield context.part(Code.UNKNOWN_COLUMN, f"`{part.data}` has no column `{part.column}`", hint, part, use.origin)


def _where_bound(context: Context, name: str, journey: Journey | None) -> str:
    for other in context.plan.journeys:
        for event in flow(other):
            if isinstance(event, Bind) and event.name == name:
                line = f", on line {event.node.origin.span.line}" if isinstance(event.node.origin, SourceOrigin) else ""
                if journey is None:
                    return f"it gets its value inside journey `{other.name}`{line}"
                if other is journey:
                    return f"it gets its value only later{line}: use it after that"
                return f"it gets its value in journey `{other.name}`{line}; journeys do not share values"
    variable = next((v for v in context.plan.variables if v.name == name), None)
    return "it is declared further down: move its `let` up" if variable else ""
