"""Regular expressions: what JMeter's engine (Jakarta ORO, Perl 5) reads as meant, and what needs Java's."""

from __future__ import annotations

import re

from loadwright.compiler.plan.patterns import Piece, can_be_empty, is_plain, parse_pattern, pieces, reads_units_alike, set_items

_NOT_ORO = re.compile(
    r"""\(\?<  | \(\?P | \(\?>            # look-behind, named and atomic groups
      | \(\?[a-zA-Z-]+: | \(\?[a-zA-Z]*-   # flags for one group only, flags switched off
      | \\[pPuQERhHKNGzkXvV]               # classes and anchors that Perl 5 lacks
      | \\x\{                              # wide hexadecimal escapes
      | [*+?}]\+                           # possessive quantifiers
      | &&                                 # intersection of classes
    """,
    re.VERBOSE,
)

_GROUP = re.compile(r"\((?!\?)|\(\?P?<(?![=!])")
"""The start of a group that captures."""


def is_oro(pattern: str) -> bool:
    """Whether JMeter's own engine, given `oro_pattern`, finds what is meant.

    It reads UTF-16 units, its `\\b` is that of Unicode, and after an empty match it goes on in another way.
    """
    if _NOT_ORO.search(re.sub(r"\\[^a-zA-Z]", "", pattern)):
        return False
    if not is_plain(pattern):
        return True
    found = pieces(pattern)
    if any(piece.text in ("\\b", "\\B") for piece in found) or can_be_empty(parse_pattern(pattern)):
        return False
    return reads_units_alike(pattern) and not any(map(_has_wide_member, found))


def _has_wide_member(piece: Piece) -> bool:
    return piece.kind == "set" and not {"\\D", "\\W", "\\S"}.isdisjoint(set_items(piece.text)[1])


def oro_pattern(pattern: str) -> str:
    """The pattern for JMeter's own engine, whose `\\d`, `\\w` and `\\s` are those of Unicode."""
    if not is_plain(pattern):
        return pattern
    return "".join(_oro_piece(piece) for piece in pieces(pattern))


_CLASSES = {"d": "0-9", "w": "A-Za-z0-9_", "s": " \\t\\n\\r\\f\\x0b"}


def _oro_piece(piece: Piece) -> str:
    if piece.kind == "set":
        negated, items = set_items(piece.text)
        members = (_CLASSES.get(item[1:], item) if item[0] == "\\" else item for item in items)
        return f"[{'^' if negated else ''}{''.join(members)}]"
    if piece.kind == "escape" and piece.text[1].lower() in _CLASSES:
        return f"[{'^' if piece.text[1].isupper() else ''}{_CLASSES[piece.text[1].lower()]}]"
    if piece.text == "\\0":
        return "\\x00"
    return f"\\{piece.text}" if piece.kind == "plain" and piece.text in "{}]" else piece.text


def is_extractable(pattern: str) -> bool:
    """Whether a Regular Expression Extractor gives what is meant: of a group that takes no part it would give `null`."""
    return is_oro(pattern) and not _first_group_is_optional(pattern)


def _first_group_is_optional(pattern: str) -> bool:
    """Whether a match can leave the first group out: it stands in a repetition from zero, or in one of several branches."""
    plain = _without_classes(pattern)
    start = next((m.start() for m in _GROUP.finditer(plain)), None)
    if start is None:
        return False
    opened: list[int] = []
    around: list[int] | None = None
    branches: set[int] = set()
    repeated: set[int] = set()
    for position, c in enumerate(plain):
        if c == "(":
            opened.append(position)
        elif c == ")" and opened:
            closed = opened.pop()
            if re.match(r"[?*]|\{0", plain[position + 1 :]):
                repeated.add(closed)
        elif c == "|":
            branches.add(opened[-1] if opened else -1)
        if position == start:
            around = [-1, *opened]
    return around is not None and (not branches.isdisjoint(around[:-1]) or not repeated.isdisjoint(around))


def escape(text: str) -> str:
    """Text as a pattern that both engines match literally; `-` and `/` are plain outside a class."""
    return re.sub(r"\\([-/])", r"\1", re.escape(text))


def java_pattern(pattern: str) -> str:
    """The pattern in Java's syntax: with the same meaning of `.`, `$` and `\\b`, and named groups as Java writes them."""
    if is_plain(pattern):
        return "".join(_java_piece(piece) for piece in pieces(pattern))
    return pattern.replace("(?P<", "(?<").replace("(?P=", "\\k<") if "(?P" in pattern else pattern


_BEFORE, _AFTER = "(?<=[A-Za-z0-9_])", "(?=[A-Za-z0-9_])"
_NOT_BEFORE, _NOT_AFTER = "(?<![A-Za-z0-9_])", "(?![A-Za-z0-9_])"
_JAVA = {
    ".": "[^\\n]",
    "$": "(?=\\n?\\z)",
    "\\0": "\\x00",
    "\\b": f"(?:{_BEFORE}{_NOT_AFTER}|{_NOT_BEFORE}{_AFTER})",
    "\\B": f"(?:{_BEFORE}{_AFTER}|{_NOT_BEFORE}{_NOT_AFTER})",
}


def _java_piece(piece: Piece) -> str:
    if piece.kind == "set":
        negated, items = set_items(piece.text)
        members = (f"\\{item}" if item in ("[", "&") else _JAVA.get(item, item) if item == "\\0" else item for item in items)
        return f"[{'^' if negated else ''}{''.join(members)}]"
    if piece.kind == "plain":
        return f"\\{piece.text}" if piece.text in "{}]" else piece.text
    return _JAVA.get(piece.text, piece.text)


def extraction_group(pattern: str) -> int:
    """The group that a capture takes: the first, or 0 for the whole match when there is none."""
    return 1 if _GROUP.search(_without_classes(pattern)) else 0


def _without_classes(pattern: str) -> str:
    """The pattern with an `x` for every escape and character class."""
    return re.sub(r"\\.|\[\^?\]?(?:\\.|[^\]\\])*\]", "x", pattern, flags=re.DOTALL)


def header_pattern(name: str, ignore_case: bool = True, value: str = "(.*?)[ \\t]*") -> str:
    """A pattern for a line of response headers; its first group is the value, or what `value` groups.

    Header names compare case-insensitively; with `ignore_case` off, only they do.
    """
    if ignore_case:
        return f"(?im)^{escape(name)}:[ \\t]*{value}$"
    letters = "".join(f"[{c.upper()}{c.lower()}]" if c.isalpha() else escape(c) for c in name)
    return f"(?m)^{letters}:[ \\t]*{value}$"
