"""Short numbers of XML answers, by the names of their elements and attributes: `<position>43</position>`, `version="283"`."""

from __future__ import annotations

import re

from loadwright.compiler.agents.observe.answers.in_rows import in_a_row
from loadwright.compiler.agents.observe.finder import Finder
from loadwright.compiler.agents.values import literal_pattern

_SHORT = range(2, 5)
"""Digits of a number that is looked for by its name alone: a longer one is found in any text, and one digit stands everywhere."""
_ELEMENT = re.compile(r"<(?:[\w-]{1,40}:)?([A-Za-z][\w.-]{0,60})(?:\s[^<>]{0,2000})?>(\d{2,4})</")
_TAG = re.compile(r"<(?:[\w-]{1,40}:)?([A-Za-z][\w.-]{0,60})(\s[^<>]{1,2000})>")
_ATTRIBUTE = re.compile(r"\s([A-Za-z][\w.-]{0,60})=([\"'])(\d{2,4})\2")


def observe_elements(finder: Finder, text: str) -> None:
    """Offer the numbers that an answer has under one name once; of several, the text beside says which is meant."""
    short = {value for value in finder.wanted.values if len(value) in _SHORT and value.isdigit()}
    if not short or finder.deep:
        return
    for element in _ELEMENT.finditer(text):
        if element[2] in short:
            name = element[1]
            _offer(finder, text, element[2], f"<(?:[\\w-]+:)?{literal_pattern(name)}(?:\\s[^<>]*)?>([^<]+)<", name)
    for tag in _TAG.finditer(text):
        for attribute in _ATTRIBUTE.finditer(tag[2]):
            if attribute[3] in short:
                begin, name, quote = literal_pattern(tag[1]), attribute[1], attribute[2]
                taken = f"{literal_pattern(name)}={quote}([^<>{quote}]+){quote}"
                _offer(finder, text, attribute[3], f"<(?:[\\w-]+:)?{begin}\\s(?:[^<>]*\\s)?{taken}", name)


def _offer(finder: Finder, text: str, value: str, pattern: str, name: str) -> None:
    if finder.varies(pattern, text):
        in_a_row(finder, value, text, name, None, "", pattern)
    else:
        finder.by_pattern(value, value, pattern, text, "xml", name)
