"""Recordings to test with: the small ones beside the tests, and ones made on the spot."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from loadwright.compiler.diagnostics import Diagnostic
from loadwright.compiler.recording.har import read_har
from loadwright.compiler.recording.model import Recording

DATA = Path(__file__).parent / "data"


@pytest.fixture
def data() -> Path:
    """The folder of recordings as different tools write them."""
    return DATA


@pytest.fixture
def read(tmp_path: Path) -> Callable[..., tuple[Recording, list[Diagnostic]]]:
    """Reads a recording made of the given entries."""

    def read_entries(*entries: Any, **log: Any) -> tuple[Recording, list[Diagnostic]]:
        path = tmp_path / "made.har"
        path.write_text(json.dumps({"log": {"version": "1.2", **log, "entries": entries}}))
        return read_har(path)

    return read_entries


@pytest.fixture
def entry() -> Callable[..., dict[str, Any]]:
    """Makes an entry of a HAR: start and duration in milliseconds, method and URL, and whatever else is given."""

    def make(
        start: float, duration: float, method: str, url: str, status: int = 200, kind: str = "document", **more: Any
    ) -> dict[str, Any]:
        media_type = {"document": "text/html", "xhr": "application/json", "image": "image/png"}.get(kind, "text/plain")
        return {
            "startedDateTime": start + 1_700_000_000_000,
            "time": duration,
            "_resourceType": kind,
            "request": {"method": method, "url": url, "headers": more.get("headers", []), "postData": more.get("post")},
            "response": {
                "status": status,
                "headers": [{"name": "Location", "value": more["location"]}] if "location" in more else [],
                "content": {"mimeType": media_type, "text": more.get("text", "x")},
            },
            **({"pageref": more["page"]} if "page" in more else {}),
        }

    return make
