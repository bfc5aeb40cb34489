"""Templates and bodies of a plan as Python expressions."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import assert_never

from loadwright.backends.locust.layout import Doc, Group, call, labelled
from loadwright.backends.locust.literals import literal, text_inside
from loadwright.compiler.diagnostics import Diagnostic, LoadwrightError
from loadwright.compiler.plan.digests import ALGORITHMS
from loadwright.compiler.plan.functions import FUNCTIONS
from loadwright.compiler.plan.model import (
    FormBody,
    JsonArray,
    JsonConstant,
    JsonNumber,
    JsonObject,
    JsonText,
    JsonValue,
)
from loadwright.compiler.plan.moments import WORDS, offset_milliseconds
from loadwright.compiler.plan.render import json_template
from loadwright.compiler.plan.template import (
    Call,
    DataField,
    Part,
    Reference,
    Template,
    Text,
)

_FUNCTIONS = {
    "urlencode": "url_encode",
    "urldecode": "url_decode",
    "formencode": "form_encode",
    "formdecode": "form_decode",
    "htmlencode": "html_encode",
    "htmldecode": "html_decode",
    "jsonescape": "json_escape",
    "jsonunescape": "json_unescape",
    "base64": "base64_encode",
    "base64decode": "base64_decode",
    "base64url": "base64url_encode",
    "hex": "hex_encode",
    "hexdecode": "hex_decode",
    "hmac": "hmac_digest",
    "jwt_claim": "jwt_claim",
    "pkce_challenge": "pkce_challenge",
    "lower": "str.lower",
    "upper": "str.upper",
    "length": "text_length",
    "substring": "text_slice",
    "replace": "replace_text",
    "trim": "trimmed",
    "before": "text_before",
    "after": "text_after",
    "pad": "padded",
    "split": "split_text",
    "join": "join_items",
    "item": "item_at",
    "count": "count_items",
    "add": "add_numbers",
    "subtract": "subtract_numbers",
    "multiply": "multiply_numbers",
    "divide": "divide_numbers",
    "modulo": "remainder",
    "round": "round_number",
    "min": "smaller_number",
    "max": "larger_number",
    "abs": "absolute_number",
    "uuid": "user.random.new_uuid",
    "random": "user.random.whole",
    "random_string": "user.random.letters",
    "random_choice": "user.random.one_of",
    "random_item": "user.random.item_of",
    "pkce_verifier": "user.random.pkce_verifier",
    "counter": "user.count_up",
}
"""The runtime's function for each function of the language, apart from digests, `now`, `user` and `iteration`."""
_NUMBERS = {"user": "user.own_number()", "iteration": "user.iteration_number()"}
_WHOLE_NUMBERS = ("from", "to", "length", "digits", "n")
"""Parameters whose number is written as one; others take the text, digit for digit."""


