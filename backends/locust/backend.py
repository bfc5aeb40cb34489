"""The Locust backend: one locustfile that stands alone."""

from __future__ import annotations

from collections.abc import Mapping

from loadwright.backends.base import Artifact, Capability
from loadwright.backends.locust.assemble import (
    Generated,
    assemble,
    banner,
    module_names,
)
from loadwright.backends.locust.capabilities import CAPABILITIES
from loadwright.backends.locust.expressions import Expressions
from loadwright.backends.locust.goals import write_goals
from loadwright.backends.locust.journeys import Globals, part_names, write_journey
from loadwright.backends.locust.layout import Doc, Group, PythonWriter, call
from loadwright.backends.locust.literals import comment, literal
from loadwright.backends.locust.load import CLASS_ATTRIBUTES, LoadWriter, chosen_load
from loadwright.backends.locust.names import Scope, snake_case
from loadwright.backends.locust.requests import DEFAULT_RETRY, retry, seconds
from loadwright.compiler.diagnostics import Diagnostic, LoadwrightError
from loadwright.compiler.plan.features import Feature
from loadwright.compiler.plan.model import (
    DataSource,
    FileBody,
    FilePart,
    Header,
    Journey,
    Load,
    MultipartBody,
    Plan,
    Receive,
    Request,
    SchemaExpectation,
    Target,
)
from loadwright.compiler.plan.needs import used_sources
from loadwright.compiler.plan.profile import is_open, workloads
from loadwright.compiler.plan.template import Reference, Text
from loadwright.compiler.plan.traverse import journey_nodes


class LocustBackend:
    """Writes `locustfile.py` for Locust 2.47."""

    name = "locust"

    @property
    def capabilities(self) -> Mapping[Feature, Capability]:
        """What Locust carries."""
        return CAPABILITIES

    def emit(self, plan: Plan, load: str | None = None) -> tuple[Artifact, ...]:
        """The locustfile for this Plan.

        Raises LoadwrightError for a load, journey or name that the Plan does not have.
        """
        chosen = chosen_load(plan, load)
        text = _File(plan, chosen, _loaded(plan, chosen)).text()
        return (Artifact("locustfile.py", text),)


def _loaded(plan: Plan, load: Load) -> tuple[Journey, ...]:
    known = {journey.name: journey for journey in plan.journeys}
    loaded = [workload.journey for workload in workloads(load)]
    for name in loaded:
        if name not in known:
            raise LoadwrightError(Diagnostic("unknown-journey", f"there is no journey `{name}`"))
    return tuple(journey for journey in plan.journeys if journey.name in loaded)


def _shared_headers(plan: Plan) -> tuple[Header, ...]:
    """The default headers, when they are the same in every request.

    Locust sets its own `Accept-Encoding` over one that is a default.
    """
    headers = plan.defaults.headers
    names = {header.name.lower() for header in headers}
    known = {*(t.name for t in plan.targets), *(s.name for s in plan.secrets)}
    constant = all(
        isinstance(part, Text) or (isinstance(part, Reference) and part.name in known)
        for header in headers
        for part in header.value.parts
    )
    fits = constant and len(names) == len(headers) and "accept-encoding" not in names
    return headers if fits else ()


def _sent_files(journeys: tuple[Journey, ...]) -> list[str]:
    """The files that requests send, each once."""
    found: dict[str, None] = {}
    for body in (node.body for j in journeys for node in journey_nodes(j) if isinstance(node, Request)):
        if isinstance(body, FileBody):
            found[body.path] = None
        elif isinstance(body, MultipartBody):
            found.update((part.path, None) for part in body.parts if isinstance(part, FilePart))
    return list(found)


def _schemas(plan: Plan, journeys: tuple[Journey, ...]) -> list[str]:
    """The files of the JSON Schemas that answers are held against, each once."""
    expectations = [*plan.defaults.expectations]
    for node in (node for journey in journeys for node in journey_nodes(journey)):
        expectations += node.expectations if isinstance(node, Request | Receive) else ()
    return list(dict.fromkeys(e.path for e in expectations if isinstance(e, SchemaExpectation)))


