"""Writes what a command makes: all files, or none."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterable
from contextlib import ExitStack
from itertools import count
from pathlib import Path, PurePosixPath

from msgspec import Struct

from loadwright.compiler.cli.load import problem


class Output(Struct, frozen=True):
    """A file to write, relative to the output folder or absolute: text, or the copy of a file."""

    path: PurePosixPath
    content: str | bytes | Path


def require_places(outputs: Iterable[Path | None], read: Iterable[Path] = ()) -> None:
    """Raise LoadwrightError where a file cannot be written, or would take the place of one that is read or of another output."""
    taken = {os.path.realpath(path): f"would overwrite `{path}`, which is read" for path in read}
    for output in outputs:
        if output is None:
            continue
        place = os.path.realpath(output)
        fault = taken.get(place) or _fault(output)
        if fault:
            raise problem("bad-output", f"`{output}` {fault}", "name another file to write", place=str(output))
        taken[place] = "is named for two outputs"


def _fault(output: Path) -> str:
    if output.is_dir():
        return "is a folder"
    if str(output) == "-" or (output.exists() and not output.is_file()):  # renamed to, a device would be gone
        return "is no file"
    above = next(folder for folder in output.absolute().parents if folder.exists())
    if not above.is_dir():
        return f"cannot be made: `{above}` is no folder"
    return "" if os.access(above, os.W_OK) else f"cannot be made: `{above}` may not be written to"


def write(outputs: Iterable[Output], folder: Path) -> None:
    """Write all files under the folder, or none: each is made beside its place first, and then renamed."""
    with ExitStack() as undo:
        staged: list[tuple[str, Path]] = []
        for item in outputs:
            place = folder / item.path
            place.parent.mkdir(parents=True, exist_ok=True)
            staged.append((_stage(item, place, undo), place))
        for temporary, place in staged:
            os.replace(temporary, place)


def kept_aside(output: Path, text: str) -> Path | None:
    """Where a file that is there already goes if it holds something else: what was written by hand is lost by no import.

    It is copied, under the first number that is free, as `cp --backup=numbered` does.
    """
    content = text.encode()
    if not output.exists() or output.read_bytes() == content:
        return None
    places = (output.with_name(f"{output.name}.~{number}~") for number in count(1))
    place = next(place for place in places if not place.exists())
    write([Output(PurePosixPath(place.name), output.read_bytes())], output.parent)
    return place


def _stage(item: Output, place: Path, undo: ExitStack) -> str:
    handle, name = tempfile.mkstemp(prefix=f".{place.name}-", dir=place.parent)
    undo.callback(Path(name).unlink, missing_ok=True)
    with os.fdopen(handle, "wb") as file:
        if isinstance(item.content, str):
            file.write(item.content.encode())
        elif isinstance(item.content, bytes):
            file.write(item.content)
        else:
            with item.content.open("rb") as source:
                shutil.copyfileobj(source, file)
    os.chmod(name, 0o644)
    return name
