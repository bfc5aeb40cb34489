"""Names that say of a value that it is a password, a key or a credential, in whatever way they are spelled."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from loadwright.compiler.agents.names import plain_name

_AT_THE_END = re.compile(r"pass(?:word|wd|phrase|code)?$|^pwd?$|pin$|otp$|secret|api[-_]?key|credential", re.IGNORECASE)
_ANYWHERE = re.compile(
    r"passw(?:or)?[dt]|pass(?:phrase|code)|pwd|kennwort|motdepasse|contrasen|wachtwoord|securityanswer|"
    r"(?:mfa|2fa|otp|twofactor|security|sms|verification|recovery|backup)code|"
    r"(?:access|auth|encryption|licen[cs]e|master|private|service|shared|signing|storage|subscription)key$"
)
"""In names without case and separators: `password_confirmation`, `txtPassword1`, `Subscription-Key`."""
_WORDS_OF_SECRETS = frozenset(("pw", "mdp", "otp", "totp", "cvv", "cvc", "senha", "haslo", "parola"))
_BESIDE_PASS = frozenset(("login", "user", "new", "old", "confirm", "again", "repeat", "field", "input", "box", "text", "txt"))
_ABOUT = re.compile(
    r"reset|forg[eo]t|polic|length|strength|score|chang|expir|requir|hint|visib|toggle|enabl|protect|rule|algorithm|label|title|"
    r"placeholder|error|message|valid|status|manager|question"
)
"""What is told of a password, rather than one: `passwordPolicy`."""
_ABOUT_WORDS = frozenset(
    (
        *("is", "has", "use", "show", "with", "need", "min", "max", "age", "id", "ids", "at", "on", "url", "uri", "link", "name"),
        *("type", "mode", "count", "date", "time", "file", "path", "level", "format", "rate"),
    )
)
_CREDENTIAL = re.compile(
    r"(?:access|api|auth(?:entication|orization)?|bearer|id|login|personal|private|refresh|security|session|user)token$|"
    r"session(?:id|key)$|sessid$|^(?:bearer|jwt)$"
)
_FLAGS = frozenset(("", "0", "1", "true", "false", "null", "none", "undefined", "on", "off", "yes", "no"))
_WORD = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])|\d+")
_SHORTEST_CREDENTIAL, _LONG_NUMBER = 8, 12


@lru_cache(maxsize=8192)
def is_secret_name(name: str) -> bool:
    """Whether a field of this name holds a password or key (`user[password]`, `password2`, `passwordConfirmation`, `Kennwort`)."""
    if _AT_THE_END.search(plain_name(name)):
        return True
    words = [word.lower() for word in _WORD.findall(_without_accents(name))]
    if not words:
        return False
    folded = "".join(words)
    found = _ANYWHERE.search(folded)
    if found is None:
        others = {word for word in words if word != "pass" and not word.isdigit()}
        return not _WORDS_OF_SECRETS.isdisjoint(words) or ("pass" in words and others <= _BESIDE_PASS)
    around = folded[: found.start()] + " " + folded[found.end() :]
    return _ABOUT.search(around) is None and _ABOUT_WORDS.isdisjoint(words)


def may_be_secret(value: str) -> bool:
    """Whether a value may be a password: a field called so may also hold whether there is one (`true`)."""
    return value.strip().lower() not in _FLAGS


def is_credential_field(name: str, value: str) -> bool:
    """Whether a field holds by its name what lets its user in (`access_token`, `sessionId`), whatever the value looks like."""
    if len(value) < _SHORTEST_CREDENTIAL or (value.isdigit() and len(value) < _LONG_NUMBER):
        return False  # the number of a session that people meet in
    return _is_credential_name(name)


@lru_cache(maxsize=8192)
def _is_credential_name(name: str) -> bool:
    return _CREDENTIAL.search(re.sub(r"[^a-z0-9]", "", plain_name(name).lower())) is not None


def _without_accents(name: str) -> str:
    return name if name.isascii() else unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
