"""What is said about recordings, and about intents that do not fit them."""

from __future__ import annotations

from collections.abc import Mapping

from loadwright.compiler.codes import Explanation

_HAR = "tests/recording/test_har.py"
_DIALECTS = "tests/recording/test_dialects.py"
_TALKS = "tests/recording/test_conversations.py"
_HERE = "tests/language/test_findings.py"
_PROOF = "tests/rotation/test_prove_levels.py"
_AGAIN = "Export the recording again; in a browser's network view: save all as HAR, with content."


def _har(title: str, text: str, tested: str = _HAR) -> Explanation:
    return Explanation(title, text, tested=tested)


RECORDINGS: Mapping[str, Explanation] = {
    "har-unreadable": _har("the recording cannot be read", "Check the path and the rights of the file."),
    "har-empty-file": _har("the recording is an empty file", _AGAIN),
    "har-packed": _har("the recording is packed", "Unpack it and import the `.har` file inside."),
    "har-no-json": _har("the recording is no JSON", f"It is damaged or cut off. {_AGAIN}"),
    "har-no-har": _har("the file is JSON, but no HAR", f"A HAR has `log.entries`. {_AGAIN}"),
    "har-too-deep": _har("the recording's JSON is nested too deeply", f"No recorder writes such a file. {_AGAIN}"),
    "har-loose-json": _har(
        "the recording is not strict JSON",
        "Some recorders write such files. The faulty characters were replaced; the rest is used.",
    ),
    "har-no-entries": _har("the recording holds no usable requests", "Record again, and export after the last click."),
    "advice-failed": _har(
        "the language model that was asked gave no usable answer",
        "The import goes on and is the same as without advice. Check the URL, the model's name and the key's variable.",
        "tests/advice/test_import.py",
    ),
    "har-no-responses": _har("the recording holds no responses", "Without responses no value can be traced to its source."),
    "har-no-bodies": _har("the recording holds no response bodies", "Most tokens come from bodies: export a HAR with content."),
    "har-no-times": _har("no request says when it started", "Steps and think times cannot be told from pauses then.", _HAR),
    "har-sanitised": _har(
        "the recording has no cookies and no credentials",
        'Browsers leave them out unless asked. If the application uses them, export "with sensitive data" (DevTools settings, '
        "Network). Secrets in a recording become secrets of the intent, never text.",
        _HERE,
    ),
    "har-bad-entry": _har("an entry is no object", "It was left out; the others are used."),
    "har-no-url": _har("a request has no absolute URL", "The entry was left out."),
    "har-bad-url": _har("a request's URL is not valid", "The entry was left out."),
    "har-no-method": _har("a request has no method", "GET was taken, or POST when there is a body."),
    "har-bad-method": _har("a request's method is not valid", "The entry was left out.", _HERE),
    "har-bad-header": _har("a header cannot be sent as recorded", "It was left out, or its control characters were replaced."),
    "har-bad-time": _har("a request's time is impossible", "The sum of its timings was taken."),
    "har-no-start": _har("a request does not say when it started", "It was put after the entry before it."),
    "har-user-in-url": _har("a URL holds a user and a password", "They were moved to an `Authorization` header."),
    "har-body-missing": _har("a request's body is not in the recording", "The test would send nothing there: record again.", _HERE),
    "har-body-incomplete": _har(
        "only a part of a request's body is in the recording", "Recorders leave files out. Put the file beside the intent."
    ),
    "har-answer-missing": _har(
        "a page or JSON came that the recording does not hold",
        "The page was left, or its window closed, before it was read. What it gave is not found. Wait on such pages: record again.",
        _HERE,
    ),
    "har-answer-cut": _har(
        "the recording holds only the beginning of an answer",
        "Browsers keep bodies up to a limit (Firefox: `devtools.netmonitor.responseBodyLimit`, 0 for none): record again.",
        _DIALECTS,
    ),
    "har-body-conflict": _har("a request's body is recorded twice, differently", "The text was taken, not the parameters."),
    "har-body-attached": _har(
        "a response's body is in another file", 'Record with embedded bodies (Playwright: `content="embed"`).', _HERE
    ),
    "har-body-base64": _har("a body that is marked as base64 is not", "The text was taken as it is."),
    "har-not-answered": _har(
        "a request of the journey's hosts has no answer in the recording",
        "It was cancelled, blocked (status -1 or 0), or the recorder missed it. It is left out of the test; `loadwright record` "
        "shows what was really sent.",
        _DIALECTS,
    ),
    "har-hidden-challenge": _har(
        "the answer that asked for an authorization is not in the recording",
        "Browsers hide the 401 before Digest, NTLM and Negotiate. What stands in the header fits that 401 alone: write "
        "`auth digest(user, password)`, or record with `loadwright record`. Chromium also leaves Basic authorization out of the "
        "request that was challenged: such a page answers 401 in a run until it has `auth basic(user, password)`.",
        _DIALECTS,
    ),
    "har-body-packed": _har("a response's body is packed and could not be unpacked", "Values in it cannot be found."),
    "har-not-modified": _har(
        "a response is a `304`, so its body is not in the recording", "Record with the cache switched off.", _HERE
    ),
    "har-other-charset": _har(
        "pages are in another character set than UTF-8",
        "k6 reads every body as UTF-8, so a letter with an accent is not seen there. An import expects ASCII of these pages. "
        "Texts that were sent in such a character set (`M%FCller`) stay as recorded: the language's functions encode UTF-8.",
        "tests/agents/test_charsets.py",
    ),
    "har-bad-message": _har(
        "a message of a WebSocket has no direction or no text", "It was left out; the others are used.", _TALKS
    ),
    "socket-heartbeats": _har(
        "messages that only keep a WebSocket open are left out",
        "A test holds no connection open idly. One that pauses for longer than the server waits is cut off: shorten its pauses.",
        _TALKS,
    ),
    "socket-binary": _har(
        "a WebSocket has binary messages",
        "A test sends and reads text. Where the application does not answer without them, import with `--websockets drop`.",
        _TALKS,
    ),
    "socket-as-text": _har(
        "a notebook speaks to its kernel in bytes (`v1.kernel.websocket.jupyter.org`)",
        "The test offers no protocol, so the server speaks JSON with it: the same messages. Those with buffers stay binary.",
        "tests/recording/test_kernels.py",
    ),
    "socket-polled": _har(
        "a client polled for messages to the end, though the server offered a WebSocket (Engine.IO, under Socket.IO)",
        "The test opens the WebSocket at once: polls that overlap what is posted meanwhile cannot be made one after the other. "
        "What polling costs the server is not measured then. With `--websockets drop` the polls stay as they were recorded.",
        "tests/recording/test_polling.py",
    ),
    "socket-pushed": _har(
        "a WebSocket's message came after another request, or after what was said on another WebSocket, which may have caused it",
        "While a WebSocket is open, a test does nothing else, so the message would not come there. It is not awaited.",
        _TALKS,
    ),
    "socket-left-out": _har(
        "a WebSocket sends what a later request brought, and that request needs what the WebSocket received",
        "While a WebSocket is open, a test does nothing else. The messages from there on, named by number, are not sent: write the "
        "rest by hand as a second WebSocket, or record the journey in another order.",
        _TALKS,
    ),
    "select-unknown-host": _har(
        "a host that was asked for is not in the recording",
        "The hint lists the hosts that are.",
        "tests/recording/test_select.py",
    ),
    "same-recording": _har(
        "the same recording was given twice",
        "What changes from session to session is seen in two sessions: record the journey again, from an empty cache. A copy shows "
        "nothing, and every token in it would look constant.",
        "tests/recording/test_sources_given.py",
    ),
    "same-session": _har(
        "two recordings are of one session",
        "The browser kept a cookie from one to the other. A token that both have is not taken for a constant then, and what the "
        "session alone tells apart is not seen: record each in a new private window.",
        "tests/recording/test_sources_given.py",
    ),
    "session-begins-anew": _har(
        "a recording holds two sessions of a browser",
        "A page was asked for without a cookie that the browser had sent before, and was given another one: the cookies were "
        "deleted, or somebody went on in a private window. A test keeps its cookies, so that it may be answered otherwise there: "
        "record each session in a file of its own.",
        "tests/recording/test_sources_given.py",
    ),
    "nothing-to-import": _har(
        "no request of the recording is left",
        "All were left out, by host or kind, which the message says: name the host with `--host`.",
        _HERE,
    ),
    "long-pause": _har(
        "more than ten minutes of the recording have no request",
        "The clock of the recorder jumped, or somebody had lunch. The test would think for as long.",
        "tests/recording/test_sources_given.py",
    ),
    "scrub-no-har": _har(
        "what is to be scrubbed is no HAR",
        "mitmproxy writes a HAR of its flow file: `mitmdump -nr FILE --set hardump=session.har`.",
        "tests/scrubbing/test_scrub_command.py",
    ),
    "scrub-incomplete": _har(
        "a secret would be left in the scrubbed recording",
        "That is a defect of Loadwright; nothing was written. Report it, without the recording.",
        "",
    ),
    "printer-differs": _har(
        "the written intent would not mean what was recorded",
        "That is a defect of Loadwright; nothing was written. Report it with the recording, secrets removed.",
        "",
    ),
    "recorded-failure": _har(
        "the recording itself shows a failure",
        "An answer says that it failed, though its status may not: a failed login, an error page, an error in JSON, an empty body. "
        "What follows from it is counted with it. A test made of it would repeat the failure, or fail: record the journey again.",
        "tests/import_report/test_failures.py",
    ),
    "value-left": _har(
        "a value stays as it was recorded",
        "Something stands for this value elsewhere, but not here: it is encoded in a way that no function of the language gives "
        "(the same character once as it is and once as an escape, for instance), it is part of the name of a JSON member, or it is "
        "a small number that may be an id or a count (`p=2`), the number of what the journey made before, a longer one that an "
        "answer gave under another name, a short key out of a page, or a day near that of the only recording. The request is sent "
        "as recorded. Write it with the variable where another session or user has another value. A row that two recordings took "
        "by its place alone is told so too.",
        "tests/agents/test_url_texts.py",
    ),
    "proof-p0": _har(
        "a capture does not yield a value on the recording", "The page changed, or the capture is wrong: look at its source.", _HERE
    ),
    "proof-p1": _har(
        "a request is not the recorded one", "The message says where they differ. Changed on purpose? Then record again.", _HERE
    ),
    "proof-p2": _har(
        "a value that the server made is still written out", "It is stale at the next run: capture it from its response.", _HERE
    ),
    "proof-p3": _har(
        "the intent does not hold on another recording of its journey",
        "An extractor fits one session alone, or a value that differs between the two stands as text: anchor it on what stays.",
        _PROOF,
    ),
    "proof-p4": _har(
        "a request is refused by the server that rotates the recorded values",
        "It carries a recorded or stale value, or lacks one: capture the value from the answer that gives it.",
        _PROOF,
    ),
    "proof-p5": _har(
        "the dry run against the live application failed",
        "Where P4 holds, the application has changed since the recording, or its data has: look at the first failure.",
        _PROOF,
    ),
    "proof-superfluous": _har(
        "a capture whose removal changes nothing",
        "No request needs its value fresh: leave it out, or keep it for its name.",
        _PROOF,
    ),
    "wrong-recording": _har(
        "a recording is of no journey of the intent", "Prove an intent on the recordings it was made from.", _PROOF
    ),
    "nothing-to-serve": _har(
        "the rotating server finds nothing to answer with", "The recording holds no answers. " + _AGAIN, _PROOF
    ),
}
"""The pages of what is said about recordings."""
