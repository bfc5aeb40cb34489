"""Reads `curl` commands: a file with one or many, typed by hand or copied from a browser."""

from __future__ import annotations

import base64
import mimetypes
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote_plus, urlsplit

from loadwright.compiler.data_files import BadDataError, find_file
from loadwright.compiler.diagnostics import Diagnostic, LoadwrightError
from loadwright.compiler.drafts.curl_options import SILENT, options
from loadwright.compiler.drafts.notes import LineNotes
from loadwright.compiler.drafts.shell import ShellError, Words, commands
from loadwright.compiler.recording.model import Headers, Upload, header
from loadwright.compiler.recording.urls import wire_url

FORM = "application/x-www-form-urlencoded"
_METHOD = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~-]{1,40}")
_TOKEN = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~-]+")


@dataclass(slots=True)
class Transfer:
    """One request of a `curl` command."""

    line: int
    url: str = ""
    method: str = "GET"
    headers: Headers = ()
    body: bytes | None = None
    parts: tuple[Upload, ...] = ()
    body_missing: bool = False
    """Whether a file that it sends could not be read."""
    cookies: tuple[tuple[str, str], ...] = ()
    digest: tuple[str, str] | None = None
    """The user and password of digest authentication."""
    insecure: bool = False
    follow: bool = False
    timeout: int | None = None
    """Milliseconds."""


def read_curl(text: str, name: str, folder: Path) -> tuple[list[Transfer], list[Diagnostic]]:
    """The requests of the `curl` commands in a text, and warnings that name the line of the command.

    Files that commands send are read when they lie in `folder` or below it. Nothing is run: shell variables and substitutions
    stay as they are written. Raises LoadwrightError when there is no command, or a quote is not closed.
    """
    notes = LineNotes(name)
    try:
        found = [c for c in map(_curl, commands(text)) if c]
    except ShellError as error:
        hint = "copy the whole command again"
        raise LoadwrightError(Diagnostic("curl-open-quote", f"{error}", hint, place=f"{name}:{error.line}")) from None
    transfers = [transfer for words in found for transfer in _Command(words, folder, notes).transfers()]
    if not transfers:
        message, hint = "the file holds no curl command with a URL", "one command a line, as in: curl https://shop.example.com/"
        raise LoadwrightError(*notes.diagnostics(), Diagnostic("curl-no-command", message, hint, place=name))
    return transfers, notes.diagnostics()


def _curl(command: Words) -> Words | None:
    """The command without what stands before `curl` (a prompt, variables, `sudo`); None when it is another one."""
    for position, word in enumerate(command.words[:4]):
        if re.fullmatch(r"(?:.*[/\\])?curl(?:\.exe)?", word):
            return Words(command.line, command.words[position + 1 :], command.expansions)
    return None


@dataclass(slots=True)
class _State:
    """What the options of one command (up to `--next`) say."""

    urls: list[str] = field(default_factory=list)
    method: str = ""
    headers: list[tuple[str, str]] = field(default_factory=list)
    data: list[bytes] = field(default_factory=list)
    has_data: bool = False
    missing: bool = False
    parts: list[Upload] = field(default_factory=list)
    cookies: list[tuple[str, str]] = field(default_factory=list)
    user: str | None = None
    digest: bool = False
    get: bool = False
    head: bool = False
    json: bool = False
    upload: bytes | None = None
    insecure: bool = False
    follow: bool = False
    timeout: int | None = None
    query: list[str] = field(default_factory=list)


