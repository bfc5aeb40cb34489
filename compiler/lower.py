"""Syntax tree to Plan: no judgement but on what the Plan cannot hold; the passes judge the rest."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import count
from pathlib import Path
from typing import Any

from msgspec import Struct, field

from loadwright.compiler import nodes
from loadwright.compiler.codes import Code
from loadwright.compiler.data_files import BadDataError, read_columns
from loadwright.compiler.diagnostics import Diagnostic
from loadwright.compiler.plan import model
from loadwright.compiler.plan.node import Placed, SourceOrigin
from loadwright.compiler.plan.render import default_name, receive_name
from loadwright.compiler.plan.template import Call, DataField, Part, Reference, Template, template
from loadwright.compiler.source import Span, inner_key
from loadwright.compiler.urls import is_path

Places = Mapping[int, Span]
"""Where things of the Plan are written, by their `id`: the references and calls in templates, URLs, and the names of what has one.

Valid as long as the Plan lives.
"""

_BODIES = (nodes.FormBody, nodes.JsonBody, nodes.TextBody, nodes.FileBody, nodes.MultipartBody, nodes.GraphqlBody)


_PATHS = ("path", "certificate", "key")
"""Fields that hold the path of a file, but for those of `_READERS`, whose path leads into a response."""
_READERS = (nodes.JsonSource, nodes.XPathSource, nodes.JsonExpectation)


_OPTIONS = ("verify", "certificate", "proxy")
"""A target's options: the place of each is kept after that of its URL, in this order."""


class Lowered(Struct):
    """A Plan, where its parts are written, which statement made which node, and what was wrong on the way."""

    plan: model.Plan
    places: Places
    made: Mapping[int, Placed]
    """Nodes of the Plan by the `id` of their statement in the tree."""
    diagnostics: list[Diagnostic]
    imports: Mapping[Span, frozenset[str]] = field(default_factory=dict)
    """The files that each import of the text brings, by where it says so; as spans call them."""


def lower(intent: nodes.Intent, folder: Path | None = None, default_target: str | None = None, home: str = "") -> Lowered:
    """The Plan that a tree stands for; `folder` is where data files are read (None: a source has the columns that are used).

    `default_target` is for a text that declares none; `home` is what its paths start with in the Plan (an imported file's folder,
    with a slash).
    """
    lowering = _Lowering(intent, folder, home, default_target)
    return Lowered(lowering.plan(), lowering.places, lowering.made, lowering.diagnostics)


