"""Every path of the JSONPath tables finds the same on the real JMeter, Locust and k6: one start of each."""

from __future__ import annotations

import pytest
from conformance.server import Server
from conformance.tables import Row, load_tables, run_tables

from loadwright.compiler.plan.model import JsonSource
from loadwright.compiler.runtimes.pins import NAMES

TABLES = load_tables("jsonpath")


@pytest.mark.parametrize("runtime", NAMES)
def test_every_path_finds_what_the_table_says(runtime: str, tmp_path_factory: pytest.TempPathFactory) -> None:
    documents = {}
    for name, table in TABLES.items():
        rows = [Row(JsonSource(path=c["path"]), [v for v in c["found"] if v is not None]) for c in table["cases"]]
        documents[name] = (table["document"], rows)
    with Server() as server:
        found = run_tables(documents, runtime, server, tmp_path_factory.mktemp(runtime))
    wrong = [
        (name, row.source, row.found, values)
        for name, (_, rows) in documents.items()
        for row, values in zip(rows, found[name], strict=True)
        if values != list(row.found)
    ]
    assert not wrong
