"""Which values of a recording a session makes anew: the server's, to be rotated, and the client's, to be given back."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from urllib.parse import unquote, unquote_plus, urlsplit

from loadwright.compiler.recording.alignment import longest_common
from loadwright.compiler.recording.kinds import is_static
from loadwright.compiler.recording.model import Entry
from loadwright.compiler.recording.urls import host_port, path_template
from loadwright.compiler.rotation.made import JWT, MOMENT, UUID, looks_made, names_a_file
from loadwright.compiler.rotation.pieces import anchor, holds, unpacked, unpacked_runs
from loadwright.compiler.rotation.sites import Site, sites

_APPLICATION = re.compile(r"(?:client|app|application|tenant)_?id|integrity|next-action|v|ver|version|build", re.IGNORECASE)
"""Names of what the application itself fixes."""
_COARSE = re.compile(r"[\s?&=#,;<>\"'(){}\[\]]+")
_RUN = re.compile("[A-Za-z0-9]+")
_FINE = re.compile(r"[:|./]+")
_IDENTIFIER = re.compile(r"(?=.*(?=[A-Za-z0-9]{5})[A-Za-z]*\d)[A-Za-z0-9_.~:-]{5,}")
"""It has a run of five letters and digits with a digit in it: `post-5` is a short number with a word."""
_SHARE = re.compile(r"-?\d{1,3}\.\d{13,}")
"""A fraction of all digits that a number can have: of a fresh one, a client that reads it as a number would write other digits."""
_TAG = re.compile(r'(?:W/)?"([^"]{8,200})"')
"""An entity tag: what is in its quotes is opaque (RFC 9110), though it may be a moment."""
_LONG = 8
"""Characters from which a value that a Plan captures is met elsewhere by no chance."""
_SLACK = 1.0
"""Milliseconds that recorders round away between the end of a response and the start of the next request."""


@dataclass(frozen=True, slots=True)
class Value:
    """A value that changes from session to session; `entry` is where it came up first."""

    text: str
    by_server: bool
    entry: int
    site: str
    """Where it was first sent, in words."""


@dataclass(frozen=True, slots=True)
class _Sent:
    entry: Entry
    site: Site


def observe(entries: Sequence[Entry], others: Sequence[Sequence[Entry]] = (), captured: Collection[str] = ()) -> list[Value]:
    """The values of a session, in the order in which requests first sent them.

    With other recordings of the journey, a value that one of them holds too is the application's own, and a value that
    differs at the same place of the same request is the session's, whatever it looks like. So is an identifier of some length
    that is among `captured`: what a Plan takes from answers.
    """
    return _Observation(entries, others, captured).values()


class _Observation:
    def __init__(self, entries: Sequence[Entry], others: Sequence[Sequence[Entry]], captured: Collection[str]) -> None:
        self.entries = sorted(entries, key=lambda e: (e.started, e.index))
        self.received = [(e, received_text(e)) for e in self.entries]
        self.sent = [(e, _sent_text(e)) for e in self.entries]
        self.others = [[(_sent_text(e), received_text(e)) for e in sorted(other, key=lambda e: e.started)] for other in others]
        self.compared = bool(others)
        self.changed = {text for other in others for text in _changed(self.entries, other)}
        self.changed.update(text for text in captured if len(text) >= _LONG)
        self.changed.update(tag[1] for text in captured if (tag := _TAG.fullmatch(text)))
        self.static = [(e, _body_text(e)) for e in self.entries if is_static(e)]  # a server may give its cookie with each file

    def values(self) -> list[Value]:
        found: dict[str, Value] = {}
        rejected: set[str] = set()
        for sent in self._sites():
            for text in self._candidates(sent.site.text, set()):
                if text in found or text in rejected:
                    continue
                value = self._value(text, sent)
                if value:
                    found[text] = value
                else:
                    rejected.add(text)
        return list(_without_compounds(found).values())

    def _sites(self) -> Iterator[_Sent]:
        for entry in self.entries:
            if not is_static(entry):
                for site in sites(entry.request):
                    if not _APPLICATION.fullmatch(site.key.rpartition(".")[2]):
                        yield _Sent(entry, site)

    def _candidates(self, text: str, seen: set[str]) -> Iterator[str]:
        """The text as a whole where a response holds it, else its parts and what it encodes."""
        if len(text) < 5 or len(seen) > 200 or text in seen or names_a_file(text) or _SHARE.fullmatch(text):
            return
        seen.add(text)
        decoded = unquote(text)
        if decoded == text and self._may_rotate(text) and self._is_received(text):
            yield text
            return
        for inner in (decoded, unquote_plus(text), unpacked(text)):
            if inner and inner != text:
                yield from self._candidates(inner, seen)
        if len(text) < 20_000:
            for part in (_COARSE if _COARSE.search(text.rstrip("=")) else _FINE).split(text):
                if part != text:
                    yield from self._candidates(part, seen)

    def _may_rotate(self, text: str) -> bool:
        return looks_made(text) or (text in self.changed and _IDENTIFIER.fullmatch(text) is not None)

    def _is_received(self, text: str) -> bool:
        return any(holds(received, text) for _, received in self.received)

    def _value(self, text: str, sent: _Sent) -> Value | None:
        if text in sent.site.key:
            return None  # a field that is named after it: names are the application's own
        first = next((e for e, body in self.sent if holds(body, text)), sent.entry)
        source = min((e for e, body in self.received if holds(body, text)), key=lambda e: (e.ended, e.index), default=None)
        if source is None or (MOMENT.fullmatch(text) and not self.compared):
            return None
        by_server = source.index != first.index and source.ended <= first.started + _SLACK
        # what the client sent before may come back in a script that is made for this session
        if any(holds(body, text) for e, body in self.static if by_server or e.ended <= first.started + _SLACK):
            return None
        if self._is_elsewhere(text) if by_server else self._is_sent_first_elsewhere(text):
            return None
        return Value(text, by_server, source.index if by_server else first.index, str(sent.site))

    def _is_elsewhere(self, text: str) -> bool:
        return any(holds(either, text) for other in self.others for both in other for either in both)

    def _is_sent_first_elsewhere(self, text: str) -> bool:
        """Whether another client sent it too before it was shown to it.

        What this client made may still stand in what the application lists when the next recording is made.
        """
        first = (next((sent for sent, shown in other if holds(sent, text) or holds(shown, text)), "") for other in self.others)
        return any(holds(sent, text) for sent in first)


def received_text(entry: Entry) -> str:
    """All that a response gave, as one text, with what its base64 runs hold."""
    headers = "\n".join(f"{name}: {value}" for name, value in entry.response.headers)
    return f"{headers}\n{_body_text(entry)}\n{unpacked_runs(headers)}"


def _body_text(entry: Entry) -> str:
    text = entry.response.text or ""
    return f"{text}\n{unpacked_runs(text)}"


def _sent_text(entry: Entry) -> str:
    texts = [entry.request.url, *(value for _, value in entry.request.headers)]
    texts += [part.data.decode("utf-8", "replace") if part.filename is None else part.filename for part in entry.request.parts]
    if not entry.request.parts:
        texts.append((entry.request.body or b"").decode("utf-8", "replace"))
    joined = "\n".join(texts)
    return f"{joined}\n{unquote(joined) if '%' in joined else ''}\n{unpacked_runs(joined)}"


def _changed(first: Sequence[Entry], second: Sequence[Entry]) -> Iterator[str]:
    """Texts of the first recording's sites that are other ones in the second."""
    ordered = sorted(second, key=lambda e: (e.started, e.index))
    for a, b in longest_common([_shape(e) for e in first], [_shape(e) for e in ordered]):
        theirs = {site.place: site.text for site in sites(ordered[b].request)}
        for site in sites(first[a].request):
            if theirs.get(site.place, site.text) != site.text:
                yield site.text


