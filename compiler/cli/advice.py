"""The advice of `loadwright import`: off unless an endpoint is given; whatever goes wrong with it, the import stands."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, NamedTuple

from loadwright.compiler.agents.importing import Imported, Source
from loadwright.compiler.cli.advice_options import AdviceAsked
from loadwright.compiler.cli.load import problem
from loadwright.compiler.cli.show import show
from loadwright.compiler.diagnostics import Diagnostic, Severity

if TYPE_CHECKING:
    from loadwright.compiler.advice.model import Adviser
    from loadwright.compiler.advice.take import Proposal

_SHOWN = 10


class Advised(NamedTuple):
    """An import after advice, or as it was; and what to tell about it."""

    sources: list[Source]
    imported: Imported
    lines: list[str]


def adviser(asked: AdviceAsked) -> Adviser | None:
    """Whom to ask, or None when no endpoint was given. Raises LoadwrightError for options that cannot be."""
    if not asked.url:
        if asked.model or asked.key_env:
            raise problem("bad-option", "advice needs the URL of an endpoint", "give --advice-url, or none of the options")
        return None
    from loadwright.compiler.advice.endpoint import Endpoint, url_fault
    from loadwright.compiler.cli.settings import parse_duration

    if not asked.model:
        raise problem("bad-option", "advice needs the name of a model", "give --advice-model")
    key = _key(asked.key_env)
    if fault := url_fault(asked.url, key):
        raise problem("bad-option", f"--advice-url cannot be used: {fault}", "write http://127.0.0.1:8000/v1, for instance")
    return Endpoint(asked.url, asked.model, key, parse_duration(asked.timeout))


def advised(sources: list[Source], imported: Imported, adviser: Adviser | None, progress: Callable[[str], None]) -> Advised:
    """The import with what was proposed, valid and proved; as it was, with a warning, when there is no advice."""
    if adviser is None:
        return Advised(sources, imported, [])
    from loadwright.compiler.advice.model import AdviceError
    from loadwright.compiler.advice.question import ask
    from loadwright.compiler.advice.take import take

    progress("asking for advice")
    question = ask(sources, imported)
    try:
        answer = adviser.advise(question.question)
    except AdviceError as error:
        show([_warning(str(error))])
        return Advised(sources, imported, ["Advice: none; the import is as without"])
    taken = take(sources, imported, question, answer)
    if all(p.reason for p in taken.proposals):
        return Advised(sources, imported, _lines(taken.proposals))
    return Advised(taken.sources, taken.imported, _lines(taken.proposals))


def _key(variable: str | None) -> str | None:
    if variable is None:
        return None
    key = os.environ.get(variable, "").strip()
    if not key or not key.isascii() or not key.isprintable():
        raise problem("bad-option", f"the environment variable `{variable}` holds no key", "set it, or leave --advice-key-env out")
    return key


def _warning(reason: str) -> Diagnostic:
    hint = "check --advice-url and --advice-model; the import goes on without"
    return Diagnostic("advice-failed", f"there is no advice: {reason}", hint, severity=Severity.WARNING)


def _lines(proposals: Sequence[Proposal]) -> list[str]:
    """How many proposals were taken, and why others were not; what a server proposed is shown as ASCII, cut short."""
    taken = Counter(p.kind for p in proposals if not p.reason)
    kinds = ", ".join(f"{taken[kind]} {kind}s" for kind in ("step", "variable", "source") if taken[kind])
    lines = [f"Advice: {sum(taken.values())} of {len(proposals)} proposals taken{f' ({kinds})' if kinds else ''}"]
    dropped = [p for p in proposals if p.reason]
    lines += [f"  dropped {p.kind} {p.subject[:40]!a} -> {p.proposed[:60]!a}: {p.reason}" for p in dropped[:_SHOWN]]
    if len(dropped) > _SHOWN:
        lines.append(f"  and {len(dropped) - _SHOWN} more")
    return lines
