"""Values that a public convention names: they are the session's, whatever they look like."""

from __future__ import annotations

import re

from loadwright.compiler.agents.facts import Occurrence, Site
from loadwright.compiler.agents.names import is_state
from loadwright.compiler.recording.calls import number_sent
from loadwright.compiler.recording.model import Entry

_SELECTED = re.compile(r"_(?:selection|instantSelectedRowKey|instantUnselectedRowKey)$")
"""How PrimeFaces calls what it sends of a row that the user selects."""

_FLOW = re.compile(r"e\d{1,6}s\d{1,6}")
"""How Spring Web Flow calls an execution of a flow and where it has got to."""

_CODE = re.compile(r"\d{4,8}")
_CALLED_A_CODE = re.compile(
    r"(?:[a-z]{1,20}[_-])?t?otp|(?:[a-z]{1,20}[_-]?)?passcode|(?:one[_-]?time|verification|confirmation|security|auth|mfa|2fa|sms|email)[_-]?code",
    re.IGNORECASE,
)


def said_by_protocol(site: Site, occurrence: Occurrence, changed: bool | None) -> bool | None:
    """Whether a convention makes an occurrence the source of a site's value; None where none speaks of it.

    What a second recording shows to be constant is not taken, but for the execution of a flow, which two sessions may count alike.
    """
    if _is_of_a_flow(site, occurrence):
        return True
    if _is_one_time_code(site, occurrence):
        return changed is not False
    return changed is not False if _is_by_protocol(site, occurrence) else None


def _is_by_protocol(site: Site, occurrence: Occurrence) -> bool:
    """Whether a page gave a value under the name by which a protocol sends it back: its state, or the key of a row by its text."""
    if occurrence.kind == "hidden input":
        return occurrence.name == site.name and is_state(site.name)
    is_key = occurrence.kind == "row" and occurrence.name == "rk"  # `<tr data-rk="4118">`
    return is_key and site.location == "form" and _SELECTED.search(site.name) is not None


def _is_of_a_flow(site: Site, occurrence: Occurrence) -> bool:
    """Whether both are the execution of a flow, in an address or as the state of a page."""
    is_given = occurrence.kind in ("hidden input", "link", "redirect part")
    is_named = site.name == occurrence.name and (site.name == "execution" or is_state(site.name))
    return is_given and is_named and _FLOW.fullmatch(occurrence.value) is not None


def _is_one_time_code(site: Site, occurrence: Occurrence) -> bool:
    """Whether both are called a code that is sent to a user to be typed once: `code` after `"otp": "166493"`."""
    names = (site.name, occurrence.name)
    if not _CODE.fullmatch(occurrence.value) or occurrence.kind not in ("json", "hidden input", "xml"):
        return False
    return all(name == "code" or _CALLED_A_CODE.fullmatch(name) for name in names) and names != ("code", "code")


def counts_calls(site: Site, entry: Entry) -> bool:
    """Whether the client numbers its calls by it, in JSON-RPC or on a WebSocket: its own count, whatever answers repeat it."""
    if site.location == "json" and site.key == "/id" and site.is_number and not entry.messages:
        return number_sent(entry.request.body or b"", entry.response.text or "") == site.value
    return any(message.counted and site.key == f"/{message.counted}" for message in entry.messages)
