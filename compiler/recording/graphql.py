"""GraphQL: what a request asks for, since all requests of an application have one address (GraphQL over HTTP)."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Literal

import orjson
from msgspec import Struct

from loadwright.compiler.recording.batches import batch_reads
from loadwright.compiler.recording.calls import only_lists
from loadwright.compiler.recording.model import Entry

Kind = Literal["query", "mutation", "subscription"]

_NAME = "[_A-Za-z][_0-9A-Za-z]*"
_DEFINITION = re.compile(rf"(?:^|(?<=[}}\s]))(query|mutation|subscription)\b\s*({_NAME})?[^{{]*\{{\s*(?:{_NAME}\s*:\s*)?({_NAME})")
_SHORTHAND = re.compile(rf"\s*\{{\s*(?:{_NAME}\s*:\s*)?({_NAME})")
_COMMENT = re.compile(r"#[^\n\"]*")
_KINDS: dict[str, Kind] = {"query": "query", "mutation": "mutation", "subscription": "subscription"}
_READING = frozenset(("GET", "HEAD", "OPTIONS", "QUERY"))


class Operation(Struct, frozen=True):
    """An operation of GraphQL."""

    kind: Kind
    name: str
    """As the document calls it; empty when it is anonymous."""
    field: str
    """The first field that is asked for: `createProduct`."""

    def __str__(self) -> str:
        return f"{self.kind} {self.name} {self.field}"


def operation(entry: Entry) -> Operation | None:
    """The operation that a request asks for, the one that changes something where it asks for several; None for others."""
    body = entry.request.body
    return _read(body) if body and b'"query"' in body and entry.request.method == "POST" else None


def only_reads(entry: Entry) -> bool:
    """Whether a request changes nothing, by its method (RFC 9110, section 9.2.1) or, where all are posted, what it asks for."""
    body = entry.request.body or b""
    if entry.request.method in _READING or only_lists(body) or batch_reads(body):
        return True
    asked = operation(entry)
    return asked is not None and asked.kind != "mutation"


@lru_cache(maxsize=4096)
def _read(body: bytes) -> Operation | None:
    try:
        sent = orjson.loads(body)
    except orjson.JSONDecodeError:
        return None
    found = [asked for one in (sent if isinstance(sent, list) else [sent]) if (asked := _of_document(one))]
    return next((asked for asked in found if asked.kind == "mutation"), found[0] if found else None)


def _of_document(sent: object) -> Operation | None:
    if not isinstance(sent, dict) or not isinstance(sent.get("query"), str):
        return None
    name = sent.get("operationName")
    return read_document(sent["query"], name if isinstance(name, str) else "")


def read_document(document: str, wanted: str = "") -> Operation | None:
    """The operation of that name in a document, else its first; None for what is no document of GraphQL."""
    if short := _SHORTHAND.match(document):
        return Operation("query", "", short[1])
    text = _COMMENT.sub("", document) if "#" in document else document
    definitions = list(_DEFINITION.finditer(text)) if "{" in text else []
    match = next((one for one in definitions if one[2] == wanted), definitions[0] if definitions else None)
    return Operation(_KINDS[match[1]], match[2] or "", match[3]) if match else None
