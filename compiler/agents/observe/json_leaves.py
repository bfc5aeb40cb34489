"""The values of a JSON document, each by its pointer and by what the document calls it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from loadwright.compiler.agents.names import is_operator
from loadwright.compiler.agents.secret_names import is_secret_name

_NAMES = frozenset(("name", "key", "field", "id", "property", "attribute", "setting", "option", "type", "n", "k"))
_VALUES = frozenset(("value", "val", "content", "text", "newvalue", "new_value", "v"))
_SECURE = frozenset(("secureJsonData", "secureSettings", "secretData", "secrets"))
"""What holds nothing but secrets, whatever they are called."""
_KIND_OF_SECRETS, _DATA_OF_SECRETS = "Secret", ("data", "stringData")
"""How Kubernetes calls an object that holds secrets, and its members that do."""
_HELD = frozenset(("value", "val", "plain", "plaintext", "raw", "text", "digest", "hash", "answer"))
"""What a member of a password is called that is the password: `"password": {"digest": …}`."""
_ASKS_FOR_PASSWORD = "PasswordCallback"
"""How the log-ins of Access Management (ForgeRock, Ping, Open Identity Platform) call the step that asks for one."""
_PAIR = 6
"""Members up to which an object may be a name with its value."""


def json_names(value: Any, pointer: str = "") -> Iterator[tuple[str, str]]:
    """Every name of a JSON document's members, with the pointer (RFC 6901) of what it is in."""
    if isinstance(value, dict):
        yield from ((pointer or "/", name) for name in value)
    members = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, child in members:
        if isinstance(child, dict | list):
            yield from json_names(child, f"{pointer}/{str(key).replace('~', '~0').replace('/', '~1')}")


def json_leaves(value: Any) -> Iterator[tuple[str, str, str]]:
    """Pointer (RFC 6901), nearest member name and text of every string and number; how a filter compares is no name."""
    return ((pointer, name, str(leaf)) for pointer, name, leaf in leaves_of(value))


def secret_of_pair(pair: Mapping[str, Any]) -> str:
    """The name in a pair of name and value that says of the value that it is secret: `{"name": "password", "value": …}`.

    An operation of a JSON Patch (RFC 6902) says by a path what its value is: `{"op": "test", "path": "/version", "value": 3}`.
    """
    if "op" in pair and isinstance(path := pair.get("path"), str) and (member := path.rpartition("/")[2]).isidentifier():
        return member
    names = (name for key, name in pair.items() if key.lower() in _NAMES and isinstance(name, str)) if len(pair) <= _PAIR else ()
    return next(filter(is_secret_name, names), "") or _labelled(pair)


def _labelled(pair: Mapping[str, Any]) -> str:
    """The label of a field that says so; not that of a choice, whose value is the word itself."""
    label, value = pair.get("label"), pair.get("value")
    if len(pair) > _PAIR or not isinstance(label, str) or not isinstance(value, str) or value.lower() in label.lower():
        return ""
    return label if is_secret_name(label) else ""


def is_value(key: str) -> bool:
    """Whether a member or field is the value of a pair of name and value, by what it is called."""
    return key.lower() in _VALUES


def leaves_of(
    value: Any, pointer: str = "", name: str = "", held: str = "", is_secure: bool = False
) -> Iterator[tuple[str, str, str]]:
    """The same, numbers as `Digits`.

    `held` is what values within are called by the type of what holds them; what holds nothing but secrets `is_secure`.
    """
    if isinstance(value, dict):
        held = "password" if value.get("type") == _ASKS_FOR_PASSWORD else held
        of_pair = secret_of_pair(value) or held
        is_kept = value.get("kind") == _KIND_OF_SECRETS
        for key, child in value.items():
            is_outer = name and (is_operator(key) or (key.lower() in _HELD and is_secret_name(name)))
            named = of_pair if of_pair and is_value(key) else name if is_outer else key
            named = f"{named} secret" if is_secure and not is_secret_name(named) else named
            holds = is_secure or key in _SECURE or (is_kept and key in _DATA_OF_SECRETS)
            yield from leaves_of(child, f"{pointer}/{key.replace('~', '~0').replace('/', '~1')}", named, held, holds)
    elif isinstance(value, list):
        for position, child in enumerate(value):
            yield from leaves_of(child, f"{pointer}/{position}", name, held, is_secure)
    elif isinstance(value, str):
        yield pointer, name, value
