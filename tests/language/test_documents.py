"""What docs/language.md says is so. Needs nothing but Python."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from language.documents import PAGE, with_tables

from loadwright.compiler.codes import Code
from loadwright.compiler.intent import parse_intent

BLOCKS = re.findall(r"```intent ?(\w*)\n(.*?)```", PAGE.read_text("utf-8"), re.DOTALL)

_DECLARED = 'intent "x"\ntarget main = "https://example.com"\ntarget other = "https://other.example.com"\n'
_AROUND = {
    "": "{}",
    "declarations": _DECLARED
    + 'journey buy {{ step "Open" {{ GET "/" }} }}\njourney look {{ tags "reading" step "Look" {{ GET "/" }} }}\n{}',
    "request": _DECLARED + 'let user = "ann"\nlet item = "1"\njourney buy {{ step "Open" {{ POST "/" {{\n{}\n}} }} }}\n',
}


@pytest.mark.parametrize(("kind", "block"), BLOCKS, ids=[f"{i}-{kind or 'whole'}" for i, (kind, _) in enumerate(BLOCKS)])
def test_every_example_of_the_page_compiles(tmp_path: Path, kind: str, block: str) -> None:
    (tmp_path / "users.csv").write_text("name,password\nann,x\n", "utf-8")
    (tmp_path / "photo.png").write_bytes(b"PNG")
    (tmp_path / "order.schema.json").write_text('{"type": "object"}', "utf-8")
    _, found = parse_intent(_AROUND[kind].format(block), "page.intent", tmp_path)
    assert {d.code for d in found} <= ({Code.UNUSED_CAPTURE, Code.UNUSED} if kind else set())


def test_the_yaml_of_the_page_is_an_intent() -> None:
    (block,) = re.findall(r"```yaml\n(.*?)```", PAGE.read_text("utf-8"), re.DOTALL)
    _, found = parse_intent(block, "page.yaml")
    assert found == []


def test_the_page_has_examples_of_each_kind() -> None:
    assert {kind for kind, _ in BLOCKS} == set(_AROUND)


def test_the_tables_of_the_page_are_those_of_the_code() -> None:
    page = PAGE.read_text("utf-8")
    assert page == with_tables(page), "run python tests/language/documents.py"
