"""Cases about rows of data: orders, sharing, ends, JSON files."""

from __future__ import annotations

from dataclasses import replace

from conformance.case import (
    SEED,
    Case,
    Value,
    Wire,
    column,
    fn,
    form,
    form_wire,
    generator,
    request,
    step,
    t,
)

from loadwright.compiler.plan.model import DataSource, Request
from loadwright.compiler.plan.random import Generator


def _seen(*parts: Value, name: str = "seen") -> Request:
    return request(("GET", t("/", *parts)), name=name)


def _wire(target: str, cookie: str | None = None) -> Wire:
    return Wire("GET", target, {"Cookie": cookie})


_ROWS = b"id,name\n1,ann\n2,bob\n3,cy\n4,di\n"
_IDS = ("1", "2", "3", "4")
_JSON_ROWS = """[
  {"id": 12345678901234567890, "name": "ann \\"a\\" ${x}", "tags": ["x", 1.50], "gone": null},
  {"id": 1.50, "name": "\\u6f22\\n", "tags": {"k": "v w"}, "gone": true}
]"""


def _source(name: str, **more: str) -> DataSource:
    return DataSource.model_validate({"name": name, "path": f"{name}.csv", "columns": ("id", "name"), **more})


def _row(name: str, **more: str) -> Case:
    """A case whose iterations send the user and the row that they have."""
    return Case(
        name,
        [_seen("row/", fn("user"), "/", column(f"{name}_rows", "id"))],
        [],
        data=[_source(f"{name}_rows", **more)],
        files={f"{name}_rows.csv": _ROWS},
        unordered=True,
    )


def _permutation(source: str) -> list[str]:
    return Generator(f"{SEED}:data:{source}").shuffled(_IDS)


_PER_USER = [
    replace(
        _row("data_per_user", rows="per user"),
        expected=[_wire(f"/row/{user}/{_IDS[i % 4]}") for user in (1, 2) for i in range(5)],
        users=2,
        iterations=5,
    ),
    replace(
        _row("data_per_user_stop", rows="per user", on_end="stop"),
        expected=[_wire(f"/row/{user}/{row}") for user in (1, 2) for row in _IDS],
        users=2,
        iterations=6,
        runs=8,
        rounds=8,
    ),
    replace(
        _row("data_per_user_shuffled", rows="per user", order="shuffled"),
        expected=[_wire(f"/row/{user}/{row}") for user in (1, 2) for row in _permutation("data_per_user_shuffled_rows")],
        users=2,
        iterations=4,
    ),
    replace(
        _row("data_unique", rows="unique per user"),
        expected=[_wire(f"/row/{user}/{user}") for user in (1, 2, 3) for _ in range(2)],
        users=3,
        iterations=2,
    ),
    replace(
        _row("data_unique_stop", rows="unique per user", on_end="stop"),
        expected=[_wire(f"/row/{user}/{user}") for user in (1, 2, 3, 4) for _ in range(2)],
        users=6,
        iterations=2,
        runs=8,
        rounds=8,
    ),
    replace(
        _row("data_unique_recycle", rows="unique per user"),
        expected=[_wire(f"/row/{user}/{(user - 1) % 4 + 1}") for user in range(1, 7)],
        users=6,
    ),
    replace(
        _row("data_unique_shuffled", rows="unique per user", order="shuffled"),
        expected=[
            _wire(f"/row/{user}/{_permutation('data_unique_shuffled_rows')[(user - 1) % 4]}") for user in (1, 2, 3, 4) for _ in "ab"
        ],
        users=4,
        iterations=2,
    ),
    Case(
        "data_unique_in_setup",
        [_seen("work/", column("ds_rows", "name"))],
        [_wire(f"/{what}/{name}") for what in ("login", "work", "work", "logout") for name in ("ann", "bob")],
        users=2,
        iterations=2,
        setup=[step("data_unique_in_setup", "in", _seen("login/", column("ds_rows", "name"), name="in"))],
        teardown=[step("data_unique_in_setup", "out", _seen("logout/", column("ds_rows", "name"), name="out"))],
        data=[_source("ds_rows", rows="unique per user")],
        files={"ds_rows.csv": _ROWS},
        unordered=True,
        runs=8,
    ),
]

_ORDERS = [
    Case(
        "data_json",
        [
            request(
                "POST /row",
                body=form(*((name, column("dj_rows", name)) for name in ("id", "name", "tags"))),
            )
        ],
        [
            form_wire("/row", ("id", "12345678901234567890"), ("name", 'ann "a" ${x}'), ("tags", '["x",1.50]')),
            form_wire("/row", ("id", "1.50"), ("name", "\u6f22\n"), ("tags", '{"k":"v w"}')),
            form_wire("/row", ("id", "12345678901234567890"), ("name", 'ann "a" ${x}'), ("tags", '["x",1.50]')),
        ],
        iterations=3,
        data=[DataSource(name="dj_rows", path="rows/dj.json", format="json", columns=("id", "name", "tags"))],
        files={"rows/dj.json": _JSON_ROWS.encode()},
    ),
    Case(
        "data_drawn",
        [_seen(column("dd_two", "id"), "/", column("dd_one", "id"), "/", column("dd_two", "name"), "/", fn("random", "1", "1000"))],
        [
            _wire(f"/{two}/{one}/{('ann', 'bob', 'cy', 'di')[two - 1]}/{random.integer(1, 1000)}")
            for iteration in range(6)
            for random in [generator("data_drawn", 0, iteration)]
            for one in [random.integer(1, 4)]
            for two in [random.integer(1, 4)]
        ],
        iterations=6,
        data=[_source("dd_one", order="random"), _source("dd_two", order="random", on_end="stop")],
        files={"dd_one.csv": _ROWS, "dd_two.csv": _ROWS},
    ),
    Case(
        "data_shuffled",
        [_seen("row/", column("dh_rows", "id"))],
        [_wire(f"/row/{row}") for row in _permutation("dh_rows") * 2],
        iterations=8,
        data=[_source("dh_rows", order="shuffled")],
        files={"dh_rows.csv": _ROWS},
    ),
    Case(
        "data_per_run_of_two_users",
        [_seen("row/", column("dr_rows", "id"))],
        [_wire(f"/row/{row}") for row in _IDS],
        users=2,
        iterations=4,
        data=[_source("dr_rows", on_end="stop")],
        files={"dr_rows.csv": _ROWS},
        unordered=True,
        runs=4,
        rounds=4,
    ),
]


CASES = [*_PER_USER, *_ORDERS]
