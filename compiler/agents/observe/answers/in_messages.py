"""Items of lists in streams of messages, by the name of their list and what stands before them: `"data":["Changed","c36324a0"]`."""

from __future__ import annotations

import re

from loadwright.compiler.agents.values import literal_pattern

COMPONENTS = "text/x-component"
"""How React streams what server components give: lines of JSON, each behind its number (`1:{"id":4,"name":"Bolt"}`)."""
STREAMS = ("text/event-stream", "application/x-ndjson", "application/jsonl", COMPONENTS)
"""Answers of several lines, each a JSON document of its own; no parser takes them as a whole."""
_SEPARATOR = "\x1e"
"""What ends a message where several come in one answer (RFC 7464), as ASP.NET's SignalR sends them."""
_REACH = 1000
_MOST = 12
_TEXT = r'"(?:[^"\\\n]|\\.)*"'
_ONE = rf'(?:{_TEXT}|[^",\[\]{{}}\s]+)'
"""An item that is a text, a number, or a word of JSON."""
_LIST = re.compile(r'"([A-Za-z_][\w.-]{0,40})"\s?:\s?\[\s?')
_BEFORE = re.compile(rf"{_ONE}\s?,\s?", re.ASCII)
_KIND = re.compile(r'"(?:msg|type|event|kind|op|action|method|target)"\s?:\s?"[A-Za-z_.:-]{2,40}"')


def is_of_messages(media_type: str, text: str) -> bool:
    """Whether an answer is several messages, each a JSON document."""
    return media_type in STREAMS or (_SEPARATOR in text and text.lstrip()[:1] == "{")


def in_a_list(text: str, start: int, end: int) -> tuple[str, str, str]:
    """A pattern of the text or number from `start` to `end`, one of what its message is, and the name of its list; else empty.

    Others before it may be otherwise in another session, so only their number counts.
    """
    line = max(text.rfind("\n", 0, start) + 1, text.rfind(_SEPARATOR, 0, start) + 1, start - _REACH)
    is_text = text[start - 1 : start] == '"' == text[end : end + 1]
    lists = list(_LIST.finditer(text, line, start))
    if not lists:
        return "", "", ""
    named = lists[-1]
    at, count, stop = named.end(), 0, start - is_text
    while at < stop and count < _MOST and (one := _BEFORE.match(text, at, stop)):
        at, count = one.end(), count + 1
    if at != stop:
        return "", "", ""
    before = f"(?:{_ONE}\\s?,\\s?){{{count}}}" if count else ""
    value = r'"((?:[^"\\\n]|\\.)+)"' if is_text else r'([^",\[\]{}\s]+)'
    kind = next((found[0] for found in _KIND.finditer(text, line, named.start())), "")
    rest = r"[^\n\x1e]*?" if _SEPARATOR in text else r"[^\n]*?"
    return literal_pattern(named[0]) + before + value, literal_pattern(kind) + rest if kind else "", named[1]
