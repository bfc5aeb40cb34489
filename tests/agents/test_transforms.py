"""Values that come wrapped, go out wrapped, or stand where no field names them: each is found, and each is proved."""

from __future__ import annotations

import base64
import hashlib
import json
from dataclasses import replace
from urllib.parse import quote

import pytest
from recordings import Session, imported, proved, sent, verdicts

from loadwright.compiler.plan.model import BodySource, JsonSource, RegexSource
from loadwright.compiler.plan.template import Call, Reference, walk
from loadwright.compiler.plan.traverse import request_templates

TOKEN = "f3a9c17be2d84056a1b7"
NUMBER = "48213"


def functions(session: Session, position: int = 1) -> list[str]:
    """The functions of a request of the import, which must have been proved."""
    result = imported(session)
    assert proved(result)
    parts = [part for flat, _ in request_templates(sent(result, position)) for part in walk(flat)]
    assert any(isinstance(part, Reference) for part in parts), "nothing is taken from a response"
    return [part.function for part in parts if isinstance(part, Call)]


def given(value: str) -> Session:
    return Session().add("GET", "/start", json=json.dumps({"seed": value}))


@pytest.mark.parametrize(
    ("value", "calls"),
    [
        (base64.b64encode(f"id:{TOKEN}".encode()).decode(), ["base64"]),
        (base64.b64encode(quote(f"/a?t={TOKEN}", safe="").encode()).decode(), ["base64", "urlencode"]),
        (f"tok_{TOKEN}", []),
        (f"{TOKEN}-v2", []),
        (TOKEN.encode().hex(), ["hex"]),
        (hashlib.sha256(TOKEN.encode()).hexdigest(), ["sha256"]),
        (hashlib.md5(TOKEN.encode(), usedforsecurity=False).hexdigest(), ["md5"]),
        (TOKEN.upper(), ["upper"]),
    ],
)
def test_a_value_that_is_sent_wrapped(value: str, calls: list[str]) -> None:
    body = json.dumps({"p": value})
    assert functions(given(TOKEN).add("POST", "/go", body=body, sends="application/json")) == calls


@pytest.mark.parametrize(
    ("wrapped", "calls"),
    [
        (base64.b64encode(json.dumps({"t": TOKEN, "v": 1}).encode()).decode(), ["before", "after", "base64decode"]),
        (f"urn:app:{TOKEN}", ["after"]),
        (f"7|{TOKEN}|en", ["before", "after"]),
        (json.dumps({"ticket": TOKEN, "n": 1}), ["before", "after"]),
    ],
)
def test_a_value_that_came_wrapped(wrapped: str, calls: list[str]) -> None:
    body = json.dumps({"p": TOKEN})
    assert functions(given(wrapped).add("POST", "/go", body=body, sends="application/json")) == calls


def test_a_claim_of_a_token_is_read_from_the_token() -> None:
    head, claims = (
        base64.urlsafe_b64encode(json.dumps(part).encode()).decode().rstrip("=")
        for part in ({"alg": "HS256"}, {"sub": TOKEN, "role": "user"})
    )
    session = Session().add("POST", "/login", body="a=b", json=json.dumps({"jwt": f"{head}.{claims}.c2lnbmF0dXJlMTIz"}))
    assert functions(session.add("GET", f"/users/{TOKEN}")) == ["jwt_claim"]


def test_a_token_of_plain_text_is_the_whole_body() -> None:
    session = Session().add("GET", "/token", script=TOKEN)
    session.entries[0] = session.entries[0].__class__(
        0,
        session.entries[0].started,
        session.entries[0].ended,
        session.entries[0].request,
        session.entries[0].response.__class__(200, (), TOKEN, TOKEN.encode(), "text/plain"),
    )
    result = imported(session.add("POST", "/run", body="a=b", sent={"X-Token": TOKEN}))
    assert sent(result, 0).captures[0].source == BodySource()
    assert proved(result)