@dataclass(frozen=True)
class Expressions:
    """Writes expressions, given the Python names of values and of data rows."""

    names: Mapping[str, str]
    rows: Mapping[str, str]

    def text(self, value: Template, outer_quote: str = "") -> str:
        """A template: a literal, a name, an f-string, or a sum."""
        if value.literal is not None:
            return _literal_inside(value.literal, outer_quote)
        if len(value.parts) == 1:
            return self._part(value.parts[0], outer_quote)
        return self._f_string(value) or " + ".join(self._part(part) for part in value.parts)

    def joined(self, parts: Iterable[str | Template], escape: str) -> str:
        """Texts, and values that a function escapes: a literal, a call, an f-string, or a sum."""
        pieces = list(parts)
        if all(isinstance(piece, str) for piece in pieces):
            return literal("".join(map(str, pieces)))
        found = self._interpolated(pieces, lambda piece, quote: f"{escape}({self.text(piece, quote)})") if len(pieces) > 1 else None
        return found or " + ".join(literal(p) if isinstance(p, str) else f"{escape}({self.text(p)})" for p in pieces)

    def _f_string(self, value: Template) -> str | None:
        pieces = [part.value if isinstance(part, Text) else Template(parts=(part,)) for part in value.parts]
        return self._interpolated(pieces, self.text)

    def _interpolated(self, pieces: Sequence[str | Template], write: Callable[[Template, str], str]) -> str | None:
        texts = "".join(piece for piece in pieces if isinstance(piece, str))
        quote = "'" if texts.count('"') > texts.count("'") else '"'
        written = []
        for piece in pieces:
            if isinstance(piece, str):
                written.append(text_inside(piece, quote))
                continue
            expression = write(piece, quote)
            # Python 3.11 knows no escapes and no nested quotes in an f-string.
            if re.search(r"[\\#{}\n]", expression) or quote in expression:
                return None
            written.append("{" + expression + "}")
        return f"f{quote}{''.join(written)}{quote}"

    def _part(self, part: Part, outer_quote: str = "") -> str:
        match part:
            case Text():
                return _literal_inside(part.value, outer_quote)
            case Reference():
                return self._name(self.names, part.name)
            case DataField():
                column = _literal_inside(part.column, outer_quote)
                return f"{self._name(self.rows, part.data)}[{column}]"
            case Call():
                return self._call(part, outer_quote)
            case _:
                assert_never(part)

    def _call(self, part: Call, outer_quote: str) -> str:
        if part.function in _NUMBERS:
            return _NUMBERS[part.function]
        if part.function == "now":
            return _now(part, outer_quote)
        arguments = [self._argument(part, index, outer_quote) for index in range(len(part.arguments))]
        if part.function in ALGORITHMS:
            return f"digest_text({', '.join((_literal_inside(part.function, outer_quote), *arguments))})"
        return f"{_FUNCTIONS[part.function]}({', '.join(arguments)})"

    def _argument(self, part: Call, index: int, outer_quote: str) -> str:
        argument = part.arguments[index]
        number = argument.literal
        is_whole = FUNCTIONS[part.function].parameter(index) in _WHOLE_NUMBERS
        return number if is_whole and number and _is_plain_integer(number) else self.text(argument, outer_quote)

    def _name(self, names: Mapping[str, str], name: str) -> str:
        if name not in names:
            raise LoadwrightError(Diagnostic("unknown-name", f"`{name}` has no value here"))
        return names[name]

    def form(self, body: FormBody) -> Doc:
        """A form body."""
        pairs = (Group("(", (self.text(f.name), self.text(f.value)), ")") for f in body.fields)
        return call("form", *pairs) if body.fields else '""'

    def json(self, value: JsonValue) -> Doc:
        """A JSON body: Python values where they are written the same, else text."""
        values = self._json_value(value)
        if values is None:
            return self.text(json_template(value))
        return call("to_json", values)

    def _json_value(self, value: JsonValue) -> Doc | None:
        match value:
            case JsonText():
                return self.text(value.value)
            case JsonNumber():
                number = value.value.literal
                return number if number and _is_plain_integer(number) else None
            case JsonConstant():
                return {"true": "True", "false": "False", "null": "None"}[value.value]
            case JsonArray():
                return _all("[", [self._json_value(item) for item in value.items], "]")
            case JsonObject():
                return self._json_object(value)
            case _:
                assert_never(value)

    def _json_object(self, value: JsonObject) -> Doc | None:
        if len({member.name for member in value.members}) < len(value.members):
            return None  # a dict would lose the repetition
        members = []
        for member in value.members:
            item = self._json_value(member.value)
            members.append(None if item is None else labelled(f"{literal(member.name)}: ", item))
        return _all("{", members, "}")


def _now(part: Call, outer_quote: str) -> str:
    form, *offset = [argument.literal or "" for argument in part.arguments] or ["ms"]
    if not offset and form in WORDS:
        return f"now_{form}()"
    moved = f", {offset_milliseconds(offset[0])}" if offset else ""
    return f"time_text({_literal_inside(form, outer_quote)}{moved})"


def _literal_inside(text: str, outer_quote: str) -> str:
    """A literal, where it can be with quotes that do not end an f-string around it."""
    return repr(text) if outer_quote == '"' else literal(text)


def _is_plain_integer(text: str) -> bool:
    return re.fullmatch(r"0|-?[1-9][0-9]{0,17}", text, re.ASCII) is not None


def _all(opening: str, items: list[Doc | None], closing: str) -> Doc | None:
    known = [item for item in items if item is not None]
    return Group(opening, tuple(known), closing) if len(known) == len(items) else None
