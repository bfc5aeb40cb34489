"""What a HAR holds beside what is read of it: unreadable entries, lists that repeat values, messages of web sockets."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from urllib.parse import parse_qsl

from loadwright.compiler.agents.observe.json_leaves import json_leaves
from loadwright.compiler.agents.values import holds_half_a_pair
from loadwright.compiler.recording.fields import mapping, sequence, text
from loadwright.compiler.recording.model import Entry, Recording

_LISTS = ("cookies", "queryString", "headers")
_TEXTS = ("text", "mimeType", "encoding", "params")
_HEADER = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~-]+")
Named = tuple[str, str, str]
"""Where a value stands (`cookies`, `params`…), its name, and the value."""


def without_unreadable(document: object, recording: Recording) -> tuple[object, int]:
    """The HAR with nothing left of entries and of answers that the recording does not have, and how many entries these are.

    Nobody can say what of them is secret, and no import takes them. The other entries keep their positions.
    """
    log = mapping(mapping(document).get("log"))
    read = {entry.index: entry for entry in recording.entries}
    kept = [_readable(entry, read.get(position)) for position, entry in enumerate(sequence(log.get("entries")))]
    return {**mapping(document), "log": {**log, "entries": kept}}, len(kept) - len(read)


def _readable(raw: object, entry: Entry | None) -> object:
    if entry is None:
        return {"comment": "not readable, left out"}
    item = dict(mapping(raw))
    item["request"] = _sound(mapping(item["request"]), "postData")
    if "response" in item:
        item["response"] = _sound(mapping(item["response"]), "content") if entry.response.status else {"status": 0}
    return item


def _sound(message: dict[str, object], body: str) -> dict[str, object]:
    """A request or response without the members that have another form than they should, which no reader takes."""
    kept = {key: value for key, value in message.items() if key not in _LISTS or isinstance(value, list | dict)}
    if isinstance(headers := kept.get("headers"), list):
        kept["headers"] = [item for item in headers if _is_header(mapping(item))]
    if body in kept:
        kept[body] = {
            k: v for k, v in mapping(kept[body]).items() if isinstance(v, list | dict) == (k == "params") or k not in _TEXTS
        }
    return kept


def _is_header(item: dict[str, object]) -> bool:
    name = text(item.get("name")).strip().lstrip(":")
    return _HEADER.fullmatch(name) is not None and not isinstance(item.get("value"), list | dict)


def unread_values(document: object) -> Iterator[Named]:
    """Named values of the entries that stand in places which no reader takes, or takes only where another one is empty."""
    for item in sequence(mapping(mapping(document).get("log")).get("entries")):
        entry = mapping(item)
        request, response = mapping(entry.get("request")), mapping(entry.get("response"))
        lists = [(kind, message.get(kind)) for message in (request, response) for kind in _LISTS]
        for kind, values in (*lists, ("params", mapping(request.get("postData")).get("params"))):
            for pair in sequence(values):
                yield kind, text(mapping(pair).get("name")), text(mapping(pair).get("value"))
        for url in (request.get("url"), response.get("redirectURL")):
            yield from (("fragment", name, value) for name, value in fragment_fields(text(url)))
        yield from _messages(entry)
        yield from (("pair", name, value) for name, value in _pairs(entry))


def fragment_fields(url: str) -> list[tuple[str, str]]:
    """The fields behind the `#` of a URL, as OAuth's implicit flow hands out tokens."""
    return parse_qsl(url.partition("#")[2].lstrip("?/"))


def _messages(entry: dict[str, object]) -> Iterator[Named]:
    for message in sequence(entry.get("_webSocketMessages")):
        data = text(mapping(message).get("data"))
        try:
            leaves = [leaf for leaf in json_leaves(json.loads(data)) if not holds_half_a_pair(leaf[2])]
        except (ValueError, RecursionError):
            leaves = [("", "", data)]
        yield from (("message", name, value) for _, name, value in leaves)


def _pairs(value: object) -> Iterator[tuple[str, str]]:
    """Every name with a value, wherever a damaged file has them."""
    if isinstance(value, dict):
        if isinstance(value.get("name"), str) and isinstance(value.get("value"), str):
            yield value["name"], value["value"]
        for item in value.values():
            yield from _pairs(item)
    elif isinstance(value, list):
        for item in value:
            yield from _pairs(item)
