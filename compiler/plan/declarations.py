"""What a Plan declares beside its journeys: targets, secrets, variables, data."""

from __future__ import annotations

from typing import Literal

from loadwright.compiler.plan.node import Placed
from loadwright.compiler.plan.template import Template


class Import(Placed):
    """Another intent file whose targets, secrets, data, variables, fragments and journeys are taken in."""

    path: str
    """Relative to the intent file, inside its folder."""


class Target(Placed):
    """A server under test; `LOADWRIGHT_TARGET_<NAME>` (upper case) overrides `url` at run time."""

    name: str
    url: str
    """Scheme, host and optional port and path prefix, without a trailing slash."""
    verify: bool = True
    """Whether the server's certificate is verified."""
    certificate: str | None = None
    """A client certificate (PEM), relative to the intent file, inside its folder."""
    key: str | None = None
    """The certificate's private key (PEM), a file beside it."""
    proxy: str | None = None
    """The URL of an HTTP proxy."""


class Secret(Placed):
    """A value read from the environment when the test starts; it never stands in an artefact, a log or a report."""

    name: str
    env: str
    """The environment variable that holds it; a run without it is refused."""


class Variable(Placed):
    """A name and its value: at the top of the Plan evaluated at the start of every iteration, in a journey when reached."""

    kind: Literal["let"] = "let"
    name: str
    value: Template


class DataSource(Placed):
    """Rows of a CSV file (UTF-8, header line) or of a JSON file (an array of objects; values as captures give them).

    An iteration that uses a column takes its row when it starts. `per run`: the next row, whoever takes it; `per user`: each
    user goes through all rows on its own; `unique per user`: each user has a row for itself, in all its iterations.
    """

    name: str
    path: str
    """Relative to the intent file, inside its folder."""
    format: Literal["csv", "json"] = "csv"
    columns: tuple[str, ...]
    order: Literal["sequential", "random", "shuffled"] = "sequential"
    """`random` draws any row each time; `shuffled` goes through a permutation made at the start."""
    rows: Literal["per run", "per user", "unique per user"] = "per run"
    on_end: Literal["recycle", "stop"] = "recycle"
    """What happens when the rows are used up: start again, or stop the user."""
