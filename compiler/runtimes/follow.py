"""Reads samples from a runtime's raw file while the runtime still writes it."""

from __future__ import annotations

import os
import tempfile
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import BinaryIO

from loadwright.compiler.results.model import Sample

Reader = Callable[[Path], Iterator[Sample]]
_POLL_SECONDS = 0.1
_CHUNK = 1 << 16


class Follower(threading.Thread):
    """Hands every sample to `take` as it is written, until `finish` is called and the file is read to its end.

    The reader opens a named pipe that whole lines of the growing file are copied into, so it reads once, from start to
    end, and needs to know nothing of following. Where there are no named pipes the file is read when it is complete.
    """

    def __init__(self, raw: Path, read: Reader, take: Callable[[Sample], None]) -> None:
        super().__init__(daemon=True)
        self.error: Exception | None = None
        self._raw, self._read, self._take = raw, read, take
        self._ended = threading.Event()

    def finish(self) -> None:
        """Say that the file is complete, and wait until it is read."""
        self._ended.set()
        self.join()

    def run(self) -> None:
        """Read until the end; an exception of the reader is kept in `error`."""
        try:
            if hasattr(os, "mkfifo"):
                self._follow()
            else:
                self._ended.wait()
                self._read_all(self._raw)
        except Exception as error:  # a reader's trouble with a torn file must reach the thread that reports
            self.error = error

    def _read_all(self, path: Path) -> None:
        if self._raw.exists():
            for sample in self._read(path):
                self._take(sample)

    def _follow(self) -> None:
        while not self._raw.exists():
            if self._ended.wait(_POLL_SECONDS) and not self._raw.exists():
                return
        with tempfile.TemporaryDirectory(prefix="loadwright-") as folder:
            pipe = Path(folder) / self._raw.name
            os.mkfifo(pipe)
            copier = threading.Thread(target=self._copy, args=(pipe,), daemon=True)
            copier.start()
            try:
                self._read_all(pipe)
            finally:
                _unblock(pipe)
                copier.join()

    def _copy(self, pipe: Path) -> None:
        with self._raw.open("rb") as source, pipe.open("wb", buffering=0) as sink:
            try:
                for lines in self._lines(source):
                    sink.write(lines)
            except BrokenPipeError:
                return  # the reader has given up; its exception tells why

    def _lines(self, source: BinaryIO) -> Iterator[bytes]:
        """Blocks of whole lines; a line without an end is dropped, for its writer was stopped in the middle of it."""
        kept = b""
        while True:
            ended = self._ended.is_set()
            while chunk := source.read(_CHUNK):
                whole, newline, rest = (kept + chunk).rpartition(b"\n")
                kept = rest
                if newline:
                    yield whole + newline
            if ended:
                return
            self._ended.wait(_POLL_SECONDS)


def _unblock(pipe: Path) -> None:
    """Let a writer that still waits for its reader go on."""
    try:
        os.close(os.open(pipe, os.O_RDONLY | os.O_NONBLOCK))
    except OSError:
        return
