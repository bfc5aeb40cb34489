"""The literal texts of a request."""

from __future__ import annotations

from collections.abc import Iterator

from loadwright.compiler.agents.names import is_fixed_name
from loadwright.compiler.plan.model import FormBody, JsonBody, JsonObject, JsonText, MultipartBody, Request, TextBody, ValuePart
from loadwright.compiler.plan.node import Origin
from loadwright.compiler.plan.template import Text, walk
from loadwright.compiler.plan.traverse import request_templates
from loadwright.compiler.recording.gwt import MEDIA_TYPE, arguments


def _fixed_fields(request: Request) -> Iterator[int]:
    """The templates (by identity) of names, and of values that by their name are the application's own."""
    for header in request.headers:
        if is_fixed_name(header.name):
            yield id(header.value)
    match request.body:
        case FormBody(fields=fields):
            for field in fields:
                yield id(field.name)
                if is_fixed_name(name := field.name.literal or "") or (field.value.literal or "") in name:
                    yield id(field.value)  # or it says the name of a field
        case JsonBody(value=JsonObject(members=members)):
            for member in members:
                if isinstance(member.value, JsonText) and is_fixed_name(member.name):
                    yield id(member.value.value)
        case MultipartBody(parts=parts):
            for part in parts:
                yield id(part.name)
                if isinstance(part, ValuePart) and is_fixed_name(part.name.literal or ""):
                    yield id(part.value)
        case _:
            return


def _of_a_call(body: TextBody) -> Iterator[str]:
    """What a call of GWT-RPC sends besides names of its build."""
    shown = "".join(part.value if isinstance(part, Text) else "x" for part in body.value.parts)
    return (one.value for one in arguments(shown))


def literals(request: Request) -> Iterator[tuple[str, Origin | None]]:
    """The literal texts of a request, but for names and for what a name says to be the application's own."""
    fixed = set(_fixed_fields(request))
    if isinstance(request.body, TextBody) and request.body.media_type == MEDIA_TYPE:
        fixed.add(id(request.body.value))
        yield from ((text, request.origin) for text in _of_a_call(request.body))
    for flat, origin in request_templates(request):
        for part in walk(flat) if id(flat) not in fixed else ():
            if isinstance(part, Text):
                yield part.value, origin
