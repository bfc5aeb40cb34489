"""How several processes share the tests: what takes longest comes first, so that they end at about the same time."""

from __future__ import annotations

import re

import pytest
from xdist.remote import Producer  # type: ignore[import-untyped]
from xdist.scheduler import LoadScopeScheduling  # type: ignore[import-untyped]

_FIRST = (
    *("tests/conformance/", "tests/end_to_end/", "tests/backends/", "tests/test_cli_run.py"),
    *("tests/rotation/", "tests/sources/", "tests/recorder/", "tests/fuzz/", "tests/language/"),
)
"""What starts runtimes, and what draws many examples."""
_BY_RUNTIME = re.compile(r"(tests/conformance/test_conformance\.py)::.*\[(\w+)-")


class Sharing(LoadScopeScheduling):  # type: ignore[misc]
    """The tests of a file stay in one process; those of conformance, in one for each runtime."""

    def __init__(self, config: pytest.Config, log: Producer | None = None) -> None:
        super().__init__(config, log)
        config.option.loadscopereorder = False  # the number of a file's tests says little about their time

    def _split_scope(self, nodeid: str) -> str:
        by_runtime = _BY_RUNTIME.match(nodeid)
        return f"{by_runtime[1]}[{by_runtime[2]}" if by_runtime else nodeid.partition("::")[0]


def place(item: pytest.Item) -> int:
    """Where a test stands in the order of all."""
    return next((number for number, path in enumerate(_FIRST) if item.nodeid.startswith(path)), len(_FIRST))
