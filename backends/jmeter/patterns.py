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


def is_oro(pattern: str) -> bool:
    """Whether JMeter's own engine reads the pattern as meant."""
    return not _NOT_ORO.search(re.sub(r"\\[^a-zA-Z]", "", pattern))


def escape(text: str) -> str:
    """Text as a pattern that both engines match literally; `-` and `/` are plain outside a class."""
    return re.sub(r"\\([-/])", r"\1", re.escape(text))


def java_pattern(pattern: str) -> str:
    """The pattern in Java's syntax (named groups are written differently)."""
    return pattern.replace("(?P<", "(?<").replace("(?P=", "\\k<") if "(?P" in pattern else pattern


def extraction_group(pattern: str) -> int:
    """The group that a capture takes: the first, or 0 for the whole match when there is none."""
    without_classes = re.sub(r"\\.|\[\^?\]?(?:\\.|[^\]\\])*\]", "", pattern, flags=re.DOTALL)
    return 1 if re.search(r"\((?!\?)|\(\?P?<(?![=!])", without_classes) else 0


def header_pattern(name: str, ignore_case: bool = True, value: str = "(.*?)[ \\t]*") -> str:
    """A pattern for a line of response headers; its first group is the value, or what `value` groups.

    Header names compare case-insensitively; with `ignore_case` off, only they do.
    """
    if ignore_case:
        return f"(?im)^{escape(name)}:[ \\t]*{value}$"
    letters = "".join(f"[{c.upper()}{c.lower()}]" if c.isalpha() else escape(c) for c in name)
    return f"(?m)^{letters}:[ \\t]*{value}$"
