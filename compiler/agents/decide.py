"""Decide: facts in, one verdict for every value that a request carries."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

from loadwright.compiler.agents.client_made import ClientMade, client_made
from loadwright.compiler.agents.decisions import Decision, Decisions, Rejected, Slice, Verdict, cut_out
from loadwright.compiler.agents.facts import CLOCK_SLACK, Facts, Occurrence, Site
from loadwright.compiler.agents.fragments import DEEPEST, decodings, fragments, strings
from loadwright.compiler.agents.in_texts import named_secrets
from loadwright.compiler.agents.naming import capture_names, free_name
from loadwright.compiler.agents.second import Second
from loadwright.compiler.agents.sites import is_asset
from loadwright.compiler.agents.sources import agrees, describe, is_count_name, rank, rejection
from loadwright.compiler.agents.typed import is_password, is_told_by_field, is_typed
from loadwright.compiler.agents.unique import another, made_up_files, unique_words
from loadwright.compiler.agents.values import (
    TOKEN_RUN,
    folded,
    identifier,
    is_analytics_cookie,
    is_constant_name,
    is_id_name,
    is_round_or_date,
    is_secret_name,
    is_token,
    kind_of,
    mask,
    may_hold_other_characters,
)
from loadwright.compiler.plan.model import BodySource, Capture, RedirectSource, Secret, Target, Variable
from loadwright.compiler.plan.node import DecisionOrigin
from loadwright.compiler.plan.template import Call, Part, Reference, Template, call, template
from loadwright.compiler.recording.model import Entry

_SCHEME = re.compile(r"(?:bearer|basic|token|digest|api-?key|jwt|negotiate)\s+(\S{8,})", re.IGNORECASE)
_CREDENTIAL = re.compile("auth|token|session|jwt", re.IGNORECASE)
_FIELDS = re.compile(r"(?:digest|oauth|hawk|signature|mac|aws4-hmac-sha256)\s+(\w+=.+)", re.IGNORECASE)
"""Credentials as `Authorization` has them, wherever else they are sent: one token, or fields."""

_LONG_NUMBER = 5
"""Digits from which a number in a URL that was an id in a response is that id, whatever the URL calls it."""
_ID_KINDS = ("hidden input", "json", "xml", "redirect part")
_LONGEST_TEXT = 20_000

Changes = Mapping[tuple[int, str, str], bool]


def decide(
    entries: Sequence[Entry],
    facts: Facts,
    targets: Sequence[Target],
    changed: Changes | None = None,
    labels: Mapping[int, str] | None = None,
    earlier: Sequence[Decisions] = (),
    second: Second | None = None,
) -> Decisions:
    """The verdicts for one recording.

    `changed` says of a site (entry, location, key) whether a second recording has another value there; `labels` names
    entries in the report; `earlier` are the decisions on other journeys of the same Plan, whose names are not free and
    whose variables and secrets are used again for the same values; `second` is held against each source.
    """
    return _Decider(entries, facts, targets, changed or {}, labels or {}, earlier, second or Second()).run()


class _Decider:
    def __init__(
        self,
        entries: Sequence[Entry],
        facts: Facts,
        targets: Sequence[Target],
        changed: Changes,
        labels: Mapping[int, str],
        earlier: Sequence[Decisions],
        second: Second,
    ) -> None:
        self.second = second
        self.entries, self.facts, self.targets, self.changed, self.labels = entries, facts, targets, changed, labels
        self.result = Decisions(names={t.name for t in targets}.union(*(d.names for d in earlier)))
        self.earlier = {v: (name, d) for done in earlier for v, (name, d) in done.shared.items()}
        """Value of the user's in an earlier journey: its name and decision there."""
        self.loads: dict[str, list[int]] = defaultdict(list)
        """URL: the entries that ask for it."""
        for entry in entries:
            self.loads[entry.request.url].append(entry.index)
        self.bound: dict[str, tuple[Part, Decision]] = {}
        """Value: what stands for it, once decided."""
        self.captured: dict[Occurrence, tuple[Part, Decision]] = {}
        self.raw: dict[Part, str] = {}
        """For a part that decodes a capture: what the capture yields."""
        self.fragile: set[Part] = set()
        """Parts whose values may need encoding in a URL in other sessions."""
        self.assets = {entry.index for entry in entries if is_asset(entry)}
        self.first_sent: dict[str, float] = {}
        self.sites_of: dict[str, list[Site]] = defaultdict(list)
        self.uploaded: dict[str, float] = {}
        """Names of uploaded files, and what stands before their dot: when they were first sent."""
        for entry in entries:
            for site in facts.sites[entry.index]:
                for value in dict.fromkeys(strings(site.value)):
                    self.first_sent.setdefault(value, site.started)
                    self.sites_of[value].append(site)
            for part in entry.request.parts:
                for name in (part.filename, part.filename.partition(".")[0]) if part.filename else ():
                    self.first_sent.setdefault(name, entry.started)
                    self.uploaded.setdefault(name, entry.started)
        self.generated: dict[tuple[int, str, str], ClientMade] = client_made(entries, facts, self._server_made)
        self.unique = unique_words(entries, facts, self._server_made)
        self.files = set(made_up_files(entries, self.sites_of.__contains__, self._server_made))

    def run(self) -> Decisions:
        for entry in self.entries:
            if self._whole_redirect(entry):
                continue
            for site in self.facts.sites[entry.index]:
                self._site(site)
        self._cookies()
        return self.result

    # --- one site -----------------------------------------------------------------------------------------------------

    def _site(self, site: Site) -> None:
        if not site.value or self._basic(site) or self._referer(site):
            return
        if part := self._typed(site) or self._linked(site, site.value, site.context) or self._made(site):
            self._use(site, 0, len(site.value), part)
            return
        if part := self._decoded(site, site.value, 0):
            self._use(site, 0, len(site.value), part)
            return
        cuts = self._inside(site, site.value, 0)
        if cuts and all(site.value[c.start : c.end] in self.unique for c in cuts) and (part := self._typed(site, loosely=True)):
            self._use(site, 0, len(site.value), part)
            return
        cuts = sorted([*cuts, *self._secrets_inside(site, site.value, cuts)], key=lambda cut: cut.start)
        self.result.slices.setdefault((site.entry, *site.identity), []).extend(cuts)
        if not cuts and (part := self._typed(site, loosely=True) or self._chosen(site) or self._leftover(site)):
            self._use(site, 0, len(site.value), part)

    def _inside(self, site: Site, value: str, depth: int) -> list[Slice]:
        """The pieces of a value that something stands for, none overlapping another."""
        cuts = list(self._made_up_inside(site, value))
        for piece in fragments(value):
            if any(piece.start < cut.end and cut.start < piece.end for cut in cuts):
                continue
            part = self._environment(site, piece.value) if depth == 0 else None
            part = part or self._linked(site, piece.value, piece.context) or self._decoded(site, piece.value, depth)
            if part:
                encoder = piece.encoder or ("urlencode" if piece.in_url and part in self.fragile else "")
                encoded = call(encoder, part) if encoder else part
                cuts.append(Slice(piece.start, piece.end, encoded, encode=part in self.fragile and not encoder))
        return sorted(cuts, key=lambda cut: cut.start)

    def _made_up_inside(self, site: Site, value: str) -> Iterator[Slice]:
        """The words of a text that the user made up."""
        for word in self.unique if len(value) <= _LONGEST_TEXT else ():
            for match in re.finditer(rf"(?<![A-Za-z0-9]){re.escape(word)}(?![A-Za-z0-9])", value) if word in value else ():
                yield Slice(match.start(), match.end(), self._another(site, word))

    def _secrets_inside(self, site: Site, text: str, cuts: Sequence[Slice]) -> Iterator[Slice]:
        """What its name says is a password or key in a text without fields; of credentials, what is left beside `cuts`."""
        whole = text == site.value
        if site.key == "authorization":
            runs = TOKEN_RUN.finditer(text) if cuts and whole else ()
            found = [(run.start(), run.end(), "authorization") for run in runs if is_token(run.group())]
            if cuts and not whole and 0 <= (colon := text.find(":")) < len(text) - 1:
                found = [(colon + 1, len(text), "password")]  # decoded: `user:password`
        else:
            found = list(named_secrets(text)) if not whole or site.location not in ("path", "query") else []
        for start, end, name in found:
            if not any(start < cut.end and cut.start < end for cut in cuts):
                reason = "a password by the name before it"
                yield Slice(start, end, self._secret(site, identifier(name, fallback="password"), reason, text[start:end]))

    def _decoded(self, site: Site, value: str, depth: int) -> Part | None:
        """A call that encodes a text with something in it that an earlier response gave."""
        if depth >= DEEPEST:
            return None
        for encoder, text in decodings(value):
            if is_token(text) and (part := self._linked(site, text, "")):
                return call(encoder, part)
            if inner := self._decoded(site, text, depth + 1):
                return call(encoder, inner)
            cuts = self._inside(site, text, depth + 1)
            if cuts := sorted([*cuts, *self._secrets_inside(site, text, cuts)], key=lambda cut: cut.start):
                return call(encoder, cut_out(text, cuts))
        return None

    def _linked(self, site: Site, value: str, context: str) -> Part | None:
        """What an earlier response gave for this value, if it is right to take it from there."""
        if value in self.bound and is_token(value):
            part, decision = self.bound[value]
            decision.uses.append(self._where(site))
            return part
        if value in self.unique or value in self.files:
            return self._another(site, value)
        candidates = self._agreeing(site, value, context) or self._known_id(site, value)
        if not candidates or self._client_first(value, site) or self._fixed(site, value):
            return None
        return self._extract(site, value, candidates)

    def _fixed(self, site: Site, value: str) -> bool:
        """Whether the build of the page fixes a value: it stands in the URL of an asset, and is no session's."""
        if site.entry not in self.assets or self.changed.get((site.entry, *site.identity)):
            return False
        return not any(o.kind == "cookie" for o in self.facts.occurrences.get(value, ()))

    def _agreeing(self, site: Site, value: str, context: str) -> list[Occurrence]:
        changed = self.changed.get((site.entry, *site.identity))
        return [
            o
            for o in self.facts.occurrences.get(value, ())
            if self._in_time(o, site) and agrees(site, context, o, is_token(value), changed) and not self._needs_a_unique_word(o)
        ]

    def _known_id(self, site: Site, value: str) -> list[Occurrence]:
        """A number in a URL that was taken as an id before: a longer one is met by no chance, a short one by links of its name."""
        changed = self.changed.get((site.entry, *site.identity))
        if not value.isdigit() or changed is False or site.location not in ("path", "query") or is_count_name(site.name):
            return []
        known = [o for o in self.captured if o.value == value and is_id_name(o.name) and not o.chain and self._in_time(o, site)]
        if not known and len(value) >= _LONG_NUMBER and not is_round_or_date(value):
            given = self.facts.occurrences.get(value, ())
            return [o for o in given if o.kind in _ID_KINDS and is_id_name(o.name) and not o.chain and self._in_time(o, site)]
        if not known or (len(value) >= 4 and not is_round_or_date(value)):
            return known
        linked = any(
            o.kind in ("link", "redirect part") and site.name and o.name == site.name and self._in_time(o, site)
            for o in self.facts.occurrences.get(value, ())
        )
        return known if linked else []

    def _needs_a_unique_word(self, occurrence: Occurrence) -> bool:
        """Whether an extractor holds on to a word that is another in each iteration."""
        return bool(self.unique) and any(word in describe(occurrence) for word in self.unique)

    def _in_time(self, occurrence: Occurrence, site: Site) -> bool:
        if occurrence.entry == site.entry:
            return False
        return occurrence.ended <= site.started + CLOCK_SLACK or self.facts.redirected_by.get(site.entry) == occurrence.entry

    def _client_first(self, value: str, site: Site | None = None) -> bool:
        """Whether the client sent the value before any response held it; a short one counts where it is called the same."""
        first = self.facts.occurrences.get(value)
        if not first:
            return True
        sent = min(self.first_sent.get(name, float("inf")) for name in (value, value.strip("/")))  # `/name` after `name.war`
        if site is not None and not is_token(value) and value.isdigit():
            kin = (s.started for s in self.sites_of[value] if folded(s.name) == folded(site.name) and s.context == site.context)
            sent = min(kin, default=sent)
        return sent < first[0].ended - CLOCK_SLACK

    def _typed_first(self, value: str) -> bool:
        """The same for what a field says the user typed: that a page holds the word somewhere in its text says nothing.

        A password may be a word that stands on every page; it must not be left in the test for that.
        """
        held = [o for o in self.facts.occurrences.get(value, ()) if not isinstance(o.source, BodySource)]
        return not held or self.first_sent.get(value, float("inf")) < held[0].ended - CLOCK_SLACK

    def _server_made(self, value: str) -> bool:
        return not self._client_first(value)

    def _extract(self, site: Site, value: str, candidates: list[Occurrence]) -> Part | None:
        ranked = sorted(candidates, key=lambda o: (o not in self.captured, rank(o), -o.ended, o.entry))
        best = next((o for o in ranked if self.second.confirms(site, value, o) is not False), None)
        if best is None and not is_token(value):
            return None  # by chance: in the second recording none of them gives what was needed
        best = best or ranked[0]
        if best in self.captured:
            known, decision = self.captured[best]
            decision.uses.append(self._where(site))
            return known
        name = self._name(*capture_names(site, best))
        decision = self._record("extract", value, name, site)
        decision.source = f"{self._label(best.entry)}: {describe(best)}"
        decision.evidence += self._evidence(site, best, value)
        others = [o for o in self.facts.occurrences[value] if o is not best]
        decision.rejected += [
            Rejected(candidate=f"{self._label(o.entry)}: {describe(o)}", reason=self._reason(site, value, o, best, candidates))
            for o in others[:8]
        ]
        capture = Capture(name=name, source=best.source, occurrence=best.ordinal, origin=DecisionOrigin(decision=decision.id))
        self.result.captures.setdefault(best.entry, []).append(capture)
        reference = Reference(name=name)
        part: Part = reference
        for function, *arguments in best.chain:
            part = call(function, part, *arguments)
        if best.raw and best.chain in ((("urldecode",),), (("formdecode",),)):
            self.raw[part] = best.raw
        if best.kind not in ("link", "redirect part") and may_hold_other_characters(value):
            self.fragile.add(part)
        self.captured[best] = (part, decision)
        if is_token(value):
            self.bound[value] = self.captured[best]
        return part

    def _reason(self, site: Site, value: str, lost: Occurrence, best: Occurrence, candidates: list[Occurrence]) -> str:
        if lost in candidates and self.second.confirms(site, value, lost) is False:
            return "gives something else in the second recording"
        return rejection(lost, best, lost in candidates)

    def _evidence(self, site: Site, best: Occurrence, value: str) -> list[str]:
        found = ["the response ended before the request started", "the value first appeared in a response"]
        found.append("too random to meet by chance" if is_token(value) else "names or places agree")
        changed = self.changed.get((site.entry, *site.identity))
        if changed is not None:
            found.append("another value in the second recording" if changed else "the same value in the second recording")
        return found

    # --- what the client made -----------------------------------------------------------------------------------------

    def _typed(self, site: Site, loosely: bool = False) -> Part | None:
        known = self.bound.get(site.value)
        if known and known[1].verdict in ("parameterise", "secret"):
            part, decision = known
            # short ones stand elsewhere by chance, unless the field is called the same
            if len(site.value) >= _TELLING or identifier(site.name, fallback="") == decision.variable:
                decision.uses.append(self._where(site))
                return part
        if self._is_hidden(site) and self._typed_first(site.value):
            return self._password(site)
        reason = is_typed(site, self.facts, self.changed.get((site.entry, *site.identity)), loosely)
        if not reason or not (self._client_first(site.value) or (is_told_by_field(reason) and self._typed_first(site.value))):
            return None
        if site.value in self.earlier:
            return self._again(site, site.value)
        name = self._name(site.name)
        decision = self._record("parameterise", site.value, name, site)
        decision.evidence.append(reason)
        if len(site.value) >= _TELLING:
            self.result.shared[site.value] = (name, decision)
        text = self._with_unique_words(site)
        self.result.variables.append(Variable(name=name, value=text, origin=DecisionOrigin(decision=decision.id)))
        self.bound[site.value] = (Reference(name=name), decision)
        return self.bound[site.value][0]

    def _chosen(self, site: Site) -> Part | None:
        """One of several things that a page offered in both recordings, of which the user took another one there."""
        theirs = self.second.values.get((site.entry, *site.identity), "")
        if not self._changed(site) or not theirs or site.location not in ("form", "json", "part", "query"):
            return None
        if is_token(site.value) or not self.second.offers(site, theirs, self.entries):
            return None
        name = self._name(site.name)
        decision = self._record("parameterise", site.value, name, site)
        decision.evidence.append("a page offered this and what the second recording has, in both recordings: the user chose")
        self.result.variables.append(Variable(name=name, value=template(site.value), origin=DecisionOrigin(decision=decision.id)))
        return Reference(name=name)

    def _with_unique_words(self, site: Site) -> Template:
        """What the user typed, with another word where one was made up."""
        words = [word for word in self.unique if word in site.value]
        pieces = re.split(f"({'|'.join(map(re.escape, words))})", site.value) if words else [site.value]
        return template(*(self._another(site, piece) if piece in words else piece for piece in pieces))

    def _another(self, site: Site, word: str) -> Part:
        """What stands for a word that the user made up; the same one wherever it stands."""
        if word in self.bound:
            self.bound[word][1].uses.append(self._where(site))
        elif word in self.earlier:
            self._again(site, word)
        else:
            name = self._name("unique")
            decision = self._record("generate", word, name, site)
            source = "the name of a file that the user uploaded" if word in self.files else "what the user typed"
            decision.evidence.append(f"a random word in {source}: another one each time, so that nothing is called the same twice")
            self.result.shared[word] = (name, decision)
            origin = DecisionOrigin(decision=decision.id)
            self.result.variables.append(Variable(name=name, value=template(another(word)), origin=origin))
            self.bound[word] = (Reference(name=name), decision)
        if word in self.files:
            self.result.uploads[word] = self.bound[word][0]
        return self.bound[word][0]

    def _is_hidden(self, site: Site) -> bool:
        """Whether a field or its name says that its value is a password."""
        return is_password(site, self.facts) or (is_secret_name(site.name) and site.location in ("form", "json", "part", "query"))

    def _password(self, site: Site) -> Part:
        return self._secret(site, identifier(site.name, fallback="password"), "a password by its field or name")

    def _made(self, site: Site) -> Part | None:
        made = self.generated.get((site.entry, *site.identity))
        if not made:
            return None
        if site.value in self.bound:
            part, decision = self.bound[site.value]
            decision.uses.append(self._where(site))
            return part
        shared = len(self.sites_of[site.value]) > 1 or made.shared
        part = made.part
        name = ""
        if made.derived_from is not None:
            part = Call(function=made.function, arguments=(template(self._generated_variable(made.derived_from, site)),))
        elif shared:
            return self._generated_variable(made, site)
        decision = self._record("generate", site.value, name, site)
        decision.evidence.append(made.reason)
        return part

    def _generated_variable(self, made: ClientMade, site: Site) -> Part:
        if made.value in self.bound:
            return self.bound[made.value][0]
        name = self._name(made.name, site.name)
        decision = self._record("generate", made.value, name, site)
        decision.evidence.append(made.reason)
        self.result.variables.append(Variable(name=name, value=template(made.part), origin=DecisionOrigin(decision=decision.id)))
        self.bound[made.value] = (Reference(name=name), decision)
        return self.bound[made.value][0]

    def _basic(self, site: Site) -> bool:
        scheme, _, credentials = site.value.partition(" ")
        if site.key != "authorization" or scheme.lower() != "basic" or not credentials:
            return False
        part = self._decoded(site, credentials, 0)
        part = part or self._secret(site, "basic_credentials", "credentials of basic authentication", credentials)
        self._use(site, len(scheme) + 1, len(site.value), part)
        return True

    def _referer(self, site: Site) -> bool:
        """A referring page has the URL of the request that loaded it."""
        if site.key != "referer":
            return False
        page = next((e for e in reversed(self.loads.get(site.value, ())) if e < site.entry), None)
        if page is not None:
            self.result.referers[site.entry] = page
        return page is not None

    def _secret(self, site: Site, hint: str, reason: str, value: str | None = None) -> Part:
        value = site.value if value is None else value
        if value in self.bound:
            part, decision = self.bound[value]
            decision.uses.append(self._where(site))
            return part
        if value in self.earlier:
            return self._again(site, value)
        name = self._name(hint)
        decision = self._record("secret", value, name, site)
        decision.value = "‹secret›"
        self.result.shared[value] = (name, decision)
        env = f"LOADWRIGHT_SECRET_{name.upper()}"
        decision.evidence += [reason, f"read from the environment variable {env}"]
        self.result.secrets.append(Secret(name=name, env=env, origin=DecisionOrigin(decision=decision.id)))
        self.result.secret_values[name] = value
        self.bound[value] = (Reference(name=name), decision)
        return self.bound[value][0]

    def _again(self, site: Site, value: str) -> Part:
        """The name that an earlier journey gave to the same value of the user."""
        name, first = self.earlier[value]
        decision = self._record(first.verdict, value, name, site)
        decision.value = first.value
        decision.evidence.append("the same value as in an earlier journey")
        self.bound[value] = (Reference(name=name), decision)
        return self.bound[value][0]

    def _leftover(self, site: Site) -> Part | None:
        """A value that nothing explains: a token is kept out of the test and asked for; the rest is constant."""
        token = site.value
        if self._is_hidden(site):  # a page that shows it (as demonstrations do) makes it no less a password
            return self._password(site)
        if site.key == "authorization":
            scheme, _, credentials = token.partition(" ")
            start = len(scheme) + 1 if credentials else 0
            self._use(site, start, len(token), self._secret(site, "authorization", "authorization without a source", token[start:]))
            return None
        one = _SCHEME.fullmatch(token)
        if found := one if one and is_token(one[1]) else _FIELDS.fullmatch(token):
            reason = "credentials behind the name of their scheme"
            self._use(site, found.start(1), len(token), self._secret(site, "authorization", reason, found[1]))
            return None
        if site.location == "header" and is_secret_name(site.name):
            return self._secret(site, identifier(site.name, fallback="value"), "a key by its name, without a source")
        changed = self.changed.get((site.entry, *site.identity))
        if site.location == "header" and changed is False and is_token(token) and _CREDENTIAL.search(site.name):
            return self._secret(site, identifier(site.name, fallback="value"), "credentials by the header's name, without a source")
        if not is_token(token) or changed is False or is_constant_name(site.name) or site.entry in self.assets:
            return None
        if self.uploaded.get(token, float("inf")) <= site.started:
            self._record("constant", token, "", site).evidence.append("the name of a file that the user uploaded before")
            return None
        if site.location == "header" and not is_secret_name(site.name) and changed is None and kind_of(token) == "text":
            return None
        part = self._secret(site, identifier(site.name, site.context, fallback="value"), "no response before it holds this value")
        decision = self.bound[token][1]
        decision.verdict = "unresolved"
        decision.evidence.append("looks dynamic; give it through the environment, or replace it in the intent")
        return part

    # --- redirects and places -----------------------------------------------------------------------------------------

    def _whole_redirect(self, entry: Entry) -> bool:
        """Follow a redirect by its whole Location where that is what a browser does and no part is needed elsewhere."""
        cause = self.facts.redirected_by.get(entry.index)
        if cause is None:
            return False
        sites = [s for s in self.facts.sites[entry.index] if s.location in ("path", "query")]
        dynamic = [s for s in sites if is_token(s.value) or (s.location == "path" and s.value.isdigit()) or self._changed(s)]
        if not dynamic or (len(dynamic) == 1 and self._needed_elsewhere(dynamic[0])):
            return False
        name = self._name("location")
        decision = self._record("extract", entry.request.url, name, dynamic[0])
        decision.source = f"{self._label(cause)}: redirect"
        decision.evidence += ["the request follows the redirect", f"{len(dynamic)} dynamic parts in its URL"]
        capture = Capture(name=name, source=RedirectSource(), origin=DecisionOrigin(decision=decision.id))
        self.result.captures.setdefault(cause, []).append(capture)
        self.result.whole_urls[entry.index] = name
        for site in self.facts.sites[entry.index]:
            if site.location not in ("path", "query"):
                self._site(site)
        return True

    def _changed(self, site: Site) -> bool:
        return bool(self.changed.get((site.entry, *site.identity)))

    def _needed_elsewhere(self, site: Site) -> bool:
        return any(s.entry not in self.facts.redirected_by and s.key != "referer" for s in self.sites_of[site.value])

    def _environment(self, site: Site, value: str) -> Part | None:
        target = next((t for t in self.targets if t.url == value), None)
        if target is None:
            return None
        if value in self.bound:
            self.bound[value][1].uses.append(self._where(site))
        else:
            decision = self._record("environment", value, target.name, site)
            decision.evidence.append("the address of a target")
            self.bound[value] = (Reference(name=target.name), decision)
        return self.bound[value][0]

    def _cookies(self) -> None:
        for name, entry in self.facts.cookies_sent.items():
            setter = self.facts.cookies_set.get(name)
            record = Decision(
                id=f"d{len(self.result.records) + 1}", verdict="unresolved", value=f"‹cookie {name}›", uses=[self._label(entry)]
            )
            if setter is not None and setter < entry:
                record.verdict, record.source = "cookie jar", f"{self._label(setter)}: Set-Cookie"
                record.evidence.append("the cookie jar keeps it")
            elif is_analytics_cookie(name):
                record.verdict = "ignore"
                record.evidence.append("a cookie of an analytics script")
            else:
                record.evidence.append("no response sets this cookie; a script may, or the browser had it before the recording")
            self.result.records.append(record)

    # --- records ------------------------------------------------------------------------------------------------------

    def _use(self, site: Site, start: int, end: int, part: Part) -> None:
        cut = Slice(start, end, part, self.raw.get(part, ""), part in self.fragile)
        self.result.slices.setdefault((site.entry, *site.identity), []).append(cut)

    def _record(self, verdict: Verdict, value: str, variable: str, site: Site) -> Decision:
        decision = Decision(
            id=f"d{len(self.result.records) + 1}", verdict=verdict, value=mask(value), variable=variable, uses=[self._where(site)]
        )
        self.result.records.append(decision)
        return decision

    def _label(self, entry: int) -> str:
        return self.labels.get(entry, f"entry {entry}")

    def _where(self, site: Site) -> str:
        return f"{self._label(site.entry)}: {site.location} {site.name or site.key}"

    def _name(self, *hints: str) -> str:
        return free_name(self.result.names, *hints)


_TELLING = 4
"""Characters from which a value that the user gave is recognised wherever it stands."""
