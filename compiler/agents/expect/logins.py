"""What a recording shows of logging in: pages that ask for it, attempts, and what became of them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any
from urllib.parse import urljoin, urlsplit

from msgspec import Struct
from selectolax.lexbor import LexborHTMLParser, LexborNode

from loadwright.compiler.agents.observe.json_documents import json_document
from loadwright.compiler.agents.observe.sites import FORM, body_text, form_fields
from loadwright.compiler.agents.secret_names import is_secret_name
from loadwright.compiler.plan.soft_failure import soft_failure
from loadwright.compiler.recording.graphql import operation
from loadwright.compiler.recording.kinds import body_type, path_of
from loadwright.compiler.recording.model import Entry, header

LOGIN_PATH = re.compile(
    r"/(?:(?:user|users|account|accounts|auth|session|sessions|member|members|admin)/)?"
    r"(?:wp-)?(?:log[-_]?in|log[-_]?on|sign[-_]?in|j_security_check|sessions?/new)(?:\.[a-z]{2,4})?/?$",
    re.IGNORECASE,
)
"""The path of a page that asks to log in."""
_LEAVING = re.compile(
    r"(?:log|sign)[-_ ]?(?:out|off)|end[-_]?session|session/end|sessions?/destroy|/(?:exit|quit|leave)\b|disconnect|abmeld|auslog|"
    r"d[eé]connexion|cerrar[-_ ]?sesi|afmeld|uitlog|wylog|odhl[aá]s|logga[-_ ]?ut|log[-_ ]?ud\b",
    re.IGNORECASE,
)
_CLEARED = re.compile(r"^[^=;]+=(?:;|$)|;\s*max-age=(?:0|-\d+)\b|;\s*expires=[^;]*(?:19[67]\d|200\d)\b", re.IGNORECASE)
_INVITING = re.compile(r"(?:log|sign)[-_ ]?(?:in|on)\b|anmeld|connexion|iniciar|accedi|logon", re.IGNORECASE)
_PASSWORD = re.compile(r"""type=["']?password""", re.IGNORECASE)
_LONGEST_FIELD = 400
"""Characters of a form's field that may say what is done; a view state has many more."""
_TEXT_INPUTS = frozenset(("text", "email", "tel", ""))


class LoginForm(Struct, frozen=True):
    """A form that asks who the user is."""

    names: frozenset[str]
    """The names of its inputs that a user types into."""
    password: str
    action: str
    """The path that it is sent to."""


def login_form(entry: Entry) -> LoginForm | None:
    """The form of a page whose purpose is to log in: one password, at most two more inputs, and no way to log out beside it."""
    response = entry.response
    text = response.text or ""
    if not 200 <= response.status < 500 or "html" not in response.media_type:
        return None
    if ("password" not in text and "PASSWORD" not in text) or not _PASSWORD.search(text):
        return None
    document = LexborHTMLParser(text)
    if any(_LEAVING.search(node.attributes.get("href") or "") for node in document.css("a[href]")):
        return None
    forms = [found for node in document.css("form") if (found := _read_form(node, entry.request.url))]
    return forms[0] if len(forms) == 1 else None


def _read_form(form: LexborNode, url: str) -> LoginForm | None:
    typed: list[str] = []
    passwords: list[str] = []
    for node in form.css("input, textarea, select"):
        kind = (node.attributes.get("type") or "").lower()
        name = node.attributes.get("name") or node.attributes.get("id") or ""
        if node.tag == "textarea" or kind == "file":
            return None
        if node.tag == "input" and kind == "password":
            passwords.append(name)
        elif node.tag == "input" and kind in _TEXT_INPUTS:
            typed.append(name)
    if len(passwords) != 1 or len(typed) > 2:
        return None
    try:
        action = urlsplit(urljoin(url, form.attributes.get("action") or url)).path
    except ValueError:  # no address at all
        action = ""
    return LoginForm(frozenset((*typed, *passwords)), passwords[0], action.partition(";")[0])


