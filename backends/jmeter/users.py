"""What a virtual user does next: the script that begins each pass of a thread group, and what it needs to be prepared."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from importlib.resources import files

from loadwright.backends.jmeter.chance import draws_random
from loadwright.backends.jmeter.data import rows_name, used_sources
from loadwright.backends.jmeter.expressions import jsr223
from loadwright.backends.jmeter.groovy import literal
from loadwright.backends.jmeter.load import SHARD, Group
from loadwright.backends.jmeter.requests import Context
from loadwright.backends.jmeter.xml import Element
from loadwright.compiler.plan.model import ClosedModel, ClosedPhases, OpenModel, OpenPhases
from loadwright.compiler.plan.profile import is_open, pieces


def resource(name: str) -> str:
    """A Groovy file of this backend."""
    return (files("loadwright.backends.jmeter") / name).read_text("utf-8").rstrip("\n")


_NEXT = """\
def user = vars.getObject('load.user')
if (user == null) {
    user = props.get('virtualUser').call(props.get(Parameters), ctx)
    vars.putObject('load.user', user)
}
user.next()
SampleResult.setIgnore() // nothing to report"""
"""The same for all groups, so that it is compiled once."""


def next_part(group: Group) -> Element:
    """The script that decides which part of its life a user does in this pass."""
    return jsr223("Sampler", "Next part of the user's life", _NEXT, parameters=group.prefix)


def _users(group: Group, shared: Context, found: Sequence[Group]) -> str:
    """The script that tells how the users of a group live."""
    lines = [
        f"def (shard, shards) = vars.get('{SHARD}').split('/')*.toInteger()",
        *_length(group),
        f"props.put({literal(group.prefix)}, [",
        *(f"    {name}: {value}," for name, value in _load(group, shared, found)),
        "])",
        "SampleResult.setIgnore() // nothing to report",
    ]
    return "\n".join(lines)


def _length(group: Group) -> list[str]:
    if is_open(group.model):
        return []
    return [f"def length = vars.get('{group.prefix}.duration').toBigDecimal() * 1000 ?: null"]


def _load(group: Group, shared: Context, found: Sequence[Group]) -> Iterator[tuple[str, str]]:
    journey, model = group.journey, group.model
    yield "name", literal(group.prefix)
    yield "journey", literal(journey.name)
    yield "shard", "shard"
    yield "shards", "shards"
    yield "setup", _truth(bool(journey.setup))
    yield "teardown", _truth(bool(journey.teardown))
    yield "keepsCookies", _truth(journey.keeps_cookies)
    yield "random", _truth(draws_random(shared.plan, journey))
    yield "data", _data(group, shared, found)
    if isinstance(model, ClosedModel):
        iterations = f"vars.get('{group.prefix}.iterations').toInteger()"
        yield "iterations", f"{iterations} < 0 ? null : {iterations}"
    elif is_open(model):
        yield "iterations", "1"
    yield "pacing", str(getattr(model, "pacing", None) or 0)
    yield "spans", _spans(group)
    if is_open(model):
        yield "arrivals", f"props.get({literal(group.prefix + '.arrivals')})"
    else:
        yield "length", "length"
        yield "graceful", str(group.graceful)


def _data(group: Group, shared: Context, groups: Sequence[Group]) -> str:
    found = []
    for source in used_sources(shared.plan, group.journey):
        columns = ", ".join(literal(shared.names.column(source.name, column)) for column in source.columns)
        sharing = [other for other in groups if source in used_sources(shared.plan, other.journey)]
        place = _place(group, sharing) if source.rows == "unique per user" and len(sharing) > 1 else "null"
        found.append(f"[{literal(rows_name(source))}, [{columns}], {place}]")
    return f"[{', '.join(found)}]"


def _place(group: Group, sharing: Sequence[Group]) -> str:
    """The number of a user among those of all groups that share rows, as a Groovy closure of its number in its own."""
    place = sharing.index(group)
    if any(is_open(other.model) for other in sharing):
        return f"{{ number -> number * {len(sharing)} + {place} }}"
    before = "".join(f" + (Math.ceil(vars.get('{other.prefix}.users') as double) as int)" for other in sharing[:place])
    return f"{{ number -> number{before} }}"


def _spans(group: Group) -> str:
    """When a user is there, as a Groovy closure."""
    model, users = group.model, f"vars.get('{group.prefix}.users')"
    if isinstance(model, ClosedPhases):
        return f"props.get('line').call({_pieces(model)}, length, {users}).&presence"
    if isinstance(model, ClosedModel) and model.ramp:
        return f"{{ number -> [[{model.ramp} * number / {users}.toBigDecimal(), length]] }}"
    return "{ number -> [[0, null]] }" if is_open(model) else "{ number -> [[0, length]] }"


def _pieces(model: ClosedPhases | OpenPhases) -> str:
    found = (f"[{p.start}, {p.end}, {p.first:f}, {p.last:f}]" for p in pieces(model))
    return f"[{', '.join(found)}]"


def _truth(value: bool) -> str:
    return "true" if value else "false"


def definitions(found: Sequence[Group], shared: Context) -> Iterator[Element]:
    """What the Prepare group defines for the users and arrivals of these groups."""
    if all(group.is_plain for group in found):
        return
    yield jsr223("Sampler", "Load the HTTP client", resource("warm_up.groovy"))
    yield jsr223("Sampler", "Define virtualUser", resource("users.groovy"))
    if any(not isinstance(group.model, ClosedModel) for group in found):
        yield jsr223("Sampler", "Define line", resource("line.groovy"))
    if any(is_open(group.model) for group in found):
        yield jsr223("Sampler", "Define arrivals", resource("arrivals.groovy"))
    for group in found:
        if is_open(group.model):
            yield jsr223("Sampler", f"Arrivals of {group.journey.name}", _arrivals(group))
        if not group.is_plain:
            yield jsr223("Sampler", f"Users of {group.journey.name}", _users(group, shared, found))


def _ramp(model: OpenModel | OpenPhases) -> list[str]:
    return [f"def ramp = [{model.ramp}, length].min()"] if isinstance(model, OpenModel) and model.ramp else []


def _line(model: OpenModel | OpenPhases) -> str:
    """The line of an open model as a Groovy expression; a ramp stays as long as it is when the whole gets another length."""
    if isinstance(model, OpenPhases):
        return _pieces(model)
    return "[[0, ramp, 0, 1], [ramp, length, 1, 1]]" if model.ramp else "[[0, length, 1, 1]]"


def _arrivals(group: Group) -> str:
    assert isinstance(group.model, OpenModel | OpenPhases)
    rate, duration = (f"vars.get('{group.prefix}.{name}').toBigDecimal()" for name in ("rate", "duration"))
    lines = [
        f"def (shard, shards) = vars.get('{SHARD}').split('/')*.toInteger()",
        f"def length = {duration} * 1000",
        *_ramp(group.model),
        f"def line = props.get('line').call({_line(group.model)}, length, {rate})",
        f"def arrivals = props.get('arrivals').call(line, {group.model.max_in_flight}, shard, shards)",
        f"props.put({literal(group.prefix + '.arrivals')}, arrivals)",
        "SampleResult.setIgnore() // nothing to report",
    ]
    return "\n".join(lines)
