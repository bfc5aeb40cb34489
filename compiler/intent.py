"""Reading an intent: text or document in, Plan and findings out."""

from __future__ import annotations

from pathlib import Path

from loadwright.compiler.codes import Code
from loadwright.compiler.diagnostics import Diagnostic, LoadwrightError, errors, in_order
from loadwright.compiler.link import link
from loadwright.compiler.passes import check
from loadwright.compiler.passes.context import Context
from loadwright.compiler.plan.model import Plan
from loadwright.compiler.sources import read_source


def load_intent(path: Path) -> tuple[Plan, list[Diagnostic]]:
    """The Plan of an intent file, and warnings. Raises LoadwrightError with everything found when there is an error."""
    return parse_intent(read_text(path), str(path), path.parent)


def read_text(path: Path) -> str:
    """The text of an intent file. Raises LoadwrightError when it is no readable UTF-8 file."""
    try:
        return path.read_text("utf-8")
    except OSError as error:
        message, hint = f"the file cannot be read: {(error.strerror or 'no reason given').lower()}", "check the path"
        raise LoadwrightError(Diagnostic(Code.UNREADABLE, message, hint, place=str(path))) from None
    except UnicodeDecodeError as error:
        message = f"the file is not UTF-8 text (byte {error.start + 1})"
        raise LoadwrightError(Diagnostic(Code.UNREADABLE, message, "save it as UTF-8", place=str(path))) from None


def parse_intent(text: str, path: str, folder: Path | None = None) -> tuple[Plan, list[Diagnostic]]:
    """The Plan of a text, and warnings; `path` is what spans call the text, `folder` where its files are.

    Imports are taken in. Without a folder no file is looked up, and a text with imports is not checked as a whole. Raises
    LoadwrightError with everything found when there is an error.
    """
    source = read_source(text, path)
    lowered = link(source, folder, read_text) if folder is not None else source.lower(None, None, "")
    is_whole = not lowered.plan.imports
    passed = check(Context(lowered.plan, lowered.places, folder, lowered.imports)) if is_whole else []
    found = in_order((*lowered.diagnostics, *passed))
    if errors(found):
        raise LoadwrightError(*found)
    return lowered.plan, found
