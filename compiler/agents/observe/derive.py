"""What stands inside a received value: decoded, cut out, a claim of a token, a digest. Only what a request wants."""

from __future__ import annotations

import base64
import binascii
import json
import re
from collections.abc import Iterator, Sequence

from loadwright.compiler.agents.observe.decodings import DEEPEST
from loadwright.compiler.agents.observe.digests import Digests
from loadwright.compiler.agents.observe.wanted import Wanted, is_short_key
from loadwright.compiler.agents.values import (
    JWT,
    UUID,
    is_exact_moment,
    is_jumble,
    is_token,
    may_hold_other_characters,
    may_identify,
)
from loadwright.compiler.plan.functions import FUNCTIONS

Step = tuple[str, ...]
"""A function and its further arguments, all literal."""
Chain = tuple[Step, ...]

_ENCODED = re.compile(r"[A-Za-z0-9+/_-]{8,}={0,2}")
_HEX = re.compile(r"(?:[0-9a-fA-F]{2}){8,}")
_MAY_ENCODE = re.compile(r"[I-Za-f][A-Za-z0-9+/_-]{3}[I-Za-f][A-Za-z0-9+/_-]{6,}|(?:[2-7][0-9a-fA-F]){8,}")
"""What an encoding of readable text may look like: base64 of it has certain letters in every fourth place."""
_DELIMITER = re.compile(r"[A-Za-z0-9]")
_PARAMETER = re.compile(r"[?&][\w.-]+=$")
"""The name of a parameter of a URL: what stands behind it is encoded, if not this time."""
_LISTED = re.compile(r"\}\s?,\s?\{")
_ALPHABETS = (("+/", "-_"), ("-_", "+/"))
_LINE_MARKS, _TOKENS_MARKS, _MOST_MARKS, _LONGEST_LINE = "|;\t", ":,.", 8, 400
"""A line of pieces, as plain answers are (`OK|48213|4f2a…|0`): the marks, those between tokens alone (`17:4f2a…:1`), how many
are counted, and its characters."""
_NAMED = re.compile(r"([A-Za-z_][\w-]{0,30})[\"']?\s*[=:/]\s*[\"']?$|([A-Za-z]{3,30}) is $")
"""The name before a value, also in a sentence: `Your code is 4711`."""
_RUN = re.compile(r"[A-Za-z0-9+/_%.-]{8,}={0,2}")
"""What may be an encoding of something, in a longer text."""
_ORIGIN = re.compile(r"https?://[^/?#\s]+/")
_LONGEST_TEXT = 4000
_SHORTEST = 16
"""Characters of base64 that a chance does not make of another value."""
_LONGEST = 200_000


def evaluate(chain: Chain, value: str) -> str:
    """What a chain makes of a value."""
    for name, *arguments in chain:
        function = FUNCTIONS[name].evaluate
        value = function(value, *arguments) if function else value
    return value


def derive(
    value: str, wanted: Wanted, cut: Sequence[str] | None, digests: Digests | None, depth: int = 0
) -> Iterator[tuple[str, Chain, str]]:
    """Each wanted value inside another one, the functions that take it out, and what it is called there.

    `cut` are the wanted values that may stand in the value as they are (None: any), `digests` those that may be digests of it.
    """
    if not 4 <= len(value) <= _LONGEST:
        return
    if depth == 0:
        yield from _made_of(value, wanted, digests)
    if cut is None or any(found in value for found in cut):
        yield from _cut_out(value, wanted)
    if depth == 0 and len(value) <= _LONGEST_TEXT:
        yield from _cut_out_and_decoded(value, wanted)
    if depth >= DEEPEST + ("%" in value) or (depth == 0 and not _may_encode(value)):
        return
    if JWT.fullmatch(value):
        yield from _claims(value, wanted)
        return
    for step, text in _decoded(value):
        if text in wanted:
            yield text, (step,), ""
        for digest, made in digests.of(text) if digests else ():
            yield digest, (step, made), ""
        for found, chain, name in derive(text, wanted, None, None, depth + 1):
            yield found, (step, *chain), name


def _made_of(value: str, wanted: Wanted, digests: Digests | None) -> Iterator[tuple[str, Chain, str]]:
    """A digest of the value, or the value in another case or, of a UUID, without hyphens."""
    if UUID.fullmatch(value) and (text := value.replace("-", "")) in wanted:
        yield text, (("replace", "-", ""),), ""
    if value not in wanted and value.lower() in wanted.folded and is_token(value):
        for name in ("upper", "lower"):
            if (text := evaluate(((name,),), value)) in wanted and text != value:
                yield text, ((name,),), ""
    yield from _in_the_other_alphabet(value, wanted)
    for text, step in digests.of(value) if digests else ():
        yield text, (step,), ""


