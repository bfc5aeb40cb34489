"""The rotating application without a network: who gets what, and what is refused."""

from __future__ import annotations

import base64
import hashlib
import json
from dataclasses import replace
from urllib.parse import urlsplit
from urllib.request import HTTPCookieProcessor, build_opener

import pytest
from recordings import BASE, Session
from rotation.client import CSRF, SID_1, SID_2, Client, reason

from loadwright.compiler.recording.model import RecordedRequest, SocketMessage
from loadwright.compiler.recording.sockets import traffic
from loadwright.compiler.rotation.player import Answer, Player
from loadwright.compiler.rotation.script import make_script
from loadwright.compiler.rotation.server import RotatingServer

ORDER = "7718939"


def shop() -> Session:
    recorded = Session()
    recorded.add("GET", "/", html="<h1>Shop</h1>", received={"Set-Cookie": f"sid={SID_1}; Path=/; Secure; Domain=shop.test"})
    cookie = {"Cookie": f"sid={SID_1}"}
    recorded.add("GET", "/login", html=f'<input name="csrf" value="{CSRF.replace("+", "&#43;")}">', sent=cookie)
    recorded.add(
        "POST",
        "/login",
        status=302,
        body=f"csrf={CSRF.replace('+', '%2B')}&user=alice",
        sent=cookie,
        location=f"/orders/{ORDER}",
        received={"Set-Cookie": f"sid={SID_2}; Path=/"},
    )
    recorded.add("GET", f"/orders/{ORDER}", json=f'{{"order": {ORDER}, "list": [1003]}}', sent={"Cookie": f"sid={SID_2}"})
    return recorded


@pytest.fixture
def player() -> Player:
    return Player(make_script(shop().entries), "7")


def test_a_client_that_takes_its_values_from_the_answers_is_accepted(player: Player) -> None:
    client = Client(player, "a")
    client.send("GET", "/")
    assert client.jar["sid"] != SID_1
    csrf = client.csrf()
    assert csrf != CSRF
    answer = client.log_in(csrf)
    location = dict(answer.headers)["Location"]
    assert location.startswith("/orders/")
    assert location != f"/orders/{ORDER}"
    page = json.loads(client.send("GET", location).body)
    assert page == {"order": int(location.rpartition("/")[2]), "list": [1003]}
    assert [e.accepted for e in player.log] == [True] * 4


def test_cookies_are_fit_for_plain_http_on_this_machine(player: Player) -> None:
    answer = Client(player, "a").send("GET", "/")
    (cookie,) = [value for name, value in answer.headers if name == "Set-Cookie"]
    assert cookie.partition("; ")[2] == "Path=/"


def test_recorded_values_are_refused_wherever_they_stand(player: Player) -> None:
    client = Client(player, "a")
    client.send("GET", "/")
    assert reason(client.log_in(CSRF)) == "recorded"
    assert reason(client.send("GET", f"/orders/{ORDER}")) == "recorded"
    assert reason(client.send("GET", "/login", Referer=f"{BASE}/orders/{ORDER}")) == "recorded"
    client.jar["sid"] = SID_1
    assert reason(client.send("GET", "/login")) == "recorded"


def test_a_missing_value_is_refused(player: Player) -> None:
    client = Client(player, "a")
    client.send("GET", "/")
    client.csrf()
    assert reason(client.send("POST", "/login", "user=bob")) == "missing"
    client.jar.clear()
    assert reason(client.send("GET", "/login")) == "missing"


def test_the_cookie_of_before_the_login_is_stale_after_it(player: Player) -> None:
    client = Client(player, "a")
    client.send("GET", "/")
    before = dict(client.jar)
    location = dict(client.log_in(client.csrf()).headers)["Location"]
    client.jar = before
    assert reason(client.send("GET", location)) == "stale"


