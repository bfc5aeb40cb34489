"""A YAML or JSON document as an intent that can be linked with others."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from loadwright.compiler.documents import tree
from loadwright.compiler.documents.json_tree import read_json
from loadwright.compiler.documents.read import first_target, read_plan
from loadwright.compiler.lower import Lowered
from loadwright.compiler.source import Span

_STAY = ("defaults", "loads", "goals")


def read_tree(text: str, path: str) -> tree.Entry:
    """A document's tree. Raises LoadwrightError when it is no YAML, or for a path in `.json`, no JSON."""
    return read_json(text, path) if path.lower().endswith(".json") else tree.read_yaml(text, path)


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
