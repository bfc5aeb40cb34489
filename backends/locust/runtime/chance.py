"""Random numbers that are the same for the same seed."""

from __future__ import annotations

import os
import secrets
from collections.abc import Sequence
from typing import Any

from loadwright.backends.locust.runtime.network import Failure
from loadwright.backends.locust.runtime.texts import list_items, whole_number

SEED = os.environ.get("LOADWRIGHT_SEED") or secrets.token_hex(8)
ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
FURTHEST = 10**15 - 1


class RandomNumbers:
    """Random numbers (mulberry32) that start from a text (FNV-1a)."""

    def __init__(self, key: str):
        self.key = key
        self.state = 0x811C9DC5
        for byte in key.encode():
            self.state = (self.state ^ byte) * 0x01000193 & 0xFFFFFFFF

    def draw(self) -> int:
        """The next 32 bits."""
        self.state = (self.state + 0x6D2B79F5) & 0xFFFFFFFF
        t = (self.state ^ self.state >> 15) * (self.state | 1) & 0xFFFFFFFF
        t ^= (t + (t ^ t >> 7) * (t | 61)) & 0xFFFFFFFF
        return t ^ t >> 14

    def unit(self) -> float:
        """A number from 0 up to, but not, 1."""
        high, low = self.draw() >> 5, self.draw() >> 6
        return (high * 67108864 + low) / 9007199254740992

    def integer(self, lowest: int, highest: int) -> int:
        """A whole number, both ends included."""
        return lowest + int(self.unit() * (highest - lowest + 1))

    def shuffled(self, values: Sequence[Any]) -> list[Any]:
        """The values in another order."""
        order = list(values)
        for last in range(len(order) - 1, 0, -1):
            other = self.integer(0, last)
            order[last], order[other] = order[other], order[last]
        return order

    def whole(self, lowest: str | int, highest: str | int) -> str:
        """A whole number as text, both ends included."""
        low = whole_number("random", "from", lowest, -FURTHEST, FURTHEST)
        high = whole_number("random", "to", highest, -FURTHEST, FURTHEST)
        if high < low:
            raise Failure("script: random: `to` is smaller than `from`")
        return str(self.integer(low, high))

    def letters(self, length: str | int) -> str:
        """Letters and digits."""
        size = whole_number("random_string", "length", length, 1, 10_000)
        return self.characters(size, ALPHABET)

    def pkce_verifier(self) -> str:
        """A PKCE verifier (RFC 7636)."""
        return self.characters(43, ALPHABET + "-_")

    def characters(self, length: int, alphabet: str) -> str:
        """So many characters of an alphabet."""
        last = len(alphabet) - 1
        return "".join(alphabet[self.integer(0, last)] for _ in range(length))

    def one_of(self, *choices: str) -> str:
        """One of the texts."""
        return choices[self.integer(0, len(choices) - 1)]

    def item_of(self, text: str) -> str:
        """One item of a list; of an empty one, empty text."""
        items = list_items(text)
        return self.one_of(*items) if items else ""

    def new_uuid(self) -> str:
        """A UUID, version 4."""
        hexa = "".join(f"{self.draw():08x}" for _ in range(4))
        variant = "89ab"[int(hexa[16], 16) & 3]
        start = f"{hexa[:8]}-{hexa[8:12]}-4{hexa[13:16]}"
        return f"{start}-{variant}{hexa[17:20]}-{hexa[20:]}"
