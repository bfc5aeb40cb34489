"""What is wrong with a text that is outside the grammar, in plain words."""

from __future__ import annotations

import difflib
import re
from collections.abc import Collection, Iterable, Sequence
from copy import copy

from lark import Token, Tree
from lark.exceptions import UnexpectedInput
from lark.parsers.lalr_parser_state import ParserState

from loadwright.compiler.codes import Code
from loadwright.compiler.diagnostics import Diagnostic
from loadwright.compiler.layout import after_text, line_start
from loadwright.compiler.source import Span
from loadwright.compiler.vocabulary import FORMS, ITEMS, blocks, described, homes, listed, signs, written

_INSIDE_TEXT = {"CHARACTERS", "ESCAPE", "_LINE_END", "_BAD_ESCAPE", "_INTERPOLATE"}
_VALUE = {"NAME", "QUOTE", "NUMBER"}
_VALUE_WORDS = {*_VALUE, "JSON_NUMBER", "TRUE", "FALSE", "NULL", "LBRACE", "LSQB", "_NUMBER_CALL"}
"""The terminals that a value may start with; where all of `_VALUE` fit they are called a value."""

_METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS")
_CLOSING = {"{": "}", "[": "]", "(": ")", "${": "}"}
_UNITS = {
    "DURATION": "units of time are `ms`, `s`, `m` and `h`, right after the number",
    "RATE": "rates are per `/s`, `/m` or `/h`",
    "PERCENT": "a share ends in `%`",
}
_NUMBERS = ("DURATION", "RATE", "PERCENT", "INT", "JSON_NUMBER", "NUMBER")
_MOST_PLACES = 3
_MANY = 6
"""More expected things than this are a list, not a sentence: they go into the hint."""


class Stop:
    """Where reading stopped: the word there, what would have fitted, and what is still open."""

    def __init__(self, state: ParserState[int], text: str, path: str, position: int) -> None:
        self.path = path
        self.text = text
        self.position = position
        self.word = _word_at(text, position)
        """Empty at the end of the text."""
        line, column = place_of(text, position if self.word else len(text.rstrip()))
        self.span = Span(path=path, line=line, column=column, end_line=line, end_column=column + max(len(self.word), 1))
        self.accepted = accepted(state)
        self.before = _last_token(state.value_stack)
        tokens = [value for value in state.value_stack if isinstance(value, Token)]
        self.values = list(state.value_stack)
        self.brackets = open_brackets(self.values)
        self.blocks = [(head, token) for _, head, token in self.brackets]
        """Brackets not yet closed, outermost first, each with the terminal of the block that it opens."""
        quotes = [token for token in tokens if token.type == "QUOTE"]
        self.unclosed_text = quotes[-1] if not self.word and quotes and "CHARACTERS" in self.accepted else None


def stopped(error: UnexpectedInput, state: ParserState[int], text: str, path: str) -> Stop:
    """Where an error of Lark's stopped reading."""
    at_end = isinstance(getattr(error, "token", None), Token) and error.token.type == "$END"  # type: ignore[attr-defined]
    return Stop(state, text, path, len(text) if at_end else error.pos_in_stream or 0)


def accepted(state: ParserState[int]) -> frozenset[str]:
    """The terminals that may come next."""
    conf = copy(state.parse_conf)
    conf.callbacks = {}
    found = set()
    for kind in state.parse_conf.states[state.position]:
        if kind.isupper():
            trial = ParserState(conf, state.lexer, copy(state.state_stack), copy(state.value_stack))
            if feeds(trial, Token(kind, "")):
                found.add(kind)
    return frozenset(found)


def feeds(state: ParserState[int], token: Token) -> bool:
    """Give a parser a token; whether it fitted."""
    try:
        state.feed_token(token, token.type == "$END")
    except UnexpectedInput:
        return False
    return True


def place_of(text: str, position: int) -> tuple[int, int]:
    """Line and column of a place in the text."""
    return text.count("\n", 0, position) + 1, position - line_start(text, position) + 1


def _last_token(values: Sequence[object]) -> Token | None:
    """The last token that was taken."""
    value = values[-1] if values else None
    while isinstance(value, Tree):
        value = value.children[-1] if value.children else None
    return value if isinstance(value, Token) else None


def _word_at(text: str, start: int) -> str:
    match = re.compile(r"[\w.%/-]*\w|\"|\$\{|\S|\s").match(text, start)
    return match[0] if match else ""


def open_brackets(values: Iterable[object]) -> list[tuple[int, str, Token]]:
    """Brackets on the parser's stack that are not closed: index, terminal of the block they are in, token; outermost first."""
    opened: list[tuple[int, str, Token]] = []
    head = ""
    for index, value in enumerate(values):
        if not isinstance(value, Token):
            continue
        if value.type in blocks():
            head = value.type
        elif value.type in ("LBRACE", "LSQB", "LPAR", "_INTERPOLATE"):
            opened.append((index, head, value))
        elif value.type in ("RBRACE", "RSQB", "RPAR") and opened:
            opened.pop()
    return opened


