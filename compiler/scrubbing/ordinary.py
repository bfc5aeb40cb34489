"""Texts that an import holds for tokens and that are no secret: times, places, protocols, names of classes and of algorithms."""

from __future__ import annotations

import re

from loadwright.compiler.agents.values import is_token, spoken_share

_CLOCK = re.compile(r"1[5-9]\d{8}(?:\d{3})?")
"""Seconds or milliseconds since 1970, this century: when a page was seen, which is no secret."""
_TIME = re.compile(
    r"20\d\d(?:0[1-9]|1[0-2])(?:[0-2]\d|3[01])(?:[01]\d|2[0-3])[0-5]\d[0-5]\d(?:\d{3})?|"
    r"(?:W/)?\"?(?:\d{4}-)?\d\d-\d\d[T_]\d\d(?:[\d:.+-]*)Z?\"?"
)
"""A time without separators (`20261104073112`), or a piece of one in ISO 8601, as a tag too."""
_WITH_A_KIND = re.compile(r"([\w:$!*@|-]{6,80})\.[a-z]{2,6}", re.ASCII)
"""A key, and the kind of document behind it: `2998$7496.htmld`."""
_MADE_OF_FEW = re.compile(r"[^A-Za-z0-9]*([A-Za-z0-9])(?:[^A-Za-z0-9]|\1)*", re.IGNORECASE)
"""One character over and over: the UUID of nothing, `xxxxxxxx`."""
_PROTOCOL = re.compile(
    r"HTTP/\d(?:\.\d)?|(?:\d{1,3}\.){3}\d{1,3}(?::\d{2,5})?|[A-Z0-9]{3,6}-(?:HMAC|RSA|ECDSA)-[A-Z0-9]{3,12}(?:-SHA256)?"
)
"""A protocol, an address, an algorithm that signs (`AWS4-HMAC-SHA256`)."""
_CLASS = re.compile(r"(?:[a-z]\w{0,40}\.){1,12}[A-Z][\w$]{0,80}/\d{4,11}")
"""A class and the number of its form, as GWT sends them: the same in every session."""
_FILE = re.compile(
    r"\.(?:css|m?js|map|png|jpe?g|gif|svg|ico|webp|avif|woff2?|ttf|eot|mp[34]|webm|html?|php|aspx?|jspx?|json|xml|txt)$",
    re.IGNORECASE,
)
_ASSIGNMENT = re.compile(r"[A-Za-z_][\w.-]{0,60}=[^=]")
"""A name with its value: the value is what counts."""
_LONGEST_PLACE = 200
_SHORT_WORD = 7
"""Characters of a segment in lower case up to which it is a word or a number, whatever it says."""
_SPOKEN, _SPOKEN_IN_LOWER_CASE = 0.6, 0.5
"""Share of a segment that is spoken as words are; what is of one case is less often a token."""


def is_clock(value: str) -> bool:
    """Whether digits are a time of these years (seconds or milliseconds since 1970)."""
    return _CLOCK.fullmatch(value) is not None


def is_ordinary(text: str) -> bool:
    """Whether a text that may be taken for a token tells of nobody and lets nobody in; a piece of it may yet be one."""
    return bool(
        is_clock(text)
        or _FILE.search(text)
        or _ASSIGNMENT.match(text)
        or _MADE_OF_FEW.fullmatch(text)
        or ("/" in text and _is_place(text))
        or is_form(text)
    )


def is_form(text: str) -> bool:
    """Whether a text is a time, a protocol, a class, or a short key with its kind: as a whole, with no secret in it."""
    if _PROTOCOL.fullmatch(text) or _TIME.fullmatch(text) or _CLASS.fullmatch(text):
        return True
    named = _WITH_A_KIND.fullmatch(text)
    return named is not None and not is_token(named[1])


def _is_place(text: str) -> bool:
    """Whether a text is a path of words and short numbers, tokens in it aside: `8501/simplesaml`, `35131/acct/88508058`.

    Base64 has slashes too; what stands between them is spoken as seldom as it is written in one case.
    """
    if len(text) > _LONGEST_PLACE or text.count("=") or text.count("+"):
        return False
    segments = [segment for segment in text.split("/") if segment]
    return any(segment[:1].isalpha() for segment in segments) and all(map(_is_word, segments))


def _is_word(segment: str) -> bool:
    if segment.isdigit():
        return True
    if is_token(segment):
        return len(segment) >= 8 and segment == segment.lower()
    letters = re.sub(r"[^A-Za-z]", "", segment)
    if segment == segment.lower():
        return len(segment) <= _SHORT_WORD or spoken_share(letters) >= _SPOKEN_IN_LOWER_CASE
    return spoken_share(letters) >= _SPOKEN and len(letters) >= 4
