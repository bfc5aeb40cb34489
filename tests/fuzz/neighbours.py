"""Recordings in which a weak password stands beside a value that a later request needs: no look tells that it is secret."""

from __future__ import annotations

import base64
import html
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, quote_plus, urlencode

from fuzz.canaries import Har, entry
from hypothesis import strategies as st

_TOKENS = ("Qk83ZmLw10Tp55Vx", "8f14e45fceea167a5a36dedd4bea2543", "kf92-Lm31-Zx84-Qp07")
_PASSWORDS = (
    "winterstone7",
    "correct horse battery",
    "p@ss&wörd <1>",
    'O\'Hara "8"',
    "100%sure",
    "a\\b|c:d",
    "tr0ub4dor&3",
    "{{x}}${y}1",
)
_NAMES = ("password", "password_confirmation", "pwd2", "user[password]", "secret", "pin", "Kennwort", "passwd")
JSON = "application/json"


@dataclass(frozen=True)
class Neighbours:
    """A recording, and the password in it."""

    document: Har
    password: str


Answer = Callable[[str, str, str], dict[str, Any]]
"""The answer that has a token beside a password, and another row of each kind."""


def _rows(token: str, password: str, other: str) -> dict[str, Any]:
    return {"answers": JSON, "text": json.dumps([{"note": "summer sky", "id": other}, {"note": password, "id": token}])}


def _deep_rows(token: str, password: str, other: str) -> dict[str, Any]:
    rows = [{"a": {"note": "summer sky"}, "id": other}, {"a": {"note": password}, "id": token}]
    return {"answers": JSON, "text": json.dumps({"rows": rows})}


def _text(token: str, password: str, other: str) -> dict[str, Any]:
    return {"answers": "text/plain", "text": f"hello {password}; ticket {token} end"}


def _separated(token: str, password: str, other: str) -> dict[str, Any]:
    return {"answers": JSON, "text": json.dumps({"v": f"user:{password}:{token}:x"})}


def _attribute(token: str, password: str, other: str) -> dict[str, Any]:
    return {"answers": "text/xml", "text": f'<r><u note="{html.escape(password)}" id="{token}"/></r>'}


def _elements(token: str, password: str, other: str) -> dict[str, Any]:
    row = "<u><id>{}</id><note>{}</note></u>"
    return {"answers": "text/xml", "text": f"<r>{row.format(other, 'summer sky')}{row.format(token, html.escape(password))}</r>"}


def _table(token: str, password: str, other: str) -> dict[str, Any]:
    row = '<tr><td>{}</td><td><a href="/x/{}">Edit</a></td></tr>'
    return {"text": f"<table>{row.format('summer sky', other)}{row.format(html.escape(password), token)}</table>"}


def _choices(token: str, password: str, other: str) -> dict[str, Any]:
    row = '<option value="{}">{}</option>'
    return {"text": f'<select name="id">{row.format(other, "summer sky")}{row.format(token, html.escape(password))}</select>'}


def _script(token: str, password: str, other: str) -> dict[str, Any]:
    said = json.dumps(password).replace("<", "\\u003c")
    return {
        "text": f'<script>a = {{"id": "{other}"}}; b = {{{said}: 1, "note": {said}, "id": "{token}", "more": {said}}};</script>'
    }


def _guarded(token: str, password: str, other: str) -> dict[str, Any]:
    return {"answers": JSON, "text": f")]}}'\n{json.dumps([other, password, token])}"}


def _lines(token: str, password: str, other: str) -> dict[str, Any]:
    return {"answers": "text/csv", "text": f"id,note\n{other},summer sky\n{token},{password}\n"}


def _link(token: str, password: str, other: str) -> dict[str, Any]:
    url = f"/x/{quote(password, safe='')}/{token}/edit?n={quote_plus(password)}"
    return {"text": f'<title>{html.escape(password)}</title><a href="{url}">x</a>'}


ANSWERS: Mapping[str, Answer] = {
    "rows of JSON": _rows,
    "deeper rows": _deep_rows,
    "a text": _text,
    "separated": _separated,
    "an attribute": _attribute,
    "elements": _elements,
    "a table": _table,
    "choices": _choices,
    "a script": _script,
    "behind a guard": _guarded,
    "lines": _lines,
    "a link": _link,
}


def forms(secret: str) -> list[bytes]:
    """What a secret may be written as."""
    raw = secret.encode()
    inside = [base64.b64encode(b" " * shift + raw)[4 if shift else 0 : -4] for shift in range(3)]
    texts = (quote(secret, safe=""), quote_plus(secret), json.dumps(secret)[1:-1], html.escape(secret), secret.replace("$", "\\$"))
    return [raw, raw.hex().encode(), *inside, *(text.encode() for text in texts)]


@st.composite
def neighbours(draw: st.DrawFn) -> Neighbours:
    """A page or call that shows a token beside the password, a request with the token, and the login, before or after."""
    token, other = draw(st.permutations(_TOKENS))[:2]
    password, name = draw(st.sampled_from(_PASSWORDS)), draw(st.sampled_from(_NAMES))
    fields = {"user": "ann", name: password}
    as_json = draw(st.booleans())
    body: dict[str, Any] = {"body": json.dumps(fields), "sends": JSON} if as_json else {"body": urlencode(fields)}
    shown = entry("GET", "/shown", 1000, **ANSWERS[draw(st.sampled_from(sorted(ANSWERS)))](token, password, other))
    used = entry("GET", f"/use?id={token}", 1500, answers=JSON, text='{"ok":1}')
    login = entry("POST", "/login", draw(st.sampled_from([0, 3000])), answers=JSON, text='{"ok":1}', **body)
    entries = sorted([shown, used, login], key=lambda one: str(one["startedDateTime"]))
    log = {"version": "1.2", "creator": {"name": "fuzz", "version": "1"}, "pages": [], "entries": entries}
    return Neighbours({"log": log}, password)
