"""What can only be sent as a whole, or not at all: signed tokens, values in a spelling of their own, tokens inside of documents."""

from __future__ import annotations

import base64
import json

import pytest
from recordings import Session, imported, proved, sent, verdicts

from loadwright.compiler.plan.template import Call, Reference, Template, template, walk
from loadwright.compiler.plan.traverse import request_templates

JSON = "application/json"
TOKENS = ("f3a9c17be2d84056a1b7", "0c58e1b7a94d26f3e8a1")
ODD = ("2EOEdrpJkI+9e9Qj4/uoD7F=", "6XQBL2ns5Q+oHbR6h/qpLa7=")


def sending(sent_for: list[str], given: tuple[str, ...] = TOKENS, name: str = "p") -> list[Session]:
    """Sessions that are given a value, and that send something under a name."""
    bodies = (json.dumps({"a": 1, name: one}) for one in sent_for)
    return [
        Session(f"{n}.har").add("GET", "/start", json=json.dumps({"seed": seed})).add("POST", "/go", body=body, sends=JSON)
        for n, (seed, body) in enumerate(zip(given, bodies, strict=False))
    ]


def jwt(claim: str, signature: str) -> str:
    head, body = (
        base64.urlsafe_b64encode(json.dumps(one).encode()).decode().rstrip("=") for one in ({"alg": "ES256"}, {"tid": claim})
    )
    return f"{head}.{body}.{signature}"


@pytest.mark.parametrize("count", [1, 2])
def test_no_claim_is_put_into_a_token_that_the_client_signed(count: int) -> None:
    signed = [jwt(token, signature) for token, signature in zip(TOKENS, ("K9x2_fLq8ZrT41bV", "mT7s-Q0pYw3Xa6Hd"), strict=True)]
    result = imported(*sending(signed[:count], name="proof"))
    assert verdicts(result) == [("unresolved", "proof")]
    assert not sent(result, 0).captures


def test_a_token_that_nobody_signed_is_made_anew() -> None:
    result = imported(*sending([jwt(TOKENS[0], "")]))
    assert [verdict for verdict, _ in verdicts(result)] == ["extract"]
    assert proved(result)


@pytest.mark.parametrize("count", [1, 2])
@pytest.mark.parametrize("around", ["{}", "Bearer {}", "1,{},z"])
def test_a_value_in_a_spelling_of_its_own_is_not_taken_in_part(around: str, count: int) -> None:
    written = [around.format(one.replace("+", "&#x2b;").replace("/", "&#x2f;").replace("=", "&#x3d;")) for one in ODD]
    result = imported(*sending(written[:count], ODD))
    assert [verdict for verdict, _ in verdicts(result)] == ["unresolved"]
    assert not sent(result, 0).captures


def test_pieces_that_change_places_are_taken_each() -> None:
    given = ("q8Zr4kLw9sXv:B2hN7tYcQ1mD",)
    result = imported(*sending(["B2hN7tYcQ1mD/q8Zr4kLw9sXv"], given))
    assert {verdict for verdict, _ in verdicts(result)} == {"extract"}
    assert proved(result)


@pytest.mark.parametrize(("form", "encoder"), [('{{"k": "{}", "n": 1}}', "jsonescape"), ("<a><t>{}</t></a>", "htmlencode")])
def test_a_token_in_a_document_that_nothing_explains_is_asked_for(form: str, encoder: str) -> None:
    first, second = sending([form.format(one) for one in TOKENS], ("1", "1"))
    result = imported(first, second)
    ((verdict, name),) = verdicts(result)
    assert verdict == "unresolved"
    parts = [part for flat, _ in request_templates(sent(result, 1)) for part in walk(flat)]
    assert Call(function=encoder, arguments=(template(Reference(name=name)),)) in parts
    assert TOKENS[0] not in result.plan.model_dump_json()


def test_of_one_recording_the_first_token_in_a_document_is_told() -> None:
    (session,) = sending([json.dumps({"k": TOKENS[0], "l": TOKENS[1]})], ("1",))
    result = imported(session)
    assert verdicts(result) == []
    assert [one.where for one in result.left] == ["entry 1 POST /go: json k"]


def test_a_token_in_a_document_that_both_sessions_send_is_neither() -> None:
    result = imported(*sending([json.dumps({"k": TOKENS[0]})] * 2, ("1", "1")))
    assert verdicts(result) == []
    assert not result.left


@pytest.mark.parametrize("ours", ["2f22a5d3-6a96-4672-a7b5-5ea63b8e1728", "2f22a5d36a964672a7b55ea63b8e1728"])
def test_an_id_in_the_name_of_an_encoded_field_is_taken(ours: str) -> None:
    session = Session().add("GET", "/start", json=json.dumps({"row": ours}))
    result = imported(session.add("POST", "/go", body=f"a=1&qty%5B{ours}%5D=2"))
    assert [verdict for verdict, _ in verdicts(result)] == ["extract"]
    names: list[Template] = [flat for flat, _ in request_templates(sent(result, 1))]
    assert template("qty[", Reference(name=verdicts(result)[0][1]), "]") in names
    assert proved(result)


def test_the_name_of_a_member_is_told_from_two_recordings_too() -> None:
    sessions = [
        Session(f"{n}.har")
        .add("GET", "/start", json=json.dumps({"row": token}))
        .add("POST", "/go", body=json.dumps({"a": 1, "sel": {token: True, "c58e1b7a94d26f3e8a10": False}}), sends=JSON)
        for n, token in enumerate(TOKENS)
    ]
    result = imported(*sessions)
    assert [one.where for one in result.left] == ["entry 1 POST /go: json /sel"]
