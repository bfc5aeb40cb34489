"""The choices and options that several commands take."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated, Literal

import typer


class RuntimeName(StrEnum):
    """Where a test can run."""

    LOCUST = "locust"
    K6 = "k6"
    JMETER = "jmeter"


class CompileTo(StrEnum):
    """What can be compiled to."""

    JMETER = "jmeter"
    LOCUST = "locust"
    K6 = "k6"
    ALL = "all"


class Installable(StrEnum):
    """What `doctor` can install."""

    JMETER = "jmeter"
    K6 = "k6"
    MITMPROXY = "mitmproxy"
    ALL = "all"


class OutputFormat(StrEnum):
    """How findings are printed."""

    TEXT = "text"
    JSON = "json"
    SARIF = "sarif"
    GITHUB = "github"


class ConvertTo(StrEnum):
    """The forms of an intent."""

    INTENT = "intent"
    YAML = "yaml"
    JSON = "json"


class SchemaName(StrEnum):
    """The formats that have a schema."""

    INTENT = "intent"
    PLAN = "plan"


class ProofLevel(StrEnum):
    """How far a proof goes."""

    P0 = "P0"
    P1 = "P1"
    P2 = "P2"
    P3 = "P3"
    P4 = "P4"
    P5 = "P5"


class ImportLevel(StrEnum):
    """How far an import proves."""

    P2 = "P2"
    P3 = "P3"
    P4 = "P4"


class ProofFormat(StrEnum):
    """How an import or a proof is reported."""

    TEXT = "text"
    JSON = "json"


class SourceKind(StrEnum):
    """What `import` reads."""

    HAR = "har"
    MITMPROXY = "mitmproxy"
    POSTMAN = "postman"
    OPENAPI = "openapi"
    CURL = "curl"

    @property
    def kind(self) -> Literal["har", "mitmproxy", "postman", "openapi", "curl"]:
        """Its name."""
        return self.value


class StaticFiles(StrEnum):
    """What becomes of images, styles, scripts and fonts."""

    DROP = "drop"
    KEEP = "keep"


class WebSockets(StrEnum):
    """What becomes of WebSockets at import."""

    DROP = "drop"
    KEEP = "keep"


IntentFile = Annotated[
    Path, typer.Argument(metavar="F.intent", help="the intent; or a Plan as JSON (F.plan.json)", show_default=False)
]
LoadName = Annotated[str | None, typer.Option("--load", metavar="NAME", help="which load; the first one unless given")]
