"""What becomes of each kind of value: the verdicts, and that each is proved."""

from __future__ import annotations

import base64
import hashlib

import pytest
from msgspec.json import encode
from recordings import START, Session, imported, proved, sent, verdicts

from loadwright.compiler.plan.model import (
    CssSource,
    FormBody,
    HeaderSource,
    JsonBody,
    JsonSource,
    RedirectSource,
)
from loadwright.compiler.plan.render import form_template, json_template
from loadwright.compiler.plan.template import Call, Reference, template, walk

TOKEN = "q8Zr+4kLw/9sXvB2"
OTHER = "Tz7Ym1Qa0PdGh5Uj"


def login_page(token: str) -> str:
    hidden = f'<input name=csrf type=hidden value="{token}">'
    return f"<title>Log in</title><form>{hidden}<input name=user><input name=pw type=password></form>"


def test_a_form_token_is_extracted_by_its_field_name() -> None:
    result = imported(
        Session().add("GET", "/login", html=login_page(TOKEN)).add("POST", "/login", body="csrf=q8Zr%2B4kLw%2F9sXvB2&op=go")
    )
    (capture,) = sent(result, 0).captures
    assert (capture.name, capture.source) == ("csrf", CssSource(selector="input[name=csrf]", attribute="value"))
    body = sent(result, 1).body
    assert isinstance(body, FormBody)
    assert [f.value for f in body.fields] == [template(Reference(name="csrf")), template("go")]
    assert proved(result)


def test_two_forms_with_a_token_each_are_told_apart_by_their_form() -> None:
    page = (
        f"<form id=search><input name=csrf type=hidden value={OTHER}></form>"
        f"<form id=order><input name=csrf type=hidden value={TOKEN.replace('+', 'x').replace('/', 'y')}></form>"
    )
    result = imported(
        Session().add("GET", "/", html=page).add("POST", "/o", body=f"csrf={TOKEN.replace('+', 'x').replace('/', 'y')}")
    )
    (capture,) = sent(result, 0).captures
    assert capture.source == CssSource(selector="form#order input[name=csrf]", attribute="value")
    assert proved(result)


def test_a_rotating_token_is_taken_from_the_page_before_each_use() -> None:
    session = (
        Session()
        .add("GET", "/a", html=login_page(OTHER))
        .add("POST", "/a", body=f"csrf={OTHER}", html=login_page("Zk3Wn8Rv5Bx1Lq6P"))
    )
    result = imported(session.add("POST", "/b", body="csrf=Zk3Wn8Rv5Bx1Lq6P"))
    assert [c.name for c in sent(result, 0).captures] == ["csrf"]
    assert [c.name for c in sent(result, 1).captures] == ["csrf_2"]
    assert proved(result)


def test_a_bearer_token_is_split_from_its_scheme() -> None:
    session = Session().add("POST", "/token", json=f'{{"access_token":"{OTHER}","n":1}}')
    result = imported(session.add("GET", "/api", sent={"Authorization": f"Bearer {OTHER}"}))
    assert sent(result, 1).headers[0].value == template("Bearer ", Reference(name="access_token"))
    assert sent(result, 0).captures[0].source == JsonSource(path="$.access_token")
    assert proved(result)


def test_an_item_of_a_list_is_chosen_by_its_name_not_its_position() -> None:
    rows = f'[{{"id":"k1Xz9Lm2Qw8R","name":"Red"}},{{"id":"{OTHER}","name":"Blue"}}]'
    result = imported(Session().add("GET", "/items", json=rows).add("GET", f"/items/{OTHER}"))
    assert sent(result, 0).captures[0].source == JsonSource(path="$[?(@.name=='Blue')].id")
    assert sent(result, 1).name == "GET /items/{item_id}"
    assert proved(result)


def test_a_redirect_with_a_short_id_that_is_needed_later_is_captured_from_the_location() -> None:
    session = (
        Session()
        .add("POST", "/notes", body="a=b", status=303, location="/notes/1003")
        .add("GET", "/notes/1003", html="<h1>Note</h1>")
    )
    result = imported(session.add("POST", "/notes/1003", body="op=save"))
    (capture,) = sent(result, 0).captures
    assert capture.name == "note_id"
    assert isinstance(capture.source, HeaderSource)
    assert sent(result, 2).url == template("/notes/", Reference(name="note_id"))
    assert proved(result)


