"""Every example and every intent in the README compiles to all runtimes without an error, and the imported one is up to date."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from loadwright.backends import registry
from loadwright.compiler.cli.compile import build
from loadwright.compiler.cli.import_ import import_
from loadwright.compiler.intent import load_intent, parse_intent

ROOT = Path(__file__).parent.parent
EXAMPLES = sorted((ROOT / "examples").rglob("*.intent"))


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_an_example_is_fine_and_compiles_to_every_runtime(path: Path) -> None:
    plan, diagnostics = load_intent(path)
    assert diagnostics == []
    for load in plan.loads:
        outputs, _ = build(plan, registry.NAMES, load.name, path.parent)
        assert {output.path.parts[0] for output in outputs} == set(registry.NAMES)


def test_the_imported_example_is_what_an_import_writes(tmp_path: Path) -> None:
    recordings = sorted((ROOT / "examples" / "shop" / "recordings").glob("*.har"))
    assert import_(recordings, tmp_path / "shop.intent", None, tmp_path / "shop.decisions.json") == 0
    for name in ("shop.intent", "shop.decisions.json", "shop-files/checkout/entry-36-part-3.bin"):
        written = (tmp_path / name).read_text(encoding="utf-8")
        assert written == (ROOT / "examples" / "imported" / name).read_text(encoding="utf-8"), "import the recordings again"


def test_the_intents_of_the_readme_are_fine() -> None:
    texts = re.findall(r"```\n(intent .*?)```", (ROOT / "README.md").read_text(encoding="utf-8"), re.DOTALL)
    assert texts
    for text in texts:
        plan, diagnostics = parse_intent(text, "README.md", None)
        assert diagnostics == []
        build(plan, registry.NAMES, None, ROOT)
