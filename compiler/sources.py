"""An intent as it was read, text or document: what linking needs to know of it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from loadwright.compiler import nodes
from loadwright.compiler.documents import tree
from loadwright.compiler.documents.json_tree import read_json
from loadwright.compiler.documents.read import first_target, read_plan
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
    return DocumentSource(read_tree(text, path)) if is_document(path) else TextSource(parse(text, path))


def read_tree(text: str, path: str) -> tree.Entry:
    """A document's tree. Raises LoadwrightError when it is no YAML, or for a path in `.json`, no JSON."""
    return read_json(text, path) if path.lower().endswith(".json") else tree.read_yaml(text, path)


def is_document(path: str) -> bool:
    """Whether a file of that name holds YAML or JSON."""
    return path.lower().endswith(DOCUMENT_SUFFIXES)


@dataclass(frozen=True)
class TextSource:
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


@dataclass(frozen=True)
class DocumentSource:
    """A YAML or JSON document."""

    root: tree.Entry

    def imports(self) -> Iterator[tuple[str, Span]]:
        """See Source."""
        found = _named(self.root).get("imports")
        items = found.items if isinstance(found, tree.Sequence) else ()
        paths = (_named(item).get("import", item) for item in items)
        return ((path.text, path.span) for path in paths if isinstance(path, tree.Scalar))

    def first_target(self) -> str | None:
        """See Source."""
        return first_target(self.root)

    def stays(self) -> Iterator[tuple[str, Span]]:
        """See Source."""
        return ((name, entry.span) for name, entry in _named(self.root).items() if name in _STAY)

    def lower(self, folder: Path | None, default_target: str | None, home: str) -> Lowered:
        """See Source."""
        read = read_plan(self.root, folder, default_target, home)
        return Lowered(read.plan, read.places, {}, [])


def _named(entry: tree.Entry) -> dict[str, tree.Entry]:
    return {key.text: value for key, value in entry.items} if isinstance(entry, tree.Mapping) else {}
