"""Match a template against recorded text: what its unknown names must have been."""

from __future__ import annotations

import base64
import html
import json
import re
from collections.abc import Callable, Mapping
from urllib.parse import unquote_to_bytes

from loadwright.compiler.plan.functions import FUNCTIONS, url_encode
from loadwright.compiler.plan.render import UnknownValueError, evaluate
from loadwright.compiler.plan.template import Call, Part, Reference, Template

_RUN_TIME = {
    "uuid": r"[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[1-8][0-9a-fA-F]{3}-[89abAB][0-9a-fA-F]{3}-[0-9a-fA-F]{12}",
    "now": r"\d{13}|\d{10}|\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d:\d\d(?:\.\d{3})?Z?)?|\d\d:\d\d:\d\d(?:\.\d{3})?|"
    r"\d\d[./]\d\d[./]\d{4}|\d{8}",
    "random": r"-?\d+",
    "random_string": r"[\w.~-]+",
}


def _percent(text: str) -> str:
    return unquote_to_bytes(text).decode("utf-8", "replace")


_INVERSE: Mapping[str, Callable[[str], str]] = {
    "urlencode": _percent,
    "formencode": lambda text: _percent(text.replace("+", " ")),
    "jsonescape": lambda text: str(json.loads(f'"{text}"')),
    "jsonunescape": lambda text: json.dumps(text, ensure_ascii=False)[1:-1],
    "urldecode": url_encode,
    "htmldecode": html.escape,
    "htmlencode": html.unescape,
    "base64": lambda text: base64.b64decode(text, validate=True).decode("utf-8"),
    "base64url": lambda text: base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)).decode("utf-8"),
    "hex": lambda text: bytes.fromhex(text).decode("utf-8"),
}


_KEEP_DIGITS = ("urlencode", "formencode", "jsonescape", "htmlencode")

_Group = tuple[str | Template, Callable[[str], str]]
"""What a group of the pattern stands for: a name, or a text with names in it; and what takes its encoding off."""


def solve(value: Template, recorded: str, known: Mapping[str, str]) -> dict[str, str] | None:
    """The values of the template's unknown names for which it gives the recorded text; None if there are none.

    A function whose value is made at run time matches any text of its form. A name inside a function that cannot be
    inverted (a hash) stays unknown here; `known` must hold it.
    """
    try:
        return {} if evaluate(value, known) == recorded else None
    except UnknownValueError:
        pass
    if not _may_give(value, recorded, known):
        return None
    groups: list[_Group] = []
    pattern = "".join(_pattern(part, known, groups) for part in value.parts)
    match = re.fullmatch(pattern, recorded, re.DOTALL)
    if not match:
        return None
    found: dict[str, str] = {}
    names_first = sorted(
        enumerate(groups, 1), key=lambda group: not isinstance(group[1][0], str)
    )  # they tell what others are made of
    for position, (inner, inverse) in names_first:
        try:
            text = inverse(match.group(position))
        except ValueError:
            return None
        named = {inner: text} if isinstance(inner, str) else solve(inner, text, {**known, **found})
        if named is None or any(found.setdefault(name, one) != one for name, one in named.items()):
            return None
    try:
        complete = {**known, **found}
        checkable = Template(parts=tuple(p for p in value.parts if not _is_run_time(p)))
        evaluate(checkable, complete)
    except UnknownValueError:
        return None
    return found


def _may_give(value: Template, recorded: str, known: Mapping[str, str]) -> bool:
    """Whether what is known of a template stands in the text in its order: else a pattern with many unknowns is tried for long."""
    position = 0
    for number, part in enumerate(value.parts):
        try:
            text = evaluate(Template(parts=(part,)), known)
        except UnknownValueError:
            continue
        found = recorded.find(text, position)
        if found < 0 or (number == 0 and found > 0):
            return False
        position = found + len(text)
    return True


def is_drawn_text(value: Template) -> bool:
    """Whether a text is a value made but once, whole: drawn at random (`random_string(10) | lower`), or a clock's millisecond."""
    part = value.parts[0] if len(value.parts) == 1 else None
    while isinstance(part, Call) and part.function not in ("uuid", "random_string", "now"):
        inner = part.arguments[0].parts if part.arguments else ()
        part = inner[0] if len(inner) == 1 else None
    if not isinstance(part, Call):
        return False
    return part.function != "now" or not part.arguments or part.arguments[0].literal in ("ms", "iso")


def _is_run_time(part: Part) -> bool:
    return isinstance(part, Call) and (
        FUNCTIONS[part.function].evaluate is None
        or any(_is_run_time(inner) for argument in part.arguments for inner in argument.parts)
    )


def _gives_digits(part: Part) -> bool:
    """Whether a part is made of digits at run time, which no encoding changes: a clock, a random number."""
    if not isinstance(part, Call):
        return False
    form = part.arguments[0].literal if part.arguments else "ms"
    return part.function == "random" or (part.function == "now" and form in ("ms", "s"))


def _pattern(part: Part, known: Mapping[str, str], groups: list[_Group]) -> str:
    try:
        return re.escape(evaluate(Template(parts=(part,)), known))
    except UnknownValueError:
        pass
    if isinstance(part, Reference):
        if (part.name, str) in groups:
            return rf"(?:\{groups.index((part.name, str)) + 1})"  # a name that stands twice is the same text
        groups.append((part.name, str))
        return "(.*?)"
    if isinstance(part, Call):
        if part.function in _RUN_TIME:
            return f"(?:{_RUN_TIME[part.function]})"
        inner = part.arguments[0].parts if part.arguments else ()
        if part.function in _KEEP_DIGITS and len(inner) == 1 and _gives_digits(inner[0]):
            return r"(?:\d+)"
        if part.function in _INVERSE and len(inner) == 1 and isinstance(inner[0], Reference):
            groups.append((inner[0].name, _INVERSE[part.function]))
            return "(.*?)"
        if part.function in _INVERSE and len(part.arguments) == 1:
            groups.append((part.arguments[0], _INVERSE[part.function]))
            return "(.*?)"
    return ".*?"
