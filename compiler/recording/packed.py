"""Bodies that a recorder kept as they were packed on the wire (RFC 9110, section 8.4.1; RFC 7932, RFC 8878)."""

from __future__ import annotations

import importlib
import zlib
from collections.abc import Callable

from loadwright.compiler.recording.fields import EntryNotes

_LIMIT = 64 * 1024 * 1024
_PIECE = 64 * 1024
_MAGIC = {"gzip": b"\x1f\x8b", "x-gzip": b"\x1f\x8b", "deflate": b"\x78", "zstd": b"\x28\xb5\x2f\xfd"}
_CODE, _RECORD = "har-body-packed", "`loadwright record` writes bodies unpacked"


class _TooLargeError(Exception):
    """Carries what had been unpacked when the limit was reached."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        super().__init__("too large")


def unpack(data: bytes, coding: str, is_text: bool, notes: EntryNotes) -> bytes:
    """The body unpacked, up to 64 MiB, where it is still packed; the same, with a note, when that cannot be done.

    Brotli shows by nothing but being no text, so it is looked for only where the media type speaks of text (`is_text`).
    """
    coding = coding.strip().lower()
    packed = (is_text and not _is_utf8(data)) if coding == "br" else data.startswith(_MAGIC.get(coding, b"\x00none"))
    if not packed or not data:
        return data
    try:
        return _UNPACKERS[coding](data)
    except _TooLargeError as error:
        notes.warn(_CODE, "the response's body is larger than 64 MiB when unpacked; the rest was left out")
        return error.data
    except ImportError:
        notes.warn(_CODE, f"the response's body is packed with {coding}, which needs a package that is not installed", _RECORD)
    except Exception:  # each library has its own errors
        notes.warn(_CODE, f"the response's body is packed with {coding} and cannot be unpacked", _RECORD)
    return data


def _zlib(data: bytes) -> bytes:
    unpacker = zlib.decompressobj(wbits=47)
    unpacked = unpacker.decompress(data, _LIMIT)
    if unpacker.unconsumed_tail:
        raise _TooLargeError(unpacked)
    return unpacked


def _brotli(data: bytes) -> bytes:
    unpacker = importlib.import_module("brotli").Decompressor()
    return _in_pieces(data, unpacker.process)


def _zstd(data: bytes) -> bytes:
    try:
        unpacker = importlib.import_module("compression.zstd").ZstdDecompressor()  # Python 3.14
    except ImportError:
        unpacker = importlib.import_module("zstandard").ZstdDecompressor().decompressobj()
    return _in_pieces(data, unpacker.decompress)


def _in_pieces(data: bytes, unpack_piece: Callable[[bytes], bytes]) -> bytes:
    """Piece by piece, so that a small body cannot become a huge one unseen."""
    made = bytearray()
    for position in range(0, len(data), _PIECE):
        made += unpack_piece(data[position : position + _PIECE])
        if len(made) > _LIMIT:
            raise _TooLargeError(bytes(made[:_LIMIT]))
    return bytes(made)


_UNPACKERS: dict[str, Callable[[bytes], bytes]] = {
    "gzip": _zlib,
    "x-gzip": _zlib,
    "deflate": _zlib,
    "br": _brotli,
    "zstd": _zstd,
}


def _is_utf8(data: bytes) -> bool:
    try:
        data.decode()
    except UnicodeDecodeError:
        return False
    return True
