"""Markers: texts and JSON members by which an answer is known, and that do not change from session to session."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import Any, cast

import orjson
from ahocorasick_rs import AhoCorasick
from selectolax.lexbor import LexborHTMLParser, LexborNode

from loadwright.compiler.agents.expect.json_places import common_place, first_item, has_own, is_of_type, place_in_one, without
from loadwright.compiler.agents.values import holds_half_a_pair, is_token
from loadwright.compiler.plan.jsonpath import Digits, load_json, quote_name
from loadwright.compiler.plan.model import Expectation, JsonExpectation, JsonSource, TextExpectation, ValueExpectation
from loadwright.compiler.plan.template import template

_SHORTEST = 3
"""Characters of a value that a marker must not hold: shorter ones stand everywhere."""
_LONGEST = 80
"""Characters of a marker; a longer value cannot stand in one, and would be costly to look for."""
_TELLING_LENGTH = 8
"""Characters of a part of a text from which it tells which text it is."""
_END, _NEAR_THE_END = "</html>", 400
"""How a page ends, and the characters that may follow (a comment of a cache)."""
_GAP = re.compile(r" {2,}")
_ELEMENTS = ("title", "h1", "h2", "legend", "label", "th")
_CHANGING_ELEMENTS = ("button",)
"""What may say something else in another state (`Follow`, `Unfollow`), so that a second recording must show it."""
_MOMENT = re.compile(
    r"\b(?:January|February|March|April|May|June|July|August|September|October|November|December|Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|"
    r"Oct|Nov|Dec|(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day|today|yesterday|tomorrow|ago|good (?:morning|afternoon|evening))\b",
    re.IGNORECASE,
)
"""Words of titles that say when they were written."""
_DEEP = 6
"""Objects in objects that are looked at."""
_TELLING = frozenset(("status", "state", "result", "outcome", "type", "kind", "object"))
_PASSING = frozenset(
    ("pending", "queued", "processing", "running", "waiting", "started", "starting", "new", "open", "active", "busy", "scheduled")
)
"""States that pass by themselves, so that a test that is faster or slower meets another one."""
_AT_THE_END = frozenset(("complete", "completed", "done", "failed", "finished", "succeeded", "success", "successful"))
_WENT_WELL = frozenset(("ok", "redirect", "succeeded", "success", "successful"))
"""What an answer says that came to what was asked for, where another would say a failure with the same status of HTTP."""
_CODES = re.compile(r"(?:(?:err(?:or)?|result|ret(?:urn)?|status)_?)?code|errno|ret", re.IGNORECASE)
_BESIDE_A_CODE = frozenset(("data", "desc", "errmsg", "err_msg", "info", "message", "msg", "payload", "result"))
"""What an application puts its answers into, with a number that says how it went."""
_CODES_OF_SUCCESS = (0, 200, "0")
_UNDER_WAY = re.compile(rf'"({"|".join(sorted(_TELLING))})"\s{{0,4}}:\s{{0,4}}"(?:{"|".join(sorted(_PASSING))})"', re.IGNORECASE)
_WORD = re.compile(r"[A-Za-z][A-Za-z_-]{1,29}")
_OWN_ERRORS = re.compile(r"(?:[a-z][A-Za-z]{0,30}E|e)rrors")


class Known:
    """Values that no marker may hold, looked for all at once."""

    def __init__(self, values: Iterable[str]) -> None:
        patterns = [value for value in dict.fromkeys(values) if _SHORTEST <= len(value) <= _LONGEST]
        self._automaton = AhoCorasick(patterns, store_patterns=False) if patterns else None

    def stand_in(self, text: str) -> bool:
        """Whether one of them stands in a text."""
        return self._automaton is not None and bool(self._automaton.find_matches_as_indexes(text))


class Contrasts:
    """Pages that a marker should not be of; each marker is looked for once."""

    def __init__(self, pages: Iterable[str]) -> None:
        self._pages = Counter(pages)
        self._holding: dict[str, int] = {}

    def others_hold(self, marker: str, page: str) -> bool:
        """Whether a marker of one page stands in a contrasting page of another text."""
        if marker not in self._holding:
            self._holding[marker] = sum(count for text, count in self._pages.items() if marker in text)
        return self._holding[marker] > self._pages[page]


def text_marker(
    text: str, others: Sequence[str], known: Known, contrasts: Contrasts, only_ascii: bool = False
) -> TextExpectation | None:
    """The title, heading or label that a page is known by: in the other recordings too, and free of `known` values.

    Where other recordings show what stays, one that login pages of the recording (`contrasts`) do not have goes before one that
    they have; from one recording the first is taken, since a further heading is rather the name of something. Of a page in another
    character set than UTF-8, which not every runtime reads, what is ASCII can be expected (`only_ascii`).
    """
    elements = (*_ELEMENTS, *(_CHANGING_ELEMENTS if others else ()))
    candidates = _candidates(text, elements)
    candidates = filter(None, map(_ascii_words, candidates)) if only_ascii else candidates
    fitting = (m for m in candidates if is_stable(m, known) and all(m in other for other in others))
    best = next(fitting, None)
    if best and others and contrasts.others_hold(best, text):
        best = next((m for m in fitting if not contrasts.others_hold(m, text)), best)
    return TextExpectation(relation="contains", value=template(best)) if best else None


def page_end(texts: Sequence[str]) -> Expectation | None:
    """That a page is there up to its end, where every recording has it so: one that broke off on its way has its title too."""
    ends = all(text.rfind(_END, -_NEAR_THE_END) >= 0 for text in texts)
    return TextExpectation(relation="contains", value=template(_END)) if ends else None


def _candidates(text: str, elements: Sequence[str]) -> Iterator[str]:
    """Titles, headings and texts of forms and tables as they stand in the text, the most telling first."""
    markers = ((node.text(deep=True) or "").strip() for node in _nodes(text, elements) if not _is_of_a_drawing(node))
    return (_before_a_gap(marker) for marker in markers if marker in text)


def _before_a_gap(marker: str) -> str:
    """A text up to its first gap, where it says enough: several blanks are where a page has something at other times.

    `Unread   - Feeds` is `Unread (3) - Feeds` when there is something to read.
    """
    first = _GAP.split(marker, maxsplit=1)[0]
    return first if sum(map(str.isalpha, first)) >= _SHORTEST else marker


def _nodes(text: str, elements: Sequence[str]) -> Iterator[LexborNode]:
    """The elements; the first mostly is enough, and then no more of the page is read than up to its end."""
    end = text.find(f"</{elements[0]}>")
    beginning = LexborHTMLParser(text[: end + len(elements[0]) + 3]) if end >= 0 else None
    if beginning and (first := beginning.css_first(elements[0])):
        yield first
    document = LexborHTMLParser(text)
    for element in elements:
        yield from document.css(element)


def _ascii_words(marker: str) -> str:
    """The longest run of a text's words that are ASCII, if it is long enough to tell something."""
    runs = re.findall(r"(?<!\S)[\x21-\x7e]+(?: [\x21-\x7e]+)*(?!\S)", marker)
    longest = max(runs, key=len, default="")
    return longest if len(longest) >= _TELLING_LENGTH else ""


