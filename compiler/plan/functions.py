"""The standard library: what each function means, on every runtime."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from msgspec import Struct, field

from loadwright.compiler.plan import decimals, digests, lists, random, texts
from loadwright.compiler.plan.arguments import ArgumentError
from loadwright.compiler.plan.encodings import (
    base64_decode,
    base64_encode,
    base64url,
    form_decode,
    form_encode,
    hex_decode,
    hex_encode,
    html_decode,
    html_encode,
    json_escape,
    json_unescape,
    url_decode,
    url_encode,
)
from loadwright.compiler.plan.template import Call

__all__ = ["FUNCTIONS", "ArgumentError", "Function", "form_encode", "json_escape", "may_fail", "url_encode"]


class Function(Struct, frozen=True):
    """A function of the language; `evaluate` is None where the value is made at run time (it is never the same twice)."""

    name: str
    parameters: tuple[str, ...]
    optional: int
    """How many parameters, counted from the last, may be left out."""
    summary: str
    evaluate: Callable[..., str] | None = None
    draw: Callable[..., str] | None = None
    """The meaning of a function that draws random numbers: it takes the iteration's generator, then the arguments."""
    piped: bool = False
    """Whether it is written after `|`: it makes another text of its first argument."""
    variadic: bool = False
    """Whether its last parameter may be given any number of times, once at least."""
    choices: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """The words that a parameter takes; the argument is literal."""
    fixed: tuple[str, ...] = ()
    """Other parameters whose argument must be literal."""
    numbers: tuple[str, ...] = ()
    """The parameters that take a number."""

    @property
    def pure(self) -> bool:
        """Whether the same arguments always give the same text."""
        return self.evaluate is not None

    def parameter(self, index: int) -> str:
        """The parameter that an argument is for."""
        return self.parameters[min(index, len(self.parameters) - 1)]


def may_fail(part: Call) -> bool:
    """Whether a call, or one in its arguments, can meet an argument at run time that it cannot work with."""
    function = FUNCTIONS[part.function]
    literals = [argument.literal for argument in part.arguments]
    unknown = any(text is None and function.parameter(index) in function.numbers for index, text in enumerate(literals))
    return unknown or (bool(function.numbers) and not _works(function, literals)) or any(map(may_fail, _inner(part)))


def _works(function: Function, literals: Sequence[str | None]) -> bool:
    """Whether the function takes these arguments; those that are not known yet are none of its numbers."""
    try:
        if function.evaluate:
            function.evaluate(*(text or "" for text in literals))
        elif function.draw:
            function.draw(random.Generator(""), *literals)
    except ArgumentError:
        return False
    return True


def _inner(part: Call) -> list[Call]:
    return [inner for argument in part.arguments for inner in argument.parts if isinstance(inner, Call)]


def _pipe(
    name: str,
    summary: str,
    evaluate: Callable[..., str],
    *more: str,
    optional: int = 0,
    first: str = "text",
    choices: Mapping[str, tuple[str, ...]] | None = None,
    numbers: tuple[str, ...] = (),
) -> Function:
    return Function(name, (first, *more), optional, summary, evaluate, piped=True, choices=choices or {}, numbers=numbers)


def _arithmetic(name: str, summary: str, evaluate: Callable[..., str], *more: str, optional: int = 0) -> Function:
    return _pipe(name, summary, evaluate, *more, optional=optional, first="number", numbers=("number", *more))


def _digest(algorithm: str, title: str) -> Function:
    summary = f'{title} of the UTF-8 bytes; `format` is `"hex"` (default, lower case), `"base64"` or `"base64url"`'
    form = {"format": digests.FORMATS}
    return _pipe(algorithm, summary, digests.digest(algorithm), "format", optional=1, choices=form)


_ENCODINGS = (
    _pipe("urlencode", "percent-encode all but letters, digits and `-._~`", url_encode),
    _pipe("urldecode", "decode percent-encoding; `+` stays", url_decode),
    _pipe("formencode", "encode as a form field does: space becomes `+`", form_encode),
    _pipe("formdecode", "decode a form field: `+` becomes space", form_decode),
    _pipe("htmlencode", "replace `& < > \" '` by character references", html_encode),
    _pipe("htmldecode", "replace HTML character references by their characters", html_decode),
    _pipe("jsonescape", "escape for the inside of a JSON string", json_escape),
    _pipe(
        "jsonunescape",
        "replace the escapes of JSON strings, and `\\x3d`, `\\-` and `\\'` of scripts, by their characters",
        json_unescape,
    ),
    _pipe("base64", "base64 of the UTF-8 bytes, padded", base64_encode),
    _pipe("base64decode", "text of a base64 or base64url value, padded or not; empty for what is neither", base64_decode),
    _pipe("base64url", "base64url of the UTF-8 bytes, no padding", lambda text: base64url(text.encode())),
    _pipe("hex", "the UTF-8 bytes in lower-case hexadecimal", hex_encode),
    _pipe("hexdecode", "text of hexadecimal bytes; empty for what is none", hex_decode),
)

