"""The ledger of decisions: the verdicts, and what stands for each value."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from loadwright.compiler.agents.decide.naming import free_name
from loadwright.compiler.agents.decisions import Decision, Decisions, Slice, Verdict
from loadwright.compiler.agents.facts import Site
from loadwright.compiler.agents.values import mask
from loadwright.compiler.plan.model import Secret, Variable
from loadwright.compiler.plan.node import DecisionOrigin
from loadwright.compiler.plan.template import Part, Reference, Template


class Ledger:
    """What was decided so far, on this recording and on earlier journeys of the same Plan."""

    def __init__(self, names: set[str], labels: Mapping[int, str], earlier: Sequence[Decisions]) -> None:
        self.result = Decisions(names=names.union(*(done.names for done in earlier)))
        self.labels = labels
        self.earlier = {value: (name, d) for done in earlier for value, (name, d) in done.shared.items()}
        """Value of the user's in an earlier journey: its name and decision there."""
        self.bound: dict[str, tuple[Part, Decision]] = {}
        """Value: what stands for it, once decided."""
        self.raw: dict[Part, str] = {}
        """For a part that decodes a capture: what the capture yields."""
        self.fragile: set[Part] = set()
        """Parts whose values may need encoding in a URL in other sessions."""

        self._numbers: dict[str, int] = {}
        self._typed_too: dict[str, tuple[Part, Decision]] = {}
        """Secrets that are the same as something that the user typed elsewhere."""

    def use(self, site: Site, start: int, end: int, part: Part) -> None:
        """A part stands for a piece of a site's value."""
        cut = Slice(start, end, part, self.raw.get(part, ""), part in self.fragile)
        self.result.slices.setdefault((site.entry, *site.identity), []).append(cut)

    def record(self, verdict: Verdict, value: str, variable: str, site: Site) -> Decision:
        """A new verdict on a value, of which a mask is kept."""
        decision = Decision(
            id=f"d{len(self.result.records) + 1}", verdict=verdict, value=mask(value), variable=variable, uses=[self.where(site)]
        )
        self.result.records.append(decision)
        return decision

    def bind(self, value: str, name: str, decision: Decision) -> Part:
        """From here on a name stands for a value."""
        self.bound[value] = (Reference(name=name), decision)
        return self.bound[value][0]

    def known(self, site: Site, value: str) -> Part | None:
        """What stands for a value already; the site is one more use of it."""
        if value not in self.bound:
            return None
        part, decision = self.bound[value]
        decision.uses.append(self.where(site))
        return part

    def again(self, site: Site, value: str) -> Part | None:
        """The name that an earlier journey gave to the same value of the user."""
        if value not in self.earlier:
            return None
        name, first = self.earlier[value]
        decision = self.record(first.verdict, value, name, site)
        decision.value = first.value
        decision.evidence.append("the same value as in an earlier journey")
        return self.bind(value, name, decision)

    def variable(self, decision: Decision, value: Template) -> None:
        """The decision's variable has a value that the test sets."""
        self.result.variables.append(Variable(name=decision.variable, value=value, origin=DecisionOrigin(decision=decision.id)))

    def secret(self, site: Site, hint: str, reason: str, value: str | None = None) -> Part:
        """A secret of the environment stands for the site's value, or for a piece of it."""
        value = site.value if value is None else value
        if value in self._typed_too:
            self._typed_too[value][1].uses.append(self.where(site))
            return self._typed_too[value][0]
        is_typed = value in self.bound and self.bound[value][1].verdict == "parameterise"
        if not is_typed and (part := self.known(site, value) or self.again(site, value)):
            return part
        name = self.name(hint)
        decision = self.record("secret", value, name, site)
        decision.value = "‹secret›"
        env = f"LOADWRIGHT_SECRET_{name.upper()}"
        decision.evidence += [reason, f"read from the environment variable {env}"]
        self.result.secrets.append(Secret(name=name, env=env, origin=DecisionOrigin(decision=decision.id)))
        self.result.secret_values[name] = value
        if is_typed:  # what the user typed stays typed: a user name says nothing of the password, though it is the same
            self._typed_too[value] = (Reference(name=name), decision)
            return self._typed_too[value][0]
        self.result.shared[value] = (name, decision)
        return self.bind(value, name, decision)

    def name(self, *hints: str) -> str:
        """A name that nothing has yet."""
        return free_name(self.result.names, *hints, numbers=self._numbers)

    def label(self, entry: int) -> str:
        """How reports call an entry."""
        return self.labels.get(entry, f"entry {entry}")

    def where(self, site: Site) -> str:
        """How reports call a site."""
        return f"{self.label(site.entry)}: {site.location} {site.name or site.key}"
