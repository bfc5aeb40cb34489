"""Points in time, as people read them, that a client puts into longer texts: `created_at:<='2026-11-25 23:08:59'`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime

from loadwright.compiler.agents.facts import Occurrence, Site
from loadwright.compiler.agents.names import says_when_changed
from loadwright.compiler.agents.values import is_moment
from loadwright.compiler.plan.template import Part, call

_MOMENT = re.compile(r"(?<![\w.-])(\d{4}-\d\d-\d\d)([ T])(\d\d:\d\d:\d\d)(\.\d{3})?(Z|[+]00:00)?(?![\w:.+-])")
HOUR_OF_A_DAY = re.compile(r"(\d{4}-\d\d-\d\d)([T ]\d\d:\d\d(?::\d\d(?:\.\d{1,6})?)?(?:Z|[+-]\d\d:?\d\d)?)")
DAYS = {
    "YYYY-MM-DD": "%Y-%m-%d",
    "DD.MM.YYYY": "%d.%m.%Y",
    "DD/MM/YYYY": "%d/%m/%Y",
    "MM/DD/YYYY": "%m/%d/%Y",
    "YYYYMMDD": "%Y%m%d",
}
"""How days are written, for the language and for Python."""
_BOUNDS = ("00:00:00", "23:59:59")
_LONGEST = 4000
"""Characters of a text in which the time is looked for."""
_NOW = 5000.0
"""Milliseconds before its request in which a script looks at the clock."""


def is_when_changed(site: Site, occurrence: Occurrence) -> bool:
    """Whether both say when a thing was changed last, to the second: `ifUnmodifiedSince` after `lastModifiedDate`."""
    return is_moment(occurrence.value) and says_when_changed(site.name) and says_when_changed(occurrence.name)


def moments(site: Site) -> Iterator[tuple[str, int, int, Part]]:
    """What of a text is the client's clock, or the bounds of its day: the moment, its place, what gives it anew (UTC)."""
    if site.location not in ("query", "form", "json", "body") or not 19 <= len(site.value) <= _LONGEST:
        return
    for match in _MOMENT.finditer(site.value):
        try:
            moment = datetime.fromisoformat(f"{match[1]}T{match[3]}+00:00").timestamp() * 1000
        except ValueError:
            continue
        if -1000 < site.started - moment < _NOW:
            time = "hh:mm:ss.SSS" if match[4] else "hh:mm:ss"
            if match[2] == " ":
                yield match[0], match.start(), match.end(4 if match[4] else 3), call("now", f"YYYY-MM-DD {time}")
            else:
                yield match[0], *match.span(1), call("now", "YYYY-MM-DD")
                yield match[0], match.start(3), match.end(4 if match[4] else 3), call("now", time)
        elif match[3] in _BOUNDS and match[2] == "T" and _day(site.started) == match[1]:
            yield match[0], *match.span(1), call("now", "YYYY-MM-DD")


def days_away(text: str, written: str, moment: float) -> int | None:
    """How many days a day lies after that of a moment (UTC); None for what is no day written so."""
    try:
        day = datetime.strptime(text, written).replace(tzinfo=UTC)
    except ValueError:
        return None
    if day.strftime(written) != text:
        return None
    return (day.date() - datetime.fromtimestamp(moment / 1000, UTC).date()).days


def _day(moment: float) -> str:
    return datetime.fromtimestamp(moment / 1000, UTC).strftime("%Y-%m-%d")
