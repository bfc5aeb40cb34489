"""Makes templates smaller without changing what they give."""

from __future__ import annotations

from loadwright.compiler.plan.functions import FUNCTIONS
from loadwright.compiler.plan.template import Call, Part, Template, Text, template

_SAFE_AFTER = {
    "jsonescape": {
        *("uuid", "now", "random", "random_string", "sha256", "pkce_challenge", "base64", "base64url"),
        *("urlencode", "formencode"),
    },
    "formencode": {"uuid", "random", "random_string", "sha256", "pkce_challenge", "base64url"},
    "urlencode": {"uuid", "random", "random_string", "sha256", "pkce_challenge", "base64url"},
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
        return Text(value=evaluate(*literals))
    inner = arguments[0].parts[0] if len(arguments) == 1 and len(arguments[0].parts) == 1 else None
    if isinstance(inner, Call) and inner.function in _SAFE_AFTER.get(part.function, ()):
        return inner
    return Call(function=part.function, arguments=arguments)
