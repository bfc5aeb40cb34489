"""Which recorded request a received one is, and whether what it carries is fresh."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from urllib.parse import unquote, unquote_plus

from loadwright.compiler.recording.model import RecordedRequest
from loadwright.compiler.recording.sockets import entry_label
from loadwright.compiler.rotation.made import MOMENT, UUID
from loadwright.compiler.rotation.pieces import Cut, Packed, Piece, Place, cut, join, unpacked_runs
from loadwright.compiler.rotation.script import Scene, Script, is_variable
from loadwright.compiler.rotation.session import Ledger, Session
from loadwright.compiler.rotation.sites import Site, sites

Sites = Mapping[tuple[str, str, int], Site]
_RUN = re.compile(r"[A-Za-z0-9]{3,}")
_REFERER = ("header", "referer", 0)
_PASSWORD = re.compile(r"passw|passphrase|pwd", re.IGNORECASE)
"""A field of this name has a stand-in: it tells no request from another."""


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a request is refused; no value is repeated."""

    kind: str
    """recorded, stale, misplaced, foreign, wrong, missing, malformed, pkce, unknown."""
    site: str
    reason: str


def candidates(script: Script, method: str, host: str, received: Sites) -> list[Scene]:
    """The recorded requests of the same method and host whose path the received one may be."""
    segments = [site.text for site in received.values() if site.where == "path"]
    found = script.by_shape.get((method, host, len(segments)), ())
    return [s for s in found if all(p is None or p == text for p, text in zip(s.path, segments, strict=True))]


def choose(found: list[Scene], received: Sites, session: Session) -> Scene:
    """The scene of a request: the same shape, constants and path, not served yet, nothing refused, sent by the same page, the
    same cookies, next in order.

    `/site/search` is the call of this name, though a page was made at `/site/{id}` whose name the client chose.
    """

    def rank(scene: Scene) -> tuple[int, int, int, int, bool, int, bool, int, bool, float, int]:
        theirs = {p: s for p, (s, _) in scene.sites.items() if _says_what(s)}
        ours = {p: s for p, s in received.items() if _says_what(s)}
        shape = len(theirs.keys() ^ ours.keys())
        said = ((p, s) for p, s in theirs.items() if p in ours and not _PASSWORD.search(s.name or s.key))
        other = [s for p, s in said if _is_another(scene, p, ours[p], session)]
        made = sum(bool(scene.sites[site.place][1].values) or is_variable(site.text) for site in other)
        renamed = sum(p in ours and ours[p].text != s.text for p, s in theirs.items() if s.where == "path")
        refused = sum(1 for _ in refusals(scene, received, session))
        jar = len(_cookies(s for s, _ in scene.sites.values()) ^ _cookies(received.values()))
        index = scene.entry.index
        page = _is_of_another_page(scene, received, session)
        order = session.is_past(index), scene.entry.started, index  # the file may have them in another
        return shape, len(other) - made, made, renamed, index in session.served, refused, page, jar, *order

    return min(found, key=rank)


def _says_what(site: Site) -> bool:
    """Whether a site says what is asked for: all calls of SOAP 1.1 have one address, and name what they do in a header."""
    return site.where not in ("header", "cookie") or site.key == "soapaction"


def _is_another(scene: Scene, place: tuple[str, str, int], received: Site, session: Session) -> bool:
    """Whether a text is neither the recorded one, nor what this client makes of it: a word that it sent before is known."""
    recorded, part = scene.sites[place]
    if not part.values:
        return recorded.text != received.text
    known = all(v in session.current and v not in scene.known and "://" not in v for v in part.values)
    return known and join(part.pieces, session.now) != received.text


def _is_of_another_page(scene: Scene, received: Sites, session: Session) -> bool:
    """Whether a request says that another page sent it: many send the same call."""
    ours, theirs = received.get(_REFERER), scene.sites.get(_REFERER)
    return ours is not None and theirs is not None and join(theirs[1].pieces, session.now) != ours.text


def _cookies(sites: Iterable[Site]) -> set[str]:
    return {site.key for site in sites if site.where == "cookie"}


