"""JTL files of JMeter as samples."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from pathlib import Path

import pytest

from loadwright.compiler.results.jmeter import read, samples
from loadwright.compiler.results.model import Sample

COLUMNS = (
    *("timeStamp", "elapsed", "label", "responseCode", "responseMessage", "threadName", "dataType", "success", "failureMessage"),
    *("bytes", "sentBytes", "grpThreads", "allThreads", "URL", "Latency", "IdleTime", "Connect"),
)


def row(label: str, code: str = "200", message: str = "OK", thread: str = "j 1-1", failure: str | None = None) -> dict[str, str]:
    known = {
        "timeStamp": "1790000000123",
        "elapsed": "45",
        "label": label,
        "responseCode": code,
        "responseMessage": message,
        "threadName": thread,
        "success": "true" if failure is None else "false",
        "failureMessage": failure or "",
    }
    return {**dict.fromkeys(COLUMNS, "0"), **known}


def step(label: str, thread: str = "j 1-1", failed: bool = False) -> dict[str, str]:
    message = f"Number of samples in transaction : 1, number of failing samples : {int(failed)}"
    return row(label, "" if failed else "200", message, thread, "" if failed else None)


def written(rows: list[dict[str, str]]) -> str:
    out = io.StringIO()
    writer = csv.DictWriter(out, COLUMNS, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()


def brief(sample: Sample) -> tuple[str, str, str, bool]:
    return sample.kind, sample.name, sample.step, sample.ok


def test_a_request_belongs_to_the_step_that_ends_after_it_in_its_thread(tmp_path: Path) -> None:
    rows = [
        *(row("a"), row("x", thread="k 1-2"), row("b"), step("one"), row("c")),
        *(step("other", "k 1-2", failed=True), step("two")),
    ]
    path = tmp_path / "out.jtl"
    path.write_text(written(rows), encoding="utf-8")
    assert [brief(sample) for sample in read(path)] == [
        ("request", "a", "one", True),
        ("request", "b", "one", True),
        ("step", "one", "", True),
        ("request", "x", "other", True),
        ("step", "other", "", False),
        ("request", "c", "two", True),
        ("step", "two", "", True),
    ]


CLOSED = ("Non HTTP response code: java.net.SocketException", "Non HTTP response message: Socket closed")


def test_what_the_end_of_the_load_interrupts_is_left_out() -> None:
    thread = "j 1-1 interrupted"
    cut = row("b", *CLOSED, thread=thread, failure="network")
    rows = [row("a"), step("one"), cut, step("two", thread, failed=True), step("iteration: j", thread, failed=True)]
    assert [brief(sample) for sample in samples(rows)] == [("request", "a", "one", True), ("step", "one", "", True)]


def test_a_socket_that_closes_by_itself_is_a_failure() -> None:
    cut = row("b", *CLOSED, failure="network")
    rows = [cut, step("two", failed=True), step("iteration: j", failed=True), row("a"), step("one"), step("iteration: j")]
    assert [(sample.kind, sample.ok) for sample in samples(rows)] == [
        ("request", False),
        ("step", False),
        ("iteration", False),
        ("request", True),
        ("step", True),
        ("iteration", True),
    ]


def test_times_and_status_are_taken_over() -> None:
    request, whole = samples([row("a", "302"), step("s")])
    assert (request.started, request.elapsed, request.status) == (1790000000123, 45, 302)
    assert (whole.started, whole.elapsed, whole.status) == (1790000000123, 45, 0)


@pytest.mark.parametrize(
    ("code", "message", "failure", "kind", "said"),
    [
        (
            "Non HTTP response code: org.apache.http.conn.HttpHostConnectException",
            "Non HTTP response message: Connect to h:1 failed: Connection refused",
            "status: expected 200, got Non HTTP response code: org.apache.http.conn.HttpHostConnectException",
            "network",
            "network: HttpHostConnectException: Connect to h:1 failed: Connection refused",
        ),
        ("Non HTTP response code: java.net.SocketTimeoutException", "", "", "network", "network: SocketTimeoutException"),
        ("500", "Broken", "status: expected 200, got 500", "status", "status: expected 200, got 500"),
        ("200", "OK", "soft failure: login form", "soft failure", "soft failure: login form"),
        (
            "200",
            "OK",
            'extraction: a not found (regex /"x",\n(y)/)',
            "extraction",
            'extraction: a not found (regex /"x",\n(y)/)',
        ),
        ("200", "OK", "javax.script.ScriptException: no", "script", "script: javax.script.ScriptException: no"),
        ("missing secret", "environment variable X is not set", "", "script", "script: environment variable X is not set"),
    ],
)
def test_failures_are_read_by_their_first_word(tmp_path: Path, code: str, message: str, failure: str, kind: str, said: str) -> None:
    path = tmp_path / "out.jtl"
    path.write_text(written([row("a", code, message, failure=failure), step("s", failed=True)]), encoding="utf-8")
    request, _ = read(path)
    assert (request.ok, request.failure, request.message) == (False, kind, said)


def test_the_hops_of_a_followed_redirect_are_left_out() -> None:
    rows = [row("GET /a"), row("GET /a-0"), row("GET /a-1"), row("GET /b-7"), step("s")]
    assert [sample.name for sample in samples(rows)] == ["GET /a", "GET /b-7", "s"]


def test_requests_that_the_end_of_the_test_cut_off_have_the_step_that_they_were_seen_in() -> None:
    rows = [row("a"), row("both"), step("one"), row("both"), step("two"), row("a"), row("both"), row("new", thread="k 1-1")]
    assert [brief(sample)[1:3] for sample in samples(rows)][-3:] == [("a", "one"), ("both", ""), ("new", "")]


def test_samples_come_while_the_file_is_written() -> None:
    given: list[str] = []

    def growing() -> Iterator[dict[str, str]]:
        for item in (row("a"), step("one"), row("b"), step("two")):
            given.append(item["label"])
            yield item

    found = samples(growing())
    assert next(found).name == "a"
    assert given == ["a", "one"]


def iteration(journey: str, thread: str, failed: bool = False) -> dict[str, str]:
    return step(f"iteration: {journey}", thread, failed)


def test_an_iteration_is_known_by_its_name_and_its_thread() -> None:
    rows = [
        row("GET /", thread="check out 2-1"),
        step("one", "check out 2-1"),
        row("stop here", "flow", "flow: stop here", "check out 2-1", failure=""),
        iteration("check out", "check out 2-1", failed=True),
        row("GET /", thread="other 1-1"),
        step("iteration: check out", "other 1-1"),
        iteration("other", "other 1-1"),
    ]
    found = list(samples(rows))
    assert [(s.kind, s.name, s.step, s.journey, s.ok) for s in found] == [
        ("request", "GET /", "one", "check out", True),
        ("step", "one", "", "check out", True),
        ("flow", "stop here", "", "check out", False),
        ("iteration", "check out", "", "check out", False),
        ("request", "GET /", "iteration: check out", "other", True),
        ("step", "iteration: check out", "", "other", True),
        ("iteration", "other", "", "other", True),
    ]
    assert (found[2].failure, found[2].message) == ("flow", "flow: stop here")


def test_a_failure_of_flow_inside_a_step_belongs_to_the_step() -> None:
    rows = [row("not so", "flow", "flow: not so", failure=""), step("one", failed=True), iteration("j", "j 1-1", failed=True)]
    assert [(s.kind, s.step) for s in samples(rows)] == [("flow", "one"), ("step", ""), ("iteration", "")]


def test_a_dropped_arrival_is_where_its_sample_ends() -> None:
    (found,) = samples([row("dropped: shop", "dropped", "5 iterations are running", "Arrivals of shop 2-1", failure="")])
    assert (found.kind, found.name, found.journey, found.started, found.elapsed) == ("dropped", "shop", "shop", 1790000000168, 0)


def test_an_attempt_that_was_retried_passed_whatever_its_assertions_said() -> None:
    sent_again = {**row("a", "503", "Busy", failure="status: expected 200, got 503"), "success": "true"}
    no_answer = {**row("a", "Non HTTP response code: java.net.SocketException", "reset"), "success": "true"}
    found = list(samples([sent_again, no_answer, row("a"), step("s")]))
    assert [(s.status, s.ok, s.message) for s in found[:3]] == [(503, True, ""), (0, True, ""), (200, True, "")]
