"""Regular expressions of the language as JavaScript's."""

from __future__ import annotations

import re
import warnings

from loadwright.backends.k6.literals import string
from loadwright.backends.k6.literals import template as template_literal
from loadwright.backends.k6.names import Names
from loadwright.compiler.plan.inserted import pattern_frame
from loadwright.compiler.plan.patterns import Piece, is_plain, pieces, reads_units_alike, set_items
from loadwright.compiler.plan.template import ExtractorText

_PLAIN = re.compile(
    r"""(?: (?:\^|\$|\\[bB])                                                          # anchors are not repeated
          | (?: [^\\\[\](){}^$.|?*+\x00-\x1f\x7f-\uffff\U00010000-\U0010ffff] | \.
              | \\[dDwWsSnrtfv] | \\[^A-Za-z0-9\x00-\x1f\x7f-\uffff\U00010000-\U0010ffff]
              | \[\^?(?:[^\\\[\]\x00-\x1f\x7f-\uffff\U00010000-\U0010ffff]|\\[dDwWsSnrtfv]|\\[^A-Za-z0-9\x00-\x1f])+\]
            ) (?:(?:[*+?]|\{\d+(?:,\d*)?\})\??)?
          | \((?:\?[:=!])? | \)(?:(?:[*+?]|\{\d+(?:,\d*)?\})\??)? | \| )*""",
    re.VERBOSE,
)
"""What JavaScript surely reads as Python does, so that it may stand as a literal."""


def filled_regex(pattern: ExtractorText, names: Names, flags: str = "") -> str:
    """An expression that makes the RegExp of a pattern in which values may stand."""
    framed = pattern_frame(pattern)
    if not framed.values:
        return regex(framed.text, flags)
    translated, inline = _translated(framed.text)
    parts = (
        (False, part) if isinstance(part, str) else (True, f"{names.use('literally')}({names.text(part)})")
        for part in framed.parts(translated)
    )
    return f"new RegExp({template_literal(*parts)}, {string(''.join(sorted({*flags, *inline})))})"


def regex(pattern: str, flags: str = "") -> str:
    """An expression that makes the RegExp.

    A pattern beyond the plain ones is made at run time, where a mistake in it fails one request and not the whole script.
    """
    if is_plain(pattern):
        pattern, inline = _translated(pattern)
    else:
        pattern, inline = _portable(pattern)
    flags = "".join(sorted({*flags, *inline}))
    if pattern and _PLAIN.fullmatch(pattern) and _compiles(pattern):
        return f"/{_slashes(pattern)}/{flags}"
    return f"new RegExp({string(pattern)}{f', {string(flags)}' if flags else ''})"


_SPACE = " \\t-\\r"
_NOT_SPACE = "\\x00-\\x08\\x0e-\\x1f!-\\u{10ffff}"
_SYNTAX = frozenset("^$\\.*+?()[]{}|/")


def _translated(pattern: str) -> tuple[str, str]:
    """A pattern of the portable subset as one of JavaScript, and the flag `u` where it is about whole characters."""
    translated = "".join(map(_piece, pieces(pattern)))
    return translated, "" if reads_units_alike(pattern) and _NOT_SPACE not in translated else "u"


def _piece(piece: Piece) -> str:
    match piece.kind:
        case "dot":
            return "[^\\n]"
        case "end":
            return "(?=\\n?$)"
        case "set":
            negated, items = set_items(piece.text)
            return f"[{'^' if negated else ''}{''.join(map(_in_set, items))}]"
        case "escape":
            return _escape(piece.text)
        case "plain" if piece.text in "{}]":
            return f"\\{piece.text}"
        case _:
            return piece.text


_EDGES = {"\\b": r"(?:(?<=\w)(?!\w)|(?<!\w)(?=\w))", "\\B": r"(?:(?<=\w)(?=\w)|(?<!\w)(?!\w))"}
"""k6's own `\\b` also stands beside letters beyond ASCII, which its `\\w` does not match."""


def _escape(text: str) -> str:
    if text in _EDGES:
        return _EDGES[text]
    if text[1] in "sS":
        return f"[{'^' if text[1] == 'S' else ''}{_SPACE}]"
    if text == "\\0":
        return "\\x00"
    return text if text[1].isascii() and (text[1].isalnum() or text[1] in _SYNTAX) else text[1]


def _in_set(item: str) -> str:
    if item == "\\s":
        return _SPACE
    if item == "\\S":
        return _NOT_SPACE
    if item == "\\0":
        return "\\x00"
    if item == "[":
        return "\\["
    if len(item) == 1 or item[1] in "-]^\\" or (item[1].isascii() and item[1].isalnum()):
        return item
    return item if item[1] in _SYNTAX else item[1]


def _portable(pattern: str) -> tuple[str, str]:
    """Python's spelling of leading flags and named groups as JavaScript's."""
    inline = re.match(r"\(\?([ims]+)\)", pattern)
    if inline:
        pattern = pattern[inline.end() :]
    pattern = re.sub(r"(?<!\\)\(\?P<(\w+)>", r"(?<\1>", pattern)
    return re.sub(r"(?<!\\)\(\?P=(\w+)\)", r"\\k<\1>", pattern), inline[1] if inline else ""


def _compiles(pattern: str) -> bool:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            re.compile(pattern)
    except re.error:
        return False
    return True


def _slashes(pattern: str) -> str:
    """The pattern with each `/` that is not yet escaped escaped, as a literal needs it."""
    return re.sub(r"\\.|/", lambda m: "\\/" if m[0] == "/" else m[0], pattern)
