"""What a JSON answer is known by: a place deep in what it is about, so that nothing above it may be missing, null or empty."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import cast

from loadwright.compiler.agents.expect.at_times import may_be_empty
from loadwright.compiler.agents.values import is_token
from loadwright.compiler.plan.jsonpath import Digits, quote_name
from loadwright.compiler.plan.model import Expectation, JsonExpectation, JsonSource, ValueExpectation
from loadwright.compiler.plan.template import template

_NAME = re.compile(r"[A-Za-z_]\w*")
_CALLED, _ENVELOPE = "jsonrpc", frozenset(("jsonrpc", "id"))
"""What an answer of JSON-RPC has beside what was asked for, also when the call failed."""
_IDENTITIES = frozenset(("id", "_id", "uuid", "guid"))
"""Names by which one thing is told from others: what is in it may hold lists that another one has empty (`"tags": []`)."""
_DEEPEST = 4
_MOST = 200
"""Items of a list that are looked at."""
_NAMES_OF_TYPES = {dict: "object", list: "array", str: "string", bool: "boolean", int: "number", float: "number"}


def is_of_type(path: str, name: str) -> Expectation:
    """That what stands at a path is of a type."""
    return ValueExpectation(source=JsonSource(path=path), relation="is", values=(template(name),))


def place_in_one(
    members: dict[str, object], alike: Sequence[dict[str, object]], is_told: Callable[[str], bool], own: Sequence[str] = ()
) -> list[Expectation]:
    """From one recording: the object or list in which most of the answer stands, and its type; else the first that is not null.

    What stands beside as much may be there at times only (`"assignee": null`), unless all answers `alike` have it. `is_told` says
    of which names the session may be the reason. A list that has one of the user's `own` texts in it has an item.
    """
    path, nodes = "$", [members, *alike]
    for _ in range(_DEEPEST):
        name = _largest(nodes, is_told)
        held = [one[name] for one in nodes] if name is not None else []
        if name is None or not held or not _holds_most(nodes, name):
            break
        path += quote_name(name)
        if not all(isinstance(one, dict) for one in held):
            return [first_item(path, held[:1]) if has_own(held[0], own) else _exists(path, held)]
        nodes = cast("list[dict[str, object]]", held)
    if path != "$":
        return [is_of_type(path, "object")]
    names = [name for name in members if _may_stay(members, name) and not is_told(name)]
    names.sort(key=lambda name: _CALLED in members and name in _ENVELOPE)
    return [JsonExpectation(path="$" + quote_name(names[0]))] if names else []


def without(value: object, names: frozenset[str]) -> object:
    """A document without members of these names."""
    if not names:
        return value
    if isinstance(value, dict):
        return {name: without(one, names) for name, one in value.items() if name not in names}
    return [without(one, names) for one in value] if isinstance(value, list) else value


def outline(value: object, depth: int = _DEEPEST) -> object:
    """What `place_in_one` looks at in an answer that is alike: members, and what of them is empty. The rest need not be kept."""
    if isinstance(value, Digits):
        return value
    if isinstance(value, dict):
        return {name: outline(one, depth - 1) for name, one in value.items()} if depth else dict.fromkeys(list(value)[:1])
    if isinstance(value, list):
        return [None] if value else []
    return value[:1] if isinstance(value, str) else value


def _holds_most(nodes: Sequence[dict[str, object]], name: str) -> bool:
    """Whether a member is an object or list, and more than all beside it where one answer alone tells of it."""
    value = nodes[0][name]
    if not isinstance(value, dict | list) or isinstance(value, Digits):
        return False
    return len(nodes) > 1 or _weight(value, _DEEPEST) * 2 > _weight(nodes[0], _DEEPEST + 1) - 1


def common_place(
    documents: Sequence[object], alike: Sequence[object], asked: str = "", own: Sequence[str] = ()
) -> list[Expectation]:
    """From several recordings: the place where most of the answer stands, and its type; an item of a list that is never empty.

    `alike` are other answers of the endpoint: a list that is empty in one of them may be. So may one of messages, which its name
    tells, or what is asked for (the last of a path). One that has one of the user's `own` texts in it may not.
    """
    path, nodes, further, names = "$", list(documents), list(alike), [asked]
    is_of_a_thing = False
    for _ in range(_DEEPEST):
        if all(isinstance(node, list) and node for node in nodes):
            is_empty = may_be_empty(names) or any(isinstance(one, list) and not one for one in further)
            if is_empty and not has_own(nodes[0], own):
                break
            return [first_item(path, nodes)]
        if not all(isinstance(node, dict) for node in nodes):
            break
        objects = cast("list[dict[str, object]]", nodes)
        is_of_a_thing = is_of_a_thing or (_CALLED not in objects[0] and not _IDENTITIES.isdisjoint(objects[0]))
        words = {name for name, one in objects[0].items() if is_of_a_thing and _is_list_of_words(one) and not has_own(one, own)}
        name = _largest(objects, words.__contains__)
        if name is None:
            break
        path += quote_name(name)
        names.append(name)
        nodes = [one[name] for one in objects]
        further = [one.get(name) for one in further if isinstance(one, dict)]
    return [] if path == "$" and not isinstance(nodes[0], list) else [_exists(path, nodes)]


def first_item(path: str, lists: Sequence[object]) -> Expectation:
    """That lists have an item, and its type."""
    return _exists(f"{path}[0]", [one[0] for one in cast("Sequence[list[object]]", lists)])


def has_own(value: object, own: Sequence[str]) -> bool:
    """Whether one of the user's own texts stands in an item of a list."""
    texts = [text.lower() for text in own]
    return isinstance(value, list) and any(_holds(one, texts, _DEEPEST) for one in value[:_MOST]) if own else False


