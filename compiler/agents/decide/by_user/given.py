"""What the user gave: typed texts, passwords, choices, words made up to be unique, and what nothing else explains."""

from __future__ import annotations

import json
import re
from bisect import bisect_right
from collections.abc import Container, Iterator, Sequence
from itertools import islice
from urllib.parse import unquote

from msgspec.structs import replace

from loadwright.compiler.agents.decide.by_client.drawn import DRAWN_BY_A_SCRIPT, drawn_numbers
from loadwright.compiler.agents.decide.by_user.unique import another, is_glued, made_up_files, made_up_in_files, unique_words
from loadwright.compiler.agents.decide.by_user.users import is_number_of_people, is_untyped_token, user_names
from loadwright.compiler.agents.decide.doubts import Doubts
from loadwright.compiler.agents.decide.history import History
from loadwright.compiler.agents.decide.ledger import Ledger
from loadwright.compiler.agents.decide.script_sessions import ScriptSessions
from loadwright.compiler.agents.decide.second import Second
from loadwright.compiler.agents.decide.sources import LONG_ID
from loadwright.compiler.agents.decide.torn import is_around_a_token, is_in_part, is_torn
from loadwright.compiler.agents.decisions import Decision, Slice
from loadwright.compiler.agents.facts import Facts, Site
from loadwright.compiler.agents.keys import is_mixed
from loadwright.compiler.agents.names import folded, identifier, is_constant_name, is_count_name, is_id_name, singular
from loadwright.compiler.agents.observe.answers.in_texts import is_private_key
from loadwright.compiler.agents.observe.decodings import is_of_words
from loadwright.compiler.agents.observe.fragments import fragments
from loadwright.compiler.agents.observe.sites import NAME_KEY
from loadwright.compiler.agents.observe.typed import is_inner, is_password, is_told_by_field, is_typed, is_written
from loadwright.compiler.agents.secret_names import (
    has_form_of_key,
    is_credential_field,
    is_credential_header,
    is_one_time,
    is_secret,
    is_secret_name,
)
from loadwright.compiler.agents.values import folded_text, is_code, is_common_user, is_measure, is_round_or_date, is_token, kind_of
from loadwright.compiler.plan.template import Part, Reference, Template, template
from loadwright.compiler.recording.kinds import path_of
from loadwright.compiler.recording.model import Entry
from loadwright.compiler.recording.sockets import entry_of

_SCHEME = re.compile(r"(?:bearer|basic|token|digest|api-?key|jwt|negotiate)(?:\s+|,\s*)(\S{8,})", re.IGNORECASE)
_FIELDS = re.compile(r"(?:digest|oauth|hawk|signature|mac|aws4-hmac-sha256)\s+(\w+=.+)", re.IGNORECASE)
"""Credentials as `Authorization` has them, wherever else they are sent: one token, or fields."""
_NO_CREDENTIALS = re.compile(r"(?:bearer|jwt|token)(?:\s+(?:null|undefined))?", re.IGNORECASE)
"""What scripts send before they have any."""
_CREDENTIAL = re.compile("auth|token|session|jwt", re.IGNORECASE)
_BEGAN = "the journey begins with the page at this address, and no answer could have told it: it is where the user starts"
_ONCE = re.compile("reset|invit|verif|confirm|activat|unsubscri|magic|token|share|sign|pass", re.IGNORECASE)
_LONGEST_BEGIN = 40
_KEY = 16
"""Characters from which what is called a key may be one."""
_ANSWERS = 20
"""So many answers back a document is looked for that a script may send back."""
_SHORTEST_USER = 3
"""Characters from which a user's name is recognised in a path."""
_WORD = re.compile(r"\w+")
_TELLING = 4
"""Characters from which a value that the user gave is recognised wherever it stands."""


def _began_at(first: Entry) -> Iterator[str]:
    """The parts of the path at which a journey begins with a page, but of a link that works once, as mails have."""
    path = path_of(first)
    if first.request.method == "GET" and first.response.media_type == "text/html" and not _ONCE.search(path):
        yield from (part for part in unquote(path).split("/") if len(part) <= _LONGEST_BEGIN)


def is_credential(site: Site) -> bool:
    """Whether a header, or a message of a WebSocket, says by its name that it holds credentials."""
    can_hold = site.location == "header" or entry_of(site.entry) != site.entry
    return can_hold and (_CREDENTIAL.search(site.name) is not None or (site.location == "header" and is_secret_name(site.name)))


