"""Values of pages: fields, meta tags, links, attributes, scripts, texts."""

from __future__ import annotations

import html
import re

from selectolax.lexbor import LexborHTMLParser, LexborNode

from loadwright.compiler.agents.facts import BUTTON, FormInput
from loadwright.compiler.agents.names import is_id_name
from loadwright.compiler.agents.observe.answers.in_calls import observe_calls, observe_handlers
from loadwright.compiler.agents.observe.answers.in_fields import (
    NAME,
    css_source,
    is_out_of_sight,
    observe_field,
    observe_name,
    observe_numbers_in_names,
)
from loadwright.compiler.agents.observe.answers.in_rows import in_a_row, inside_a_row
from loadwright.compiler.agents.observe.answers.in_scripts import observe_script
from loadwright.compiler.agents.observe.answers.in_updates import QUOTED_URL, as_page, has_updates
from loadwright.compiler.agents.observe.finder import Finder, Source
from loadwright.compiler.agents.observe.password_inputs import CODE, bound_inputs, completed_type, inputs_in_text
from loadwright.compiler.agents.observe.sites import UrlPart, url_parts
from loadwright.compiler.agents.values import is_code, is_drawn, is_token, literal_pattern, may_hold_other_characters, may_identify
from loadwright.compiler.plan.extract import page_tree
from loadwright.compiler.plan.model import CssSource
from loadwright.compiler.recording.model import Entry

_INPUTS = "input[value], input[type=checkbox][name], input[type=number][name]"
_FIELDS = f"{_INPUTS}, button[value], meta[content], option[value], textarea[value]"
_LINKS = "[href], [action], [src], [formaction], [data-url], [data-href]"
_LINK_ATTRIBUTES = ("href", "action", "src", "formaction", "data-url", "data-href")
_TYPED_INPUTS = {"text", "email", "search", "tel", "url", "number", "password", CODE, "textarea", ""}
_DATA = r"""(data-[A-Za-z0-9_-]+)\s*=\s*("[^"]*"|'[^']*'|[^\s"'>]+)"""
_LOWER_DATA, _ANY_DATA = re.compile(_DATA), re.compile(_DATA, re.IGNORECASE)
"""The first is far faster, and enough for most pages."""
_NAME_ATTRIBUTE = re.compile(r"""\sname=(["'])([^"'<>]{0,60})$""")
_FRAMEWORKS = re.compile(r"""\s((?:hx|x|v|ng|up)-[\w.-]{1,60}|[A-Za-z][\w.-]{0,30}:[\w.:-]{1,60})=("[^"]{4,}"|'[^']{4,}')""")
_WITH_A_COLON = re.compile(r""":[\w.:-]{1,60}=["']""")
_WITH_A_PREFIX = re.compile(r"-(?<=[xvgp]-)(?:(?<=\shx-)|(?<=\sx-)|(?<=\sv-)|(?<=\sng-)|(?<=\sup-))")
"""What the name of such an attribute has in it; each begins with one character, so that looking for it costs little."""
_TAG = re.compile(r"\s*<[a-z][a-z0-9]{0,15}[\s>]")
_FEW = 6
"""So many values are looked for one by one."""
_SPACE, _LONGEST_TEXT = 80, 200
_SHORTEST_HOLDING = 8
"""Characters of a link's parameter that may hold something encoded."""


def is_piece_of_page(media_type: str, text: str) -> bool:
    """Whether an answer that calls itself JSON is a piece of a page, which a script puts where it belongs whatever its type."""
    return media_type.endswith("json") and _TAG.match(text) is not None