def _is_of_a_drawing(node: LexborNode) -> bool:
    """Whether a title names an icon (SVG), rather than the page."""
    around = node.parent if node.tag == "title" else None
    while around is not None and around.tag != "svg":
        around = around.parent
    return around is not None


def is_stable(marker: str, known: Known) -> bool:
    """Whether a text may stay: not short or long, without digits, tokens, times and `known` values."""
    if not _SHORTEST <= len(marker) <= _LONGEST or "\n" in marker or re.search(r"\d", marker) or _MOMENT.search(marker):
        return False
    if any(is_token(word) for word in marker.split()):
        return False
    return not known.stand_in(marker)


def under_way(texts: Iterable[str]) -> frozenset[str]:
    """Names of members that tell in one of the texts that work is under way: how it ends is told when it has ended."""
    return frozenset(name.lower() for text in texts for name in _UNDER_WAY.findall(text))


def json_expectations(
    text: str,
    others: Sequence[str],
    alike: Sequence[object],
    known: Known,
    passing: Collection[str] = (),
    asked: str = "",
    own: Sequence[str] = (),
    later: frozenset[str] = frozenset(),
) -> list[Expectation]:
    """What a JSON answer is known by: a member that is there in all recordings, and a word in it that never changes.

    With other recordings the member's type is expected too; `alike` are documents of the endpoint in the same recording, or their
    shapes, which a constant must not differ in; `passing` are the names that tell elsewhere that work is under way; `asked` is the
    name of what is asked for, `own` what the user made up and the answer shows, `later` names that may not be there yet.
    """
    document, *rest = (without(read_json(one), later) for one in (text, *others))
    if isinstance(document, list):
        return _lists(document, rest, alike, asked, own)
    if not isinstance(document, dict) or not all(isinstance(other, dict) for other in rest):
        return []
    members = cast("dict[str, object]", document)
    further = [one for one in alike if isinstance(one, dict)]
    if not rest:
        if done := _went_well(members, passing):
            return list[Expectation](done)
        return _beside(place_in_one(members, further, known.stand_in, own), _code(members, further))
    partners = cast("list[dict[str, object]]", rest)
    told = _constants(members, [*partners, *further], known, passing) or _code(members, [*partners, *further])
    return _beside(common_place([members, *partners], further, asked, own), told)


