"""What a value looks like: token, number, word; and how to name and mask it."""

from __future__ import annotations

import json
import math
import re
import string
from functools import lru_cache

from loadwright.compiler.agents.named_files import is_named_file
from loadwright.compiler.recording.urls import is_short_code

UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[1-8][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}", re.IGNORECASE)
JWT = re.compile(r"eyJ[A-Za-z0-9_-]+\.eyJ[A-Za-z0-9_-]*\.[A-Za-z0-9_-]*")
ISO_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z")
ISO_DAY = re.compile(r"\d{4}-\d\d-\d\d")
_ROW_ID = re.compile(r"\d-([0-9A-Z]{5,8})")
"""How Siebel numbers its rows, to the base of 36: `1-QGFZ45`."""
CUID = re.compile(r"c(?=[a-z]*\d+[a-z]+\d)[a-z0-9]{24}")
_EXACT_TIME = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:\.\d{1,9})?(?:Z|[+-]\d\d:?\d\d)?")
_HALF = re.compile("[\ud800-\udfff]")
TOKEN_RUN = re.compile(r"[A-Za-z0-9_+/=.~-]{8,}")
"""Runs of characters that tokens are made of, to look for inside a larger value."""

_TOKEN = re.compile(r"[A-Za-z0-9_\-+/=.~:%|!*$@]+\\?")
WORDS = re.compile(r"[A-Z]{2,}s(?![a-z])|[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+")
"""The words of a name: `SAMLResponse`, `userIDs`."""
_DATE = re.compile(r"(?:19|20)\d\d[01]\d[0-3]\d|[0-3]\d[01]\d(?:19|20)\d\d|\d+0{4,}|(\d)\1+|1[67]\d{8}")
"""Long digits that say a date, a time or a round figure."""
_EXACT = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d\.(?!0+(?!\d))\d{3,9}(?:Z|[+-]\d\d:?\d\d)?|1[5-9]\d{8}\.(?!0+$)\d{6}")
"""A point in time to the millisecond or finer, in no full second."""
_ESCAPED = str.maketrans({character: f"\\{character}" for character in "\\.^$*+?{}[]|()"})
_NO_LETTERS = str.maketrans("", "", string.ascii_letters)
_NO_DIGITS = str.maketrans("", "", string.digits)
_COMMON_PAIRS = re.compile(
    "a[bcdgilmnprstuvy]|b[aeiloru]|c[acehiklorstu]|d[adefilors]|e[abcdefgilmnopqrstvwx]|f[aefilor]|g[aeilrsu]|h[aeiot]|"
    "i[abcdefglmnoprstvz]|k[e]|l[acdeilopstuy]|m[abeimopsu]|n[acdefgilnostuv]|o[abcdfgilmnoprstuvw]|p[aehiloprstu]|q[u]|"
    "r[acdegilmnoprstuy]|s[acefhilopstu]|t[acdefhilmoprstuy]|u[abeilmnprst]|v[aei]|w[ai]|x[et]|y[ps]|z[e]"
)
"""The pairs that make up seven eighths of the pairs in English words and identifiers."""
_MEDIA_TYPE = re.compile(r"(?:application|audio|font|image|message|model|multipart|text|video)/[\w.+-]+(?:;|$)", re.IGNORECASE)
_PAGE = re.compile(r"[A-Za-z](?=\D*(?:\d\D*){0,2}$)[A-Za-z\d]{2,38}\.[a-z]{2,8}")
"""A page of an application, whatever it calls its own kind of file: `E1Menu.maf`."""
_NUMBERED_WORD = re.compile(r"[A-Za-z]?[a-z]{5,20}\d{1,2}|[A-Za-z]?[a-z]{2,20}\d{1,2}[A-Z][a-z]{2,20}|\d{1,7}\.[a-z]{2,5}")
"""A word and a short number behind it (`report26`), or between two (`item3Set`), or a page called by its number (`417.html`)."""
_NO_NAME = re.compile(r"[A-Za-z0-9]{8,}&")
"""Before an `&`, what is no name with a value: no query begins so."""
_NO_MARKS_OF_MARKUP = str.maketrans("", "", "&<>")
_NUMBERS = re.compile(r"(?!-?\d{1,3}\.\d+\Z)(?=.*\d{12})-?\d+(?:[:_.-]-?\d+)+")
"""Numbers that make one value, one of them longer than any date or phone number: a view state that the server keeps.

A fraction (`0.16666666666666666`) is a share of something.
"""
_PROTOCOL = re.compile(r"HTTP/\d(?:\.\d)?")
"""What the first line of each request and answer ends or begins with, in batches too: nobody draws it."""
_MEASURE = re.compile(r"-?\d{1,7}\.\d+(?:[eE][+-]?\d+)?")
_EMAIL = re.compile(r"[\w.+-]{1,64}@[\w-]+(?:\.[\w-]+)+")
_LOOSE_TIME = re.compile(r"\d{4}-\d\d(?:-\d\d(?:T[\d:.Z+-]*)?)?$")
_COMMON_USERS = frozenset(
    ("account", "admin", "administration", "administrator", "demo", "guest", "home", "manager", "root", "test", "user")
)


