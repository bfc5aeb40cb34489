"""What a value may be an encoding of, and the functions that encode it so."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Callable
from functools import lru_cache

from loadwright.compiler.agents.values import holds_half_a_pair, is_jumble
from loadwright.compiler.plan.functions import FUNCTIONS

DEEPEST = 2
"""How many encodings may lie in each other."""
SPELLINGS = ("urlencode", "formencode", "htmlencode", "jsonescape")
"""The functions that write a text so that it can stand in another."""
LONGEST = 100_000
"""Characters of a value that is looked into."""
BASE64 = re.compile(r"[A-Za-z0-9+/]{8,}={0,2}")
_BASE64_URL = re.compile(r"[A-Za-z0-9_-]{8,}")
_HEX = re.compile(r"(?:[0-9a-f]{2}){8,}")
_CAPITAL_HEX = re.compile(r"(?=.{0,80}[A-F])[0-9A-F]{16,}")
_WORD = re.compile("[A-Za-z]{3,}")
_OF_WORDS = re.compile(r"(?=.*[A-Za-z]{3})[A-Za-z\s\"'{}\[\]():,;./?&=_-]{8,2000}")
_PRINTABLE = re.compile(r"[^\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]*")


def is_of_words(value: str) -> bool:
    """Whether a value is base64 of a text that nothing drew: it has words, and no number (`{"returnTo":"/home"}`)."""
    return any(
        encoder.startswith("base64") and _OF_WORDS.fullmatch(text) is not None and not any(map(is_jumble, _WORD.findall(text)))
        for encoder, text in decodings(value)
    )


@lru_cache(maxsize=4096)
def decodings(value: str) -> tuple[tuple[str, str], ...]:
    """What a value may be an encoding of: the function that encodes, and the text, for which it gives exactly the value."""
    if not 8 <= len(value) <= LONGEST:
        return ()
    tried: list[tuple[str, str | None]] = []
    if "%" in value:
        tried += [("urlencode", apply("urldecode", value)), ("formencode", apply("formdecode", value))]
    if "&" in value and ";" in value:
        tried.append(("htmlencode", apply("htmldecode", value)))
    if "\\" in value:
        tried.append(("jsonescape", apply("jsonunescape", value)))
    if _HEX.fullmatch(value):
        tried.append(("hex", _text_of(value, bytes.fromhex)))
    elif _CAPITAL_HEX.fullmatch(value):
        tried.append(("upper", value.lower()))  # of an encoding, or of a digest
    if len(value) % 4 == 0 and BASE64.fullmatch(value):
        tried.append(("base64", _text_of(value, base64.b64decode)))
    if _BASE64_URL.fullmatch(value):
        tried.append(("base64url", _text_of(value + "=" * (-len(value) % 4), base64.urlsafe_b64decode)))
    found: list[tuple[str, str]] = []
    for encoder, text in tried:
        if (
            text
            and text != value
            and not holds_half_a_pair(text)
            and all(text != t for _, t in found)
            and apply(encoder, text) == value
        ):
            found.append((encoder, text))
    return tuple(found)


def spelled(written: str) -> tuple[str, tuple[str, ...]]:
    """What a text means that is written for a URL, a page or JSON, and the functions that write it so, the outer ones last."""
    found: tuple[str, ...] = ()
    for _ in range(DEEPEST):
        encoder, text = next(((e, t) for e, t in decodings(written) if e in SPELLINGS), ("", ""))
        if not encoder:
            break
        written, found = text, (encoder, *found)
    return written, found


def _text_of(value: str, decode: Callable[[str], bytes]) -> str | None:
    """The decoded bytes where they are readable text, else None."""
    try:
        text = decode(value).decode("utf-8")
    except (ValueError, binascii.Error):
        return None
    return text if len(text) >= 4 and _PRINTABLE.fullmatch(text) else None


def apply(function: str, text: str) -> str:
    """What a function of the language makes of a text; nothing where only a runtime can."""
    evaluate = FUNCTIONS[function].evaluate
    return evaluate(text) if evaluate else ""
