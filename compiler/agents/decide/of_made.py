"""Short numbers of what the journey made, in fields that are called after it: `image: 1` after a picture was sent to `/media`."""

from __future__ import annotations

from loadwright.compiler.agents.decide.history import History
from loadwright.compiler.agents.decide.positions import is_alone
from loadwright.compiler.agents.decide.stability import is_of_no_list
from loadwright.compiler.agents.facts import Facts, Occurrence, Site
from loadwright.compiler.agents.names import is_id_name
from loadwright.compiler.agents.observe.made import called_after

_FIELDS = ("json", "form", "part")


def of_made(site: Site, value: str, facts: Facts, history: History) -> list[Occurrence]:
    """The answers that gave a number to what was made last of what a field of a change is called after."""
    if (
        value not in facts.made
        or value != site.value
        or site.location not in _FIELDS
        or site.entry not in history.changing
        or history.changed(site) is False
    ):
        return []
    made = {one.entry for one in called_after(site, facts.made)}
    given = [o for o in history.given(site, value) if o.entry in made] if made else []
    ids = [o for o in given if o.kind == "json" and is_id_name(o.name) and not o.chain]
    return [o for o in ids if is_of_no_list(o) or is_alone(o, history.answer(o.entry))]
