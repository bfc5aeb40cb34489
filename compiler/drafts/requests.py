"""Parts of requests that every source without answers has: headers that hold secrets, JSON bodies, files beside the source."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from loadwright.compiler.agents.observe.sites import DROPPED_HEADERS
from loadwright.compiler.agents.secret_names import is_secret_name
from loadwright.compiler.agents.values import is_token
from loadwright.compiler.data_files import BadDataError, find_file
from loadwright.compiler.drafts.builder import Builder
from loadwright.compiler.drafts.notes import Warn
from loadwright.compiler.plan.jsonpath import Digits
from loadwright.compiler.plan.model import (
    Header,
    JsonArray,
    JsonConstant,
    JsonMember,
    JsonNumber,
    JsonObject,
    JsonText,
    JsonValue,
)
from loadwright.compiler.plan.template import Template, Text, template

_TOKEN = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_CONTROLS = re.compile(r"[\x00-\x08\x0a-\x1f\x7f]")
_CREDENTIALS = re.compile(
    r"authorization|(?:x-)?(?:api|access|auth|csrf|xsrf|session)[-_]?(?:key|token|id)?$|token$|secret|cookie", re.IGNORECASE
)
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9-]{0,20} +")


def holds_secret(name: str) -> bool:
    """Whether what has this name (a field, a header, a parameter) holds a secret."""
    return is_secret_name(name) or _CREDENTIALS.search(name) is not None


def guarded(builder: Builder, name: str, value: Template, by_look: bool = True) -> Template:
    """The value of a field; as a secret where its name or, with `by_look`, its own look says so, a scheme before it kept.

    A value that looks like a token is asked for from the environment: whether it stays the same cannot be told without answers.
    """
    written, is_header = value.literal, name.lower() == "authorization"
    if written is None and not (is_header and _has_text(value)):
        return value
    text = written or ""
    scheme = match[0] if is_header and (match := _SCHEME.match(text)) else ""
    secret = holds_secret(name)
    if (written is not None and not text[len(scheme) :]) or not (secret or (by_look and is_token(text))):
        return value
    unresolved = "" if secret else "it looks like a token, and no answer that gives it is known"
    key = text[len(scheme) :] or "made of several values"
    return template(scheme, builder.secret(f"{name.lower()}={key}", name, unresolved))


def _has_text(value: Template) -> bool:
    """Whether an authorization that is made of values has more than a scheme as text."""
    texts = [part.value for part in value.parts if isinstance(part, Text)]
    return any(not re.fullmatch(r"[A-Za-z][A-Za-z0-9-]{0,20} +|[:\s]+", text) for text in texts)


def headers_of(builder: Builder, pairs: Sequence[tuple[str, Template]], warn: Warn, by_look: bool = True) -> tuple[Header, ...]:
    """The headers that a test sends: without what a runtime sends by itself, and what cannot be sent."""
    found = []
    for name, value in pairs:
        if name.lower() in DROPPED_HEADERS and name.lower() not in ("accept", "accept-language", "cache-control"):
            continue
        if not _TOKEN.fullmatch(name) or any(_CONTROLS.search(part.value) for part in value.parts if isinstance(part, Text)):
            warn("source-bad-value", "a header is not valid; it was left out")
        elif not (name.lower() == "accept" and value.literal == "*/*"):
            found.append(Header(name=name, value=guarded(builder, name, value, by_look)))
    return tuple(found)


def json_value(builder: Builder, value: Any, by_look: bool = True, name: str = "") -> JsonValue:
    """A decoded JSON value (numbers as `Digits`) as the Plan has it."""
    if isinstance(value, dict):
        members = (JsonMember(name=key, value=json_value(builder, item, by_look, key)) for key, item in value.items())
        return JsonObject(members=tuple(members))
    if isinstance(value, list):
        return JsonArray(items=tuple(json_value(builder, item, by_look, name) for item in value))
    if isinstance(value, Digits):
        return JsonNumber(value=template(str(value)))
    if isinstance(value, str):
        return JsonText(value=guarded(builder, name, template(value), by_look))
    return JsonConstant(value="null" if value is None else "true" if value else "false")


def beside(folder: Path, path: str, warn: Warn) -> bytes | None:
    """The bytes of a file in the folder of the source; None, with a warning, for any other."""
    try:
        return find_file(folder, path).read_bytes()
    except BadDataError as error:
        reason = str(error).replace("the intent's folder", "the folder of the source").replace("the intent file", "the source")
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
    warn(
        "source-file",
        f"a file that is sent was not read: {reason[:200]}",
        "put it beside the source, and name it by its relative path",
    )
    return None
