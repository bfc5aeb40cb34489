"""The Locust backend: one locustfile that stands alone."""

from __future__ import annotations

from collections.abc import Mapping

from loadwright.backends.base import Artifact, Capability, Support
from loadwright.backends.locust.assemble import (
    Generated,
    assemble,
    banner,
    module_names,
)
from loadwright.backends.locust.expressions import Expressions
from loadwright.backends.locust.goals import write_goals
from loadwright.backends.locust.journeys import Globals, write_journey
from loadwright.backends.locust.layout import Group, PythonWriter
from loadwright.backends.locust.literals import comment, literal
from loadwright.backends.locust.load import CLASS_ATTRIBUTES, chosen_load, write_load
from loadwright.backends.locust.names import Scope, snake_case
from loadwright.backends.locust.requests import seconds
from loadwright.compiler.diagnostics import Diagnostic, LoadwrightError
from loadwright.compiler.plan.features import Feature
from loadwright.compiler.plan.model import Header, Journey, Load, OpenModel, Plan
from loadwright.compiler.plan.template import Reference, Text
from loadwright.compiler.plan.traverse import files


_CARRIED = frozenset(
    Feature[name]
    for name in """PARALLEL THINK REDIRECTS_FOLLOW AUTH_BASIC AUTH_BEARER BODY_FORM BODY_JSON BODY_TEXT BODY_FILE BODY_MULTIPART CAPTURE_JSON CAPTURE_CSS
    CAPTURE_REGEX CAPTURE_BOUNDARY CAPTURE_HEADER CAPTURE_COOKIE CAPTURE_REDIRECT EXPECT_STATUS EXPECT_TYPE EXPECT_TEXT EXPECT_JSON
    EXPECT_TIME EXPECT_SOFT_FAILURE DATA_SEQUENTIAL DATA_SHUFFLED FUNCTIONS LOAD_CLOSED LOAD_OPEN GOALS TLS_VERIFY COMPRESSION""".split()
)


class LocustBackend:
    """Writes `locustfile.py` for Locust 2.47."""

    name = "locust"

    @property
    def capabilities(self) -> Mapping[Feature, Capability]:
        """Locust carries every feature in full."""
        return {feature: Capability(Support.FULL) for feature in _CARRIED}

    def emit(self, plan: Plan, load: str | None = None) -> tuple[Artifact, ...]:
        """The locustfile for this Plan.

        Raises LoadwrightError for a load, journey or name that the Plan does not have.
        """
        chosen = chosen_load(plan, load)
        text = _File(plan, chosen, _loaded(plan, chosen)).text()
        return (Artifact("locustfile.py", text),)


def _loaded(plan: Plan, load: Load) -> tuple[Journey, ...]:
    known = {journey.name: journey for journey in plan.journeys}
    for workload in load.workloads:
        if workload.journey not in known:
            raise LoadwrightError(Diagnostic("unknown-journey", f"there is no journey `{workload.journey}`"))
    wanted = {workload.journey for workload in load.workloads}
    return tuple(journey for journey in plan.journeys if journey.name in wanted)


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


