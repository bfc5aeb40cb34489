"""A HAR entry by entry, so that no more than one of them is decoded at a time."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import overload

import msgspec
import orjson


class Pieces(Sequence[object]):
    """The items of a JSON array, each decoded when it is asked for."""

    def __init__(self, items: Sequence[msgspec.Raw]) -> None:
        self._items = items

    @overload
    def __getitem__(self, position: int) -> object: ...
    @overload
    def __getitem__(self, position: slice) -> Sequence[object]: ...
    def __getitem__(self, position: int | slice) -> object:
        if isinstance(position, slice):
            return Pieces(self._items[position])
        return orjson.loads(memoryview(self._items[position]))

    def __len__(self) -> int:
        return len(self._items)

    def __iter__(self) -> Iterator[object]:
        return (orjson.loads(memoryview(item)) for item in self._items)


_NULL = msgspec.Raw(b"null")


class _Log(msgspec.Struct):
    entries: list[msgspec.Raw]
    creator: msgspec.Raw = _NULL
    pages: msgspec.Raw = _NULL


class _Har(msgspec.Struct):
    log: _Log


_DECODER = msgspec.json.Decoder(_Har)


def log_in_pieces(data: bytes) -> dict[str, object] | None:
    """The `log` of a HAR with what is read of it; None for what is no strict JSON or has no list of entries.

    The entries, and what they hold, may turn out not to be strict JSON (orjson.JSONDecodeError) when they are asked for.
    """
    try:
        log = _DECODER.decode(data).log
        named = {name: orjson.loads(memoryview(value)) for name, value in (("creator", log.creator), ("pages", log.pages))}
    except (msgspec.MsgspecError, orjson.JSONDecodeError, UnicodeDecodeError, RecursionError):
        return None
    return {**named, "entries": Pieces(log.entries)}