def invites(entry: Entry) -> bool:
    """Whether a page says in its title, headings, buttons or address that it is there to log in."""
    if LOGIN_PATH.search(path_of(entry)):
        return True
    document = LexborHTMLParser(entry.response.text or "")
    texts = [n.text(deep=True) or "" for n in document.css("title, h1, h2, legend, button")]
    texts += [n.attributes.get("value") or "" for n in document.css("input[type=submit]")]
    texts += [n.attributes.get("action") or "" for n in document.css("form")]
    return any(_INVITING.search(text) for text in texts)


def is_attempt(entry: Entry, forms: Sequence[LoginForm]) -> bool:
    """Whether a request sends a password to log in with: the fields of a form that asked for it, or JSON with a password."""
    if entry.request.method == "GET" or not entry.request.body:
        return False
    text = body_text(entry) or ""
    if body_type(entry.request) == FORM:
        if not forms:
            return False
        sent = {name for name, value in form_fields(text) or () if value}
        return any(form.password in sent and len(form.names - sent) <= 1 for form in forms)
    document = json_document(text) if "json" in body_type(entry.request) and "pass" in text.lower() else None
    if operation(entry) and isinstance(document, dict):
        document = _variables(document)
    if not isinstance(document, dict) or len(document) > 6:
        return False
    secrets = [name for name, value in document.items() if is_secret_name(name) and isinstance(value, str) and value]
    return len(secrets) == 1


def _variables(sent: dict[str, Any]) -> dict[str, Any]:
    """The variables of a GraphQL request, or the one `input` that holds them."""
    found = sent.get("variables")
    if not isinstance(found, dict):
        return {}
    only = next(iter(found.values())) if len(found) == 1 else None
    return only if isinstance(only, dict) else found


def says_leaving(label: str) -> bool:
    """Whether a text calls a log-out."""
    return _LEAVING.search(label) is not None


def leaves(entry: Entry) -> bool:
    """Whether a request logs out: its address or a short field of it says so."""
    url = urlsplit(entry.request.url)
    asked = operation(entry)
    if asked and asked.kind == "mutation" and _LEAVING.search(f"{asked.name} {asked.field}"):
        return True
    if _LEAVING.search(url.path) or _LEAVING.search(url.query[:200]):
        return True
    if entry.request.method == "DELETE" and re.search(r"/(?:sessions?|login)(?:/current)?$", url.path):
        return True
    text = body_text(entry) or "" if body_type(entry.request) == FORM else ""
    text = "&".join(field for field in text.split("&") if len(field) < _LONGEST_FIELD)
    if "_method=delete" not in text and not _LEAVING.search(text.replace("+", " ")):
        return False
    fields = form_fields(text)
    if any(name == "_method" and value.lower() == "delete" for name, value in fields or ()) and "session" in url.path:
        return True
    return any(len(value) <= 40 and (_LEAVING.search(name) or _LEAVING.search(value)) for name, value in fields or ())


def ends_session(entry: Entry) -> bool:
    """Whether an answer takes back a cookie that the request carried: with the login page behind it, a logout by any name."""
    sent = {pair.partition("=")[0].strip() for pair in (header(entry.request.headers, "cookie") or "").split(";")}
    lines = (value for name, value in entry.response.headers if name.lower() == "set-cookie")
    return any(_CLEARED.search(line) and line.partition("=")[0].strip() in sent for line in lines)


def landing(entry: Entry, followers: dict[int, Entry]) -> Entry:
    """The entry at which the redirects that begin with this one end."""
    for _ in range(20):
        if entry.index not in followers:
            break
        entry = followers[entry.index]
    return entry


def refused(entry: Entry, end: Entry, forms: Sequence[LoginForm]) -> str:
    """How an attempt to log in was refused, in words; empty when it was not.

    `end` is where its redirects end.
    """
    response = end.response
    if 400 <= response.status < 600:
        return f"the answer has status {response.status}"
    content_type = header(response.headers, "content-type") or response.media_type
    others = ("login form", "error title", "exception text", "error message")
    reason = soft_failure(response.status, content_type, response.text or "", others)
    if reason:
        return f"the answer has the {reason}"
    shown = login_form(end)
    if shown and any(shown.password == form.password for form in forms):
        return "the answer is the login page again"
    location = entry.response.redirect or ""
    if end is entry and location and LOGIN_PATH.search(urlsplit(location).path):
        return "the answer leads back to the login page"
    return ""
