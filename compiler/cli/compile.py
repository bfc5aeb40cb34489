"""`loadwright compile`: an intent in, the scripts of one or all runtimes out."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path, PurePosixPath

from loadwright.backends import registry
from loadwright.backends.check import check
from loadwright.compiler.cli.load import load_plan, problem, require_load
from loadwright.compiler.cli.outputs import Output, write
from loadwright.compiler.cli.show import show
from loadwright.compiler.data_files import BadDataError, find_file
from loadwright.compiler.diagnostics import Diagnostic, LoadwrightError, Severity, errors
from loadwright.compiler.plan.expand import expand
from loadwright.compiler.plan.model import Plan
from loadwright.compiler.plan.traverse import files


def compile_(path: Path, to: str, output: Path, load: str | None = None) -> int:
    """Write `OUTPUT/<runtime>/…` for the named runtime, or for all; all files are written, or none."""
    plan = load_plan(path)
    names = registry.NAMES if to == "all" else (to,)
    outputs, warnings = build(plan, names, load, path.parent)
    show(warnings)
    write(outputs, output)
    for item in outputs:
        print(f"wrote {output / item.path}")
    return 0


def build(plan: Plan, names: Sequence[str], load: str | None, folder: Path) -> tuple[list[Output], list[Diagnostic]]:
    """What compiling the Plan to the named backends writes, and the warnings.

    `folder` is that of the intent; files of the Plan must lie inside. Raises LoadwrightError for what a backend lacks.
    """
    plan = expand(plan)
    require_load(plan, load)
    backends = [registry.backend(name) for name in names]
    others = [registry.backend(name) for name in registry.NAMES]
    diagnostics = [d for backend in backends for d in check(plan, backend, others)]
    if errors(diagnostics):
        raise LoadwrightError(*diagnostics)
    sources = {PurePosixPath(path): _confined(folder, path) for path in files(plan)}
    outputs: list[Output] = []
    for backend in backends:
        home = PurePosixPath(backend.name)
        outputs += [Output(home / artifact.path, artifact.text) for artifact in backend.emit(plan, load)]
        outputs += [Output(home / path, source) for path, source in sources.items()]
    _refuse_collisions(outputs)
    return outputs, [d for d in diagnostics if d.severity is Severity.WARNING]


def _confined(folder: Path, path: str) -> Path:
    try:
        return find_file(folder, path)
    except BadDataError as error:
        raise problem(error.code, str(error), error.hint) from None


def _refuse_collisions(outputs: Iterable[Output]) -> None:
    seen: set[PurePosixPath] = set()
    for item in outputs:
        if item.path in seen:
            raise problem("bad-path", f"two files would be written to `{item.path}`", "rename the data file")
        seen.add(item.path)