_LONG_HEX = re.compile("[0-9a-f]{10,64}|[0-9A-F]{10,64}")
_CONTROL = re.compile(r"(?:[A-Za-z_][\w$]{0,200}\|)?(?:[A-Za-z_]\w{0,60}\$)*ctl\d\d(?:\$[A-Za-z_]\w{0,60})+")
"""What ASP.NET calls a control inside of one that the page gives no name: `ctl00$main$save`, also behind its panel and a bar."""
_COMPONENT = re.compile(r"(?:[A-Za-z][\w-]*:)*j_idt?\d{1,4}(?::(?:[A-Za-z_][\w-]*|\d{1,4}))*")
"""What JSF calls a component that the page gives no name: the same until the page is written anew."""
_DIGITS_OF_A_TAG = 8


def holds_half_a_pair(value: object) -> bool:
    """Whether a text, or one in a decoded JSON document, holds half of a surrogate pair: no text that can be sent or stored."""
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return not text.isascii() and _HALF.search(text) is not None


def is_common_user(value: str) -> bool:
    """Whether a user's name is one that many applications have, of a place in them too (`/admin/`), and that tells of nobody."""
    return value.lower() in _COMMON_USERS


def entropy_bits(value: str) -> float:
    """Shannon entropy of the characters times the length, in bits."""
    if not value:
        return 0.0
    total, log2 = len(value), math.log2
    return -sum([n * log2(n / total) for n in map(value.count, dict.fromkeys(value))])


def folded_text(text: str) -> str:
    """Any text without case and separators."""
    return re.sub(r"[^a-z0-9]", "", text.lower())


def may_hold_other_characters(value: str) -> bool:
    """Whether a value may be base64, which has `+` and `/` in other sessions if not in this one."""
    if len(value) % 4 or len(value) < 16 or not re.fullmatch(r"[A-Za-z0-9+/]+={0,2}", value):
        return False
    drawn = any(map(str.isdigit, value)) or is_jumble(value)  # one in sixty of 24 characters has no digit
    return drawn and any(map(str.islower, value)) and any(map(str.isupper, value))


_FILLING, _NUMBERED_UUID = 2, 4
"""Different letters with which a text only fills its place (`xxxxxxxx`); and different characters, the hyphen among them, of a UUID
that says that there is none (`00000000-0000-0000-0000-000000000000`), or was given by hand (`…-000000000012`)."""
_LIKE_A_UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)


