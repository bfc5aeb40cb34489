"""Calls of GWT-RPC: `7|0|6|http://…/|<policy>|<service>|<method>|…`, a table of texts, then numbers that refer to them.

Nothing publishes the format but the toolkit's own readers (`ServerSerializationStreamReader`, `ClientSerializationStreamReader`).
"""

from __future__ import annotations

import re

from msgspec import Struct

MEDIA_TYPE = "text/x-gwt-rpc"
LONG = "id"
"""What a long number is called: an object says no names, and most long numbers are ids."""
ANSWERED = "//OK["
"""How an answer begins, unless an exception was thrown (`//EX[`)."""

_PROTOCOL = re.compile(r"[5-9]\|\d{1,3}\|\d{1,5}\|")
_HAS_TOKEN = 2
_TYPE = re.compile(r"[\w.$\[;]{1,300}/\d{4,12}")
"""A type with the number that says its fields."""
_NUMBER = re.compile(r"-?\d{1,20}(?:\.\d{1,20})?(?:E-?\d{1,3})?")
_LONG = re.compile(r"[A-Za-z0-9$_]{1,11}")
"""Long numbers are written to the base of 64."""
_LOGIN = re.compile(r"(?i:log[_]?(?:in|on)|sign[_]?(?:in|on)|authenticate)")
_PASSWORD = re.compile(r"(?i:passw|passphrase)")
_LISTS = re.compile(r"(?i:list|find|search|page|count)")
_PRIMITIVE = frozenset("BCDFIJSZ")
_TEXT = "java.lang.String/"
_TELLING = 4
"""Digits from which a whole number is no reference to a table of texts."""
_FIRST = 3
"""Pieces before the table of texts."""
_SHORTEST = 5
"""Numbers of a call without arguments: address, policy, service, method, how many arguments."""
_LONGEST = 200_000


class Argument(Struct, frozen=True):
    """A text or long number of a call, by its place in it."""

    name: str
    value: str
    start: int
    end: int


def arguments(text: str) -> list[Argument]:
    """What a call sends besides the names of types, service and method, which the build fixes; nothing for another text."""
    if len(text) > _LONGEST or not _PROTOCOL.match(text):
        return []
    pieces = text.split("|")
    count = int(pieces[2])
    payload = pieces[_FIRST + count : -1]
    if len(payload) < _SHORTEST or payload[:2] != ["1", "2"] or pieces[-1] or not all(map(_is_of_a_payload, payload)):
        return []
    starts = [0]
    for piece in pieces:
        starts.append(starts[-1] + len(piece) + 1)
    token = payload[3] if int(pieces[1]) & _HAS_TOKEN else ""
    head = payload[4:] if token else payload[2:]
    if len(head) < _FIRST or not all(map(str.isdigit, head[:3])) or not 0 < int(head[1]) <= count:
        return []
    method, types = pieces[_FIRST + int(head[1]) - 1], head[3 : 3 + int(head[2])]
    closed = {*payload[1:3], *head[:2], *types} if token else {payload[1], *head[:2], *types}
    places = [n for n in range(2, count + 1) if str(n) not in closed and not _TYPE.fullmatch(pieces[_FIRST + n - 1])]
    texts = [n for n in places if str(n) != token]
    names = {1: "module_base", **dict(zip(texts, _called(method, len(texts)), strict=True))}
    if token in map(str, places):
        names[int(token)] = "rpc_token"
    found = [_argument(names[n], pieces, starts, _FIRST + n - 1) for n in sorted(names)]
    values = head[_FIRST + len(types) :]
    first = len(pieces) - 1 - len(values)
    numbers = _numbers(values, [pieces[_FIRST + int(one) - 1] for one in types if 0 < int(one) <= count], method)
    return [one for one in found if one.value] + [_argument(LONG, pieces, starts, first + n) for n in numbers]


def _numbers(values: list[str], types: list[str], method: str) -> list[int]:
    """Which values of a call are numbers that may identify something, and no references to its table.

    Of an object nothing says which is which: long numbers that have letters are, and whole ones of four digits. Where each
    argument is a number or text, its type says it; a single whole number counts as an id, but in a call that lists things.
    """
    is_flat = len(values) == len(types) and all(one in _PRIMITIVE or one.startswith(_TEXT) for one in types)
    found = [n for n, one in enumerate(values) if not _NUMBER.fullmatch(one) or (one.isdigit() and len(one) >= _TELLING)]
    if not is_flat:
        return found
    alone = [n for n, one in enumerate(types) if one in _PRIMITIVE]
    found += [n for n in alone if types[n] == "J"]
    if len(alone) == 1 and types[alone[0]] == "I" and not _LISTS.search(method) and len(values[alone[0]]) > 1:
        found += alone
    return sorted(set(found))


def _is_of_a_payload(piece: str) -> bool:
    return _NUMBER.fullmatch(piece) is not None or _LONG.fullmatch(piece) is not None


def _argument(name: str, pieces: list[str], starts: list[int], number: int) -> Argument:
    return Argument(name, pieces[number], starts[number], starts[number] + len(pieces[number]))


def _called(method: str, count: int) -> list[str]:
    """What the texts of a call are called: a log-in is called with a name and a password, whatever else."""
    if _PASSWORD.search(method):
        return ["password"] * count
    if _LOGIN.match(method):
        return ["password"] * count if count == 1 else ["user", *["password"] * (count - 1)]
    return ["text"] * count


def numbers_of(text: str) -> list[tuple[str, str]]:
    """The long numbers of an answer that is one object, and its whole ones of four digits, each with a pattern by its place.

    Of a list nothing is given: which of its rows is meant its places do not tell.
    """
    table = text.find('["') if text.startswith(ANSWERED) else -1
    if not 0 < table < _LONGEST or _of_several(text[table:]):
        return []
    found = []
    for place, piece in enumerate(text[len(ANSWERED) : table].split(",")):
        before = f"//OK\\[(?:[^,\\[\\]]+,){{{place}}}" if place else "//OK\\["
        if len(piece) > 2 and piece[0] == piece[-1] == '"' and _LONG.fullmatch(piece[1:-1]):
            found.append((piece[1:-1], f'{before}"([^"\\n]+)"'))
        elif piece.isdigit() and len(piece) >= _TELLING:
            found.append((piece, f"{before}(\\d+)"))
    return found


def _of_several(table: str) -> bool:
    """Whether the types of an answer have a list, set, map or array."""
    return re.search(r'"java\.util\.(?!Date/)|"\[', table[1:]) is not None