def _in_the_other_alphabet(value: str, wanted: Wanted) -> Iterator[tuple[str, Chain, str]]:
    """Base64 as scripts put it into a URL (`-` for `+`, `_` for `/`, no `=`), and such a text as it was before."""
    if len(value) < _SHORTEST or value.isalnum() or _ENCODED.fullmatch(value) is None:
        return
    for one, other in _ALPHABETS:
        text = value.translate(str.maketrans(one, other))
        chain: Chain = tuple(("replace", a, b) for a, b in zip(one, other, strict=True))
        for told, steps in ((text, chain), (text.rstrip("="), (*chain, ("replace", "=", "")))):
            if told != value and told in wanted and is_token(value):
                yield told, steps, ""
                return


def _may_encode(value: str) -> bool:
    return "%" in value or "&" in value or "\\" in value or _MAY_ENCODE.match(value) is not None


def _decoded(value: str) -> Iterator[tuple[Step, str]]:
    if "%" in value and (text := evaluate((("urldecode",),), value)) != value:
        yield ("urldecode",), text
    if "&" in value and ";" in value and (text := evaluate((("htmldecode",),), value)) != value:
        yield ("htmldecode",), text
    if "\\" in value and (text := evaluate((("jsonunescape",),), value)) != value:
        yield ("jsonunescape",), text
    if _HEX.fullmatch(value) and (text := evaluate((("hexdecode",),), value)).isprintable() and text:
        yield ("hexdecode",), text
    if _ENCODED.fullmatch(value) and _is_text(value):
        text = evaluate((("base64decode",),), value)
        if text:
            yield ("base64decode",), text


def _is_text(value: str) -> bool:
    """Whether the start of a base64 value is readable."""
    try:
        head = base64.b64decode(
            value[:16].replace("-", "+").replace("_", "/").rstrip("=") + "==="[: -len(value[:16].rstrip("=")) % 4]
        )
    except (binascii.Error, ValueError):
        return False
    return all(byte >= 0x20 or byte in (9, 10, 13) for byte in head) and bool(head)


def _claims(value: str, wanted: Wanted) -> Iterator[tuple[str, Chain, str]]:
    body = value.split(".")[1]
    try:
        claims = json.loads(base64.urlsafe_b64decode(body + "=" * (-len(body) % 4)))
    except (ValueError, binascii.Error):
        return
    for name, claim in claims.items() if isinstance(claims, dict) else ():
        text = claim if isinstance(claim, str) else str(claim) if isinstance(claim, int) and not isinstance(claim, bool) else ""
        step = ("jwt_claim", str(name))
        if text in wanted and evaluate((step,), value) == text:
            yield text, (step,), str(name)


def _cut_out(value: str, wanted: Wanted) -> Iterator[tuple[str, Chain, str]]:
    """Wanted values between separators, each with what is before and behind it where that tells it apart."""
    if UUID.fullmatch(value):
        return
    for found in sorted(wanted.present(value), key=lambda v: (-len(v), v)):
        is_telling = is_token(found) or (found.isdigit() and len(found) >= 3) or is_exact_moment(found) or is_short_key(found)
        if found == value or not (is_telling or _is_member(value, found)):
            continue
        start = value.find(found)
        while start >= 0 and not _stands_alone(value, start, start + len(found)):
            start = value.find(found, start + 1)
        chain = (_around(value, start, start + len(found)) or _counted(value, start, start + len(found))) if start >= 0 else ()
        if chain:
            may_be_encoded = may_hold_other_characters(found) and _PARAMETER.search(value, max(0, start - 80), start)
            yield found, (*chain, ("urldecode",)) if may_be_encoded else chain, _label(value[max(0, start - 80) : start])


def _cut_out_and_decoded(value: str, wanted: Wanted) -> Iterator[tuple[str, Chain, str]]:
    """Wanted values of which a piece between separators is an encoding: `{"ref": "NzA0MjU0…"}` in a text."""
    for run in encoded_runs(value, wanted):
        inner = list(derive(run.group(), wanted, (), None))
        around = inner and (_around(value, *run.span()) or _counted(value, *run.span()))
        if around:
            for found, chain, name in inner:
                yield found, (*around, *chain), name or _label(value[max(0, run.start() - 80) : run.start()])


