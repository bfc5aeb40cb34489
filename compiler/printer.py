"""Plan to text: one output for one meaning. Reading the text gives an equal Plan."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import assert_never

from loadwright.compiler.plan import model
from loadwright.compiler.plan.node import Placed
from loadwright.compiler.plan.render import default_name
from loadwright.compiler.print_request import capture, expectation, json_lines
from loadwright.compiler.print_values import (
    decimal,
    duration,
    expression,
    field_name,
    name_or_quoted,
    quote,
    rate,
    string,
    visible,
)
from loadwright.compiler.urls import is_path

WIDTH = 100
"""Columns that a block on one line may take, its indentation included."""

_STEP_ITEM = 8
"""Columns of indentation of what a request holds."""


@dataclass(frozen=True)
class Notes:
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
        self._default_target = plan.targets[0].name if plan.targets else None

    def text(self) -> str:
        plan = self._plan
        groups = [
            self._noted(plan, [f"intent {quote(plan.name)}"]),
            self._together(plan.targets, lambda t: [f"target {t.name} = {quote(t.url)}"]),
            self._together(plan.secrets, lambda s: [f"secret {s.name} from env {quote(s.env)}"]),
            *(self._noted(source, _data(source)) for source in plan.data),
            self._together(plan.variables, self._variable),
            self._defaults(plan.defaults),
            *(self._journey(journey) for journey in plan.journeys),
            *(self._block(f"load {load.name}", load, [self._workload(w) for w in load.workloads]) for load in plan.loads),
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

    def _variable(self, variable: model.Variable) -> list[str]:
        return [f"let {variable.name} = {expression(variable.value)}"]

    def _defaults(self, defaults: model.Defaults) -> list[str]:
        items = [*map(self._header, defaults.headers), *_settings(defaults), *map(self._expectation, defaults.expectations)]
        return self._block("defaults", defaults, items) if items or self._notes.about(defaults) else []

    def _header(self, header: model.Header) -> list[str]:
        return self._noted(header, [f"header {quote(header.name)} = {expression(header.value)}"])

    def _expectation(self, node: model.Expectation) -> list[str]:
        return self._noted(node, [expectation(node)])

    # --- journeys

    def _journey(self, journey: model.Journey) -> list[str]:
        title = f" {quote(journey.title)}" if journey.title else ""
        return self._block(f"journey {journey.name}{title}", journey, [self._action(node) for node in journey.nodes], "always")

    def _action(self, node: model.Step | model.Request | model.Parallel | model.Think | model.Variable) -> list[str]:
        match node:
            case model.Step():
                return self._block(f"step {quote(node.name)}", node, [self._action(action) for action in node.actions], "long")
            case model.Request():
                return self._request(node)
            case model.Parallel():
                return self._block("parallel", node, [self._request(request) for request in node.requests], "long")
            case model.Think():
                to = f" to {duration(node.maximum)}" if node.maximum != node.minimum else ""
                return self._noted(node, [f"think {duration(node.minimum)}{to}"])
            case model.Variable():
                return self._noted(node, self._variable(node))
            case _:
                assert_never(node)

    def _request(self, request: model.Request) -> list[str]:
        head = self._request_head(request)
        items = [
            *([self._fields("query", None, request.query)] if request.query else []),
            *map(self._header, request.headers),
            *([self._body(request.body)] if request.body else []),
            *_settings(request),
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
            *request.expectations,
            *request.captures,
            *((request.body,) if request.body else ()),
        )
        return id(request) in self._notes.inside or any(map(self._notes.about, inner))

    def _request_head(self, request: model.Request) -> str:
        implied = self._default_target if is_path(request.url) else None
        target = f" {request.target}" if request.target != implied and request.target else ""
        name = f" as {quote(request.name)}" if request.name != default_name(request.method, request.url) else ""
        return f"{request.method}{target} {string(request.url)}{name}"

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
            case model.MultipartBody():
                return self._block("multipart", body, [self._noted(part, [_part(part)]) for part in body.parts])
            case _:
                assert_never(body)

    # --- load and goals

    def _workload(self, workload: model.Workload) -> list[str]:
        match workload.model:
            case model.ClosedModel() as closed:
                length = f" for {duration(closed.duration)}" if closed.duration is not None else ""
                limits = [f"{_counted(closed.users, 'user')}{length}"]
                limits += [_counted(closed.iterations, "iteration")] if closed.iterations is not None else []
            case model.OpenModel() as opened:
                limits = [f"{rate(opened.rate)} for {duration(opened.duration)}"]
        limits += [f"ramp {duration(workload.model.ramp)}"] if workload.model.ramp else []
        if isinstance(workload.model, model.OpenModel) and workload.model.max_in_flight != 1000:
            limits.append(f"at most {workload.model.max_in_flight} in flight")
        return self._noted(workload, [f"{workload.journey}: {', '.join(limits)}"])

    def _goals(self, goals: Sequence[model.Goal]) -> list[str]:
        return self._block("goals", None, [self._noted(goal, [_goal(goal)]) for goal in goals]) if goals else []


def _comment(note: str | None) -> list[str]:
    if note is None:
        return []
    return [f"# {visible(line.strip())}".rstrip() for line in note.split("\n")]


def _data(source: model.DataSource) -> list[str]:
    head = f"data {source.name} from csv {quote(source.path)}"
    options = [f"order {source.order}"] if source.order != "sequential" else []
    options += [f"on end {source.on_end}"] if source.on_end != "recycle" else []
    return [f"{head} {{ {'; '.join(options)} }}" if options else head]


def _settings(node: model.Request | model.Defaults) -> list[list[str]]:
    redirects = [[f"redirects {node.redirects}"]] if node.redirects else []
    return [*redirects, *([[f"timeout {duration(node.timeout)}"]] if node.timeout is not None else [])]


def _media_type(media_type: str, usual: str) -> str:
    return "" if media_type == usual else f" type {quote(media_type)}"


def _part(part: model.ValuePart | model.FilePart) -> str:
    head = f"{name_or_quoted(part.name)} ="
    if isinstance(part, model.ValuePart):
        value = expression(part.value)
        return f"{head} {string(part.value) if value == 'file' else value}"  # a bare `file` before quotes would be a file part
    name = f" name {quote(part.filename)}" if part.filename != part.path.rpartition("/")[2] else ""
    return f"{head} file {quote(part.path)}{name}{_media_type(part.media_type, 'application/octet-stream')}"


def _counted(count: int, what: str) -> str:
    return f"{count} {what}" if count == 1 else f"{count} {what}s"


def _goal(goal: model.Goal) -> str:
    metric = f"p{decimal(goal.percentile)}" if goal.percentile is not None else goal.metric.replace("_", " ")
    of = f" of {quote(goal.of)}" if goal.of is not None else ""
    match goal.metric:
        case "percentile" | "mean" | "max":
            value = duration(goal.value)
        case "failures":
            value = f"{decimal(goal.value * 100)}%"
        case "throughput":
            value = rate(goal.value)
        case "soft_failures" | "extraction_misses":
            value = decimal(goal.value)
    return f"{metric}{of} {goal.relation} {value}"
