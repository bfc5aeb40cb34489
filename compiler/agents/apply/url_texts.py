"""The text of a URL part with values put in, encoded as it was recorded: by RFC 3986, as a form, or as a script chose."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence

from msgspec import Struct
from msgspec.structs import replace

from loadwright.compiler.agents.decisions import Slice, cut_out
from loadwright.compiler.agents.values import may_hold_other_characters
from loadwright.compiler.plan.functions import form_encode, url_encode
from loadwright.compiler.plan.template import Call, Part, Reference, Template, Text, call, map_text, template

_ENCODERS: tuple[tuple[str | None, Callable[[str], str]], ...] = (
    (None, str),
    ("urlencode", url_encode),
    ("formencode", form_encode),
)
_ESCAPES_OR_CHARACTER = re.compile(r"(?:%[0-9A-Fa-f]{2})+|.", re.DOTALL)
_MOST_DIFFERENCES = 6
"""So many characters may be written otherwise than the language's functions do; more would hide what is sent."""


class Spelling(Struct, frozen=True):
    """An encoding of URLs that the language can write: a function, and the characters that are written otherwise."""

    function: str
    differences: tuple[tuple[str, str], ...]
    """What the function writes, and what was recorded in its place."""

    def text(self, value: str) -> str:
        """A value in this encoding."""
        made = url_encode(value) if self.function == "urlencode" else form_encode(value)
        for usual, recorded in self.differences:
            made = made.replace(usual, recorded)
        return made

    def part(self, inner: Part) -> Part:
        """What writes a value in this encoding at run time."""
        made: Part = call(self.function, inner)
        for usual, recorded in self.differences:
            made = call("replace", made, usual, recorded)
        return made


def encoded(raw: str, value: str, slices: Sequence[Slice]) -> tuple[Template, list[Slice]]:
    """The raw text of a URL part with its slices replaced, in the encoding that gives the raw text back.

    Behind it the slices that no encoding of the language gives back: what they stand for stays as it was recorded.
    """
    if len(slices) == 1 and slices[0].raw == raw and isinstance(slices[0].part, Call):
        return slices[0].part.arguments[0], []
    if raw == value and any(cut.encode for cut in slices):
        slices = [replace(cut, part=call("urlencode", cut.part)) if cut.encode and _is_plain(value, cut) else cut for cut in slices]
    if raw == value and any(cut.encode and _is_base64_with_slashes(value, cut) for cut in slices):
        return _patched(raw, value, slices)
    shape = cut_out(value, slices)
    for name, encode in _ENCODERS:
        if encode(value) == raw:
            return map_text(shape, encode, name), []
    return _patched(raw, value, slices)


def opened(slices: Sequence[Slice], value: str, variables: Mapping[str, Template]) -> list[Slice]:
    """Slices in whose place stand what their variables are made of: `${unique}` for `q`, which is `(name:'Pump ${unique}')`."""
    found: list[Slice] = []
    for cut in slices:
        made = variables.get(cut.part.name) if isinstance(cut.part, Reference) else None
        inner = list(_inside(made, value[cut.start : cut.end])) if made else []
        found += [Slice(one.start + cut.start, one.end + cut.start, one.part) for one in inner] or [cut]
    return found


def _inside(made: Template, text: str) -> Iterator[Slice]:
    """The parts of a variable's value that are no text, with their places in what was recorded of it."""
    if not any(isinstance(part, Text) for part in made.parts):
        return
    pattern = "".join(re.escape(part.value) if isinstance(part, Text) else "(.*?)" for part in made.parts)
    match = re.fullmatch(pattern, text, re.DOTALL)
    others = [part for part in made.parts if not isinstance(part, Text)]
    for number, part in enumerate(others, 1):
        if match:
            yield Slice(match.start(number), match.end(number), part)


def _is_plain(value: str, cut: Slice) -> bool:
    """Whether what was recorded needs no encoding; what a script sends unencoded though it does stays so (`!(4,3)`)."""
    return url_encode(value[cut.start : cut.end]) == value[cut.start : cut.end]


def _is_base64_with_slashes(value: str, cut: Slice) -> bool:
    """Whether a script left the slashes of base64 as they are, as a query may have them, though not the plus of another session."""
    return not _is_plain(value, cut) and may_hold_other_characters(value[cut.start : cut.end])


def _patched(raw: str, value: str, slices: Sequence[Slice]) -> tuple[Template, list[Slice]]:
    """A raw text in another encoding: each slice is replaced where it stands encoded, the rest is left as it is."""
    written = _characters(raw, value)
    if written is None:
        return template(raw), list(slices)
    parts: list[str | Template] = []
    left: list[Slice] = []
    position = 0
    for cut in slices:
        if cut.start < position:
            continue
        text, here = value[cut.start : cut.end], written[cut.start : cut.end]
        spelling = _spelling(text, here, " " in value and "+" in raw)
        if spelling is None:
            left.append(cut)
            continue
        plain = "".join(here) == text and not cut.encode
        parts += ["".join(written[position : cut.start]), template(cut.part if plain else spelling.part(cut.part))]
        position = cut.end
    return template(*parts, "".join(written[position:])), left


def _characters(raw: str, value: str) -> list[str] | None:
    """How each character of a value is written in a URL; None where the raw text is no encoding of it."""
    written = [one for found in _ESCAPES_OR_CHARACTER.finditer(raw) for one in _each(found.group())]
    return written if len(written) == len(value) else None


def _each(escapes: str) -> Iterator[str]:
    """The escapes of each character in a run of them; a character that is not escaped by itself."""
    if not escapes.startswith("%"):
        yield escapes
        return
    text = bytes.fromhex(escapes.replace("%", "")).decode("utf-8", "replace")
    position = 0
    for character in text:
        end = position + 3 * len(character.encode())
        yield escapes[position:end]
        position = end


def _spelling(text: str, written: Sequence[str], spaces_are_plus: bool) -> Spelling | None:
    """The encoding in which a text is written; None if the language has none that gives it back."""
    function = "formencode" if spaces_are_plus else "urlencode"
    encode = form_encode if spaces_are_plus else url_encode
    differences = {encode(c): one for c, one in zip(text, written, strict=True) if encode(c) != one}
    found = Spelling(function, tuple(sorted(differences.items())))
    readable = len(differences) <= _MOST_DIFFERENCES and not any(map(str.isalnum, differences))  # digits are in escapes too
    return found if readable and found.text(text) == "".join(written) else None
