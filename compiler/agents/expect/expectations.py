"""Assert: what recorded responses show that a test can hold an application to."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Collection, Mapping, Sequence
from functools import cached_property
from operator import itemgetter
from typing import get_args

from loadwright.compiler.agents.expect.batch_markers import batch_markers, part_markers
from loadwright.compiler.agents.expect.component_markers import component_markers
from loadwright.compiler.agents.expect.fragments import fragment_start
from loadwright.compiler.agents.expect.header_markers import success_marker
from loadwright.compiler.agents.expect.json_places import outline
from loadwright.compiler.agents.expect.landmarks import Landmarks
from loadwright.compiler.agents.expect.later import added_later
from loadwright.compiler.agents.expect.markers import (
    Contrasts,
    Known,
    holds_json,
    is_stable,
    json_expectations,
    page_end,
    read_json,
    result_expectations,
    shapes,
    text_marker,
    under_way,
)
from loadwright.compiler.agents.expect.own_texts import Own
from loadwright.compiler.agents.expect.redirect_markers import redirect_marker
from loadwright.compiler.agents.expect.shown_again import NEAR, not_again, sent_form
from loadwright.compiler.agents.expect.stream_markers import stream_markers
from loadwright.compiler.agents.expect.tables import Tables
from loadwright.compiler.agents.expect.views import asked_after_leaving, shown_at_other_times
from loadwright.compiler.agents.expect.wrong_answers import Key, endpoint
from loadwright.compiler.agents.expect.xml_markers import is_xml, xml_markers
from loadwright.compiler.agents.observe.answers.in_messages import STREAMS
from loadwright.compiler.agents.observe.sites import is_asset
from loadwright.compiler.plan.model import (
    Expectation,
    SizeExpectation,
    SoftFailureExpectation,
    SoftFailureRule,
    StatusExpectation,
    TextExpectation,
    TypeExpectation,
)
from loadwright.compiler.plan.soft_failure import LOGIN_FORM, soft_failure
from loadwright.compiler.plan.template import template
from loadwright.compiler.recording import zk
from loadwright.compiler.recording.batches import asked_in, calls_sent
from loadwright.compiler.recording.charsets import other_charset
from loadwright.compiler.recording.graphql import operation
from loadwright.compiler.recording.gwt import ANSWERED
from loadwright.compiler.recording.kinds import path_of
from loadwright.compiler.recording.model import Entry, header

SOFT_FAILURE_RULES: tuple[SoftFailureRule, ...] = get_args(SoftFailureRule)
_TOLD = ("json member", "error title", "exception text")
"""The rules that an answer breaks which tells of an error."""
_FINAL = 200
"""The first status that ends an exchange: no runtime shows a test what comes before (103 Early Hints)."""
_FEW = 3
"""Other answers of an endpoint that tell what stays, where there is one recording."""
_MARKER = LOGIN_FORM.rpartition("?")[2]

_REFUSED = (401, 403)
"""What one is answered who is not logged in."""


def expectations(
    entries: Sequence[Entry],
    known: Collection[str],
    partners: Mapping[int, Sequence[Entry]] | None = None,
    without_error: Collection[int] = (),
    own: Own | None = None,
) -> dict[int, tuple[Expectation, ...]]:
    """For each entry what its response must show: status, media type, where a redirect leads, stable markers, and which
    soft-failure rules its own recorded page would break.

    `known` are values that come from data or responses and so cannot be part of a marker; `partners` maps an entry to the
    same request in other recordings, failed ones left out: what is expected holds there too. `without_error` are entries
    (`id`) whose bodies are known to tell of no error; `own` is what they show that the user made up.
    """
    return _Expecting(entries, known, partners or {}, without_error, own or Own()).run()


def ignored_rules(*entries: Entry, without_error: Collection[int] = ()) -> tuple[SoftFailureRule, ...]:
    """The soft-failure rules that recorded responses break themselves, so that they say nothing here."""
    broken: list[str] = []
    for entry in entries:
        text = entry.response.text or ""
        kept = _TOLD if id(entry) in without_error else ()
        while text and (reason := soft_failure(entry.response.status, _content_type(entry), text, (*broken, *kept))):
            broken.append(next(rule for rule in SOFT_FAILURE_RULES if reason.startswith(rule)))
    return tuple(rule for rule in SOFT_FAILURE_RULES if rule in broken)


def _content_type(entry: Entry) -> str:
    return header(entry.response.headers, "content-type") or entry.response.media_type


class _Expecting:
    def __init__(
        self,
        entries: Sequence[Entry],
        known: Collection[str],
        partners: Mapping[int, Sequence[Entry]],
        without_error: Collection[int],
        own: Own,
    ) -> None:
        self.entries, self.partners, self.without_error, self.own = entries, partners, without_error, own
        self.known = told = Known(known)
        pages = [e for e in entries if "html" in e.response.media_type]
        shown = [e for e in pages if 200 <= e.response.status < 300 and e.response.text]
        self.landmarks = Landmarks(shown, lambda marker: is_stable(marker, told), bool(partners))
        self.login_pages = Contrasts(t for e in pages if (t := e.response.text or "") and _MARKER in t and ignored_rules(e))
        self._places = {id(entry): place for place, entry in enumerate(entries)}
        self._pages = [(self._places[id(e)], e.response.text) for e in pages if e.response.text]
        self.shown = shown_at_other_times(entries)
        self.tables = Tables()
        self.left, self.later = asked_after_leaving(entries), added_later(entries)
        self.calls: dict[Key, list[Entry]] = {}
        self._shapes: dict[Key, list[object]] = {}
        self._first: dict[Key, dict[int, object]] = {}
        for entry in entries:
            if entry.response.media_type.endswith("json") and 200 <= entry.response.status < 300:
                self.calls.setdefault(endpoint(entry), []).append(entry)

    def run(self) -> dict[int, tuple[Expectation, ...]]:
        return {entry.index: tuple(self._expectations(entry)) for entry in self.entries}

    def _expectations(self, entry: Entry) -> list[Expectation]:
        response = entry.response
        if response.status < _FINAL:
            return []  # the recording holds no answers, or not how this one ended
        others = [e for e in self.partners.get(entry.index, ()) if e.response.status >= _FINAL]
        found: list[Expectation] = [StatusExpectation(statuses=self._statuses(entry, others))]
        if leads := redirect_marker((entry, *others), self.known) if entry.index not in self.shown else None:
            found.append(leads)
        if says := success_marker((entry, *others)):
            found.append(says)
        if not is_asset(entry):
            held = [e for e in (entry, *others) if e.response.has_body]
            types = {e.response.media_type for e in (entry, *others)}
            if 200 <= response.status < 300 and response.media_type and held and len(types) == 1:
                found.append(TypeExpectation(media_type=response.media_type))
            if response.text and 200 <= response.status < 300:
                found += self._markers(entry, others) or self._filled(entry, others)
        if rules := ignored_rules(entry, *others, without_error=self.without_error):
            found.append(SoftFailureExpectation(ignored=rules))
        return found

    def _statuses(self, entry: Entry, others: Sequence[Entry]) -> tuple[int, ...]:
        """The statuses that recordings show, the first one's first; 200 too where the page itself is shown at other times.

        The test does not send the browser's `If-None-Match`, so what was not modified then comes in full now, or is refused
        once the user has logged out.
        """
        found = [s for e in (entry, *others) for s in ((200, 304) if e.response.status == 304 else (e.response.status,))]
        found += [200] if entry.index in self.shown else []
        found += _REFUSED if 304 in found and entry.index in self.left else []
        return tuple(dict.fromkeys(found))

    def _filled(self, entry: Entry, others: Sequence[Entry]) -> list[Expectation]:
        """That there is a body, where nothing in it can be told to stay."""
        known = [e for e in others if not e.response.body_missing]
        return [SizeExpectation(relation=">", size=0)] if all(e.response.has_body for e in (entry, *known)) else []

    def _markers(self, entry: Entry, others: Sequence[Entry]) -> list[Expectation]:
        """What all recordings show of this page or call; nothing where one of them shows another kind of answer."""
        text = entry.response.text or ""
        seen = [e for e in others if not e.response.body_missing]
        if any(not 200 <= e.response.status < 300 or e.response.media_type != entry.response.media_type for e in seen):
            return []
        texts = [e.response.text or "" for e in seen]
        own = [self.own.surely[entry.index]] if entry.index in self.own.surely else []
        if entry.response.media_type == "text/html" and not holds_json(text):
            return self._of_page(entry, seen, own)
        return [*self._of_call(entry, others, texts), *own]

    def _of_page(self, entry: Entry, seen: Sequence[Entry], own: Sequence[Expectation]) -> list[Expectation]:
        """Its title, what the user made up or else what only this page has, and its end."""
        text, texts = entry.response.text or "", [e.response.text or "" for e in seen]
        only_ascii = any(other_charset(_content_type(e), e.response.text or "") for e in (entry, *seen))
        marker = text_marker(text, texts, self.known, self.login_pages, only_ascii)
        title = marker.value.literal or "" if marker and marker.value else ""
        content = next(iter(own), None) or self.landmarks.of(text, texts, title, only_ascii)
        found = [one for one in (marker, content, *([] if own else self._rows(entry, texts))) if one]
        told = [one for one in (*found, *self._not_again(entry, texts, found), page_end((text, *texts))) if one]
        return told or fragment_start((text, *texts), self._pages_alike[endpoint(entry)], path_of(entry), self._is_stable)

    def _is_stable(self, marker: str) -> bool:
        return is_stable(marker, self.known)

    def _not_again(self, entry: Entry, texts: Sequence[str], found: Sequence[Expectation]) -> list[Expectation]:
        """What tells an answer from the form that was sent, where nothing that is expected does."""
        form = sent_form(entry, self._pages_before(entry)) if entry.request.method == "POST" else None
        if form is None or not all(self._stands_in(one, entry, form.page) for one in found):
            return []
        one = not_again(form, (entry.response.text or "", *texts), self._is_stable)
        return [one] if one else []

    def _pages_before(self, entry: Entry) -> Sequence[str]:
        """The last pages before an entry, in which a form may be that it sends."""
        end = bisect_left(self._pages, self._places[id(entry)], key=itemgetter(0))
        return [text for _, text in self._pages[max(0, end - NEAR) : end]]

    def _stands_in(self, expectation: Expectation, entry: Entry, page: str) -> bool:
        """Whether a page meets what is expected of another, or may: it shows something of what the user made up."""
        if not isinstance(expectation, TextExpectation) or expectation.value is None:
            return False
        text = expectation.value.literal
        return any(one in page for one in ((text,) if text is not None else self.own.shown.get(entry.index, ())))

    def _rows(self, entry: Entry, texts: Sequence[str]) -> list[Expectation]:
        """That a table has rows: one of the user's own, or what lasts, as other recordings show."""
        own = self.own.listed(entry.index)
        if not (texts or own) or "<th" not in (entry.response.text or ""):
            return []
        pages, alike = (entry.response.text or "", *texts), self._pages_alike[endpoint(entry)] if texts else ()
        return self.tables.rows_there(pages, alike, path_of(entry), self._is_stable, own)

    def _of_call(self, entry: Entry, others: Sequence[Entry], texts: Sequence[str]) -> list[Expectation]:
        text = entry.response.text or ""
        is_json = entry.response.media_type.endswith("json") or holds_json(text)
        asked = operation(entry) if entry.response.media_type.endswith("json") else None
        if asked and (found := result_expectations(text, texts, asked.kind == "mutation", self.known)):
            return found
        if asked_in(entry.request.body or b"") and (told := batch_markers((text, *texts), entry.response.media_type)):
            alike = json_expectations(text, texts, self._alike(entry, bool(others)), self.known) if is_json else []
            return [*(alike or self._filled(entry, others)), *told]
        if is_json and (told := part_markers(calls_sent(entry.request.body or b""), (text, *texts))):
            return told
        if entry.response.media_type in STREAMS and (told := stream_markers((text, *texts))):
            return [*told, *self._filled(entry, others)]
        if told := component_markers(entry.response.media_type, (text, *texts)):
            return told
        if is_xml(entry.response.media_type):
            return xml_markers(text, texts)
        if all(one.startswith(ANSWERED) for one in (text, *texts)):
            return [TextExpectation(relation="contains", value=template(ANSWERED))]
        if text.startswith(zk.ANSWERED) and not any(zk.GONE in one for one in (text, *texts)):
            return [TextExpectation(relation="contains", value=template(zk.GONE), negated=True)]
        if is_json:
            passing = self._passing if others else ()
            own, same = self.own.listed(entry.index), self._alike(entry, bool(others))
            return json_expectations(text, texts, same, self.known, passing, _asked(entry), own, self.later)
        return []

    def _alike(self, entry: Entry, has_others: bool) -> Sequence[object]:
        """A few other answers of the endpoint; beside other recordings the shapes of all, the entry's own among them."""
        key = endpoint(entry)
        if not has_others:
            if key not in self._first:
                few = self.calls.get(key, ())[: _FEW + 1]
                self._first[key] = {e.index: outline(read_json(e.response.text or "")) for e in few}
            return [document for index, document in self._first[key].items() if index != entry.index][:_FEW]
        if key not in self._shapes:
            self._shapes[key] = shapes(e.response.text or "" for e in self.calls.get(key, ()))
        return self._shapes[key]

    @cached_property
    def _pages_alike(self) -> dict[Key, list[str]]:
        """The pages of each endpoint, in all recordings."""
        found: dict[Key, list[str]] = {}
        for entry in (*self.entries, *(e for others in self.partners.values() for e in others)):
            if "html" in entry.response.media_type and 200 <= entry.response.status < 300 and entry.response.text:
                found.setdefault(endpoint(entry), []).append(entry.response.text)
        return found

    @cached_property
    def _passing(self) -> frozenset[str]:
        """Names by which answers tell that work is under way."""
        return under_way(e.response.text or "" for calls in self.calls.values() for e in calls)


def _asked(entry: Entry) -> str:
    """The name of what a request asks for: the last of its path."""
    return path_of(entry).rpartition("/")[2]
