"""The body of an operation of an OpenAPI document: its example, or one made from its schema."""

from __future__ import annotations

import re
from typing import Any

from loadwright.compiler.drafts.builder import Builder
from loadwright.compiler.drafts.notes import Warn
from loadwright.compiler.drafts.openapi_document import Document, Operation
from loadwright.compiler.drafts.openapi_samples import MISSING, Sampler, as_text, exploded, given, is_binary, plain
from loadwright.compiler.drafts.requests import guarded, json_value
from loadwright.compiler.plan.model import (
    Body,
    FileBody,
    FilePart,
    FormBody,
    FormField,
    JsonBody,
    MultipartBody,
    TextBody,
    ValuePart,
)
from loadwright.compiler.plan.template import template
from loadwright.compiler.recording.fields import mapping, text

_MEDIA_TYPE = re.compile(r"[\w.+-]+/[\w.+-]+")
_ORDER = (r"application/json$|.*\+json$", "application/x-www-form-urlencoded$", "multipart/form-data$", "text/", "")
"""Which media type is taken where there are several."""
_SAMPLE_FILE = b"a sample file\n"


def body_of(document: Document, builder: Builder, operation: Operation, warn: Warn) -> tuple[Body | None, str]:
    """The body, and a content type where it has none by itself."""
    body = document.follow(operation.node.get("requestBody"))
    if not body or (operation.method in ("GET", "HEAD", "DELETE") and body.get("required") is not True):
        return None, ""
    content = {text(name).partition(";")[0].strip().lower(): item for name, item in mapping(body.get("content")).items()}
    sendable = [name for name in content if _MEDIA_TYPE.fullmatch(name)]
    if not sendable:
        if content:
            warn("openapi-body", "the request's body has no media type that can be sent; it was left out")
        return None, ""
    chosen = next(name for pattern in _ORDER for name in sendable if re.match(pattern, name))
    return _Body(document, builder, chosen, content[chosen], warn).read()


class _Body:
    def __init__(self, document: Document, builder: Builder, media_type: str, raw: object, warn: Warn) -> None:
        self.document, self.builder, self.media_type, self.warn = document, builder, media_type, warn
        media = document.follow(raw)
        sampler = Sampler(document)
        self.schema = sampler.merged(media.get("schema"))
        self.example = given(document, media)
        self.value = sampler.sample(self.schema) if self.example is MISSING else self.example

    def read(self) -> tuple[Body, str]:
        """See `body_of`."""
        if self.media_type.endswith("json"):
            body = JsonBody(value=json_value(self.builder, self._json(), by_look=False))
            return body, "" if self.media_type == "application/json" else self.media_type
        if self.media_type == "application/x-www-form-urlencoded":
            return self._form(), ""
        return self._multipart() if self.media_type == "multipart/form-data" else self._other(), ""

    def _json(self) -> Any:
        try:
            return plain(self.value)
        except ValueError:
            self.warn("openapi-body", "the example of a body is far too large; an empty object is sent", "write it by hand")
            return {}

    def _form(self) -> FormBody:
        pairs = [pair for name, item in mapping(self.value).items() for pair in exploded({}, str(name), item)]
        values = [(n, guarded(self.builder, n, template(v), by_look=False)) for n, v in pairs]
        return FormBody(fields=tuple(FormField(name=template(n), value=v) for n, v in values))

    def _multipart(self) -> MultipartBody:
        return MultipartBody(parts=tuple(self._part(str(name), value) for name, value in mapping(self.value).items()))

    def _part(self, name: str, value: object) -> ValuePart | FilePart:
        of = self.document.follow(mapping(self.schema.get("properties")).get(name))
        of = self.document.follow(of.get("items")) if "items" in of else of
        if not is_binary(of):
            return ValuePart(name=name, value=guarded(self.builder, name, template(as_text(value)), by_look=False))
        media_type = text(of.get("contentMediaType"))
        media_type = media_type if _MEDIA_TYPE.fullmatch(media_type) else "application/octet-stream"
        return FilePart(name=name, path=self.builder.file(_SAMPLE_FILE), filename=template("sample.bin"), media_type=media_type)

    def _other(self) -> Body:
        if is_binary(self.schema) or self.media_type == "application/octet-stream":
            return FileBody(path=self.builder.file(_SAMPLE_FILE), media_type=self.media_type)
        if not isinstance(self.example, str) and not self.media_type.startswith("text/"):
            message = f"a body of type `{self.media_type[:60]}` has no example as text; what is sent is made up"
            self.warn("openapi-body", message, "write it by hand")
        return TextBody(value=template(as_text(self.value) or "sample"), media_type=self.media_type)
