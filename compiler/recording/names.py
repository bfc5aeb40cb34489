"""Names of steps: readable, unique, and without values."""

from __future__ import annotations

import html
import re
from collections import Counter, defaultdict
from collections.abc import Sequence

import orjson

from loadwright.compiler.recording import graphql
from loadwright.compiler.recording.batches import meant_by
from loadwright.compiler.recording.kinds import body_type, is_call, is_document, is_html, is_static, path_of
from loadwright.compiler.recording.model import Entry, Recording, header
from loadwright.compiler.recording.pairs import named_values
from loadwright.compiler.recording.redirects import redirect_sources
from loadwright.compiler.recording.urls import is_dynamic, path_template

_LONGEST = 60
_RUN = re.compile(r"\w+")
_ALNUM = re.compile(r"[A-Za-z0-9]+")
_OPERATION = re.compile(r"[A-Za-z][A-Za-z0-9_.-]{1,40}")
_PAGE_VERBS = {"GET": "Open", "POST": "Submit"}
_CALL_VERBS = {"GET": "Load", "POST": "Send", "PUT": "Update", "PATCH": "Update", "DELETE": "Delete"}
_TITLE = re.compile(r"<title[^>]{0,200}>([^<]{1,300})</title>", re.IGNORECASE)
_SEPARATOR = re.compile(r"\s+[-–—|·•:]\s+|\s*[|‹›«»]\s*")
_EXTENSION = re.compile(r"\.(?:php|aspx?|ashx|jspx?|jsf|x?html?|do|action|cgi|js|json|xml)$", re.IGNORECASE)
_OPERATIONS = ("operationname", "action", "op", "operation", "command", "cmd", "method", "do", "rest_route", "route")
_COMPONENTS = ("jakarta.faces.source", "javax.faces.source")
"""Which part of a page a call comes from (Jakarta Faces)."""
_EVERY_TURN = 6
"""Times from which a change that a script sends says nothing of its step."""
_MANY = 3
"""Pages from which a title that they share says nothing of each."""
_WAITING = re.compile(r"(?:loading|please wait|untitled)\W*", re.IGNORECASE)
"""Titles that pages have until a script gives them another."""
_GENERAL = frozenset(("api", "rest", "ajax", "rpc", "index", "graphql", "v1", "v2", "v3"))
_VAGUE = frozenset(
    (
        *("new", "edit", "create", "update", "delete", "remove", "add", "save", "show", "view", "list"),
        *("confirm", "cancel", "start", "stop", "index", "default", "home", "data", "me"),
    )
)
"""Last words of paths that say little without the word before them."""


