"""Answers of a recording that are not what was asked for: what one answer, beside others of its endpoint, shows."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from functools import lru_cache
from urllib.parse import urlsplit

import orjson
from msgspec import Struct, field

from loadwright.compiler.agents.observe.json_documents import json_document
from loadwright.compiler.agents.observe.sites import FORM, body_text, form_fields, is_asset
from loadwright.compiler.plan.soft_failure import ERROR_TITLE, exception_in, failing_member, soft_failure
from loadwright.compiler.recording.kinds import body_type, is_document, is_static, path_of
from loadwright.compiler.recording.model import Entry, header
from loadwright.compiler.recording.pairs import named_values
from loadwright.compiler.recording.urls import path_template

_ERROR_PATH = re.compile(
    r"/(?:error|errors|exception|access[-_]?denied|forbidden|maintenance|unavailable|(?:40[0-9]|50[0-9])(?:\.[a-z]{3,5})?)/?$",
    re.IGNORECASE,
)
_OPERATIONS = frozenset(("operationname", "action", "op", "operation", "command", "cmd", "method", "do", "rest_route", "route"))
_EXPLAINING = ("message", "msg", "error", "error_description", "detail", "reason", "title")
_FAILING = ("error", "fail", "failure")
_TELLING = re.compile(
    r'"(?:error|(?:success|ok|status|code|statusCode|status_code|title|detail|stackTrace|ExceptionMessage|exceptionType|userErrors)")'
)
"""What stands in every JSON that is taken for an error."""
_REFUSED = re.compile(r'"code"\s*:\s*"(?:UNAUTHENTICATED|FORBIDDEN|UNAUTHORIZED)"', re.IGNORECASE)
_CALLED = re.compile(r'^\s*\{(?=[^{]{0,200}"jsonrpc"\s*:)(?=[^{]{0,200}"id"\s*:\s*["0-9])')
"""A call of JSON-RPC that asks for an answer."""
_FAULT = re.compile(r"<(?:[\w.-]{1,20}:)?Fault[\s/>]")
_SOAP = "http://schemas.xmlsoap.org/soap/envelope"
_SOAP12 = "http://www.w3.org/2003/05/soap-envelope"
_ERROR_ROOT = re.compile(r"\ufeff?\s*(?:<\?[^>]{0,200}\?>\s*)?(<(?:error|errors|exception)\b)", re.IGNORECASE)
_HEADLINE = re.compile(r"<(?:title|h1|TITLE|H1)\b[^>]{0,200}>\s*([^<]{1,200})</")
_EXPIRED = re.compile(r"\bsession\b.{0,20}\b(?:expired|timed out|timeout|invalid)\b|\b(?:log|sign) ?in again\b", re.IGNORECASE)
_CHALLENGE = re.compile(
    r"captcha|\b(?:are you|you are) (?:a )?(?:human|robot)|^just a moment|attention required|security check", re.IGNORECASE
)
_AWAY = re.compile(
    r"(?:(?:wh?)?oops|uh[- ]?oh|something went wrong|(?:(?:we(?:'|’)?(?:ll| will) )?be (?:right )?)?back (?:soon|shortly)"
    r"|(?:down|closed|offline|undergoing|under|scheduled)(?: for)? maintenance|temporarily (?:down|offline|closed)"
    r"|error:? [45][0-9]{2}|50[0-9] backend fetch failed)\b",
    re.IGNORECASE,
)
"""How a page begins that was sent in place of all others."""
_HOLLOW = frozenset(("{}", "[]", "null"))
_THEMES = 3
"""So many objects make a catalogue of texts."""
_LONG_POLL = 10_000.0
"""Milliseconds after which an answer may well be empty: nothing happened."""
_ASSET_PATH = re.compile(r"\.(?:css|m?js|png|jpe?g|gif|svg|webp|woff2?|ttf)$", re.IGNORECASE)
_WHOLE_PAGE = re.compile(r"\s*(?:<!--.{0,500}?-->\s*)?<(?:!doctype html|html)\b", re.IGNORECASE | re.DOTALL)


class Seen(Struct, frozen=True):
    """What is wrong with an answer."""

    rule: str
    seen: str
    """In words, without anything of the recording."""
    start: int = 0
    end: int = 0
    """The characters of the body that show it; none when both are 0."""


Key = tuple[str, str, str, tuple[str, ...]]


def endpoint(entry: Entry) -> Key:
    """What two requests share that ask for the same kind of answer: method, host, path without values, parameters, operation.

    An application may answer one address with a page or a document, by what is accepted.
    """
    host, path, query = _asked(entry.request.url)
    text = (body_text(entry) or "") if entry.request.body and len(entry.request.body) < 200_000 else ""
    fields = list(form_fields(text) or ()) if body_type(entry.request) == FORM and text else []
    document = json_document(text) if text and "json" in body_type(entry.request) else None
    if isinstance(document, dict):
        fields = [(name, value if isinstance(value, str) else "") for name, value in document.items()]
    names = sorted({name for name, _ in (*query, *fields)})
    operations = sorted(value[:200] for name, value in (*query, *fields) if name.lower() in _OPERATIONS)
    accepted = (header(entry.request.headers, "accept") or "").partition(",")[0].partition(";")[0].strip().lower()
    return entry.request.method, host, path, (*names, *operations, accepted)


@lru_cache(maxsize=4096)
def _asked(url: str) -> tuple[str, str, Sequence[tuple[str, str]]]:
    """Host, path without values and parameters of a URL."""
    parts = urlsplit(url)
    few = parts.query.count("&") + parts.query.count(";") < 200
    query = tuple(named_values(parts.query, keep_blank_values=True)) if few else ()
    return parts.netloc, path_template(parts.path or "/"), query


class _Group(Struct):
    """The sound answers of an endpoint."""

    count: int = 0
    filled: int = 0
    types: Counter[str] = field(default_factory=Counter)
    """Of those with a body."""


class Answers:
    """The answers of one or more recordings of a journey, by endpoint."""

    def __init__(self, recordings: Sequence[Sequence[Entry]]) -> None:
        self._groups: dict[Key, _Group] = defaultdict(_Group)
        self._keys: dict[int, Key] = {}
        self._holds_bodies: dict[int, bool] = {}
        self.without_error: set[int] = set()
        """The entries (`id`) that were looked at and whose bodies tell of no error."""
        for entries in recordings:
            pages = [e for e in entries if e.response.status == 200 and not is_static(e) and e.request.method == "GET"]
            held = sum(e.response.has_body for e in pages)
            holds = len(pages) > 2 and held >= len(pages) * 0.8
            for entry in entries:
                if not is_asset(entry):
                    self._add(entry)
                self._holds_bodies[id(entry)] = holds

    def wrong(self, entry: Entry) -> Seen | None:
        """What is wrong with an answer, if anything; the surest reason first."""
        response = entry.response
        if not response.status:
            return None
        if is_asset(entry) or _wants_asset(entry):
            return _asset(entry)
        if response.redirect and _ERROR_PATH.search(urlsplit(response.redirect).path):
            return Seen("redirect to an error page", "the address it leads to is an error page's")
        if response.status >= 400:
            return Seen("error status", f"status {response.status}")
        if not 200 <= response.status < 300:
            return None
        if payload := _payload(entry):
            return payload
        if not _has_errors(entry):
            self.without_error.add(id(entry))
        return _type(entry) or self._other_type(entry) or self._empty(entry)

    def endpoint(self, entry: Entry) -> Key:
        """What asks for the same kind of answer as this request; of an entry of these recordings."""
        return self._keys.get(id(entry)) or endpoint(entry)

    def _add(self, entry: Entry) -> None:
        key = self._keys[id(entry)] = endpoint(entry)
        if 200 <= entry.response.status < 300:
            group = self._groups[key]
            group.count += 1
            if entry.response.has_body:
                group.filled += 1
                group.types[_family(entry)] += 1

    def _other_type(self, entry: Entry) -> Seen | None:
        """A page where all other answers of the endpoint are JSON, or the other way round."""
        if not entry.response.has_body or is_static(entry):
            return None
        types = self._groups[self.endpoint(entry)].types - Counter((_family(entry),))
        usual = next(iter(types), "")
        if is_document(entry) and _family(entry) == "HTML":
            return None  # what a browser goes to may well be a page
        if len(types) != 1 or {usual, _family(entry)} != {"HTML", "JSON"} or (usual == "HTML" and types[usual] < 2):
            return None
        others = f"{types[usual]} other answer{'s' if types[usual] > 1 else ''} of this endpoint"
        return Seen("wrong type", f"{_family(entry)} came, and {usual} in {others}")

    def _empty(self, entry: Entry) -> Seen | None:
        response = entry.response
        if response.has_body or response.body_missing or response.status in (204, 205) or entry.request.method == "HEAD":
            return None
        if entry.ended - entry.started > _LONG_POLL or header(entry.request.headers, "sec-fetch-dest") in ("iframe", "frame"):
            return None
        group = self._groups[self.endpoint(entry)]
        filled = group.filled
        if filled and filled == group.count - 1:
            return Seen("empty body", f"no body, and one in {filled} other answer{'s' if filled > 1 else ''} of this endpoint")
        if _is_graphql(entry) or _CALLED.search(body_text(entry) or ""):
            return Seen("empty body", "a call without a body, of which each answer has one")
        declared = header(response.headers, "content-length") == "0"
        if (is_document(entry) or "json" in response.media_type) and entry.request.method == "GET":
            what = "a page" if is_document(entry) else "JSON"
            if declared or self._holds_bodies.get(id(entry)):
                return Seen("empty body", f"{what} without a body")
        return None


def _family(entry: Entry) -> str:
    media_type = entry.response.media_type
    if "html" in media_type:
        return "HTML"
    return "JSON" if media_type.endswith("json") else media_type or "no type"


def _wants_asset(entry: Entry) -> bool:
    """Whether a script, style, font or picture was asked for, whatever came."""
    wanted = header(entry.request.headers, "sec-fetch-dest")
    if wanted is not None:
        return wanted in ("script", "style", "font", "image")
    return entry.request.method == "GET" and _ASSET_PATH.search(path_of(entry)) is not None


def _asset(entry: Entry) -> Seen | None:
    """A page in place of a script, style or picture: what an application answers when it does not have the file."""
    response = entry.response
    text = response.text or ""
    if response.status == 200 and "html" in response.media_type and _WHOLE_PAGE.match(text[:1000]):
        return Seen("wrong type", "a page came where a static asset was asked for")
    return None


def _payload(entry: Entry) -> Seen | None:
    """An answer that says by itself that it is an error."""
    response = entry.response
    text = response.text or ""
    content_type = header(response.headers, "content-type") or response.media_type
    if not text:
        return None
    as_json = text[:200].lstrip()[:1] in ("{", "[") and not _WHOLE_PAGE.match(text[:1000])
    if as_json and (found := _json(entry, text)):
        return found
    if text.strip() in _HOLLOW and _is_graphql(entry):
        return Seen("empty body", "neither `data` nor `errors`, of which each answer of GraphQL has one")
    ignored: tuple[str, ...] = ("login form", "json member", "error message")
    while reason := soft_failure(response.status, content_type, text, ignored):
        if reason == "error title" and (match := re.search(ERROR_TITLE, text)):
            return Seen(reason, "the title of the page speaks of an error", match.start(), match.end())
        if reason == "exception text" and (found_in := exception_in(text)):
            return Seen(reason, f"the trace of an exception, as {found_in[0]} writes it", *found_in[1:])
        ignored = (*ignored, reason)
    if "html" in response.media_type and (found := _headline(text)):
        return found
    if "xml" in response.media_type and (match := _ERROR_ROOT.match(text[:2000])):
        return Seen("error payload", "the root of the document is an error", match.start(1), match.end(1))
    if "xml" in response.media_type and (_SOAP in text or _SOAP12 in text) and (match := _FAULT.search(text)):
        return Seen("SOAP fault", "a SOAP fault", match.start(), match.end())
    return None


def _headline(text: str) -> Seen | None:
    """What the title and the first headings say of the session."""
    for match in _HEADLINE.finditer(text[:50_000]):
        if _EXPIRED.search(match[1]):
            return Seen("session expired", "the title or heading says that the session is over", match.start(1), match.end(1))
        if _CHALLENGE.search(match[1]):
            return Seen("challenge page", "the title or heading asks whether a person is there", match.start(1), match.end(1))
        if _AWAY.match(match[1].strip()):
            return Seen(
                "error title", "the title or heading says that the application failed or is away", match.start(1), match.end(1)
            )
    return None


def _json(entry: Entry, text: str) -> Seen | None:
    if not _TELLING.search(text) and 'Error"' not in text and "\\u" not in text:
        return None
    try:
        document = orjson.loads(text)
    except orjson.JSONDecodeError:
        return None
    reason = None if _is_catalogue(document) or _says_no_error(document) else failing_member(document)
    graphql = _is_graphql(entry)
    if graphql and isinstance(document, list):
        reason = next((f"json member `{e}`" for one in document if isinstance(one, dict) for e in ("errors",) if one.get(e)), None)
    reason = reason or (_by_code(entry, document) if isinstance(document, dict) else None)
    if reason is None and graphql and (told := _told_by_result(document)):
        match = re.search(rf'"{re.escape(told)}"', text)
        return Seen(
            "GraphQL errors", "the result of the mutation is an error", match.start() if match else 0, match.end() if match else 0
        )
    if reason is None:
        return None
    name = reason.partition("`")[2].partition("`")[0]
    match = re.search(rf'"{re.escape(name)}"\s*:', text)
    spot = (match.start(), match.end()) if match else (0, 0)
    if graphql and name == "errors":
        return Seen("GraphQL errors", "the answer has `errors`", *spot)
    return Seen("error payload", f"the answer has the {reason}", *spot)


def _has_errors(entry: Entry) -> bool:
    """Whether a run takes an answer for an error, though it only holds texts for errors."""
    text = entry.response.text or ""
    return '"error' in text and soft_failure(entry.response.status, entry.response.media_type, text, ("login form",)) is not None


def _says_no_error(document: object) -> bool:
    """Whether the error that a document speaks of is none: `{"error": {"code": 0, "message": ""}}`."""
    error = document.get("error") if isinstance(document, dict) else None
    return isinstance(error, dict) and "code" in error and not any(value and value != "0" for value in error.values())


def _is_catalogue(document: object) -> bool:
    """Whether a document holds texts by theme, of which errors are one: `{"error": {"not-found": "…"}, "menu": {…}, …}`."""
    if not isinstance(document, dict) or len(document) < _THEMES or not all(isinstance(one, dict) for one in document.values()):
        return False
    texts = document.get("error") or document.get("errors") or {}
    return len(texts) >= _THEMES and not any(name in texts for name in (*_EXPLAINING, "code", "status"))


def _told_by_result(document: object) -> str:
    """The name by which the result of a mutation says that it is an error; empty where none does.

    Errors that a client should handle are results by their type (`"__typename": "EmailConflictError"`) or a list beside them.
    """
    data = document.get("data") if isinstance(document, dict) else None
    for result in data.values() if isinstance(data, dict) else ():
        if not isinstance(result, dict):
            continue
        if str(result.get("__typename", "")).endswith(("Error", "Exception")) and isinstance(result.get("message", ""), str):
            return "__typename"
        if errors := next((name for name in ("userErrors", "errors") if isinstance(result.get(name), list) and result[name]), ""):
            return errors
    return ""


def _by_code(entry: Entry, document: dict[str, object]) -> str | None:
    """An error by its code, or by a flag that is written otherwise; weaker, so the reader judges it and no run does."""
    explained = any(isinstance(document.get(name), str) and document.get(name) for name in _EXPLAINING)
    explained = explained or document.get("type") in _FAILING  # `{"type": "failure", "status": 400}`, with status 200
    for name in ("code", "status", "statusCode", "status_code"):
        value = document.get(name)
        if explained and isinstance(value, int) and not isinstance(value, bool) and 400 <= value < 600:
            return f"json member `{name}`"
    for name in ("success", "ok"):
        value = document.get(name)
        if (isinstance(value, str) and value.lower() == "false") or (value == 0 and value is not False and explained):
            return f"json member `{name}`"
    if entry.response.media_type == "application/problem+json" and explained:
        return "json member `title`" if "title" in document else "json member `detail`"
    return next((f"json member `{n}`" for n in ("stackTrace", "ExceptionMessage", "exceptionType") if document.get(n)), None)


def _is_graphql(entry: Entry) -> bool:
    text = (body_text(entry) or "") if "json" in body_type(entry.request) else ""
    if '"query"' not in text and "/graphql" not in entry.request.url:
        return False
    document = json_document(text)
    first = document[0] if isinstance(document, list) and document else document
    return isinstance(first, dict) and ("query" in first or "operationName" in first)


def _type(entry: Entry) -> Seen | None:
    """Another type than the request asked for."""
    response = entry.response
    text = response.text or ""
    accept = (header(entry.request.headers, "accept") or "").lower()
    wants_json = accept.partition(",")[0].partition(";")[0].strip().endswith("json") and "html" not in accept
    whole_page = "html" in response.media_type and _WHOLE_PAGE.match(text[:1000])
    if wants_json and "html" in response.media_type and (whole_page or "*/*" not in accept):
        return Seen("wrong type", "HTML came where JSON was asked for")
    if whole_page and (not accept or not is_document(entry)) and _is_api(entry):
        return Seen("wrong type", "a page came where an API was called")
    goes_to_page = header(entry.request.headers, "sec-fetch-dest") == "document" and accept.startswith("text/html")
    if goes_to_page and response.media_type.endswith("json"):
        return Seen("wrong type", "JSON came where a page was asked for")
    return None


def _is_api(entry: Entry) -> bool:
    """Whether a request is a call that no page answers: it sends JSON, or its path says so."""
    path = path_of(entry)
    return body_type(entry.request).endswith("json") or re.search(r"/(?:api|graphql)(?:/|$)|\.json$", path) is not None


def wants_a_session(entry: Entry) -> bool:
    """Whether GraphQL refused a request for want of a session, by the codes that its servers share."""
    text = entry.response.text or ""
    return '"errors"' in text and _is_graphql(entry) and _REFUSED.search(text) is not None


def kept_going(entries: Iterable[Entry]) -> set[int]:
    """Entries with a 401 or 407 that was a challenge: the same was asked for again and was answered."""
    open_challenges: dict[tuple[str, str], list[int]] = defaultdict(list)
    answered: set[int] = set()
    for entry in entries:
        key = (entry.request.method, entry.request.url)
        if entry.response.status in (401, 407):
            open_challenges[key].append(entry.index)
        elif 200 <= entry.response.status < 400:
            answered.update(open_challenges.pop(key, ()))
    return answered
