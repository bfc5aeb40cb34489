"""A request of a Postman collection (formats 2.0 and 2.1) as the Plan has it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from loadwright.compiler.agents.observe.json_documents import json_document
from loadwright.compiler.drafts.builder import Builder
from loadwright.compiler.drafts.notes import Warn
from loadwright.compiler.drafts.postman_url import Url, enabled
from loadwright.compiler.drafts.postman_values import PLACEHOLDER, Values
from loadwright.compiler.drafts.requests import beside, guarded, headers_of, json_value
from loadwright.compiler.plan.model import (
    Auth,
    BasicAuth,
    BearerAuth,
    Body,
    DigestAuth,
    FileBody,
    FilePart,
    FormBody,
    FormField,
    GraphqlBody,
    JsonBody,
    JsonMember,
    JsonNumber,
    JsonObject,
    JsonText,
    JsonValue,
    MultipartBody,
    Request,
    TextBody,
    ValuePart,
)
from loadwright.compiler.plan.render import default_name
from loadwright.compiler.plan.template import Template, template
from loadwright.compiler.recording.fields import mapping, sequence, text

_METHOD = re.compile(r"[A-Z][A-Z0-9_-]{0,39}")
_LANGUAGES = {
    "json": "application/json",
    "xml": "application/xml",
    "html": "text/html",
    "javascript": "application/javascript",
    "text": "text/plain",
}
_LEFT, _RIGHT = "\ue000", "\ue001"
"""What stands for a placeholder's braces while JSON is read: private-use characters that no JSON needs."""
_MARKED = re.compile(f"{_LEFT}([^{_LEFT}{_RIGHT}]*){_RIGHT}")


@dataclass(frozen=True, slots=True)
class Scheme:
    """How a request identifies itself: the kind, and its parameters."""

    kind: str = "noauth"
    parameters: tuple[tuple[str, str], ...] = ()

    def __getitem__(self, name: str) -> str:
        """A parameter; empty when it is not given."""
        return dict(self.parameters).get(name, "")


def scheme_of(auth: object, inherited: Scheme) -> Scheme:
    """The scheme that an `auth` names; the inherited one when there is none."""
    found = mapping(auth)
    kind = text(found.get("type"))
    if not kind:
        return inherited
    given = found.get(kind)
    pairs = mapping(given).items() or ((mapping(item).get("key"), mapping(item).get("value")) for item in sequence(given))
    return Scheme(kind, tuple((text(name), text(value)) for name, value in pairs))


