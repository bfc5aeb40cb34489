"""Request bodies as the properties of an HTTP sampler."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import assert_never

from loadwright.backends.jmeter.escape import property_text, variable
from loadwright.backends.jmeter.expressions import Renderer, jsr223
from loadwright.backends.jmeter.multipart import multipart_script
from loadwright.backends.jmeter.names import Names
from loadwright.backends.jmeter.xml import Element, Property, boolean, collection, element_property, string
from loadwright.compiler.plan.model import (
    FileBody,
    FilePart,
    FormBody,
    FormField,
    GraphqlBody,
    Header,
    JsonBody,
    MultipartBody,
    Request,
    TextBody,
    ValuePart,
)
from loadwright.compiler.plan.render import form_template, graphql_json, json_template
from loadwright.compiler.plan.template import Reference, Template, template

_PLAIN = re.compile(r"[A-Za-z0-9._-][A-Za-z0-9._ -]*")
"""Names of parts and files that need no escape in a Content-Disposition header."""

EMPTY_FILE = "no-body"
"""An empty file beside the plan: sent as a body, it is the only way to send none without a Content-Type."""
_FORM_METHODS = {"POST", "PUT", "PATCH"}
"""Methods whose parameters JMeter sends as a form body; those of the others go into the URL."""
_BODILESS_METHODS = {"GET", "HEAD", "OPTIONS", "TRACE"}
"""Methods for which JMeter prepares no body unless it is given one."""


@dataclass(frozen=True)
class BodyProperties:
    """A body as sampler properties, the headers that go with it, and what computes it."""

    properties: tuple[Property, ...]
    headers: tuple[Header, ...] = ()
    children: tuple[Element, ...] = ()


def body_properties(request: Request, renderer: Renderer, names: Names, *, follows: bool) -> BodyProperties:
    """The body of a request; `follows` tells whether redirects are followed: JMeter takes headers along to their targets."""
    body = request.body
    if body is None:
        return _none(request)
    if isinstance(body, MultipartBody):
        return _native_multipart(body, renderer) if is_native_multipart(body) else _raw_multipart(body, renderer, names)
    if isinstance(body, FileBody):
        media_type = "" if sets_type(request) else body.media_type
        return BodyProperties((_arguments(()), _files([_file(body.path, "", media_type)])))
    media_type, text = _text(body)
    if sets_type(request):
        media_type = ""
    if isinstance(body, FormBody) and _is_native_form(request, body.fields) and not (follows and media_type):
        return BodyProperties(_form(body.fields, renderer), content_type(media_type))
    if follows and media_type:
        # the type of a file is not taken along; beside an argument the file itself is not sent
        return BodyProperties((*_raw(renderer.text(text)), _files([_file(EMPTY_FILE, "", media_type)])))
    return BodyProperties(_raw(renderer.text(text)), content_type(media_type))


def sets_type(request: Request) -> bool:
    """Whether the request has a Content-Type of its own."""
    return any(header.name.lower() == "content-type" for header in request.headers)


def content_type(media_type: str) -> tuple[Header, ...]:
    """The header, if there is a media type."""
    return (Header(name="Content-Type", value=template(media_type)),) if media_type else ()


def _none(request: Request) -> BodyProperties:
    if request.method in _BODILESS_METHODS:
        return BodyProperties((_arguments(()),))
    return BodyProperties((_arguments(()), _files([_file(EMPTY_FILE, "", "")])))


def _text(body: FormBody | JsonBody | TextBody | GraphqlBody) -> tuple[str, Template]:
    """The media type and the text of a body that is one text."""
    match body:
        case FormBody(fields=fields):
            return "application/x-www-form-urlencoded", form_template(fields)
        case JsonBody(value=value):
            return "application/json", json_template(value)
        case GraphqlBody():
            return "application/json", json_template(graphql_json(body).value)
        case TextBody(value=text, media_type=media_type):
            return media_type, text
        case _:
            assert_never(body)


# --- one text ---------------------------------------------------------------------------------------------------------


def _raw(text: str) -> tuple[Property, ...]:
    return (boolean("HTTPSampler.postBodyRaw", True), _arguments([_argument("", text, encode=False)]))


# --- forms ------------------------------------------------------------------------------------------------------------


def _is_native_form(request: Request, fields: Sequence[FormField]) -> bool:
    """Whether JMeter's parameter table sends these fields.

    It trims names, and drops a field without one or whose name looks like a variable that nobody defined.
    """
    names = (field.name.literal for field in fields)
    return request.method in _FORM_METHODS and bool(fields) and all(name and _is_native_name(name) for name in names)


def _is_native_name(name: str) -> bool:
    return name == name.strip() and not (name.startswith("${") and name.endswith("}"))


def _form(fields: Sequence[FormField], renderer: Renderer) -> tuple[Property, ...]:
    return (_arguments([_argument(renderer.text(field.name), renderer.text(field.value), encode=True) for field in fields]),)


def _arguments(arguments: Sequence[Property]) -> Property:
    return element_property(
        "HTTPsampler.Arguments",
        "Arguments",
        collection("Arguments.arguments", arguments),
        gui="HTTPArgumentsPanel",
        title="User Defined Variables",
    )


def _argument(name: str, value: str, *, encode: bool, media_type: str = "") -> Property:
    return element_property(
        name,
        "HTTPArgument",
        boolean("HTTPArgument.always_encode", encode),
        string("Argument.name", name),
        string("Argument.value", value),
        string("Argument.metadata", "="),
        boolean("HTTPArgument.use_equals", True),
        *((string("HTTPArgument.content_type", media_type),) if media_type else ()),
    )


# --- files and multipart ----------------------------------------------------------------------------------------------


def _files(files: Sequence[Property]) -> Property:
    return element_property("HTTPsampler.Files", "HTTPFileArgs", collection("HTTPFileArgs.files", files))


def _file(path: str, name: str, media_type: str) -> Property:
    return element_property(
        property_text(path),
        "HTTPFileArg",
        string("File.path", property_text(path)),
        string("File.paramname", property_text(name)),
        string("File.mimetype", property_text(media_type)),
    )


def is_native_multipart(body: MultipartBody) -> bool:
    """Whether JMeter's tables send these parts: it sends values before files, and files under their own plain names."""
    kinds = [part.kind for part in body.parts]
    return sorted(kinds, reverse=True) == kinds and all(
        _PLAIN.fullmatch(part.name.literal or "") and (part.kind == "value" or _is_plain_file(part)) for part in body.parts
    )