def _beside(places: list[Expectation], told: list[JsonExpectation]) -> list[Expectation]:
    """What is there and what is told; a member that tells something is there."""
    telling = {one.path for one in told}
    return [*(one for one in places if _path(one) not in telling), *told]


def _path(expectation: Expectation) -> object:
    match expectation:
        case JsonExpectation(path=path) | ValueExpectation(source=JsonSource(path=path)):
            return path
    return None


def _went_well(document: dict[str, object], passing: Collection[str]) -> list[JsonExpectation]:
    """The word by which an answer says that all went well."""
    told = ((n, one) for n, one in document.items() if n.lower() in _TELLING and n.lower() not in passing)
    said = ((n, one) for n, one in told if isinstance(one, str) and one.lower() in _WENT_WELL)
    name, word = next(said, ("", ""))
    return [JsonExpectation(path=f"${quote_name(name)}", equals=template(word))] if name else []


def _code(document: dict[str, object], others: Sequence[dict[str, object]]) -> list[JsonExpectation]:
    """The number by which an answer says that all went well, in all answers of the endpoint: one of 0 or 200 beside the data.

    No list or thing has such a number at its top, and an application that writes one answers all with status 200.
    """
    if _BESIDE_A_CODE.isdisjoint(map(str.lower, document)):
        return []
    codes = ((n, one) for n, one in document.items() if _CODES.fullmatch(n) and one in _CODES_OF_SUCCESS and one is not False)
    name, code = next(codes, ("", None))
    stays = name and all(other.get(name) == code for other in others)
    return [JsonExpectation(path=f"${quote_name(name)}", equals=template(str(code)))] if stays else []


def shapes(texts: Iterable[str]) -> list[object]:
    """What JSON answers of an endpoint differ in that counts for it: members, lists without items, words that tell how it went."""
    found: dict[str, object] = {}
    for text in dict.fromkeys(texts):
        document = read_json(text)
        shape = _shape(document, _DEEP)
        if isinstance(document, dict) and isinstance(shape, dict):
            shape.update((n, one) for n, one in document.items() if n.lower() in _TELLING and isinstance(one, str))
            shape.update((n, one) for n, one in document.items() if _CODES.fullmatch(n) and isinstance(one, int | str))
        found.setdefault(repr(shape), shape)
    return list(found.values())


