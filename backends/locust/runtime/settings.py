"""Settings: what the environment, files and secrets give."""

# Locust's decorators and gevent are untyped; an ignore at each place would be copied.
# mypy: disable-error-code="import-untyped, no-untyped-call, untyped-decorator"

from __future__ import annotations

import csv
import logging
import math
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import Any

from locust import events
from locust.env import Environment
from locust.exception import StopUser
from locust.runners import MasterRunner

HERE = Path(__file__).resolve().parent
MISSING_SECRETS: list[str] = []
logger = logging.getLogger(__name__)


def target(name: str, url: str) -> str:
    """The URL of a server; the environment variable LOADWRIGHT_TARGET_<name> wins."""
    return (os.environ.get(f"LOADWRIGHT_TARGET_{name}") or url).rstrip("/")


def secret(variable: str) -> str:
    """A value that only the environment knows; see `require_secrets`."""
    value = os.environ.get(variable, "")
    if not value:
        MISSING_SECRETS.append(variable)
    return value


@events.init.add_listener
def require_secrets(environment: Environment, **_: Any) -> None:
    """End with exit code 2, before any request, when a secret is missing."""
    if MISSING_SECRETS and not isinstance(environment.runner, MasterRunner):
        variables = ", ".join(MISSING_SECRETS)
        logger.error("a secret is missing: set the environment variable %s", variables)
        sys.exit(2)


def unless(name: str, iterations: int) -> float:
    """A number of iterations; without end when LOADWRIGHT_<name> is set."""
    return math.inf if os.environ.get(f"LOADWRIGHT_{name}") else iterations


def setting(name: str, planned: float) -> float:
    """A number of the load; the environment variable LOADWRIGHT_<name> wins."""
    return float(os.environ.get(f"LOADWRIGHT_{name}") or planned)


def read_file(path: str) -> bytes:
    """The bytes of a file beside this one."""
    return (HERE / path).read_bytes()


class Rows:
    """The rows of a CSV file, shared by all users of this process."""

    def __init__(self, path: str, *, shuffle: bool = False, recycle: bool = True):
        with open(HERE / path, encoding="utf-8-sig", newline="") as file:
            rows = list(csv.DictReader(file, restval=""))
        self._rows = self._sequence(rows, shuffle, recycle)

    @staticmethod
    def _sequence(
        rows: list[dict[str, str]], shuffle: bool, recycle: bool
    ) -> Iterator[dict[str, str]]:
        while rows:
            if shuffle:
                Random().shuffle(rows)
            yield from rows
            if not recycle:
                return

    def next(self) -> dict[str, str]:
        """The next row; without one, the user stops."""
        row = next(self._rows, None)
        if row is None:
            raise StopUser
        return row
