"""Soft failures: responses that are errors in disguise, by rules that each name their evidence.

The rules see one response. Every backend ports exactly these, so that the three runtimes agree.
"""

from __future__ import annotations

import re
from collections.abc import Collection

import orjson

EXCEPTION_SIGNATURE = (
    r"Traceback \(most recent call last\)|Exception in thread|Fatal error: Uncaught|Unhandled exception|ORA-[0-9]{5}:|"
    r"You have an error in your SQL syntax"
)
"""A portable regular expression; applied to text, HTML and JSON bodies."""

ERROR_TITLE = r"<title>[^<]{0,80}(?:[Ee]rror|[Ee]xception|[Ff]orbidden|[Nn]ot [Ff]ound|[Uu]navailable|[Dd]enied)[^<]{0,80}</title>"
"""A portable regular expression; applied to HTML bodies."""

LOGIN_FORM = r"""<input[^>]{0,200}type=["']?password"""
"""A portable regular expression; applied to HTML bodies."""


def soft_failure(status: int, content_type: str, body: str, ignored: Collection[str] = ()) -> str | None:
    """The reason why a 2xx response is a failure all the same, or None; `ignored` rules do not apply.

    In order: `json member` (media type `application/json` or `+json`): the top-level object has a non-empty `errors`, an
    `error` that is not null, false or empty, `success` or `ok` false, or `status` equal to `error` or `fail`;
    `error title`: HTML whose title speaks of an error; `login form`: HTML with a password field (the login page in place
    of the page); `exception text`: the signature of an exception in a textual body.
    """
    if not 200 <= status < 300:
        return None
    media_type = content_type.partition(";")[0].strip().lower()
    is_json = media_type == "application/json" or media_type.endswith("+json")
    if is_json and "json member" not in ignored and (reason := _json_reason(body)):
        return reason
    rules = (
        ("error title", ERROR_TITLE, media_type == "text/html"),
        ("login form", LOGIN_FORM, media_type == "text/html"),
        ("exception text", EXCEPTION_SIGNATURE, is_json or media_type.startswith("text/")),
    )
    for name, pattern, applies in rules:
        if applies and name not in ignored and re.search(pattern, body):
            return name
    return None


def _json_reason(body: str) -> str | None:
    try:
        value = orjson.loads(body)
    except orjson.JSONDecodeError:
        return None
    if not isinstance(value, dict):
        return None
    for member in ("errors", "error"):
        if value.get(member) not in (None, False, "", [], {}):
            return f"json member `{member}`"
    for member in ("success", "ok"):
        if value.get(member) is False:
            return f"json member `{member}`"
    if value.get("status") in ("error", "fail"):
        return "json member `status`"
    return None
