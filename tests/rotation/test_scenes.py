"""Which of the recorded requests the rotating application takes one for."""

from __future__ import annotations

import json
import re

import pytest
from recordings import BASE, Session
from rotation.client import CSRF, SID_1, SID_2, Client

from loadwright.compiler.rotation.player import Player
from loadwright.compiler.rotation.script import make_script


def test_parallel_requests_are_told_apart_by_the_values_they_carry() -> None:
    ids = ("a86559f4c12e", "b97660a5d23f")
    recorded = Session().add("GET", "/items", json=json.dumps([{"id": i} for i in ids]))
    for one in ids:
        recorded.add("GET", f"/items/{one}", json=json.dumps({"name": f"item {ids.index(one)}", "id": one}))
    client = Client(Player(make_script(recorded.entries)), "a")
    listed = [item["id"] for item in json.loads(client.send("GET", "/items").body)]
    for number in (1, 0):
        answer = json.loads(client.send("GET", f"/items/{listed[number]}").body)
        assert answer == {"name": f"item {number}", "id": listed[number]}


def test_assets_that_come_in_another_order_do_not_change_what_follows() -> None:
    """A page is sent for twice with the same token; each time its two pictures follow, side by side."""
    first, second = CSRF, SID_1
    page = '<img src=a.png><img src=b.png><input name=csrf value="{}">'
    recorded = Session().add("GET", "/", html=page.format(SID_2)).add("GET", "/a.png").add("GET", "/b.png")
    for given, use in ((first, "/apply"), (second, "/confirm")):
        recorded.add("POST", "/list", body=f"csrf={SID_2}", html=page.format(given)).add("GET", "/a.png").add("GET", "/b.png")
        recorded.add("POST", use, body=f"csrf={given.replace('+', '%2B')}", html="<p>Used")
    client = Client(Player(make_script(recorded.entries)), "a")

    def page_with_pictures(method: str, path: str, body: str | None = None) -> str:
        answer = client.send(method, path, body)
        for picture in ("/b.png", "/a.png"):
            client.send("GET", picture)
        found = re.search(r'value="([^"]*)"', answer.body.decode())
        assert found
        return found[1].replace("+", "%2B")

    token = page_with_pictures("GET", "/")
    for use in ("/apply", "/confirm"):
        given = page_with_pictures("POST", "/list", f"csrf={token}")
        assert client.send("POST", use, f"csrf={given}").status == 200


@pytest.mark.parametrize(("overlapping", "status"), [(True, 200), (False, 403)])
def test_a_request_sent_before_an_answer_has_the_cookie_of_before_it(overlapping: bool, status: int) -> None:
    given = [SID_1, SID_2, "gT2yNv7EbSJ5gRGVUXYW5uemcwt9lI00"]
    recorded = Session().add("GET", "/", html="<h1>Hi</h1>", received={"Set-Cookie": f"seen={given[0]}"})
    for path, value in (("/a", given[1]), ("/b", given[2])):
        late = overlapping and path == "/b"
        cookie = {"Cookie": f"seen={given[0] if late or path == '/a' else given[1]}"}
        recorded.add("POST", path, body="x=1", json="{}", sent=cookie, received={"Set-Cookie": f"seen={value}"}, overlapping=late)
    client = Client(Player(make_script(recorded.entries)), "a")
    client.send("GET", "/")
    before = dict(client.jar)
    client.send("POST", "/a", "x=1")
    client.jar = before  # as one that was sent beside the other
    assert client.send("POST", "/b", "x=1").status == status


