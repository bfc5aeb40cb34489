"""Emitted locustfiles on the real Locust, against a recording server on loopback; each run takes about two seconds."""

from __future__ import annotations

import os
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from statistics import median
from typing import Any

import pytest
from conformance.server import Received, Reply, Server, html, json
from locust_processes import processes

from loadwright.backends.locust.backend import LocustBackend
from loadwright.compiler.plan.model import (
    Capture,
    ClosedModel,
    CssSource,
    DataSource,
    Goal,
    Header,
    Journey,
    JsonSource,
    Load,
    OpenModel,
    Parallel,
    Plan,
    Request,
    Secret,
    StatusExpectation,
    Step,
    Target,
    TextBody,
    TextExpectation,
    Think,
    Variable,
    Workload,
)
from loadwright.compiler.plan.template import DataField, Part, Reference, call, template
from loadwright.compiler.results.locust import LISTENER, read
from loadwright.compiler.results.model import Sample

CASE = "case"


@dataclass
class Run:
    """What a run did."""

    code: int
    output: str
    samples: list[Sample]
    received: list[Received]

    def requests(self) -> list[Sample]:
        return [sample for sample in self.samples if sample.kind == "request"]

    def steps(self) -> list[Sample]:
        return [sample for sample in self.samples if sample.kind == "step"]

    def paths(self) -> list[str]:
        return [received.target.removeprefix(f"/{CASE}") for received in self.received]


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with Server() as running:
        yield running


def get(path: str | Part, *parts: str | Part, **fields: Any) -> Request:
    url = template(f"/{CASE}", path, *parts)
    name = fields.pop("name", path if isinstance(path, str) else "path")
    return Request(name=name, method=fields.pop("method", "GET"), target="shop", url=url, **fields)


def journey(name: str, *actions: Request | Parallel | Think | Variable) -> Journey:
    return Journey(name=name, nodes=(Step(name=f"step of {name}", actions=actions),))


def plan(*journeys: Journey, workloads: Mapping[str, ClosedModel | OpenModel] | None = None, **fields: Any) -> Plan:
    loads: tuple[Load, ...] = ()
    if workloads:
        loads = (Load(name="test", workloads=tuple(Workload(journey=j, model=m) for j, m in workloads.items())),)
    targets = (Target(name="shop", url="http://127.0.0.1:9"),)
    return Plan(name="test", targets=targets, journeys=journeys, loads=loads, **fields)


