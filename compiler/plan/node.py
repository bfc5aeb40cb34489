"""What every node of the Plan shares: frozen, strict, and aware of where it came from."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from loadwright.compiler.source import Span
from loadwright.compiler.typed import Typed


class Node(Typed):
    """A frozen value of the Plan; unknown fields are refused."""


class SourceOrigin(Node):
    """The node was written in a source file."""

    kind: Literal["source"] = "source"
    span: Span


class RecordingOrigin(Node):
    """The node was read from an entry (counted from 0) of a recording."""

    kind: Literal["recording"] = "recording"
    recording: str
    entry: int


class DecisionOrigin(Node):
    """The node was made by a decision of the agents."""

    kind: Literal["decision"] = "decision"
    decision: str


Origin = Annotated[SourceOrigin | RecordingOrigin | DecisionOrigin, Field(discriminator="kind")]


class Placed(Node):
    """A node that knows where it came from; the origin does not take part in equality."""

    origin: Origin | None = Field(default=None)

    def __eq__(self, other: object) -> bool:
        if type(self) is not type(other):
            return NotImplemented
        return all(getattr(self, name) == getattr(other, name) for name in type(self).model_fields if name != "origin")

    def __hash__(self) -> int:
        return hash((type(self), *(getattr(self, name) for name in type(self).model_fields if name != "origin")))
