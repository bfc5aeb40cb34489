"""The command lines that start the runtimes on an emitted test."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

from loadwright.compiler.results.locust import LISTENER
from loadwright.compiler.runtimes.locate import Found, quiet_environment
from loadwright.compiler.runtimes.process import Command

RAW_NAMES = {"k6": "k6.ndjson", "locust": "locust.ndjson", "jmeter": "jmeter.jtl"}
"""The raw samples' file in the results folder."""
LOG_NAME = "runtime.log"
JMETER_LOG = "jmeter.log"
"""What JMeter and its scripts say stands there."""
SHARD_VARIABLE = "LOADWRIGHT_SHARD"
"""Tells which part of a load this process is; k6 is told by options of its own."""
SAMPLES_VARIABLE = "LOADWRIGHT_SAMPLES"
"""Tells Locust's listener where to write samples."""


JAVA_VARIABLE = "JVM_ARGS"
"""Holds further options for Java, as for JMeter's own start script; they stand behind ours, so that they win."""
_BRIEF_JAVA = ("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC")
"""A start of JMeter takes half of the processor's time without its second compiler."""


def command(found: Found, script: Path, results: Path, settings: Mapping[str, str], brief: bool = False) -> Command:
    """How to start a runtime on its script; `settings` are the `LOADWRIGHT_…` variables of this run.

    Paths are made absolute; the working folder is the script's, so that data files are found beside it. A `brief` run is one of
    few requests, which is over before code is worth optimizing.
    """
    start = _COMMANDS[found.name](found, script.absolute(), results.absolute(), settings)
    if brief and found.name == "jmeter":
        return replace(start, argv=(start.argv[0], *_BRIEF_JAVA, *start.argv[1:]))
    return start


_TAGS = (
    *("proto", "subproto", "status", "method", "name", "group", "check", "error", "error_code", "tls_version", "scenario"),
    *("service", "expected_response"),
)
"""k6's own tags but for the URL, which may have a token or password in it."""


def _k6(found: Found, script: Path, results: Path, settings: Mapping[str, str]) -> Command:
    raw = results / RAW_NAMES["k6"]
    share = _segment(settings.get(SHARD_VARIABLE, "1/1"))
    argv = (
        str(found.path),
        "run",
        "--quiet",
        "--no-color",
        *share,
        f"--system-tags={','.join(_TAGS)}",
        "--out",
        f"json={raw}",
        script.name,
    )
    return Command(argv, script.parent, {**quiet_environment(), **settings}, raw, results / LOG_NAME, frozenset({0, 99}))


def _segment(shard: str) -> tuple[str, ...]:
    """k6's own options for the part of a load: `2/3`."""
    part, parts = map(int, shard.split("/"))
    if parts == 1:
        return ()
    ends = ["0", *(f"{end}/{parts}" for end in range(1, parts)), "1"]
    return ("--execution-segment", f"{ends[part - 1]}:{ends[part]}", "--execution-segment-sequence", ",".join(ends))


def _locust(found: Found, script: Path, results: Path, settings: Mapping[str, str]) -> Command:
    raw = results / RAW_NAMES["locust"]
    argv = (sys.executable, "-m", "locust", "-f", f"{script.name},{LISTENER}", "--headless", "--only-summary", "--loglevel", "INFO")
    environment = {**quiet_environment(), **settings, SAMPLES_VARIABLE: str(raw)}
    return Command(argv, script.parent, environment, raw, results / LOG_NAME, frozenset({0, 1, 3}))


_STACK = "-Xss2m"
"""JSON of 200 levels takes most of Java's own megabyte before it is compiled, and a user whose stack is full ends in silence."""
_QUICKER = ("-Dlog4j2.disableJmx=true", "-Dgroovy.antlr4.cache.threshold=1000000")
"""Nobody looks at the log through JMX; and Groovy's parser forgets what it learned after each 64th script, unless it is told."""
_SAVED = {
    "jmeter.save.saveservice.output_format": "csv",
    "jmeter.save.saveservice.print_field_names": "true",
    "jmeter.save.saveservice.timestamp_format": "ms",
    "jmeter.save.saveservice.default_delimiter": ",",
    "jmeter.save.saveservice.assertion_results_failure_message": "true",
    "jmeter.save.saveservice.autoflush": "true",
    "jmeter.save.saveservice.subresults": "false",
    "jmeter.save.saveservice.url": "false",  # it may have a token or password in it
    "jsr223.compiled_scripts_cache_size": "10000",  # with more scripts than this, each would be compiled again and again
    "jmeterengine.nongui.port": "0",
    "jmeterengine.force.system.exit": "true",
}
"""What the reader of the results needs, whatever `user.properties` says, and a timely end."""


def _jmeter(found: Found, script: Path, results: Path, settings: Mapping[str, str]) -> Command:
    raw = results / RAW_NAMES["jmeter"]
    properties = {**_SAVED, **settings}
    argv = (
        *("java", "-Xms256m", "-Xmx1g", _STACK, "-XX:MaxMetaspaceSize=256m", "-Djava.security.egd=file:/dev/urandom"),
        *_QUICKER,
        *os.environ.get(JAVA_VARIABLE, "").split(),
        *("-jar", str(found.path / "bin" / "ApacheJMeter.jar"), "-n"),
        *("-t", script.name, "-l", str(raw), "-j", str(results / JMETER_LOG)),
        *(f"-J{name}={value}" for name, value in properties.items()),
    )
    return Command(argv, script.parent, {**os.environ, **settings}, raw, results / LOG_NAME, frozenset({0}))


_COMMANDS: dict[str, Callable[[Found, Path, Path, Mapping[str, str]], Command]] = {"k6": _k6, "locust": _locust, "jmeter": _jmeter}