def test_a_second_post_makes_the_first_order_stale(player: Player) -> None:
    client = Client(player, "a")
    client.send("GET", "/")
    csrf = client.csrf()
    first = dict(client.log_in(csrf).headers)["Location"]
    second = dict(client.log_in(csrf).headers).get("Location")
    assert second
    assert second != first
    assert reason(client.send("GET", first)) == "stale"
    assert client.send("GET", second).status == 200


def test_sessions_have_their_own_values_and_no_others(player: Player) -> None:
    alice, bob = Client(player, "a"), Client(player, "b")
    for client in (alice, bob):
        client.send("GET", "/")
    tokens = [alice.csrf(), bob.csrf()]
    assert alice.jar != bob.jar
    assert tokens[0] != tokens[1]
    assert reason(bob.log_in(tokens[0])) == "foreign"
    assert bob.log_in(tokens[1]).status == 302


def test_a_new_iteration_on_the_same_connection_is_a_new_session(player: Player) -> None:
    for _ in range(3):
        client = Client(player, "one connection")
        client.send("GET", "/")
        location = dict(client.log_in(client.csrf()).headers)["Location"]
        assert client.send("GET", location).status == 200
    assert [e.session for e in player.log] == [1] * 4 + [2] * 4 + [3] * 4


def test_the_same_requests_and_seed_give_the_same_bytes_and_another_seed_others() -> None:
    def played(seed: str) -> list[Answer]:
        client = Client(Player(make_script(shop().entries), seed), "a")
        first = [client.send("GET", "/")]
        csrf = client.csrf()
        return [*first, client.log_in(csrf)]

    assert played("7") == played("7")
    assert played("7") != played("8")


def test_what_was_not_recorded_is_told(player: Player) -> None:
    answer = Client(player, "a").send("GET", "/other")
    assert answer.status == 404
    assert json.loads(answer.body)["refused"] == "unknown"


def test_a_second_recording_shows_what_the_application_fixes() -> None:
    key = "pk_live_4f8a1c2e9b7d6053"

    def recorded(order: str) -> Session:
        session = Session()
        session.add("GET", "/", html=f'<div data-key="{key}"><a href="/orders/{order}">')
        return session.add("GET", f"/orders/{order}?key={key}", json="{}")

    one = make_script(recorded("77189").entries)
    two = make_script(recorded("77189").entries, [recorded("66123").entries])
    assert {v.text for v in one.rotated()} == {key, "77189"}
    assert {v.text for v in two.rotated()} == {"77189"}


def test_what_the_client_makes_is_given_back_and_pkce_is_checked() -> None:
    verifier, state = "ZOhrR4TwJUiDn3CIbegs2aIDLaCPJOBD4dnqrwsr8sY", "3dlc9h38nmtENOhDh1nNjw"

    def challenge(of: str) -> str:
        return base64.urlsafe_b64encode(hashlib.sha256(of.encode()).digest()).decode().rstrip("=")

    def start(of: str, with_state: str) -> str:
        return f"/authorize?state={with_state}&code_challenge={challenge(of)}&code_challenge_method=S256"

    recorded = Session()
    code = "w2Ff60kfQ6OKe4SonMqbDdWKSVPHBCTx"
    recorded.add("GET", start(verifier, state), status=302, location=f"/callback?code={code}&state={state}")
    recorded.add("POST", "/token", body=f"code={code}&code_verifier={verifier}", json="{}")
    client = Client(Player(make_script(recorded.entries)), "a")
    location = dict(client.send("GET", start("x" * 43, "mine-0123456789")).headers)["Location"]
    assert location.endswith("&state=mine-0123456789")
    fresh = location.partition("code=")[2].partition("&")[0]
    assert fresh != code
    assert reason(client.send("POST", "/token", f"code={fresh}&code_verifier={verifier}")) == "pkce"
    assert client.send("POST", "/token", f"code={fresh}&code_verifier={'x' * 43}").status == 200


