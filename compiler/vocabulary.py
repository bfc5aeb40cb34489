"""The words of the language as people see them, read from the grammar: how each is written and where it may stand."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cache

from loadwright import grammar

WORDS = {
    "NAME": "a name",
    "METHOD": "a method in capitals such as `GET`",
    "INT": "a whole number",
    "NUMBER": "a number",
    "JSON_NUMBER": "a number",
    "DURATION": "a duration such as `800ms` or `2s`",
    "RATE": "a rate such as `20/s`",
    "PERCENT": "a share such as `1%`",
    "PERCENTILE": "a percentile such as `p95`",
    "REGEX": "a pattern such as `/a+/`",
    "ATTRIBUTE": "an attribute such as `@value`",
    "QUOTE": "text in quotes",
    "SIZE": "a size such as `20KB`",
    "LONG_TEXT": "text in three quotes",
    "$END": "the end",
}
"""What the terminals that are no keyword and no sign are called."""

_SIGNS = {
    "LBRACE": "{",
    "RBRACE": "}",
    "LSQB": "[",
    "RSQB": "]",
    "LPAR": "(",
    "RPAR": ")",
    "COLON": ":",
    "SEMICOLON": ";",
    "COMMA": ",",
    "DOT": ".",
    "VBAR": "|",
    "AT": "@",
    "PLUS": "+",
    "MINUS": "-",
    "STAR": "*",
    "SLASH": "/",
    "BANG": "!",
}
"""Signs that have no definition in the grammar, by the names that Lark gives them."""

_BLOCKS = {
    "_JOURNEY": "a journey",
    "_STEP": "a step",
    "METHOD": "a request",
    "_LOAD": "a load",
    "_DATA": "a data source",
}
"""Blocks that are called other than their keyword."""


FORMS = {
    "_INTENT": 'intent "Shop"',
    "_TARGET": 'target shop = "https://shop.example.com"',
    "_SECRET": 'secret password from env "SHOP_PASSWORD"',
    "_DATA": 'data users from csv "users.csv"',
    "_LET": 'let region = "eu"',
    "_JOURNEY": 'journey buy { step "Open" { GET "/" } }',
    "_STEP": 'step "Open" { GET "/" }',
    "_PARALLEL": 'parallel { GET "/a"; GET "/b" }',
    "_THINK": "think 2s to 5s",
    "METHOD": 'GET "/path"',
    "_QUERY": "query { page = 2 }",
    "_HEADER": 'header "Accept-Language" = "en-GB"',
    "_REDIRECTS": "redirects follow",
    "_TIMEOUT": "timeout 30s",
    "_FORM": 'form { name = "Ann" }',
    "_JSON": 'json { name: "Ann" }',
    "_TEXT": 'text "<a/>" type "text/xml"',
    "_FILE": 'file "photo.png" type "image/png"',
    "_MULTIPART": 'multipart { photo = file "photo.png" }',
    "_CAPTURE": 'capture order = json "$.order.id"',
    "_LOAD": "load peak { buy: 20/s for 15m }",
    "_GOALS": "goals { p95 < 800ms }",
}
"""How statements look, by the terminal that they start with: for a hint."""

ITEMS = {
    "_LOAD": "buy: 20/s for 15m` or `buy: 5 users for 10m",
    "_GOALS": "p95 < 800ms` or `failures < 1%",
    "_FORM": 'name = "Ann"',
    "_QUERY": "page = 2",
    "_MULTIPART": 'photo = file "photo.png"',
}
"""How the entries of blocks look that start with no keyword."""


@cache
def signs() -> dict[str, str]:
    """How each keyword and sign is written, by its terminal."""
    words = {kind: phrases[0] for kind, phrases in _phrases().items() if len(phrases) == 1}
    literals = re.findall(r'^(_?[A-Z][A-Z_]*)(?:\.\d+)?: "([^"\\]+)"', grammar.text(), re.MULTILINE)
    return {**_SIGNS, **dict(literals), **words}


def written(kind: str) -> str:
    """How a keyword or sign is written; other terminals by their name."""
    return signs().get(kind, kind)


def described(kind: str) -> str:
    """A terminal in plain words."""
    if kind in WORDS:
        return WORDS[kind]
    return listed([f"`{phrase}`" for phrase in _phrases().get(kind, (written(kind),))])


def listed(names: Iterable[str], last: str = "or") -> str:
    """Names in a sentence: `a`, `b` or `c`."""
    *first, final = dict.fromkeys(names)
    return f"{', '.join(first)} {last} {final}" if first else final


@cache
def _phrases() -> dict[str, tuple[str, ...]]:
    """The words that a keyword's terminal stands for: one, or one of several."""
    found: dict[str, tuple[str, ...]] = {}
    for kind, pattern in re.findall(r"^(_?[A-Z][A-Z_]*)\.\d+: /(.+)/$", grammar.text(), re.MULTILINE):
        plain = re.sub(r"\\b|\(\?[=!].*\)$", "", pattern).replace("[ \\t]+", " ").replace("s?", "s")
        match = re.fullmatch(r"\(?([a-z]+(?:[ |][a-z]+)*)\)?", plain)
        if match:
            found[kind] = tuple(match[1].split("|"))
    return found


