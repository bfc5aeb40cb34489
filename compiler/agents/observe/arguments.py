"""What the arguments of calls are that a request lists without names: `{"method": "removeMessage", "params": [23]}`."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import Any

from loadwright.compiler.agents.names import singular
from loadwright.compiler.plan.jsonpath import Digits
from loadwright.compiler.recording.calls import LISTS, RESULT, Call, calls, making_call, result_number, words_of

_RELATIONS = frozenset(("and", "as", "at", "by", "for", "from", "in", "into", "of", "on", "to", "with"))
_LONGEST_PAGE = 5
"""Digits from which a number is no page, and not how many are on it."""
_THING = re.compile(r"[A-Za-z][A-Za-z_-]{2,30}")
_SHORTEST = 3
"""Letters of what is the name of a thing."""


def argument_names(document: Any) -> dict[str, str]:
    """What the numbers in lists of arguments are, by their pointers: the only one of `removeMessage` is a `message_id`.

    Several short ones of what lists things are a page and its size. Of other numbers nothing says which one is an id, but for the
    one number in a list with which a call begins: `party.write([[7], {…}])`.
    """
    found: dict[str, str] = {}
    for call in calls(document):
        numbers = {n: one for n, one in enumerate(call.arguments) if isinstance(one, str) and one.isdigit()}
        if call.lists:
            name = "page" if len(numbers) > 1 and max(map(len, numbers.values())) < _LONGEST_PAGE else ""
        else:
            name = f"{thing}_id" if len(numbers) == 1 and (thing := _thing(call)) else ""
        found.update((f"{call.place}/{number}", name) for number in numbers if name)
        first = call.arguments[0] if call.arguments else None
        if isinstance(first, list) and len(first) == 1 and not call.lists and (thing := _thing(call)):
            found[f"{call.place}/0/0"] = f"{thing}_id"
    return found


def first_argument(document: Any, path: str) -> dict[str, str]:
    """What a body that is a list of arguments begins with: `[4,"Bolt",1]` to `/orders/4` with an `order_id`, else an `id`.

    Functions of a server that scripts call so (React's server actions) are told first what to do something to.
    """
    first = document[0] if isinstance(document, list) and document else None
    if not isinstance(first, Digits) or not first.isdigit():
        return {}
    words = path.split("/")
    things = (singular(word) for word, number in pairwise(words) if number == first and _THING.fullmatch(word))
    return {"/0": f"{thing}_id" if (thing := next(things, "")) else "id"}


def result_names(document: object, body: bytes) -> dict[str, str]:
    """What the result of a call is that makes one thing: `{"result": [7]}` after `party.create` is a `party_id`."""
    call = making_call(body) if result_number(document) else None
    thing = _thing(call) if call else ""
    return {RESULT: f"{thing}_id"} if thing else {}


def is_argument(key: str, name: str) -> bool:
    """Whether a number of a JSON body is an item of a list of arguments, and nothing says of what it is the number."""
    return name in LISTS and re.search(rf"/{name}/\d+$", key) is not None


def _thing(call: Call) -> str:
    """What a function does something to, one of it: `message` of `sendMessageToAddress`, `host` of `host.delete`; else empty."""
    rest = call.words[1:] or words_of(call.function.rpartition(".")[0])
    end = next((n for n, word in enumerate(rest) if word in _RELATIONS), len(rest))
    thing = "_".join(rest[:end])
    return thing if len(thing) >= _SHORTEST and singular(thing) == thing else ""
