"""Digests of two values in one text."""

from __future__ import annotations

from base64 import b64encode
from hashlib import md5, sha256
from json import dumps

import pytest
from recordings import Session, imported, proved, sent, verdicts

SALT, NONCE = "Qm7xT2vK9pLw4RzN", "8f14e45fceea167a5a36dedd4bea2543"
OTHER_SALT, OTHER_NONCE = "Zr4kLw9sXvB2aaTq", "c9f0f895fb98ab9159f51fd0297e236d"
JSON = "application/json"


def proving(salt: str, nonce: str, proof: str, body: str = '{"p": "%s"}', name: str = "a.har") -> Session:
    session = Session(name).add("GET", "/challenge", json=dumps({"salt": salt, "serverNonce": nonce}))
    return session.add("POST", "/proof", body=body % proof, sends=JSON, json='{"ok": true}')


@pytest.mark.parametrize(
    ("proof", "function"),
    [
        (sha256(f"{SALT}{NONCE}".encode()).hexdigest(), "sha256"),
        (md5(f"{NONCE}:{SALT}".encode()).hexdigest(), "md5"),
        (b64encode(sha256(f"{SALT}|{NONCE}".encode()).digest()).decode(), "base64"),
    ],
)
def test_a_digest_of_two_values_of_an_answer_is_made_of_them(proof: str, function: str) -> None:
    result = imported(proving(SALT, NONCE, proof))
    assert function in str(sent(result, 1).body)
    assert not result.plan.secrets
    assert len(sent(result, 0).captures) == 2
    assert proved(result)


def test_one_that_is_sent_twice_is_made_twice() -> None:
    proof = sha256(f"{SALT}{NONCE}".encode()).hexdigest()
    session = proving(SALT, NONCE, proof).add("POST", "/again", body=f'{{"p": "{proof}"}}', sends=JSON, json='{"ok": true}')
    result = imported(session)
    assert all("sha256" in str(sent(result, entry).body) for entry in (1, 2))
    assert not result.plan.secrets
    assert proved(result)


def test_so_is_one_in_a_document_that_a_field_holds() -> None:
    body = dumps({"a": dumps({"t": 1, "proof": "%s"})})
    result = imported(proving(SALT, NONCE, sha256(f"{SALT}{NONCE}".encode()).hexdigest(), body))
    assert "sha256" in str(sent(result, 1).body)
    assert proved(result)


def test_a_digest_of_a_nonce_and_the_password_is_made_of_both() -> None:
    proof = sha256(f"{NONCE}:Winter-4711".encode()).hexdigest()
    session = Session().add("POST", "/login", body="user=ann&password=Winter-4711", json=dumps({"nonce": NONCE}))
    result = imported(session.add("POST", "/sign", body=f"proof={proof}", json='{"ok": true}'))
    assert "sha256" in str(sent(result, 1).body)
    assert [secret.name for secret in result.plan.secrets] == ["password"]
    assert proved(result)


def test_what_the_second_recording_makes_otherwise_is_asked_for() -> None:
    ours = proving(SALT, NONCE, sha256(f"{SALT}{NONCE}".encode()).hexdigest())
    alike = proving(OTHER_SALT, OTHER_NONCE, sha256(f"{OTHER_SALT}{OTHER_NONCE}".encode()).hexdigest(), name="b.har")
    other = proving(OTHER_SALT, OTHER_NONCE, sha256(f"{OTHER_NONCE}{OTHER_SALT}".encode()).hexdigest(), name="b.har")
    assert not imported(ours, alike).plan.secrets
    assert [verdict for verdict, _ in verdicts(imported(ours, other)) if verdict == "unresolved"] == ["unresolved"]


def test_what_is_a_digest_of_nothing_known_is_asked_for() -> None:
    result = imported(proving(SALT, NONCE, sha256(f"{SALT}{NONCE}key".encode()).hexdigest()))
    assert [verdict for verdict, _ in verdicts(result) if verdict == "unresolved"] == ["unresolved"]


def test_a_nonce_that_is_a_digest_or_encodes_what_was_given_is_not_made_up() -> None:
    digest = sha256(f"{SALT}{NONCE}".encode()).hexdigest()
    for value, function in ((digest, "sha256"), (SALT.encode().hex(), "hex")):
        session = Session().add("GET", "/challenge", json=dumps({"salt": SALT, "serverNonce": NONCE}))
        result = imported(session.add("GET", "/rows", json="[]", sent={"X-Nonce": value}))
        assert function in str(sent(result, 1).headers)
        assert proved(result)


def test_a_password_is_tried_however_long_ago_it_was_sent() -> None:
    proof = sha256(f"{NONCE}:Winter-4711".encode()).hexdigest()
    session = Session().add("POST", "/login", body="user=ann&password=Winter-4711", json='{"ok": true}')
    for number in range(12):
        token = sha256(str(number).encode()).hexdigest()
        session.add("GET", "/next", json=dumps({"ticket": token})).add("POST", "/use", body=f"ticket={token}", json='{"ok": true}')
    session.add("GET", "/challenge", json=dumps({"nonce": NONCE}))
    result = imported(session.add("POST", "/sign", body=f"proof={proof}", json='{"ok": true}'))
    assert [secret.name for secret in result.plan.secrets] == ["password"]