def test_a_redirect_whose_parts_nobody_else_needs_is_followed_as_a_whole() -> None:
    place = f"/callback?code={OTHER}&state=Zk3Wn8Rv5Bx1Lq6P"
    result = imported(
        Session().add("POST", "/grant", body="ok=1", status=302, location=place).add("GET", place, html="<h1>Hi</h1>")
    )
    assert sent(result, 0).captures[0].source == RedirectSource()
    assert sent(result, 1).url == template(Reference(name="location"))
    assert (sent(result, 1).target, sent(result, 1).name) == (None, "GET /callback")
    assert proved(result)


def test_a_plain_redirect_stays_a_plain_url() -> None:
    result = imported(
        Session().add("POST", "/save", body="a=b", status=302, location="/list").add("GET", "/list", html="<h1>List</h1>")
    )
    assert sent(result, 1).url == template("/list")
    assert sent(result, 0).captures == ()


def test_an_encoded_value_is_decoded_where_it_is_needed_decoded() -> None:
    session = Session().add("POST", "/login", body="a=b", status=302, location="/welcome?ticket=wt%3AzX9kQ2mV7pL4")
    session.add("GET", "/welcome?ticket=wt%3AzX9kQ2mV7pL4", html="<h1>Welcome</h1>")
    result = imported(session.add("POST", "/token", body="a=b", sent={"X-Ticket": "wt:zX9kQ2mV7pL4"}))
    assert sent(result, 1).url == template("/welcome?ticket=", Reference(name="ticket"))
    header = next(h for h in sent(result, 2).headers if h.name == "X-Ticket")
    assert header.value == template(Call(function="urldecode", arguments=(template(Reference(name="ticket")),)))
    assert proved(result)


def test_a_value_that_the_client_sent_first_is_never_bound_to_its_echo() -> None:
    session = Session().add("GET", f"/search?q={OTHER}", html=f"<input name=q type=hidden value={OTHER}>")
    result = imported(session.add("GET", f"/search?q={OTHER}"))
    assert not sent(result, 0).captures
    assert ("extract", "q") not in verdicts(result)


def test_a_response_that_ended_too_late_is_no_source() -> None:
    session = Session().add("GET", "/a", json=f'{{"id":"{OTHER}"}}').add("GET", f"/b?id={OTHER}", overlapping=True)
    result = imported(session)
    assert not sent(result, 0).captures
    assert [v for v, _ in verdicts(result)] == ["unresolved"]


def test_the_last_match_is_not_used_when_an_earlier_source_is_more_stable() -> None:
    page = f'<meta name=csrf-token content={OTHER}><script>var t = "{OTHER}";</script>'
    result = imported(Session().add("GET", "/", html=page).add("POST", "/x", body=f"authenticity_token={OTHER}"))
    assert sent(result, 0).captures[0].source == CssSource(selector="meta[name=csrf-token]", attribute="content")
    (decision,) = [d for d in result.decisions if d.verdict == "extract"]
    assert any("less stable" in r.reason for r in decision.rejected)


def test_a_client_made_uuid_and_time_are_generated() -> None:
    uid, now = "0b0e4d1c-91a7-4a8e-9f5e-3f2f4b8c7d10", str(int(START))
    result = imported(Session().add("POST", "/cart", body=f'{{"ref":"{uid}","at":{now}}}', sends="application/json"))
    body = sent(result, 0).body
    assert isinstance(body, JsonBody)
    assert [p.function for p in walk(json_template(body.value)) if isinstance(p, Call)] == ["jsonescape", "uuid", "now"]
    assert proved(result)


def test_a_pkce_pair_is_generated_and_its_challenge_computed() -> None:
    verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"
    challenge = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).decode().rstrip("=")
    session = Session().add("GET", f"/authorize?code_challenge={challenge}&code_challenge_method=S256", html="<h1>Sign in</h1>")
    result = imported(session.add("POST", "/token", body=f"code_verifier={verifier}"))
    (variable,) = result.plan.variables
    assert variable.value == template(Call(function="random_string", arguments=(template("43"),)))
    calls = [p.function for p in walk(sent(result, 0).url) if isinstance(p, Call)]
    assert "pkce_challenge" in calls
    assert proved(result)


