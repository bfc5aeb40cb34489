"""Who logs in: the names of users, which applications have in their paths."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from urllib.parse import unquote

from loadwright.compiler.agents.facts import Site
from loadwright.compiler.agents.names import plain_name
from loadwright.compiler.agents.observe.json_documents import json_document
from loadwright.compiler.agents.observe.sites import FORM, body_text, form_fields
from loadwright.compiler.agents.secret_names import is_secret_name
from loadwright.compiler.agents.values import WORDS, is_token
from loadwright.compiler.recording.kinds import body_type
from loadwright.compiler.recording.model import Entry

_USER = re.compile(r"user|login|log_?in|mail|account|^uid$|^name$", re.IGNORECASE)
_REACHED = frozenset(("fax", "mobile", "phone", "tel", "telephone", "zip", "postcode"))
"""Where people are reached."""
_LONGEST_BODY = 10_000


def user_names(entries: Iterable[Entry], whatever: bool = False) -> frozenset[str]:
    """What the first request with a password calls the user; `whatever` its field is called (`id`, `project`), but no token."""
    for entry in entries:
        fields = list(_fields(entry)) if entry.request.body else []
        if any(is_secret_name(name) and value for name, value in fields):
            said = ((name, value) for name, value in fields if not is_secret_name(name) and len(value) > 1)
            return frozenset(v for name, v in said if _USER.search(name) or (whatever and not is_token(v)))
    return frozenset()


def without_user(path: str, users: frozenset[str]) -> str:
    """A path whose segments that are a user's name are any user's."""
    return "/".join("{user}" if segment in users or unquote(segment) in users else segment for segment in path.split("/"))


def _fields(entry: Entry) -> Iterator[tuple[str, str]]:
    body = body_text(entry) or ""
    if len(body) > _LONGEST_BODY:
        return
    sent = body_type(entry.request)
    if sent == FORM:
        yield from form_fields(body) or ()
    elif "json" in sent and isinstance(document := json_document(body), dict):
        yield from ((name, value) for name, value in document.items() if isinstance(value, str))


def is_number_of_people(site: Site) -> bool:
    """Whether a field holds a number by which people are reached: long as it is, the user typed it."""
    words = [word.lower() for word in WORDS.findall(plain_name(site.name))]
    return site.value.isdigit() and not _REACHED.isdisjoint(words[-2:] if words[-1:] == ["number"] else words[-1:])


def is_untyped_token(site: Site) -> bool:
    """Whether a value is a token, and no number that a user types."""
    return is_token(site.value) and not is_number_of_people(site)