def refusals(scene: Scene, received: Sites, session: Session) -> Iterator[Refusal]:
    """What of a request is not what this session was given."""
    for place, (site, part) in scene.sites.items():
        wanted = [piece for piece in part.pieces if not isinstance(piece, str) and _of_server(piece, scene.known)]
        ours = received.get(place)
        named = scene.named.get(place)
        if named and ours is not None and (ours.name or ours.key) != join(named.pieces, session.now):
            yield Refusal("wrong", str(site), "is named after what is not the value that this session was given last")
        if not wanted and not (named and ours is None):
            if ours is not None and UUID.fullmatch(site.text) and not UUID.fullmatch(ours.text):
                yield Refusal("malformed", str(site), "is no UUID")
            continue
        if ours is None:
            if not site.is_optional:
                yield Refusal("missing", str(site), "is missing")
            continue
        if site.where == "cookie" and session.may_hold(site.key, ours.text, scene.entry.index):
            continue
        texts = {ours.text, unquote(ours.text), unquote_plus(ours.text)}
        for piece in wanted:
            plain = session.now(piece.value) if isinstance(piece, Place) else join((piece,), session.now)
            if not any(plain in text or join((piece,), session.now) in text for text in texts):
                yield Refusal("wrong", str(site), "is not the value that this session was given last")


def _of_server(piece: Piece, known: frozenset[str]) -> bool:
    if isinstance(piece, Packed):
        return any(_of_server(inside, known) for inside in piece.inside)
    return isinstance(piece, Place) and piece.value in known


def recorded_values(script: Script, received: Sites) -> Iterator[Refusal]:
    """Values of the recording itself that a request still carries."""
    server = [v.text for v in script.rotated()]
    for site in received.values():
        name = site.name or site.key
        text = f"{'' if MOMENT.fullmatch(name) else name}\n{site.text}\n{unpacked_runs(site.text)}"
        for value in Cut(text, cut(text, server)).values:
            origin = script.values[value].entry
            yield Refusal("recorded", str(site), f"is the recorded value, which the answer of {entry_label(origin)} gave then")


def explained(refusal: Refusal, received: Sites, session: Session, ledger: Ledger) -> Refusal:
    """A wrong value as what it is: stale, or another session's."""
    if refusal.kind != "wrong":
        return refusal
    texts = [text for site in received.values() if str(site) == refusal.site for text in (site.name, site.text)]
    for run in (run for text in texts for run in _RUN.findall(unquote(text))):
        issue = ledger.issued(run)
        if issue and issue.session != session.number:
            return Refusal("foreign", refusal.site, "was given to another session")
        replaced = refusal.site.startswith("cookie")  # another value under a cookie's name is what the name held before
        if issue and (replaced or session.current.get(issue.recorded) != issue.text):
            return Refusal("stale", refusal.site, "is stale: this session was given a newer value since")
        if issue:
            return Refusal("misplaced", refusal.site, "is another of this session's values, not the one that belongs here")
    return refusal


def learn(scene: Scene, received: Sites, session: Session, ledger: Ledger) -> None:
    """Keep what the client made, so that answers give it back."""
    for place, (_, part) in scene.sites.items():
        ours = received.get(place)
        spots = [
            n for n, p in enumerate(part.pieces) if isinstance(p, Place) and p.value not in scene.known and "://" not in p.value
        ]
        if ours is None or len(spots) != 1:
            continue
        at = spots[0]
        before, after = join(part.pieces[:at], session.now), join(part.pieces[at + 1 :], session.now)
        piece = part.pieces[at]
        if isinstance(piece, Place) and ours.text.startswith(before) and ours.text.endswith(after):
            middle = ours.text[len(before) : len(ours.text) - len(after)]
            if piece.written == piece.value and middle:
                ledger.learn(session, piece.value, middle)


def pkce(received: Sites, session: Session) -> Refusal | None:
    """Hold a PKCE verifier against the challenge that this session sent; S256 alone."""
    named = {site.key.rpartition(".")[2]: site for site in received.values()}
    if named.get("code_challenge_method") and named["code_challenge_method"].text == "S256" and "code_challenge" in named:
        session.challenge = named["code_challenge"].text
    verifier = named.get("code_verifier")
    if verifier and session.challenge:
        digest = hashlib.sha256(verifier.text.encode()).digest()
        if base64.urlsafe_b64encode(digest).decode().rstrip("=") != session.challenge.rstrip("="):
            return Refusal("pkce", str(verifier), "does not belong to the code challenge that this session sent")
    return None


def parsed(request: RecordedRequest, ledger: Ledger) -> Sites:
    """A request's sites by place; a field that is named after a value has the recorded name."""
    return {site.place: site for site in sites(request, ledger.as_recorded)}
