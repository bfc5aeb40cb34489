"""Steps and what decides which of them happen, and when."""

from __future__ import annotations

from dataclasses import dataclass

from loadwright.compiler.nodes.node import Count, Duration, Expression, Node, Quantity, Statement, Text
from loadwright.compiler.nodes.requests import Request, Stream, Tags


@dataclass(frozen=True, slots=True)
class Variable(Statement):
    """`let NAME = …`."""

    name: Text
    value: Expression


@dataclass(frozen=True, slots=True)
class Step(Statement):
    """`step "…" { … }`."""

    name: Text
    actions: tuple[Flow | Tags, ...]


@dataclass(frozen=True, slots=True)
class Parallel(Statement):
    """`parallel { … }`."""

    requests: tuple[Request, ...]


@dataclass(frozen=True, slots=True)
class Think(Statement):
    """`think 2s to 5s`; without `to` both ends are the same."""

    minimum: Duration
    maximum: Duration


@dataclass(frozen=True, slots=True)
class Comparison(Node):
    """`a = b`, `a < 3`, `a contains "x"`, `a matches /x/`."""

    left: Expression
    relation: str
    right: Expression


@dataclass(frozen=True, slots=True)
class Every(Node):
    """`a and b`."""

    conditions: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class Some(Node):
    """`a or b`."""

    conditions: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class Negation(Node):
    """`not a`."""

    condition: Condition


Condition = Comparison | Every | Some | Negation


@dataclass(frozen=True, slots=True)
class Branch(Statement):
    """`if … { … }` and each `else if … { … }`."""

    condition: Condition
    nodes: tuple[Flow, ...]


@dataclass(frozen=True, slots=True)
class Otherwise(Statement):
    """`else { … }`."""

    nodes: tuple[Flow, ...]


@dataclass(frozen=True, slots=True)
class If(Statement):
    """`if … { … } else if … { … } else { … }`."""

    branches: tuple[Branch, ...]
    otherwise: Otherwise | None


@dataclass(frozen=True, slots=True)
class Repeat(Statement):
    """`repeat 3 as i { … }`."""

    times: Expression
    index: Text | None
    nodes: tuple[Flow, ...]


@dataclass(frozen=True, slots=True)
class While(Statement):
    """`while …, at most 5, every 1s { … }`."""

    condition: Condition
    at_most: Count
    every: Duration | None
    nodes: tuple[Flow, ...]


@dataclass(frozen=True, slots=True)
class Until(Statement):
    """`until …, at most 5, every 1s { … }`."""

    condition: Condition
    at_most: Count
    every: Duration | None
    nodes: tuple[Flow, ...]


@dataclass(frozen=True, slots=True)
class ForEach(Statement):
    """`for each NAME in …, at most 5 { … }`."""

    name: Text
    values: Expression
    at_most: Count | None
    nodes: tuple[Flow, ...]


@dataclass(frozen=True, slots=True)
class Option(Statement):
    """`70% { … }`."""

    percent: Quantity
    nodes: tuple[Flow, ...]


@dataclass(frozen=True, slots=True)
class Choose(Statement):
    """`choose { 70% { … }; 30% { … } }`."""

    options: tuple[Option, ...]


@dataclass(frozen=True, slots=True)
class Shuffle(Statement):
    """`shuffle { … }`."""

    nodes: tuple[Flow, ...]


@dataclass(frozen=True, slots=True)
class Use(Statement):
    """`use NAME(…)`."""

    fragment: Text
    arguments: tuple[Expression, ...]


@dataclass(frozen=True, slots=True)
class Stop(Statement):
    """`stop iteration` or `stop user`."""

    what: str


@dataclass(frozen=True, slots=True)
class Fail(Statement):
    """`fail "…"`."""

    message: Text


Flow = (
    Step
    | Request
    | Parallel
    | Stream
    | Think
    | Variable
    | If
    | Repeat
    | While
    | Until
    | ForEach
    | Choose
    | Shuffle
    | Use
    | Stop
    | Fail
)
