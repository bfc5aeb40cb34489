"""Calls of functions with arguments in a list, as JSON-RPC and its kin send them: `{"method": "remove", "params": [23]}`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Any

import orjson
from msgspec import Struct

_FUNCTIONS = ("method", "operation", "function", "procedure")
_WRITTEN = tuple(f'"{name}"'.encode() for name in _FUNCTIONS)
LISTS = ("params", "arguments", "args", "parameters")
RESULT = "result"
"""What JSON-RPC calls an answer to a call, which may be the number of what it made."""
_WORDS = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])")
_SIGNATURE = re.compile(r"\([\w.$;, \[\]]*\)$")
"""The types of the arguments behind the name, where functions of one name are told apart by them: `remove(long)`."""
_LISTING = frozenset(("browse", "count", "list", "page", "query", "scroll", "search"))
"""What is done to many things at once, and changes none."""
_NUMBERED = re.compile(r'"id"\s{0,4}:\s{0,4}"?(\d+)')
_NEAR = 200
"""Characters at either end of an answer in which it tells what it answers."""
_MAKING = frozenset(("add", "copy", "create", "insert", "new"))
_MOST = 200
"""Calls of one request that are looked at."""


class Call(Struct, frozen=True):
    """A function that is called."""

    function: str
    arguments: list[Any]
    place: str
    """The pointer (RFC 6901) of its arguments."""

    @property
    def lists(self) -> bool:
        """Whether it asks for a list, or how long one is."""
        return self.words[:1] != [] and self.words[0] in _LISTING

    @property
    def makes(self) -> bool:
        """Whether it makes a thing."""
        return self.words[:1] != [] and self.words[0] in _MAKING

    @property
    def words(self) -> list[str]:
        """The words of the function's name, in lower case: `remove`, `message`."""
        return words_of(self.function.rpartition(".")[2])


def words_of(name: str) -> list[str]:
    """The words of a name, in lower case."""
    return [word.lower() for word in _WORDS.findall(name)]


def calls(document: Any) -> Iterator[Call]:
    """The calls of a document, one or a batch."""
    for number, one in enumerate(document[:_MOST] if isinstance(document, list) else [document]):
        if not isinstance(one, dict):
            continue
        place = f"/{number}" if isinstance(document, list) else ""
        inner, of = one.get("params"), ""
        if isinstance(inner, dict) and isinstance(model := inner.get("model"), str):
            one, place, of = inner, f"{place}/params", f"{model}."  # Odoo calls a function of a model
        function = next((one[name] for name in _FUNCTIONS if isinstance(one.get(name), str)), "")
        listed = next((name for name in LISTS if isinstance(one.get(name), list)), "")
        if function and listed:
            yield Call(f"{of}{_SIGNATURE.sub('', function)}", one[listed], f"{place}/{listed}")


def number_sent(body: bytes, answer: str) -> str:
    """What a client numbers the call of a body by (JSON-RPC 2.0), which the answer repeats as its `id`; else empty."""
    document = _sent(body)
    if not isinstance(document, dict) or not isinstance(document.get("method"), str):
        return ""
    number = str(document.get("id", ""))
    if not number.isdigit() or not any(isinstance(document.get(name), list | dict) for name in LISTS):
        return ""
    ends = f"{answer[:_NEAR]}\n{answer[-_NEAR:]}" if len(answer) > _NEAR else answer
    repeats = number in _NUMBERED.findall(ends) and any(f'"{name}"' in ends for name in (RESULT, "error"))
    return number if repeats else ""


def making_call(body: bytes) -> Call | None:
    """The one call of a body, where it makes a thing."""
    found = list(calls(_sent(body)))
    return found[0] if len(found) == 1 and found[0].makes else None


def result_number(document: object) -> str:
    """The number that is the result of a call, bare or alone in a list; else empty."""
    result = document.get(RESULT) if isinstance(document, dict) else None
    single = str(result[0] if isinstance(result, list) and len(result) == 1 else result)
    return single if single.isdigit() else ""


@lru_cache(maxsize=4096)
def functions(body: bytes) -> tuple[str, ...]:
    """The functions that a body calls, each once."""
    return tuple(dict.fromkeys(call.function for call in calls(_sent(body))))


@lru_cache(maxsize=4096)
def only_lists(body: bytes) -> bool:
    """Whether a body is of calls, and of nothing but what lists things."""
    document = _sent(body)
    found = list(calls(document))
    return len(found) == (len(document) if isinstance(document, list) else 1) and all(call.lists for call in found)


def _sent(body: bytes) -> Any:
    """The document of a body in which something may be called; None where it is none."""
    if not any(name in body for name in _WRITTEN):
        return None
    try:
        return orjson.loads(body)
    except orjson.JSONDecodeError:
        return None
