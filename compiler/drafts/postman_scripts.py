"""The plainest idioms of Postman's scripts, translated; scripts are never run, and the rest of them is named, not guessed."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from loadwright.compiler.plan.jsonpath import JsonPathError, parse_path
from loadwright.compiler.plan.model import (
    CaptureSource,
    CookieSource,
    Expectation,
    HeaderSource,
    JsonExpectation,
    JsonSource,
    StatusExpectation,
    TextExpectation,
    TimeExpectation,
)
from loadwright.compiler.plan.template import Call, call, template

_STRING = r"(?:\"(?:[^\"\\\n]|\\[\"'\\/])*\"|'(?:[^'\\\n]|\\[\"'\\/])*')"
_PATH = r"[A-Za-z_$][\w$]*(?:\.[A-Za-z_$][\w$]*|\[\d+\]|\[" + _STRING + r"\])*"
_SET = re.compile(
    r"(?:pm\.(?:environment|collectionVariables|globals|variables)\.set|postman\.set(?:Environment|Global)Variable)\s*"
    rf"\(\s*({_STRING})\s*,\s*(.+?)\s*\)"
)
_ALIAS = re.compile(r"(?:(?:var|let|const)\s+)?([A-Za-z_$][\w$]*)\s*=\s*(.+)", re.DOTALL)
_JSON = re.compile(r"pm\.response\.json\(\)|JSON\.parse\(\s*(?:responseBody|pm\.response\.text\(\))\s*\)")
_TEST = re.compile(r"pm\.test\s*\(\s*(?:\"[^\"]*\"|'[^']*'|`[^`$]*`)\s*,\s*(?:function\s*\(\s*\)|\(\s*\)\s*=>)\s*(.*)\)", re.DOTALL)
_EQUAL = r"\.to\.(?:be\.)?(?:eql?|equals?|deep\.equal)"
_CODES = r"(?:pm\.response\.code|responseCode\.code)"
_STATUS = (
    re.compile(r"pm\.response\.to\.have\.status\(\s*(\d{3})\s*\)"),
    re.compile(rf"pm\.expect\(\s*{_CODES}\s*\){_EQUAL}\(\s*(\d{{3}})\s*\)"),
    re.compile(rf"pm\.expect\(\s*{_CODES}\s*\)\.to\.be\.oneOf\(\s*\[([\d\s,]+)\]\s*\)"),
    re.compile(rf"tests\[{_STRING}\]\s*=\s*responseCode\.code\s*===?\s*(\d{{3}})"),
)
_TIME = re.compile(r"pm\.expect\(\s*pm\.response\.responseTime\s*\)\.to\.be\.(?:below|lessThan)\(\s*(\d{1,7})\s*\)")
_BODY = re.compile(rf"pm\.expect\(\s*pm\.response\.text\(\)\s*\)\.to\.(?:include|contain)\(\s*({_STRING})\s*\)")
_HEADER = re.compile(rf"pm\.response\.to\.have\.header\(\s*({_STRING})\s*\)")
_MEMBER = re.compile(rf"pm\.expect\(\s*({_PATH})\s*\){_EQUAL}\(\s*({_STRING}|-?\d{{1,15}}|true|false)\s*\)")
_NOTHING = re.compile(r"console\.\w+\(.*\)|pm\.response\.to\.be\.(?:ok|success)|['\"]use strict['\"]", re.DOTALL)

_SCRIPT_TOKEN = re.compile(r"//[^\n]*|/\*.*?\*/|\"(?:[^\"\\\n]|\\.)*\"|'(?:[^'\\\n]|\\.)*'|`(?:[^`\\]|\\.)*`|[\w \t]+|.", re.DOTALL)
_LONGEST = 2_000
"""Characters of a statement that is plain enough to be translated."""


@dataclass(slots=True)
class Translated:
    """What a script says that a test can do, and how many of its statements were not understood."""

    captures: list[tuple[str, CaptureSource]] = field(default_factory=list)
    """Variable and where it is taken from."""
    settings: list[tuple[str, str | Call]] = field(default_factory=list)
    """Variable and the text or the call that it is set to."""
    expectations: list[Expectation] = field(default_factory=list)
    left: int = 0


def translate(script: str) -> Translated:
    """The translation of a script: what it sets from the answer or to a fixed value, and what it expects.

    A statement counts only where it is always run: at the top, or in `pm.test`.

    >>> t = translate('const r = pm.response.json(); pm.environment.set("token", r.data[0].token); if (x) { y() }')
    >>> t.captures[0][0], t.captures[0][1].path, t.left
    ('token', '$.data[0].token', 1)
    """
    return _Script().read(script)


class _Script:
    def __init__(self) -> None:
        self.made = Translated()
        self.aliases: dict[str, str] = {}
        """Names that stand for a part of the answer, as JSONPath."""

    def read(self, script: str) -> Translated:
        """See `translate`."""
        for statement in statements(script):
            if not self._statement(statement):
                self.made.left += 1
        return self.made

    def _statement(self, statement: str) -> bool:
        """Whether the statement was understood."""
        if len(statement) > _LONGEST:
            return False
        if _NOTHING.fullmatch(statement):
            return True
        if test := _TEST.fullmatch(statement):
            return self._test(test[1].strip())
        if found := _SET.fullmatch(statement):
            return self._set(_unquoted(found[1]), found[2])
        if expectation := self._expectation(statement):
            self.made.expectations.append(expectation)
            return True
        alias = _ALIAS.fullmatch(statement)
        path = self._path(alias[2]) if alias else None
        if alias:
            self.aliases.pop(alias[1], None)
        if alias and path is not None:
            self.aliases[alias[1]] = path
        return path is not None

    def _test(self, body: str) -> bool:
        inner = body[1:-1] if body.startswith("{") and body.endswith("}") else body
        understood = [self._statement(statement) for statement in statements(inner)]
        return all(understood)

    def _set(self, name: str, value: str) -> bool:
        if re.fullmatch(_STRING, value):
            self.made.settings.append((name, _unquoted(value)))
        elif re.fullmatch(r"-?\d{1,15}", value):
            self.made.settings.append((name, value))
        elif re.fullmatch(r"(?:Date\.now\(\)|new Date\(\)\.getTime\(\))(?:\.toString\(\))?", value):
            self.made.settings.append((name, call("now", "ms")))
        elif re.fullmatch(r"new Date\(\)\.toISOString\(\)", value):
            self.made.settings.append((name, call("now", "iso")))
        elif re.fullmatch(r"pm\.variables\.replaceIn\(\s*['\"]\{\{\$(?:guid|randomUUID)\}\}['\"]\s*\)", value):
            self.made.settings.append((name, call("uuid")))
        elif source := self._source(value):
            self.made.captures.append((name, source))
        else:
            return False
        return True

    def _source(self, value: str) -> CaptureSource | None:
        if found := re.fullmatch(rf"(?:pm\.response\.headers\.get|postman\.getResponseHeader)\(\s*({_STRING})\s*\)", value):
            name = _unquoted(found[1])
            return HeaderSource(name=name) if re.fullmatch(r"[A-Za-z0-9-]{1,60}", name) else None
        if found := re.fullmatch(rf"pm\.cookies\.get\(\s*({_STRING})\s*\)", value):
            name = _unquoted(found[1])
            return CookieSource(name=name) if re.fullmatch(r"[A-Za-z0-9._-]{1,60}", name) else None
        path = self._path(value)
        return JsonSource(path=path) if path and path != "$" else None

    def _path(self, value: str) -> str | None:
        """The JSONPath of an expression that is a part of the answer's JSON; None for any other."""
        start = _JSON.match(value)
        if start:
            rest, path = value[start.end() :], "$"
        else:
            name = re.match(r"[A-Za-z_$][\w$]*", value)
            if name is None or name[0] not in self.aliases:
                return None
            rest, path = value[name.end() :], self.aliases[name[0]]
        while rest:
            part = re.match(rf"\.([A-Za-z_$][\w$]*)(?!\s*\()|\[(\d+)\]|\[({_STRING})\]", rest)
            if part is None:
                return None
            member = part[1] or (_unquoted(part[3]) if part[3] else "")
            path += f"[{part[2]}]" if part[2] else f".{member}" if re.fullmatch(r"[A-Za-z_]\w*", member) else f"[{_quoted(member)}]"
            rest = rest[part.end() :]
        try:
            parse_path(path)
        except JsonPathError:
            return None
        return path

    def _expectation(self, statement: str) -> Expectation | None:
        for pattern in _STATUS:
            if found := pattern.fullmatch(statement):
                statuses = tuple(int(code) for code in re.findall(r"\d+", found[1]))
                return StatusExpectation(statuses=statuses) if statuses and all(100 <= s <= 599 for s in statuses) else None
        if (found := _TIME.fullmatch(statement)) and int(found[1]) > 0:
            return TimeExpectation(less_than=int(found[1]))
        if found := _BODY.fullmatch(statement):
            return TextExpectation(relation="contains", value=template(_unquoted(found[1]))) if _unquoted(found[1]) else None
        if found := _HEADER.fullmatch(statement):
            name = _unquoted(found[1])
            return TextExpectation(header=name, relation="exists") if re.fullmatch(r"[A-Za-z0-9-]{1,60}", name) else None
        if (found := _MEMBER.fullmatch(statement)) and (path := self._path(found[1])) and path != "$":
            written = _unquoted(found[2]) if found[2][0] in "\"'" else found[2]
            return JsonExpectation(path=path, equals=template(written))
        return None