def _shape(entry: Entry) -> tuple[str, str, str]:
    return entry.request.method, host_port(entry.request.url), path_template(urlsplit(entry.request.url).path)


def _without_compounds(found: dict[str, Value]) -> dict[str, Value]:
    """Values without those that are others with something plain around them, as they are or in base64."""
    by_anchor: dict[str, list[str]] = defaultdict(list)
    for text in found:
        by_anchor[anchor(text)].append(text)
    kept = {}
    for text, value in found.items():
        forms = (text, packed) if (packed := unpacked(text)) else (text,)
        if UUID.fullmatch(text) or not any(_is_made_of(form, by_anchor, text) for form in forms):
            kept.update({part: replace(value, text=part) for part in _parts(text, found)})
    return kept


def _parts(text: str, found: Mapping[str, Value]) -> Iterable[str]:
    """A value; of one that joins another and more (`8f3a…|c91b…`, of which the first is sent alone), what is no word."""
    parts = _FINE.split(text)
    if JWT.fullmatch(text) or len(parts) < 2 or found.keys().isdisjoint(parts):
        return (text,)
    return filter(looks_made, parts)


def _is_made_of(text: str, by_anchor: Mapping[str, Iterable[str]], own: str) -> bool:
    """Whether a text is other values, and what stands around them is plain: `Invoice:76653`, `8f3a…|c91b…`."""
    rest = text
    for other in sorted({t for run in _RUN.findall(text) for t in by_anchor.get(run, ())} - {own}, key=len, reverse=True):
        rest = rest.replace(other, "")
    return rest != text and not looks_made(rest)
