"""Which operation makes the ids that others have in their path, and where its answer holds them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from loadwright.compiler.agents.names import singular
from loadwright.compiler.drafts.openapi_document import Document, Operation
from loadwright.compiler.drafts.openapi_samples import Sampler
from loadwright.compiler.plan.model import CaptureSource, HeaderSource, JsonSource
from loadwright.compiler.recording.fields import mapping, text


@dataclass(frozen=True, slots=True)
class Made:
    """An id that an operation makes: which one it is, and where its answer has it."""

    maker: int
    """The position of the operation."""
    source: CaptureSource
    hint: str
    """What to call it."""


def makers(document: Document, operations: Sequence[Operation]) -> dict[tuple[str, str], Made]:
    """For each path prefix and name after it (`/orders`, `orderId`), the operation that makes such an id, where that is plain.

    That is what a link of an answer says, or a POST to the prefix whose answer has a member of that name, `id`, or a `Location`.
    """
    found: dict[tuple[str, str], Made] = {}
    for prefix, name in dict.fromkeys(key for operation in operations for key in path_keys(operation)):
        made = _linked(document, operations, prefix, name) or _posted(document, operations, prefix, name)
        if made:
            found[prefix, name] = made
    return found


def path_keys(operation: Operation) -> Iterator[tuple[str, str]]:
    """Each name in the path of an operation, with what stands before it."""
    for match in re.finditer(r"/\{([^{}/]+)\}(?=/|$)", operation.path):
        yield operation.path[: match.start()], match[1]


def _hint(prefix: str, name: str) -> str:
    resource = next((s for s in reversed(prefix.split("/")) if s and not s.startswith("{")), "")
    return f"{singular(resource)} {name}" if name.lower() in ("id", "key", "uuid", "name", "code") else name


def _linked(document: Document, operations: Sequence[Operation], prefix: str, name: str) -> Made | None:
    users = {text(o.node.get("operationId")) for o in operations if (prefix, name) in path_keys(o)} - {""}
    for position, operation in enumerate(operations):
        for answer in _successes(document, operation):
            for link in map(document.follow, mapping(answer.get("links")).values()):
                expression = text(mapping(link.get("parameters")).get(name))
                pointer = re.fullmatch(r"\$response\.body#((?:/[A-Za-z_]\w{0,60}|/\d{1,4}){1,6})", expression)
                if text(link.get("operationId")) in users and pointer and (prefix, name) not in path_keys(operation):
                    parts = (f"[{p}]" if p.isdigit() else f".{p}" for p in pointer[1].split("/")[1:])
                    return Made(position, JsonSource(path=f"${''.join(parts)}"), _hint(prefix, name))
    return None


def _posted(document: Document, operations: Sequence[Operation], prefix: str, name: str) -> Made | None:
    for position, operation in enumerate(operations):
        if operation.method != "POST" or operation.path.rstrip("/") != prefix:
            continue
        for answer in _successes(document, operation):
            schema = _json_schema(document, answer)
            path = _member(document, schema, prefix, name)
            if path:
                return Made(position, JsonSource(path=path), _hint(prefix, name))
            if not schema and any(text(header).lower() == "location" for header in mapping(answer.get("headers"))):
                return Made(position, HeaderSource(name="Location", pattern=r"/([^/?#]+)/?$"), _hint(prefix, name))
    return None


def _successes(document: Document, operation: Operation) -> Iterator[dict[str, object]]:
    """The answers of a success; the default one where the document names no other."""
    answers = {text(code): answer for code, answer in mapping(operation.node.get("responses")).items()}
    named = [answer for code, answer in answers.items() if code[:1] == "2"]
    yield from map(document.follow, named or [answers[code] for code in answers if code == "default"])


def _json_schema(document: Document, answer: dict[str, object]) -> dict[str, object]:
    for media_type, media in mapping(answer.get("content")).items():
        if isinstance(media_type, str) and re.search(r"[/+]json\b", media_type):
            return Sampler(document).merged(document.follow(media).get("schema"))
    return {}


def _member(document: Document, schema: dict[str, object], prefix: str, name: str) -> str:
    """The JSONPath of the member that holds the id: at the top, or inside of the one object that wraps it."""
    properties = mapping(schema.get("properties"))
    if found := _named(properties, prefix, name):
        return f"$.{found}"
    for wrapper in ("data", "result", "item", singular(prefix.rpartition("/")[2])):
        if re.fullmatch(r"[A-Za-z_]\w*", wrapper) and wrapper in properties:
            inner = mapping(Sampler(document).merged(properties[wrapper]).get("properties"))
            if found := _named(inner, prefix, name):
                return f"$.{wrapper}.{found}"
    return ""


def _named(properties: dict[str, object], prefix: str, name: str) -> str:
    """The property that is meant by a name in a path: the same, or `id` for `orderId` and `order_id`."""
    plain = {re.sub(r"[^a-z0-9]", "", key.lower()): key for key in properties if re.fullmatch(r"[A-Za-z_]\w{0,60}", text(key))}
    wanted = re.sub(r"[^a-z0-9]", "", name.lower())
    resource = re.sub(r"[^a-z0-9]", "", singular(prefix.rpartition("/")[2]).lower())
    if wanted in plain:
        return plain[wanted]
    for ending in ("id", "uuid", "key"):
        if wanted in (ending, f"{resource}{ending}") or (wanted.endswith(ending) and ending in plain and len(wanted) > len(ending)):
            if ending in plain:
                return plain[ending]
            if f"{resource}{ending}" in plain:
                return plain[f"{resource}{ending}"]
    return ""
