"""Reads the Plan that a command works on."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches
from pathlib import Path

from msgspec.structs import replace
from pydantic import ValidationError

from loadwright.compiler.cli.show import show
from loadwright.compiler.diagnostics import Diagnostic, LoadwrightError, errors
from loadwright.compiler.plan.expand import expand
from loadwright.compiler.plan.model import Plan

_PLAN_SUFFIX = ".plan.json"


def load_plan(path: Path) -> Plan:
    """The Plan of an `.intent` file, or of a Plan written as JSON (`.plan.json`), without fragments; warnings are shown.

    Raises LoadwrightError when the file cannot be read or holds errors.
    """
    if not path.is_file():
        raise problem("file-not-found", f"there is no file `{path}`")
    if path.name.endswith(_PLAN_SUFFIX):
        return expand(_checked(_plan_from_json(path), path.parent))
    from loadwright.compiler.intent import load_intent

    plan, diagnostics = load_intent(path)
    if errors(diagnostics):
        raise LoadwrightError(*diagnostics)
    show(_first_of_each(diagnostics, path))
    return expand(plan)


def _first_of_each(warnings: Iterable[Diagnostic], path: Path) -> list[Diagnostic]:
    """The first warning of each kind, with how many there are more: whoever runs a test knows the others from `check`."""
    by_code: dict[str, list[Diagnostic]] = {}
    for warning in warnings:
        by_code.setdefault(warning.code, []).append(warning)
    return [_with_count(first, len(more), path) for first, *more in by_code.values()]


def _with_count(first: Diagnostic, more: int, path: Path) -> Diagnostic:
    told = f"{first.message} (and {more} more of this kind: `loadwright check {path.name}`)"
    return replace(first, message=told) if more else first


def _checked(plan: Plan, folder: Path) -> Plan:
    """The Plan; its warnings are shown. Raises LoadwrightError when a check finds an error."""
    from loadwright.compiler.passes import check
    from loadwright.compiler.passes.context import Context

    found = check(Context(plan, {}, folder))
    if errors(found):
        raise LoadwrightError(*found)
    show(found)
    return plan


def stem(path: Path) -> str:
    """The file's name without folder and suffix: `shop` for `shop.intent` and `shop.plan.json`."""
    return path.name.removesuffix(_PLAN_SUFFIX) if path.name.endswith(_PLAN_SUFFIX) else path.stem


def require_load(plan: Plan, name: str | None) -> None:
    """Raise LoadwrightError unless the Plan has the load; None is the Plan's first."""
    names = [load.name for load in plan.loads]
    if name is not None and name not in names:
        raise problem("unknown-load", f"there is no load `{name}`", did_you_mean(name, names))


def did_you_mean(name: str, names: Iterable[str]) -> str:
    """A hint: the closest name, else all of them."""
    known = list(names)
    close = get_close_matches(name, known, 1)
    if close:
        return f"did you mean `{close[0]}`?"
    return f"there are: {', '.join(f'`{n}`' for n in known)}" if known else "the intent has none"


def problem(code: str, message: str, hint: str = "", place: str = "") -> LoadwrightError:
    """An error of one diagnostic."""
    return LoadwrightError(Diagnostic(code=code, message=message, hint=hint, place=place))


def _plan_from_json(path: Path) -> Plan:
    try:
        return Plan.model_validate_json(path.read_bytes())
    except ValidationError as error:
        found = [
            Diagnostic(code="bad-plan", message=str(e["msg"]), place=f"{path}: {'.'.join(str(p) for p in e['loc'])}")
            for e in error.errors(include_url=False, include_input=False)
        ]
        raise LoadwrightError(*found[:20]) from None
