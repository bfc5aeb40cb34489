"""The tables of docs/language.md that come from the code; `python tests/language/documents.py` writes them."""

from __future__ import annotations

import re
from pathlib import Path

from loadwright.compiler.calling import usage
from loadwright.compiler.codes import EXPLANATIONS
from loadwright.compiler.plan.functions import FUNCTIONS

PAGE = Path(__file__).parents[2] / "docs" / "language.md"


def with_tables(page: str) -> str:
    functions = [(usage(function).replace("|", "\\|"), function.summary) for function in FUNCTIONS.values()]
    codes = [(f"`{code}`", explanation.title) for code, explanation in EXPLANATIONS.items()]
    page = _with_table(page, "functions", [("function", "gives"), ("---", "---"), *functions])
    return _with_table(page, "codes", [("code", "meaning"), ("---", "---"), *codes])


def _with_table(page: str, name: str, rows: list[tuple[str, str]]) -> str:
    table = "".join(f"| {left} | {right} |\n" for left, right in rows)
    pattern = rf"<!-- {name} -->\n\n*(\|.*\n)*\n*"
    return re.sub(pattern, lambda _: f"<!-- {name} -->\n\n{table}\n", page).rstrip() + "\n"


if __name__ == "__main__":
    PAGE.write_text(with_tables(PAGE.read_text("utf-8")), "utf-8")
