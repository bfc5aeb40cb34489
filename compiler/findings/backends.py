"""What a backend says to a Plan that its runtime cannot carry as it is."""

from __future__ import annotations

from collections.abc import Mapping

from loadwright.compiler.codes import Explanation

_SHOP = 'intent "Shop"\ntarget shop = "http://shop.example.com"\n'
_DEFENSIVE = (
    "`loadwright check` finds this first, so it shows only for a Plan that was written by hand (`F.plan.json`). Correct the Plan, "
    "or write an intent."
)


def _request(line: str) -> str:
    return f'{_SHOP}journey buy {{\n  step "Open" {{\n    {line}\n  }}\n}}\n'


BACKENDS: Mapping[str, Explanation] = {
    "unsupported-feature": Explanation(
        "the runtime cannot do what the intent asks for",
        "Loadwright refuses it at its place, because a test that leaves something out without a word measures something else. "
        "The hint names the runtimes that can; the capability table shows all.",
        _request('GET "/shop"\n    events "/prices" { receive }'),
        _request('GET "/shop"'),
        backend="jmeter",
    ),
    "approximate-feature": Explanation(
        "the runtime does it in a slightly different way",
        "The message says what differs. Results are comparable if that difference does not matter to you.",
        _request('parallel { GET "/a"; GET "/b" }'),
        _request('GET "/a"; GET "/b"'),
        backend="jmeter",
    ),
    "jmeter-method": Explanation(
        "JMeter cannot send this method, or not with a body",
        "JMeter's sampler has a fixed list of methods, and drops the body of some of them.",
        _request('FETCH "/cart"'),
        _request('GET "/cart"'),
        backend="jmeter",
    ),
    "jmeter-double-slash": Explanation(
        "JMeter would change the path of this request",
        "JMeter's HTTP client sends two slashes side by side as one, so the server would see another path.",
        _request('POST "/a//b" { form { x = "1" } }'),
        _request('POST "/a/b" { form { x = "1" } }'),
        backend="jmeter",
    ),
    "jmeter-selector": Explanation(
        "JMeter's CSS library does not know this selector",
        "JMeter reads selectors with a library of its own. A selector it does not know would give nothing, without an error.",
        tested="tests/backends/test_jmeter_text.py",
    ),
    "jmeter-target": Explanation(
        "a target has characters that JMeter could take for its own syntax",
        "A target is scheme, host, port and path prefix. Other characters could become code in a JMeter test.",
        tested="tests/backends/test_jmeter_plan.py",
    ),
    "jmeter-secret": Explanation(
        "a secret's environment variable has an impossible name",
        _DEFENSIVE,
        tested="tests/backends/test_jmeter_plan.py",
    ),
    "jmeter-node": Explanation(
        "JMeter has no such statement",
        "The capabilities of the backend are checked first, so it shows only for a Plan that is compiled without that check.",
        tested="tests/backends/test_jmeter_plan.py",
    ),
    "json-path": Explanation(
        "a JSONPath of the Plan is outside the subset", _DEFENSIVE, tested="tests/backends/test_locust_text.py"
    ),
    "unknown-name": Explanation("a Plan uses a name that has no value", _DEFENSIVE, tested="tests/backends/test_locust_text.py"),
}
"""The pages of what backends refuse."""
