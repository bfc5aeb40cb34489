"""Journeys: steps, and what decides which of them happen, and when."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Literal

from pydantic import Field

from loadwright.compiler.plan.condition import Condition
from loadwright.compiler.plan.declarations import Variable
from loadwright.compiler.plan.node import Placed
from loadwright.compiler.plan.request import Parallel, Request, Stream, Think
from loadwright.compiler.plan.template import Template


class Branch(Placed):
    """What is done when a condition holds."""

    condition: Condition
    nodes: tuple[Node, ...] = ()


class If(Placed):
    """The first branch whose condition holds is taken, else `otherwise`."""

    kind: Literal["if"] = "if"
    branches: tuple[Branch, ...] = Field(min_length=1)
    otherwise: tuple[Node, ...] | None = None


class Repeat(Placed):
    """The nodes are done a number of times; `times` that is no whole number above zero is none."""

    kind: Literal["repeat"] = "repeat"
    times: Template
    index: str | None = None
    """A name that holds the number of the pass, from 1."""
    nodes: tuple[Node, ...] = ()


class While(Placed):
    """While the condition holds the nodes are done, at most so often; the bound ends the loop without a failure."""

    kind: Literal["while"] = "while"
    condition: Condition
    at_most: int = Field(ge=1)
    every: int = 0
    """Milliseconds of pause between two passes."""
    nodes: tuple[Node, ...] = ()


class Until(Placed):
    """The nodes are done, and again until the condition holds after a pass.

    When it does not hold after `at_most` passes the iteration fails: `flow: not so after 10 passes: state = "paid"`.
    """

    kind: Literal["until"] = "until"
    condition: Condition
    at_most: int = Field(ge=1)
    every: int = 0
    """Milliseconds of pause between two passes."""
    nodes: tuple[Node, ...] = ()


class ForEach(Placed):
    """The nodes are done for each item of a list; a text that is no JSON array is a list of itself, an empty text of nothing."""

    kind: Literal["for each"] = "for each"
    name: str
    """Holds the item: a string as it is, any other value as compact JSON."""
    values: Template
    at_most: int | None = Field(default=None, ge=1)
    nodes: tuple[Node, ...] = ()


class Option(Placed):
    """What is done with a probability, in percent."""

    percent: Decimal
    nodes: tuple[Node, ...] = ()


class Choose(Placed):
    """One of the options by chance; what the percentages leave of 100 is the chance that nothing is done."""

    kind: Literal["choose"] = "choose"
    options: tuple[Option, ...] = Field(min_length=1)


class Shuffle(Placed):
    """Each of the nodes once, in random order."""

    kind: Literal["shuffle"] = "shuffle"
    nodes: tuple[Node, ...] = ()


class Use(Placed):
    """A fragment's nodes, with its parameters as variables; backends get a Plan in which `expand` has put them in place."""

    kind: Literal["use"] = "use"
    fragment: str
    arguments: tuple[Template, ...] = ()


class Stop(Placed):
    """Ends the iteration, or the user after its teardown; no failure."""

    kind: Literal["stop"] = "stop"
    what: Literal["iteration", "user"]


class Fail(Placed):
    """Fails the iteration with a message, reported as `flow: MESSAGE`."""

    kind: Literal["fail"] = "fail"
    message: str


class Step(Placed):
    """What the user does as one action; reported as a transaction, pauses not counted. Steps do not nest."""

    kind: Literal["step"] = "step"
    name: str
    """Unique within the Plan, but for a fragment's that is used several times."""
    tags: tuple[str, ...] = ()
    actions: tuple[Node, ...] = ()


Node = Annotated[
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
    | Fail,
    Field(discriminator="kind"),
]
"""What a journey, a step or a block of flow holds; requests and streams stand inside a step, steps outside of one."""

Action = Node


class Fragment(Placed):
    """Nodes with a name and parameters, used in journeys by `Use`."""

    name: str
    parameters: tuple[str, ...] = ()
    nodes: tuple[Node, ...] = ()


class Journey(Placed):
    """What one virtual user does in one iteration.

    `setup` is done once by each user before its first iteration, `teardown` once after its last; a setup that fails ends the
    user. What they set stays set. In an open model every arrival is a user of its own.
    """

    name: str
    title: str = ""
    tags: tuple[str, ...] = ()
    cookies: Literal["clear", "keep"] | None = None
    """Whether the jar is emptied before each iteration; None: `keep` with a setup, else `clear`."""
    setup: tuple[Node, ...] = ()
    nodes: tuple[Node, ...]
    teardown: tuple[Node, ...] = ()

    @property
    def keeps_cookies(self) -> bool:
        """Whether the jar lives as long as the user."""
        return bool(self.setup) if self.cookies is None else self.cookies == "keep"
