"""An intent as it was read, text or document: what linking needs to know of it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Protocol

from msgspec import Struct

from loadwright.compiler import nodes
from loadwright.compiler.lower import Lowered, lower
from loadwright.compiler.parser import parse
from loadwright.compiler.source import Span

DOCUMENT_SUFFIXES = (".yaml", ".yml", ".json")
"""What the names of documents end in; every other file is text."""

_STAY = {"defaults": nodes.Defaults, "loads": nodes.Load, "goals": nodes.Goals}


class Source(Protocol):
    """An intent that can be linked with others."""

    def imports(self) -> Iterator[tuple[str, Span]]:
        """The paths that it imports, and where it says so."""

    def first_target(self) -> str | None:
        """The name of its first target."""

    def stays(self) -> Iterator[tuple[str, Span]]:
        """What is not taken in when it is imported: defaults, loads, goals."""

    def lower(self, folder: Path | None, default_target: str | None, home: str) -> Lowered:
        """Its Plan; the arguments are those of `lower.lower`. Raises LoadwrightError for a document that is wrong."""


def read_source(text: str, path: str) -> Source:
    """An intent from its text; the end of `path` tells what it is. Raises LoadwrightError when it cannot be read."""
    if not is_document(path):
        return TextSource(parse(text, path))
    from loadwright.compiler.documents.source import DocumentSource, read_tree  # texts do not wait for what reads YAML

    return DocumentSource(read_tree(text, path))


def is_document(path: str) -> bool:
    """Whether a file of that name holds YAML or JSON."""
    return path.lower().endswith(DOCUMENT_SUFFIXES)


class TextSource(Struct, frozen=True):
    """A text in the language."""

    intent: nodes.Intent

    def imports(self) -> Iterator[tuple[str, Span]]:
        """See Source."""
        return ((d.path.value, d.path.span) for d in self.intent.declarations if isinstance(d, nodes.Import))

    def first_target(self) -> str | None:
        """See Source."""
        return next((d.name.value for d in self.intent.declarations if isinstance(d, nodes.Target)), None)

    def stays(self) -> Iterator[tuple[str, Span]]:
        """See Source."""
        for declaration in self.intent.declarations:
            yield from ((name, declaration.span) for name, kind in _STAY.items() if isinstance(declaration, kind))

    def lower(self, folder: Path | None, default_target: str | None, home: str) -> Lowered:
        """See Source."""
        return lower(self.intent, folder, default_target, home)
