"""Observe: a recording in, facts out."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

from loadwright.compiler.agents.facts import CLOCK_SLACK, Facts, Site
from loadwright.compiler.agents.names import folded, is_id_name, is_revision_name, is_state
from loadwright.compiler.agents.observe.answers.in_groups import Groups
from loadwright.compiler.agents.observe.answers.in_html import form_inputs
from loadwright.compiler.agents.observe.arguments import is_argument
from loadwright.compiler.agents.observe.called_attributes import called_by_attributes
from loadwright.compiler.agents.observe.digests import Digests
from loadwright.compiler.agents.observe.fragments import strings
from loadwright.compiler.agents.observe.made import called_after, made_things
from loadwright.compiler.agents.observe.notations import Leaf, all_leaves, is_document
from loadwright.compiler.agents.observe.own_choices import own_choices
from loadwright.compiler.agents.observe.responses import observe_inside, observe_response
from loadwright.compiler.agents.observe.said_names import drawn_names, said_names
from loadwright.compiler.agents.observe.screen import DeepScreen, Screen
from loadwright.compiler.agents.observe.script_cookies import script_cookies, sent_cookies
from loadwright.compiler.agents.observe.sites import NAME_KEY, as_item, is_asset, observe_request
from loadwright.compiler.agents.observe.things_in_paths import is_of_a_thing, things_in_paths
from loadwright.compiler.agents.observe.typed import is_search
from loadwright.compiler.agents.observe.wanted import Wanted, is_found_anywhere, is_short_key, moves
from loadwright.compiler.agents.values import is_exact_moment, is_jumble, is_token
from loadwright.compiler.recording.gwt import LONG
from loadwright.compiler.recording.model import Entry
from loadwright.compiler.recording.redirects import redirect_sources
from loadwright.compiler.recording.sockets import entry_of

_TELLING = 4
"""Characters from which a value stands inside of a token by no chance."""
_FEW = 3
"""Answers that are looked through for what may stand in them and is no session's."""


def observe(entries: Iterable[Entry], paired: bool = False, names: Collection[str] = ()) -> Facts:
    """The facts of the entries that take part, which are in the order in which they started.

    Requests come first: responses are searched for what requests carry, in time linear in their size. What is not found as it is
    is then looked for inside of values. With a second recording (`paired`) every short number counts: that recording tells which
    of them change, and which names of fields do (`names`).
    """
    facts = Facts()
    ordered = list(entries)
    names = {*names, *said_names(ordered), *(() if paired else drawn_names(ordered))}
    facts.sites = request_sites(ordered, names)
    for entry in ordered:
        _cookies(facts, entry)
    facts.redirected_by = redirect_sources(ordered)
    things = set() if paired else things_in_paths(site for sites in facts.sites.values() for site in sites)
    own = set() if paired else {*own_choices(ordered, facts.sites), *called_by_attributes(ordered, facts.sites)}
    facts.made = made_things(ordered)

    def identifies(site: Site, sites: Iterable[Site]) -> bool:
        """Whether a short number may identify something, by what else the recording says."""
        if paired or _is_with_an_id(site, sites):
            return True
        return is_of_a_thing(site, things) or site in own or bool(called_after(site, facts.made))

    carried = {site: _carried(site, identifies(site, sites)) for sites in facts.sites.values() for site in sites}
    until = _until(carried, _ends(ordered, facts))
    answered = sorted(ordered, key=lambda e: (e.ended, e.index))
    fixed = _fixed(ordered, carried) if not paired else set[str]()
    present = _search(facts, answered, until, paired, _Spoken(carried) if not paired else None, names, fixed)
    unexplained = _unexplained(facts, carried, paired)
    inside = {text: until[text] for text in unexplained if text not in fixed or text not in facts.occurrences}
    _search_inside(facts, answered, inside, present)
    _search_groups(facts, answered, until)
    return facts


def request_sites(entries: Iterable[Entry], names: Collection[str] = ()) -> dict[int, list[Site]]:
    """The sites of each entry's request; `names` are those of fields that change from one session to the next."""
    ordered = list(entries)
    by_script = script_cookies(ordered)
    return {entry.index: [*observe_request(entry, names), *by_script.get(entry.index, ())] for entry in ordered}


def _carried(site: Site, paired: bool) -> tuple[str, ...]:
    """The texts of a site that a response may have given; a short number counts where it can identify something."""
    if site.key.startswith(f"{LONG}@"):
        return ()  # a letter stands everywhere
    return () if not paired and _is_a_count(site) else tuple(dict.fromkeys(strings(site.value)))


