"""What a request of a Plan and an entry of a recording are compared by."""

from __future__ import annotations

from collections.abc import Iterable

from loadwright.compiler.agents.observe.json_documents import json_document
from loadwright.compiler.plan.jsonpath import json_text
from loadwright.compiler.plan.model import FilePart, MultipartBody, Request
from loadwright.compiler.plan.template import Reference, Template, Text, walk
from loadwright.compiler.plan.traverse import request_templates
from loadwright.compiler.recording.model import Entry, header


def compact(body: str) -> str:
    """JSON as the Plan writes it: white space and the choice of escapes mean nothing."""
    document = json_document(body)
    return json_text(document) if document is not None else body


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
