"""Fields of forms, meta tags and choices of a page."""

from __future__ import annotations

import re
from collections.abc import Container
from functools import lru_cache

from selectolax.lexbor import LexborHTMLParser, LexborNode

from loadwright.compiler.agents.facts import SourceKind
from loadwright.compiler.agents.names import is_id_name
from loadwright.compiler.agents.observe.answers.in_rows import in_a_row, is_label
from loadwright.compiler.agents.observe.boxes import TICKED, numbered, numbers_in
from loadwright.compiler.agents.observe.finder import Finder, Source
from loadwright.compiler.agents.values import is_code, is_drawn, is_token, literal_pattern, may_identify
from loadwright.compiler.plan.extract import page_tree
from loadwright.compiler.plan.model import CssSource

NAME = re.compile(r"[A-Za-z_][\w-]*")
"""A name that a selector takes without quotes."""
_FIELD_NAME = re.compile(r"""name=(?<=\sname=)(\\?["'])([^"'<>&\s\\]{5,200})\1""")
IN_A_NAME = "\\sname="
"""How the pattern of a number in a field's name begins, and its context."""
_NOT_SHOWN = re.compile(r"\bdisplay\s*:\s*none\b", re.IGNORECASE)
_OF_THE_PAGE = re.compile("token|csrf|xsrf|nonce|key|code|state|secret|verif", re.IGNORECASE)
"""Names of what a form is guarded by, whatever row it stands in."""
_PATH = re.compile(r"/[\w./-]{3,160}", re.ASCII)
_NEEDS_ESCAPES = re.compile(r"[\"\\]")
"""What all runtimes do not read in the same way in a selector."""


def observe_field(finder: Finder, document: LexborHTMLParser, node: LexborNode, text: str, several_forms: bool) -> None:
    """Offer the value of a field, a button, a meta tag or an option."""
    attributes = node.attributes
    attribute = "content" if node.tag == "meta" else "value"
    content = attributes.get(attribute)
    kind = (attributes.get("type") or "").lower() if node.tag == "input" else ""
    if kind == "number" or (kind == "checkbox" and (content is None or content in TICKED)):
        _observe_box(finder, attributes.get("name") or "", text)
    if not content or not (finder.deep or content in finder.wanted):
        return
    if kind == "checkbox" and content in TICKED and attributes.get("name") in _twins(text):
        return
    select = _ancestor(node, "select") if node.tag == "option" else None
    named = node if select is None else select
    selector = (_form_selector(node, document, finder.entry.request.url) if several_forms else "") + _own_selector(
        named, finder.wanted.names
    )
    label = named.attributes.get("name") or named.attributes.get("id") or named.attributes.get("property") or ""
    if is_drawn(label) and not is_token(content):
        return  # called otherwise the next time
    if select is not None:
        selector += " option"
    preset = _preset(select) if select is not None else node if _is_checked(node) else None
    is_preset = preset is not None and preset.mem_id == node.mem_id
    if is_preset and (select is None or "selected" in attributes):
        selector += "[checked]" if select is None else "[selected]"
    elif preset is not None and not is_preset and preset.attributes.get("value") == content:
        return  # the same once more
    elif content in finder.wanted and (
        (_is_choice(node) and (not is_preset or is_label(node.text(deep=True))))
        or (_kind(node) == "hidden input" and _is_of_a_row(document, selector, label, content))
    ):
        in_a_row(finder, content, text, label, document, selector, near=label)
    if select is None and content.isdigit() and (pattern := _by_its_name(node.attributes.get("name") or "", content, text)):
        finder.by_pattern(content, content, pattern, text, _kind(node), label)
        return
    finder.offer(content, _kind(node), css_source(document, node, selector, attribute), label)


def _by_its_name(name: str, number: str, text: str) -> str:
    """The pattern of a number that a field is called by too (`<input name="hostids[17]" value="17">`): no selector says it."""
    before, inside, after = name.partition(f"[{number}]")
    if not inside or not before or after or f'name="{name}"' not in text:
        return ""
    return f'name="{literal_pattern(before)}\\[(\\d+)\\]"'


