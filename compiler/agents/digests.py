"""Digests that requests carry of values that they received."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Callable, Iterable, Iterator
from hashlib import md5, sha1, sha256
from typing import Any

from loadwright.compiler.agents.values import is_token

_HEX = re.compile(r"[0-9a-f]+")
_DIGEST = re.compile(r"[0-9a-f]{32,64}|[A-Za-z0-9_-]{22,43}|[A-Za-z0-9+/]{22,43}={1,2}")
_FORMS: dict[tuple[int, bool], tuple[str, ...]] = {
    (32, True): ("md5",),
    (40, True): ("sha1",),
    (64, True): ("sha256",),
    (24, False): ("md5", "base64"),
    (28, False): ("sha1", "base64"),
    (44, False): ("sha256", "base64"),
    (22, False): ("md5", "base64url"),
    (27, False): ("sha1", "base64url"),
    (43, False): ("sha256", "base64url"),
}
"""Length and whether it is hexadecimal: the function and its format."""
_HASHES: dict[str, Callable[..., Any]] = {"md5": md5, "sha1": sha1, "sha256": sha256}
_HASHABLE = re.compile(r"[^\s\"'<>&\\]{12,4999}")
_MOST, _MOST_NEW = 400, 30
"""Words of a response that are looked at, and of these, words that no response before had."""


class Digests:
    """The digests among wanted values, and which values they are of."""

    def __init__(self, values: Iterable[str]) -> None:
        self._wanted: dict[bytes, list[tuple[str, tuple[str, ...]]]] = {}
        """Digest: each wanted text of it, and the function that makes it."""
        for value in sorted(values):
            step = _FORMS.get((len(value), _HEX.fullmatch(value) is not None)) if _DIGEST.fullmatch(value) else None
            raw = _raw(value, step) if step else None
            if step and raw:
                self._wanted.setdefault(raw, []).append((value, step))
        names = {step[0] for found in self._wanted.values() for _, step in found}
        self._hashes = [_HASHES[name] for name in sorted(names)]
        self._seen: dict[str, bool] = {}

    def of(self, value: str) -> Iterator[tuple[str, tuple[str, ...]]]:
        """The wanted digests of a value, each with its function."""
        if self._wanted and 12 <= len(value) < 5000 and " " not in value and (found := self._found(value)) and is_token(value):
            yield from found

    def _found(self, value: str) -> list[tuple[str, tuple[str, ...]]]:
        data, found = value.encode(), []
        for compute in self._hashes:
            digest = compute(data, usedforsecurity=False).digest()
            if digest in self._wanted:
                found += self._wanted[digest]
        return found

    def stand_behind(self, text: str) -> bool:
        """Whether one of the first words of a text has a wanted digest."""
        if not self._wanted:
            return False
        new = 0
        for number, match in enumerate(_HASHABLE.finditer(text)):
            word = match.group()
            hit = self._seen.get(word)
            if hit is None:
                new += 1
                hit = self._seen[word] = bool(self._found(word))
            if hit:
                return True
            if number >= _MOST or new >= _MOST_NEW:
                return False
        return False


def _raw(value: str, step: tuple[str, ...]) -> bytes | None:
    try:
        if len(step) == 1:
            return bytes.fromhex(value)
        return base64.b64decode(value.replace("-", "+").replace("_", "/") + "=" * (-len(value) % 4), validate=True)
    except (ValueError, binascii.Error):
        return None
