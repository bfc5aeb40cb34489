"""Every pattern of the tables finds the same on the real JMeter, Locust and k6: one start of each."""

from __future__ import annotations

import pytest
from conformance.server import Server
from conformance.tables import Row, load_tables, run_tables

from loadwright.compiler.plan.model import RegexSource
from loadwright.compiler.runtimes.pins import NAMES

TABLES = load_tables("regex")


@pytest.mark.parametrize("runtime", NAMES)
def test_every_pattern_finds_what_the_table_says(runtime: str, tmp_path_factory: pytest.TempPathFactory) -> None:
    documents = {
        name: (table["document"], [Row(RegexSource(pattern=case["pattern"]), case["found"]) for case in table["cases"]])
        for name, table in TABLES.items()
    }
    with Server() as server:
        found = run_tables(documents, runtime, server, tmp_path_factory.mktemp(runtime))
    wrong = []
    for name, table in TABLES.items():
        for case, values in zip(table["cases"], found[name], strict=True):
            wanted = case["found"]
            if (values[: len(wanted)] if case.get("first") else values) != wanted:
                wrong.append((name, case["pattern"], wanted, values))
    assert not wrong
