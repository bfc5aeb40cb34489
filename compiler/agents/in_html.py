"""Values of pages: fields, meta tags, links, attributes, scripts, texts."""

from __future__ import annotations

import html
import re

from selectolax.lexbor import LexborHTMLParser, LexborNode

from loadwright.compiler.agents.facts import FormInput, SourceKind
from loadwright.compiler.agents.finder import Finder, Source, at
from loadwright.compiler.agents.in_scripts import observe_script
from loadwright.compiler.agents.sites import UrlPart, url_parts
from loadwright.compiler.agents.values import is_drawn, is_id_name, is_token, literal_pattern
from loadwright.compiler.plan.model import CssSource, RegexSource
from loadwright.compiler.recording.model import Entry

_FIELDS = "input[value], button[value], meta[content], option[value], textarea[value]"
_LINKS = "[href], [action], [src], [formaction], [data-url], [data-href]"
_LINK_ATTRIBUTES = ("href", "action", "src", "formaction", "data-url", "data-href")
_QUOTED_URL = re.compile(r"""["'`]((?:https?:/)?/[^"'`\s<>\\]{1,1000})["'`]""")
"""A URL in an attribute of any name (`data-ping-url`, `hx-post`), or in a script of the page."""
_TYPED_INPUTS = {"text", "email", "search", "tel", "url", "number", "password", "textarea", ""}
_NAME = re.compile(r"[A-Za-z_][\w-]*")
_LABEL = re.compile(r">\s*([^\W\d_][^<>\d\n]{1,38}[^\W\d_.])\s*<")
_DATA = re.compile(r"""(data-[A-Za-z0-9_-]+)\s*=\s*("[^"]*"|'[^']*'|[^\s"'>]+)""", re.IGNORECASE)
_NAME_ATTRIBUTE = re.compile(r"""\sname=(["'])([^"'<>]{0,60})$""")
_FRAMEWORKS = re.compile(r"""\s((?:hx|x|v|ng|up)-[\w.-]{1,60}|[A-Za-z][\w.-]{0,30}:[\w.:-]{1,60})=("[^"]{4,}"|'[^']{4,}')""")
_NEXT_ROW = re.compile(r"</(li|tr|option|dt|article|section|p|label|ul|table)>\s*<\1\b", re.IGNORECASE)
_FEW = 6
"""So many values are looked for one by one."""
_SPACE, _LONGEST_TEXT = 80, 200
_REACH = 160
"""Characters between a value of a row and the text that says which row it is."""


def form_inputs(entry: Entry) -> list[FormInput]:
    """The inputs of an HTML response that a user types into."""
    text = entry.response.text
    if entry.response.media_type != "text/html" or not text or ("<input" not in text and "<textarea" not in text):
        return []
    found = []
    for node in LexborHTMLParser(text).css("input[name], textarea[name]"):
        kind = "textarea" if node.tag == "textarea" else (node.attributes.get("type") or "").lower()
        if kind in _TYPED_INPUTS:
            default = node.text() if kind == "textarea" else node.attributes.get("value") or ""
            found.append(FormInput(entry.index, node.attributes.get("name") or "", kind, default))
    return found


def observe_html(finder: Finder, text: str) -> None:
    """Offer what stands in a page."""
    document = LexborHTMLParser(text)
    if document.root is None:
        return
    several_forms = text.count("<form") > 1
    for node in document.css(_FIELDS):
        _field(finder, document, node, text, several_forms)
    seen: set[str] = set()
    for node in document.css(_links_with(finder)):
        attributes = node.attributes
        for attribute in _LINK_ATTRIBUTES:
            url = attributes.get(attribute)
            if url and url not in seen and ("%" in url or finder.wanted.may_hold(url)):
                seen.add(url)
                _link(finder, url, text)
    for url in _QUOTED_URL.findall(text):
        if url not in seen and finder.wanted.may_hold(url):
            seen.add(url)
            _link(finder, html.unescape(url), text)
    if "data-" in text:
        _data_attributes(finder, document, text)
    for value in sorted(v for v in finder.wanted.values if v.isascii() and v.isalnum() and is_drawn(v)):
        _field_names(finder, value, text)
    for match in _FRAMEWORKS.finditer(text):
        if _is_wanted(match[2], finder):
            _frameworks_attribute(finder, match[1], match[2], text)
    for script in document.css("script"):
        observe_script(finder, script.text(deep=True) or "", text)
    if any(_is_content(value, text) for value in finder.wanted.values):
        _texts(finder, document)


def _links_with(finder: Finder) -> str:
    """A selector of the links that may hold what is wanted."""
    runs = finder.wanted.runs
    if len(runs) > _FEW or "" in runs:
        return _LINKS
    return ", ".join(f'[{attribute}*="{run}"]' for run in runs for attribute in _LINK_ATTRIBUTES)


def _is_content(value: str, text: str) -> bool:
    """Whether a value is all that stands between two tags."""
    if len(value) > _LONGEST_TEXT or " " in value:
        return False
    raw = html.escape(value, quote=False)
    start = text.find(raw)
    while start >= 0:
        before, after = text[max(0, start - _SPACE) : start].rstrip(), text[start + len(raw) : start + len(raw) + _SPACE].lstrip()
        if before[-1:] in ("", ">") and after[:1] in ("", "<"):
            return True
        start = text.find(raw, start + 1)
    return False


