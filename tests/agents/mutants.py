"""Recordings with one failure put into them: what an application answers when it fails and says that all is well.

A mutant is a clean recording with the answer of one entry replaced. The seed chooses the entries and the looks.
"""

from __future__ import annotations

import json
import random
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from urllib.parse import urljoin, urlsplit

from loadwright.compiler.recording.kinds import is_document
from loadwright.compiler.recording.model import Entry, RecordedResponse

LOGIN = """<!DOCTYPE html><html><head><title>Sign in</title></head><body><h1>Sign in</h1>
<form method="post" action="/login"><input type="hidden" name="csrf" value="x"><input name="username">
<input type="password" name="password"><button>Sign in</button></form></body></html>"""
BROKEN = "<!DOCTYPE html><html><head><title>Corner shop</title></head><body><h1>Corner shop</h1><pre>{}</pre></body></html>"
MAINTENANCE = "<!DOCTYPE html><html><head><title>Corner shop</title></head><body><p>We will be back soon.</p></body></html>"
TITLES = ("Error", "404 Not Found", "Access Denied", "503 Service Unavailable", "Application Error", "Internal server error")
TRACES = (
    'Traceback (most recent call last):\n  File "app.py", line 3, in view\nKeyError: 1',
    "java.lang.NullPointerException: null\n\tat com.acme.Cart.total(Cart.java:42)\n\tat com.acme.Page.show(Page.java:7)",
    "System.NullReferenceException: Object reference not set\n   at Acme.Cart.Total() in C:\\src\\Cart.cs:line 42",
    "<h1>Server Error in '/shop' Application.</h1>",
    "<b>Fatal error</b>:  Uncaught TypeError: total() in /srv/cart.php:42",
    "app/models/cart.rb:42:in `total': undefined method `+' for nil (NoMethodError)",
    "ORA-00942: table or view does not exist",
    "You have an error in your SQL syntax; check the manual",
    "SQLSTATE[42S02]: Base table or view not found",
    "panic: runtime error\n\ngoroutine 18 [running]:\nmain.total()",
    "PHP Fatal error:  Uncaught TypeError: total() in /srv/cart.php:42",
    "TypeError: total is not a function\n    at Cart.total (/srv/shop/cart.js:42:17)\n    at async show (/srv/shop/page.js:7:3)",
    "TypeError: total is not a function\n    at show (file:///srv/shop/page.ts:7:3)",
    "thread 'main' panicked at src/cart.rs:42:17:\ncalled `Option::unwrap()` on a `None` value",
    'Can\'t call method "total" on an undefined value at /srv/shop/Cart.pm line 42.',
    'Can\'t call method "total" on an undefined value at shop.pl line 42.',
    "** (KeyError) key :total not found in: nil\n    (shop 0.1.0) lib/shop/cart.ex:42: Shop.Cart.total/1",
)
PAYLOADS: tuple[object, ...] = (
    {"error": {"code": "cart_gone", "message": "no such cart"}},
    {"errors": [{"message": "no such cart"}]},
    {"success": False, "message": "no such cart"},
    {"ok": False},
    {"status": "error", "message": "no such cart"},
    {"status": "fail", "data": {}},
    {"code": 500, "message": "no such cart"},
    {"success": "false", "message": "no such cart"},
    {"statusCode": 404, "error": "Not Found"},
)
HEADING = re.compile(r"(<h([12])\b[^<>]*>).*?(</h\2>)", re.DOTALL)
REFUSALS = ("Access denied", "Not found", "An error occurred", "403 Forbidden", "Something went wrong")
LOGOUT = ("logout", "logoff", "Signout", "session/end")


@dataclass(frozen=True)
class Mutant:
    """A recording with a failure in it."""

    kind: str
    entry: int
    """Where the failure is."""
    entries: tuple[Entry, ...]


Change = Callable[[Entry, random.Random, "Journey"], Entry]


class Journey:
    """A clean recording, and where in it a user is logged in."""

    def __init__(self, entries: Sequence[Entry]) -> None:
        self.entries = tuple(entries)
        self.login = next((e for e in entries if _sends_password(e)), None)
        self.login_page = next((e for e in entries if 'type="password"' in (e.response.text or "")), None)
        self.inside: list[Entry] = []
        """Pages that only a user sees who is logged in."""
        if self.login is None or self.login_page is None:
            return
        logged_out = next((e.index for e in entries if e.index > self.login.index and _leaves(e)), 10**9)
        landed = False
        for entry in entries:
            if entry.index > self.login.index:
                landed = landed or entry.response.status == 200
                if landed and entry.index < logged_out and _is_page(entry):
                    self.inside.append(entry)


