"""Short numbers of what the journey made, in fields that are called after it: `image: 1` after a picture was sent to `/media`."""

from __future__ import annotations

from loadwright.compiler.agents.decide.history import History
from loadwright.compiler.agents.decide.positions import is_alone
from loadwright.compiler.agents.decide.stability import is_of_no_list
from loadwright.compiler.agents.facts import Facts, Occurrence, Site
from loadwright.compiler.agents.names import is_id_name, singular
from loadwright.compiler.agents.observe.made import called_after, sent_to
from loadwright.compiler.plan.model import JsonSource

_FIELDS = ("json", "form", "part")


def of_made(site: Site, value: str, facts: Facts, history: History) -> list[Occurrence]:
    """The answers that gave a number to what was made last of what a field of a change is called after."""
    if value not in facts.made or value != site.value or site.location not in _FIELDS or site.entry not in history.changing:
        return []
    told = called_after(site, facts.made) if history.changed(site) is not False else []  # a bare id is no count in two, either
    things = told or sent_to(site, history.path(site), facts.made)
    made = {one.entry: one.words for one in things}
    given = [o for o in history.given(site, value) if o.entry in made] if made else []
    ids = [o for o in given if o.kind == "json" and is_id_name(o.name) and not o.chain]
    ids = [o for o in ids if is_of_no_list(o) or is_alone(o, history.answer(o.entry))]
    addresses = (o for o in given if isinstance(o.source, JsonSource) and o.chain)
    return ids or [o for o in addresses if singular(o.context.lower()) in made[o.entry]]
