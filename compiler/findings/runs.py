"""What commands say about their input, about runtimes and about runs."""

from __future__ import annotations

from collections.abc import Mapping

from loadwright.compiler.codes import Explanation

_RUNTIMES = "tests/test_runtimes.py"
_HERE = "tests/language/test_findings.py"


def _page(title: str, text: str, tested: str) -> Explanation:
    return Explanation(title, text, tested=tested)


RUNS: Mapping[str, Explanation] = {
    "file-not-found": _page("there is no such file", "Check the path; it is relative to the current folder.", _HERE),
    "bad-plan": _page("a Plan in JSON does not fit its schema", "The place says which member; schemas/ has the schema.", _HERE),
    "bad-path": _page("two files would be written to one place", "Rename one of the data files.", _HERE),
    "bad-output": _page(
        "a file cannot be written there, or would overwrite what the command reads",
        "It is told before the work begins, and nothing was written. Name another file; a folder, a device and `-` are none.",
        "tests/test_outputs.py",
    ),
    "unknown-code": _page("there is no finding of this name", "`loadwright explain` lists all.", _HERE),
    "bad-option": _page("an option's value makes no sense", "The message says what is expected.", _HERE),
    "unknown-load": _page(
        "there is no such load",
        "`--load` takes the name of a `load` block; the first one is the default.",
        "tests/backends/test_k6_script.py",
    ),
    "missing-secret": _page(
        "a secret's environment variable is not set",
        "Secrets never stand in a file. Set the variable that the intent names, then run again.",
        _HERE,
    ),
    "runtime-missing": _page(
        "the runtime is not installed", "`loadwright doctor --install NAME` installs the tested version.", _RUNTIMES
    ),
    "runtime-broken": _page("the runtime was found but does not start", "`loadwright doctor` shows what it says.", _RUNTIMES),
    "install-failed": _page(
        "a runtime could not be installed", "The message is that of Maven or Go; most often it is the network.", _RUNTIMES
    ),
    "other-version": _page(
        "the runtime has another version than the tested one",
        "It may work. Results of other versions are not covered by tests.",
        _HERE,
    ),
    "drift": _page(
        "a capture by number found more or fewer matches than were recorded",
        "`nth 2 of 5` takes the second, whatever it is now. Where the place has moved, the value is another one: take it by what "
        "stands beside it (a predicate in a JSON path, an attribute in a selector), or record again.",
        "tests/conformance/test_drift.py",
    ),
    "no-demo-shop": _page("the demo shop is not there", "It is part of the source tree: run the demo in a checkout.", ""),
    "shop-failed": _page("the demo shop did not start", "`make demo` installs what it needs.", ""),
}
"""The pages of what commands say."""