def _shape(value: object, depth: int) -> object:
    if isinstance(value, dict):
        return {name: _shape(one, depth - 1) for name, one in value.items()} if depth else {}
    return value[:1] and [None] if isinstance(value, list) else None


def _lists(
    document: list[object], rest: Sequence[object], alike: Sequence[object], asked: str, own: Sequence[str]
) -> list[Expectation]:
    if not all(isinstance(other, list) for other in rest):
        return []
    if rest:
        return common_place([document, *rest], alike, asked, own)
    return [first_item("$", [document]) if has_own(document, own) else is_of_type("$", "array")]


def result_expectations(text: str, others: Sequence[str], is_change: bool, known: Known) -> list[Expectation]:
    """What the answer of a GraphQL operation is known by: the field that was asked for and, of a change, the type of its result.

    A change that was refused may come with another type of result (`EmailConflictError`) and no errors.
    """
    documents = [one.get("data") if isinstance(one, dict) else None for one in map(read_json, (text, *others))]
    results = [one for one in documents if isinstance(one, dict)]
    if len(results) != len(documents):
        return []
    first = results[0]
    name = next((n for n in first if re.fullmatch(r"[A-Za-z_]\w*", n) and all(one.get(n) is not None for one in results)), None)
    if name is None:
        return []
    refused = _no_refusals(name, results) if is_change else []
    kinds = {one[name].get("__typename") if isinstance(one[name], dict) else None for one in results}
    kind = kinds.pop() if len(kinds) == 1 else None
    if (is_change or others) and isinstance(kind, str) and _WORD.fullmatch(kind) and not known.stand_in(kind):
        return [JsonExpectation(path=f"$.data.{name}.__typename", equals=template(kind)), *refused]
    if others and not is_change:
        return common_place([{"data": one} for one in results], [])
    types = {type(one[name]) for one in results}
    kind = "object" if types == {dict} else "array" if types == {list} else ""
    return [is_of_type(f"$.data.{name}", kind) if kind else JsonExpectation(path=f"$.data.{name}"), *refused]


def _no_refusals(name: str, results: Sequence[dict[str, Any]]) -> list[Expectation]:
    """That a change's own list of errors stays empty: what the user did wrong stands there, and the answer has no `errors`."""
    lists = [one[name] if isinstance(one[name], dict) else {} for one in results]
    empty = (n for n in lists[0] if _OWN_ERRORS.fullmatch(n) and all(n in one and one[n] in ([], None) for one in lists))
    errors = next(empty, "")
    return [JsonExpectation(path=f"$.data.{name}.{errors}[0]", negated=True, soft=True)] if errors else []


def holds_json(text: str) -> bool:
    """Whether an answer is an object or list of JSON, whatever type it was sent under."""
    return text[:1] in ("{", "[") and isinstance(read_json(text), dict | list)


def read_json(text: str) -> object:
    """A JSON document; None for what is none."""
    try:
        return orjson.loads(text)
    except orjson.JSONDecodeError:
        pass
    try:
        document = load_json(text)
        return None if holds_half_a_pair(document) else document
    except (ValueError, RecursionError):
        return None


def _constants(
    members: dict[str, object], others: Sequence[dict[str, object]], known: Known, passing: Collection[str]
) -> list[JsonExpectation]:
    """A word under a name that speaks of the outcome, the same wherever the answer is seen."""
    for name, value in members.items():
        if name.lower() not in _TELLING or not isinstance(value, str) or isinstance(value, Digits):
            continue
        if not _WORD.fullmatch(value) or is_token(value) or value.lower() in _PASSING or known.stand_in(value):
            continue
        if value.lower() in _AT_THE_END and name.lower() in passing:
            continue  # a test that is faster meets the work under way
        if all(other.get(name) == value for other in others):
            return [JsonExpectation(path="$" + quote_name(name), equals=template(value))]
    return []
