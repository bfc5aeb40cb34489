"""Values of scripts: what is assigned, members of objects, tokens in quotes."""

from __future__ import annotations

import re
import string
from collections.abc import Container, Iterator
from functools import partial
from itertools import islice

from loadwright.compiler.agents.keys import is_met_by_no_chance
from loadwright.compiler.agents.names import is_id_name
from loadwright.compiler.agents.observe.answers.in_items import item_pattern
from loadwright.compiler.agents.observe.finder import MOST, Finder
from loadwright.compiler.agents.observe.sites import url_parts
from loadwright.compiler.agents.values import is_token, literal_pattern, may_hold_other_characters, may_identify
from loadwright.compiler.plan.encodings import json_unescape

_ASSIGNED = re.compile(r"""(?::|=|\((?<=\batob\())\s*(?:(["'])((?:[^"'\\\n]|\\[^\n]){1,30000})\1|(\d{1,19})(?=[\s,;}\])]))""")
"""A text in quotes, or a number, behind a name; or a text that a script decodes at once. It begins so that `re` can skip ahead."""
_NAME = f"{string.ascii_letters}{string.digits}_$-"
_LONGEST_NAME = 200
"""Characters of a name, and what stands between it and the sign behind it."""
_REACH = 1000
"""Characters before a member in which its object begins."""
_CALLED = re.compile(r"""[A-Za-z_$][\w$-]{0,60}["']?\]?\s*[:=]\s*["']$""")
"""A name, and the sign and quote behind it."""
_OWNER = re.compile(r"""(?:[A-Za-z_$][\w$.]*\s*=|(["'])[A-Za-z_$][\w$-]*\1\s*:|[A-Za-z_$][\w$-]*\s*:)\s*$""")
_PLAIN_NAME = re.compile(r"[A-Za-z][A-Za-z_]{2,40}")
_LONG = 5
"""Digits from which a number is met by chance more seldom than it is an id."""
_NEXT = re.compile(r"""\s*,\s*(["']?)([A-Za-z_$][\w$-]{0,60})\1\s*:""")
_QUERY = re.compile(r"[A-Za-z_][\w.-]{0,60}=[^;&=\s]*[;&]")
"""How a text begins that is a query without its address."""
_QUERY_IN_QUOTES = re.compile(
    r"""(["'])([?&]?[A-Za-z_][\w.-]{0,60}=[^"'\\\s<>&;]{0,400}(?:&[A-Za-z_][\w.-]{0,60}=[^"'\\\s<>&;]{0,400}){0,30})\1"""
)
"""A text that is a query or a part of one."""
_FOR_URLS = re.compile(r"(?=[^a-z]{0,80}[a-z])(?=[^A-Z]{0,80}[A-Z])[A-Za-z0-9_-]{16,200}")
"""Base64 in the alphabet for URLs, which has `-` in some sessions."""
_QUOTED = re.compile(r"""[^"'\\\s<>]{8,4000}""")
_ANCHOR = 17
"""Characters before a text in quotes by which it is known."""


def observe_script(finder: Finder, script: str, text: str) -> None:
    """Offer what a script assigns to names; `text` is the response that holds the script."""
    _joined_queries(finder, script, text)
    for match in _ASSIGNED.finditer(script):
        quote, raw, number = match.groups()
        if not number and "=" in raw and _QUERY.match(raw):
            _in_a_query(finder, script[max(0, match.start() - _LONGEST_NAME) : match.start(2)], raw, text)
        value = number or (json_unescape(raw) if "\\" in raw else raw)
        if (
            value in finder.closed
            or not (value in finder.wanted or (not number and finder.holds(value)))
            or not (name := _name_before(script, match.start()))
            or finder.counts(value, name[0])
        ):
            continue
        start = name[1] - (script[name[1] - 1 : name[1]] in ("'", '"'))
        before = literal_pattern(script[start : match.start(3 if number else 2)])
        escapes = not number and ("\\" in raw or may_hold_other_characters(value) or _may_be_escaped(value, quote, script))
        other = "" if not number and ("<" in raw or ">" in raw) else "<>"
        rest = f"((?:[^{quote}\\\\\\n{other}]|\\\\.)+){quote}" if escapes else f"([^{quote}\\\\\\n{other}]+){quote}"
        pattern = before + (r"(\d+)" if number else rest)
        decoder = "jsonunescape" if escapes else ""
        telling = is_id_name(name[0]) if value.isdigit() else is_met_by_no_chance(value)  # others stand everywhere
        around = partial(_around, script, start) if telling else str
        behind = partial(_behind, script, match.end()) if telling else str
        if telling and not finder.deep and finder.varies(pattern, text) and not finder.told(pattern, text, around, behind):
            _in_its_item(finder, value, number or raw, before, "(\\d+)" if number else rest, text, name[0], decoder)
        held = _holder(script, start) if name[0] == "id" and value.isdigit() and len(value) >= _LONG else ""
        for called in (name[0], f"{held}_id") if held else (name[0],):  # `{"tenant": {"id": "48213"}}` is a `tenantId`, too
            finder.by_pattern(value, number or raw, pattern, text, "script", called, decoder=decoder, around=around, behind=behind)


