"""An operation of an OpenAPI document as a request of the Plan."""

from __future__ import annotations

import re
from collections.abc import Mapping
from urllib.parse import quote

from loadwright.compiler.drafts.builder import Builder
from loadwright.compiler.drafts.notes import Warn
from loadwright.compiler.drafts.openapi_body import body_of
from loadwright.compiler.drafts.openapi_document import Document, Operation
from loadwright.compiler.drafts.openapi_samples import MISSING, Sampler, as_text, exploded, given, listed
from loadwright.compiler.drafts.openapi_security import TOKEN, Parts, secure
from loadwright.compiler.drafts.requests import guarded, headers_of
from loadwright.compiler.plan.model import Cookie, Expectation, FormField, Request, StatusExpectation, StatusRange
from loadwright.compiler.plan.render import default_name
from loadwright.compiler.plan.template import Template, call, template
from loadwright.compiler.recording.fields import mapping, sequence, text

_PATH_SAFE = "-._~!$&'()*+,;=:@%"
_OWN = ("accept", "content-type", "authorization")
"""Headers that are no parameters (OpenAPI 3.1, parameter object)."""


class OperationReader:
    """Makes requests of operations."""

    def __init__(self, document: Document, builder: Builder) -> None:
        self.document, self.builder = document, builder

    def read(self, operation: Operation, target: str, ids: Mapping[str, Template], warn: Warn) -> Request:
        """The request; `ids` are the values of names in its path that are known from elsewhere."""
        path = self._path(operation, ids, warn)
        parts = Parts()
        for parameter in operation.parameters:
            self._parameter(parameter, parts, warn)
        secure(self.document, self.builder, operation, parts, warn)
        body, content_type = body_of(self.document, self.builder, operation, warn)
        expectations, accepts = self._answers(operation)
        headers = [*parts.headers, ("Accept", template(accepts)), ("Content-Type", template(content_type))]
        sent = headers_of(self.builder, [pair for pair in headers if pair[1].parts], warn, by_look=False)
        return Request(
            name=default_name(operation.method, path),
            method=operation.method,
            target=target,
            url=path,
            query=tuple(parts.query),
            headers=sent,
            cookies=tuple(parts.cookies),
            auth=None if any(header.name.lower() == "authorization" for header in sent) else parts.auth,
            body=body,
            expectations=expectations,
        )

    # --- parameters

    def _path(self, operation: Operation, ids: Mapping[str, Template], warn: Warn) -> Template:
        given_here = {text(p.get("name")): p for p in operation.parameters if p.get("in") == "path"}
        parts: list[str | Template] = []
        for piece in re.split(r"(\{[^{}/]+\})", operation.path if operation.path.startswith("/") else f"/{operation.path}"):
            name = piece[1:-1]
            if not re.fullmatch(r"\{[^{}/]+\}", piece):
                parts.append(quote(piece, safe=f"{_PATH_SAFE}/"))
            elif name in ids:
                parts.append(template(call("urlencode", ids[name])))
            else:
                parts.append(self._path_value(name, given_here.get(name, {}), warn))
        return template(*parts)

    def _path_value(self, name: str, parameter: dict[str, object], warn: Warn) -> str | Template:
        value = self._example(parameter)
        schema = Sampler(self.document).merged(parameter.get("schema"))
        fixed = (value, schema.get("const"), schema.get("default"), *sequence(schema.get("enum")))
        written = next((listed(v) for v in fixed if v is not MISSING and v is not None), "")
        if written:
            return quote(written, safe="")
        message = f"`{name[:60]}` in the path has no example, and no operation is known that makes one"
        warn("openapi-path-value", message, "set the secret, or capture it")
        reason = "the document gives no example of it, and no operation that makes one"
        return template(call("urlencode", self.builder.secret(f"path {name}", name, reason)))

    def _example(self, parameter: dict[str, object]) -> object:
        """The example that a parameter or its schema gives."""
        value = given(self.document, parameter)
        return given(self.document, self.document.follow(parameter.get("schema"))) if value is MISSING else value

    def _parameter(self, parameter: dict[str, object], parts: Parts, warn: Warn) -> None:
        """Add a parameter that is required, or that has an example; what else is optional is left to the server."""
        name, where = text(parameter.get("name")), text(parameter.get("in"))
        value = self._example(parameter)
        if not name or (value is MISSING and parameter.get("required") is not True):
            return
        content = next(iter(mapping(parameter.get("content")).values()), None)
        if value is MISSING:
            value = Sampler(self.document).sample(mapping(content).get("schema") if content else parameter.get("schema"))
        if where == "query":
            pairs = [(name, as_text(value))] if content else exploded(parameter, name, value)
            parts.query += [
                FormField(name=template(n), value=guarded(self.builder, n, template(v), by_look=False)) for n, v in pairs
            ]
        elif where == "header" and name.lower() not in _OWN:
            parts.headers.append((name, template(listed(value))))
        elif where == "cookie" and TOKEN.fullmatch(name):
            written = guarded(self.builder, name, template(listed(value)), by_look=False)
            safe = template(quote(written.literal, safe="!#$&'()*+-./:<=>?@[]^_`{|}~%")) if written.literal else written
            parts.cookies.append(Cookie(name=name, value=safe))
        elif where == "cookie":
            warn("source-bad-value", "the name of a cookie is not valid; it was left out")

    # --- answers

    def _answers(self, operation: Operation) -> tuple[tuple[Expectation, ...], str]:
        """The statuses that the document calls a success, and the JSON type that it answers with."""
        statuses: list[int | StatusRange] = []
        types: list[str] = []
        for written, answer in mapping(operation.node.get("responses")).items():
            code = text(written).upper()
            if re.fullmatch(r"[23]\d\d", code):
                statuses.append(int(code))
            elif code in ("2XX", "3XX"):
                statuses.append(StatusRange(first=int(code[0]) * 100, last=int(code[0]) * 100 + 99))
            if not code.startswith(("4", "5")):
                types += map(text, mapping(self.document.follow(answer).get("content")))
        expected = (StatusExpectation(statuses=tuple(statuses)),) if statuses else ()
        return expected, next((name for name in types if re.fullmatch(r"application/([\w.-]+\+)?json", name)), "")
