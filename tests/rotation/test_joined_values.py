"""Values that are parts of others, requests that nothing but their order tells, and recordings whose entries are not in order."""

from __future__ import annotations

import json
from base64 import b64encode
from dataclasses import replace

from recordings import Session
from rotation.client import Client

from loadwright.compiler.recording.model import RecordedRequest
from loadwright.compiler.rotation.observe import observe
from loadwright.compiler.rotation.player import Player
from loadwright.compiler.rotation.script import make_script

FIRST, SECOND = "043a417d73cca93d03432ff8b6e13d36", "v6fBbNhwBC5yYnOC"
GLOBAL = b64encode(b"Payment:76653").decode()


def test_of_two_values_in_one_each_is_made_anew_and_the_pair_of_them() -> None:
    target = f"/go?form_key={FIRST}%7C{SECOND}"
    session = Session().add("GET", "/", status=302, location=target).add("GET", target, html="<p>Go</p>")
    session.add("GET", f"/pay?code={FIRST}", json="{}")
    assert {value.text for value in observe(session.entries)} == {FIRST, SECOND}
    client = Client(Player(make_script(session.entries), "7"), "a")
    location = dict(client.send("GET", "/").headers)["Location"]
    assert client.send("GET", location).status == 200
    code = location.partition("=")[2].partition("%7C")[0]
    assert client.send("GET", f"/pay?code={code}").status == 200


def test_a_number_that_stands_in_base64_is_the_one_that_is_sent_alone() -> None:
    session = Session().add("POST", "/graphql", body="{}", sends="application/json", json=json.dumps({"id": GLOBAL}))
    session.add("GET", f"/node?id={GLOBAL.replace('=', '%3D')}", json="{}").add("GET", "/payments/76653/pdf", json="{}")
    assert [value.text for value in observe(session.entries)] == ["76653"]


def test_a_first_request_to_another_host_is_of_the_session_that_it_follows() -> None:
    state = "5n4SyH3SJAmjuFtpVqi6Hu"
    code = "ViTs3Y6GuJQcDZLvG1blkhd0Ed05v4sS"
    session = Session().add("GET", "/", html="<p>Home</p>", received={"Set-Cookie": f"sid={FIRST}; Path=/"})
    session.add("GET", f"http://login.test/authorize?state={state}", status=302, location=f"http://shop.test/cb?code={code}")
    session.add("GET", f"/cb?code={code}", html="<p>In</p>", sent={"Cookie": f"sid={FIRST}"})
    player = Player(make_script(session.entries), "7")
    client = Client(player, "a")
    client.send("GET", "/")
    asked = RecordedRequest("GET", "http://login.test/authorize?state=8kR2vLxT4mQz7WnB1cYdPs", ())
    location = dict(player.answer(asked, "login.test:80", "b").headers)["Location"]
    assert client.send("GET", "/" + location.split("/", 3)[3]).status == 200
    assert len(player.ledger.sessions) == 1


def test_requests_side_by_side_without_a_cookie_are_of_one_session() -> None:
    left, right = "2ac66971-3a76-4107-aa85-50f7a8e6cc94", "0147653b-7912-4741-bc05-e87cbb221c96"
    session = Session().add("GET", "/left", json=json.dumps({"id": left})).add("GET", "/right", json=json.dumps({"id": right}))
    first, second = session.entries
    session.entries[1] = replace(second, started=first.started + 1)
    session.add("POST", f"/panes/{left}/link", body=json.dumps({"to": right}), sends="application/json", json="{}")
    player = Player(make_script(session.entries), "7")
    at_once = [Client(player, "a"), Client(player, "b")]
    given = [json.loads(client.send("GET", path).body)["id"] for client, path in zip(at_once, ("/left", "/right"), strict=True)]
    linked = at_once[0].send("POST", f"/panes/{given[0]}/link", json.dumps({"to": given[1]}))
    assert (linked.status, len(player.ledger.sessions)) == (200, 1)


def test_entries_that_a_file_has_in_another_order_are_played_as_they_were_sent() -> None:
    session = Session().add("GET", "/cfg", json='{"a": 1}').add("GET", "/cfg", status=304)
    first, second = session.entries
    session.entries = [replace(second, index=0), replace(first, index=1)]
    client = Client(Player(make_script(session.entries), "7"), "a")
    assert [client.send("GET", "/cfg").status, client.send("GET", "/cfg").status] == [200, 304]
