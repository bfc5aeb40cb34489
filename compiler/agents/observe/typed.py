"""What the user typed."""

from __future__ import annotations

import re
import string
from collections.abc import Iterator

from loadwright.compiler.agents.facts import BUTTON, Facts, Site
from loadwright.compiler.agents.names import folded, is_user_name
from loadwright.compiler.agents.observe.notations import is_document, leaves
from loadwright.compiler.agents.observe.password_inputs import CODE, is_short_code
from loadwright.compiler.agents.secret_names import may_be_secret
from loadwright.compiler.agents.values import is_measure, is_token

_CALLED = re.compile(r"[A-Z]?[a-z]{3,}[._-]?[a-z0-9]{1,12}(?:@[\w.-]{1,60})?")
"""What people call themselves and others: a word, and what makes it one of its kind (`loadtest4711`)."""
_PROSE = re.compile(r"[^\W\d_]{2,}[,;:]? +[^\W\d_]")
_ENTERED = ("text", "tel", "")
"""The types of inputs into which people type numbers without an end."""
_DESIGNATION = re.compile(r"[A-Z]{1,5}(?:[-/. ]?\d{1,8}){1,3}[A-Z]?")
"""How things are marked by hand, in capitals and a number: `SN-77120`."""
_CHANGED = "no response holds it and the second recording has another value"
_SWITCHED = ("0", "1")
"""What a box is sent as: the right to change `user`, in a list of rights."""
_MARKS = string.punctuation + string.whitespace
_LONGEST_TEXT = 20_000
_BY_INPUT = "typed into a form's input"
_BY_USER_NAME = "its name says who the user is"
_BY_NAME = "its name says that somebody named it"
_TELLING_LINE = 6
"""Characters of a line from which it stands in another text by chance more seldom."""
_SEARCH_NAMES = frozenset(["q", "query", "search", "term", "keyword", "keywords", "searchterm"])


def is_typed(site: Site, facts: Facts, changed: bool | None, loosely: bool, made_up: bool = False, written: bool = False) -> str:
    """Why a value counts as typed by the user, or an empty text; loosely, when nothing else explains that it changed.

    What is sent as a whole is, where it is one line with a word of the user's own.

    It is `made_up` when a random word in it is the user's: then it may look like a token. A document is the user's where it is
    `written`: an editor's, with other words in the second recording.
    """
    if site.location == "body" and is_inner(site):  # an element of XML
        is_a_text = loosely and changed and not is_token(site.value) and not site.value.isdigit()
        return _CHANGED if is_a_text else ""
    if site.location == "body":
        is_a_line = loosely and changed and made_up and "\n" not in site.value and not is_document(site.value)
        return _CHANGED if is_a_line else ""
    if not site.value or site.location not in ("form", "part", "json", "query"):
        return ""
    searched = is_search(site)
    is_called = is_user_name(site.name) and _CALLED.fullmatch(site.value) is not None
    last = facts.offered(site) if site.location in ("form", "part") else None
    is_written_so = site.value.isdigit() or _DESIGNATION.fullmatch(site.value) is not None
    is_a_number = last is not None and last.type in _ENTERED and is_written_so  # of a phone, a card, an account, a part
    if is_token(site.value) and not (searched or made_up or is_called or is_a_number):
        return ""
    if last is not None:
        if last.type in ("number", BUTTON) or (last.type == "url" and not (loosely and changed)):
            return ""
        return _BY_INPUT if last.default != site.value or changed else ""
    if is_user_name(site.name) and not is_measure(site.value) and site.value not in _SWITCHED and site.location != "query":
        names_a_thing = folded(site.name) == "name"
        if not (names_a_thing and site.location == "json" and changed is False):  # a script may name its things
            return _BY_NAME if names_a_thing else _BY_USER_NAME
    if searched:
        return "its name says that it is a search"
    is_field = site.location in ("form", "part")  # an editor's document is its field's text
    told = is_field or (site.location in ("json", "query") and (written or not is_document(site.value)))
    if loosely and changed and told and not site.value.isdigit():
        return _CHANGED
    return ""


def is_entered(site: Site, facts: Facts) -> bool:
    """Whether a page offered an input for text under the name of a field, and the value is not what stood in it."""
    last = facts.offered(site) if site.location in ("form", "part") else None
    return last is not None and last.type in _ENTERED and last.default != site.value


def is_inner(site: Site) -> bool:
    """Whether a site is a part of the document that another one holds."""
    return "@" in site.key and site.name != ""


def is_written(ours: str, theirs: str) -> bool:
    """Whether two documents, such as an editor makes of what is written (HTML, JSON), have other sentences."""
    here, there = ({leaf.value for leaf in leaves(text) if _PROSE.search(leaf.value)} for text in (ours, theirs))
    return is_document(theirs) and bool(here) and here != there


def is_search(site: Site) -> bool:
    """Whether a value is what the user searched for, by its name."""
    named = site.location == "query" and folded(site.name) in _SEARCH_NAMES
    return named and len(site.value) <= 40 and not is_document(site.value)


def lines_said(text: str) -> Iterator[str]:
    """What the lines of a longer text say without the marks around them: a heading that the user wrote becomes the page's.

    What has braces is code: a query of GraphQL speaks of the types that its answer has.
    """
    if "\n" in text and "{" not in text and len(text) <= _LONGEST_TEXT:
        yield from (said for line in text.splitlines() if len(said := line.strip(_MARKS)) >= _TELLING_LINE)


def is_told_by_field(reason: str) -> bool:
    """Whether a form's input or its name, rather than a change, is the reason."""
    return reason in (_BY_INPUT, _BY_USER_NAME, _BY_NAME)


def is_password(site: Site, facts: Facts) -> bool:
    """Whether a page offered the field for a password, or for a code that is valid once."""
    if site.location not in ("form", "part", "json") or not site.name:
        return False
    offered = facts.offered(site)
    if offered is not None and offered.type == CODE:
        return is_short_code(site.value)
    return offered is not None and offered.type == "password" and may_be_secret(site.value)
