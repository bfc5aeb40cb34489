"""Reads the files that sources are in."""

from __future__ import annotations

from pathlib import Path

from loadwright.compiler.diagnostics import Diagnostic, LoadwrightError

LARGEST = 64 * 1024 * 1024
"""Bytes of a file that is written by hand or by a tool, not recorded."""


def read_bytes(path: Path, count: int = -1) -> bytes:
    """The bytes of a file, or the first of them. Raises LoadwrightError."""
    try:
        with path.open("rb") as file:
            return file.read(count)
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise LoadwrightError(
            Diagnostic("source-unreadable", f"the file cannot be read: {reason}", "check the path", place=path.name)
        ) from None


def read_text(path: Path) -> str:
    """The text of a file in UTF-8 or, with a byte order mark, UTF-16. Raises LoadwrightError."""
    data = read_bytes(path, LARGEST + 1)
    if len(data) > LARGEST:
        message = f"the file has more than {LARGEST // (1024 * 1024)} MiB"
        raise LoadwrightError(Diagnostic("source-unreadable", message, "is it the right file?", place=path.name))
    coding = "utf-16" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig"
    try:
        return data.decode(coding)
    except UnicodeDecodeError as error:
        message = f"the file is no text in UTF-8 (byte {error.start + 1})"
        raise LoadwrightError(Diagnostic("source-unreadable", message, "save it as UTF-8", place=path.name)) from None