class _File:
    def __init__(self, plan: Plan, load: Load, journeys: tuple[Journey, ...]) -> None:
        self.plan = plan
        self.load = load
        self.journeys = journeys
        self.scope = Scope(module_names())
        for name in ("GOALS", "judge_run", "DEFAULT_HEADERS", DEFAULT_RETRY, *CLASS_ATTRIBUTES):
            self.scope.add(name, name)
        self.shared = _shared_headers(plan)
        self.targets = {t.name: self._constant("target", t.name) for t in plan.targets}
        self.connections = {
            t.name: self._constant("connection", f"{t.name}_connection") for t in plan.targets if _connection(t) is not None
        }
        self.secrets = {s.name: self._constant("secret", s.name) for s in plan.secrets}
        self.rows = {d.name: self._constant("rows", d.name) for d in plan.data}
        self.files = {path: self._constant("file", path) for path in _sent_files(journeys)}
        self.schemas = {path: self._constant("schema", path) for path in _schemas(plan, journeys)}
        self.functions = {j.name: part_names(j, self.scope) for j in journeys}

    def _constant(self, kind: str, name: str) -> str:
        return self.scope.add((kind, name), snake_case(name).upper())

    def text(self) -> str:
        hooks = [
            "hold_users",
            "start_load",
            "PlannedLoad",
            "offer_samples",
            "share_places",
            *(["require_secrets"] if self.secrets else []),
        ]
        journeys, load = self._journeys(), self._load()
        return assemble(Generated(self._header(journeys), self._settings(), journeys, self._files(), load), hooks)

    def _settings(self) -> str:
        writer = PythonWriter()
        for target in self.plan.targets:
            writer.line(f"{self.targets[target.name]} = target({literal(target.name.upper())}, {literal(target.url)})")
            if (connection := _connection(target)) is not None:
                writer.expression(connection, f"{self.connections[target.name]} = ")
        for secret in self.plan.secrets:
            writer.line(f"{self.secrets[secret.name]} = secret({literal(secret.env)})")
        for path, constant in self.files.items():
            writer.line(f"{constant} = read_file({literal(path)})")
        if self.shared:
            values = Expressions({**self.targets, **self.secrets}, {})
            items = (f"{literal(h.name)}: {values.text(h.value)}" for h in self.shared)
            writer.expression(Group("DEFAULT_HEADERS = {", tuple(items), "}"))
        return writer.text()

    def _files(self) -> str:
        writer = PythonWriter()
        if self.rows or self.schemas:
            writer.lines(banner("files"), "")
        for data in (source for source in self.plan.data if source.name in self.rows):
            writer.expression(_rows(data, self._users_of(data)), f"{self.rows[data.name]} = ")
        for path, constant in self.schemas.items():
            writer.line(f"{constant} = read_schema({literal(path)})")
        return writer.text()

    def _users_of(self, data: DataSource) -> list[str]:
        """The journeys that take rows of a source, for each workload."""
        taking = {journey.name for journey in self.journeys if data in used_sources(self.plan, journey)}
        return [workload.journey for workload in workloads(self.load) if workload.journey in taking]

    def _journeys(self) -> str:
        writer = PythonWriter()
        values = {**self.targets, **self.secrets}
        headers = {header.name.lower() for header in self.shared}
        outside = Globals(self.scope, values, self.rows, self.files, self.schemas, self.connections, headers)
        writer.line(banner("journeys"))
        for journey in self.journeys:
            writer.blank()
            writer.line()
            write_journey(writer, self.plan, journey, self.functions[journey.name], outside)
        return writer.text()

    def _load(self) -> str:
        writer = PythonWriter()
        writer.line(banner("load"))
        if self.plan.defaults.retry:
            writer.line()
            writer.expression(retry(self.plan.defaults.retry), f"{DEFAULT_RETRY} = ")
        load = LoadWriter(writer, self.load, self.scope, self._common())
        load.write({journey.name: journey for journey in self.journeys}, self.functions)
        writer.lines("", "")
        write_goals(writer, self.plan.goals, self.journeys, load.phases)
        return writer.text()

    def _common(self) -> list[str]:
        lines = ["host = " + next(iter(self.targets.values()), '""')]
        if self.shared:
            lines.append("default_headers = DEFAULT_HEADERS")
        if self.plan.defaults.timeout:
            lines.append(f"timeout = {seconds(self.plan.defaults.timeout)}")
        return lines

    def _header(self, journeys: str) -> str:
        needs = ["locust >= 2.47", *(name for name, call in _PACKAGES.items() if call in journeys)]
        lines = [
            f"{self.plan.name}: a load test for Locust, compiled by Loadwright.",
            "",
            "Run it:  locust -f locustfile.py --headless",
            f"It needs Python >= 3.11, {' and '.join(filter(None, (', '.join(needs[:-1]), needs[-1])))}.",
            "",
            *self._environment(journeys),
        ]
        return "".join(f"# {comment(line)}".rstrip() + "\n" for line in lines)

    def _environment(self, journeys: str) -> list[str]:
        open_model = [is_open(workload.model) for workload in workloads(self.load)]
        numbers = ["LOADWRIGHT_DURATION (seconds)"]
        numbers = ["LOADWRIGHT_USERS", "LOADWRIGHT_ITERATIONS", *numbers] if not all(open_model) else numbers
        numbers += ["LOADWRIGHT_RATE (per second)"] if any(open_model) else []
        numbers += ["LOADWRIGHT_THINK (a factor on pauses)"] if ".think(" in journeys else []
        return [
            "Environment variables:",
            *(f"  {secret.env} (required): the secret `{secret.name}`" for secret in self.plan.secrets),
            *(f"  LOADWRIGHT_TARGET_{t.name.upper()}: a URL in place of {t.url}" for t in self.plan.targets),
            *(f"  {number}: in place of what the load says" for number in numbers),
            "  LOADWRIGHT_SEED: what random values depend on",
            "  LOADWRIGHT_SHARD=2/3: be the second of three processes that share the load",
            "  LOADWRIGHT_INSECURE=1: accept any TLS certificate",
        ]


_PACKAGES = {"selectolax": "Css(", "lxml": "XPath("}
"""What a locustfile needs beside Locust, by the helper that does."""


def _connection(target: Target) -> Group | None:
    """How a target is connected to, unless it is as usual."""
    options = [] if target.verify else ["verify=False"]
    given = {option: getattr(target, option) for option in ("certificate", "key", "proxy")}
    options += [f"{option}={literal(value)}" for option, value in given.items() if value is not None]
    return call("Connection", *options) if options else None


_ROWS = {"per run": "Rows", "per user": "RowsOfUser", "unique per user": "RowOfUser"}


def _rows(data: DataSource, users: list[str]) -> Doc:
    rows: Doc = call(f"{data.format}_rows", literal(data.path))
    if data.order == "shuffled":
        rows = call("shuffled_rows", literal(data.name), rows)
    kind = "RandomRows" if data.order == "random" else _ROWS[data.rows]
    among = [literal(user) for user in users] if kind == "RowOfUser" and len(users) > 1 else []
    kind = f"{kind}Among" if among else kind
    return call(kind, literal(data.name), rows, *among, *(["recycle=False"] if data.on_end == "stop" else []))
