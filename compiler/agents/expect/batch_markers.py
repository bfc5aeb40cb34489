"""Markers of answers to batches: how each request in the batch went, whatever the status of the whole is."""

from __future__ import annotations

import re
from collections.abc import Sequence

from loadwright.compiler.agents.expect.markers import read_json
from loadwright.compiler.plan.model import Expectation, JsonExpectation, TextExpectation
from loadwright.compiler.plan.template import template

_STATUS = re.compile(r"^HTTP/1\.[01] (\d{3})\b", re.MULTILINE)
_FAILED = r"HTTP/1\.[01] [45]\d\d"
_REFUSED = "$.responses[?(@.status>=400)]"
_LEAST_ERROR = 400


def batch_markers(texts: Sequence[str], media_type: str) -> list[Expectation]:
    """That no part failed, where none did in any recording; else the status of the part that did, where all have the same."""
    found = [_statuses(text, media_type) for text in texts]
    if not all(found):
        return []
    failed = [[status for status in told if status >= _LEAST_ERROR] for told in found]
    is_json = media_type != "multipart/mixed"
    if not any(failed):
        refused: Expectation = JsonExpectation(path=_REFUSED, negated=True, soft=True)
        return [refused if is_json else TextExpectation(relation="matches", value=template(_FAILED), negated=True, soft=True)]
    first = failed[0][:1]
    if is_json or not first or not all(told[:1] == first for told in failed):
        return []
    return [TextExpectation(relation="contains", value=template(f"HTTP/1.1 {first[0]}"))]


def _statuses(text: str, media_type: str) -> list[int]:
    """The statuses of the parts of an answer; none of what is no answer to a batch."""
    if media_type == "multipart/mixed":
        return [int(status) for status in _STATUS.findall(text)]
    document = read_json(text) if media_type.endswith("json") and '"responses"' in text else None
    answers = document.get("responses") if isinstance(document, dict) else None
    told = [one.get("status") if isinstance(one, dict) else None for one in answers] if isinstance(answers, list) else []
    return [status for status in told if isinstance(status, int)] if all(isinstance(one, int) for one in told) else []