def test_a_request_with_a_session_gets_no_answer_from_before_the_login() -> None:
    """The same request before and after a login: what overtakes it changes nothing."""
    cookie = {"Cookie": f"sid={SID_1}"}
    recorded = Session().add("GET", "/words", status=403, json="{}")
    recorded.add("POST", "/login", body="{}", sends="application/json", received={"Set-Cookie": f"sid={SID_1}; Path=/"})
    recorded.add("GET", "/words", json="[1]", sent=cookie)
    recorded.add("GET", "/fields", json="[2]", sent=cookie, overlapping=True)
    recorded.add("GET", "/words", json="[3]", sent=cookie)
    client = Client(Player(make_script(recorded.entries)), "a")
    client.send("POST", "/login", "{}")
    assert [client.send("GET", path).status for path in ("/fields", "/words", "/words")] == [200, 200, 200]


def test_of_alike_calls_the_one_side_by_side_with_the_last_is_meant() -> None:
    recorded = Session().add("GET", "/", html="<h1>Hi</h1>").add("GET", "/recent", json="[1]")
    recorded.add("POST", "/lint", body="x=1", json="{}", overlapping=True).add("GET", "/recent", json="[2]")
    client = Client(Player(make_script(recorded.entries)), "a")
    client.send("GET", "/")
    client.send("POST", "/lint", "x=1")  # it overtakes the other
    assert [client.send("GET", "/recent").body for _ in range(2)] == [b"[1]", b"[2]"]


def test_a_call_that_is_sent_again_gets_its_own_answer_again() -> None:
    """A page has an address that the server made: any segment may be it, but not the name of what was recorded there."""
    recorded = Session().add("GET", "/site/options", json='{"options": []}')
    recorded.add("POST", "/site/add", body="title=Notes", status=302, location="/site/notes-66928bae")
    recorded.add("GET", "/site/notes-66928bae", html="<h1>Page</h1>")
    client = Client(Player(make_script(recorded.entries)), "a")
    made = dict(client.send("POST", "/site/add", "title=Notes").headers)["Location"]
    for _ in range(2):
        assert json.loads(client.send("GET", "/site/options").body) == {"options": []}
    assert b"Page" in client.send("GET", made).body


def test_the_same_call_of_several_pages_is_told_apart_by_its_page() -> None:
    """A script of each page sends it; what only the browser put into its cookies says nothing."""
    recorded = Session()
    for page, cookie in (("one", "sid=1; tab=0"), ("two", "sid=1; tab=0"), ("three", "sid=1")):
        recorded.add("POST", "/news", body="output=ajax", json=f'["{page}"]', sent={"Referer": f"{BASE}/{page}", "Cookie": cookie})
    client = Client(Player(make_script(recorded.entries)), "a")
    client.jar["sid"] = "1"
    answers = [client.send("POST", "/news", "output=ajax", Referer=f"{BASE}/{page}").body for page in ("one", "two", "three")]
    assert answers == [b'["one"]', b'["two"]', b'["three"]']


@pytest.mark.parametrize("passwords", [("stand-in", "stand-in"), ("not this one", "Quay-4711!x"), ("Quay-4711!x", "not this one")])
def test_a_password_tells_no_log_in_from_another(passwords: tuple[str, str]) -> None:
    """The first one is refused, the second is not, whatever stands in for the two passwords."""
    recorded = Session().add("GET", "/login", html="<form>")
    recorded.add("POST", "/login", body="user=ann&password=not+this+one", html="<p>No.")
    recorded.add("POST", "/login", body="user=ann&password=Quay-4711%21x", html="<p>Yes.")
    client = Client(Player(make_script(recorded.entries)), "a")
    client.send("GET", "/login")
    answers = [client.send("POST", "/login", f"user=ann&password={one}").body for one in passwords]
    assert answers == [b"<p>No.", b"<p>Yes."]


def test_the_name_of_a_file_is_no_session_s() -> None:
    recorded = Session().add("GET", "/login", html="<form method=post action='/sp/saml2-acs.php/berths'>")
    recorded.add("POST", "/sp/saml2-acs.php/berths", body="x=1", html="<p>In.")
    client = Client(Player(make_script(recorded.entries)), "a")
    assert b"saml2-acs.php" in client.send("GET", "/login").body
    assert client.send("POST", "/sp/saml2-acs.php/berths", "x=1").status == 200
