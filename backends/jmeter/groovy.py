"""Templates as Groovy expressions, for the values that JMeter's own functions do not compute with the same meaning.

A script holds no `${…}`: recorded text stands in it only as a string literal, values only as `vars.get(…)`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from functools import cache
from importlib.resources import files
from typing import assert_never

from loadwright.backends.jmeter.names import ITERATION_NUMBER, USER_NUMBER, Names
from loadwright.compiler.plan.moments import FIELD, offset_milliseconds, pattern
from loadwright.compiler.plan.template import Call, DataField, Part, Reference, Template, Text

_ESCAPES = {"\\": "\\\\", "'": "\\'", "\n": "\\n", "\r": "\\r", "\t": "\\t"}


def literal(text: str) -> str:
    """A Groovy string literal that holds no `${`, so that JMeter leaves it alone."""
    return "'" + "".join(_character(c) for c in text).replace("${", "\\u0024{") + "'"


def _character(c: str) -> str:
    if c in _ESCAPES:
        return _ESCAPES[c]
    if c.isprintable() or c > "\uffff":
        return c
    return f"\\u{ord(c):04x}"


def get(variable: str) -> str:
    """The expression for a JMeter variable's value."""
    return f"vars.get({literal(variable)})"


_BASE64URL = "Base64.urlEncoder.withoutPadding().encodeToString({})"
_UTF8 = "{}.getBytes('UTF-8')"
_DIGEST = "org.apache.commons.codec.digest.DigestUtils"
_GENERATOR = "vars.getObject('load.random')"
_DIGESTS = {"md5": "MD5", "sha1": "SHA-1", "sha256": "SHA-256", "sha512": "SHA-512"}

_EXPRESSIONS: dict[str, Callable[..., str]] = {
    "urlencode": ("URLEncoder.encode({}, 'UTF-8').replace('+', '%20').replace('*', '%2A').replace('%7E', '~')").format,
    "formencode": "URLEncoder.encode({}, 'UTF-8')".format,
    "formdecode": "urlDecode({}.replace('+', ' '))".format,
    "base64": "{}.getBytes('UTF-8').encodeBase64().toString()".format,
    "base64url": _BASE64URL.format(_UTF8).format,
    "hex": "{}.getBytes('UTF-8').encodeHex().toString()".format,
    "lower": "{}.toLowerCase(Locale.ROOT)".format,
    "upper": "{}.toUpperCase(Locale.ROOT)".format,
    "pkce_challenge": _BASE64URL.format(_DIGEST + ".sha256({})").format,
    "uuid": f"{_GENERATOR}.uuid()".format,
    "pkce_verifier": f"{_GENERATOR}.pkceVerifier()".format,
    "random_item": "randomChoice(listItems({}))".format,
    "user": get(USER_NUMBER).format,
    "iteration": get(ITERATION_NUMBER).format,
}
_HELPERS_OF = {
    "urldecode": "urlDecode",
    "htmlencode": "htmlEncode",
    "htmldecode": "htmlDecode",
    "jsonescape": "jsonEscape",
    "jsonunescape": "jsonUnescape",
    "base64decode": "base64Decode",
    "hexdecode": "hexDecode",
    "jwt_claim": "jwtClaim",
    "length": "textLength",
    "substring": "textSlice",
    "replace": "replaceText",
    "trim": "trimText",
    "before": "textBefore",
    "after": "textAfter",
    "pad": "padText",
    "split": "splitText",
    "join": "joinItems",
    "item": "itemAt",
    "count": "countItems",
    "add": "addNumbers",
    "subtract": "subtractNumbers",
    "multiply": "multiplyNumbers",
    "divide": "divideNumbers",
    "modulo": "moduloNumbers",
    "round": "roundNumber",
    "min": "smallerNumber",
    "max": "largerNumber",
    "abs": "absoluteNumber",
    "random": "randomNumber",
    "random_string": "randomString",
    "counter": "counter",
}
"""The functions of functions.groovy by those of the language."""


