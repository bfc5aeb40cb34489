"""Plans for proof: one journey alone, typed values left open, and one capture replaced by what was recorded."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from loadwright.compiler.plan.model import (
    Choose,
    ClosedModel,
    FormBody,
    If,
    Journey,
    JsonArray,
    JsonBody,
    JsonNumber,
    JsonObject,
    JsonText,
    JsonValue,
    Load,
    MultipartBody,
    Node,
    Parallel,
    Plan,
    Receive,
    Request,
    Send,
    Step,
    Stream,
    Think,
    ValuePart,
    Variable,
    Workload,
)
from loadwright.compiler.plan.needs import journey_templates
from loadwright.compiler.plan.render import UnknownValueError, evaluate
from loadwright.compiler.plan.template import Call, Reference, Template, Text, call, template, walk
from loadwright.compiler.recording.model import Entry
from loadwright.compiler.rotation.pairing import captured
from loadwright.compiler.rotation.sites import sites

PROOF_LOAD = "proof"
_TAKING = frozenset(("after", "before", "count", "item", "length", "md5", "sha1", "sha256", "sha512", "split", "substring", "trim"))
"""What leaves of a value a piece or a digest alone."""


@dataclass(frozen=True, slots=True)
class Removable:
    """A capture of a request, and the value it gave in the recording."""

    request: Request
    name: str
    recorded: str


def removables(plan: Plan, pairs: Iterable[tuple[Request, Entry]]) -> list[Removable]:
    """Every capture of the paired requests that gives a value on the recording."""
    pairs = list(pairs)
    known = typed_values(plan, pairs)
    found = []
    for request, entry in pairs:
        for capture in request.captures:
            value = captured(capture, entry, known)
            if value is not None:
                known[capture.name] = value
                found.append(Removable(request, capture.name, value))
    return found


def carried(plan: Plan, journey: Journey, removable: Removable) -> list[str]:
    """What the journey sends of a recorded value: the pieces cut out of it and the digests of it, else the whole."""
    found = []
    for part in (part for value in journey_templates(plan, journey) for part in value.parts):
        inside = list(walk(template(part)))
        if not any(isinstance(one, Reference) and one.name == removable.name for one in inside):
            continue
        if not all(one.function in _TAKING for one in inside if isinstance(one, Call)):
            return [removable.recorded]
        try:
            found.append(evaluate(template(part), {removable.name: removable.recorded}))
        except UnknownValueError:
            return [removable.recorded]
    return found or [removable.recorded]


def typed_values(plan: Plan, pairs: Iterable[tuple[Request, Entry]]) -> dict[str, str]:
    """The recorded values of the Plan's variables, where fields of the requests show them."""
    known = {variable.name: variable.value.literal for variable in plan.variables if variable.value.literal is not None}
    for request, entry in pairs:
        sent = {(site.where, site.key): site.text for site in sites(entry.request)}
        for place, value in _fields(request):
            if place in sent:
                known = _solved(value, sent[place]) | known
    for variable in reversed(plan.variables):
        if variable.name in known:
            known = _solved(variable.value, known[variable.name]) | known
    return known


def _solved(value: Template, text: str) -> dict[str, str]:
    """What the names of a template are for which it is this text; none where functions take part or it cannot be."""
    names = [part.name for part in value.parts if isinstance(part, Reference)]
    if any(isinstance(part, Call) for part in value.parts) or len(set(names)) < len(names):
        return {}
    pattern = "".join(re.escape(part.value) if isinstance(part, Text) else "(.*?)" for part in value.parts)
    match = re.fullmatch(pattern, text, re.DOTALL)
    return dict(zip(names, match.groups(), strict=True)) if match else {}


def alone(plan: Plan, journey: Journey) -> Plan:
    """The Plan with one journey, done once by one user, and no goals."""
    workload = Workload(journey=journey.name, model=ClosedModel(users=1, iterations=1))
    load = Load(name=PROOF_LOAD, workloads=(workload,))
    return plan.model_copy(update={"journeys": (journey,), "loads": (load,), "goals": ()})


def open_typed(plan: Plan, pairs: Iterable[tuple[Request, Entry]]) -> Plan:
    """The Plan with each literal variable as another session typed it, or left open where no field is the variable alone."""
    typed: dict[str, str] = {}
    for request, entry in pairs:
        sent = {(site.where, site.key): site.text for site in sites(entry.request)}
        for place, value in _fields(request):
            if place in sent and len(value.parts) == 1 and isinstance(value.parts[0], Reference):
                typed.setdefault(value.parts[0].name, sent[place])

    made: dict[str, str] = {}
    for variable in plan.variables:
        if variable.name in typed:
            made.update(_solved(variable.value, typed[variable.name]) or _in_its_place(variable.value, typed[variable.name]))

    def opened(variable: Variable) -> Variable:
        if variable.name in made and variable.name not in typed:
            return variable.model_copy(update={"value": template(made[variable.name])})
        if variable.value.literal is None and not any(isinstance(part, Text) for part in variable.value.parts):
            return variable  # made anew as a whole
        known = typed.get(variable.name)
        return variable.model_copy(update={"value": template(call("random_string", "8") if known is None else known)})

    return plan.model_copy(update={"variables": tuple(map(opened, plan.variables))})


