"""The number by which a client counts its calls: an answer repeats it, and gives nothing by it."""

from __future__ import annotations

import re
from collections.abc import Sequence

from loadwright.compiler.agents.facts import Occurrence
from loadwright.compiler.plan.model import JsonSource
from loadwright.compiler.plan.template import fixed
from loadwright.compiler.recording.calls import number_sent
from loadwright.compiler.recording.model import Entry

_NAME = re.compile(r'"(\w{1,20})"\s?:')


def without_call_numbers(found: Sequence[Occurrence], entry: Entry) -> list[Occurrence]:
    """The occurrences of an answer without the number of the call that it answers (JSON-RPC, calls on a WebSocket)."""
    names = {told[1] for message in entry.messages for answer in message.answers if (told := _NAME.match(answer))}
    text = entry.response.text or ""
    if not entry.messages and '"id"' in text and number_sent(entry.request.body or b"", text):
        names.add("id")
    paths = {f"$.{name}" for name in names}
    return [o for o in found if not (isinstance(o.source, JsonSource) and fixed(o.source.path) in paths)] if paths else [*found]