@cache
def _helpers() -> dict[str, str]:
    """The paragraphs of functions.groovy by the function that each defines."""
    text = (files("loadwright.backends.jmeter") / "functions.groovy").read_text("utf-8").rstrip("\n")
    found = {}
    for block in text.split("\n\n")[1:]:
        declaration = re.search(r"^\w+ (\w+)\(", block, re.MULTILINE)
        assert declaration, block
        found[declaration[1]] = block + "\n"
    return found


def _used_helpers(body: str) -> list[str]:
    """The paragraphs that a script needs, in the order of the file."""
    helpers = _helpers()
    open_, found = [body], set[str]()
    while open_:
        called = set(re.findall(r"(?<![\w.'])(\w+)\(", open_.pop())) & helpers.keys()
        open_ += [helpers[name] for name in called - found]
        found |= called
    return [source for name, source in helpers.items() if name in found]


def expression(value: Template, names: Names) -> str:
    """A template as a Groovy expression that gives a String."""
    parts = [_part(part, names) for part in value.parts]
    return " + ".join(parts) or "''"


def _part(part: Part, names: Names) -> str:
    match part:
        case Text():
            return literal(part.value)
        case Reference():
            return get(names.value(part.name))
        case DataField():
            return get(names.column(part.data, part.column))
        case Call():
            return _call(part, names)
        case _:
            assert_never(part)


def _call(part: Call, names: Names) -> str:
    literals = [argument.literal or "" for argument in part.arguments]
    if part.function == "now":
        return _now(*literals)
    operands = [_operand(argument, names) for argument in part.arguments]
    if part.function in _DIGESTS:
        form = literals[1] if literals[1:] else "hex"
        if form == "hex":
            return f"{_DIGEST}.{part.function}Hex({operands[0]})"
        return f"digest({literal(_DIGESTS[part.function])}, {operands[0]}, {literal(form)})"
    if part.function == "hmac":
        algorithm, form = [*literals[2:], *("sha256", "hex")[len(literals) - 2 :]]
        return f"hmac('Hmac{algorithm.upper()}', {operands[1]}, {operands[0]}, {literal(form)})"
    if part.function == "random_choice":
        return f"randomChoice([{', '.join(operands)}])"
    if part.function in _HELPERS_OF:
        return f"{_HELPERS_OF[part.function]}({', '.join(operands)})"
    return _EXPRESSIONS[part.function](*operands)


def _now(form: str = "ms", offset: str = "") -> str:
    moved = f" + {offset_milliseconds(offset)}L" if offset else ""
    time = f"System.currentTimeMillis(){moved}"
    if form in ("ms", "s"):
        return f"({time}).toString()" if form == "ms" else f"Math.floorDiv({time}, 1000L).toString()"
    escaped = re.sub(r"[A-Za-z']", lambda m: "''" if m[0] == "'" else f"'{m[0]}'", FIELD.sub("\0", pattern(form)))
    letters = {"YYYY": "yyyy", "DD": "dd", "hh": "HH"}
    fields = iter(letters.get(field, field) for field in FIELD.findall(pattern(form)))
    java = re.sub("\0", lambda _: next(fields), escaped)
    moment = f"new Date({time})" if moved else "new Date()"
    return f"{moment}.format({literal(java)}, TimeZone.getTimeZone('UTC'))"


def _operand(argument: Template, names: Names) -> str:
    text = expression(argument, names)
    return f"({text})" if len(argument.parts) > 1 else text


def script(lines: Iterable[str]) -> str:
    """Lines as a script, headed by the helpers that they use."""
    body = "\n".join(lines)
    return "\n".join([*_used_helpers(body), body])


def assignments(values: dict[str, str]) -> str:
    """A script that sets variables, in order, to Groovy expressions."""
    return script(_puts(values))


def sampled_assignments(values: dict[str, str]) -> str:
    """The same as a sampler's script: it is no sample unless a function meets what it cannot work with, and then a failed one."""
    return script(
        [
            "try {",
            *(f"    {put}" for put in _puts(values)),
            "    SampleResult.setIgnore()",
            "} catch (IllegalArgumentException refused) {",
            "    SampleResult.successful = false",
            "    SampleResult.responseCode = 'script'",
            "    SampleResult.responseMessage = refused.message",
            "}",
        ]
    )


def _puts(values: dict[str, str]) -> list[str]:
    return [f"vars.put({literal(name)}, {value})" for name, value in values.items()]
