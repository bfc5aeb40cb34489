"""A HAR with stand-ins in place of what is secret or personal; everything else as it was."""

from __future__ import annotations

import base64
import zlib
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass

from loadwright.compiler.recording.bodies import decode_base64
from loadwright.compiler.scrubbing.credentials import Kind
from loadwright.compiler.scrubbing.fields import Fields
from loadwright.compiler.scrubbing.replace import Finder, Replacer
from loadwright.compiler.scrubbing.sensitive import Sensitive
from loadwright.compiler.scrubbing.standins import StandIns

_AS_IT_IS = frozenset(
    (
        "startedDateTime",
        "mimeType",
        "method",
        "httpVersion",
        "encoding",
        "_encoding",
        "_resourceType",
        "version",
        "_priority",
        "_type",
    )
)
"""Members of a HAR that hold no text of the application's."""
_BINARY = 2
"""The opcode of a WebSocket's message in bytes."""
_UNPACKED_LIMIT = 64 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Scrubbed:
    """A scrubbed document, how many values of each kind were replaced, and which are in it still."""

    document: object
    counts: dict[Kind, int]
    left: int


class Scrubber:
    """Replaces the sensitive values of one or more recordings, the same for the same seed."""

    def __init__(self, sensitive: Sensitive, seed: str) -> None:
        self.sensitive = sensitive
        self.finder = Finder(sensitive)
        self.stand_in = StandIns(sensitive.kinds, seed, self._shorter, self._spans)
        self.replacer = Replacer(self.finder, self.stand_in)
        self.fields = Fields(sensitive, self.stand_in)

    def _shorter(self, text: str, under: int) -> str:
        return self.replacer(text, under)

    def _spans(self, text: str, under: int) -> list[tuple[int, int]]:
        return [(start, start + len(form.text)) for start, form in self.finder.find(text, under)]

    def text(self, text: str) -> str:
        """A text with stand-ins in it."""
        return self.fields.text(self.replacer(text))

    def scrub(self, document: object) -> Scrubbed:
        """A decoded HAR with stand-ins in it."""
        done = _walk(document, self.text, self.fields.named)
        _repair_lengths(document, done)
        left: set[str] = set()

        def look(text: str) -> str:
            left.update(form.value for _, form in self.finder.find(text) if form.encode is str and not form.word)
            return text

        _walk(done, look, lambda _, value: value)
        return Scrubbed(done, dict(Counter(self.sensitive.kinds.values())), len(left))


def _walk(value: object, text: Callable[[str], str], named: Callable[[str, str], str]) -> object:
    if isinstance(value, str):
        return text(value)
    if isinstance(value, list):
        return [_walk(item, text, named) for item in value]
    if not isinstance(value, dict):
        return value
    name = value.get("name")
    done: dict[str, object] = {}
    for key, item in value.items():
        if key in _AS_IT_IS and isinstance(item, str):
            done[key] = item
        elif key == "value" and isinstance(item, str) and isinstance(name, str):
            kept = named(name, item)
            done[key] = kept if kept != item else text(item)
        elif isinstance(item, str) and _is_packed(key, value):
            done[key] = _packed(item, text)
        else:
            done[key] = _walk(item, text, named)
    return done


def _is_packed(key: str, holder: dict[str, object]) -> bool:
    if key == "data":
        return holder.get("opcode") == _BINARY
    return key == "text" and "base64" in (holder.get("encoding"), holder.get("_encoding"))


def _packed(written: str, text: Callable[[str], str]) -> str:
    """A body in base64; one that is packed on top of it is written unpacked, which readers take as well."""
    data = decode_base64(written)
    if data is None:
        return text(written)
    if data[:2] == b"\x1f\x8b":
        try:
            data = zlib.decompressobj(wbits=47).decompress(data, _UNPACKED_LIMIT)
        except zlib.error:
            return written  # nobody can read it
    plain = data.decode("utf-8", "surrogateescape")  # other bytes stay as they are
    return base64.b64encode(text(plain).encode("utf-8", "surrogateescape")).decode()


def _repair_lengths(before: object, after: object) -> None:
    """Where a stand-in made a request's body longer or shorter, the lengths that speak of it follow."""
    for old, new in zip(_requests(before), _requests(after), strict=True):
        change = _length(new) - _length(old)
        if not change:
            continue
        if isinstance(size := new.get("bodySize"), int) and size > 0:
            new["bodySize"] = size + change
        headers = new.get("headers")
        for header in headers if isinstance(headers, list) else ():
            if (
                isinstance(header, dict)
                and str(header.get("name")).lower() == "content-length"
                and str(header.get("value")).isdigit()
            ):
                header["value"] = str(int(header["value"]) + change)


def _requests(document: object) -> list[dict[str, object]]:
    log = document.get("log") if isinstance(document, dict) else None
    entries = log.get("entries") if isinstance(log, dict) else None
    found = (entry.get("request") for entry in (entries if isinstance(entries, list) else ()) if isinstance(entry, dict))
    return [request for request in found if isinstance(request, dict)]


def _length(request: dict[str, object]) -> int:
    post = request.get("postData")
    written = post.get("text") if isinstance(post, dict) else None
    return len(written.encode("utf-8", "replace")) if isinstance(written, str) else 0
