"""What a header says of how a change went, where the page says it in too many words."""

from __future__ import annotations

import re
from collections.abc import Sequence

from loadwright.compiler.plan.model import TextExpectation
from loadwright.compiler.plan.template import template
from loadwright.compiler.recording.model import Entry, header

_SUCCEEDED = re.compile(r"success(?:ful(?:ly)?)?\b|succeeded\b", re.IGNORECASE)
_OWN = "x-"
"""How headers begin that are an application's own."""


def success_marker(entries: Sequence[Entry]) -> TextExpectation | None:
    """That a change succeeded, as a header of the application's own begins in all of these answers (`X-Result: success …`)."""
    first = entries[0]
    if first.request.method in ("GET", "HEAD", "OPTIONS"):
        return None
    for name, value in first.response.headers:
        said = _SUCCEEDED.match(value) if name.lower().startswith(_OWN) else None
        if said and all((header(e.response.headers, name) or "").startswith(said[0]) for e in entries[1:]):
            return TextExpectation(header=name, relation="matches", value=template(f"^{said[0]}"))
    return None
