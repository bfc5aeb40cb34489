"""Texts without recorded values: what may be told to an adviser."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

from loadwright.compiler.advice.model import ValueClass
from loadwright.compiler.agents.importing import Imported, Source
from loadwright.compiler.agents.values import kind_of
from loadwright.compiler.plan.extract import Response, extract_with
from loadwright.compiler.plan.node import RecordingOrigin
from loadwright.compiler.plan.traverse import requests
from loadwright.compiler.scrubbing.masks import Masker
from loadwright.compiler.scrubbing.sensitive import sensitive

HIDDEN = "{value}"
_LONGEST = 120
_SURE = 6
"""Characters from which a value is hidden inside of words as well."""
_ALPHABETS = (
    (r"[0-9]+", "digits"),
    (r"[0-9a-f]+|[0-9A-F]+", "hexadecimal digits"),
    (r"[A-Za-z]+", "letters"),
    (r"[A-Za-z0-9]+", "letters and digits"),
    (r"[A-Za-z0-9_-]+", "letters, digits, - and _"),
)


def value_class(value: str) -> ValueClass:
    """Kind, length and alphabet of a value."""
    alphabet = next((name for pattern, name in _ALPHABETS if re.fullmatch(pattern, value)), "any characters")
    return ValueClass(kind=kind_of(value), length=len(value), alphabet=alphabet)


def recorded_values(sources: Sequence[Source], imported: Imported) -> dict[str, str]:
    """The recorded value of every capture, secret and typed variable, by name. In memory alone."""
    entries = {(s.recording.name, e.index): e for s in reversed(sources) for e in s.recording.entries}
    found = {v.name: v.value.literal for v in imported.plan.variables if v.value.literal}
    known = {name: proof.values for name, proof in imported.proofs}
    for request in (request for journey in imported.plan.journeys for request in requests(journey)):
        if not isinstance(request.origin, RecordingOrigin):
            continue
        entry = entries[request.origin.recording, request.origin.entry]
        response = entry.response
        for capture in request.captures:
            read = Response(entry.request.url, response.headers, response.text or "", response.status)
            value = extract_with(capture, read, {**known.get(request.origin.recording, {}), **found})
            if value:
                found[capture.name] = value
    return found | imported.secret_values


class Withheld:
    """Takes recorded values out of texts: those that a report masks, and every value that the test treats as dynamic."""

    def __init__(self, sources: Sequence[Source], values: Iterable[str]) -> None:
        known = sensitive(source.recording for source in sources)
        self._masker = Masker(known)
        every = {value.strip() for value in (*values, *known.kinds) if len(value.strip()) >= 3}
        anywhere = sorted((re.escape(v) for v in every if len(v) >= _SURE), key=len, reverse=True)
        words = sorted((rf"(?<!\w){re.escape(v)}(?!\w)" for v in every if len(v) < _SURE), key=len, reverse=True)
        self._values = re.compile("|".join([*anywhere, *words]) or r"(?!)", re.IGNORECASE)

    def __call__(self, text: str) -> str:
        """The text in one line, values hidden, cut to a bounded length."""
        hidden = self._values.sub(HIDDEN, self._masker.plain(self._values.sub(HIDDEN, text[:2_000])))
        plain = " ".join("".join(c if c.isprintable() else " " for c in hidden).split())
        return plain if len(plain) <= _LONGEST else plain[: _LONGEST - 1] + "…"


def labels(names: Iterable[str], prefix: str) -> Mapping[str, str]:
    """An id for each name, in order: `v1`, `v2`…"""
    return {f"{prefix}{number}": name for number, name in enumerate(names, 1)}
