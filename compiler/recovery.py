"""Goes on after a syntax error: mends what is plainly meant, else skips to the next statement. One cause gives one error."""

from __future__ import annotations

import re
from collections.abc import Callable
from copy import copy

from lark import Token, Tree
from lark.exceptions import UnexpectedInput
from lark.lexer import ContextualLexer, LexerState, LineCounter
from lark.parsers.lalr_interactive_parser import InteractiveParser
from lark.parsers.lalr_parser_state import ParserState

from loadwright.compiler.diagnostics import Diagnostic
from loadwright.compiler.layout import Mark, badly_closed, indentation, is_first, line_start, marks
from loadwright.compiler.parse_errors import (
    Stop,
    explain,
    feeds,
    is_misplaced,
    meant,
    missing_sign,
    not_closed,
    number_kinds,
    open_brackets,
    place_of,
    quote_missing,
    stopped,
)
from loadwright.compiler.vocabulary import written

_ATTEMPTS = 100
"""How often reading is taken up again; a text that needs more is no intent."""

_HARMLESS = {"DURATION": "1s", "RATE": "1/s", "PERCENT": "1%", "INT": "1", "JSON_NUMBER": "1", "NUMBER": "1"}
"""What stands in for a number that is wrong, so that reading goes on."""

_NOT_IN_BLOCKS = ("COLON", "COMMA", "LSQB")
"""Before a `{` these tell that it opens an object of JSON, not a block of statements."""

_MOST_PARTS = 12
"""Values on the parser's stack that one unfinished statement may have."""

_TOP = -1
"""The index of the block that is the whole text."""