def form_inputs(entry: Entry) -> list[FormInput]:
    """What a user types into, and buttons that send a value, of an HTML response or of the pieces of a page in an XML one."""
    text = entry.response.text
    media_type = entry.response.media_type
    if text and (media_type.endswith(("json", "javascript")) or (media_type == "text/html" and "<script" in text)):
        found = list(inputs_in_text(entry, text))
    else:
        found = []
    is_page = entry.response.media_type == "text/html" or is_piece_of_page(entry.response.media_type, text or "")
    if not text or not (is_page or has_updates(entry.response.media_type, text)):
        return found
    if not any(tag in text for tag in ("<input", "<textarea", "<button")):
        return found
    if not is_page:
        text = as_page(text)
    page = page_tree(text)
    found += bound_inputs(entry, page)
    for node in page.css("input[name], textarea[name], button[name]"):
        own = completed_type(node) or (node.attributes.get("type") or "").lower()
        kind = "textarea" if node.tag == "textarea" else BUTTON if node.tag == "button" else own
        if (kind in _TYPED_INPUTS or kind == BUTTON) and not is_out_of_sight(node):
            default = node.text() if kind == "textarea" else node.attributes.get("value") or ""
            found.append(FormInput(entry.index, node.attributes.get("name") or "", kind, default, entry.started))
    return found


def observe_html(finder: Finder, text: str) -> None:
    """Offer what stands in a page."""
    document = page_tree(text)
    if document.root is None:
        return
    several_forms = text.count("<form") > 1
    for node in document.css(_FIELDS):
        observe_field(finder, document, node, text, several_forms)
    seen: set[str] = set()
    for node in document.css(_links_with(finder)):
        attributes = node.attributes
        for attribute in _LINK_ATTRIBUTES:
            url = attributes.get(attribute)
            if url and url not in seen and ("%" in url or (finder.deep and "=" in url) or finder.wanted.may_hold(url)):
                seen.add(url)
                observe_link(finder, url, text)
    for url in QUOTED_URL.findall(text):
        if url not in seen and finder.wanted.may_hold(url):
            seen.add(url)
            observe_link(finder, html.unescape(url), text)
    if "data-" in text or "DATA-" in text:
        _data_attributes(finder, document, text)
    for value in sorted(v for v in finder.wanted.values if v.isascii() and v.isalnum() and is_drawn(v)):
        _field_names(finder, value, text)
    if any(len(v) > 3 and v[-1].isdigit() for v in finder.wanted.values):
        observe_numbers_in_names(finder, text)
    for name in sorted(finder.wanted.values.intersection(finder.wanted.names)):
        observe_name(finder, document, name, several_forms)
    for match in _FRAMEWORKS.finditer(text) if _WITH_A_COLON.search(text) or _WITH_A_PREFIX.search(text) else ():
        if _is_wanted(match[2], finder):
            _frameworks_attribute(finder, match[1], match[2], text)
    for script in document.css("script"):
        written = script.text(deep=True) or ""
        observe_script(finder, written, text)
        observe_calls(finder, written, text)
    if not finder.deep:
        observe_handlers(finder, text)
    if any(_is_content(value, text) for value in finder.wanted.values):
        _texts(finder, document)


def _links_with(finder: Finder) -> str:
    """A selector of the links that may hold what is wanted."""
    runs = finder.wanted.runs
    if finder.deep or len(runs) > _FEW or "" in runs:
        return _LINKS
    return ", ".join(f'[{attribute}*="{run}"]' for run in runs for attribute in _LINK_ATTRIBUTES)


def _is_content(value: str, text: str) -> bool:
    """Whether a value is all that stands between two tags; what is written with references begins behind one."""
    if len(value) > _LONGEST_TEXT or " " in value:
        return False
    if "&" in text and (begins := _BEGINS.match(value)) and f">{begins[0]}&" in text:
        return True
    raw = html.escape(value, quote=False)
    start = text.find(raw)
    while start >= 0:
        before, after = text[max(0, start - _SPACE) : start].rstrip(), text[start + len(raw) : start + len(raw) + _SPACE].lstrip()
        if before[-1:] in ("", ">") and after[:1] in ("", "<"):
            return True
        start = text.find(raw, start + 1)
    return False


# --- links ------------------------------------------------------------------------------------------------------------


