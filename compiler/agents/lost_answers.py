"""Answers whose body a recording does not hold: the page was left before it was read."""

from __future__ import annotations

from loadwright.compiler.plan.model import CaptureSource, CookieSource, HeaderSource, RedirectSource
from loadwright.compiler.recording.model import Entry


def is_lost(source: CaptureSource, entry: Entry) -> bool:
    """Whether the recording does not hold the text of an answer that a source reads."""
    is_of_the_body = not isinstance(source, HeaderSource | CookieSource | RedirectSource)
    return entry.response.body_missing and not entry.response.text and is_of_the_body
