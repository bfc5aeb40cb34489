"""Load, data and soft failures on the real JMeter 5.6.3, against the recording server on loopback."""

from __future__ import annotations

from collections import Counter
from decimal import Decimal
from pathlib import Path

import pytest
from conformance.server import Reply, Server
from error_messages import SAYING, SILENT
from jmeter_steps import paths, plan, request, serve
from jmeter_support import run_jmeter

from loadwright.compiler.plan.model import (
    ClosedModel,
    DataSource,
    OpenModel,
    SoftFailureExpectation,
    StatusExpectation,
)
from loadwright.compiler.plan.soft_failure import soft_failure
from loadwright.compiler.plan.template import DataField, template

# --- load -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("by", ["properties", "environment"])
def test_users_and_iterations_can_be_overridden(server: Server, tmp_path: Path, by: str) -> None:
    serve(server, {})
    settings = {"LOADWRIGHT_USERS": "3", "LOADWRIGHT_ITERATIONS": "2"}
    run = run_jmeter(plan(request("/a")), tmp_path / "run", server, **{by: settings})  # type: ignore[arg-type]
    assert run.failures == []
    assert paths(server.take()) == ["/a"] * 6


@pytest.mark.timed
def test_a_duration_ends_users_that_loop_without_end(server: Server, tmp_path: Path) -> None:
    serve(server, {"GET /a": [Reply(delay=0.1)]})
    run = run_jmeter(plan(request("/a")), tmp_path / "run", server, properties={"LOADWRIGHT_DURATION": "3"})
    received = len(server.take())
    assert 2 <= received <= 40
    assert len(run.requests) == received


@pytest.mark.timed
def test_open_arrivals_come_at_the_rate_and_a_failure_ends_only_its_own_iteration(server: Server, tmp_path: Path) -> None:
    serve(server, {"GET /first": [Reply(500), Reply()]})
    run = run_jmeter(
        plan(request("/first"), request("/second"), model=OpenModel(rate=Decimal("2"), duration=60_000, ramp=1_000)),
        tmp_path / "run",
        server,
        properties={"LOADWRIGHT_RATE": "12.5", "LOADWRIGHT_DURATION": "3"},
    )
    counts = Counter(paths(server.take()))
    assert counts["/first"] == 32, "half of the rate for one second, the rate for two"
    assert counts["/second"] == counts["/first"] - 1
    assert run.failures == ["GET /first: status: expected 200 to 399, got 500"]
    assert sum(sample.kind == "step" for sample in run.samples) == counts["/first"]


# --- data -------------------------------------------------------------------------------------------------------------


def _rows(order: str, on_end: str) -> DataSource:
    return DataSource.model_validate(
        {"name": "rows", "path": "in/rows.csv", "columns": ("id", "a b"), "order": order, "on_end": on_end}
    )


@pytest.mark.parametrize("order", ["sequential", "shuffled"])
def test_each_row_is_used_once_by_all_users_together_and_then_they_stop(server: Server, tmp_path: Path, order: str) -> None:
    serve(server, {})
    rows = [(str(i), f'v "{i}", \\ ${{x}}') for i in range(8)]
    lines = ["id,a b", *(f'{i},"{text.replace(chr(34), chr(34) * 2)}"' for i, text in rows)]
    body = template(DataField(data="rows", column="id"), "=", DataField(data="rows", column="a b"))
    run = run_jmeter(
        plan(request("/row", "POST", body=body), model=ClosedModel(users=2, iterations=20), data=(_rows(order, "stop"),)),
        tmp_path / "run",
        server,
        files={"in/rows.csv": "\n".join(lines).encode()},
    )
    assert run.failures == []
    assert sorted(item.body.decode() for item in server.take()) == [f"{i}={text}" for i, text in rows]


def test_shuffled_rows_start_again_after_each_has_been_used(server: Server, tmp_path: Path) -> None:
    serve(server, {})
    body = template(DataField(data="rows", column="id"))
    run_jmeter(
        plan(request("/row", "POST", body=body), model=ClosedModel(users=1, iterations=9), data=(_rows("shuffled", "recycle"),)),
        tmp_path / "run",
        server,
        files={"in/rows.csv": b"id,a b\r\n1,x\r\n2,y\r\n3,z\r\n"},
    )
    used = [item.body.decode() for item in server.take()]
    assert [sorted(used[i : i + 3]) for i in (0, 3, 6)] == [["1", "2", "3"]] * 3


# --- soft failures ----------------------------------------------------------------------------------------------------

_BODIES = (
    *(
        '{"error": 0}',
        '{"error": 0.0}',
        '{"error": "0"}',
        '{"error": {}}',
        '{"error": [0]}',
        '{"errors": {"a": 1}}',
        '{"errors": ""}',
    ),
    *('{"success": 0}', '{"success": null}', '{"ok": false, "success": false}', '{"status": "fail"}', '{"status": ["fail"]}'),
    *('{"error": true} x', '{"error": "x"', "[]", "null", '"error"', "", '{"status": "error", "error": 1e-400}', '{"error": -0}'),
    *("<title>Not Found</title>", "<title>\nPage not found\n</title>", "<TITLE>Error</TITLE>", "<title>notfound</title>"),
    *("<title>" + "x" * 81 + "Error</title>", "<input type='Password'>", "<input name=a\ntype=password>", '<input type="password'),
    *(
        "ORA-12345: x",
        "ORA-1234: x",
        "Unhandled exception",
        "a Fatal error: Uncaught b",
        "<title>Error</title><input type=password>",
    ),
)
_TYPES = ("application/json", "text/html; charset=utf-8", "Application/Problem+JSON ; x=y", "text/plain", "image/png", "")


def test_soft_failures_are_judged_as_the_rules_say(server: Server, tmp_path: Path) -> None:
    cases = [(kind, body) for kind in _TYPES for body in _BODIES]
    cases += [(kind, page) for kind in ("text/html; charset=utf-8", "text/plain") for page in (*SAYING, *SILENT)]
    replies = [Reply(201, (("Content-Type", kind),), body.encode()) for kind, body in cases]
    replies.append(Reply(404, (("Content-Type", "text/html"),), b"<title>Error</title>"))
    serve(server, {"GET /all": replies, "GET /some": replies})
    statuses = StatusExpectation(statuses=(201, 404))
    some = SoftFailureExpectation(ignored=("error title", "json member"))
    model = ClosedModel(users=1, iterations=len(replies))
    for name, expected in (("all", SoftFailureExpectation()), ("some", some)):
        asked = request(f"/{name}").model_copy(update={"expectations": (statuses, expected)})
        run = run_jmeter(plan(asked, model=model), tmp_path / name, server)
        reasons = [soft_failure(201, kind, body, expected.ignored) for kind, body in cases] + [None]
        assert [sample.message for sample in run.requests] == [f"soft failure: {reason}" if reason else "" for reason in reasons]