def test_a_page_that_the_browser_took_from_its_cache_has_its_type() -> None:
    (entry,) = Session().add("GET", "/", html="<h1>Shop</h1>").entries
    entry = replace(entry, response=replace(entry.response, headers=(("ETag", 'W/"13c"'),), media_type="text/html"))
    answer = Client(Player(make_script([entry])), "a").send("GET", "/")
    assert ("Content-Type", "text/html") in answer.headers


def jwt(claims: str) -> str:
    """An unsigned JWT of the claims."""
    head, body = (base64.urlsafe_b64encode(part.encode()).decode().rstrip("=") for part in ('{"alg":"HS256","typ":"JWT"}', claims))
    return f"{head}.{body}.WeTnCR8VMukdKBB9gGg9vhn5fyrAiVUjpv5yIZU5k"


def test_the_claims_of_a_token_speak_of_this_session_though_what_they_hold_is_shown_later() -> None:
    user = "fc5d3fc4-2c9a-4597-8780-4acaf6603aed"
    token = jwt(f'{{"id":"{user}","exp":1795724760}}')
    cookie = {"Cookie": f"session={token}"}
    recorded = Session().add(
        "POST", "/login", body="{}", sends="application/json", received={"Set-Cookie": f"session={token}; Path=/"}
    )
    recorded.add("GET", "/info", json='{"version": 1}', sent=cookie)
    recorded.add("GET", "/me", json=f'{{"id": "{user}"}}', sent=cookie)
    recorded.add("GET", f"/presets?user={user}", json="[]", sent=cookie)
    client = Client(Player(make_script(recorded.entries)), "a")
    client.send("POST", "/login", "{}")
    assert client.send("GET", "/info").status == 200
    me = json.loads(client.send("GET", "/me").body)["id"]
    claims = client.jar["session"].split(".")[1]
    assert me != user
    assert json.loads(base64.urlsafe_b64decode(claims + "=" * (-len(claims) % 4)))["id"] == me
    assert client.send("GET", f"/presets?user={me}").status == 200


def test_the_ports_of_one_host_share_its_cookies_and_other_hosts_have_their_own() -> None:
    recorded = Session().add("GET", "http://shop.test:81/", html="<h1>Shop</h1>", received={"Set-Cookie": f"sid={SID_1}; Path=/"})
    recorded.add("GET", "http://shop.test:82/", html="<h1>Login</h1>", sent={"Cookie": f"sid={SID_1}"})
    recorded.add("GET", "http://other.test:81/", html="<h1>Other</h1>")
    opener = build_opener(HTTPCookieProcessor())
    with RotatingServer(Player(make_script(recorded.entries), "7")) as server:
        shop, login, other = (server.addresses[host] for host in ("shop.test:81", "shop.test:82", "other.test:81"))
        assert [urlsplit(address).hostname for address in (shop, login, other)] == ["127.0.0.1", "127.0.0.1", "127.0.0.2"]
        answers = [opener.open(f"{address}/").read() for address in (shop, login, other)]
    assert answers == [b"<h1>Shop</h1>", b"<h1>Login</h1>", b"<h1>Other</h1>"]


def test_two_slashes_at_the_beginning_of_a_path_are_two() -> None:
    recorded = (
        Session().add("GET", "http://shop.test//a//b", html="<h1>Two</h1>").add("GET", "http://shop.test/a//b", html="<h1>One</h1>")
    )
    with RotatingServer(Player(make_script(recorded.entries), "7")) as server, build_opener().open(f"{server.url}//a//b") as answer:
        assert answer.read() == b"<h1>Two</h1>"


