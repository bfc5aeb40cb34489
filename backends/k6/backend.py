"""The k6 backend: one self-contained `script.js`."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from loadwright.backends.base import Artifact, Capability, Support
from loadwright.backends.k6.script import Script
from loadwright.compiler.plan.features import Feature
from loadwright.compiler.plan.model import Plan

_CARRIED = frozenset(
    Feature[name]
    for name in """PARALLEL THINK REDIRECTS_FOLLOW AUTH_BASIC AUTH_BEARER BODY_FORM BODY_JSON BODY_TEXT BODY_FILE BODY_MULTIPART CAPTURE_JSON CAPTURE_CSS
    CAPTURE_REGEX CAPTURE_BOUNDARY CAPTURE_HEADER CAPTURE_COOKIE CAPTURE_REDIRECT EXPECT_STATUS EXPECT_TYPE EXPECT_TEXT EXPECT_JSON
    EXPECT_TIME EXPECT_SOFT_FAILURE DATA_SEQUENTIAL DATA_SHUFFLED FUNCTIONS LOAD_CLOSED LOAD_OPEN GOALS TLS_VERIFY COMPRESSION""".split()
)
_FULL = Capability(Support.FULL)
_CAPABILITIES = MappingProxyType(dict.fromkeys(_CARRIED, _FULL))


class K6Backend:
    """Writes Plans for k6 2.2."""

    @property
    def name(self) -> str:
        """The backend's name on the command line."""
        return "k6"

    @property
    def capabilities(self) -> Mapping[Feature, Capability]:
        """What it declares: every feature."""
        return _CAPABILITIES

    def emit(self, plan: Plan, load: str | None = None) -> tuple[Artifact, ...]:
        """The script for this Plan under the named load.

        Raises LoadwrightError for a load, journey or target that the Plan does not have, and for a bad JSON path.
        """
        return (Artifact("script.js", Script(plan, load).text()),)