def run(
    tmp_path: Path,
    server: Server,
    tested: Plan,
    replies: Mapping[str, Sequence[Reply]] | None = None,
    arguments: Sequence[str] = ("--headless", "--only-summary"),
    **environment: str,
) -> Run:
    (tmp_path / "locustfile.py").write_text(LocustBackend().emit(tested)[0].text, encoding="utf-8")
    server.take()
    server.script = {CASE: replies or {}}
    samples = tmp_path / "samples.jsonl"
    done = subprocess.run(
        [sys.executable, "-W", "default::DeprecationWarning", "-m", "locust", "-f", f"locustfile.py,{LISTENER}", *arguments],
        cwd=tmp_path,
        env={**os.environ, "LOADWRIGHT_TARGET_SHOP": f"{server.urls[0]}/", "LOADWRIGHT_SAMPLES": str(samples), **environment},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    output = done.stdout + done.stderr
    assert "DeprecationWarning" not in output
    return Run(done.returncode, output, list(read(samples)) if samples.exists() else [], server.take())


def test_five_users_of_four_iterations_make_twenty_of_them_and_the_run_ends(tmp_path: Path, server: Server) -> None:
    model = ClosedModel(users=5, iterations=4, ramp=1000)
    done = run(tmp_path, server, plan(journey("browse", get("/a"), get("/b")), workloads={"browse": model}))
    assert done.code == 0
    assert Counter(done.paths()) == {"/a": 20, "/b": 20}
    assert Counter((s.kind, s.name, s.step, s.status, s.ok) for s in done.samples) == {
        ("request", "/a", "step of browse", 200, True): 20,
        ("request", "/b", "step of browse", 200, True): 20,
        ("step", "step of browse", "", 0, True): 20,
        ("iteration", "browse", "", 0, True): 20,
    }
    starts = [r.started - done.received[0].started for r in done.received]
    assert 0.7 < max(starts) < 1.2  # the last of five users starts after four fifths of the ramp


def test_journeys_keep_their_own_counts_and_the_environment_overrides_them(tmp_path: Path, server: Server) -> None:
    workloads = {"one": ClosedModel(users=2, iterations=1), "two": ClosedModel(users=1, iterations=3)}
    tested = plan(journey("one", get("/1")), journey("two", get("/2")), journey("idle", get("/3")), workloads=workloads)
    assert Counter(run(tmp_path, server, tested).paths()) == {"/1": 2, "/2": 3}
    overridden = run(tmp_path, server, tested, LOADWRIGHT_USERS="3", LOADWRIGHT_ITERATIONS="2")
    assert Counter(overridden.paths()) == {"/1": 6, "/2": 6}


def test_a_plan_without_load_runs_every_journey_once(tmp_path: Path, server: Server) -> None:
    done = run(tmp_path, server, plan(journey("one", get("/1")), journey("two", get("/2"))))
    assert sorted(done.paths()) == ["/1", "/2"]


@pytest.mark.timed
def test_a_duration_ends_a_run_after_the_iterations_that_are_under_way(tmp_path: Path, server: Server) -> None:
    tested = plan(journey("a", get("/a"), get("/b")), workloads={"a": ClosedModel(users=2, duration=60_000)})
    done = run(tmp_path, server, tested, {"GET /b": [Reply(delay=0.4)]}, LOADWRIGHT_DURATION="1")
    assert Counter(done.paths()) == {"/a": 6, "/b": 6}
    assert all(sample.ok for sample in done.samples)


@pytest.mark.timed
def test_arrivals_come_at_their_rate_however_slow_the_server_is(tmp_path: Path, server: Server) -> None:
    model = OpenModel(rate=Decimal(20), duration=2000)
    done = run(tmp_path, server, plan(journey("a", get("/a")), workloads={"a": model}), {"GET /a": [Reply(delay=1)]})
    zeros = [start - number / 20 for number, start in enumerate(sorted(r.started for r in done.received))]
    assert len(zeros) == len(done.requests()) == 40
    late = [abs(zero - median(zeros)) for zero in zeros]
    assert max(late) < 0.3
    assert sum(late) / len(late) < 0.05


@pytest.mark.timed
def test_arrivals_rise_in_the_ramp_are_bounded_and_the_dropped_are_counted(tmp_path: Path, server: Server) -> None:
    ramped = OpenModel(rate=Decimal(20), duration=2000, ramp=1000)
    tested = plan(
        journey("a", get("/a")),
        journey("b", get("/b")),
        workloads={"a": ramped, "b": OpenModel(rate=10, duration=1000, max_in_flight=3)},
    )
    done = run(tmp_path, server, tested, {"GET /b": [Reply(delay=3)]})
    assert Counter(done.paths()) == {"/a": 30, "/b": 3}
    assert "B: 7 arrivals dropped, since 3 iterations were in flight" in done.output
    starts = [r.started for r in done.received if r.target.endswith("/a")]
    assert sum(start < min(starts) + 0.5 for start in starts) in range(2, 5)


@pytest.mark.timed
def test_cookies_live_for_an_iteration_and_belong_to_one_user(tmp_path: Path, server: Server) -> None:
    replies = {"GET /a": [Reply(headers=(("Set-Cookie", f"n={n}; Path=/"),), delay=0.2) for n in range(20)]}
    for model in (ClosedModel(users=3, iterations=2), OpenModel(rate=Decimal(6), duration=1000)):
        done = run(tmp_path, server, plan(journey("a", get("/a"), get("/b")), workloads={"a": model}), replies)
        sent = {path: [r.header("cookie") for r in done.received if r.target.endswith(path)] for path in ("/a", "/b")}
        assert sent["/a"] == [None] * 6
        assert sorted(str(cookie) for cookie in sent["/b"]) == [f"n={n}" for n in range(6)]


def test_a_missing_secret_stops_the_run_before_any_request(tmp_path: Path, server: Server) -> None:
    tested = plan(
        journey("a", get("/a", headers=(Header(name="X", value=template(Reference(name="pw"))),))),
        secrets=(Secret(name="pw", env="A_SECRET"),),
    )
    done = run(tmp_path, server, tested)
    assert (done.code, done.received) == (2, [])
    assert "a secret is missing: set the environment variable A_SECRET" in done.output


def test_a_secret_is_sent_but_never_shown(tmp_path: Path, server: Server) -> None:
    value, secret = 's3cr${et}\\"é', template("<", Reference(name="pw"), ">")
    tested = plan(
        journey(
            "a",
            Variable(name="derived", value=template(call("base64", Reference(name="pw")))),
            get("/a?", call("urlencode", Reference(name="pw")), name="a", headers=(Header(name="X-Secret", value=secret),)),
            get("/b", expectations=(TextExpectation(relation="contains", value=template(Reference(name="derived"))),)),
        ),
        journey(
            "b",
            get("/c\n", Reference(name="pw"), name="c", headers=(Header(name="X", value=template("\n", Reference(name="pw"))),)),
        ),
        journey("c", Request(name="d", method="GET", url=template("nohost:", Reference(name="pw")))),
        secrets=(Secret(name="pw", env="A_SECRET"),),
    )
    done = run(tmp_path, server, tested, A_SECRET=value)
    first = next(r for r in done.received if "/a?" in r.target)
    assert first.target.endswith("/a?s3cr%24%7Bet%7D%5C%22%C3%A9")
    assert (first.header("x-secret") or "").encode("latin-1").decode() == f"<{value}>"
    assert 'text: body does not contain "…"' in [s.message for s in done.requests()]
    shown = done.output + repr(done.samples)
    assert "s3cr" not in shown
    assert "czNjcnt" not in shown
    assert "czNjciR7" not in shown  # the base64 of it


def test_what_goes_wrong_on_the_network_is_said(tmp_path: Path, server: Server) -> None:
    encoded = Reply(headers=(("Content-Encoding", "zstd"),), body=b"(\xb5/\xfd")
    broken = Reply(headers=(("Content-Encoding", "gzip"),), body=b"no gzip")
    torn = Reply(headers=(("Content-Length", "999"), ("Connection", "close")), body=b"short")
    replies = {
        "GET /drop": [Reply(drop=True)],
        "PUT /drop": [Reply(drop=True)],
        "GET /slow": [Reply(delay=3)],
        "GET /zstd": [encoded],
    }
    replies |= {"GET /gzip": [broken], "GET /torn": [torn], "GET /loop": [Reply(302, (("Location", f"/{CASE}/loop"),))]}
    tested = plan(
        journey("drop", get("/fine"), get("/drop")),
        journey("put", get("/drop", method="PUT", body=TextBody(value=template("x")))),
        journey("slow", get("/slow", timeout=300)),
        journey("zstd", get("/zstd")),
        journey("gzip", get("/gzip")),
        journey("loop", get("/loop", redirects="follow")),
        journey("refused", Request(name="/refused", method="GET", url=template("http://127.0.0.1:1/refused"))),
        journey("unknown", Request(name="/unknown", method="GET", url=template("http://host.invalid/"))),
        journey("port", Request(name="/port", method="GET", url=template("http://127.0.0.1:99999/"))),
        journey("relative", Request(name="/relative", method="GET", url=template("/relative"))),
        journey("header", get("/header", headers=(Header(name="X", value=template("a\r\nB: c")),))),
    )
    done = run(tmp_path, server, tested, replies)
    messages = {s.name: s.message for s in done.requests() if not s.ok}
    assert messages.pop("/unknown").startswith("network: ")
    assert messages.pop("/gzip").startswith("network: ")
    bad = "network: bad request or answer (ValueError)"
    assert messages == {
        "/drop": "network: connection closed.",
        "/slow": "network: timeout",
        "/zstd": bad,
        "/loop": "network: Redirection limit reached (20)",
        "/refused": "network: Connection refused",
        "/port": bad,
        "/relative": bad,
        "/header": bad,
    }
    assert all(sample.status == 0 for sample in done.requests() if sample.name in ("/drop", "/slow", "/refused"))
    assert done.code == 1
    counts = Counter((r.method, path) for r, path in zip(done.received, done.paths(), strict=True))
    assert (counts["GET", "/drop"], counts["PUT", "/drop"], counts["GET", "/loop"]) == (1, 1, 21)  # sent once, never repeated
    slow = next(s for s in done.requests() if s.name == "/slow")
    assert 290 < slow.elapsed < 900


def test_parallel_requests_share_the_jar_and_all_end_before_what_follows(tmp_path: Path, server: Server) -> None:
    cookies = {f"GET /p{n}": [json(f'{{"id":"{n}"}}', ("Set-Cookie", f"c{n}={n}; Path=/"))] for n in range(2)}
    slow = {key: [Reply(200, replies[0].headers, replies[0].body, delay=0.5)] for key, replies in cookies.items()}
    group = [get(f"/p{n}", captures=(Capture(name=f"id{n}", source=JsonSource(path="$.id")),)) for n in range(2)]
    tested = plan(
        journey(
            "a", Parallel(requests=(*group, get("/p2"))), get("/after?", Reference(name="id0"), Reference(name="id1"), name="after")
        ),
        journey("b", Parallel(requests=(get("/404"), get("/p2"))), get("/never")),
    )
    done = run(tmp_path, server, tested, slow | {"GET /404": [Reply(404)], "GET /p2": [Reply(delay=0.3)]})
    after = next(r for r in done.received if "/after" in r.target)
    assert after.target.endswith("?01")
    assert sorted((after.header("cookie") or "").split("; ")) == ["c0=0", "c1=1"]
    assert "/never" not in done.paths()
    assert Counter(done.paths())["/p2"] == 2
    assert Counter(s.ok for s in done.requests()) == {True: 5, False: 1}
    steps = {s.name: s for s in done.steps()}
    assert 450 < steps["step of a"].elapsed < 900  # the time of the group, not the sum of its requests
    assert steps["step of b"].message == "status: expected 200 to 399, got 404"


def test_pauses_are_no_part_of_a_step_and_are_kept(tmp_path: Path, server: Server) -> None:
    done = run(tmp_path, server, plan(journey("a", get("/a"), Think(minimum=600, maximum=700), get("/b"))))
    assert 0.55 < done.received[1].started - done.received[0].started < 1.5
    assert done.steps()[0].elapsed < 400


@pytest.mark.timed
def test_pauses_can_be_left_out(tmp_path: Path, server: Server) -> None:
    tested = plan(journey("a", get("/a"), Think(minimum=60_000, maximum=60_000), get("/b")))
    done = run(tmp_path, server, tested, LOADWRIGHT_THINK="0")
    assert done.received[1].started - done.received[0].started < 1


def test_rows_are_shared_by_all_users_and_a_user_without_a_row_stops(tmp_path: Path, server: Server) -> None:
    (tmp_path / "users.csv").write_text('\ufeffname,"a ""b"""\n' + "".join(f"u{n},é {n}\n" for n in range(5)), encoding="utf-8")
    users = DataSource(name="users", path="users.csv", columns=("name", 'a "b"'), on_end="stop")
    url = (DataField(data="users", column="name"), "?", call("urlencode", DataField(data="users", column='a "b"')))
    for model in (ClosedModel(users=2, iterations=9), OpenModel(rate=Decimal(50), duration=60_000)):
        for order in ("sequential", "shuffled"):
            tested = plan(
                journey("a", get("/", *url, name="u")), workloads={"a": model}, data=(users.model_copy(update={"order": order}),)
            )
            assert sorted(run(tmp_path, server, tested).paths()) == [f"/u{n}?%C3%A9%20{n}" for n in range(5)]
    recycled = plan(
        journey("a", get("/", *url, name="u")),
        workloads={"a": ClosedModel(users=1, iterations=7)},
        data=(users.model_copy(update={"on_end": "recycle"}),),
    )
    assert [path[2] for path in run(tmp_path, server, recycled).paths()] == list("0123401")


def test_a_failure_ends_the_iteration_and_an_error_of_the_script_is_reported(tmp_path: Path, server: Server) -> None:
    page = html("<input name=csrf>")
    tested = plan(
        journey(
            "a", get("/a", captures=(Capture(name="csrf", source=CssSource(selector="#csrf", attribute="value")),)), get("/never")
        ),
        journey(
            "b",
            get("/b", captures=(Capture(name="n", source=JsonSource(path="$")),)),
            get("/c?", call("random", Reference(name="n"), "9"), name="c"),
        ),
        workloads={"a": ClosedModel(users=1, iterations=2), "b": ClosedModel(users=1, iterations=2)},
    )
    done = run(tmp_path, server, tested, {"GET /a": [page], "GET /b": [json('"x"')]})
    assert Counter(done.paths()) == {"/a": 2, "/b": 2}
    missed = "extraction: csrf not found (css #csrf @value)"
    assert Counter((s.failure, s.message) for s in done.steps()) == {
        ("extraction", missed): 2,
        ("script", "script: random: bad from"): 2,
    }
    assert Counter(s.message for s in done.requests()) == {missed: 2, "": 2}
    assert done.code == 1


@pytest.mark.parametrize(
    ("goal", "code"),
    [
        (Goal(metric="percentile", percentile=Decimal(95), relation="<", value=Decimal(5000)), 0),
        (Goal(metric="percentile", percentile=Decimal("99.9"), subject="name", of="/a", relation="<", value=Decimal("0.001")), 1),
        (Goal(metric="mean", subject="name", of="step of a", relation="<", value=Decimal(5000)), 0),
        (Goal(metric="failures", relation="=", value=Decimal("0.5")), 0),
        (Goal(metric="failures", relation="<", value=Decimal("0.5")), 1),
        (Goal(metric="extraction_misses", relation="=", value=Decimal(1)), 0),
        (Goal(metric="soft_failures", relation=">", value=Decimal(0)), 1),
        (Goal(metric="max", subject="name", of="never sent", relation="<", value=Decimal(5000)), 1),
        (Goal(metric="throughput", relation=">", value=Decimal("0.01")), 0),
    ],
)
def test_goals_decide_the_exit_code(tmp_path: Path, server: Server, goal: Goal, code: int) -> None:
    miss = get("/b", captures=(Capture(name="x", source=JsonSource(path="$.x")),))
    allowed = Goal(metric="failed_requests", relation="<", value=Decimal(9))
    done = run(tmp_path, server, plan(journey("a", get("/a"), miss), goals=(goal, allowed)))
    assert done.code == code
    assert ("goal missed: " in done.output) is (code == 1)


def test_without_goals_a_failed_request_fails_the_run_and_no_request_makes_it_invalid(tmp_path: Path, server: Server) -> None:
    assert run(tmp_path, server, plan(journey("a", get("/a", expectations=(StatusExpectation(statuses=(404,)),))))).code == 1
    none = run(tmp_path, server, plan(journey("a", Think(minimum=1, maximum=1))))
    assert none.code == 3
    assert "no request was made" in none.output
    assert [s.kind for s in none.samples] == ["step", "iteration"]


@pytest.mark.timed  # Locust gives a worker up that says nothing for three seconds
@pytest.mark.parametrize("arguments", [("--autostart", "--autoquit", "0", "--web-port", "0"), ("--headless", *processes(2))])
def test_the_web_interface_and_several_processes_end_by_themselves_too(
    tmp_path: Path, server: Server, arguments: tuple[str, ...]
) -> None:
    tested = plan(journey("a", get("/a")), workloads={"a": ClosedModel(users=3, iterations=2)})
    done = run(tmp_path, server, tested, arguments=arguments)
    assert (done.code, done.paths()) == (0, ["/a"] * 6)
