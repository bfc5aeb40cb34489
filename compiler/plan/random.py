"""Random numbers that are the same on every runtime for the same seed.

Every iteration has a generator of its own (mulberry32), started from the run's seed, the journey, the number of the virtual
user within its workload and the number of the iteration, both from 0. Arrivals of an open model are users of one iteration.
A journey's setup and teardown have the words `setup` and `teardown` in place of the iteration's number.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

from loadwright.compiler.plan.arguments import ArgumentError, whole
from loadwright.compiler.plan.lists import items

ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
URL_SAFE = ALPHABET + "-_"
LARGEST = 10**15 - 1
VERIFIER_LENGTH = 43

_MASK = 0xFFFFFFFF
_Item = TypeVar("_Item")


def iteration_key(seed: str, journey: str, user: int, iteration: int | str) -> str:
    """What an iteration's generator starts from."""
    return f"{seed}:{journey}:{user}:{iteration}"


class Generator:
    """A stream of random numbers (mulberry32), started from a text (FNV-1a, 32 bits)."""

    def __init__(self, key: str) -> None:
        self._state = 0x811C9DC5
        for byte in key.encode():
            self._state = (self._state ^ byte) * 0x01000193 & _MASK

    def draw(self) -> int:
        """The next 32 bits."""
        self._state = (self._state + 0x6D2B79F5) & _MASK
        t = (self._state ^ self._state >> 15) * (self._state | 1) & _MASK
        t ^= (t + (t ^ t >> 7) * (t | 61)) & _MASK
        return t ^ t >> 14

    def unit(self) -> float:
        """A number from 0 up to, but not, 1, with 53 random bits."""
        high, low = self.draw() >> 5, self.draw() >> 6
        return (high * 67108864 + low) / 9007199254740992

    def integer(self, lowest: int, highest: int) -> int:
        """A whole number, both ends included."""
        return lowest + int(self.unit() * (highest - lowest + 1))

    def shuffled(self, values: Sequence[_Item]) -> list[_Item]:
        """The values in another order (Fisher-Yates, from the end)."""
        found = list(values)
        for last in range(len(found) - 1, 0, -1):
            other = self.integer(0, last)
            found[last], found[other] = found[other], found[last]
        return found

    def text(self, length: int, alphabet: str) -> str:
        """So many characters of an alphabet."""
        return "".join(alphabet[self.integer(0, len(alphabet) - 1)] for _ in range(length))


def number(generator: Generator, lowest: str, highest: str) -> str:
    """A whole number between two, both included. Raises ArgumentError."""
    low = whole("random", "from", lowest, -LARGEST, LARGEST)
    high = whole("random", "to", highest, -LARGEST, LARGEST)
    if high < low:
        raise ArgumentError("random", "`to` is smaller than `from`")
    return str(generator.integer(low, high))


def string(generator: Generator, length: str) -> str:
    """Letters and digits. Raises ArgumentError."""
    return generator.text(whole("random_string", "length", length, 1, 10_000), ALPHABET)


def choice(generator: Generator, *values: str) -> str:
    """One of the values."""
    return values[generator.integer(0, len(values) - 1)]


def item(generator: Generator, text: str) -> str:
    """One item of a list; of an empty list, empty text, and nothing is drawn."""
    found = items(text)
    return choice(generator, *found) if found else ""


def uuid(generator: Generator) -> str:
    """A UUID, version 4 (RFC 9562), lower case."""
    digits = "".join(f"{generator.draw():08x}" for _ in range(4))
    variant = "89ab"[int(digits[16], 16) & 3]
    return f"{digits[:8]}-{digits[8:12]}-4{digits[13:16]}-{variant}{digits[17:20]}-{digits[20:]}"


def pkce_verifier(generator: Generator) -> str:
    """A PKCE verifier of 43 characters (RFC 7636 section 4.1)."""
    return generator.text(VERIFIER_LENGTH, URL_SAFE)
