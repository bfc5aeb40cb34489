"""Reads Postman collections, formats 2.0 and 2.1 (schema.getpostman.com), with the environments that belong to them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import orjson

from loadwright.compiler.diagnostics import Diagnostic, LoadwrightError
from loadwright.compiler.drafts.builder import Builder, Drafted
from loadwright.compiler.drafts.detect import is_environment
from loadwright.compiler.drafts.notes import Warn
from loadwright.compiler.drafts.postman_request import RequestReader, Scheme, scheme_of
from loadwright.compiler.drafts.postman_scripts import Translated, translate
from loadwright.compiler.drafts.postman_values import Values, names_in
from loadwright.compiler.drafts.read import read_text
from loadwright.compiler.plan.model import Capture, Journey, Node, Request, Step, Variable
from loadwright.compiler.plan.template import template
from loadwright.compiler.recording.fields import mapping, sequence, text

_DEEPEST = 50


@dataclass(frozen=True, slots=True)
class _Item:
    """A request of a collection, with the names of the folders that it is in and what it inherits from them."""

    folders: tuple[str, ...]
    name: str
    raw: dict[str, object]
    scheme: Scheme

    @property
    def place(self) -> str:
        """Where it is, in words."""
        return f"item `{' / '.join((*self.folders, self.name))[:120]}`"


def read_postman(paths: Sequence[Path], title: str, folder: str) -> Drafted:
    """A Plan from one collection and its environments.

    Each folder at the top becomes a journey, each request a step; all of it is one journey where a folder needs what another one
    sets. `folder` is where the files that are sent will stand. Raises LoadwrightError when there is not exactly one collection.
    """
    collections: list[tuple[Path, dict[str, object]]] = []
    environments: list[dict[str, object]] = []
    for path in paths:
        document = _document(path)
        if "item" not in document and is_environment(document):
            environments.append(document)
        else:
            collections.append((path, document))
    if len(collections) != 1:
        message = f"one Postman collection is needed, and there are {len(collections)}"
        raise LoadwrightError(Diagnostic("postman-no-collection", message, "give one collection, and its environments beside it"))
    return _Reader(*collections[0], environments, title, folder).read()


def _document(path: Path) -> dict[str, object]:
    try:
        document = orjson.loads(read_text(path))
    except orjson.JSONDecodeError as error:
        message = f"the file is no JSON: {error.msg[:1].lower()}{error.msg[1:]}"
        place = f"{path.name}:{error.lineno}:{error.colno}"
        raise LoadwrightError(Diagnostic("postman-no-json", message, "export the collection again", place=place)) from None
    inner = mapping(mapping(document).get("collection")) or mapping(document)
    if "item" in inner or is_environment(inner):
        return inner
    hint = "export it from Postman as Collection v2.1"
    message = "the file is no Postman collection of format 2" + (": it is of format 1" if "requests" in inner else "")
    raise LoadwrightError(Diagnostic("postman-no-collection", message, hint, place=path.name))


class _Reader:
    def __init__(
        self, path: Path, document: dict[str, object], environments: Sequence[dict[str, object]], title: str, folder: str
    ) -> None:
        self.document = document
        name = text(mapping(document.get("info")).get("name")) or title
        self.builder = Builder(path.name, " ".join("".join(c if c.isprintable() else " " for c in name).split()) or title, folder)
        self.values = Values(self.builder)
        self.values.declare(document.get("variable"))
        for environment in environments:
            self.values.declare(environment.get("values"))
        self.requests = RequestReader(self.builder, self.values, path.parent)
        self.scripts: dict[int, tuple[Translated, Translated]] = {}

    def read(self) -> Drafted:
        """See `read_postman`."""
        items = list(self._items(self.document, (), scheme_of(self.document.get("auth"), Scheme())))
        for item in items:
            self.scripts[id(item)] = self._translated(item)
            before, after = self.scripts[id(item)]
            self.values.set_by_scripts |= {name for name, _ in (*before.settings, *after.settings, *after.captures)}
        groups = self._groups(items)
        for name, members in groups:
            self.values.live = set()
            steps = [step for item in members if (step := self._step(item, len(groups) > 1))]
            if steps:
                self.builder.journeys.append(Journey(name=self.builder.name(name), title=name, nodes=tuple(steps)))
        if not self.builder.journeys:
            message, hint = "the collection holds no request that can be sent", "does it hold requests with a URL?"
            raise LoadwrightError(
                *self.builder.remarks.diagnostics(),
                Diagnostic("postman-no-requests", message, hint, place=self.builder.remarks.file),
            )
        return self.builder.finish()

    # --- items and journeys

    def _items(self, folder: dict[str, object], folders: tuple[str, ...], scheme: Scheme) -> Iterator[_Item]:
        for item in map(mapping, sequence(folder.get("item"))):
            name = " ".join("".join(c if c.isprintable() else " " for c in text(item.get("name"))).split())[:200]
            own = scheme_of(item.get("auth"), scheme)
            if "item" in item:
                self._refuse_scripts(item, (*folders, name))
                if len(folders) < _DEEPEST:
                    yield from self._items(item, (*folders, name), own)
                else:
                    place = f"folder `{name[:60]}`"
                    self.builder.remarks.warn("source-bad-value", "folders are nested too deeply; this one was left out", "", place)
            elif "request" in item:
                request = item["request"]
                yield _Item(folders, name or "Request", item, scheme_of(mapping(request).get("auth"), own))
        if not folders:
            self._refuse_scripts(folder, ())

    def _refuse_scripts(self, folder: dict[str, object], folders: tuple[str, ...]) -> None:
        for event in map(mapping, sequence(folder.get("event"))):
            if _source(event).strip():
                where = f"folder `{' / '.join(folders)[:120]}`" if folders else "the collection itself"
                message = "a script that runs for every request was not translated: scripts are never run"
                self.builder.remarks.warn("postman-script", message, "put what it does into the intent", where)

    def _groups(self, items: Sequence[_Item]) -> list[tuple[str, list[_Item]]]:
        """Journeys by the folder at the top; one for all where a folder uses what a script in another one sets."""
        groups: dict[str, list[_Item]] = {}
        for item in items:
            groups.setdefault(item.folders[0] if item.folders else self.builder.title, []).append(item)
        setters: dict[str, set[str]] = {}
        for name, members in groups.items():
            for item in members:
                before, after = self.scripts[id(item)]
                for variable, _ in (*before.settings, *after.settings, *after.captures):
                    setters.setdefault(variable, set()).add(name)
        shared = any(
            setters.get(variable, {name}) - {name}
            for name, members in groups.items()
            for item in members
            for variable in names_in(item.raw | {"auth": [list(pair) for pair in item.scheme.parameters]})
        )
        return [(self.builder.title, list(items))] if shared or len(groups) == 1 else list(groups.items())

    # --- steps

    def _step(self, item: _Item, by_folder: bool) -> Step | None:
        warn = self._warn(item)
        before, after = self.scripts[id(item)]
        nodes: list[Node] = [self._variable(name, value) for name, value in before.settings]
        request = self.requests.read(item.name, item.raw["request"], item.scheme, warn)
        if request is None:
            return None
        nodes.append(self._with_tests(request, after))
        nodes += [self._variable(name, value) for name, value in after.settings]
        folders = item.folders[1:] if by_folder else item.folders
        return Step(name=self.builder.step_name(*folders, item.name), actions=tuple(nodes))

    def _with_tests(self, request: Request, after: Translated) -> Request:
        captures = []
        for name, source in dict(after.captures).items():
            captures.append(Capture(name=self.values.capture_name(name), source=source))
            self.values.live.add(name)
        expectations = {e.kind: e for e in after.expectations if e.kind == "status"}
        others = [e for e in after.expectations if e.kind != "status"]
        return request.model_copy(update={"captures": tuple(captures), "expectations": (*expectations.values(), *others)})

    def _variable(self, name: str, value: object) -> Variable:
        made = Variable(name=self.values.capture_name(name), value=template(value))  # type: ignore[arg-type]
        self.values.live.add(name)
        return made

    def _translated(self, item: _Item) -> tuple[Translated, Translated]:
        """What the scripts before and after a request say; what is left of them is named."""
        found = {"prerequest": Translated(), "test": Translated()}
        for event in map(mapping, sequence(item.raw.get("event"))):
            listen, source = text(event.get("listen")), _source(event)
            if listen not in found or not source.strip():
                continue
            made = translate(source)
            if listen == "prerequest":
                made.left += len(made.captures) + len(made.expectations)
                made.captures, made.expectations = [], []
            found[listen] = made
            if made.left:
                kind = "pre-request script" if listen == "prerequest" else "test script"
                message = f"its {kind} was not translated, or not all of it: scripts are never run"
                self._warn(item)("postman-script", message, "put what it does into the intent: `capture`, `let`, `expect`")
        return found["prerequest"], found["test"]

    def _warn(self, item: _Item) -> Warn:
        def warn(code: str, message: str, hint: str = "") -> None:
            self.builder.remarks.warn(code, message, hint, item.place)

        return warn


def _source(event: dict[str, object]) -> str:
    lines = mapping(event.get("script")).get("exec")
    return "\n".join(map(text, lines)) if isinstance(lines, list) else text(lines)
