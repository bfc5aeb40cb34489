"""What stands outermost in a text, but loads and goals."""

from __future__ import annotations

from typing import Literal

from loadwright.compiler.nodes.flow import Flow
from loadwright.compiler.nodes.node import Statement, Text
from loadwright.compiler.nodes.requests import RequestItem, Tags


class Title(Statement, frozen=True):
    """`intent "…"`."""

    title: Text


class Target(Statement, frozen=True):
    """`target NAME = "…"`."""

    name: Text
    url: Text
    options: tuple[TargetOption, ...] = ()


class TargetOption(Statement, frozen=True):
    """`verify off`, `proxy "…"` or `certificate "…" key "…"`; `value` is the first thing after the word."""

    option: Literal["verify", "proxy", "certificate"]
    value: Text
    key: Text | None = None


class Import(Statement, frozen=True):
    """`import "…"`."""

    path: Text


class Secret(Statement, frozen=True):
    """`secret NAME from env "…"`."""

    name: Text
    env: Text


class DataSource(Statement, frozen=True):
    """`data NAME from csv "…" { … }`."""

    name: Text
    format: str
    path: Text
    options: tuple[DataOption, ...]


class DataOption(Statement, frozen=True):
    """`order …`, `rows …` or `on end …`."""

    option: Literal["order", "rows", "on_end"]
    value: str


class Defaults(Statement, frozen=True):
    """`defaults { … }`."""

    items: tuple[RequestItem, ...]


class Fragment(Statement, frozen=True):
    """`fragment NAME(a, b) { … }`."""

    name: Text
    parameters: tuple[Text, ...]
    nodes: tuple[Flow, ...]


class Journey(Statement, frozen=True):
    """`journey NAME "…" { … }`."""

    name: Text
    title: Text | None
    nodes: tuple[Flow | Tags | Cookies | Setup | Teardown, ...]


class Cookies(Statement, frozen=True):
    """`cookies keep` or `cookies clear`."""

    mode: str


class Setup(Statement, frozen=True):
    """`setup { … }`."""

    nodes: tuple[Flow, ...]


class Teardown(Statement, frozen=True):
    """`teardown { … }`."""

    nodes: tuple[Flow, ...]
