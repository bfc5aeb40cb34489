"""Passwords and credentials are known by their names, however these are spelled, and what is told of passwords is none."""

from __future__ import annotations

import json

import pytest
from recordings import Session, imported, proved

from loadwright.compiler.agents.secret_names import is_credential_field, is_secret_name

_HELD = [
    *(
        "password",
        "passwd",
        "pwd2",
        "j_password",
        "password1",
        "password_confirmation",
        "passwordConfirmation",
        "newPasswordRepeat",
    ),
    *("pass1", "loginPassField", "txtPassword1", "ctl00$Password$Text", "registration[plainPassword][first]", "pass_word"),
    *("Passwort", "kennwort", "mot_de_passe", "contraseña", "senha", "securityAnswer", "otp_code", "mfaCode", "cvv", "cvc2"),
    *("security_code", "access_key", "privateKey", "Subscription-Key", "client_secret", "X-Api-Key"),
    *(
        "pswd",
        "bindpw",
        "wpa_psk",
        "hmacKey",
        "AccountKey",
        "activation_key",
        "accessCode",
        "authcode",
        "recoveryPhrase",
        "mot_passe",
    ),
]
_TOLD = [
    *("passwordPolicy", "password_min_length", "show_password_field", "passwordResetUrl", "password_changed_at"),
    *("passenger1", "compassHeading", "passed", "key", "code", "primaryKeys", "passport_number", "opinions", "tokens"),
    *("maps_w", "monkeyData", "accessLevel", "codeName", "seedList", "activationState", "authMode", "recoveryTime"),
]


@pytest.mark.parametrize("name", _HELD)
def test_a_password_is_known_by_its_name(name: str) -> None:
    assert is_secret_name(name)
    session = Session().add(
        "POST", "/register", body=json.dumps({"n": 1, name: "winter rose"}), sends="application/json", json="{}"
    )
    result = imported(session)
    assert "winter rose" not in result.plan.model_dump_json()
    assert proved(result)


@pytest.mark.parametrize("name", _TOLD)
def test_what_is_told_of_a_password_is_none(name: str) -> None:
    assert not is_secret_name(name)


def test_whether_there_is_a_password_is_no_password() -> None:
    session = Session().add(
        "POST", "/share", body='{"password_confirmation":"true","pin":"0"}', sends="application/json", json="{}"
    )
    assert imported(session).plan.secrets == ()


@pytest.mark.parametrize("name", ["access_token", "authToken", "sessionId", "user[session_token]", "refresh-token"])
def test_a_credential_is_none_of_the_tests_texts_though_it_is_a_word(name: str) -> None:
    assert is_credential_field(name, "development")
    assert not is_credential_field(name, "42")
    session = Session().add("POST", "/call", body=json.dumps({name: "development"}), sends="application/json", json="{}")
    assert "development" not in imported(session).plan.model_dump_json()


def test_a_credential_that_two_recordings_share_is_no_constant() -> None:
    token = "Qk83ZmLw10Tp55Vx"
    one, two = (Session().add("GET", f"/list?access_token={token}", json='{"items":[]}') for _ in range(2))
    assert token not in imported(one, two).plan.model_dump_json()


@pytest.mark.parametrize("name", ["deviceToken", "bot_token", "code_verifier", "x-functions-key", "x_auth"])
def test_a_credential_is_known_by_its_name(name: str) -> None:
    assert is_credential_field(name, "words-of-a-token")


def test_credentials_in_a_batch_are_known_by_their_scheme() -> None:
    assert is_credential_field("Authorization", "Bearer words-of-a-token")
    assert not is_credential_field("authorization", "required by law")
