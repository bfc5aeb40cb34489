"""Command lines as a shell reads them: the words of each command. Nothing is run, and no variable has a value."""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from collections.abc import Iterator
from dataclasses import dataclass, field

_ANSI = {"a": "\a", "b": "\b", "e": "\x1b", "E": "\x1b", "f": "\f", "n": "\n", "r": "\r", "t": "\t", "v": "\v"}
_CODES = re.compile(r"x([0-9A-Fa-f]{1,2})|u([0-9A-Fa-f]{1,4})|U([0-9A-Fa-f]{1,8})|([0-7]{1,3})")
_EXPANSION = re.compile(r"\$(?:\{[^}]*\}|\([^)]*\)|[A-Za-z_][A-Za-z0-9_]*|[0-9?@*#])|`[^`]*`")


@dataclass(slots=True)
class Words:
    """The words of one command, the line it starts on, and what a shell would have put in (it stands as it was written)."""

    line: int
    words: list[str] = field(default_factory=list)
    expansions: list[str] = field(default_factory=list)


class ShellError(Exception):
    """Raised for a quote that is never closed; carries its line."""

    def __init__(self, line: int) -> None:
        self.line = line
        super().__init__("a quote is not closed")


def commands(text: str) -> list[Words]:
    """The commands of a text, for a POSIX shell with `$'…'`, or for Windows' command prompt, whichever it was written for.

    >>> [c.words for c in commands("curl 'a b' -d $'x\\\\ny'; curl \\"c\\"")]
    [['curl', 'a b', '-d', 'x\\ny'], ['curl', 'c']]
    >>> [c.words for c in commands('curl ^"http://a/?q=1^&r=2^" ^\\n  -H ^"x: ^\\\\^"y^\\\\^"^"')]
    [['curl', 'http://a/?q=1&r=2', '-H', 'x: "y"']]
    """
    text = text.replace("\r\n", "\n")
    reader = _Prompt(text) if re.search(r'\^"|[ \t]\^\n', text) else _Posix(text)
    return [found for found in reader.read() if found.words]


class _Reader(ABC):
    def __init__(self, text: str) -> None:
        self.text, self.at = text, 0
        self.word: str | None = None
        self.current = Words(1)

    def read(self) -> Iterator[Words]:
        """The commands, one after the other."""
        while self.at < len(self.text):
            if self.step():
                yield self._next()
        yield self._next()

    @abstractmethod
    def step(self) -> bool:
        """Take what stands here; whether it ends a command."""

    def line(self) -> int:
        """The line that is being read."""
        return self.text.count("\n", 0, self.at) + 1

    def take(self, text: str, count: int) -> None:
        """Add text to the word, and go on by so many characters."""
        if not self.current.words and self.word is None:
            self.current.line = self.line()
        self.word = (self.word or "") + text
        self.at += count

    def end_word(self) -> None:
        """The word is complete, if there is one."""
        if self.word is not None:
            self.current.words.append(self.word)
            self.word = None

    def _next(self) -> Words:
        self.end_word()
        done, self.current = self.current, Words(self.line())
        return done


