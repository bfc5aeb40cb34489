"""What a value looks like: token, number, word; and how to name and mask it."""

from __future__ import annotations

import math
import re
from collections import Counter

UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[1-8][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}", re.IGNORECASE)
JWT = re.compile(r"eyJ[A-Za-z0-9_-]+\.eyJ[A-Za-z0-9_-]*\.[A-Za-z0-9_-]*")
ISO_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z")
TOKEN_RUN = re.compile(r"[A-Za-z0-9_+/=.~-]{8,}")
"""Runs of characters that tokens are made of, to look for inside a larger value."""

_ANALYTICS_COOKIE = re.compile(
    r"_ga|_gid|_gat|_gcl|__utm|_fbp|_hj|_pk_|__stripe|amplitude|ajs_|mp_|optimizely|intercom|_clck|_clsk|_uet"
)
_TOKEN = re.compile(r"[A-Za-z0-9_\-+/=.~:%|!*$@]+")
_WORDS = re.compile(r"[A-Z]?[a-z]+|[A-Z]+|\d+")
_SECRET_NAME = re.compile(r"pass(?:word|wd|phrase|code)?$|^pwd?$|pin$|otp$|secret|api[-_]?key|credential", re.IGNORECASE)
_USER_NAME = re.compile(r"^(?:user|login|email|e-?mail|username|user_?name|user_?id|account|name)$", re.IGNORECASE)
_NONCE_NAME = re.compile(
    r"state|nonce|verifier|request_?id|correlation_?id|trace|idempotency|client_?id_?seq|cache_?buster|^_$|guid|uuid", re.IGNORECASE
)
_CONSTANT_NAME = re.compile(
    r"client_?id|app_?id|version|^v$|^ver$|hash|scope|method|mode|type|redirect|locale|lang|format|integrity|build", re.IGNORECASE
)


def is_secret_name(name: str) -> bool:
    """Whether a field of this name holds a password or key."""
    return bool(_SECRET_NAME.search(plain_name(name)))


def is_user_name(name: str) -> bool:
    """Whether a field of this name holds who the user is."""
    return bool(_USER_NAME.match(plain_name(name)))


def is_nonce_name(name: str) -> bool:
    """Whether a field of this name holds what a client makes anew each time."""
    return bool(_NONCE_NAME.search(plain_name(name)))


def is_constant_name(name: str) -> bool:
    """Whether a field of this name holds what the application fixes (a client id, a version, a mode)."""
    return bool(_CONSTANT_NAME.search(plain_name(name)))


def is_analytics_cookie(name: str) -> bool:
    """Whether a cookie of this name belongs to a common analytics or advertising script."""
    return bool(_ANALYTICS_COOKIE.match(name))


def is_id_name(name: str) -> bool:
    """Whether a field of this name identifies something (`id`, `orderId`, `item_id`, `uuid`, `key`)."""
    words = [w.lower() for w in _WORDS.findall(name)]
    return bool(words) and words[-1] in {"id", "ids", "uuid", "guid", "key", "number", "no", "ref", "slug", "token", "code"}


def plain_name(name: str) -> str:
    """The last part of a dotted or bracketed name: `user[password]` gives `password`."""
    parts = [p for p in re.split(r"[\[\].:/]+", name) if p]
    return parts[-1] if parts else name


def folded(name: str) -> str:
    """A name without case and separators, to compare `csrfToken`, `csrf_token` and `X-CSRF-Token`'s tail."""
    return re.sub(r"[^a-z0-9]", "", plain_name(name).lower())


def entropy_bits(value: str) -> float:
    """Shannon entropy of the characters times the length, in bits."""
    if not value:
        return 0.0
    total = len(value)
    return -sum(n * math.log2(n / total) for n in Counter(value).values())


def is_token(value: str) -> bool:
    """Whether a value is so random that meeting it twice by chance can be ruled out.

    At least 8 characters without white space, and mixed beyond words: letters with digits, or long and irregular case.
    """
    if len(value) < 8 or len(value) > 100_000 or not _TOKEN.fullmatch(value):
        return False
    if UUID.fullmatch(value) or JWT.fullmatch(value):
        return True
    if re.match(r"[a-z][a-z0-9+.-]*://", value, re.IGNORECASE) or ("/" in value.strip("/=") and value.startswith("/")):
        return False
    if ISO_TIME.fullmatch(value) or (re.fullmatch(r"[\w-]+/[\w.+-]+(;.*)?", value) and value.count("/") == 1 and len(value) < 40):
        return False
    if value.isdigit():
        return len(value) >= 12
    return _irregular(value)


def _irregular(value: str) -> bool:
    letters = sum(c.isalpha() for c in value)
    digits = sum(c.isdigit() for c in value)
    words = _WORDS.findall(value)
    spoken = sum(len(w) for w in words if len(w) >= 4 and re.search("[aeiouyAEIOUY]", w) and not w.isdigit())
    if letters and digits and entropy_bits(value) >= 20:
        # words joined with a number (`checkoutPage2`, `chapter12`) are mostly spoken and switch class rarely
        return digits >= len(value) / 4 or (spoken < letters * 0.6 and len(words) >= max(3, len(value) / 6))
    if letters and not digits and len(value) >= 10:
        vowels = sum(c in "aeiouyAEIOUY" for c in value)
        return (len(words) >= len(value) / 4 and spoken < letters / 4) or (vowels < letters / 8 and len(value) >= 12)
    return False


def kind_of(value: str) -> str:
    """A short word for what a value is, free of the value itself."""
    if UUID.fullmatch(value):
        return "uuid"
    if JWT.fullmatch(value):
        return "jwt"
    if re.fullmatch(r"\d+", value):
        return "number"
    if re.fullmatch(r"[0-9a-f]{8,}", value):
        return "hexadecimal"
    if is_token(value):
        return "token"
    return "text"


def mask(value: str) -> str:
    """What a report shows in place of a value: its kind and length."""
    return f"‹{kind_of(value)}, {len(value)} characters›"


def identifier(*hints: str, fallback: str = "value") -> str:
    """A variable name in snake case from the first hint that gives one (`X-CSRF-Token` gives `csrf_token`)."""
    for hint in hints:
        words = [w.lower() for w in _WORDS.findall(re.sub(r"^X-", "", plain_name(hint)))]
        name = "_".join(words)[:40].strip("_")
        if name and not name[0].isdigit():
            return name
    return fallback


def singular(word: str) -> str:
    """A plural path segment made singular, well enough for a name (`notes`, `categories`, `boxes`)."""
    for ending, replacement in (("ies", "y"), ("sses", "ss"), ("xes", "x"), ("s", "")):
        if word.endswith(ending) and len(word) > len(ending) + 1 and not word.endswith("ss"):
            return word[: -len(ending)] + replacement
    return word


def literal_pattern(text: str) -> str:
    """Text as a portable regular expression that matches it alone."""
    return re.sub(r"([\\.^$*+?{}\[\]|()])", r"\\\1", text)
