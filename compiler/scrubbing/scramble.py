"""Other characters in place of those of a value, so that its form stays."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator

from loadwright.compiler.agents.secret_names import is_card_number, key_marks
from loadwright.compiler.agents.values import UUID, is_token

_VOWELS, _CONSONANTS = "aeiou", "bcdfghjklmnpqrstvwxyz"
_HEX = re.compile(r"[0-9a-f-]{8,}|[0-9A-F-]{8,}")
_HEX_RUN = re.compile(r"(?<![A-Za-z0-9])(?=[A-Fa-f]{0,60}\d)(?=\d{0,60}[A-Fa-f])(?:[0-9a-f]{8,}|[0-9A-F]{8,})(?![A-Za-z0-9])")
_UUID_RUN = re.compile(rf"(?<![A-Za-z0-9])(?:{UUID.pattern})(?![A-Za-z0-9])", re.IGNORECASE)
_PREFIX = re.compile(
    r"(?:[a-z]{2,8}[_:.-]){1,2}(?=[A-Za-z0-9+/=_-]{8,}$)|(?:[A-Z]{2,8}[_:.-]){1,2}(?=[A-Za-z0-9+/=_-]{5,}$)|[A-Z]{2,5}(?=\d{5,}$)"
)
"""What says of which kind a token is: `itm_`, `sk_live_`, `RSV-`, `RSV`, and the `s:` of a signed cookie."""
_KIND = re.compile(r"[\w:$!*@|-]{6,80}(\.[a-z]{2,6})", re.ASCII)
"""A key, and the kind of document behind it."""
_SCOPE = re.compile(r"/\d{8}/[\w-]{1,30}/[\w-]{1,30}/aws4_request$")
"""What a key of AWS signs for, behind its name."""
_SETTING = re.compile(r"(?:^|[;&|,] ?)([A-Za-z_][\w-]{0,30})=(?=[^=])")
_ESCAPE = re.compile("%[0-9A-Fa-f]{2}")
_EDGE = re.compile(r"-----[A-Z ]{3,60}-----")
"""The first and last line of a key, as RFC 7468 writes them."""
_LONGEST = 200
_LETTERS = {2: "àâäçèêëîïôöùûü", 3: "あいうえおかきくけこ", 4: "𐐨𐐩𐐪𐐫𐐬𐐭𐐮𐐯"}
"""By how many bytes they take in UTF-8: for what has no letters near it."""


def scramble(value: str, drawn: random.Random, loose: bool = False) -> str:
    """Other characters of the same classes at the same places; punctuation stays, a short prefix such as `itm_` too.

    Digits stay digits, vowels vowels, letters keep their case; `loose` (for passwords) does not even keep letters and digits apart.
    """
    if UUID.fullmatch(value):
        return _uuid(value, drawn)
    fixed = set(_fixed(value))
    if is_card_number(value):
        return _card(value, drawn)
    if loose:
        return "".join(c if n in fixed else _loose(c, drawn) for n, c in enumerate(value))
    prefix = _PREFIX.match(value)
    kept = prefix.end() if prefix else 0
    fixed.update(range(kept))
    hexadecimal = _HEX.fullmatch(value, kept) is not None and not value[kept:].replace("-", "").isdigit()
    draw = _hexadecimal if hexadecimal else _same_class
    made = [c if n in fixed else draw(c, drawn) for n, c in enumerate(value)]
    if value[:1].isdigit() and value.isdigit():
        made[0] = drawn.choice("123456789") if value[0] != "0" else "0"
    for run in () if hexadecimal else _HEX_RUN.finditer(value):
        made[run.start() : run.end()] = [_hexadecimal(c, drawn) for c in run[0]]
    for run in () if hexadecimal else _UUID_RUN.finditer(value):
        made[run.start() : run.end()] = _uuid(run[0], drawn)
    return "".join(made)


def hexadecimal_runs(value: str) -> list[str]:
    """The hexadecimal pieces of a value, a UUID aside: they stand elsewhere alone (`ida-19103e33` and `Ida 19103e33`)."""
    return _HEX_RUN.findall(_UUID_RUN.sub("", value)) if len(value) <= _LONGEST else []


def _fixed(value: str) -> Iterator[int]:
    """The places of characters that say of which form a value is."""
    spans = [escape.span() for escape in _ESCAPE.finditer(value)] if "%" in value else []
    spans += [edge.span() for edge in _EDGE.finditer(value)] if "-----" in value else []
    spans += key_marks(value[: scope.start()] if (scope := _SCOPE.search(value)) else value)
    if kind := _KIND.fullmatch(value):
        spans.append(kind.span(1))
    if scope:
        spans.append(scope.span())
    if "=" in value:
        spans += [one.span(1) for one in _SETTING.finditer(value) if not is_token(one[1])]
    for start, end in spans:
        yield from range(start, end)


def _uuid(value: str, drawn: random.Random) -> str:
    digits = [c if c == "-" else _hexadecimal(c, drawn) for c in value]
    digits[14], digits[19] = value[14], value[19]  # version and variant
    return "".join(digits)


def _card(value: str, drawn: random.Random) -> str:
    """Another number of the same kind of card; the check digit is right again."""
    made = "".join(c if n < 2 else _same_class(c, drawn) for n, c in enumerate(value[:-1]))
    return next((one for one in (made + digit for digit in "0123456789") if is_card_number(one)), made + value[-1])


def _hexadecimal(character: str, drawn: random.Random) -> str:
    if character.isdigit():
        return drawn.choice("0123456789")
    if not character.isalpha():
        return character
    return drawn.choice("abcdef" if character.islower() else "ABCDEF")


def _loose(character: str, drawn: random.Random) -> str:
    if character.isascii() and character.isalnum():
        return drawn.choice("abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789")
    return _same_class(character, drawn)


def _same_class(character: str, drawn: random.Random) -> str:
    if not character.isalnum():
        return character
    if not character.isascii():
        return _neighbour(character, drawn)
    if character.isdigit():
        return drawn.choice("0123456789")
    lower = drawn.choice(_VOWELS if character.lower() in _VOWELS else _CONSONANTS)
    return lower if character.islower() else lower.upper()


def _neighbour(character: str, drawn: random.Random) -> str:
    """Another letter of the same script, which takes as many bytes."""
    start = ord(character) & ~31
    size = len(character.encode("utf-8", "replace"))
    near = [c for c in map(chr, range(start, start + 32)) if c.isalpha() and c.islower() == character.islower() and c != character]
    near = [c for c in near if len(c.encode("utf-8", "replace")) == size and len(c.lower()) == 1]
    return drawn.choice(near or _LETTERS.get(size, character))
