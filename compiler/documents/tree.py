"""A document's tree with the place of everything, and YAML."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import yaml

from loadwright.compiler.codes import Code
from loadwright.compiler.diagnostics import Diagnostic, LoadwrightError
from loadwright.compiler.documents.write import Number
from loadwright.compiler.source import Span

DEEPEST = 200
_TEXT = "tag:yaml.org,2002:str"


@dataclass(frozen=True, eq=False)
class Entry:
    """A value of a document and where it stands."""

    span: Span


@dataclass(frozen=True, eq=False)
class Scalar(Entry):
    """A text, number, boolean or null; `text` is as written, `quoted` whether it can only be a text."""

    text: str
    quoted: bool


@dataclass(frozen=True, eq=False)
class Sequence(Entry):
    """A list."""

    items: tuple[Entry, ...]


@dataclass(frozen=True, eq=False)
class Mapping(Entry):
    """Keys and values in order."""

    items: tuple[tuple[Scalar, Entry], ...]


def entries(entry: Entry) -> Iterator[Entry]:
    """An entry and everything inside it, keys too."""
    yield entry
    if isinstance(entry, Sequence):
        for item in entry.items:
            yield from entries(item)
    elif isinstance(entry, Mapping):
        for key, value in entry.items:
            yield key
            yield from entries(value)


def read_yaml(text: str, path: str) -> Entry:
    """The tree of a YAML document; `path` is what spans call it. Raises LoadwrightError for what is no YAML."""
    try:
        root = yaml.compose(text.removeprefix("\ufeff"), Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    except yaml.MarkedYAMLError as error:
        raise LoadwrightError(_syntax(error, path)) from None
    except (yaml.YAMLError, RecursionError) as error:
        place = Span(path=path, line=1, column=1, end_line=1, end_column=2)
        reason = str(error).splitlines()[0] if str(error) else "it is nested too deeply"
        raise LoadwrightError(Diagnostic(Code.SYNTAX, f"the document is no YAML: {reason}", "save it as UTF-8", place)) from None
    if root is None:
        place = Span(path=path, line=1, column=1, end_line=1, end_column=2)
        raise LoadwrightError(Diagnostic(Code.SYNTAX, "the document is empty", "start it with `intent: …`", place))
    return _Reader(path).entry(root, 0, ())


def _syntax(error: yaml.MarkedYAMLError, path: str) -> Diagnostic:
    mark = error.problem_mark or error.context_mark
    line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
    span = Span(path=path, line=line, column=column, end_line=line, end_column=column + 1)
    return Diagnostic(
        Code.SYNTAX, f"the document is no YAML: {error.problem or error.context}", "check quotes and indentation", span
    )


class _Reader:
    def __init__(self, path: str) -> None:
        self._path = path

    def span(self, node: yaml.Node) -> Span:
        start, end = node.start_mark, node.end_mark
        return Span(
            path=self._path, line=start.line + 1, column=start.column + 1, end_line=end.line + 1, end_column=max(end.column, 0) + 1
        )

    def entry(self, node: yaml.Node, depth: int, around: tuple[int, ...]) -> Entry:
        if depth > DEEPEST or id(node) in around:
            message = "the document is nested too deeply here" if depth > DEEPEST else "an alias leads to what it stands in"
            raise LoadwrightError(Diagnostic(Code.SYNTAX, message, "write it out flat", self.span(node)))
        inside = (*around, id(node))
        if isinstance(node, yaml.ScalarNode):
            return Scalar(self.span(node), node.value, bool(node.style) and node.tag == _TEXT)
        if isinstance(node, yaml.SequenceNode):
            return Sequence(self.span(node), tuple(self.entry(item, depth + 1, inside) for item in node.value))
        assert isinstance(node, yaml.MappingNode)
        return Mapping(self.span(node), tuple(self._pairs(node, depth, inside)))

    def _pairs(self, node: yaml.MappingNode, depth: int, inside: tuple[int, ...]) -> Iterable[tuple[Scalar, Entry]]:
        seen: set[str] = set()
        for key, value in node.value:
            if not isinstance(key, yaml.ScalarNode):
                raise LoadwrightError(Diagnostic(Code.SYNTAX, "a key is no text", "give it a name", self.span(key)))
            if key.value in seen:
                raise LoadwrightError(Diagnostic(Code.DUPLICATE, f"`{key.value}` is given twice", "keep one", self.span(key)))
            seen.add(key.value)
            yield Scalar(self.span(key), key.value, bool(key.style)), self.entry(value, depth + 1, inside)


class _Dumper(yaml.SafeDumper):
    def ignore_aliases(self, data: Any) -> bool:
        return True

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:
        return super().increase_indent(flow, False)


def _number(dumper: yaml.SafeDumper, value: Number) -> yaml.ScalarNode:
    kind = "int" if value.lstrip("-").isdigit() else "float"
    return dumper.represent_scalar(f"tag:yaml.org,2002:{kind}", str(value))


def _text(dumper: yaml.SafeDumper, value: str) -> yaml.ScalarNode:
    lines = value.split("\n")
    visible = all(line.isprintable() for line in lines)
    as_lines = len(lines) > 1 and visible and value == value.strip() and all(line == line.rstrip() for line in lines)
    style = "|" if as_lines else None if visible and len(lines) == 1 else '"'
    return dumper.represent_scalar("tag:yaml.org,2002:str", value, style=style)


_Dumper.add_representer(Number, _number)
_Dumper.add_representer(str, _text)


def as_yaml(document: dict[str, Any]) -> str:
    """A document as YAML."""
    return yaml.dump(document, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=math.inf, default_flow_style=False)
