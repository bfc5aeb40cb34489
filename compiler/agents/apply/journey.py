"""Apply: a recording, its outline and the decisions on it become a journey. Decides nothing."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from msgspec import Struct, field
from msgspec.structs import replace

from loadwright.compiler.agents.apply.content_types import own_type
from loadwright.compiler.agents.apply.fixed_names import FixedNames
from loadwright.compiler.agents.apply.referers import Pages, page_header
from loadwright.compiler.agents.apply.shells import is_sent_to_log_in, is_shell
from loadwright.compiler.agents.apply.talks import actions
from loadwright.compiler.agents.apply.telling_apart import told_apart
from loadwright.compiler.agents.apply.url_texts import encoded, opened
from loadwright.compiler.agents.decisions import Decisions, Slice, cut_out
from loadwright.compiler.agents.facts import Facts, Site
from loadwright.compiler.agents.left import Kept
from loadwright.compiler.agents.observe.json_documents import json_document
from loadwright.compiler.agents.observe.sites import (
    DROPPED_HEADERS,
    FORM,
    NAME_KEY,
    body_text,
    enveloped,
    form_fields,
    kept_headers,
)
from loadwright.compiler.plan.jsonpath import Digits
from loadwright.compiler.plan.model import (
    Body,
    Cookie,
    Expectation,
    FileBody,
    FilePart,
    FormBody,
    FormField,
    Header,
    Journey,
    JsonArray,
    JsonBody,
    JsonConstant,
    JsonMember,
    JsonNumber,
    JsonObject,
    JsonText,
    JsonValue,
    MultipartBody,
    Parallel,
    Request,
    Retry,
    Step,
    Stream,
    Target,
    TextBody,
    Think,
    ValuePart,
)
from loadwright.compiler.plan.node import RecordingOrigin
from loadwright.compiler.plan.render import default_name, json_template
from loadwright.compiler.plan.template import Part, Reference, Template, template, walk
from loadwright.compiler.recording.kinds import body_type, path_of
from loadwright.compiler.recording.model import Entry, Recording, SocketMessage, StepOutline, header
from loadwright.compiler.recording.pairs import separator
from loadwright.compiler.recording.sockets import exchanges, is_socket
from loadwright.compiler.recording.urls import path_template
from loadwright.compiler.recording.waiting_pages import waits

_NO_ENCODING = "no encoding of the language writes it as it was sent"
_BROWSERS_ACCEPT = re.compile(r"text/html|image/|text/css|^\*/\*$", re.IGNORECASE)
"""What browsers send by themselves; an `Accept` of the application's own says something."""
_NEGOTIATED = re.compile(r"(?:^|,)\s*accept\s*(?:,|$)", re.IGNORECASE)
"""`Vary` of an answer that the `Accept` of its request chose."""


class Applied(Struct):
    """A journey, and the bytes of the files that it sends, by path."""

    journey: Journey
    files: dict[str, bytes] = field(default_factory=dict)
    left: list[Kept] = field(default_factory=list)


def apply(
    recording: Recording,
    outline: Sequence[StepOutline],
    facts: Facts,
    decisions: Decisions,
    targets: Sequence[Target],
    name: str,
    expectations: Mapping[int, Sequence[Expectation]],
    common: Mapping[str, str],
    folder: str,
    changing: Collection[str] = (),
    others: Sequence[Recording] = (),
) -> Applied:
    """The journey of one recording.

    `common` are headers (lower-case name: value) that the defaults send; `folder` is where the files it sends will stand,
    relative to the intent; `changing` are values that other sessions may have otherwise; `others` are further recordings of it.
    """
    return _Applier(recording, facts, decisions, targets, expectations, common, folder, changing, others).run(outline, name)


