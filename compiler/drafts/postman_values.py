"""Values of a Postman collection: `{{name}}` with the variables of the collection and its environments, and `{{$guid}}`."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from loadwright.compiler.agents.values import is_token
from loadwright.compiler.drafts.builder import Builder
from loadwright.compiler.drafts.notes import Warn
from loadwright.compiler.drafts.requests import holds_secret
from loadwright.compiler.plan.template import Call, Reference, Template, call, template
from loadwright.compiler.recording.fields import mapping, sequence, text

PLACEHOLDER = re.compile(r"\{\{([^{}]{1,200})\}\}")

_DEEPEST = 50
"""Variables in the values of variables, at most."""
_LONGEST = 10_000
"""Characters of a base URL or path, at most: values may multiply without end."""
_FIRST_NAMES = ("Ann", "Ben", "Carla", "David", "Eva", "Frank")
_LAST_NAMES = ("Adams", "Baker", "Clark", "Davis", "Evans", "Fisher")
_DYNAMIC: dict[str, Callable[[], Call | Template]] = {
    "guid": lambda: call("uuid"),
    "randomUUID": lambda: call("uuid"),
    "timestamp": lambda: call("now", "s"),
    "isoTimestamp": lambda: call("now", "iso"),
    "randomInt": lambda: call("random", "0", "1000"),
    "randomBoolean": lambda: call("random_choice", "true", "false"),
    "randomAlphaNumeric": lambda: call("random_string", "1"),
    "randomPassword": lambda: call("random_string", "15"),
    "randomUserName": lambda: template("user_", call("random_string", "8")),
    "randomEmail": lambda: template("user_", call("random_string", "8"), "@example.com"),
    "randomFirstName": lambda: call("random_choice", *_FIRST_NAMES),
    "randomLastName": lambda: call("random_choice", *_LAST_NAMES),
    "randomFullName": lambda: template(call("random_choice", *_FIRST_NAMES), " ", call("random_choice", *_LAST_NAMES)),
    "randomColor": lambda: call("random_choice", "red", "green", "blue", "yellow"),
    "randomCity": lambda: call("random_choice", "Exampleton", "Sampleford", "Testville"),
    "randomPrice": lambda: template(call("random", "1", "999"), ".", call("random", "10", "99")),
    "randomWord": lambda: call("random_string", "8"),
}
"""Postman's dynamic variables that have a counterpart."""


@dataclass(slots=True)
class Values:
    """What `{{name}}` stands for, wherever it is written."""

    builder: Builder
    given: dict[str, str] = field(default_factory=dict)
    """Variables with a value, of the collection and its environments."""
    hidden: set[str] = field(default_factory=set)
    """Variables that are marked as secret."""
    set_by_scripts: set[str] = field(default_factory=set)
    """Variables that translated scripts set, anywhere in the collection."""
    live: set[str] = field(default_factory=set)
    """Variables that the journey has set so far."""
    _made: dict[str, Reference] = field(default_factory=dict)
    _making: set[str] = field(default_factory=set)
    _known: dict[str, str | None] = field(default_factory=dict)
    captured: dict[str, str] = field(default_factory=dict)
    """The names that captures of variables have."""

    def declare(self, variables: object) -> None:
        """Take in a list of variables (of a collection, or `values` of an environment); later ones win."""
        for item in map(mapping, sequence(variables)):
            name, value = text(item.get("key") or item.get("id")), item.get("value")
            if not name or item.get("enabled") is False or item.get("disabled") is True:
                continue
            self.given[name] = text(value)
            if item.get("type") == "secret":
                self.hidden.add(name)

    def capture_name(self, name: str) -> str:
        """What a capture of a variable is called; every use of the variable means it."""
        if name not in self.captured:
            made = self._made.get(name)
            is_variable = made is not None and any(v.name == made.name for v in self.builder.variables)
            self.captured[name] = made.name if made and is_variable else self.builder.name(name)
        return self.captured[name]

    def fill(self, written: str, warn: Warn) -> Template:
        """A text with its placeholders replaced."""
        parts: list[str | Template] = []
        position = 0
        for found in PLACEHOLDER.finditer(written):
            parts += [written[position : found.start()], self.value(found[1].strip(), warn)]
            position = found.end()
        return template(*parts, written[position:])

    def value(self, name: str, warn: Warn) -> Template:
        """What a placeholder stands for."""
        if name.startswith("$"):
            return self._dynamic(name[1:], warn)
        if name in self.live:
            return template(Reference(name=self.capture_name(name)))
        if name not in self._made:
            self._made[name] = self._make(name, warn)
        return template(self._made[name])

    def _dynamic(self, name: str, warn: Warn) -> Template:
        make = _DYNAMIC.get(name)
        if make is None:
            warn("postman-dynamic", f"`{{{{${name[:60]}}}}}` has no counterpart; random letters were taken")
            return template(call("random_string", "8"))
        return template(make())

    def _make(self, name: str, warn: Warn) -> Reference:
        written = self.given.get(name)
        if written is None or name in self._making or len(self._making) > _DEEPEST:
            warn(
                "postman-undefined",
                f"`{{{{{name[:60]}}}}}` has no value in the collection",
                "give its environment too, or set the secret",
            )
            return self.builder.secret(f"variable {name}", name, "the collection uses this variable, and nothing gives it a value")
        secret = name in self.hidden or holds_secret(name) or is_token(written)
        if secret:
            empty = "" if written else "the collection's variable is empty"
            return self.builder.secret(f"variable {name}", name, empty)
        self._making.add(name)
        value = self.fill(written, warn)
        self._making.discard(name)
        return self.builder.let(name, value)

    def known(self, written: str, seen: tuple[str, ...] = ()) -> str | None:
        """The text with its placeholders replaced by what is known now; None when something is not, or it has no end."""
        parts: list[str] = []
        position = length = 0
        for found in PLACEHOLDER.finditer(written):
            name = found[1].strip()
            inner = None if name in self.set_by_scripts else self._known_value(name, seen)
            length += len(inner or "")
            if inner is None or length > _LONGEST:
                return None
            parts += [written[position : found.start()], inner]
            position = found.end()
        return "".join((*parts, written[position:]))

    def _known_value(self, name: str, seen: tuple[str, ...]) -> str | None:
        if name not in self.given or name in seen or len(seen) > _DEEPEST:
            return None
        if name not in self._known:
            self._known[name] = self.known(self.given[name], (*seen, name))
        return self._known[name]


def names_in(value: Any) -> Iterator[str]:
    """The placeholders in any part of a collection, dynamic ones left out."""
    if isinstance(value, str):
        yield from (name for found in PLACEHOLDER.finditer(value) if not (name := found[1].strip()).startswith("$"))
    elif isinstance(value, dict):
        for item in value.values():
            yield from names_in(item)
    elif isinstance(value, list):
        for item in value:
            yield from names_in(item)


def first_name(parts: Sequence[str]) -> str:
    """The first placeholder in texts, as a hint for a name; empty when there is none."""
    return next((name for part in parts for name in names_in(part)), "")