def _observe_box(finder: Finder, name: str, text: str) -> None:
    """Offer the number by which a field is called whose value says nothing: a box, or how many of a thing are wanted."""
    called = numbered(name)
    if called is None or (number := name[called[1] : called[2]]) not in finder.wanted:
        return
    before, after = literal_pattern(name[: called[1]]), literal_pattern(name[called[2] :])
    for quote in ('"', "'"):
        if f" name={quote}{name}{quote}" in text:
            finder.by_pattern(number, number, f"name={quote}{before}(\\d+){after}{quote}", text, "input", called[0])
            return


@lru_cache(maxsize=4)
def _twins(text: str) -> frozenset[str]:
    """Names of hidden fields that say no where a box of the name is not ticked (Rails, ASP.NET MVC): such a box says but yes."""
    hidden = page_tree(text).css("input[type=hidden][name]")
    return frozenset(one.attributes["name"] or "" for one in hidden if one.attributes.get("value") in ("0", "false"))


def _preset(select: LexborNode) -> LexborNode | None:
    """The option that a browser sends when the user leaves all: the selected one, else the first (HTML, section 4.10.7)."""
    if "multiple" in select.attributes:
        return None
    selected = select.css("option[selected]")
    return selected[0] if len(selected) == 1 else None if selected else select.css_first("option")


def _is_choice(node: LexborNode) -> bool:
    return node.tag in ("option", "button", "input") and _kind(node) != "hidden input"


def _is_of_a_row(document: LexborHTMLParser, selector: str, name: str, value: str) -> bool:
    """Whether a hidden field may be the id of a row, each of which has a form of its own: others of its name have other values."""
    if not value.isdigit() and (not may_identify(value) or (_OF_THE_PAGE.search(name) and not is_id_name(name))):
        return False
    return len({node.attributes.get("value") for node in document.css(selector)}) > 1


def _is_checked(node: LexborNode) -> bool:
    return (node.attributes.get("type") or "").lower() == "radio" and "checked" in node.attributes


def css_source(document: LexborHTMLParser, node: LexborNode, selector: str, attribute: str) -> Source:
    """A CSS source, and which of its matches the node is."""

    def make() -> tuple[CssSource, int]:
        matches = (n for n in document.css(selector) if attribute in n.attributes)
        ordinal = next((i for i, n in enumerate(matches, 1) if n.mem_id == node.mem_id), 0)
        return CssSource(selector=selector, attribute=attribute), ordinal

    return make


def _kind(node: LexborNode) -> SourceKind:
    if node.tag == "meta":
        return "meta"
    is_hidden = (node.attributes.get("type") or "").lower() == "hidden" or is_out_of_sight(node)
    return "hidden input" if node.tag == "input" and is_hidden else "input"


def is_out_of_sight(node: LexborNode) -> bool:
    """Whether a field with a value is not shown, whatever its type: nobody types into it."""
    attributes = node.attributes
    return bool(attributes.get("value")) and _NOT_SHOWN.search(attributes.get("style") or "") is not None


def observe_name(finder: Finder, document: LexborHTMLParser, name: str, several_forms: bool) -> None:
    """Offer the name of a field that another session has otherwise, by the place of the field among those of its type."""
    for node in document.css("input[name], button[name]"):
        if node.attributes.get("name") == name:
            selector = (_form_selector(node, document, finder.entry.request.url) if several_forms else "") + _own_selector(
                node, (name,)
            )
            finder.offer(name, "attribute", css_source(document, node, selector, "name"), "field_name")


def observe_numbers_in_names(finder: Finder, text: str) -> None:
    """Offer the longer numbers in the names of fields (`qty[107609]`), each by the words of the name around it."""
    seen: set[str] = set()
    for field in _FIELD_NAME.finditer(text):
        quote, name = literal_pattern(field[1]), field[2]
        spans = numbers_in(name) if name not in seen else ()
        seen.add(name)
        for start, end in spans:
            if (value := name[start:end]) in finder.wanted:
                before, after = (_any_number(part) for part in (name[:start], name[end:]))
                pattern = f"{IN_A_NAME}{quote}{before}({value.rstrip('0123456789')}\\d+){after}{quote}"
                in_a_row(finder, value, text, "", None, "", pattern, IN_A_NAME)
                finder.by_pattern(value, value, pattern, text, "input", "", IN_A_NAME)