_MIXED = re.compile(r"^(?=.{8})[\w-]*[a-z][A-Z]")
"""Letters of both cases in one word, which a second recording shows to be drawn: `tab_id=syAlc-PUAGU`."""
_BEGINS = re.compile(r"[A-Za-z0-9]+(?=[^A-Za-z0-9])")
_KIND = re.compile(r"([A-Za-z]{2,20})\d{1,10}")
"""What a link from the page's own place says of a thing, its kind and number: `href="issue17"`."""


def observe_link(finder: Finder, url: str, text: str) -> None:
    """The parts of a link that stand in the text as they are (no character references between)."""
    for part in url_parts(url):
        is_named = part.location == "path" and is_code(part.value)
        is_named = is_named or (finder.wanted.few > 1 and part.name != "" and _MIXED.search(part.value) is not None)
        tells = part.value in finder.wanted and (is_named or may_identify(part.value) or is_token(part.value))
        if not tells and not (part.name and len(part.value) >= _SHORTEST_HOLDING and finder.holds(part.value)):
            continue
        raw = url[part.start : part.end]
        if part.start == 0 and (kind := _KIND.fullmatch(part.value)):
            directory = finder.path.rpartition("/")[0].rpartition("/")[2]
            finder.by_pattern(part.value, raw, f"[\"'=]({kind[1]}\\d+)[\"'/?#>]", text, "link", "", directory)
            continue
        decoder = "" if raw == part.value else "urldecode" if part.location == "path" else "formdecode"
        pattern = _anchored(url, part)
        if not decoder:
            in_a_row(finder, part.value, text, part.name, None, "", pattern, part.context)
            may_be_encoded = part.location == "query" and may_hold_other_characters(part.value)
            decoder = "urldecode" if may_be_encoded else ""  # what has no `%` this time may have one the next
        finder.by_pattern(part.value, raw, pattern, text, "link", part.name, part.context, decoder)


def _anchored(url: str, part: UrlPart) -> str:
    """The part's pattern; the first segment of a path needs the quote before it."""
    pattern = part.pattern
    if part.location == "path" and not part.context and pattern.startswith("/"):
        return "[\"']" + literal_pattern(url[: part.start]) + pattern[1:]
    if part.location == "path" and (following := re.match(r"/[A-Za-z_-]{2,}", url[part.end :])):
        return pattern + literal_pattern(following.group())  # `/notes/7/edit`, not `/notes/7`
    return pattern


# --- attributes and texts ---------------------------------------------------------------------------------------------


def _data_attributes(finder: Finder, document: LexborHTMLParser, text: str) -> None:
    found = (_ANY_DATA if "DATA-" in text else _LOWER_DATA).finditer(text)
    names = dict.fromkeys(match[1].lower() for match in found if finder.deep or _is_wanted(match[2], finder))
    for attribute in names:
        if attribute in _LINK_ATTRIBUTES:
            continue
        nodes = document.css(f"[{attribute}]")
        for node in nodes:
            content = node.attributes.get(attribute)
            if not content or not (finder.deep or content in finder.wanted):
                continue
            selector = f"{node.tag}[{attribute}]"
            if content in finder.wanted:
                in_a_row(finder, content, text, attribute[5:], document, selector)
            elif len(nodes) > 1 and "{" in content and "}" in content:
                inside_a_row(finder, content, text)
            finder.offer(content, "attribute", css_source(document, node, selector, attribute), attribute[5:])


def _field_names(finder: Finder, value: str, text: str) -> None:
    """A token in the name of a field, known by its form: nothing else of the field is its own."""
    form = "0-9a-f" if re.fullmatch("[0-9a-f]+", value) else "A-Za-z0-9"
    start = text.find(value)
    while start >= 0:
        if before := _NAME_ATTRIBUTE.search(text, max(0, start - _SPACE), start):
            ends = text.startswith(before[1], start + len(value))
            behind = before[1] if ends else f"(?![{form}])"  # a longer one is another, and no piece of it is taken
            pattern = f"\\sname={before[1]}{literal_pattern(before[2])}([{form}]{{{len(value)}}}){behind}"
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
            if not NAME.fullmatch(identity) or (attribute == "id" and not is_id_name(identity)):
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