def _joined_queries(finder: Finder, script: str, text: str) -> None:
    """The values of a query, or of a part of one, that a script joins with an address: `url + "&_adf.ctrl-state=5bhegig_4"`."""
    for match in _QUERY_IN_QUOTES.finditer(script) if "=" in script else ():
        raw = match[2].lstrip("?&")
        if not finder.wanted.may_hold(raw):
            continue
        for part in url_parts(f"?{raw}"):
            if not part.name or part.value not in finder.wanted or len(part.value) < _LONG or not may_identify(part.value):
                continue
            bare = part.start == len(part.name) + 2 and match[2] == raw
            pattern = match[1] + part.pattern.removeprefix("[?&;]") if bare else part.pattern
            if raw[part.start - 1 : part.end - 1] == part.value:
                finder.by_pattern(part.value, part.value, pattern, text, "link", part.name, part.context)


def _may_be_escaped(value: str, quote: str, script: str) -> bool:
    """Whether a script escapes marks that another session's token may have: Java's encoders write `z_x\\-4is` in single quotes."""
    return quote == "'" and _FOR_URLS.fullmatch(value) is not None and is_token(value) and "\\/" in script


def _in_a_query(finder: Finder, before: str, raw: str, text: str) -> None:
    """The values of a query that a script gives a name, for what it opens next: `"PopupURL":"Action=Zoom;TicketID=4"`."""
    if "\\" in raw or not finder.wanted.may_hold(raw) or not (called := _CALLED.search(before)):
        return
    anchor = literal_pattern(called.group())
    for part in url_parts(f"?{raw}"):
        if part.name and part.value in finder.wanted and (may_identify(part.value) or is_token(part.value)):
            pattern = part.pattern.removeprefix("[?&;]") if part.start == 1 else f"[^{before[-1]}\\\\\\n]*?{part.pattern}"
            written = raw[part.start - 1 : part.end - 1]
            decoder = "" if written == part.value else "formdecode"
            finder.by_pattern(part.value, written, anchor + pattern, text, "link", part.name, part.context, decoder)


def _in_its_item(finder: Finder, value: str, raw: str, before: str, taken: str, text: str, name: str, decoder: str) -> None:
    """A member of one of several objects that a script holds, by another member that names its object."""
    if not (found := re.search(f"{before}({re.escape(raw)})(?![\\w-])", text, re.ASCII)):
        return
    if pattern := item_pattern(text, before, taken, *found.span(1)):
        finder.by_pattern(value, raw, pattern, text, "row", name, decoder=decoder)


def _holder(script: str, start: int) -> str:
    """What the object is called that a member is in; empty where that is not sure."""
    before = script[max(0, start - _REACH) : start]
    brace = before.rfind("{")
    owner = _OWNER.search(before, max(0, brace - _LONGEST_NAME), brace) if brace >= 0 and "}" not in before[brace:] else None
    return "".join(_PLAIN_NAME.findall(owner[0])[-1:]) if owner else ""


def _around(script: str, start: int) -> str:
    """A pattern from what names the object around a member up to it (`settings = {`, `"post": {`); none where that is not sure."""
    before = script[max(0, start - _REACH) : start]
    brace = before.rfind("{")
    between = before[brace + 1 :]
    owner = _OWNER.search(before, max(0, brace - _LONGEST_NAME), brace) if brace >= 0 and "}" not in between else None
    if owner is None or is_token(owner[0]) or re.search(r"\d\d", owner[0]):
        return ""  # a name that may be another one the next time
    return literal_pattern(before[owner.start() : brace + 1]) + ("[^{}]*?" if between else "")


def _behind(script: str, end: int) -> str:
    """A pattern of the name of the member that follows (`,"title":`); none where that may be another one the next time."""
    found = _NEXT.match(script, end)
    is_stable = found is not None and not is_token(found[2]) and not re.search(r"\d\d", found[2])
    return literal_pattern(found[0]) if found and is_stable else ""


def _name_before(script: str, end: int) -> tuple[str, int] | None:
    """The name that stands before the sign by which something is assigned to it (`x`, `"x"`, `y["x"]`), and where it begins."""
    start = max(0, end - _LONGEST_NAME)
    before = script[start:end].rstrip().removesuffix("]")
    before = before[:-1] if before[-1:] in ("'", '"') else before
    name = before[len(before.rstrip(_NAME)) :].lstrip(f"{string.digits}-")
    return (name, start + len(before) - len(name)) if name else None


def observe_quoted(finder: Finder, text: str, named: Container[str] = ()) -> None:
    """Offer tokens in quotes of a script that was loaded, each anchored by what stands before it, but for those `named` there."""
    for value in sorted(v for v in finder.wanted.values if v not in named and _QUOTED.fullmatch(v) and is_token(v)):
        for start in islice(_in_quotes(value, text), MOST):
            before = text[max(0, start - _ANCHOR) : start]
            if start > _ANCHOR and text[start - _ANCHOR - 1].isalnum():  # half a word, which may be another one the next time
                before = before.lstrip(_NAME)
            pattern = literal_pattern(before.splitlines()[-1]) + f"([^{before[-1]}\\\\\\n<>]+){before[-1]}"
            finder.by_pattern(value, value, pattern, text, "script", "")


def _in_quotes(value: str, text: str) -> Iterator[int]:
    """Where a value stands in quotes of one kind."""
    start = text.find(value, 1)
    while start >= 0:
        if text[start - 1] in ("'", '"') and text[start - 1] == text[start + len(value) : start + len(value) + 1]:
            yield start
        start = text.find(value, start + 1)
