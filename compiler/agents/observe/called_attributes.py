"""Short numbers that a script sends under the name of an attribute: `t:rowvalue=23` after `data-afl-row-value="23"`."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from loadwright.compiler.agents.facts import Site
from loadwright.compiler.agents.names import folded, is_count_name
from loadwright.compiler.recording.model import Entry

_DATA = re.compile(r"""\sdata-([A-Za-z][\w-]{3,60})=\\?["']?(\d{1,3})(?![\w.])""")
_SHORT = re.compile(r"\d{1,3}")
_COUNTED = re.compile("(?:count|index|length|limit|number|offset|page|pages|position|rows|size|total|width|height)$")
"""How the names end of what counts or measures, in small letters too."""
_TELLING = 6
"""Letters of a name that stands at the end of another by no chance: libraries put their own word before it."""


def called_by_attributes(entries: Iterable[Entry], sites: Mapping[int, Iterable[Site]]) -> set[Site]:
    """The sites of such numbers, where an answer before has the attribute with that number."""
    found: set[Site] = set()
    ordered = list(entries)
    asked = [(entry, site) for entry in ordered for site in sites[entry.index] if _may_be(site)]
    numbers: dict[int, set[tuple[str, str]]] = {}
    for entry, site in asked:
        for one in ordered:
            if one.ended <= entry.started and "data-" in (text := one.response.text or ""):
                if one.index not in numbers:
                    numbers[one.index] = {(folded(name), number) for name, number in _DATA.findall(text)}
                if any(number == site.value and is_called_so(site.name, name) for name, number in numbers[one.index]):
                    found.add(site)
                    break
    return found


def is_called_so(name: str, attribute: str) -> bool:
    """Whether a field is called as an attribute is, but for the word that a library puts before each of its attributes."""
    return _is_telling(name) and folded(attribute).endswith(folded(name))


def _is_telling(name: str) -> bool:
    ours = folded(name)
    return len(ours) >= _TELLING and _COUNTED.search(ours) is None and not is_count_name(name)


def _may_be(site: Site) -> bool:
    return site.location in ("form", "part", "query") and _SHORT.fullmatch(site.value) is not None and _is_telling(site.name)
