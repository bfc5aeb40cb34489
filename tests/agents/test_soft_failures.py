"""Failures inside a recording are found at import, each once, at its root; and a recording without any raises no alarm."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest
from failing import HOME, failures, found
from hypothesis import given, settings
from hypothesis import strategies as st
from mutants import LOGIN, PAYLOADS, TRACES, mutants
from recordings import Session, imported

from loadwright.compiler.agents.expect.soft_failures import ADVICE, recorded_failures
from loadwright.compiler.plan.soft_failure import (
    SIGNATURES,
    exception_in,
    soft_failure,
)
from loadwright.compiler.portable import regex_problem
from loadwright.compiler.recording.har import read_har
from loadwright.compiler.recording.model import Entry, RecordedRequest, RecordedResponse
from loadwright.compiler.recording.select import select

SHOP = sorted((Path(__file__).parents[2] / "examples" / "shop" / "recordings").glob("*.har"))
SENT = "username=alice&password=wonderland"


def entries_of(path: Path) -> list[Entry]:
    recording, _ = read_har(path)
    kept = set(select(recording).kept)
    return [entry for entry in recording.entries if entry.index in kept]


def logged_in() -> Session:
    session = Session().add("GET", "/login", html=LOGIN).add("POST", "/login", body=SENT, status=302, location="/home")
    return session.add("GET", "/home", html=HOME)


# --- mutants ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", SHOP, ids=lambda path: path.name)
def test_a_clean_recording_raises_no_alarm_and_every_failure_put_into_it_is_found_once(path: Path) -> None:
    entries = entries_of(path)
    assert recorded_failures(path.name, entries) == []
    kinds: Counter[str] = Counter()
    for mutant in mutants(entries, seed=1, each=8):
        roots = recorded_failures(path.name, mutant.entries)
        assert len(roots) == 1, mutant.kind
        root = roots[0]
        assert mutant.entry in (root.entry, *root.follows), mutant.kind
        assert root.entry == mutant.entry or root.rule in ("redirect to login", "login failed"), mutant.kind
        assert root.why
        assert root.advice
        kinds[mutant.kind] += 1
    assert kinds["exception text"] >= 6
    assert len(kinds) >= 9


def test_mutants_are_the_same_for_a_seed() -> None:
    entries = entries_of(SHOP[0])
    assert list(mutants(entries, 5)) == list(mutants(entries, 5))
    assert list(mutants(entries, 5)) != list(mutants(entries, 6))


# --- the session ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "answer",
    [
        {"html": LOGIN},
        {"status": 401, "html": "no"},
        {"status": 422, "html": LOGIN},
        {"json": '{"success": false}'},
        {"json": '{"code": 500, "message": "later"}'},
        {"html": "<pre>Traceback (most recent call last):</pre>"},
        {"json": '{"error": "bad credentials"}'},
        {"status": 302, "location": "/login?failed"},
    ],
    ids=str,
)
def test_a_failed_login_is_one_failure_that_the_rest_follows_from(answer: dict[str, object]) -> None:
    session = Session().add("GET", "/login", html=LOGIN).add("POST", "/login", body=SENT, **answer)  # type: ignore[arg-type]
    for number in range(13):
        session.add("GET", f"/orders/{number}", status=302, location="/login").add("GET", "/login", html=LOGIN)
        session.add("GET", f"/api/orders/{number}", status=403, json='{"error": "log in"}')
    only = failures(session)
    assert [(f.entry, f.rule) for f in only] == [(1, "login failed")]
    assert len(only[0].follows) == 39
    assert only[0].cascade == "39 later requests follow from it"


def test_a_login_that_works_at_the_second_try_ends_what_follows_from_the_first() -> None:
    session = Session().add("GET", "/login", html=LOGIN).add("POST", "/login", body=SENT, html=LOGIN)
    session.add("POST", "/login", body=SENT, status=302, location="/home").add("GET", "/home", html=HOME)
    session.add("GET", "/pay", status=500, html="<title>oops</title>")
    assert [(f.entry, f.rule, f.follows) for f in failures(session)] == [(1, "login failed", []), (4, "error status", [])]


def test_a_login_by_json_that_is_refused() -> None:
    sent = '{"email": "a@b.test", "password": "wonderland"}'
    session = Session().add("POST", "/api/session", body=sent, sends="application/json", status=401, json='{"error":"no"}')
    session.add("GET", "/api/me", status=401, json='{"error":"no"}')
    assert [(f.entry, f.rule, f.follows) for f in failures(session)] == [(0, "login failed", [1])]


def test_a_session_that_is_lost_is_one_failure() -> None:
    session = logged_in().add("GET", "/orders", html=HOME).add("GET", "/orders/7", status=302, location="/login?next=/orders/7")
    session.add("GET", "/login?next=/orders/7", html=LOGIN).add("GET", "/orders/8", html=LOGIN)
    assert [(f.entry, f.rule, f.follows) for f in failures(session)] == [(4, "redirect to login", [5, 6])]


REFUSAL = '{"code": 4001, "message": "Invalid credentials"}'
CALLS = ("/api/a", "/api/b", "/api/c", "/api/d", "/api/e")


def test_where_nothing_works_any_more_it_is_one_failure() -> None:
    session = logged_in()
    for path in CALLS:
        session.add("GET", path, json='{"rows": [1]}')
    for path in CALLS:
        session.add("POST", path, status=401, json='{"message": "no"}')
    assert [(f.entry, f.rule, f.cascade) for f in failures(session)] == [(8, "error status", "4 later requests follow from it")]
    for path in CALLS[:2]:
        session.add("GET", path, json='{"rows": [1]}')
    assert [f.entry for f in failures(session)] == [8, 9, 10, 11, 12], "it goes on, so each is a failure of its own"


def test_a_login_that_is_refused_by_a_code_of_the_applications_own() -> None:
    session = Session().add("POST", "/api/login", body='{"user": "ann", "password": "x"}', sends="application/json", json=REFUSAL)
    for path in CALLS:
        session.add("GET", path, json='{"error": "not logged in"}')
    assert [(f.entry, f.rule, len(f.follows)) for f in failures(session)] == [(0, "login failed", 5)]


def test_a_login_page_in_place_of_a_page() -> None:
    assert found(logged_in().add("GET", "/orders", html=LOGIN)) == [(3, "login page")]


def test_the_login_page_is_right_before_a_login_and_after_a_logout() -> None:
    session = Session().add("GET", "/orders", status=302, location="/login")
    session.add("GET", "/login", html=LOGIN).add("POST", "/login", body=SENT, status=302, location="/home").add(
        "GET", "/home", html=HOME
    )
    session.add("POST", "/logout", body="x=y", status=302, location="/login").add("GET", "/login", html=LOGIN)
    assert found(session.add("GET", "/orders", status=302, location="/login").add("GET", "/login", html=LOGIN)) == []


def test_a_logout_by_a_button_is_one() -> None:
    session = logged_in().add("POST", "/home", body="__EVENT=1&ctl02=Sign+out", status=302, location="/login")
    assert found(session.add("GET", "/login", html=LOGIN)) == []


def test_a_logout_by_any_name_takes_back_a_cookie() -> None:
    session = logged_in().add(
        "GET", "/bye", status=302, location="/login", sent={"Cookie": "sid=7"}, received={"Set-Cookie": "sid=; Path=/; Max-Age=0"}
    )
    assert found(session.add("GET", "/login", html=LOGIN)) == []


@pytest.mark.parametrize("path", ["/logout", "/users/sign_out", "/Account/LogOff", "/exit", "/abmelden", "/connect/endsession"])
def test_names_of_logouts(path: str) -> None:
    assert found(logged_in().add("GET", path, status=302, location="/login").add("GET", "/login", html=LOGIN)) == []


@pytest.mark.parametrize(
    "page",
    [
        "<title>Profile</title><form><input name=first><input name=last><input name=email><input type=password name=new></form>",
        "<title>Change your password</title><form><input type=password name=old><input type=password name=new></form>",
        "<title>Confirm</title><form><input type=password name=again></form>",
        f"{HOME}<form action=/login><input name=username><input type=password name=password></form>",
    ],
)
def test_other_pages_may_ask_for_a_password(page: str) -> None:
    assert found(logged_in().add("GET", "/profile", html=page).add("GET", "/orders", html=HOME)) == []


def test_a_login_form_that_stands_on_every_page_says_nothing() -> None:
    session = Session().add("GET", "/", html=LOGIN).add("GET", "/news", html=LOGIN)
    session.add("POST", "/login", body=SENT, status=302, location="/home").add("GET", "/home", html=HOME)
    assert found(session.add("GET", "/orders", html=LOGIN)) == []


def test_a_challenge_that_is_answered_is_no_failure() -> None:
    session = Session().add("GET", "/manager", status=401, html="log in")
    session.add("GET", "/manager", html=HOME, sent={"Authorization": "Basic YTpi"})
    assert found(session) == []


def test_a_status_of_who_is_not_logged_in_is_no_failure_and_one_of_who_is() -> None:
    assert found(Session().add("GET", "/api/me", status=401, json="{}")) == []
    assert found(Session().add("GET", "/api/me", status=403, json="{}", sent={"Authorization": "Bearer x"})) == [
        (0, "error status")
    ]
    assert found(logged_in().add("GET", "/api/me", status=401, json="{}")) == [(3, "error status")]


# --- one answer -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("payload", PAYLOADS, ids=str)
def test_error_payloads(payload: object) -> None:
    import json

    only = failures(Session().add("GET", "/api/cart", json=json.dumps(payload)))
    assert [(f.entry, f.rule) for f in only] == [(0, "error payload")]
    assert re.fullmatch(r"the answer has the json member `\w+`", only[0].seen)


@pytest.mark.parametrize(
    "text",
    [
        '{"error": null, "errors": [], "ok": true}',
        '{"status": 404}',
        '{"code": 1200, "message": "saved"}',
        '{"success": true, "errors": {}}',
        '{"items": [{"error": "none"}], "message": "ok"}',
        '{"ok": 0}',
        '["error"]',
        '{"error": {"code": 0, "message": ""}, "items": {"a": 1}}',
        "{broken",
    ],
)
def test_what_only_looks_like_an_error_payload(text: str) -> None:
    assert found(Session().add("GET", "/api/cart", json=text)) == []


def test_errors_of_graphql_also_in_a_batch() -> None:
    query, batch = '{"query": "{ cart }"}', '[{"query": "{ cart }"}, {"query": "{ me }"}]'
    session = Session().add(
        "POST", "/graphql", body=query, sends="application/json", json='{"data":{"cart":null},"errors":[{"message":"x"}]}'
    )
    session.add("POST", "/graphql", body=batch, sends="application/json", json='[{"data":{}},{"errors":[{"message":"x"}]}]')
    assert found(session) == [(0, "GraphQL errors"), (1, "GraphQL errors")]


@pytest.mark.parametrize("trace", TRACES)
def test_traces_of_exceptions(trace: str) -> None:
    session = Session().add("GET", "/cart", html=f"<title>Cart</title><pre>{trace}</pre>")
    only = failures(session)
    assert [f.rule for f in only] == ["exception text"]
    text = session.entries[0].response.text or ""
    assert any(re.fullmatch(pattern, text[only[0].start : only[0].end]) for _, _, pattern in SIGNATURES)


def test_signatures_are_portable_and_their_plain_texts_always_in_them() -> None:
    assert [regex_problem(pattern) for _, _, pattern in SIGNATURES if regex_problem(pattern)] == []
    for trace in TRACES:
        assert exception_in(trace) is not None
        assert soft_failure(200, "text/html", trace) == "exception text"
    assert {whose for whose, _, _ in SIGNATURES} == {
        "Python",
        "Java",
        ".NET",
        "PHP",
        "Ruby",
        "a database",
        "Go",
        "JavaScript",
        "Rust",
        "Perl",
        "Elixir",
    }
    for _, always, pattern in SIGNATURES:
        assert always.replace("'", "") in re.sub(r"\\(.)", r"\1", pattern).replace("'", ""), pattern


def test_the_same_failure_again_is_counted_with_the_first() -> None:
    session = Session()
    for _ in range(5):
        session.add("GET", "/api/poll", json='{"error": "busy"}')
    only = failures(session)
    assert [(f.entry, f.follows, f.cascade) for f in only] == [(0, [1, 2, 3, 4], "4 more answers of this kind")]


def test_a_redirect_to_an_error_page_is_one_failure() -> None:
    session = (
        Session().add("POST", "/pay", body="a=b", status=302, location="/error").add("GET", "/error", html="<title>Error</title>")
    )
    assert [(f.entry, f.rule, f.follows) for f in failures(session)] == [(0, "redirect to an error page", [1])]


def test_a_soap_fault() -> None:
    fault = '<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body><s:Fault/></s:Body></s:Envelope>'
    session = Session().add("POST", "/ws", body="<a/>", sends="text/xml", html=fault)
    session.entries[0] = replace(session.entries[0], response=replace(session.entries[0].response, media_type="text/xml"))
    assert found(session) == [(0, "SOAP fault")]


def test_a_title_in_a_script_of_a_page_is_not_the_pages() -> None:
    script = "<title>Edit</title><script>icon = '<svg><title>' + text('error') + '</title></svg>'</script>"
    assert found(Session().add("GET", "/edit", html=script)) == []
    assert found(Session().add("GET", "/edit", html="<title>Can't do: Error</title>")) == [(0, "error title")]


def test_an_import_tells_of_the_failures_and_what_is_said_holds_no_text_of_the_recording() -> None:
    session = logged_in().add("GET", "/cart/x9Kq2Lm8Zt", html="<title>Error for alice wonderland</title>")
    result = imported(session)
    assert [(f.recording, f.entry, f.rule) for f in result.failures] == [("session.har", 3, "error title")]
    said = " ".join(f"{f.request} {f.seen} {f.why} {f.advice}" for f in result.failures)
    assert "alice" not in said
    assert "wonderland" not in said
    assert "x9Kq2Lm8Zt" not in said


def test_every_rule_has_its_advice() -> None:
    source = "".join(
        (Path(__file__).parents[2] / "compiler" / "agents" / "expect" / name).read_text()
        for name in ("soft_failures.py", "wrong_answers.py", "said_errors.py", "other_shapes.py")
    )
    named = set(re.findall(r'Seen\("([^"]+)"', source))
    assert named <= set(ADVICE)
    assert set(ADVICE) - named == {"error title", "exception text"}, "these two are named by the shared rules"


# --- anything ---------------------------------------------------------------------------------------------------------

TEXTS = st.one_of(
    st.text(max_size=60),
    st.sampled_from(
        [
            *TRACES,
            LOGIN,
            HOME,
            SENT,
            "{",
            "[[[[",
            '{"error": {"a": 1}}',
            '{"errors": 3, "status": {}}',
            "null",
            "<form action='http://[x'><input name=a><input type=password name=b></form>",
            "<form><input type=password><input type=password></form>",
            "<title><title>",
            "a=b&" * 300,
        ]
    ),
)
PLACES = st.sampled_from(["/login", "/logout", "/api/x", "/x.js", "/graphql", "/a/b?action=x&c=d", "/?" + "a=1&" * 250, "/%zz"])
KINDS = st.sampled_from(["text/html", "application/json", "text/xml", "", "application/problem+json", "text/javascript"])


@st.composite
def exchanges(draw: st.DrawFn, index: int) -> Entry:
    headers = tuple((name, draw(st.text(max_size=20))) for name in ("Accept", "Cookie", "Sec-Fetch-Dest") if draw(st.booleans()))
    body = draw(st.one_of(st.none(), TEXTS.map(lambda text: text.encode("utf-8", "replace"))))
    sends = draw(st.sampled_from(["application/x-www-form-urlencoded", "application/json", "text/plain"]))
    method = draw(st.sampled_from(["GET", "POST", "DELETE", "HEAD"]))
    request = RecordedRequest(method, "http://shop.test" + draw(PLACES), headers, body, sends if body else "")
    text = draw(st.one_of(st.none(), TEXTS))
    status = draw(st.sampled_from([0, 200, 201, 204, 302, 401, 403, 404, 500]))
    target = "http://shop.test" + draw(PLACES) if status == 302 else None
    cookies = (("Set-Cookie", draw(st.text(max_size=20))),) if draw(st.booleans()) else ()
    data = (text or "").encode("utf-8", "replace")
    response = RecordedResponse(status, cookies, text, data, draw(KINDS), target)
    return Entry(index, 100.0 * index, 100.0 * index + draw(st.integers(1, 300)), request, response)


@given(st.data(), st.integers(1, 8))
@settings(max_examples=150, deadline=None)
def test_any_recording_is_judged_the_same_twice_and_every_failure_counts_once(data: st.DataObject, count: int) -> None:
    entries = [data.draw(exchanges(index)) for index in range(count)]
    first = recorded_failures("any.har", entries, [entries[:2]])
    assert recorded_failures("any.har", entries, [entries[:2]]) == first
    named = [entry for failure in first for entry in (failure.entry, *failure.follows)]
    assert len(named) == len(set(named)), "no entry counts twice"
    for failure in first:
        assert all(follower > failure.entry for follower in failure.follows)
        assert 0 <= failure.start <= failure.end <= len(entries[failure.entry].response.text or "")


def test_an_address_may_answer_with_a_page_or_a_document_by_what_is_accepted() -> None:
    session = Session().add("GET", "/nodes", json='[{"id":"a"}]', sent={"Accept": "application/json"})
    session.add("GET", "/nodes", html="<b>a</b>", sent={"Accept": "text/html, */*"})
    assert failures(session) == []
    session.add("GET", "/nodes", html="<b>a</b>", sent={"Accept": "application/json"})
    assert [f.entry for f in failures(session)] == [2]
