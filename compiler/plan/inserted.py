"""Values inside the paths, selectors, patterns and boundaries of extractors: where they may stand, and what they mean there.

A value is data. It is escaped for its place, so that none can change what an expression means:

- in a JSONPath it stands in quotes, or bare in a comparison, where it is a number when it is written as one, else a string;
- in a regular expression it matches itself;
- in a CSS selector it stands in the quotes of an attribute's value, in an XPath in quotes;
- a boundary is plain text.

A *frame* is such an expression with a character, which occurs in it nowhere else, in place of each value.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping

from msgspec import Struct

from loadwright.compiler.plan import patterns
from loadwright.compiler.plan.jsonpath_syntax import NUMBER, STRING, quote_value
from loadwright.compiler.plan.model import (
    BoundarySource,
    CaptureSource,
    CssSource,
    HeaderSource,
    JsonSource,
    RegexSource,
    XPathSource,
)
from loadwright.compiler.plan.template import ExtractorText, Template, Text, template
from loadwright.compiler.plan.traverse import source_templates

_FIRST = 0xF0000
"""Where the characters begin that stand for values: no text has a reason to hold them, and one that does is passed over."""

CSS_ATTRIBUTE = re.compile(
    r"""\[\s*(?P<name>[\w-]+)\s*(?P<relation>[~|^$*]?=)\s*
        (?:"(?P<double>(?:[^"\\]|\\.)*)"|'(?P<single>(?:[^'\\]|\\.)*)')\s*(?P<flag>[iIsS]?)\s*\]""",
    re.VERBOSE | re.DOTALL,
)
"""A condition on an attribute whose value stands in quotes."""
_XPATH_TEXT = re.compile(r"'([^']*)'|\"([^\"]*)\"")


class Frame(Struct, frozen=True):
    """An expression with a character in place of each value."""

    text: str
    values: Mapping[str, Template]
    """What each of the characters stands for."""

    def template(self, piece: str) -> Template:
        """A piece of the text with its values back in place."""
        return template(*self.parts(piece))

    def parts(self, piece: str) -> Iterator[str | Template]:
        """A piece of the text as its texts and its values, in order."""
        return (self.values.get(c, c) for c in self._pieces(piece))

    def filled(self, piece: str, escape: Callable[[Template], str]) -> str:
        """A piece of the text with its values as `escape` gives them."""
        return "".join(escape(self.values[c]) if c in self.values else c for c in self._pieces(piece))

    def holds(self, piece: str) -> bool:
        """Whether a value stands in a piece of the text."""
        return any(c in self.values for c in piece)

    def _pieces(self, piece: str) -> Iterator[str]:
        return (p for p in re.split(f"([{''.join(self.values)}])", piece) if p) if self.values else iter((piece,))


def frame(text: ExtractorText) -> Frame:
    """The frame of an expression."""
    if isinstance(text, str):
        return Frame(text, {})
    taken = {c for part in text.parts if isinstance(part, Text) for c in part.value}
    values: dict[str, Template] = {}
    pieces: list[str] = []
    code = _FIRST
    for part in text.parts:
        if isinstance(part, Text):
            pieces.append(part.value)
            continue
        while chr(code) in taken:
            code += 1
        values[chr(code)] = template(part)
        pieces.append(chr(code))
        code += 1
    return Frame("".join(pieces), values)


def pattern_frame(pattern: ExtractorText) -> Frame:
    """The frame of a regular expression, each value in a group of its own where it would melt into what is around it."""
    framed = frame(pattern)
    if not framed.values:
        return framed
    pieces, written, is_open = patterns.pieces(framed.text), list[str](), False
    for number, piece in enumerate(pieces):
        before = pieces[number - 1] if number else None
        after = pieces[number + 1] if number + 1 < len(pieces) else None
        is_open = is_open or (piece.kind == "plain" and piece.text == "{")
        follows_number = before is not None and before.kind == "escape" and before.text[1:2].isdigit()
        is_repeated = after is not None and after.kind == "times"
        melts = piece.text in framed.values and (is_open or follows_number or is_repeated)
        written.append(f"(?:{piece.text})" if melts else piece.text)
    return Frame("".join(written), framed.values)


def xpath_frame(path: ExtractorText) -> Frame:
    """The frame of an XPath, a character for each whole text that holds a value, its quotes included."""
    framed = frame(path)
    texts: dict[str, Template] = {}

    def one(found: re.Match[str]) -> str:
        if not framed.holds(found[0]):
            return found[0]
        character = next(c for c in found[0] if c in framed.values)
        texts[character] = framed.template(found[0][1:-1])
        return character

    return Frame(_XPATH_TEXT.sub(one, framed.text), texts) if framed.values else framed


