"""Which proposed names may stand in an intent."""

from __future__ import annotations

import re
from functools import cache

from loadwright import grammar
from loadwright.compiler.agents.decide.naming import RESERVED
from loadwright.compiler.plan.functions import FUNCTIONS

_IDENTIFIER = re.compile(r"[a-z][a-z0-9_]{0,39}")
_STEP = re.compile(r"[\w .,:;&'()/+#!?@-]{1,60}")
"""The characters of step names that an import makes: none means anything in a script or to a runtime."""


def variable_fault(name: str) -> str:
    """Why a text can be no name of a variable; empty when it can."""
    if not _IDENTIFIER.fullmatch(name):
        return "no lower-case identifier of at most 40 characters"
    if name in keywords():
        return "a word of the language"
    return ""


def step_fault(name: str) -> str:
    """Why a text can be no name of a step; empty when it can."""
    if not _STEP.fullmatch(name) or not name.isprintable():
        return "not one line of at most 60 letters, digits and plain signs"
    if name != " ".join(name.split()) or not any(c.isalnum() for c in name):
        return "blanks at its ends or in a row, or nothing else"
    return ""


@cache
def keywords() -> frozenset[str]:
    """The words that mean something in the language: of the grammar, and the functions."""
    words = re.findall(r"[a-z]+", " ".join(re.findall(r"^_?[A-Z][A-Z_]*(?:\.\d+)?: (.+)$", grammar.text(), re.MULTILINE)))
    return RESERVED | FUNCTIONS.keys() | frozenset(words)
