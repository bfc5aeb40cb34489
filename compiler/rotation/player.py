"""The rotating application: a request in, an answer out; no network."""

from __future__ import annotations

import base64
import json
import re
import threading
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from itertools import pairwise
from urllib.parse import unquote

from loadwright.compiler.recording.kinds import is_static
from loadwright.compiler.recording.model import Headers, RecordedRequest
from loadwright.compiler.recording.sockets import OPEN, SEND, entry_of
from loadwright.compiler.recording.urls import path_template
from loadwright.compiler.rotation import judge
from loadwright.compiler.rotation.made import JWT
from loadwright.compiler.rotation.pieces import Cut, anchor, cut, join, unpacked
from loadwright.compiler.rotation.script import Scene, Script
from loadwright.compiler.rotation.session import GivenCookie, Ledger, Session

REASON_HEADER = "X-Rotation-Refused"
_RUN = re.compile(r"[A-Za-z0-9]{3,}")


@dataclass(frozen=True, slots=True)
class Answer:
    """What goes back."""

    status: int
    headers: Headers
    body: bytes


@dataclass(frozen=True, slots=True)
class Exchange:
    """What the log keeps of a request; it holds no value of a session."""

    number: int
    session: int
    label: str
    """Method and path, values left out."""
    entry: int | None
    """The recorded entry it was taken for."""
    status: int
    accepted: bool
    reason: str = ""
    kind: str = ""

    def document(self) -> dict[str, object]:
        """As JSON."""
        return asdict(self)


