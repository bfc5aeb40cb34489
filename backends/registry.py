"""The backends by name; one is imported only when it is asked for."""

from __future__ import annotations

from importlib import import_module
from typing import cast

from loadwright.backends.base import Backend

_WHERE = {
    "jmeter": "loadwright.backends.jmeter.backend:JMeterBackend",
    "locust": "loadwright.backends.locust.backend:LocustBackend",
    "k6": "loadwright.backends.k6.backend:K6Backend",
}

NAMES = tuple(_WHERE)
"""The names of all backends."""


def backend(name: str) -> Backend:
    """The backend of that name; raises KeyError for a name that is not in `NAMES`."""
    module, _, attribute = _WHERE[name].partition(":")
    return cast(Backend, getattr(import_module(module), attribute)())
