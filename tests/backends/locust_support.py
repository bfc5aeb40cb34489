"""What the tests of the Locust runtime share."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from hypothesis import HealthCheck, settings

Ask = Callable[..., dict[str, Any]]
"""Calls a helper of the runtime in a process of its own."""
quick = settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