_DIGESTS = (
    _digest("md5", "MD5"),
    _digest("sha1", "SHA-1"),
    _digest("sha256", "SHA-256"),
    _digest("sha512", "SHA-512"),
    _pipe(
        "hmac",
        'HMAC under a key; `algorithm` is `"md5"`, `"sha1"`, `"sha256"` (default) or `"sha512"`, `format` as for `sha256`',
        digests.hmac,
        *("key", "algorithm", "format"),
        optional=2,
        choices={"algorithm": digests.ALGORITHMS, "format": digests.FORMATS},
    ),
    _pipe("jwt_claim", "a claim of a JSON Web Token, unverified; empty when there is none", lists.jwt_claim, "name", first="token"),
    Function(
        "pkce_challenge",
        ("verifier",),
        0,
        "base64url of the SHA-256 of a PKCE verifier (RFC 7636, S256)",
        digests.pkce_challenge,
    ),
)

_TEXTS = (
    _pipe("lower", "ASCII and Unicode letters to lower case", str.lower),
    _pipe("upper", "ASCII and Unicode letters to upper case", str.upper),
    _pipe("length", "how many characters (Unicode code points) the text has", texts.length),
    _pipe(
        "substring",
        "the characters from a position, counted from 0: `length` of them, or all",
        texts.substring,
        *("from", "length"),
        optional=1,
        numbers=("from", "length"),
    ),
    _pipe("replace", "every `old` replaced by `new`; an empty `old` occurs nowhere", texts.replace, "old", "new"),
    _pipe("trim", "the text without ASCII white space at its ends", texts.trim),
    _pipe("before", "what stands before the first `separator`; without one, all of the text", texts.before, "separator"),
    _pipe("after", "what stands after the first `separator`; without one, nothing", texts.after, "separator"),
    _pipe("pad", "`fill` on the left, up to `length` characters", texts.pad, "length", "fill", numbers=("length",)),
)

_LISTS = (
    _pipe("split", "the list of what stands between separators", lists.split, "separator"),
    _pipe("join", "the items of a list with a separator between them", lists.join, "separator", first="list"),
    _pipe("item", "an item of a list, counted from 1; empty when there is none", lists.item, "n", first="list", numbers=("n",)),
    _pipe("count", "how many items a list has", lists.count, first="list"),
)

_ARITHMETIC = (
    _arithmetic("add", "the sum", decimals.add, "other"),
    _arithmetic("subtract", "the difference", decimals.subtract, "other"),
    _arithmetic("multiply", "the product", decimals.multiply, "other"),
    _arithmetic(
        "divide",
        "the quotient to `digits` (default 0) after the point, half away from zero",
        decimals.divide,
        *("other", "digits"),
        optional=1,
    ),
    _arithmetic("modulo", "the remainder of whole numbers, with the sign of the first", decimals.modulo, "other"),
    _arithmetic("round", "to `digits` (default 0) after the point, half away from zero", decimals.round_to, "digits", optional=1),
    _arithmetic("min", "the smaller of two numbers", decimals.smaller, "other"),
    _arithmetic("max", "the larger of two numbers", decimals.larger, "other"),
    _arithmetic("abs", "the number without its sign", decimals.absolute),
)

_MADE = (
    Function("uuid", (), 0, "a random UUID, version 4, lower case", draw=random.uuid),
    Function("random", ("from", "to"), 0, "a random whole number, both ends included", draw=random.number, numbers=("from", "to")),
    Function("random_string", ("length",), 0, "random letters and digits", draw=random.string, numbers=("length",)),
    Function("random_choice", ("choice",), 0, "one of the arguments by chance", draw=random.choice, variadic=True),
    Function("random_item", ("list",), 0, "an item of a list by chance; empty for an empty list", draw=random.item, piped=True),
    Function("pkce_verifier", (), 0, "a random PKCE verifier of 43 characters (RFC 7636)", draw=random.pkce_verifier),
    Function(
        "now",
        ("format", "offset"),
        2,
        'the time now, in UTC: `"ms"` (default) or `"s"` since 1970, `"iso"` (milliseconds, `Z`), or a pattern of '
        '`YYYY MM DD hh mm ss SSS` and signs; `offset` is such as `"+1d2h"`, `"-30m"`, `"90s"`, `"500ms"`',
        fixed=("format", "offset"),
    ),
    Function("counter", ("name",), 0, "1, 2, 3 … for each user, over all its iterations", fixed=("name",)),
    Function("user", (), 0, "the number of the user in its workload, from 1; each arrival of an open load is a user of its own"),
    Function("iteration", (), 0, "the number of the user's iteration, from 1"),
)

FUNCTIONS: dict[str, Function] = {
    function.name: function for function in (*_ENCODINGS, *_DIGESTS, *_TEXTS, *_LISTS, *_ARITHMETIC, *_MADE)
}
"""Every function by its name."""
