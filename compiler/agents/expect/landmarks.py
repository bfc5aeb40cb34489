"""Landmarks: what only this page of the application shows, so that an error in its layout, under its title, has it not."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Sequence

from selectolax.lexbor import LexborHTMLParser, LexborNode

from loadwright.compiler.agents.expect.wrong_answers import endpoint
from loadwright.compiler.plan.model import TextExpectation
from loadwright.compiler.plan.template import template
from loadwright.compiler.recording.model import Entry

_DONE = "[class*=success]"
"""How an application tells that it did what was asked."""
_SAID = f"{_DONE}, [class*=notice], [role=status]"
"""How it tells anything, of itself too."""
_HEADS = "h1, h2"
"""What may be the name of a thing, so that a second recording must show it; not those of a list's items."""
_ITEMS = frozenset(("li", "article", "tr", "dd"))
_MESSAGES = re.compile(r"message|alert|flash|notice|notif|toast|success", re.IGNORECASE)
_FORMS = "legend, th, label"
_FIELDS = "input[name]:not([type=hidden]), select[name], textarea[name]"
_ALWAYS = ("success", "<legend", "<th", "<label", "<input", "<select", "<textarea")
_WITH_OTHERS = (*_ALWAYS, "notice", "status", "<h1", "<h2")
"""One of these stands in each page that has such elements; the others need not be parsed."""
_AROUND = frozenset(("nav", "header", "footer", "aside", "head", "noscript", "template", "svg"))
_ROLES = frozenset(("navigation", "banner", "contentinfo", "search"))
_NAME = re.compile(r"[A-Za-z][A-Za-z_\[\].-]{2,60}")
_MOST = 60
"""Elements of each kind that are looked at in a page."""


class Landmarks:
    """The candidates of every page, and in how many kinds of pages of the recording each of them stands."""

    def __init__(self, pages: Sequence[Entry], is_stable: Callable[[str], bool], has_others: bool) -> None:
        self._is_stable, self._has_others = is_stable, has_others
        self._found: dict[str, list[str]] = {}
        counted: dict[tuple[object, str], None] = {}
        for page in pages:
            text = page.response.text or ""
            if text not in self._found:
                self._found[text] = list(dict.fromkeys(self._candidates(text)))
            kind = endpoint(page)
            counted.update(dict.fromkeys((kind, marker) for marker in self._found[text]))
        self._kinds = len({kind for kind, _ in counted})
        self._count = Counter(marker for _, marker in counted)

    def of(self, text: str, others: Sequence[str], besides: str, only_ascii: bool = False) -> TextExpectation | None:
        """The landmark of a page that the fewest other pages have; none that most of them have, or that `besides` holds."""
        fitting = [m for m in self._found.get(text, ()) if all(m in o for o in others) and m not in besides]
        fitting = [m for m in fitting if m.isascii()] if only_ascii else fitting
        best = min(fitting, key=self._count.__getitem__, default=None)
        if best is None or (self._kinds > 1 and self._count[best] * 4 > self._kinds * 3):
            return None
        return TextExpectation(relation="contains", value=template(best))

    def _candidates(self, text: str) -> Iterator[str]:
        """What stands in the content of a page and stays, the most telling first."""
        lowered = text.lower()
        if not any(word in lowered for word in (_WITH_OTHERS if self._has_others else _ALWAYS)):
            return
        document = LexborHTMLParser(text)
        for elements in (_SAID, _HEADS, _FORMS) if self._has_others else (_DONE, _FORMS):
            for node in document.css(elements)[:_MOST]:
                marker = (node.text(deep=True) or "").strip()
                is_item = _is_within(node, _ITEMS) if elements == _HEADS else elements != _FORMS and _is_state_of_a_row(node)
                if marker in text and self._is_stable(marker) and not is_item and not _is_within(node, _AROUND):
                    yield marker
        for node in document.css(_FIELDS)[:_MOST]:
            name = node.attributes.get("name") or ""
            marker = f'name="{name}"'
            if _NAME.fullmatch(name) and self._is_stable(marker) and marker in text and not _is_within(node, _AROUND):
                yield marker


def _is_state_of_a_row(node: LexborNode) -> bool:
    """Whether an element says how a thing of a list is (`<li><span class="badge-success">Created`), and nothing of the page.

    Messages may be listed too: then the list, or what it stands in, says so.
    """
    around, is_inside = node.parent, False
    while around is not None and around.tag != "body":
        if _MESSAGES.search((around.attributes or {}).get("class") or ""):
            return False
        is_inside = is_inside or around.tag in _ITEMS
        around = around.parent
    return is_inside


def _is_within(node: LexborNode, tags: Collection[str]) -> bool:
    """Whether an element stands in one of these, or in what a role says is around the content of each page."""
    around: LexborNode | None = node
    while around is not None:
        if around.tag in tags or (around.attributes and around.attributes.get("role") in _ROLES):
            return True
        around = around.parent
    return False
