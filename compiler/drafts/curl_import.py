"""`curl` commands as a recording without answers, and what they say beyond one, put into the Plan that was made of it."""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from urllib.parse import unquote, urlsplit

from loadwright.compiler.agents.decide.naming import free_name
from loadwright.compiler.agents.decisions import Decision
from loadwright.compiler.agents.importing import Source
from loadwright.compiler.agents.observe.script_cookies import is_analytics_cookie
from loadwright.compiler.agents.values import mask
from loadwright.compiler.drafts.curl import Transfer
from loadwright.compiler.drafts.requests import holds_secret
from loadwright.compiler.plan.model import Cookie, DigestAuth, Header, Journey, Parallel, Plan, Request, Secret, Step
from loadwright.compiler.plan.node import DecisionOrigin, RecordingOrigin
from loadwright.compiler.plan.template import Reference, Template, template
from loadwright.compiler.recording.bodies import media_type_of
from loadwright.compiler.recording.model import (
    Entry,
    Headers,
    HostSummary,
    RecordedRequest,
    RecordedResponse,
    Recording,
    Selection,
    header,
)
from loadwright.compiler.recording.multipart import boundary_of, build_multipart, parse_multipart
from loadwright.compiler.recording.outline import outline
from loadwright.compiler.recording.urls import host_port, wire_url

_BOUNDARY = "loadwright-boundary"
_FLAG = re.compile(r"[0-9]{1,3}|[A-Za-z]{1,12}|[a-z]{2,3}[-_][A-Za-z]{2,4}")
"""Values of cookies that are settings, such as `en-GB` and `dark`; every other one may be a session."""
_OF_BROWSERS = frozenset(("accept", "accept-language", "cache-control", "pragma", "origin", "user-agent"))
"""Headers that an import leaves out where a browser wrote them; none holds a secret."""

_EVIDENCE = {
    "cookie": "no answer that sets this cookie is known; a session that was copied ends some time",
    "digest": "the password of digest authentication",
}


def curl_source(transfers: Sequence[Transfer], name: str) -> Source:
    """The requests as a recording without answers and without times, each in a step of its own."""
    entries = tuple(_entry(index, transfer) for index, transfer in enumerate(transfers))
    recording = Recording(name, entries, (), "curl", timed=False)
    kept = tuple(entry.index for entry in entries)
    hosts = list(dict.fromkeys(host_port(entry.request.url) for entry in entries))
    counts = [sum(host_port(entry.request.url) == host for entry in entries) for host in hosts]
    summaries = tuple(HostSummary(host, count, count) for host, count in zip(hosts, counts, strict=True))
    return Source(recording, Selection(kept, (), summaries), outline(recording, kept))


def _entry(index: int, transfer: Transfer) -> Entry:
    headers, body, parts = transfer.headers, transfer.body, transfer.parts
    content_type = header(headers, "content-type") or ""
    if parts:
        content_type = f"multipart/form-data; boundary={_BOUNDARY}"
        headers = (*(pair for pair in headers if pair[0].lower() != "content-type"), ("Content-Type", content_type))
        body = build_multipart(parts, _BOUNDARY)
    elif body is not None and (boundary := boundary_of(content_type, body)):
        parts = parse_multipart(body, boundary)
    request = RecordedRequest(
        transfer.method,
        wire_url(transfer.url),
        _with_user(headers, transfer.url),
        body,
        media_type_of(content_type) if body is not None else "",
        parts,
        transfer.body_missing,
    )
    return Entry(index, float(index), float(index), request, RecordedResponse(0))


def _with_user(headers: Headers, url: str) -> Headers:
    """The headers with the user and password of the URL."""
    user, found, _ = urlsplit(url).netloc.rpartition("@")
    if not found or header(headers, "authorization") is not None:
        return headers
    return (*headers, ("Authorization", f"Basic {b64encode(unquote(user).encode('utf-8', 'replace')).decode()}"))


# --- what a recording does not say ------------------------------------------------------------------------------------


def complete(plan: Plan, decisions: list[Decision], transfers: dict[str, Sequence[Transfer]]) -> Plan:
    """The Plan with what the commands of each recording, by its name, say beyond one: cookies, digest, `-k`, `-L`, `--max-time`.

    A cookie that may hold a session becomes a secret, and an unresolved decision: no answer that sets it is known.
    """
    return _Completer(plan, decisions, transfers).plan()


