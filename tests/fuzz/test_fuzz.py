"""Damaged recordings: every command ends well or with a clear refusal, and no secret is written anywhere.

More and other examples: `LOADWRIGHT_EXPLORE=1 LOADWRIGHT_FUZZ_EXAMPLES=3000 pytest tests/fuzz`.
"""

from __future__ import annotations

import json
import os
import re
import tempfile
from pathlib import Path
from typing import Any

from advice.proposals import everything
from advice.stand_in import Reply, completion, stand_in
from fuzz.canaries import Har, found, written
from fuzz.damage import damaged, pairs
from fuzz.neighbours import Neighbours, forms, neighbours
from fuzz.outcome import is_clear, run
from hypothesis import HealthCheck, given, settings

ERRORS = re.compile(r"error\[([\w-]+)\]")
EXAMPLES = int(os.environ.get("LOADWRIGHT_FUZZ_EXAMPLES", "30"))
FUZZ = settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck), print_blob=True)
FEWER = settings(FUZZ, max_examples=EXAMPLES // 3)


def recorded(document: Har, folder: Path, name: str = "session.har") -> Path:
    """The document as a HAR file, beside the folder that everything is written to."""
    path = folder / "in" / name
    path.parent.mkdir(exist_ok=True)
    # a lone surrogate is written as an escape, as browsers write it
    path.write_text(json.dumps(document, ensure_ascii=True), encoding="ascii")
    return path


def imported(document: Har, folder: Path, second: Har | None = None) -> None:
    """Fails unless the recordings give an intent that compiles, or a clear refusal, and no secret is written."""
    hars, out = [recorded(document, folder)], folder / "out"
    if second is not None:
        hars.append(recorded(second, folder, "second.har"))
    intent = out / "t.intent"
    outputs = ("-o", intent, "--report", out / "r.html", "--plan", out / "p.json", "--decisions", out / "d.json")
    result = run("import", *hars, *outputs)
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


def twice(pair: tuple[Har, Har], folder: Path) -> None:
    """The same of two recordings of one journey."""
    imported(pair[0], folder, pair[1])


def advised(document: Har, folder: Path) -> None:
    """Fails unless a question about the import holds no secret, and the import with every proposal taken is as sound."""
    question: list[bytes] = []

    def answer(asked: dict[str, Any]) -> Reply:
        question.append(json.dumps(asked).encode())
        return completion(json.dumps(everything(asked)))

    with stand_in(answer) as server:
        intent = folder / "t.intent"
        result = run("import", recorded(document, folder), "-o", intent, "--advice-url", server.url, "--advice-model", "m")
    left = found([("the question", b"".join(question)), *((n, c) for n, c in written(folder) if not n.startswith("in/"))])
    assert not left, f"secrets: {left}"
    assert result.code in (0, 1) or is_clear(result), result.printed
    if result.code != 2:
        outcome = run("check", intent)
        assert set(ERRORS.findall(outcome.printed)) <= {"jmeter-method"}, outcome.printed


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


@FEWER
@given(pairs())
def test_two_damaged_recordings_of_a_journey_compile_or_are_refused(pair: tuple[Har, Har]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        twice(pair, Path(folder))


@FEWER
@given(damaged())
def test_a_question_about_a_damaged_recording_holds_no_secret(document: Har) -> None:
    with tempfile.TemporaryDirectory() as folder:
        advised(document, Path(folder))


def nothing_told(drawn: Neighbours, folder: Path) -> None:
    """Fails where a password that stands beside a needed value is written or said."""
    har, out = recorded(drawn.document, folder), folder / "out"
    intent = out / "t.intent"
    outputs = ("-o", intent, "--report", out / "r.html", "--plan", out / "p.json", "--decisions", out / "d.json")
    printed = [run("import", har, *outputs).printed, run("import", har, "-o", out / "again.intent", "--format", "json").printed]
    outcome = run("compile", intent, "--to", "all", "-o", out / "c")
    assert outcome.code == 0, outcome.printed
    printed += [outcome.printed, run("prove", intent, "--recording", har, "--report", out / "proved.html").printed]
    texts = [*written(out), ("the terminal", "\n".join(printed).encode("utf-8", "replace"))]
    left = [name for name, content in texts if any(form.lower() in content.lower() for form in forms(drawn.password))]
    assert not left, f"the password is in {left}"


@FEWER
@given(neighbours())
def test_a_password_beside_a_needed_value_is_told_by_nothing(drawn: Neighbours) -> None:
    with tempfile.TemporaryDirectory() as folder:
        nothing_told(drawn, Path(folder))