class RequestReader:
    """Makes requests; `folder` is where the files that they send lie."""

    def __init__(self, builder: Builder, values: Values, folder: Path) -> None:
        self.builder, self.values, self.folder = builder, values, folder

    def read(self, name: str, raw: object, scheme: Scheme, warn: Warn) -> Request | None:
        """The request of an item; None, with a warning, when it has no URL or method that can be used."""
        item = {"url": raw} if isinstance(raw, str) else mapping(raw)
        method = text(item.get("method") or "GET").strip().upper()
        if not _METHOD.fullmatch(method):
            warn("source-bad-value", "the method is not valid; the request was left out")
            return None
        url = Url(self.builder, self.values, item.get("url"), warn)
        if not url.base and not url.path:
            warn("postman-no-url", "the request has no URL; it was left out")
            return None
        target, path = url.place()
        query = list(url.query())
        headers = [
            (text(h.get("key")).strip(), self.fill(text(h.get("value")), warn))
            for h in map(mapping, sequence(item.get("header")))
            if not h.get("disabled") and text(h.get("key")).strip()
        ]
        auth = self._auth(scheme, headers, query, warn)
        body, media_type = self._body(mapping(item.get("body")), _content_type(headers), warn)
        own = [pair for pair in headers if not (pair[0].lower() == "content-type" and (pair[1].literal or "") == media_type)]
        sent = headers_of(self.builder, own, warn)
        if auth is not None and any(header.name.lower() == "authorization" for header in sent):
            auth = None
        return Request(
            name=default_name(method, path),
            method=method,
            target=target,
            url=path,
            query=tuple(query),
            headers=sent,
            auth=auth,
            body=body,
        )

    def fill(self, written: str, warn: Warn) -> Template:
        """A text with its placeholders replaced."""
        return self.values.fill(written, warn)

    # --- authorization

    def _auth(self, scheme: Scheme, headers: list[tuple[str, Template]], query: list[FormField], warn: Warn) -> Auth | None:
        def value(name: str, secret: bool = False) -> Template:
            filled = self.fill(scheme[name], warn)
            return guarded(self.builder, name if secret else "", filled) if scheme[name] else filled

        match scheme.kind:
            case "noauth":
                return None
            case "basic":
                return BasicAuth(username=value("username"), password=value("password", secret=True))
            case "digest":
                return DigestAuth(username=value("username"), password=value("password", secret=True))
            case "bearer":
                return BearerAuth(token=self._credential(scheme, "token", warn))
            case "oauth2":
                if scheme["addTokenTo"] == "queryParams":
                    query.append(FormField(name=template("access_token"), value=self._credential(scheme, "accessToken", warn)))
                    return None
                return BearerAuth(token=self._credential(scheme, "accessToken", warn))
            case "apikey":
                key, content = scheme["key"] or "X-API-Key", self._credential(scheme, "value", warn)
                if scheme["in"] == "query":
                    query.append(FormField(name=self.fill(key, warn), value=content))
                else:
                    headers.append((key, content))
                return None
            case _:
                shown = re.sub(r"[^\w -]", "", scheme.kind)[:40]
                warn("postman-auth", f"the authorization `{shown}` is not supported; it was left out", "add its header by hand")
                return None

    def _credential(self, scheme: Scheme, name: str, warn: Warn) -> Template:
        """A token or key: what a variable holds, or a secret of its own."""
        written = scheme[name]
        if PLACEHOLDER.search(written):
            return self.fill(written, warn)
        unresolved = "" if written else "the collection does not hold the credential"
        return template(self.builder.secret(f"{scheme.kind} {written}", f"{scheme.kind} {name}", unresolved))

    # --- bodies

    def _body(self, body: dict[str, object], content_type: str, warn: Warn) -> tuple[Body | None, str]:
        """The body, and the content type that it has by itself."""
        if body.get("disabled"):
            return None, ""
        match text(body.get("mode")):
            case "raw":
                language = text(mapping(mapping(body.get("options")).get("raw")).get("language"))
                return self._raw(text(body.get("raw")), content_type or _LANGUAGES.get(language, ""), warn)
            case "urlencoded":
                fields = [(text(f.get("key")), text(f.get("value"))) for f in enabled(body.get("urlencoded"))]
                made = (FormField(name=self.fill(k, warn), value=guarded(self.builder, k, self.fill(v, warn))) for k, v in fields)
                return FormBody(fields=tuple(made)), "application/x-www-form-urlencoded"
            case "formdata":
                parts = [part for field in enabled(body.get("formdata")) for part in self._parts(field, warn)]
                return MultipartBody(parts=tuple(parts)), content_type if content_type.startswith("multipart/") else ""
            case "file":
                return self._file(mapping(body.get("file")), content_type, warn)
            case "graphql":
                return self._graphql(mapping(body.get("graphql")), warn), "application/json"
            case _:
                return None, ""

    def _raw(self, written: str, content_type: str, warn: Warn) -> tuple[Body | None, str]:
        if not written.strip():
            return None, ""
        media_type = content_type.partition(";")[0].strip().lower()
        looks_json = not media_type and written.lstrip()[:1] in "{["
        if (media_type.endswith("json") or looks_json) and (value := self._json(written, warn)) is not None:
            return JsonBody(value=value), "application/json"
        media_type = media_type if re.fullmatch(r"[\w.+-]+/[\w.+-]+", media_type) else "text/plain"
        return TextBody(value=self.fill(written, warn), media_type=media_type), media_type

    def _json(self, written: str, warn: Warn) -> JsonValue | None:
        """A JSON text with placeholders in strings and in place of values; None when it is none."""
        document = json_document(_marked(written)) if _LEFT not in written and _RIGHT not in written else None
        return None if document is None else self._unmarked(json_value(self.builder, document), warn)

    def _unmarked(self, value: JsonValue, warn: Warn) -> JsonValue:
        match value:
            case JsonObject(members=members):
                return JsonObject(members=tuple(self._member(member, warn) for member in members))
            case JsonText(value=content) if _LEFT in (content.literal or ""):
                written = content.literal or ""
                whole = re.fullmatch(f"{_LEFT}#(.*){_RIGHT}", written)
                if whole:
                    return JsonNumber(value=self.values.value(whole[1], warn))
                return JsonText(value=self.fill(_MARKED.sub(r"{{\1}}", written), warn))
            case JsonText() | JsonNumber() | JsonObject():
                return value
            case _:
                items = getattr(value, "items", None)
                return value if items is None else value.model_copy(update={"items": tuple(self._unmarked(i, warn) for i in items)})

    def _member(self, member: JsonMember, warn: Warn) -> JsonMember:
        name = _MARKED.sub(r"{{\1}}", member.name)
        return JsonMember(name=name, value=self._unmarked(member.value, warn))

    def _parts(self, field: dict[str, object], warn: Warn) -> list[ValuePart | FilePart]:
        name, media_type = text(field.get("key")), text(field.get("contentType"))
        if not name:
            return []
        if text(field.get("type")) != "file":
            return [ValuePart(name=name, value=guarded(self.builder, name, self.fill(text(field.get("value")), warn)))]
        listed = field.get("src") if isinstance(field.get("src"), list) else [field.get("src")]
        paths = [text(path) for path in sequence(listed)]
        media_type = media_type if re.fullmatch(r"[\w.+-]+/[\w.+-]+", media_type) else "application/octet-stream"
        made = []
        for path in paths:
            filename = re.sub(r'[\x00-\x1f"\\]', "_", path.replace("\\", "/").rpartition("/")[2]) or "file"
            data = beside(self.folder, path, warn) or b""
            made.append(FilePart(name=name, path=self.builder.file(data), filename=template(filename), media_type=media_type))
        return list(made)

    def _file(self, file: dict[str, object], content_type: str, warn: Warn) -> tuple[Body | None, str]:
        content = file.get("content")
        data = content.encode("utf-8", "replace") if isinstance(content, str) else beside(self.folder, text(file.get("src")), warn)
        media_type = content_type.partition(";")[0].strip().lower()
        media_type = media_type if re.fullmatch(r"[\w.+-]+/[\w.+-]+", media_type) else "application/octet-stream"
        return FileBody(path=self.builder.file(data or b""), media_type=media_type), media_type

    def _graphql(self, body: dict[str, object], warn: Warn) -> Body | None:
        query, operation = text(body.get("query")), text(body.get("operationName"))
        given = body.get("variables")
        written = given if isinstance(given, str) else ""
        variables = self._json(written, warn) if written.strip() else None
        if written.strip() and not isinstance(variables, JsonObject):
            warn("source-bad-value", "the variables of the GraphQL operation are no JSON object; they were left out")
        variables = variables if isinstance(variables, JsonObject) else None
        found = re.match(r"\s*(?:(?:query|mutation)\s*([A-Za-z_]\w*)?[^{}]*)?\{", query)
        is_plain = found and not PLACEHOLDER.search(query) and query.count("{") == query.count("}") and len(_heads(query)) == 1
        if is_plain and found and not re.search(r"[\"#]", query):
            name = found[1] if not operation or operation == found[1] else None
            return GraphqlBody(query=query, operation=name, variables=variables)
        members = [JsonMember(name="query", value=JsonText(value=self.fill(query, warn)))]
        members += [JsonMember(name="variables", value=variables)] if variables else []
        members += [JsonMember(name="operationName", value=JsonText(value=template(operation)))] if operation else []
        return JsonBody(value=JsonObject(members=tuple(members)))


def _heads(query: str) -> list[str]:
    """What stands at the top of a GraphQL document: one piece for each definition."""
    depth, heads, current = 0, [], ""
    for character in query:
        if character == "{":
            if depth == 0:
                heads.append(current.strip())
                current = ""
            depth += 1
        elif character == "}":
            depth -= 1
        elif depth == 0:
            current += character
    return heads


def _content_type(headers: Sequence[tuple[str, Template]]) -> str:
    return next((value.literal or "" for name, value in headers if name.lower() == "content-type"), "")


def _marked(written: str) -> str:
    """The JSON text with placeholders marked: inside of strings as they stand, outside as strings of their own (`#name`)."""
    parts: list[str] = []
    inside = False
    for token in re.findall(r'\{\{[^{}"\n]{1,200}\}\}|\\.|"|[^{"\\]+|.', written, re.DOTALL):
        placeholder = PLACEHOLDER.fullmatch(token)
        if placeholder:
            name = placeholder[1].strip()
            parts.append(f"{_LEFT}{name}{_RIGHT}" if inside else f'"{_LEFT}#{name}{_RIGHT}"')
            continue
        inside = inside != (token == '"')
        parts.append(token)
    return "".join(parts)
