"""Multipart bodies (RFC 7578): reading them apart and putting them together."""

from __future__ import annotations

import re
from collections.abc import Iterable
from urllib.parse import unquote

from loadwright.compiler.recording.model import Upload

_MAX_PARTS = 1000
_PARAMETER = re.compile(r""";\s*([A-Za-z*-]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^;\s]+))""")


def boundary_of(content_type: str, data: bytes) -> str:
    """The boundary of a multipart body: from the Content-Type, or from the body's first line; empty when it is none."""
    if content_type and not content_type.lower().lstrip().startswith("multipart/"):
        return ""
    for name, quoted, bare in _PARAMETER.findall(content_type):
        if name.lower() == "boundary":
            return str(quoted or bare)
    first, _, rest = data[:400].partition(b"\n")
    line = first.rstrip(b"\r")
    if line.startswith(b"--") and len(line) > 4 and b"form-data" in rest.partition(b"\n")[0].lower():
        return line[2:].decode("latin-1")
    return ""


def parse_multipart(data: bytes, boundary: str) -> tuple[Upload, ...]:
    """The parts of a multipart body, in order; what does not look like a part is left out."""
    pieces = re.split(
        rb"(?:^|\r?\n)--" + re.escape(boundary.encode("latin-1", "replace")) + rb"(?=\r?\n|--)", data, maxsplit=_MAX_PARTS
    )
    parts = (_parse_part(piece) for piece in pieces[1:] if not piece.startswith(b"--"))
    return tuple(part for part in parts if part is not None)


def build_multipart(parts: Iterable[Upload], boundary: str) -> bytes:
    """A multipart body, as browsers write it."""
    chunks: list[bytes] = []
    for part in parts:
        disposition = f'form-data; name="{_escape(part.name)}"'
        if part.filename is not None:
            disposition += f'; filename="{_escape(part.filename)}"'
        media_type = f"Content-Type: {part.media_type}\r\n" if part.media_type else ""
        head = f"--{boundary}\r\nContent-Disposition: {disposition}\r\n{media_type}\r\n"
        chunks += [head.encode("utf-8", "replace"), part.data, b"\r\n"]
    return b"".join(chunks) + f"--{boundary}--\r\n".encode("utf-8", "replace")


def _parse_part(piece: bytes) -> Upload | None:
    head, found, content = (
        piece.lstrip(b"\r\n").partition(b"\r\n\r\n") if b"\r\n\r\n" in piece else piece.lstrip(b"\n").partition(b"\n\n")
    )
    if not found:
        return None
    headers: dict[str, str] = {}
    for line in re.split(r"\r?\n", head.decode("utf-8", "replace")):
        name, _, value = line.partition(":")
        headers[name.strip().lower()] = value.strip()
    disposition = headers.get("content-disposition", "")
    values = {name.lower(): _unescape(quoted) if quoted else bare for name, quoted, bare in _PARAMETER.findall(disposition)}
    if "name" not in values:
        return None
    filename = unquote(values["filename*"].partition("''")[2]) if "filename*" in values else values.get("filename")
    return Upload(values["name"], content, filename, headers.get("content-type") or None)


def _escape(value: str) -> str:
    """Quotes and line ends of a name (WHATWG HTML, multipart/form-data encoding algorithm)."""
    return value.replace('"', "%22").replace("\r", "%0D").replace("\n", "%0A")


def _unescape(value: str) -> str:
    return re.sub(r"\\([\"\\])", r"\1", value).replace("%22", '"').replace("%0D", "\r").replace("%0A", "\n")
