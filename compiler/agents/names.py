"""What the names of fields say, and names made of them."""

from __future__ import annotations

import re
from functools import lru_cache

from loadwright.compiler.agents.values import WORDS, is_token

_NAME_PARTS = re.compile(r"[\[\].:/]+|__(?=[a-z]+$)")
_OPERATOR = re.compile(
    r"[_$]?(?:n?eq|ne|n?in|gte?|lte?|i?exact|is|equals?|contains)_?|[_$](?:any|all|i?like)|(?:not_)?(?:any|all|i?like)_",
    re.IGNORECASE,
)
"""How the languages of filters compare: `[_eq]`, `[$in]`, `__exact`, `{"any_": […]}`."""
_ID_WORDS = frozenset(
    [
        *("id", "ids", "pk", "uuid", "guid", "key", "rk", "number", "no", "nr", "num"),
        *("ref", "reference", "slug", "token", "code", "handle", "sub"),
    ]
)
_ENDS_SO = re.compile("(?:cand|cov|dro|eucl|flu|gr|hybr|inval|liqu|luc|orch|pa|plac|pyram|rap|sol|splend|squ|stup|tablo|val|vo)id$")
"""Words that end in `id` by themselves, also behind another one."""
_NUMBERED = frozenset(("area", "card", "fax", "house", "mobile", "phone", "post", "postal", "street", "tel", "telephone", "zip"))
"""What people tell of themselves as a number."""
_STATES = frozenset(
    ("javax.faces.ViewState", "jakarta.faces.ViewState", "__VIEWSTATE", "__EVENTVALIDATION", "RelayState", "_flowExecutionKey")
)
_COUNTING = frozenset(("next", "total", "max", "min"))
"""What is said of a number that counts: the `nextNum` of a list that is sent is its length."""
_USER_NAME = re.compile(r"^(?:user|login|email|e-?mail|username|user_?name|user_?id|account|name)$", re.IGNORECASE)
_NONCE_NAME = re.compile(
    r"state|nonce|verifier|request_?id|correlation_?id|trace|idempotency|client_?id_?seq|cache_?buster|^_$|guid|uuid", re.IGNORECASE
)
_CONSTANT_NAME = re.compile(
    r"client_?id|app_?id|^next-action$|^x-gwt-permutation$|^operationName$|version|^v$|^ver$|hash|scope|method|mode|type|redirect|locale|lang|format|integrity|build",
    re.IGNORECASE,
)
_FIXED_NAME = re.compile(
    r"^(?:client|app|application|tenant|audience)_?id$|^next-action$|^x-gwt-permutation$|^integrity$|^(?:api_?|build_?)?(?:version|ver|v)$",
    re.IGNORECASE,
)

_READING = re.compile(
    r"(?:get|list|fetch|find|load|query|search|read|show|check|need|has|is|count|watch|(?:un)?subscribe)(?![a-z])"
)


def is_reading(call: str) -> bool:
    """Whether a call of this name changes nothing: `getMonitor`, `list_tags`."""
    return _READING.match(call[:1].lower() + call[1:]) is not None


def is_state(name: str) -> bool:
    """Whether a protocol keeps the state of a page under this name (JSF, Web Forms, SAML, Spring Web Flow)."""
    return name in _STATES


def is_user_name(name: str) -> bool:
    """Whether a field of this name holds who the user is."""
    return bool(_USER_NAME.match(plain_name(name)))


def is_nonce_name(name: str) -> bool:
    """Whether a field of this name holds what a client makes anew each time."""
    return bool(_NONCE_NAME.search(plain_name(name)))


@lru_cache(maxsize=8192)
def is_constant_name(name: str) -> bool:
    """Whether a field of this name holds what the application fixes (a client id, a version, a mode)."""
    return bool(_CONSTANT_NAME.search(plain_name(name)))


@lru_cache(maxsize=8192)
def is_fixed_name(name: str) -> bool:
    """Whether a field of this name identifies the client application, which no session changes."""
    return bool(_FIXED_NAME.search(plain_name(name)))


@lru_cache(maxsize=8192)
def is_id_name(name: str) -> bool:
    """Whether a field of this name identifies something (`id`, `orderId`, `item_id`, `uuid`, `key`)."""
    field, is_compared = _filtered(name)
    words = [w.lower() for w in WORDS.findall(field if is_compared else name)]
    if len(words) > 1 and words[-1] in ("number", "no", "nr", "num", "code") and words[-2] in _NUMBERED | _COUNTING:
        return False
    return bool(words) and (words[-1] in _ID_WORDS or re.fullmatch("[a-z]id", words[-1]) is not None or _is_id_of_a_word(words[-1]))


def _is_id_of_a_word(word: str) -> bool:
    """Whether a word in one case is another one with `id` behind it (`contextid`), and none that ends so by itself (`paid`)."""
    return len(word) > 5 and word.endswith("id") and not _ENDS_SO.search(word)


_COUNTS = frozenset(["page", "paged", "limit", "count", "quantity", "size", "version", "offset", "total", "step", "index"])
_LIMIT = re.compile(r"(?i:(?:^|[_-])(?:max|min)(?:imum)?(?:$|[_-]))|^(?:max|min)(?=[A-Z])")
"""What a form says of how much may be sent: `MAX_FILE_SIZE`."""
_COUNTED = re.compile(r"(?<=\w)(?:[_-](?:limit|count|size|offset)|(?:Limit|Count|Size|Offset)|rowcount)$")
"""How the names of counts end: `row_limit`, `pageSize`."""


