"""A form that is shown again in place of what it leads to: the same page, with what was typed and a sentence that nothing marks."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence

from msgspec import Struct
from selectolax.lexbor import LexborHTMLParser

from loadwright.compiler.agents.observe.sites import FORM, body_text, form_fields
from loadwright.compiler.plan.model import Expectation, TextExpectation
from loadwright.compiler.plan.template import template
from loadwright.compiler.recording.kinds import body_type
from loadwright.compiler.recording.model import Entry

_NAME = re.compile(r"[A-Za-z][\w.:$\[\]-]{3,60}")
"""Shorter ones (`id`, `q`) stand in the forms of rows and of navigation."""
_FIELD = r"<(?:input|select|textarea)\b(?=[^<>]*?(\bname=(?:([\"']){0}\2|{0}[ />])))[^<>]*>"
_NOT_TYPED = re.compile(r"\btype=[\"']?(?:hidden|submit|image|button|password|checkbox|radio)", re.IGNORECASE)
NEAR = 5
"""Pages before a form is sent in which it is looked for."""
_SENTENCE = 8
"""Characters from which a text of several words says something."""
_SILENT = frozenset(("script", "style", "title", "option", "td", "th", "li", "textarea", "button", "label", "a"))
"""What holds data, or the page's own texts, rather than what was done."""


class Form(Struct, frozen=True):
    """The page that a form was sent from."""

    page: str
    fields: dict[str, str]
    """The names of the boxes that the user typed into, and how each stands in it: `name="street"`."""


def sent_form(entry: Entry, pages: Sequence[str]) -> Form | None:
    """The page that has the boxes which a request sends, none of them a password's (a log-in has a rule of its own).

    Of the pages before, the last one counts.
    """
    names = [name for name in _typed(entry) if _NAME.fullmatch(name)]
    for page in reversed(pages if names else ()):
        fields = {name: field for name in names for field in _boxes(page, name)}
        if fields:
            return Form(page, fields)
    return None


def _typed(entry: Entry) -> list[str]:
    """The names of what was typed; of what is no form none."""
    if entry.request.parts:
        return [part.name for part in entry.request.parts if part.data and not part.filename]
    fields = form_fields(body_text(entry) or "") if body_type(entry.request) == FORM else None
    return [name for name, value in fields or () if value]


def _boxes(page: str, name: str) -> Iterator[str]:
    for field in re.finditer(_FIELD.format(re.escape(name)), page):
        if not _NOT_TYPED.search(field[0]):
            yield field[1]


def not_again(form: Form, answers: Sequence[str], is_stable: Callable[[str], bool]) -> Expectation | None:
    """What tells an answer from the form shown again: a box that it has not; from several recordings a sentence that it says."""
    absent = (
        field for name, field in form.fields.items() if is_stable(field) and not any(_named(answer, name) for answer in answers)
    )
    if field := next(absent, ""):
        return TextExpectation(relation="contains", value=template(field), negated=True, soft=True)
    first, *others = answers
    said = (one for one in (_sentences(first) if others else ()) if one in first and one not in form.page and is_stable(one))
    sentence = next((one for one in said if all(one in other for other in others)), "")
    return TextExpectation(relation="contains", value=template(sentence)) if sentence else None


def _named(page: str, name: str) -> bool:
    """Whether a page has an element of a name, however it is written."""
    return re.search(rf"\bname=[\"']?{re.escape(name)}[\"'\s/>]", page) is not None


def _sentences(page: str) -> Iterator[str]:
    """The texts of a page that are of several words and stand in no list or table."""
    body = LexborHTMLParser(page).body
    for node in body.traverse(include_text=True) if body else ():
        text = (node.text_content or "").strip() if node.tag == "-text" else ""
        if len(text) >= _SENTENCE and " " in text and node.parent is not None and node.parent.tag not in _SILENT:
            yield text
