"""Pages that are empty until their scripts have run, as single-page applications serve them."""

from __future__ import annotations

import re

from loadwright.compiler.recording.model import Entry

_UNSEEN = re.compile(
    r"<(script|style|noscript|template|svg|title)\b.*?</\1\s*>|<!--.*?-->|<[^<>]*>|&\w+;", re.DOTALL | re.IGNORECASE
)
_MOST_LETTERS = 24
"""Letters of a page that says no more than `Loading …`."""
_LARGEST = 200_000


def is_shell(entry: Entry) -> bool:
    """Whether the answer is a page that shows nothing by itself.

    Its server gives this page for any path that it does not know, and tells by `Accept` who asks for a page: one that a request
    without `Accept` asks for is not found there.
    """
    text = entry.response.text or ""
    if entry.response.media_type != "text/html" or "<script" not in text or len(text) > _LARGEST or "<form" in text:
        return False
    return sum(map(str.isalpha, _UNSEEN.sub(" ", text))) <= _MOST_LETTERS
