"""URLs as a sampler's path: absolute, verbatim on the wire."""

from __future__ import annotations

import re

from loadwright.backends.jmeter.simplify import simplify
from loadwright.compiler.plan.model import Request
from loadwright.compiler.plan.render import url_template
from loadwright.compiler.plan.template import Reference, Template, Text, template

_REFUSED = re.compile(r"""[\x00-\x20"<>\\^`{|}\x7f]|[^\x00-\x7f]|%(?![0-9A-Fa-f]{2})""")
"""What java.net.URI takes nowhere in a URL; brackets are a case of their own."""


def sampler_url(request: Request) -> Template:
    """The whole URL: the target's base URL (a variable) and the path and query as they stand on the wire.

    Characters that JMeter's HTTP client refuses are percent-encoded, which means the same (RFC 3986 section 2.1).
    """
    flat = simplify(url_template(request))
    parts = [Text(value=_REFUSED.sub(_encode, part.value)) if isinstance(part, Text) else part for part in flat.parts]
    return template(Reference(name=request.target), *parts) if request.target else Template(parts=tuple(parts))


def needs_java_client(request: Request) -> bool:
    """Whether the path has two slashes side by side, of which JMeter's usual HTTP client makes one."""
    path = "".join(part.value if isinstance(part, Text) else "x" for part in request.url.parts).partition("?")[0]
    return "//" in re.sub(r"^https?://", "", path)


def _encode(match: re.Match[str]) -> str:
    return "".join(f"%{byte:02X}" for byte in match[0].encode())
