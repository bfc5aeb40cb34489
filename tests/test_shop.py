"""The demo shop accepts a journey done right, and refuses and counts every stale value. Needs the `demo` packages and httpx."""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
import threading
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from shop_browser import ADDRESS, Browser, counts, field

SHOP = Path(__file__).parent.parent / "examples" / "shop"
RECORDINGS = sorted((SHOP / "recordings").glob("*.har"))


@pytest.fixture
def origin(shop: str) -> str:
    httpx.post(f"{shop}/__reset").raise_for_status()
    return shop


@pytest.fixture
def browser(origin: str) -> Iterator[Browser]:
    with Browser(origin) as client:
        yield client


def assert_stale(origin: str, **kinds: int) -> None:
    seen = counts(origin)
    assert seen["stale_by_kind"] == kinds
    assert seen["stale"] == sum(kinds.values())


# --- checkout ---------------------------------------------------------------------------------------------------------


def test_the_journey_done_right_is_accepted_and_counted(origin: str, browser: Browser) -> None:
    browser.buy()
    seen = counts(origin)
    assert_stale(origin)
    assert seen["requests"]["POST /login"] == {"accepted": 1, "refused": 0, "soft": 0}
    assert seen["requests"]["GET /orders/{number}"] == {"accepted": 2, "refused": 0, "soft": 0}
    assert all(route["refused"] == 0 for route in seen["requests"].values())
    assert (seen["orders"], seen["gift_notes"], seen["logouts"]) == (1, 1, 1)
    assert seen["ordered_items"] == {"Blue kettle": 1}


