"""Passwords typed into components of a server's pages, which are sent by the component's id (Vaadin, ZK)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any

from loadwright.compiler.agents.observe.json_documents import json_document
from loadwright.compiler.agents.observe.sites import FORM, body_text, form_fields, is_asset
from loadwright.compiler.recording.kinds import body_type
from loadwright.compiler.recording.model import Entry

_FLOW = re.compile(r'"node":(\d{1,9}),"type":"put","key":"tag","feat":\d{1,2},"value":"vaadin-password-field"')
"""How Vaadin Flow tells a page that a node of its tree is an input for a password."""
_ZK = re.compile(r"""["']zul\.inp\.Textbox["'],\s?["'](\w{1,40})["'],\s?\{[^{}]{0,500}\btype:\s?["']password["']""")
"""How ZK mounts a text box for a password."""
_TYPE = re.compile(r'"com\.vaadin\.(?:v7\.)?ui\.PasswordField"\s?:\s?(\d{1,5})')
_CONNECTOR = re.compile(r'"(\d{1,9})"\s?:\s?"(\d{1,5})"')
"""A type of Vaadin 7 and 8, and which connector is of it."""
_MARKS = ("vaadin-password-field", "zul.inp.Textbox", ".PasswordField")
_ZK_ID, _ZK_DATA = "uuid_", "data_"
_VALUE = "value"
_MOST = 500


def component_secrets(entries: Sequence[Entry]) -> Iterator[tuple[Entry, str]]:
    """Each request with a password that was typed into a component which an answer before it made for one."""
    nodes: set[str] = set()
    for entry in entries:
        if nodes and entry.request.body:
            yield from ((entry, value) for value in _typed(entry, nodes) if value)
        text = "" if is_asset(entry) else entry.response.text or ""
        if any(mark in text for mark in _MARKS):
            plain = text.replace('\\"', '"')
            nodes.update(match[1] for match in (*_FLOW.finditer(plain), *_ZK.finditer(plain)))
            types = {match[1] for match in _TYPE.finditer(plain)}
            nodes.update(match[1] for match in (_CONNECTOR.finditer(plain) if types else ()) if match[2] in types)


def _typed(entry: Entry, nodes: set[str]) -> Iterator[str]:
    body = body_text(entry) or ""
    if body_type(entry.request) == FORM:
        fields = dict(form_fields(body) or ())
        for name, one in fields.items():
            if name.startswith(_ZK_ID) and one in nodes:
                sent = json_document(fields.get(_ZK_DATA + name.removeprefix(_ZK_ID), ""))
                value = sent.get(_VALUE) if isinstance(sent, dict) else None
                yield value if isinstance(value, str) else ""
    elif '"rpc"' in body:
        document = json_document(body)
        calls = document.get("rpc") if isinstance(document, dict) else None
        for call in calls[:_MOST] if isinstance(calls, list) else ():
            yield from _of_call(call, nodes)


def _of_call(call: Any, nodes: set[str]) -> Iterator[str]:
    """The value of Flow's synchronised property, and the texts of a connector's call (`["13", …, "setText", ["…", 9]]`)."""
    if isinstance(call, dict) and str(call.get("node")) in nodes and call.get("property") == _VALUE:
        yield from (one for one in (call.get(_VALUE),) if isinstance(one, str))
    if isinstance(call, list) and len(call) == 4 and str(call[0]) in nodes and isinstance(call[3], list):
        last = call[3][1] if len(call[3]) == 2 and isinstance(call[3][1], list) else call[3]
        yield from (one for one in last[:2] if isinstance(one, str) and len(one) > 1 and not one.isdigit())
