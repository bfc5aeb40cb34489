"""Digests and what is built of them."""

from __future__ import annotations

import base64
import hashlib
import hmac as standard_hmac
from collections.abc import Callable

from loadwright.compiler.plan.arguments import ArgumentError
from loadwright.compiler.plan.encodings import base64url

ALGORITHMS = ("md5", "sha1", "sha256", "sha512")
FORMATS = ("hex", "base64", "base64url")


def digest(algorithm: str) -> Callable[..., str]:
    """The function that gives the digest of a text's UTF-8 bytes, in a format of FORMATS."""

    def evaluate(text: str, form: str = "hex") -> str:
        return _written(hashlib.new(algorithm, text.encode(), usedforsecurity=False).digest(), algorithm, form)

    return evaluate


def hmac(text: str, key: str, algorithm: str = "sha256", form: str = "hex") -> str:
    """The HMAC (RFC 2104) of a text under a key, both as UTF-8. Raises ArgumentError for an unknown algorithm or format."""
    if algorithm not in ALGORITHMS:
        raise ArgumentError("hmac", "bad algorithm")
    return _written(standard_hmac.new(key.encode(), text.encode(), algorithm).digest(), "hmac", form)


def pkce_challenge(verifier: str) -> str:
    """The S256 challenge of a verifier (RFC 7636 section 4.2)."""
    return base64url(hashlib.sha256(verifier.encode()).digest())


def _written(data: bytes, function: str, form: str) -> str:
    if form not in FORMATS:
        raise ArgumentError(function, "bad format")
    if form == "hex":
        return data.hex()
    return base64.b64encode(data).decode() if form == "base64" else base64url(data)
