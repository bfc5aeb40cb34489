"""Which values of a recording are secret, personal, or made for its one session."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice
from typing import Literal
from urllib.parse import unquote

from loadwright.compiler.agents.names import is_fixed_name, plain_name
from loadwright.compiler.agents.observe.answers.in_html import form_inputs
from loadwright.compiler.agents.observe.answers.in_texts import named_secrets, secrets_in_bytes
from loadwright.compiler.agents.observe.decodings import spelled
from loadwright.compiler.agents.observe.fragments import strings
from loadwright.compiler.agents.observe.json_leaves import json_leaves
from loadwright.compiler.agents.observe.password_components import component_secrets
from loadwright.compiler.agents.observe.password_inputs import CODE, is_short_code
from loadwright.compiler.agents.observe.sites import body_text, is_asset, observe_request, url_parts
from loadwright.compiler.agents.observe.unread_bytes import packed_secrets
from loadwright.compiler.agents.secret_names import (
    is_credential_field,
    is_credential_header,
    is_one_time,
    is_secret,
    is_secret_name,
    may_be_secret,
)
from loadwright.compiler.agents.values import JWT, holds_half_a_pair, is_common_user, is_drawn, is_token, kind_of
from loadwright.compiler.recording.kinds import path_of
from loadwright.compiler.recording.model import Entry, Recording
from loadwright.compiler.recording.sockets import exchanges
from loadwright.compiler.scrubbing.credentials import Kind, credentials_of, plain_text
from loadwright.compiler.scrubbing.ordinary import is_clock, is_form, is_ordinary
from loadwright.compiler.scrubbing.scramble import hexadecimal_runs
from loadwright.compiler.scrubbing.unread import Named, fragment_fields

Reach = Literal["anywhere", "word", "field"]
"""Where a value is recognised: inside of any text, as a whole word of a text, or only as the whole value of its field."""

EMAIL = re.compile(r"[A-Za-z0-9._%+-]{1,64}@(?:[A-Za-z0-9-]{1,63}\.){1,6}([A-Za-z]{2,24})\b")
_NO_DOMAINS = frozenset(
    ("png", "jpg", "jpeg", "gif", "svg", "webp", "avif", "css", "js", "mjs", "map", "json", "html", "ts", "tsx")
)
"""What stands behind the last dot of a file (`logo@2x.png`), not of a host."""
_TOKEN_NAME = re.compile(
    r"token|secret|passw|api_?key|session|csrf|xsrf|nonce|signature|jwt|credential|authorization", re.IGNORECASE
)
_PERSONAL_NAME = re.compile(
    r"^(?:user_?name|login|user_?id|e?_?mail|(?:full|first|last|given|family|middle|sur|display|real|nick|card_?holder)_?name|"
    r"(?:tele)?phone(?:_?number)?|mobile|street|address(?:_?line)?_?\d?|city|town|zip(?:_?code)?|post(?:al)?_?code|iban|ssn|"
    r"card_?number|birth_?(?:day|date)|date_?of_?birth|dob)$",
    re.IGNORECASE,
)
_QUOTED = re.compile(r"""["']([^"'<>\s]{8,})["']|>\s*([^<>\s"']{8,200})\s*<""")
_DATE = re.compile(r"\d{4}-\d\d(?:-\d\d.*)?|\d{1,2}[./]\d{1,2}[./]\d{2,4}")
_MOMENT = re.compile(r"\d{4}-\d\d-\d\d(?:[T ]|$)")
_CUT = re.compile(r"[0-9A-Fa-f]{2}")
_OPAQUE = re.compile(r"(?=\S*\d)(?=\S*[A-Za-z])[^\s/:]\S{7,}")
_FLAGS = frozenset(("true", "false", "null", "none", "undefined", "yes", "deleted"))
_WORD = re.compile(r"[A-Za-z0-9_]+")
_MARKUP = re.compile(
    r"""\b(?:type|id|name|class|for|rel|role|method|autocomplete)=["']([^"'<>]*)["']|</?([A-Za-z][\w-]*)|([\w-]+)="""
)
"""What pages are built of: elements, attributes, and the values of attributes that nobody typed."""
_QUIET_HEADERS = frozenset(
    (
        *("content-type", "content-security-policy", "date", "expires", "last-modified", "server", "vary", "link", "cache-control"),
        *("content-length", "content-encoding", "transfer-encoding", "connection", "keep-alive", "age", "pragma", "accept-ranges"),
        *("via", "alt-svc", "strict-transport-security", "x-powered-by", "permissions-policy", "referrer-policy"),
    )
)


@dataclass(slots=True)
class Sensitive:
    """The sensitive values of recordings, by value."""

    kinds: dict[str, Kind] = field(default_factory=dict)
    reach: dict[str, Reach] = field(default_factory=dict)
    fields: dict[str, set[str]] = field(default_factory=dict)
    """For each value that only its fields tell: their names."""
    pieces: dict[str, set[str]] = field(default_factory=dict)
    """Tokens that were seen inside of a larger one only: in which."""
    told: set[str] = field(default_factory=set)
    """What nothing but a field of a response says to be a password."""
    hidden: set[str] = field(default_factory=set)
    """Names of the fields that pages offered for passwords."""
    codes: set[str] = field(default_factory=set)
    """Names of the fields that pages offered for codes that are valid once."""
    names: set[str] = field(default_factory=set)
    """Names of fields that were sent."""
    structure: set[str] = field(default_factory=set)
    """Words that the application is built of (of its URLs, field names and scripts): not to be replaced as words."""

    def add(self, value: str, kind: Kind, name: str = "") -> None:
        """Take a value; what says nothing (a flag, a place, a user called `admin`, one or two characters) is passed over."""
        value = value.strip()
        if kind == "personal value" and is_common_user(value):
            return
        if len(value) < 3 or value.lower() in _FLAGS or not any(c.isalnum() for c in value):
            return
        if value.startswith(("/", "http://", "https://")) and kind != "password":
            return
        self.kinds.setdefault(value, kind)
        self.told.discard(value)
        if name:
            self.fields.setdefault(value, set()).add(name)

    def tell(self, value: str, name: str) -> None:
        """Take a word or two that a response calls a password: secret in that field, and met by chance elsewhere."""
        if value.strip() not in self.kinds:
            self.add(value, "password", name)
            self.told.add(value.strip())

    def settle(self) -> Sensitive:
        """Say for each value where it is recognised, now that all words are known.

        A piece of one larger token goes with it; in several of them, or hexadecimal, it has a stand-in of its own.
        """
        for piece, wholes in self.pieces.items():
            if len(wholes) > 1 or kind_of(piece) in ("uuid", "hexadecimal"):
                self.add(piece, "token")
        for name in self.names & self.kinds.keys():
            if self.kinds[name] == "token" and not any(is_drawn(run) for run in _WORD.findall(name)):
                del self.kinds[name]  # `lots-1-qty`: what a field is called
        self.reach = {value: "field" if value in self.told else _reach(value, self.structure) for value in self.kinds}
        return self


def sensitive(recordings: Iterable[Recording], unread: Iterable[Named] = ()) -> Sensitive:
    """The sensitive values of recordings, of all their entries, those that take no part in a test included.

    `unread` are named values that the file holds beside the recording.
    """
    found = Sensitive()
    for recording in recordings:
        for entry in (e for one in recording.entries for e in (one, *islice(exchanges(one), 1, None))):  # messages too
            _request(entry, found)
            _response(entry, found)
        for _, value in component_secrets(recording.entries):
            found.add(value, "password", "value")
    for kind, name, value in unread:
        _unread(kind, name, value, found)
    return found.settle()


def emails(text: str) -> Iterator[str]:
    """The e-mail addresses in a text, however it escapes the `@`."""
    views = [text]
    if "%40" in text:
        views.append(unquote(text))
    if "&#" in text or "&commat;" in text:
        views.append(html.unescape(text))
    if "\\u0040" in text:
        views.append(text.replace("\\u0040", "@"))
    for view in views:
        if "@" in view:
            yield from (m.group() for m in EMAIL.finditer(view) if m[1].lower() not in _NO_DOMAINS)


def _unread(kind: str, name: str, value: str, found: Sensitive) -> None:
    if kind == "cookies":
        _cookie(name, value, found)
    elif kind == "headers" or (kind == "pair" and not is_secret_name(name)):
        _message_header(name.lower(), value, found)
    else:
        _named(name, value, found, sent=True)
        _tokens(name, value, found)


# --- one entry --------------------------------------------------------------------------------------------------------


def _request(entry: Entry, found: Sensitive) -> None:
    request = entry.request
    asset = is_asset(entry)
    words = _WORD.findall(request.url.partition("?")[0])
    found.structure.update(w.lower() for w in words if found.kinds.get(w) != "personal value")  # `/users/greta` behind her log-in
    for name, value in request.headers:
        _request_header(name.lower(), value, found)
    for site in observe_request(entry):
        found.structure.add(site.name.lower())
        found.names.add(site.name)
        if site.location == "header" and site.key in ("authorization", "referer", "origin"):
            continue
        _named(site.name, site.value, found, sent=site.location in ("form", "json", "part", "query"))
        if is_one_time(site.name, site.value, path_of(entry)):
            found.add(site.value, "token", site.name)
        for start, end, name in named_secrets(site.value):
            written = site.value[start:end]
            for value in dict.fromkeys((written, spelled(written)[0])):
                found.add(value, "password", name)
        if not asset:
            _tokens(site.name, site.value, found)
    files = [part.data for part in request.parts if part.filename is not None]
    for data in files or ([request.body] if request.body and body_text(entry) is None else []):
        for start, end in secrets_in_bytes(data):
            found.add(data[start:end].decode("utf-8", "replace"), "password", "password")
    for value in packed_secrets(entry):
        found.add(value, "password", "password")
    for address in emails(request.url):
        found.add(address, "e-mail address")


def _message_header(name: str, value: str, found: Sensitive) -> None:
    """A header of which nobody knows whether a request or a response has it."""
    if name in ("authorization", "proxy-authorization", "cookie"):
        _request_header(name, value, found)
    elif name == "set-cookie":
        key, _, content = value.partition(";")[0].strip().partition("=")
        _cookie(key, content, found)


def _request_header(name: str, value: str, found: Sensitive) -> None:
    if name in ("authorization", "proxy-authorization"):
        for secret, kind, field_name in credentials_of(value):
            found.add(secret, kind, field_name or name)
    elif name == "cookie":
        for pair in value.split(";"):
            key, _, content = pair.strip().partition("=")
            _cookie(key, content, found)
    elif name == "referer":
        for part in url_parts(value):
            _named(part.name, part.value, found, sent=True)
            _tokens(part.name, part.value, found)
    elif is_secret_name(name) or is_credential_header(name, value) or (_TOKEN_NAME.search(name) and not _is_short_word(value)):
        found.add(value, "token", name)


def _is_short_word(value: str) -> bool:
    return value.isalpha() and len(value) < 8  # `X-CSRF-Token: Fetch`


def _cookie(name: str, value: str, found: Sensitive) -> None:
    value = value.strip().strip('"')
    if JWT.fullmatch(value):
        _claims(value, found)
    if is_clock(value):
        return
    found.add(value, "cookie", name)
    decoded = unquote(value)
    if decoded != value:
        found.add(decoded, "cookie", name)
    _tokens(name, decoded, found)


def _response(entry: Entry, found: Sensitive) -> None:
    for name, value in entry.response.headers:
        lower = name.lower()
        if lower == "set-cookie":
            key, _, content = value.partition(";")[0].strip().partition("=")
            _cookie(key, content, found)
        elif lower == "location":
            for part in url_parts(value):
                _tokens(part.name, part.value, found)
            for field_name, content in fragment_fields(value):
                _unread("fragment", field_name, content, found)
        elif lower not in _QUIET_HEADERS:
            _tokens(name, value.strip('"'), found)
    text = entry.response.text
    if not text:
        return
    for address in emails(text):
        found.add(address, "e-mail address")
    if is_asset(entry):
        found.structure.update(w.lower() for w in set(_WORD.findall(text)))
    elif text.lstrip()[:1] in ("{", "[") and (document := _json(text)) is not None:
        _offered(entry, found)
        for _, name, value in _leaves(document):
            found.structure.add(name.lower())
            _named(name, value, found, sent=False)
            _tokens(name, value, found)
    else:
        found.structure.update(w.lower() for names in _MARKUP.findall(text) for n in names if n for w in _WORD.findall(n))
        _offered(entry, found)
        for match in _QUOTED.finditer(text):
            _tokens("", _unescaped(match[1] or match[2]), found)


def _offered(entry: Entry, found: Sensitive) -> None:
    for one in form_inputs(entry):
        if one.type in ("password", CODE):
            (found.hidden if one.type == "password" else found.codes).add(one.name)


def _unescaped(text: str) -> str:
    """What a text of a page or script means, without the escapes of either."""
    text = html.unescape(text)
    if "\\" not in text:
        return text
    meant = _json(f'"{text}"')
    return meant if isinstance(meant, str) else text.replace("\\", " ")


def _named(name: str, value: str, found: Sensitive, sent: bool) -> None:
    """What the name of a field says of its value; what a response calls so is taken where it can be nothing else."""
    if (
        (is_secret(name, value) if sent else is_secret_name(name))
        or is_credential_field(name, value)
        or name in found.hidden
        or (sent and name in found.codes and is_short_code(value))
    ):
        if sent or (len(value) >= 8 and " " not in value):
            found.add(value, "password", name)
        elif may_be_secret(value) and not any(is_secret_name(word) for word in _WORD.findall(value)):
            found.tell(value, name)
    elif _PERSONAL_NAME.match(plain_name(name)) and (sent or "@" in value) and value.lower() != name.lower():
        found.add(value, "personal value", name)
        if value.islower() and value.isalpha():
            found.add(value.capitalize(), "personal value", name)
    elif _TOKEN_NAME.search(name) and (is_token(value) or _OPAQUE.fullmatch(value)):
        found.add(value, "token", name)
    for address in emails(value):
        found.add(address, "e-mail address")


def _tokens(name: str, value: str, found: Sensitive) -> None:
    """Every token in a value: itself, its pieces, what these encode, the claims of a JWT."""
    if len(value) < 8 or is_fixed_name(name) or _MOMENT.match(value) or value.startswith(("sha256-", "sha384-", "sha512-")):
        return
    texts = [t for t in dict.fromkeys(_whole(t, value) for t in strings(value)) if len(t) >= 8 and is_token(t)]
    forms = [t for t in texts if is_form(t)]
    texts = [t for t in texts if not is_ordinary(t) and not any(t in form for form in forms)]
    for text in sorted((t for t in texts if "://" not in t), key=len, reverse=True):
        whole = next((t for t in texts if len(t) > len(text) and text in t), None)
        if any(JWT.fullmatch(t) and t != text and text in t for t in texts):
            continue  # a part of a JWT, many of which have the same head
        if whole is not None:
            found.pieces.setdefault(text, set()).add(whole)
            continue
        found.add(text, "token")
        if JWT.fullmatch(text):
            _claims(text, found)
        for run in hexadecimal_runs(text):
            found.add(run, "token")


def _whole(piece: str, value: str) -> str:
    """A piece of a value without what belongs to an escape that was cut in two: `2F127.0.0.1` of `%2F127.0.0.1`."""
    return piece[2:].lstrip("=") if f"%{piece}" in value and _CUT.match(piece) else piece


def _claims(token: str, found: Sensitive) -> None:
    for _, name, value in _leaves(_json(plain_text(token.split(".")[1]) or "")):
        if name in ("iss", "aud", "scope", "typ", "alg"):
            continue
        found.add(value, "token" if is_token(value) else "personal value", name)


def _leaves(document: object) -> list[tuple[str, str, str]]:
    try:
        return list(json_leaves(document))
    except RecursionError:
        return []  # so deep that an import does not look into it either


def _json(text: str) -> object | None:
    try:
        document: object = json.loads(text)
        return None if "\\" in text and holds_half_a_pair(document) else document
    except (ValueError, RecursionError):
        return None


def _reach(value: str, structure: set[str]) -> Reach:
    if _DATE.fullmatch(value) or is_clock(value):
        return "field"
    if "@" in value or is_token(value) or (len(value) >= 8 and not value.isalpha() and not value.isdigit()):
        return "anywhere"
    if len(value) < 4 or value.isdigit() or all(w.lower() in structure for w in _WORD.findall(value)):
        return "field"
    return "word"