def _field(finder: Finder, document: LexborHTMLParser, node: LexborNode, text: str, several_forms: bool) -> None:
    attributes = node.attributes
    attribute = "content" if node.tag == "meta" else "value"
    content = attributes.get(attribute)
    if not content or not (finder.deep or content in finder.wanted):
        return
    kind: SourceKind = "meta" if node.tag == "meta" else _input_kind(node)
    selector = (_form_selector(node) if several_forms else "") + _own_selector(node)
    label = attributes.get("name") or attributes.get("id") or attributes.get("property") or ""
    if node.tag == "option":
        select = node.parent
        while select is not None and select.tag != "select":
            select = select.parent
        label = (select.attributes.get("name") or "") if select is not None else ""
    source = _css(document, node, selector, attribute)
    if kind != "hidden input" and node.tag in ("option", "button", "input") and content in finder.wanted:
        _in_a_row(finder, content, text, label, document, selector)
    finder.offer(content, kind, source, label)


def _css(document: LexborHTMLParser, node: LexborNode, selector: str, attribute: str) -> Source:
    """A CSS source, and which of its matches the node is."""

    def make() -> tuple[CssSource, int]:
        matches = (n for n in document.css(selector) if attribute in n.attributes)
        ordinal = next((i for i, n in enumerate(matches, 1) if n.mem_id == node.mem_id), 0)
        return CssSource(selector=selector, attribute=attribute), ordinal

    return make


def _input_kind(node: LexborNode) -> SourceKind:
    return "hidden input" if node.tag == "input" and (node.attributes.get("type") or "").lower() == "hidden" else "input"


def _own_selector(node: LexborNode) -> str:
    """By name, else by id or property, else by tag."""
    for attribute in ("name", "id", "property", "http-equiv"):
        value = node.attributes.get(attribute)
        if value:
            return f"{node.tag}[{attribute}={_quoted(value)}]"
    return str(node.tag)


def _quoted(value: str) -> str:
    return value if _NAME.fullmatch(value) else '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _form_selector(node: LexborNode) -> str:
    """The form around an input, by its id or an action without values, when a page has several; else nothing."""
    form = node.parent
    while form is not None and form.tag != "form":
        form = form.parent
    if form is None:
        return ""
    identity, action = form.attributes.get("id") or "", form.attributes.get("action") or ""
    if re.fullmatch(r"[A-Za-z_][A-Za-z_-]*", identity):
        return f"form#{identity} "
    if action and re.fullmatch(r"[A-Za-z_./-]{1,80}", action):
        return f'form[action="{action}"] '
    return ""


# --- links ------------------------------------------------------------------------------------------------------------


def _link(finder: Finder, url: str, text: str) -> None:
    """The parts of a link that stand in the text as they are (no character references between)."""
    for part in url_parts(url):
        if part.value not in finder.wanted or not (any(c.isdigit() for c in part.value) or is_token(part.value)):
            continue
        raw = url[part.start : part.end]
        decoder = "" if raw == part.value else "urldecode" if part.location == "path" else "formdecode"
        pattern = _anchored(url, part)
        if not decoder:
            _in_a_row(finder, part.value, text, part.name, None, "", pattern, part.context)
        finder.by_pattern(part.value, raw, pattern, text, "link", part.name, part.context, decoder)


def _anchored(url: str, part: UrlPart) -> str:
    """The part's pattern; the first segment of a path needs the quote before it."""
    pattern = part.pattern
    if part.location == "path" and not part.context and pattern.startswith("/"):
        return "[\"']" + literal_pattern(url[: part.start]) + pattern[1:]
    if part.location == "path" and (following := re.match(r"/[A-Za-z_-]{2,}", url[part.end :])):
        return pattern + literal_pattern(following.group())  # `/notes/7/edit`, not `/notes/7`
    return pattern


def _in_a_row(
    finder: Finder,
    value: str,
    text: str,
    name: str,
    document: LexborHTMLParser | None,
    selector: str,
    pattern: str = "",
    context: str = "",
) -> None:
    """A value of one of several rows, by the text that says which row it is."""
    several = len(document.css(selector)) > 1 if document else finder.varies(pattern, text)
    raw = html.escape(value)
    if not several or raw != value:
        return
    start = _place(value, text, pattern)
    for made in _row_patterns(text, start, start + len(value)) if start >= 0 else ():
        matches = re.findall(made, text, re.ASCII)
        if matches == [value]:
            finder.offer(value, "row", at(RegexSource(pattern=made)), name, context)
            return


def _place(value: str, text: str, pattern: str) -> int:
    """Where a link's pattern, or else a quoted attribute, has a value first; -1 for nowhere.

    A short number stands in many places of a page: `_1/">Kitchen` says nothing of `/addresses/1/`.
    """
    if pattern:
        return next((m.start(1) for m in re.finditer(pattern, text, re.ASCII) if m[1] == value), -1)
    found = (m.start() for m in re.finditer(re.escape(value), text) if _edges(text, m.start(), m.end()))
    return next((start for start in found if text[start - 1 : start] in ("'", '"', "=")), -1)


