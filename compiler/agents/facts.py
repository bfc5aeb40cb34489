"""What observation yields: where values stand in responses and requests. Facts only, no judgement."""

from __future__ import annotations

from bisect import bisect_left
from typing import Literal

from msgspec import Struct, field

from loadwright.compiler.plan.model import CaptureSource

SourceKind = Literal[
    "header",
    "redirect part",
    "cookie",
    "json",
    "xml",
    "body",
    "hidden input",
    "input",
    "meta",
    "row",
    "link",
    "attribute",
    "script",
    "text",
    "boundary",
]
Location = Literal["path", "query", "header", "cookie", "form", "json", "part", "body"]


CLOCK_SLACK = 2.0
"""Milliseconds by which a recording's rounded times may let a response seem to end after the request it caused."""


class Occurrence(Struct, frozen=True):
    """A value in a response, and how to take it from there."""

    value: str
    entry: int
    ended: float
    """When the response was complete, milliseconds since 1970."""
    kind: SourceKind
    source: CaptureSource
    ordinal: int = 1
    """Which match of the source it is."""
    name: str = ""
    """What the response calls it: a field, key or parameter name."""
    context: str = ""
    """For a path segment: the segment before it."""
    raw: str = ""
    """What the source yields, where decoding it gives the value; else empty."""
    chain: tuple[tuple[str, ...], ...] = ()
    """The functions, each with its further arguments, that make the value of what the source yields."""
    after_change: bool = False
    """Whether the request that was answered changed something (its method is none that only reads)."""
    path: str = ""
    """The path of the request that was answered."""


class Site(Struct, frozen=True):
    """A value in a request."""

    entry: int
    started: float
    location: Location
    key: str
    """Which one: segment number, parameter name and number, header name, JSON pointer…"""
    name: str
    """What the request calls it."""
    value: str
    """Decoded."""
    context: str = ""
    """For a path segment: the segment before it."""
    start: int = 0
    end: int = 0
    """For path, query and form: the characters of the URL or body that hold the value, as sent."""
    is_number: bool = False
    """Whether JSON has it as a number."""

    @property
    def identity(self) -> tuple[str, str]:
        """Location and key: the same in another recording of the same request."""
        return self.location, self.key


BUTTON = "submit"
"""The type of an input that is a button."""


class FormInput(Struct, frozen=True):
    """An input that a page offered to type into, or a button that sends a value."""

    entry: int
    name: str
    type: str
    default: str
    started: float


def _when(one: FormInput | Site) -> tuple[float, int]:
    return one.started, one.entry


def _is_sent_by(offered: FormInput, site: Site) -> bool:
    return offered.type != BUTTON or offered.default == site.value


class Made(Struct, frozen=True):
    """What a change made, which its answer gave a short number."""

    entry: int
    ended: float
    words: frozenset[str]
    """What a field may be called that holds the number."""


class Facts(Struct):
    """Everything observed in one recording."""

    occurrences: dict[str, list[Occurrence]] = field(default_factory=dict)
    """By value, in the order in which the responses ended."""
    sites: dict[int, list[Site]] = field(default_factory=dict)
    """By entry, in the order of the request."""
    inputs: list[FormInput] = field(default_factory=list)
    redirected_by: dict[int, int] = field(default_factory=dict)
    """Entry that follows a redirect: the entry whose response sent it there."""
    cookies_set: dict[str, int] = field(default_factory=dict)
    """Cookie name: the first entry whose response sets it."""
    cookies_sent: dict[str, tuple[int, int | None]] = field(default_factory=dict)
    """Cookie name: the first entry whose request carries it, and the entry whose response had set it by then."""
    made: dict[str, list[Made]] = field(default_factory=dict)
    """What changes made, by the short number that each got."""

    def offered(self, site: Site) -> FormInput | None:
        """The input of this name that a page offered last before the site's request; a button, if it sends this value."""
        if self._by_name is None:
            self._by_name = {}
            for one in sorted(self.inputs, key=_when):
                self._by_name.setdefault(one.name, []).append(one)
        named = self._by_name.get(site.name, [])
        before = bisect_left(named, _when(site), key=_when)
        return next((i for i in map(named.__getitem__, range(before - 1, -1, -1)) if _is_sent_by(i, site)), None)

    _by_name: dict[str, list[FormInput]] | None = None