# --- the diagnostics


def explain(stop: Stop) -> Diagnostic:
    """The diagnostic for what could not be read."""
    if stop.unclosed_text:
        message, hint = "the text is not closed", 'close it with `"`; a line end inside is written `\\n`'
        return Diagnostic(Code.SYNTAX, message, hint, _span(stop.unclosed_text, 1, stop.path))
    if "CHARACTERS" in stop.accepted:
        message, hint = "this text is fixed and takes no `${…}`", "for the characters themselves write `\\${`"
        return Diagnostic(Code.SYNTAX, message, hint, stop.span)
    if number_kinds(stop):
        return _number_problem(stop, number_kinds(stop))
    if stop.blocks and (not stop.word or _ends_too_soon(stop)):
        return not_closed(stop.blocks[-1][1], stop)
    return _unexpected(stop)


def _ends_too_soon(stop: Stop) -> bool:
    """Whether a value in a text, arguments or a list end without their bracket."""
    bracket = stop.blocks[-1][1].type
    return stop.word in {"_INTERPOLATE": ('"',), "LPAR": ("}", "]"), "LSQB": ("}", ")")}.get(bracket, ())


def _span(token: Token, length: int, path: str) -> Span:
    line, column = token.line or 1, token.column or 1
    return Span(path=path, line=line, column=column, end_line=line, end_column=column + length)


def not_closed(bracket: Token, stop: Stop) -> Diagnostic:
    """The diagnostic for a bracket without its partner before the place where reading stopped."""
    hint = f"add the closing `{_CLOSING[bracket.value]}`"
    if stop.word:
        hint += f" before `{_shown(stop.word)}` on line {stop.span.line}"
    return Diagnostic(Code.SYNTAX, f"`{bracket}` is not closed", hint, _span(bracket, 1, stop.path))


def missing_sign(stop: Stop, kind: str, is_other: bool) -> Diagnostic:
    """The diagnostic for a sign that is missing, or stands for another."""
    sign = written(kind)
    if is_other:
        return Diagnostic(Code.SYNTAX, f"expected `{sign}`, found `{stop.word}`{_where(stop)}", f"write `{sign}` here", stop.span)
    found = "text in quotes" if stop.word == '"' else f"`{_shown(stop.word)}`"
    return Diagnostic(Code.SYNTAX, f"`{sign}` is missing before {found}{_where(stop)}", f"write `{sign}` in between", stop.span)


def line_end_in_text(token: Token, text: str, path: str) -> Diagnostic:
    """The diagnostic for a text that is not closed on its line."""
    start = token.start_pos or 0
    quote = max(text.rfind('"', line_start(text, start), start), line_start(text, start))
    line, column = place_of(text, quote)
    span = Span(path=path, line=line, column=column, end_line=line, end_column=column + max(start - quote, 1))
    return Diagnostic(
        Code.SYNTAX, "the text is not closed on its line", 'close it with `"`; a line end inside is written `\\n`', span
    )


def bad_escape(token: Token, path: str) -> Diagnostic:
    """The diagnostic for a backslash with something behind it that is no escape."""
    hint = 'the escapes are `\\"`, `\\\\`, `\\n`, `\\r`, `\\t`, `\\$` and `\\u{1F600}`; a backslash is written `\\\\`'
    return Diagnostic(Code.BAD_ESCAPE, f"`{_shown(token)}` is no escape", hint, _span(token, len(token), path))


def number_kinds(stop: Stop) -> list[str]:
    """The kinds of number that would fit where another number is."""
    return [kind for kind in _NUMBERS if kind in stop.accepted] if stop.word[:1].isdecimal() else []


def _number_problem(stop: Stop, kinds: list[str]) -> Diagnostic:
    hint = f'text stands in quotes: `"{stop.word}"`' if kinds[0] == "JSON_NUMBER" else _UNITS.get(kinds[0], "")
    return Diagnostic(Code.BAD_NUMBER, f"`{stop.word}` is not {listed(map(described, kinds))}", hint, stop.span)


def _unexpected(stop: Stop) -> Diagnostic:
    here = f"`{_shown(stop.word)}`" if stop.word.strip() else "the end of the text"
    hint = _hint(stop)
    names = _expected(stop.accepted)
    if stop.word == "}" and not stop.blocks:
        return Diagnostic(Code.SYNTAX, "`}` closes nothing", "delete it, or look for a block that is closed too early", stop.span)
    if len(names) <= _MANY:
        return Diagnostic(Code.SYNTAX, f"expected {listed(names)}, found {here}{_where(stop)}", hint or _form(stop), stop.span)
    hint = hint or f"what fits: {listed(names, 'and')}"
    return Diagnostic(Code.SYNTAX, f"{here} does not fit here{_where(stop)}", hint, stop.span)


