"""Grouping into steps; needs nothing but the files in data/."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from loadwright.compiler.recording.har import read_har
from loadwright.compiler.recording.model import Recording
from loadwright.compiler.recording.outline import outline
from loadwright.compiler.recording.select import select

Read = Callable[..., Any]
A = "https://a.test"


def steps(recording: Recording) -> list[tuple[str, tuple[tuple[int, ...], ...], int]]:
    return [(s.name, s.groups, s.think_before) for s in outline(recording, select(recording).kept)]


def fetch_metadata(user: bool, site: str = "same-origin") -> list[dict[str, str]]:
    found = {
        "Sec-Fetch-Dest": "document",
        "Sec-Fetch-Mode": "navigate",
        "Sec-Fetch-Site": site,
        **({"Sec-Fetch-User": "?1"} if user else {}),
    }
    return [{"name": name, "value": value} for name, value in found.items()]


@pytest.mark.parametrize(
    ("file", "expected"),
    [
        (
            "chrome.har",
            [("Open Welcome", ((1,), (0, 2), (10,), (11,)), 0), ("Submit login", ((15,), (16,)), 3700)],
        ),
        (
            "playwright.har",
            [
                ("Open Sign-in", ((0,), (1,)), 0),
                ("Submit Sign-in", ((3,), (4,)), 1500),
                ("Submit upload {id}", ((6,),), 1400),
            ],
        ),
        (
            "mitmproxy.har",
            [("Open /manager", ((1,), (2,), (3, 4), (5,)), 0), ("Submit manager save", ((6,),), 1900)],
        ),
        ("firefox.har", [("Open Intranet", ((0,),), 0), ("Submit upload", ((2,),), 2900)]),
        ("charles.har", [("Load rights", ((1,),), 0), ("Submit form", ((2,), (3,)), 1000), ("Submit files", ((4,),), 2000)]),
        (
            "handmade.har",
            [
                ("Load messages", ((0,),), 0),
                ("Send messages", ((1,),), 0),
                ("Send search", ((2,),), 0),
                ("Send both", ((3,),), 0),
                ("Load private", ((7,),), 0),
            ],
        ),
    ],
)
def test_steps_are_the_users_actions(data: Path, file: str, expected: object) -> None:
    assert steps(read_har(data / file)[0]) == expected


def test_calls_after_a_pause_are_a_step_of_their_own(read: Read, entry: Read) -> None:
    recording, _ = read(
        entry(0, 100, "GET", A + "/app"),
        entry(150, 50, "GET", A + "/api/items", kind="xhr"),
        entry(2200, 30, "POST", A + "/api/items", kind="xhr"),
        entry(2260, 30, "GET", A + "/api/items/17", kind="xhr"),
    )
    assert steps(recording) == [("Open app", ((0,), (1,)), 0), ("Send items", ((2,), (3,)), 2000)]


def test_only_requests_that_all_overlap_are_parallel(read: Read, entry: Read) -> None:
    recording, _ = read(
        entry(0, 50, "GET", A + "/"),
        entry(60, 10, "GET", A + "/1", kind="xhr"),
        entry(65, 100, "GET", A + "/2", kind="xhr"),
        entry(80, 20, "GET", A + "/3", kind="xhr"),
        entry(166, 5, "GET", A + "/4", kind="xhr"),
    )
    assert [groups for _, groups, _ in steps(recording)] == [((0,), (1, 2), (3,), (4,))]


def test_what_follows_the_answer_to_a_change_is_not_parallel_with_it(read: Read, entry: Read) -> None:
    changed, other = entry(60, 500, "PATCH", A + "/1", 204, kind="xhr"), entry(700, 500, "PATCH", A + "/2", 204, kind="xhr")
    changed["timings"] = other["timings"] = {"wait": 35, "receive": 465}
    loaded = entry(1300, 500, "GET", A + "/3", kind="xhr")
    loaded["timings"] = {"wait": 35, "receive": 465}
    recording, _ = read(
        entry(0, 50, "GET", A + "/"),
        changed,
        entry(160, 100, "GET", A + "/1", kind="xhr"),
        other,
        entry(720, 100, "GET", A + "/news", kind="xhr"),
        loaded,
        entry(1400, 100, "GET", A + "/4", kind="xhr"),
    )
    assert [groups for _, groups, _ in steps(recording)] == [((0,), (1,), (2,), (3, 4), (5, 6))]


def test_what_a_late_redirect_leads_to_is_never_parallel_with_it(read: Read, entry: Read) -> None:
    recording, _ = read(
        entry(0, 50, "GET", A + "/"),
        entry(60, 40, "GET", A + "/old", 302, kind="xhr", location="/new"),
        entry(61, 30, "GET", A + "/new", kind="xhr"),
    )
    assert [groups for _, groups, _ in steps(recording)] == [((0,), (1,), (2,))]


def test_a_page_that_a_script_opens_stays_in_the_step(read: Read, entry: Read) -> None:
    recording, _ = read(
        entry(0, 100, "GET", A + "/start", headers=fetch_metadata(True, "none")),
        entry(3000, 100, "POST", A + "/saml", headers=fetch_metadata(True)),
        entry(3300, 100, "POST", A + "/acs", headers=fetch_metadata(False, "cross-site")),
        entry(3500, 100, "GET", A + "/inside", headers=fetch_metadata(True)),
    )
    assert steps(recording) == [("Open start", ((0,),), 0), ("Submit saml", ((1,), (2,)), 2900), ("Open inside", ((3,),), 100)]


def test_a_page_that_opens_right_after_a_sent_call_stays_in_the_step(read: Read, entry: Read) -> None:
    recording, _ = read(
        entry(0, 100, "GET", A + "/login"),
        entry(2000, 100, "POST", A + "/api/session", kind="xhr"),
        entry(2120, 100, "GET", A + "/home"),
    )
    assert steps(recording) == [("Open login", ((0,),), 0), ("Open home", ((1,), (2,)), 1900)]


def test_late_pictures_stay_with_their_page_and_do_not_shorten_the_pause(read: Read, entry: Read) -> None:
    recording, _ = read(
        entry(0, 100, "GET", A + "/list"),
        entry(3000, 100, "GET", A + "/lazy.png", kind="image"),
        entry(6100, 100, "GET", A + "/next"),
    )
    assert steps(recording) == [("Open list", ((0,), (1,)), 0), ("Open next", ((2,),), 6000)]


def test_a_beacon_belongs_to_the_step_that_leaves_the_page(read: Read, entry: Read) -> None:
    recording, _ = read(
        entry(0, 100, "GET", A + "/edit"),
        entry(600, 50, "POST", A + "/api/save", kind="xhr"),
        entry(1300, 200, "POST", A + "/unlock", kind="ping"),
        entry(1302, 100, "GET", A + "/list"),
    )
    assert steps(recording) == [("Open edit", ((0,), (1,)), 0), ("Open list", ((2,), (3,)), 700)]


def test_a_new_page_of_the_recording_begins_a_step(read: Read, entry: Read) -> None:
    recording, _ = read(entry(0, 10, "GET", A + "/1", kind="xhr", page="p1"), entry(20, 10, "GET", A + "/2", kind="xhr", page="p2"))
    assert [groups for _, groups, _ in steps(recording)] == [((0,),), ((1,),)]


def test_a_long_poll_does_not_hide_the_pauses(read: Read, entry: Read) -> None:
    recording, _ = read(
        entry(0, 100, "GET", A + "/chat"),
        entry(200, 60_000, "GET", A + "/poll", kind="xhr"),
        entry(5000, 50, "POST", A + "/message", kind="xhr"),
    )
    assert steps(recording) == [("Open chat", ((0,), (1,)), 0), ("Send message", ((2,),), 4900)]


def test_static_assets_that_are_left_out_still_count_as_loading(read: Read, entry: Read) -> None:
    recording, _ = read(
        entry(0, 100, "GET", A + "/"),
        entry(150, 900, "GET", A + "/big.png", kind="image"),
        entry(1100, 10, "GET", A + "/api/after", kind="xhr"),
    )
    found = outline(recording, select(recording, static="drop").kept)
    assert [step.groups for step in found] == [((0,), (2,))]


# --- names ------------------------------------------------------------------------------------------------------------


def test_names_hold_no_values_and_no_typed_text(read: Read, entry: Read) -> None:
    form = {"mimeType": "application/x-www-form-urlencoded", "text": "title=Secret+plan&tok=a1b2c3d4e5f6"}
    recording, _ = read(
        entry(0, 10, "GET", A + "/", text="<title>Start - Site</title>"),
        entry(2000, 10, "POST", A + "/posts", 302, post=form, location="/posts/4711"),
        entry(2020, 10, "GET", A + "/posts/4711", text="<title>Secret plan - Site</title>"),
        entry(4000, 10, "GET", A + "/posts/4711", text="<title>Secret plan - Site</title>"),
        entry(6000, 10, "GET", A + "/t/wjIEdjip2i6qNQPSn-2FwueRs7", text="<title>Order 99812 - Site</title>"),
    )
    assert [name for name, _, _ in steps(recording)] == ["Open Start", "Submit posts", "Open posts {id}", "Open t {id}"]


def test_names_are_unique_and_without_characters_of_scripts(read: Read, entry: Read) -> None:
    title = '<title>A ${x} {{y}} "q" `b` \\ &lt;i&gt; &amp; c\n\x00d</title>'
    recording, _ = read(
        entry(0, 10, "GET", A + "/", text=title),
        entry(2000, 10, "GET", A + "/", text=title),
        entry(4000, 10, "GET", A + "/2", text=title.replace("&amp; c", "")),
    )
    assert [name for name, _, _ in steps(recording)] == [
        "Open A x y q b i & c d",
        "Open A x y q b i & c d (2)",
        "Open A x y q b i d",
    ]


def test_an_operation_names_a_step_that_shares_its_path_with_others(read: Read, entry: Read) -> None:
    graphql = {"mimeType": "application/json", "text": '{"operationName": "AddToCart", "query": "mutation..."}'}
    ajax = {"mimeType": "application/x-www-form-urlencoded", "text": "action=inline-save&id=5"}
    override = {"mimeType": "application/x-www-form-urlencoded", "text": "_method=delete"}
    recording, _ = read(
        entry(0, 10, "POST", A + "/graphql", kind="xhr", post=graphql),
        entry(2000, 10, "POST", A + "/wp-admin/admin-ajax.php", kind="xhr", post=ajax),
        entry(4000, 10, "POST", A + "/issues/5", post=override),
    )
    assert [name for name, _, _ in steps(recording)] == ["Send AddToCart", "Send admin-ajax inline-save", "Delete issues {id}"]


def test_what_a_script_sends_at_every_turn_names_no_step_that_has_something_else(read: Read, entry: Read) -> None:
    where = {"mimeType": "application/json", "text": '{"last_page": "x"}'}
    turns = ("articles", "articles/5", "tickets", "tickets/8", "tickets/9", "tickets/10")
    recording, _ = read(
        entry(0, 10, "GET", A + "/admin", text="<title>Loading...</title>"),
        *(
            made
            for n, turn in enumerate(turns, 1)
            for made in (
                entry(2000 * n, 10, "GET", f"{A}/items/{turn}", kind="xhr"),
                entry(2000 * n + 20, 10, "PATCH", A + "/me/page", kind="xhr", post=where),
            )
        ),
        entry(20_000, 10, "PATCH", A + "/me/page", kind="xhr", post=where),
    )
    assert [name for name, _, _ in steps(recording)] == [
        "Open admin",
        "Load articles",
        "Load articles {id}",
        "Load tickets",
        "Load tickets {id}",
        "Load tickets {id} (2)",
        "Load tickets {id} (3)",
        "Update page",
    ]


def test_the_renewal_of_a_token_names_no_step_that_has_something_else(read: Read, entry: Read) -> None:
    renewal = {"mimeType": "application/x-www-form-urlencoded", "text": "grant_type=refresh_token&refresh_token=r1"}
    recording, _ = read(
        entry(0, 10, "GET", A + "/app", text="<title>Loading...</title>"),
        entry(2000, 10, "POST", A + "/token", kind="xhr", post=renewal),
        entry(2020, 10, "GET", A + "/items?search=lamp", kind="xhr"),
        entry(9000, 10, "POST", A + "/token", kind="xhr", post=renewal),
    )
    assert [name for name, _, _ in steps(recording)] == ["Open app", "Load items", "Send token"]


def test_what_three_pages_are_called_names_none_of_them(read: Read, entry: Read) -> None:
    page = "<title>Clinic</title>"
    paths = ("/owners/find", "/owners/new", "/visits/new")
    recording, _ = read(*(entry(n * 2000, 10, "GET", A + path, text=page) for n, path in enumerate(paths)))
    assert [name for name, _, _ in steps(recording)] == ["Open find", "Open owners new", "Open visits new"]
    recording, _ = read(*(entry(n * 2000, 10, "GET", A + path, text=page) for n, path in enumerate(paths[:2])))
    assert [name for name, _, _ in steps(recording)] == ["Open Clinic", "Open Clinic (2)"]


def test_calls_of_one_page_are_told_apart_by_the_part_they_come_from(read: Read, entry: Read) -> None:
    def call(at: int, part: str) -> Any:
        post = {"mimeType": "application/x-www-form-urlencoded", "text": f"jakarta.faces.source={part}&form=form"}
        return entry(at, 10, "POST", A + "/app/orders.xhtml", kind="xhr", post=post, text="<partial-response/>", mime="text/xml")

    recording, _ = read(call(0, "form%3Aadd"), call(4000, "form%3Aorders%3A0%3Aedit"))
    assert [name for name, _, _ in steps(recording)] == ["Send orders add", "Send orders edit"]
