"""What of the value of an `Authorization` header is secret."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterator
from typing import Literal

Kind = Literal["password", "authorization", "cookie", "token", "e-mail address", "personal value"]

_PARAM = re.compile(r"(\w{1,40})=(?:\"([^\"]{0,1000})\"|([^\s,\"]{1,1000}))")
"""A parameter of credentials (RFC 9110, section 11.4)."""
_TELLING = frozenset(("realm", "uri", "qop", "nc", "algorithm", "signedheaders", "charset", "userhash", "version"))
"""What is no secret of them."""


def credentials_of(value: str) -> Iterator[tuple[str, Kind, str]]:
    """Each secret or personal value in credentials, its kind, and the name it has there."""
    scheme, _, credentials = value.partition(" ")
    if params := _PARAM.findall(credentials) if _PARAM.match(credentials.lstrip()) and "," in credentials else []:
        for name, quoted, plain in params:
            if name.lower() == "username":
                yield quoted or plain, "personal value", "username"
            elif name.lower() not in _TELLING:
                yield quoted or plain, "authorization", name.lower()
        return
    yield credentials or scheme, "authorization", ""
    if scheme.lower() == "basic" and (text := plain_text(credentials)):
        user, _, password = text.partition(":")
        yield user, "personal value", "username"
        yield password, "password", "password"


def plain_text(value: str) -> str:
    """The text that base64 holds, of either alphabet, with or without its padding; empty when it is none."""
    try:
        clean = value.strip().replace("-", "+").replace("_", "/").rstrip("=")
        return base64.b64decode(clean + "=" * (-len(clean) % 4), validate=True).decode("utf-8")
    except (binascii.Error, ValueError):
        return ""
