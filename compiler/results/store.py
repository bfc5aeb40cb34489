"""The files of a results folder."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import TextIO

from loadwright.compiler.results.model import Sample
from loadwright.compiler.results.summary import Summary

SAMPLES_NAME = "samples.jsonl"
SUMMARY_NAME = "summary.json"


class SampleFile:
    """Writes `samples.jsonl`, one Sample a line; a context manager. Values of secrets are blanked out of messages."""

    def __init__(self, folder: Path, secrets: Mapping[str, str]) -> None:
        self._file: TextIO = (folder / SAMPLES_NAME).open("w", encoding="utf-8", newline="\n")
        self._secrets = sorted((value for value in secrets.values() if value), key=len, reverse=True)

    def write(self, sample: Sample) -> Sample:
        """Append a sample; what was written is given back."""
        if sample.message:
            sample = sample.model_copy(update={"message": self.blank(sample.message)})
        self._file.write(sample.model_dump_json(exclude_defaults=True) + "\n")
        return sample

    def blank(self, text: str) -> str:
        """The text with the secrets' values replaced by `…`."""
        for value in self._secrets:
            text = text.replace(value, "…")
        return text

    def __enter__(self) -> SampleFile:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._file.close()


def write_summary(folder: Path, summary: Summary) -> Path:
    """Write `summary.json`, indented, and give its path back."""
    path = folder / SUMMARY_NAME
    path.write_text(summary.model_dump_json(indent=2) + "\n", encoding="utf-8")
    return path


def clear(folder: Path, names: tuple[str, ...]) -> None:
    """Make the folder, without what an earlier run left under these names or as samples and summary."""
    folder.mkdir(parents=True, exist_ok=True)
    for name in (*names, SAMPLES_NAME, SUMMARY_NAME):
        (folder / name).unlink(missing_ok=True)
