"""`loadwright convert`: an intent as text, YAML or JSON, in any direction."""

from __future__ import annotations

import sys
from pathlib import Path, PurePosixPath

from loadwright.compiler.cli.guard import FINE
from loadwright.compiler.cli.outputs import Output, require_places, write
from loadwright.compiler.diagnostics import LoadwrightError, errors
from loadwright.compiler.documents.comments import comments
from loadwright.compiler.documents.json_text import as_json
from loadwright.compiler.documents.read import read_plan
from loadwright.compiler.documents.source import read_tree
from loadwright.compiler.documents.tree import as_yaml
from loadwright.compiler.documents.write import document
from loadwright.compiler.format import notes
from loadwright.compiler.intent import read_text
from loadwright.compiler.lower import lower
from loadwright.compiler.parser import parse
from loadwright.compiler.plan.model import Plan
from loadwright.compiler.printer import Notes, print_intent
from loadwright.compiler.sources import is_document


def convert(path: Path, to: str, output: Path | None) -> int:
    """Write the intent in another form, to a file or to standard output; nothing is lost, comments neither.

    Raises LoadwrightError when it cannot be read.
    """
    require_places([output])
    text = converted(read_text(path), str(path), to)
    if output is None:
        sys.stdout.write(text)
    else:
        write([Output(PurePosixPath(output.name), text)], output.parent)
        print(f"wrote {output}")
    return FINE


def converted(text: str, path: str, to: str) -> str:
    """An intent in the form `to` (`intent`, `yaml` or `json`). Raises LoadwrightError."""
    plan, found = _read(text, path)
    if to == "intent":
        return print_intent(plan, found)
    made = document(plan, found)
    return as_json(made) if to == "json" else as_yaml(made)


def _read(text: str, path: str) -> tuple[Plan, Notes]:
    if is_document(path):
        return _document(text, path)
    tree = parse(text, path)
    lowered = lower(tree)
    if errors(lowered.diagnostics):
        raise LoadwrightError(*lowered.diagnostics)
    return lowered.plan, notes(tree, lowered)


def _document(text: str, path: str) -> tuple[Plan, Notes]:
    root = read_tree(text, path)
    found = read_plan(root)
    before, inside = dict(found.notes.before), dict(found.notes.inside)
    own = comments(text, root, found.nodes) if not path.lower().endswith(".json") else ()
    for key, comment in own:
        notes_there = inside if key is None else before
        place = id(found.plan) if key is None else key
        notes_there[place] = "\n".join((*filter(None, (notes_there.get(place),)), comment))
    return found.plan, Notes(before, found.notes.after, inside)
