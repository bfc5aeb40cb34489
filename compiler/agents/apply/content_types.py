"""Which type of what is sent a request says by itself, beside the one that its body has anyway."""

from __future__ import annotations

from loadwright.compiler.agents.observe.sites import FORM
from loadwright.compiler.plan.model import Body, FileBody, JsonBody, MultipartBody, TextBody
from loadwright.compiler.recording.model import Entry, header

_DEFAULTS = {"form": FORM, "json": "application/json", "multipart": "multipart/form-data"}
_NO_TYPE = "text/plain"
"""What is sent for a body without a type: every runtime sends one."""


def own_type(entry: Entry, body: Body | None) -> str:
    """The type that a request must say: without a body it is what a script wants; empty where the body's own is enough.

    What a page asks for after a form was sent may still have the form's type (through a service worker), which means nothing.
    """
    said = header(entry.request.headers, "content-type") or (_type_of_json(entry) if isinstance(body, JsonBody) else "")
    if body is None:
        is_of_a_form = said.partition(";")[0].strip().lower() in (FORM, _DEFAULTS["multipart"])
        return "" if is_of_a_form and entry.request.method in ("GET", "HEAD") else said or ""
    return "" if _is_default_type(said, body) else said


def _type_of_json(entry: Entry) -> str:
    """The type of JSON that was sent without the header: what the recording says of it, else none in particular."""
    return entry.request.media_type or (_NO_TYPE if entry.request.headers else "")


def _is_default_type(content_type: str, body: Body) -> bool:
    media_type = content_type.partition(";")[0].strip().lower()
    if isinstance(body, TextBody | FileBody):
        return content_type.strip() == body.media_type
    if isinstance(body, MultipartBody):
        return media_type == _DEFAULTS["multipart"]
    return content_type.strip().lower() == _DEFAULTS[body.kind]
