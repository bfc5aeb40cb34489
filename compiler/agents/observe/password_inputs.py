"""The inputs that pages and scripts offer for passwords, codes and cards, by the names under which their values are sent."""

from __future__ import annotations

import re
from collections.abc import Iterator

from selectolax.lexbor import LexborHTMLParser, LexborNode

from loadwright.compiler.agents.facts import FormInput
from loadwright.compiler.plan.functions import FUNCTIONS
from loadwright.compiler.recording.model import Entry

CODE = "code"
"""The type of an input for a code that is valid once: those who want no completion call their inputs so, too."""
_COMPLETED = {"current-password": "password", "cc-csc": "password", "cc-number": "password", "one-time-code": CODE}
"""What `autocomplete` says of an input (HTML, section 4.10.18.7.1). Any input has `new-password` that is not to be completed."""
_BOUND = ("wire:model", "wire:model.defer", "wire:model.live", "v-model", "ng-model", "[(ngmodel)]", "formcontrolname", "id")
"""What an input without a name is called by, in the order in which these count."""
_QUOTED = "password"
_TYPE = re.compile(r"""\btype\s?[:=]\s?["'](?=p)""")
_NAMED = re.compile(r"""\b(?:name|id|formControlName)\s?[:=]\s?["']([A-Za-z_][\w.-]{0,60})["']""")
_CODE = re.compile(r"\d{4,10}|(?=[A-Z]*\d)[A-Z0-9]{4,10}")
_AROUND = 300
_MOST = 500
"""Times that a script has the word, of which each is looked at."""


def is_short_code(value: str) -> bool:
    """Whether a value is what is sent to a user to be typed."""
    return _CODE.fullmatch(value.replace(" ", "").replace("-", "")) is not None


def completed_type(node: LexborNode) -> str:
    """What an input is for by its `autocomplete`; empty where that says nothing."""
    words = (node.attributes.get("autocomplete") or "").lower().split()
    return next((_COMPLETED[word] for word in words if word in _COMPLETED), "")


def bound_inputs(entry: Entry, page: LexborHTMLParser) -> Iterator[FormInput]:
    """The inputs for passwords of a page whose script sends them by other names than that of the field."""
    for node in page.css("input[type=password]"):
        names = [name for one in _BOUND if (name := node.attributes.get(one))]
        if names and (not node.attributes.get("name") or names[0] != node.attributes.get("name")):
            yield FormInput(entry.index, names[0], "password", "", entry.started)


def inputs_in_text(entry: Entry, text: str) -> Iterator[FormInput]:
    """The inputs for passwords in the strings of JSON, and those that a script makes: `{type: "password", name: "secret"}`."""
    if "password" not in text:
        return
    if entry.response.media_type.endswith("json"):
        if "<input" in text or "\\u003cinput" in text:
            unescape = FUNCTIONS["jsonunescape"].evaluate
            page = LexborHTMLParser(unescape(text) if unescape else text)
            for node in page.css("input[type=password][name]"):
                yield FormInput(entry.index, node.attributes.get("name") or "", "password", "", entry.started)
            yield from bound_inputs(entry, page)
        return
    for start, end in _types(text):
        before, after = text[max(0, start - _AROUND) : start], text[end : end + _AROUND]
        own = before[max(before.rfind("{"), before.rfind("}"), before.rfind("<")) + 1 :] + re.split("[{}<>]", after, maxsplit=1)[0]
        yield from (FormInput(entry.index, name, "password", "", entry.started) for name in _NAMED.findall(own))


def _types(text: str) -> Iterator[tuple[int, int]]:
    """Where a script says that something is an input for a password."""
    position = text.find(_QUOTED)
    for _ in range(_MOST):
        if position < 0:
            return
        if said := _TYPE.search(text, max(0, position - 8), position + 1):
            yield said.start(), position + len(_QUOTED) + 1
        position = text.find(_QUOTED, position + 1)
