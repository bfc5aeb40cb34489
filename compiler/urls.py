"""How the language tells a path from an absolute URL."""

from __future__ import annotations

from loadwright.compiler.plan.template import Template, Text


def is_path(url: Template) -> bool:
    """Whether a URL is relative to a target though no target is named: its text starts with `/`."""
    first = url.parts[0] if url.parts else None
    return isinstance(first, Text) and first.value.startswith("/")
