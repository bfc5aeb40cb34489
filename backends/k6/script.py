"""The script as a whole."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from loadwright.backends.k6 import usage
from loadwright.backends.k6.goals import Thresholds
from loadwright.backends.k6.helpers import closure, helper_lines, helpers, import_lines, imported, is_state
from loadwright.backends.k6.journeys import JourneyWriter
from loadwright.backends.k6.layout import Block, Group, Node, array, call, mapping, write
from loadwright.backends.k6.literals import comment, is_identifier, string
from loadwright.backends.k6.loads import helper, is_apart, is_paced, is_short, may_hold, scenario_node, scenarios
from loadwright.backends.k6.names import Names
from loadwright.backends.k6.requests import SHARED_HEADERS, default_timeout, joined, shared_headers
from loadwright.backends.writer import Writer
from loadwright.compiler.plan.model import DataSource, Journey, Plan

_RESERVED = frozenset(
    """
    arguments await break case catch class const continue debugger default delete do else enum eval export extends false finally
    for function if implements import in instanceof interface let new null package private protected public return static super
    switch this throw true try typeof var void while with yield undefined NaN Infinity globalThis Object Array String Number
    Math JSON Date Set Error BigInt Uint8Array TextEncoder TextDecoder RegExp console crypto open encodeURIComponent parseInt
    options setup teardown handleSummary targets secrets data files schemas headers v row r ms pass last item value
    """.split()  # noqa: SIM905 (a list of ninety literals reads worse)
)
"""Names that a journey's function cannot have."""
_LOAD_VARIABLES = (
    "LOADWRIGHT_USERS, LOADWRIGHT_ITERATIONS, LOADWRIGHT_DURATION (seconds), LOADWRIGHT_RATE (per second), "
    "LOADWRIGHT_THINK (factor on think times)"
)
_PER_HOST, _IN_ALL = 6, 20
"""Requests that k6 sends at the same time to a host, and in all, without being told."""
_THROW = "With `throw`, `send` tells of a request without an answer; k6 would log its URL, which may hold a secret."


