"""Calls helpers of the Locust runtime: a JSON request a line, a JSON answer a line.

A process of its own, since Locust patches the standard library.
"""

import json
import sys

from geventhttpclient.header import Headers

from loadwright.backends.locust import runtime


def response(given):
    answer = runtime.Response.__new__(runtime.Response)
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


for line in sys.stdin:
    call = json.loads(line)
    owner = response(call["response"]) if "response" in call else runtime
    try:
        result = {
            "value": getattr(owner, call["function"])(
                *call["arguments"], **call.get("options", {})
            )
        }
    except runtime.Failure as failure:
        result = {"failure": str(failure)}
    print(json.dumps(result), flush=True)
