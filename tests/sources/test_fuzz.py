"""Whatever a source holds, its import gives an intent that reads, checks and compiles, or a clear error; and nothing of a secret.

Mutations of real sources, and sources made of hostile pieces; `LOADWRIGHT_EXPLORE=1` draws new ones.
"""

from __future__ import annotations

import contextlib
import copy
import io
import json
import tempfile
from pathlib import Path
from typing import Any

import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from loadwright.backends import registry
from loadwright.backends.check import check
from loadwright.compiler.cli.import_ import import_
from loadwright.compiler.diagnostics import LoadwrightError, errors
from loadwright.compiler.drafts.detect import Kind
from loadwright.compiler.intent import load_intent
from loadwright.compiler.plan.expand import expand

CASES = Path(__file__).parent / "cases"
EVIL = (
    "${jndi:ldap://x}",
    "{{x}}",
    "{{{{",
    "`${__import__('os')}`",
    "__groovy(1)",
    "${__P(x)}",
    '"; evil(); //',
    "\u2028\ud7ff\x00\x1b[31m",
    "../../etc/passwd",
    "a\r\nX-Evil: 1",
    "\U0001f600" * 3,
    "'",
    "\\",
    "",
    " ",
    "#",
    "</script>",
    "{",
    "}",
    "[1-3]",
    "{id}",
    "true",
    "null",
    "number",
    "$.x[?(@.a)]",
    "9" * 400,
)
SECRET = "Zq8vW3xK7mP2tR9s"
few = settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture])

leaves = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-5, 10**20),
    st.floats(),
    st.sampled_from(EVIL),
    st.text(max_size=12),
    st.just({}),
    st.just([]),
)


def outcome(content: str, kind: Kind, name: str = "source.txt") -> str:
    """What came of a source: the intent's text, or empty for a clear error; fails for anything else."""
    with (
        tempfile.TemporaryDirectory() as made,
        contextlib.redirect_stderr(io.StringIO()),
        contextlib.redirect_stdout(io.StringIO()),
    ):
        folder = Path(made)
        (folder / name).write_bytes(content.encode("utf-8", "surrogatepass"))
        before = {path.name for path in folder.iterdir()}
        try:
            code = import_([folder / name], folder / "made.intent", kind=kind)
        except LoadwrightError as error:
            refusal = error.diagnostics
        else:
            refusal = ()
        if refusal:
            assert all(d.code and d.message and d.code != "printer-differs" for d in refusal)
            assert {path.name for path in folder.iterdir()} == before
            return ""
        assert code in (0, 1)
        plan, _ = load_intent(folder / "made.intent")
        for runtime in registry.NAMES:
            backend = registry.backend(runtime)
            if not errors(check(plan, backend, [])):
                with contextlib.suppress(LoadwrightError):  # a runtime may not be able to send it, and says so
                    backend.emit(expand(plan))
        return (folder / "made.intent").read_text("utf-8")


