"""Goals as k6 thresholds; those that k6 cannot tell are left to `loadwright run`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal

from loadwright.backends.k6.layout import Group, Node, array, mapping
from loadwright.backends.k6.literals import seconds, string
from loadwright.backends.k6.loads import Scenario
from loadwright.compiler.plan.model import Fail, Goal, Plan, Request, Stream, Until
from loadwright.compiler.plan.profile import is_open
from loadwright.compiler.plan.render import digest_auth, follows_redirects
from loadwright.compiler.plan.traverse import journey_nodes, requests, steps, walk_nodes

_OPPOSITE = {"<": ">", "<=": ">=", "=": "==", ">=": "<=", ">": "<"}
_KINDS = {"soft_failures": "soft failure", "extraction_misses": "extraction"}
_AGGREGATES = {"mean": "avg", "min": "min", "max": "max"}


class Thresholds:
    """The thresholds of a Plan's goals, and the extra tags for what k6 cannot tell by itself."""

    def __init__(self, plan: Plan, scenarios: Sequence[Scenario]) -> None:
        self._scenarios = scenarios
        self._steps = {step.name for journey in plan.journeys for step in steps(journey)}
        named = dict.fromkeys(goal.of for goal in plan.goals if _is_named(goal) and goal.of is not None and not _can_tag(goal.of))
        self.tags = {name: str(number) for number, name in enumerate(named, 1)}
        """The value of the tag `goal` (or `step_goal`) by name."""
        tagged = dict.fromkeys(goal.of for goal in plan.goals if goal.subject == "tag" and goal.of is not None)
        self._groups = {tag: f"goal_{number}" for number, tag in enumerate(tagged, 1)}
        self._bearers = list(_bearers(plan, self._groups))
        self._goals = plan.goals
        loaded = {scenario.workload.journey for scenario in scenarios}
        journeys = [journey for journey in plan.journeys if journey.name in loaded]
        self._has_flow_failures = any(isinstance(node, Fail | Until) for journey in journeys for node in journey_nodes(journey))
        self._is_counted = all(_is_one_exchange(plan, request) for journey in plan.journeys for request in requests(journey))

    @property
    def has_tags(self) -> bool:
        """Whether requests carry tags for thresholds."""
        return bool(self.tags or self._groups)

    @property
    def flags(self) -> frozenset[str]:
        """The marks of the helpers' lines that the thresholds need."""
        metrics = {metric.partition("{")[0] for goal in self._goals for metric, _ in self._threshold(goal)}
        wanted = {"goal": self.has_tags, "iterations": "journey_iterations" in metrics, "steps": "step_checks" in metrics}
        return frozenset(flag for flag, is_set in wanted.items() if is_set)

    def request_tags(self, request: Request | Stream) -> dict[str, str]:
        """The extra tags of a request."""
        found = {"goal": self.tags[request.name]} if request.name in self.tags else {}
        for node, tag in self._bearers:
            if node is request:
                found[self._groups[tag]] = "yes"
        return found

    def node(self) -> Group:
        """The `thresholds` option: the goals, and that nothing fails unless a goal says how much may."""
        found: dict[str, list[Node]] = {}
        if not any(_speaks_of_failures(goal) for goal in self._goals):
            found["request_failures"] = [string("count==0")]
            found.update({"flow_failures": [string("count==0")]} if self._has_flow_failures else {})
        for goal in self._goals:
            for metric, condition in self._threshold(goal):
                found.setdefault(metric, []).append(_aborting(goal, condition) if goal.abort else string(condition))
        return mapping(((metric, array(conditions)) for metric, conditions in found.items()), is_broken=True)

    def _threshold(self, goal: Goal) -> Iterator[tuple[str, str]]:
        """The metric and the condition; nothing when k6 cannot tell."""
        relation = "==" if goal.relation == "=" else goal.relation
        value = _plain(goal.value)
        tags = self._selection(goal)
        if tags is None or goal.phase is not None:
            return
        match goal.metric:
            case "failures":
                metric = "step_checks" if self._is_step(goal) else "checks"
                yield _metric(metric, tags), f"rate{_OPPOSITE[goal.relation]}{_plain(1 - goal.value)}"
            case "failed_requests":
                yield _metric("request_failures", tags), f"count{relation}{value}"
            case "soft_failures" | "extraction_misses":
                yield _metric("request_failures", [f"kind:{_KINDS[goal.metric]}", *tags]), f"count{relation}{value}"
            case "iterations":
                yield _metric("journey_iterations", tags), f"count{relation}{value}"
            case "dropped_arrivals":
                for scenario in self._dropping(goal):
                    yield _metric("dropped_iterations", scenario), f"count{relation}{value}"
            case "throughput" | "requests" if self._is_counted and not (goal.metric == "throughput" and self._is_step(goal)):
                yield _metric("http_reqs", tags), f"{'rate' if goal.metric == 'throughput' else 'count'}{relation}{value}"
            case "percentile" | "mean" | "min" | "max":
                aggregate = _AGGREGATES.get(goal.metric) or f"p({_plain(goal.percentile or Decimal(95))})"
                yield _metric("step_duration" if self._is_step(goal) else "request_duration", tags), f"{aggregate}{relation}{value}"

    def _is_step(self, goal: Goal) -> bool:
        return _is_named(goal) and goal.of in self._steps

    def _dropping(self, goal: Goal) -> Iterator[list[str]]:
        """The tags of the scenarios whose dropped iterations are the goal's, when k6 counts them as one."""
        concerned = [s for s in self._scenarios if goal.of is None or s.workload.journey == goal.of]
        if goal.subject in (None, "journey") and concerned and all(is_open(s.workload.model) for s in concerned):
            if goal.of is None:
                yield []
            elif len(concerned) == 1:
                yield [f"scenario:{concerned[0].name}"]

    def _selection(self, goal: Goal) -> list[str] | None:
        """The tags that a threshold chooses samples by; None when there are none."""
        if goal.of is None:
            return []
        if goal.subject == "tag" and goal.metric in ("iterations", "dropped_arrivals"):
            return None
        if goal.subject == "tag":
            return [f"{self._groups[goal.of]}:yes"]
        if goal.subject == "journey":
            return [f"journey:{goal.of}"] if _can_tag(goal.of) else None
        tag, goal_tag = ("step", "step_goal") if goal.of in self._steps else ("name", "goal")
        return [f"{goal_tag}:{self.tags[goal.of]}" if goal.of in self.tags else f"{tag}:{goal.of}"]


