"""Capture sources in the words of the language."""

from __future__ import annotations

from typing import assert_never

from loadwright.compiler.plan.model import (
    BoundarySource,
    CaptureSource,
    CookieSource,
    CssSource,
    HeaderSource,
    JsonSource,
    RedirectSource,
    RegexSource,
)


def describe_source(source: CaptureSource) -> str:
    """A source in one line, for messages and reports (`css input[name=csrf] @value`)."""
    match source:
        case JsonSource(path=path):
            return f"json {path}"
        case CssSource(selector=selector, attribute=attribute):
            return f"css {selector} @{attribute}" if attribute else f"css {selector}"
        case RegexSource(pattern=pattern):
            return f"regex /{pattern}/"
        case BoundarySource(left=left, right=right):
            return f"between {left} and {right}"
        case HeaderSource(name=name, pattern=pattern):
            return f"header {name} matching /{pattern}/" if pattern else f"header {name}"
        case CookieSource(name=name):
            return f"cookie {name}"
        case RedirectSource():
            return "redirect"
        case _:
            assert_never(source)
