"""What the Locust backend carries."""

from __future__ import annotations

from collections.abc import Mapping

from loadwright.backends.base import Capability, Support
from loadwright.compiler.plan.features import Feature

CAPABILITIES: Mapping[Feature, Capability] = {feature: Capability(Support.FULL) for feature in Feature}
"""By feature; all of them in full."""