def _speaks_of_failures(goal: Goal) -> bool:
    """Whether the goal says how many failures are too many."""
    return goal.metric in ("failures", "failed_requests") and goal.of is None and goal.phase is None


def _is_named(goal: Goal) -> bool:
    return goal.subject in (None, "name")


def _bearers(plan: Plan, wanted: dict[str, str]) -> Iterator[tuple[Request | Stream, str]]:
    """Each request with each of the wanted tags that it, its step or its journey has."""
    for journey in plan.journeys:
        inside = {id(node): step.tags for step in steps(journey) for node in walk_nodes(step.actions)}
        for node in journey_nodes(journey):
            if isinstance(node, Request | Stream):
                own = node.tags if isinstance(node, Request) else ()
                borne = dict.fromkeys((*own, *inside.get(id(node), ()), *journey.tags))
                yield from ((node, tag) for tag in borne if tag in wanted)


def _is_one_exchange(plan: Plan, request: Request) -> bool:
    """Whether a request is one for k6's own counter too."""
    return not follows_redirects(plan, request) and digest_auth(plan, request) is None


def _aborting(goal: Goal, condition: str) -> Node:
    members = [("threshold", string(condition)), ("abortOnFail", "true")]
    if goal.abort_after:
        members.append(("delayAbortEval", string(f"{seconds(goal.abort_after)}s")))
    return mapping(members)


def _can_tag(text: str) -> bool:
    """Whether k6 can tell samples by this tag value in the name of a threshold."""
    return bool(text) and "," not in text and text == text.strip().strip("\"'")


def _metric(name: str, tags: list[str]) -> str:
    return name + ("{" + ",".join(tags) + "}" if tags else "")


def _plain(value: Decimal) -> str:
    text = format(value, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text
