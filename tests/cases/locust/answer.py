"""Calls helpers of the Locust runtime: a JSON request a line, a JSON answer a line.

A process of its own, since Locust patches the standard library.
"""

import json
import sys

from geventhttpclient.header import Headers

from loadwright.backends.locust.runtime import (
    answers,
    extraction,
    network,
    settings,
    values,
)

MODULES = (extraction, network, settings, values)


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


def function_of(call):
    if "response" in call:
        return getattr(response(call["response"]), call["function"])
    name = call["function"]
    return next(vars(module)[name] for module in MODULES if name in vars(module))


for line in sys.stdin:
    call = json.loads(line)
    function = function_of(call)
    try:
        result = {"value": function(*call["arguments"], **call.get("options", {}))}
    except network.Failure as failure:
        result = {"failure": str(failure)}
    print(json.dumps(result), flush=True)
