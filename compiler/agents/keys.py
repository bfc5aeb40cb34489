"""Values that are no tokens, and yet no chance meets."""

from __future__ import annotations

import re
from functools import lru_cache

from loadwright.compiler.agents.values import is_jumble, is_round_or_date, is_sealed, is_token, spoken_share

_LONG_RUN = re.compile(r"(?<!\d)\d{5,18}(?!\d)")
_KEY_WITH_NUMBER = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.:#$ -]{5,80}|_\d{5,18}_\d{1,2}")
_BOTH_CASES = re.compile(r"(?=[A-Za-z]{0,40}[a-z][A-Z])[A-Za-z]{8,40}")
_SPOKEN = 0.45
"""The share of pairs of letters up to which no word has them so."""


@lru_cache(maxsize=8192)
def is_numbered_key(value: str) -> bool:
    """Whether a value is a key with a long number in it, which is met by no chance: `ORG-WORK C-82087`, `_313480_1`."""
    if value.isdigit() or _KEY_WITH_NUMBER.fullmatch(value) is None:
        return False
    runs = _LONG_RUN.findall(value)
    return len(runs) == 1 and not is_round_or_date(runs[0]) and (len(runs[0]) <= 8 or len(value) < 40)


@lru_cache(maxsize=8192)
def is_drawn_word(value: str) -> bool:
    """Whether letters of both cases are in an order that no word has (`ygCIiXOL`): short codes are drawn so."""
    return _BOTH_CASES.fullmatch(value) is not None and is_jumble(value) and spoken_share(value) < _SPOKEN


def is_met_by_no_chance(value: str) -> bool:
    """Whether a value that stands in two places is one value: a token, a document or text with one, a key with a long number."""
    return is_token(value) or is_sealed(value) or is_numbered_key(value) or is_drawn_word(value)


def is_mixed(value: str) -> bool:
    """Whether a short value has digits and more, as ids of parts of a page have: `57.75`, `k3RPa`, `e4s2`."""
    return 4 <= len(value) <= 80 and any(map(str.isdigit, value)) and not value.isdigit() and " " not in value
