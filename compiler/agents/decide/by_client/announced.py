"""Digests by which a client announces a file that it sends (`"checksum"` before an upload, `Content-MD5`): both stay together."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import chain

from loadwright.compiler.agents.decide.history import History
from loadwright.compiler.agents.decide.ledger import Ledger
from loadwright.compiler.agents.facts import Facts, Site
from loadwright.compiler.agents.observe.answers.in_texts import named_secrets
from loadwright.compiler.agents.observe.digests import Digests
from loadwright.compiler.agents.observe.notations import is_document
from loadwright.compiler.plan.template import template
from loadwright.compiler.recording.model import Entry

_SIZES = range(22, 90)
_NAMED = re.compile(r"(?:(?:md5|sha-?1|sha-?256)\s?[=:]?\s?:?)?([A-Za-z0-9+/_-]{22,64}={0,2}):?", re.IGNORECASE)
"""A digest, which may stand behind the name of its function: `Upload-Checksum: sha1 Kq5s…`, `Content-Digest: sha-256=:X48E…:`."""
_REASON = "the digest of a file that the client sends, which stays as it was"


class Announced:
    """Keeps the bytes of a file as they were sent where the client says their digest."""

    def __init__(self, entries: Sequence[Entry], facts: Facts, ledger: Ledger, history: History) -> None:
        self.ledger, self.history = ledger, history
        self._digests: set[str] = set()
        self._bodies: set[int] = set()
        """Entries whose body is such a file."""
        files = [(entry.index, data) for entry in entries for data in _files(entry, facts.sites[entry.index])]
        said: dict[str, set[int]] = {}
        for site in chain.from_iterable(facts.sites.values()) if files else ():
            if digest := _digest(site):
                said.setdefault(digest, set()).add(site.entry)
        wanted = Digests(said)
        for index, data in files if wanted else ():
            if found := [digest for digest in wanted.of_bytes(data) if said[digest] != {index} or not _is_told(data)]:
                self._digests.update(found)
                self._bodies.add(index)

    def take(self, site: Site) -> bool:
        """Whether a site has such a digest, or the file itself; it is kept then, as the user's where a second recording differs."""
        is_file = site.location == "body" and site.entry in self._bodies
        if not is_file and _digest(site) not in self._digests:
            return False
        if site.value in self.ledger.bound or self.history.changed(site):
            part = self.ledger.known(site, site.value)
            if part is None:
                name = self.ledger.name("content" if is_file else site.name)
                decision = self.ledger.record("parameterise", site.value, name, site)
                decision.evidence.append("a file whose digest the client says" if is_file else _REASON)
                self.ledger.variable(decision, template(site.value))
                part = self.ledger.bind(site.value, name, decision)
            self.ledger.use(site, 0, len(site.value), part)
        elif not is_file:
            self.ledger.record("constant", site.value, "", site).evidence.append(_REASON)
        return True


def _is_told(data: bytes) -> bool:
    """Whether a body is more than a file, where its own request says the digest: a document, or what holds a password."""
    text = data.decode("utf-8", "replace")
    return is_document(text) or next(named_secrets(text, credentials=True), None) is not None


def _digest(site: Site) -> str:
    """What may be a digest in a site; empty for nothing."""
    named = _NAMED.fullmatch(site.value) if len(site.value) in _SIZES else None
    return named[1] if named else ""


def _files(entry: Entry, sites: Sequence[Site]) -> Iterator[bytes]:
    """The files that a request sends: as its body, if that has no fields of its own, or in parts."""
    if entry.request.parts:
        yield from (part.data for part in entry.request.parts if part.filename and part.data)
    elif entry.request.body and all(site.location != "form" and site.location != "json" for site in sites):
        yield entry.request.body
