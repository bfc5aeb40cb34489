"""A recording of the demo shop becomes a test that works on every real runtime, and fails without any one of its captures.

Needs the three runtimes and the demo shop.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import httpx
import pytest

from loadwright.compiler.cli.import_ import import_
from loadwright.compiler.cli.load import load_plan
from loadwright.compiler.cli.run import RunOptions, execute
from loadwright.compiler.cli.settings import Overrides
from loadwright.compiler.plan.extract import Response, extract
from loadwright.compiler.plan.model import Action, ClosedModel, Journey, Load, Plan, Request, Step, Variable, Workload
from loadwright.compiler.plan.template import template
from loadwright.compiler.plan.traverse import requests
from loadwright.compiler.recording.har import read_har
from loadwright.compiler.results.summary import Summary

RECORDINGS = Path(__file__).parents[2] / "examples" / "shop" / "recordings"
RUNTIMES = ("jmeter", "k6", "locust")
PASSWORD = "wonderland-7"
USERS, ITERATIONS = 5, 20


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with `checkout.intent` and `pkce.intent`, as imported."""
    place = tmp_path_factory.mktemp("imported")
    for journey in ("checkout", "pkce"):
        recordings = [RECORDINGS / f"{journey}-{n}.har" for n in (1, 2)]
        assert import_(recordings, place / f"{journey}.intent", place / f"{journey}.plan.json", place / f"{journey}.json") == 0
    return place


@pytest.fixture(autouse=True)
def _environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LOADWRIGHT_SECRET_PASSWORD", PASSWORD)
    monkeypatch.setenv("LOADWRIGHT_THINK", "0")


def run(plan: Plan, runtime: str, shop: str, source: Path, results: Path, users: int = 1, iterations: int = 1) -> Summary:
    httpx.post(f"{shop}/__reset").raise_for_status()
    options = RunOptions(
        targets=[f"{plan.targets[0].name}={shop}"], overrides=Overrides(users=users, iterations=iterations), limit=180
    )
    return execute(plan, source, runtime, results, options)


def counts(shop: str) -> dict[str, Any]:
    answer: dict[str, Any] = httpx.get(f"{shop}/__counts").json()
    return answer


@pytest.mark.parametrize("runtime", RUNTIMES)
@pytest.mark.parametrize("journey", ["checkout", "pkce"])
def test_every_request_of_the_imported_intent_is_accepted(
    runtime: str, journey: str, folder: Path, shop: str, tmp_path: Path
) -> None:
    plan = load_plan(folder / f"{journey}.intent")
    summary = run(plan, runtime, shop, folder, tmp_path, USERS, ITERATIONS)
    received = counts(shop)
    each = len(list(requests(plan.journeys[0])))
    assert (summary.verdict, summary.totals.failures) == ("passed", 0), summary.failures
    assert summary.totals.count == each * USERS * ITERATIONS
    assert received["stale"] == 0
    assert all(c["refused"] == c["soft"] == 0 for c in received["requests"].values()), received
    assert sum(c["accepted"] for c in received["requests"].values()) == each * USERS * ITERATIONS
    done = received["orders"] if journey == "checkout" else received["pkce_logins"]
    assert done == USERS * ITERATIONS


def recorded_values(plan: Plan, journey: str) -> dict[str, str]:
    """What each capture gave in the recording: what a script without correlation would send."""
    recording, _ = read_har(RECORDINGS / f"{journey}-1.har")
    entries = {e.index: e for e in recording.entries}
    values: dict[str, str] = {}
    for request in requests(plan.journeys[0]):
        origin = request.origin
        assert origin is not None
        assert origin.kind == "recording"
        entry = entries[origin.entry]
        for capture in request.captures:
            value = extract(capture, Response(entry.request.url, entry.response.headers, entry.response.text or ""))
            assert value is not None
            values[capture.name] = value
    return values


def without_capture(journey: Journey, name: str, literal: str) -> tuple[Journey, str]:
    """The journey with one capture deleted and its name bound to a literal; and the request that it was deleted from.

    The journey and its steps are named after the capture.
    """
    place = ""

    def mended(action: Action) -> Action:
        nonlocal place
        if not isinstance(action, Request) or not any(c.name == name for c in action.captures):
            return action
        place = action.name
        return action.model_copy(update={"captures": tuple(c for c in action.captures if c.name != name)})

    nodes = tuple(
        node.model_copy(update={"name": f"{name}: {node.name}", "actions": tuple(map(mended, node.actions))})
        if isinstance(node, Step)
        else node
        for node in journey.nodes
    )
    stale = Variable(name=name, value=template(literal))
    return Journey(name=name, nodes=(stale, *nodes)), place


@pytest.mark.parametrize("runtime", RUNTIMES)
@pytest.mark.parametrize("journey", ["checkout", "pkce"])
def test_without_any_one_capture_the_run_fails_and_says_where(
    runtime: str, journey: str, folder: Path, shop: str, tmp_path: Path
) -> None:
    plan = Plan.model_validate_json((folder / f"{journey}.plan.json").read_bytes())
    broken = {name: without_capture(plan.journeys[0], name, text) for name, text in recorded_values(plan, journey).items()}
    journeys = tuple(stale for stale, _ in broken.values())
    workloads = tuple(Workload(journey=name, model=ClosedModel(users=1, iterations=1)) for name in broken)
    load = Load(name="each", workloads=workloads)
    summary = run(plan.model_copy(update={"journeys": journeys, "loads": (load,)}), runtime, shop, folder, tmp_path)
    assert summary.verdict == "failed"
    assert {j.name: (j.count, j.failures) for j in summary.journeys} == dict.fromkeys(broken, (1, 1))
    for name, (_, place) in broken.items():
        assert place
        (failure,) = [failure for failure in summary.failures if failure.step.startswith(f"{name}: ")]
        assert failure.message.startswith(f"{failure.kind}: "), failure
        assert failure.request != place
    assert len(summary.failures) == len(broken), summary.failures
