"""Regular expressions of the language as JavaScript's."""

from __future__ import annotations

import re

from loadwright.backends.k6.literals import string

_PLAIN = re.compile(
    r"""(?: (?:\^|\$|\\[bB])                                                          # anchors are not repeated
          | (?: [^\\\[\](){}^$.|?*+\x00-\x1f\x7f-\uffff\U00010000-\U0010ffff] | \.
              | \\[dDwWsSnrtfv] | \\[^A-Za-z0-9\x00-\x1f\x7f-\uffff\U00010000-\U0010ffff]
              | \[\^?(?:[^\\\[\]\x00-\x1f\x7f-\uffff\U00010000-\U0010ffff]|\\[dDwWsSnrtfv]|\\[^A-Za-z0-9\x00-\x1f])+\]
            ) (?:(?:[*+?]|\{\d+(?:,\d*)?\})\??)?
          | \((?:\?:)? | \)(?:(?:[*+?]|\{\d+(?:,\d*)?\})\??)? | \| )*""",
    re.VERBOSE,
)
"""What JavaScript surely reads as Python does, so that it may stand as a literal."""


def regex(pattern: str, flags: str = "") -> str:
    """An expression that makes the RegExp.

    A pattern beyond the plain ones is made at run time, where a mistake in it fails one request and not the whole script.
    """
    pattern, inline = _portable(pattern)
    flags = "".join(sorted({*flags, *inline}))
    if pattern and _PLAIN.fullmatch(pattern) and _compiles(pattern):
        return f"/{_slashes(pattern)}/{flags}"
    return f"new RegExp({string(pattern)}{f', {string(flags)}' if flags else ''})"


def _portable(pattern: str) -> tuple[str, str]:
    """Python's spelling of leading flags and named groups as JavaScript's."""
    inline = re.match(r"\(\?([ims]+)\)", pattern)
    if inline:
        pattern = pattern[inline.end() :]
    pattern = re.sub(r"(?<!\\)\(\?P<(\w+)>", r"(?<\1>", pattern)
    return re.sub(r"(?<!\\)\(\?P=(\w+)\)", r"\\k<\1>", pattern), inline[1] if inline else ""


def _compiles(pattern: str) -> bool:
    try:
        re.compile(pattern)
    except re.error:
        return False
    return True


def _slashes(pattern: str) -> str:
    """The pattern with each `/` that is not yet escaped escaped, as a literal needs it."""
    return re.sub(r"\\.|/", lambda m: "\\/" if m[0] == "/" else m[0], pattern)
