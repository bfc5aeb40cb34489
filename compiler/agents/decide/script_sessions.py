"""Sessions of their own that scripts call by a UUID, which let nobody in."""

from __future__ import annotations

import re
from functools import cached_property

from loadwright.compiler.agents.decide.history import History
from loadwright.compiler.agents.facts import Facts, Site
from loadwright.compiler.agents.names import plain_name
from loadwright.compiler.agents.observe.typed import is_password
from loadwright.compiler.agents.secret_names import is_secret_name
from loadwright.compiler.agents.values import UUID

_SESSION = re.compile(r"sess(?:ion)?[_-]?id$", re.IGNORECASE)


class ScriptSessions:
    """Tells what a script calls a session by from what the user's log-in is known by."""

    def __init__(self, facts: Facts, history: History) -> None:
        self.facts, self.history = facts, history

    def has(self, site: Site) -> bool:
        """Whether a session is called by a UUID that was first sent after a log-in, and that no answer gave.

        The log-in's own session would have come with an answer, or have been sent before.
        """
        is_session = UUID.fullmatch(site.value) and _SESSION.search(plain_name(site.name))
        if not is_session or not self.history.client_first(site.value):
            return False
        return min((sent.started for sent in self.history.sites_of.get(site.value, ())), default=0.0) > self._logged_in

    @cached_property
    def _logged_in(self) -> float:
        """When the user first sent a password."""
        sites = (site for found in self.facts.sites.values() for site in found)
        passwords = (site for site in sites if is_password(site, self.facts) or is_secret_name(site.name))
        return min((site.started for site in passwords), default=float("inf"))
