"""Passwords by their place in a call that logs in or changes a password: `{"method": "login", "params": ["ann", "…"]}`."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any
from urllib.parse import unquote

from loadwright.compiler.agents.secret_names import is_secret_name, may_be_secret
from loadwright.compiler.recording.calls import words_of

_FUNCTIONS = ("method", "methodName", "function", "operation", "procedure", "target", "action", "command", "event", "call")
_LISTS = ("params", "arguments", "args", "parameters", "data")
_LOGINS = frozenset(("login", "logon", "signin", "signon", "authenticate", "auth"))
_OF_LOGINS = frozenset(
    (
        *("account", "admin", "and", "by", "client", "credential", "credentials", "customer", "email", "ldap", "local", "member"),
        *("name", "password", "remote", "user", "username", "with"),
    )
)
"""What else the name of a call that logs in says; others are about logging in (`loginPageTitle`)."""
_SETS = frozenset(("change", "set", "update", "reset", "check", "verify", "validate", "confirm"))
_CHANGES = frozenset(("change", "update"))
_PASSWORDS = frozenset(("password", "passwd", "pass", "passphrase", "pw", "pwd"))
_BLOGS = re.compile(r"(?:metaWeblog|mt|wp)\.[A-Za-z]{3,40}")
"""The interface of blogs (MetaWeblog): what it is about, the user, the password."""
_SHORTEST = 3
_DEEPEST = 4
_MOST = 50
"""Items of a list that are looked at."""
_DWR = re.compile(r"^c(\d{1,3})-methodName=(\w{1,80})\r?$", re.MULTILINE)
_DWR_VALUE = re.compile(r"^c(\d{1,3})-(param|e)(\d{1,3})=string:([^\r\n]{1,1000})", re.MULTILINE)
_DWR_MEMBER = re.compile(r"\b(\w{1,60}):reference:c(\d{1,3})-e(\d{1,3})\b")
_XML_CALL = re.compile(r"<methodName>\s{0,20}([\w.:/-]{1,100})\s{0,20}</methodName>")
_XML_VALUE = re.compile(r"<param>\s{0,20}<value>\s{0,20}(?:<string>)?([^<>]{1,1000})</")
_VARIABLE = re.compile(r"\b([_A-Za-z]\w{0,60})\s{0,5}:\s{0,5}\$(\w{1,60})")
"""An argument of GraphQL that a variable gives."""


def secret_places(function: str, values: Sequence[str]) -> list[int]:
    """Which arguments of a call are passwords, by what the function is called: all but the user's name, whatever comes first."""
    if _BLOGS.fullmatch(function):
        return [n for n in (1 if "UsersBlogs" in function else 2,) if n < len(values) and len(values[n]) >= _SHORTEST]
    words = words_of(re.split(r"[./:]", function)[-1])
    if words[:1] in (["log"], ["sign"]) and words[1:2] in (["in"], ["on"]):
        words = ["".join(words[:2]), *words[2:]]
    if words and words[0] in _LOGINS and _OF_LOGINS.issuperset(words[1:]):
        first = 1 if len(values) > 1 else 0
    elif len(words) > 1 and words[0] in _SETS and _PASSWORDS.intersection(words[1:]):
        first = 0 if words[0] in _CHANGES or len(values) == 1 else 1
    else:
        return []
    return [
        n for n, one in enumerate(values) if n >= first and len(one) >= _SHORTEST and "@" not in one[1:-1] and may_be_secret(one)
    ]


def names_of_secrets(document: Any) -> dict[str, str]:
    """What a JSON document says otherwise than by the nearest name to be a password, by its pointer."""
    found: dict[str, str] = {}
    if isinstance(document, list) and document and isinstance(document[0], str):
        found.update(_of_event(document))
    _look(document, "", 0, found)
    return found