def test_sessions_of_one_account_do_not_disturb_each_other(origin: str) -> None:
    errors: list[BaseException] = []

    def user() -> None:
        try:
            for _ in range(4):
                with Browser(origin) as client:
                    client.buy()
        except BaseException as error:
            errors.append(error)

    threads = [threading.Thread(target=user) for _ in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
    assert counts(origin)["orders"] == 20
    assert_stale(origin)


def test_the_session_id_changes_at_login_and_the_old_one_is_void(origin: str, browser: Browser) -> None:
    browser.get("/")
    before = browser.cookies["sid"]
    assert browser.log_in().status_code == 302
    assert browser.cookies["sid"] != before
    browser.cookies.set("sid", before, domain=urlsplit(origin).hostname or "")
    browser.get("/")
    assert_stale(origin, session=1)


def test_only_the_latest_rendering_of_a_form_has_a_valid_token(origin: str, browser: Browser) -> None:
    old = field(browser.get("/login"), "login")
    browser.get("/login")
    form = {"csrf": old, "username": "alice", "password": "wonderland-7"}
    assert browser.post("/login", data=form).status_code == 403
    browser.shop()
    page = f"/checkout?cart={browser.cart}"
    old_address, old_logout = (field(browser.get(page), form) for form in ("address", "logout"))
    browser.get(page)
    assert browser.post("/checkout", data={"csrf": old_address, "cart": browser.cart, **ADDRESS}).status_code == 403
    assert browser.post("/logout", data={"csrf": old_logout}).status_code == 403
    browser.check_out()
    old = field(browser.get(browser.order), "gift")
    browser.get(browser.order)
    assert browser.send_note(old).status_code == 403
    assert_stale(origin, csrf=4)


def test_a_form_token_of_another_session_or_form_is_refused(origin: str, browser: Browser) -> None:
    with Browser(origin) as other:
        foreign = field(other.get("/login"), "login")
    assert browser.log_in(csrf=foreign).status_code == 403
    browser.shop()
    browser.check_out()
    page = browser.get(browser.order)
    assert browser.send_note(field(page, "logout")).status_code == 403
    assert browser.send_note(field(page, "gift")).status_code == 303
    assert browser.send_note(field(page, "gift")).status_code == 403
    assert_stale(origin, csrf=3)


def test_a_form_without_a_token_is_refused_and_no_stale_value(origin: str, browser: Browser) -> None:
    assert browser.log_in(csrf="").status_code == 403
    assert counts(origin)["requests"]["POST /login"] == {"accepted": 0, "refused": 1, "soft": 0}
    assert_stale(origin)


def test_wrong_credentials_get_the_login_page_with_401(origin: str, browser: Browser) -> None:
    answer = browser.log_in(password="guess")
    assert (answer.status_code, field(answer, "login") != "") == (401, True)
    assert browser.log_in(username="mallory").status_code == 401
    assert_stale(origin)


def test_a_page_for_members_sends_strangers_to_the_login_page(browser: Browser) -> None:
    for path in ("/catalogue", "/checkout?cart=x", "/orders/1", "/welcome?ticket=x"):
        answer = browser.get(path)
        assert (answer.status_code, answer.headers["location"]) == (302, "/login")


def test_a_ticket_is_refused_when_foreign_or_used(origin: str, browser: Browser) -> None:
    with Browser(origin) as other:
        other.log_in("bob", "tinkerbell-42")
    browser.log_in()
    assert browser.get("/welcome", params={"ticket": other.ticket}).status_code == 403
    assert browser.post("/api/token", json={}, headers={"X-Ticket": other.ticket}).status_code == 401
    assert browser.take_token().status_code == 200
    assert browser.take_token().status_code == 401
    assert_stale(origin, ticket=3)


def test_a_bearer_token_is_refused_when_unknown_or_after_logout(origin: str, browser: Browser) -> None:
    assert browser.get("/api/items").status_code == 401
    assert_stale(origin)
    browser.shop()
    assert browser.log_out(browser.get("/catalogue")).status_code == 303
    for path in ("/api/items", "/api/items/itm_0", "/api/me"):
        answer = browser.get(path, headers=browser.api)
        assert (answer.status_code, answer.json()) == (401, {"error": "invalid_token"})
    assert_stale(origin, bearer=3)


def test_item_ids_and_their_order_belong_to_the_session(origin: str, browser: Browser) -> None:
    browser.shop()
    with Browser(origin) as other:
        other.shop()
        foreign, cart = other.item(), other.cart
    assert browser.get(f"/api/items/{foreign}", headers=browser.api).status_code == 404
    assert browser.add(foreign).status_code == 404
    answer = browser.see_cart(cart)
    assert (answer.status_code, answer.json()["errors"][0]["message"]) == (200, "cart not found")
    assert browser.get("/checkout", params={"cart": cart}).status_code == 404
    assert_stale(origin, item=2, cart=2)
    assert counts(origin)["requests"]["POST /graphql"] == {"accepted": 2, "refused": 1, "soft": 0}


def test_a_request_id_is_taken_once(origin: str, browser: Browser) -> None:
    browser.shop()
    request_id = str(uuid.uuid4())
    assert browser.add(browser.item(), request_id).status_code == 201
    assert browser.add(browser.item(), request_id).status_code == 409
    assert browser.add(browser.item(), "not-a-uuid").status_code == 400
    assert_stale(origin, request_id=1)


def test_a_time_more_than_five_minutes_off_is_refused(origin: str, browser: Browser) -> None:
    browser.shop()
    item = browser.item()
    assert [browser.add(item, age=age).status_code for age in (290, 310, -310)] == [201, 400, 400]
    assert_stale(origin, timestamp=2)


def test_an_order_is_seen_only_by_the_session_that_placed_it(origin: str, browser: Browser) -> None:
    with Browser(origin) as other:
        other.buy()
    browser.shop()
    assert browser.get(other.order).status_code == 404
    assert browser.get("/orders/12x").status_code == 404
    browser.check_out()
    assert browser.get("/checkout", params={"cart": browser.cart}).status_code == 404
    assert_stale(origin, order=2, cart=1)


def test_an_empty_gift_note_is_refused(origin: str, browser: Browser) -> None:
    browser.shop()
    browser.check_out()
    assert browser.send_note(field(browser.get(browser.order), "gift"), b"").status_code == 422
    assert counts(origin)["gift_notes"] == 0


# --- pkce -------------------------------------------------------------------------------------------------------------


def verifier_and_query(origin: str) -> tuple[str, dict[str, str]]:
    verifier = secrets.token_urlsafe(32)
    challenge = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).decode().rstrip("=")
    query = {"response_type": "code", "client_id": "members-page", "redirect_uri": f"{origin}/oauth/callback"}
    return verifier, query | {"state": secrets.token_urlsafe(8), "code_challenge": challenge, "code_challenge_method": "S256"}


