"""What the names of a Plan are called in the script, and templates as JavaScript expressions."""

from __future__ import annotations

from collections.abc import Iterable
from typing import assert_never

from loadwright.backends.k6.literals import member, string, template
from loadwright.compiler.diagnostics import Diagnostic, LoadwrightError
from loadwright.compiler.plan.digests import ALGORITHMS
from loadwright.compiler.plan.functions import FUNCTIONS
from loadwright.compiler.plan.model import Plan
from loadwright.compiler.plan.moments import offset_milliseconds
from loadwright.compiler.plan.secrecy import hidden_names, holds
from loadwright.compiler.plan.template import Call, DataField, Part, Reference, Template, Text

_FUNCTIONS = {
    "urlencode": "urlEncode",
    "urldecode": "urlDecode",
    "formencode": "formEncode",
    "formdecode": "formDecode",
    "htmlencode": "htmlEncode",
    "htmldecode": "htmlDecode",
    "jsonescape": "jsonEscape",
    "jsonunescape": "jsonUnescape",
    "base64": "b64encode",
    "base64decode": "base64Decode",
    "base64url": "b64encode",
    "hex": "hexEncode",
    "hexdecode": "hexDecode",
    "md5": "md5",
    "sha1": "sha1",
    "sha256": "sha256",
    "sha512": "sha512",
    "pkce_challenge": "sha256",
    "hmac": "hmac",
    "jwt_claim": "jwtClaim",
    "length": "lengthIn",
    "substring": "substring",
    "replace": "replaceText",
    "trim": "trimmed",
    "before": "textBefore",
    "after": "textAfter",
    "pad": "padded",
    "split": "splitText",
    "join": "joinItems",
    "item": "itemAt",
    "count": "countItems",
    "add": "add",
    "subtract": "subtract",
    "multiply": "multiply",
    "divide": "divide",
    "modulo": "modulo",
    "round": "roundTo",
    "min": "smaller",
    "max": "larger",
    "abs": "absolute",
    "now": "now",
    "uuid": "randomUuid",
    "random": "randomNumber",
    "random_string": "randomString",
    "random_choice": "randomChoice",
    "random_item": "randomItem",
    "pkce_verifier": "pkceVerifier",
    "counter": "counter",
    "user": "userNumberText",
    "iteration": "iterationNumber",
}
_METHODS = {"lower": "toLowerCase", "upper": "toUpperCase"}
_FORMATS = {"base64url": "rawurl", "pkce_challenge": "base64rawurl"}
"""The last argument of k6's own functions that makes them mean ours."""
_DIGEST_FORMATS = {"hex": "hex", "base64": "base64", "base64url": "base64rawurl"}
_WHOLE_NUMBERS = ("from", "to", "length", "digits", "n")
"""Parameters whose number is written as one; others take the text, digit for digit."""


