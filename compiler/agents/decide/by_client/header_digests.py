"""Keys that a script makes of the headers of its request, so that caches keep apart what is asked for with others.

`?_rsc=j7s84HGI7papZ6oY` is the beginning of a digest of headers, joined, with a 0 for each that is not sent (Next.js):
`1,0,%5B%22…,/orders/4`. Where a number in these headers is another one, the key is.
"""

from __future__ import annotations

import base64
from collections.abc import Iterator, Mapping
from hashlib import md5, sha1, sha256
from itertools import permutations, product
from typing import Any

from msgspec import Struct

from loadwright.compiler.agents.decide.history import History
from loadwright.compiler.agents.decide.ledger import Ledger
from loadwright.compiler.agents.decisions import cut_out
from loadwright.compiler.agents.facts import Facts, Site
from loadwright.compiler.agents.secret_names import is_secret_name
from loadwright.compiler.agents.values import is_token
from loadwright.compiler.plan.template import Template, Text, call, template
from loadwright.compiler.recording.model import header

_REASON = "a digest of the headers that are sent with it, which keeps answers apart in caches"
_HASHES: Mapping[str, Any] = {"sha256": sha256, "sha1": sha1, "md5": md5}
_MARKS = (",", "|", "")
_MISSING = ("0", "")
"""What stands for a header that is not sent."""
_MOST_HEADERS, _MOST_TRIED = 5, 8
_TELLING = 8
_OF_BROWSERS = frozenset(
    ("accept", "accept-encoding", "accept-language", "authorization", "cookie", "origin", "referer", "user-agent")
)


class _Recipe(Struct, frozen=True):
    """How a key is made of headers."""

    names: tuple[str, ...]
    mark: str
    missing: str
    function: str
    form: str

    def text(self, sent: Mapping[str, str]) -> str:
        """What the key is a digest of."""
        return self.mark.join(sent.get(name, self.missing) for name in self.names)

    def key(self, sent: Mapping[str, str]) -> str:
        """The digest as it is written."""
        digest = _HASHES[self.function](self.text(sent).encode("utf-8", "replace"))
        return digest.hexdigest() if self.form == "hex" else base64.urlsafe_b64encode(digest.digest()).decode().rstrip("=")


class HeaderDigests:
    """Finds of which headers such a key is, and makes it of what stands for these."""

    def __init__(self, ledger: Ledger, history: History, facts: Facts) -> None:
        self.ledger, self.history, self.facts = ledger, history, facts
        self._recipes: list[_Recipe] = []
        self._found: dict[tuple[int, str], _Recipe | None] = {}
        self._failed = 0

    def has(self, site: Site) -> bool:
        """Whether a value of a query is such a key: it is decided when the headers are."""
        if site.location != "query" or len(site.value) < _TELLING or not is_token(site.value):
            return False
        if (at := (site.entry, site.key)) not in self._found:
            is_known = site.value in self.facts.occurrences or self.history.entry(site.entry).request.method != "GET"
            self._found[at] = None if is_known else self._recipe(site)
        return self._found[at] is not None

    def take(self, site: Site) -> bool:
        """Whether a value is such a key, and then what makes it anew stands for it; what no other headers change stays."""
        recipe = self._found.get((site.entry, site.key)) if self.has(site) else None
        if recipe is None:
            return False
        sent = {one.key: one for one in self._headers(site.entry)}
        if any((site.entry, name) in self.ledger.result.pages for name in sent):
            return False
        texts = [self._text(sent[name]) if name in sent else template(recipe.missing) for name in recipe.names]
        if any(not isinstance(part, Text) for text in texts for part in text.parts):
            joined = template(texts[0], *(piece for text in texts[1:] for piece in (recipe.mark, text)))
            whole = call(recipe.function, joined, recipe.form)
            is_whole = len(site.value) == len(recipe.key({}))
            self.ledger.use(site, 0, len(site.value), whole if is_whole else call("substring", whole, "0", str(len(site.value))))
            self.ledger.record("generate", site.value, "", site).evidence.append(_REASON)
        return True

    def _text(self, site: Site) -> Template:
        """What is sent as a header."""
        return cut_out(site.value, self.ledger.result.slices.get((site.entry, *site.identity), ()))

    def _headers(self, entry: int) -> list[Site]:
        found = (site for site in self.facts.sites[entry] if site.location == "header" and site.key not in _OF_BROWSERS)
        return [site for site in found if not is_secret_name(site.name)]

    def _recipe(self, site: Site) -> _Recipe | None:
        """How a key is made: as one before, or in a way that is tried."""
        sent = {one.key: one.value for one in self._headers(site.entry)}
        for recipe in self._recipes:
            if recipe.key(sent).startswith(site.value):
                return recipe
        if not sent or self._failed >= _MOST_TRIED:
            return None
        said = (header(self.history.entry(site.entry).response.headers, "vary") or "").lower().split(",")
        alike = {one.entry: None for one in self.history.named(site)}  # what others send that have such a key
        others = (one.key for entry in alike for one in self._headers(entry))
        names = dict.fromkeys((*sent, *others, *(name.strip() for name in said if name.strip() not in _OF_BROWSERS)))
        found = next((one for one in _ways(tuple(names)) if one.key(sent).startswith(site.value)), None)
        if found is None or all(name not in sent for name in found.names):
            self._failed += 1
            return None
        self._recipes.append(found)
        return found


def _ways(names: tuple[str, ...]) -> Iterator[_Recipe]:
    """The ways in which headers of some names may be made into a key, all of them first."""
    for size in range(min(len(names), _MOST_HEADERS), 0, -1) if len(names) <= _MOST_HEADERS else ():
        for order in permutations(names, size):
            ways = product(_MARKS, _MISSING, _HASHES, ("hex", "base64url"))
            yield from (_Recipe(order, mark, missing, function, form) for mark, missing, function, form in ways)
