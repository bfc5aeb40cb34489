"""Ids that a script gives to what it makes: another one in each iteration."""

from __future__ import annotations

import base64
import re
from urllib.parse import quote

import pytest
from recordings import START, Session, imported, proved, sent, verdicts

from loadwright.compiler.plan.functions import FUNCTIONS
from loadwright.compiler.plan.template import Call, Part, Reference, call, template, walk

NANO, ULID, OBJECT = "V1StGXR8_Z5jdHi6B-myT", "01J9Z3NDEKTSV4RRFFQ69G5FAV", "507f1f77bcf86cd799439011"


def making(name: str, of: str, told: bool = True, seen: bool = False) -> Session:
    session = Session().add("GET", f"/items/{of}" if seen else "/", html="<title>Items</title>")
    answer = f'{{"{name}":"{of}"}}' if told else '{"ok":true}'
    session.add("POST", "/items", body=f'{{"{name}":"{of}","title":"Pump"}}', sends="application/json", json=answer)
    return session.add("GET", f"/items/{of}" if told else "/items", json="{}")


@pytest.mark.parametrize(
    ("of", "made"),
    [
        (NANO, call("random_string", "21")),
        (ULID, call("upper", call("hex", call("random_string", "13")))),
        (OBJECT, call("hex", call("random_string", "12"))),
    ],
)
def test_an_id_that_a_script_gave_is_another_in_each_iteration(of: str, made: Part) -> None:
    result = imported(making("id", of))
    assert verdicts(result) == [("generate", "id")]
    assert [v.value for v in result.plan.variables] == [template(made)]
    assert Reference(name="id") in set(walk(sent(result, 2).url))
    assert of not in result.plan.model_dump_json()
    assert proved(result)


def test_what_is_made_has_the_form_of_what_was_recorded() -> None:
    hexadecimal, upper = FUNCTIONS["hex"].evaluate, FUNCTIONS["upper"].evaluate
    assert hexadecimal is not None
    assert upper is not None
    assert re.fullmatch(r"[0-7][0-9A-HJKMNP-TV-Z]{25}", upper(hexadecimal("aZ09bcdefghij")))


def test_what_is_put_under_a_new_name_is_called_otherwise_in_each_iteration() -> None:
    session = Session().add("GET", "/", html="<title>Items</title>")
    session.add("PUT", f"/items/{NANO}", body='{"title":"Pump"}', sends="application/json", json='{"ok":true}')
    result = imported(session.add("GET", f"/items/{NANO}", json="{}"))
    assert verdicts(result) == [("generate", "item_id")]
    assert proved(result)


@pytest.mark.parametrize(
    ("name", "told", "seen", "second"),
    [
        ("id", False, False, None),  # the application says nothing of it
        ("id", True, True, None),  # it was there before
        ("client_id", True, False, None),  # the application's own
        ("id", True, False, NANO),  # a second recording has the same
    ],
)
def test_what_nobody_made_is_not_generated(name: str, told: bool, seen: bool, second: str | None) -> None:
    recordings = [making(name, NANO, told, seen)] + ([making(name, second, told, seen)] if second else [])
    result = imported(*recordings)
    assert not [v for v, _ in verdicts(result) if v == "generate"]
    assert not [p for v in result.plan.variables for p in walk(v.value) if isinstance(p, Call)]


KEY = "3b9d61aa-0c57-4a5e-8f23-91c4e2d07b18"


@pytest.mark.parametrize(
    ("header", "times", "verdict"),
    [
        ("X-Store-Token", 2, ("secret", "store_token")),
        ("X-Store-Token", 1, ("generate", "")),  # it may guard this one request
        ("X-CSRF-Token", 2, ("generate", "csrf_token")),
        ("x-client-session-id", 2, ("generate", "x_client_session_id")),
        ("X-Request-Id", 2, ("generate", "request_id")),
    ],
)
def test_a_uuid_that_lets_its_user_in_is_asked_for(header: str, times: int, verdict: tuple[str, str]) -> None:
    session = Session().add("GET", "/", html="<title>Items</title>")
    for _ in range(times):
        session.add("GET", "/items", json='{"items":[]}', sent={header: KEY})
    result = imported(session)
    assert verdicts(result) == [verdict]
    assert KEY not in result.plan.model_dump_json()


