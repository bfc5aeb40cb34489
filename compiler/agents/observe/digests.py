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
_BASE64 = re.compile(rb"[A-Za-z0-9+/]{12,4000}={0,2}")
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
_BACKSLASH = 2
"""What stands for a backslash that ends a token, which no text has."""
_TOKENS = bytes(byte if chr(byte).isalnum() or chr(byte) in "_-+/=.~:%|!*$@" else 0x20 for byte in range(128)) + b" " * 128
_TOKENS = bytes([*_TOKENS[:_BACKSLASH], ord("\\"), *_TOKENS[_BACKSLASH + 1 :]])
"""Keeps what tokens are made of, and puts a space in place of everything else."""
_SHORTEST, _LONGEST = 10, 5000
_LONG_WORD = 12
"""Characters from which a word that tokens are made of may have no digit: shorter ones are words of a language."""
_MOST_WORDS, _MOST, _MOST_NEW = 20 * 400, 400, 20
"""Words of a response, those of them that are long enough, and of these, words that no response before had."""


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
        self._seen: set[bytes] = set()
        self._hits: set[bytes] = set()

    def of(self, value: str) -> Iterator[tuple[str, tuple[str, ...]]]:
        """The wanted digests of a value, each with its function."""
        if not self._wanted or not _SHORTEST <= len(value) < _LONGEST or " " in value:
            return
        if (found := self._found(value.encode("utf-8", "surrogatepass"))) and is_token(value):
            yield from found

    def __bool__(self) -> bool:
        return bool(self._wanted)

    def step(self, text: str) -> tuple[str, ...] | None:
        """The function that makes the only wanted digest of a text, if it has it."""
        found = self._found(text.encode("utf-8", "surrogatepass"))
        return found[0][1] if found else None

    def of_bytes(self, data: bytes) -> Iterator[str]:
        """The wanted digests of some bytes, whatever they are."""
        yield from (value for value, _ in self._found(data))

    def _found(self, data: bytes) -> list[tuple[str, tuple[str, ...]]]:
        found = []
        for compute in self._hashes:
            digest = compute(data, usedforsecurity=False).digest()
            if digest in self._wanted:
                found += self._wanted[digest]
        return found

    def stand_behind(self, text: str) -> bool:
        """Whether one of the first words of a text has a wanted digest."""
        if not self._wanted:
            return False
        long = _long_words(text)
        if not self._hits.isdisjoint(long):
            return True
        new = [word for word in dict.fromkeys(long) if word not in self._seen and _may_be_token(word)][:_MOST_NEW]
        self._seen.update(new)
        hits = [word for word in new if self._found(word) or ((inner := _decoded(word)) and self._found(inner))]
        self._hits.update(hits)
        return bool(hits)


def token_words(text: str) -> list[str]:
    """The first words of a text that tokens may be, in its order."""
    return [word.decode("ascii") for word in _long_words(text)]


def _long_words(text: str) -> list[bytes]:
    data = text.encode("utf-8", "replace")
    if b"+\\" in data:  # a token may end so; in JSON it is written twice, and once it is of a quote
        data = data.replace(b"+\\\\", b"+\x02").replace(b'+\\"', b'+"').replace(b"+\\", b"+\x02")
    words = data.translate(_TOKENS).split(maxsplit=_MOST_WORDS)
    return [_assigned(word) for word in words if len(word) >= _SHORTEST][:_MOST]


def _assigned(word: bytes) -> bytes:
    """What stands behind a name in a word, `=` of base64 is no sign for that."""
    name, _, value = word.partition(b"=")
    return value if len(value) >= _SHORTEST > len(value) - len(value.lstrip(b"=")) and name[:1].isalpha() else word


def _decoded(word: bytes) -> bytes:
    """What base64 of a text holds; nothing for any other word."""
    if len(word) % 4 or _BASE64.fullmatch(word) is None:
        return b""
    text = base64.b64decode(word)
    return text if text.isascii() and text.decode("ascii").isprintable() else b""


def _may_be_token(word: bytes) -> bool:
    if len(word) < _LONG_WORD and not any(48 <= byte < 58 for byte in word):
        return False
    return len(word) < _LONGEST and (word[0] != 0x2F or len(word) % 4 == 0)  # a path is none; base64 may begin with a slash


def _raw(value: str, step: tuple[str, ...]) -> bytes | None:
    try:
        if len(step) == 1:
            return bytes.fromhex(value)
        return base64.b64decode(value.replace("-", "+").replace("_", "/") + "=" * (-len(value) % 4), validate=True)
    except (ValueError, binascii.Error):
        return None