def test_a_row_is_known_by_its_text_not_by_its_place() -> None:
    rows = "".join(f'<tr><td>{name}</td><td><a href="/items/{number}">open</a></td></tr>' for name, number in rows_of())
    result = imported(Session().add("GET", "/items", html=f"<table>{rows}</table>").add("GET", f"/items/{NUMBER}"))
    source = sent(result, 0).captures[0].source
    assert isinstance(source, RegexSource)
    assert "Blue" in source.pattern
    assert proved(result)


def rows_of() -> list[tuple[str, str]]:
    return [("Red", "48210"), ("Blue", NUMBER), ("Green", "48299")]


def test_a_source_that_gives_something_else_in_the_second_recording_is_not_taken() -> None:
    def session(name: str, items: list[tuple[str, str]], wanted: str) -> Session:
        listed = json.dumps([{"id": number, "rank": 1} for _, number in items])
        chosen = json.dumps({"favourite": {"id": wanted}, "items": json.loads(listed)})
        return Session(name).add("GET", "/items", json=chosen).add("GET", f"/items/{wanted}")

    first = session("a.har", [("Red", "48210"), ("Blue", NUMBER)], NUMBER)
    second = session("b.har", [("Blue", "59321"), ("Red", "59300")], "59321")
    result = imported(first, second)
    assert sent(result, 0).captures[0].source == JsonSource(path="$.favourite.id")
    assert proved(result)


@pytest.mark.parametrize("state", ["7712345678901234567:-1122334455667788991", "-7712345678901234567:1122334455667788991"])
def test_a_view_state_of_numbers_is_one_value_whatever_their_signs(state: str) -> None:
    update = f'<update id="j_id1:javax.faces.ViewState:0"><![CDATA[{state}]]></update>'
    session = Session().add("GET", "/list", html="<title>List</title>")
    session.add("POST", "/list", body="source=save", script=f"<partial-response><changes>{update}</changes></partial-response>")
    answer = replace(session.entries[1].response, media_type="text/xml")
    session.entries[1] = replace(session.entries[1], response=answer)
    result = imported(session.add("POST", "/list", body=f"javax.faces.ViewState={state.replace(':', '%3A')}"))
    assert verdicts(result) == [("extract", "view_state")]
    assert proved(result)


@pytest.mark.parametrize("place", ["#state=a1&session_state=b2&code={}", "#/login?code={}&state=a1", "?tab=1#code={}"])
def test_a_value_behind_the_mark_of_a_redirect_is_taken_from_it(place: str) -> None:
    code = "bed7eb9f-0f18-4369-822c-3aeaf88fa7ac.7888845a-6ec6-4c42-a011-bce044bc8e65"
    session = Session().add("POST", "/login", body="x=1", status=302, location=f"/app{place.format(code)}")
    session.add("GET", "/app", html="<p>App").add("POST", "/token", body=f"code={code}", json='{"ok":true}')
    result = imported(session)
    assert code not in str(sent(result, 2).body)
    assert [c.source.kind for c in sent(result, 0).captures] == ["header"]
    assert proved(result)


def test_a_token_behind_a_name_may_begin_with_a_hyphen() -> None:
    session = Session().add("GET", "/key", html="SID=abc\nAuth=-5g54R0BDbi1HtWJ3fHDxQ9\n")
    result = imported(session.add("POST", "/use", body="a=1", sent={"Authorization": "GoogleLogin auth=-5g54R0BDbi1HtWJ3fHDxQ9"}))
    (capture,) = sent(result, 0).captures
    assert "Auth=-" not in str(capture.source)
    assert proved(result)


