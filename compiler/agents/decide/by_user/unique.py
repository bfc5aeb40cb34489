"""Words that a user made up so that nobody has typed them before: `f05fa879` in `Pump leaks f05fa879`.

Whoever records with such a word needs it to be new: an application may refuse the same title, name or comment a second time.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Sequence

from msgspec.structs import replace

from loadwright.compiler.agents.facts import Facts, Site
from loadwright.compiler.agents.names import is_constant_name, is_nonce_name
from loadwright.compiler.agents.observe.inside import inner_site, inner_sites
from loadwright.compiler.agents.observe.notations import all_leaves, is_document
from loadwright.compiler.agents.observe.typed import is_entered
from loadwright.compiler.agents.secret_names import is_secret_name
from loadwright.compiler.agents.values import UUID, is_round_or_date, is_token
from loadwright.compiler.plan.template import Part, call
from loadwright.compiler.recording.graphql import only_reads
from loadwright.compiler.recording.model import Entry

_LONGEST = 300
_NO_TEXT = re.compile(r"[{}\[\]<>=;&\\|]")
"""What stands in code, markup and queries rather than in what a person types."""
_WORD = re.compile(r"[A-Za-z0-9]{8,40}")
_SPACES = re.compile(r"\s+")
_COMPOUND = re.compile(r"[A-Za-z0-9]+(?:[-_.+@/][A-Za-z0-9]+)+")
_OTHER_PART = re.compile(r"[A-Z]?[a-z]{2,}(?:[A-Z][a-z]{2,})*|[A-Z]{2,}|\d{1,4}")
_HEX = re.compile(r"(?=.*\d.*\d.*\d)(?=.*[a-f])(?:[0-9a-f]{2})+")
"""Hexadecimal digits, of which one letter is enough: a word has no three digits in it."""
_DRAWN_HEX = re.compile(r"(?=[a-f]*\d+[a-f])(?=.*[a-f])(?:[0-9a-f]{2}){4,}")
"""No word has a digit before its last letter."""
_NO_VOWEL = re.compile(r"(?=[b-df]*\d)(?=\d*[b-df])(?:[b-df0-9]{2}){4,}")
"""Hexadecimal digits that nobody can say, with a digit wherever it stands: `ddcbdbb1`."""
_NO_LETTER = re.compile(r"\d{8}")
"""One in forty of four random bytes in hexadecimal has no letter."""
_GLUED = re.compile(r"[A-Z]?[a-z]{3,24}?((?=[a-f]*\d[a-f]*\d[a-f]*\d)(?=\d*[a-f])(?:[0-9a-f]{2}){4,8})")
"""A word with hexadecimal digits right behind it, as tests make names up: `Greta4c6ce8af`."""
_SPOKEN = re.compile(r"[A-Za-z][a-z]{2,}(?:[A-Z][a-z]{2,})*|[A-Z]{3,}")
_BEGINS = r"(?:(?<![A-Za-z0-9])|(?<=%[0-9A-Fa-f]{2}))"
"""A word begins, in a text or behind an escape of a URL."""
_LONGEST_CODE = 5000
_QUOTED = re.compile(r"'([^'\n]{3,300})'|\"([^\"\n]{3,300})\"")
_NAMED = re.compile(r"(?<![\w.'\"-])[A-Za-z]{3,30}_[0-9A-Za-z]{8,16}(?![\w.'\"-])")


def unique_words(entries: Sequence[Entry], facts: Facts, server_made: Callable[[str], bool]) -> dict[str, Site]:
    """Each such word with the site that sent it first; the request must be one that may make something."""
    found: dict[str, Site] = {}
    alone: set[str] = set()
    names: set[str] = set()

    def is_given(word: str) -> bool:
        """Whether an answer had a word first; one that is no token is not known apart from the name it was sent in."""
        return (is_token(word) or not _NO_VOWEL.fullmatch(word)) and server_made(word)

    for entry in entries:
        makes = not only_reads(entry)
        logs_in = sum(is_secret_name(site.name) for site in facts.sites[entry.index]) == 1  # who registers types it twice
        for site in facts.sites[entry.index]:
            written = [site, *_in_code(site), *_in_a_document(site)] if makes else []
            for word in (word for one in written for word in _words(one)):
                is_told = not word.isdigit() or word in facts.occurrences or _is_kept(word, facts, entries)
                if word in found or word in alone or is_given(word) or not is_told:
                    continue  # a number counts where the application tells of it afterwards
                if not _shown_before(word, facts, entries):
                    found[word] = site
            for word in (word for one in written for word in _part_of_a_name(one, facts)):
                is_account = logs_in and is_glued(word, site.value)
                if word not in found and word not in names and not is_given(word) and _is_kept(word, facts, entries):
                    found.update({} if is_account else {word: site})
                names.add(word)
            alone.add(site.value)  # looked up by itself before: it may speak of something that is there
    return found


def is_glued(word: str, text: str) -> bool:
    """Whether a made-up word stands right behind a spoken one in a name."""
    found = _GLUED.fullmatch(text)
    return found is not None and found[1] == word


def places_of(shown: str, text: str, is_behind_words: bool) -> Iterator[tuple[int, int]]:
    """Where a made-up word, or what was typed with it, stands in a text; some stand right behind other words, too."""
    begins = f"(?:{_BEGINS}|(?<=[a-z]))" if is_behind_words else _BEGINS
    yield from (found.span() for found in re.finditer(rf"{begins}{re.escape(shown)}(?![A-Za-z0-9])", text))


def in_capitals(word: str, text: str) -> Iterator[tuple[int, int]]:
    """Where a made-up word stands in capitals, as codes are written, behind a mark, a space or other capitals: `CREW4C6CE8AF`."""
    shown = word.upper()
    if shown != word and shown in text:
        yield from (found.span() for found in re.finditer(rf"(?<![a-z0-9]){re.escape(shown)}(?![A-Za-z0-9])", text))


def made_up_files(entries: Sequence[Entry], sent: Callable[[str], bool], server_made: Callable[[str], bool]) -> Iterator[str]:
    """Names of uploaded files, without their endings, that look made up and that other requests speak of."""
    for entry in entries:
        for part in entry.request.parts:
            stem = (part.filename or "").partition(".")[0]
            if _WORD.fullmatch(stem) and not stem.isdigit() and is_token(stem) and sent(stem) and not server_made(stem):
                yield stem


def made_up_in_files(
    entries: Sequence[Entry], sent: Callable[[str], bool], server_made: Callable[[str], bool], made_up: Collection[str]
) -> Iterator[str]:
    """The random parts of names of uploaded files (`plan-611774df.txt`, `Yard plan 611774df.pdf`) that other requests speak of.

    By the whole name, or by a word of it that the user made up: an application may call what it makes after the file.
    """
    for entry in entries:
        for name in (part.filename for part in entry.request.parts if part.filename):
            stem = name.partition(".")[0]
            word = _random_part(_SPACES.sub("-", stem))
            if word and (word in made_up or ((sent(name) or sent(stem)) and not server_made(word))):
                yield word


def _words(site: Site) -> Iterator[str]:
    """The random words among the words of a text: one of several, and only one."""
    text = site.value
    if site.location not in ("form", "json", "part") or len(text) > _LONGEST or _NO_TEXT.search(text) or is_secret_name(site.name):
        return
    words = [word.strip(".,:!?()'\"-") for word in text.split()]
    random = [word for word in words if _WORD.fullmatch(word) and _is_random(word)]
    others = (part for word in words if word not in random for part in word.split("-"))
    if len(random) == 1 and any(map(_SPOKEN.fullmatch, others)):
        yield random[0]


def _is_random(word: str) -> bool:
    """Whether nobody would say a word: a token, hexadecimal digits, or a number that is no date."""
    if word.isdigit():
        return _NO_LETTER.fullmatch(word) is not None and not is_round_or_date(word)
    return is_token(word) or _is_scattered(word) or any(drawn.fullmatch(word) for drawn in (_DRAWN_HEX, _NO_VOWEL))


def _in_code(site: Site) -> Iterator[Site]:
    """The quoted texts and the names in code that a person types (`VALUES('Pump f05fa879', 4)`), each as a text of its own."""
    text = site.value
    if site.location not in ("form", "json", "part") or len(text) > _LONGEST_CODE or not _may_be_code(text) or is_document(text):
        return
    quoted = (match[1] or match[2] for match in _QUOTED.finditer(text))
    names = (match[0] for match in _NAMED.finditer(text))
    yield from (replace(site, value=piece) for piece in (*quoted, *names) if piece)


def _in_a_document(site: Site) -> Iterator[Site]:
    """The texts of a document that a field holds, or one in a batch, each as one of its own."""
    if site.location == "body":
        yield from (replace(inner_site(site, leaf), location="json") for leaf in all_leaves(site.value) if not leaf.in_url)
    elif site.location in ("form", "part") and site.value[:1] == "{" and is_document(site.value):
        yield from inner_sites(site)


def _may_be_code(text: str) -> bool:
    """Whether a text has words, and a quote or bracket behind them."""
    sign = max(map(text.rfind, "'\"(="))
    gap = max(text.rfind(one, 0, sign) for one in " \n(") if sign > 0 else -1
    return gap > 0 and re.search(r"\w", text[:gap]) is not None


def _part_of_a_name(site: Site, facts: Facts) -> Iterator[str]:
    """The random part of a name without spaces, all other parts of which are spoken: `greta-4c6ce8af`, `Greta4c6ce8af`."""
    text, glued = site.value, None  # in a path: what a wiki's page is called, that is made by being sent there
    if (
        site.location not in ("form", "json", "part", "path")
        or len(text) > 80
        or not (_COMPOUND.fullmatch(text) or (glued := _GLUED.fullmatch(text)))
        or UUID.search(text)
    ):
        return
    is_scripts = is_nonce_name(site.name) or is_constant_name(site.name)  # `clientId` is, but where the user types it
    if is_secret_name(site.name) or (is_scripts and not is_entered(site, facts)):
        return
    if word := glued[1] if glued else _random_part(text):
        yield word


def is_a_name(site: Site, facts: Facts, entries: Sequence[Entry]) -> bool:
    """Whether the user made up a name of spoken words and one random word: an application may want its form (`gate_4c6ce8af`)."""
    return any(_is_kept(word, facts, entries) for word in _part_of_a_name(site, facts))


def _random_part(text: str) -> str:
    parts = [part for part in re.split(r"[-_.+@/]", text) if part]
    random = [p for p in parts if 8 <= len(p) <= 16 and not p.isdigit() and _looks_drawn(p)]
    others = [part for part in parts if part not in random]
    alone = len(random) == 1 and any(map(_SPOKEN.fullmatch, others)) and all(map(_OTHER_PART.fullmatch, others))
    return random[0] if alone else ""


def _looks_drawn(part: str) -> bool:
    return is_token(part) or _is_scattered(part) or any(drawn.fullmatch(part) for drawn in (_HEX, _NO_VOWEL))


def _is_kept(word: str, facts: Facts, entries: Sequence[Entry]) -> bool:
    """Whether the application tells of the word after it was sent and did not before: it is of a thing that the user made."""
    sent = _first_sent(word, facts)
    before, after = (e for e in entries if e.ended <= sent), (e for e in entries if e.ended > sent)
    return not any(_tells(e, word) for e in before) and any(_tells(e, word) for e in after)


def _tells(entry: Entry, word: str) -> bool:
    return word in (entry.response.text or "") or any(word in value for _, value in entry.response.headers)


def _first_sent(word: str, facts: Facts) -> float:
    return min(site.started for sites in facts.sites.values() for site in sites if word in site.value)


def _is_scattered(word: str) -> bool:
    """Whether small letters and digits take turns, as in no word and number: `bfb66fc1`."""
    return word == word.lower() and len(re.findall(r"[a-z]+|\d+", word)) >= 3 and sum(map(str.isdigit, word)) >= 2


def _shown_before(word: str, facts: Facts, entries: Sequence[Entry]) -> bool:
    """Whether a response held the word before any request did: what is no token is not looked for there."""
    if is_token(word):
        return False
    sent = _first_sent(word, facts)
    return any(e.ended <= sent and word in (e.response.text or "") for e in entries)


def another(word: str) -> Part:
    """What makes a new word of the same length: digits, or small or capital letters where the recorded one had no others."""
    if word.isdigit():
        return call("random", f"1{'0' * (len(word) - 1)}", "9" * len(word))
    made = call("random_string", str(len(word)))
    cased = "lower" if word == word.lower() else "upper" if word == word.upper() else ""
    return call(cased, made) if cased else made
