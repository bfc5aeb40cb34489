"""How an operation of an OpenAPI document is authorised; every secret comes from the environment."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from loadwright.compiler.drafts.builder import Builder
from loadwright.compiler.drafts.notes import Warn
from loadwright.compiler.drafts.openapi_document import Document, Operation
from loadwright.compiler.plan.model import Auth, BasicAuth, BearerAuth, Cookie, DigestAuth, FormField
from loadwright.compiler.plan.template import Template, template
from loadwright.compiler.recording.fields import mapping, sequence, text

TOKEN = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
"""Names of headers and cookies."""


@dataclass(slots=True)
class Parts:
    """What parameters and security put into a request."""

    query: list[FormField] = field(default_factory=list)
    headers: list[tuple[str, Template]] = field(default_factory=list)
    cookies: list[Cookie] = field(default_factory=list)
    auth: Auth | None = None


def secure(document: Document, builder: Builder, operation: Operation, parts: Parts, warn: Warn) -> None:
    """Add the first alternative of the operation's security, or the document's."""
    alternatives = [mapping(item) for item in sequence(operation.node.get("security", document.root.get("security")))]
    schemes = mapping(mapping(document.root.get("components")).get("securitySchemes"))
    for name in next((item for item in alternatives if item), {}):
        if not _add(builder, str(name), document.follow(schemes.get(name)), parts):
            shown = re.sub(r"[^\w -]", "", str(name))[:60]
            warn(
                "openapi-security", f"the security scheme `{shown}` is not supported; it was left out", "add what it needs by hand"
            )


def _add(builder: Builder, name: str, scheme: dict[str, object], parts: Parts) -> bool:
    """Add what a scheme needs; whether that can be done."""
    kind, where, parameter = (text(scheme.get(key)) for key in ("type", "in", "name"))

    def secret(hint: str) -> Template:
        return template(builder.secret(f"security {hint}", hint))

    if kind == "apiKey" and where == "query" and parameter:
        parts.query.append(FormField(name=template(parameter), value=secret(name)))
    elif kind == "apiKey" and where == "header" and TOKEN.fullmatch(parameter):
        parts.headers.append((parameter, secret(name)))
    elif kind == "apiKey" and where == "cookie" and TOKEN.fullmatch(parameter):
        parts.cookies.append(Cookie(name=parameter, value=secret(name)))
    elif parts.auth is None and (kind in ("oauth2", "openIdConnect") or (kind, _scheme(scheme)) == ("http", "bearer")):
        parts.auth = BearerAuth(token=secret(name))
    elif parts.auth is None and kind == "http" and _scheme(scheme) in ("basic", "digest"):
        make = BasicAuth if _scheme(scheme) == "basic" else DigestAuth
        parts.auth = make(username=secret(f"{name} user"), password=secret(f"{name} password"))
    else:
        return False
    return True


def _scheme(scheme: dict[str, object]) -> str:
    return text(scheme.get("scheme")).lower()