# --- where values may stand -------------------------------------------------------------------------------------------


def misplaced_in_pattern(framed: Frame) -> str | None:
    """Why a value cannot stand where it does in a regular expression, or None."""
    for piece in patterns.pieces(framed.text):
        if framed.holds(piece.text) and piece.kind == "set":
            return "a value cannot stand in a class `[…]`"
        if framed.holds(piece.text) and piece.kind == "escape":
            return "a backslash before a value has no meaning"
    return None


def misplaced_in_selector(framed: Frame) -> str | None:
    """Why a value cannot stand where it does in a CSS selector, or None."""
    rest = CSS_ATTRIBUTE.sub(lambda found: found["name"], framed.text)
    where = "a value stands only in the quotes of an attribute's value: `a[href='${url}']`"
    return where if framed.holds(rest) else None


def misplaced_in_xpath(path: ExtractorText) -> str | None:
    """Why a value cannot stand where it does in an XPath, or None."""
    rest = _XPATH_TEXT.sub("", frame(path).text)
    return "a value stands only in quotes: `//a[@id='${id}']`" if frame(path).holds(rest) else None


# --- with the values put in -------------------------------------------------------------------------------------------


def fill_path(path: ExtractorText, text: Callable[[Template], str]) -> str:
    """A JSONPath with its values put in."""
    framed = frame(path)
    if not framed.values:
        return framed.text

    pieces, end = list[str](), 0
    for found in STRING.finditer(framed.text):
        pieces.append(framed.filled(framed.text[end : found.start()], lambda value: written_value(text(value))))
        if found["single"] is not None:
            pieces.append(framed.filled(found[0], lambda value: _in_single(text(value))))
        else:
            pieces.append(framed.filled(found[0], lambda value: _in_double(text(value))))
        end = found.end()
    return "".join([*pieces, framed.filled(framed.text[end:], lambda value: written_value(text(value)))])


def _in_single(value: str) -> str:
    return quote_value(value)[1:-1]


def _in_double(value: str) -> str:
    return json.dumps(value, ensure_ascii=False)[1:-1]


def written_value(value: str) -> str:
    """A text as a path's literal: a number where it is written as one, else a string."""
    return value if NUMBER.fullmatch(value) else quote_value(value)


def fill_pattern(pattern: ExtractorText, text: Callable[[Template], str]) -> str:
    """A regular expression with its values put in."""
    framed = pattern_frame(pattern)
    return framed.filled(framed.text, lambda value: re.escape(text(value)))


def fill_selector(selector: ExtractorText, text: Callable[[Template], str]) -> str:
    """A CSS selector with its values put in."""
    framed = frame(selector)
    return framed.filled(framed.text, lambda value: css_text(text(value)))


def css_text(value: str) -> str:
    """A text as it stands in the quotes of a CSS selector: all but letters and digits by their numbers."""
    return re.sub(r"[^A-Za-z0-9_-]", lambda m: f"\\{ord(m[0]):x} ", value)


def fill_xpath(path: ExtractorText, text: Callable[[Template], str]) -> str:
    """An XPath with its values put in."""
    framed = xpath_frame(path)
    return framed.filled(framed.text, lambda value: xpath_text(text(value)))


def xpath_text(value: str) -> str:
    """A text as an XPath expression; XPath 1.0 has no escapes, so one with both quotes is put together."""
    for quote in ("'", '"'):
        if quote not in value:
            return f"{quote}{value}{quote}"
    return "concat(" + ', "\'", '.join(f"'{piece}'" for piece in value.split("'")) + ")"


def fill_text(value: ExtractorText, text: Callable[[Template], str]) -> str:
    """A boundary with its values put in."""
    return value if isinstance(value, str) else text(value)


def fill(source: CaptureSource, text: Callable[[Template], str]) -> CaptureSource:
    """A source with the values of its expressions put in; `text` gives the value of a template."""
    if not any(source_templates(source)):
        return source
    match source:
        case JsonSource(path=path):
            return source.model_copy(update={"path": fill_path(path, text)})
        case RegexSource(pattern=pattern):
            return source.model_copy(update={"pattern": fill_pattern(pattern, text)})
        case HeaderSource(pattern=Template() as pattern):
            return source.model_copy(update={"pattern": fill_pattern(pattern, text)})
        case CssSource(selector=selector):
            return source.model_copy(update={"selector": fill_selector(selector, text)})
        case XPathSource(path=path):
            return source.model_copy(update={"path": fill_xpath(path, text)})
        case BoundarySource(left=left, right=right):
            return source.model_copy(update={"left": fill_text(left, text), "right": fill_text(right, text)})
        case _:
            return source