class _File:
    def __init__(self, plan: Plan, load: Load, journeys: tuple[Journey, ...]) -> None:
        self.plan = plan
        self.load = load
        self.journeys = journeys
        self.scope = Scope(module_names())
        for name in ("check_goals", "DEFAULT_HEADERS", *CLASS_ATTRIBUTES):
            self.scope.add(name, name)
        self.shared = _shared_headers(plan)
        self.targets = {t.name: self._constant("target", t.name) for t in plan.targets}
        self.secrets = {s.name: self._constant("secret", s.name) for s in plan.secrets}
        self.rows = {d.name: self._constant("rows", d.name) for d in plan.data}
        data = {source.path for source in plan.data}
        self.files = {path: self._constant("file", path) for path in files(plan) if path not in data}
        self.functions = {j.name: self.scope.add(("journey", j.name), snake_case(j.name)) for j in journeys}

    def _constant(self, kind: str, name: str) -> str:
        return self.scope.add((kind, name), snake_case(name).upper())

    def text(self) -> str:
        hooks = [
            "hold_users",
            "start_load",
            "PlannedLoad",
            *(["require_secrets"] if self.secrets else []),
        ]
        journeys, load = self._journeys(), self._load()
        settings = self._settings(journeys)
        return assemble(Generated(self._header(journeys), settings, journeys, load), hooks)

    def _settings(self, journeys: str) -> str:
        writer = PythonWriter()
        for target in self.plan.targets:
            name = literal(target.name.upper())
            writer.line(f"{self.targets[target.name]} = target({name}, {literal(target.url)})")
        for secret in self.plan.secrets:
            writer.line(f"{self.secrets[secret.name]} = secret({literal(secret.env)})")
        for data in self.plan.data:
            options = ", shuffle=True" if data.order == "random" else ""
            options += ", recycle=False" if data.on_end == "stop" else ""
            writer.line(f"{self.rows[data.name]} = Rows({literal(data.path)}{options})")
        for path, constant in self.files.items():
            writer.line(f"{constant} = read_file({literal(path)})")
        if self.shared:
            values = Expressions({**self.targets, **self.secrets}, {})
            items = (f"{literal(h.name)}: {values.text(h.value)}" for h in self.shared)
            writer.expression(Group("DEFAULT_HEADERS = {", tuple(items), "}"))
        return writer.text()

    def _journeys(self) -> str:
        writer = PythonWriter()
        values = {**self.targets, **self.secrets}
        headers = {header.name.lower() for header in self.shared}
        outside = Globals(self.scope, values, self.rows, self.files, headers)
        writer.line(banner("journeys"))
        for journey in self.journeys:
            writer.lines("", "")
            write_journey(writer, self.plan, journey, self.functions[journey.name], outside)
        return writer.text()

    def _load(self) -> str:
        writer = PythonWriter()
        writer.line(banner("load"))
        write_load(writer, self.load, self.functions, self._common(), self.scope)
        writer.lines("", "")
        write_goals(writer, self.plan.goals, self.plan.journeys)
        return writer.text()

    def _common(self) -> list[str]:
        lines = ["host = " + next(iter(self.targets.values()), '""')]
        if self.shared:
            lines.append("default_headers = DEFAULT_HEADERS")
        if self.plan.defaults.timeout:
            lines.append(f"timeout = {seconds(self.plan.defaults.timeout)}")
        return lines

    def _header(self, journeys: str) -> str:
        needs = "locust >= 2.47" + (" and selectolax" if ".find_css(" in journeys else "")
        lines = [
            f"{self.plan.name}: a load test for Locust, compiled by Loadwright.",
            "",
            "Run it:  locust -f locustfile.py --headless",
            f"It needs Python >= 3.11, {needs}.",
            "",
            *self._environment(journeys),
        ]
        return "".join(f"# {comment(line)}".rstrip() + "\n" for line in lines)

    def _environment(self, journeys: str) -> list[str]:
        open_model = [isinstance(workload.model, OpenModel) for workload in self.load.workloads]
        numbers = ["LOADWRIGHT_DURATION (seconds)"]
        numbers = ["LOADWRIGHT_USERS", "LOADWRIGHT_ITERATIONS", *numbers] if not all(open_model) else numbers
        numbers += ["LOADWRIGHT_RATE (per second)"] if any(open_model) else []
        numbers += ["LOADWRIGHT_THINK (a factor on pauses)"] if ".think(" in journeys else []
        return [
            "Environment variables:",
            *(f"  {secret.env} (required): the secret `{secret.name}`" for secret in self.plan.secrets),
            *(f"  LOADWRIGHT_TARGET_{t.name.upper()}: a URL in place of {t.url}" for t in self.plan.targets),
            *(f"  {number}: in place of what the load says" for number in numbers),
            "  LOADWRIGHT_INSECURE=1: accept any TLS certificate",
        ]
