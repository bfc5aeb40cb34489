"""The page that a script asks from, where a server has nothing else to know its own page by."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from urllib.parse import urlsplit

from loadwright.compiler.agents.observe.sites import is_asset, kept_headers
from loadwright.compiler.plan.model import Header
from loadwright.compiler.plan.template import Reference, Template, template
from loadwright.compiler.recording.kinds import is_call
from loadwright.compiler.recording.model import Entry, header


def page_header(name: str, target: str | None, url: Template) -> Header:
    """A header that says from which page a request comes."""
    return Header(name=name, value=template(Reference(name=target), url) if target else url)


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
        page = self._loaded.get(header(entry.request.headers, "referer") or "")
        if page is None or (page.started, page.index) >= (entry.started, entry.index):
            return None
        return page if _reads_unguarded(entry) else None

    def is_of_its_site(self, entry: Entry) -> bool:
        """Whether such a script says its site alone, as a page's referrer policy may want it (`strict-origin`)."""
        said, own = header(entry.request.headers, "referer"), urlsplit(entry.request.url)
        return said == f"{own.scheme}://{own.netloc}/" and said not in self._loaded and _reads_unguarded(entry)


def _reads_unguarded(entry: Entry) -> bool:
    """Whether a script reads something without a header of its own; a file that is fetched ahead is none."""
    if entry.request.method != "GET" or not is_call(entry) or entry.response.redirect:
        return False
    if header(entry.request.headers, "content-type") or is_asset(replace(entry, resource="")):
        return False
    return next(kept_headers(entry), None) is None
