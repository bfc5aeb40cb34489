"""What an answer in XML is known by: the first element in its root, and a word by which it says that all went well."""

from __future__ import annotations

import re
from collections.abc import Sequence

from loadwright.compiler.plan.model import Expectation, TextExpectation
from loadwright.compiler.plan.template import template

_PROLOG = re.compile(r"\ufeff?\s*(?:<\?[^>]*\?>\s*|<!--.*?-->\s*|<!DOCTYPE[^<>\[]*>\s*)*", re.DOTALL | re.IGNORECASE)
_FIRST = re.compile(r"<[A-Za-z_][\w:.-]{0,80}(?:\s[^<>]*)?>\s*(<[A-Za-z_][A-Za-z_:.-]{0,80})(?=[\s/>])")
_ENVELOPE = re.compile(r"<(?:[\w.-]{1,20}:)?Envelope[\s>]")
_BODY = re.compile(r"<(?:[\w.-]{1,20}:)?Body(?:\s[^<>]*)?(?<!/)>")
"""What every answer of SOAP has, also one that tells of a fault."""
_ELEMENT = re.compile(r"\s*<(?:([\w.-]{1,20}):)?([A-Za-z_][\w.-]{0,80})(?=[\s/>])")
_WENT_WELL = re.compile(
    r"<((?:[\w.-]{1,20}:)?(?:status|state|result|outcome))>(?:ok|succeeded|success|successful)</\1>", re.IGNORECASE
)


def is_xml(media_type: str) -> bool:
    """Whether a media type is of XML that is no page and no picture."""
    return media_type.endswith("xml") and media_type not in ("application/xhtml+xml", "image/svg+xml")


def xml_markers(text: str, others: Sequence[str]) -> list[Expectation]:
    """The name of the first element in the root, and the word of an outcome, each where all recordings have the same.

    An answer that failed has another one: `<error>` or `<redirect>` in place of `<changes>` (JSF), `<redirect>` in place of
    `<component>` (Wicket), `<Fault>` in the body of SOAP; and where a log-in is answered with a redirect, a refused one brings
    the form again.
    """
    shown = ({marker(one) for one in (text, *others)} for marker in (_first, _went_well))
    told = [next(iter(markers)) for markers in shown if len(markers) == 1]
    return [TextExpectation(relation="contains", value=template(marker)) for marker in told if marker]


def _first(text: str) -> str:
    prolog = _PROLOG.match(text)
    start = prolog.end() if prolog else 0
    body = _BODY.search(text) if _ENVELOPE.match(text, start) else None
    if body is None:
        return found[1] if (found := _FIRST.match(text, start)) else ""
    answer = _ELEMENT.match(text, body.end())
    prefix, name = answer.groups() if answer else (None, "")
    if prefix is None:
        return name and f"<{name}"
    return f":{name}" if any(map(str.isdigit, prefix)) else f"<{prefix}:{name}"  # a prefix may be numbered anew (`ns2`)


def _went_well(text: str) -> str:
    """The element that says so, where there is one of its name: those of several are of things in a list."""
    found = _WENT_WELL.search(text)
    return found[0] if found and text.count(f"<{found[1]}>") == 1 else ""
