"""Names of requests: two different requests of a step have different ones, since a report adds up what is called the same."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TypeVar

from loadwright.compiler.plan.model import Parallel, Request
from loadwright.compiler.plan.template import Template, Text

Node = TypeVar("Node")
_Asked = tuple[str, str | None, Template]
"""What two requests that are the same have in common: method, target, URL."""
_QUERY_NAME = re.compile(r"[?&;]([A-Za-z_][\w.$\[\]-]{0,39})(?==)")


def told_apart(actions: Sequence[Node]) -> tuple[Node, ...]:
    """The actions of a step, where requests of one name that differ are called after a parameter that only they have.

    `GET /presets?role=1` and `GET /presets?user=2` become `GET /presets role` and `GET /presets user`; where no parameter
    tells, they are numbered.
    """
    by_name: dict[str, dict[_Asked, None]] = defaultdict(dict)
    for request in _requests(actions):
        by_name[request.name][_asked(request)] = None
    named = {name: dict(zip(alike, _names(name, alike), strict=True)) for name, alike in by_name.items() if len(alike) > 1}
    return tuple(_renamed(action, named) for action in actions)


def _requests(actions: Sequence[object]) -> Iterator[Request]:
    for action in actions:
        yield from action.requests if isinstance(action, Parallel) else (action,) if isinstance(action, Request) else ()


def _asked(request: Request) -> _Asked:
    return request.method, request.target, request.url


def _names(name: str, alike: Iterable[_Asked]) -> Iterator[str]:
    parameters = [_parameters(url) for _, _, url in alike]
    times = Counter(parameter for one in parameters for parameter in set(one))
    for number, one in enumerate(parameters, 1):
        telling = next((parameter for parameter in one if times[parameter] == 1), "")
        wanted = f"{name} {telling}" if telling else name if number == 1 else f"{name} ({number})"
        yield wanted


def _parameters(url: Template) -> list[str]:
    return _QUERY_NAME.findall("?" + "".join(part.value if isinstance(part, Text) else "x" for part in url.parts).partition("?")[2])


def _renamed(action: Node, named: Mapping[str, Mapping[_Asked, str]]) -> Node:
    if isinstance(action, Parallel):
        requests = tuple(_renamed(request, named) for request in action.requests)
        return action.model_copy(update={"requests": requests}) if requests != action.requests else action
    if not isinstance(action, Request):
        return action
    wanted = named[action.name][_asked(action)] if action.name in named else action.name
    return action.model_copy(update={"name": wanted}) if wanted != action.name else action
