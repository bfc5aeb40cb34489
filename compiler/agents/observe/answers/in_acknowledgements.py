"""Values of Socket.IO acknowledgements (`431[{"tag":{"id":4}}]`), each by its member in the packet that answers the call."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from loadwright.compiler.agents.names import folded, singular
from loadwright.compiler.agents.observe.finder import Finder
from loadwright.compiler.agents.observe.json_documents import json_document
from loadwright.compiler.agents.observe.patterns import taken
from loadwright.compiler.agents.values import literal_pattern
from loadwright.compiler.plan.jsonpath import Digits

_DEEPEST = 6
_PLAIN = ("id", "pk")
"""Names of ids that do not say what they are of: what holds them does."""
_PLAIN_TEXT = re.compile(r'[^"\\\x00-\x1f]{1,4000}')
"""What JSON writes without escapes."""
RETURNED = ("returned", "returned_id")
"""What the only value of an answer is called, which has no name (`431[null,"7"]`): a number may count, digits in a text do not."""
_HOLDS = '":\\{[^{}]*?'
Member = tuple[tuple[str, ...], str]
"""The names of what holds a member, and its own."""


def observe_acknowledgement(finder: Finder, text: str, answer: str) -> None:
    """Offer the texts and numbers of the objects that a packet has, which begins with `answer`; lists have rows of others too."""
    document = json_document(text[len(answer) - 1 :])
    arguments = document if isinstance(document, list) else []
    alone = [argument for argument in arguments if argument is not None]
    if len(alone) == 1 and isinstance(alone[0], str | Digits) and _PLAIN_TEXT.fullmatch(str(alone[0])):
        raw, is_text = str(alone[0]), not isinstance(alone[0], Digits)
        ends = r'"([^"\\\n]+)"\]' if is_text else r"(\d+)\]"
        finder.by_pattern(raw, raw, f"{literal_pattern(answer)}(?:null,)?{ends}", text, "json", RETURNED[is_text])
    for argument in arguments:
        objects = [name for name, child in argument.items() if isinstance(child, dict)] if isinstance(argument, dict) else []
        for (holders, name), value in _members(argument, ()):
            if str(value) in finder.wanted and not finder.counts(str(value), name):
                its_own = len(holders) == len(objects) == 1 and not _is_spoken_of(holders[0], finder.path)
                called = name if name not in _PLAIN or not holders or its_own else f"{holders[-1]}_{name}"
                _keep(finder, text, answer, (holders, name), str(value), isinstance(value, Digits), called)


def holder_of(pattern: str) -> str:
    """What the pattern of an acknowledgement's member has up to the object that holds the member; empty where it names none."""
    before, mark, _ = pattern.partition(_HOLDS)
    return before if mark and pattern.startswith("43") else ""


def _is_spoken_of(holder: str, path: str) -> bool:
    """Whether what is asked for is what holds an id: the `tag` of `addTag`, and not the `config` of `getStatusPage`."""
    return folded(singular(holder)) in folded(path)


def _members(value: Any, holders: tuple[str, ...]) -> Iterator[tuple[Member, Any]]:
    for name, child in value.items() if isinstance(value, dict) else ():
        if isinstance(child, str | Digits):
            yield (holders, name), child
        elif len(holders) < _DEEPEST:
            yield from _members(child, (*holders, name))


def _keep(finder: Finder, text: str, answer: str, member: Member, raw: str, is_number: bool, called: str) -> None:
    """A member behind the name of what holds it, where this is the first one called so there."""
    holders, name = member
    if not _PLAIN_TEXT.fullmatch(raw):
        return
    ends = r"(\d+)[,}]" if is_number else r'"([^"\\\n]+)"'
    begins, member_of = f"{literal_pattern(answer)}[^\\n]*?", f'"{literal_pattern(name)}":{ends}'
    held = f'"{literal_pattern(holders[-1])}{_HOLDS}{member_of}' if holders else member_of
    for pattern in (f"{begins}{held}", f"{begins}{member_of}"):
        if next(taken(pattern, text), None) == raw:
            finder.by_pattern(raw, raw, pattern, text, "json", called)
            return
