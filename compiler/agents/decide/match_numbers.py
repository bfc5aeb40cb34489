"""How many matches there were where a capture goes by the number of its match: a run that finds another number tells of drift."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from loadwright.compiler.agents.decisions import Decisions
from loadwright.compiler.plan.extract import Response, json_document, matches
from loadwright.compiler.plan.jsonpath import find
from loadwright.compiler.plan.jsonpath_syntax import JsonPathError
from loadwright.compiler.plan.model import Capture, CaptureSource, JsonSource
from loadwright.compiler.plan.node import DecisionOrigin
from loadwright.compiler.plan.template import fixed
from loadwright.compiler.plan.traverse import source_templates
from loadwright.compiler.recording.model import Entry

_LAST_INDEX = re.compile(r"\[(\d+)\][^\[\]]*$")


def count_matches(decisions: Decisions, entries: Iterable[Entry], partners: Mapping[int, Entry]) -> None:
    """Write the number of matches on each capture by number, where the recordings agree on it, and on its decision.

    `partners` are the exchanges of another recording by the entries of this one.
    """
    records = {record.id: record for record in decisions.records}
    by_index = {entry.index: entry for entry in entries}
    for index, captures in decisions.captures.items():
        for place, capture in enumerate(captures):
            counted = _counted(capture)
            if counted is None or not isinstance(capture.origin, DecisionOrigin):
                continue
            number, what = counted
            count = _matches if what == "match" else _items
            ours = count(capture.source, by_index[index])
            partner = partners.get(index)
            theirs = ours if partner is None else count(capture.source, partner)
            if ours < 2:
                continue
            said = f"{what} {number} of {ours}"
            if theirs != ours:
                said += f", of {theirs} in the other recording: another number of them is no sign of drift"
            elif what == "match":
                captures[place] = capture.model_copy(update={"recorded": ours})
            records[capture.origin.decision].evidence.append(said)


def _counted(capture: Capture) -> tuple[int, str] | None:
    """The number by which a capture takes one of several, counted from 1, and what it counts; None where it takes the first.

    What is taken by a value in its source is told by that value.
    """
    if any(source_templates(capture.source)):
        return None
    if capture.occurrence > 1:
        return capture.occurrence, "match"
    index = _LAST_INDEX.search(fixed(capture.source.path)) if isinstance(capture.source, JsonSource) else None
    return (int(index[1]) + 1, "item") if index else None


def _matches(source: CaptureSource, entry: Entry) -> int:
    """How many matches an answer has."""
    answer = entry.response
    return sum(1 for _ in matches(source, Response(entry.request.url, answer.headers, answer.text or "", answer.status)))


def _items(source: CaptureSource, entry: Entry) -> int:
    """How many items the list has that a path in JSON goes into last; none where that is no single list."""
    path = fixed(source.path) if isinstance(source, JsonSource) else ""
    index = _LAST_INDEX.search(path)
    try:
        lists = find(json_document(entry.response.text or ""), path[: index.start()]) if index else []
    except (ValueError, JsonPathError):
        return 0
    return len(lists[0]) if len(lists) == 1 and isinstance(lists[0], list) else 0
