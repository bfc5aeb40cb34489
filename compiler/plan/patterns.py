"""The regular expressions of the language as pieces and as a tree, for what judges them and for what writes them in a dialect.

`\\d`, `\\w`, `\\s` and `\\b` are those of ASCII, `.` is everything but a line feed, one character is one code point, and `$` stands
at the end or before a line feed that ends the text: Python's `re` with `re.ASCII` is the reference.
"""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterator
from functools import cache
from itertools import accumulate, pairwise

from msgspec import Struct

_PIECE = re.compile(
    r"""(?P<set>\[\^?\]?(?:\\.|[^\]\\])*\])
      | (?P<escape>\\(?:x[0-9a-fA-F]{2}|[1-9][0-9]?|.))
      | (?P<open>\((?:\?[:=!])?)
      | (?P<close>\))
      | (?P<times>(?:[*+?]|\{\d+(?:,\d*)?\})\??)
      | (?P<either>\|)
      | (?P<start>\^) | (?P<end>\$) | (?P<dot>\.)
      | (?P<plain>.)""",
    re.VERBOSE | re.DOTALL,
)
_ITEM = re.compile(r"\\x[0-9a-fA-F]{2}|\\.|.", re.DOTALL)


class Piece(Struct, frozen=True):
    """A part of a pattern."""

    kind: str
    """`set`, `escape`, `open`, `close`, `times`, `either`, `start`, `end`, `dot` or `plain`."""
    text: str


def pieces(pattern: str) -> list[Piece]:
    """A valid pattern in pieces."""
    return [Piece(match.lastgroup or "plain", match[0]) for match in _PIECE.finditer(pattern)]


def is_plain(pattern: str) -> bool:
    """Whether a pattern is valid and has no groups but `(…)`, `(?:…)`, `(?=…)` and `(?!…)`, in each other to some depth.

    Then its pieces are as they seem.
    """
    found = pieces(pattern)
    has_plain_groups = not any(a.kind == "open" and b.kind == "times" for a, b in pairwise(found))
    return has_plain_groups and _is_valid(pattern) and _depth(found) <= _DEEPEST


_DEEPEST = 50


def _depth(found: list[Piece]) -> int:
    steps = ({"open": 1, "close": -1}.get(piece.kind, 0) for piece in found)
    return max(accumulate(steps), default=0)


def _is_valid(pattern: str) -> bool:
    try:
        compile_pattern(pattern)
    except (re.error, OverflowError, RecursionError, FutureWarning):
        return False
    return True


