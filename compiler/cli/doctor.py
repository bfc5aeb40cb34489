"""`loadwright doctor`: which runtimes are there, and how to get those that are not."""

from __future__ import annotations

import re
from collections.abc import Sequence

from rich.console import Console
from rich.table import Table
from rich.text import Text

from loadwright.compiler.recorder import mitmdump
from loadwright.compiler.runtimes import pins
from loadwright.compiler.runtimes.install import install
from loadwright.compiler.runtimes.locate import Found, java, locate, probe

_HOW = {
    "jmeter": "fetched from Maven Central by mvn",
    "k6": "built from source by go, some minutes the first time",
    "mitmproxy": "fetched from PyPI by pip",
}
_TOOLS = {
    "java": "runs JMeter",
    "mvn": "installs JMeter",
    "go": "builds k6, 1.25 or later",
    "node": "not needed: checks the syntax of k6 scripts",
}


def doctor(names: Sequence[str], to_install: str | None) -> int:
    """Install what is asked for, show what is there; 1 when a runtime that was named is not usable."""
    console = Console(highlight=False)
    wanted = tuple(_HOW) if to_install == "all" else (to_install,) if to_install else ()
    for name in wanted:
        with console.status(f"installing {name}: {_HOW[name]}"):
            place = mitmdump.install() if name == "mitmproxy" else install(name)
        console.print(f"{name}: {place}", markup=False, soft_wrap=True)
    found = {**{name: locate(name) for name in pins.NAMES}, "mitmproxy": mitmdump.locate()}
    java_version = java()
    console.print(_table(found, java_version))
    unusable = [name for name in found if not _usable(found[name], java_version)]
    for name in unusable:
        console.print(f"to get {name}: {_way(name, java_version)}", markup=False)
    return 1 if set(unusable) & {"locust", *names, *wanted} else 0


def _usable(found: Found | None, java_version: str | None) -> bool:
    return found is not None and bool(found.version) and (found.name != "jmeter" or java_version is not None)


def _table(found: dict[str, Found | None], java_version: str | None) -> Table:
    table = Table(box=None, pad_edge=False, header_style="bold")
    for title in ("", "version", "state", "found in", "where"):
        table.add_column(title, overflow="fold")
    for name, runtime in found.items():
        if runtime is None:
            table.add_row(name, "–", Text("missing", style="yellow"), "", "")
        else:
            table.add_row(name, runtime.version or "–", _state(runtime), runtime.source, str(runtime.path))
    for tool, purpose in _TOOLS.items():
        version = java_version or "" if tool == "java" else _version(tool)
        table.add_row(
            tool, version or "–", "ok" if version else Text("missing", style="yellow"), "PATH" if version else "", purpose
        )
    return table


def _state(found: Found) -> Text:
    if not found.version:
        return Text("broken", style="red")
    if not found.is_pinned:
        return Text(f"usable, but {found.pinned} is what is tested", style="yellow")
    return Text("ok", style="green")


def _version(tool: str) -> str:
    text = probe(tool, "version" if tool == "go" else "--version")
    found = re.search(r"\d+\.\d+(?:\.\d+)?", text)
    return found.group() if found else ""


def _way(name: str, java_version: str | None) -> str:
    if name == "locust":
        return "install Loadwright again: it brings Locust along"
    if name == "jmeter" and java_version is None:
        return "install a Java runtime (17, for instance), then: loadwright doctor --install jmeter"
    if name == "mitmproxy":
        return 'needed to record: loadwright doctor --install mitmproxy, or pip install "loadwright[record]"'
    return f"loadwright doctor --install {name}, or set {'LOADWRIGHT_K6' if name == 'k6' else 'LOADWRIGHT_JMETER_HOME'}"
