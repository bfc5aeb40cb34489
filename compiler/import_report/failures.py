"""What the page shows of failures that the recordings themselves show."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from loadwright.compiler.agents.expect.soft_failures import RecordedFailure
from loadwright.compiler.import_report.places import Quote
from loadwright.compiler.import_report.visible import visible
from loadwright.compiler.recording.model import Entry
from loadwright.compiler.scrubbing.masks import Masker, Segment

_FOLLOWERS_SHOWN = 100
_NEAR = 160
_LONGEST_HIT = 200


@dataclass(frozen=True, slots=True)
class FailureView:
    """A failure at its root."""

    anchor: str
    """The request of the journey that it is at; empty when that is not on the page."""
    entry: str
    request: str
    rule: str
    seen: str
    why: str
    advice: str
    cascade: str
    followers: tuple[tuple[str, str], ...]
    """Anchor (or nothing) and text of each request that it explains."""
    more: int
    """Followers beyond those shown."""
    quote: Quote | None


def failure_views(
    failures: Sequence[RecordedFailure],
    entries: Mapping[tuple[str, int], Entry],
    anchors: Mapping[tuple[str, int], str],
    masker: Masker,
) -> tuple[FailureView, ...]:
    """The failures in the order of the recordings, with what shows them in the recorded text."""
    return tuple(_view(failure, entries, anchors, masker) for failure in failures)


def _view(
    failure: RecordedFailure, entries: Mapping[tuple[str, int], Entry], anchors: Mapping[tuple[str, int], str], masker: Masker
) -> FailureView:
    def label(entry: int) -> str:
        one = entries.get((failure.recording, entry))
        url = visible(masker.plain(one.request.url)) if one else ""
        shown = url if len(url) <= 160 else f"{url[:160]}…"
        return f"entry {entry} {one.request.method} {shown}" if one else f"entry {entry}"

    shown = failure.follows[:_FOLLOWERS_SHOWN]
    return FailureView(
        anchor=anchors.get((failure.recording, failure.entry), ""),
        entry=visible(f"{failure.recording} entry {failure.entry}"),
        request=visible(masker.plain(failure.request)),
        rule=failure.rule,
        seen=failure.seen.replace("`", '"'),
        why=failure.why,
        advice=failure.advice,
        cascade=failure.cascade,
        followers=tuple((anchors.get((failure.recording, n), ""), label(n)) for n in shown),
        more=len(failure.follows) - len(shown),
        quote=_quote(failure, entries.get((failure.recording, failure.entry)), masker),
    )


def _quote(failure: RecordedFailure, entry: Entry | None, masker: Masker) -> Quote | None:
    text = entry.response.text if entry else None
    if not text or not failure.end:
        return None
    end = min(failure.end, failure.start + _LONGEST_HIT)
    segments = tuple(Segment(visible(s.text), s.masked, s.hit) for s in masker.excerpt(text, failure.start, end, _NEAR))
    return Quote("source", "the answer's body", segments)
