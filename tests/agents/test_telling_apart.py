"""Different requests of a step have different names; what differs between two recordings as an amount is the user's."""

from __future__ import annotations

from recordings import Session, imported, proved

from loadwright.compiler.agents.apply.telling_apart import told_apart
from loadwright.compiler.plan.model import Parallel, Request
from loadwright.compiler.plan.template import Reference, template


def asking(query: str, *more: Reference) -> Request:
    return Request(name="GET /items", method="GET", target="app", url=template(f"/items{query}", *more))


def test_requests_are_called_after_what_only_they_ask_for() -> None:
    first, second = asking("?limit=25&sort=id"), asking("?aggregate[count]=id&sort=id")
    third = asking("?limit=25&page=", Reference(name="page"))
    done = told_apart((first, Parallel(requests=(second, first)), third, asking("?sort=id")))
    assert isinstance(done[1], Parallel)
    told = [*(r for r in done if isinstance(r, Request)), *done[1].requests]
    assert [r.name for r in told] == [
        "GET /items",
        "GET /items page",
        "GET /items (4)",
        "GET /items aggregate[count]",
        "GET /items",
    ]


def test_a_request_that_is_repeated_keeps_its_name() -> None:
    assert told_apart((asking("?a=1"), asking("?a=1"))) == (asking("?a=1"), asking("?a=1"))


def ordered(amount: int) -> Session:
    session = Session().add("GET", "/things", json='[{"amount": 3}, {"amount": 5}]')
    return session.add("POST", "/orders", body=f'{{"amount": {amount}, "kind": 1}}', sends="application/json", json='{"ok": true}')


def test_an_amount_that_the_second_recording_has_otherwise_is_the_users() -> None:
    result = imported(ordered(3), ordered(5))
    assert [(v.name, v.value.literal) for v in result.plan.variables] == [("amount", "3")]
    assert proved(result)
    assert imported(ordered(3)).plan.variables == ()
