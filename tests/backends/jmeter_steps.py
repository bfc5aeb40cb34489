"""Requests and Plans that the tests on JMeter are made of."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from conformance.server import Received, Reply, Server

from loadwright.compiler.plan.model import (
    Action,
    Capture,
    ClosedModel,
    Header,
    Journey,
    Load,
    OpenModel,
    Plan,
    Request,
    StatusExpectation,
    Step,
    Target,
    TextBody,
    TextExpectation,
    Workload,
)
from loadwright.compiler.plan.template import Reference, Template, template


def ref(name: str) -> Reference:
    return Reference(name=name)


def request(
    path: str | Template,
    method: str = "GET",
    *,
    name: str = "",
    body: Template | None = None,
    headers: Mapping[str, str] | None = None,
    expect: Sequence[StatusExpectation | TextExpectation] = (),
    capture: Sequence[Capture] = (),
) -> Request:
    return Request(
        name=name or f"{method} {path if isinstance(path, str) else 'made'}",
        method=method,
        target="server",
        url=template("/j", path),
        body=None if body is None else TextBody(value=body),
        headers=tuple(Header(name=key, value=template(value)) for key, value in (headers or {}).items()),
        expectations=tuple(expect),
        captures=tuple(capture),
    )


def plan(*actions: Action, model: ClosedModel | OpenModel | None = None, **more: object) -> Plan:
    """One journey of one step, under the load `it`."""
    load = Load(name="it", workloads=(Workload(journey="j", model=model or ClosedModel(users=1, iterations=1)),))
    return Plan(
        name="JMeter ${__time()} test",
        targets=(Target(name="server", url="http://127.0.0.1:9"),),
        journeys=(Journey(name="j", nodes=(Step(name="the step", actions=actions),)),),
        loads=(load,),
    ).model_copy(update=more)


def paths(log: Sequence[Received]) -> list[str]:
    return [item.target.removeprefix("/j") for item in log]


def serve(server: Server, replies: Mapping[str, Sequence[Reply]]) -> None:
    server.script = {"j": replies}
    server.take()