class Names:
    """The names in scope at a place of the script; `used` collects the functions that the emitted code calls."""

    def __init__(self, plan: Plan, used: set[str]) -> None:
        self.used = used
        self._targets = {target.name for target in plan.targets}
        self._secrets = {secret.name for secret in plan.secrets}
        self.hidden = hidden_names(plan)
        """What no message shows."""
        self._values: set[str] = set()
        self._sure: set[str] = set()
        self._private: set[str] = set()

    def use(self, function: str) -> str:
        """Note that the script calls a function; the name is given back."""
        self.used.add(function)
        return function

    def bind(self, name: str, value: Template | None = None) -> str:
        """Bring a value into scope; gives the expression to assign to."""
        self._values.add(name)
        self._sure.add(name)
        if value is not None and self.is_private(value):
            self._private.add(name)
        else:
            self._private.discard(name)
        return member("v", name)

    def may_have(self, names: Iterable[str]) -> None:
        """Names that may have a value here: what a loop or an earlier iteration left."""
        self._values.update(names)

    def known(self) -> frozenset[str]:
        """The names that surely have a value here."""
        return frozenset(self._sure)

    def go_back(self, known: Iterable[str]) -> None:
        """After a branch: only these names surely have a value; what it bound may have one."""
        self._sure = set(known)

    def is_private(self, value: Template) -> bool:
        """Whether the text holds a secret, also by way of a variable."""
        return any(self._is_private(part) for part in value.parts)

    def _is_private(self, part: Part) -> bool:
        if isinstance(part, Reference):
            return part.name in self._private or (part.name not in self._values and part.name in self._secrets)
        return isinstance(part, Call) and any(self.is_private(argument) for argument in part.arguments)

    def text(self, value: Template) -> str:
        """A template as an expression whose value is a string."""
        literal = value.literal
        if literal is not None:
            return string(literal)
        if len(value.parts) == 1:
            return self._part(value.parts[0])
        return template(*self._pieces(value))

    def url(self, target: str | None, value: Template) -> str:
        """The absolute URL of a request as an expression. Raises LoadwrightError for a target that the Plan does not have."""
        if target is None:
            return self.text(value)
        if target not in self._targets:
            raise LoadwrightError(Diagnostic(code="unknown-target", message=f"there is no target `{target}`"))
        return template((True, member("targets", target)), *self._pieces(value))

    def shown(self, value: Template, before: str, after: str = "") -> str:
        """A message that shows a value between two texts; a value that holds a secret or a capture is shown as `…`."""
        if holds(value, self.hidden):
            return string(f"{before}…{after}")
        return self.text(Template(parts=(Text(value=before), *value.parts, Text(value=after))))

    def _pieces(self, value: Template) -> list[tuple[bool, str]]:
        return [(False, part.value) if isinstance(part, Text) else (True, self._piece(part)) for part in value.parts]

    def _piece(self, part: Reference | DataField | Call) -> str:
        """A part on its own, which needs no parentheses."""
        text = self._part(part)
        return text[1:-1] if isinstance(part, Reference) and text.startswith("(") else text

    def _part(self, part: Part) -> str:
        match part:
            case Text():
                return string(part.value)
            case Reference():
                return self._reference(part.name)
            case DataField():
                return member(member("row", part.data), part.column)
            case Call():
                return self._call(part)
            case _:
                assert_never(part)

    def _reference(self, name: str) -> str:
        if name in self._sure:
            return member("v", name)
        if name in self._values:
            return f"({member('v', name)} ?? {self._unset(name)})"
        return self._unset(name)

    def _unset(self, name: str) -> str:
        """What a name stands for that no variable or capture has set."""
        for owner, known in (("secrets", self._secrets), ("targets", self._targets)):
            if name in known:
                return member(owner, name)
        return f"{self.use('missing')}({string(name)})"

    def _call(self, call: Call) -> str:
        arguments = self._arguments(call)
        if call.function in _METHODS:
            return f"{arguments[0]}.{_METHODS[call.function]}()"
        return f"{self.use(_FUNCTIONS[call.function])}({', '.join(arguments)})"

    def _arguments(self, call: Call) -> list[str]:
        literals = [argument.literal for argument in call.arguments]
        if call.function in ALGORITHMS:
            return [self.text(call.arguments[0]), _digest_format(literals[1:])]
        if call.function == "hmac":
            algorithm = (literals[2] if literals[2:] else None) or "sha256"
            text, key = map(self.text, call.arguments[:2])
            return [string(algorithm), key, text, _digest_format(literals[3:])]
        if call.function == "now" and literals[1:]:
            return [string(literals[0] or ""), str(offset_milliseconds(literals[1] or ""))]
        arguments = [self._argument(call.function, index, value) for index, value in enumerate(call.arguments)]
        return [*arguments, *([string(_FORMATS[call.function])] if call.function in _FORMATS else [])]

    def _argument(self, function: str, index: int, value: Template) -> str:
        is_whole = FUNCTIONS[function].parameter(index) in _WHOLE_NUMBERS
        return (_number(value) if is_whole else None) or self.text(value)


def _digest_format(given: list[str | None]) -> str:
    return string(_DIGEST_FORMATS[(given[0] if given else None) or "hex"])


def _number(value: Template) -> str | None:
    """A literal whole number as JavaScript writes it."""
    literal = value.literal or ""
    return str(int(literal)) if literal.removeprefix("-").isascii() and literal.removeprefix("-").isdigit() else None