def statements(script: str) -> Iterator[str]:
    """The statements at the top of a script, without comments; they end at `;` or at the end of a line where one can end.

    >>> list(statements("a(1)\\nb({x: 1,\\n y: 2}); // note\\nif (c) { d(); }"))
    ['a(1)', 'b({x: 1,\\n y: 2})', 'if (c) { d(); }']
    """
    parts: list[str] = []
    depth = 0
    for token in _SCRIPT_TOKEN.findall(script):
        if token.startswith(("//", "/*")) and len(token) > 1:
            continue
        if token in ("(", "[", "{"):
            depth += 1
        elif token in (")", "]", "}"):
            depth -= 1
        elif depth <= 0 and (token == ";" or (token == "\n" and not _goes_on(parts))):
            if statement := "".join(parts).strip():
                yield statement
            parts = []
            continue
        parts.append(token)
    if statement := "".join(parts).strip():
        yield statement


def _goes_on(parts: Sequence[str]) -> bool:
    """Whether what was read so far cannot be a whole statement."""
    last = next((part for part in reversed(parts) if part.strip()), "")
    return last in tuple("=+-*/,.&|?:<(")


def _unquoted(literal: str) -> str:
    return re.sub(r"\\(.)", r"\1", literal[1:-1])


def _quoted(member: str) -> str:
    return "'" + member.replace("\\", "\\\\").replace("'", "\\'") + "'"