class StepNames:
    """Gives each step of a recording its name; a name that was given before gets a number."""

    def __init__(self, recording: Recording) -> None:
        self.redirected = redirect_sources(recording.entries)
        """For each redirected entry, the entry that was redirected."""
        self._titles = _Titles(recording.entries)
        self._followers = {source: target for target, source in self.redirected.items()}
        self._entries = {entry.index: entry for entry in recording.entries}
        self._pages = {entry.request.url: entry for entry in recording.entries if is_html(entry)}
        self._named = {
            page.id: title for page in recording.pages if page.step and (title := _plain(page.title)[:_LONGEST].rstrip())
        }
        self._given: Counter[str] = Counter()
        self._asked_by: dict[int, tuple[str, str, str]] = {}
        self._times = Counter(self._asked(entry) for entry in recording.entries if is_call(entry))

    def name(self, entries: Sequence[Entry]) -> str:
        """The name of a step: the user's, or a verb and what its first page or call is about."""
        if named := self._named.get(entries[0].page or ""):
            return self._unique(named)
        lead = self._lead(entries)
        is_page = is_document(lead)
        ours = {entry.index for entry in entries}
        while self.redirected.get(lead.index, -1) in ours:
            lead = self._entries[self.redirected[lead.index]]
        asked = graphql.operation(lead)
        method = "GET" if asked and asked.kind != "mutation" else _method(lead)
        method = batch.method if (batch := meant_by(lead.request.body or b"")) else method
        verbs = {**_CALL_VERBS, **_PAGE_VERBS} if is_page else _CALL_VERBS
        verb = verbs.get(method) or method.capitalize()
        return self._unique(_plain(f"{verb} {self._subject(lead, is_page)}")[:_LONGEST].rstrip())

    def _lead(self, entries: Sequence[Entry]) -> Entry:
        """The entry that a step is about: its first page (that asks for no login), else its first change, else its first call.

        What a script sends at every turn (where the user is, a heartbeat) says nothing of a step that has something else, nor does
        the renewal of a token.
        """
        open_pages = (entry for entry in entries if is_document(entry) and entry.response.status not in (401, 407))
        pages = (entry for entry in entries if is_document(entry))
        changes = [entry for entry in entries if is_call(entry) and not graphql.only_reads(entry)]
        telling = (entry for entry in changes if self._times[self._asked(entry)] < _EVERY_TURN and not _renews_a_token(entry))
        others = [entry for entry in entries if not is_static(entry)]
        rare = sorted((entry for entry in others if entry not in changes), key=lambda entry: self._times[self._asked(entry)])
        return next(entry for found in (open_pages, pages, telling, rare[:1], changes, others, entries) for entry in found)

    def _asked(self, entry: Entry) -> tuple[str, str, str]:
        """What a call is, whatever it is about: method, path without ids, operation."""
        if entry.index not in self._asked_by:
            asked = graphql.operation(entry)
            batch = meant_by(entry.request.body or b"")
            path = path_template(batch.path if batch else path_of(entry))
            self._asked_by[entry.index] = (entry.request.method, path, str(asked) if asked else _operation(entry))
        return self._asked_by[entry.index]

    def _subject(self, lead: Entry, is_page: bool) -> str:
        if batch := meant_by(lead.request.body or b""):
            return _path_words(batch.path) or "batch"
        operation = _operation(lead)
        words = _path_words(path_of(lead))
        if (asked := graphql.operation(lead)) and (asked.name or asked.field):
            return asked.name or asked.field
        if operation:
            return f"{words} {operation}" if words and words.lower() not in _GENERAL else operation
        title = ""
        if is_page and lead.request.method == "GET":
            title = self._titles.title(self._landing(lead))
        elif is_page:
            form = self._pages.get(header(lead.request.headers, "referer") or "")
            title = self._titles.title(form) if form and path_of(form) == path_of(lead) else ""
        if is_page and words == "{id}":
            words = "page"
        return title or words or ("page" if "?" in lead.request.url else "home page")

    def _landing(self, entry: Entry) -> Entry:
        """The entry at which the redirects that begin with this one end."""
        for _ in range(20):
            if entry.index not in self._followers:
                break
            entry = self._entries[self._followers[entry.index]]
        return entry

    def _unique(self, name: str) -> str:
        self._given[name] += 1
        count = self._given[name]
        return name if count == 1 else self._unique(f"{name} ({count})")


def _plain(name: str) -> str:
    """The name without characters that mean something in a script or in a runtime; `{id}` stays."""
    kept = re.sub(r"\{id\}|[^\w\s.,:;&'()/+#!?@-]", lambda match: match[0] if match[0] == "{id}" else " ", name)
    return " ".join(kept.split())


def _method(entry: Entry) -> str:
    """The method, or the one that a form names in its place (`_method`)."""
    named = next((value.upper() for name, value in _fields(entry) if name == "_method"), "")
    return named if named in _CALL_VERBS else entry.request.method


# --- words of a path --------------------------------------------------------------------------------------------------


def _path_words(path: str) -> str:
    """The last word of a path with what it needs to be understood.

    `/api/orders/17/pay` gives `orders {id} pay`, `/notes/new` gives `notes new`.
    """
    segments = [segment for segment in path_template(path).split("/") if segment]
    words = [_EXTENSION.sub("", segment) for segment in segments if segment != "html" or len(segments) == 1]
    named = [position for position, word in enumerate(words) if not word.startswith("{id}")]
    if not named:
        return " ".join(words[-1:])
    first = named[-1]
    if len(named) > 1 and (named[-1] - named[-2] == 2 or words[first].lower() in _VAGUE):
        first = named[-2]
    return " ".join(words[first:]).replace("_", " ").strip()[:_LONGEST]


def _operation(entry: Entry) -> str:
    """What a request that many operations share asks for: a GraphQL operation's name, or a parameter like `action`."""
    fields = {name.lower(): value for name, value in reversed(_fields(entry))}
    for name in (*_OPERATIONS, *_COMPONENTS):
        value = fields.get(name, "")
        if not value:
            continue
        if name in _COMPONENTS:  # `form:orders:0:edit`
            value = next((word for word in reversed(value.split(":")) if not word.isdigit()), "")
        if name in ("rest_route", "route") and value.startswith("/"):
            return _path_words(value)
        if _OPERATION.fullmatch(value) and not any(map(is_dynamic, _ALNUM.findall(value))):
            return value
    return ""


