"""Values of answers to numbered calls on a WebSocket, taken so that it does not matter which other answers are in the message."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from loadwright.compiler.agents.observe.answers.in_json import observe_json
from loadwright.compiler.agents.observe.finder import Finder
from loadwright.compiler.agents.observe.patterns import taken
from loadwright.compiler.agents.values import literal_pattern
from loadwright.compiler.plan.jsonpath import quote_name
from loadwright.compiler.recording.model import Entry

_TEXT = r'"((?:[^"\\\n]|\\.)+)"'


def observe_answers(finder: Finder, text: str, document: object) -> bool:
    """Whether a message is one in which the server may put several answers; then their values are kept, each behind its number."""
    (message,) = finder.entry.messages or (None,)
    if message is None or not message.batched:
        return False
    for item in document if isinstance(document, list) else [document]:
        if not isinstance(item, dict):
            continue
        said = _number(item, text, message.answers)
        for name, rows in item.items() if said else ():
            if isinstance(rows, list):
                observe_json(finder, rows, f"$.{quote_name(name)}")
        for name, value in _leaves(item) if said else ():
            if value in finder.wanted:
                _keep(finder, text, said, name, value)
    return True


def is_of_everyone(entry: Entry) -> bool:
    """Whether a message holds events beside answers to calls, or is one: they tell of what others did as well."""
    return any(message.batched or message.pushed for message in entry.messages)


def _number(item: dict[str, Any], text: str, answers: tuple[str, ...]) -> str:
    """How an item says which call it answers; empty for what answers none."""
    for answer in answers:
        name, _, number = answer.partition(":")
        if str(item.get(name.strip('" '))) == number.strip(" ,}") and text.count(answer) >= 1:
            return answer
    return ""


def _leaves(value: Any) -> Iterator[tuple[str, str]]:
    """The texts of an object and of the objects in it, each with the name of its member; lists have rows of others too."""
    for key, child in value.items() if isinstance(value, dict) else ():
        if isinstance(child, str):
            yield key, child
        else:
            yield from _leaves(child)


def _keep(finder: Finder, text: str, said: str, name: str, value: str) -> None:
    """A text by its member behind the number, where this is the first one called so there."""
    behind = text.find(said)
    member = re.compile(rf'"{re.escape(name)}"\s?:\s?(?="{re.escape(value)}")').search(text, behind) if behind >= 0 else None
    if member is not None:
        pattern = f"{literal_pattern(said)}[^\\n]*?{literal_pattern(member[0])}{_TEXT}"
        if next(taken(pattern, text), None) == value:
            finder.by_pattern(value, value, pattern, text, "json", name)
