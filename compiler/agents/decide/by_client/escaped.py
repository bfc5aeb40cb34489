"""Documents that a script escaped for a header, but for characters that the language escapes: `%5B%22(shop)%22%5D`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from urllib.parse import quote, unquote

from loadwright.compiler.agents.decisions import Slice
from loadwright.compiler.agents.observe.notations import is_document
from loadwright.compiler.plan.template import call

_LEFT = "!'()*"
"""What JavaScript's `encodeURIComponent` leaves, beside what RFC 3986 does not reserve."""
_ESCAPE = 3
"""Characters of an escape of one in ASCII."""


def escaped_document(value: str) -> str:
    """The JSON in ASCII that a value is an escaped form of, as `encodeURIComponent` makes it; empty for any other value."""
    if value[:3].upper() not in ("%5B", "%7B"):
        return ""
    text = unquote(value)
    return text if text.isascii() and quote(text, safe=_LEFT) == value and is_document(text) else ""


def escaped(text: str, cuts: Iterable[Slice]) -> Iterator[Slice]:
    """Cuts in a text as cuts in its escaped form."""
    for cut in cuts:
        start = _length(text[: cut.start])
        yield Slice(start, start + _length(text[cut.start : cut.end]), call("urlencode", cut.part))


def _length(text: str) -> int:
    plain = sum(one.isalnum() or one in f"{_LEFT}-._~" for one in text)
    return plain + _ESCAPE * (len(text) - plain)
