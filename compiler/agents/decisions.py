"""What the agents decided, with the evidence, and what lost."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from typing import Literal

from msgspec import Struct, field

from loadwright.compiler.agents.facts import Site
from loadwright.compiler.agents.hidden import Hidden
from loadwright.compiler.plan.model import Capture, Secret, Variable
from loadwright.compiler.plan.template import Part, Template, template

Verdict = Literal["unresolved", "extract", "generate", "parameterise", "secret", "environment", "cookie jar", "constant", "ignore"]
"""What becomes of a value; the order is that of reports, the most urgent first."""
ProofLevel = Literal["none", "P0", "P1", "P2", "P3", "P4", "P5"]


class Rejected(Struct, frozen=True):
    """A candidate that lost, and why."""

    candidate: str
    reason: str


class Decision(Struct):
    """One verdict on one value; the value itself is shown as a mask only."""

    id: str
    verdict: Verdict
    value: str
    """A mask: kind and length."""
    variable: str = ""
    source: str = ""
    """Where it is taken from: entry and extractor."""
    uses: list[str] = field(default_factory=list)
    """Where it is needed: entry, request and site."""
    evidence: list[str] = field(default_factory=list)
    rejected: list[Rejected] = field(default_factory=list)
    proof: ProofLevel = "none"
    superfluous: bool = False
    """Whether a run passes with the recorded value in its place (the negative proof of P4)."""
    removal: Literal["", "failed", "passed", "not judged"] = ""
    """What a run did with the recorded value in its place; empty where none was tried."""
    basis: str = ""
    """The group of its evidence, by which its confidence was measured; empty where there is nothing to be wrong about."""
    confidence: float | None = None
    """The share of decisions on such evidence that were right where the truth is known; see `confidence.py`."""


class Slice(Struct, frozen=True):
    """Part of a site's decoded value that a Plan part stands for."""

    start: int
    end: int
    part: Part
    raw: str = ""
    """What the capture yields, where `part` decodes it; the same text in a URL needs no decoding and encoding."""
    encode: bool = False
    """Whether another session's value may need encoding in a URL, though the recorded one does not."""


def cut_out(value: str, slices: Sequence[Slice]) -> Template:
    """A decoded value with its slices replaced."""
    parts: list[str | Template] = []
    position = 0
    for cut in slices:
        if cut.start >= position:
            parts += [value[position : cut.start], template(cut.part)]
            position = cut.end
    return template(*parts, value[position:])


def is_free(taken: Sequence[tuple[int, int]], start: int, end: int) -> bool:
    """Whether a place overlaps none of those that are taken, which are in order and do not overlap."""
    number = bisect_left(taken, (end, -1))
    return number == 0 or taken[number - 1][1] <= start


class Decisions(Struct):
    """Everything that turns a recording into a Plan."""

    records: list[Decision] = field(default_factory=list)
    slices: dict[tuple[int, str, str], list[Slice]] = field(default_factory=dict)
    """By entry, location and key of the site."""
    captures: dict[int, list[Capture]] = field(default_factory=dict)
    """By the entry whose response they read."""
    whole_urls: dict[int, Template] = field(default_factory=dict)
    """Entry: what gives its whole URL (a redirect that led to it), or a slash and all of it behind its server."""
    cookies: set[tuple[int, str]] = field(default_factory=set)
    """Entry and name of the cookies that a script had set, and that the request therefore puts into the jar."""
    unset_cookies: dict[str, int] = field(default_factory=dict)
    """Name of a cookie that nothing is known to set, and that is therefore not sent: the first entry that sent it."""
    uploads: dict[str, Part] = field(default_factory=dict)
    """Name of an uploaded file, without its ending, that is made up anew in each iteration: what stands for it."""
    doubts: dict[Site, str] = field(default_factory=dict)
    """Places of short numbers that may be the id of something made, and stay, and why."""
    places: dict[Site, str] = field(default_factory=dict)
    """What is taken from a list by its place, and why."""
    pages: dict[tuple[int, str], int] = field(default_factory=dict)
    """Entry and header in small letters: the earlier entry whose URL it is (`Referer`)."""
    variables: list[Variable] = field(default_factory=list)
    secrets: list[Secret] = field(default_factory=list)
    secret_values: dict[str, str] = field(default_factory=dict)
    """Secret name: its recorded value; kept in memory for proof, never written."""
    hidden: Hidden = field(default_factory=Hidden)
    """The secrets that the recording sends, to be recognised in texts."""
    shared: dict[str, tuple[str, Decision]] = field(default_factory=dict)
    """What the user gave (typed values, secrets), by recorded value: its name and decision. In memory alone."""
    names: set[str] = field(default_factory=set)
    """Every name given so far."""
