"""An intent with its imports: several texts as one Plan."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from loadwright.compiler import nodes
from loadwright.compiler.codes import Code
from loadwright.compiler.data_files import BadDataError, find_file
from loadwright.compiler.diagnostics import Diagnostic, LoadwrightError
from loadwright.compiler.lower import Lowered, lower
from loadwright.compiler.parser import parse
from loadwright.compiler.plan.model import Plan
from loadwright.compiler.source import Span

Read = Callable[[Path], str]
_STAY = (nodes.Defaults, nodes.Load, nodes.Goals)
_TAKEN = ("targets", "secrets", "data", "variables", "fragments", "journeys")


def link(intent: nodes.Intent, folder: Path, read: Read) -> Lowered:
    """The Plan of a tree whose imports have been taken in, from `folder` and below; each file once, before what imports it.

    Of an imported file the targets, secrets, data, variables, fragments and journeys are taken; its paths are relative to it.
    Its targets stand behind the importing file's, so that the default target stays. `read` gives the text of a file, and raises
    LoadwrightError.
    """
    linker = _Linker(folder, read)
    default_target = linker.first_target(intent, PurePosixPath())
    own = lower(intent, folder, default_target)
    linker.take_in(intent, PurePosixPath(), default_target)
    plan = own.plan.model_copy(update={"imports": (), **{name: linker.merged(own.plan, name) for name in _TAKEN}})
    places = {**linker.places, **own.places}
    return Lowered(plan, places, own.made, [*linker.diagnostics, *own.diagnostics])


@dataclass
class _Linker:
    folder: Path
    read: Read
    parts: dict[PurePosixPath, Plan] = field(default_factory=dict)
    """The Plans of imported files, in the order in which they are taken in."""
    places: dict[int, Span] = field(default_factory=dict)
    diagnostics: list[Diagnostic] = field(default_factory=list)
    trees: dict[PurePosixPath, nodes.Intent | None] = field(default_factory=dict)
    open: list[PurePosixPath] = field(default_factory=list)

    def merged(self, plan: Plan, name: str) -> tuple[object, ...]:
        """All declarations of a kind: the imported ones first, but for targets."""
        own = getattr(plan, name)
        imported = tuple(item for part in self.parts.values() for item in getattr(part, name))
        return (*own, *imported) if name == "targets" else (*imported, *own)

    def first_target(self, intent: nodes.Intent, home: PurePosixPath, seen: tuple[PurePosixPath, ...] = ()) -> str | None:
        """The first target of a text, or of its imports."""
        own = next((d.name.value for d in intent.declarations if isinstance(d, nodes.Target)), None)
        if own is not None:
            return own
        for path, _ in self._imports(intent, home):
            tree = self.trees.get(path)
            found = self.first_target(tree, path.parent, (*seen, path)) if tree and path not in seen else None
            if found is not None:
                return found
        return None

    def take_in(self, intent: nodes.Intent, home: PurePosixPath, default_target: str | None) -> None:
        """Lower every import of a text, those of the imports first."""
        for path, place in self._imports(intent, home):
            if path in self.open:
                message, hint = f"`{path}` imports itself, by way of others", "take the shared part into a file of its own"
                self.diagnostics.append(Diagnostic(Code.IMPORT_CYCLE, message, hint, place))
            elif path not in self.parts and (tree := self.trees.get(path)):
                self._lower(tree, path, default_target)

    def _lower(self, tree: nodes.Intent, path: PurePosixPath, default_target: str | None) -> None:
        self.open.append(path)
        target = self.first_target(tree, path.parent, (path,)) or default_target
        self.take_in(tree, path.parent, target)
        prefix = "" if path.parent == PurePosixPath() else f"{path.parent}/"
        lowered = lower(tree, self.folder, target, prefix)
        self.diagnostics += [d for d in lowered.diagnostics if d.code != Code.NO_TITLE]
        self.places.update(lowered.places)
        self.parts[path] = lowered.plan
        self._say_what_stays(tree)
        self.open.pop()

    def _say_what_stays(self, tree: nodes.Intent) -> None:
        for declaration in tree.declarations:
            if isinstance(declaration, _STAY):
                what = type(declaration).__name__.lower()
                message, hint = f"an import takes no `{what}`", "move it into the intent that is run"
                self.diagnostics.append(Diagnostic(Code.NOT_IMPORTED, message, hint, declaration.span))

    def _imports(self, intent: nodes.Intent, home: PurePosixPath) -> list[tuple[PurePosixPath, Span]]:
        """The files that a text imports, by their path from the folder, with where it says so; each is parsed when first seen."""
        found = []
        for declaration in intent.declarations:
            if isinstance(declaration, nodes.Import):
                path = home / declaration.path.value
                if path not in self.trees:
                    self.trees[path] = self._parsed(path, declaration.path)
                found.append((path, declaration.path.span))
        return found

    def _parsed(self, path: PurePosixPath, place: nodes.Text) -> nodes.Intent | None:
        try:
            file = find_file(self.folder, str(path))
            return parse(self.read(file), shown(self.folder / path))
        except BadDataError as error:
            self.diagnostics.append(Diagnostic(error.code, str(error), error.hint, place.span))
        except LoadwrightError as error:
            self.diagnostics += error.diagnostics
        return None


def shown(path: Path) -> str:
    """A path as spans call it."""
    return path.as_posix()