@lru_cache(maxsize=8192)
def is_token(value: str) -> bool:
    """Whether a value is so random that meeting it twice by chance can be ruled out.

    At least 8 characters without white space, and mixed beyond words: letters with digits, or long and irregular case.
    """
    if value[-1:] == '"' and (quoted := re.fullmatch(r'(?:W/)?"([^"]*)"', value)):
        if sum(map(str.isdigit, quoted[1])) >= _DIGITS_OF_A_TAG:
            return True  # an entity tag is opaque, whatever it is written with
        value = quoted[1]
    if "&" in value and ";" not in value and ("=" not in value.rstrip("=") or _NO_NAME.match(value)):  # no query, and no reference
        value = value.translate(_NO_MARKS_OF_MARKUP)
    if len(value) < 8 or len(value) > 100_000 or not _TOKEN.fullmatch(value) or _PROTOCOL.fullmatch(value):
        return False
    if _was_drawn_by_nobody(value):
        return False
    if UUID.fullmatch(value) or JWT.fullmatch(value) or CUID.fullmatch(value):
        return True
    if row := _ROW_ID.fullmatch(value):
        return (any(map(str.isdigit, row[1])) and not row[1].isdigit()) or is_code(row[1])
    if (
        "://" in value
        or value.startswith("jdbc:")
        or ("j_id" in value and _COMPONENT.fullmatch(value))
        or ("$" in value and _CONTROL.fullmatch(value))
    ):  # a URL, or a text with one in it
        return False
    if len(value) >= 200 and re.fullmatch(r"[A-Za-z0-9+/_=-]+", value) and value.count("/") < len(value) / 30:
        return True
    if value.startswith("/") and "/" in value.strip("/=") and not _is_base64(value):
        return False
    if ISO_TIME.fullmatch(value) or _MEDIA_TYPE.match(value) or _LOOSE_TIME.match(value) or is_named_file(value):
        return False
    if _NUMBERED_WORD.fullmatch(value) and spoken_share(value) >= 0.6:
        return False
    if _PAGE.fullmatch(value) and spoken_share(value.partition(".")[0]) >= 0.6:
        return False
    if _NUMBERS.fullmatch(value):
        return True
    if value.isdigit():
        return len(value) >= 12 or (len(value) >= 8 and not _DATE.fullmatch(value))
    return _irregular(_without_numeronyms(value))


def _was_drawn_by_nobody(value: str) -> bool:
    if _LIKE_A_UUID.fullmatch(value):
        return len(set(value)) <= _NUMBERED_UUID
    return value.isalpha() and len(set(value)) <= _FILLING


def _without_numeronyms(value: str) -> str:
    """The value with a word in place of each one like `i18n` or `k8s`, if it has no other digits: `n8n-nodes-base`."""
    plain = _NUMERONYM.sub("in", value)
    return value if any(map(str.isdigit, plain)) else plain


@lru_cache(maxsize=8192)
def is_moment(value: str) -> bool:
    """Whether a value is a point in time to the second: that of a change, which is met again by no chance."""
    return _EXACT_TIME.fullmatch(value) is not None and not value.endswith(("00:00:00", "00:00:00Z", "00:00:00.000Z"))


@lru_cache(maxsize=8192)
def is_exact_moment(value: str) -> bool:
    """Whether a value is a point in time so exact that nothing else has it by chance."""
    return _EXACT.fullmatch(value) is not None


@lru_cache(maxsize=8192)
def is_drawn(run: str) -> bool:
    """Whether a run of letters and digits was drawn at random beyond doubt, so that it can be no part of a field's name."""
    if re.fullmatch(r"[0-9a-f]{10,64}", run):
        mixed = len(run) >= 16 or len(re.findall(r"[a-f](?=\d)|\d(?=[a-f])", run)) >= 4
        return mixed and sum(map(str.isdigit, run)) >= 3 and any(map(str.isalpha, run))
    kinds = (str.isdigit, str.islower, str.isupper)
    mixed = len(run) >= 20 and all(sum(map(kind, run)) >= 2 for kind in kinds)
    return mixed and is_token(run) and spoken_share(run) < 0.5


def is_measure(value: str) -> bool:
    """Whether a value is a number with a fraction: what was measured or computed identifies nothing."""
    return _MEASURE.fullmatch(value) is not None