class Recovery:
    """Takes reading up again after an error; `report` receives each error that has a cause of its own."""

    def __init__(self, parser: InteractiveParser, text: str, path: str, report: Callable[[Diagnostic], None]) -> None:
        self._parser = parser
        self._text = text
        self._path = path
        self._report = report
        self._attempts = 0
        self._statement = -1
        """Where the statement of the last error starts: what else is wrong in it may follow from that error."""
        self._skipped = -1
        """Where the last error is after which text was skipped."""

    def after(self, error: UnexpectedInput) -> bool:
        """Go on after an error of the parser; False when it makes no sense to go on."""
        stop = stopped(error, self._parser.parser_state, self._text, self._path)
        follows = self._follows(stop)
        if self._is_new(stop.position) and not follows:
            mended = self._mend(stop)
            self._report(mended or explain(stop))
            if mended:
                return self._goes_on()
            self._skipped = stop.position
        elif follows and self._close_blocks(stop):
            return self._goes_on()
        return self._goes_on() and self._skip(stop.position)

    def _follows(self, stop: Stop) -> bool:
        """Whether an error most likely comes of skipping: brackets or quotes were lost, so what follows is in the wrong place."""
        start = self._start_of_statement(_TOP, stop.position)
        is_sound = start > self._skipped and start != stop.position and not indentation(self._text, start)
        if self._skipped < 0 or (is_sound and is_first(self._text, start)):
            return False
        same_line = line_start(self._text, self._skipped) == line_start(self._text, stop.position)
        return is_misplaced(stop) or (same_line and quote_missing(stop) != "")

    def after_text(self, error: Diagnostic, place: int) -> bool:
        """Go on after a text that is not closed on its line; False when it makes no sense to go on."""
        if not self._is_new(place):
            return self._goes_on() and self._skip(place)
        self._report(error)
        line, column = place_of(self._text, place)
        self._parser.feed_token(Token("QUOTE", '"', place, line, column, line, column, place))
        self._skipped = place
        start = line_start(self._text, place)
        quote = max(self._text.rfind('"', start, place), start - 1)
        outside = re.search(r"\s\{|[\s{};]*$", self._text[quote + 1 : place])  # a block, or what ends the line
        self._move(quote + 1 + outside.start() if outside else place)
        return self._goes_on()

    def _goes_on(self) -> bool:
        self._attempts += 1
        return self._attempts < _ATTEMPTS

    def _is_new(self, place: int) -> bool:
        """Whether the statement there has no error yet."""
        before, self._statement = self._statement, self._start_of_statement(self._blocks()[0], place)
        return self._statement != before

    # --- mending: each gives the error when it went on, else None

    def _mend(self, stop: Stop) -> Diagnostic | None:
        return self._close_blocks(stop) or self._right_word(stop) or self._some_number(stop) or self._put_sign(stop)

    def _close_blocks(self, stop: Stop) -> Diagnostic | None:
        """Close the blocks that what comes next is outside of: by the grammar, and by the layout."""
        if not is_first(self._text, stop.position) and stop.word:
            return None
        trial, closed = self._trial(len(self._values)), 0
        braces = [token for _, token in stop.blocks]
        while closed < len(braces) and braces[-1 - closed].type == "LBRACE":
            brace = braces[-1 - closed]
            if stop.word and indentation(self._text, stop.position) > indentation(self._text, brace.start_pos or 0):
                return None
            if not feeds(trial, Token("RBRACE", "}")):
                return None
            closed += 1
            if self._next(trial, stop.position):
                line, column = place_of(self._text, stop.position)
                for _ in range(closed):
                    self._parser.feed_token(Token("RBRACE", "}", stop.position, line, column, line, column, stop.position))
                self._move(stop.position)
                return not_closed(self._culprit(stop, braces[-closed:]), stop)
        return None

    def _culprit(self, stop: Stop, braces: list[Token]) -> Token:
        """The `{` that most likely lacks its `}`: one that is closed further left than it was opened, else the innermost."""
        outermost = stop.blocks[0][1].start_pos or 0
        found = badly_closed(self._text, outermost, stop.position)
        if found is None:
            return braces[-1]
        line, column = place_of(self._text, found)
        return Token("LBRACE", "{", found, line, column)

    def _right_word(self, stop: Stop) -> Diagnostic | None:
        kind = meant(stop)
        if kind is None or " " in written(kind):
            return None
        self._feed_in_place_of(stop, kind, stop.word.upper() if kind == "METHOD" else written(kind))
        return explain(stop)

    def _some_number(self, stop: Stop) -> Diagnostic | None:
        kinds = number_kinds(stop)
        if not kinds:
            return None
        self._feed_in_place_of(stop, kinds[0], _HARMLESS[kinds[0]])
        return explain(stop)

    def _feed_in_place_of(self, stop: Stop, kind: str, value: str) -> None:
        line, column = stop.span.line, stop.span.column
        self._parser.feed_token(Token(kind, value, stop.position, line, column, line, stop.span.end_column, stop.position))
        self._move(stop.position + len(stop.word))

    def _put_sign(self, stop: Stop) -> Diagnostic | None:
        """Put in a sign that is missing, or the right one for a wrong one, when what comes next then fits."""
        if quote_missing(stop):
            return None
        for kind in ("EQUAL", "COLON", "COMMA"):
            if kind not in stop.accepted:
                continue
            for skipped in (0, 1) if stop.word in ("=", ":", ",", ";") else (0,):
                position = stop.position + skipped
                position += len(self._text[position:]) - len(self._text[position:].lstrip())
                trial = self._trial(len(self._values))
                if feeds(trial, Token(kind, written(kind))) and self._next(trial, position):
                    self._feed_in_place_of(stop, kind, written(kind))
                    self._move(position)
                    return missing_sign(stop, kind, bool(skipped))
        return None

    # --- skipping

    def _skip(self, place: int) -> bool:
        """Drop the statement that has the error and go on with the next, or at the end of its block."""
        for block in self._blocks():
            kept = self._kept(block)
            start = self._start_of_statement(block, place)
            for mark in marks(self._text, start):
                if mark.position >= place and self._resumes(mark, block, kept, place, start):
                    return True
                if block != _TOP and mark.position >= place and self._starts_declaration(mark):
                    self._take_up(self._kept(_TOP), mark.position)
                    return True
                if mark.closes and mark.position >= place and block != _TOP:
                    place = mark.position + 1
                    break
        self._take_up(self._kept(_TOP), len(self._text))
        return True

    def _resumes(self, mark: Mark, block: int, kept: int, place: int, start: int) -> bool:
        """Take up at the mark if a statement of the block, or its end, is there."""
        if mark.depth or (mark.closes and block == _TOP):
            return False
        found = self._next(self._trial(kept), mark.position)
        left = indentation(self._text, mark.position) <= indentation(self._text, start) or not mark.first
        if found in ("NAME", "QUOTE", "METHOD") and not left:
            return False  # it goes on with the statement
        if found is None and not (left and mark.position > place and self._is_nearly_right(kept, mark.position)):
            return False
        self._take_up(kept, mark.position)
        return True

    def _is_nearly_right(self, kept: int, position: int) -> bool:
        """Whether a misspelt keyword of the block is there: an error of its own."""
        return meant(Stop(self._trial(kept), self._text, self._path, position)) is not None

    def _starts_declaration(self, mark: Mark) -> bool:
        """Whether a declaration starts at the first column: no block goes on there."""
        if not mark.first or indentation(self._text, mark.position):
            return False
        return self._next(self._trial(self._kept(_TOP)), mark.position) not in (None, "$END")

    def _take_up(self, kept: int, position: int) -> None:
        state = self._parser.parser_state
        del state.state_stack[kept + 1 :]
        del state.value_stack[kept:]
        self._move(position)

    def _move(self, position: int) -> None:
        """Let the lexer go on from a place."""
        thread = self._parser.lexer_thread
        assert thread.state is not None
        thread.state.line_ctr = _counter(self._text, position)

    # --- the parser's stack

    @property
    def _values(self) -> list[object]:
        values: list[object] = self._parser.parser_state.value_stack
        return values

    def _blocks(self) -> list[int]:
        """Where in the stack the open blocks of statements start, innermost first; the last is the whole text."""
        opened = [index for index, _, token in open_brackets(self._values) if token.type == "LBRACE"]
        return [*(index for index in reversed(opened) if self._opens_block(index)), _TOP]

    def _opens_block(self, index: int) -> bool:
        """Whether a `{` opens a block of statements, not an object of JSON."""
        before = self._values[index - 1] if index else None
        if isinstance(before, Token) and before.type in _NOT_IN_BLOCKS:
            return False
        trial = self._trial(index + 1)
        return not all(feeds(trial, Token(kind, "")) for kind in ("NAME", "COLON", "NULL"))

    def _kept(self, block: int) -> int:
        """How many values stay when the last statement of a block is dropped, whatever it lacks."""
        end = Token("$END", "") if block == _TOP else Token("RBRACE", "}")
        inside = (index for index, _, _ in open_brackets(self._values) if index > block)
        most = min(next(inside, len(self._values)), block + _MOST_PARTS)
        for kept in range(most, block, -1):
            if feeds(self._trial(kept), end):
                return kept
        return block + 1

    def _start_of_statement(self, block: int, place: int) -> int:
        """Where in the text the last statement of a block starts: the one that a place belongs to."""
        first = block + 1
        if first < len(self._values) and _is_list(self._values[first]):
            first += 1
        starts = (_start(value) for value in self._values[first:])
        start = next((start for start in starts if start is not None), place)
        complete = self._kept(block) == len(self._values)
        separate = is_first(self._text, place) or self._text[:place].rstrip()[-1:] in (";", "}")
        return place if complete and separate else min(start, place)

    def _trial(self, kept: int) -> ParserState[int]:
        """A parser with the first values of the stack, to try things with."""
        state = self._parser.parser_state
        conf = copy(state.parse_conf)
        conf.callbacks = {}
        return ParserState(conf, state.lexer, state.state_stack[: kept + 1], state.value_stack[:kept])

    def _next(self, trial: ParserState[int], position: int) -> str | None:
        """The kind of the token at a place, if it fits there."""
        if position >= len(self._text.rstrip()):
            return "$END" if feeds(trial, Token("$END", "")) else None
        thread = self._parser.lexer_thread
        assert isinstance(thread.lexer, ContextualLexer)
        assert thread.state is not None
        lexer = thread.lexer.lexers[trial.position]
        try:
            token = lexer.next_token(LexerState(thread.state.text, _counter(self._text, position)), trial)
        except (UnexpectedInput, EOFError):
            return None
        return token.type if feeds(trial, token) else None


def _is_list(value: object) -> bool:
    """Whether a value of the stack is the list of the statements read so far: Lark's helper for `(…)*`."""
    return isinstance(value, Tree) and str(value.data).startswith("__")


def _start(value: object) -> int | None:
    if isinstance(value, Token):
        return value.start_pos
    start = getattr(value.meta, "start_pos", None) if isinstance(value, Tree) else None
    return start if isinstance(start, int) else None


def _counter(text: str, position: int) -> LineCounter:
    counter = LineCounter("\n")  # type: ignore[no-untyped-call]
    counter.char_pos = position
    counter.line, counter.column = place_of(text, position)
    counter.line_start_pos = position - counter.column + 1
    return counter