def _look(value: Any, pointer: str, depth: int, found: dict[str, str]) -> None:
    if depth > _DEEPEST:
        return
    if isinstance(value, dict):
        found.update(_of_call(value, pointer))
        found.update(_of_variables(value, pointer))
        for key, child in value.items():
            if isinstance(child, dict | list):
                _look(child, f"{pointer}/{key.replace('~', '~0').replace('/', '~1')}", depth + 1, found)
    elif isinstance(value, list):
        found.update(_of_pairs(value, pointer))
        for number, child in enumerate(value[:_MOST]):
            if isinstance(child, dict | list):
                _look(child, f"{pointer}/{number}", depth + 1, found)


def _of_call(value: dict[str, Any], pointer: str) -> Iterator[tuple[str, str]]:
    """The arguments of a call, in a list or by their numbers."""
    for function in (value[name] for name in _FUNCTIONS if isinstance(value.get(name), str)):
        for name in _LISTS:
            given = value.get(name)
            if isinstance(given, dict) and given and all(key.isdigit() for key in given):
                items = list(given.items())
            elif isinstance(given, list):
                items = [(str(number), one) for number, one in enumerate(given[:_MOST])]
            else:
                continue
            texts = [(key, one) for key, one in items if isinstance(one, str)]
            yield from ((f"{pointer}/{name}/{texts[n][0]}", "password") for n in secret_places(function, [one for _, one in texts]))


def _of_event(document: list[Any]) -> Iterator[tuple[str, str]]:
    """The arguments of a call that is an array: `["login", "ann", "…"]`, `["Auth", "signIn", ["ann", "…"]]`."""
    for number, function in enumerate(document[:2]):
        rest = document[number + 1 :]
        inner = rest[0] if len(rest) == 1 and isinstance(rest[0], list) else None
        texts = [(n, one) for n, one in enumerate((inner or rest)[:_MOST]) if isinstance(one, str)]
        if isinstance(function, str) and len(texts) > 1:
            place = f"/{number + 1}" if inner else ""
            for n in secret_places(function, [one for _, one in texts]):
                yield f"{place}/{texts[n][0] + (0 if inner else number + 1)}", "password"


def _of_pairs(value: list[Any], pointer: str) -> Iterator[tuple[str, str]]:
    """Pairs of name and value, and options of a command: `[["login", "ann"], ["password", "…"]]`, `["--password", "…"]`."""
    if len(value) > 1 and all(isinstance(one, list) and len(one) == 2 and isinstance(one[0], str) for one in value[:_MOST]):
        yield from ((f"{pointer}/{n}/1", one[0]) for n, one in enumerate(value[:_MOST]) if is_secret_name(one[0]))
    for n, one in enumerate(value[1:_MOST], 1):
        option = value[n - 1]
        if isinstance(one, str) and isinstance(option, str) and option[:1] == "-" and is_secret_name(option.lstrip("-")):
            yield f"{pointer}/{n}", option.lstrip("-")


def _of_variables(value: dict[str, Any], pointer: str) -> Iterator[tuple[str, str]]:
    """Variables of GraphQL that are passwords by the argument that they are given to: `login(password: $p)`."""
    query, variables = value.get("query"), value.get("variables")
    if isinstance(query, str) and isinstance(variables, dict) and "$" in query:
        yield from ((f"{pointer}/variables/{one[2]}", one[1]) for one in _VARIABLE.finditer(query) if is_secret_name(one[1]))


def secret_arguments(text: str) -> Iterator[tuple[int, int, str]]:
    """Start and end of each password in a call of XML-RPC or DWR, by its place or by what refers to it, with its name."""
    if "<methodName>" in text and (called := _XML_CALL.search(text)):
        values = list(_XML_VALUE.finditer(text))
        yield from ((*values[n].span(1), "password") for n in secret_places(called[1], [one[1] for one in values]))
    if "-methodName=" not in text:
        return
    values = list(_DWR_VALUE.finditer(text))
    named = {(one[2], one[3]): one[1] for one in _DWR_MEMBER.finditer(text) if is_secret_name(one[1])}
    yield from ((*one.span(4), named[one[1], one[3]]) for one in values if one[2] == "e" and (one[1], one[3]) in named)
    for call in _DWR.finditer(text):
        given = [one for one in values if one[1] == call[1] and one[2] == "param"]
        yield from ((*given[n].span(4), "password") for n in secret_places(call[2], [unquote(one[4]) for one in given]))