def _renews_a_token(entry: Entry) -> bool:
    """Whether a script renews its access token (RFC 6749, section 6), whatever the user does."""
    return ("grant_type", "refresh_token") in _fields(entry)


def _fields(entry: Entry) -> list[tuple[str, str]]:
    found = named_values(entry.request.url.partition("#")[0].partition("?")[2])
    body = entry.request.body or b""
    if body_type(entry.request) == "application/x-www-form-urlencoded":
        found += named_values(body.decode("utf-8", "replace"))
    elif body_type(entry.request).endswith("json") and len(body) < 1_000_000:
        found += _json_fields(body)
    return found + [(part.name, part.data.decode("utf-8", "replace")) for part in entry.request.parts if part.filename is None]


def _json_fields(body: bytes) -> list[tuple[str, str]]:
    try:
        value = orjson.loads(body)
    except orjson.JSONDecodeError:
        return []
    return [(key, item) for key, item in value.items() if isinstance(item, str)] if isinstance(value, dict) else []


# --- titles -----------------------------------------------------------------------------------------------------------


class _Titles:
    """Titles of pages, as far as they are the same for every user."""

    def __init__(self, entries: Sequence[Entry]) -> None:
        self._entries = entries
        self._written = {entry.index: title for entry in entries if is_html(entry) and (title := _title(entry))}
        paths: dict[str, set[str]] = defaultdict(set)
        for entry in entries:
            paths[self._written.get(entry.index, "")].add(path_template(path_of(entry)))
        self._worn = {title for title, pages in paths.items() if len(pages) >= _MANY}
        """What so many pages are called tells none from another."""
        distinct: dict[str, set[str]] = defaultdict(set)
        for title in self._written.values():
            for part in _SEPARATOR.split(title):
                distinct[part].add(title)
        self._common = {part for part, titles in distinct.items() if len(titles) > 1}
        self._typed: dict[str, dict[str, Entry]] | None = None
        self._judged: dict[tuple[str, int], bool] = {}

    def title(self, entry: Entry) -> str:
        """The page's own part of its title (not the site's name), empty when it holds values."""
        written = self._written.get(entry.index, "")
        if written in self._worn:
            return ""
        parts = [part for part in _SEPARATOR.split(written) if part and part not in self._common]
        return " - ".join(part for part in parts if self._is_stable(part))[:_LONGEST]

    def _is_stable(self, part: str) -> bool:
        words = _ALNUM.findall(part)
        if not words or any(is_dynamic(word) for word in words) or _WAITING.fullmatch(part):
            return False
        lower, inputs = part.lower(), self._inputs()
        begun = (inputs.get(word, {}) for word in dict.fromkeys(("", *_RUN.findall(lower))))
        return not any(
            _is_word_in(value, lower) and self._is_typed(value, first) for sent in begun for value, first in sent.items()
        )

    def _inputs(self) -> dict[str, dict[str, Entry]]:
        """What requests sent in fields, by its first word, each with the request that sent it first."""
        if self._typed is None:
            self._typed = defaultdict(dict)
            pairs = ((value.strip().lower(), entry) for entry in self._entries for _, value in _fields(entry))
            for value, entry in pairs:
                if 3 <= len(value) <= 200:
                    word = _RUN.search(value)
                    sent = self._typed[word.group() if word else ""]
                    sent[value] = min(sent.get(value, entry), entry, key=lambda one: one.started)
        return self._typed

    def _is_typed(self, value: str, user: Entry) -> bool:
        """Whether no answer before this request held the value: the user made it."""
        key = (value, user.index)
        if key not in self._judged:
            before = (entry.response.text for entry in self._entries if entry.response.text and entry.ended <= user.started)
            self._judged[key] = not any(value in text.lower() for text in before)
        return self._judged[key]


def _is_word_in(value: str, words: str) -> bool:
    return value in words and re.search(rf"(?<!\w){re.escape(value)}(?!\w)", words) is not None


def _title(entry: Entry) -> str:
    """The title that a page has in its HTML, in one line of printable characters."""
    found = _TITLE.search((entry.response.text or "")[:100_000])
    words = "".join(c if c.isprintable() else " " for c in html.unescape(found[1])) if found else ""
    return " ".join(words.split())
