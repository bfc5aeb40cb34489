"""What a function of the server returned that a script called, in the answer that React streams: `1:{"id":4,"name":"Bolt"}`.

One that failed says so with the same status: `1:{"error":"no such part"}`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from loadwright.compiler.agents.observe.answers.in_messages import COMPONENTS
from loadwright.compiler.plan.model import Expectation, TextExpectation
from loadwright.compiler.plan.template import template

_RETURNED = re.compile(r'^0:\{"a":"\$@([0-9a-f]{1,4})"[\s\S]*?^(\1:\{"[A-Za-z_]\w{0,40}":)', re.MULTILINE)


def component_markers(media_type: str, texts: Sequence[str]) -> list[Expectation]:
    """The name of the first member of what was returned, where it is the same in all of these answers."""
    told = {found[2] if (found := _RETURNED.search(text)) else "" for text in texts} if media_type == COMPONENTS else {""}
    (first, *others) = sorted(told)
    return [TextExpectation(relation="contains", value=template(first))] if first and not others else []
