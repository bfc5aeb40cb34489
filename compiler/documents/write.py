"""Plan to document."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from pydantic import BaseModel

from loadwright.compiler.documents.shape import (
    COMMENTS,
    CONDITIONS,
    DURATIONS,
    IMPLIED,
    JSON_VALUES,
    MAIN,
    alternatives,
    fields_of,
    key_of,
)
from loadwright.compiler.plan import model
from loadwright.compiler.plan.render import default_name, receive_name, usual_name
from loadwright.compiler.plan.template import Template, Text, template
from loadwright.compiler.print_flow import condition
from loadwright.compiler.print_load import goal_line
from loadwright.compiler.print_values import decimal, duration, expression, rate, size
from loadwright.compiler.printer import Notes
from loadwright.compiler.urls import is_path

Document = dict[str, Any]
"""What YAML and JSON hold: mappings, lists, texts, booleans, null, and numbers as `Number`."""


class Number(str):
    """A number as its digits, for what holds no more than a float."""

    __slots__ = ()


def document(plan: model.Plan, notes: Notes | None = None) -> Document:
    """The document of a Plan, with comments."""
    return _Writer(plan, notes or Notes()).node(plan)


class _Writer:
    def __init__(self, plan: model.Plan, notes: Notes) -> None:
        self._notes: dict[str, Mapping[int, str]] = {"before": notes.before, "after": notes.after, "inside": notes.inside}
        self._about = notes.about
        self._default_target = plan.targets[0].name if plan.targets else None
        self._stream = ("", 0)

    def node(self, node: BaseModel) -> Document:
        kind, main = type(node), MAIN.get(type(node))
        word = key_of(kind)
        made: Document = {}
        if word is not None and main is None:
            made[word] = True
        for name, annotation in fields_of(kind):
            value = getattr(node, name)
            if isinstance(value, str) and Template in alternatives(annotation):
                value = template(value)
            if name == main:
                made[word or name] = self._value(name, value) if not self._is_usual(node, name, value) else None
            elif not self._is_default(node, name, value):
                made[name] = self._value(name, value)
        return made | self._comments(node)

    def _comments(self, node: BaseModel) -> Document:
        found = {COMMENTS[place]: notes.get(id(node)) for place, notes in self._notes.items()}
        return {name: text for name, text in found.items() if text is not None}

    def _is_default(self, node: BaseModel, name: str, value: Any) -> bool:
        if isinstance(node, model.Plan) and name == "defaults":
            return value == model.Defaults() and not self._about(value)
        if self._is_usual(node, name, value):
            return True
        field = type(node).model_fields[name]
        return not field.is_required() and value == field.default

    def _is_usual(self, node: BaseModel, name: str, value: Any) -> bool:
        if (type(node), name) not in IMPLIED:
            return False
        match node:
            case model.Request() if name == "name":
                return bool(value == usual_name(node))
            case model.Request() if name == "method":
                return bool(value == "GET")
            case model.Request() | model.Stream() if name == "target":
                return bool(value == (self._default_target if is_path(node.url) else None))
            case model.Stream():
                self._stream = (node.name, 0)
                return bool(value == default_name(node.protocol.upper(), node.url))
            case model.Receive():
                self._stream = (self._stream[0], self._stream[1] + 1)
                return bool(value == receive_name(*self._stream))
            case model.Think():
                return bool(value == node.minimum)
            case model.FilePart():
                return bool(value == template(node.path.rpartition("/")[2]))
        return False

    def _value(self, name: str, value: Any) -> Any:
        if isinstance(value, Template):
            return template_text(value)
        if isinstance(value, CONDITIONS):
            return condition(value)
        if isinstance(value, JSON_VALUES):
            return self._json(value)
        if isinstance(value, model.Goal):
            return self._line("goal", goal_line(value), value)
        if isinstance(value, model.Import):
            return self._line("import", value.path, value)
        if isinstance(value, BaseModel):
            return self.node(value)
        if isinstance(value, tuple):
            return [self._value(name, item) for item in value]
        return self._plain(name, value)

    def _plain(self, name: str, value: Any) -> Any:
        if isinstance(value, bool) or value is None:
            return value
        if name in DURATIONS and isinstance(value, int):
            return duration(value)
        if name == "size":
            return size(value)
        if name == "rate":
            return rate(value)
        if isinstance(value, int | Decimal):
            return Number(decimal(Decimal(value)))
        return value

    def _line(self, word: str, line: str, node: BaseModel) -> Any:
        """A node that is one text, or a mapping when it has comments."""
        comments = self._comments(node)
        return {word: line, **comments} if comments else line

    def _json(self, value: model.JsonValue) -> Any:
        match value:
            case model.JsonText():
                return template_text(value.value)
            case model.JsonNumber():
                literal = value.value.literal
                return Number(literal) if literal is not None and _is_number(literal) else {"$number": template_text(value.value)}
            case model.JsonConstant():
                return {"true": True, "false": False, "null": None}[value.value]
            case model.JsonArray():
                return [self._json(item) for item in value.items]
        names = [member.name for member in value.members]
        if len(set(names)) == len(names) and not set(names) & _SPECIAL and not any(map(self._about, value.members)):
            return {member.name: self._json(member.value) for member in value.members}
        members = ({"name": m.name, "value": self._json(m.value), **self._comments(m)} for m in value.members)
        return {"$members": list(members)}


_SPECIAL = frozenset(("$number", "$members"))


def _is_number(text: str) -> bool:
    try:
        return Decimal(text).is_finite() and text[-1].isdigit() and text.strip() == text and "_" not in text and text[0] != "+"
    except ArithmeticError:
        return False


def template_text(value: Template) -> str:
    """A template as a document's text: `${…}` holds a value, and `$${` stands for `${`."""
    pieces: list[str] = []
    for part in value.parts:
        if isinstance(part, Text):
            pieces.append(part.value.replace("${", "$${"))
        else:
            if pieces and pieces[-1].endswith("$"):  # not to be read as `$${`
                pieces[-1] = pieces[-1][:-1] + '${"$"}'
            pieces.append("${" + expression(Template(parts=(part,))) + "}")
    return "".join(pieces)