@dataclass(slots=True)
class _Completer:
    before: Plan
    decisions: list[Decision]
    transfers: dict[str, Sequence[Transfer]]
    secrets: list[Secret] = field(default_factory=list)
    taken: set[str] = field(default_factory=set)
    known: dict[tuple[str, str], Template] = field(default_factory=dict)
    """The value of each cookie, by its name and recorded value."""
    sent: set[tuple[str, str, str]] = field(default_factory=set)
    """Cookies that are in the jar already: host, name, value."""

    def plan(self) -> Plan:
        """See `complete`."""
        before = self.before
        self.taken = {t.name for t in before.targets} | {s.name for s in before.secrets} | {v.name for v in before.variables}
        journeys = tuple(self._journey(journey) for journey in before.journeys)
        loose = {_origin(t.url) for transfers in self.transfers.values() for t in transfers if t.insecure}
        targets = tuple(t.model_copy(update={"verify": False}) if t.url in loose else t for t in before.targets)
        return before.model_copy(update={"targets": targets, "secrets": (*before.secrets, *self.secrets), "journeys": journeys})

    def _journey(self, journey: Journey) -> Journey:
        self.sent = set()
        nodes = [
            node.model_copy(update={"actions": tuple(self._action(a) for a in node.actions)}) if isinstance(node, Step) else node
            for node in journey.nodes
        ]
        return journey.model_copy(update={"nodes": tuple(nodes)})

    def _action(self, action: object) -> object:
        if isinstance(action, Parallel):
            return action.model_copy(update={"requests": tuple(self._request(r) for r in action.requests)})
        return self._request(action) if isinstance(action, Request) else action

    def _request(self, request: Request) -> Request:
        origin = request.origin
        if not isinstance(origin, RecordingOrigin) or origin.recording not in self.transfers:
            return request
        transfer = self.transfers[origin.recording][origin.entry]
        changes: dict[str, object] = {"cookies": tuple(self._cookies(transfer))}
        changes["headers"] = (*request.headers, *self._written(request, transfer))
        changes |= {"redirects": "follow"} if transfer.follow else {}
        changes |= {"timeout": transfer.timeout} if transfer.timeout else {}
        if transfer.digest:
            user, password = transfer.digest
            changes["auth"] = DigestAuth(username=template(user), password=self._secret("password", password, "digest"))
        return request.model_copy(update=changes)

    def _written(self, request: Request, transfer: Transfer) -> Iterator[Header]:
        """The headers that a recording's browser adds by itself, and that here somebody wrote down."""
        if any(name.lower().startswith("sec-") for name, _ in transfer.headers):
            return  # copied from a browser
        taken = {h.name.lower() for h in (*request.headers, *self.before.defaults.headers)}
        for name, value in transfer.headers:
            if name.lower() in _OF_BROWSERS and name.lower() not in taken:
                yield Header(name=name, value=template(value))

    def _cookies(self, transfer: Transfer) -> list[Cookie]:
        found = []
        host = host_port(transfer.url)
        for name, value in transfer.cookies:
            if (host, name, value) in self.sent or is_analytics_cookie(name):
                continue
            self.sent.add((host, name, value))
            content = template(value) if _FLAG.fullmatch(value) and not holds_secret(name) else self._secret(name, value, "cookie")
            found.append(Cookie(name=name, value=content))
        return found

    def _secret(self, hint: str, value: str, kind: str) -> Template:
        """A value that is kept out of the test, and read from the environment."""
        if (hint, value) not in self.known:
            name = free_name(self.taken, hint)
            decision = Decision(
                id=f"d{max((int(d.id[1:]) for d in self.decisions), default=0) + 1}",
                verdict="unresolved" if kind == "cookie" else "secret",
                value=mask(value),
                variable=name,
                uses=[f"{kind} {hint}"],
                evidence=[_EVIDENCE[kind]],
            )
            self.decisions.append(decision)
            env = f"LOADWRIGHT_SECRET_{name.upper()}"
            self.secrets.append(Secret(name=name, env=env, origin=DecisionOrigin(decision=decision.id)))
            self.known[hint, value] = template(Reference(name=name))
        return self.known[hint, value]


def _origin(url: str) -> str:
    parts = urlsplit(wire_url(url))
    return f"{parts.scheme}://{parts.netloc}"
