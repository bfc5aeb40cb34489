"""The shared Groovy function that reads JSON without changing it, and the JSONPaths that it takes.

JMeter's JSON Extractor turns 1.50 into 1.5 and 1E3 into 1000.0, and forgets the order of an object's members; a value that is
sent back must be the one that came.
"""

from __future__ import annotations

import re

from loadwright.backends.jmeter.groovy import literal
from loadwright.compiler.plan.jsonpath import Filter, Index, JsonPathError, Member, Segment, Wildcard, parse_path

_MARK = "\ufdd0"
"""A noncharacter that stands before the digits of a number that was made a text."""


def find_json(result: str, path: str) -> str:
    """A Groovy expression for the list of texts at a path of a sample result's body; a null in it stands for JSON's."""
    return f"props.get('findJson').call({result}.responseDataAsString, {literal(jayway_path(path))})"


def jayway_path(path: str) -> str:
    """A path of the language in the dialect of the library that JMeter uses; one outside the subset is left as it is.

    Filters compare texts, as the language does: `[?(@.id==2)]` finds the number and the string.
    """
    try:
        segments = parse_path(path)
    except JsonPathError:
        return path
    return "$" + "".join(_segment(segment) for segment in segments)


def _segment(segment: Segment) -> str:
    match segment:
        case Member(name=name):
            return _member(name)
        case Index(position=position):
            return f"[{position}]"
        case Wildcard():
            return "[*]"
        case Filter(names=names, value=value):
            member = "@" + "".join(map(_member, names))
            return "[?(" + " || ".join(f"{member} == {wanted}" for wanted in _comparands(value)) + ")]"


def _member(name: str) -> str:
    return f".{name}" if re.fullmatch(r"[A-Za-z_]\w*", name, re.ASCII) else f"[{_quoted(name)}]"


def _comparands(value: str) -> list[str]:
    found = [_quoted(value)]
    if re.fullmatch(r"-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?", value, re.ASCII):
        found.append(_quoted(_MARK + value))
    if value in ("true", "false", "null"):
        found.append(value)
    return found


def _quoted(text: str) -> str:
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'"


READER = f"""\
// findJson(body, path): every value at a JSONPath as text, just as the body has it. A JSON Extractor would give 1.5 for 1.50,
// and the members of an object in another order.
import com.jayway.jsonpath.Configuration
import com.jayway.jsonpath.JsonPath
import com.jayway.jsonpath.JsonPathException
import com.jayway.jsonpath.Option

def settings = Configuration.defaultConfiguration().addOptions(Option.ALWAYS_RETURN_LIST)
def compact = new groovy.json.JsonGenerator.Options().disableUnicodeEscaping().build()
def mark = {literal(_MARK)} // stands before the digits of a number, which is read as a string
def token = ~'"(?:[^"\\\\\\\\]++|\\\\\\\\.)*+"|-?[0-9][0-9.eE+-]*+'

def text = {{ value ->
    if (value instanceof String) return value.startsWith(mark) ? value.substring(1) : value
    if (value == null || value instanceof Boolean) return value?.toString()
    compact.toJson(value).replaceAll('"' + mark + '([^"]*)"', '$1')
}}

props.put('findJson', {{ String body, String path ->
    try {{
        def marked = body.replaceAll(token) {{ it.startsWith('"') ? it : '"' + mark + it + '"' }}
        JsonPath.using(settings).parse(marked).read(path).collect(text)
    }} catch (JsonPathException | IllegalArgumentException missing) {{
        []
    }}
}})
SampleResult.setIgnore() // nothing to report
"""
