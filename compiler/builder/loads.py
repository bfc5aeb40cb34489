"""Load and goals."""
# ruff: noqa: D102 - a method is the rule of that name in grammar/intent.lark

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Any

from lark import Token, v_args
from lark.tree import Meta

from loadwright.compiler import nodes
from loadwright.compiler.builder.values import LONGEST_NUMBER, ValueRules
from loadwright.compiler.codes import Code


@v_args(inline=True, meta=True)
class LoadRules(ValueRules):
    """Rules of load and goals."""

    def load(self, meta: Meta, name: Token, *items: Any) -> nodes.Load:
        return nodes.Load(self._span(meta), self._word(name), items)

    def workload(self, meta: Meta, journey: Token, model: Any) -> nodes.Workload:
        return nodes.Workload(self._span(meta), self._word(journey), model)

    def mix(self, meta: Meta, model: Any, *shares: nodes.Share) -> nodes.Mix:
        return nodes.Mix(self._span(meta), model, shares)

    def share(self, meta: Meta, journey: Token, percent: Token) -> nodes.Share:
        return nodes.Share(self._span(meta), self._word(journey), self._percent(percent))

    def graceful_stop(self, meta: Meta, limit: Token) -> nodes.GracefulStop:
        return nodes.GracefulStop(self._span(meta), self._whole_time(limit))

    def closed(self, meta: Meta, users: Token, duration: Any, *options: tuple[str, Any]) -> nodes.ClosedModel:
        found = self._options(meta, options)
        length = duration[1] if duration else None
        return nodes.ClosedModel(
            self._span(meta), self._count(users), found.get("iterations"), length, found.get("ramp"), found.get("pacing")
        )

    def open(self, meta: Meta, rate: Token, duration: tuple[str, nodes.Duration], *options: tuple[str, Any]) -> nodes.OpenModel:
        found = self._options(meta, options)
        return nodes.OpenModel(self._span(meta), self._rate(rate), duration[1], found.get("ramp"), found.get("in_flight"))

    def phases(self, meta: Meta, *parts: Any) -> nodes.ClosedPhases | nodes.OpenPhases:
        phases = [part for part in parts if isinstance(part, nodes.UserPhase | nodes.RatePhase)]
        found = self._options(meta, [part for part in parts if isinstance(part, tuple)])
        levels = {type(phase.users if isinstance(phase, nodes.UserPhase) else phase.rate) for phase in phases} - {type(None)}
        is_open = levels == {nodes.Quantity}
        wrong = "pacing" if is_open else "in_flight"
        if len(levels) != 1 or wrong in found:
            message = "these phases mix users and rates" if levels else "these phases name no users and no rate"
            hint = "all phases say `to 50 users`, or all say `to 20/s`; `pacing` goes with users, `at most … in flight` with rates"
            raise self._error(Code.BAD_LOAD, message, hint, meta)
        if is_open:
            return nodes.OpenPhases(self._span(meta), tuple(map(_as_rate, phases)), found.get("in_flight"))
        users = tuple(phase for phase in phases if isinstance(phase, nodes.UserPhase))
        return nodes.ClosedPhases(self._span(meta), users, found.get("pacing"))

    def phase(
        self, meta: Meta, name: nodes.Text, length: Token, level: tuple[bool, nodes.Count | nodes.Quantity] | None
    ) -> nodes.UserPhase | nodes.RatePhase:
        jump, target = level or (False, None)
        if isinstance(target, nodes.Quantity):
            return nodes.RatePhase(self._span(meta), name, self._whole_time(length, 1), target, jump)
        return nodes.UserPhase(self._span(meta), name, self._whole_time(length, 1), target, jump)

    def evenly(self, meta: Meta, level: Token | nodes.Count) -> tuple[bool, nodes.Count | nodes.Quantity]:
        return False, self._rate(level) if isinstance(level, Token) else level

    def at_once(self, meta: Meta, level: Token | nodes.Count) -> tuple[bool, nodes.Count | nodes.Quantity]:
        return True, self._rate(level) if isinstance(level, Token) else level

    def user_level(self, meta: Meta, count: Token) -> nodes.Count:
        return self._count(count, 0)

    def pacing(self, meta: Meta, length: Token) -> tuple[str, nodes.Duration]:
        return "pacing", self._whole_time(length, 1)

    def duration(self, meta: Meta, length: Token) -> tuple[str, nodes.Duration]:
        return "duration", self._whole_time(length, 1)

    def iterations(self, meta: Meta, count: Token) -> tuple[str, nodes.Count]:
        return "iterations", self._count(count)

    def ramp(self, meta: Meta, length: Token) -> tuple[str, nodes.Duration]:
        return "ramp", self._whole_time(length)

    def in_flight(self, meta: Meta, count: Token) -> tuple[str, nodes.Count]:
        return "in_flight", self._count(count)

    def goals(self, meta: Meta, *goals: nodes.Goal) -> nodes.Goals:
        return nodes.Goals(self._span(meta), goals)

    def time_goal(self, meta: Meta, metric: Token, *rest: Any) -> nodes.Goal:
        percentile = Decimal(metric[1:]) if metric.type == "PERCENTILE" else None
        if percentile is not None and percentile > 100:
            raise self._error(Code.BAD_NUMBER, f"`{metric}` is no percentile", "percentiles go from `p0` to `p100`", metric)
        name = "percentile" if percentile is not None else str(metric)
        return self._goal(meta, name, percentile, rest, lambda limit: self._time(limit).value)

    def share_goal(self, meta: Meta, metric: Token, *rest: Any) -> nodes.Goal:
        is_share = rest[3].type == "PERCENT"
        if metric.type == "SOFT":
            name = "soft_failure_rate" if is_share else "soft_failures"
        else:
            name = "failures" if is_share or not int(rest[3][:LONGEST_NUMBER]) else "failed_requests"
        return self._goal(meta, name, None, rest, self._share)

    def _share(self, limit: Token) -> Decimal:
        return self._percent(limit).value / 100 if limit.type == "PERCENT" else Decimal(self._count(limit, 0).value)

    def count_goal(self, meta: Meta, metric: Token, *rest: Any) -> nodes.Goal:
        name = {"EXTRACTION": "extraction_misses", "DROPPED": "dropped_arrivals"}.get(metric.type, str(metric))
        return self._goal(meta, name, None, rest, lambda limit: Decimal(self._count(limit, 0).value))

    def rate_goal(self, meta: Meta, metric: Token, *rest: Any) -> nodes.Goal:
        return self._goal(meta, str(metric), None, rest, lambda limit: self._rate(limit).value)

    def _goal(
        self, meta: Meta, metric: str, percentile: Decimal | None, rest: Sequence[Any], value: Callable[[Token], Decimal]
    ) -> nodes.Goal:
        of, phase, relation, limit, abort = rest
        subject, name = of or (None, None)
        after = abort[0] if abort else None
        span = self._span(meta)
        return nodes.Goal(span, metric, percentile, subject, name, phase, str(relation), value(limit), abort is not None, after)

    def of(self, meta: Meta, what: nodes.Text | tuple[str, nodes.Text]) -> tuple[str, nodes.Text]:
        return ("name", what) if isinstance(what, nodes.Text) else what

    def of_journey(self, meta: Meta, name: Token) -> tuple[str, nodes.Text]:
        return "journey", self._word(name)

    def of_tag(self, meta: Meta, tag: nodes.Text) -> tuple[str, nodes.Text]:
        return "tag", tag

    def in_phase(self, meta: Meta, phase: nodes.Text) -> nodes.Text:
        return phase

    def abort(self, meta: Meta, after: Token | None) -> tuple[nodes.Duration | None]:
        return (self._whole_time(after) if after else None,)


def _as_rate(phase: nodes.UserPhase | nodes.RatePhase) -> nodes.RatePhase:
    """A phase in a load of rates; one without a level was read as one of users."""
    if isinstance(phase, nodes.RatePhase):
        return phase
    return nodes.RatePhase(phase.span, phase.name, phase.duration, None, phase.jump)
