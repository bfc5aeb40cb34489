"""Values as the language writes them: texts, names, expressions, patterns, durations, rates."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import assert_never

from loadwright.compiler.calling import NUMBERS, is_pipe
from loadwright.compiler.plan.functions import FUNCTIONS
from loadwright.compiler.plan.template import Call, DataField, ExtractorText, Part, Reference, Template, Text

_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_NUMBER = re.compile(r"-?[0-9]+(\.[0-9]+)?")
_INVISIBLE = re.compile(
    "[\x00-\x1f\x7f-\xa0\xad\u061c\u180e\u2000-\u200f\u2028-\u202f\u205f-\u206f\u3000\ufeff\ufff9-\ufffb\U000e0000-\U000e007f]"
)
"""Characters that nobody can see, or that change how text around them shows: controls, odd spaces, directions."""

_OPENING = re.compile(r"(?<!\\)(?:\\\\)*\$\{")
"""Characters that between slashes would begin a value."""

_SHORT_ESCAPES = {"\n": "\\n", "\r": "\\r", "\t": "\\t"}
_UNITS = (("h", 3_600_000), ("m", 60_000), ("s", 1000))


def quote(text: str) -> str:
    """A fixed text in quotes."""
    return f'"{_escape(text)}"'


def _escape(text: str) -> str:
    return visible(text.replace("\\", "\\\\").replace('"', '\\"').replace("${", "\\${"))


def visible(text: str) -> str:
    """The text with invisible characters as escapes."""
    return _INVISIBLE.sub(lambda m: _SHORT_ESCAPES.get(m[0]) or f"\\u{{{ord(m[0]):X}}}", text)


def name_or_quoted(text: str) -> str:
    """A bare name where the text is one, else the text in quotes."""
    return text if _NAME.fullmatch(text) else quote(text)


def string(value: Template) -> str:
    """A template as quoted text with `${…}`."""
    pieces = (_escape(part.value) if isinstance(part, Text) else f"${{{_part(part)}}}" for part in value.parts)
    return f'"{"".join(pieces)}"'


def expression(value: Template) -> str:
    """A template in its shortest form: a bare name or call, else quoted text."""
    if len(value.parts) == 1 and not isinstance(value.parts[0], Text):
        return _part(value.parts[0])
    return string(value)


def _part(part: Part) -> str:
    match part:
        case Reference():
            return part.name
        case DataField():
            return f"{part.data}.{part.column}" if _NAME.fullmatch(part.column) else f"{part.data}[{quote(part.column)}]"
        case Call():
            return _call(part)
        case Text():
            return quote(part.value)
        case _:
            assert_never(part)


def _call(call: Call) -> str:
    function = FUNCTIONS.get(call.function)
    parameters = function.parameters if function else ()
    named = [*parameters, *[""] * len(call.arguments)]
    arguments = [_argument(value, name) for value, name in zip(call.arguments, named, strict=False)]
    if function and is_pipe(function) and arguments:
        rest = f"({', '.join(arguments[1:])})" if arguments[1:] else ""
        return f"{arguments[0]} | {call.function}{rest}"
    return f"{call.function}({', '.join(arguments)})"


def _argument(value: Template, parameter: str) -> str:
    literal = value.literal
    if parameter in NUMBERS and literal and _NUMBER.fullmatch(literal):
        return literal
    return expression(value)


def field_name(value: Template) -> str:
    """The name of a form's or query's field: a bare word is fixed text there."""
    return name_or_quoted(value.literal) if value.literal is not None else string(value)


def json_operand(value: Template) -> str:
    """What a JSON value is compared with: numbers and constants as JSON writes them."""
    literal = value.literal
    if literal is not None and (literal in ("true", "false", "null") or _NUMBER.fullmatch(literal)):
        return literal
    return expression(value)


def number_or_expression(value: Template) -> str:
    """A template that may be written as a bare number."""
    literal = value.literal
    return literal if literal is not None and _NUMBER.fullmatch(literal) else expression(value)


def size(count: int) -> str:
    """A number of bytes in the largest unit in which it is whole."""
    for unit, factor in (("GB", 10**9), ("MB", 10**6), ("KB", 1000)):
        if count and count % factor == 0:
            return f"{count // factor}{unit}"
    return f"{count}B"


def long_text(head: str, text: str) -> list[str]:
    """A fixed text behind `head`: between three quotes where it has lines that can stand so, else in quotes with escapes."""
    lines = text.split("\n")
    margin = min((len(line) - len(line.lstrip(" ")) for line in lines if line.strip()), default=1)
    plain = not margin and '"""' not in text and not text.endswith('"') and not any(_INVISIBLE.search(line) for line in lines)
    tidy = all(line == line.rstrip() or line.strip() for line in lines) and lines[0].strip() and lines[-1].strip()
    if len(lines) == 1 or not plain or not tidy:
        return [head + quote(text)]
    return [f'{head}"""', *(f"  {line}" if line else "" for line in lines), '"""']


def extractor(text: ExtractorText) -> str:
    """A path, selector or boundary in quotes."""
    return quote(text) if isinstance(text, str) else string(text)


def pattern(text: ExtractorText) -> str:
    """A regular expression between slashes, or in quotes where slashes cannot hold it."""
    parts = [Text(value=text)] if isinstance(text, str) else text.parts
    inner = [_in_slashes(p.value) if isinstance(p, Text) else _simple(_part(p)) for p in parts]
    if not text or None in inner:
        return extractor(text)
    return f"/{''.join(filter(None, inner))}/"


def _in_slashes(text: str) -> str | None:
    """A piece of a pattern as it stands between slashes; None where it cannot."""
    pieces = re.findall(r"\\.|[^\\]", text, re.DOTALL)
    if "".join(pieces) != text or "\\/" in pieces or _INVISIBLE.search(text) or _OPENING.search(text):
        return None
    return "".join("\\/" if piece == "/" else piece for piece in pieces)


def _simple(value: str) -> str | None:
    return None if re.search(r"[/\\{}]", value) else f"${{{value}}}"


def attribute(name: str) -> str:
    """An HTML attribute after a CSS selector."""
    return f"@{name}" if re.fullmatch(r"[A-Za-z_][A-Za-z0-9_:.-]*", name) else f"@{quote(name)}"


def duration(milliseconds: int | Decimal) -> str:
    """A length of time in the largest unit in which it is a whole number, or in seconds with one decimal."""
    if not milliseconds:
        return "0s"
    for unit, size in _UNITS:
        if milliseconds % size == 0:
            return f"{decimal(Decimal(milliseconds) / size)}{unit}"
    if milliseconds > 1000 and milliseconds % 100 == 0:
        return f"{decimal(Decimal(milliseconds) / 1000)}s"
    return f"{decimal(Decimal(milliseconds))}ms"


def decimal(value: Decimal) -> str:
    """A number without exponent and without needless zeros."""
    text = format(value, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def rate(per_second: Decimal) -> str:
    """A rate in the first unit in which it is short: `20/s`, `20/m`, `7/h`."""
    for unit, seconds in (("s", 1), ("m", 60), ("h", 3600)):
        rounded = round(per_second * seconds, 6)
        if rounded / seconds == per_second:
            return f"{decimal(rounded)}/{unit}"
    return f"{decimal(per_second)}/s"
