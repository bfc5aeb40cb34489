"""Which values look made, fresh ones of the same kind, and their places in every encoding."""

from __future__ import annotations

import base64
import html
import re
import uuid
from collections.abc import Callable
from random import Random
from urllib.parse import quote, quote_plus

import pytest
from hypothesis import given
from hypothesis import strategies as st
from recordings import Session

from loadwright.compiler.rotation.made import fresh, looks_made
from loadwright.compiler.rotation.observe import observe
from loadwright.compiler.rotation.pieces import Place, cut, holds, join

TOKEN = "ur1x+EvqNy9/wuYPhINaOCPm1RQ=="
MADE = [
    "7718939",
    "itm_a86559f4c12e",
    "wt:scStyDgHFTbpdDsUyNMa7Tsk",
    "8578cc6a-4a00-4a96-8b0b-01c686dbd982",
    "B51CEFE4FA0452AA782A2F59",
    "a1b2c3d4e5",
    TOKEN,
]


@pytest.mark.parametrize("value", MADE)
def test_what_a_machine_made_looks_so(value: str) -> None:
    assert looks_made(value)


@pytest.mark.parametrize(
    "value",
    [
        "1003",
        "alice",
        "checkout-page-2",
        "wp-comments-post.php",
        "step2.html",
        "saml2-acs.php",
        "fa-solid-900.woff2",
        "authorization_code",
        "2026-11-25T10:00:00Z",
        "application/x-www-form-urlencoded",
        "20261125",
        "86400",
        "604800",
        "2592000000",
        "00000000-0000-0000-0000-000000000000",
    ],
)
def test_words_dates_and_short_numbers_do_not(value: str) -> None:
    assert not looks_made(value)


@pytest.mark.parametrize("value", MADE)
def test_a_fresh_value_is_another_of_the_same_form(value: str) -> None:
    other = fresh(value, Random("seed"))
    assert other != value
    assert len(other) == len(value)
    assert [c if not c.isalnum() else "" for c in other] == [c if not c.isalnum() else "" for c in value]
    assert re.search("[g-z]", other) is None or re.search("[g-z]", value) is not None
    assert other.isdigit() == value.isdigit()
    assert fresh(value, Random("seed")) == other


def test_a_fresh_uuid_keeps_version_and_variant() -> None:
    value = str(uuid.UUID(int=0x1234567890ABCDEF, version=4))
    other = uuid.UUID(fresh(value, Random("x")))
    assert (other.version, other.variant) == (4, uuid.RFC_4122)


def test_a_fresh_jwt_has_the_same_header() -> None:
    jwt = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJhbGljZSJ9.WTi82QCGxUO2HEitTWnNi7NC97DQ"
    other = fresh(jwt, Random("x"))
    assert other != jwt
    assert other.split(".")[:2] == jwt.split(".")[:2]


ENCODINGS: dict[str, Callable[[str], str]] = {
    "plain": str,
    "url": lambda v: quote(v, safe=""),
    "url, slashes kept": quote,
    "lower-case url": lambda v: re.sub("%..", lambda m: m[0].lower(), quote(v, safe="")),
    "form": quote_plus,
    "twice url": lambda v: quote(quote(v, safe=""), safe=""),
    "html": lambda v: html.escape(v).replace("+", "&#43;").replace("/", "&#x2F;"),
    "json": lambda v: v.replace("/", "\\/").replace("+", "\\u002B").replace("=", "\\u003d"),
    "base64": lambda v: base64.b64encode(f"id={v};".encode()).decode(),
    "base64url without padding": lambda v: base64.urlsafe_b64encode(f"id={v};?>".encode()).decode().rstrip("="),
}


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_every_encoded_form_changes_with_the_value(encoding: str) -> None:
    encode = ENCODINGS[encoding]
    now = fresh(TOKEN, Random("y"))
    pieces = cut(f"before {encode(TOKEN)} after", [TOKEN])
    assert join(pieces, {TOKEN: now}.__getitem__) == f"before {encode(now)} after"
    assert join(pieces, str) == f"before {encode(TOKEN)} after"


def test_a_view_state_of_twenty_thousand_characters_changes_in_any_encoding() -> None:
    value = base64.b64encode(Random("view state").randbytes(15_000)).decode()
    now = fresh(value, Random("now"))
    for encode in (ENCODINGS["plain"], ENCODINGS["form"], ENCODINGS["html"], ENCODINGS["json"]):
        pieces = cut(f'value="{encode(value)}"', [value])
        assert join(pieces, {value: now}.__getitem__) == f'value="{encode(now)}"'


def test_a_short_number_is_found_as_a_whole_only() -> None:
    assert holds("/orders/77189/pay", "77189")
    assert holds("next=%2Forders%2F77189", "77189")
    assert not any(holds(text, "77189") for text in ("1.77189", "a77189", "771890", "77189.5"))


def test_of_overlapping_values_the_longest_is_taken() -> None:
    pieces = cut("x=abc12345def67890", ["abc12345", "abc12345def67890"])
    assert [p.value for p in pieces if isinstance(p, Place)] == ["abc12345def67890"]


@given(st.text(max_size=200), st.sampled_from(MADE))
def test_a_text_without_change_is_joined_as_it_was(text: str, value: str) -> None:
    for whole in (text, f"{text}{value}{text}"):
        assert join(cut(whole, MADE), str) == whole


