"""Secrets inside of a larger text (XML, a script, a body of an unknown type): names with their values."""

from __future__ import annotations

import re
from collections.abc import Iterator

from loadwright.compiler.agents.secret_names import is_secret_name, may_be_secret
from loadwright.compiler.agents.values import is_drawn

_LONGEST = 1_000_000
_HINT = re.compile(
    "pass|pw|pin|otp|secret|api|credential|key|code|answer|cv[vc]|kenn|motde|mdp|contra|wacht|senha|haslo|parola", re.IGNORECASE
)
"""What a text has in it that has such a name in it."""
_NAME = r"[A-Za-z_][\w.:\[\]-]{0,60}"
_PAIRS = (
    re.compile(rf"""(?<!\\)(["'])({_NAME})\1\s{{0,20}}[:=]\s{{0,20}}(["'])((?:[^"'\\<>\r\n]|\\.){{1,1000}})\3"""),
    re.compile(rf"""\b()({_NAME})\s{{0,20}}[:=]\s{{0,20}}(?:"")?(["'])((?:[^"'\\<>\r\n]|\\.){{1,1000}})\3"""),
    re.compile(rf"""\\{{1,8}}(["'])({_NAME})\\{{1,8}}\1\s{{0,20}}[:=]\s{{0,20}}\\{{1,8}}(["'])([^"'\\<>\r\n]{{1,1000}})\\"""),
    re.compile(rf"""()<({_NAME})(?:\s[^<>]{{0,200}})?()>(?:<!\[CDATA\[)?([^<>]{{1,1000}}?)(?:\]\]>)?</"""),
    re.compile(rf"""()<name>\s{{0,20}}({_NAME})\s{{0,20}}</name>\s{{0,20}}<value>\s{{0,20}}(?:<string>)?()([^<>]{{1,1000}})</"""),
    re.compile(
        rf"""(?m:^)[ \t-]{{0,40}}()({_NAME}):[ \t]{{0,20}}()"""
        r"""(?![$|&*{\[])([^\s"'<>,;{}()][^\r\n"'<>,;{}()]{2,1000})(?=\r?\n|\Z)"""
    ),
    re.compile(rf"""(?:^|(?<=[?&;\s"'{{,]))()({_NAME})=()([^&;\s"'<>]{{1,1000}})"""),
    re.compile(
        rf"""\bname=(["']?)({_NAME})\1(?=[;\r\n])[^\r\n]{{0,200}}(?:\r?\n[^\r\n]{{1,200}}){{0,3}}\r?\n\r?\n()([^\r\n]{{1,1000}})"""
    ),
    re.compile(rf"""()\bname=["']?({_NAME})["']?\s[^<>]{{0,200}}?\bvalue=(["'])([^"'<>]{{1,1000}})\3"""),
)
"""Name and value (groups 2 and 4): JSON, scripts, GraphQL, JSON in a string, XML, XML-RPC, YAML, forms, parts, inputs."""


def named_secrets(text: str) -> Iterator[tuple[int, int, str]]:
    """Start and end of each value that a password or key is called by, with its name; in order, none overlapping another.

    A token that ends like such a name (`…AbcPw=", "`) is none.
    """
    if not 4 <= len(text) <= _LONGEST or not _HINT.search(text):
        return
    found = sorted(
        (match.start(4), match.end(4), match[2])
        for pair in _PAIRS
        for match in pair.finditer(text)
        if is_secret_name(match[2]) and not is_drawn(match[2]) and may_be_secret(match[4]) and match[4] != match[2]
    )
    position = 0
    for start, end, name in found:
        if start >= position:
            yield start, end, name
            position = end


_PACKED = re.compile(rb"(?i)(?:pass(?:word|wd|phrase|wort)|secret|api_?key)[\x00-\x1f\x7f-\xff\"':= ]{1,8}([\x20-\x7e]{4,200})")
"""A password in a binary message (MessagePack, CBOR): behind its name and what says how long it is."""


def secrets_in_bytes(data: bytes) -> Iterator[tuple[int, int]]:
    """Start and end of each value that a password or key is called by in a file or a binary message."""
    if len(data) > _LONGEST:
        return
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        yield from (match.span(1) for match in _PACKED.finditer(data))
        return
    for start, end, _ in named_secrets(text):
        first = len(text[:start].encode())
        yield first, first + len(text[start:end].encode())
