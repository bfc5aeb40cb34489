"""Pages that say in their own layout that what was asked was not done: a heading, or a message that is marked as an error."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from msgspec import Struct
from selectolax.lexbor import LexborHTMLParser, LexborNode

from loadwright.compiler.agents.expect.wrong_answers import Key, Seen, endpoint
from loadwright.compiler.plan.soft_failure import SAID_ABROAD
from loadwright.compiler.recording.kinds import is_html, is_static
from loadwright.compiler.recording.model import Entry

_MARKS = re.compile(r"error[^<>(){},]{0,200}>")
_HEADINGS = re.compile(
    r"<h[12]\b[^>]{0,200}>[^<]{0,40}(?:error|[45]0[0-9]|not found|denied|forbidden|unauthori|went wrong|session (?:has )?expired"
    rf"|{SAID_ABROAD.lower()})"
)
"""What stands in every page that is looked at, in small letters."""
_HEADING = re.compile(
    r"(?:error:? )?[45]0[0-9](?: ?[-:–] ?| )?(?:error|not found|forbidden|unauthori[sz]ed|(?:internal )?server error)?"
    r"|(?:page |record |file |object )?not found|(?:access|permission) (?:is )?denied|forbidden|unauthori[sz]ed"
    r"|(?:an? )?(?:unexpected |internal |application |server |fatal ){0,2}error(?: (?:has )?occurr?ed)?|something went wrong"
    rf"|session (?:has )?expired|{SAID_ABROAD}",
    re.IGNORECASE,
)
"""A heading that is about nothing else, as a whole."""
_MARK = re.compile(
    r"(?:[A-Za-z-]{0,40}[_-])?error(?:s|[_-]?(?:list|message|explanation|summary|box|text))?|alert-danger", re.IGNORECASE
)
"""A class or id by which frameworks mark a message as an error."""
_OF_TWO = (frozenset(("negative", "message")), frozenset(("notification", "is-danger")))
"""Two classes that mark one together (Fomantic, Bulma)."""
_MARKED = '[class*="error" i], [id*="error" i], .alert-danger, .negative.message, .notification.is-danger'
_MESSAGES = frozenset(("div", "p", "ul", "ol", "section", "span", "strong"))
_REFUSING = re.compile(
    r"\b(?:(?:could|can|must|may|was|were|is|are|does|do|did|has|have)(?:n't|n’t| ?not)"
    r"|not (?:authori[sz]ed|allowed|permitted|found|valid)|denied|failed|failure|invalid|required|errors?"
    r"|forbidden|already|expired|too (?:long|short|many)|incorrect|wrong)\b",
    re.IGNORECASE,
)
_SURELY = re.compile(
    r"\bnot authori[sz]ed\b|\bdenied\b|\bforbidden\b|\ban error (?:has )?occurr?ed\b|\bcould ?(?:not|n't|n’t) be\b|\bwent wrong\b"
    r"|\b(?:not|n't|n’t) have (?:the )?permission",
    re.IGNORECASE,
)
"""What a page says of itself that nobody sent anything to."""
_UNSEEN = frozenset(("template", "noscript", "script", "style", "dialog", "svg"))
_HIDDEN = "[hidden], [aria-hidden=true], [style*='display:none'], [style*='display: none']"
_HIDING = re.compile(
    r"(?:is-|visually-)?hid(?:e|den)(?:-.*)?|d-none|invisible|modal(?:-.*)?|sr-only|screen-reader-text|no-?js", re.IGNORECASE
)
_SHORTEST, _LONGEST, _MOST = 6, 300, 20
_LARGEST = 2_000_000


class _Said(Struct, frozen=True):
    text: str
    is_heading: bool
    in_form: bool


class SaidErrors:
    """The errors that the pages of a recording say, each with the kinds of pages that say it."""

    def __init__(self, entries: Sequence[Entry], came_of: dict[int, int]) -> None:
        """`came_of` tells of each entry which one redirected to it."""
        self._came_of, self._by_index = came_of, {entry.index: entry for entry in entries}
        self._said: dict[int, tuple[_Said, ...]] = {}
        self._kinds: dict[str, set[Key]] = {}
        self._unasked: set[str] = set()
        """Texts of pages that nothing was sent for."""
        self._pages: set[Key] = set()
        for entry in entries:
            text = entry.response.text or ""
            if not text or not is_html(entry) or not 200 <= entry.response.status < 300 or is_static(entry):
                continue
            kind = endpoint(entry)
            self._pages.add(kind)
            if said := tuple(_said(text)) if len(text) < _LARGEST and _may_say(text.lower()) else ():
                self._said[entry.index] = said
                for one in said:
                    self._kinds.setdefault(one.text, set()).add(kind)
                if not self._was_sent(entry):
                    self._unasked.update(one.text for one in said)

    def wrong(self, entry: Entry) -> Seen | None:
        """What a page says of an error; nothing that stands in the layout of others."""
        was_sent = entry.index in self._said and self._was_sent(entry)
        for one in self._said.get(entry.index, ()):
            kinds = len(self._kinds[one.text])
            if kinds > 1 and kinds * 2 > len(self._pages):
                continue
            if one.is_heading:
                return Seen("error message", "a heading says that this is an error")
            if was_sent and one.text not in self._unasked:
                return Seen("error message", "a message that is marked as an error, in answer to what was sent")
            if not one.in_form and _SURELY.search(one.text):
                return Seen("error message", "a message that is marked as an error, in place of the page or beside it")
        return None

    def _was_sent(self, entry: Entry) -> bool:
        """Whether a page is the answer to what was sent, at once or where that led to."""
        for _ in range(5):
            if entry.request.method != "GET":
                return True
            source = self._by_index.get(self._came_of.get(entry.index, -1))
            if source is None:
                return False
            entry = source
        return False


def _may_say(text: str) -> bool:
    marked = "alert-danger" in text or "is-danger" in text or "negative message" in text
    return marked or _MARKS.search(text) is not None or _HEADINGS.search(text) is not None


def _said(text: str) -> Iterator[_Said]:
    document = LexborHTMLParser(text)
    for node in document.css("h1, h2")[:_MOST]:
        said = " ".join((node.text(deep=True) or "").split()).rstrip(".!。")
        if _HEADING.fullmatch(said) and _is_seen(node):
            yield _Said(said, True, False)
    for node in document.css(_MARKED)[:_MOST]:
        if node.tag not in _MESSAGES or not _is_marked(node):
            continue
        said = " ".join((node.text(deep=True, separator=" ") or "").split())
        if not _SHORTEST <= len(said) <= _LONGEST or " " not in said or not _REFUSING.search(said):
            continue
        if node.css_first(f"input, select, textarea, button, script, template, {_HIDDEN}") is None and _is_seen(node):
            yield _Said(said, False, _is_in_form(node))


def _is_marked(node: LexborNode) -> bool:
    names = f"{node.attributes.get('class') or ''} {node.attributes.get('id') or ''}".split()
    return any(_MARK.fullmatch(name) for name in names[:_MOST]) or any(both <= set(names) for both in _OF_TWO)


def _is_seen(node: LexborNode) -> bool:
    """Whether nothing around an element hides it, as far as the page itself tells."""
    around: LexborNode | None = node
    while around is not None and around.tag != "body":
        attributes = around.attributes or {}
        if around.tag in _UNSEEN or "hidden" in attributes or attributes.get("aria-hidden") == "true":
            return False
        style = (attributes.get("style") or "").replace(" ", "").lower()
        if "display:none" in style or "visibility:hidden" in style:
            return False
        if any(_HIDING.fullmatch(name) for name in (attributes.get("class") or "").split()):
            return False
        around = around.parent
    return True


def _is_in_form(node: LexborNode) -> bool:
    around = node.parent
    while around is not None and around.tag != "form":
        around = around.parent
    return around is not None
