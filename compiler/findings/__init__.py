"""Every code that a finding can carry, with its page: of the language, of recordings, of backends, of commands and runs."""

from __future__ import annotations

from collections.abc import Mapping

from loadwright.compiler.codes import EXPLANATIONS, Explanation
from loadwright.compiler.findings.backends import BACKENDS
from loadwright.compiler.findings.checks import CHECKS
from loadwright.compiler.findings.recordings import RECORDINGS
from loadwright.compiler.findings.runs import RUNS
from loadwright.compiler.findings.sources import SOURCES

AREAS: Mapping[str, Mapping[str, Explanation]] = {
    "The language": {str(code): explanation for code, explanation in {**CHECKS, **EXPLANATIONS}.items()},
    "What a runtime cannot do": BACKENDS,
    "Recordings and proof": RECORDINGS,
    "Recording, and other sources": SOURCES,
    "Commands and runs": RUNS,
}
"""The pages by area and code."""

PAGES: Mapping[str, Explanation] = {code: page for area in AREAS.values() for code, page in area.items()}
"""The pages by code."""
