"""Bodies that a recorder kept as they were packed on the wire (RFC 9110, section 8.4.1; RFC 7932, RFC 8878)."""

from __future__ import annotations

import importlib
import sys
import zlib
from collections.abc import Callable

from loadwright.compiler.recording.fields import EntryNotes

_LIMIT = 64 * 1024 * 1024
_LIMIT_OF_A_FILE = 512 * 1024 * 1024
_PIECE = 1024 * 1024
_MAGIC = {"gzip": b"\x1f\x8b", "x-gzip": b"\x1f\x8b", "deflate": b"\x78", "zstd": b"\x28\xb5\x2f\xfd"}
_CODE, _RECORD = "har-body-packed", "`loadwright record` writes bodies unpacked"


def unpack(data: bytes, coding: str, is_text: bool, notes: EntryNotes) -> bytes:
    """The body unpacked where it is still packed; the same, with a note, when that cannot be done.

    No body becomes larger than 64 MiB, and all of a file not larger than 512 MiB: a small file must not fill the memory.
    Brotli shows by nothing but being no text, so it is looked for only where the media type speaks of text (`is_text`).
    """
    coding = coding.strip().lower()
    packed = (is_text and not _is_utf8(data)) if coding == "br" else data.startswith(_MAGIC.get(coding, b"\x00none"))
    if not packed or not data:
        return data
    room = min(_LIMIT, max(0, _LIMIT_OF_A_FILE - notes.notes.unpacked))
    try:
        unpacked = _UNPACKERS[coding](data, room + 1)
    except Exception:  # each library has its own errors
        notes.warn(_CODE, f"a body is packed with {coding} and cannot be unpacked", _RECORD)
        return data
    notes.notes.unpacked += min(len(unpacked), room)
    if len(unpacked) > room:
        said = "is larger than 64 MiB when unpacked" if room == _LIMIT else "and those before are larger than 512 MiB when unpacked"
        notes.warn(_CODE, f"a body {said}; the rest was left out")
    return unpacked[:room]


def _zlib(data: bytes, most: int) -> bytes:
    return zlib.decompressobj(wbits=47).decompress(data, most)


def _brotli(data: bytes, most: int) -> bytes:
    unpacker = importlib.import_module("brotli").Decompressor()
    made = bytearray(unpacker.process(data, output_buffer_limit=_PIECE))
    while len(made) < most and not unpacker.can_accept_more_data() and not unpacker.is_finished():
        made += unpacker.process(b"", output_buffer_limit=_PIECE)
    return bytes(made)


def _zstd(data: bytes, most: int) -> bytes:
    library = importlib.import_module("compression.zstd" if sys.version_info >= (3, 14) else "backports.zstd")
    made: bytes = library.ZstdDecompressor().decompress(data, most)
    return made


_UNPACKERS: dict[str, Callable[[bytes, int], bytes]] = {
    "gzip": _zlib,
    "x-gzip": _zlib,
    "deflate": _zlib,
    "br": _brotli,
    "zstd": _zstd,
}
"""Each unpacks a body, up to a number of bytes; a little more may come."""


def _is_utf8(data: bytes) -> bool:
    try:
        data.decode()
    except UnicodeDecodeError:
        return False
    return True
