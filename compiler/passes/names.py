"""Each name has one meaning, and a value before it is used."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from loadwright.compiler.codes import Code
from loadwright.compiler.diagnostics import Diagnostic
from loadwright.compiler.passes.bindings import Bind, Names, Walker, bound_names, globals_of
from loadwright.compiler.passes.context import Context, Use, finding, line_of, uses
from loadwright.compiler.plan.model import DataSource, ForEach, Journey, Repeat, Secret, Step, Target, Variable
from loadwright.compiler.plan.model import Use as UseFragment
from loadwright.compiler.plan.node import Origin, Placed, SourceOrigin
from loadwright.compiler.plan.template import DataField, Reference
from loadwright.compiler.plan.traverse import shared_templates
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
    yield from _unique(context, (("fragment", fragment.name, fragment) for fragment in plan.fragments))
    yield from _unique(context, (("journey", journey.name, journey) for journey in plan.journeys))
    yield from _unique(context, (("step", node.name, node) for node in context.nodes() if isinstance(node, Step)))
    yield from _unique(context, (("load", load.name, load) for load in plan.loads))
    for kind, node in values:
        yield from _reserved(kind, node.name, node.origin)
    fixed = {node.name: kind for kind, node in values if kind != "variable"}
    for name, place in _bindings(context):
        yield from _reserved("value", name, place)
        if name in fixed:
            yield finding(Code.DUPLICATE, f"`{name}` is a {fixed[name]} already", "choose another name", place)


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


def _reserved(kind: str, name: str, place: Origin | None) -> Iterator[Diagnostic]:
    if name in RESERVED:
        yield finding(Code.RESERVED, f"a {kind} cannot be called `{name}`", "it is a constant of JSON: choose another name", place)


def _bindings(context: Context) -> Iterator[tuple[str, Origin | None]]:
    """Every name that gets a value inside fragments and journeys, with its place."""
    for fragment in context.plan.fragments:
        yield from ((name, context.at(fragment, fragment.origin, i)) for i, name in enumerate(fragment.parameters))
    for node in context.nodes():
        match node:
            case Variable(name=name) | ForEach(name=name):
                yield name, context.at(node, node.origin)
            case Repeat(index=str() as index):
                yield index, context.at(node, node.origin, 0)
            case _:
                captures = getattr(node, "captures", ())
                yield from ((capture.name, context.at(capture, capture.origin or node.origin)) for capture in captures)


def check_uses(context: Context) -> Iterator[Diagnostic]:
    """Each reference has a value when it is needed, and each data field a column."""
    plan, uses_found = context.plan, _Uses(context)
    bound = Names().having(*(target.name for target in plan.targets), *(secret.name for secret in plan.secrets))
    for variable in plan.variables:
        for use in uses(((variable.value, variable.origin),)):
            uses_found.check(use, bound, "")
        bound = bound.having(variable.name)
    for use in uses(shared_templates(plan)):
        uses_found.check(use, bound, "")
    uses_found.walk()
    yield from uses_found.found


class _Uses:
    """Looks at each use in a Plan, once for each place."""

    def __init__(self, context: Context) -> None:
        self.context = context
        self.found: list[Diagnostic] = []
        self.sources = {source.name: source for source in context.plan.data}
        self.fragments = {fragment.name: fragment for fragment in context.plan.fragments}
        self.walker = Walker(self.fragments, on_use=self.check)
        self.journey: Journey | None = None
        self.is_loose = False
        """Whether a name counts that anything gives a value: for a fragment that nothing uses."""
        self.reported: set[int] = set()

    def walk(self) -> None:
        names = globals_of(self.context.plan)
        for journey in self.context.plan.journeys:
            self.journey = journey
            self.walker.journey(journey, names)
        self.is_loose, self.journey = True, None
        used = {node.fragment for node in self.context.nodes() if isinstance(node, UseFragment)}
        for fragment in self.context.plan.fragments:
            if fragment.name not in used:
                self.walker.block(fragment.nodes, names.having(*fragment.parameters, *self._all_bound()))

    def _all_bound(self) -> set[str]:
        return {name for journey in self.context.plan.journeys for name in bound_names(journey.nodes, self.fragments)}

    def check(self, use: Use, names: Names, block: str) -> None:
        part = use.part
        if id(part) in self.reported:
            return
        before = len(self.found)
        if isinstance(part, Reference) and part.name not in names.given and not (self.is_loose and part.name in names.possible):
            self.found.append(self._unset(part, use, names, block))
        elif isinstance(part, DataField):
            self.found += self._field(part, use)
        if len(self.found) > before:
            self.reported.add(id(part))

    def _unset(self, part: Reference, use: Use, names: Names, block: str) -> Diagnostic:
        name, context = part.name, self.context
        inside = f", in journey `{self.journey.name}`" if self.walker.inside and self.journey else ""
        if name in self.sources:
            column = (*self.sources[name].columns, "column")[0]
            hint = f"name a column: `{name}.{column}`"
            return context.part(Code.UNDEFINED, f"`{name}` is a data source", hint, part, use.origin)
        if name in names.possible:
            message, hint = f"`{name}` may have no value here{inside}", self._how_possible(name)
            return context.part(Code.POSSIBLY_UNSET, message, hint, part, use.origin)
        hint = "it gets its value from a request of the same `parallel`: use it after the group" if block == "parallel" else ""
        hint = hint or self._where_bound(name) or suggestion(name, names.given | self.sources.keys())
        return context.part(Code.UNDEFINED, f"`{name}` has no value here{inside}", hint, part, use.origin)

    def _how_possible(self, name: str) -> str:
        places = [place for bound, place in _bindings(self.context) if bound == name]
        line = line_of(places[0]) if places else ""
        return f'it gets its value only on some ways{line}: give it one before, as in `let {name} = ""`'

    def _field(self, part: DataField, use: Use) -> Iterator[Diagnostic]:
        source = self.sources.get(part.data)
        if source is None:
            hint = suggestion(part.data, self.sources)
            yield self.context.part(Code.UNDEFINED, f"there is no data source `{part.data}`", hint, part, use.origin)
        elif source.columns and part.column not in source.columns:
            message, hint = f"`{part.data}` has no column `{part.column}`", suggestion(part.column, source.columns, "columns")
            yield self.context.part(Code.UNKNOWN_COLUMN, message, hint, part, use.origin)

    def _binds(self, journey: Journey) -> list[Bind]:
        found: list[Bind] = []
        Walker(self.fragments, on_bind=lambda bind, _: found.append(bind)).journey(journey, Names())
        return found

    def _where_bound(self, name: str) -> str:
        for journey in self.context.plan.journeys:
            for bind in (bind for bind in self._binds(journey) if bind.name == name):
                line = line_of(bind.origin)
                if self.journey is None:
                    return f"it gets its value inside journey `{journey.name}`{line}"
                if journey is self.journey:
                    return f"it gets its value only later{line}: use it after that"
                return f"it gets its value in journey `{journey.name}`{line}; journeys do not share values"
        variable = next((v for v in self.context.plan.variables if v.name == name), None)
        return "it is declared further down: move its `let` up" if variable else ""