def is_count_name(name: str) -> bool:
    """Whether a field of this name counts, pages or sets a limit."""
    return folded(name) in _COUNTS or _LIMIT.search(plain_name(name)) is not None or _COUNTED.search(plain_name(name)) is not None


_REVISION = re.compile("(?:version|revision|rev|lock|seqno|primaryterm|generation)(?:match)?$|^ver$")


_NUMBER_OF_A_ROW = re.compile(r"(?<=[A-Za-z])[_.-]\d{1,3}$")
"""What tells the fields of one row from those of another: `version_0`, `version_1`."""


@lru_cache(maxsize=8192)
def is_revision_name(name: str) -> bool:
    """Whether a field of this name counts the changes of a thing, so that a change of an old state is refused."""
    return _REVISION.search(folded(_NUMBER_OF_A_ROW.sub("", name))) is not None


_CHANGED = re.compile("modified|updated|changed|lastmod|mtime")


@lru_cache(maxsize=8192)
def says_when_changed(name: str) -> bool:
    """Whether a field of this name says when a thing was changed last (`sys_updated_on`, `ifUnmodifiedSince`)."""
    return _CHANGED.search(folded(name)) is not None


@lru_cache(maxsize=8192)
def is_operator(name: str) -> bool:
    """Whether a name is how a filter compares: `{"productId": {"eq": 4}}`."""
    return _OPERATOR.fullmatch(name) is not None


def plain_name(name: str) -> str:
    """The last part of a dotted or bracketed name, without an operator: `user[password]`, `filter[item][_eq]`, `item__in`.

    What is compared may be a list: `where[id][in][0]`.
    """
    return _filtered(name)[0]


def is_filter_by_id(name: str) -> bool:
    """Whether a name compares the bare id of what its address has: `where[id][in][0]`, `filter[id][_eq]`."""
    field, is_compared = _filtered(name)
    return is_compared and field.lower() in ("id", "pk", "_id")


@lru_cache(maxsize=8192)
def _filtered(name: str) -> tuple[str, bool]:
    """The last part of a name without an operator, and whether it had one."""
    parts = [p for p in _NAME_PARTS.split(name) if p]
    if len(parts) > 2 and parts[-1].isdigit() and _OPERATOR.fullmatch(parts[-2]):
        parts.pop()
    count = len(parts)
    while len(parts) > 1 and _OPERATOR.fullmatch(parts[-1]):
        parts.pop()
    return (parts[-1] if parts else name), len(parts) < count


@lru_cache(maxsize=8192)
def folded(name: str) -> str:
    """A name without case, separators and the `X-` of headers, to compare `csrfToken`, `csrf_token` and `X-CSRF-Token`."""
    return re.sub(r"^x-|[^a-z0-9]", "", plain_name(name).lower())


def identifier(*hints: str, fallback: str = "value") -> str:
    """A variable name in snake case from the first hint that gives one (`X-CSRF-Token` gives `csrf_token`)."""
    for hint in hints:
        words = [w.lower() for w in WORDS.findall(re.sub(r"^X-", "", _spoken_name(hint)))]
        name = "_".join(words)[:40].strip("_")
        if name and not name[0].isdigit():
            return name
    return fallback


_DRAWN_ENDS = re.compile(r"(?:[-_](?=[0-9a-f]*[0-9])[0-9a-f]{10,32})+$")
"""What is drawn behind the words of a name: `note_2083fcc4872e_2083fccd240e` is a `note`."""


def _spoken_name(name: str) -> str:
    """The last part of a name that is no number and no token: `fields[multi_edit][0][c47d1870…]` gives `multi_edit`."""
    if "[" not in name:
        return _DRAWN_ENDS.sub("", plain_name(name)) or plain_name(name)
    parts = [p for p in re.split(r"[\[\].:/]+", name) if p]
    return next((p for p in reversed(parts) if not p.isdigit() and not is_token(p)), plain_name(name))


_WITH_AN_S = ("alias", "analysis", "axis", "basis", "bonus", "bus", "campus", "canvas", "lens", "news", "series", "status", "virus")
"""Words that end in an s and are no plural."""


def singular(word: str) -> str:
    """A plural path segment made singular, well enough for a name (`notes`, `categories`, `boxes`)."""
    bare = word.removesuffix("es") if word.lower() not in _WITH_AN_S else word
    if bare.lower() in _WITH_AN_S:
        return bare
    for ending, replacement in (("ies", "y"), ("sses", "ss"), ("xes", "x"), ("ches", "ch"), ("shes", "sh"), ("s", "")):
        if word.endswith(ending) and len(word) > len(ending) + 1 and not word.endswith("ss"):
            return word[: -len(ending)] + replacement
    return word


def plural(word: str) -> str:
    """A word made plural, well enough to look for it in a path."""
    return f"{word[:-1]}ies" if word.endswith("y") else f"{word}es" if word.endswith(("s", "x")) else f"{word}s"


def without_id(name: str) -> str:
    """What a name says that it is the id of; the name itself where it says no id."""
    return re.sub(r"(?<=\w\w)(?:[-_](?:id|pk)s?|(?:Id|ID|Pk)s?)$", "", plain_name(name))


def is_called_after(given: str, asked: str) -> bool:
    """Whether a field may be called after an id: `post` after `post_ID` or `id`, and `filter_set` not after `widgetid`."""
    thing, field = folded(without_id(given)), folded(without_id(asked))
    return len(thing) <= len("id") or thing in field or field in thing
