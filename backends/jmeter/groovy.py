"""Templates as Groovy expressions, for the values that JMeter's own functions do not compute with the same meaning.

A script holds no `${…}`: recorded text stands in it only as a string literal, values only as `vars.get(…)`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import assert_never

from loadwright.backends.jmeter.names import Names
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

_EXPRESSIONS: dict[str, Callable[..., str]] = {
    "urlencode": ("URLEncoder.encode({}, 'UTF-8').replace('+', '%20').replace('*', '%2A').replace('%7E', '~')").format,
    "urldecode": "urlDecode({})".format,
    "formencode": "URLEncoder.encode({}, 'UTF-8')".format,
    "formdecode": "urlDecode({}.replace('+', ' '))".format,
    "htmldecode": "htmlDecode({})".format,
    "jsonescape": "jsonEscape({})".format,
    "base64": "{}.getBytes('UTF-8').encodeBase64().toString()".format,
    "base64decode": "base64Decode({})".format,
    "base64url": _BASE64URL.format(_UTF8).format,
    "sha256": (_DIGEST + ".sha256Hex({})").format,
    "lower": "{}.toLowerCase(Locale.ROOT)".format,
    "upper": "{}.toUpperCase(Locale.ROOT)".format,
    "pkce_challenge": _BASE64URL.format(_DIGEST + ".sha256({})").format,
    "uuid": "UUID.randomUUID().toString()".format,
    "random": "java.util.concurrent.ThreadLocalRandom.current().nextLong({} as long, ({} as long) + 1).toString()".format,
    "random_string": "org.apache.commons.lang3.RandomStringUtils.randomAlphanumeric({} as int)".format,
}

_NOW = {
    "ms": "System.currentTimeMillis().toString()",
    "s": "System.currentTimeMillis().intdiv(1000).toString()",
    "iso": "new Date().format(\"yyyy-MM-dd'T'HH:mm:ss.SSS'Z'\", TimeZone.getTimeZone('UTC'))",
}

_HELPERS = {
    "urlDecode": """\
// Percent-decodes as UTF-8; what is no escape stays as it is.
String urlDecode(String text) {
    def bytes = new ByteArrayOutputStream()
    text.split('(?=%)').each { piece ->
        def escape = piece ==~ /(?s)%[0-9A-Fa-f]{2}.*/
        if (escape) bytes.write(Integer.parseInt(piece.substring(1, 3), 16))
        bytes.write((escape ? piece.substring(3) : piece).getBytes('UTF-8'))
    }
    bytes.toString('UTF-8')
}
""",
    "htmlDecode": """\
// Replaces character references; of a name without a semicolon the longest known beginning (&notit; is a sign and "it;").
String htmlDecode(String text) {
    text.replaceAll(~'&(?:#[xX]?[0-9A-Fa-f]+;?|[A-Za-z][A-Za-z0-9]*;?)') { String reference ->
        (reference.length()..2).findResult { end ->
            def start = reference.substring(0, end)
            def decoded = org.jsoup.parser.Parser.unescapeEntities(start, false)
            decoded == start ? null : decoded + reference.substring(end)
        } ?: reference
    }
}
""",
    "jsonEscape": """\
// The inside of a JSON string, as JSON.stringify writes it.
String jsonEscape(String text) {
    def quoted = new groovy.json.JsonGenerator.Options().disableUnicodeEscaping().build().toJson(text)
    quoted.substring(1, quoted.length() - 1)
}
""",
    "base64Decode": """\
// The text of base64 or base64url, padded or not; what cannot be decoded gives no text.
String base64Decode(String text) {
    def clean = text.replace('-', '+').replace('_', '/').replaceAll('[^A-Za-z0-9+/]', '')
    clean.length() % 4 == 1 ? '' : new String(Base64.decoder.decode(clean), 'UTF-8')
}
""",
}


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
    if part.function == "now":
        return _NOW[keyword(part, "ms")]
    return _EXPRESSIONS[part.function](*(_operand(argument, names) for argument in part.arguments))


def _operand(argument: Template, names: Names) -> str:
    text = expression(argument, names)
    return f"({text})" if len(argument.parts) > 1 else text


def keyword(part: Call, default: str) -> str:
    """The literal first argument of a call, or the default when there is none."""
    return (part.arguments[0].literal or default) if part.arguments else default


def script(lines: Iterable[str]) -> str:
    """Lines as a script, headed by the helpers that they use."""
    body = "\n".join(lines)
    used = [source for name, source in _HELPERS.items() if f"{name}(" in body]
    return "\n".join([*used, body])


def assignments(values: dict[str, str]) -> str:
    """A script that sets variables, in order, to Groovy expressions."""
    return script(f"vars.put({literal(name)}, {value})" for name, value in values.items())
