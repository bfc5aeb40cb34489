"""Fixtures of several modules here."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from conformance.server import Server
from locust_support import Ask


@pytest.fixture(scope="module")
def ask() -> Iterator[Ask]:
    script = Path(__file__).parent.parent / "cases" / "locust" / "answer.py"
    with subprocess.Popen([sys.executable, str(script)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:

        def answer(function: str, *arguments: object, **fields: object) -> dict[str, Any]:
            print(json.dumps({"function": function, "arguments": arguments, **fields}), file=process.stdin, flush=True)
            found: dict[str, Any] = json.loads(process.stdout.readline())  # type: ignore[union-attr]
            return found

        yield answer


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with Server() as running:
        yield running
