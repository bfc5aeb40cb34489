"""Sentences made from the grammar itself: Hypothesis reads the Lark grammar, words for its terminals come from here."""

from __future__ import annotations

import re

from hypothesis import strategies as st
from hypothesis.extra.lark import from_lark
from lark import Lark
from lark.lexer import TerminalDef

from loadwright import grammar

_NAMES = ("shop", "users", "id", "file", "type", "json", "name", "text", "count")
_WORDS: dict[str, tuple[str, ...]] = {
    "NAME": _NAMES,
    "METHOD": ("GET", "POST", "PUT"),
    "INT": ("1", "3", "200", "404"),
    "NUMBER": ("0", "3", "-2.5"),
    "JSON_NUMBER": ("0", "-1", "2.50", "1e3"),
    "DURATION": ("500ms", "1s", "1.5s", "2m"),
    "RATE": ("5/s", "0.5/m"),
    "PERCENT": ("100%", "50%", "12.5%"),
    "PERCENTILE": ("p95", "p99.9"),
    "SIZE": ("10B", "2MB"),
    "REGEX": ("/a/", "/x+\\/(y|z)/", "/a${id | lower}b/"),
    "ATTRIBUTE": ("@value", "@data-id"),
    "LONG_TEXT": ('"""\n  query { me }\n  """',),
    "CHARACTERS": ("a", "/items", "$.id", "# no comment", "é"),
    "ESCAPE": ("\\n", '\\"', "\\u{41}"),
    "ROW_SHARING": ("per run", "unique per user"),
    "TEXT_RELATION": ("contains", "starts with"),
    "SOFT_RULE": ("json member", "login form", "error message"),
    "_MIX": ("mix",),
    "_FILE_PART": ("file",),
    "_PART_NAME": ("name",),
    "_PART_TYPE": ("type",),
    "_NUMBER_CALL": ("number",),
}
"""What stands for a terminal whose pattern says more than its words."""

_INSIDE_QUOTES = ("QUOTE", "CHARACTERS", "ESCAPE", "_INTERPOLATE", "RBRACE")
_NEVER = ("_LINE_END", "_BAD_ESCAPE")
"""Terminals that stand in the grammar for what has an error of its own."""


def sentences(start: str) -> st.SearchStrategy[str]:
    """Texts that the grammar has from a rule on."""
    text = re.sub(r"^%ignore .*$", "", grammar.text(), flags=re.MULTILINE)  # else white space would come into quotes
    lark = Lark(text, parser="lalr", lexer="contextual", start=start)
    explicit = {terminal.name: _terminal(terminal) for terminal in lark.terminals}
    return from_lark(lark, start=start, explicit=explicit)


def _terminal(terminal: TerminalDef) -> st.SearchStrategy[str]:
    if terminal.name in _NEVER:
        return st.nothing()
    words = _WORDS.get(terminal.name) or _alternatives(terminal.pattern.to_regexp())
    after = ("",) if terminal.name in _INSIDE_QUOTES else (" ", "\n", " # a comment\n")
    return st.sampled_from([word + end for end in after for word in words])


def _alternatives(pattern: str) -> list[str]:
    """The words of a keyword's pattern: `(on|off)\\b`, `users?\\b`, `one[ \\t]+of\\b`."""
    plain = re.sub(r"\[ (\t|\\t)\]\+", " ", pattern.replace("\\b", ""))
    inner = plain[1:-1] if re.fullmatch(r"\([^()]*\)", plain) else plain
    words = [re.sub(r"(\w)\?", r"\1", word) for word in re.split(r"(?<!\\)\|", inner)]
    return [re.sub(r"\\(.)", r"\1", word) for word in words]