def _any_number(part: str) -> str:
    """A piece of a field's name as a pattern, in which longer numbers are any."""
    pieces, position = [], 0
    for start, end in numbers_in(part):
        pieces += [literal_pattern(part[position:start]), part[start:end].rstrip("0123456789"), "\\d+"]
        position = end
    return "".join([*pieces, literal_pattern(part[position:])])


def _around_numbers(tag: str, name: str) -> str:
    """A selector by what a field's name is around the number in it; empty for a name that is too little without it."""
    spans = numbers_in(name)
    if not spans:
        return ""
    (start, end), after = spans[0], name[spans[-1][1] :]
    before = name[:start] + name[start:end].rstrip("0123456789")
    if sum(map(str.isalpha, before + after)) < 2 or not name.isprintable() or _NEEDS_ESCAPES.search(name):
        return ""
    return tag + (f'[name^="{before}"]' if before else "") + (f'[name$="{after}"]' if after else "")


def _own_selector(node: LexborNode, names: Container[str] = ()) -> str:
    """By name, else by id or property, else by tag and type; a name that is another one in each session is none."""
    if node.attributes.get("name") in names:
        kind = node.attributes.get("type") or ""
        return f"{node.tag}[type={kind}]" if NAME.fullmatch(kind) else str(node.tag)
    if node.tag != "meta" and (around := _around_numbers(node.tag or "", node.attributes.get("name") or "")):
        return around
    for attribute in ("name", "id", "property", "http-equiv"):
        value = node.attributes.get(attribute)
        if value and value.isprintable() and not _NEEDS_ESCAPES.search(value):
            return f"{node.tag}[{attribute}={_quoted(value)}]"
    called = next((word for word in (node.attributes.get("class") or "").split() if NAME.fullmatch(word)), "")
    return f"{node.tag}.{called}" if called else str(node.tag)


def _quoted(value: str) -> str:
    return value if NAME.fullmatch(value) else f'"{value}"'


def _form_selector(node: LexborNode, document: LexborHTMLParser, page: str) -> str:
    """The form around an input, by its id or what its action is without values, when a page has several; else nothing.

    An id that is the form's name and more is a server's or a script's own, and another one the next time: the name stays.
    """
    form = _ancestor(node, "form")
    if form is None:
        return ""
    identity, action = form.attributes.get("id") or "", form.attributes.get("action") or ""
    called = form.attributes.get("name") or ""
    if NAME.fullmatch(called) and identity.startswith(called) and identity != called:
        return f"form[name={called}] "
    if re.fullmatch(r"[A-Za-z_][A-Za-z_-]*", identity):
        return f"form#{identity} "
    if action and re.fullmatch(r"[A-Za-z_./-]{1,80}", action) and not any(map(_is_a_value, action.split("/"))):
        return f'form[action="{action}"] '
    around = _around_values(action, page)
    return f"{around} " if around and len(document.css(around)) == 1 else ""


def _is_a_value(segment: str) -> bool:
    return segment.isdigit() or is_code(segment) or is_token(segment)


def _around_values(action: str, page: str) -> str:
    """A selector of a form by the words of its action around what its page is asked for by too (`/orders/4/close`).

    What other rows of a list have forms for is called by other numbers.
    """
    segments, asked = action.split("/"), re.split("[/?#]", page)
    moving = [place for place, segment in enumerate(segments) if _is_a_value(segment)]
    if not moving or not _PATH.fullmatch(action) or not all(segments[place] in asked for place in moving):
        return ""
    before, after = "/".join(segments[: moving[0]]), "/".join(segments[moving[-1] + 1 :])
    return f'form[action^="{before}/"]' + (f'[action$="/{after}"]' if after else "") if len(before) > 2 else ""


def _ancestor(node: LexborNode, tag: str) -> LexborNode | None:
    """The nearest element of a tag around a node."""
    around = node.parent
    while around is not None and around.tag != tag:
        around = around.parent
    return around