_NUMERONYM = re.compile(r"(?<![A-Za-z0-9])[a-z]\d{1,2}[a-z](?![A-Za-z0-9])")
"""A word with a number in place of its inner letters."""
_TELLING_RUN = 16
"""Characters of a token that makes a text around it one that is met by no chance."""
_LONGEST_AROUND = 4000
_PARTED = re.compile(
    r"(?!https?:|wss?:)(?=.{12,400}\Z)(?:[A-Za-z][\w+.-]{1,30}://[\w+=.~-]+(?:/[\w+=.~-]+)+|[\w+/=.~-]+(?:[,|;][\w+/=.~-]+)+)"
)
"""Pieces between commas or bars, as a place in a stream is written (`d-6FC58360-A,0|BiES,1`), or in an address that no browser
opens (`workspace://SpacesStore/86119e67-…`)."""


def is_sealed(value: str) -> bool:
    """Whether a value is met again by no chance, for a token in it: a long document that a server signed, or mostly that token.

    `Bearer eyJ…`, a digest with a date behind it, a session in brackets: whoever sends it has it whole from the server.
    """
    if 60 <= len(value) <= 100_000 and value[:1] in "{[<":
        return any(is_token(run) for run in TOKEN_RUN.findall(value))
    if _PARTED.fullmatch(value) and any(map(is_token, re.split("[/,|;]", value))):
        return True
    if not _TELLING_RUN < len(value) <= _LONGEST_AROUND or value[:1] == "/" or "://" in value:
        return False
    longest = max(TOKEN_RUN.findall(value), key=len, default="")
    return len(longest) >= _TELLING_RUN and 2 * len(longest) >= len(value) and is_token(longest)


def is_round_or_date(digits: str) -> bool:
    """Whether a number may be met by chance: a year, a date, a time, a round figure."""
    return _DATE.fullmatch(digits) is not None or re.fullmatch(r"(?:19|20)\d\d|\d+00", digits) is not None


def spoken_share(value: str) -> float:
    """The share of pairs of neighbouring letters that English words and identifiers are mostly made of; random ones: a third."""
    pairs = re.findall(r"(?=([a-z]{2}))", value.lower())
    return sum(bool(_COMMON_PAIRS.match(pair)) for pair in pairs) / len(pairs) if pairs else 1.0


def _is_base64(value: str) -> bool:
    """Whether what could be a path is rather base64 that happens to start with a slash: no segment of it is a word."""
    if len(value) % 4 or len(value) < 16 or not re.fullmatch(r"[A-Za-z0-9+/]+={0,2}", value):
        return False
    if len(value) >= 100 and ("+" in value or value.endswith("=")):
        return True
    is_mixed = any(map(str.isdigit, value)) and value not in (value.lower(), value.upper())
    if len(value) >= 40 and is_mixed and spoken_share(value) < 0.5:
        return True
    longest = max(value.split("/"), key=len)
    return _irregular(longest) and not re.search(r"/[a-z]{3,}(?:/|$)", value)


def _irregular(value: str) -> bool:
    letters = len(value) - len(value.translate(_NO_LETTERS))
    digits = len(value) - len(value.translate(_NO_DIGITS))
    words = WORDS.findall(value)
    spoken = sum(len(w) for w in words if len(w) >= 4 and re.search("[aeiouyAEIOUY]", w) and not w.isdigit())
    if letters and digits and entropy_bits(value) >= 20:
        if digits >= 2 and _LONG_HEX.fullmatch(value):
            return True  # ten of them may have two digits (`ddeb6faeb1`), and no words are made of these letters
        # words joined with a number (`checkoutPage2`, `chapter12`) are mostly spoken and switch class rarely
        if digits >= len(value) / 4 or (spoken < letters * 0.6 and len(words) >= max(3, len(value) / 6)):
            return True
        return len(words) >= max(5, len(value) / 3.5) or (
            len(value) >= 10 and spoken_share(value) < (0.6 if len(value) >= 20 and value.isalnum() else 0.5)
        )
    if letters and not digits and len(value) >= 10:
        if value in (value.lower(), value.upper()) and max(map(len, re.split(r"[-_.:/=]", value))) < 12:
            return False  # words with separators
        if value.isalpha() and sum(len(w) <= 2 and not re.search("[aeiouyAEIOUY]", w) for w in words) >= 3:
            return True  # `IemoidmuYCcHTpOr`: names are not made of so many pieces without a vowel
        vowels = sum(c in "aeiouyAEIOUY" for c in value)
        if (len(words) >= len(value) / 4 and spoken < letters / 4) or (vowels < letters / 8 and len(value) >= 12):
            return True
        return len(value) >= 12 and spoken_share(value) < (0.6 if len(value) >= 16 else 0.5)
    return False


