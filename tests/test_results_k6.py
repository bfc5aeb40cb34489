"""Samples from k6's JSON output. Needs nothing but the lines below, which k6 2.2.0 wrote."""

from __future__ import annotations

from pathlib import Path

import pytest

from loadwright.compiler.results.k6 import read
from loadwright.compiler.results.model import Sample

TIME = "2026-11-22T03:16:53.118258966Z"
LINES = r"""
{"type":"Metric","data":{"name":"request_duration","type":"trend","contains":"time","thresholds":[],"submetrics":null},"metric":"request_duration"}
{"metric":"http_req_duration","type":"Point","data":{"time":"2026-11-22T03:16:53.2Z","value":1.5,"tags":{"name":"GET /","status":"200"}}}
{"metric":"dropped_iterations","type":"Point","data":{"time":"2026-11-22T03:16:53Z","value":1,"tags":{"scenario":"b"}}}
{"metric":"request_duration","type":"Point","data":{"time":"2026-11-22T03:16:53.118258966Z","value":20.25,"tags":{"group":"::Open","journey":"visit","name":"GET /","scenario":"a","status":"200","step":"Open, \"1\""}}}
{"metric":"request_duration","type":"Point","data":{"time":"2026-11-22T04:16:54.5+01:00","value":1500,"tags":{"name":"POST /x","status":"500","step":"Open"},"metadata":{"elapsed":"1500","message":"status: expected 200 to 399, got 500"}}}
{"metric":"request_failures","type":"Point","data":{"time":"2026-11-22T03:16:54.5Z","value":1,"tags":{"kind":"status","name":"POST /x","status":"500","step":"Open"},"metadata":{"elapsed":"1500","message":"status: expected 200 to 399, got 500"}}}
{"metric":"request_failures","type":"Point","data":{"time":"2026-11-22T03:16:55Z","value":1,"tags":{"kind":"network","name":"GET /y","status":"0","step":"Open"},"metadata":{"elapsed":"3","message":"network: EOF"}}}
{"metric":"request_failures","type":"Point","data":{"time":"2026-11-22T03:16:55Z","value":1,"tags":{"kind":"odd","name":"visit","status":"0"},"metadata":{"elapsed":"0","message":"odd: what no one wrote"}}}
{"metric":"step_duration","type":"Point","data":{"time":"2026-11-22T03:16:56Z","value":1520.25,"tags":{"group":"","step":"Open, \"1\""},"metadata":{"message":"network: EOF"}}}
{"metric":"step_duration","type":"Point","data":{"time":"2026-11-22T03:16:56Z","value":0,"tags":{"group":"","step":"Idle"}}}
{"metric":"request_retries","type":"Point","data":{"time":"2026-11-22T03:16:57Z","value":1,"tags":{"name":"GET /z","status":"0"},"metadata":{"elapsed":"12"}}}
{"metric":"flow_failures","type":"Point","data":{"time":"2026-11-22T03:16:57Z","value":1,"tags":{"journey":"visit","name":"no luck","step":"Idle"},"metadata":{"message":"flow: no luck","user":"3"}}}
{"metric":"journey_duration","type":"Point","data":{"time":"2026-11-22T03:16:57Z","value":500,"tags":{"journey":"visit","model":"open","scenario":"b"},"metadata":{"message":"flow: no luck"}}}
{"metric":"dropped_iterations","type":"Point","data":{"time":"2026-11-22T03:16:57Z","value":1,"tags":{"scenario":"b"}}}
{"metric":"dropped_iterations","type":"Point","data":{"time":"2026-11-22T03:16:57Z","value":9,"tags":{"scenario":"a"}}}
{"metric":"dropped_iterations","type":"Point","data":{"time":"2026-11-22T03:16:58Z","value":1,"tags":{"scenario":"c"}}}
""".lstrip()  # noqa: E501 (lines as k6 writes them)


def test_requests_and_steps_are_read_in_order_and_nothing_twice(tmp_path: Path) -> None:
    path = tmp_path / "k6.ndjson"
    path.write_text(LINES, encoding="utf-8")
    status = "status: expected 200 to 399, got 500"
    assert list(read(path)) == [
        Sample(kind="request", name="GET /", started=1795317413098, elapsed=20.25, status=200, step='Open, "1"', journey="visit"),
        Sample(
            kind="request",
            name="POST /x",
            started=1795317413000,
            elapsed=1500,
            status=500,
            ok=False,
            failure="status",
            message=status,
            step="Open",
        ),
        Sample(
            kind="request",
            name="GET /y",
            started=1795317414997,
            elapsed=3,
            ok=False,
            failure="network",
            message="network: EOF",
            step="Open",
        ),
        Sample(
            kind="request",
            name="visit",
            started=1795317415000,
            elapsed=0,
            ok=False,
            failure="script",
            message="odd: what no one wrote",
        ),
        Sample(
            kind="step",
            name='Open, "1"',
            started=1795317414480,
            elapsed=1520.25,
            ok=False,
            failure="network",
            message="network: EOF",
        ),
        Sample(kind="step", name="Idle", started=1795317416000, elapsed=0),
        Sample(kind="request", name="GET /z", started=1795317416988, elapsed=12),
        Sample(
            kind="flow",
            name="no luck",
            started=1795317417000,
            elapsed=0,
            ok=False,
            failure="flow",
            message="flow: no luck",
            step="Idle",
            journey="visit",
        ),
        Sample(kind="dropped", name="visit", started=1795317413000, elapsed=0, journey="visit"),
        Sample(
            kind="iteration",
            name="visit",
            started=1795317416500,
            elapsed=500,
            ok=False,
            failure="flow",
            message="flow: no luck",
            journey="visit",
        ),
        Sample(kind="dropped", name="visit", started=1795317417000, elapsed=0, journey="visit"),
        Sample(kind="dropped", name="c", started=1795317418000, elapsed=0, journey="c"),
    ]


def test_the_file_is_read_as_it_comes(tmp_path: Path) -> None:
    path = tmp_path / "k6.ndjson"
    path.write_text(LINES + '{"metric":"request_duration","type":"Point","data":{"ti', encoding="utf-8")
    samples = read(path)
    assert next(samples).name == "GET /"
    with pytest.raises(ValueError):
        list(samples)


def test_a_file_without_samples_gives_none(tmp_path: Path) -> None:
    (tmp_path / "k6.ndjson").write_text("")
    assert list(read(tmp_path / "k6.ndjson")) == []
