"""What an adviser is asked and what it may answer. A question holds no recorded value; an answer holds proposals alone."""

from __future__ import annotations

from typing import Annotated, Protocol

from pydantic import BaseModel, ConfigDict, Field


class _Fact(BaseModel):
    model_config = ConfigDict(frozen=True)


class ValueClass(_Fact):
    """What a value is like, without the value."""

    kind: str
    length: int
    alphabet: str


class StepFact(_Fact):
    """A step: its present name, and its requests as method and path without values."""

    id: str
    name: str
    requests: tuple[str, ...]


class VariableFact(_Fact):
    """A value with a name: where it comes from, where it is sent, what it is like."""

    id: str
    name: str
    comes_from: str
    sent_in: tuple[str, ...]
    value: ValueClass | None = None


class CandidateFact(_Fact):
    """A place in an earlier response that held an unresolved value when it was recorded."""

    id: str
    place: str


class UnresolvedFact(_Fact):
    """A value without a source, and the places that it might be taken from."""

    id: str
    name: str
    sent_in: tuple[str, ...]
    value: ValueClass
    candidates: tuple[CandidateFact, ...]


class Question(_Fact):
    """Everything that an adviser gets to know."""

    steps: tuple[StepFact, ...] = ()
    variables: tuple[VariableFact, ...] = ()
    unresolved: tuple[UnresolvedFact, ...] = ()


class _Proposal(BaseModel):
    model_config = ConfigDict(frozen=True, strict=True, extra="forbid")


Id = Annotated[str, Field(max_length=20)]


class NameProposal(_Proposal):
    """A name for a step or variable, by its id."""

    id: Id
    name: Annotated[str, Field(max_length=400)]


class SourceProposal(_Proposal):
    """Candidates of an unresolved value by their ids, the most likely first."""

    id: Id
    candidates: Annotated[list[Id], Field(max_length=20)]


class Answer(_Proposal):
    """What an adviser proposes; nothing of it is believed."""

    steps: Annotated[list[NameProposal], Field(max_length=500)] = []
    variables: Annotated[list[NameProposal], Field(max_length=500)] = []
    unresolved: Annotated[list[SourceProposal], Field(max_length=100)] = []


class AdviceError(Exception):
    """There is no usable advice; the text says why and holds nothing of what was answered."""


class Adviser(Protocol):
    """Who may be asked."""

    def advise(self, question: Question) -> Answer:
        """Proposals for a question; raises AdviceError when there are none."""
        ...
