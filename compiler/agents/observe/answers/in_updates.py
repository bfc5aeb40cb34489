"""Pieces of a page that a script puts into it: markup in CDATA sections of XML (JSF, Wicket), or in templates (Turbo streams)."""

from __future__ import annotations

import html
import re
from collections.abc import Callable

from loadwright.compiler.agents.observe.finder import Finder
from loadwright.compiler.agents.values import literal_pattern
from loadwright.compiler.plan.encodings import json_unescape
from loadwright.compiler.recording.model import RecordedResponse

_WRAPPING = re.compile(r"<!\[CDATA\[|\]\]>|</?template>")
_TAG = re.compile(r"<(?:input|button)\b[^<>]{0,20000}>", re.IGNORECASE)
_AREA = re.compile(r"(<textarea\b[^<>]{0,2000}>\r?\n?)([^<>]{1,20000})</textarea", re.IGNORECASE)
_ATTRIBUTE = re.compile(r"""\s([\w:-]{1,60})=(?:"([^"<>]*)"|'([^'<>]*)'|\\"([^"<>\\]*)\\")""")
"""An attribute, as a string of JSON has it too."""
_URL = re.compile(r"\s(?:href|action|src|formaction|data-url|data-href)=[\"']([^\"'<>\s]{1,4000})[\"']", re.IGNORECASE)
QUOTED_URL = re.compile(r"""["'`]((?:https?:/|\.{1,2})?/[^"'`\s<>\\]{1,1000})["'`]""")
"""A URL in an attribute of any name (`data-ping-url`, `hx-post`), or in a script of the page."""
_REDIRECT = re.compile(r"<redirect\s[^<>]{0,200}?\burl=[\"']([^\"'<>]{1,4000})[\"']")
"""Where a partial answer of JSF sends the browser, in place of a redirect of HTTP."""
_COMMAND = re.compile(r'\["redirect",\s?\[?"(\\?/[^"\s]{1,4000})"')
"""The same in a list of commands to a script: `[["redirect",["\\/berth.zul?id=25",""]]]` (ZK)."""
_STATUS = r'"status":?,?\s?30[12378]\b'
_TOLD = re.compile(
    rf'"type":\s?"redirect",\s?(?:{_STATUS},\s?)?"location":\s?"((?:/|https?:)[^"\s\\]{{0,4000}})"|'
    rf'"redirect",\s?"((?:/|https?:)[^"\s\\]{{0,4000}})",\s?{_STATUS}'
)
"""The same in a document for a script: `{"type":"redirect","status":303,"location":"/berths/4"}`, or as a flat list."""
_LEADS = re.compile(r"(?:^|-)(?:redirect(?:-(?:to|url|uri))?|location)$", re.IGNORECASE)
"""How a header is called by which an answer to a script sends the browser on (`HX-Redirect`, `X-Inertia-Location`)."""
_ADDRESS = re.compile(r"((?:/|https?:)[^\s;\"'<>\\]{0,4000})(?:;[a-z]{1,20})?")
"""An address, behind which a word may say how it is opened: `/berths/4;push`."""
Link = Callable[[Finder, str, str], None]


def has_updates(media_type: str, text: str) -> bool:
    """Whether an answer is XML that brings markup, or markup that is no page of its own."""
    if media_type.endswith("html"):
        return media_type != "text/html"
    return media_type.endswith("xml") and "xhtml" not in media_type and ("<![CDATA[" in text or "<input" in text)


def led_to(text: str | None) -> str:
    """The address to which an answer to a script sends the browser; empty where it sends it nowhere."""
    if text and '["redirect"' in text:
        command = _COMMAND.search(text)
        return json_unescape(command[1]) if command else ""
    if text and '"redirect",' in text and (told := _TOLD.search(text)):
        return told[1] or told[2]
    found = _REDIRECT.search(text) if text and "<redirect" in text else None
    return html.unescape(found[1]) if found else ""


def led_by(name: str, value: str) -> str:
    """The address to which a header, other than that of a redirect of HTTP, sends the browser; empty for any other header."""
    found = _ADDRESS.fullmatch(value) if _LEADS.search(name) and name.lower() != "location" else None
    return found[1] if found else ""


def led_by_answer(response: RecordedResponse) -> str:
    """The address to which an answer sends the browser, whatever says so; empty where none does."""
    by_header = next((led for name, value in response.headers if (led := led_by(name, value))), "")
    return response.redirect or by_header or led_to(response.text)


def as_page(text: str) -> str:
    """The answer with its markup laid open, as a page is read."""
    return _WRAPPING.sub("", text)


def observe_updates(finder: Finder, text: str, link: Link) -> None:
    """Offer the fields of forms and, by `link`, the parts of links; a pattern takes them, since for a selector they are text."""
    observe_fields(finder, text)
    for area in _AREA.finditer(text):
        found = {a[1].lower(): a for a in _ATTRIBUTE.finditer(area[1])}
        if "name" in found:
            pattern = f"<textarea[^<>]*{literal_pattern(found['name'].group())}[^<>]*>\\s*([^<]+)</textarea"
            _offer(finder, area[2], pattern, text, _content(found["name"]), False)
    seen: set[str] = set()
    for url in (*_URL.findall(text), *QUOTED_URL.findall(text)):
        if url not in seen and ("%" in url or finder.wanted.may_hold(url)):
            seen.add(url)
            link(finder, html.unescape(url), text)


def observe_fields(finder: Finder, text: str) -> None:
    """Offer the values of inputs and buttons, of markup in a string of JSON too."""
    for tag in _TAG.finditer(text):
        found = {a[1].lower(): a for a in _ATTRIBUTE.finditer(tag.group())}
        if "name" in found and "value" in found:
            _field(finder, found["name"], found["value"], text, _content(found.get("type")).lower() == "hidden")


def _content(attribute: re.Match[str] | None) -> str:
    return html.unescape(attribute[2] or attribute[3] or attribute[4] or "") if attribute else ""


def _field(finder: Finder, name: re.Match[str], value: re.Match[str], text: str, hidden: bool) -> None:
    """The value of an input, by its name, which stands before or behind it in the tag."""
    taken, named = f"\\svalue={_held(value)}", literal_pattern(name.group())
    pattern = f"{named}[^<>]*{taken}" if name.start() < value.start() else f"{taken}[^<>]*{named}"
    _offer(finder, value[2] or value[3] or value[4] or "", pattern, text, _content(name), hidden)


def _held(value: re.Match[str]) -> str:
    """The pattern of a value in the quotes that it stands in."""
    if value[4] is not None:
        return r'\\"([^"\\<>]*)\\"'
    quote = "'" if value[2] is None else '"'
    return f"{quote}([^{quote}<>]*){quote}"


def _offer(finder: Finder, raw: str, pattern: str, text: str, name: str, hidden: bool) -> None:
    content = html.unescape(raw)
    if content and (finder.deep or content in finder.wanted):
        decoder = "htmldecode" if raw != content else ""
        finder.by_pattern(content, raw, pattern, text, "hidden input" if hidden else "input", name, decoder=decoder)
