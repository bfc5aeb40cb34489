"""What an answer in XML is known by: the first element in its root."""

from __future__ import annotations

import re
from collections.abc import Sequence

from loadwright.compiler.plan.model import Expectation, TextExpectation
from loadwright.compiler.plan.template import template

_PROLOG = re.compile(r"\ufeff?\s*(?:<\?[^>]*\?>\s*|<!--.*?-->\s*|<!DOCTYPE[^<>\[]*>\s*)*", re.DOTALL | re.IGNORECASE)
_FIRST = re.compile(r"<[A-Za-z_][\w:.-]{0,80}(?:\s[^<>]*)?>\s*(<[A-Za-z_][A-Za-z_:.-]{0,80})(?=[\s/>])")


def is_xml(media_type: str) -> bool:
    """Whether a media type is of XML that is no page and no picture."""
    return media_type.endswith("xml") and media_type not in ("application/xhtml+xml", "image/svg+xml")


def xml_marker(text: str, others: Sequence[str]) -> Expectation | None:
    """The name of the first element in the root, where all recordings have the same.

    An answer that failed has another one: `<error>` or `<redirect>` in place of `<changes>` (JSF), `<redirect>` in place of
    `<component>` (Wicket); and where a log-in is answered with a redirect, a refused one brings the form again.
    """
    names = {_first(one) for one in (text, *others)}
    name = names.pop()
    return None if names or not name else TextExpectation(relation="contains", value=template(name))


def _first(text: str) -> str:
    prolog = _PROLOG.match(text)
    found = _FIRST.match(text, prolog.end() if prolog else 0)
    return found[1] if found else ""