def _is_plain_file(part: FilePart) -> bool:
    name = part.filename.literal or ""
    return _PLAIN.fullmatch(name) is not None and PurePosixPath(part.path).name == name


def _native_multipart(body: MultipartBody, renderer: Renderer) -> BodyProperties:
    values = [_argument(p.name.literal or "", renderer.text(p.value), encode=False) for p in body.parts if isinstance(p, ValuePart)]
    files = [_file(p.path, p.name.literal or "", p.media_type) for p in body.parts if isinstance(p, FilePart)]
    return BodyProperties(
        (
            boolean("HTTPSampler.DO_MULTIPART_POST", True),
            boolean("HTTPSampler.BROWSER_COMPATIBLE_MULTIPART", True),
            _arguments(values),
            *((_files(files),) if files else ()),
        )
    )


def _raw_multipart(body: MultipartBody, renderer: Renderer, names: Names) -> BodyProperties:
    """The body written by a script, as Latin-1 text of its bytes."""
    settled = [
        p.model_copy(update={"name": renderer.settled(p.name), "value": renderer.settled(p.value)})
        if isinstance(p, ValuePart)
        else p.model_copy(update={"name": renderer.settled(p.name), "filename": renderer.settled(p.filename)})
        for p in body.parts
    ]
    body = body.model_copy(update={"parts": tuple(settled)})
    media_type = template("multipart/form-data; boundary=", Reference(name="multipart.boundary"))
    properties = (string("HTTPSampler.contentEncoding", "ISO-8859-1"), *_raw(property_text(variable("multipart.body"))))
    writer = jsr223("PreProcessor", "Write the multipart body", multipart_script(body, names))
    return BodyProperties(properties, (Header(name="Content-Type", value=media_type),), (writer,))