def test_a_word_that_the_client_sent_before_is_known_where_it_stands_again() -> None:
    recorded = Session()
    form = '<input name="state" value="{}">'.format
    recorded.add("GET", "/list", html=form("Zk3vQ8mT1xLw"))
    recorded.add("POST", "/list", body="state=Zk3vQ8mT1xLw&name=8f5ae0bc", html="8f5ae0bc")
    recorded.add("POST", "/list", body="state=Zk3vQ8mT1xLw&word=8f5ae0bc8f5ae0bc", html="none")
    recorded.add("GET", "/list", html=form("h7RpN2cYd9Us"))
    recorded.add("POST", "/list", body="state=h7RpN2cYd9Us&word=8f5ae0bc", html="8f5ae0bc")
    player = Player(make_script(recorded.entries))
    client = Client(player, "a")

    def state() -> str:
        return client.send("GET", "/list").body.decode().split('"')[3]

    first = state()
    client.send("POST", "/list", f"state={first}&name=u4wk9zd1")
    client.send("POST", "/list", f"state={first}&word=u4wk9zd1u4wk9zd1")
    client.send("POST", "/list", f"state={state()}&word=u4wk9zd1")
    assert [(e.entry, e.accepted) for e in player.log] == [(n, True) for n in range(5)]


def test_a_cookie_is_named_after_what_the_client_made_up() -> None:
    """A server of the user's own keeps its log-in under its own name."""
    recorded = Session().add("POST", "/berths", body="name=pump-8f5ae0bc", html="<p>pump-8f5ae0bc</p>")
    given = {"Set-Cookie": f"berth-pump-8f5ae0bc={SID_1}; Path=/berths/pump-8f5ae0bc/"}
    recorded.add("GET", "/berths/pump-8f5ae0bc/", html="<p>In</p>", received=given)
    recorded.add("GET", "/berths/pump-8f5ae0bc/me", json="{}", sent={"Cookie": f"berth-pump-8f5ae0bc={SID_1}"})
    player = Player(make_script(recorded.entries))
    client = Client(player, "a")
    client.send("POST", "/berths", "name=pump-u4wk9zd1")
    answer = client.send("GET", "/berths/pump-u4wk9zd1/")
    (cookie,) = [value for name, value in answer.headers if name == "Set-Cookie"]
    assert cookie.startswith("berth-pump-u4wk9zd1=")
    assert cookie.endswith("; Path=/berths/pump-u4wk9zd1/")
    assert client.send("GET", "/berths/pump-u4wk9zd1/me").body == b"{}"
    client.jar["berth-pump-u4wk9zd1"] = SID_2
    assert reason(client.send("GET", "/berths/pump-u4wk9zd1/me")) == "wrong"


def test_calls_of_soap_on_one_address_are_told_apart_by_what_they_say_they_do() -> None:
    recorded = Session()
    for action, password in (("urn:enter", "first"), ("urn:list", ""), ("urn:leave", "")):
        body = f"<Envelope><Body>{action}{password}</Body></Envelope>"
        recorded.add("POST", "/ws", body=body, sends="text/xml", sent={"SOAPAction": action}, html=action)
    player = Player(make_script(recorded.entries))
    client = Client(player, "a")
    for action in ("urn:leave", "urn:enter", "urn:list"):
        client.send("POST", "/ws", "<Envelope><Body>other</Body></Envelope>", **{"Content-Type": "text/xml", "SOAPAction": action})
    assert [e.entry for e in player.log] == [2, 0, 1]


def test_a_websocket_that_is_opened_without_a_value_is_whose_first_message_says() -> None:
    recorded = Session().add("GET", "/", html="<p>Start").add("POST", "/token", body="user=a", json=f'{{"token": "{SID_1}"}}')
    recorded.add("GET", "/comms", status=101)
    opened = recorded.entries[2]
    said = tuple(
        SocketMessage(n, sent, opened.started + 10 * n, text)
        for n, (sent, text) in enumerate([(True, f'{{"auth":"{SID_1}"}}'), (False, '{"auth":"ok"}')])
    )
    entries = [*recorded.entries[:2], replace(opened, resource="websocket", messages=said)]
    player = Player(make_script(traffic(entries)))
    token = json.loads(Client(player, "one").send("POST", "/token", "user=a").body)["token"]
    Client(player, "two").send("GET", "/")  # somebody else came since
    answer, talk = player.open(RecordedRequest("GET", f"{BASE}/comms", ()), "shop.test:80", "three")
    assert answer.status == 101
    assert talk is not None
    assert talk.hear(f'{{"auth":"{token}"}}') == (['{"auth":"ok"}'], "")
    assert talk.hear(f'{{"auth":"{SID_1}"}}')[1].endswith("gave then")


