"""Which values look made by a machine, and how to make a fresh one of the same kind."""

from __future__ import annotations

import re
from random import Random

UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", re.IGNORECASE)
JWT = re.compile(r"eyJ[A-Za-z0-9_-]{6,}\.eyJ[A-Za-z0-9_-]*\.[A-Za-z0-9_-]+")
MOMENT = re.compile(r"1[5-9]\d{8}(?:\d{3})?")
"""Seconds or milliseconds since 1970, this century."""

_CHARACTERS = re.compile(r"[A-Za-z0-9_+/=.~:%|!*$@-]+")
_RUN = re.compile(r"[A-Za-z0-9]+")
_CLASSES = re.compile(r"[A-Z]?[a-z]+|[A-Z]+|[0-9]+")
_DATE = re.compile(r"(?:19|20)\d\d[01]\d[0-3]\d")
_NOT_MADE = re.compile(
    r"[a-z][a-z0-9+.-]*:/|\d{4}-\d\d(?:-|$)|[\d.]+$|(?:application|text|image|audio|video|font|multipart)/",
    re.IGNORECASE,
)
_FILE = re.compile(r"(?:[A-Z]?[a-z]+\d{0,2}[-_.])*[A-Z]?[a-z]{3,}[-_.]?\d{0,3}\.(?:[a-z]{2,5}|woff2|mp[34])")
"""A file that somebody named: `step2.html`, `saml2-acs.php`."""
_LOWER, _UPPER, _DIGITS = "abcdefghijklmnopqrstuvwxyz", "ABCDEFGHIJKLMNOPQRSTUVWXYZ", "0123456789"
_HEXADECIMAL = re.compile(r"[0-9a-f]+|[0-9A-F]+")
_SHORTEST_NUMBER, _SHORTEST, _SHORTEST_HEX = 5, 8, 12
_NUMBERED_UUID = 4
"""Different characters, the hyphen among them, with which nobody draws a UUID: the one of zeros says that there is none."""
_HOUR, _LONGEST_TIME = 3600, 12
"""Seconds, and digits of the longest time that is told in them, or in milliseconds."""


def names_a_file(value: str) -> bool:
    """Whether a value is the name that somebody gave a file."""
    return _FILE.fullmatch(value) is not None


def looks_made(value: str) -> bool:
    """Whether a value looks made by a machine: a UUID, a JWT, a number of five digits or more, a run that is no word.

    >>> [looks_made(v) for v in ("7718939", "itm_a86559f4c12e", "checkout-page-2", "1003")]
    [True, True, False, False]
    """
    if value.isascii() and value.isdigit():
        return len(value) >= _SHORTEST_NUMBER and not (_DATE.fullmatch(value) or _lasts(value)) and len(set(value)) > 1
    if len(value) < _SHORTEST or not _CHARACTERS.fullmatch(value):
        return False
    if UUID.fullmatch(value):
        return len(set(value)) > _NUMBERED_UUID
    if JWT.fullmatch(value):
        return True
    if names_a_file(value) or _NOT_MADE.match(value) or (value.startswith("/") and not value.endswith("=") and len(value) < 200):
        return False
    if len(value) >= 200 and value.count("/") < len(value) / 20:
        return True
    runs = _RUN.findall(value)
    joined = "".join(runs)
    mixed = any(map(str.isdigit, joined)) or (any(map(str.islower, joined)) and any(map(str.isupper, joined)))
    return any(_is_random(run) for run in runs) or (mixed and _is_random(joined))


def _lasts(digits: str) -> bool:
    """Whether a number is whole hours, which say how long something lasts: a form offers a week as `604800`."""
    return len(digits) <= _LONGEST_TIME and int(digits) % _HOUR == 0


def _is_random(run: str) -> bool:
    length, digits = len(run), sum(c.isdigit() for c in run)
    if digits >= 2 and length >= _SHORTEST_HEX and _HEXADECIMAL.fullmatch(run) and digits < length:
        return True  # no word of these letters is so long, whatever letters come together
    if length < _SHORTEST or digits == length:
        return digits == length >= 12
    classes = _CLASSES.findall(run)
    if digits:
        longest = max((len(c) for c in classes if not c.isdigit()), default=0)
        return (longest < 6 and (digits >= length / 5 or len(classes) >= length / 3)) or len(classes) >= max(5, length / 3.5)
    if length >= 12 and len(classes) >= length / 3.5:
        return True
    vowels = sum(c in "aeiouyAEIOUY" for c in run)
    return length >= 16 and vowels < length / 5


def fresh(value: str, rng: Random) -> str:
    """Another value of the same kind: length, alphabet and punctuation stay, words and versions of formats stay.

    >>> fresh("itm_a86559f4c12e", Random("1")).startswith("itm_")
    True
    """
    if JWT.fullmatch(value):
        head, _, signature = value.rpartition(".")
        return f"{head}.{_other(signature, rng, 'mixed')}"
    if UUID.fullmatch(value):
        other = _other(value, rng, "hex")
        return f"{other[:14]}{value[14]}{other[15:19]}{value[19]}{other[20:]}"
    made = [m for m in _RUN.finditer(value) if _is_random(m[0]) or (m[0].isdigit() and len(m[0]) >= _SHORTEST_NUMBER)]
    if not made or sum(len(m[0]) for m in made) < len(value) / 3:
        made = list(_RUN.finditer(value))
    characters = list(value)
    for run in made:
        characters[run.start() : run.end()] = _other(run[0], rng, _alphabet(run[0], value))
    found = "".join(characters)
    return found if found != value else fresh(value, rng)


def _alphabet(run: str, whole: str) -> str:
    if run.isdigit() and whole == run:
        return "digits"
    if re.fullmatch(r"[0-9a-f]+|[0-9A-F]+", "".join(_RUN.findall(whole))) or re.fullmatch(r"[0-9a-f]+|[0-9A-F]+", run):
        return "hex" if not run.isdigit() else "digits"
    return "mixed"


def _other(run: str, rng: Random, kind: str) -> str:
    hexadecimal = {"lower": "abcdef" + _DIGITS, "upper": "ABCDEF" + _DIGITS}
    pool = "".join(c for c, has in ((_LOWER, str.islower), (_UPPER, str.isupper), (_DIGITS, str.isdigit)) if any(map(has, run)))
    if kind == "hex":
        pool = hexadecimal["upper" if any(map(str.isupper, run)) else "lower"]
    elif kind == "digits":
        pool = _DIGITS
    made = [rng.choice(pool) if c.isalnum() else c for c in run]
    if kind == "digits" and made[0] == "0" != run[0]:
        made[0] = rng.choice(_DIGITS[1:])
    return "".join(made)
