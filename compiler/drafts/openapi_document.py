"""An OpenAPI document (3.0, 3.1): read from JSON or YAML, its references followed, its faults read over."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import orjson
import yaml

from loadwright.compiler.diagnostics import Diagnostic, LoadwrightError
from loadwright.compiler.drafts.notes import Remarks
from loadwright.compiler.drafts.read import read_text
from loadwright.compiler.recording.fields import mapping, text

_HOPS = 40
"""References that lead to references, at most."""


class _Loader(yaml.CSafeLoader if hasattr(yaml, "CSafeLoader") else yaml.SafeLoader):  # type: ignore[misc]
    """YAML as JSON has it: dates stay texts."""


_Loader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if tag != "tag:yaml.org,2002:timestamp"]
    for first, resolvers in _Loader.yaml_implicit_resolvers.items()
}


@dataclass(frozen=True, slots=True)
class Operation:
    """An operation as it is written, with what its path says for all of them."""

    method: str
    path: str
    node: dict[str, object]
    parameters: tuple[dict[str, object], ...]
    """Resolved; the operation's own in place of those of its path."""
    servers: object

    @property
    def place(self) -> str:
        """Where it is, in words."""
        return f"`{self.method} {''.join(c if c.isprintable() else ' ' for c in self.path)[:100]}`"

    def path_names(self) -> list[str]:
        """The names in its path, in order."""
        return re.findall(r"\{([^{}/]+)\}", self.path)


class Document:
    """A document whose references can be followed; `remarks` take what is odd about it."""

    def __init__(self, root: dict[str, Any], remarks: Remarks) -> None:
        self.root, self.remarks = root, remarks

    def follow(self, node: object) -> dict[str, object]:
        """The object, or the one that its `$ref` leads to; empty for what is none, with a remark when it leads nowhere."""
        for _ in range(_HOPS):
            found = mapping(node)
            reference = found.get("$ref")
            if not isinstance(reference, str):
                return found
            node = self._at(reference)
            if node is None:
                shown = "".join(c if c.isprintable() else " " for c in reference)[:120]
                hint = "references into other files and to addresses are not followed: bundle the document into one file"
                self.remarks.warn("openapi-reference", "a reference leads to nothing in the document", hint, f"`{shown}`")
                return {}
        self.remarks.warn("openapi-reference", "a reference leads to itself", "", "a chain of references")
        return {}

    def _at(self, reference: str) -> object:
        """What a reference inside the document points to (RFC 6901); None for nothing and for other documents."""
        if not reference.startswith("#/"):
            return self.root if reference == "#" else None
        node: object = self.root
        for token in unquote(reference[2:]).split("/"):
            name = token.replace("~1", "/").replace("~0", "~")
            if isinstance(node, dict):
                node = node.get(name)
            elif isinstance(node, list) and re.fullmatch(r"\d{1,6}", name) and int(name) < len(node):
                node = node[int(name)]
            else:
                return None
        return node


def read_document(path: Path) -> dict[str, Any]:
    """The decoded document. Raises LoadwrightError when it is neither JSON nor YAML, or not OpenAPI 3.0 or 3.1."""
    document = _decode(read_text(path), path)
    if not isinstance(document, dict):
        raise _refusal(
            path, "openapi-no-document", "the file is no OpenAPI document: it is no object", "it begins with `openapi: 3.1.0`"
        )
    version = text(document.get("openapi"))
    if re.match(r"3\.[012](?:\.|$)", version):
        return document
    if "swagger" in document:
        hint = "convert it to OpenAPI 3: editor.swagger.io and the npm package swagger2openapi do"
        raise _refusal(path, "openapi-version", "the document is Swagger 2, before OpenAPI 3", hint)
    shown = re.sub(r"[^\w.-]", "", version)[:20]
    message = f"the version of OpenAPI is `{shown}`" if shown else "the document does not say its version of OpenAPI"
    raise _refusal(path, "openapi-version", message, "versions 3.0 and 3.1 are read")


def _decode(written: str, path: Path) -> object:
    try:
        if written.lstrip()[:1] in ("{", "["):
            return orjson.loads(written)
    except orjson.JSONDecodeError:
        pass  # YAML may look so too, and says better what is wrong
    try:
        return yaml.load(written, Loader=_Loader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        place = f"{path.name}:{mark.line + 1}:{mark.column + 1}" if mark else path.name
        problem = " ".join(str(error.problem or "it cannot be read").split())
        raise LoadwrightError(
            Diagnostic("openapi-no-document", f"the file is neither JSON nor YAML: {problem}", "is it complete?", place=place)
        ) from None
    except (yaml.YAMLError, ValueError, RecursionError, TypeError, AttributeError):
        raise _refusal(path, "openapi-no-document", "the file is neither JSON nor YAML", "is it complete?") from None


def _refusal(path: Path, code: str, message: str, hint: str) -> LoadwrightError:
    return LoadwrightError(Diagnostic(code, message, hint, place=path.name))
