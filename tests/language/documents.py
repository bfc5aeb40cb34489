"""What docs/ has from the code: a table of language.md, and findings.md; `python tests/language/documents.py` writes them."""

from __future__ import annotations

import re
from pathlib import Path

from loadwright.compiler.calling import usage
from loadwright.compiler.findings import AREAS
from loadwright.compiler.findings.page import as_markdown
from loadwright.compiler.plan.functions import FUNCTIONS

DOCS = Path(__file__).parents[2] / "docs"
PAGE = DOCS / "language.md"
FINDINGS = DOCS / "findings.md"

_ABOUT = """# Findings

Everything that Loadwright says about an intent, a recording or a run carries a code. `loadwright explain CODE` shows its section of
this page. Errors stop a command; warnings do not. The page is made from the code; each example has exactly its finding, and what
stands there instead has none: tests hold both.
"""


def with_tables(page: str) -> str:
    functions = [(usage(function).replace("|", "\\|"), function.summary) for function in FUNCTIONS.values()]
    return _with_table(page, "functions", [("function", "gives"), ("---", "---"), *functions])


def findings_page() -> str:
    parts = [_ABOUT.rstrip()]
    for area, pages in AREAS.items():
        parts += [f"## {area}", *(as_markdown(code, page) for code, page in pages.items())]
    return "\n\n".join(parts) + "\n"


def _with_table(page: str, name: str, rows: list[tuple[str, str]]) -> str:
    table = "".join(f"| {left} | {right} |\n" for left, right in rows)
    pattern = rf"<!-- {name} -->\n\n*(\|.*\n)*\n*"
    return re.sub(pattern, lambda _: f"<!-- {name} -->\n\n{table}\n", page).rstrip() + "\n"


if __name__ == "__main__":
    PAGE.write_text(with_tables(PAGE.read_text("utf-8")), "utf-8")
    FINDINGS.write_text(findings_page(), "utf-8")