def _is_a_count(site: Site) -> bool:
    """Whether a short number identifies nothing, as far as its place and name say."""
    if len(site.value) >= 4 or not site.value.isdigit() or site.location == "path" or _is_called_an_id(site) or _is_of_a_box(site):
        return False
    if site.name == "" and entry_of(site.entry) != site.entry:
        return False  # an argument of a call on a WebSocket
    # JSON writes counts as numbers, and most arguments are none
    is_text = site.location == "json" and len(site.value) > 1 and (not site.is_number or is_argument(site.key, site.name))
    return not (is_text or (site.location in ("form", "part") and len(site.value) == 3))


def _is_of_a_box(site: Site) -> bool:
    return site.key.startswith(NAME_KEY) and site.name != ""


def _fixed(entries: Iterable[Entry], carried: Mapping[Site, Sequence[str]]) -> set[str]:
    """What only URLs of assets carry: the page's build fixes it, and that one answer has it is all that is asked."""
    assets = {entry.index for entry in entries if is_asset(entry)}
    of_calls = {text for site, texts in carried.items() if site.entry not in assets for text in (site.value, *texts)}
    return {text for site, texts in carried.items() if site.entry in assets for text in texts} - of_calls


def _is_called_an_id(site: Site) -> bool:
    """Whether a number is called an id, or the state of a thing; names in lower case are not told apart into words (`saveid`)."""
    if site.location in ("json", "form", "part", "query") and is_revision_name(site.name):
        return True
    return is_id_name(as_item(site).name) or site.name.lower().endswith("id")


def _is_with_an_id(site: Site, sites: Iterable[Site]) -> bool:
    """Whether a number of a query is called an id, or stands beside one that is (`diff=7&oldid=6`)."""
    if site.location != "query" or not site.value.isdigit():
        return False
    return any(s.location == "query" and s.value.isdigit() and s.name.lower().endswith("id") for s in sites)


def _ends(entries: Iterable[Entry], facts: Facts) -> dict[int, float]:
    """For each entry, until when a response must have ended to give it something."""
    ended = {entry.index: entry.ended for entry in entries}
    return {
        entry.index: max(entry.started + CLOCK_SLACK, ended.get(facts.redirected_by.get(entry.index, -1), 0.0)) for entry in entries
    }


def _until(carried: Mapping[Site, Sequence[str]], ends: Mapping[int, float]) -> dict[str, float]:
    """For each text that a request carries, when the last response may end that can give it."""
    until: dict[str, float] = {}
    for site, texts in carried.items():
        end = ends[site.entry]
        for text in texts:
            if until.get(text, 0.0) < end:
                until[text] = end
    for site, texts in carried.items():  # a field may send a number that is an id elsewhere
        if not texts and until.get(site.value, ends[site.entry]) < ends[site.entry]:
            until[site.value] = ends[site.entry]
    return until


class _Spoken:
    """Words of searches that no response has shown so far: one that a page showed is a link's, else the user typed it."""

    def __init__(self, carried: Mapping[Site, Sequence[str]]) -> None:
        self.words: dict[str, float] = {}
        """Word: when it was first sent."""
        for site in carried:
            if is_search(site) and site.value and not moves(site.value):
                self.words[site.value] = min(site.started, self.words.get(site.value, site.started))

    def at(self, time: float) -> Collection[str]:
        """Those that a response which ended at a time may show before they are sent."""
        return [word for word, sent in self.words.items() if time <= sent + CLOCK_SLACK]

    def found(self, words: Iterable[str]) -> None:
        """Words that were shown need not be looked for again."""
        for word in words:
            self.words.pop(word, None)


