"""Plan to text: one output for one meaning. Reading the text gives an equal Plan."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Mapping, Sequence
from typing import assert_never

from msgspec import Struct, field

from loadwright.compiler.plan import model
from loadwright.compiler.plan.node import Placed
from loadwright.compiler.plan.render import default_name, receive_name, usual_name
from loadwright.compiler.print_flow import condition, loop_head, plain_node
from loadwright.compiler.print_load import goal_line, phase_line, phases_tail, plain_model
from loadwright.compiler.print_request import auth, capture, expectation, json_lines, retry
from loadwright.compiler.print_values import (
    decimal,
    duration,
    expression,
    field_name,
    long_text,
    quote,
    string,
    visible,
)
from loadwright.compiler.urls import is_path

WIDTH = 100
"""Columns that a block on one line may take, its indentation included."""

_STEP_ITEM = 8
"""Columns of indentation of what a request holds."""


class Notes(Struct, frozen=True):
    """Comments for a text, by the `id` of the Plan's node: before it, behind it, and at the end inside its braces.

    A note may have several lines; it is written with `#`, whatever it holds.
    """

    before: Mapping[int, str] = field(default_factory=dict)
    after: Mapping[int, str] = field(default_factory=dict)
    inside: Mapping[int, str] = field(default_factory=dict)

    def about(self, node: Placed) -> bool:
        """Whether there is a note on a node."""
        return any(id(node) in notes for notes in (self.before, self.after, self.inside))


def print_intent(plan: model.Plan, notes: Notes | None = None) -> str:
    """The text of a Plan, ending in a line end."""
    return _Printer(notes or Notes(), plan).text()


class _Printer:
    def __init__(self, notes: Notes, plan: model.Plan) -> None:
        self._notes = notes
        self._plan = plan
        self._receive_names: dict[int, str] = {}
        self._default_target = plan.targets[0].name if plan.targets else None

    def text(self) -> str:
        plan = self._plan
        groups = [
            self._noted(plan, [f"intent {quote(plan.name)}"])
            if not plan.is_library
            else _comment(self._notes.before.get(id(plan))),
            self._together(plan.imports, lambda i: [f"import {quote(i.path)}"]),
            self._together(plan.targets, self._target),
            self._together(plan.secrets, lambda s: [f"secret {s.name} from env {quote(s.env)}"]),
            *(self._noted(source, _data(source)) for source in plan.data),
            self._together(plan.variables, self._variable),
            self._defaults(plan.defaults),
            *(self._fragment(fragment) for fragment in plan.fragments),
            *(self._journey(journey) for journey in plan.journeys),
            *(self._load(load) for load in plan.loads),
            self._goals(plan.goals),
            _comment(self._notes.inside.get(id(plan))),
        ]
        return "\n\n".join("\n".join(group) for group in groups if group) + "\n"

    # --- notes and blocks

    def _noted(self, node: Placed | None, lines: Sequence[str]) -> list[str]:
        """The lines of a node with the notes before and behind it."""
        after = " ".join(_comment(self._notes.after.get(id(node))))
        last = [f"{lines[-1]}  {after}" if after else lines[-1]]
        return [*_comment(self._notes.before.get(id(node))), *lines[:-1], *last]

    def _together(self, items: Iterable[Placed], write: object) -> list[str]:
        return [line for item in items for line in self._noted(item, write(item))]  # type: ignore[operator]

    def _block(self, head: str, node: Placed | None, items: Sequence[Sequence[str]], apart: str = "never") -> list[str]:
        inside = _comment(self._notes.inside.get(id(node)))
        items = [*items, inside] if inside else items
        if not items:
            return self._noted(node, [f"{head} {{}}"])
        lines: list[str] = []
        for position, item in enumerate(items):
            if position and (apart == "always" or (apart == "long" and max(len(item), len(items[position - 1])) > 1)):
                lines.append("")
            lines += [f"  {line}" if line else "" for line in item]
        return self._noted(node, [f"{head} {{", *lines, "}"])

    def _short_block(self, head: str, node: Placed | None, items: Sequence[Placed], written: Sequence[str]) -> list[str]:
        """A block on one line where it fits and nothing in it has a note."""
        line = f"{head} {{ {'; '.join(written)} }}"
        if (
            written
            and len(line) + _STEP_ITEM <= WIDTH
            and not any(map(self._notes.about, items))
            and id(node) not in self._notes.inside
        ):
            return self._noted(node, [line])
        return self._block(head, node, [self._noted(item, [text]) for item, text in zip(items, written, strict=True)])

    # --- declarations

    def _target(self, target: model.Target) -> list[str]:
        options = [] if target.verify else ["verify off"]
        options += [f"proxy {quote(target.proxy)}"] if target.proxy is not None else []
        if target.certificate is not None:
            options.append(f"certificate {quote(target.certificate)} key {quote(target.key or '')}")
        return [f"target {target.name} = {quote(target.url)}" + (f" {{ {'; '.join(options)} }}" if options else "")]

    def _variable(self, variable: model.Variable) -> list[str]:
        return [f"let {variable.name} = {expression(variable.value)}"]

    def _defaults(self, defaults: model.Defaults) -> list[str]:
        items = [*map(self._header, defaults.headers), *self._settings(defaults), *map(self._expectation, defaults.expectations)]
        return self._block("defaults", defaults, items) if items or self._notes.about(defaults) else []

    def _header(self, header: model.Header) -> list[str]:
        return self._noted(header, [f"header {quote(header.name)} = {expression(header.value)}"])

    def _expectation(self, node: model.Expectation) -> list[str]:
        return self._noted(node, [expectation(node)])

    # --- journeys

    def _fragment(self, fragment: model.Fragment) -> list[str]:
        head = f"fragment {fragment.name}({', '.join(fragment.parameters)})"
        return self._block(head, fragment, self._nodes(fragment.nodes), "long")

    def _journey(self, journey: model.Journey) -> list[str]:
        title = f" {quote(journey.title)}" if journey.title else ""
        items = [_tags(journey.tags)] if journey.tags else []
        items += [[f"cookies {journey.cookies}"]] if journey.cookies else []
        items += [self._block("setup", None, self._nodes(journey.setup), "long")] if journey.setup else []
        items += self._nodes(journey.nodes)
        items += [self._block("teardown", None, self._nodes(journey.teardown), "long")] if journey.teardown else []
        return self._block(f"journey {journey.name}{title}", journey, items, "long")

    def _nodes(self, nodes: Sequence[model.Node | model.Send | model.Receive]) -> list[list[str]]:
        return [self._action(node) for node in nodes]

    def _action(self, node: model.Node | model.Send | model.Receive) -> list[str]:
        match node:
            case model.Step():
                tags = [_tags(node.tags)] if node.tags else []
                return self._block(f"step {quote(node.name)}", node, [*tags, *self._nodes(node.actions)], "long")
            case model.Request():
                return self._request(node)
            case model.Parallel():
                return self._block("parallel", node, [self._request(request) for request in node.requests], "long")
            case model.Stream():
                return self._stream(node)
            case model.Receive():
                return self._receive(node)
            case model.If():
                return self._if(node)
            case model.Choose():
                options = (self._block(f"{decimal(o.percent)}%", o, self._nodes(o.nodes), "long") for o in node.options)
                return self._block("choose", node, list(options), "long")
            case model.Repeat() | model.While() | model.Until() | model.ForEach() | model.Shuffle():
                return self._block(loop_head(node), node, self._nodes(node.nodes), "long")
            case _:
                return self._noted(node, [plain_node(node)])

    def _if(self, node: model.If) -> list[str]:
        lines: list[str] = []
        for position, branch in enumerate(node.branches):
            head = f"{'else ' if position else ''}if {condition(branch.condition)}"
            lines += self._block(head, branch, self._nodes(branch.nodes), "long")
        if node.otherwise is not None:
            lines += self._block("else", None, self._nodes(node.otherwise), "long")
        return self._noted(node, lines)

    def _stream(self, stream: model.Stream) -> list[str]:
        numbers = itertools.count(1)
        self._receive_names = {
            id(action): receive_name(stream.name, next(numbers)) for action in stream.actions if isinstance(action, model.Receive)
        }
        default = default_name(stream.protocol.upper(), stream.url)
        head = f"{stream.protocol}{self._address(stream)}{_as(stream.name, default)}"
        items = [*map(self._header, stream.headers)]
        items += [[f"timeout {duration(stream.timeout)}"]] if stream.timeout is not None else []
        return self._block(head, stream, [*items, *self._nodes(stream.actions)], "long")

    def _receive(self, node: model.Receive) -> list[str]:
        name = "" if node.name == self._receive_names.get(id(node)) else f" {quote(node.name)}"
        items = [[f"containing {expression(node.containing)}"]] if node.containing is not None else []
        items += [[f"within {duration(node.within)}"]] if node.within != 30_000 else []
        items += [self._expectation(item) for item in node.expectations]
        items += [self._noted(item, [capture(item)]) for item in node.captures]
        return self._block(f"receive{name}", node, items) if items or self._inside(node) else self._noted(node, [f"receive{name}"])

    def _inside(self, node: Placed) -> bool:
        return id(node) in self._notes.inside

    def _request(self, request: model.Request) -> list[str]:
        head = self._request_head(request)
        items = [
            *([self._fields("query", None, request.query)] if request.query else []),
            *([_tags(request.tags)] if request.tags else []),
            *map(self._header, request.headers),
            *(self._noted(c, [f"cookie {quote(c.name)} = {expression(c.value)}"]) for c in request.cookies),
            *([self._body(request.body)] if request.body else []),
            *self._settings(request),
            *map(self._expectation, request.expectations),
            *(self._noted(item, [capture(item)]) for item in request.captures),
        ]
        if not items and id(request) not in self._notes.inside:
            return self._noted(request, [head])
        line = f"{head} {{ {items[0][0]} }}" if items else ""
        if list(map(len, items)) == [1] and len(line) + _STEP_ITEM <= WIDTH and not self._holds_notes(request):
            return self._noted(request, [line])
        return self._block(head, request, items)

    def _holds_notes(self, request: model.Request) -> bool:
        inner = (
            *request.query,
            *request.headers,
            *request.cookies,
            *request.expectations,
            *request.captures,
            *(part for part in (request.body, request.auth, request.retry) if part),
        )
        return id(request) in self._notes.inside or any(map(self._notes.about, inner))

    def _request_head(self, request: model.Request) -> str:
        return f"{request.method}{self._address(request)}{_as(request.name, usual_name(request))}"

    def _address(self, node: model.Request | model.Stream) -> str:
        implied = self._default_target if is_path(node.url) else None
        target = f" {node.target}" if node.target != implied and node.target else ""
        return f"{target} {string(node.url)}"

    def _settings(self, node: model.Request | model.Defaults) -> list[list[str]]:
        items = [self._noted(node.auth, [auth(node.auth)])] if node.auth else []
        items += [[f"redirects {node.redirects}"]] if node.redirects else []
        items += [[f"timeout {duration(node.timeout)}"]] if node.timeout is not None else []
        return items + ([self._noted(node.retry, [retry(node.retry)])] if node.retry else [])

    def _fields(self, head: str, node: Placed | None, fields: Sequence[model.FormField]) -> list[str]:
        written = [f"{field_name(item.name)} = {expression(item.value)}" for item in fields]
        return self._short_block(head, node, fields, written)

    def _body(self, body: model.Body) -> list[str]:
        match body:
            case model.FormBody():
                return self._fields("form", body, body.fields)
            case model.JsonBody():
                return self._noted(body, json_lines(body.value, self._noted, self._notes.about, WIDTH - _STEP_ITEM))
            case model.TextBody():
                kind = _media_type(body.media_type, "text/plain")
                return self._noted(body, [f"text {expression(body.value)}{kind}"])
            case model.FileBody():
                kind = _media_type(body.media_type, "application/octet-stream")
                return self._noted(body, [f"file {quote(body.path)}{kind}"])
            case model.GraphqlBody():
                return self._graphql(body)
            case model.MultipartBody():
                return self._block("multipart", body, [self._noted(part, [_part(part)]) for part in body.parts])
            case _:
                assert_never(body)

    def _graphql(self, body: model.GraphqlBody) -> list[str]:
        head = long_text("graphql ", body.query)
        rest = f" operation {quote(body.operation)}" if body.operation is not None else ""
        if body.variables is None:
            return self._noted(body, [*head[:-1], head[-1] + rest])
        values = json_lines(body.variables, self._noted, self._notes.about, WIDTH - _STEP_ITEM, f"{rest} variables ")
        return self._noted(body, [*head[:-1], head[-1] + values[0], *values[1:]])

    # --- load and goals

    def _load(self, load: model.Load) -> list[str]:
        items = [self._workload(item) for item in load.workloads]
        items += [[f"graceful stop {duration(load.graceful_stop)}"]] if load.graceful_stop != 30_000 else []
        return self._block(f"load {load.name}", load, items)

    def _workload(self, item: model.Workload | model.Mix) -> list[str]:
        if isinstance(item, model.Workload):
            return self._noted(item, self._model(f"{item.journey}: ", item.model))
        lines = self._model("mix ", item.model)
        shares = [self._noted(s, [f"{s.journey}: {decimal(s.percent)}%"]) for s in item.shares]
        return self._noted(item, [*lines[:-1], *self._block(lines[-1], None, shares)])

    def _model(self, head: str, load: model.LoadModel) -> list[str]:
        if isinstance(load, model.ClosedModel | model.OpenModel):
            return [head + plain_model(load)]
        lines = self._block(f"{head}phases", None, [self._noted(phase, [phase_line(phase)]) for phase in load.phases])
        return [*lines[:-1], lines[-1] + phases_tail(load)]

    def _goals(self, goals: Sequence[model.Goal]) -> list[str]:
        return self._block("goals", None, [self._noted(goal, [goal_line(goal)]) for goal in goals]) if goals else []


def _comment(note: str | None) -> list[str]:
    if note is None:
        return []
    return [f"# {visible(line.strip())}".rstrip() for line in note.split("\n")]


def _data(source: model.DataSource) -> list[str]:
    head = f"data {source.name} from {source.format} {quote(source.path)}"
    options = [f"order {source.order}"] if source.order != "sequential" else []
    options += [f"rows {source.rows}"] if source.rows != "per run" else []
    options += [f"on end {source.on_end}"] if source.on_end != "recycle" else []
    return [f"{head} {{ {'; '.join(options)} }}" if options else head]


def _media_type(media_type: str, usual: str) -> str:
    return "" if media_type == usual else f" type {quote(media_type)}"


def _tags(tags: Sequence[str]) -> list[str]:
    return [f"tags {', '.join(map(quote, tags))}"]


def _as(name: str, usual: str) -> str:
    return "" if name == usual else f" as {quote(name)}"


def _part(part: model.ValuePart | model.FilePart) -> str:
    head = f"{field_name(part.name)} ="
    if isinstance(part, model.ValuePart):
        value = expression(part.value)
        return f"{head} {string(part.value) if value == 'file' else value}"  # a bare `file` before quotes would be a file part
    name = f" name {string(part.filename)}" if part.filename.literal != part.path.rpartition("/")[2] else ""
    return f"{head} file {quote(part.path)}{name}{_media_type(part.media_type, 'application/octet-stream')}"
