"""Request bodies in which nobody can look for secrets."""

from __future__ import annotations

import re

from loadwright.compiler.agents.observe.sites import body_text
from loadwright.compiler.recording.model import Entry

_PACKED_TYPES = re.compile(r"grpc|proto|amf|msgpack|cbor|thrift|avro|hessian|x-java-serialized")
_FILE_TYPES = re.compile(r"(?:image|audio|video|font|model)/|application/(?:pdf|zip|gzip|x-tar|x-7z|vnd\.(?:openxml|ms-|oasis))")


def is_unread(entry: Entry) -> bool:
    """Whether a request sends a message in bytes, rather than a text, a form or a file."""
    request = entry.request
    if not request.body or request.parts or _FILE_TYPES.match(request.media_type):
        return False
    return _PACKED_TYPES.search(request.media_type) is not None or body_text(entry) is None
