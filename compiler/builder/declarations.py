"""Declarations."""
# ruff: noqa: D102 - a method is the rule of that name in grammar/intent.lark

from __future__ import annotations

from lark import Token, v_args
from lark.tree import Meta

from loadwright.compiler import nodes
from loadwright.compiler.builder.values import ValueRules


@v_args(inline=True, meta=True)
class DeclarationRules(ValueRules):
    """Rules of declarations."""

    def intent(self, meta: Meta, title: nodes.Text) -> nodes.Title:
        return nodes.Title(self._span(meta), title)

    def import_(self, meta: Meta, path: nodes.Text) -> nodes.Import:
        return nodes.Import(self._span(meta), path)

    def target(self, meta: Meta, name: Token, url: nodes.Text, *options: nodes.TargetOption) -> nodes.Target:
        return nodes.Target(self._span(meta), self._word(name), url, options)

    def verify(self, meta: Meta, value: Token) -> nodes.TargetOption:
        return nodes.TargetOption(self._span(meta), "verify", self._word(value))

    def certificate(self, meta: Meta, path: nodes.Text, key: nodes.Text) -> nodes.TargetOption:
        return nodes.TargetOption(self._span(meta), "certificate", path, key)

    def proxy(self, meta: Meta, url: nodes.Text) -> nodes.TargetOption:
        return nodes.TargetOption(self._span(meta), "proxy", url)

    def secret(self, meta: Meta, name: Token, env: nodes.Text) -> nodes.Secret:
        return nodes.Secret(self._span(meta), self._word(name), env)

    def data(self, meta: Meta, name: Token, kind: Token, path: nodes.Text, *options: nodes.DataOption) -> nodes.DataSource:
        return nodes.DataSource(self._span(meta), self._word(name), str(kind), path, options)

    def data_order(self, meta: Meta, order: Token) -> nodes.DataOption:
        return nodes.DataOption(self._span(meta), "order", str(order))

    def data_rows(self, meta: Meta, sharing: Token) -> nodes.DataOption:
        return nodes.DataOption(self._span(meta), "rows", " ".join(sharing.split()))

    def data_end(self, meta: Meta, on_end: Token) -> nodes.DataOption:
        return nodes.DataOption(self._span(meta), "on_end", str(on_end))

    def let(self, meta: Meta, name: Token, value: nodes.Expression) -> nodes.Variable:
        return nodes.Variable(self._span(meta), self._word(name), value)

    def defaults(self, meta: Meta, *items: nodes.RequestItem) -> nodes.Defaults:
        return nodes.Defaults(self._span(meta), items)