class _Lowering(Struct):
    intent: nodes.Intent
    folder: Path | None
    home: str
    default_target: str | None
    places: dict[int, Span] = field(default_factory=dict)
    made: dict[int, Placed] = field(default_factory=dict)
    diagnostics: list[Diagnostic] = field(default_factory=list)

    @property
    def has_imports(self) -> bool:
        """Whether the text is not the whole."""
        return self.folder is None and any(isinstance(d, nodes.Import) for d in self.intent.declarations)

    def plan(self) -> model.Plan:
        intent = self.intent
        title = self._one(intent.declarations, nodes.Title, "the title")
        if title is None and not self._is_library():
            message, hint = "the text has no title", 'start it with `intent "…"`'
            first = intent.span.model_copy(update={"end_line": intent.span.line, "end_column": intent.span.column + 1})
            self.diagnostics.append(Diagnostic(Code.NO_TITLE, message, hint, first))
        targets = self._declared(intent, nodes.Target)
        self.default_target = targets[0].name if targets else self.default_target
        defaults = self._one(intent.declarations, nodes.Defaults, "`defaults`")
        goals = self._one(intent.declarations, nodes.Goals, "`goals`")
        plan = model.Plan(
            name=title.title.value if title else "",
            imports=self._declared(intent, nodes.Import),
            targets=targets,
            secrets=self._declared(intent, nodes.Secret),
            variables=self._declared(intent, nodes.Variable),
            data=self._declared(intent, nodes.DataSource),
            defaults=self._node(defaults) if defaults else model.Defaults(),
            fragments=self._declared(intent, nodes.Fragment),
            journeys=self._declared(intent, nodes.Journey),
            loads=self._declared(intent, nodes.Load),
            goals=tuple(self._node(goal) for goal in goals.goals) if goals else (),
            origin=SourceOrigin(span=title.span) if title else None,
        )
        if title:
            self.made[id(title)] = plan
        return plan

    def _is_library(self) -> bool:
        """Whether the text only declares what others import: it needs no title."""
        runs = (nodes.Journey, nodes.Load, nodes.Goals, nodes.Defaults)
        return bool(self.intent.declarations) and not any(isinstance(d, runs) for d in self.intent.declarations)

    def _declared(self, intent: nodes.Intent, kind: type[nodes.Node]) -> tuple[Any, ...]:
        return tuple(self._node(declaration) for declaration in intent.declarations if isinstance(declaration, kind))

    def _one(self, items: Iterable[nodes.Node], kind: Any, what: str) -> Any:
        """The first item of a kind; each further one is reported."""
        found = [item for item in items if isinstance(item, kind)]
        for extra in found[1:]:
            hint = f"the first is on line {found[0].span.line}: keep one"
            self.diagnostics.append(Diagnostic(Code.DUPLICATE, f"{what} is given twice", hint, extra.span))
        return found[0] if found else None

    def _node(self, node: nodes.Node) -> Any:
        """The Plan's node for a node of the tree: by its own method, else field by field."""
        made = getattr(self, f"_{type(node).__name__.lower()}", self._alike)(node)
        self.made[id(node)] = made
        self._note_place(node, made)
        return made

    def _note_place(self, node: nodes.Node, made: Placed) -> None:
        match node:
            case nodes.Request(target=nodes.Text() as name) | nodes.Workload(journey=name) | nodes.Share(journey=name):
                self.places[id(made)] = name.span
            case nodes.Goal():
                if node.of:
                    self.places[id(made)] = node.of.span
                if node.phase:
                    self.places[inner_key(made)] = node.phase.span
            case nodes.Journey(name=name) | nodes.Step(name=name) | nodes.Load(name=name) | nodes.Capture(name=name):
                self.places[id(made)] = name.span
            case nodes.Fragment(name=name, parameters=parameters):
                self.places[id(made)] = name.span
                self.places.update((inner_key(made, number), word.span) for number, word in enumerate(parameters))
            case nodes.Repeat(index=nodes.Text() as name):
                self.places[inner_key(made)] = name.span
            case nodes.ForEach(name=name) | nodes.Use(fragment=name) | nodes.Stream(target=nodes.Text() as name):
                self.places[id(made)] = name.span
            case nodes.UserPhase(name=name) | nodes.RatePhase(name=name):
                self.places[id(made)] = name.span
            case nodes.Target(name=name) | nodes.Secret(name=name) | nodes.DataSource(name=name) | nodes.Variable(name=name):
                self.places[id(made)] = name.span

    def _alike(self, node: nodes.Node) -> Placed:
        values = {name: self._value(getattr(node, name)) for name in _field_names(node)}
        return self._make(node, **values)

    def _make(self, node: nodes.Node, /, **values: Any) -> Placed:
        kind: type[Placed] = getattr(model, type(node).__name__)
        given = {name: value for name, value in values.items() if value is not None}
        if self.home and not isinstance(node, _READERS):
            given |= {name: self.home + given[name] for name in _PATHS if name in given}
        return kind(**given, origin=SourceOrigin(span=node.span))

    def _value(self, value: Any) -> Any:
        match value:
            case nodes.String() | nodes.Reference() | nodes.DataField() | nodes.Call():
                return self._template(value)
            case nodes.Duration():
                return int(value.value)
            case nodes.Text() | nodes.Count() | nodes.Quantity():
                return value.value
            case nodes.Node():
                return self._node(value)
            case tuple():
                return tuple(self._value(item) for item in value)
            case _:
                return value

    # --- templates

    def _template(self, expression: nodes.Expression) -> Template:
        if isinstance(expression, nodes.String):
            return template(*(p.value if isinstance(p, nodes.Text) else self._template(p) for p in expression.parts))
        part = self._part(expression)
        self.places[id(part)] = expression.function.span if isinstance(expression, nodes.Call) else expression.span
        return template(part)

    def _part(self, expression: nodes.Reference | nodes.DataField | nodes.Call) -> Part:
        match expression:
            case nodes.Reference():
                return Reference(name=expression.name)
            case nodes.DataField():
                return DataField(data=expression.data.value, column=expression.column.value)
            case nodes.Call():
                return Call(function=expression.function.value, arguments=tuple(self._template(a) for a in expression.arguments))

    # --- nodes that are not alike in the two trees

    def _target(self, node: nodes.Target) -> Placed:
        given: dict[str, Any] = {}
        for option in node.options:
            if option.option in given:
                self._twice(f"`{option.option}`", option.span)
            given[option.option] = option.value.value
            if option.key:
                given["key"] = option.key.value
        given["verify"] = given.get("verify") != "off"
        made = self._make(node, name=node.name.value, url=node.url.value.rstrip("/"), **given)
        self.places[inner_key(made)] = node.url.span
        self.places.update((inner_key(made, 1 + _OPTIONS.index(option.option)), option.span) for option in node.options)
        return made

    def _twice(self, what: str, span: Span) -> None:
        self.diagnostics.append(Diagnostic(Code.DUPLICATE, f"{what} is given twice", "keep one", span))

    def _datasource(self, node: nodes.DataSource) -> Placed:
        options: dict[str, str] = {}
        for option in node.options:
            if option.option in options:
                self._twice(f"`{option.option.replace('_', ' ')}`", option.span)
            options[option.option] = option.value
        columns = self._columns(node)
        return self._make(node, name=node.name.value, path=node.path.value, format=node.format, columns=columns, **options)

    def _columns(self, node: nodes.DataSource) -> tuple[str, ...]:
        if self.folder is None:
            return tuple(sorted(_used_columns(self.intent, node.name.value)))
        try:
            return read_columns(self.folder, self.home + node.path.value, node.format)
        except BadDataError as error:
            self.diagnostics.append(Diagnostic(error.code, str(error), error.hint, node.path.span))
            return ()

    def _defaults(self, node: nodes.Defaults) -> Placed:
        return self._make(node, headers=self._all(node.items, nodes.Header), **self._common(node.items))

    def _common(self, items: tuple[nodes.RequestItem, ...]) -> dict[str, Any]:
        timeout = self._one(items, nodes.Timeout, "the timeout")
        redirects = self._one(items, nodes.Redirects, "`redirects`")
        auth = self._one(items, nodes.Auth, "`auth`")
        retry = self._one(items, nodes.Retry, "`retry`")
        return {
            "auth": self._node(auth) if auth else None,
            "retry": self._node(retry) if retry else None,
            "expectations": self._all(items, nodes.Expectation),
            "timeout": int(timeout.limit.value) if timeout else None,
            "redirects": redirects.mode if redirects else None,
        }

    def _all(self, items: Iterable[nodes.Node], kind: Any) -> tuple[Any, ...]:
        return tuple(self._node(item) for item in items if isinstance(item, kind))

    def _request(self, node: nodes.Request) -> Placed:
        url = self._template(node.url)
        self.places[id(url)] = node.url.span
        target = node.target.value if node.target else self._target_of(node, url)
        query = self._one(node.items, nodes.Query, "`query`")
        body = self._one(node.items, _BODIES, "the body")
        operation = body.operation if isinstance(body, nodes.GraphqlBody) else None
        name = node.name or operation
        return self._make(
            node,
            name=name.value if name else default_name(node.method.value, url),
            tags=self._tags(node.items),
            method=node.method.value,
            target=target,
            url=url,
            query=tuple(self._node(f) for f in query.fields) if query else (),
            headers=self._all(node.items, nodes.Header),
            cookies=self._all(node.items, nodes.Cookie),
            body=self._node(body) if body else None,
            captures=self._all(node.items, nodes.Capture),
            **self._common(node.items),
        )

    def _target_of(self, node: nodes.Request | nodes.Stream, url: Template) -> str | None:
        """The default target for a path; None for an absolute URL."""
        if not is_path(url):
            return None
        if self.default_target is None and not self.has_imports:
            hint = 'declare one: `target shop = "https://shop.example.com"`'
            self.diagnostics.append(Diagnostic(Code.UNKNOWN_TARGET, "a path needs a target", hint, node.url.span))
        return self.default_target

    def _tags(self, items: Iterable[nodes.Node]) -> tuple[str, ...]:
        """All tags given, each once."""
        tags = [tag.value for item in items if isinstance(item, nodes.Tags) for tag in item.tags]
        return tuple(dict.fromkeys(tags))

    def _auth(self, node: nodes.Auth) -> Placed:
        values = [self._template(argument) for argument in node.arguments]
        origin = SourceOrigin(span=node.span)
        if node.scheme == "bearer":
            return model.BearerAuth(token=values[0], origin=origin)
        kind = model.BasicAuth if node.scheme == "basic" else model.DigestAuth
        return kind(username=values[0], password=values[1], origin=origin)

    def _step(self, node: nodes.Step) -> Placed:
        actions = tuple(self._node(a) for a in node.actions if not isinstance(a, nodes.Tags))
        return self._make(node, name=node.name.value, tags=self._tags(node.actions), actions=actions)

    def _journey(self, node: nodes.Journey) -> Placed:
        setup = self._one(node.nodes, nodes.Setup, "`setup`")
        teardown = self._one(node.nodes, nodes.Teardown, "`teardown`")
        cookies = self._one(node.nodes, nodes.Cookies, "`cookies`")
        around = (nodes.Setup, nodes.Teardown, nodes.Cookies, nodes.Tags)
        return self._make(
            node,
            name=node.name.value,
            title=node.title.value if node.title else None,
            tags=self._tags(node.nodes),
            cookies=cookies.mode if cookies else None,
            setup=tuple(map(self._node, setup.nodes)) if setup else (),
            nodes=tuple(self._node(n) for n in node.nodes if not isinstance(n, around)),
            teardown=tuple(map(self._node, teardown.nodes)) if teardown else (),
        )

    def _if(self, node: nodes.If) -> Placed:
        otherwise = tuple(map(self._node, node.otherwise.nodes)) if node.otherwise else None
        return self._make(node, branches=tuple(map(self._node, node.branches)), otherwise=otherwise)

    def _stream(self, node: nodes.Stream) -> Placed:
        url = self._template(node.url)
        self.places[id(url)] = node.url.span
        timeout = self._one(node.items, nodes.Timeout, "the timeout")
        numbers = count(1)
        name = node.name.value if node.name else default_name(node.protocol.upper(), url)
        acts = (nodes.Send, nodes.Receive, nodes.Think, nodes.Variable)
        actions = (
            self._receive(item, name, next(numbers)) if isinstance(item, nodes.Receive) else self._node(item)
            for item in node.items
            if isinstance(item, acts)
        )
        return self._make(
            node,
            protocol=node.protocol,
            name=name,
            target=node.target.value if node.target else self._target_of(node, url),
            url=url,
            headers=self._all(node.items, nodes.Header),
            timeout=int(timeout.limit.value) if timeout else None,
            actions=tuple(actions),
        )

    def _receive(self, node: nodes.Receive, stream: str, number: int) -> Placed:
        containing = self._one(node.items, nodes.Containing, "`containing`")
        within = self._one(node.items, nodes.Within, "`within`")
        made = self._make(
            node,
            name=node.name.value if node.name else receive_name(stream, number),
            containing=self._template(containing.value) if containing else None,
            within=int(within.limit.value) if within else None,
            expectations=self._all(node.items, nodes.Expectation),
            captures=self._all(node.items, nodes.Capture),
        )
        self.made[id(node)] = made
        return made

    def _capture(self, node: nodes.Capture) -> Placed:
        select = node.select or "nth"
        default = self._template(node.default) if node.default else None
        return self._make(
            node,
            name=node.name.value,
            source=self._node(node.source),
            select=select,
            occurrence=self._value(node.occurrence),
            recorded=self._value(node.recorded),
            default=default,
        )

    def _load(self, node: nodes.Load) -> Placed:
        stop = self._one(node.items, nodes.GracefulStop, "`graceful stop`")
        workloads = tuple(self._node(item) for item in node.items if not isinstance(item, nodes.GracefulStop))
        if not workloads:
            hint = "add one: `buy: 5 users for 1m`"
            self.diagnostics.append(Diagnostic(Code.BAD_LOAD, "the load has no workload", hint, node.span))
            workloads = (model.Workload(journey="", model=model.ClosedModel(users=1, iterations=1)),)
        limit = int(stop.limit.value) if stop else None
        return self._make(node, name=node.name.value, workloads=workloads, graceful_stop=limit)

    def _graphqlbody(self, node: nodes.GraphqlBody) -> Placed:
        operation = node.operation.value if node.operation else None
        variables = self._node(node.variables) if node.variables else None
        return self._make(node, query=node.query.value, operation=operation, variables=variables)

    def _filepart(self, node: nodes.FilePart) -> Placed:
        filename = self._template(node.filename) if node.filename else template(node.path.value.rpartition("/")[2])
        media_type = node.media_type.value if node.media_type else None
        return self._make(node, name=self._template(node.name), path=node.path.value, filename=filename, media_type=media_type)


def _field_names(node: nodes.Node) -> Iterable[str]:
    return (name for name in node.__struct_fields__ if name != "span")


def _used_columns(node: nodes.Node, data: str) -> frozenset[str]:
    """The columns of a data source that the text names."""
    if isinstance(node, nodes.DataField):
        return frozenset((node.column.value,)) if node.data.value == data else frozenset()
    return frozenset().union(*(_used_columns(child, data) for child in nodes.children(node)))
