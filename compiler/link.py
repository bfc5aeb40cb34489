"""An intent with its imports: several files as one Plan."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path, PurePosixPath

from msgspec import Struct, field

from loadwright.compiler.codes import Code
from loadwright.compiler.data_files import BadDataError, find_file
from loadwright.compiler.diagnostics import Diagnostic, LoadwrightError, Severity
from loadwright.compiler.lower import Lowered
from loadwright.compiler.plan.model import Plan
from loadwright.compiler.source import Span
from loadwright.compiler.sources import Source, read_source

Read = Callable[[Path], str]
_TAKEN = ("targets", "secrets", "data", "variables", "fragments", "journeys")


def link(source: Source, folder: Path, read: Read) -> Lowered:
    """The Plan of an intent whose imports have been taken in, from `folder` and below; each file once, before what imports it.

    Of an imported file the targets, secrets, data, variables, fragments and journeys are taken; its paths are relative to it.
    Its targets stand behind the importing file's, so that the default target stays. `read` gives the text of a file, and raises
    LoadwrightError. Raises LoadwrightError for a document that is wrong.
    """
    linker = _Linker(folder, read)
    default_target = linker.first_target(source, PurePosixPath(), ())
    own = source.lower(folder, default_target, "")
    linker.take_in(source, PurePosixPath(), default_target)
    plan = own.plan.model_copy(update={"imports": (), **{name: linker.merged(own.plan, name) for name in _TAKEN}})
    brought = {span: frozenset(linker.brought(path, frozenset())) for path, _, span in linker.imports(source, PurePosixPath())}
    return Lowered(plan, {**linker.places, **own.places}, own.made, [*linker.diagnostics, *own.diagnostics], brought)


class _Linker(Struct):
    folder: Path
    read: Read
    parts: dict[PurePosixPath, Plan] = field(default_factory=dict)
    """The Plans of imported files, in the order in which they are taken in."""
    places: dict[int, Span] = field(default_factory=dict)
    diagnostics: list[Diagnostic] = field(default_factory=list)
    sources: dict[PurePosixPath, Source | None] = field(default_factory=dict)
    open: list[PurePosixPath] = field(default_factory=list)

    def merged(self, plan: Plan, name: str) -> tuple[object, ...]:
        """All declarations of a kind: the imported ones first, but for targets."""
        own = getattr(plan, name)
        imported = tuple(item for part in self.parts.values() for item in getattr(part, name))
        return (*own, *imported) if name == "targets" else (*imported, *own)

    def first_target(self, source: Source, home: PurePosixPath, seen: tuple[PurePosixPath, ...]) -> str | None:
        """The first target of an intent, or of its imports."""
        own = source.first_target()
        if own is not None:
            return own
        for path, inner, _ in self.imports(source, home):
            found = self.first_target(inner, path.parent, (*seen, path)) if inner and path not in seen else None
            if found is not None:
                return found
        return None

    def take_in(self, source: Source, home: PurePosixPath, default_target: str | None) -> None:
        """Lower every import of an intent, those of the imports first."""
        for path, inner, place in self.imports(source, home):
            if path in self.open:
                message, hint = f"`{path}` imports itself, by way of others", "take the shared part into a file of its own"
                self.diagnostics.append(Diagnostic(Code.IMPORT_CYCLE, message, hint, place))
            elif inner and path not in self.parts:
                self._lower(inner, path, default_target)

    def brought(self, path: PurePosixPath, seen: frozenset[PurePosixPath]) -> Iterator[str]:
        """The file at a path and those that it imports, as spans call them."""
        source = self.sources.get(path)
        if source and path not in seen:
            yield (self.folder / path).as_posix()
            for inner, _, _ in self.imports(source, path.parent):
                yield from self.brought(inner, seen | {path})

    def _lower(self, source: Source, path: PurePosixPath, default_target: str | None) -> None:
        self.open.append(path)
        target = self.first_target(source, path.parent, (path,)) or default_target
        self.take_in(source, path.parent, target)
        home = "" if path.parent == PurePosixPath() else f"{path.parent}/"
        try:
            lowered = source.lower(self.folder, target, home)
        except LoadwrightError as error:
            self.diagnostics += error.diagnostics
        else:
            self.diagnostics += [d for d in lowered.diagnostics if d.code != Code.NO_TITLE]
            self.places.update(lowered.places)
            self.parts[path] = lowered.plan
        for what, span in source.stays():
            message, hint = f"`{what}` of an imported file is not taken in", "move it into the intent that is run"
            self.diagnostics.append(Diagnostic(Code.NOT_IMPORTED, message, hint, span, severity=Severity.WARNING))
        self.open.pop()

    def imports(self, source: Source, home: PurePosixPath) -> Iterator[tuple[PurePosixPath, Source | None, Span]]:
        """What an intent imports: the path from the folder, the file as read, and where it is said."""
        for written, span in source.imports():
            path = home / written
            if path not in self.sources:
                self.sources[path] = self._read(path, span)
            yield path, self.sources[path], span

    def _read(self, path: PurePosixPath, place: Span) -> Source | None:
        try:
            file = find_file(self.folder, str(path))
            return read_source(self.read(file), (self.folder / path).as_posix())
        except BadDataError as error:
            self.diagnostics.append(Diagnostic(error.code, str(error), error.hint, place))
        except LoadwrightError as error:
            self.diagnostics += error.diagnostics
        return None
