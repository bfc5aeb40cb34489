"""What the user gave in a document that a field holds or that is sent, where a second recording has it otherwise."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from loadwright.compiler.agents.decide.by_user.given import Given
from loadwright.compiler.agents.decisions import Slice
from loadwright.compiler.agents.facts import Site
from loadwright.compiler.agents.observe.inside import inner_site
from loadwright.compiler.agents.observe.notations import Leaf, all_leaves, leaves
from loadwright.compiler.plan.template import call


def names_inside(given: Given, site: Site, value: str) -> Iterator[Slice]:
    """Names in a JSON document, with a made-up word in them, that the user gave otherwise in the second recording."""
    words = [word for word in given.unique if word in value] if value[:1] in ("{", "[") and given.second.values else []
    for leaf in leaves(value) if words else ():
        inner = inner_site(site, leaf)
        is_named = _is_text(leaf, value) and given.history.changed(inner) and any(word in leaf.value != word for word in words)
        if is_named and (part := given.typed(inner, loosely=True)):
            yield Slice(leaf.start, leaf.end, call("jsonescape", part))


def unlike_inside(given: Given, site: Site, cuts: Sequence[Slice]) -> list[Slice]:
    """The cuts in a document, with what the user gave beside them: `{"feed": 7, "word": "leak"}`.

    A text with a made-up word in it is given as a whole: both recordings have other words around theirs.
    """
    found, text = list(cuts), site.value
    encoder = "htmlencode" if text[:1] == "<" else "jsonescape"
    for leaf in all_leaves(text) if site.location == "body" else leaves(text):
        within = [cut for cut in found if leaf.start < cut.end and cut.start < leaf.end]
        inner = inner_site(site, leaf)
        is_free = all(_is_longer(leaf, cut) and text[cut.start : cut.end] in given.unique for cut in within)
        if not (leaf.name and _is_text(leaf, text) and is_free) or given.is_hidden(inner):
            continue
        if part := given.typed(inner, loosely=True) or given.unlike(inner):
            written = call("urlencode" if leaf.in_url else encoder, part)
            found = [*(cut for cut in found if cut not in within), Slice(leaf.start, leaf.end, written)]
    return sorted(found, key=lambda cut: cut.start)


def _is_text(leaf: Leaf, text: str) -> bool:
    """Whether a leaf is a text that is written as it is."""
    if text[:1] == "<":
        return text[leaf.start - 1 : leaf.start] == ">" and text.startswith("</", leaf.end) and leaf.value == leaf.value.strip()
    return leaf.in_url or (text[leaf.start - 1 : leaf.start] == '"' and "\\" not in leaf.value)


def _is_longer(leaf: Leaf, cut: Slice) -> bool:
    """Whether a cut is a part of a leaf."""
    return leaf.start <= cut.start and cut.end <= leaf.end and leaf.end - leaf.start > cut.end - cut.start
