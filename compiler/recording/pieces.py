"""A HAR entry by entry: no more than one is decoded at a time, and what was decoded leaves the memory."""

from __future__ import annotations

import codecs
import mmap
import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import overload

import msgspec
import orjson

_STRETCH = 1 << 20
"""Bytes of memory that are given back at a time."""


class Pieces(Sequence[object]):
    """The items of a JSON array, each decoded when it is asked for."""

    def __init__(self, items: Sequence[msgspec.Raw], memory: mmap.mmap) -> None:
        self._items, self._memory = items, memory

    @overload
    def __getitem__(self, position: int) -> object: ...
    @overload
    def __getitem__(self, position: slice) -> Sequence[object]: ...
    def __getitem__(self, position: int | slice) -> object:
        if isinstance(position, slice):
            return Pieces(self._items[position], self._memory)
        return orjson.loads(memoryview(self._items[position]))

    def __len__(self) -> int:
        return len(self._items)

    def __iter__(self) -> Iterator[object]:
        return (orjson.loads(memoryview(item)) for item in self._items)

    def used_up(self) -> Iterator[object]:
        """The items, for the last time: where the system can do that, the memory before each of them is given back."""
        done = given_back = 0
        for item in self._items:
            yield orjson.loads(memoryview(item))
            done += len(memoryview(item))  # the item ends there, or further on
            if done - given_back >= _STRETCH and hasattr(mmap, "MADV_DONTNEED"):
                end = done // mmap.PAGESIZE * mmap.PAGESIZE
                self._memory.madvise(mmap.MADV_DONTNEED, given_back, end - given_back)
                given_back = end


_NULL = msgspec.Raw(b"null")


class _Log(msgspec.Struct):
    entries: list[msgspec.Raw]
    creator: msgspec.Raw = _NULL
    pages: msgspec.Raw = _NULL


class _Har(msgspec.Struct):
    log: _Log


_DECODER = msgspec.json.Decoder(_Har)


def log_in_pieces(path: Path) -> dict[str, object] | None:
    """The `log` of a HAR file with what is read of it; None for what cannot be read, is no strict JSON or has no list of entries.

    The entries, and what they hold, may turn out not to be strict JSON (orjson.JSONDecodeError) when they are asked for.
    """
    try:
        memory = _in_memory(path)
        start = len(codecs.BOM_UTF8) if memory[: len(codecs.BOM_UTF8)] == codecs.BOM_UTF8 else 0
        log = _DECODER.decode(memoryview(memory)[start:]).log
        named = {name: orjson.loads(memoryview(value)) for name, value in (("creator", log.creator), ("pages", log.pages))}
    except (OSError, ValueError, msgspec.MsgspecError, RecursionError):
        return None
    return {**named, "entries": Pieces(log.entries, memory)}


def _in_memory(path: Path) -> mmap.mmap:
    """A file's bytes in memory of its own. Raises ValueError for a file that is empty or is still being written."""
    with path.open("rb") as file:
        size = os.fstat(file.fileno()).st_size
        memory = mmap.mmap(-1, size)
        if file.readinto(memory) != size:
            raise ValueError
    return memory
