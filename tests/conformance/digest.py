"""Checks the answer to a digest challenge (RFC 7616, qop `auth`)."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable
from dataclasses import dataclass

_FIELD = re.compile(r'(\w+)=(?:"((?:[^"\\]|\\.)*)"|([^",\s]+))')


@dataclass(frozen=True)
class Challenge:
    """A challenge, and what a right answer to it is made from."""

    username: str
    password: str
    algorithm: str
    realm: str = "the realm"
    nonce: str = "n0nce"
    opaque: str = "0paque"

    @property
    def header(self) -> tuple[str, str]:
        """The `WWW-Authenticate` header."""
        fields = f'realm="{self.realm}", qop="auth", algorithm={self.algorithm}, nonce="{self.nonce}", opaque="{self.opaque}"'
        return "WWW-Authenticate", f"Digest {fields}"

    def answered(self, method: str, target: str) -> Callable[[str], bool]:
        """Whether an `Authorization` header answers the challenge for a request; the target is that on the wire."""
        return lambda header: self._right(method, target, header)

    def _right(self, method: str, target: str, header: str) -> bool:
        if not header.startswith("Digest "):
            return False
        given = {name: quoted or plain for name, quoted, plain in _FIELD.findall(header.removeprefix("Digest "))}
        first = self._hash(f"{self.username}:{self.realm}:{self.password}")
        second = self._hash(f"{method}:{target}")
        response = self._hash(":".join((first, self.nonce, given.get("nc", ""), given.get("cnonce", ""), "auth", second)))
        wanted = {
            "username": self.username,
            "realm": self.realm,
            "nonce": self.nonce,
            "uri": target,
            "opaque": self.opaque,
            "qop": "auth",
            "response": response,
        }
        return {name: given.get(name) for name in wanted} == wanted

    def _hash(self, text: str) -> str:
        name = {"MD5": "md5", "SHA-256": "sha256"}[self.algorithm]
        return hashlib.new(name, text.encode()).hexdigest()