def sign_in(client: httpx.Client, query: dict[str, str]) -> str:
    """The code that signing in gives."""
    client.get("/members")
    path = client.get("/oauth/authorize", params=query).headers["location"]
    form = {"csrf": field(client.get(path), "login"), "username": "bob", "password": "tinkerbell-42"}
    answer = client.post(path, data=form)
    sent = parse_qs(urlsplit(answer.headers["location"]).query)
    assert (answer.status_code, sent["state"]) == (302, [query["state"]])
    assert client.get(answer.headers["location"]).status_code == 200
    return sent["code"][0]


def redeem(client: httpx.Client, query: dict[str, str], code: str, verifier: str) -> httpx.Response:
    form = {"grant_type": "authorization_code", "client_id": "members-page", "redirect_uri": query["redirect_uri"]}
    return client.post("/oauth/token", data=form | {"code": code, "code_verifier": verifier})


def test_a_pkce_login_gives_a_token_for_the_member(origin: str, browser: Browser) -> None:
    verifier, query = verifier_and_query(origin)
    token = redeem(browser, query, sign_in(browser, query), verifier).json()["access_token"]
    bearer = {"Authorization": f"Bearer {token}"}
    assert browser.get("/api/me", headers=bearer).json()["username"] == "bob"
    assert browser.get("/api/items", headers=bearer).status_code == 403
    assert browser.post("/oauth/revoke", data={"token": token}).status_code == 200
    assert browser.get("/api/me", headers=bearer).status_code == 401
    assert counts(origin)["pkce_logins"] == 1


def test_a_code_is_good_once_and_only_with_its_verifier(origin: str, browser: Browser) -> None:
    verifier, query = verifier_and_query(origin)
    code = sign_in(browser, query)
    assert redeem(browser, query, code, verifier).status_code == 200
    assert redeem(browser, query, code, verifier).json() == {"error": "invalid_grant"}
    other, query = verifier_and_query(origin)
    answer = redeem(browser, query, sign_in(browser, query), verifier)
    assert (answer.status_code, answer.json()) == (400, {"error": "invalid_grant"})
    assert other != verifier
    assert_stale(origin, code=1, code_verifier=1)


def test_a_challenge_used_before_goes_back_as_an_error(origin: str, browser: Browser) -> None:
    _, query = verifier_and_query(origin)
    sign_in(browser, query)
    answer = browser.get("/oauth/authorize", params=query)
    assert answer.status_code == 302
    assert f"error=invalid_request&state={query['state']}" in answer.headers["location"]
    assert_stale(origin, code_challenge=1)


def test_a_sign_in_belongs_to_its_session_and_ends(origin: str, browser: Browser) -> None:
    _, query = verifier_and_query(origin)
    path = browser.get("/oauth/authorize", params=query).headers["location"]
    with Browser(origin) as other:
        assert other.get(path).status_code == 400
    form = {"csrf": field(browser.get(path), "login"), "username": "bob", "password": "wrong"}
    assert browser.post(path, data=form).status_code == 401
    assert browser.post(path, data=form).status_code == 403
    assert_stale(origin, interaction=1, csrf=1)


def test_an_address_that_is_not_the_clients_is_refused(origin: str, browser: Browser) -> None:
    _, query = verifier_and_query(origin)
    for address in ("http://evil.example/oauth/callback", f"{origin}/elsewhere", ""):
        assert browser.get("/oauth/authorize", params=query | {"redirect_uri": address}).status_code == 400


