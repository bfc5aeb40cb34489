"""What kind of request an entry is: a page, a static asset, a call, or something that no load test sends."""

from __future__ import annotations

import re
from functools import lru_cache
from urllib.parse import urlsplit

import orjson

from loadwright.compiler.recording.model import Entry, RecordedRequest, header
from loadwright.compiler.recording.workers import RELAYED

_STATIC_RESOURCES = frozenset(
    ("stylesheet", "script", "image", "imageset", "font", "media", "texttrack", "manifest", "wasm", "signed-exchange", "prefetch")
)
_CALL_RESOURCES = frozenset(
    ("xhr", "fetch", "document", "iframe", "ping", "beacon", "preflight", "eventsource", "websocket", "report")
)
_STATIC_TYPES = re.compile(
    r"(?:image|font|audio|video)/|text/css$|(?:text|application)/(?:x-)?(?:java|ecma)script$|application/(?:wasm|font|x-font|manifest)"
)
_STATIC_PATHS = re.compile(
    r"\.(?:css|js|mjs|map|png|jpe?g|gif|svg|ico|webp|avif|bmp|woff2?|ttf|otf|eot|mp[34]|webm|ogg|wasm|webmanifest)$", re.IGNORECASE
)
_ICONS = re.compile(
    r"(?:^|/)(?:favicon\.(?:ico|png|svg)|apple-touch-icon[^/]*\.png|browserconfig\.xml|com\.chrome\.devtools\.json)$"
)
_REPORTS = frozenset(("report", "cspreport", "csp-violation-report", "cspviolationreport"))
_REPORT_TYPES = frozenset(("application/csp-report", "application/reports+json", "application/expect-ct-report+json"))
"""Types of what a browser itself sends about a page (CSP Level 3 and the Reporting API): no script or form does."""


_SHORT_STREAM = 5000
"""Milliseconds in which a stream of events that is no answer to one question is seldom at its end."""
_LAST_EVENT = 400
"""Characters at the end of a stream in which its last event is looked at."""
_NOTHING_FOLLOWS = re.compile(r"\[DONE\]|\b(?:close|done|end|eof|finish|complete)", re.IGNORECASE)
"""How the last event of a stream says that it is the last: `data: [DONE]`, `{"msg":"close_stream"}`, `event: end`."""
_JSON, _FORM, _XML = "application/json", "application/x-www-form-urlencoded", "text/xml"


def body_type(request: RecordedRequest) -> str:
    """The media type of what a request sends, by its content where that is JSON, or XML in place of a form.

    Scripts send JSON under any type: as `text/plain`, which needs no preflight, as a form by mistake, or with none.
    """
    body = request.body
    if body and request.media_type == _FORM and body.lstrip()[:1] == b"<":
        return _XML  # by mistake too: no form begins so
    if body is None or "json" in request.media_type or request.parts or body.lstrip()[:1] not in (b"{", b"["):
        return request.media_type
    try:
        orjson.loads(body)
    except orjson.JSONDecodeError:
        return request.media_type
    return _JSON


def path_of(entry: Entry) -> str:
    """The path of an entry's URL, without query; empty when the URL cannot be taken apart."""
    return _path(entry.request.url)


@lru_cache(maxsize=16384)
def _path(url: str) -> str:
    try:
        return urlsplit(url).path
    except ValueError:
        return ""


def is_html(entry: Entry) -> bool:
    """Whether the answer is an HTML page."""
    return entry.response.media_type in ("text/html", "application/xhtml+xml")


def is_document(entry: Entry) -> bool:
    """Whether the browser went to a page (frames inside a page are none)."""
    if entry.resource:
        return entry.resource == "document"
    accept = (header(entry.request.headers, "accept") or "").lower()
    if accept.startswith(("text/html", "application/xhtml")):
        return True
    return not accept and is_html(entry)


def is_static(entry: Entry) -> bool:
    """Whether the entry loads a static asset: a stylesheet, script, image, font or medium."""
    if entry.request.method not in ("GET", "HEAD") or entry.resource in _CALL_RESOURCES or is_document(entry):
        return False
    if entry.resource in _STATIC_RESOURCES:
        return True
    return bool(_STATIC_TYPES.match(entry.response.media_type)) or (
        not is_html(entry) and bool(_STATIC_PATHS.search(path_of(entry)))
    )


def is_call(entry: Entry) -> bool:
    """Whether a page's script (or a client that is no browser) made the request."""
    return not is_document(entry) and not is_static(entry)


def is_stream(entry: Entry) -> bool:
    """Whether the answer is a stream of server-sent events."""
    return entry.resource == "eventsource" or entry.response.media_type == "text/event-stream"


def never_sent(entry: Entry) -> str:
    """Why no load test sends this entry, in words; empty when it may be sent."""
    scheme = entry.request.url.partition(":")[0].lower()
    if entry.request.method == "CONNECT":
        return "CONNECT: a proxy's tunnel, whose content was not recorded"
    if entry.messages:
        return _no_conversation(entry)
    if entry.resource == "websocket" or scheme in ("ws", "wss") or entry.response.status == 101:
        return "WebSocket: the recording holds none of its messages"
    if scheme not in ("http", "https"):
        return f"a {scheme[:20]}: URL, which the browser answers by itself"
    if entry.resource == "eventsource" or (is_stream(entry) and not _ends_by_itself(entry)):
        return "server-sent events: the answer is a stream without end, not supported yet"
    if entry.request.method == "OPTIONS" and (
        entry.resource == "preflight" or header(entry.request.headers, "access-control-request-method")
    ):
        return "a CORS preflight, which only browsers send"
    if entry.resource in _REPORTS or entry.request.media_type in _REPORT_TYPES:
        return "a report of the browser about the page"
    if _ICONS.search(path_of(entry)):
        return "an icon or probe that the browser asks for by itself"
    if entry.resource == RELAYED:
        return "sent by a service worker for a page, whose request is kept"
    if entry.from_cache:
        return "answered by the browser's cache"
    if entry.response.status == 304 and is_static(entry):
        return "not modified (304): the browser had it in its cache"
    return ""


def _ends_by_itself(entry: Entry) -> bool:
    """Whether a stream of events is the answer to one question, which the server ends: one that is posted, soon at its end,
    or whose last event says that it is the last.

    An `EventSource`, which asks again where a stream ends, can only send GET.
    """
    if entry.request.method != "GET":
        return True
    text = (entry.response.text or "").rstrip()
    is_short = entry.ended - entry.started <= _SHORT_STREAM
    last = text[-_LAST_EVENT:].replace("\r", "").rpartition("\n\n")[2]
    return text != "" and (is_short or _NOTHING_FOLLOWS.search(last) is not None)


def _no_conversation(entry: Entry) -> str:
    """Why a WebSocket with messages is not opened in a test; empty when it is."""
    if entry.response.status >= 300:
        return f"WebSocket: it was refused with status {entry.response.status}"
    return "" if any(message.text is not None for message in entry.messages) else "WebSocket: all of its messages are binary"
