"""Each source in `cases/` becomes the intent beside it, with the warnings beside it; what a case lacks fails.

`python -m sources.test_cases` in tests/ writes them anew: read the difference before you keep it.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from loadwright.compiler.cli.import_ import import_
from loadwright.compiler.drafts.detect import detect
from loadwright.compiler.intent import load_intent

CASES = Path(__file__).parent / "cases"
BESIDE = ("photo.png", "body.json")
"""Files that requests send."""
SOURCES = sorted(
    path for path in CASES.glob("*/*") if path.suffix not in (".intent", ".err") and path.name not in BESIDE and path.is_file()
)


def run(source: Path, folder: Path, capture: pytest.CaptureFixture[str] | None = None) -> tuple[int, str]:
    """What an import of the source gives, written into a folder: its exit code and what was said on standard error."""
    code = import_([source], folder / f"{source.stem}.intent")
    return code, capture.readouterr().err if capture else ""


@pytest.mark.parametrize("source", SOURCES, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_a_source_becomes_the_intent_beside_it(source: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert detect(source) == source.parent.name
    code, said = run(source, tmp_path, capsys)
    written = (tmp_path / f"{source.stem}.intent").read_text("utf-8")
    assert written == source.with_suffix(".intent").read_text("utf-8")
    assert said == source.with_suffix(".err").read_text("utf-8")
    assert code == ("# unresolved" in written)
    load_intent(tmp_path / f"{source.stem}.intent")


@pytest.mark.parametrize("source", SOURCES, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_no_secret_of_a_source_is_in_its_intent(source: Path) -> None:
    written = source.with_suffix(".intent").read_text("utf-8") + source.with_suffix(".err").read_text("utf-8")
    secrets: tuple[str, ...] = (
        "hunter2-secret",
        "pw-of-ann",
        "s3cr3t-value",
        "secret-1",
        "k-123456",
        "b7e1f0c92d4a4b6f",
        "hidden-pw",
        "9f8e7d6c5b4a",
    )
    secrets = (*secrets, "wonder", "4f3c9a7e1b2d", "eyJhbGciOiJIUzI1NiJ9", "wonderland-7")
    assert [secret for secret in secrets if secret in written] == []


def test_every_intent_of_a_case_has_its_source() -> None:
    stems = {path.with_suffix("") for path in SOURCES}
    assert {path.with_suffix("") for path in CASES.glob("*/*.*") if path.suffix in (".intent", ".err")} == stems


if __name__ == "__main__":
    import contextlib
    import io
    import tempfile

    for each in SOURCES:
        with tempfile.TemporaryDirectory() as made, contextlib.redirect_stderr(io.StringIO()) as told:
            run(each, Path(made))
            each.with_suffix(".intent").write_text((Path(made) / f"{each.stem}.intent").read_text("utf-8"), "utf-8")
        each.with_suffix(".err").write_text(told.getvalue(), "utf-8")
