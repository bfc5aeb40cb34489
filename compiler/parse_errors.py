"""What is wrong with a text that is outside the grammar, in plain words."""

from __future__ import annotations

import difflib
import re
from collections.abc import Collection, Iterable, Sequence
from functools import cache

from lark import Token, Tree
from lark.exceptions import UnexpectedInput, UnexpectedToken

from loadwright import grammar
from loadwright.compiler.codes import Code
from loadwright.compiler.diagnostics import Diagnostic
from loadwright.compiler.source import Span

WORDS = {
    "NAME": "a name",
    "METHOD": "a method in capitals such as `GET`",
    "INT": "a whole number",
    "NUMBER": "a number",
    "JSON_NUMBER": "a number",
    "DURATION": "a duration such as `800ms` or `2s`",
    "RATE": "a rate such as `20/s`",
    "PERCENT": "a share such as `1%`",
    "PERCENTILE": "a percentile such as `p95`",
    "REGEX": "a pattern such as `/a+/`",
    "ATTRIBUTE": "an attribute such as `@value`",
    "QUOTE": "text in quotes",
    "SOFT_RULE": "`json member`, `error title`, `login form` or `exception text`",
    "$END": "the end",
}
"""What the terminals that are no keyword and no sign are called."""

_INSIDE_TEXT = {"CHARACTERS", "ESCAPE", "_LINE_END", "_BAD_ESCAPE", "_INTERPOLATE"}
_BLOCKS = {
    "_DEFAULTS": "`defaults`",
    "_JOURNEY": "a journey",
    "_STEP": "a step",
    "_PARALLEL": "`parallel`",
    "METHOD": "a request",
    "_QUERY": "`query`",
    "_FORM": "`form`",
    "_MULTIPART": "`multipart`",
    "_JSON": "`json`",
    "_LOAD": "a load",
    "_GOALS": "`goals`",
    "_DATA": "a data source",
}
_SIGNS = {
    "LBRACE": "{",
    "RBRACE": "}",
    "LSQB": "[",
    "RSQB": "]",
    "LPAR": "(",
    "RPAR": ")",
    "EQUAL": "=",
    "LESS": "<",
    "AT_MOST": "<=",
    "AT_LEAST": ">=",
    "MORE": ">",
    "COLON": ":",
    "SEMICOLON": ";",
    "COMMA": ",",
    "DOT": ".",
    "VBAR": "|",
    "AT": "@",
}
_MANY = 6
"""More expected things than this are a list, not a sentence: they go into the hint."""


def explain(error: UnexpectedInput, text: str, path: str) -> Diagnostic:
    """The diagnostic for what Lark could not read."""
    found = _Found(error, text, path)
    if found.unclosed_text:
        return _unclosed(found.unclosed_text, path)
    if "CHARACTERS" in found.accepted:
        return _value_in_fixed_text(found)
    number = _number_problem(found)
    if number:
        return number
    if not found.word and found.blocks:
        brace = found.blocks[-1][1]
        return Diagnostic(
            Code.SYNTAX, f"`{brace}` is not closed", f"add the closing `{_CLOSING[brace.value]}`", _span(brace, 1, path)
        )
    return _unexpected(found)


_CLOSING = {"{": "}", "[": "]", "(": ")", "${": "}"}


class _Found:
    """Where reading stopped: the word there, what would have fitted, and what is still open."""

    def __init__(self, error: UnexpectedInput, text: str, path: str) -> None:
        self.path = path
        at_end = isinstance(error, UnexpectedToken) and error.token.type == "$END"
        start = len(text) if at_end else error.pos_in_stream or 0
        self.word = "" if at_end else _word_at(text, start)
        last = text.rstrip() if at_end else text[:start]
        line = last.count("\n") + 1
        column = len(last) - (last.rfind("\n") + 1) + 1
        self.span = Span(path=path, line=line, column=column, end_line=line, end_column=column + max(len(self.word), 1))
        parser = error.interactive_parser
        self.accepted: Collection[str] = parser.accepts()  # type: ignore[no-untyped-call]
        stack = [value for value in parser.parser_state.value_stack if isinstance(value, Token)]
        self.before = _last_token(parser.parser_state.value_stack)
        self.blocks = _open_blocks(stack)
        quotes = [token for token in stack if token.type == "QUOTE"]
        self.unclosed_text = quotes[-1] if at_end and quotes and "CHARACTERS" in self.accepted else None


def _last_token(values: Sequence[object]) -> Token | None:
    """The last token that was taken."""
    value = values[-1] if values else None
    while isinstance(value, Tree):
        value = value.children[-1] if value.children else None
    return value if isinstance(value, Token) else None


def _word_at(text: str, start: int) -> str:
    match = re.compile(r"[\w.%/-]*\w|\"|\$\{|\S|\s").match(text, start)
    return match[0] if match else ""


def _open_blocks(stack: Iterable[Token]) -> list[tuple[str, Token]]:
    """Brackets not yet closed, outermost first, each with the terminal of the block that it opens."""
    opened: list[tuple[str, Token]] = []
    head = ""
    for token in stack:
        if token.type in _BLOCKS:
            head = token.type
        elif token.type in ("LBRACE", "LSQB", "LPAR", "_INTERPOLATE"):
            opened.append((head, token))
    return opened


