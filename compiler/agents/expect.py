"""Assert: what a recorded response shows that a test can hold it to."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from typing import cast, get_args

from selectolax.lexbor import LexborHTMLParser

from loadwright.compiler.agents.sites import is_asset
from loadwright.compiler.agents.values import is_token
from loadwright.compiler.plan.jsonpath import Digits, load_json, quote_name
from loadwright.compiler.plan.model import (
    Expectation,
    JsonExpectation,
    SoftFailureExpectation,
    StatusExpectation,
    TextExpectation,
    TypeExpectation,
)
from loadwright.compiler.plan.soft_failure import soft_failure
from loadwright.compiler.plan.template import template
from loadwright.compiler.recording.model import Entry, header

SOFT_FAILURE_RULES: tuple[str, ...] = get_args(get_args(SoftFailureExpectation.model_fields["ignored"].annotation)[0])
_MARKER_ELEMENTS = ("title", "h1", "h2", "legend")


def expectations(
    entries: Sequence[Entry], known: Collection[str], second: Mapping[int, Entry] | None = None
) -> dict[int, tuple[Expectation, ...]]:
    """For each entry what its response must show: status, media type, one stable marker, and which soft-failure rules
    its own recorded page would break.

    `known` are values that come from data or responses and so cannot be part of a marker; `second` maps an entry to the
    same request in a second recording, which must show the marker too.
    """
    partners = second or {}
    return {entry.index: tuple(_expectations(entry, known, partners.get(entry.index))) for entry in entries}


def ignored_rules(entry: Entry) -> tuple[str, ...]:
    """The soft-failure rules that the recorded response itself breaks, so that they say nothing here."""
    broken: list[str] = []
    while reason := soft_failure(entry.response.status, _content_type(entry), entry.response.text or "", broken):
        broken.append(next(rule for rule in SOFT_FAILURE_RULES if reason.startswith(rule)))
    return tuple(broken)


def _content_type(entry: Entry) -> str:
    return header(entry.response.headers, "content-type") or entry.response.media_type


def _expectations(entry: Entry, known: Collection[str], partner: Entry | None) -> list[Expectation]:
    response = entry.response
    # the test does not send the browser's `If-None-Match`, so what was not modified then comes in full now
    statuses = (200, 304) if response.status == 304 else (response.status,)
    if not response.status:
        return []  # the recording holds no answers
    found: list[Expectation] = [StatusExpectation(statuses=statuses)]
    if is_asset(entry):
        return found
    if 200 <= response.status < 300 and response.media_type and (response.text or response.data):
        found.append(TypeExpectation(media_type=response.media_type))
    if marker := _marker(entry, known, partner):
        found.append(marker)
    if rules := ignored_rules(entry):
        found.append(SoftFailureExpectation.model_validate({"ignored": rules}))
    return found


def _marker(entry: Entry, known: Collection[str], partner: Entry | None) -> Expectation | None:
    text = entry.response.text
    if not text or not 200 <= entry.response.status < 300:
        return None
    other = partner.response.text if partner else None
    if entry.response.media_type == "text/html":
        return next(
            (
                TextExpectation(relation="contains", value=template(marker))
                for marker in _html_markers(text)
                if _is_stable(marker, known) and (other is None or marker in other)
            ),
            None,
        )
    if entry.response.media_type.endswith("json"):
        return _json_marker(text, other)
    return None


def _html_markers(text: str) -> list[str]:
    """Titles, headings and legends as they stand in the text, the most telling first."""
    document = LexborHTMLParser(text)
    nodes = (node for element in _MARKER_ELEMENTS for node in document.css(element))
    markers = ((node.text(deep=True) or "").strip() for node in nodes)
    return [marker for marker in markers if marker in text]


def _is_stable(marker: str, known: Collection[str]) -> bool:
    if not 3 <= len(marker) <= 80 or "\n" in marker or re.search(r"\d", marker):
        return False
    if any(is_token(word) for word in marker.split()):
        return False
    return not any(len(value) >= 3 and value in marker for value in known)


def _json_marker(text: str, other: str | None) -> Expectation | None:
    """The first member of the top-level object that is there in both recordings, and not null."""
    try:
        document, partner = load_json(text), load_json(other) if other else None
    except (ValueError, RecursionError):
        return None
    if not isinstance(document, dict):
        return None
    for name, value in cast("dict[str, object]", document).items():
        if value is None or (isinstance(partner, dict) and partner.get(name) is None):
            continue
        if isinstance(value, str) and not isinstance(value, Digits) and not value:
            continue
        if re.fullmatch(r"[A-Za-z_]\w*", name) and not is_token(name):
            return JsonExpectation(path="$" + quote_name(name))
    return None
