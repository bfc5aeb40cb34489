"""Which kind of source a file is, told by what it holds."""

from __future__ import annotations

import re
from codecs import BOM_UTF8, BOM_UTF16_BE, BOM_UTF16_LE
from pathlib import Path
from typing import Literal

import orjson

from loadwright.compiler.diagnostics import Diagnostic, LoadwrightError
from loadwright.compiler.drafts.read import read_bytes

Kind = Literal["har", "mitmproxy", "postman", "openapi", "curl"]
"""har and mitmproxy hold answers; the others do not."""

_HEAD = 1 << 16
_FLOWS = re.compile(rb"\d{1,9}:\d{1,9}:[a-z_]+[;,]")
"""mitmproxy's flow files are tnetstrings of dictionaries."""
_CURL = re.compile(r"(?:^|[\s;&|$>])(?:\S*[/\\])?curl(?:\.exe)?\s", re.MULTILINE)
_OPENAPI = re.compile(r"""^["']?(?:openapi|swagger)["']?\s*:""", re.MULTILINE)


def detect(path: Path) -> Kind:
    """The kind of a file; what cannot be told from JSON or by its name counts as HAR, whose reader says what is wrong with it.

    Raises LoadwrightError for a file that cannot be read, or is none of them.
    """
    if path.suffix.lower() == ".har":
        return "har"
    head = read_bytes(path, _HEAD)
    if _FLOWS.match(head):
        return "mitmproxy"
    text = head.decode("utf-16" if head.startswith((BOM_UTF16_LE, BOM_UTF16_BE)) else "utf-8-sig", "replace").lstrip()
    if not text or text[0] in "{[":
        return _json_kind(path, head)
    if _OPENAPI.search(text):
        return "openapi"
    if _CURL.search(text):
        return "curl"
    if path.suffix.lower() == ".json" or "\x00" in text:
        return "har"
    message = "cannot tell what the file is"
    hint = "say it: --from har, mitmproxy, postman, openapi or curl"
    raise LoadwrightError(Diagnostic("unknown-source", message, hint, place=path.name))


def _json_kind(path: Path, head: bytes) -> Kind:
    if re.match(rb'(?:\xef\xbb\xbf)?\s*\{\s*"log"\s*:', head):
        return "har"  # most files, and large ones, are told without reading them twice
    try:
        data = read_bytes(path)
        wide = data.startswith((BOM_UTF16_LE, BOM_UTF16_BE))
        document = orjson.loads(data.decode("utf-16") if wide else data.removeprefix(BOM_UTF8))
    except ValueError:
        return "har"
    if not isinstance(document, dict) or "log" in document:
        return "har"
    if "openapi" in document or "swagger" in document:
        return "openapi"
    wrapped = document.get("collection")
    inner = wrapped if isinstance(wrapped, dict) else document
    is_collection = "item" in inner if "info" in inner else "requests" in inner and "order" in inner
    return "postman" if is_collection or is_environment(document) or "_postman_id" in document else "har"


def is_environment(document: dict[str, object]) -> bool:
    """Whether a document is an environment (or the globals) of Postman."""
    return "_postman_variable_scope" in document or ("values" in document and "name" in document and "log" not in document)