def mutants(entries: Sequence[Entry], seed: int, each: int = 4) -> Iterator[Mutant]:
    """Mutants of every kind that a recording can have, at most `each` of a kind."""
    journey = Journey(entries)
    draw = random.Random(seed)
    calls = [e for e in entries if e.response.status in (200, 201) and e.response.media_type.endswith("json") and e.response.data]
    graphql = [e for e in calls if e.request.url.endswith("/graphql")]
    pages = [e for e in entries if _is_page(e) and e is not journey.login]
    asked = [e for e in calls if _asks_for_json(e)]
    kinds: list[tuple[str, list[Entry], Change]] = [
        ("login page", journey.inside, _login_page),
        ("redirect to login", journey.inside, _redirect_to_login),
        ("login failed", [journey.login] if journey.login and journey.inside else [], _login_page),
        ("error payload", [e for e in calls if e not in graphql], _error_payload),
        ("GraphQL errors", graphql, _graphql_errors),
        (
            "empty body",
            [*(p for p in pages if p.request.method == "GET"), *(c for c in calls if c.request.method == "GET")],
            _empty,
        ),
        ("HTML in place of JSON", asked, _html),
        ("JSON in place of a page", [p for p in pages if _goes_to_page(p)], _json),
        ("exception text", [*pages, *calls], _exception),
        ("error page", pages, _error_page),
        ("redirect to an error page", pages, _redirect_to_error),
        ("error message", [p for p in pages if HEADING.search(p.response.text or "")], _own_error),
    ]
    for kind, targets, change in kinds:
        for target in draw.sample(targets, min(each, len(targets))):
            changed = change(target, draw, journey)
            yield Mutant(kind, target.index, tuple(changed if e is target else e for e in journey.entries))


# --- targets ----------------------------------------------------------------------------------------------------------


def _is_page(entry: Entry) -> bool:
    text = entry.response.text or ""
    return is_document(entry) and entry.response.status == 200 and "html" in entry.response.media_type and bool(text)


def _sends_password(entry: Entry) -> bool:
    body = entry.request.body or b""
    return entry.request.method == "POST" and (b"assword" in body or b"pwd=" in body)


def _leaves(entry: Entry) -> bool:
    sent = entry.request.url + (entry.request.body or b"").decode("latin-1")
    return any(word in sent for word in LOGOUT)


def _asks_for_json(entry: Entry) -> bool:
    headers = {name.lower(): value for name, value in entry.request.headers}
    path = urlsplit(entry.request.url).path
    return (
        headers.get("accept", "").startswith("application/json")
        or entry.request.media_type.endswith("json")
        or "/api/" in path
        or path.endswith(("/graphql", ".json"))
    )


def _goes_to_page(entry: Entry) -> bool:
    headers = {name.lower(): value for name, value in entry.request.headers}
    return headers.get("sec-fetch-dest") == "document" and headers.get("accept", "").startswith("text/html")


# --- changes ----------------------------------------------------------------------------------------------------------


def _answer(entry: Entry, text: str, media_type: str = "text/html", status: int = 200) -> Entry:
    headers = (("Content-Type", media_type), ("Content-Length", str(len(text.encode()))))
    return replace(entry, response=RecordedResponse(status, headers, text, text.encode(), media_type))


def _login_page(entry: Entry, draw: random.Random, journey: Journey) -> Entry:
    page = journey.login_page
    own = page.response.text if page else None
    return _answer(entry, own or LOGIN)


def _redirect(entry: Entry, location: str) -> Entry:
    headers = (("Location", location), ("Content-Length", "0"))
    redirect = urljoin(entry.request.url, location)
    return replace(entry, response=RecordedResponse(302, headers, "", b"", "text/html", redirect))


def _redirect_to_login(entry: Entry, draw: random.Random, journey: Journey) -> Entry:
    return _redirect(entry, draw.choice(("/login", "/users/sign_in", "/account/login?next=%2F", "/wp-login.php", "/auth/login")))


def _redirect_to_error(entry: Entry, draw: random.Random, journey: Journey) -> Entry:
    return _redirect(entry, draw.choice(("/error", "/errors/500.html", "/maintenance", "/access-denied")))


def _error_payload(entry: Entry, draw: random.Random, journey: Journey) -> Entry:
    return _answer(entry, json.dumps(draw.choice(PAYLOADS)), "application/json")


def _graphql_errors(entry: Entry, draw: random.Random, journey: Journey) -> Entry:
    return _answer(entry, json.dumps({"data": None, "errors": [{"message": "no such cart"}]}), "application/json")


def _empty(entry: Entry, draw: random.Random, journey: Journey) -> Entry:
    return _answer(entry, "", entry.response.media_type)


def _html(entry: Entry, draw: random.Random, journey: Journey) -> Entry:
    return _answer(entry, MAINTENANCE)


def _json(entry: Entry, draw: random.Random, journey: Journey) -> Entry:
    return _answer(entry, '{"state":"busy"}', "application/json")


def _exception(entry: Entry, draw: random.Random, journey: Journey) -> Entry:
    trace = draw.choice(TRACES)
    if entry.response.media_type.endswith("json"):
        return _answer(entry, json.dumps({"detail": trace}), "application/json")
    return _answer(entry, BROKEN.format(trace))


def _error_page(entry: Entry, draw: random.Random, journey: Journey) -> Entry:
    title = draw.choice(TITLES)
    return _answer(entry, f"<html><head><title>{title}</title></head><body>{title}</body></html>")


def _own_error(entry: Entry, draw: random.Random, journey: Journey) -> Entry:
    """The application's own layout, under the page's own title."""
    return _answer(entry, HEADING.sub(rf"\g<1>{draw.choice(REFUSALS)}\g<3>", entry.response.text or "", count=1))
