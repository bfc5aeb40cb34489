"""Calls helpers of the Locust runtime: a JSON request a line, a JSON answer a line.

A process of its own, since Locust patches the standard library.
"""

import json
import sys

from geventhttpclient.header import Headers

from loadwright.backends.locust.layout import flat
from loadwright.backends.locust.paths import json_path
from loadwright.backends.locust.runtime import (
    answers,
    chance,
    extraction,
    network,
    settings,
    texts,
    values,
)

MODULES = (extraction, network, settings, values, texts)


def response(given):
    answer = answers.Response.__new__(answers.Response)
    answer.status, answer.url, answer.elapsed = (
        given.get("status", 200),
        given.get("url", ""),
        given.get("elapsed", 0),
    )
    answer.content = given.get("body", "").encode()
    answer.headers = Headers(
        [
            (name, value.encode().decode("latin-1"))
            for name, value in given.get("headers", [])
        ]
    )
    return answer


def written(path):
    """A JSONPath as a locustfile holds it."""
    return eval(flat(json_path(path)), vars(extraction))  # noqa: S307


def arguments_of(call):
    given = list(call["arguments"])
    place = {"find_json": 1, "expect_json": 0}.get(call["function"])
    if place is not None:
        given[place] = written(given[place])
    return given


def function_of(call):
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
