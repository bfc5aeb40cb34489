"""`loadwright explain`."""

from __future__ import annotations

from loadwright.compiler.cli.guard import FINE
from loadwright.compiler.cli.load import problem
from loadwright.compiler.suggest import suggestion


def explain(code: str | None) -> int:
    """Print what a code means, why it matters, an example and what to write instead; without a code, the list of all."""
    from loadwright.compiler.findings import AREAS, PAGES
    from loadwright.compiler.findings.page import as_plain

    if code is None:
        print("\n\n".join(_listed(area, {name: page.title for name, page in pages.items()}) for area, pages in AREAS.items()))
        return FINE
    name = code.strip().removeprefix("error").removeprefix("warning").strip("[]:").lower()
    if name not in PAGES:
        raise problem("unknown-code", f"there is no finding `{code}`", suggestion(name, PAGES) or "`loadwright explain` lists all")
    print(as_plain(name, PAGES[name]))
    return FINE


def _listed(area: str, titles: dict[str, str]) -> str:
    width = max(map(len, titles))
    return "\n".join([area, *(f"  {code:{width}}  {title}" for code, title in titles.items())])