def _holds(value: object, own: Sequence[str], depth: int) -> bool:
    if isinstance(value, str):
        return any(text in value.lower() for text in own)
    inside = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return depth > 0 and any(_holds(one, own, depth - 1) for one in inside)


def _is_list_of_words(value: object) -> bool:
    return isinstance(value, list) and not any(isinstance(one, dict | list) for one in value)


def _exists(path: str, nodes: Sequence[object]) -> Expectation:
    types = {_type(node) for node in nodes}
    return is_of_type(path, types.pop()) if len(types) == 1 else JsonExpectation(path=path)


def _largest(objects: Sequence[dict[str, object]], is_told: Callable[[str], bool]) -> str | None:
    """The member that all have, of a name that is not told, in which most stands: an object or list if there is one."""
    first = objects[0]
    common = [n for n in first if all(_may_stay(one, n) for one in objects) and not is_told(n)]
    held = [n for n in common if len({type(one[n]) for one in objects}) == 1 and isinstance(first[n], dict | list)]
    held = [n for n in held if all(one[n] for one in objects)]
    if len(held) == 1:
        return held[0]
    common.sort(key=lambda name: _CALLED in first and name in _ENVELOPE)
    return max(held, key=lambda n: _weight(first[n], _DEEPEST), default=None) or next(iter(common), None)


def _weight(value: object, depth: int) -> int:
    """About how much stands in a value."""
    if isinstance(value, dict):
        inside: Sequence[object] = list(value.values())[:50]
    elif isinstance(value, list):
        inside = value[:20]
    else:
        return 1
    if depth <= 1:
        return 1 + len(inside) * depth
    return 1 + sum(_weight(one, depth - 1) if isinstance(one, dict | list) else 1 for one in inside)


def _may_stay(members: dict[str, object], name: str) -> bool:
    value = members.get(name)
    if value is None or (isinstance(value, str) and not isinstance(value, Digits) and not value):
        return False
    return _NAME.fullmatch(name) is not None and not is_token(name)


def _type(value: object) -> str:
    return "number" if isinstance(value, Digits) else _NAMES_OF_TYPES.get(type(value), "null")