def test_what_the_user_typed_becomes_a_variable_and_a_password_a_secret() -> None:
    session = (
        Session()
        .add("GET", "/login", html=login_page(OTHER))
        .add("POST", "/login", body=f"csrf={OTHER}&user=alice&pw=open+sesame+9")
    )
    result = imported(session)
    assert [(v.name, v.value.literal) for v in result.plan.variables] == [("user", "alice")]
    assert [(s.name, s.env) for s in result.plan.secrets] == [("pw", "LOADWRIGHT_SECRET_PW")]
    assert "sesame" not in result.plan.model_dump_json()
    assert proved(result)


def test_basic_authentication_is_a_secret_too() -> None:
    credentials = base64.b64encode(b"admin:t0p-secret").decode()
    result = imported(Session().add("GET", "/", sent={"Authorization": f"Basic {credentials}"}, html="<h1>Hi</h1>"))
    assert sent(result, 0).headers[0].value == template("Basic ", Reference(name="basic_credentials"))
    assert credentials not in result.plan.model_dump_json()
    assert proved(result)


def test_a_token_without_a_source_is_said_to_be_unresolved_and_kept_out_of_the_plan() -> None:
    result = imported(Session().add("GET", f"/api?sig={OTHER}", html="<h1>Hi</h1>"))
    assert verdicts(result) == [("unresolved", "sig")]
    assert OTHER not in result.plan.model_dump_json()
    assert all(OTHER not in encode(d).decode() for d in result.decisions)


def test_a_second_recording_shows_what_is_constant_and_what_changes() -> None:
    def session(token: str, user: str) -> Session:
        hidden = f"<input name=build type=hidden value=a1B2c3D4e5F6><input name=t type=hidden value={token}>"
        page = f"<form>{hidden}<input name=user></form>"
        return Session().add("GET", "/f", html=page).add("POST", "/f", body=f"build=a1B2c3D4e5F6&t={token}&user={user}")

    result = imported(session(OTHER, "alice"), session("Zk3Wn8Rv5Bx1Lq6P", "bob"))
    assert [c.name for c in sent(result, 0).captures] == ["t"]
    body = sent(result, 1).body
    assert isinstance(body, FormBody)
    assert body.fields[0].value.literal == "a1B2c3D4e5F6"
    assert len(result.plan.journeys) == 1
    assert proved(result)


def test_recordings_of_two_journeys_make_two_journeys_that_share_the_user() -> None:
    first = (
        Session("buy-1.har")
        .add("GET", "/login", html=login_page(OTHER))
        .add("POST", "/login", body=f"csrf={OTHER}&user=alice&pw=open-9")
    )
    page = login_page("Zk3Wn8Rv5Bx1Lq6P")
    second = (
        Session("admin-1.har")
        .add("GET", "/admin", html=page)
        .add("POST", "/admin/in", body="csrf=Zk3Wn8Rv5Bx1Lq6P&user=alice&pw=open-9")
    )
    result = imported(first, second)
    assert [j.name for j in result.plan.journeys] == ["buy", "admin"]
    assert [v.name for v in result.plan.variables] == ["user"]
    assert len(result.plan.secrets) == 1
    assert len({d.id for d in result.decisions}) == len(result.decisions)
    assert proved(result)


@pytest.mark.parametrize("word", ["save", "consent", "en-US", "2", "true"])
def test_words_and_counts_that_a_page_offers_stay_constant(word: str) -> None:
    page = f"<form><input name=op type=hidden value={word}></form>"
    result = imported(Session().add("GET", "/", html=page).add("POST", "/", body=f"op={word}"))
    assert verdicts(result) == []


def test_the_url_of_an_asset_is_fixed_by_the_build() -> None:
    page = '<script src="/static/app.8f3a9c1d2e4b.js"></script>'
    result = imported(Session().add("GET", "/", html=page).add("GET", "/static/app.8f3a9c1d2e4b.js", script="x"))
    assert sent(result, 1).url == template("/static/app.8f3a9c1d2e4b.js")
    assert proved(result)


