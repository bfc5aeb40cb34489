"""Which entry follows which redirect; needs nothing."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from loadwright.compiler.recording.redirects import redirect_sources

Read = Callable[..., Any]
A = "https://a.test"


def test_a_chain_is_followed_entry_by_entry(read: Read, entry: Read) -> None:
    recording, _ = read(
        entry(0, 10, "GET", A + "/1", 302, location="2#part"),
        entry(11, 10, "GET", A + "/2", 303, location="https://b.test"),
        entry(22, 10, "GET", "https://b.test/"),
        entry(500, 10, "GET", "https://b.test/"),
    )
    assert redirect_sources(recording.entries) == {1: 0, 2: 1}


def test_a_post_that_leads_back_to_its_own_url_is_followed_once(read: Read, entry: Read) -> None:
    recording, _ = read(
        entry(0, 10, "POST", A + "/notes/1", 303, location="/notes/1"),
        entry(12, 10, "GET", A + "/notes/1"),
        entry(700, 10, "POST", A + "/notes/1", 303, location="/notes"),
        entry(712, 10, "GET", A + "/notes"),
    )
    assert redirect_sources(recording.entries) == {1: 0, 3: 2}


def test_a_request_long_after_a_redirect_does_not_follow_it(read: Read, entry: Read) -> None:
    recording, _ = read(entry(0, 10, "POST", A + "/a", 303, location="/b"), entry(5000, 10, "GET", A + "/b"))
    assert redirect_sources(recording.entries) == {}


def test_a_chain_that_seems_to_overlap_is_put_one_after_the_other(read: Read, entry: Read) -> None:
    recording, _ = read(
        entry(0, 500, "GET", A + "/1", 302, location="/2"),
        entry(1, 100, "GET", A + "/2", 302, location="/3"),
        entry(2, 50, "GET", A + "/3"),
    )
    assert [(e.index, e.started - 1_700_000_000_000, e.ended - 1_700_000_000_000) for e in recording.entries] == [
        (0, 0, 500),
        (1, 500, 600),
        (2, 600, 650),
    ]
