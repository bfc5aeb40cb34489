"""What the user pressed, in the words of the page that had it: a log-out may have no telling address or field."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from urllib.parse import urljoin

from selectolax.lexbor import LexborHTMLParser, LexborNode

from loadwright.compiler.agents.expect.logins import says_leaving
from loadwright.compiler.agents.observe.answers.in_updates import as_page, has_updates
from loadwright.compiler.agents.observe.sites import FORM, body_text, form_fields
from loadwright.compiler.recording.kinds import body_type, is_html
from loadwright.compiler.recording.model import Entry

_PAGES = 10
"""So many pages back the button is looked for."""
_PRESSED = "button, input[type=submit], input[type=image], a[href], a[id]"


def pressed_to_leave(entry: Entry, before: Iterable[Entry]) -> bool:
    """Whether a request comes from a button or link that is called a log-out; `before` are earlier entries, the last one first."""
    fields = form_fields(body_text(entry) or "") if body_type(entry.request) == FORM else None
    names = {name for name, _ in fields or ()}
    pages = 0
    for page in before:
        text = page.response.text or ""
        updates = has_updates(page.response.media_type, text)
        if not text or not (is_html(page) or updates):
            continue
        for node in LexborHTMLParser(as_page(text) if updates else text).css(_PRESSED):
            if _is_sent_by(node, names, entry.request.url, page.request.url) and says_leaving(_label(node)):
                return True
        pages += 1
        if pages == _PAGES:
            break
    return False


def _is_sent_by(node: LexborNode, names: Collection[str], url: str, page: str) -> bool:
    """Whether a request has the button's name, or goes where the link leads."""
    attributes = node.attributes
    if any(called in names for key in ("name", "id") if (called := attributes.get(key))):
        return True
    href = attributes.get("href") or ""
    if node.tag != "a" or not href or href.startswith("#"):
        return False
    try:
        return urljoin(page, href).partition("#")[0] == url
    except ValueError:
        return False


def _label(node: LexborNode) -> str:
    texts = [node.text(deep=True) or "", *(node.attributes.get(name) or "" for name in ("value", "title", "aria-label"))]
    return " ".join(text for text in texts if len(text) <= 80)
