"""Markers of answers to batches: how each request in the batch went, whatever the status of the whole is."""

from __future__ import annotations

import re
from collections.abc import Sequence

from loadwright.compiler.agents.expect.json_places import is_of_type
from loadwright.compiler.agents.expect.markers import read_json
from loadwright.compiler.plan.model import Expectation, JsonExpectation, TextExpectation
from loadwright.compiler.plan.template import template

_STATUS = re.compile(r"^HTTP/1\.[01] (\d{3})\b", re.MULTILINE)
_FAILED = r"HTTP/1\.[01] [45]\d\d"
_REFUSED = "$.responses[?(@.status>=400)]"
_LEAST_ERROR = 400
_FAILED_PARTS = {"result": "$[*].error", "data": "$[*].errors[0]"}
"""What a part has that went well, and where one that failed tells so (JSON-RPC 2.0 and its kin, GraphQL)."""


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


def part_markers(asked: int, texts: Sequence[str]) -> list[Expectation]:
    """Of the list of answers to as many calls in one request: that the last is there, and that no call failed, where none did."""
    answers = [read_json(text) for text in texts] if asked else []
    lists = [one for one in answers if isinstance(one, list) and len(one) == asked and all(isinstance(part, dict) for part in one)]
    if not lists or len(lists) < len(texts):
        return []
    parts = [part for one in lists for part in one]
    for name, failed in _FAILED_PARTS.items():
        if all(name in part and not part.get("error") and not part.get("errors") for part in parts):
            return [is_of_type(f"$[{asked - 1}]", "object"), JsonExpectation(path=failed, negated=True, soft=True)]
    return []
