"""A locustfile without users: writes a line of JSON for everything that is measured.

Run beside another: `locust -f locustfile.py,locust_listener.py`. The environment variable
LOADWRIGHT_SAMPLES names the file, which grows while the test runs. Needs only Locust, and
is not to be imported by Loadwright: Locust patches the standard library.

Requests and steps come by Locust's request event. Iterations, dropped arrivals and
failures of the flow come by an event of the locustfile, `environment.events.journey_sample`,
where it has one: Locust's own statistics know nothing of them.
"""

from __future__ import annotations

import atexit
import json
import os
from typing import Any

import gevent  # type: ignore[import-untyped]
from locust import events
from locust.env import Environment

_FLUSH_SECONDS = 0.5


class Samples:
    """Lines that wait to be written to a file."""

    def __init__(self, path: str) -> None:
        self._path = path
        self._lines: list[str] = []
        with open(path, "w", encoding="utf-8"):
            pass  # a run without requests leaves an empty file

    def add_request(self, request_type: str, **told: Any) -> None:
        """Take note of a request or step; the parameters are those of Locust's request event."""
        self.add("step" if request_type == "STEP" else "request", **told)

    def add(
        self,
        kind: str,
        name: str,
        response_time: float | None,
        exception: BaseException | None,
        start_time: float = 0.0,
        response: Any = None,
        context: dict[str, Any] | None = None,
        **_: Any,
    ) -> None:
        """Take note of anything that was measured."""
        told = context or {}
        sample = {
            "kind": kind,
            "name": name,
            "started": round(start_time * 1000),
            "elapsed": round(response_time or 0.0, 3),
            "status": getattr(response, "status_code", 0) or 0,
            "step": told.get("step", "") if kind in ("request", "flow") else "",
            "journey": told.get("journey", ""),
            "message": "" if exception is None else str(exception) or type(exception).__name__,
            "ok": exception is None,
        }
        self._lines.append(json.dumps(sample) + "\n")

    def flush(self) -> None:
        """Append what waits to the file."""
        lines, self._lines = self._lines, []
        if lines:
            with open(self._path, "a", encoding="utf-8") as file:
                file.write("".join(lines))

    def keep_flushing(self) -> None:
        """Flush again and again."""
        while True:
            gevent.sleep(_FLUSH_SECONDS)
            self.flush()


@events.init.add_listener  # type: ignore[untyped-decorator]
def write_samples(environment: Environment, **_: Any) -> None:
    """Begin to listen."""
    path = os.environ.get("LOADWRIGHT_SAMPLES")
    if not path:
        return
    samples = Samples(path)
    environment.events.request.add_listener(samples.add_request)  # type: ignore[no-untyped-call]
    if more := getattr(environment.events, "journey_sample", None):
        more.add_listener(samples.add)
    atexit.register(samples.flush)
    gevent.spawn(samples.keep_flushing)