def _edges(text: str, start: int, end: int) -> bool:
    return not text[start - 1 : start].isalnum() and not text[end : end + 1].isalnum()


def _row_patterns(text: str, start: int, end: int) -> list[str]:
    """Patterns from a value to the nearest text behind it, and from the nearest text before it, within the row."""
    found: list[tuple[int, str]] = []
    after = text[end : end + _REACH]
    quote = after[:1]
    stop = f"[^{quote}/?&#<>]" if quote in ("'", '"') else "[^\"'/?&#<>\\s]"
    if label := _LABEL.search(after):
        between = after[: label.end() - 1]
        if _is_plain(between):
            lead = text[max(0, start - 30) : start]
            anchor = re.search(r"[\w-]+=[\"']?[^\"'<>\s]{0,20}$", lead)
            found.append(
                (len(between), literal_pattern(anchor.group() if anchor else lead[-1:]) + f"({stop}+)" + literal_pattern(between))
            )
    before = text[max(0, start - _REACH) : start]
    labels = list(_LABEL.finditer(before))
    if labels:
        between = before[labels[-1].start() + 1 :]
        if _is_plain(between):
            found.append((len(between), literal_pattern(between) + f"({stop}+)"))
    return [pattern for _, pattern in sorted(found)]


def _is_plain(text: str) -> bool:
    """Whether a stretch of markup holds nothing that another session may have otherwise."""
    if _NEXT_ROW.search(text):
        return False
    return "\n" not in text and not any(is_token(w) or any(c.isdigit() for c in w) for w in re.findall(r"[\w+/=-]{2,}", text))


# --- attributes and texts ---------------------------------------------------------------------------------------------


def _data_attributes(finder: Finder, document: LexborHTMLParser, text: str) -> None:
    names = dict.fromkeys(match[1].lower() for match in _DATA.finditer(text) if finder.deep or _is_wanted(match[2], finder))
    for attribute in names:
        if attribute in _LINK_ATTRIBUTES:
            continue
        for node in document.css(f"[{attribute}]"):
            content = node.attributes.get(attribute)
            if not content or not (finder.deep or content in finder.wanted):
                continue
            selector = f"{node.tag}[{attribute}]"
            if content in finder.wanted:
                _in_a_row(finder, content, text, attribute[5:], document, selector)
            finder.offer(content, "attribute", _css(document, node, selector, attribute), attribute[5:])


def _field_names(finder: Finder, value: str, text: str) -> None:
    """A token in the name of a field, known by its form: nothing else of the field is its own."""
    form = "0-9a-f" if re.fullmatch("[0-9a-f]+", value) else "A-Za-z0-9"
    start = text.find(value)
    while start >= 0:
        if before := _NAME_ATTRIBUTE.search(text, max(0, start - _SPACE), start):
            pattern = f"\\sname={before[1]}{literal_pattern(before[2])}([{form}]{{{len(value)}}})"
            finder.by_pattern(value, value, pattern, text, "attribute", "token")
            return
        start = text.find(value, start + 1)


def _frameworks_attribute(finder: Finder, name: str, written: str, text: str) -> None:
    """An attribute of a framework (`wire:snapshot`, `hx-vals`), whose name no selector can spell everywhere: by its text."""
    raw, quote, own = written[1:-1], written[0], re.sub("^(?:hx|x|v|ng|up)-", "", name)
    decoder = "htmldecode" if "&" in raw else ""
    pattern = f"\\s{literal_pattern(name)}={quote}([^{quote}]+){quote}"
    finder.by_pattern(html.unescape(raw) if decoder else raw, raw, pattern, text, "attribute", own, decoder=decoder)


def _is_wanted(written: str, finder: Finder) -> bool:
    content = written[1:-1] if written[:1] in ("'", '"') else written
    return (html.unescape(content) if "&" in content else content) in finder.wanted


def _texts(finder: Finder, document: LexborHTMLParser) -> None:
    """Texts of elements whose id or class names a value (`<strong id="order-id">…`)."""
    for node in document.css("[id], [class]"):
        for attribute, mark in (("id", "#"), ("class", ".")):
            identity = node.attributes.get(attribute) or ""
            if not _NAME.fullmatch(identity) or (attribute == "id" and not is_id_name(identity)):
                continue
            content = " ".join((node.text(deep=True) or "").split())
            if content not in finder.wanted or len(content) > _LONGEST_TEXT or " " in content:
                continue
            if attribute == "id" or len(document.css(f".{identity}")) <= 3:  # a class of many says how things look
                finder.offer(content, "text", _text_source(document, node, f"{mark}{identity}"), identity)


def _text_source(document: LexborHTMLParser, node: LexborNode, selector: str) -> Source:
    def make() -> tuple[CssSource, int]:
        ordinal = next((i for i, n in enumerate(document.css(selector), 1) if n.mem_id == node.mem_id), 0)
        return CssSource(selector=selector), ordinal

    return make
