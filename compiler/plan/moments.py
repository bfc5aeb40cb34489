"""Points in time as text: `now(format, offset)`."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

from loadwright.compiler.plan.arguments import ArgumentError

WORDS = ("ms", "s", "iso")
"""Formats that are no pattern: milliseconds or seconds since 1970, or ISO 8601."""
ISO = "YYYY-MM-DDThh:mm:ss.SSSZ"
"""What `iso` stands for; a pattern itself holds no letters beside the fields."""
FIELD = re.compile("YYYY|MM|DD|hh|mm|ss|SSS")

_UNITS = {"ms": 1, "s": 1000, "m": 60_000, "h": 3_600_000, "d": 86_400_000}
_LENGTH = re.compile(r"([+-]?)([0-9]{1,9})(ms|s|m|h|d)")
_FURTHEST = 36_525 * _UNITS["d"]
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def offset_milliseconds(offset: str) -> int:
    """`+1d`, `-2h30m`, `500ms` in milliseconds; a length without a sign has that of the one before. Raises ArgumentError."""
    found = list(_LENGTH.finditer(offset))
    total, sign = 0, ""
    for match in found:
        sign = match[1] or sign
        total += int(sign + match[2]) * _UNITS[match[3]]
    if not found or "".join(match[0] for match in found) != offset or abs(total) > _FURTHEST:
        raise ArgumentError("now", "bad offset")
    return total


def pattern(form: str) -> str:
    """The pattern of a format that is not `ms` or `s`. Raises ArgumentError for one that is neither word nor pattern."""
    if form == "iso":
        return ISO
    if not FIELD.search(form) or re.search("[A-Za-z]", FIELD.sub("", form)):
        raise ArgumentError("now", "bad format")
    return form


def stamp(milliseconds: int, form: str = "ms", offset: str | None = None) -> str:
    """A time, in milliseconds since 1970, moved by an offset, as text (UTC). Raises ArgumentError."""
    moved = milliseconds + (offset_milliseconds(offset) if offset is not None else 0)
    if form in ("ms", "s"):
        return str(moved if form == "ms" else moved // 1000)
    time = _EPOCH + timedelta(milliseconds=moved)
    fields = {
        "YYYY": f"{time.year:04}",
        "MM": f"{time.month:02}",
        "DD": f"{time.day:02}",
        "hh": f"{time.hour:02}",
        "mm": f"{time.minute:02}",
        "ss": f"{time.second:02}",
        "SSS": f"{time.microsecond // 1000:03}",
    }
    return FIELD.sub(lambda match: fields[match[0]], pattern(form))
