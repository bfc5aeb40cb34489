"""What is said about recording, and about sources that are no recordings: curl commands, Postman collections, OpenAPI."""

from __future__ import annotations

from collections.abc import Mapping

from loadwright.compiler.codes import Explanation

_CASES = "tests/sources/cases"
_REFUSALS = "tests/sources/test_refusals.py"
_WARNINGS = "tests/sources/test_warnings.py"
_RECORD = "tests/recorder/test_record.py"
_RECORDER = "tests/recorder/test_recorder.py"


def _page(title: str, text: str, tested: str = _REFUSALS) -> Explanation:
    return Explanation(title, text, tested=tested)


SOURCES: Mapping[str, Explanation] = {
    "unknown-source": _page(
        "it cannot be told what a file is", "Say it: `--from har`, `mitmproxy`, `postman`, `openapi` or `curl`."
    ),
    "source-unreadable": _page("a source cannot be read", "Check the path; texts have to be in UTF-8."),
    "mixed-sources": _page(
        "sources of several kinds cannot become one intent",
        "Import each by itself; one intent can then `import` what the other has.",
    ),
    "no-answers": _page(
        "the source holds no answers",
        "Where a value comes from is seen in answers alone, and so is what a right answer looks like. What was drafted sends the "
        "requests as they are written: put in captures for what changes, and expectations. `loadwright record` makes a recording, "
        "which has both.",
        f"{_CASES}/curl/typed.err",
    ),
    "source-file": _page(
        "a file that a request sends was not read",
        "Only files in the folder of the source or below it are read. An empty one stands in its place: put the real one there.",
        f"{_CASES}/curl/typed.err",
    ),
    "source-bad-value": _page(
        "a part of a request cannot be sent as it is written", "It was left out; the rest is used.", _WARNINGS
    ),
    "source-no-server": _page(
        "it is not known where a server is",
        "The target's URL ends in `.invalid`, which nothing answers: write the right one, or set its `LOADWRIGHT_TARGET_…`.",
        f"{_CASES}/postman/shop.err",
    ),
    "curl-no-command": _page(
        "the file holds no curl command with a URL", "One command a line, or with `\\` at the end of its lines."
    ),
    "curl-open-quote": _page("a quote of a command is not closed", "The command was not copied whole: copy it again."),
    "curl-option": _page(
        "an option of curl means nothing to a test",
        "It was left out: look whether the request needs it.",
        f"{_CASES}/curl/typed.err",
    ),
    "curl-shell": _page(
        "a part of a command is for the shell to fill in",
        "Nothing is run, so it stands as text. Write its value, or a value of the intent (`secret … from env`).",
        f"{_CASES}/curl/typed.err",
    ),
    "curl-glob": _page("curl would make several URLs of one", "It was taken as it is: write a loop, or the URLs.", _WARNINGS),
    "postman-no-json": _page("the collection is no JSON", "It is damaged or cut off: export it again."),
    "postman-no-collection": _page("there is no Postman collection to read", "Export it as Collection v2.1; give one at a time."),
    "postman-no-requests": _page("the collection holds no request that can be sent", "All were left out, or there is none."),
    "postman-no-url": _page("a request of the collection has no URL", "It was left out.", _WARNINGS),
    "postman-script": _page(
        "a script of the collection was not translated",
        "Scripts are code, and never run. The plainest lines are translated: a variable set from the answer, a status that is "
        "expected. Put the rest into the intent: `capture`, `let`, `expect`.",
        f"{_CASES}/postman/shop.err",
    ),
    "postman-undefined": _page(
        "a variable of the collection has no value",
        "Give the file of its environment to the import as well, set the secret that stands for it, or capture it.",
        f"{_CASES}/postman/shop.err",
    ),
    "postman-dynamic": _page("a dynamic variable of Postman has no counterpart", "Random letters stand in its place.", _WARNINGS),
    "postman-auth": _page(
        "a kind of authorization is not supported", "It was left out: add the header that it makes.", f"{_CASES}/postman/shop.err"
    ),
    "openapi-no-document": _page("the file is no OpenAPI document", "It is neither JSON nor YAML, or no object."),
    "openapi-version": _page("the document is of another version of OpenAPI", "3.0 and 3.1 are read; convert older ones."),
    "openapi-no-operations": _page(
        "the document has no operation that can be sent", "All are deprecated, or there are no `paths`."
    ),
    "openapi-too-many": _page("the document has very many operations", "The first ones were read.", _WARNINGS),
    "openapi-deprecated": _page("an operation is deprecated", "It was left out.", f"{_CASES}/openapi/shop.err"),
    "openapi-reference": _page(
        "a reference leads nowhere",
        "Only references inside the document are followed: bundle it into one file.",
        f"{_CASES}/openapi/shop.err",
    ),
    "openapi-path-value": _page(
        "a value in a path is not known",
        "There is no example of it, and no operation whose answer plainly has it: capture it, or set the secret.",
        f"{_CASES}/openapi/shop.err",
    ),
    "openapi-security": _page("a security scheme is not supported", "It was left out: add what it needs.", _WARNINGS),
    "openapi-body": _page("a body could not be made from the document", "It was made up or left out: write it.", _WARNINGS),
    "recorder-missing": _page(
        "mitmproxy is not installed",
        'Recording and flow files go through it: `loadwright doctor --install mitmproxy`, or `pip install "loadwright[record]"`.',
        _RECORDER,
    ),
    "recorder-failed": _page("mitmproxy does not start", "The message has its reason.", _RECORDER),
    "browser-missing": _page("the browser to record with is missing", "Give its name or path with `--browser`.", _RECORDER),
    "nothing-recorded": _page(
        "no request of the journey was recorded", "Look whether the page was opened, and whether the server is up.", _RECORD
    ),
    "flows-unreadable": _page("mitmproxy cannot read a file of flows", "Save them again: `mitmdump -w FILE`.", _RECORDER),
    "flows-damaged": _page("a file of flows is damaged", "What stands before the damage was read.", _RECORDER),
}
"""The pages of what is said about recording and other sources."""