def test_what_a_field_is_named_after_is_the_applications() -> None:
    field, token = "hashed[c47d187067c6cf953245f128b5fde62a]", "c47d187067c6cf953245f128b5fde62a"
    page = f'<form><input name="{field}" value="{token}"><input name=csrf value="{TOKEN}"></form>'
    sent = f"{quote(field)}={token}&csrf={quote(TOKEN, safe='')}"
    recorded = Session().add("GET", "/edit", html=page).add("POST", "/save", body=sent, html="<p>Saved")
    assert [value.text for value in observe(recorded.entries)] == [TOKEN]


def test_hexadecimal_of_some_length_is_made_whatever_letters_come_together() -> None:
    assert looks_made("1abcdefabcdef012")
    assert looks_made("90abcdeffedc")
    assert not any(map(looks_made, ("feedface2", "deadbeefcafe", "facade12")))
    drawn = Random("hexadecimal")
    assert all(looks_made("".join(drawn.choices("0123456789abcdef", k=16))) for _ in range(20_000))


def test_what_a_plan_captures_is_made_anew_whatever_it_looks_like() -> None:
    def recorded(value: str) -> Session:
        page = f'<form><input name=ticket value="{value}"></form>'
        return Session().add("GET", "/edit", html=page).add("POST", "/save", body=f"ticket={value}", html="<p>Saved")

    for value, is_made in (("MorningTrain7", True), ("morning", False), ("gate5", False), ("0.16666666666666666", False)):
        entries = recorded(value).entries
        assert observe(entries) == []
        assert [v.text for v in observe(entries, captured={value})] == ([value] if is_made else [])
    elsewhere = recorded("MorningTrain7").entries
    assert observe(elsewhere, [recorded("MorningTrain7").entries], {"MorningTrain7"}) == []  # it is the application's own


def test_an_entity_tag_that_a_plan_captures_is_made_anew_though_it_is_a_moment() -> None:
    moment = "2026-11-27T20:40:27.825Z"
    body = f'--b1\r\nContent-Type: application/http\r\n\r\nDELETE Orders(4) HTTP/1.1\r\nIf-Match: W/"{moment}"\r\n\r\n--b1--'
    made = Session().add("POST", "/batch", body="{}", json=f'{{"@odata.etag": "W/\\"{moment}\\""}}')
    entries = made.add("POST", "/batch", body=body, sends="multipart/mixed", json="{}").entries
    assert observe(entries) == []
    assert [v.text for v in observe(entries, captured={f'W/"{moment}"'})] == [moment]


def test_what_the_client_made_up_is_the_sessions_though_a_later_recording_lists_it_still() -> None:
    def noted(word: str, *listed: str) -> Session:
        recorded = Session().add("POST", "/notes", body=f"title=Pump+leaks+{word}")
        return recorded.add("GET", "/notes", html="".join(f"<p>Pump leaks {one}" for one in listed))

    first, second = noted("f05fa879ab", "f05fa879ab"), noted("77ab12cd9e", "f05fa879ab", "77ab12cd9e")
    assert [(v.text, v.by_server) for v in observe(first.entries, [second.entries])] == [("f05fa879ab", False)]


def test_a_cookie_that_files_bring_too_is_the_sessions() -> None:
    given = {"Set-Cookie": "sid=4fa729f8-082a-4d23-8616-bdd1a844fac5; Path=/"}
    sent = {"Cookie": "sid=4fa729f8-082a-4d23-8616-bdd1a844fac5"}
    recorded = Session().add("GET", "/", html="<p>Hi</p>", received=given)
    recorded.add("GET", "/site.js", script="run()", sent=sent, received=given).add("GET", "/notes", html="<p>None", sent=sent)
    assert [(v.text, v.by_server) for v in observe(recorded.entries)] == [("4fa729f8-082a-4d23-8616-bdd1a844fac5", True)]


def test_what_the_client_sent_before_may_come_back_in_a_script() -> None:
    recorded = Session().add("POST", "/tables", body="name=boats_1b99cbda", json="{}")
    recorded.add("GET", "/state.js", script='state = {"label": "boats_1b99cbda"}')
    recorded.add("POST", "/save", body="row=1", json='{"sql": "UPDATE public.boats_1b99cbda SET"}')
    recorded.add("POST", "/history", sends="application/json", body='{"query": "UPDATE public.boats_1b99cbda SET"}', json="{}")
    assert [(v.text, v.by_server) for v in observe(recorded.entries)] == [("boats_1b99cbda", False)]


def test_a_page_whose_script_asks_for_what_it_lists_did_not_make_it() -> None:
    def listed(word: str, *shown: str) -> Session:
        page = "<ul>" + "".join(f"<li>{one}</li>" for one in shown) + "</ul>"
        session = (
            Session().add("POST", "/lists", body=f"name={word}", status=302, location="/lists").add("GET", "/lists", html=page)
        )
        for one in shown:
            session.add("GET", f"/activity/{one}", json="[]")
        return session

    first, second = listed("f05fa879ab", "f05fa879ab"), listed("77ab12cd9e", "f05fa879ab", "77ab12cd9e")
    assert [(v.text, v.by_server) for v in observe(first.entries, [second.entries])] == [("f05fa879ab", False)]
    typed = listed("f05fa879ab", "f05fa879ab")
    assert observe(first.entries, [typed.entries]) == [], "what both clients send first is the journey's"
