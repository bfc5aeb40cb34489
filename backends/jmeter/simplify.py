"""Makes templates smaller without changing what they give."""

from __future__ import annotations

from contextlib import suppress

from loadwright.compiler.plan.functions import FUNCTIONS, ArgumentError
from loadwright.compiler.plan.template import Call, Part, Template, Text, template

_WORDS = {
    *("uuid", "random", "random_string", "pkce_verifier", "pkce_challenge", "base64url", "hex", "counter", "user", "iteration"),
    *("length", "count", "add", "subtract", "multiply", "divide", "modulo", "round", "min", "max", "abs"),
}
"""Functions that give only letters, digits and `-_.`."""
_SAFE_AFTER = {
    "jsonescape": _WORDS | {"base64", "urlencode", "formencode", "md5", "sha1", "sha256", "sha512", "hmac"},
    "formencode": _WORDS,
    "urlencode": _WORDS,
}
"""Encodings, and the functions whose values they leave as they are."""


def simplify(value: Template) -> Template:
    """The template with calls on literal text computed, and encodings dropped that change nothing.

    `jsonescape(uuid())` becomes `uuid()`; `base64("a")` becomes `YQ==`.
    """
    return template(*(_part(part) for part in value.parts))


def _part(part: Part) -> Part:
    if not isinstance(part, Call):
        return part
    arguments = tuple(simplify(argument) for argument in part.arguments)
    evaluate = FUNCTIONS[part.function].evaluate
    literals = [argument.literal for argument in arguments]
    if evaluate is not None and None not in literals:
        with suppress(ArgumentError):  # the runtime will say so
            return Text(value=evaluate(*literals))
    inner = arguments[0].parts[0] if len(arguments) == 1 and len(arguments[0].parts) == 1 else None
    if isinstance(inner, Call) and inner.function in _SAFE_AFTER.get(part.function, ()):
        return inner
    return Call(function=part.function, arguments=arguments)
