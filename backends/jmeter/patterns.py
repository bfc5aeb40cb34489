"""Regular expressions: what JMeter's engine (Jakarta ORO, Perl 5) reads as meant, and what needs Java's."""

from __future__ import annotations

import re

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
    """Whether JMeter's own engine reads the pattern as meant."""
    return not _NOT_ORO.search(re.sub(r"\\[^a-zA-Z]", "", pattern))


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
    """The pattern in Java's syntax (named groups are written differently)."""
    return pattern.replace("(?P<", "(?<").replace("(?P=", "\\k<") if "(?P" in pattern else pattern


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
