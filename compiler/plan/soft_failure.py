"""Soft failures: responses that are errors in disguise, by rules that each name their evidence.

The rules see one response. Every backend ports exactly these, so that the three runtimes agree.
"""

from __future__ import annotations

import re

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


def soft_failure(status: int, content_type: str, body: str) -> str | None:
    """The reason why a 2xx response is a failure all the same, or None.

    In order: JSON (media type `application/json` or `+json`) whose top-level object has a non-empty `errors`, an `error`
    that is not null, false or empty, `success` or `ok` false, or `status` equal to `error` or `fail`; HTML whose title
    speaks of an error; HTML with a password field (the login page in place of the page); an exception signature.
    """
    if not 200 <= status < 300:
        return None
    media_type = content_type.partition(";")[0].strip().lower()
    if media_type == "application/json" or media_type.endswith("+json"):
        reason = _json_reason(body)
        if reason:
            return reason
    if media_type == "text/html":
        if re.search(ERROR_TITLE, body):
            return "error title"
        if re.search(LOGIN_FORM, body):
            return "login form"
    textual = media_type.startswith("text/") or media_type == "application/json" or media_type.endswith("+json")
    if textual and re.search(EXCEPTION_SIGNATURE, body):
        return "exception text"
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