class Given:
    """Finds and records what the user gave."""

    def __init__(self, ledger: Ledger, history: History, entries: Sequence[Entry], facts: Facts, second: Second) -> None:
        self.ledger, self.history, self.entries, self.facts, self.second = ledger, history, entries, facts, second
        self._json_answers = [entry for entry in entries if entry.response.media_type.endswith("json")]
        self.doubts = Doubts(history, facts, entries)
        self.sessions = ScriptSessions(facts, history)
        made_up = unique_words(entries, facts, history.server_made)
        in_files = set(made_up_in_files(entries, history.sites_of.__contains__, history.server_made, made_up))
        self.glued = {word for word, site in made_up.items() if is_glued(word, site.value)}
        """Made-up words that stand right behind others: `Greta4c6ce8af`."""
        words = (*made_up, *sorted(in_files))
        self._drawn = {site.value: f"{singular(site.context)}_id" for site in drawn_numbers(facts, history, second)}
        """Numbers that a script drew: what to call each."""
        self.unique = dict.fromkeys((*words, *self._drawn))
        self.typed_at: dict[str, float] = {}
        """What the user typed: when first."""
        self._users = {name for name in user_names(entries) if len(name) >= _SHORTEST_USER}
        self._typed_there: dict[str, str] = {}
        """What the second recording has where the user typed a text."""
        self._alike: dict[tuple[str, str, str], tuple[Part, Decision]] = {}
        """Field, value, and value in the second recording: a choice of the user, one wherever it is sent again."""
        begins = _began_at(entries[0]) if entries else ()
        self.began = frozenset(part for part in begins if not any(_ONCE.search(s.name) for s in history.sites_of.get(part, ())))
        """What stands in the address of the page that the journey begins with: nothing could have told it."""
        self.files: Container[str] = in_files | set(made_up_files(entries, history.sites_of.__contains__, history.server_made))

    def typed(self, site: Site, loosely: bool = False) -> Part | None:
        """What stands for a text that the user typed, if it is one; `loosely` takes weaker signs."""
        if self._is_known(site):
            return self.ledger.known(site, site.value)
        if self.is_hidden(site) and self.history.typed_first(site.value):
            return self._password(site)
        if "\ufffd" in site.value:
            return None
        theirs = self.second.values.get((site.entry, *site.identity), "") if loosely else ""
        written = loosely and is_written(site.value, theirs)
        reason = is_typed(site, self.facts, self.history.changed(site), loosely, self._has_unique_words(site.value), written)
        first = self.history.client_first(site.value) or (is_told_by_field(reason or "") and self.history.typed_first(site.value))
        if not reason or not first or self._is_sent_back(site) or self._holds_what_was_given(site):
            return None
        return self.ledger.again(site, site.value) or self._parameter(site, reason, everywhere=True)

    def called(self, site: Site) -> Part | None:
        """What the user typed, by whatever tells that, or what is named by a field."""
        return self.typed(site, loosely=True) or self.named(site)

    def named(self, site: Site) -> Part | None:
        """What stands for a name in a path that the user made up (a wiki's page), where the second recording has another one."""
        if site.location != "path" or not self.history.changed(site) or not self._has_unique_words(site.value):
            return None
        if not self.history.client_first(site.value):
            return None
        reason = "a made-up name in a path, and the second recording has another one"
        return self.ledger.again(site, site.value) or self._parameter(site, reason, everywhere=True)

    def _is_an_amount(self, site: Site) -> bool:
        """Whether a number in what a change sends is called neither an id nor a count."""
        if not site.value.isdigit() or site.location == "query" or site.entry not in self.history.changing:
            return False
        return site.name != "" and not (is_id_name(site.name) or is_count_name(site.name))

    def _is_sent_back(self, site: Site) -> bool:
        """Whether one of the last JSON answers had this member: a script sends back the document that it was given."""
        if site.location != "json" or not site.name:
            return False
        name, value = json.dumps(site.name), json.dumps(site.value, ensure_ascii=False)
        begun = bisect_right(self._json_answers, site.started, key=lambda e: e.started)
        before = (e for e in reversed(self._json_answers[:begun]) if e.ended <= site.started)
        texts = [text for e in islice(before, _ANSWERS) if value in (text := e.response.text or "")]
        return any(re.search(rf"{re.escape(name)}\s*:\s*{re.escape(value)}", text) for text in texts)

    def _holds_what_was_given(self, site: Site) -> bool:
        """Whether a token that an answer gave is a part of a text: `q=ReportNumber=EXP6671339061` was put together by a script."""
        pieces = (piece.value for piece in fragments(site.value) if piece.value != site.value and is_token(piece.value))
        is_given = any(self.history.given(site, piece) and self.history.server_made(piece) for piece in pieces)
        return is_given or is_around_a_token(self.history, site)

    def _is_known(self, site: Site) -> bool:
        """Whether the user gave this before; a short text stands elsewhere by chance, unless the field is called the same."""
        _, decision = self.ledger.bound.get(site.value, (None, None))
        if decision is None or decision.verdict not in ("parameterise", "secret"):
            return False
        if decision.verdict == "parameterise" and self.is_hidden(site):
            return False  # a password that is the user's name too
        if identifier(site.name, fallback="") == decision.variable or self._is_typed_there(site):
            return True
        is_telling = len(site.value) >= _TELLING or (site.location == "path" and site.value in self._users)
        return is_telling and not self._is_the_applications(site)

    def _is_typed_there(self, site: Site) -> bool:
        """Whether the second recording has what was typed there where this one has what was typed here: `/so/ann`, `/so/ben`."""
        theirs = self.second.sent(site)
        return theirs is not None and theirs != site.value and theirs == self._typed_there.get(site.value)

    def _is_the_applications(self, site: Site) -> bool:
        """Whether a word is one of the application's here: `/admin/`, though an `admin` logs in, or has this as password."""
        if not site.value.isalpha():
            return False
        typed = self.typed_at.get(site.value, 0.0)
        before = any(
            s.started < typed and s.location == site.location and s.name == site.name for s in self.history.sites_of[site.value]
        )
        return before or (site.location == "path" and is_common_user(site.value))

    def chosen(self, site: Site) -> Part | None:
        """One of several things that a page offered in both recordings, of which the user took another one there."""
        theirs = self.second.values.get((site.entry, *site.identity), "")
        if not self.history.changed(site) or not theirs or site.location not in ("form", "json", "part", "query", "path"):
            return None
        if is_token(site.value) or not self.second.offers(site, theirs, self.entries):
            return None
        reason = "a page offered this and what the second recording has, in both recordings: the user chose"
        return self._parameter(site, reason, everywhere=False)

    def unlike(self, site: Site) -> Part | None:
        """What the second recording has otherwise though a response gave it here: the user typed what was there already."""
        is_a_field = site.location in ("form", "json", "part", "query") or (site.location == "body" and is_inner(site))
        if not self.history.changed(site) or not is_a_field or is_untyped_token(site):
            return None
        if not self._is_an_amount(site) and (not any(map(str.isalpha, site.value)) or self.history.client_first(site.value)):
            return None
        reason = "the second recording has another value, which no response gave there"
        return self._parameter(site, reason, everywhere=False)

    def _parameter(self, site: Site, reason: str, everywhere: bool) -> Part:
        """A variable for a value of the user, which stands for it `everywhere` or at this site alone."""
        here = (folded(site.name or site.context), site.value, self.second.values.get((site.entry, *site.identity), ""))
        if not everywhere and here in self._alike:
            self._alike[here][1].uses.append(self.ledger.where(site))
            return self._alike[here][0]
        called = "text" if site.location == "body" else f"{singular(site.context)}_id"
        name = self.ledger.name(site.name or called)
        decision = self.ledger.record("parameterise", site.value, name, site)
        decision.evidence.append(reason)
        self.ledger.variable(decision, self._with_unique_words(site))
        if not everywhere:
            self._alike[here] = (Reference(name=name), decision)
            return Reference(name=name)
        self.typed_at[site.value] = site.started
        self._typed_there[site.value] = here[2]
        if len(site.value) >= _TELLING:
            self.ledger.result.shared[site.value] = (name, decision)
        part = self.ledger.bind(site.value, name, decision)
        self.ledger.fragile.add(part)  # who types something else may type a space or an `&`
        return part

    def around(self, site: Site, taken: Sequence[Slice]) -> list[Slice]:
        """Variables for the words of a typed text, beside what was given, that the second recording has otherwise."""
        theirs = _WORD.findall(self.second.sent(site) or "")
        found = []
        for word, other in zip(_WORD.finditer(site.value), theirs, strict=False):
            if word[0] != other and not any(cut.start < word.end() and word.start() < cut.end for cut in taken):
                said = replace(site, value=word[0])
                part = self.typed(said) if len(word[0]) >= _TELLING else None
                found.append(Slice(*word.span(), part or self._parameter(said, "typed into a form's input", everywhere=False)))
        return found

    def _has_unique_words(self, value: str) -> bool:
        """Whether a text holds a word that the user made up, and more."""
        return value not in self.unique and any(word in value for word in self.unique)

    def _with_unique_words(self, site: Site) -> Template:
        """What the user typed, with another word where one was made up."""
        words = [word for word in self.unique if word in site.value]
        pieces = re.split(f"({'|'.join(map(re.escape, words))})", site.value) if words else [site.value]
        return template(*(self.another(site, piece) if piece in words else piece for piece in pieces))

    def foretell(self, site: Site) -> None:
        """Make a variable of what the user typed where a script sends it spelled otherwise before it is sent as it is.

        An application asks whether `/slugs/market-day-f05fa879` is free before `Market day f05fa879` is saved.
        """
        words = [word for word in self.unique if word in site.value]
        spelled = folded_text(site.value)
        for text, sites in self.history.sites_of.items() if words else ():
            if " " in text and text not in self.ledger.bound and words[0] in text and folded_text(text) == spelled:
                self.typed(sites[0], loosely=True)
                return

    def is_made_up(self, value: str) -> bool:
        """Whether a value is a word, or the name of a file, that the user made up to be unique."""
        return value in self.unique or value in self.files

    def another(self, site: Site, word: str) -> Part:
        """What stands for a word that the user made up; the same one wherever it stands."""
        part = self.ledger.known(site, word) or self.ledger.again(site, word) or self._made_up(site, word)
        if word in self.files:
            self.ledger.result.uploads[word] = part
        return part

    def _made_up(self, site: Site, word: str) -> Part:
        name = self.ledger.name(self._drawn.get(word, "unique"))
        decision = self.ledger.record("generate", word, name, site)
        source = "the name of a file that the user uploaded" if word in self.files else "what the user typed"
        reason = f"a random word in {source}: another one each time, so that nothing is called the same twice"
        decision.evidence.append(DRAWN_BY_A_SCRIPT if word in self._drawn else reason)
        self.ledger.result.shared[word] = (name, decision)
        self.ledger.variable(decision, template(another(word)))
        return self.ledger.bind(word, name, decision)

    def hidden(self, site: Site) -> Part | None:
        """What stands for a password; a page that shows it (as demonstrations do) makes it no less one."""
        return self._password(site) if self.is_hidden(site) else None

    def is_hidden(self, site: Site) -> bool:
        """Whether a field or its name says that its value is a password, or lets its user in."""
        if is_password(site, self.facts):
            return True
        if site.location not in ("form", "json", "part", "query", "cookie") and not (site.location == "path" and site.name):
            return False
        if is_secret(site.name, site.value) or is_private_key(site.value):
            return True
        is_credential = site.location != "cookie" and is_credential_field(site.name, site.value)
        return is_credential and not self.sessions.has(site)

    def _password(self, site: Site) -> Part:
        self.typed_at.setdefault(site.value, site.started)
        return self.ledger.secret(site, identifier(site.name, fallback="password"), "a password by its field or name")

    # --- what nothing explains ----------------------------------------------------------------------------------------

    def leftover(self, site: Site) -> Part | None:
        """A value that nothing explains: a token is kept out of the test and asked for; the rest is constant."""
        if part := self.hidden(site):
            return part
        if site.location == "cookie" or site.key.startswith(NAME_KEY) or self._credentials(site):
            return None
        if reason := self._key(site):
            return self.ledger.secret(site, identifier(site.name, fallback="value"), reason)
        if self.looks_dynamic(site) and self._is_where_it_began(site):
            return None
        if self.looks_dynamic(site):
            return self._unresolved(site, "no response before it holds this value")
        if self._is_another_thing(site):
            return self._unresolved(site, "an id by its look, another one in the second recording, and no source gave both")
        self.doubt(site)
        return None

    def _is_where_it_began(self, site: Site) -> bool:
        """Whether a value is of the address of the page that the journey begins with; there it is told that it stays."""
        if site.value not in self.began or self.history.changed(site):
            return False
        if site.entry == self.entries[0].index:
            self.ledger.result.doubts[site] = _BEGAN
        return True

    def doubt(self, site: Site) -> None:
        """Keep in mind that a value stays which may be another one each time: it is told."""
        if reason := self.doubts.of(site):
            self.ledger.result.doubts[site] = reason

    def torn(self, site: Site) -> Part | None:
        """A value of which answers gave pieces only."""
        torn = is_torn(self.history, site) or is_in_part(self.history, site, site.value)
        return self._unresolved(site, "an answer gave pieces of it, and nothing takes the whole") if torn else None

    def _is_another_thing(self, site: Site) -> bool:
        """Whether an id is another one in the second recording (`/order/V0C7J`): as it is, it would be of a thing long gone."""
        if not self.history.changed(site) or not site.value.isdigit() or len(site.value) < LONG_ID:
            codes = (site.value, self.second.sent(site) or "") if site.location == "path" and self.history.changed(site) else ("",)
            return all(is_code(one) and is_mixed(one) for one in codes) and site.entry not in self.history.assets
        if is_round_or_date(site.value) or is_count_name(site.name) or site.location in ("header", "cookie", "body"):
            return False
        return self.history.server_made(site.value) or site.location == "path" or is_id_name(site.name)

    def _credentials(self, site: Site) -> bool:
        """Credentials behind a scheme, of which the rest of the value is kept."""
        value = site.value
        if _NO_CREDENTIALS.fullmatch(value):
            return True
        if site.key == "authorization":
            scheme, _, credentials = value.partition(" ")
            start, reason = len(scheme) + 1 if credentials else 0, "authorization without a source"
        else:
            one = _SCHEME.fullmatch(value)
            found = one if one and is_token(one[1]) else _FIELDS.fullmatch(value)
            if not found:
                return False
            start, reason = found.start(1), "credentials behind the name of their scheme"
        self.ledger.use(site, start, len(value), self.ledger.secret(site, "authorization", reason, value[start:]))
        return True

    def _key(self, site: Site) -> str:
        """Why a header holds a key, if it does; or a message of a WebSocket, on which browsers can send no headers."""
        if site.location == "header" and (is_secret_name(site.name) or is_credential_header(site.name, site.value)):
            return "a key by its name, without a source"
        if site.name and is_one_time(site.name, site.value, path_of(self.history.entry(site.entry))):
            return "what a link that works once holds"
        holds = is_credential(site) or _is_a_key(site) or has_form_of_key(site.name, site.value)
        shared = holds and self.history.changed(site) is False and is_token(site.value)
        return "credentials by the name of what holds them, without a source" if shared else ""

    def looks_dynamic(self, site: Site) -> bool:
        """Whether a value is random, and nothing says that it stays the same."""
        changed = self.history.changed(site)
        is_random = is_token(site.value) or is_around_a_token(self.history, site)
        is_named_so = is_constant_name(site.name) and not changed
        if not is_random or changed is False or is_named_so or site.entry in self.history.assets:
            return False
        # no response held it, so it is no ticket of the server
        if is_measure(site.value) or is_number_of_people(site) or is_of_words(site.value):
            return False
        if site.value in site.name:  # `hashed_field[c47d18…] = c47d18…`: what a field is called is the application's
            return False
        if self.history.uploaded.get(site.value, float("inf")) <= site.started:
            reason = "the name of a file that the user uploaded before"
            self.ledger.record("constant", site.value, "", site).evidence.append(reason)
            return False
        return not (site.location == "header" and changed is None and kind_of(site.value) == "text")

    def _unresolved(self, site: Site, reason: str) -> Part:
        hint = identifier(site.name, site.context, fallback="value")
        part = self.ledger.secret(site, hint, reason)
        decision = self.ledger.bound[site.value][1]
        decision.verdict = "unresolved"
        decision.evidence.append("looks dynamic; give it through the environment, or replace it in the intent")
        return part


def _is_a_key(site: Site) -> bool:
    """Whether a header or parameter holds a key of the application's user, by its name and length: `?key=AIza…`, `X-Shop-Key`."""
    return site.location in ("header", "query") and len(site.value) >= _KEY and site.name.lower().endswith("key")
