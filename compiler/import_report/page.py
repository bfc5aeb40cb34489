"""The page on an import: one file that needs nothing else, no network and no server."""

from __future__ import annotations

import base64
import hashlib
from importlib.resources import files

from jinja2 import Environment, StrictUndefined
from markupsafe import Markup

from loadwright.compiler.import_report.view import View

_HERE = "loadwright.compiler.import_report"


def render(view: View) -> str:
    """The page. Recorded text stands in it as text alone: never in a script, a style, an address or the name of anything.

    A content security policy in the page lets nothing run or load but the page's own style and script.
    """
    environment = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    script, style = _own("review.js"), _own("style.css.j2")
    policy = (
        f"default-src 'none'; script-src 'sha256-{_digest(script)}'; style-src 'sha256-{_digest(style)}'; "
        "base-uri 'none'; form-action 'none'"
    )
    template = environment.from_string(_own("page.html.j2"))
    # both are files of this package: nothing of a recording is in them
    return template.render(view=view, policy=policy, script=Markup(script), style=Markup(style))


def _own(name: str) -> str:
    return files(_HERE).joinpath(name).read_text(encoding="utf-8")


def _digest(text: str) -> str:
    return base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