class _Posix(_Reader):
    """POSIX.1-2017, Shell Command Language, 2.2 and 2.3; `$'…'` as in Bash."""

    def step(self) -> bool:
        """See _Reader."""
        here = self.text[self.at]
        if here in " \t":
            self.end_word()
            self.at += 1
        elif here == "\n":
            self.at += 1
            return True
        elif here in ";&|":
            self.at += 1
            return self._operator(here)
        elif here in "<>":
            self._redirect()
        elif here == "#" and self.word is None:
            self.at = self._find("\n")
        else:
            self._part(here)
        return False

    def _operator(self, here: str) -> bool:
        """`;` and `&` end a command; what comes after a pipe is no request."""
        if here == "|" and self.text[self.at : self.at + 1] != "|":
            self.end_word()
            self.at = self._find("\n")
        elif self.text[self.at : self.at + 1] == here:
            self.at += 1
        return True

    def _redirect(self) -> None:
        """Where output goes is of no interest: the operator and its file are passed over."""
        if self.word is not None and not self.word.isdigit():
            self.end_word()
        self.word = None
        found = re.compile(r"[<>&]+[ \t]*[^\s;&|<>'\"]*").match(self.text, self.at)
        self.at = found.end() if found else self.at + 1

    def _part(self, here: str) -> None:
        if here == "'":
            end = self._closing("'", self.at + 1)
            self.take(self.text[self.at + 1 : end], end + 1 - self.at)
        elif here == '"':
            self._double()
        elif self.text.startswith("$'", self.at):
            self._ansi()
        elif here == "\\":
            following = self.text[self.at + 1 : self.at + 2]
            if following == "\n":
                self.at += 2
            else:
                self.take(following, 2)
        else:
            self._expandable()

    def _expandable(self) -> None:
        """One character, or a whole expansion, which is kept as it is written."""
        found = _EXPANSION.match(self.text, self.at)
        if found:
            self.current.expansions.append(found[0])
        written = found[0] if found else self.text[self.at]
        self.take(written, len(written))

    def _double(self) -> None:
        start = self.at
        self.take("", 1)
        while self.at < len(self.text) and self.text[self.at] != '"':
            following = self.text[self.at + 1 : self.at + 2]
            if self.text[self.at] == "\\" and following and following in '$`"\\\n':
                self.take("" if following == "\n" else following, 2)
            else:
                self._expandable()
        if self.at >= len(self.text):
            self.at = start
            raise ShellError(self.line())
        self.at += 1

    def _ansi(self) -> None:
        end = self.at + 2
        while self.text[end : end + 1] not in ("'", ""):
            end += 2 if self.text[end] == "\\" else 1
        if end >= len(self.text):
            raise ShellError(self.line())
        self.take(_unescaped(self.text[self.at + 2 : end]), end + 1 - self.at)

    def _closing(self, quote: str, start: int) -> int:
        end = self.text.find(quote, start)
        if end < 0:
            raise ShellError(self.line())
        return end

    def _find(self, mark: str) -> int:
        end = self.text.find(mark, self.at)
        return len(self.text) if end < 0 else end


def _unescaped(text: str) -> str:
    """The inside of `$'…'` with its escapes replaced."""
    parts: list[str] = []
    at = 0
    while at < len(text):
        if text[at] != "\\" or at + 1 == len(text):
            parts.append(text[at])
            at += 1
            continue
        code = _CODES.match(text, at + 1)
        if code:
            number = int(next(digits for digits in code.groups()[:3] if digits), 16) if not code[4] else int(code[4], 8)
            parts.append(chr(number) if number < 0x110000 and not 0xD800 <= number < 0xE000 else "\ufffd")
            at = code.end()
        else:
            parts.append(_ANSI.get(text[at + 1], text[at + 1]))
            at += 2
    return "".join(parts)


class _Prompt(_Reader):
    """Windows' command prompt, as browsers write for it: `^` escapes outside of quotes, then quotes as programs read them."""

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.quoted = False
        """Whether the program sees itself inside of quotes."""
        self.shown = False
        """Whether the prompt sees itself inside of quotes: then `^` is a character."""

    def step(self) -> bool:
        """See _Reader."""
        here, following = self.text[self.at], self.text[self.at + 1 : self.at + 2]
        if here == "^" and not self.shown:
            self._caret(following)
        elif here == "\n":
            self.at += 1
            self.shown = self.quoted = False
            return True
        elif here == "&" and not self.shown:
            self.at += 1
            return True
        else:
            if here == '"' and self.text[self.at - 1 : self.at] != "\\":
                self.shown = not self.shown
            self._program(here, 1)
        return False

    def _caret(self, following: str) -> None:
        if following == "\n":
            self.at += 2
            if self.text[self.at : self.at + 1] == "\n":  # a line end inside of an argument is written so
                self.take("\n", 1)
        elif following:
            self._program(following, 2)
        else:
            self.at += 1

    def _program(self, character: str, count: int) -> None:
        """How programs split their arguments: `\\"` is a quote, other quotes begin or end what is kept together."""
        if character in " \t" and not self.quoted:
            self.end_word()
            self.at += count
        elif character == '"':
            if self.word is not None and self.word.endswith("\\"):
                self.word = self.word[:-1] + '"'
                self.at += count
            elif self.quoted and self.text[self.at : self.at + 2] == '""':
                self.take('"', 2)
                self.shown = not self.shown  # the prompt counts each of the two
            else:
                self.quoted = not self.quoted
                self.take("", count)
        else:
            self.take(character, count)