def _in_its_place(value: Template, text: str) -> dict[str, str]:
    """What stands in another session's text where this template has a name: the same word, counted from the end."""
    names = [part.name for part in value.parts if isinstance(part, Reference)]
    if len(names) != 1 or any(isinstance(part, Call) for part in value.parts):
        return {}
    written = "".join(part.value if isinstance(part, Text) else "\0" for part in value.parts)
    here, there = re.findall(r"[A-Za-z0-9\0]+", written), re.findall("[A-Za-z0-9]+", text)
    place = here.index("\0") - len(here) if "\0" in here else 0
    return {names[0]: there[place]} if place and -place <= len(there) else {}


def _fields(request: Request) -> Iterator[tuple[tuple[str, str], Template]]:
    """The values of named fields, by the place that `sites` gives them."""
    yield from _in_the_url(request.url)
    for field in request.query:
        yield ("query", field.name.literal or ""), field.value
    match request.body:
        case FormBody(fields=fields):
            for field in fields:
                yield ("form", field.name.literal or ""), field.value
        case JsonBody(value=value):
            yield from _members(value, "$")
        case MultipartBody(parts=parts):
            for part in parts:
                if isinstance(part, ValuePart):
                    yield ("part", part.name.literal or ""), part.value
        case _:
            return


def _in_the_url(url: Template) -> Iterator[tuple[tuple[str, str], Template]]:
    """The values of segments and of a query that are written in the URL: `/add/${add_id}/?q=${q | urlencode}`."""
    slashes, in_path = 0, True
    for before, part, after in zip(url.parts, url.parts[1:], (*url.parts[2:], None), strict=False):
        text = before.value if isinstance(before, Text) else ""
        slashes, in_path = slashes + text.count("/"), in_path and "?" not in text
        named = re.search(r"[?&]([\w.-]+)=$" if in_path else r"[?&;]([\w.-]+)=$", text)
        ends = after is None or (isinstance(after, Text) and after.value[:1] in ("/", "?"))
        if isinstance(part, Text) or not (named or (in_path and ends and text.endswith("/"))):
            continue
        encodes = isinstance(part, Call) and part.function in ("urlencode", "formencode")
        value = part.arguments[0] if isinstance(part, Call) and encodes else template(part)
        yield ("query", named[1]) if named else ("path", str(slashes)), value


def _members(value: JsonValue, path: str) -> Iterator[tuple[tuple[str, str], Template]]:
    match value:
        case JsonObject(members=members):
            for member in members:
                yield from _members(member.value, f"{path}.{member.name}")
        case JsonArray(items=items):
            for number, item in enumerate(items):
                yield from _members(item, f"{path}[{number}]")
        case JsonText() | JsonNumber():
            yield ("json", path), value.value
        case _:
            return


def without(plan: Plan, removable: Removable) -> Plan:
    """The Plan with a capture replaced by the value it gave in the recording: what a script without it would send."""
    journeys = tuple(
        j.model_copy(update={part: _changed(getattr(j, part), removable) for part in ("setup", "nodes", "teardown")})
        for j in plan.journeys
    )
    return plan.model_copy(update={"journeys": journeys})


def _changed(nodes: Sequence[Node], removable: Removable) -> tuple[Node, ...]:
    return tuple(changed for node in nodes for changed in _changed_node(node, removable))


def _changed_node(node: Node, removable: Removable) -> Iterator[Node]:
    stale = Variable(name=removable.name, value=template(removable.recorded))
    match node:
        case Request():
            yield _request(node, removable)
            if node is removable.request:
                yield stale
        case Stream(actions=done):
            yield node.model_copy(update={"actions": tuple(_conversation(done, removable, stale))})
        case Parallel(requests=members):
            yield node.model_copy(update={"requests": tuple(_request(r, removable) for r in members)})
            if any(r is removable.request for r in members):
                yield stale
        case Step(actions=actions):
            yield node.model_copy(update={"actions": _changed(actions, removable)})
        case If(branches=branches, otherwise=otherwise):
            changed = tuple(b.model_copy(update={"nodes": _changed(b.nodes, removable)}) for b in branches)
            rest = _changed(otherwise, removable) if otherwise is not None else None
            yield node.model_copy(update={"branches": changed, "otherwise": rest})
        case Choose(options=options):
            changed_options = tuple(o.model_copy(update={"nodes": _changed(o.nodes, removable)}) for o in options)
            yield node.model_copy(update={"options": changed_options})
        case _ if hasattr(node, "nodes"):
            yield node.model_copy(update={"nodes": _changed(node.nodes, removable)})
        case _:
            yield node


def _conversation(
    actions: Sequence[Send | Receive | Think | Variable], removable: Removable, stale: Variable
) -> Iterator[Send | Receive | Think | Variable]:
    for action in actions:
        if not isinstance(action, Receive) or all(c.name != removable.name for c in action.captures):
            yield action
            continue
        yield action.model_copy(update={"captures": tuple(c for c in action.captures if c.name != removable.name)})
        yield stale


def _request(request: Request, removable: Removable) -> Request:
    if request is not removable.request:
        return request
    return request.model_copy(update={"captures": tuple(c for c in request.captures if c.name != removable.name)})
