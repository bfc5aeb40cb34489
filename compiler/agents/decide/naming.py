"""What values are called in the intent."""

from __future__ import annotations

import re

from loadwright.compiler.agents.decide.numbers.things import holder
from loadwright.compiler.agents.facts import Occurrence, Site
from loadwright.compiler.agents.names import identifier, plain_name, singular
from loadwright.compiler.agents.observe.answers.in_calls import ROW
from loadwright.compiler.agents.observe.answers.in_fields import IN_A_NAME
from loadwright.compiler.agents.observe.fragments import is_list_of_paths
from loadwright.compiler.agents.values import is_code, is_token
from loadwright.compiler.plan.describe import describe_source
from loadwright.compiler.plan.jsonpath import Member, parse_path
from loadwright.compiler.plan.model import CssSource, JsonSource
from loadwright.compiler.plan.template import fixed

RESERVED = frozenset(("true", "false", "null", "number"))
"""Words that mean something else where a value stands."""
_WEAK = frozenset(("id", "pk", "key", "value", "token", "data", "code", "uuid", "number"))
_ENVELOPES = frozenset(("data", "result", "results", "response", "payload", "attributes", "content", "body", "d"))
"""Members that hold an answer as a whole."""
_VERBS = frozenset(("api", "rest", "me", "new", "add", "create", "edit", "update", "save", "delete", "search", "query", "graphql"))
_FIELDS = ("hidden input", "input")
_WORD = re.compile(r"[A-Za-z]{3,}")
_WORDS_AT_END = re.compile(r"[A-Za-z]{3}[A-Za-z_~.-]*$")
_KIND = re.compile(r"([A-Za-z]{3,20})\d{1,10}")
_LONG_NUMBER = re.compile(r"\d{4}")
_FILE_TYPE = re.compile(r"\.\w{1,5}$")


def capture_names(site: Site, source: Occurrence) -> tuple[str, ...]:
    """What to call a capture, the most telling first: `id` alone says nothing, what it is the id of does."""
    if site.location == "query" and not site.name and (end := _WORDS_AT_END.search(site.value)):
        return ("_".join(re.split("[-.~]+", end.group())[-2:]),)  # `4-1.-editForm`, a query without names
    if source.context == IN_A_NAME:
        return ("field_number",)
    is_unnamed = not site.name or is_list_of_paths(site.value)
    if is_unnamed and not source.name and (site.context or source.context):
        if (kind := _KIND.fullmatch(source.value)) and not is_code(source.value):  # `issue17`
            return (kind[1],)
        around = (_FILE_TYPE.sub("", context) for context in (site.context, source.context) if not is_token(context))
        owner = next((c for c in around if _WORD.search(c)), "") or _last_word(describe_source(source.source))
        return (f"{singular(owner)}_id",)
    if source.name.endswith(ROW):
        return (site.name,)  # a function that makes rows says nothing of what they are
    if isinstance(source.source, CssSource) and source.kind in _FIELDS and not _says_name(source.source, source.name):
        return ("field_value",)  # the name is another one in each session
    names = [source.name] if site.key == "authorization" else [source.name, site.name]
    if plain_name(source.name).lower() in _WEAK:
        owner = _parent(source) if isinstance(source.source, JsonSource) else ""
        if owner in _ENVELOPES:
            owner = _made_of(source.path) or owner
        owner = owner or (_place(site.context, source.path) if site.location == "path" else "")
        names = [f"{singular(owner)}_{source.name}" if owner else "", *reversed(names)]
    return tuple(sorted((n for n in names if n), key=lambda n: plain_name(n).lower() in _WEAK))


def _says_name(source: CssSource, name: str) -> bool:
    """Whether a selector is by a field's name, or by what stands in it around a number."""
    return name in source.selector or "[name^=" in source.selector or "[name$=" in source.selector


def _place(before: str, path: str) -> str:
    """The segment before an id, or what the path of its source speaks of where that segment is an id too."""
    return _made_of(path) or before if _LONG_NUMBER.search(before) or is_token(before) else before


def _made_of(path: str) -> str:
    """What a path speaks of: `tickets` of `/items/tickets`, `users` of `/users/me`."""
    words = [s for s in path.split("/") if _WORD.fullmatch(s) and s.lower() not in _VERBS]
    return words[-1] if words else ""


def _last_word(text: str) -> str:
    return next(reversed(_WORD.findall(text)), "value")


def free_name(taken: set[str], *hints: str, numbers: dict[str, int] | None = None) -> str:
    """A name from the first hint that gives one, numbered when it is taken; it is taken from then on.

    `numbers` are the last ones by name, kept from call to call: of thousands of names none is counted from one again.
    """
    base = identifier(*hints)
    number = (numbers or {}).get(base, 1)
    name = base if number == 1 else f"{base}_{number}"
    while name in taken or name in RESERVED:
        number += 1
        name = f"{base}_{number}"
    taken.add(name)
    if numbers is not None:
        numbers[base] = number
    return name


def _parent(occurrence: Occurrence) -> str:
    """The member that holds the one a path ends in: `cart` for `$.cart.id`, `items` for `$.items[0].id`.

    In an envelope it is the thing that is spoken of: `product` for `$.data.createProduct.id`.
    """
    path = fixed(occurrence.source.path) if isinstance(occurrence.source, JsonSource) else "$"
    members = [segment.name for segment in parse_path(path) if isinstance(segment, Member)]
    if len(members) > 2 and members[0] == "data" and (words := holder(occurrence)):
        return "_".join(words)
    return members[-2] if len(members) > 1 else ""
