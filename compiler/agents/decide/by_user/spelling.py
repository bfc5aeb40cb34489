"""What the user typed, as applications write it in URLs: `Harvest_notes_f05fa879` for `Harvest notes f05fa879`."""

from __future__ import annotations

from collections.abc import Container, Iterable

from loadwright.compiler.agents.decide.history import History
from loadwright.compiler.agents.decide.ledger import Ledger
from loadwright.compiler.agents.facts import Site, SourceKind
from loadwright.compiler.agents.observe.derive import Chain, evaluate
from loadwright.compiler.agents.values import folded_text
from loadwright.compiler.plan.template import Part, call

BY_SURROUNDINGS: Container[SourceKind] = ("link", "row", "script", "boundary")
"""Kinds of places that are found by what stands around them, or by their number among others."""
_SHORTEST = 4

_SPELLINGS: tuple[Chain, ...] = tuple(
    (("replace", " ", separator), *case) for case in ((), (("lower",),)) for separator in ("_", "-", "+", ".", "")
)


def typed_otherwise(site: Site, value: str, ledger: Ledger) -> Part | None:
    """What makes a value of a text that the user typed before: `search | replace(" ", "_")`."""
    for text, (part, decision) in ledger.bound.items() if len(value) >= _SHORTEST else ():
        if decision.verdict == "parameterise" and " " in text and folded_text(text) == folded_text(value):
            for chain in _SPELLINGS:
                if evaluate(chain, text) == value:
                    decision.uses.append(ledger.where(site))
                    for function, *arguments in chain:
                        part = call(function, part, *arguments)
                    return part
    return None


def is_typed_otherwise(site: Site, value: str, made_up: Iterable[str], history: History) -> bool:
    """Whether a value is what the user typed with a made-up word, spelled otherwise.

    Its made-up word is a variable: with that put in, nothing has to be found in a page.
    """
    words = [word for word in made_up if word in value and word != value]
    return bool(words) and any(
        folded_text(typed) == folded_text(value)
        for typed, sent in history.first_sent.items()
        if sent <= site.started and " " in typed and any(word in typed for word in words)
    )
