"""What a request of a Plan and an entry of a recording are compared by."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from loadwright.compiler.agents.observe.json_documents import json_document
from loadwright.compiler.agents.observe.sites import body_text, canonical_form
from loadwright.compiler.plan.jsonpath import json_text
from loadwright.compiler.plan.model import Body, FilePart, FormBody, JsonBody, MultipartBody, Request, TextBody, ValuePart
from loadwright.compiler.plan.render import form_template, json_template
from loadwright.compiler.plan.template import Reference, Template, Text, walk
from loadwright.compiler.plan.traverse import request_templates
from loadwright.compiler.recording.model import Entry, header

_BOUNDARY = re.compile(r"boundary=[\"']?([\w'()+,./:=?-]{4,70})")


def compact(body: str) -> str:
    """JSON as the Plan writes it: white space and the choice of escapes mean nothing."""
    document = json_document(body)
    return json_text(document) if document is not None else body


def body_pieces(body: Body | None, entry: Entry) -> Iterator[tuple[Template, str]]:
    """The texts of a body with fields or parts, or in JSON, beside what was recorded for them."""
    match body:
        case FormBody(fields=fields):
            yield form_template(fields), canonical_form(body_text(entry) or "")
        case JsonBody(value=value):
            yield json_template(value), compact(body_text(entry) or "")
        case MultipartBody(parts=parts):
            for part, sent in zip(parts, entry.request.parts, strict=False):
                yield part.name, sent.name
                if isinstance(part, ValuePart):
                    yield part.value, sent.data.decode("utf-8", "replace")
                else:
                    yield part.filename, sent.filename or ""
        case _:
            return


def boundaries_as_sent(recorded: str, request: Request, entry: Entry) -> str:
    """A recorded header or body of parts (`multipart/mixed`, a batch) with the marks between them that the request has.

    A client draws them anew each time, and any will do.
    """
    theirs = next((value for name, value in entry.request.headers if name.lower() == "content-type"), "")
    if not isinstance(request.body, TextBody) or not theirs.lower().startswith("multipart/"):
        return recorded
    headers = (one.value for one in request.headers if one.name.lower() == "content-type")
    said = (part.value for text in (*headers, request.body.value) for part in text.parts if isinstance(part, Text))
    ours = "\n".join((request.body.media_type or "", *said))
    drawn = dict.fromkeys(_BOUNDARY.findall(f"{theirs}\n{body_text(entry) or ''}"))
    for mark, sent in zip(drawn, dict.fromkeys(_BOUNDARY.findall(ours)), strict=False):
        recorded = recorded.replace(mark, sent)
    return recorded


def last_text(url: Template) -> str:
    """The last segment of a URL, where a template ends in plain text."""
    texts = [p.value for p in url.parts if isinstance(p, Text)]
    return texts[-1].partition("?")[0].rpartition("/")[2] if texts and url.parts[-1:] and isinstance(url.parts[-1], Text) else ""


def names_of(request: Request) -> set[str]:
    """The names that a request refers to."""
    return {part.name for flat, _ in request_templates(request) for part in walk(flat) if isinstance(part, Reference)}


def missing_parts(request: Request, entry: Entry) -> list[str]:
    """Differences in what kind of body is sent."""
    if isinstance(request.body, MultipartBody):
        ours = [isinstance(part, FilePart) for part in request.body.parts]
        theirs = [part.filename is not None for part in entry.request.parts]
        return [] if ours == theirs else ["the parts of its body"]
    if request.body is None and (entry.request.body or entry.request.parts):
        return ["body (missing)"]
    return []


def referers(entries: Iterable[Entry]) -> tuple[str, ...]:
    """The pages from which the requests of a session were sent."""
    sent = (header(entry.request.headers, "referer") for entry in entries)
    return tuple(dict.fromkeys(page for page in sent if page))
