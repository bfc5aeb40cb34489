"""Markers of streams of messages (server-sent events): that none of their messages says that the work failed."""

from __future__ import annotations

import re
from collections.abc import Sequence

from loadwright.compiler.plan.model import Expectation, TextExpectation
from loadwright.compiler.plan.template import template

_REPLIED = '"status": "ok"'
"""How a kernel's reply says that the code ran; one to code that raised an exception says `error`."""
_DONE = re.compile(r'"(success|ok)"(\s?:\s?)(true|false)\b')


def stream_markers(texts: Sequence[str]) -> list[Expectation]:
    """That no message has the outcome `false`, where the recorded streams have `true` only; the message with it may be the last."""
    found = [_DONE.findall(text) for text in texts]
    if not all(found) or any(outcome == "false" for told in found for _, _, outcome in told):
        return []
    name, colon, _ = found[0][0]
    failed = template(f'"{name}"{colon}false')
    return [TextExpectation(relation="contains", value=failed, negated=True, soft=True)]


def answer_markers(text: str) -> list[Expectation]:
    """The same of an answer to one call; a kernel's reply says that the code ran."""
    if not text.startswith('{"header": {') or text.count('"status":') != text.count(_REPLIED) or _REPLIED not in text:
        return stream_markers([text])
    return [TextExpectation(relation="contains", value=template('"status": "error"'), negated=True, soft=True)]
