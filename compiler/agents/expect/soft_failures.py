"""Failures that a recording itself shows: what a test made of it would repeat, or fail on."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import urlsplit

from msgspec import Struct, field
from msgspec.structs import replace

from loadwright.compiler.agents.expect.logins import (
    LOGIN_PATH,
    LoginForm,
    ends_session,
    invites,
    is_attempt,
    landing,
    leaves,
    login_form,
    refused,
)
from loadwright.compiler.agents.expect.other_shapes import OtherShapes
from loadwright.compiler.agents.expect.pressed import pressed_to_leave
from loadwright.compiler.agents.expect.said_errors import SaidErrors
from loadwright.compiler.agents.expect.wrong_answers import Answers, Key, Seen, kept_going, wants_a_session
from loadwright.compiler.agents.observe.sites import is_asset
from loadwright.compiler.recording.kinds import body_type, path_of
from loadwright.compiler.recording.model import Entry, header
from loadwright.compiler.recording.redirects import redirect_sources
from loadwright.compiler.recording.urls import path_template

_MANY = 4
"""Endpoints that fail after a failure, and nothing else: these follow from it."""
_AGAIN = "record the journey again with the failure mended, or leave these steps out"
_IN_ONE_GO = "record the journey again in one go"
ADVICE: dict[str, tuple[str, str]] = {
    "login failed": (
        "what follows, up to a log-in that works, was recorded without being logged in, so a test of it measures the wrong pages",
        "record again with a user and password that work; fine if the refusal is what is tested",
    ),
    "login page": ("the session was lost, so the page that was asked for is not in the recording", _IN_ONE_GO),
    "redirect to login": ("the session was lost, and the application sent the user to log in", _IN_ONE_GO),
    "redirect to an error page": ("the application gave up on this request", _AGAIN),
    "error payload": ("the status says that all is well and the answer says that it is not", _AGAIN),
    "GraphQL errors": ("errors of GraphQL come with status 200", "mend the query or its variables, and record again"),
    "SOAP fault": ("the call failed, whatever its status says", _AGAIN),
    "error title": ("the page is an error page, whatever its status says", f"{_AGAIN}; fine if the page only speaks of errors"),
    "error message": (
        "the page says in its own words that what was asked was not done",
        f"{_AGAIN}; fine if the refusal is what is tested",
    ),
    "exception text": (
        "the application failed while it made this answer",
        "tell its developers, and record again when it is mended; fine if the page only quotes one",
    ),
    "session expired": ("the page tells that the session is over", _IN_ONE_GO),
    "challenge page": (
        "the application wants to see that a person is there, which no test can show",
        "switch this check off where the test runs, and record again",
    ),
    "wrong type": ("what came is not what the client can use: often an error page or a login page", _AGAIN),
    "empty body": ("an answer that should hold something holds nothing", _AGAIN),
    "error status": ("the test expects this status, so it passes while the application fails", f"{_AGAIN}; fine if it is meant"),
}
"""For each rule, why it matters and what to do."""


class RecordedFailure(Struct):
    """A failure at its root; nothing in it is text of the recording but the path without values."""

    recording: str
    entry: int
    request: str
    """Method and path, ids left out."""
    rule: str
    seen: str
    start: int = 0
    end: int = 0
    """The characters of the body that show it; none when both are 0."""
    follows: list[int] = field(default_factory=list)
    """The later entries that this failure explains."""
    follow_what: str = ""
    """What these are: `later requests`, `answers alike`."""

    @property
    def why(self) -> str:
        """Why it matters."""
        return ADVICE[self.rule][0]

    @property
    def advice(self) -> str:
        """What to do."""
        return ADVICE[self.rule][1]

    @property
    def cascade(self) -> str:
        """What follows from it, in words; empty when nothing does."""
        count = len(self.follows)
        if not count:
            return ""
        if self.follow_what == "alike":
            return f"{count} more {'answer' if count == 1 else 'answers'} of this kind"
        return f"{count} later {'request follows' if count == 1 else 'requests follow'} from it"


class LookedThrough(Struct, frozen=True):
    """What looking through a recording for failures found."""

    failures: list[RecordedFailure]
    """Each at its root, in the order of the recording."""
    without_error: frozenset[int]
    """The entries (`id`) whose bodies were searched and tell of no error: nobody needs to search them again."""


def look_through(recording: str, entries: Sequence[Entry], others: Sequence[Sequence[Entry]] = ()) -> LookedThrough:
    """Look for failures in a recording.

    `others` are the entries of other recordings of the journey: what their answers hold is expected of these too.
    """
    walk = _Walk(recording, entries, others)
    failures = walk.run()
    return LookedThrough(failures, frozenset(walk.answers.without_error))


def recorded_failures(recording: str, entries: Sequence[Entry], others: Sequence[Sequence[Entry]] = ()) -> list[RecordedFailure]:
    """The failures of a recording, each at its root, in the order of the recording; `others` as in `look_through`."""
    return look_through(recording, entries, others).failures


class _Walk:
    """Goes through a recording and keeps track of whether the user is logged in."""

    def __init__(self, recording: str, entries: Sequence[Entry], others: Sequence[Sequence[Entry]]) -> None:
        self.recording, self.entries = recording, entries
        self.answers = Answers((entries, *others))
        self.by_index = {entry.index: entry for entry in entries}
        self.sources = redirect_sources(entries)
        self.said, self.shapes = SaidErrors(entries, self.sources), OtherShapes(entries)
        self.followers = {source: self.by_index[target] for target, source in self.sources.items()}
        self.challenges = kept_going(entries)
        self.forms: list[LoginForm] = []
        self.pages_with_form: set[str] = set()
        self.logged_in = False
        self.root: RecordedFailure | None = None
        """The failure that what comes now follows from."""
        self.found: list[RecordedFailure] = []
        self.seen_forms: dict[int, LoginForm | None] = {}
        self.seen_leaving: dict[int, bool] = {}
        self.alike: dict[tuple[Key, str], RecordedFailure] = {}
        self.works_until: dict[str, int] = {}
        """Host: the position of an answer that was fine, with another one behind it."""
        self.answered: set[tuple[str, ...]] = set()
        """Method, host and path of calls that were answered."""
        self.chains: dict[int, RecordedFailure] = {}
        """Entry of a chain of redirects: the failure at its head."""

    def run(self) -> list[RecordedFailure]:
        """All failures."""
        for entry in self.entries:
            self._entry(entry)
        return self.found

    def _entry(self, entry: Entry) -> None:
        attempt = is_attempt(entry, self.forms)
        if attempt:
            self._attempt(entry)
            return
        seen = self._session(entry) if self.logged_in else self._sent_away(entry)
        lost = seen is not None and self.logged_in
        if seen is None and entry.index not in self.challenges:
            seen = self._wrong(entry)
        if seen is not None and not self._expected(entry, seen):
            self._fail(entry, seen, lost)
        elif self.root is not None:
            self._follow(entry)
        self._learn(entry)
        if self._leaves(entry):
            self.logged_in, self.root = False, None

    def _attempt(self, entry: Entry) -> None:
        reason = refused(entry, landing(entry, self.followers), self.forms)
        wrong = None if reason else self._wrong(entry)
        if not reason and wrong is None:
            self.logged_in, self.root = True, None
            return
        self.logged_in = False
        if self.root is not None and self.root.rule == "login failed":
            self._follow(entry)
        else:
            seen = Seen("login failed", reason) if wrong is None else replace(wrong, rule="login failed")
            self._fail(entry, seen, lost=True)

    def _wrong(self, entry: Entry) -> Seen | None:
        """What is wrong with an answer by itself, or beside others of its endpoint."""
        return self.answers.wrong(entry) or self.said.wrong(entry) or self.shapes.wrong(entry)

    def _nothing_works_after(self, entry: Entry) -> bool:
        """Whether all that this host answers from here to the next log-in or log-out is wrong too, but for one answer at most."""
        position, host = self.entries.index(entry), urlsplit(entry.request.url).netloc
        if position < self.works_until.get(host, 0):
            return False
        wrong: set[Key] = set()
        fine: list[int] = []
        for at, later in enumerate(self.entries[position + 1 :], position + 1):
            if urlsplit(later.request.url).netloc != host or is_asset(later) or later.index in self.challenges:
                continue
            if is_attempt(later, self.forms) or self._leaves(later):
                break
            leads = LOGIN_PATH.search(urlsplit(later.response.redirect or "").path)
            if leads or self._form(later) or self._wrong(later):
                wrong.add(self.answers.endpoint(later))
            else:
                fine.append(at)
            if len(fine) > 1:
                self.works_until[host] = fine[0]
                return False
        return len(wrong) >= _MANY

    def _session(self, entry: Entry) -> Seen | None:
        """Whether the session was lost: what asks to log in, in place of what was asked for."""
        response = entry.response
        if self._leaves(entry) or is_asset(entry) or self._led_by_leaving(entry) or self._ends(entry):
            return None
        if response.redirect:
            end = landing(entry, self.followers)
            asks = self._asks(end) if end is not entry else bool(LOGIN_PATH.search(urlsplit(response.redirect).path))
            if asks and pressed_to_leave(entry, (e for e in reversed(self.entries) if e.ended <= entry.started)):
                self.seen_leaving[entry.index] = True
                return None
            return Seen("redirect to login", "it leads to the login page, after a login and without a logout") if asks else None
        asked_for = LOGIN_PATH.search(path_of(entry)) and entry.index not in self.sources
        if not asked_for and self._asks(entry):
            return Seen("login page", "a form to log in, after a login and without a logout")
        return None

    def _sent_away(self, entry: Entry) -> Seen | None:
        """Whether a call that was answered before leads to a login page, where no login was seen."""
        if entry.request.method == "GET" or "json" not in body_type(entry.request):
            return None
        asked = self.answers.endpoint(entry)
        if 200 <= entry.response.status < 300:
            self.answered.add(asked[:3])
        elif entry.response.redirect and asked[:3] in self.answered and LOGIN_PATH.search(urlsplit(entry.response.redirect).path):
            return Seen("redirect to login", "it leads to the login page, and was answered before")
        return None

    def _asks(self, entry: Entry) -> bool:
        """Whether a page asks to log in; a form that stood on several pages before the login says nothing."""
        form = self._form(entry)
        if form is None:
            return False
        known = any(form.names == one.names for one in self.forms)
        if known and len(self.pages_with_form) > 1:
            return False
        return known or (len(form.names) > 1 and invites(entry))

    def _leaves(self, entry: Entry) -> bool:
        if entry.index not in self.seen_leaving:
            self.seen_leaving[entry.index] = leaves(entry)
        return self.seen_leaving[entry.index]

    def _form(self, entry: Entry) -> LoginForm | None:
        if entry.index not in self.seen_forms:
            self.seen_forms[entry.index] = login_form(entry)
        return self.seen_forms[entry.index]

    def _ends(self, entry: Entry) -> bool:
        """Whether the user logged out by a name that is not known: a sent cookie was taken back, and the login page came."""
        if not ends_session(entry) or not self._asks(landing(entry, self.followers)):
            return False
        self.logged_in = False
        return True

    def _led_by_leaving(self, entry: Entry) -> bool:
        """Whether the request follows the redirects of a logout."""
        for _ in range(20):
            source = self.by_index.get(self.sources.get(entry.index, -1))
            if source is None:
                return False
            entry = source
            if self._leaves(entry):
                return True
        return False

    def _expected(self, entry: Entry, seen: Seen) -> bool:
        """Whether a status, or the error of GraphQL in its place, is what a client meets that is not logged in yet."""
        if seen.rule == "GraphQL errors":
            refused = wants_a_session(entry) and self._has_no_credentials_but_given(entry)
        elif seen.rule == "error status" and not header(entry.request.headers, "authorization"):
            refused = entry.response.status in (401, 403) or (entry.response.status < 500 and self._is_answered_later(entry))
        else:
            return False
        return refused and not self.logged_in and self.root is None

    def _has_no_credentials_but_given(self, entry: Entry) -> bool:
        """Whether what a request authorizes itself with, if anything, was given to a visitor: an earlier answer has it."""
        token = (header(entry.request.headers, "authorization") or "").rpartition(" ")[2]
        before = (e.response for e in self.entries if e.ended <= entry.started)
        return not token or any(token == value for response in before for _, value in response.headers)

    def _is_answered_later(self, entry: Entry) -> bool:
        """Whether the same request is answered later on: a page asks for a session that is not there yet."""
        asked = (entry.request.method, entry.request.url, entry.request.body)
        later = (e for e in self.entries if e.started > entry.ended and (e.request.method, e.request.url) == asked[:2])
        return any(e.request.body == asked[2] and 200 <= e.response.status < 300 for e in later)

    def _fail(self, entry: Entry, seen: Seen, lost: bool) -> None:
        head = self._head(entry)
        if head is not None and head.entry != entry.index:
            head.follows.append(entry.index)
            return
        alike = self.alike.get((self.answers.endpoint(entry), seen.rule))
        if self.root is not None:
            self._follow(entry)
        elif alike is not None and not lost:
            alike.follows.append(entry.index)
            alike.follow_what = "alike"
        else:
            path = path_template(path_of(entry) or "/")
            failure = RecordedFailure(
                self.recording, entry.index, f"{entry.request.method} {path}", seen.rule, seen.seen, seen.start, seen.end
            )
            self.found.append(failure)
            self.alike[self.answers.endpoint(entry), seen.rule] = failure
            self.chains[entry.index] = failure
            if lost or self._nothing_works_after(entry):
                self.root, self.logged_in = failure, False

    def _head(self, entry: Entry) -> RecordedFailure | None:
        """The failure that redirected to an entry."""
        source = self.sources.get(entry.index)
        found = self.chains.get(source) if source is not None else None
        if found is not None:
            self.chains[entry.index] = found
        return found

    def _follow(self, entry: Entry) -> None:
        if self.root is not None:
            self.root.follows.append(entry.index)

    def _learn(self, entry: Entry) -> None:
        """Keep the forms that ask to log in, and count the pages that have one before the user did."""
        form = self._form(entry) if not self.logged_in and self.root is None else None
        if form is not None:
            if form not in self.forms:
                self.forms.append(form)
            if entry.index not in self.sources:
                self.pages_with_form.add(path_template(path_of(entry)))


def by_entry(failures: Sequence[RecordedFailure]) -> dict[tuple[str, int], RecordedFailure]:
    """The failures by recording and entry, with the entries that follow from them."""
    found: dict[tuple[str, int], RecordedFailure] = {}
    for failure in failures:
        for entry in failure.follows:
            found.setdefault((failure.recording, entry), failure)
    for failure in failures:
        found[failure.recording, failure.entry] = failure
    return found