def _span(token: Token, length: int, path: str) -> Span:
    line, column = token.line or 1, token.column or 1
    return Span(path=path, line=line, column=column, end_line=line, end_column=column + length)


def _unclosed(quote: Token, path: str) -> Diagnostic:
    return Diagnostic(
        Code.SYNTAX, "the text is not closed", 'close it with `"`; a line end inside is written `\\n`', _span(quote, 1, path)
    )


def bad_character_in_text(token: Token, text: str, path: str) -> Diagnostic:
    """The diagnostic for a line end or an unknown escape inside quotes."""
    start = token.start_pos or 0
    if token.type == "_BAD_ESCAPE" and text[start + 1 : start + 2] not in ("", "\n", "\r"):
        message = f"`{token}` is no escape"
        hint = 'the escapes are `\\"`, `\\\\`, `\\n`, `\\r`, `\\t`, `\\$` and `\\u{1F600}`; a backslash is written `\\\\`'
        return Diagnostic(Code.BAD_ESCAPE, message, hint, _span(token, len(token), path))
    line_start = text.rfind("\n", 0, start) + 1
    quote = text.rfind('"', line_start, start)
    length = start - max(quote, line_start)
    place = Token("QUOTE", '"', line=token.line, column=(token.column or 1) - length)
    message, hint = "the text is not closed on its line", 'close it with `"`; a line end inside is written `\\n`'
    return Diagnostic(Code.SYNTAX, message, hint, _span(place, max(length, 1), path))


def _value_in_fixed_text(found: _Found) -> Diagnostic:
    return Diagnostic(
        Code.SYNTAX, "this text is fixed and takes no `${…}`", "for the characters themselves write `\\${`", found.span
    )


def _number_problem(found: _Found) -> Diagnostic | None:
    kinds = [kind for kind in ("DURATION", "RATE", "PERCENT", "INT", "JSON_NUMBER", "NUMBER") if kind in found.accepted]
    if not kinds or not found.word[:1].isdigit():
        return None
    names = _alternatives(kinds)
    hint = {
        "DURATION": "units of time are `ms`, `s`, `m` and `h`, right after the number",
        "RATE": "rates are per `/s`, `/m` or `/h`",
        "PERCENT": "a share ends in `%`",
        "JSON_NUMBER": f'text stands in quotes: `"{found.word}"`',
    }.get(kinds[0], "")
    return Diagnostic(Code.BAD_NUMBER, f"`{found.word}` is not {names}", hint, found.span)


def _unexpected(found: _Found) -> Diagnostic:
    here = f"`{_shown(found.word)}`" if found.word.strip() else "the end of the text"
    where = f" in {_BLOCKS[found.blocks[-1][0]]}" if found.blocks and found.blocks[-1][0] in _BLOCKS else ""
    keywords = _keywords(found.accepted)
    names = [
        WORDS.get(name) or f"`{_signs().get(name, name)}`"
        for name in sorted(found.accepted, key=_words_first)
        if name not in _INSIDE_TEXT
    ]
    names = [name for name in names if name not in ("`;`", "`number`")]
    hint = _did_you_mean(found.word, keywords) or _missing_before(found.before)
    if len(names) <= _MANY:
        return Diagnostic(Code.SYNTAX, f"expected {_listed(names)}, found {here}{where}", hint, found.span)
    if not hint:
        hint = f"what fits: {_listed(names, 'and')}"
    return Diagnostic(Code.SYNTAX, f"{here} does not fit here{where}", hint, found.span)


def _shown(word: str) -> str:
    return word if word.isprintable() else f"\\u{{{ord(word[0]):X}}}"


def _did_you_mean(word: str, keywords: Collection[str]) -> str:
    if word.upper() in ("GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS") and word != word.upper():
        return f"methods are in capitals: `{word.upper()}`"
    close = difflib.get_close_matches(word.lower(), sorted(keywords), n=1, cutoff=0.7)
    return f"did you mean `{close[0]}`?" if close else ""


def _missing_before(token: Token | None) -> str:
    if token is None or token.type != "NAME" or token not in _signs().values():
        return ""
    return f"`{token}` before it is taken for a name; is something missing in front of that?"


def _words_first(name: str) -> tuple[bool, str]:
    return name not in WORDS, _signs().get(name, name)


def _alternatives(kinds: Iterable[str]) -> str:
    return " or ".join(dict.fromkeys(WORDS[kind] for kind in kinds))


def _listed(names: Collection[str], last: str = "or") -> str:
    *first, final = dict.fromkeys(names)
    return f"{', '.join(first)} {last} {final}" if first else final


def _keywords(accepted: Iterable[str]) -> list[str]:
    return [_signs()[name] for name in accepted if re.fullmatch(r"[a-z]+", _signs().get(name, ""))]


@cache
def _signs() -> dict[str, str]:
    """How each keyword and sign is written, by its terminal."""
    return {**_SIGNS, **dict(re.findall(r"^(_?[A-Z_]+)\.\d: /([a-z]+)", grammar.text(), re.MULTILINE))}
