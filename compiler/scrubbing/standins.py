"""Stand-ins: for each sensitive value another one of the same form, the same for the same seed."""

from __future__ import annotations

import hmac
import json
import random
import re
from collections.abc import Callable, Collection, Mapping

from loadwright.compiler.agents.observe.decodings import decodings
from loadwright.compiler.agents.observe.fragments import fragments
from loadwright.compiler.agents.secret_names import has_form_of_key, is_card_number
from loadwright.compiler.agents.values import JWT, is_token, kind_of, may_hold_other_characters, may_identify
from loadwright.compiler.plan.functions import FUNCTIONS
from loadwright.compiler.recording.urls import path_template
from loadwright.compiler.scrubbing.credentials import Kind
from loadwright.compiler.scrubbing.scramble import scramble
from loadwright.compiler.scrubbing.sensitive import EMAIL

_TRIES, _LOOSE_TRIES = 120, 60
_MEMBER = re.compile(r'(:\s*")([^"\\]+)(?=")')
_DIGESTS = tuple((a, *f) for a in ("md5", "sha1", "sha256") for f in ((), ("base64",), ("base64url",)))
_DIGEST_LENGTHS = frozenset((22, 24, 27, 28, 32, 40, 43, 44, 64))
_CHECKED = 2_000
"""Characters up to which a stand-in's parts are held against those of the value."""

Rewrite = Callable[[str, int], str]
"""A text, and the length that a value must stay under, to the text with those values replaced that are shorter."""
Spans = Callable[[str, int], list[tuple[int, int]]]
"""The same, to the places where those values stand."""


class StandIns:
    """Makes the stand-in of each value when it is first asked for; a value made of another one follows it."""

    def __init__(self, kinds: Mapping[str, Kind], seed: str, rewrite: Rewrite, spans: Spans) -> None:
        self.kinds, self.rewrite, self.spans = kinds, rewrite, spans
        self._key = seed.encode("utf-8", "surrogatepass")
        self._made: dict[str, str] = {}
        self._taken: set[str] = set(kinds)
        self._derived = _derivations(kinds)

    def __call__(self, value: str) -> str:
        """The stand-in of a value."""
        if value not in self._made:
            made = self._make(value)
            self._taken.add(made)
            self._made[value] = made
        return self._made[value]

    def _make(self, value: str) -> str:
        if value in self._derived:
            base, function, arguments = self._derived[value]
            return _apply(function, self(base), *arguments)
        if JWT.fullmatch(value):
            return self._jwt(value)
        if (encoded := self._encoded(value)) is not None:
            return encoded
        best = value
        for attempt in range(_TRIES):
            drawn = random.Random(hmac.digest(self._key, f"{attempt}\0{value}".encode("utf-8", "surrogatepass"), "sha256"))
            made = self._draw(value, drawn, attempt < _LOOSE_TRIES)
            if made == value or made in self._taken:
                continue
            if best == value:
                best = made
            if _alike(value, made):
                return made
        return best

    def _draw(self, value: str, drawn: random.Random, loose: bool) -> str:
        if self.kinds.get(value) == "e-mail address" or (EMAIL.fullmatch(value) and len(value) < 200):
            user, _, domain = value.rpartition("@")
            return f"{scramble(user, drawn)}@{self._domain(domain)}"
        made = scramble(value, drawn, loose and self.kinds.get(value) == "password" and not value.isdigit())
        rewritten = self.rewrite(value, len(value))
        if len(rewritten) != len(value):
            return rewritten
        # what stands in it keeps its own stand-in, the rest is drawn
        for start, end in self.spans(value, len(value)):
            made = made[:start] + rewritten[start:end] + made[end:]
        return made

    def _domain(self, domain: str) -> str:
        """Another domain of the same length, of those that are never given to anyone (RFC 2606), where that is long enough."""
        drawn = random.Random(hmac.digest(self._key, f"domain\0{domain.lower()}".encode(), "sha256"))
        if domain.lower().endswith(("example.com", "example.org", "example.net", ".test", ".example", ".invalid")):
            return domain
        head = len(domain) - len(".test")
        return scramble(("ba" * head)[:head], drawn) + ".test" if head >= 1 else scramble(domain, drawn)

    def _jwt(self, value: str) -> str:
        head, body, signature = value.split(".")
        text = _apply("base64decode", body)
        drawn = random.Random(hmac.digest(self._key, value.encode(), "sha256"))
        claims = self.rewrite(text, len(value))
        return ".".join((head, _apply("base64url", claims) if text else scramble(body, drawn), scramble(signature, drawn)))

    def _encoded(self, value: str) -> str | None:
        """Of a value that encodes a readable text: the same encoding of that text, with what is sensitive in it replaced.

        Characters that were drawn decode to a text by chance; another text has to look as drawn.
        """
        for encoder, text in () if is_card_number(value) else decodings(value):
            rewritten = self.rewrite(text, len(value))
            if rewritten != text:
                return _apply(encoder, rewritten)
            drawn = random.Random(hmac.digest(self._key, value.encode(), "sha256"))
            made = _apply(encoder, _scrambled_json(text, text, drawn) if text[:1] in "{[" else scramble(text, drawn))
            if made != value and _alike(value, made):
                return made
        return None


def _scrambled_json(rewritten: str, original: str, drawn: random.Random) -> str:
    """A JSON text with its texts replaced: those that the rewriting left as they were too, if it left all of them."""
    if rewritten != original:
        return rewritten
    try:
        json.loads(original)
    except (ValueError, RecursionError):
        return scramble(original, drawn)
    return _MEMBER.sub(lambda m: m[1] + scramble(m[2], drawn), original)


def _alike(value: str, made: str) -> bool:
    """Whether an import sees the same in both: the same kind, the same parts, the same name of a path."""
    same = is_token(value) == is_token(made) and kind_of(value) == kind_of(made) and len(value) == len(made)
    same &= may_hold_other_characters(value) == may_hold_other_characters(made) and may_identify(value) == may_identify(made)
    if not same or is_card_number(value) != is_card_number(made) or has_form_of_key("", value) != has_form_of_key("", made):
        return False
    if len(value) > _CHECKED:
        return True
    if path_template(f"/{value}").count("{id}") != path_template(f"/{made}").count("{id}"):
        return False
    if [name for name, _ in decodings(value)] != [name for name, _ in decodings(made)]:
        return False
    return [(f.start, f.end, f.encoder) for f in fragments(value)] == [(f.start, f.end, f.encoder) for f in fragments(made)]


def _derivations(values: Collection[str]) -> dict[str, tuple[str, str, tuple[str, ...]]]:
    """For each value that is a digest of another one, or the other one in another case: of which, and how."""
    found: dict[str, tuple[str, str, tuple[str, ...]]] = {}
    digests = any(len(v) in _DIGEST_LENGTHS for v in values)
    for value in sorted(values, key=lambda v: (len(v), v)):
        if len(value) > 5000:
            continue
        for function in ("lower", "upper"):
            other = _apply(function, value)
            if other != value and other in values and value not in found:
                found.setdefault(other, (value, function, ()))
        for name, *arguments in _DIGESTS if digests and len(value) >= 8 else ():
            other = _apply(name, value, *arguments)
            if other in values and other != value:
                found.setdefault(other, (value, name, tuple(arguments)))
    return found


def _apply(function: str, value: str, *arguments: str) -> str:
    evaluate = FUNCTIONS[function].evaluate
    return evaluate(value, *arguments) if evaluate else value