class _Command:
    def __init__(self, words: Words, folder: Path, notes: LineNotes) -> None:
        self.words, self.folder, self.line = words, folder, words.line
        self.warn = notes.at(words.line)
        self.state = _State()
        self.done: list[Transfer] = []
        self.takes: dict[str, Callable[[str], None]] = {
            "url": lambda v: self.state.urls.append(v),
            "request": self._method,
            "header": self._header,
            "data": lambda v: self._data(v, files=True, lines=False),
            "data-ascii": lambda v: self._data(v, files=True, lines=False),
            "data-raw": lambda v: self._data(v, files=False),
            "data-binary": lambda v: self._data(v, files=True),
            "data-urlencode": self._urlencoded,
            "json": self._json,
            "form": self._form,
            "form-string": lambda v: self._part(*v.partition("=")[::2]),
            "user": lambda v: setattr(self.state, "user", v),
            "oauth2-bearer": lambda v: self.state.headers.append(("Authorization", f"Bearer {v}")),
            "cookie": self._cookie,
            "user-agent": lambda v: self.state.headers.append(("User-Agent", v)),
            "referer": lambda v: self.state.headers.append(("Referer", v)),
            "url-query": lambda v: self.state.query.append(_encoded_pair(v)),
            "upload-file": self._upload,
            "max-time": self._timeout,
        }
        self.flags = {"insecure", "get", "head", "digest"}

    def transfers(self) -> list[Transfer]:
        """The requests, one for each URL."""
        for expansion in dict.fromkeys(self.words.expansions):
            self.warn(
                "curl-shell",
                f"`{_shown(expansion)}` is for the shell; it stands as text",
                "write its value, or a value of the intent",
            )
        for name, value in options(self.words.words):
            if name == "next":
                self._finish()
            elif name in self.takes:
                self.takes[name](value or "")
            elif name in self.flags:
                setattr(self.state, name, True)
            elif name in ("location", "location-trusted"):
                self.state.follow = True
            elif name not in SILENT:
                written = name if name.startswith("-") else f"--{name}"
                self.warn("curl-option", f"the option `{_shown(written)}` means nothing to a test; it was left out")
        self._finish()
        return self.done

    # --- options

    def _method(self, value: str) -> None:
        if _METHOD.fullmatch(value):
            self.state.method = value.upper()
        else:
            self.warn("source-bad-value", "the method is not valid; it was left out")

    def _header(self, value: str) -> None:
        name, colon, content = value.partition(":")
        if not colon and name.endswith(";"):
            name, content = name[:-1], ""  # `-H "X-Empty;"` sends the header without a value
        elif not content.strip():
            return  # `-H "Accept:"` takes a header away
        if not _TOKEN.fullmatch(name.strip()) or re.search(r"[\x00-\x08\x0a-\x1f\x7f]", content):
            self.warn("source-bad-value", "a header is not valid; it was left out")
        elif name.strip().lower() == "cookie":
            self._cookie(content.strip())
        else:
            self.state.headers.append((name.strip(), content.strip()))

    def _data(self, value: str, *, files: bool, lines: bool = True) -> None:
        self.state.has_data = True
        if files and value.startswith("@"):
            data = self._file(value[1:])
            self.state.data.append(data if lines else data.replace(b"\r", b"").replace(b"\n", b""))
        else:
            self.state.data.append(value.encode("utf-8", "replace"))

    def _json(self, value: str) -> None:
        self._data(value, files=True)
        self.state.json = True

    def _urlencoded(self, value: str) -> None:
        self.state.has_data = True
        found = re.match(r"([^=@]*)@(.*)", value, re.DOTALL)
        if found and "=" not in found[1]:
            content = quote_plus(self._file(found[2]))
            self.state.data.append((f"{found[1]}={content}" if found[1] else content).encode())
        else:
            self.state.data.append(_encoded_pair(value).encode())

    def _form(self, value: str) -> None:
        name, _, content = value.partition("=")
        content, *settings = re.split(r";(?=type=|filename=|headers=|encoder=)", content)
        named = dict(setting.partition("=")[::2] for setting in settings)
        filename, media_type = named.get("filename", "").strip('"') or None, named.get("type")
        if content[:1] == "@":
            for path in content[1:].split(","):
                guess = mimetypes.guess_type(path, strict=False)[0] or "application/octet-stream"
                own = filename or path.strip('"').replace("\\", "/").rpartition("/")[2]
                self.state.parts.append(Upload(name, self._file(path.strip('"')), own, media_type or guess))
        elif content[:1] == "<":
            self._part(name, self._file(content[1:]).decode("utf-8", "replace"), media_type)
        else:
            self._part(name, content.strip('"') if content[:1] == '"' == content[-1:] else content, media_type)

    def _part(self, name: str, content: str, media_type: str | None = None) -> None:
        self.state.parts.append(Upload(name, content.encode("utf-8", "replace"), None, media_type))

    def _cookie(self, value: str) -> None:
        if "=" not in value:
            self.warn("source-file", "a file of cookies is not read", "give the cookies as text: -b 'name=value'")
            return
        for pair in value.split(";"):
            name, equals, content = pair.strip().partition("=")
            if equals and _TOKEN.fullmatch(name):
                self.state.cookies.append((name, content))
            elif pair.strip():
                self.warn("source-bad-value", "a cookie is not valid; it was left out")

    def _upload(self, value: str) -> None:
        self.state.upload = self._file(value)

    def _timeout(self, value: str) -> None:
        if re.fullmatch(r"\d{1,6}(?:\.\d{1,6})?", value) and float(value) > 0:
            self.state.timeout = max(1, round(float(value) * 1000))

    def _file(self, path: str) -> bytes:
        """The bytes of a file in the folder of the commands; nothing, with a warning, for any other."""
        try:
            return find_file(self.folder, path).read_bytes()
        except BadDataError as error:
            reason = str(error).replace("the intent's folder", "the folder of the source").replace("the intent file", "the source")
        except OSError as error:
            reason = (error.strerror or str(error)).lower()
        self.state.missing = True
        hint = "put the file beside the commands and name it by its relative path"
        self.warn("source-file", f"a file that is sent was not read: {_shown(reason)}", hint)
        return b""

    # --- requests

    def _finish(self) -> None:
        state, self.state = self.state, _State()
        for written in state.urls:
            url = _url(written)
            if url is None:
                self.warn(
                    "source-bad-value",
                    "the URL is not valid; the request was left out",
                    "give it in full: https://shop.example.com/",
                )
                continue
            if re.search(r"\[\w+-\w+(?::\d+)?\]|\{[^{}]*,[^{}]*\}", written):
                self.warn("curl-glob", "curl would make several URLs of this one; it was taken as it is")
            self.done.append(_transfer(state, url, self.line))


