"""Names and values of a query or form, parted by `&`, or by `;` as Perl's CGI writes them (HTML 4.01, appendix B.2.2)."""

from __future__ import annotations

import re
from urllib.parse import parse_qsl

_PAIR = re.compile(r"[\w.%$\[\]:-]{1,100}=[^=;]*", re.ASCII)


def separator(text: str) -> str:
    """What parts the pairs of a query or form; a `;` that stands in a value parts none."""
    if ";" not in text or "&" in text:
        return "&"
    pairs = [pair for pair in text.split(";") if pair]
    return ";" if len(pairs) > 1 and all(map(_PAIR.fullmatch, pairs)) else "&"


def named_values(text: str, keep_blank_values: bool = False) -> list[tuple[str, str]]:
    """The decoded names and values of a query or form."""
    return parse_qsl(text, keep_blank_values=keep_blank_values, separator=separator(text))
