"""Damaged recordings: every command ends well or with a clear refusal, and no secret is written anywhere.

More and other examples: `LOADWRIGHT_EXPLORE=1 LOADWRIGHT_FUZZ_EXAMPLES=3000 pytest tests/fuzz`.
"""

from __future__ import annotations

import json
import os
import re
import tempfile
from pathlib import Path

from fuzz.canaries import Har, found, written
from fuzz.damage import damaged
from fuzz.outcome import is_clear, run
from hypothesis import HealthCheck, given, settings

ERRORS = re.compile(r"error\[([\w-]+)\]")
EXAMPLES = int(os.environ.get("LOADWRIGHT_FUZZ_EXAMPLES", "40"))
FUZZ = settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck), print_blob=True)


def recorded(document: Har, folder: Path) -> Path:
    """The document as a HAR file, beside the folder that everything is written to."""
    path = folder / "in" / "session.har"
    path.parent.mkdir(exist_ok=True)
    # a lone surrogate is written as an escape, as browsers write it
    path.write_text(json.dumps(document, ensure_ascii=True), encoding="ascii")
    return path


def imported(document: Har, folder: Path) -> None:
    """Fails unless the recording gives an intent that compiles, or a clear refusal, and no secret is written."""
    har, out = recorded(document, folder), folder / "out"
    intent = out / "t.intent"
    result = run(
        *("import", har, "-o", intent, "--report", out / "r.html"),
        *("--plan", out / "p.json", "--decisions", out / "d.json"),
    )
    printed = [result.printed]
    if result.code == 2:
        assert is_clear(result), result.printed
        assert not written(out), "half of the output was written"
    else:
        assert result.code in (0, 1)
        for arguments in (("check", intent), ("compile", intent, "--to", "all", "-o", out / "c")):
            outcome = run(*arguments)
            printed.append(outcome.printed)
            # a runtime may lack a method that was recorded, and says so
            assert set(ERRORS.findall(outcome.printed)) <= {"jmeter-method"}, outcome.printed
            assert outcome.code == 0 or ERRORS.search(outcome.printed), outcome.printed
        as_json = run("check", intent, "--format", "json")
        json.loads(as_json.printed)
        printed.append(as_json.printed)
    left = found([*written(out), ("the terminal", "\n".join(printed).encode("utf-8", "replace"))])
    assert not left, f"secrets: {left}"


def scrubbed(document: Har, folder: Path) -> None:
    """Fails unless the scrubbed recording holds no secret and its import decides the same."""
    har, out = recorded(document, folder), folder / "out"
    clean = out / "session.har"
    result = run("scrub", har, "-o", clean, "--seed", "a seed")
    left = found([*written(out), ("the terminal", result.printed.encode("utf-8", "replace"))])
    assert not left, f"secrets: {left}"
    if result.code:
        assert is_clear(result), result.printed
        assert not written(out), "half of the output was written"
        return
    before, after = decided(har, folder / "one"), decided(clean, folder / "two")
    assert before == after, f"decided {before}, then {after}"


def decided(har: Path, folder: Path) -> tuple[int, list[tuple[str, str]]]:
    """How the import of a recording ends, and what it decides about which names."""
    code = run("import", har, "-o", folder / "t.intent", "--decisions", folder / "d.json").code
    made = json.loads((folder / "d.json").read_text(encoding="utf-8"))["decisions"] if code != 2 else []
    return code, [(one["verdict"], one["variable"]) for one in made]


@FUZZ
@given(damaged())
def test_an_import_of_a_damaged_recording_compiles_or_is_refused(document: Har) -> None:
    with tempfile.TemporaryDirectory() as folder:
        imported(document, Path(folder))


@FUZZ
@given(damaged(without=("cut",)))  # part of a token is another value, whose stand-in is no part of the token's
def test_a_scrubbed_recording_holds_no_secret_and_decides_the_same(document: Har) -> None:
    with tempfile.TemporaryDirectory() as folder:
        scrubbed(document, Path(folder))