def _transfer(state: _State, url: str, line: int) -> Transfer:
    headers = list(state.headers)
    data = b"".join(state.data) if state.json else b"&".join(state.data)
    body: bytes | None = data if state.has_data else state.upload
    method = state.method or ("POST" if state.has_data or state.parts else "PUT" if state.upload is not None else "GET")
    query = list(state.query)
    if state.get or (state.head and state.has_data):
        query += [data.decode("utf-8", "replace")] if state.has_data else []
        body, method = None, state.method or "GET"
    if state.head:
        method = state.method or "HEAD"
    own_type = header(tuple(headers), "content-type")
    if body is not None and own_type is None and state.upload is None:
        headers.append(("Content-Type", "application/json" if state.json else FORM))
    if state.json and header(tuple(headers), "accept") is None:
        headers.append(("Accept", "application/json"))
    if query:
        url += ("&" if "?" in url else "?") + "&".join(query)
    digest = None
    if state.user is not None:
        user, _, password = state.user.partition(":")
        if state.digest:
            digest = (user, password)
        elif header(tuple(headers), "authorization") is None:
            packed = base64.b64encode(f"{user}:{password}".encode("utf-8", "replace")).decode()
            headers.append(("Authorization", f"Basic {packed}"))
    found = Transfer(line, url, method, tuple(headers), body, tuple(state.parts), state.missing, tuple(state.cookies), digest)
    found.insecure, found.follow, found.timeout = state.insecure, state.follow, state.timeout
    return found


def _url(written: str) -> str | None:
    """A URL with its scheme (curl takes `http` when there is none); None when it has no host."""
    url = written if re.match(r"[A-Za-z][A-Za-z0-9+.-]*://", written) else f"http://{written}"
    try:
        parts = urlsplit(wire_url(url))
        fine = parts.scheme in ("http", "https") and re.fullmatch(r"[A-Za-z0-9._-]+|[0-9A-Fa-f:.]+", parts.hostname or "")
    except ValueError:
        return None
    return url if fine else None


def _encoded_pair(value: str) -> str:
    """`name=content` and `=content` with the content encoded, or all of it; as `--data-urlencode` does."""
    name, equals, content = value.partition("=")
    if not equals:
        return quote_plus(value)
    return f"{name}={quote_plus(content)}" if name else quote_plus(content)


def _shown(text: str) -> str:
    """A piece of the command in a message: short, printable, and without what may be a secret in it."""
    return "".join(c if c.isprintable() else " " for c in text)[:60]
