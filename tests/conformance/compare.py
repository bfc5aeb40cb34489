"""Compares what the server received with what a case expects."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from email.parser import BytesParser
from email.policy import HTTP

from conformance.case import Case, Part, Pattern, Wire
from conformance.server import Received, fill

from loadwright.compiler.plan.functions import form_encode

_LONG = 80
_ALWAYS = ("content-type", "cookie")


def differences(case: Case, received: Sequence[Received], urls: Sequence[str]) -> list[str]:
    """Every difference, in words; empty when the log is as expected."""
    expected, log = list(case.expected), list(received)
    if case.spread:
        return _counts(case, log)
    if case.unordered:
        expected.sort(key=lambda wire: (str(wire.target), str(wire.body)))
        log.sort(key=lambda item: (item.target, str(item.body)))
    found = []
    if len(expected) != len(log):
        lines = "".join(f"\n    {item.method} {_target(case, item)}" for item in log)
        found.append(f"expected {len(expected)} requests, received {len(log)}:{lines}")
    for index, (wire, item) in enumerate(zip(expected, log, strict=False)):
        place = f"request {index} ({wire.method} {wire.target})"
        found += [f"{place}: {difference}" for difference in _request(case, wire, item, urls)]
    return found


def _counts(case: Case, log: Sequence[Received]) -> list[str]:
    wanted = Counter((wire.method, str(wire.target)) for wire in case.expected)
    found = Counter((item.method, _target(case, item)) for item in log)
    return [
        f"{' '.join(key)}: expected {wanted[key]}, received {found[key]}"
        for key in sorted(wanted | found)
        if key not in wanted or abs(wanted[key] - found[key]) > case.spread
    ]


def _target(case: Case, item: Received) -> str:
    return item.target.removeprefix(f"/{case.name}")


def _request(case: Case, wire: Wire, item: Received, urls: Sequence[str]) -> list[str]:
    wanted = {**dict.fromkeys(_ALWAYS), **{name.lower(): value for name, value in wire.headers.items()}}
    pairs: list[tuple[str, object, object]] = [
        ("method", wire.method, item.method),
        ("target", wire.target, _target(case, item)),
        ("port", wire.port, item.port),
    ]
    pairs += [(name, _in_order(name, _fill(value, urls)), _in_order(name, item.header(name))) for name, value in wanted.items()]
    if isinstance(wire.body, tuple):
        pairs.append(("parts", wire.body, _parts(item, wire.body)))
    else:
        pairs.append(("body", _fill_body(wire.body, urls), item.body))
    return [f"{what}: {_difference(e, g)}" for what, e, g in pairs if not _matches(e, g)]


def _difference(expected: object, got: object) -> str:
    """Both values; of long bytes the surroundings of the first difference, of parts those that differ."""
    if isinstance(expected, bytes) and isinstance(got, bytes) and len(expected) > _LONG:
        at = next((i for i, (e, g) in enumerate(zip(expected, got, strict=False)) if e != g), min(len(expected), len(got)))
        around = slice(max(at - 20, 0), at + 20)
        return f"at byte {at} expected {expected[around]!r}, got {got[around]!r} ({len(expected)} and {len(got)} bytes)"
    if isinstance(expected, tuple) and isinstance(got, tuple):
        pairs = enumerate(zip(expected, got, strict=False))
        parts = [f"{i}: {_part_difference(e, g)}" for i, (e, g) in pairs if e != g]
        return "; ".join([f"{len(expected)} expected, {len(got)} got", *parts])
    return f"expected {expected!r}, got {got!r}"


def _part_difference(expected: Part, got: Part) -> str:
    names = ("name", "filename", "media_type", "data")
    pairs = [(name, getattr(expected, name), getattr(got, name)) for name in names]
    return ", ".join(f"{name} {_difference(e, g)}" for name, e, g in pairs if e != g)


def _matches(expected: object, got: object) -> bool:
    if isinstance(expected, re.Pattern):
        text = got.decode("latin-1") if isinstance(got, bytes) else got
        return isinstance(text, str) and expected.fullmatch(text) is not None
    if callable(expected):
        return isinstance(got, str) and bool(expected(got))
    return expected == got


def _fill(value: object, urls: Sequence[str]) -> object:
    return fill(value, urls) if isinstance(value, str) else value


def _fill_body(body: bytes | Pattern, urls: Sequence[str]) -> bytes | Pattern:
    return body.replace(b"%7Bself%7D", form_encode(urls[0]).encode()) if isinstance(body, bytes) else body


def _in_order(name: str, value: object) -> object:
    """Cookies in alphabetical order: their order in the header says nothing (RFC 6265 section 4.2.2)."""
    return sorted(value.split("; ")) if name == "cookie" and isinstance(value, str) else value


def _parts(item: Received, expected: Sequence[Part]) -> tuple[Part, ...] | str:
    head = f"Content-Type: {item.header('content-type')}\r\n\r\n".encode("latin-1")
    message = BytesParser(policy=HTTP).parsebytes(head + item.body)
    if not message.is_multipart():
        return f"no multipart body: {item.body[:200]!r}"
    parts = []
    for index, part in enumerate(message.iter_parts()):
        looked_at = index < len(expected) and expected[index].media_type is not None
        name, payload = _part(item, index)
        parts.append(Part(name, payload, part.get_filename(), part.get_content_type() if looked_at else None))
    return tuple(parts)


def _part(item: Received, index: int) -> tuple[str, bytes]:
    """The name of a part, and its bytes: between the empty line after its head and the line end before the next boundary."""
    boundary = re.search(r'boundary="?([^";]+)', item.header("content-type") or "")
    assert boundary
    part = item.body.split(b"--" + boundary[1].encode())[index + 1]
    head, _, rest = part.partition(b"\r\n\r\n")
    named = re.search(rb'; name="([^"]*)"', head)
    return named[1].decode() if named else "", rest.removesuffix(b"\r\n")
