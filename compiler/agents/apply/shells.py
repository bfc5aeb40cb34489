"""Pages that a server gives to those alone who accept pages, as browsers say that they do."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from loadwright.compiler.agents.expect.logins import LOGIN_PATH
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


def is_sent_to_log_in(entry: Entry) -> bool:
    """Whether a page is redirected to where one logs in, behind the `#` of a single page too.

    Spring Security and its kin do so for who accepts pages, and answer 401 to a request without `Accept`.
    """
    if entry.request.method != "GET" or not entry.response.redirect:
        return False
    target = urlsplit(entry.response.redirect)
    return LOGIN_PATH.search(target.path) is not None or LOGIN_PATH.search(target.fragment.partition("?")[0]) is not None
