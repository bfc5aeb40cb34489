"""The page that a script asks from, where a server has nothing else to know its own page by."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from loadwright.compiler.agents.observe.sites import is_asset, kept_headers
from loadwright.compiler.plan.model import Header
from loadwright.compiler.plan.template import Reference, Template, template
from loadwright.compiler.recording.kinds import is_call
from loadwright.compiler.recording.model import Entry, header


def referer(target: str | None, url: Template) -> Header:
    """The header that says from which page a request comes."""
    return Header(name="Referer", value=template(Reference(name=target), url) if target else url)


class Pages:
    """What a recording loaded, by URL."""

    def __init__(self, entries: Iterable[Entry]) -> None:
        self._loaded: dict[str, Entry] = {}
        for entry in entries:
            self._loaded.setdefault(entry.request.url, entry)

    def asking(self, entry: Entry) -> Entry | None:
        """The page that a script was on when it read something, if no header of its own shows that it is of this site.

        Browsers send such a header from another site's page only where the server allows it, so it is a guard. A server that wants
        one of a script without can only look at `Referer`. Calls that change something keep theirs in any case.
        """
        said = header(entry.request.headers, "referer")
        if not said or entry.request.method != "GET" or not is_call(entry) or entry.response.redirect:
            return None
        if header(entry.request.headers, "content-type") or is_asset(replace(entry, resource="")):  # a file that is fetched ahead
            return None
        page = self._loaded.get(said)
        is_before = page is not None and page.index < entry.index
        return page if is_before and next(kept_headers(entry), None) is None else None
