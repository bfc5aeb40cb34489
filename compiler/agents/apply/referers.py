"""The page that a request comes from, where a server looks at it: to know its own page by, or to write it back."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from html import escape
from urllib.parse import urlsplit, urlunsplit

from loadwright.compiler.agents.observe.sites import is_asset, kept_headers
from loadwright.compiler.plan.model import Header
from loadwright.compiler.plan.template import Reference, Template, template
from loadwright.compiler.recording.kinds import is_call, is_html
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
        one of a script without can only look at `Referer`. Calls that change something keep theirs in any case. So does a page that
        has the address it was reached from in a field: what leads back is read from `Referer`.
        """
        page = self._loaded.get(header(entry.request.headers, "referer") or "")
        if page is None or (page.started, page.index) >= (entry.started, entry.index):
            return None
        return page if _reads_unguarded(entry) or _is_written_back(page.request.url, entry) else None

    def is_of_its_site(self, entry: Entry) -> bool:
        """Whether such a script says its site alone, as a page's referrer policy may want it (`strict-origin`)."""
        said, own = header(entry.request.headers, "referer"), urlsplit(entry.request.url)
        return said == f"{own.scheme}://{own.netloc}/" and said not in self._loaded and _reads_unguarded(entry)


def _is_written_back(page: str, entry: Entry) -> bool:
    """Whether an answer has the address of the page it was reached from in a field, whole or without its origin."""
    if entry.request.method != "GET" or not is_html(entry) or any(name.lower() == "referer" for name, _ in kept_headers(entry)):
        return False
    parts = urlsplit(page)
    path = urlunsplit(("", "", parts.path, parts.query, ""))
    addresses = [escape(one, quote=False) for one in (page, path) if len(one) > 1]
    return any(f"value={quote}{one}{quote}" in (entry.response.text or "") for one in addresses for quote in "\"'")


def _reads_unguarded(entry: Entry) -> bool:
    """Whether a script reads something without a header of its own; a file that is fetched ahead is none."""
    if entry.request.method != "GET" or not is_call(entry) or entry.response.redirect:
        return False
    if header(entry.request.headers, "content-type") or is_asset(replace(entry, resource="")):
        return False
    return next(kept_headers(entry), None) is None