def kind_of(value: str) -> str:
    """A short word for what a value is, free of the value itself."""
    if UUID.fullmatch(value):
        return "uuid"
    if JWT.fullmatch(value):
        return "jwt"
    if re.fullmatch(r"\d+", value):
        return "number"
    if re.fullmatch(r"[0-9a-f]{8,}", value):
        return "hexadecimal"
    if is_token(value):
        return "token"
    return "text"


def mask(value: str) -> str:
    """What a report shows in place of a value: its kind and length."""
    return f"‹{kind_of(value)}, {len(value)} characters›"


@lru_cache(maxsize=8192)
def may_identify(value: str) -> bool:
    """Whether a value may identify something: a digit in it, letters in an order that no word has, or an e-mail address."""
    told = re.search(r"\d", value) or ("@" in value and _EMAIL.fullmatch(value)) or is_jumble(value)
    return bool(told) and (_MEDIA_TYPE.match(value) is None or value.partition("/")[2][:1].isdigit())


_ONE_CASE = re.compile(r"[-_!]?(?:[a-z]{8,40}|[A-Z]{8,40}|[A-Z]{4,6}(?:-[A-Z]{4,6}){1,3})")
"""Letters of one case; groups of them are how codes are shown to people who type them (`WDJB-MJHT`)."""

_SHORT_GROUPS = re.compile(r"(?=.*\b[A-Z]{3}\b)(?=(?:-?[A-Z]){7})[A-Z]{3,6}(?:-[A-Z]{3,6}){1,3}")
"""Groups of which one is as short as a word's abbreviation (`HFN-KNQQ`)."""


def is_jumble(value: str) -> bool:
    """Whether letters are in an order that no word has."""
    if _SHORT_GROUPS.fullmatch(value):
        return len(set(value)) >= 5 and spoken_share(value) < 0.45
    if "-" in value[1:-1] and _ONE_CASE.fullmatch(value):
        return len(set(value)) >= 6 and spoken_share(value) < 0.65  # few pairs: random ones are common more often
    if _ONE_CASE.fullmatch(value):  # a random number to the base of 36 may have no digit
        return len(set(value.lower())) >= 6 and spoken_share(value) < 0.45
    if (named := _INITIALS.fullmatch(value)) and spoken_share(named[1]) >= 0.75:
        return False
    mixed = re.fullmatch(r"(?=.*[a-z])\w+[A-Z]\w*", value) is not None
    return mixed and len(value) >= 8 and spoken_share(value) < 0.75


_INITIALS = re.compile(r"[A-Z]{2,5}((?:[A-Z][a-z]{2,15}){1,6})")
"""Initials and words behind them: `HTMLView`."""
_SPOKEN_CODE = 0.65
"""The share of spoken pairs from which a few capitals are a word; of six random ones, one in twenty has it too."""
_CAPITALS = re.compile(r"[A-Z]{5,7}")
_MIXED, _SPOKEN_MIXED = re.compile(r"(?=.*(?:[a-z][A-Z]+[a-z]|[A-Z][a-z]+[A-Z]))(?!.*[A-Z]{3})[A-Za-z]{5,7}"), 0.45
"""Letters of both cases that change more than once, and no initials (`MySQL`, `phpBB`), as digits to the base of 62 do: a third of
random ones of six has no other digit."""


def is_code(value: str) -> bool:
    """Whether a few letters, or letters and digits, are how an application calls a thing: `CKWDJR`, `BTBW9Y`, `kSzvnw`."""
    if _CAPITALS.fullmatch(value):
        return spoken_share(value) < _SPOKEN_CODE
    return is_short_code(value) or (_MIXED.fullmatch(value) is not None and spoken_share(value) < _SPOKEN_MIXED)


def literal_pattern(text: str) -> str:
    """Text as a portable regular expression that matches it alone."""
    return text.translate(_ESCAPED)
