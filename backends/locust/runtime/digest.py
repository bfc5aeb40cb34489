"""HTTP Digest authentication (RFC 7616)."""

# Locust's decorators and gevent are untyped; an ignore at each place would be copied.
# mypy: disable-error-code="import-untyped, no-untyped-call, untyped-decorator"

from __future__ import annotations

import hashlib
import re
import secrets
from dataclasses import dataclass

from locust.contrib.fasthttp import ResponseContextManager

from loadwright.backends.locust.runtime.network import request_target

DIGEST_PARAMETER = (
    r"(?i)\bDigest\s+(?=[\w-]+\s*=)"
    r'|([\w-]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s,]+))'
)
DIGESTS = {"MD5": "md5", "SHA-256": "sha256"}


@dataclass(frozen=True)
class Digest:
    """Credentials that a server asks for by a challenge."""

    username: str
    password: str

    def proof(self, answer: ResponseContextManager, method: str) -> str | None:
        """The `Authorization` header that an answer asks for, if it does."""
        if answer.status_code != 401 or answer.headers is None:
            return None
        lines = answer.headers.getlist("WWW-Authenticate")
        for challenge in (found for line in lines for found in digest_challenges(line)):
            if digest_algorithm(challenge) in DIGESTS and takes_auth(challenge):
                uri = request_target(answer.url or "")
                return digest_header(challenge, method, uri, self)
        return None


def digest_algorithm(challenge: dict[str, str]) -> str:
    """The algorithm of a challenge."""
    return challenge.get("algorithm", "MD5").upper().removesuffix("-SESS")


def takes_auth(challenge: dict[str, str]) -> bool:
    """Whether a challenge can be answered without a digest of the body."""
    return "auth" in re.split(r"[\s,]+", challenge.get("qop", "auth"))


def digest_challenges(header: str) -> list[dict[str, str]]:
    """The parameters of each digest challenge in a header."""
    found: list[dict[str, str]] = []
    for match in re.finditer(DIGEST_PARAMETER, header):
        name, quoted, plain = match[1], match[2], match[3]
        if name is None:
            found.append({})
        elif found:
            value = re.sub(r"\\(.)", r"\1", quoted) if plain is None else plain
            found[-1].setdefault(name.lower(), value)
    return [challenge for challenge in found if "nonce" in challenge]


def digest_header(
    challenge: dict[str, str], method: str, uri: str, digest: Digest
) -> str:
    """The answer to a challenge."""
    algorithm, realm = challenge.get("algorithm", "MD5"), challenge.get("realm", "")
    nonce, cnonce = challenge["nonce"], secrets.token_hex(8)

    def hashed(*texts: str) -> str:
        name = DIGESTS[digest_algorithm(challenge)]
        return hashlib.new(name, ":".join(texts).encode()).hexdigest()

    key = hashed(digest.username, realm, digest.password)
    if algorithm.upper().endswith("-SESS"):
        key = hashed(key, nonce, cnonce)
    counted = ("00000001", cnonce, "auth") if "qop" in challenge else ()
    fields = {
        "username": digest.username,
        "realm": realm,
        "nonce": nonce,
        "uri": uri,
        "response": hashed(key, nonce, *counted, hashed(method, uri)),
    }
    fields |= {name: challenge[name] for name in ("opaque",) if name in challenge}
    if counted or algorithm.upper().endswith("-SESS"):
        fields["cnonce"] = cnonce
    quoted = (
        '{}="{}"'.format(name, value.replace("\\", "\\\\").replace('"', '\\"'))
        for name, value in fields.items()
    )
    plain = [f"algorithm={algorithm}"] if "algorithm" in challenge else []
    plain += ["qop=auth", "nc=00000001"] if counted else []
    return "Digest " + ", ".join([*quoted, *plain])
