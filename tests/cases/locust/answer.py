"""Calls helpers of the Locust runtime: a JSON request a line, a JSON answer a line.

A process of its own, since Locust patches the standard library.
"""

import itertools
import json
import sys

from geventhttpclient.header import Headers

from loadwright.backends.locust.expressions import Expressions
from loadwright.backends.locust.layout import flat
from loadwright.backends.locust.paths import json_path
from loadwright.backends.locust.runtime import (
    answers,
    chance,
    extraction,
    load_line,
    network,
    schema,
    settings,
    sources,
    texts,
    values,
)

MODULES = (extraction, network, settings, values, texts, schema, sources)


def response(given):
    answer = answers.Response.__new__(answers.Response)
    answer.status, answer.url, answer.elapsed = (
        given.get("status", 200),
        given.get("url", ""),
        given.get("elapsed", 0),
    )
    answer.content = given.get("body", "").encode()
    answer.user = None
    answer.headers = Headers(
        [
            (name, value.encode().decode("latin-1"))
            for name, value in given.get("headers", [])
        ]
    )
    return answer


def written(path):
    """A JSONPath as a locustfile holds it."""
    return eval(flat(json_path(path, Expressions({}, {}))), vars(extraction))  # noqa: S307


def arguments_of(call):
    given = list(call["arguments"])
    if call["function"] == "expect_json":
        given[0] = written(given[0])
    if "source" in call:
        kind, *rest = call["source"]
        rest[:1] = [written(rest[0])] if kind == "Json" else rest[:1]
        place = 1 if call["function"].startswith("find") else 0
        given.insert(place, vars(sources)[kind](*rest))
    if call["function"] == "schema_failure":
        given[0] = extraction.parse_json(given[0])
    return given


def line_of(function, arguments, users):
    """What a line says: its length, the presence of users, and the first moments."""
    made = vars(load_line)[function](*arguments)
    return {
        "length": made.length,
        "presence": [made.presence(user) for user in range(users)],
        "moments": list(itertools.islice(made.moments(), 200)),
    }


def function_of(call):
    if call["function"] in ("steady", "phased"):
        return lambda *given: line_of(call["function"], given, call["users"])
    if "response" in call:
        return getattr(response(call["response"]), call["function"])
    name = call["function"]
    if "random" in call:
        return getattr(chance.RandomNumbers(call["random"]), name)
    return next(vars(module)[name] for module in MODULES if name in vars(module))


for line in sys.stdin:
    call = json.loads(line)
    function = function_of(call)
    try:
        result = {"value": function(*arguments_of(call), **call.get("options", {}))}
    except network.Failure as failure:
        result = {"failure": str(failure)}
    print(json.dumps(result), flush=True)
