"""Numbers and codes that are shown in groups and sent without the marks, with zeros before them, joined, or in a line of pieces."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from recordings import Session, imported, proved, sent, verdicts

from loadwright.compiler.agents.importing import Imported

TOKEN = "116708df9a9d48cf4693"


def asked(html: str, path: str) -> Imported:
    return imported(Session().add("GET", "/quote", html=f"<h1>Quote</h1>{html}").add("GET", path, html="<h1>Found</h1>"))


@pytest.mark.parametrize(
    ("shown", "typed"),
    [
        ("<h2>Quote 5215 3280</h2>", "52153280"),
        ("<p>Your confirmation number is 741-062-929.</p>", "741062929"),
        ("<p>Code <kbd>QDSJ-KX4G-XJ6F</kbd></p>", "qdsjkx4gxj6f"),
    ],
)
def test_what_is_shown_in_groups_is_sent_without_the_marks(shown: str, typed: str) -> None:
    result = asked(shown, f"/find?number={typed}")
    assert proved(result)
    assert typed not in str(sent(result, 1).url)
    assert "replace" in str(sent(result, 1).url)


def test_groups_that_are_a_date_or_a_phone_number_with_a_plus_are_none() -> None:
    result = asked("<p>Since 2026-11-26, call +49-741-062-929</p>", "/find?on=20261126&tel=741062929")
    assert "replace" not in str(sent(result, 1).url)


@pytest.mark.parametrize(("ours", "theirs"), [("2,123.08", "8,238.48"), ("2.123,08", "8.238,48")])
def test_an_amount_of_money_that_two_recordings_show(ours: str, theirs: str) -> None:
    def session(shown: str, name: str) -> Session:
        plain = f"{''.join(filter(str.isdigit, shown))[:-2]}.{shown[-2:]}"
        recorded = Session(name).add("GET", "/quote", html=f"<h1>Quote</h1><p>Annual premium: <b>&pound;{shown}</b></p>")
        return recorded.add("POST", "/buy", body=f"amount={plain}", html="<h1>Done</h1>")

    result = imported(session(ours, "one.har"), session(theirs, "two.har"))
    assert proved(result)
    assert [verdict for verdict, _ in verdicts(result)] == ["extract"]


def padded(number: int, order: int, zeros: str, name: str) -> Session:
    """A number is shown, sent with zeros before it, and an order told with zeros and sent without."""
    recorded = Session(name).add("GET", "/customer", html=f"<h1>Customer</h1><script>set({{'kunnr': {number}}})</script>")
    recorded.add(
        "POST", "/rpc", body=json.dumps({"k": f"{zeros}{number}"}), sends="application/json", json=f'{{"v": "000{order}"}}'
    )
    return recorded.add("GET", f"/order?no={order}", html="<h1>Order</h1>")


def test_numbers_that_packages_fill_up_with_zeros() -> None:
    result = imported(padded(72737, 3262411, "00000", "one.har"), padded(74388, 6717898, "00000", "two.har"))
    assert proved(result)
    assert "72737" not in str(sent(result, 1).body)
    assert [verdict for verdict, _ in verdicts(result)] == ["extract", "extract"]


def test_zeros_that_are_more_for_a_shorter_number_are_no_literals() -> None:
    result = imported(padded(72737, 3262411, "00000", "one.har"), padded(743881, 6717898, "0000", "two.har"))
    assert "00000" not in str(sent(result, 1).body)


def test_a_token_in_a_line_of_pieces_is_counted_by_the_marks() -> None:
    session = Session().add("POST", "/trip", body="from=7", script=f"OK|476296|{TOKEN}|0")
    entry = session.entries[0]
    session.entries[0] = replace(entry, response=replace(entry.response, media_type="text/plain"))
    result = imported(session.add("GET", f"/parts?t={TOKEN}", json="[]"))
    assert proved(result)
    assert [verdict for verdict, _ in verdicts(result)] == ["extract"]
    assert TOKEN not in str(sent(result, 1).url)


def test_a_number_that_a_script_joins_with_a_token() -> None:
    def session(tenant: str, number: int, name: str) -> Session:
        recorded = Session(name).add(
            "POST", "/docs", body="{}", sends="application/json", json=json.dumps({"tenant": tenant, "no": number})
        )
        return recorded.add("POST", "/print", body=json.dumps({"key": f"{tenant}-{number}"}), sends="application/json", json="{}")

    result = imported(session("ema722at", 362920, "one.har"), session("3qef87sm", 732233, "two.har"))
    assert proved(result)
    assert "362920" not in str(sent(result, 1).body)