def test_the_servers_own_address_becomes_the_target() -> None:
    session = Session().add("GET", "/auth?redirect_uri=http%3A%2F%2Fshop.test%2Fback", html="<h1>Hi</h1>")
    result = imported(session.add("POST", "/x", body="back=http%3A%2F%2Fshop.test%2Fback", sent={"Origin": "http://shop.test"}))
    name = result.plan.targets[0].name
    assert Reference(name=name) in list(walk(sent(result, 0).url))
    body = sent(result, 1).body
    assert isinstance(body, FormBody)
    assert Reference(name=name) in list(walk(form_template(body.fields)))
    assert sent(result, 1).headers[0].value == template(Reference(name=name))
    assert proved(result)


def test_a_call_that_answers_with_a_script_is_no_asset() -> None:
    page = f'<script>var settings = {{"ajaxNonce": "{OTHER}"}};</script>'
    session = Session().add("GET", "/", html=page).add("GET", f"/ajax.php?_nonce={OTHER}&1700000000150", script="done()")
    result = imported(session)
    assert [c.name for c in sent(result, 0).captures] == ["ajax_nonce"]
    calls = [p.function for p in walk(sent(result, 1).url) if isinstance(p, Call)]
    assert calls == ["urlencode", "jsonunescape", "now"]  # another value of this look may hold `+` or `\\/`
    assert proved(result)


def test_a_number_that_changes_between_recordings_comes_from_what_is_called_an_id() -> None:
    def session(number: str) -> Session:
        page = f"<form><input type=hidden name=post_ID value={number}></form>"
        return Session().add("GET", "/new", html=page).add("GET", f"/?p={number}", html="<h1>Preview</h1>")

    result = imported(session("5"), session("8"))
    assert sent(result, 1).url == template("/?p=", Reference(name="post_id"))
    assert proved(result)


def test_a_short_value_that_the_user_typed_is_not_taken_for_the_same_elsewhere() -> None:
    page = "<form><input name=hours></form>"
    saved = "<h1>Saved</h1>"
    session = Session().add("GET", "/new", html=page).add("POST", "/time", body="hours=12", html=saved)
    session.add("GET", "/pages/12", html="<h1>Page</h1>")
    result = imported(session.add("POST", "/time", body="hours=12", html=saved))
    assert sent(result, 2).url == template("/pages/12")
    body = sent(result, 3).body
    assert isinstance(body, FormBody)
    assert body.fields[0].value == template(Reference(name="hours"))
    assert proved(result)


@pytest.mark.parametrize(
    ("version", "then", "taken"),
    [
        ("hdMMzf61", "rXvFTqTO", True),  # of the thing: it changes with it
        ("2.1.0", "2.1.0", False),  # of the application
        ("17", "18", True),  # counted, and given with the id
    ],
)
def test_the_version_of_a_thing_is_sent_back_to_change_it(version: str, then: str, taken: bool) -> None:
    session = (
        Session()
        .add("POST", "/api/notes", body="{}", sends="application/json", json=f'{{"id":"n-81734","version":"{version}"}}')
        .add(
            "PUT", "/api/notes/n-81734", body=f'{{"version":"{version}"}}', sends="application/json", json=f'{{"version":"{then}"}}'
        )
        .add("DELETE", f"/api/notes/n-81734?version={then}", status=204)
    )
    result = imported(session)
    assert (JsonSource(path="$.version") in [c.source for c in sent(result, 0).captures]) == taken
    assert (JsonSource(path="$.version") in [c.source for c in sent(result, 1).captures]) == taken
    assert proved(result)


def test_what_was_made_is_taken_from_its_own_answer_rather_than_from_a_list_that_others_add_to() -> None:
    made = '{"id":"n-817344","text":"buy thread"}'
    session = (
        Session()
        .add("POST", "/api/notes", body='{"text":"buy thread"}', sends="application/json", json=made)
        .add("GET", "/api/notes", json=f'{{"items":[{made}]}}')
        .add("DELETE", "/api/notes/n-817344", status=204)
    )
    result = imported(session)
    assert [c.source for c in sent(result, 0).captures] == [JsonSource(path="$.id")]
    assert not sent(result, 1).captures
