"""From a file to decoded JSON, with errors that say where the file is broken."""

from __future__ import annotations

import codecs
import json
from pathlib import Path

import orjson

from loadwright.compiler.diagnostics import Diagnostic, LoadwrightError
from loadwright.compiler.recording.fields import Notes

_PACKED = {b"\x1f\x8b": "gzip", b"PK\x03\x04": "zip", b"\xfd7zXZ": "xz", b"BZh": "bzip2", b"\x28\xb5\x2f\xfd": "zstd"}
_BOMS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))


def read_json(path: Path, notes: Notes) -> object:
    """The decoded JSON of a file; faults that can be read over become notes.

    A byte order mark (UTF-8, UTF-16), invalid UTF-8, lone surrogates, `NaN` and raw control characters are read over.
    Raises LoadwrightError when the file cannot be read, is packed, or is no JSON.
    """
    return _decode(_read(path), path, notes)


def _read(path: Path) -> bytes:
    """The bytes of a file of JSON as UTF-8, without a mark."""
    try:
        data = path.read_bytes()
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise _refusal("har-unreadable", f"cannot read the recording: {reason}", "check the path", path.name) from error
    for magic, name in _PACKED.items():
        if data.startswith(magic):
            raise _refusal("har-packed", f"the file is packed with {name}", "unpack it, then import the .har file", path.name)
    return _unmark(data)


def _unmark(data: bytes) -> bytes:
    for mark, encoding in _BOMS:
        if data.startswith(mark):
            body = data[len(mark) :]
            return body if encoding == "utf-8" else body.decode(encoding, "replace").encode()
    return data


def _decode(data: bytes, path: Path, notes: Notes) -> object:
    if not data.strip():
        raise _refusal("har-empty-file", "the file is empty", "export the recording again", path.name)
    try:
        return orjson.loads(data)
    except orjson.JSONDecodeError as error:
        return _decode_leniently(data, error, path, notes)


def _decode_leniently(data: bytes, first: orjson.JSONDecodeError, path: Path, notes: Notes) -> object:
    try:
        value: object = json.loads(data.decode("utf-8", "replace"), strict=False)
    except RecursionError as error:
        raise _refusal("har-too-deep", "the JSON is nested too deeply", "export the recording again", path.name) from error
    except ValueError as error:
        raise _no_json(error if isinstance(error, json.JSONDecodeError) else first, path) from error
    problem = first.msg.partition(":")[0]
    notes.warn("har-loose-json", f"the file is not strict JSON ({problem}); the faulty characters were replaced")
    return _scrub(value)


def _no_json(error: json.JSONDecodeError, path: Path) -> LoadwrightError:
    cut_off = error.pos >= len(error.doc.rstrip())
    hint = "the file is cut off: export the recording again" if cut_off else "a HAR is JSON: export the recording again"
    message = f"the file is no JSON: {error.msg[:1].lower()}{error.msg[1:]}"
    return _refusal("har-no-json", message, hint, f"{path.name}:{error.lineno}:{error.colno}")


def _scrub(value: object) -> object:
    """The value with lone surrogates replaced, so that every text in it can be encoded."""
    if isinstance(value, str):
        return value if value.isascii() else value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    if isinstance(value, dict):
        return {_scrub(key): _scrub(item) for key, item in value.items()}
    return [_scrub(item) for item in value] if isinstance(value, list) else value


def _refusal(code: str, message: str, hint: str, place: str) -> LoadwrightError:
    return LoadwrightError(Diagnostic(code, message, hint, place=place))
