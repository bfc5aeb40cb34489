"""Whether a recorded answer meets expectations, by the reference meaning of sources and soft failures."""

from __future__ import annotations

import re
from collections.abc import Iterable

from loadwright.compiler.plan.extract import Response, matches
from loadwright.compiler.plan.jsonpath import Digits, find, load_json
from loadwright.compiler.plan.model import (
    Expectation,
    JsonExpectation,
    JsonSource,
    SizeExpectation,
    SoftFailureExpectation,
    StatusExpectation,
    TextExpectation,
    TypeExpectation,
    ValueExpectation,
)
from loadwright.compiler.plan.soft_failure import soft_failure
from loadwright.compiler.plan.template import fixed
from loadwright.compiler.recording.model import Entry, header

TYPES = {dict: "object", list: "array", str: "string", bool: "boolean"}


def broken(expectations: Iterable[Expectation], entry: Entry) -> list[Expectation]:
    """The expectations that an answer does not meet."""
    return [e for e in expectations if not holds(e, entry)]


def holds(expectation: Expectation, entry: Entry) -> bool:
    """Whether an answer meets an expectation of the kinds that an import writes."""
    response = entry.response
    text = response.text or ""
    read = Response(entry.request.url, response.headers, text, response.status)
    match expectation:
        case StatusExpectation(statuses=statuses):
            return response.status in statuses
        case TypeExpectation(media_type=media_type):
            return response.media_type == media_type
        case TextExpectation(header=None, relation="contains", value=value) if value is not None:
            return (value.literal or "") in text
        case TextExpectation(header=str(name), relation=relation, value=value) if value is not None:
            shown, wanted = header(response.headers, name) or "", value.literal or ""
            return bool(re.search(wanted, shown)) if relation == "matches" else wanted in shown
        case JsonExpectation(path=path, equals=equals):
            found = list(matches(JsonSource(path=path), read))
            return bool(found) and (equals is None or found[0] == equals.literal)
        case ValueExpectation(source=JsonSource(path=path), relation="is", values=(wanted,)):
            try:
                nodes = find(load_json(text), fixed(path))
            except ValueError:
                return False
            return bool(nodes) and _type(nodes[0]) == wanted.literal
        case SizeExpectation(relation=">", size=size):
            return len(response.data) > size
        case SoftFailureExpectation(ignored=ignored):
            content_type = header(response.headers, "content-type") or response.media_type
            return soft_failure(response.status, content_type, text, ignored) is None
    raise AssertionError(expectation)


def _type(value: object) -> str:
    return "null" if value is None else "number" if isinstance(value, Digits) else TYPES[type(value)]