class _Applier:
    def __init__(
        self,
        recording: Recording,
        facts: Facts,
        decisions: Decisions,
        targets: Sequence[Target],
        expectations: Mapping[int, Sequence[Expectation]],
        common: Mapping[str, str],
        folder: str,
        changing: Collection[str] = (),
        others: Sequence[Recording] = (),
    ) -> None:
        self.recording, self.facts, self.decisions, self.targets = recording, facts, decisions, targets
        self.changing = changing
        self.made_of = {variable.name: variable.value for variable in decisions.variables}
        self.expectations, self.common, self.folder = expectations, common, folder
        self.entries = {entry.index: entry for entry in recording.entries}
        self.pages = Pages(entry for entry in recording.entries if entry.index in facts.sites)
        self.fixed_names = FixedNames(recording.entries, changing, others)
        self.waits = waits(recording.entries, tuple(facts.sites))
        self.files: dict[str, bytes] = {}
        self.left: list[Kept] = []
        self.names: Counter[str] = Counter()
        """How often a step was called so."""

    def run(self, outline: Sequence[StepOutline], name: str) -> Applied:
        nodes: list[Step | Think] = []
        for step in outline:
            if step.think_before and nodes:
                nodes.append(_think(step.think_before))
            done = tuple(self._group([self.entries[index] for index in group]) for group in step.groups)
            origin = RecordingOrigin(recording=self.recording.name, entry=step.groups[0][0])
            nodes.append(Step(name=self._step_name(step.name), actions=told_apart(done), origin=origin))
        return Applied(Journey(name=name, nodes=tuple(nodes)), self.files, self.left)

    def _step_name(self, name: str) -> str:
        """The name of a step without secrets; one that is another's then gets a number."""
        shown = self.decisions.hidden.out_of_name(name)
        self.names[shown] += 1
        return shown if self.names[shown] == 1 else f"{shown} ({self.names[shown]})"

    def _group(self, entries: Sequence[Entry]) -> Request | Parallel | Stream:
        if is_socket(entries[0]):
            return self._stream(entries[0])
        built = tuple(map(self._request, entries))
        return built[0] if len(built) == 1 else Parallel(requests=built, origin=built[0].origin)

    def _stream(self, entry: Entry) -> Stream:
        opening, *messages = exchanges(entry)
        self.entries.update((message.index, message) for message in messages)
        target, url = self._url(opening)
        name = self.decisions.hidden.out_of_name(default_name(opening.request.method, url))
        origin = RecordingOrigin(recording=self.recording.name, entry=entry.index)
        done = actions(entry, name, origin, self._sent, self.decisions.captures, self.changing, _think)
        return Stream(
            protocol="websocket",
            name=name,
            target=target,
            url=url,
            headers=self._headers(opening, None),
            actions=tuple(done),
            origin=origin,
        )

    def _sent(self, index: int, message: SocketMessage) -> Template:
        """The text of a sent message: JSON, also inside of a protocol's frame, with its values replaced; else as a text."""
        sites = {s.key: s for s in self.facts.sites[index] if s.location in ("json", "body")}
        text = message.text or ""
        if "" in sites or (found := enveloped(text)) is None:
            return cut_out(text, self._slices(sites[""])) if "" in sites else template(text)
        return template(found.before, json_template(self._json(found.document, "", sites)), found.after)

    def _request(self, entry: Entry) -> Request:
        target, url = self._url(entry)
        body = self._body(entry)
        path = path_of(entry) or "/"
        name = default_name(entry.request.method, url)
        if target is None:
            name = f"{entry.request.method} {path_template(path)}"
        if operation := _operation(entry):
            name = f"{name} {operation}"
        return Request(
            name=self.decisions.hidden.out_of_name(name),
            method=entry.request.method,
            target=target,
            url=url,
            headers=self._headers(entry, body),
            cookies=self._cookies(entry),
            body=body,
            expectations=tuple(self.expectations.get(entry.index, ())),
            captures=tuple(self.decisions.captures.get(entry.index, ())),
            retry=self._retry(entry),
            origin=RecordingOrigin(recording=self.recording.name, entry=entry.index),
        )

    def _retry(self, entry: Entry) -> Retry | None:
        """Asking again until the server is ready, where only a stream of events told the browser so."""
        known = self.waits.get(entry.index)
        return Retry(times=known.times, statuses=(known.status,), wait=known.wait) if known else None

    # --- URL ----------------------------------------------------------------------------------------------------------

    def _url(self, entry: Entry) -> tuple[str | None, Template]:
        url = entry.request.url
        target = next((t for t in self.targets if url.startswith(t.url) and url[len(t.url) :][:1] in ("", "/", "?")), None)
        if whole := self.decisions.whole_urls.get(entry.index):
            return (target.name if target and whole.parts[0].kind == "text" else None), whole
        sites = (s for s in self.facts.sites[entry.index] if s.location in ("path", "query"))
        built = self._patch(url, len(target.url) if target else 0, sites)
        if target and not (built.parts and built.parts[0].kind == "text" and built.parts[0].value.startswith("/")):
            built = template("/", built)
        return (target.name if target else None), built

    def _slices(self, site: Site) -> list[Slice]:
        return sorted(self.decisions.slices.get((site.entry, *site.identity), ()), key=lambda s: s.start)

    # --- headers ------------------------------------------------------------------------------------------------------

    def _headers(self, entry: Entry, body: Body | None) -> tuple[Header, ...]:
        sites = {s.key: s for s in self.facts.sites[entry.index] if s.location == "header"}
        found = []
        accept = header(entry.request.headers, "accept")
        negotiated = accept != "*/*" and _NEGOTIATED.search(header(entry.response.headers, "vary") or "")
        for_pages = accept != "*/*" and (is_shell(entry) or is_sent_to_log_in(entry))
        if accept and (negotiated or not _BROWSERS_ACCEPT.search(accept) or for_pages):
            found.append(Header(name="Accept", value=template(accept)))
        if said := own_type(entry, body):
            found.append(Header(name="Content-Type", value=template(said)))
        for name, value in kept_headers(entry):
            if self.common.get(name.lower()) == value and name.lower() in DROPPED_HEADERS:
                continue
            if (known := self.decisions.pages.get((entry.index, name.lower()))) is not None:
                found.append(page_header(name, *self._url(self.entries[known])))
                continue
            site = sites[name.lower()]
            found.append(Header(name=name, value=cut_out(value, self._slices(site)) if site.value == value else template(value)))
        if page := self.pages.asking(entry):
            found.append(page_header("Referer", *self._url(page)))
        elif self.pages.is_of_its_site(entry) and (target := self._url(entry)[0]):
            found.append(page_header("Referer", target, template("/")))
        return tuple(found)

    def _cookies(self, entry: Entry) -> tuple[Cookie, ...]:
        """The cookies that a script had set."""
        sites = (s for s in self.facts.sites[entry.index] if s.location == "cookie")
        sent = (s for s in sites if (s.entry, s.name) in self.decisions.cookies)
        return tuple(Cookie(name=s.name, value=cut_out(s.value, self._slices(s))) for s in sent)

    # --- body ---------------------------------------------------------------------------------------------------------

    def _body(self, entry: Entry) -> Body | None:
        if entry.request.parts:
            return self._multipart(entry)
        if entry.request.body is None:
            return None
        text = body_text(entry)
        if text is None:
            path = self._file(entry, "body", entry.request.body)
            return FileBody(path=path, media_type=entry.request.media_type or "application/octet-stream")
        sites = {s.key: s for s in self.facts.sites[entry.index] if s.location in ("form", "json", "body")}
        sent = body_type(entry.request)
        if sent == FORM and text:
            return self._form(text, sites)
        if "" not in sites and "json" in sent and (document := json_document(text)) is not None:
            self.left += self.fixed_names.told(entry, document)
            return JsonBody(value=self._json(document, "", sites))
        value = cut_out(text, self._slices(sites[""])) if "" in sites else self._spliced(text, sites.values())
        return TextBody(value=value, media_type=entry.request.media_type or "text/plain") if text else None

    def _form(self, text: str, sites: Mapping[str, Site]) -> FormBody | TextBody:
        """Fields, where encoding them again gives the same ones; else the text as it was sent."""
        fields = form_fields(text) if separator(text) == "&" else None
        if fields is None:
            return TextBody(value=self._patch(text, 0, sites.values()), media_type=FORM)
        seen: Counter[str] = Counter()
        found = []
        for number, (name, value) in enumerate(fields):
            seen[name] += 1
            site = sites.get(f"{name}#{seen[name]}")
            found.append(
                FormField(
                    name=self._field_name(name, number, sites),
                    value=cut_out(value, self._slices(site)) if site else template(value),
                )
            )
        return FormBody(fields=tuple(found))

    def _field_name(self, name: str, number: int, sites: Mapping[str, Site]) -> Template:
        """The name of a field, with what was drawn at random in it replaced."""
        cuts: list[Slice] = []
        position = 0
        for site in (s for key, s in sites.items() if key.startswith(f"{NAME_KEY}{number}.")):
            if run := re.compile(f"(?<![A-Za-z0-9]){re.escape(site.value)}(?![A-Za-z0-9])").search(name, position):
                cuts += [replace(cut, start=cut.start + run.start(), end=cut.end + run.start()) for cut in self._slices(site)]
                position = run.end()
        return cut_out(name, sorted(cuts, key=lambda cut: cut.start))

    def _patch(self, text: str, position: int, sites: Iterable[Site]) -> Template:
        """A text from a position on, with the decided sites in it replaced."""
        parts: list[str | Template] = []
        for site in sorted(sites, key=lambda site: site.start):
            if slices := self._slices(site):
                raw = text[site.start : site.end]
                built, left = encoded(raw, site.value, slices)
                if left:
                    built, left = encoded(raw, site.value, opened(slices, site.value, self.made_of))
                if any(self._is_secret(cut.part) for cut in left):
                    built = cut_out(site.value, slices)  # as it was sent it would stand in the test
                self.left += [Kept(site.entry, f"{site.location} {site.name or site.key}", _NO_ENCODING)] if left else []
                parts += [text[position : site.start], built]
                position = site.end
        return template(*parts, text[position:])

    def _spliced(self, text: str, sites: Iterable[Site]) -> Template:
        """A text with the decided sites in it replaced, none of which is encoded."""
        slices = (replace(cut, start=cut.start + s.start, end=cut.end + s.start) for s in sites for cut in self._slices(s))
        return cut_out(text, sorted(slices, key=lambda cut: cut.start))

    def _is_secret(self, part: Part) -> bool:
        return any(isinstance(one, Reference) and one.name in self.decisions.secret_values for one in walk(template(part)))

    def _json(self, value: Any, pointer: str, sites: Mapping[str, Site]) -> JsonValue:
        if isinstance(value, dict):
            members = (
                JsonMember(name=k, value=self._json(v, f"{pointer}/{k.replace('~', '~0').replace('/', '~1')}", sites))
                for k, v in value.items()
            )
            return JsonObject(members=tuple(members))
        if isinstance(value, list):
            return JsonArray(items=tuple(self._json(v, f"{pointer}/{n}", sites) for n, v in enumerate(value)))
        if isinstance(value, str):
            text = cut_out(str(value), self._slices(sites[pointer]))
            return JsonNumber(value=text) if isinstance(value, Digits) else JsonText(value=text)
        return JsonConstant(value="null" if value is None else "true" if value else "false")

    def _multipart(self, entry: Entry) -> MultipartBody:
        sites = {s.key: s for s in self.facts.sites[entry.index] if s.location == "part"}
        parts: list[ValuePart | FilePart] = []
        for position, part in enumerate(entry.request.parts):
            name = self._field_name(part.name, position, sites)
            if part.filename is None:
                site = sites[str(position)]
                parts.append(ValuePart(name=name, value=cut_out(site.value, self._slices(site))))
            else:
                path = self._file(entry, f"part-{position + 1}", part.data)
                media_type = part.media_type or "application/octet-stream"
                filename = self._file_name(part.filename)
                parts.append(FilePart(name=name, path=path, filename=filename, media_type=media_type))
        return MultipartBody(parts=tuple(parts))

    def _file_name(self, name: str) -> Template:
        """The name of an uploaded file; what a later request speaks of by a name that is made up is made up here."""
        uploads, stem = self.decisions.uploads, name.partition(".")[0]
        word = stem if stem in uploads else next((word for word in sorted(uploads, key=len, reverse=True) if word in stem), "")
        before, _, after = name.partition(word) if word else (name, "", "")
        return template(before, uploads[word], after) if word else template(name)

    def _file(self, entry: Entry, suffix: str, data: bytes) -> str:
        """Keep bytes under a name made of numbers alone: no recorded text becomes a path."""
        path = f"{self.folder}/entry-{entry.index}-{suffix}.bin"
        self.files[path] = data
        return path


def _think(pause: int) -> Think:
    """A recorded pause as a range of half as much less and more, in tenths of a second."""
    low, high = (round(pause * factor / 100) * 100 for factor in (0.5, 1.5))
    return Think(minimum=low, maximum=high)


def _operation(entry: Entry) -> str:
    """The operation name of a GraphQL request: its identity, since the URL is the same for all."""
    text = body_text(entry) if "json" in body_type(entry.request) else None
    document = json_document(text) if text else None
    if isinstance(document, dict) and isinstance(document.get("query"), str):
        operation = document.get("operationName")
        if isinstance(operation, str) and re.fullmatch(r"[A-Za-z_]\w{0,60}", operation):
            return operation
    return ""
