"""Document to Plan, with a place for everything."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ValidationError

from loadwright.compiler.codes import Code
from loadwright.compiler.data_files import BadDataError, read_columns
from loadwright.compiler.diagnostics import Diagnostic, LoadwrightError
from loadwright.compiler.documents import values
from loadwright.compiler.documents.shape import (
    COMMENTS,
    CONDITIONS,
    DURATIONS,
    JSON_VALUES,
    MAIN,
    alternatives,
    fields_of,
    is_model,
    is_required,
    item_type,
    key_of,
    words,
)
from loadwright.compiler.documents.tree import Entry, Mapping, Scalar, Sequence
from loadwright.compiler.documents.wording import called, keys_of, listed
from loadwright.compiler.plan import model
from loadwright.compiler.plan.node import Placed, SourceOrigin
from loadwright.compiler.plan.render import default_name, receive_name, usual_name
from loadwright.compiler.plan.template import DataField, Template, template, walk
from loadwright.compiler.plan.traverse import templates
from loadwright.compiler.printer import Notes
from loadwright.compiler.source import Span
from loadwright.compiler.suggest import suggestion
from loadwright.compiler.urls import is_path

_NUMBER = re.compile(r"-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?")
_NOTHING = ("", "~", "null", "Null", "NULL")
_BOOLEANS = {"true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False}


@dataclass
class ReadDocument:
    """The Plan of a document, its comments, and where its parts stand."""

    plan: model.Plan
    notes: Notes
    places: dict[int, Span]
    nodes: dict[int, Span]
    """The places of nodes alone."""


def read_plan(root: Entry, folder: Path | None = None, default_target: str | None = None, home: str = "") -> ReadDocument:
    """The Plan that a document stands for; the arguments are those of `lower`. Raises LoadwrightError with everything wrong."""
    reader = _Reader(folder, default_target or first_target(root), home)
    try:
        plan = reader.node(model.Plan, root)
    except _WrongError:
        raise LoadwrightError(*reader.diagnostics) from None
    if reader.diagnostics:
        raise LoadwrightError(*reader.diagnostics)
    plan = reader.with_columns(plan)
    notes = Notes(*(reader.notes[place] for place in COMMENTS))
    return ReadDocument(plan, notes, reader.places, reader.nodes)


def first_target(root: Entry) -> str | None:
    """The name of the first target in a document."""
    targets = dict(_named(root)).get("targets")
    first = targets.items[0] if isinstance(targets, Sequence) and targets.items else None
    name = dict(_named(first)).get("name") if first else None
    return name.text if isinstance(name, Scalar) else None


def _named(entry: Entry) -> list[tuple[str, Entry]]:
    return [(key.text, value) for key, value in entry.items] if isinstance(entry, Mapping) else []


class _WrongError(Exception):
    """Raised where a value cannot be made; it has been reported."""


class _Reader:
    def __init__(self, folder: Path | None, default_target: str | None, home: str) -> None:
        self._folder = folder
        self._default_target = default_target
        self._home = home
        self.places: dict[int, Span] = {}
        self.nodes: dict[int, Span] = {}
        self.notes: dict[str, dict[int, str]] = {place: {} for place in COMMENTS}
        self.diagnostics: list[Diagnostic] = []

    def wrong(self, message: str, hint: str, place: Entry, code: Code = Code.BAD_DOCUMENT) -> _WrongError:
        """Report, and give what to raise."""
        self.diagnostics.append(Diagnostic(code, message, hint, place.span))
        return _WrongError()

    # --- nodes

    def node(self, kind: type[BaseModel], entry: Entry) -> Any:
        """The Plan's node of that model."""
        if kind in (model.Goal, model.Import):
            return self._line(kind, entry)
        if not isinstance(entry, Mapping):
            raise self.wrong(f"a mapping is needed here, for {called(kind)}", f"its keys are {listed(keys_of(kind))}", entry)
        given, comments = self._given(kind, entry)
        made = self._made(kind, given, entry)
        for place, text in comments.items():
            self.notes[place][id(made)] = text
        self.places[id(made)] = entry.items[0][0].span if entry.items else entry.span
        self.nodes[id(made)] = self.places[id(made)]
        return made

    def _given(self, kind: type[BaseModel], entry: Mapping) -> tuple[dict[str, Any], dict[str, str]]:
        """The fields' values, and the comments."""
        word, main = key_of(kind), MAIN.get(kind)
        fields = dict(fields_of(kind))
        named = {word if name == main and word else name: name for name in fields}
        given: dict[str, Any] = {}
        comments: dict[str, str] = {}
        failed = False
        for key, value in entry.items:
            try:
                place = next((p for p, name in COMMENTS.items() if name == key.text), None)
                if place and key.text not in named:
                    comments[place] = self._text(value)
                elif key.text in named:
                    name = named[key.text]
                    if not (isinstance(value, Scalar) and not value.quoted and value.text in _NOTHING):
                        given[name] = self._value(kind, name, fields[name], value)
                elif key.text != word and not (kind is model.Plan and key.text == "$schema"):
                    raise self.wrong(f"{called(kind)} has no `{key.text}`", suggestion(key.text, [*keys_of(kind)]), key)
            except _WrongError:
                failed = True
        missing = [name for name in fields if is_required(kind, name) and name not in given]
        if missing and not failed:
            shown = word if missing[0] == main and word else missing[0]
            raise self.wrong(f"{called(kind)} needs `{shown}`", "add it", entry.items[0][0] if entry.items else entry)
        if failed:
            raise _WrongError
        return given, comments

    def _made(self, kind: type[BaseModel], given: dict[str, Any], entry: Entry) -> Placed:
        given = self._completed(kind, given)
        origin = SourceOrigin(span=entry.span)
        try:
            made: Placed = kind(**given, origin=origin)  # type: ignore[assignment]
        except ValidationError as error:
            first = error.errors(include_url=False, include_input=False)[0]
            where = first["loc"][0] if first["loc"] else ""
            raise self.wrong(f"`{where}` of {called(kind)}: {str(first['msg']).lower()}", "see the schema", entry) from None
        return made

    def _completed(self, kind: type[BaseModel], given: dict[str, Any]) -> dict[str, Any]:
        """The fields with what follows from them."""
        if kind is model.DataSource:
            given["columns"] = ()
        if self._home and kind in _WITH_FILES:
            given |= {name: self._home + given[name] for name in ("path", "certificate", "key") if given.get(name)}
        if kind is model.Target:
            given["url"] = given["url"].rstrip("/")
        if kind is model.Think:
            given.setdefault("maximum", given["minimum"])
        if kind is model.FilePart:
            given.setdefault("filename", template(given["path"].rpartition("/")[2]))
        if kind in (model.Request, model.Stream) and "target" not in given:
            given["target"] = self._default_target if is_path(given["url"]) else None
        if kind is model.Request:
            given.setdefault("method", "GET")
            usual = model.Request(name="", method=given["method"], url=given["url"], body=given.get("body"))
            given.setdefault("name", usual_name(usual))
        if kind is model.Receive:
            given.setdefault("name", "")
        if kind is model.Stream:
            given.setdefault("name", default_name(given["protocol"].upper(), given["url"]))
            given["actions"] = self._named_receives(given["name"], given.get("actions", ()))
        return given

    def _named_receives(self, stream: str, actions: tuple[Any, ...]) -> tuple[Any, ...]:
        named, number = [], 0
        for action in actions:
            if isinstance(action, model.Receive):
                number += 1
                if not action.name:
                    action = self._renamed(action, receive_name(stream, number))
            named.append(action)
        return tuple(named)

    def _renamed(self, action: model.Receive, name: str) -> model.Receive:
        renamed = action.model_copy(update={"name": name})
        self.places[id(renamed)] = self.nodes[id(renamed)] = self.places[id(action)]
        for known in self.notes.values():
            if id(action) in known:
                known[id(renamed)] = known[id(action)]
        return renamed

    # --- values

    def _value(self, owner: type[BaseModel], name: str, annotation: Any, entry: Entry) -> Any:
        kinds = alternatives(annotation)
        inner = item_type(kinds[0])
        if inner is not None:
            if not isinstance(entry, Sequence):
                raise self.wrong(f"`{name}` is a list", "write each item after `- `, or in `[…]`", entry)
            return tuple(self._each(lambda item: self._value(owner, name, inner, item), entry.items))
        if Template in kinds:
            return self._template(entry)
        if set(kinds) == set(CONDITIONS):
            return self._condition(entry)
        if set(kinds) <= set(JSON_VALUES):
            made = self._json(entry)
            return self._checked(made if isinstance(made, kinds) else None, f"`{name}` is a mapping", entry)
        models = [kind for kind in kinds if is_model(kind)]
        if (models and isinstance(entry, Mapping | Sequence)) or len(models) == len(kinds):
            return self._one_of(name, models, entry)
        return self._plain(name, kinds, entry)

    def _each(self, read: Callable[[Entry], Any], items: tuple[Entry, ...]) -> list[Any]:
        """Every item; those that are wrong are all reported."""
        made, failed = [], False
        for item in items:
            try:
                made.append(read(item))
            except _WrongError:
                failed = True
        if failed:
            raise _WrongError
        return made

    def _one_of(self, name: str, kinds: list[type[BaseModel]], entry: Entry) -> Any:
        if len(kinds) == 1:
            return self.node(kinds[0], entry)
        by_word = {key_of(kind): kind for kind in kinds}
        if not isinstance(entry, Mapping):
            raise self.wrong(f"a mapping is needed in `{name}`", f"it starts with {listed(by_word)}", entry)
        found = next((by_word[key.text] for key, _ in entry.items if key.text in by_word), None)
        if found is None:
            first = entry.items[0][0] if entry.items else entry
            wrong = first.text if isinstance(first, Scalar) else ""
            hint = suggestion(wrong, [word for word in by_word if word]) or f"there are {listed(by_word)}"
            raise self.wrong(f"nothing in `{name}` is called `{wrong}`", hint, first)
        return self.node(found, entry)

    def _text(self, entry: Entry) -> str:
        if not isinstance(entry, Scalar):
            raise self.wrong("a text is needed here", "write it in quotes", entry)
        return entry.text

    def _template(self, entry: Entry) -> Template:
        made: Template = self._parsed(values.template, entry)
        for part in walk(made):
            self.places[id(part)] = entry.span
        self.places[id(made)] = entry.span
        return made

    def _condition(self, entry: Entry) -> Any:
        return values.placed(self._parsed(values.condition, entry), SourceOrigin(span=entry.span))

    def _line(self, kind: type[BaseModel], entry: Entry) -> model.Goal | model.Import:
        """A node that is one text, or a mapping with comments."""
        named = dict(_named(entry))
        text = named.get("goal" if kind is model.Goal else "import", entry)
        is_goal = kind is model.Goal
        found: model.Goal | model.Import
        found = self._parsed(values.goal, text) if is_goal else model.Import(path=self._home + self._text(text))
        made = found.model_copy(update={"origin": SourceOrigin(span=entry.span)})
        for place, name in COMMENTS.items():
            if name in named:
                self.notes[place][id(made)] = self._text(named[name])
        self.places[id(made)] = self.nodes[id(made)] = entry.span
        return made

    def _parsed(self, read: Callable[[str], Any], entry: Entry) -> Any:
        try:
            return read(self._text(entry))
        except LoadwrightError as error:
            first = error.diagnostics[0]
            raise self.wrong(first.message, first.hint, entry, Code(first.code)) from None
        except ValueError as error:
            raise self.wrong(str(error), "write it as the language does", entry) from None

    def _plain(self, name: str, kinds: tuple[Any, ...], entry: Entry) -> Any:
        text = self._text(entry)
        allowed = words(kinds[0])
        if allowed:
            if text not in allowed:
                hint = suggestion(text, map(str, allowed)) or f"there are {listed(allowed)}"
                raise self.wrong(f"`{name}` cannot be `{text}`", hint, entry)
            return text
        if kinds[0] is bool:
            return self._checked(_BOOLEANS.get(text), f"`{name}` is true or false", entry)
        if name in DURATIONS:
            return self._checked(values.duration(text), f"`{name}` is a duration such as `30s`", entry)
        if name == "size":
            return self._checked(values.size(text), f"`{name}` is a size such as `2MB`", entry)
        if name == "rate":
            return self._checked(values.rate(text), f"`{name}` is a rate such as `20/s`", entry)
        if kinds[0] is int:
            whole = int(text) if re.fullmatch(r"[0-9]{1,15}", text) else None
            return self._checked(whole, f"`{name}` is a whole number", entry)
        if kinds[0] is Decimal:
            number = Decimal(text) if len(text) < 20 and re.fullmatch(r"[0-9]+(\.[0-9]+)?", text) else None
            return self._checked(number, f"`{name}` is a number", entry)
        return text

    def _checked(self, value: Any, message: str, entry: Entry) -> Any:
        if value is None:
            raise self.wrong(message, "write it so", entry)
        return value

    # --- JSON bodies

    def _json(self, entry: Entry) -> Any:
        origin = SourceOrigin(span=entry.span)
        if isinstance(entry, Sequence):
            return model.JsonArray(items=tuple(self._each(self._json, entry.items)), origin=origin)
        if isinstance(entry, Mapping):
            named = dict(_named(entry))
            if "$number" in named:
                return model.JsonNumber(value=self._template(named["$number"]), origin=origin)
            if "$members" in named:
                members = self._value(model.JsonObject, "members", tuple[model.JsonMember, ...], named["$members"])
                return model.JsonObject(members=members, origin=origin)
            return model.JsonObject(members=tuple(self._each(self._member, self._pairs(entry))), origin=origin)
        assert isinstance(entry, Scalar)
        if entry.quoted:
            return model.JsonText(value=self._template(entry), origin=origin)
        if entry.text in _NOTHING:
            return model.JsonConstant(value="null", origin=origin)
        if entry.text in _BOOLEANS:
            return model.JsonConstant(value="true" if _BOOLEANS[entry.text] else "false", origin=origin)
        if _NUMBER.fullmatch(entry.text):
            return model.JsonNumber(value=template(entry.text), origin=origin)
        return model.JsonText(value=self._template(entry), origin=origin)

    def _pairs(self, entry: Mapping) -> tuple[Entry, ...]:
        return tuple(Mapping(key.span, ((key, value),)) for key, value in entry.items)

    def _member(self, pair: Entry) -> model.JsonMember:
        assert isinstance(pair, Mapping)
        key, value = pair.items[0]
        return model.JsonMember(name=key.text, value=self._json(value), origin=SourceOrigin(span=key.span))

    # --- data

    def with_columns(self, plan: model.Plan) -> model.Plan:
        """The Plan with the columns of its data: those of the files, or without a folder those that are used."""
        if not plan.data:
            return plan
        sources = tuple(self._columns(plan, source) for source in plan.data)
        if self.diagnostics:
            raise LoadwrightError(*self.diagnostics)
        made = plan.model_copy(update={"data": sources})
        for known in self.notes.values():
            self._moved(known, (*plan.data, plan), (*sources, made))
        self._moved(self.nodes, (*plan.data, plan), (*sources, made))
        return made

    def _moved(self, known: dict[int, Any], before: tuple[Placed, ...], after: tuple[Placed, ...]) -> None:
        for old, new in zip(before, after, strict=True):
            if id(old) in known:
                known[id(new)] = known[id(old)]

    def _columns(self, plan: model.Plan, source: model.DataSource) -> model.DataSource:
        if self._folder is None:
            parts = (part for value, _ in templates(plan) for part in walk(value))
            used = {p.column for p in parts if isinstance(p, DataField) and p.data == source.name}
            return source.model_copy(update={"columns": tuple(sorted(used))})
        try:
            return source.model_copy(update={"columns": read_columns(self._folder, source.path, source.format)})
        except BadDataError as error:
            span = source.origin.span if isinstance(source.origin, SourceOrigin) else None
            self.diagnostics.append(Diagnostic(error.code, str(error), error.hint, span))
            return source


_WITH_FILES = (model.DataSource, model.FileBody, model.FilePart, model.SchemaExpectation, model.Target)
