"""Files that a Plan names lie inside the intent's folder, exist, and hold what they are used as."""

from __future__ import annotations

from collections.abc import Iterator

from loadwright.compiler import portable
from loadwright.compiler.codes import Code
from loadwright.compiler.data_files import BadDataError, find_file, path_problem
from loadwright.compiler.diagnostics import Diagnostic
from loadwright.compiler.passes.context import Context, finding
from loadwright.compiler.plan.json_schema import patterns, schema_problem
from loadwright.compiler.plan.jsonpath import load_json
from loadwright.compiler.plan.model import FileBody, FilePart, MultipartBody, SchemaExpectation
from loadwright.compiler.plan.node import Origin


def check_files(context: Context) -> Iterator[Diagnostic]:
    """`file "../photo.png"` leads out of the folder, and `expect schema "order.json"` needs a schema of the subset."""
    for request in context.requests():
        match request.body:
            case FileBody(path=path):
                yield from file_findings(context, path, request.body.origin or request.origin)
            case MultipartBody(parts=parts):
                for part in parts:
                    if isinstance(part, FilePart):
                        yield from file_findings(context, part.path, part.origin or request.origin)
    for expectation, origin in context.expectations():
        if isinstance(expectation, SchemaExpectation):
            found = list(file_findings(context, expectation.path, origin))
            yield from found or _schema_findings(context, expectation.path, origin)


def file_findings(context: Context, path: str, origin: Origin | None) -> Iterator[Diagnostic]:
    """What is wrong with the path of a file."""
    try:
        if context.folder is not None:
            find_file(context.folder, path)
        elif problem := path_problem(path):
            raise BadDataError(Code.BAD_FILE, problem, "name the file by its relative path, with `/`")
    except BadDataError as error:
        yield finding(error.code, str(error), error.hint, origin)


def _schema_findings(context: Context, path: str, origin: Origin | None) -> Iterator[Diagnostic]:
    if context.folder is None:
        return
    try:
        schema = load_json(find_file(context.folder, path).read_text("utf-8-sig"))
    except (OSError, ValueError):
        yield finding(Code.BAD_SCHEMA, f"`{path}` cannot be read as JSON in UTF-8", "write a JSON Schema of draft 2020-12", origin)
        return
    hint = "docs/language.md lists the keywords of JSON Schema that every runtime has"
    problem = schema_problem(schema)
    if problem:
        yield finding(Code.BAD_SCHEMA, f"`{path}` is outside of the subset: {problem}", hint, origin)
        return
    for pointer, pattern in patterns(schema):
        if wrong := portable.regex_problem(pattern):
            yield finding(Code.BAD_SCHEMA, f"`{path}`: at `{pointer}`: {wrong}", hint, origin)
