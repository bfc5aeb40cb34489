"""`loadwright scrub`: a recording in, the same recording without its secrets out."""

from __future__ import annotations

import json
import secrets
from pathlib import Path, PurePosixPath

import orjson

from loadwright.compiler.agents.observe.unread_bytes import is_unread
from loadwright.compiler.cli.load import problem
from loadwright.compiler.cli.outputs import Output, require_places, write
from loadwright.compiler.cli.show import show
from loadwright.compiler.drafts.detect import detect
from loadwright.compiler.recording.decode import read_json
from loadwright.compiler.recording.fields import Notes
from loadwright.compiler.recording.har import read_har
from loadwright.compiler.scrubbing.scrub import Scrubber
from loadwright.compiler.scrubbing.sensitive import sensitive
from loadwright.compiler.scrubbing.unread import unread_values, without_unreadable

_WRITTEN = {"e-mail address": "e-mail addresses", "authorization": "authorizations"}


def scrub(recording: Path, output: Path, seed: str | None = None) -> int:
    """Write the recording with stand-ins for what is secret or personal in it, and print how many of which kind there were.

    Without a seed each run draws its own, since whoever knows the seed can try out guesses.
    """
    require_places([output], [recording])
    if (kind := detect(recording)) != "har":
        hint = (
            "make a HAR of it first: `mitmdump -nr FILE --set hardump=session.har`" if kind == "mitmproxy" else "name a recording"
        )
        raise problem("scrub-no-har", f"only a HAR is scrubbed, and this is of another kind ({kind})", hint, place=str(recording))
    read, warnings = read_har(recording)
    show(warnings)
    try:
        document, left_out = without_unreadable(read_json(recording, Notes(recording.name)), read)
        found = sensitive([read], unread_values(document))
        done = Scrubber(found, secrets.token_hex(16) if seed is None else seed).scrub(document)
    except RecursionError:
        hint = "export the recording again"
        raise problem("har-too-deep", "the JSON is nested too deeply", hint, place=str(recording)) from None
    if done.left:
        raise problem(
            "scrub-incomplete",
            f"{done.left} secret values would be left in the scrubbed recording",
            "this is a defect of Loadwright; report it",
            place=str(recording),
        )
    write([Output(PurePosixPath(output.name), _bytes(done.document))], output.parent)
    counts = ", ".join(f"{n} {_WRITTEN.get(kind, f'{kind}s') if n != 1 else kind}" for kind, n in sorted(done.counts.items()))
    print(f"replaced {counts or 'nothing: no secret or personal value was found'}")
    if left_out:
        print(f"left out {left_out} of its entries: they cannot be read, so nobody can say what of them is secret")
    if unread := sum(is_unread(entry) for entry in read.entries):
        print(f"{unread} of its requests send bytes that nobody reads: whatever is secret in them is in there still")
    weak = sum(reach == "field" for reach in found.reach.values())
    if weak:
        print(f"{weak} of them are short or common: replaced in their fields alone, since they stand elsewhere by chance")
    print(f"wrote {output}")
    return 0


def _bytes(document: object) -> bytes:
    try:
        return orjson.dumps(document, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)
    except (TypeError, orjson.JSONEncodeError):
        return (json.dumps(document, ensure_ascii=False, indent=2) + "\n").encode("utf-8", "replace")  # integers over 64 bits