def test_a_call_on_a_websocket_is_known_by_its_members_whatever_its_password_is() -> None:
    calls = ['420["login",{"user":"ann","password":"old word"}]', '421["getTags"]', '422["addBoard","board-3d96efe8"]']
    recorded = Session().add("GET", "/", html="<p>Start").add("GET", "/comms", status=101)
    opened = recorded.entries[1]
    texts = [(sent, text) for n, call in enumerate(calls) for sent, text in ((True, call), (False, f'43{n}[{{"ok":true}}]'))]
    texts.append((False, '42["boards",["board-3d96efe8"]]'))
    said = tuple(SocketMessage(n, sent, opened.started + 10 * n, text) for n, (sent, text) in enumerate(texts))
    entries = [recorded.entries[0], replace(opened, resource="websocket", messages=said)]
    player = Player(make_script(traffic(entries)))
    _, talk = player.open(RecordedRequest("GET", f"{BASE}/comms", ()), "shop.test:80", "one")
    assert talk is not None
    asked = (calls[0].replace("old word", "another"), calls[1], calls[2].replace("3d96efe8", "7c01aa52"))
    assert [talk.hear(text)[0][:1] for text in asked] == [[f'43{n}[{{"ok":true}}]'] for n in range(3)]


def test_a_field_is_named_after_what_this_session_was_given() -> None:
    """A box that is named after its row has no value of its own: the name is judged."""
    row = '<p data-row="48213"><input type=checkbox name="pick[48213]">'
    recorded = Session().add("GET", "/rows", html=row).add("GET", "/rows/48213", html="<p>Row</p>")
    recorded.add("POST", "/rows/delete", body="pick%5B48213%5D=on", json='{"done": true}')
    player = Player(make_script(recorded.entries))
    client = Client(player, "a")
    given = client.send("GET", "/rows").body.decode().split('"')[1]
    assert given != "48213"
    assert client.send("GET", f"/rows/{given}").status == 200
    assert reason(client.send("POST", "/rows/delete", "pick%5B48213%5D=on")) == "recorded"
    assert reason(client.send("POST", "/rows/delete", "pick%5B48214%5D=on")) == "missing"
    assert client.send("POST", "/rows/delete", f"pick%5B{given}%5D=on").body == b'{"done": true}'
    other = Client(player, "b").send("GET", "/rows").body.decode().split('"')[1]
    again = client.send("POST", "/rows/delete", f"pick%5B{given}%5D=on&note={other}")
    assert (again.status, other != given) == (200, True)


def test_a_clock_that_is_a_name_by_itself_is_there_against_caches() -> None:
    def visited(moment: str) -> Session:
        page = f'<form><input name=since value="{moment}"></form><img src="/run?id=start&amp;{moment}">'
        recorded = Session().add("GET", "/page", html=page).add("GET", f"/run?id=start&{moment}", html="<p>Done")
        return recorded.add("POST", "/page", body=f"since={moment}", html="<p>Saved")

    client = Client(Player(make_script(visited("1795637661").entries, [visited("1795639002").entries])), "a")
    given = client.send("GET", "/page").body.decode().split('"')[1]
    assert given != "1795637661"
    assert client.send("GET", "/run?id=start&1795637661").status == 200
    assert client.send("GET", f"/run?id=start&{given}").status == 200
    assert reason(client.send("POST", "/page", "since=1795637661")) == "recorded"
