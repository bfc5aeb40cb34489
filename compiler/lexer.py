"""Lark's contextual lexer with keywords looked up: to compile all of them for each context takes longer than to read most texts."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from copy import copy
from functools import cached_property
from typing import Any

from lark.lexer import AbstractBasicLexer, BasicLexer, ContextualLexer, TerminalDef
from lark.utils import TextSlice

_KEYWORDS = re.compile(r"\(?([a-z_]+\??(?:\|[a-z_]+\??)*)\)?\\b")
"""The pattern of a terminal that is one of some words."""
_WORD = "WORD_"
_ANY_WORD = rf"(?P<{_WORD}>[a-z_]+\b)"
_NAME = "NAME"
"""What a word is that is no keyword in its context."""


class Lexer(ContextualLexer):
    """Takes the terminals that the parser's state accepts; what a state needs is made when the state is reached."""

    def __init__(self, conf: Any, states: Mapping[int, Collection[str]], always_accept: Collection[str] = ()) -> None:
        self._conf = conf
        self.lexers = _OfStates(conf, states, {*conf.ignore, *always_accept})

    @cached_property
    def root_lexer(self) -> BasicLexer:  # type: ignore[override]  # an attribute there, made at once
        """Takes every terminal, to tell what stands where none fits."""
        return _OneContext(self._conf)


class _OfStates(dict[int, AbstractBasicLexer]):
    """The lexer of each state; states that accept the same have the same one."""

    def __init__(self, conf: Any, states: Mapping[int, Collection[str]], always: Collection[str]) -> None:
        super().__init__()
        self._conf, self._states, self._always = conf, states, always
        self._made: dict[frozenset[str], AbstractBasicLexer] = {}

    def __missing__(self, state: int) -> AbstractBasicLexer:
        accepted = frozenset((*self._states[state], *self._always))
        if accepted not in self._made:
            conf = copy(self._conf)
            conf.terminals = [terminal for terminal in conf.terminals if terminal.name in accepted]
            self._made[accepted] = _OneContext(conf)
        self[state] = self._made[accepted]
        return self[state]


class _OneContext(BasicLexer):
    """Takes some terminals."""

    def _build_scanner(self) -> _Scanner:  # type: ignore[override]  # all that is asked of one
        self.callback = dict(self.user_callbacks)
        return _Scanner(self.terminals)


class _Scanner:
    """Finds which of some terminals, in the order of their precedence, stands at a place."""

    def __init__(self, terminals: Collection[TerminalDef]) -> None:
        self.allowed_types = {terminal.name for terminal in terminals}
        self._words: dict[str, str] = {}
        before: list[str] = []
        after: list[str] = []
        for terminal in terminals:
            pattern = terminal.pattern.to_regexp()
            words = list(_words(pattern))
            for word in words:
                self._words.setdefault(word, terminal.name)
            if not words:
                (before if terminal.priority > 1 else after).append(f"(?P<{terminal.name}>{pattern})")
        self._match = re.compile("|".join([*before, *([_ANY_WORD] if self._words else ()), *after])).match

    def match(self, text: TextSlice[str], position: int) -> tuple[str, str | None] | None:
        """The text and the name of the terminal at a place."""
        found = self._match(text.text, position, text.end)
        if found is None:
            return None
        if found.lastgroup != _WORD:
            return found[0], found.lastgroup
        kind = self._words.get(found[0], _NAME)
        return (found[0], kind) if kind in self.allowed_types else None


def _words(pattern: str) -> Iterator[str]:
    """The words that a terminal is made of; none where it is anything else."""
    found = _KEYWORDS.fullmatch(pattern)
    for word in found[1].split("|") if found else ():
        yield word.removesuffix("?")
        if word.endswith("?"):
            yield word[:-2]
