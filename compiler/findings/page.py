"""The page of a code, as text for a terminal and as Markdown."""

from __future__ import annotations

from loadwright.compiler.codes import Explanation


def as_plain(code: str, page: Explanation) -> str:
    """The page for a terminal: what, why, an example, and what to write instead."""
    parts = [f"{code}: {page.title}", page.text]
    if page.example:
        shown = f"Example{f' (compiled to {page.backend})' if page.backend else ''}:"
        parts += [shown, _indented(page.example), *_files(page), "Instead:", _indented(page.instead)]
    return "\n\n".join(parts)


def as_markdown(code: str, page: Explanation) -> str:
    """The page as a section of docs/findings.md."""
    parts = [f"### `{code}`", f"{page.title[:1].upper()}{page.title[1:]}. {page.text}"]
    if page.example:
        to = f", compiled to {page.backend}" if page.backend else ""
        parts += [
            f"Has this finding{to}:",
            f"```intent\n{page.example}```",
            *_files(page),
            "Instead:",
            f"```intent\n{page.instead}```",
        ]
    return "\n\n".join(parts)


def _indented(text: str) -> str:
    return "\n".join(f"    {line}" if line else "" for line in text.rstrip("\n").split("\n"))


def _files(page: Explanation) -> list[str]:
    texts = [(name, content) for name, content in page.files.items() if content.endswith("\n")]
    lines = ((name, ", ".join(f"`{line}`" for line in content.splitlines())) for name, content in texts)
    return ["; ".join(f"`{name}` holds {shown}" for name, shown in lines)] if texts else []
