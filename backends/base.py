"""What a backend is: it declares what it supports and turns a Plan into files."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from loadwright.compiler.plan.features import Feature
from loadwright.compiler.plan.model import Plan


class Support(StrEnum):
    """How a backend carries a feature: fully, in another way that the note tells (a warning), or not at all (an error)."""

    FULL = "full"
    APPROXIMATE = "approximate"
    NONE = "none"


@dataclass(frozen=True)
class Capability:
    """A backend's declaration for one feature; the note says what is different, or why it cannot be."""

    support: Support
    note: str = ""


@dataclass(frozen=True)
class Artifact:
    """A file that a backend writes: a relative POSIX path inside the backend's folder, and its text (UTF-8, LF)."""

    path: str
    text: str


class Backend(Protocol):
    """A writer for one runtime."""

    @property
    def name(self) -> str:
        """The backend's name on the command line."""

    @property
    def capabilities(self) -> Mapping[Feature, Capability]:
        """What it declares; a feature that is not named is not supported."""

    def emit(self, plan: Plan, load: str | None = None) -> tuple[Artifact, ...]:
        """The files for this Plan under the named load (None: the Plan's first, or one user and one iteration).

        The first artefact is the one that the runtime starts from.
        """
