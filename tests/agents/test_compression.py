"""Answers that came compressed are asked for so again: what the server and the network do is a part of the load."""

from __future__ import annotations

import pytest
from recordings import Session, imported, proved

from loadwright.compiler.plan.model import Header
from loadwright.compiler.plan.template import template

BROWSER = {"User-Agent": "Any/1.0", "Accept-Encoding": "gzip, deflate, br, zstd"}


@pytest.mark.parametrize("coding", ["gzip", "br", "zstd"])
def test_compression_is_asked_for_in_the_way_that_all_know(coding: str) -> None:
    session = Session().add("GET", "/", html="<title>Shop</title>", sent=BROWSER, received={"Content-Encoding": coding})
    result = imported(session.add("GET", "/basket", html="<title>Basket</title>", sent=BROWSER))
    assert result.plan.defaults.headers[1:] == (Header(name="Accept-Encoding", value=template("gzip")),)
    assert proved(result)


def test_what_came_as_it_is_is_asked_for_so() -> None:
    result = imported(Session().add("GET", "/", html="<title>Shop</title>", sent=BROWSER))
    assert [h.name for h in result.plan.defaults.headers] == ["User-Agent"]
