"""Observation of responses: every value that a later request might need, with a way to take it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from itertools import islice
from typing import Any
from urllib.parse import unquote, urlsplit

from selectolax.lexbor import LexborHTMLParser, LexborNode

from loadwright.compiler.agents.facts import FormInput, Occurrence, SourceKind
from loadwright.compiler.agents.sites import is_asset, url_parts
from loadwright.compiler.agents.values import is_id_name, is_token, literal_pattern
from loadwright.compiler.plan.jsonpath import Digits, json_text, load_json, quote_name, quote_value
from loadwright.compiler.plan.model import CaptureSource, CookieSource, CssSource, HeaderSource, JsonSource, RegexSource
from loadwright.compiler.recording.model import Entry

MAX_OCCURRENCES = 20_000
"""Of one response: a list of a million rows is not a million candidates."""

_SKIPPED_HEADERS = frozenset(
    [
        "date",
        "server",
        "content-length",
        "content-type",
        "content-encoding",
        "transfer-encoding",
        "connection",
        "keep-alive",
        "vary",
        "cache-control",
        "expires",
        "age",
        "pragma",
        "last-modified",
        "accept-ranges",
        "set-cookie",
        "strict-transport-security",
        "x-frame-options",
        "x-content-type-options",
        "content-security-policy",
        "x-powered-by",
        "via",
        "alt-svc",
        "referrer-policy",
        "x-xss-protection",
        "permissions-policy",
        "location",
    ]
)
_SCRIPT_VALUE = re.compile(r"""(?P<name>[A-Za-z_$][\w$-]*)["']?\s*[:=]\s*(?P<quote>["'])(?P<value>[^"'\\\n<>]{1,4000})(?P=quote)""")
_QUOTED = re.compile(r"""(["'])([^"'\\\s<>]{8,4000})\1""")
_TYPED_INPUTS = {"text", "email", "search", "tel", "url", "number", "password", "textarea", ""}


def observe_response(entry: Entry) -> Iterator[Occurrence]:
    """The occurrences of one response, headers first."""
    yield from _headers(entry)
    text = entry.response.text
    if not text:
        return
    media_type = entry.response.media_type
    if media_type == "text/html" or media_type == "application/xhtml+xml":
        yield from _html(entry, text)
    elif media_type.endswith("json") or text.lstrip()[:1] in ("{", "["):
        yield from _json(entry, text)
    elif "javascript" in media_type and not is_asset(entry):
        yield from _script(entry, text, text)
        yield from _quoted_tokens(entry, text)


def form_inputs(entry: Entry) -> Iterator[FormInput]:
    """The inputs of an HTML response that a user types into."""
    if entry.response.media_type != "text/html" or not entry.response.text:
        return
    for node in LexborHTMLParser(entry.response.text).css("input[name], textarea[name]"):
        kind = "textarea" if node.tag == "textarea" else (node.attributes.get("type") or "").lower()
        if kind in _TYPED_INPUTS:
            default = node.text() if kind == "textarea" else node.attributes.get("value") or ""
            yield FormInput(entry.index, node.attributes.get("name") or "", kind, default)


def _occurrence(
    entry: Entry, value: str, kind: SourceKind, source: CaptureSource, name: str, context: str = "", ordinal: int = 1
) -> Occurrence:
    path = urlsplit(entry.request.url).path
    return Occurrence(value, entry.index, entry.ended, kind, source, ordinal, name, context, path=path)


def _as_sent(occurrence: Occurrence, raw: str) -> Occurrence:
    """The occurrence of a URL part, with what decodes it when it stands there encoded."""
    if raw == occurrence.value:
        return occurrence
    decoder = "urldecode" if unquote(raw) == occurrence.value else "formdecode"
    return replace(occurrence, raw=raw, decoder=decoder)


def _headers(entry: Entry) -> Iterator[Occurrence]:
    seen: Counter[str] = Counter()
    for name, value in entry.response.headers:
        lower = name.lower()
        seen[lower] += 1
        if lower == "set-cookie":
            cookie, _, content = value.partition(";")[0].strip().partition("=")
            yield _occurrence(entry, content, "cookie", CookieSource(name=cookie), cookie)
            if (decoded := unquote(content)) != content:
                found = _occurrence(entry, decoded, "cookie", CookieSource(name=cookie), cookie)
                yield replace(found, raw=content, decoder="urldecode")
        elif lower == "location":
            for part in url_parts(value):
                source = HeaderSource(name="Location", pattern=part.pattern)
                found = _occurrence(entry, part.value, "redirect part", source, part.name, part.context)
                yield _as_sent(found, value[part.start : part.end])
        elif lower not in _SKIPPED_HEADERS and value:
            yield _occurrence(entry, value, "header", HeaderSource(name=name), name, ordinal=seen[lower])


# --- JSON -------------------------------------------------------------------------------------------------------------


def _json(entry: Entry, text: str) -> Iterator[Occurrence]:
    try:
        value = load_json(text)
    except (ValueError, RecursionError):
        return
    for path, name, leaf in islice(_leaves(value, "$", ""), MAX_OCCURRENCES):
        yield _occurrence(entry, leaf, "json", JsonSource(path=path), name)


def _leaves(value: Any, path: str, name: str) -> Iterator[tuple[str, str, str]]:
    if isinstance(value, dict):
        for key, child in value.items():
            yield from _leaves(child, path + quote_name(key), key)
    elif isinstance(value, list):
        predicates = _predicates(value)
        for position, child in enumerate(value):
            yield from _leaves(child, path + (predicates[position] or f"[{position}]"), name)
    elif value is not None and not isinstance(value, bool):
        yield path, name, json_text(value)


def _predicates(items: list[Any]) -> list[str | None]:
    """For each object of a list a filter on a sibling text that names it alone, or None."""
    if not all(isinstance(item, dict) for item in items):
        return [None] * len(items)
    texts = [{k: v for k, v in item.items() if _is_label(k, v)} for item in items]
    counts = Counter((k, v) for labels in texts for k, v in labels.items())
    chosen: list[str | None] = []
    for labels in texts:
        key = next((k for k in ("name", "title", "label", "code") if counts.get((k, labels.get(k, "")), 0) == 1), None)
        chosen.append(f"[?(@{quote_name(key)}=={quote_value(labels[key])})]" if key else None)
    return chosen


def _is_label(name: str, value: Any) -> bool:
    if not isinstance(value, str) or isinstance(value, Digits) or not 0 < len(value) <= 60 or is_token(value):
        return False
    return re.fullmatch(r"[\w .,()&-]+", value) is not None


# --- HTML -------------------------------------------------------------------------------------------------------------


def _html(entry: Entry, text: str) -> Iterator[Occurrence]:
    document = LexborHTMLParser(text)
    if document.root is None:
        return
    ordinals: Counter[tuple[str, str | None]] = Counter()
    several_forms = len(document.css("form")) > 1
    for node in document.root.traverse():
        yield from _node(entry, node, ordinals, text, several_forms)
    for script in document.css("script"):
        yield from _script(entry, script.text(deep=True) or "", text)
    yield from _labelled_texts(entry, document)


def _node(
    entry: Entry, node: LexborNode, ordinals: Counter[tuple[str, str | None]], text: str, several_forms: bool
) -> Iterator[Occurrence]:
    attributes = node.attributes
    name = attributes.get("name") or ""
    for attribute, content in attributes.items():
        if attribute in ("value", "content") and node.tag in ("input", "button", "meta", "option", "textarea"):
            kind: SourceKind = "meta" if node.tag == "meta" else _input_kind(node)
            selector = (_form_selector(node) if several_forms else "") + _own_selector(node)
            ordinals[selector, attribute] += 1
            if content:
                label = name or attributes.get("id") or attributes.get("property") or ""
                source = CssSource(selector=selector, attribute=attribute)
                yield _occurrence(entry, content, kind, source, label, ordinal=ordinals[selector, attribute])
        elif attribute in ("href", "action", "src", "formaction", "data-url", "data-href") and content:
            yield from _link(entry, content, text)
        elif attribute.startswith("data-") and content:
            selector = f"{node.tag}[{attribute}]"
            ordinals[selector, attribute] += 1
            source = CssSource(selector=selector, attribute=attribute)
            yield _occurrence(entry, content, "attribute", source, attribute[5:], ordinal=ordinals[selector, attribute])


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
    if re.fullmatch(r"[A-Za-z_][\w-]*", value):
        return value
    return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'


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


def _link(entry: Entry, url: str, text: str) -> Iterator[Occurrence]:
    """The parts of a link that stand in the text as they are (no character references between)."""
    for part in url_parts(url):
        if not (any(c.isdigit() for c in part.value) or is_token(part.value)):
            continue
        pattern = part.pattern
        if part.location == "path" and not part.context and pattern.startswith("/"):
            pattern = "[\"']" + literal_pattern(url[: part.start]) + pattern[1:]
        raw = url[part.start : part.end]
        for found in _by_pattern(entry, part.value, raw, pattern, text, "link", part.name, part.context):
            yield _as_sent(found, raw)


def _by_pattern(
    entry: Entry, value: str, raw: str, pattern: str, text: str, kind: SourceKind, name: str, context: str = ""
) -> Iterator[Occurrence]:
    """The occurrence of a value by a pattern on the text, if the pattern finds it there."""
    for position, match in enumerate(re.finditer(pattern, text), 1):
        if match[1] == raw:
            yield _occurrence(entry, value, kind, RegexSource(pattern=pattern), name, context, position)
            return


def _script(entry: Entry, script: str, text: str) -> Iterator[Occurrence]:
    for match in _SCRIPT_VALUE.finditer(script):
        value, quote = match["value"], match["quote"]
        before = script[match.start() : match.start("value")]
        pattern = literal_pattern(before) + f"([^{quote}\\\\\\n<>]+){quote}"
        yield from _by_pattern(entry, value, value, pattern, text, "script", match["name"])


def _quoted_tokens(entry: Entry, text: str) -> Iterator[Occurrence]:
    """Tokens in quotes of a script that was loaded, each anchored by what stands before it."""
    for match in islice(_QUOTED.finditer(text), MAX_OCCURRENCES):
        value = match[2]
        if is_token(value):
            before = text[max(0, match.start() - 16) : match.start(2)]
            pattern = literal_pattern(before.splitlines()[-1]) + f"([^{match[1]}\\\\\\n<>]+){match[1]}"
            yield from _by_pattern(entry, value, value, pattern, text, "script", "")


def _labelled_texts(entry: Entry, document: LexborHTMLParser) -> Iterator[Occurrence]:
    """Texts of elements whose id names a value (`<strong id="order-id">…`)."""
    for node in document.css("[id]"):
        identity = node.attributes.get("id") or ""
        if not (is_id_name(identity) and re.fullmatch(r"[A-Za-z_][\w-]*", identity)):
            continue
        content = " ".join((node.text(deep=True) or "").split())
        if content and len(content) <= 200 and " " not in content:
            yield _occurrence(entry, content, "text", CssSource(selector=f"#{identity}"), identity)