# --- soft failures and the recordings ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("mode", "media_type", "text"),
    [
        ("json-error", "application/json", '"status":"error"'),
        ("login-page", "text/html", 'type="password"'),
        ("wrong-type", "text/plain", "On the shelf"),
    ],
)
def test_a_soft_failure_is_a_200_that_is_none(origin: str, browser: Browser, mode: str, media_type: str, text: str) -> None:
    browser.log_in()
    good = browser.get("/catalogue")
    browser.post("/__soft", json={"mode": mode, "route": "GET /catalogue"}).raise_for_status()
    bad = browser.get("/catalogue")
    browser.post("/__soft", json={"mode": "off"}).raise_for_status()
    assert (good.status_code, good.headers["content-type"]) == (200, "text/html; charset=utf-8")
    assert (bad.status_code, bad.headers["content-type"].partition(";")[0]) == (200, media_type)
    assert text in bad.text
    assert browser.get("/catalogue").headers["content-type"] == good.headers["content-type"]
    assert counts(origin)["requests"]["GET /catalogue"] == {"accepted": 2, "refused": 0, "soft": 1}


def test_an_unknown_soft_failure_is_refused(browser: Browser) -> None:
    assert browser.post("/__soft", json={"mode": "json-error", "route": "GET /nowhere"}).status_code == 400
    assert browser.post("/__soft", json={"mode": "sometimes", "route": "GET /"}).status_code == 400


def entries(recording: Path) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(recording.read_bytes())["log"]["entries"]
    return found


def test_there_are_two_recordings_of_each_journey() -> None:
    assert [path.name for path in RECORDINGS] == ["checkout-1.har", "checkout-2.har", "pkce-1.har", "pkce-2.har"]
    assert sum(path.stat().st_size for path in RECORDINGS) < 1_500_000


@pytest.mark.parametrize("recording", RECORDINGS, ids=lambda path: path.stem)
def test_a_recording_is_whole(recording: Path) -> None:
    found = entries(recording)
    assert {urlsplit(entry["request"]["url"]).netloc for entry in found} == {"127.0.0.1:8765"}
    assert all(200 <= entry["response"]["status"] < 400 for entry in found)
    assert all("postData" in entry["request"] for entry in found if entry["request"]["method"] == "POST")


def send_again(browser: Browser, request: dict[str, Any]) -> httpx.Response:
    """Send a recorded request with the cookies of now."""
    url = request["url"].replace("http://127.0.0.1:8765", str(browser.base_url).rstrip("/"))
    dropped = ("cookie", "host")
    headers = {header["name"]: header["value"] for header in request["headers"] if header["name"].lower() not in dropped}
    body = request.get("postData", {}).get("text", "").encode()
    return browser.request(request["method"], url, headers=headers, content=body)


@pytest.mark.parametrize("recording", RECORDINGS, ids=lambda path: path.stem)
def test_a_recording_sent_again_word_for_word_does_not_get_through(origin: str, browser: Browser, recording: Path) -> None:
    refused = []
    for entry in entries(recording):
        answer = send_again(browser, entry["request"])
        if answer.status_code != entry["response"]["status"]:
            refused.append((entry["request"]["method"], urlsplit(entry["request"]["url"]).path, answer.status_code))
    seen = counts(origin)
    assert [seen[goal] for goal in ("orders", "gift_notes", "logouts", "pkce_logins")] == [0, 0, 0, 0]
    method, path, status = refused[0]
    if recording.stem.startswith("checkout"):
        assert (method, path, status) == ("POST", "/login", 403)
        assert seen["stale_by_kind"] == {"csrf": 1, "ticket": 1, "bearer": 4}
    else:
        assert (method, path.rpartition("/")[0], status) == ("GET", "/oauth/signin", 400)
        assert seen["stale_by_kind"] == {"interaction": 2, "code": 2, "bearer": 2}
