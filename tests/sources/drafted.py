"""Small sources, written by a test and imported by the command's own function."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from loadwright.compiler.cli.import_ import import_
from loadwright.compiler.drafts.detect import Kind
from loadwright.compiler.plan.model import Plan, Request
from loadwright.compiler.plan.traverse import requests

COLLECTION = {"info": {"name": "Shop", "schema": "https://schema.getpostman.com/json/collection/v2.1.0/collection.json"}}


class Made:
    """What an import gave."""

    def __init__(self, folder: Path, said: str, code: int) -> None:
        self.text = (folder / "made.intent").read_text("utf-8")
        self.plan = Plan.model_validate_json((folder / "made.plan.json").read_bytes())
        self.said, self.code = said, code

    @property
    def requests(self) -> list[Request]:
        """All requests, in order."""
        return [request for journey in self.plan.journeys for request in requests(journey)]


class Desk:
    """Writes sources into a folder of its own and imports them."""

    def __init__(self, folder: Path, capture: pytest.CaptureFixture[str]) -> None:
        self.folder, self.capture = folder, capture

    def make(self, content: str | bytes | dict[str, object], kind: Kind | None = None, name: str = "source.txt") -> Made:
        """The import of one source."""
        path = self.folder / name
        if isinstance(content, dict):
            content = json.dumps(content)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        code = import_([path], self.folder / "made.intent", self.folder / "made.plan.json", kind=kind)
        return Made(self.folder, self.capture.readouterr().err, code)

    def curl(self, commands: str) -> Made:
        """The import of commands."""
        return self.make(commands, "curl")

    def postman(self, *items: dict[str, object], **more: object) -> Made:
        """The import of a collection of these items."""
        return self.make({**COLLECTION, "item": list(items), **more}, "postman", "source.json")

    def openapi(self, paths: dict[str, object], **more: object) -> Made:
        """The import of a document with these paths."""
        document = {"openapi": "3.1.0", "info": {"title": "Shop"}, "servers": [{"url": "https://shop.test"}], "paths": paths}
        return self.make({**document, **more}, "openapi", "source.json")
