"""Steps and what decides which of them happen, and when."""

from __future__ import annotations

from loadwright.compiler.nodes.node import Count, Duration, Expression, Node, Quantity, Statement, Text
from loadwright.compiler.nodes.requests import Request, Stream, Tags


class Variable(Statement, frozen=True):
    """`let NAME = …`."""

    name: Text
    value: Expression


class Step(Statement, frozen=True):
    """`step "…" { … }`."""

    name: Text
    actions: tuple[Flow | Tags, ...]


class Parallel(Statement, frozen=True):
    """`parallel { … }`."""

    requests: tuple[Request, ...]


class Think(Statement, frozen=True):
    """`think 2s to 5s`; without `to` both ends are the same."""

    minimum: Duration
    maximum: Duration


class Comparison(Node, frozen=True):
    """`a = b`, `a < 3`, `a contains "x"`, `a matches /x/`."""

    left: Expression
    relation: str
    right: Expression


class Every(Node, frozen=True):
    """`a and b`."""

    conditions: tuple[Condition, ...]


class Some(Node, frozen=True):
    """`a or b`."""

    conditions: tuple[Condition, ...]


class Negation(Node, frozen=True):
    """`not a`."""

    condition: Condition


Condition = Comparison | Every | Some | Negation


class Branch(Statement, frozen=True):
    """`if … { … }` and each `else if … { … }`."""

    condition: Condition
    nodes: tuple[Flow, ...]


class Otherwise(Statement, frozen=True):
    """`else { … }`."""

    nodes: tuple[Flow, ...]


class If(Statement, frozen=True):
    """`if … { … } else if … { … } else { … }`."""

    branches: tuple[Branch, ...]
    otherwise: Otherwise | None


class Repeat(Statement, frozen=True):
    """`repeat 3 as i { … }`."""

    times: Expression
    index: Text | None
    nodes: tuple[Flow, ...]


class While(Statement, frozen=True):
    """`while …, at most 5, every 1s { … }`."""

    condition: Condition
    at_most: Count
    every: Duration | None
    nodes: tuple[Flow, ...]


class Until(Statement, frozen=True):
    """`until …, at most 5, every 1s { … }`."""

    condition: Condition
    at_most: Count
    every: Duration | None
    nodes: tuple[Flow, ...]


class ForEach(Statement, frozen=True):
    """`for each NAME in …, at most 5 { … }`."""

    name: Text
    values: Expression
    at_most: Count | None
    nodes: tuple[Flow, ...]


class Option(Statement, frozen=True):
    """`70% { … }`."""

    percent: Quantity
    nodes: tuple[Flow, ...]


class Choose(Statement, frozen=True):
    """`choose { 70% { … }; 30% { … } }`."""

    options: tuple[Option, ...]


class Shuffle(Statement, frozen=True):
    """`shuffle { … }`."""

    nodes: tuple[Flow, ...]


class Use(Statement, frozen=True):
    """`use NAME(…)`."""

    fragment: Text
    arguments: tuple[Expression, ...]


class Stop(Statement, frozen=True):
    """`stop iteration` or `stop user`."""

    what: str


class Fail(Statement, frozen=True):
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
