"""What a server called the thing that it just made (201 and its `Location`, RFC 9110, section 15.3.2), in words too."""

from __future__ import annotations

import json
import re
from urllib.parse import unquote, urlsplit

from loadwright.compiler.agents.decide.history import History
from loadwright.compiler.agents.facts import Occurrence, Site
from loadwright.compiler.agents.values import is_token
from loadwright.compiler.recording.kinds import path_of
from loadwright.compiler.recording.model import header

_CREATED = 201
_TELLING = re.compile(r"(?=.{8})[A-Za-z][\w -]{0,80}\.\w{1,8}")
"""A name as files have, which nobody had used before: in any path it is this one's."""
_FIELDS = ("json", "form", "part", "query")


def named_there(site: Site, value: str, history: History) -> list[Occurrence]:
    """How the answer to a change called what it made, for requests that speak of that by its address or by its member.

    `PATCH /contents/Untitled.txt` and `"path": "Untitled.txt"` after `POST /contents` was answered so: another one's is
    `Untitled1.txt`. Nobody had spoken of it before.
    """
    if value != site.value or site.location not in ("path", *_FIELDS) or value.isdigit() or history.client_first(value):
        return []
    told = [o for o in history.given(site, value) if o.kind == "redirect part" and o.after_change and not o.name]
    if not told or not _is_created(told[0].entry, value, history):
        return []
    made = told[0].entry
    if site.location == "path":
        is_spoken_of = _TELLING.fullmatch(value) is not None or _is_behind(site, _address(made, history), history)
    else:
        is_spoken_of = f'"{site.name}":{json.dumps(value)}' in history.answer(made).replace('": "', '":"')
    return told[:1] if is_spoken_of and site.name != value else []


def _is_created(entry: int, value: str, history: History) -> bool:
    """Whether a change made what is called so behind its own address."""
    made = history.entry(entry)
    if made.request.method != "POST" or made.response.status != _CREATED:
        return False
    return _address(entry, history) == f"{unquote(path_of(made)).rstrip('/')}/{value}"


def _address(entry: int, history: History) -> str:
    """The path of what a change made."""
    location = header(history.entry(entry).response.headers, "location") or ""
    try:
        return unquote(urlsplit(location).path)
    except ValueError:
        return ""


def _is_behind(site: Site, address: str, history: History) -> bool:
    """Whether a request asks that address, or one below it, by this segment."""
    asked = unquote(history.path(site))
    is_last = len(address.split("/")) - 1 == int(site.key) if site.key.isdigit() else True
    return is_last and (asked == address or asked.startswith(f"{address}/"))


def is_told_by_name(history: History, site: Site, piece: str) -> bool:
    """Whether an answer gives the value in a pair (`agent=10-1456-73bac188`) by a name, and the pair by what is around it."""
    name, _, value = piece.partition("=")
    if not name.isidentifier() or not is_token(value):
        return False
    pair, alone = history.given(site, piece), history.given(site, value)
    return all(o.kind == "boundary" for o in pair) and any(o.kind == "json" and not o.chain for o in alone)
