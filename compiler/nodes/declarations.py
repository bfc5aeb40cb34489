"""What stands outermost in a text, but loads and goals."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from loadwright.compiler.nodes.flow import Flow
from loadwright.compiler.nodes.node import Statement, Text
from loadwright.compiler.nodes.requests import RequestItem, Tags


@dataclass(frozen=True, slots=True)
class Title(Statement):
    """`intent "…"`."""

    title: Text


@dataclass(frozen=True, slots=True)
class Target(Statement):
    """`target NAME = "…"`."""

    name: Text
    url: Text
    options: tuple[TargetOption, ...] = ()


@dataclass(frozen=True, slots=True)
class TargetOption(Statement):
    """`verify off`, `proxy "…"` or `certificate "…" key "…"`; `value` is the first thing after the word."""

    option: Literal["verify", "proxy", "certificate"]
    value: Text
    key: Text | None = None


@dataclass(frozen=True, slots=True)
class Import(Statement):
    """`import "…"`."""

    path: Text


@dataclass(frozen=True, slots=True)
class Secret(Statement):
    """`secret NAME from env "…"`."""

    name: Text
    env: Text


@dataclass(frozen=True, slots=True)
class DataSource(Statement):
    """`data NAME from csv "…" { … }`."""

    name: Text
    format: str
    path: Text
    options: tuple[DataOption, ...]


@dataclass(frozen=True, slots=True)
class DataOption(Statement):
    """`order …`, `rows …` or `on end …`."""

    option: Literal["order", "rows", "on_end"]
    value: str


@dataclass(frozen=True, slots=True)
class Defaults(Statement):
    """`defaults { … }`."""

    items: tuple[RequestItem, ...]


@dataclass(frozen=True, slots=True)
class Fragment(Statement):
    """`fragment NAME(a, b) { … }`."""

    name: Text
    parameters: tuple[Text, ...]
    nodes: tuple[Flow, ...]


@dataclass(frozen=True, slots=True)
class Journey(Statement):
    """`journey NAME "…" { … }`."""

    name: Text
    title: Text | None
    nodes: tuple[Flow | Tags | Cookies | Setup | Teardown, ...]


@dataclass(frozen=True, slots=True)
class Cookies(Statement):
    """`cookies keep` or `cookies clear`."""

    mode: str


@dataclass(frozen=True, slots=True)
class Setup(Statement):
    """`setup { … }`."""

    nodes: tuple[Flow, ...]


@dataclass(frozen=True, slots=True)
class Teardown(Statement):
    """`teardown { … }`."""

    nodes: tuple[Flow, ...]
