"""JavaScript literals of hostile text: the text never becomes code."""

from __future__ import annotations

import re

_NAMED = {"\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t"}
_IDENTIFIER = re.compile(r"[A-Za-z_$][A-Za-z0-9_$]*")
_HTML = re.compile(r"<(?=/script|!--)", re.IGNORECASE)


def string(text: str) -> str:
    """A string literal in single quotes, or in double quotes where that needs fewer escapes."""
    quote = '"' if "'" in text and '"' not in text else "'"
    return quote + _escape(text).replace(quote, "\\" + quote) + quote


def template_text(text: str) -> str:
    """Text between the expressions of a template literal."""
    return re.sub(r"`|\$(?=\{)", r"\\\g<0>", _escape(text))


def template(*parts: tuple[bool, str]) -> str:
    """A template literal of texts (False) and expressions (True)."""
    return "`" + "".join("${" + part + "}" if is_expression else template_text(part) for is_expression, part in parts) + "`"


def comment(text: str) -> str:
    """A line comment; what could end the line, or cannot be seen, is escaped."""
    return "// " + "".join(c if c.isprintable() else _code(c) for c in text)


def key(name: str) -> str:
    """A name as the key of an object literal."""
    if name == "__proto__":
        return "['__proto__']"  # without brackets it would set the prototype
    return name if _IDENTIFIER.fullmatch(name) else string(name)


def member(owner: str, name: str) -> str:
    """The member of an object."""
    return f"{owner}.{name}" if _IDENTIFIER.fullmatch(name) else f"{owner}[{string(name)}]"


def seconds(milliseconds: int) -> str:
    """A duration in seconds, as short as it can be written."""
    whole, rest = divmod(milliseconds, 1000)
    return f"{whole}.{rest:03}".rstrip("0").rstrip(".")


def is_identifier(text: str) -> bool:
    """Whether the text can stand as an ASCII identifier (it may still be a reserved word)."""
    return bool(_IDENTIFIER.fullmatch(text))


def _escape(text: str) -> str:
    escaped = "".join(_NAMED.get(c) or (c if c.isprintable() else _code(c)) for c in text)
    return _HTML.sub(r"<\\", escaped)


def _code(character: str) -> str:
    number = ord(character)
    return f"\\u{number:04x}" if number <= 0xFFFF else f"\\u{{{number:x}}}"
