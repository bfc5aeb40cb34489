"""JSON that has another shape than the other answers of its endpoint, as an error of the application's own has."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

import orjson
from msgspec import Struct

from loadwright.compiler.agents.expect.wrong_answers import Key, Seen, endpoint
from loadwright.compiler.recording.model import Entry

_NUMBERS = ("code", "status", "errorCode", "error_code", "errcode", "errCode", "errno", "resultCode", "retcode", "statusCode")
_TEXTS = ("message", "msg", "error_description", "detail", "details", "reason", "errmsg", "errMsg", "errorMessage", "description")
_BESIDES = frozenset(("timestamp", "path", "requestId", "request_id", "traceId", "trace_id", "success", "time"))
"""What an error tells of besides."""
_OF_ERRORS = re.compile(r"[45][0-9]{3,5}")
"""The codes of an application that tells its errors by those of HTTP and further digits."""
_WELL = re.compile(r"ok|success(?:ful(?:ly)?)?\b.*|done|saved|created|updated|deleted|.*\bsuccess(?:fully)?", re.IGNORECASE)
_LARGEST = 2_000
_HOLLOW = frozenset(("{}", "null"))
_FEWEST = 2
"""So many other answers show what an endpoint answers."""


class _Shape(Struct):
    """What the answers of an endpoint have in common."""

    names: frozenset[str]
    """Members that each answer has that holds any."""
    count: int = 1
    hollow: int = 0


class OtherShapes:
    """The shapes of the answers of each endpoint; only small answers are looked at, and those of their endpoints."""

    def __init__(self, entries: Sequence[Entry]) -> None:
        self._small: dict[int, tuple[Key, Any]] = {}
        self._shapes: dict[Key, _Shape] = {}
        calls = [
            e for e in entries if e.response.media_type.endswith("json") and 200 <= e.response.status < 300 and e.response.text
        ]
        documents = {e.index: _document(e) for e in calls if _may_be_one(e.response.text or "")}
        wanted = {endpoint(e) for e in calls if e.index in documents}
        for entry in calls if wanted else ():
            key = endpoint(entry)
            if key not in wanted:
                continue
            document = documents[entry.index] if entry.index in documents else _document(entry)
            if entry.index in documents:
                self._small[entry.index] = (key, document)
            self._add(key, document)

    def wrong(self, entry: Entry) -> Seen | None:
        """What is wrong with a small answer, if anything."""
        if entry.index not in self._small:
            return None
        key, document = self._small[entry.index]
        shape = self._shapes.get(key)
        others = shape.count if shape else 0
        if not document and shape and shape.hollow == 1 and others >= _FEWEST and shape.names:
            return Seen("empty body", f"no members, and the same ones in {others} other answers of this endpoint")
        name = _told_by(document)
        if name and _OF_ERRORS.fullmatch(str(document[name])):
            return Seen("error payload", f"the answer is only json member `{name}` and what explains it")
        if name and shape and others and shape.names - {name, *_TEXTS, *_BESIDES}:
            return Seen("error payload", f"the answer is only json member `{name}` and what explains it, other answers have more")
        return None

    def _add(self, key: Key, document: Any) -> None:
        if _told_by(document):
            return
        shape = self._shapes.get(key)
        if document is None or document == {}:
            self._shapes.setdefault(key, _Shape(frozenset(), 0)).hollow += 1
        elif isinstance(document, dict):
            names = frozenset(name for name, value in document.items() if value is not None)
            if shape is None or not shape.count:
                self._shapes[key] = _Shape(names, 1, shape.hollow if shape else 0)
            else:
                shape.names, shape.count = shape.names & names, shape.count + 1
        elif shape is not None:
            shape.names = frozenset()
        else:
            self._shapes[key] = _Shape(frozenset())


def _may_be_one(text: str) -> bool:
    return len(text) < _LARGEST and (text.strip() in _HOLLOW or any(f'"{name}"' in text for name in _NUMBERS))


def _document(entry: Entry) -> Any:
    try:
        return orjson.loads(entry.response.text or "")
    except orjson.JSONDecodeError:
        return ()


def _told_by(document: Any) -> str:
    """The member with the code of an error, where the answer holds nothing but that and what explains it."""
    if not isinstance(document, dict):
        return ""
    held = {name: value for name, value in document.items() if name not in _BESIDES and value not in _nothing(name)}
    name = next((n for n in _NUMBERS if _is_code(held.get(n))), "")
    texts = [value for n, value in held.items() if n in _TEXTS and isinstance(value, str)]
    if not name or not texts or any(_WELL.fullmatch(text.strip(" .!")) for text in texts):
        return ""
    return name if set(held) <= {name, "error", *_TEXTS} else ""


def _nothing(name: str) -> tuple[object, ...]:
    """What says nothing under a name: a list of rows that is empty is an answer."""
    return (None, "", [], {}) if name in ("data", "result") else (None, "")


def _is_code(value: Any) -> bool:
    """Whether a number tells of no success."""
    number = value if isinstance(value, int) and not isinstance(value, bool) else 0
    if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) < 10:
        number = int(value)
    return number != 0 and not 200 <= number < 300 and number != 1