def encoded_runs(text: str, wanted: Wanted, digests: Digests | None = None) -> Iterator[re.Match[str]]:
    """The runs of characters in a text that may be a wanted value in another form, or have one of the digests."""
    for run in _RUN.finditer(text):
        written = run.group()
        if written != text and (digests or _may_encode(written) or written[:3] == "eyJ" or written.lower() in wanted.folded):
            yield run


def _is_member(text: str, found: str) -> bool:
    """Whether a short value is all of a member of JSON, which tells its name: `data-page='{"folder_key":"sGBXzQWL"}'`."""
    if not (text[:1] in "{[" and len(text) > len(found) and may_identify(found)):
        return False
    is_number = found.isdigit() and re.search(rf'":\s?{found}\s?[,}}\]]', text) is not None
    return is_number or any(f':{space}"{found}"' in text for space in ("", " "))


def _stands_alone(text: str, start: int, end: int) -> bool:
    before, after = text[start - 1 : start], text[end : end + 1]
    return not _DELIMITER.fullmatch(before) and not _DELIMITER.fullmatch(after)


def _around(text: str, start: int, end: int) -> Chain:
    """`after` and `before` with the shortest texts that cut the value out; none where only another value would do."""
    chain: list[Step] = []
    if (origin := _ORIGIN.match(text)) and origin.end() == start:
        chain += [("after", "//"), ("after", "/")]  # the host is another one where the application runs elsewhere
    elif start:
        left = next((text[n:start] for n in range(start - 1, max(-1, start - 41), -1) if text.find(text[n:start]) == n), "")
        if not left or any(is_token(word) for word in re.findall(r"[\w-]+", left)) or _begins_in_a_number(text, start - len(left)):
            return ()
        left = _wider(text, start, left)
        if _is_of_a_list(text, left):
            return ()
        chain.append(("after", left))
    if end < len(text):
        rest = text[start:]
        right = next((rest[end - start : n] for n in range(end - start + 1, end - start + 41) if _first(rest, end - start, n)), "")
        if not right:
            return ()
        chain.append(("before", right))
    return tuple(chain) if evaluate(tuple(chain), text) == text[start:end] else ()


def _counted(text: str, start: int, end: int) -> Chain:
    """The place of a value in a short line of pieces with one mark between them, where what is before it is dynamic too."""
    mark = text[start - 1 : start]
    is_mark = mark in _LINE_MARKS or (mark in _TOKENS_MARKS and mark not in text[start:end] and is_token(text[start:end]))
    count = text.count(mark, 0, start) if mark and is_mark else 0
    if not 0 < count <= _MOST_MARKS or len(text) > _LONGEST_LINE or "\n" in text or text[end : end + 1] not in ("", mark):
        return ()
    chain: Chain = (("after", mark),) * count + ((("before", mark),) if end < len(text) else ())
    return chain if evaluate(chain, text) == text[start:end] else ()


def _is_of_a_list(text: str, left: str) -> bool:
    """Whether a text leads to a member of each object of a list: the first one is one of several, and not known by it."""
    return left.endswith(('"', ":")) and text.count(left) > 1 and _LISTED.search(text) is not None


def _begins_in_a_number(text: str, at: int) -> bool:
    """Whether a place is inside of digits, or between a letter and digits: of what another session has otherwise."""
    return at > 0 and text[at].isalnum() and text[at - 1].isalnum() and (text[at].isdigit() or text[at - 1].isdigit())


def _wider(text: str, start: int, left: str) -> str:
    """The left text with the whole name that it ends in (`t": "` is called `t`), which tells more than a quote."""
    name = re.search(r"(?<!\w)[^\w\s]?[A-Za-z_][A-Za-z_.-]{0,30}[^\w\s]?\s*[^\w\s]\s*[\"']?$", text[max(0, start - 44) : start])
    if name and text[start - 1] == "-" and name.start() == 0 and start < len(text) and start <= 44:
        return left  # `INV-48213`: what stands before the number of a paper may be of another kind the next time
    if name and any(map(is_jumble, re.findall(r"\w+", name.group()))):
        return left  # no name: a random piece before the value
    return name.group() if name and len(name.group()) > len(left) and text.find(name.group()) == start - len(name.group()) else left


def _first(rest: str, at: int, until: int) -> bool:
    return until <= len(rest) and rest.find(rest[at:until]) == at


def _label(before: str) -> str:
    match = _NAMED.search(before)
    return match[match.lastindex or 1] if match else ""