@pytest.mark.parametrize(
    ("given", "used"),
    [
        ("q+7f/Xb2Zk9dLw+RmE3vTg==", "q-7f_Xb2Zk9dLw-RmE3vTg"),
        ("q+7f/Xb2Zk9dLw+RmE3vTg==", "q-7f_Xb2Zk9dLw-RmE3vTg=="),
        ("q-7f_Xb2Zk9dLw-RmE3vTgAb", "q+7f/Xb2Zk9dLw+RmE3vTgAb"),
    ],
)
def test_base64_in_the_other_alphabet_is_one_value(given: str, used: str) -> None:
    result = imported(
        Session()
        .add("GET", "/", json=json.dumps({"sig": given}))
        .add("POST", "/do", body=f"s={quote(used, safe='')}", html="<p>Done")
    )
    (capture,) = sent(result, 0).captures
    assert "replace" in str(sent(result, 1).body)
    assert "Zk9d" not in str(sent(result, 1).body)
    assert str(capture.source).count("sig") == 1
    assert proved(result)


SIGNED = (
    '<samlp:Response ID="_{id}" Destination="http://shop.test/acs/{seed}"><ds:SignatureValue>{seal}</ds:SignatureValue>'
    "<saml:Subject>ann</saml:Subject></samlp:Response>"
)


@pytest.mark.parametrize("element", ["ds:SignatureValue", "CipherValue"])
def test_of_what_its_maker_signed_no_piece_is_replaced(element: str) -> None:
    """The page that had it is missing: what is made of recorded pieces would be refused, or worse, taken."""
    seal = base64.b64encode(hashlib.sha256(TOKEN.encode()).digest()).decode()
    text = SIGNED.format(id="906a9cd0406e60bf40b3ccb2", seed=TOKEN, seal=seal).replace("ds:SignatureValue", element)
    body = f"SAMLResponse={quote(base64.b64encode(text.encode()).decode(), safe='')}"
    result = imported(given(TOKEN).add("POST", "/acs", body=body))
    assert verdicts(result) == [("unresolved", "saml_response")]
    plain = SIGNED.format(id="906a9cd0406e60bf40b3ccb2", seed=TOKEN, seal=seal).replace("ds:SignatureValue", "Note")
    body = f"SAMLResponse={quote(base64.b64encode(plain.encode()).decode(), safe='')}"
    assert ("extract", "seed") in verdicts(imported(given(TOKEN).add("POST", "/acs", body=body)))


def test_what_a_token_says_of_its_user_is_taken_from_it_under_its_name() -> None:
    claims = base64.urlsafe_b64encode(b'{"sub":"7","tenant_id":718574}').decode().rstrip("=")
    token = f"eyJhbGciOiJIUzI1NiJ9.{claims}.Qm7xT2vK9pLw4RzN8sHdQm7xT2vK9pLw4RzN8sHdQm7"
    session = Session().add("POST", "/login", body="{}", sends="application/json", json=json.dumps({"token": token}))
    result = imported(session.add("GET", "/rows?tenant_id=718574", json="{}", sent={"Authorization": f"Bearer {token}"}))
    assert "jwt_claim" in str(sent(result, 1).url)
    assert proved(result)


def test_a_minified_name_is_no_version_where_an_answer_gave_a_token_by_it() -> None:
    session = Session().add("GET", "/open", json='{"v": "2s3QwQ53NjAUy45mSzMUUZ"}')
    body = '{"v": "2s3QwQ53NjAUy45mSzMUUZ", "x": 1}'
    result = imported(session.add("POST", "/do", body=body, sends="application/json", json="{}"))
    assert sent(result, 0).captures
    assert proved(result)


@pytest.mark.parametrize(
    ("text", "verdict"),
    [
        ('{"returnTo":"/home"}', []),
        ("redirect=/orders/open", []),
        ('{"returnTo":"/home","n":"k8Xw2Qv9Zt4L"}', [("unresolved", "ctx")]),
        ("k8Xw2Qv9Zt4Lr7Bn", [("unresolved", "ctx")]),
        ("kQxZtWpLmNvB", [("unresolved", "ctx")]),
    ],
)
def test_base64_of_words_is_not_asked_for(text: str, verdict: list[tuple[str, str]]) -> None:
    state = quote(base64.b64encode(text.encode()).decode())
    assert verdicts(imported(Session().add("GET", f"/boats?ctx={state}", html="<h1>Log in</h1>"))) == verdict
