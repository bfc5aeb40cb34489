"""Makes a Plan of requests that were written down: targets, secrets, variables, and journeys of steps."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from urllib.parse import quote, urlsplit

from loadwright.compiler.agents.decide.naming import free_name
from loadwright.compiler.agents.names import identifier
from loadwright.compiler.diagnostics import Diagnostic
from loadwright.compiler.drafts.notes import Remarks
from loadwright.compiler.plan.model import (
    ClosedModel,
    Defaults,
    Goal,
    Journey,
    Load,
    Plan,
    Secret,
    SoftFailureExpectation,
    Target,
    Variable,
    Workload,
)
from loadwright.compiler.plan.node import Placed
from loadwright.compiler.plan.template import Reference, Template
from loadwright.compiler.recording.urls import host_name, is_local, site, wire_url

_SAFE_IN_PATH = "/:;=@!$&'()*+,~-._%"
_LONGEST_NAME = 60


@dataclass(slots=True)
class Drafted:
    """A Plan that was made of a source without answers."""

    plan: Plan
    files: Mapping[str, bytes] = field(default_factory=dict)
    """What its requests send, by path relative to the intent."""
    comments: Mapping[int, str] = field(default_factory=dict)
    """Remarks to write before nodes of the Plan, by their `id`."""
    warnings: Sequence[Diagnostic] = ()
    unresolved: Sequence[str] = ()
    """Secrets that stand for values whose source is not known, and targets whose URL is not."""


class Builder:
    """Collects what a Plan needs while requests are read."""

    def __init__(self, file: str, title: str, folder: str) -> None:
        self.title, self.folder = title, folder
        self.remarks = Remarks(file)
        self.names: set[str] = set()
        self.targets: dict[str, Target] = {}
        self.secrets: dict[str, Secret] = {}
        self.variables: list[Variable] = []
        self.journeys: list[Journey] = []
        self.files: dict[str, bytes] = {}
        self.comments: dict[int, str] = {}
        self.unresolved: list[str] = []
        self._kept: list[Placed] = []
        self._steps: dict[str, int] = {}

    # --- names

    def step_name(self, *parts: str) -> str:
        """A name of a step, in characters that mean nothing anywhere; numbered when it was given before."""
        plain = " / ".join(part for part in map(_plain, parts) if part)[:_LONGEST_NAME].rstrip(" /") or "Request"
        count = self._steps[plain] = self._steps.get(plain, 0) + 1
        return plain if count == 1 else self.step_name(f"{plain} ({count})")

    def name(self, *hints: str) -> str:
        """A free name of a value."""
        return free_name(self.names, *(re.sub(r"[^A-Za-z0-9_]+", " ", hint) for hint in hints))

    # --- values

    def secret(self, key: str, hint: str, unresolved: str = "") -> Reference:
        """A value that is read from the environment; the same `key` gives the same one.

        `unresolved` says why its source is not known, where that is so.
        """
        if key not in self.secrets:
            name = self.name(hint)
            secret = Secret(name=name, env=f"LOADWRIGHT_SECRET_{name.upper()}")
            self.secrets[key] = secret
            if unresolved:
                self.comment(secret, f"unresolved: {unresolved}")
                self.unresolved.append(name)
        return Reference(name=self.secrets[key].name)

    def let(self, hint: str, value: Template) -> Reference:
        """A variable of the whole Plan."""
        name = self.name(hint)
        self.variables.append(Variable(name=name, value=value))
        return Reference(name=name)

    def file(self, data: bytes) -> str:
        """Keep bytes that are sent, under a name made of numbers alone; its path."""
        path = f"{self.folder}/file-{len(self.files) + 1}.bin"
        self.files[path] = data
        return path

    def comment(self, node: Placed, text: str) -> None:
        """Write a remark before a node."""
        self._kept.append(node)  # an `id` is only worth something while its node lives
        self.comments[id(node)] = text

    # --- targets

    def target(self, base: str, hint: str = "") -> Target:
        """The target at a base URL (with a path prefix, if it has one). Raises ValueError when it is no usable URL."""
        parts = urlsplit(wire_url(base))
        if parts.scheme not in ("http", "https") or parts.query:
            raise ValueError("no base URL")
        url = f"{parts.scheme}://{parts.netloc}{quote(parts.path, safe=_SAFE_IN_PATH)}".rstrip("/")
        if url not in self.targets:
            host = host_name(url)
            usual = "app" if is_local(host) else identifier(site(host).partition(".")[0], fallback="app")
            self.targets[url] = Target(name=self.name(hint or usual, usual), url=url)
        return self.targets[url]

    def unknown_target(self, hint: str) -> Target:
        """A target whose URL is not known; `.invalid` never resolves (RFC 2606)."""
        label = re.sub(r"[^a-z0-9]+", "-", hint.lower()).strip("-")[:40] or "server"
        url = f"http://{label}.invalid"
        if url not in self.targets:
            target = self.target(url, identifier(hint, fallback="server"))
            self.comment(target, f"unresolved: the source does not say where it is; set LOADWRIGHT_TARGET_{target.name.upper()}")
            self.unresolved.append(target.name)
        return self.targets[url]

    # --- the whole

    def finish(self) -> Drafted:
        """The Plan, with a load of one user and the usual goals."""
        smoke = tuple(Workload(journey=journey.name, model=ClosedModel(users=1, iterations=1)) for journey in self.journeys)
        plan = Plan(
            name=self.title,
            targets=tuple(self.targets.values()),
            secrets=tuple(self.secrets.values()),
            variables=tuple(self.variables),
            defaults=Defaults(expectations=(SoftFailureExpectation(),)),
            journeys=tuple(self.journeys),
            loads=(Load(name="smoke", workloads=smoke),) if smoke else (),
            goals=(
                Goal(metric="failures", relation="<", value=Decimal("0.01")),
                Goal(metric="soft_failures", relation="=", value=Decimal(0)),
            ),
        )
        return Drafted(plan, self.files, self.comments, self.remarks.diagnostics(), tuple(self.unresolved))


def _plain(name: str) -> str:
    kept = re.sub(r"\{id\}|[^\w\s.,:;&'()/+#!?@-]", lambda match: match[0] if match[0] == "{id}" else " ", name)
    return " ".join(kept.split())
