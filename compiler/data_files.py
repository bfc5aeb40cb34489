"""Files beside the intent: where they may lie, and the columns of data files."""

from __future__ import annotations

import csv
from io import StringIO
from pathlib import Path, PurePosixPath

from loadwright.compiler.codes import Code
from loadwright.compiler.plan.jsonpath import load_json


class BadDataError(Exception):
    """Raised for a file that cannot be used; carries the code and the hint of its diagnostic."""

    def __init__(self, code: Code, message: str, hint: str) -> None:
        self.code = code
        self.hint = hint
        super().__init__(message)


def path_problem(path: str) -> str | None:
    """Why a path is no plain relative path inside the folder of the intent, or None."""
    pure = PurePosixPath(path)
    if not path or any(ord(c) < 32 for c in path):
        return "the path is empty or holds a control character"
    if pure.is_absolute() or "\\" in path or ":" in path.partition("/")[0]:
        return f"`{path}` is not relative to the intent file"
    if ".." in pure.parts:
        return f"`{path}` leads out of the intent's folder"
    return None


def find_file(folder: Path, path: str) -> Path:
    """The file at a path inside a folder, symbolic links followed. Raises BadDataError."""
    hint = "put the file beside the intent and name it by its relative path, with `/`"
    problem = path_problem(path)
    if problem:
        raise BadDataError(Code.BAD_FILE, problem, hint)
    try:
        found = (folder / path).resolve()
        if not found.is_relative_to(folder.resolve()):
            raise BadDataError(Code.BAD_FILE, f"`{path}` leads out of the intent's folder", hint)
        if found.is_file():
            return found
    except OSError as error:
        raise BadDataError(Code.BAD_FILE, f"`{path}` cannot be opened: {error.strerror}", hint) from None
    raise BadDataError(Code.BAD_FILE, f"there is no file `{path}`", hint)


def read_columns(folder: Path, path: str, kind: str = "csv") -> tuple[str, ...]:
    """The columns of a data file that has at least one row. Raises BadDataError."""
    file = find_file(folder, path)
    return _json_columns(file, path) if kind == "json" else _csv_columns(file, path)


def count_rows(folder: Path, path: str, kind: str = "csv") -> int:
    """How many rows a data file has. Raises BadDataError for one that has no columns."""
    read_columns(folder, path, kind)
    text = find_file(folder, path).read_text("utf-8-sig")
    if kind == "json":
        return len(load_json(text))
    return sum(1 for row in csv.reader(StringIO(text, newline="")) if row) - 1


def _json_columns(file: Path, path: str) -> tuple[str, ...]:
    hint = "write an array of objects, all with the same members"
    try:
        rows = load_json(file.read_text("utf-8-sig"))
    except (OSError, ValueError, RecursionError) as error:
        raise BadDataError(Code.BAD_DATA, f"`{path}` cannot be read as JSON in UTF-8: {error}", hint) from None
    if not isinstance(rows, list) or not rows or not all(isinstance(row, dict) and row for row in rows):
        raise BadDataError(Code.BAD_DATA, f"`{path}` is no array of objects with members", hint)
    columns = tuple(rows[0])
    for number, row in enumerate(rows, 1):
        if set(row) != set(columns):
            raise BadDataError(Code.BAD_DATA, f"row {number} of `{path}` has other members than the first", hint)
    return columns


def _csv_columns(file: Path, path: str) -> tuple[str, ...]:
    hint = "the first line names the columns, each once; then at least one row"
    try:
        with file.open(encoding="utf-8-sig", newline="") as handle:
            rows = csv.reader(handle)
            columns = tuple(next(rows, ()))
            has_row = any(row for row in rows)
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise BadDataError(Code.BAD_DATA, f"`{path}` cannot be read as CSV in UTF-8: {error}", hint) from None
    if not columns or "" in columns:
        raise BadDataError(Code.BAD_DATA, f"a column of `{path}` has no name", hint)
    if len(set(columns)) < len(columns):
        raise BadDataError(Code.BAD_DATA, f"`{path}` names a column twice", hint)
    if not has_row:
        raise BadDataError(Code.BAD_DATA, f"`{path}` has no row", hint)
    return columns