def places(document: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Every place in a decoded document."""
    found = [path] if path else []
    pairs = document.items() if isinstance(document, dict) else enumerate(document) if isinstance(document, list) else ()
    for key, value in pairs:
        found += places(value, (*path, key))
    return found


@st.composite
def mutated(draw: st.DrawFn, document: Any) -> Any:
    """A document with some of its values replaced, dropped, renamed, doubled or wrapped."""
    document = copy.deepcopy(document)
    for _ in range(draw(st.integers(1, 5))):
        choices = places(document)
        if not choices:
            break
        *way, last = draw(st.sampled_from(choices))
        holder = document
        for key in way:
            holder = holder[key]
        match draw(st.sampled_from(("replace", "drop", "rename", "wrap", "double", "evil"))):
            case "replace":
                holder[last] = draw(leaves)
            case "drop":
                del holder[last]
            case "rename" if isinstance(holder, dict):
                holder[draw(st.sampled_from(EVIL))] = holder.pop(last)
            case "wrap":
                holder[last] = [holder[last]] if draw(st.booleans()) else {"$ref": "#/" + "/".join(map(str, way))}
            case "double" if isinstance(holder, list):
                holder.append(copy.deepcopy(holder[last]))
            case _:
                holder[last] = f"{holder[last]}{draw(st.sampled_from(EVIL))}" if isinstance(holder[last], str) else draw(leaves)
    return document


POSTMAN = json.loads((CASES / "postman" / "shop.json").read_text("utf-8"))
OPENAPI = yaml.safe_load((CASES / "openapi" / "shop.yaml").read_text("utf-8"))


@few
@given(mutated(POSTMAN))
def test_a_mutated_collection_gives_an_intent_or_a_clear_error(document: Any) -> None:
    outcome(json.dumps(document), "postman")


@few
@given(mutated(OPENAPI))
def test_a_mutated_document_gives_an_intent_or_a_clear_error(document: Any) -> None:
    outcome(json.dumps(document, default=str), "openapi")


words = st.one_of(
    st.sampled_from(EVIL),
    st.sampled_from(
        (
            "-X",
            "-H",
            "-d",
            "--data-raw",
            "--json",
            "-F",
            "-u",
            "-b",
            "-G",
            "-I",
            "-L",
            "-k",
            "--next",
            "-T",
            "-m",
            "--url",
            "--unknown",
        )
    ),
    st.sampled_from(("http://shop.test/a?b=c", "POST", "A: b", "a=b", "a=@x", "@x", "x: y; z", "name=v;type=a/b", "u:p", "1.5")),
    st.text(max_size=10),
)
quotings = st.sampled_from(("'{}'", '"{}"', "$'{}'", "{}", '^"{}^"'))


@few
@given(st.lists(st.tuples(quotings, words), max_size=9), st.sampled_from((" ", " \\\n", " ^\n", "\n", ";", " | ")))
def test_any_command_gives_an_intent_or_a_clear_error(pieces: list[tuple[str, str]], between: str) -> None:
    line = between.join(quoting.format(word) if "{}" in quoting else word for quoting, word in pieces)
    outcome(f"curl http://shop.test/first {line}", "curl")


@few
@given(st.sampled_from(("postman", "openapi", "curl")), st.one_of(st.text(max_size=60), st.from_regex(r"[\[{\"a:,\]} \n-]{0,40}")))
def test_any_text_gives_an_intent_or_a_clear_error(kind: Kind, content: str) -> None:
    outcome(content, kind)


@few
@given(st.sampled_from(("password", "Authorization", "X-Api-Key", "access_token", "client_secret", "csrf_token")))
def test_a_secret_is_in_no_intent_wherever_it_stands(name: str) -> None:
    curl = f"curl http://shop.test/ -H '{name}: {SECRET}' -d '{name}={SECRET}' -b '{name}={SECRET}' --next http://shop.test/?{name}={SECRET}"
    fields = [{"key": name, "value": SECRET}]
    request = {"method": "POST", "url": "http://shop.test/", "header": fields, "body": {"mode": "urlencoded", "urlencoded": fields}}
    raw = {**request, "url": f"http://shop.test/?{name}={SECRET}", "body": {"mode": "raw", "raw": json.dumps({name: SECRET})}}
    items = [{"name": "a", "request": request}, {"name": "b", "request": raw}]
    auth = {"type": "bearer", "bearer": [{"key": "token", "value": SECRET}]}
    collection = {"info": {"name": "x"}, "item": items, "auth": auth, "variable": fields}
    parameter = {"name": name, "in": "header", "example": SECRET}
    schema = {"type": "object", "properties": {name: {"type": "string", "example": SECRET}}}
    body = {"content": {"application/json": {"schema": schema}}}
    operation = {"parameters": [parameter, {**parameter, "in": "query"}, {**parameter, "in": "cookie"}], "requestBody": body}
    document = {"openapi": "3.1.0", "servers": [{"url": "http://shop.test"}], "paths": {"/a": {"post": operation}}}
    for kind, content in (("curl", curl), ("postman", json.dumps(collection)), ("openapi", json.dumps(document))):
        written = outcome(content, kind)  # type: ignore[arg-type]
        assert written
        assert SECRET not in written, kind
