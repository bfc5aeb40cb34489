"""Values of every look, and words to name things by. The first generator argument fixes the application, the second the session."""

from __future__ import annotations

import base64
import hashlib
import json
import uuid
from collections.abc import Callable
from random import Random

ALPHANUMERIC = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
Maker = Callable[[Random], str]


def hexadecimal(length: int) -> Maker:
    return lambda v: "".join(v.choice("0123456789abcdef") for _ in range(length))


def letters(length: int) -> Maker:
    return lambda v: "".join(v.choice(ALPHANUMERIC) for _ in range(length))


def base64_text(size: int) -> Maker:
    """Standard base64 of random bytes: `+`, `/` and `=` in it."""
    return lambda v: base64.b64encode(v.randbytes(size)).decode()


def base64_plus(size: int) -> Maker:
    """A token that is sure to hold `+` and to end in `+`, as some frameworks write them."""
    return lambda v: base64.b64encode(v.randbytes(size)).decode().rstrip("=")[:-2] + "q+"


def base64_url(size: int) -> Maker:
    return lambda v: base64.urlsafe_b64encode(v.randbytes(size)).decode().rstrip("=")


def guid(v: Random) -> str:
    return str(uuid.UUID(int=v.getrandbits(128), version=4))


def ulid(v: Random) -> str:
    return "01" + "".join(v.choice("0123456789ABCDEFGHJKMNPQRSTVWXYZ") for _ in range(24))


def object_id(v: Random) -> str:
    return "65" + "".join(v.choice("0123456789abcdef") for _ in range(22))


def digits(length: int) -> Maker:
    return lambda v: str(v.randint(10 ** (length - 1), 10**length - 1))


def code(v: Random) -> str:
    return f"{v.choice('ABCDEFGH')}{v.choice('KLMNP')}-{v.randint(10000, 99999)}"


def jwt(v: Random, claims: dict[str, object]) -> str:
    def part(value: object) -> str:
        return base64.urlsafe_b64encode(json.dumps(value, separators=(",", ":")).encode()).decode().rstrip("=")

    return f"{part({'alg': 'HS256', 'typ': 'JWT'})}.{part(claims)}.{base64_url(32)(v)}"


def token_maker(a: Random) -> Maker:
    """A look for an application's tokens."""
    return a.choice(
        (
            *(hexadecimal(32), hexadecimal(40), letters(24), letters(43), base64_text(24), base64_text(32), base64_plus(33)),
            *(base64_url(24), base64_url(32), guid, hexadecimal(64), base64_text(64)),
        )
    )


def plain_token_maker(a: Random) -> Maker:
    """A look for tokens that stand in URLs as they are."""
    return a.choice([hexadecimal(32), letters(24), letters(16), base64_url(24), guid, object_id, ulid])


def id_maker(a: Random) -> Maker:
    """A look for the identifiers of things."""
    return a.choice([guid, object_id, ulid, digits(4), digits(5), digits(6), digits(7), digits(9), code, letters(11), digits(18)])


def sha256_hex(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def b64(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


THINGS = ["orders", "tickets", "notes", "invoices", "projects", "carts", "bookings", "accounts", "documents", "shipments", "claims"]
THINGS += ["payments", "messages", "quotes", "devices", "policies", "batches", "reports", "contracts", "cases"]
WORDS = ["amber", "birch", "cobalt", "delta", "ember", "falcon", "garnet", "harbor", "indigo", "juniper", "kestrel", "linden"]
WORDS += ["maple", "nectar", "onyx", "pewter", "quartz", "raven", "saffron", "tundra", "umber", "velvet", "willow", "zephyr"]
CSRF_NAMES = [
    "csrf_token",
    "authenticity_token",
    "_csrf",
    "__RequestVerificationToken",
    "csrfmiddlewaretoken",
    "_token",
    "xk",
    "fkey",
]
CSRF_NAMES += ["form_build_id", "wpnonce", "sesskey", "struts.token", "formhash", "t", "nonce_field", "YII_CSRF_TOKEN"]


class Structure(Random):
    """Fixes what an application is like; each feature gets a kind of thing of its own."""

    def __init__(self, seed: str) -> None:
        super().__init__(seed)
        self.things = self.sample(THINGS, len(THINGS))


def thing(a: Random) -> str:
    """A kind of thing that no other feature of the application has."""
    return a.things.pop() if isinstance(a, Structure) else a.choice(THINGS)


def singular(name: str) -> str:
    return name[:-3] + "y" if name.endswith("ies") else name[:-2] if name.endswith(("ches", "xes")) else name[:-1]


def word(r: Random) -> str:
    return r.choice(WORDS)


def noise(v: Random) -> str:
    """What pages show beside: counts, dates, prices. Decoys for short identifiers."""
    day = f"2024-{v.randint(1, 12):02}-{v.randint(1, 28):02}"
    return (
        f'<p class="summary">{v.randint(2, 400)} results, page {v.randint(1, 9)} of {v.randint(9, 40)}</p>'
        f'<p>Updated <time datetime="{day}">{day}</time>, total {v.randint(1, 900)}.{v.randint(10, 99)} EUR</p>'
        f'<footer data-render="{v.randint(10, 999)}" data-request="{hexadecimal(16)(v)}">Copyright 2024</footer>'
    )


def hidden(name: str, value: str) -> str:
    escaped = value.replace("&", "&amp;").replace('"', "&quot;")
    return f'<input type="hidden" name="{name}" value="{escaped}">'
