"""The URL of a request of a Postman collection: text, or an object of its pieces."""

from __future__ import annotations

import re
from urllib.parse import quote, unquote

from loadwright.compiler.agents.names import identifier
from loadwright.compiler.agents.values import is_token
from loadwright.compiler.drafts.builder import Builder
from loadwright.compiler.drafts.notes import Warn
from loadwright.compiler.drafts.postman_values import Values, first_name
from loadwright.compiler.drafts.requests import guarded, holds_secret
from loadwright.compiler.plan.model import FormField
from loadwright.compiler.plan.template import Template, Text, call, template
from loadwright.compiler.recording.fields import mapping, sequence, text

_PATH_SAFE = "-._~!$&'()*+,;=:@%"


def enabled(fields: object) -> list[dict[str, object]]:
    """The items of a list that are switched on."""
    return [field for field in map(mapping, sequence(fields)) if not field.get("disabled")]


class Url:
    """A URL in pieces: what is before the path, the path, and the query; as text or as an object."""

    def __init__(self, builder: Builder, values: Values, raw: object, warn: Warn) -> None:
        self.builder, self.values, self.warn = builder, values, warn
        given = mapping(raw)
        self.variables = {
            text(v.get("key") or v.get("id")): text(v.get("value")) for v in map(mapping, sequence(given.get("variable")))
        }
        self.fields: list[tuple[str, str]] = []
        if given and (given.get("host") or given.get("path")):
            self.base, self.path = _joined(given.get("host"), "."), _joined(given.get("path"), "/")
            self.base = self._whole_base(given)
            self.fields = [(text(q.get("key")), text(q.get("value"))) for q in enabled(given.get("query"))]
        else:
            written = text(given.get("raw")) if given else text(raw)
            self.base, self.path, found = _split(written)
            self.fields = [(k, v) for k, _, v in (pair.partition("=") for pair in found.split("&") if pair)]

    def _whole_base(self, given: dict[str, object]) -> str:
        protocol, port = text(given.get("protocol")), text(given.get("port"))
        base = self.base + (f":{port}" if port else "")
        return f"{protocol}://{base}" if protocol and base and "://" not in base else base

    def place(self) -> tuple[str, Template]:
        """The name of the target, and the path on it."""
        hint = first_name((self.base,))
        known = self.values.known(self.base)
        target = None
        if known:
            try:
                target = self.builder.target(known if "://" in known else f"http://{known}", hint)
            except ValueError:
                target = None
        if target is None:
            target = self.builder.unknown_target(hint or "server")
            hint = f"set LOADWRIGHT_TARGET_{target.name.upper()}"
            self.warn("source-no-server", f"it is not known where `{target.name}` is", hint)
        return target.name, self._path()

    def _path(self) -> Template:
        parts: list[str | Template] = []
        for segment in self.path.split("/") if self.path else [""]:
            parts.append("/")
            if segment.startswith(":") and len(segment) > 1 and (segment[1:] in self.variables or identifier(segment[1:])):
                parts.append(self._variable(segment[1:]))
            else:
                parts.append(self._encoded(segment))
        return template(*parts)

    def _variable(self, name: str) -> Template:
        written = self.variables.get(name, "")
        if written:
            return self._encoded(written)
        if name in self.values.live or name in self.values.given:
            return self._encoded("{{" + name + "}}")
        reason = "the collection gives no value to this part of a path"
        self.warn("postman-undefined", f"`:{name[:60]}` in the path has no value", "set the secret, or capture it")
        return template(call("urlencode", self.builder.secret(f"path {name}", name, reason)))

    def _encoded(self, written: str) -> Template:
        """A part of a path: text encoded where it has to be, values always."""
        filled = self.values.fill(written, self.warn)
        known = self.values.known(written)
        if (
            known is not None
            and filled.literal is None
            and not is_token(known)
            and quote(known, safe=_PATH_SAFE) != quote(known, safe="")
        ):
            return template(quote(known, safe=f"{_PATH_SAFE}/"))
        return template(*(quote(p.value, safe=_PATH_SAFE) if isinstance(p, Text) else call("urlencode", p) for p in filled.parts))

    def query(self) -> list[FormField]:
        """The fields of the query, decoded."""
        found = []
        for name, value in self.fields:
            content = self.values.fill(unquote(value) if re.search("%[0-9A-Fa-f]{2}", value) else value, self.warn)
            name_filled = self.values.fill(unquote(name), self.warn)
            guarded_value = guarded(self.builder, name, content) if holds_secret(name) else content
            found.append(FormField(name=name_filled, value=guarded_value))
        return found


def _joined(value: object, separator: str) -> str:
    if isinstance(value, list):
        return separator.join(text(mapping(item).get("value")) if isinstance(item, dict) else text(item) for item in value)
    return text(value).lstrip("/") if separator == "/" else text(value)


def _split(written: str) -> tuple[str, str, str]:
    """Base, path without its first slash, and query of a URL that may hold placeholders."""
    written = written.strip().partition("#")[0]
    before, _, query = written.partition("?")
    found = re.match(r"((?:[A-Za-z][\w+.-]*|\{\{[^{}]*\}\})://)?([^/]*)/?(.*)", before, re.DOTALL)
    scheme, host, path = found.groups("") if found else ("", "", "")
    return f"{scheme}{host}", path, query