def test_a_word_and_the_clock_stay_a_word_and_the_clock() -> None:
    called = f"WEB-{int(START) + 70}"
    session = Session().add("PUT", f"/drafts/{called}", body='{"lines": 1}', sends="application/json", json="{}")
    result = imported(session.add("POST", f"/drafts/{called}/submit", json="{}"))
    assert [v.value for v in result.plan.variables] == [template("WEB-", call("now", "ms"))]
    assert proved(result)


def test_the_word_before_what_was_drawn_stays() -> None:
    session = Session().add("PUT", "/drafts/tmp_V1StGXR8Z5jdHi6BmyT3", body='{"lines": 1}', sends="application/json", json="{}")
    result = imported(session.add("GET", "/drafts/tmp_V1StGXR8Z5jdHi6BmyT3", json="{}"))
    assert [v.value for v in result.plan.variables] == [template("tmp_", call("random_string", "20"))]


def test_what_encodes_what_an_answer_gave_is_not_made_anew() -> None:
    def went_on(flow: str, name: str) -> Session:
        state = base64.b64encode(f'{{"id":"{flow}","step":2}}'.encode()).decode()
        session = Session(name).add("GET", "/flow", json=f'{{"flow": {{"id": "{flow}"}}}}')
        return session.add("POST", f"/flow/next?state={quote(state)}", body="{}", sends="application/json", json="{}")

    one, two = "7132758b-503c-4564-8e81-7fbc9ecfac63", "9f00a0b7-7dec-433a-b106-81fa6654aaf1"
    result = imported(went_on(one, "one.har"), went_on(two, "two.har"))
    assert [d.verdict for d in result.decisions] == ["extract"]
    assert proved(result)


@pytest.mark.parametrize("none", ["00000000-0000-0000-0000-000000000000", "00000000-0000-0000-0000-000000000012", "x" * 300])
def test_what_nobody_drew_stays(none: str) -> None:
    """The UUID of zeros says that there is no parent: another one in its place would be of nothing."""
    session = Session().add("POST", "/items", body=f'{{"title":"Pump","parentId":"{none}"}}', sends="application/json", json="{}")
    session.add("GET", f"/tree/{none}", json='{"ok":true}').add("POST", "/up", body=none, sends="text/plain", json="{}")
    result = imported(session)
    assert not [one for one in verdicts(result) if one[0] in ("generate", "unresolved")]
    assert none in sent(result, 0).model_dump_json()
    assert proved(result)


def connected(number: str, name: str, of: str = "session.har") -> Session:
    session = Session(of).add("GET", "/", html="<title>Berths</title>")
    session.add("GET", "/live/info", json='{"websocket":true,"origins":["*:*"],"cookie_needed":false,"entropy":1843920571}')
    session.add("POST", f"/live/{number}/{name}/xhr_streaming", body="", html="o\n")
    return session.add("POST", f"/live/{number}/{name}/xhr_send", body='["hello"]', sends="text/plain", status=204)


def test_what_a_client_of_sockjs_draws_is_another_for_each_connection() -> None:
    result = imported(connected("476", "kbxcldxx"), connected("104", "lk3n4msd", "other.har"))
    assert {v for v in verdicts(result) if v[0] == "generate"} == {("generate", "connection"), ("generate", "server")}
    assert "kbxcldxx" not in result.plan.model_dump_json()
    assert "476" not in sent(result, 2).url.model_dump_json()
    assert "unresolved" not in {verdict for verdict, _ in verdicts(result)}
    assert proved(result)
