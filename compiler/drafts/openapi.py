"""Reads OpenAPI documents (3.0 and 3.1, JSON and YAML): each operation becomes a step."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from loadwright.compiler.diagnostics import Diagnostic, LoadwrightError
from loadwright.compiler.drafts.builder import Builder, Drafted
from loadwright.compiler.drafts.notes import Warn
from loadwright.compiler.drafts.openapi_document import Document, Operation, read_document
from loadwright.compiler.drafts.openapi_ids import Made, makers, path_keys
from loadwright.compiler.drafts.openapi_operation import OperationReader
from loadwright.compiler.plan.model import Capture, Journey, Step, Target
from loadwright.compiler.plan.template import Reference, Template, template
from loadwright.compiler.recording.fields import mapping, sequence, text

_METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace")
_MOST = 2_000
"""Operations that are read, at most."""


def read_openapi(path: Path, title: str, folder: str) -> Drafted:
    """A Plan from a document: a journey for each tag, a step for each operation, what it makes before what uses it.

    Parameters and bodies are the document's examples, else made from the schemas. `folder` is where files that are sent will
    stand. Raises LoadwrightError when the file is no such document, or holds no operation.
    """
    root = read_document(path)
    name = " ".join(text(mapping(root.get("info")).get("title")).split())
    builder = Builder(path.name, "".join(c for c in name if c.isprintable()) or title, folder)
    return _Reader(Document(root, builder.remarks), builder).read()


class _Reader:
    def __init__(self, document: Document, builder: Builder) -> None:
        self.document, self.builder = document, builder
        self.operations = list(self._operations())
        self.made = makers(document, self.operations)
        self.requests = OperationReader(document, builder)

    def read(self) -> Drafted:
        """See `read_openapi`."""
        if not self.operations:
            message = "the document has no operation that can be sent"
            place = self.builder.remarks.file
            raise LoadwrightError(
                *self.builder.remarks.diagnostics(),
                Diagnostic("openapi-no-operations", message, "does it have `paths`?", place=place),
            )
        for name, positions in self._journeys():
            steps = [self._step(position, names) for position, names in self._named(positions)]
            self.builder.journeys.append(Journey(name=self.builder.name(name), title=name, nodes=tuple(steps)))
        return self.builder.finish()

    # --- operations

    def _operations(self) -> Iterator[Operation]:
        count = 0
        for path, raw in mapping(self.document.root.get("paths")).items():
            item = self.document.follow(raw)
            for method in _METHODS:
                node = item.get(method)
                if not isinstance(node, dict):
                    continue
                count += 1
                parameters = self._parameters(item, node)
                servers = node.get("servers") or item.get("servers") or self.document.root.get("servers")
                operation = Operation(method.upper(), text(path), node, parameters, servers)
                if node.get("deprecated") is True:
                    self._warn(operation)("openapi-deprecated", "the operation is deprecated; it was left out")
                elif count <= _MOST:
                    yield operation
        if count > _MOST:
            self.builder.remarks.warn("openapi-too-many", f"the document has {count} operations; the first {_MOST} were read")

    def _parameters(self, item: dict[str, object], node: dict[str, object]) -> tuple[dict[str, object], ...]:
        found: dict[tuple[str, str], dict[str, object]] = {}
        for raw in (*sequence(item.get("parameters")), *sequence(node.get("parameters"))):
            parameter = self.document.follow(raw)
            found[text(parameter.get("in")), text(parameter.get("name"))] = parameter
        return tuple(found.values())

    def _warn(self, operation: Operation) -> Warn:
        def warn(code: str, message: str, hint: str = "") -> None:
            self.builder.remarks.warn(code, message, hint, operation.place)

        return warn

    # --- journeys

    def _journeys(self) -> list[tuple[str, list[int]]]:
        """Operations by their first tag; tags of which one needs what another one makes are one journey."""
        names = [self._tag(operation) for operation in self.operations]
        joined = {name: name for name in names}

        def root(name: str) -> str:
            while joined[name] != name:
                name = joined[name]
            return name

        for position, operation in enumerate(self.operations):
            for key in path_keys(operation):
                if key in self.made:
                    first, second = sorted((root(names[position]), root(names[self.made[key].maker])), key=names.index)
                    joined[second] = first
        groups: dict[str, list[int]] = {}
        for position, name in enumerate(names):
            groups.setdefault(root(name), []).append(position)
        return [(name, self._ordered(positions)) for name, positions in groups.items()]

    def _tag(self, operation: Operation) -> str:
        tags = [text(tag) for tag in sequence(operation.node.get("tags"))]
        name = next((tag for tag in tags if tag.strip()), "") or self.builder.title
        return " ".join("".join(c if c.isprintable() else " " for c in name).split())[:100] or "api"

    def _ordered(self, positions: Sequence[int]) -> list[int]:
        """In the document's order, but what makes an id before what uses it, and what deletes things last, inner ones first."""
        deletes = [p for p in positions if self.operations[p].method == "DELETE"]
        waiting = [p for p in positions if p not in set(deletes)]
        ordered: list[int] = []
        done: set[int] = set()
        while waiting:
            ready = next((p for p in waiting if self._needs(p) <= done | (self._needs(p) - set(waiting))), waiting[0])
            waiting.remove(ready)
            ordered.append(ready)
            done.add(ready)
        return [*ordered, *sorted(deletes, key=lambda p: -self.operations[p].path.count("/"))]

    def _needs(self, position: int) -> set[int]:
        return {self.made[key].maker for key in path_keys(self.operations[position]) if key in self.made} - {position}

    def _named(self, positions: Sequence[int]) -> Iterator[tuple[int, Mapping[tuple[str, str], str]]]:
        """Each operation, with the names of the ids that were captured before it and that it captures itself."""
        names: dict[tuple[str, str], str] = {}
        for position in positions:
            for key, made in self.made.items():
                if made.maker == position:
                    names[key] = self._capture_name(names, made)
            yield position, dict(names)

    def _capture_name(self, names: Mapping[tuple[str, str], str], made: Made) -> str:
        """One capture serves all names of what an operation makes."""
        same = (name for key, name in names.items() if self.made[key].maker == made.maker and self.made[key].source == made.source)
        return next(same, "") or self.builder.name(made.hint)

    # --- steps

    def _step(self, position: int, names: Mapping[tuple[str, str], str]) -> Step:
        operation = self.operations[position]
        target, prefix = self._target(operation)
        ids: dict[str, Template] = {}
        for key in path_keys(operation):
            if key in names and self.made[key].maker != position:
                ids[key[1]] = template(Reference(name=names[key]))
        request = self.requests.read(operation, target.name, ids, self._warn(operation))
        captures = {names[key]: made.source for key, made in self.made.items() if made.maker == position}
        found = tuple(Capture(name=name, source=source) for name, source in captures.items())
        title = text(operation.node.get("summary")) or text(operation.node.get("operationId"))
        if prefix:
            request = request.model_copy(update={"url": template(prefix, request.url)})
        return Step(
            name=self.builder.step_name(title or f"{operation.method} {re.sub('{[^{}]*}', '{id}', operation.path)}"),
            actions=(request.model_copy(update={"captures": found}),),
        )

    def _target(self, operation: Operation) -> tuple[Target, str]:
        """The first server, and what stands before each path where its URL is only a path."""
        urls = [_server_url(mapping(server)) for server in sequence(operation.servers)]
        for position, url in enumerate(urls):
            try:
                target = self.builder.target(url) if re.match(r"https?://", url, re.IGNORECASE) else None
            except ValueError:
                target = None
            if target is not None:
                others = [u for u in urls[:position] + urls[position + 1 :] if u]
                if others and id(target) not in self.builder.comments:
                    self.builder.comment(target, "\n".join(f"other server: {u[:200]}" for u in others[:10]))
                return target, ""
        hint = "set LOADWRIGHT_TARGET_SERVER to where the API is"
        self.builder.remarks.warn("source-no-server", "the document does not say where its server is", hint)
        prefix = next((url for url in urls if url.startswith("/")), "").rstrip("/")
        return self.builder.unknown_target("server"), prefix if re.fullmatch(r"(?:/[A-Za-z0-9._~-]+)*", prefix) else ""


def _server_url(server: dict[str, object]) -> str:
    """The URL of a server with the defaults of its variables."""
    variables = {name: text(mapping(v).get("default")) for name, v in mapping(server.get("variables")).items()}
    return re.sub(r"\{([^{}]+)\}", lambda m: variables.get(m[1], m[0]), text(server.get("url")))