class Player:
    """Plays a script to any number of clients; calls may come from several threads."""

    def __init__(self, script: Script, seed: str = "1") -> None:
        self.script, self.ledger = script, Ledger(seed)
        self.log: list[Exchange] = []
        self.origins: Mapping[str, str] = {}
        """Recorded `scheme://host` to the address that stands for it; set by whoever listens."""
        self._connections: dict[object, Session] = {}
        self._lock = threading.Lock()

    def answer(self, request: RecordedRequest, host: str, connection: object = None) -> Answer:
        """The answer to a request for a recorded host (`host:port`); its URL is as recorded, of that host."""
        return self._answer(request, host, connection)[0]

    def open(self, request: RecordedRequest, host: str, connection: object = None) -> tuple[Answer, Conversation | None]:
        """The answer to the opening of a WebSocket, and the conversation on it; none when it is refused."""
        is_told = self._owner(judge.parsed(request, self.ledger)) is not None
        answer, session, scene = self._answer(replace(request, method=OPEN), host, connection)
        return answer, Conversation(self, session, scene, is_told) if session and scene else None

    def speaker(self, text: str) -> Session | None:
        """The session whose values a message holds."""
        with self._lock:
            return self._owner(judge.parsed(RecordedRequest(SEND, "", (), text.encode()), self.ledger))

    def _answer(self, request: RecordedRequest, host: str, connection: object) -> tuple[Answer, Session | None, Scene | None]:
        received = judge.parsed(request, self.ledger)
        found = judge.candidates(self.script, request.method, host, received)
        with self._lock:
            if not found:
                label = f"{request.method} {path_template('/' + request.url.partition('://')[2].partition('/')[2])}"
                unknown = judge.Refusal("unknown", "request", "is not in the recording")
                return self._refused(404, label, None, None, unknown), None, None
            session, scene = self._session(found, received, connection)
            refusal = self._refusal(scene, received, session)
            if refusal:
                return self._refused(403, scene.label, scene, session, refusal), None, None
            self._connections[connection] = session
            return self._played(scene, received, session), session, scene

    def message(self, text: str, session: Session, scenes: Sequence[Scene]) -> tuple[Scene | None, str]:
        """The recorded message that a received one is, of those of its WebSocket; and why it is refused, if it is."""
        received = judge.parsed(RecordedRequest(SEND, "", (), text.encode()), self.ledger)
        with self._lock:
            if not scenes:
                unknown = judge.Refusal("unknown", "message", "is not in the recording")
                self._refused(404, SEND, None, session, unknown)
                return None, f"{unknown.site} {unknown.reason}"
            scene = judge.choose(list(scenes), received, session)
            if refusal := self._refusal(scene, received, session):
                self._refused(403, scene.label, scene, session, refusal)
                return None, f"{refusal.site} {refusal.reason}"
            self._played(scene, received, session)
            return scene, ""

    def said(self, scene: Scene, session: Session) -> str:
        """A message of the server, with this session's values."""
        with self._lock:
            return self._played(scene, {}, session).body.decode()

    # --- whose request ------------------------------------------------------------------------------------------------

    def _session(self, found: list[Scene], received: judge.Sites, connection: object) -> tuple[Session, Scene]:
        known = self._owner(received)
        if known:
            return known, judge.choose(found, received, known)
        last = self._connections.get(connection)
        if last is None and found[0].entry.request.method == OPEN and self.ledger.sessions:
            last = self.ledger.sessions[-1]  # a WebSocket is a connection of its own: what opens it is who came last
        if last:
            scene = judge.choose(found, received, last)
            if scene.entry.index not in last.served:
                return last, scene
        if last is None and (follower := self._follower(found) or self._companion(found)):
            return follower
        session = self._open()
        return session, judge.choose(found, received, session)

    def _follower(self, found: list[Scene]) -> tuple[Session, Scene] | None:
        """The only session of which a first request to another host is next: nothing that it carries may tell whose it is."""
        before = {later.entry.index: scene for scene, later in pairwise(self.script.scenes)}
        for scene in found:
            cause = before.get(scene.entry.index)
            if cause is None or cause.host == scene.host:
                continue
            waiting = [s for s in self.ledger.sessions if s.position == cause.entry.index and scene.entry.index not in s.served]
            if len(waiting) == 1:
                return waiting[0], scene
        return None

    def _companion(self, found: list[Scene]) -> tuple[Session, Scene] | None:
        """The only session that is at a request beside which this one was sent: without a cookie its connection tells nothing."""
        runs = self.script.side_by_side
        for scene in found:
            index = scene.entry.index
            waiting = [s for s in self.ledger.sessions if runs.get(s.position) == runs[index] and index not in s.served]
            if len(waiting) == 1:
                return waiting[0], scene
        return None

    def _owner(self, received: judge.Sites) -> Session | None:
        """The session that most of the values in a request were given to; cookies count first."""
        ordered = sorted(received.values(), key=lambda site: site.where != "cookie")
        for site in ordered:
            for run in _RUN.findall(f"{site.name} {unquote(site.text)}"):
                issue = self.ledger.issued(run)
                if issue:
                    return self.ledger.sessions[issue.session - 1]
        return None

    def _open(self) -> Session:
        session = self.ledger.open()
        session.runs = self.script.side_by_side
        session.current.update(self.origins)
        return session

    # --- answers ------------------------------------------------------------------------------------------------------

    def _refusal(self, scene: Scene, received: judge.Sites, session: Session) -> judge.Refusal | None:
        recorded = next(judge.recorded_values(self.script, received), None)
        if recorded:
            return recorded
        wrong = next(judge.refusals(scene, received, session), None)
        return judge.explained(wrong, received, session, self.ledger) if wrong else judge.pkce(received, session)

    def _refused(self, status: int, label: str, scene: Scene | None, session: Session | None, refusal: judge.Refusal) -> Answer:
        reason = f"{refusal.site} {refusal.reason}"
        entry = scene.entry.index if scene else None
        number = session.number if session else 0
        self.log.append(Exchange(len(self.log) + 1, number, label, entry, status, False, reason, refusal.kind))
        body = json.dumps({"refused": refusal.kind, "site": refusal.site, "reason": reason}).encode() + b"\n"
        shown = reason.encode("ascii", "replace").decode().replace("\n", " ")
        return Answer(status, (("Content-Type", "application/json"), (REASON_HEADER, shown)), body)

    def _played(self, scene: Scene, received: judge.Sites, session: Session) -> Answer:
        index, method = scene.entry.index, scene.entry.request.method
        judge.learn(scene, received, session, self.ledger)
        again = index in session.served and method not in ("GET", "HEAD")
        for value in sorted(scene.births, key=lambda one: JWT.fullmatch(one) is not None):  # whose claims hold the others
            if again or value not in session.current:
                self._issue(session, value)
        for value in self._unissued(scene, session):
            self._issue(session, value)
        session.served.add(index)
        if not is_static(scene.entry):  # these are asked for side by side, in any order
            session.position = index
        headers = tuple((name, join(part.pieces, session.now)) for name, part in scene.headers)
        for name, value in headers:
            if name.lower() == "set-cookie":
                cookie, _, text = value.partition(";")[0].strip().partition("=")
                given = GivenCookie(text, self.script.side_by_side[index])
                session.cookies.setdefault(self.ledger.as_recorded(cookie), []).append(given)
        body = join(scene.body.pieces, session.now).encode() if isinstance(scene.body, Cut) else scene.body
        status = scene.entry.response.status
        self.log.append(Exchange(len(self.log) + 1, session.number, scene.label, index, status, True))
        return Answer(status, headers, b"" if status in (204, 304) else body)

    def _issue(self, session: Session, value: str) -> None:
        """Give a value out; the claims of a JWT speak of this session."""
        like = None
        if JWT.fullmatch(value):
            head, claims, signature = value.split(".")
            pieces = cut(unpacked(claims), [v for v in self.script.values if v != value])
            written = base64.urlsafe_b64encode(join(pieces, session.now).encode()).decode().rstrip("=")
            like = f"{head}.{written or claims}.{signature}"
        self.ledger.issue(session, value, like)

    def _unissued(self, scene: Scene, session: Session) -> list[str]:
        """The server's values in an answer whose first answer this session has skipped."""
        parts = [part for _, part in scene.headers] + ([scene.body] if isinstance(scene.body, Cut) else [])
        values = dict.fromkeys(value for part in parts for value in part.values if value in scene.known)
        return [value for value in values if value not in session.current and anchor(value)]


class Conversation:
    """An open WebSocket: after each message of the client comes what was recorded after it."""

    def __init__(self, player: Player, session: Session, opening: Scene, is_told: bool = True) -> None:
        self.player, self.session = player, session
        self.is_told = is_told
        """Whether it is known whose it is: browsers may send nothing of a session with the opening, but in a message."""
        self.scenes = [s for s in player.script.scenes if s is not opening and entry_of(s.entry.index) == opening.entry.index]
        self.sends = [s for s in self.scenes if s.entry.request.method == SEND]

    def greeting(self) -> list[str]:
        """The messages that come before the client says anything."""
        return self._from(0)

    def hear(self, text: str) -> tuple[list[str], str]:
        """The messages that come after one of the client, and why it is refused, if it is."""
        if not self.is_told and (speaker := self.player.speaker(text)):
            self.session, self.is_told = speaker, True
        scene, refused = self.player.message(text, self.session, self.sends)
        return ([] if scene is None else self._from(self.scenes.index(scene) + 1)), refused

    def _from(self, place: int) -> list[str]:
        said = []
        for scene in self.scenes[place:]:
            if scene.entry.request.method == SEND:
                break
            said.append(self.player.said(scene, self.session))
        return said