def _search(
    facts: Facts,
    answered: Iterable[Entry],
    until: Mapping[str, float],
    paired: bool,
    spoken: _Spoken | None,
    names: Collection[str],
    fixed: set[str],
) -> dict[int, set[str]]:
    """Look answers through for values as they are, in a few for `fixed` ones; gives for each entry those that its body may hold."""
    left = dict.fromkeys(fixed, _FEW)
    wanted = Wanted(until, 10 if paired else 1, names)
    states = {site.value for sites in facts.sites.values() for site in sites if is_state(site.name)} if not paired else set[str]()
    moving = {value: time for value, time in until.items() if value and (paired or moves(value) or value in states)}
    screen, of_assets = Screen(moving), Screen({value: time for value, time in moving.items() if is_found_anywhere(value)})
    present: dict[int, set[str]] = {}
    for entry in answered:
        facts.inputs.extend(form_inputs(entry))  # here, where a page is read once for both
        if not wanted:
            continue
        words, of_asset = spoken.at(entry.ended) if spoken else (), is_asset(entry)
        hits = (of_assets if of_asset else screen).present(entry.response.text or "", entry.ended, only_ids=not paired)
        if fixed:
            # that an asset names other assets tells nothing, if no second recording shows that it names others the next time
            hits = {value for value in hits if value not in left or (left[value] > 0 and (paired or not of_asset))}
            left.update({value: left[value] - 1 for value in hits if value in left})
        if hits:
            present[entry.index] = hits
        found = observe_response(entry, wanted, hits, words)
        for occurrence in found:
            facts.occurrences.setdefault(occurrence.value, []).append(occurrence)
            if occurrence.value in left:
                left[occurrence.value] = 0
        if spoken and words:
            spoken.found(occurrence.value for occurrence in found)
    return present


def _search_inside(facts: Facts, answered: Iterable[Entry], until: Mapping[str, float], present: Mapping[int, set[str]]) -> None:
    wanted, digests = Wanted(until), Digests(until)
    screen = DeepScreen(until)
    touched: set[str] = set()
    for entry in answered if wanted else ():
        hits = present.get(entry.index, set()) & wanted.values
        for occurrence in observe_inside(entry, wanted, hits, screen, digests):
            facts.occurrences.setdefault(occurrence.value, []).append(occurrence)
            touched.add(occurrence.value)
    for value in touched:
        facts.occurrences[value].sort(key=lambda o: (o.ended, o.entry))


def _search_groups(facts: Facts, answered: Iterable[Entry], until: Mapping[str, float]) -> None:
    """Look for what no answer holds as it is, and some may show in groups."""
    groups = Groups(until.keys() - facts.occurrences.keys())
    last = max((until[value] for value in groups.values), default=0.0)
    for entry in answered if groups.values else ():
        for found in () if is_asset(entry) or entry.ended > last else groups.observe(entry):
            if found.ended <= until[found.value]:
                facts.occurrences.setdefault(found.value, []).append(found)


def _unexplained(facts: Facts, carried: Mapping[Site, Sequence[str]], paired: bool) -> Iterator[str]:
    """What may stand inside of a received value: texts of sites for which no response before holds anything."""
    for site, texts in carried.items():
        if paired and is_document(site.value):
            yield from (leaf.value for leaf in all_leaves(site.value) if _is_state(leaf) and not _is_told_as(leaf, facts))
        known = [o for text in texts for o in facts.occurrences.get(text, ())[:1] if o.ended <= site.started]
        if any(o.kind != "boundary" for o in known):  # a boundary is the last resort: a structured way is looked for
            later = (t for t in texts if is_token(t) and not any(o.ended <= site.started for o in facts.occurrences.get(t, ())[:1]))
            others = later if len(texts) > 1 else ()
            yield from (
                t
                for t in others
                # what a later answer repeats would else count as the client's own
                if t in facts.occurrences or not any(t in o.value or (len(o.value) >= _TELLING and o.value in t) for o in known)
            )
            continue
        whole = any(o.value == site.value for o in known)
        for text in (site.value,) if whole else texts:
            is_number = text.isdigit() and len(text) >= 3 and (site.location != "header" or is_id_name(site.name))
            if is_number or is_token(text) or is_jumble(text) or is_exact_moment(text) or (paired and is_short_key(text)):
                yield text


def _is_told_as(leaf: Leaf, facts: Facts) -> bool:
    return any(folded(one.name) == folded(leaf.name) for one in facts.occurrences.get(leaf.value, ()))


def _is_state(leaf: Leaf) -> bool:
    """Whether a short number of a document is called an id, or the state of a thing: two recordings tell where it is from."""
    return leaf.value.isdigit() and len(leaf.value) < _TELLING and (is_revision_name(leaf.name) or is_id_name(leaf.name))


def _cookies(facts: Facts, entry: Entry) -> None:
    for name, _ in sent_cookies(entry):
        facts.cookies_sent.setdefault(name, (entry.index, facts.cookies_set.get(name)))
    for key, value in entry.response.headers:
        if key.lower() == "set-cookie":
            facts.cookies_set.setdefault(value.partition("=")[0].strip(), entry.index)
