"""What is told of iterations beside their requests, and how they can end."""

# Locust's decorators and gevent are untyped; an ignore at each place would be copied.
# mypy: disable-error-code="no-untyped-call, untyped-decorator, attr-defined"

from __future__ import annotations

from typing import Any

from locust import events
from locust.env import Environment
from locust.event import EventHook

SAMPLES = EventHook()
"""Tells of iterations, of arrivals that are dropped, and of failures of the flow."""


FLOW_FAILURES: list[str] = []
"""The failures that belong to no request."""


@events.init.add_listener
def offer_samples(environment: Environment, **_: Any) -> None:
    """Let other files listen: `environment.events.journey_sample`."""
    environment.events.journey_sample = SAMPLES


class EndIteration(Exception):
    """Ends an iteration, which counts as passed."""


class EndUser(Exception):
    """Ends a user after this iteration, which counts as passed."""


class OutOfRows(EndUser):
    """Ends a user for whom there is no row of data."""


class Interrupted(BaseException):
    """Ends an iteration that did not end in time; it is not reported."""
