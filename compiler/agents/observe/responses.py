"""Observation of responses: every value that a later request carries, with ways to take it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection
from urllib.parse import unquote

import orjson

from loadwright.compiler.agents.facts import Occurrence
from loadwright.compiler.agents.observe.answers.in_acknowledgements import observe_acknowledgement
from loadwright.compiler.agents.observe.answers.in_answers import is_of_everyone, observe_answers
from loadwright.compiler.agents.observe.answers.in_calls import observe_calls
from loadwright.compiler.agents.observe.answers.in_cards import is_of_cards, observe_cards
from loadwright.compiler.agents.observe.answers.in_components import observe_components
from loadwright.compiler.agents.observe.answers.in_elements import observe_elements
from loadwright.compiler.agents.observe.answers.in_fields import observe_numbers_in_names
from loadwright.compiler.agents.observe.answers.in_html import is_piece_of_page, observe_html, observe_link
from loadwright.compiler.agents.observe.answers.in_json import observe_json
from loadwright.compiler.agents.observe.answers.in_messages import COMPONENTS, is_of_messages
from loadwright.compiler.agents.observe.answers.in_parted import mark_of, observe_parted
from loadwright.compiler.agents.observe.answers.in_scripts import observe_quoted, observe_script
from loadwright.compiler.agents.observe.answers.in_updates import has_updates, led_by, led_to, observe_fields, observe_updates
from loadwright.compiler.agents.observe.boundaries import observe_encoded, observe_joined, observe_key, observe_text
from loadwright.compiler.agents.observe.call_numbers import without_call_numbers
from loadwright.compiler.agents.observe.digests import Digests
from loadwright.compiler.agents.observe.finder import Finder, at
from loadwright.compiler.agents.observe.flat_documents import observe_flat
from loadwright.compiler.agents.observe.screen import DeepScreen
from loadwright.compiler.agents.observe.sites import fragment_parts, is_asset, url_parts
from loadwright.compiler.agents.observe.wanted import Wanted, is_found_anywhere
from loadwright.compiler.agents.values import holds_half_a_pair, literal_pattern, may_hold_other_characters
from loadwright.compiler.plan.jsonpath import load_json
from loadwright.compiler.plan.model import BodySource, CookieSource, HeaderSource
from loadwright.compiler.recording.model import Entry
from loadwright.compiler.recording.sockets import RECEIVE

_SKIPPED_HEADERS = frozenset(
    [
        *("date", "server", "content-length", "content-type", "content-encoding", "transfer-encoding", "connection", "keep-alive"),
        *("vary", "cache-control", "expires", "age", "pragma", "last-modified", "accept-ranges", "set-cookie", "via", "alt-svc"),
        *("strict-transport-security", "x-frame-options", "x-content-type-options", "content-security-policy", "x-powered-by"),
        *("referrer-policy", "x-xss-protection", "permissions-policy", "location"),
    ]
)

GUARD = re.compile(r"\ufeff?\s*(?:for\s*\(;;\);|while\s*\((?:1|true)\);|\)\]\}'|&&&START&&&)")
"""What stands before JSON so that no other site can load it as a script; no parser takes it, so patterns take what is in it."""
_END_OF_UUID = re.compile(r"-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{12}")
"""All but the first eight digits: a pattern that begins with a character is looked for fast."""
_KEY = re.compile(r"\d{2,4}")
_HEADER_LINE = re.compile(r"^([A-Za-z][A-Za-z-]{1,40}): ?(\S[^\r\n]{0,999})(?=\r?$)", re.MULTILINE)
"""A header of a part of an answer."""
_ADDRESS = re.compile("<([^<>]{1,2000})>")
_FEW = 8
"""So many values are looked for one by one."""


def observe_response(entry: Entry, wanted: Wanted, present: Collection[str], spoken: Collection[str] = ()) -> list[Occurrence]:
    """The occurrences of wanted values in one response, headers first.

    Those in `present` may stand in the body. Of the words in `spoken` it is kept that they stand there; they never move.
    """
    finder = Finder(entry, wanted)
    _headers(finder)
    text = entry.response.text
    if text:
        for word in sorted(word for word in spoken if word in text):
            finder.offer(word, "text", at(BodySource()), "")
    if text and present:
        finder.wanted = Wanted(present, wanted.few, wanted.names)
        if not is_asset(entry):
            _body(finder, text)
        _anything(finder, text)
    return without_call_numbers(finder.found, entry)


def observe_inside(
    entry: Entry, wanted: Wanted, present: Collection[str], screen: DeepScreen, digests: Digests
) -> list[Occurrence]:
    """The occurrences of wanted values inside of other values of one response; those in `present` may stand there as they are."""
    finder = Finder(entry, wanted, True, digests)
    _headers(finder)
    text = entry.response.text
    if not text or is_asset(entry):
        return finder.found
    hashed = digests.stand_behind(text)
    encoded = screen.may_hold(text, entry.ended)
    if present or hashed or encoded:
        finder.digests = digests if hashed else None
        finder.cut = sorted(present) if len(present) <= _FEW else None
        _body(finder, text)
        if (encoded or hashed) and not is_of_everyone(entry):
            observe_encoded(finder, text)
        finder.wanted = Wanted((*present, *_in_the_other_case(text, wanted)))
        _anything(finder, text)
        if (missing := finder.missing()) and not is_of_everyone(entry):
            observe_joined(finder, text, missing)
    return without_call_numbers(finder.found, entry)


def _in_the_other_case(text: str, wanted: Wanted) -> list[str]:
    """The UUIDs that a text spells in capitals where a request has small letters, or the other way round."""
    ends = _END_OF_UUID.finditer(text) if wanted.uuids else ()
    spelled = {text[max(0, end.start() - 8) : end.end()].lower() for end in ends}
    return [value for value in wanted.uuids if value.lower() in spelled and value not in text]


def _redirect(finder: Finder, text: str) -> None:
    """The parts of the address to which an answer to a script sends the browser."""
    for part in url_parts(led_to(text)):
        finder.by_pattern(part.value, part.value, part.pattern, text, "redirect part", part.name, part.context)


def _anything(finder: Finder, text: str) -> None:
    """What no format told how to take, by what stands around it."""
    if (missing := finder.missing()) and not is_of_everyone(finder.entry):
        observe_text(finder, text, missing)


def _body(finder: Finder, text: str) -> None:
    media_type = finder.entry.response.media_type
    if not finder.deep:
        observe_flat(finder, text)
    if mark := mark_of(text):
        observe_parted(finder, text, mark)
    if media_type in ("text/html", "application/xhtml+xml") or is_piece_of_page(media_type, text):
        observe_html(finder, text)
    elif GUARD.match(text):
        _beside_json(finder, text)
    elif media_type.endswith("json") or text.lstrip()[:1] in ("{", "["):
        document = _document(text)
        if any(message.pushed for message in finder.entry.messages):
            finder.wanted = _in_events(finder.wanted)
        _redirect(finder, text)
        if document is not None:
            if not observe_answers(finder, text, document):
                _read(finder, text, document)
        elif media_type.endswith("json") and '{"' in text:  # several documents, or one with its length before it
            _beside_json(finder, text)
        elif is_of_messages(media_type, text):
            _members(finder, text)
    elif "javascript" in media_type:
        said = next((message.answers for message in finder.entry.messages if message.asked), ())
        if said and not finder.deep:
            observe_acknowledgement(finder, text, said[0])
        if said or is_of_everyone(finder.entry):  # its lists, and events, have short numbers of others
            finder.wanted = _in_events(finder.wanted)
        observe_script(finder, text, text)
        if finder.entry.request.method != RECEIVE:  # in a message every value has a name, and what stands before it changes
            observe_quoted(finder, text)
    elif media_type.startswith("multipart/"):
        _parts(finder, text)
    elif is_of_cards(media_type, text):
        observe_cards(finder, text)
    elif media_type == COMPONENTS:
        observe_components(finder, text)
        _members(finder, text)
    elif media_type == "text/event-stream":
        observe_script(finder, text, text)
    elif led_to(text):
        _redirect(finder, text)
    elif has_updates(media_type, text):
        observe_updates(finder, text, observe_link)
        observe_elements(finder, text)
    elif len(text) <= 100_000:
        if media_type.endswith("xml"):
            observe_elements(finder, text)
        plain = text.strip()
        finder.offer(plain, "body", at(BodySource()), "", chain=(("trim",),) if plain != text else ())


def _in_events(wanted: Wanted) -> Wanted:
    """What may be taken from an event: it tells of what others did as well, and may come before or behind an answer."""
    return Wanted(filter(is_found_anywhere, wanted.values), wanted.few, wanted.names)


def _read(finder: Finder, text: str, document: object) -> None:
    """Offer what a JSON document holds, also in scripts and markup in it."""
    observe_json(finder, document)
    if ");" in text:  # a script in it
        observe_calls(finder, text, text)
    if "<input" in text:  # markup that a script puts into the page
        observe_fields(finder, text)
        observe_numbers_in_names(finder, text)


def _beside_json(finder: Finder, text: str) -> None:
    """Offer what stands in JSON with something before it, which no parser takes."""
    observe_script(finder, text, text)
    observe_quoted(finder, text, {occurrence.value for occurrence in finder.found})  # a member's name says more
    if not finder.deep and finder.wanted.few > 1:  # a second recording tells which keys of rows change
        for value in sorted(filter(_KEY.fullmatch, finder.wanted.values)):
            observe_key(finder, text, value)


def _parts(finder: Finder, text: str) -> None:
    """Offer what the answers hold that are parts of one (`multipart/mixed`): their headers by name, and members of JSON."""
    for line in _HEADER_LINE.finditer(text):
        if line[2] in finder.wanted:
            pattern = f"{literal_pattern(line[1])}: ?([^\\r\\n]+)"
            finder.by_pattern(line[2], line[2], pattern, text, "header", line[1])
    _members(finder, text)


def _members(finder: Finder, text: str) -> None:
    """Offer short members of documents that are parts of a text; what is met by no chance is looked for in any text."""
    everything = finder.wanted
    finder.wanted = Wanted((v for v in everything.values if not is_found_anywhere(v)), everything.few, everything.names)
    if finder.wanted and '{"' in text:
        observe_script(finder, text, text)
    finder.wanted = everything


def _document(text: str) -> object:
    try:
        value: object = orjson.loads(text)
    except orjson.JSONDecodeError:
        pass
    else:
        return value
    try:
        document = load_json(text)
        return None if holds_half_a_pair(document) else document
    except (ValueError, RecursionError):
        return None


def _headers(finder: Finder) -> None:
    seen: Counter[str] = Counter()
    for name, value in finder.entry.response.headers:
        lower = name.lower()
        seen[lower] += 1
        if lower == "set-cookie":
            _cookie(finder, value)
        elif lower == "location":
            for part in (*url_parts(value), *fragment_parts(value)):
                source = HeaderSource(name="Location", pattern=part.pattern)
                decoder = _decoder(value[part.start : part.end], part.value)
                raw = value[part.start : part.end] if decoder else ""
                if not decoder and part.location == "query" and may_hold_other_characters(part.value):
                    decoder, raw = "urldecode", part.value  # what has no `%` this time may have one the next
                chain = ((decoder,),) if decoder else ()
                finder.offer(part.value, "redirect part", at(source), part.name, part.context, raw, chain)
        elif lower == "link":
            _links(finder, value)
        elif led := led_by(name, value):
            for part in url_parts(led):
                if led[part.start : part.end] == part.value:
                    # a word behind it may say how it is opened: `/berths/4?saved=2;push`
                    source = HeaderSource(name=name, pattern=part.pattern.replace("[^&", "[^&;"))
                    finder.offer(part.value, "redirect part", at(source), part.name, part.context)
        elif lower not in _SKIPPED_HEADERS and value:
            finder.offer(value, "header", at(HeaderSource(name=name), seen[lower]), name)


def _links(finder: Finder, value: str) -> None:
    """The parts of the addresses in a header of links (RFC 8288): `</files/k4mQx7?v=6862>; rel="describedby"`."""
    finder.offer(value, "header", at(HeaderSource(name="Link")), "link")
    for address in _ADDRESS.findall(value):
        for part in url_parts(address):
            if (
                address[part.start : part.end] == part.value
                and (found := re.search(part.pattern, value))
                and found[1] == part.value
            ):
                finder.offer(part.value, "link", at(HeaderSource(name="Link", pattern=part.pattern)), part.name, part.context)


def _cookie(finder: Finder, line: str) -> None:
    cookie, _, content = line.partition(";")[0].strip().partition("=")
    source = CookieSource(name=cookie)
    # what has no `%` this time may have one the next
    encoded = may_hold_other_characters(content) and not finder.deep
    finder.offer(content, "cookie", at(source), cookie, chain=(("urldecode",),) if encoded else ())
    if (decoded := unquote(content)) != content and not finder.deep:
        finder.offer(decoded, "cookie", at(source), cookie, raw=content, chain=(("urldecode",),))


def _decoder(raw: str, value: str) -> str:
    """What decodes a part of a URL, where it stands there encoded."""
    return "" if raw == value else "urldecode" if unquote(raw) == value else "formdecode"