class Script:
    """Writes the script of a Plan under one load."""

    def __init__(self, plan: Plan, load: str | None) -> None:
        self._plan = plan
        self._used: set[str] = set()
        self._names = Names(plan, self._used)
        self._scenarios = scenarios(plan, load)
        loaded = {scenario.workload.journey for scenario in self._scenarios}
        self._journeys = [journey for journey in plan.journeys if journey.name in loaded]
        self._functions = _function_names(self._journeys)
        self._thresholds = Thresholds(plan, self._scenarios)
        self._used_at_start = {helper(scenario) for scenario in self._scenarios}
        """What is called before the helpers are read, so that what they remember must stand before."""
        self._flags = self._all_flags()

    def text(self) -> str:
        """The script's text."""
        functions = list(self._journey_functions())
        constants = list(self._constants())
        at_start = closure(self._used_at_start, self._flags)
        parts: list[Sequence[Node]] = [(node,) for node in constants]
        parts += [(*(() if "streams" in self._flags else (comment(_THROW),)), self._options()), *self._setup(), *functions]
        names = closure(self._used | self._used_at_start, self._flags)
        states = {name for name in at_start if is_state(name)}
        writer = Writer()
        writer.lines(*self._head(), "", *import_lines(names))
        for lines in helper_lines(states, default_timeout(self._plan), self._flags):
            writer.lines("", *lines)
        for part in parts:
            writer.blank()
            for node in part:
                write(writer, node, after=";" if isinstance(node, Group) else "")
        writer.lines("", comment("Helpers"))
        for lines in helper_lines(names - states, default_timeout(self._plan), self._flags):
            writer.lines("", *lines)
        return writer.text()

    def _head(self) -> Iterator[str]:
        yield comment(self._plan.name)
        yield "//"
        yield "// A load test for k6, made by Loadwright. Files that it reads lie beside it. Run: k6 run script.js"
        yield "//"
        yield "// Environment variables:"
        for target in self._plan.targets:
            yield comment(f"  {_variable(target.name)}: the base URL instead of {target.url}")
        for secret in self._plan.secrets:
            yield comment(f"  {secret.env}: the secret `{secret.name}` (required)")
        yield f"//   {_LOAD_VARIABLES}: another load"
        if "random" in self._flags or any(source.order == "shuffled" for source in self._plan.data):
            yield "//   LOADWRIGHT_SEED: any text; the same one gives the same random values"

    def _constants(self) -> Iterator[Node]:
        plan = self._plan
        if plan.targets:
            members = ((t.name, call(self._names.use("baseUrl"), string(_variable(t.name)), string(t.url))) for t in plan.targets)
            yield _const("targets", mapping(members, is_broken=True))
        if plan.secrets:
            yield _const("secrets", mapping(((s.name, _environment(s.env)) for s in plan.secrets), is_broken=True))
        sources = [source for source in plan.data if source.name in self._sharing()]
        if sources:
            yield _const("data", mapping(((source.name, self._rows(source)) for source in sources), is_broken=True))
        paths = usage.files(self._journeys)
        if paths:
            yield _const("files", mapping(((path, call("open", string(f"./{path}"), "'b'")) for path in paths), is_broken=True))
        schemas = usage.schemas(plan, self._journeys)
        if schemas:
            read = self._use_at_start("readSchema")
            yield _const("schemas", mapping(((path, f"{read}(open({string(f'./{path}')}))") for path in schemas), is_broken=True))
        headers = joined(shared_headers(plan))
        if headers:
            texts = ((name, self._names.text(value)) for name, value in headers)
            yield _const(SHARED_HEADERS, mapping(texts, is_broken=True))

    def _rows(self, source: DataSource) -> Node:
        read = self._use_at_start("parseCsv" if source.format == "csv" else "parseRows")
        rows = f"{read}(open({string(f'./{source.path}')}))"
        if source.order == "shuffled":
            rows = f"{self._use_at_start('shuffled')}({string(source.name)}, {rows})"
        return call(f"new {self._use_at_start('SharedArray')}", string(source.name), f"() => {rows}")

    def _use_at_start(self, function: str) -> str:
        self._used_at_start.add(function)
        return function

    def _all_flags(self) -> frozenset[str]:
        """The marks of the helpers' lines that the script needs."""
        journeys = {journey.name: journey for journey in self._journeys}
        found = usage.flags(self._plan, self._journeys) | self._thresholds.flags
        for scenario in self._scenarios:
            journey = journeys[scenario.workload.journey]
            loaded = {
                "held": may_hold(self._plan, scenario, journey),
                "apart": is_apart(self._plan, scenario, journey),
                "pacing": is_paced(scenario),
                "leaving": is_short(scenario),
            }
            found |= {flag for flag, is_set in loaded.items() if is_set}
        found |= {"numbered"} if "apart" in found or any(usage.is_numbered(self._plan, j) for j in self._journeys) else set()
        found |= {"leaving"} if found & {"held", "over"} else set()
        return found | {"user"} if found & {"held", "apart", "pacing", "leaving"} else found

    def _options(self) -> Node:
        members: list[tuple[str, Node]] = []
        loaded = ((s.name, self._scenario(i)) for i, s in enumerate(self._scenarios))
        members.append(("scenarios", mapping(loaded, is_broken=True)))
        members.append(("thresholds", self._thresholds.node()))
        members += [*self._batch(), *self._tls()]
        if "streams" not in self._flags:
            members.append(("throw", "true"))
        return Group("export const options = {", mapping(members).items, "}", is_broken=True)

    def _tls(self) -> Iterator[tuple[str, Node]]:
        """How servers and the client prove who they are; k6 knows one way for all targets."""
        if any(not target.verify for target in self._plan.targets):
            yield "insecureSkipTLSVerify", "true"
        pairs = dict.fromkeys((t.certificate, t.key) for t in self._plan.targets if t.certificate and t.key)
        if pairs:
            opened = (tuple(call("open", string(f"./{path}")) for path in pair) for pair in pairs)
            yield "tlsAuth", array(mapping((("cert", cert), ("key", key))) for cert, key in opened)

    def _batch(self) -> list[tuple[str, Node]]:
        """How many requests k6 may send at the same time, when a group has more than it would."""
        groups = (len(action.requests) for journey in self._journeys for action in usage.parallels(journey))
        largest = max(groups, default=0)
        if largest <= _PER_HOST:
            return []
        return [("batch", str(max(largest, _IN_ALL))), ("batchPerHost", str(largest))]

    def _scenario(self, index: int) -> Node:
        scenario = self._scenarios[index]
        journey = next(j for j in self._plan.journeys if j.name == scenario.workload.journey)
        return scenario_node(self._plan, scenario, journey, self._functions[journey.name], self._names)

    def _setup(self) -> Iterator[Sequence[Node]]:
        if self._plan.secrets:
            variables = array(string(secret.env) for secret in self._plan.secrets)
            yield (Block("export function setup() {", (call(self._names.use("requireSecrets"), variables),)),)

    def _journey_functions(self) -> Iterator[Sequence[Node]]:
        writer = JourneyWriter(self._plan, self._used, self._sharing(), self._thresholds, self._flags)
        for journey in self._journeys:
            title = (comment(journey.title),) if journey.title else ()
            yield (*title, writer.function(journey, self._functions[journey.name]))

    def _sharing(self) -> dict[str, list[str]]:
        """The names of the scenarios that draw on each data source."""
        found: dict[str, list[str]] = {}
        for scenario in self._scenarios:
            journey = next(j for j in self._journeys if j.name == scenario.workload.journey)
            for source in usage.data(self._plan, journey):
                found.setdefault(source.name, []).append(scenario.name)
        return found


def _const(name: str, group: Group) -> Group:
    return Group(f"const {name} = {group.opening}", group.items, group.closing, group.is_broken)


def _variable(target: str) -> str:
    return f"LOADWRIGHT_TARGET_{target.upper()}"


def _environment(variable: str) -> str:
    return f"__ENV.{variable}" if is_identifier(variable) else f"__ENV[{string(variable)}]"


def _function_names(journeys: Sequence[Journey]) -> dict[str, str]:
    """A free identifier for each journey, as close to its name as can be."""
    taken = set(_RESERVED | imported() | helpers().keys())
    found: dict[str, str] = {}
    for journey in journeys:
        base = "".join(c if c.isascii() and (c.isalnum() or c in "_$") else "_" for c in journey.name)
        base = base if is_identifier(base) else f"_{base}"
        name, number = base, 2
        while name in taken:
            name, number = f"{base}{number}", number + 1
        taken.add(name)
        found[journey.name] = name
    return found