def compile_pattern(pattern: str) -> re.Pattern[str]:
    """The pattern as the reference reads it. Raises FutureWarning for a set that Python is going to read in another way."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        warnings.simplefilter("error", FutureWarning)
        return re.compile(pattern, re.ASCII)


def set_items(text: str) -> tuple[bool, list[str]]:
    """Whether a set (`[…]`) is negated, and its members, escapes whole."""
    negated = text.startswith("[^")
    return negated, _ITEM.findall(text[2 if negated else 1 : -1])


def is_wide(piece: Piece) -> bool:
    """Whether a piece stands for characters of all kinds, beyond the Basic Multilingual Plane too."""
    if piece.kind == "set":
        return piece.text.startswith("[^") or any(item in ("\\D", "\\W", "\\S") for item in set_items(piece.text)[1])
    return piece.kind == "dot" or (piece.kind == "escape" and piece.text in ("\\D", "\\W", "\\S"))


def reads_units_alike(pattern: str) -> bool:
    """Whether a plain pattern finds the same where an engine reads UTF-16 units instead of characters.

    It does when each wide piece is repeated without bounds up to something else, and no other piece is beyond the Basic
    Multilingual Plane.
    """
    found = pieces(pattern)
    return max(pattern, default="") <= "\uffff" and all(_ends_alike(found[i + 1 :]) for i, p in enumerate(found) if is_wide(p))


def _ends_alike(rest: list[Piece]) -> bool:
    """Whether what follows a wide piece repeats it without bounds, up to one certain character or the end."""
    if not rest or rest[0].kind != "times" or rest[0].text[0] not in "*+":
        return False
    for i, piece in enumerate(rest[1:], 1):
        times = rest[i + 1].text if i + 1 < len(rest) and rest[i + 1].kind == "times" else ""
        if (piece.kind == "close" and not times) or (piece.kind == "open" and piece.text != "(?!"):
            continue
        if piece.kind == "end":
            return True
        is_again = piece.kind == "escape" and piece.text[1] in "123456789bB"
        is_one = piece.kind in ("plain", "set", "escape") and not is_wide(piece) and not is_again
        return is_one and times[:1] in ("", "+")
    return not rest[0].text.endswith("?")


# --- the tree ---------------------------------------------------------------------------------------------------------


class Chars(Struct, frozen=True):
    """One character of some."""

    members: frozenset[str]
    """Those of the characters that are looked at."""


class Anchor(Struct, frozen=True):
    """`^`, `$`, `\\b`, `\\B`, or a look ahead with its body."""

    negated: bool = False
    body: Node | None = None


class Again(Struct, frozen=True):
    """`\\1`: what a group matched."""

    number: int


class Group(Struct, frozen=True):
    """`(…)`, or `(?:…)` without a number."""

    body: Node
    number: int | None


class Repeat(Struct, frozen=True):
    """A body several times; `most` is None for no bound."""

    body: Node
    least: int
    most: int | None
    is_lazy: bool


class Sequence(Struct, frozen=True):
    """One after the other."""

    items: tuple[Node, ...]


class Choice(Struct, frozen=True):
    """`a|b`."""

    options: tuple[Node, ...]


Node = Chars | Anchor | Again | Group | Repeat | Sequence | Choice

_SEEN = frozenset(map(chr, range(128))) | frozenset("\x85\xa0é\u2028漢\U0001f600")


def parse_pattern(pattern: str) -> Node:
    """The tree of a valid pattern that has plain groups only."""
    return _Parser(pattern).choice()


class _Parser:
    def __init__(self, pattern: str) -> None:
        self.pieces = pieces(pattern)
        self.position = 0
        self.groups = 0
        self.alphabet = _SEEN | frozenset(pattern)

    def peek(self) -> Piece | None:
        return self.pieces[self.position] if self.position < len(self.pieces) else None

    def choice(self) -> Node:
        options = [self.sequence()]
        while (piece := self.peek()) and piece.kind == "either":
            self.position += 1
            options.append(self.sequence())
        return options[0] if len(options) == 1 else Choice(tuple(options))

    def sequence(self) -> Node:
        items: list[Node] = []
        while (piece := self.peek()) and piece.kind not in ("either", "close"):
            self.position += 1
            node = self.atom(piece)
            while (times := self.peek()) and times.kind == "times":
                self.position += 1
                node = _repeat(node, times.text)
            items.append(node)
        return items[0] if len(items) == 1 else Sequence(tuple(items))

    def atom(self, piece: Piece) -> Node:
        if piece.kind == "open":
            return self.group(piece.text)
        if piece.kind in ("start", "end") or piece.text in ("\\b", "\\B"):
            return Anchor()
        if piece.kind == "escape" and piece.text[1] in "123456789":
            return Again(int(piece.text[1:]))
        return Chars(_members(piece.text if piece.kind != "plain" else re.escape(piece.text), self.alphabet))

    def group(self, opening: str) -> Node:
        if opening == "(":
            self.groups += 1
        number = self.groups if opening == "(" else None
        body = self.choice()
        self.position += 1
        return Anchor(opening == "(?!", body) if opening in ("(?=", "(?!") else Group(body, number)


def _repeat(body: Node, times: str) -> Repeat:
    bounds = re.match(r"\{(\d+)(?:(,)(\d*))?\}", times)
    if bounds:
        least = int(bounds[1])
        return Repeat(body, least, (int(bounds[3]) if bounds[3] else None) if bounds[2] else least, times.endswith("}?"))
    least, most = {"*": (0, None), "+": (1, None), "?": (0, 1)}[times[0]]
    return Repeat(body, least, most, len(times) > 1)


@cache
def _members(text: str, alphabet: frozenset[str]) -> frozenset[str]:
    pattern = compile_pattern(text)
    return frozenset(c for c in alphabet if pattern.fullmatch(c))


def can_be_empty(node: Node) -> bool:
    """Whether a node can match no character."""
    match node:
        case Chars():
            return False
        case Anchor() | Again():
            return True
        case Group(body=body):
            return can_be_empty(body)
        case Repeat(body=body, least=least):
            return least == 0 or can_be_empty(body)
        case Sequence(items=items):
            return all(map(can_be_empty, items))
        case Choice(options=options):
            return any(map(can_be_empty, options))


def first(node: Node) -> frozenset[str]:
    """The characters that a node can begin with."""
    match node:
        case Chars(members=members):
            return members
        case Anchor():
            return frozenset()
        case Again():
            return _SEEN
        case Group(body=body) | Repeat(body=body):
            return first(body)
        case Sequence(items=items):
            found: frozenset[str] = frozenset()
            for item in items:
                found |= first(item)
                if not can_be_empty(item):
                    break
            return found
        case Choice(options=options):
            return frozenset[str]().union(*map(first, options))


def children(node: Node) -> Iterator[Node]:
    """The nodes directly inside a node."""
    match node:
        case Anchor(body=body):
            yield from () if body is None else (body,)
        case Group(body=body) | Repeat(body=body):
            yield body
        case Sequence(items=nodes) | Choice(options=nodes):
            yield from nodes
        case _:
            return


def groups_inside(node: Node) -> frozenset[int]:
    """The numbers of the capturing groups in a node."""
    own = {node.number} if isinstance(node, Group) and node.number else set()
    return frozenset(own).union(*map(groups_inside, children(node)))


def surely_set(node: Node) -> frozenset[int]:
    """The numbers of the groups that have matched wherever a node has."""
    match node:
        case Group(body=body, number=number):
            return surely_set(body) | ({number} if number else frozenset())
        case Repeat(body=body, least=least):
            return surely_set(body) if least else frozenset()
        case Sequence(items=items):
            return frozenset[int]().union(*map(surely_set, items))
        case Choice(options=options):
            return frozenset.intersection(*map(surely_set, options))
        case Anchor(body=body, negated=False):
            return frozenset() if body is None else surely_set(body)
        case _:
            return frozenset()