@cache
def blocks() -> dict[str, str]:
    """What the blocks are called, by the terminal that starts their statement."""
    return {head: _BLOCKS.get(head, f"`{written(head)}`") for head in _contents() if head in _BLOCKS or head in signs()}


@cache
def homes() -> dict[str, tuple[str, ...]]:
    """The blocks in which a statement may stand, by the word that it starts with; the top level is an empty text."""
    found: dict[str, dict[str, None]] = {}
    for head, inside in {"": _starts("start"), **_contents()}.items():
        for kind in inside:
            if not head or head in blocks():
                found.setdefault(written(kind), {})[blocks().get(head, "")] = None
    return {word: tuple(places) for word, places in found.items()}


@cache
def _rules() -> dict[str, str]:
    """The right side of each rule of the grammar."""
    text = re.sub(r"^\s*//.*$", "", grammar.text(), flags=re.MULTILINE)
    found = re.findall(r"^[?!]?(_?[a-z][a-z_0-9]*)(?:\.\d+)?:((?:.|\n(?=[ \t]*\|))*)", text, re.MULTILINE)
    return dict(found)


@cache
def _contents() -> dict[str, tuple[str, ...]]:
    """The first terminals of the statements in each block, by the first terminal of the block's own statement."""
    found: dict[str, tuple[str, ...]] = {}
    for body in _rules().values():
        head = re.match(r"\s*(_?[A-Z][A-Z_]*)\b", body)
        if head:
            inside = tuple(dict.fromkeys(kind for part in _braces(body, 3) for kind in _starts_of(part)))
            found |= {head[1]: (*found.get(head[1], ()), *inside)} if inside else {}
    return found


def _braces(body: str, depth: int) -> Iterator[str]:
    """What a rule has in braces, itself or by a rule that it is made of (`_…`)."""
    yield from re.findall(r'"\{"(.*?)"\}"', body)
    for name in re.findall(r"\b_?[a-z][a-z_]*\b", body) if depth else ():
        if re.match(r'\s*"\{"', _rules().get(name, "")):
            yield from _braces(_rules().get(name, ""), depth - 1)


def _starts_of(part: str) -> Iterator[str]:
    for name in re.findall(r"\b_?[a-z][a-z_]*\b", part):
        yield from _starts(name)


@cache
def _starts(rule: str, depth: int = 4) -> tuple[str, ...]:
    """The terminals that a rule may start with, those of keywords and methods."""
    body = _rules().get(rule, "")
    head = re.match(r"\s*\(*\s*(_?[A-Z][A-Z_]*)\b", body)
    if head:
        return (head[1],)
    names = re.findall(r"\b_?[a-z][a-z_]*\b", body) if depth else []
    if not rule.startswith("_") and rule != "start":
        names = names[:1]  # a rule that starts with another
    return tuple(dict.fromkeys(kind for name in names for kind in _starts(name, depth - 1)))
