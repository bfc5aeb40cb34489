"""Fragments of pages that hold nothing but data: they are known by the element that they begin with."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from loadwright.compiler.agents.expect.at_times import may_be_empty
from loadwright.compiler.plan.model import Expectation, TextExpectation
from loadwright.compiler.plan.template import template

_START = re.compile(r"\s*(<([A-Za-z][A-Za-z0-9-]*)(?:\s[^<>]*)?>)")
_LISTS = frozenset(
    (
        "article",
        "dl",
        "html",
        "li",
        "link",
        "meta",
        "ol",
        "optgroup",
        "option",
        "script",
        "style",
        "table",
        "tbody",
        "td",
        "tr",
        "ul",
    )
)
"""What a list is made of, which may have nothing to show, and what pages begin with."""
_ALONE = frozenset(("fieldset", "form", "h1", "h2", "h3", "section", "select"))
"""Elements whose names say something without a class."""


def fragment_start(
    fragments: Sequence[str], alike: Sequence[str], asked: str, is_stable: Callable[[str], bool]
) -> list[Expectation]:
    """How a fragment begins, in all recordings and whenever it is asked for: `<div class="card">` where a bare sentence may come.

    From one recording only the element's name, if it tells something: a class may speak of a state. `alike` are the answers of
    the endpoint, `asked` is a path.
    """
    starts = [_START.match(one) for one in dict.fromkeys((*fragments, *alike))]
    found = [one for one in starts if one]
    names = {one[2].lower() for one in found}
    if len(found) < len(starts) or len(names) != 1 or names & _LISTS or may_be_empty((asked,)):
        return []
    tags = {one[1] for one in found}
    (name,) = names
    tag = tags.pop() if len(tags) == 1 and len(fragments) > 1 else ""
    marker = tag if "=" in tag and is_stable(tag) else f"<{name}" if name in _ALONE or "-" in name else ""
    is_one = marker and all(one.count(marker) == 1 for one in fragments)  # several of a kind are a list
    return [TextExpectation(relation="contains", value=template(marker))] if is_one else []