def _where(stop: Stop) -> str:
    head = stop.blocks[-1][0] if stop.blocks else ""
    return f" in {blocks()[head]}" if head in blocks() else ""


def _expected(kinds: Collection[str]) -> list[str]:
    """What fits, in plain words: general things first, then keywords and signs by the alphabet."""
    kinds = set(kinds) - _INSIDE_TEXT - {"SEMICOLON"}
    names = []
    if kinds >= _VALUE or kinds >= {"NAME", "QUOTE", "JSON_NUMBER"}:
        kinds -= _VALUE_WORDS
        names.append("a value")
    kinds -= {"_NUMBER_CALL"}
    return names + [described(kind) for kind in sorted(kinds, key=lambda kind: (kind in signs(), described(kind)))]


def _hint(stop: Stop) -> str:
    """What was probably meant."""
    kind = meant(stop)
    if kind == "METHOD":
        return f"methods are in capitals: `{stop.word.upper()}`"
    if kind:
        return f"did you mean `{written(kind)}`?"
    return quote_missing(stop) or _missing_before(stop.before) or _elsewhere(stop) + _too_early(stop)


def meant(stop: Stop) -> str | None:
    """The terminal of the keyword that was probably meant where another word is."""
    word = stop.word
    if word.upper() in _METHODS and word != word.upper() and "METHOD" in stop.accepted:
        return "METHOD"
    phrases = {kind: written(kind) for kind in sorted(stop.accepted, reverse=True)}
    known = {phrase.split()[0]: kind for kind, phrase in phrases.items() if re.fullmatch(r"[a-z ]+", phrase)}
    close = [keyword for keyword in sorted(known) if len(keyword) > 1 and sorted(keyword) == sorted(word.lower())]
    close = close or difflib.get_close_matches(word.lower(), sorted(known), n=1, cutoff=0.7)
    return known[close[0]] if close else None


def quote_missing(stop: Stop) -> str:
    """A hint for a line whose quotes do not come out even."""
    start = line_start(stop.text, stop.position)
    end = stop.text.find("\n", start)
    line = stop.text[start : len(stop.text) if end < 0 else end]
    quote = line.find('"')
    while quote >= 0:
        after = after_text(line, quote)
        if after == quote + 1:
            return 'the quotes on this line do not come out even: is a `"` missing?'
        quote = line.find('"', after)
    return ""


def is_misplaced(stop: Stop) -> bool:
    """Whether what is there is right in itself, but in another block."""
    return stop.word in ("", "}") or stop.word in homes() or re.fullmatch(r"[A-Z]+", stop.word) is not None


def _elsewhere(stop: Stop) -> str:
    """A hint for a statement in a block where it does not belong."""
    near = [stop.word] if stop.word in homes() else difflib.get_close_matches(stop.word, sorted(homes()), n=1, cutoff=0.8)
    places = [f"in {place}" if place else "outside of all blocks" for word in near for place in homes()[word]]
    if not places:
        return ""
    places.sort(key=lambda place: "`" in place)  # journeys, steps and requests before the rarer blocks
    return f"`{near[0]}` stands {listed(places[:_MOST_PLACES])}"


def _too_early(stop: Stop) -> str:
    """A further hint where a statement follows a block that is closed."""
    after_block = stop.before is not None and stop.before.type == "RBRACE" and not stop.blocks
    return "; is there a `}` too much before it?" if after_block and is_misplaced(stop) else ""


def _shown(word: str) -> str:
    return "".join(c if c.isprintable() else f"\\u{{{ord(c):X}}}" for c in word)


def _form(stop: Stop) -> str:
    """A hint how the statement looks that could not be read."""
    after = stop.brackets[-1][0] + 1 if stop.brackets else 0
    block = stop.blocks[-1][0] if stop.blocks else ""
    started = [value for value in stop.values[after:] if isinstance(value, Token)]
    is_complete = stop.accepted & {"RBRACE", "$END"}
    if not started or is_complete or (stop.brackets and stop.brackets[-1][2].type != "LBRACE"):
        return ""
    form = FORMS.get(started[0].type) or ITEMS.get(block, "")
    return f"it is written as in `{form}`" if form else ""


def _missing_before(token: Token | None) -> str:
    """A hint where a word before was taken for a name."""
    if token is None or token.type != "NAME":
        return ""
    if token in signs().values():
        return f"`{token}` before it is taken for a name; is something missing in front of that?"
    first_words = {phrase.split()[0]: phrase for phrase in sorted(signs().values(), reverse=True) if phrase.strip()}
    close = difflib.get_close_matches(token, sorted(first_words), n=1, cutoff=0.85)
    return f"`{token}` before it is taken for a name; did you mean `{first_words[close[0]]}`?" if close else ""
