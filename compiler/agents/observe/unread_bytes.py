"""Request bodies that are messages in bytes, and what can be told of the secrets in them."""

from __future__ import annotations

import base64
import re
from collections.abc import Iterator

from loadwright.compiler.agents.observe.secret_arguments import secret_places
from loadwright.compiler.agents.observe.sites import body_text
from loadwright.compiler.recording.kinds import path_of
from loadwright.compiler.recording.model import Entry

_PACKED_TYPES = re.compile(r"grpc|proto|amf|msgpack|cbor|thrift|avro|hessian|x-java-serialized")
_FILE_TYPES = re.compile(r"(?:image|audio|video|font|model)/|application/(?:pdf|zip|gzip|x-tar|x-7z|vnd\.(?:openxml|ms-|oasis))")

_TEXT = re.compile(rb"[^\x00-\x1f\x7f]{4,400}")
_MOST = 200
"""Texts of a message that are looked at."""
_LONGEST_NAME = 80
_BASE64 = re.compile(r"[A-Za-z0-9+/]{8,}={0,2}")
_CREDENTIALS = "CommandMessage"
"""How AMF calls the message that logs in: its body is `user:password` in base64."""


def is_unread(entry: Entry) -> bool:
    """Whether a request sends a message in bytes, rather than a text, a form or a file."""
    request = entry.request
    if not request.body or request.parts or _FILE_TYPES.match(request.media_type):
        return False
    return _PACKED_TYPES.search(request.media_type) is not None or body_text(entry) is None


def packed_secrets(entry: Entry) -> Iterator[str]:
    """What a message in bytes sends behind the user's name, where its path or a text in it is a call that logs in (gRPC, AMF)."""
    if not is_unread(entry):
        return
    runs = [run[0] for run, _ in zip(_TEXT.finditer(entry.request.body or b""), range(_MOST), strict=False)]
    texts = [text for run in runs if (text := run.decode("utf-8", "ignore"))]
    functions = [path_of(entry).rpartition("/")[2], *texts]
    for number, function in enumerate(functions):
        if len(function) <= _LONGEST_NAME and secret_places(function, ["user", "password"]):
            yield from (texts[number + n] for n in secret_places(function, texts[number:]))
            return
    if any(_CREDENTIALS in text for text in texts):
        yield from (one for text in texts for run in _BASE64.findall(text) for one in (*_credentials(run), *_credentials(run[1:])))


def _credentials(run: str) -> Iterator[str]:
    try:
        user, _, password = base64.b64decode(run + "=" * (-len(run) % 4)).decode("utf-8").partition(":")
    except ValueError:
        return
    if user and password and password.isprintable():
        yield from (run, password)
