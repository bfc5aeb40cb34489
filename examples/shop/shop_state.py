"""What the shop remembers: sessions and tokens in memory, items, carts and orders in SQLite; and what it counts."""

from __future__ import annotations

import base64
import hmac
import secrets
import sqlite3
import time
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from typing import TypeVar

USERS = {"alice": "wonderland-7", "bob": "tinkerbell-42"}
ITEMS = (
    ("Blue kettle", 2450, "Enamelled steel, two litres."),
    ("Oak board", 1890, "For bread, cheese and thumbs."),
    ("Tea towel", 640, "Linen, with a woven stripe."),
    ("Copper pan", 5900, "Twenty centimetres, tin-lined."),
    ("Egg timer", 725, "Three minutes of pink sand."),
    ("Pepper mill", 2120, "Beech, with a steel grinder."),
    ("Milk jug", 1310, "Half a litre, never drips."),
    ("Stone mortar", 3475, "Granite, heavier than it looks."),
)
TOKEN_SECONDS = 600
MAX_KEPT = 50_000
SCHEMA = """
CREATE TABLE item (id INTEGER PRIMARY KEY, name TEXT, price_cents INTEGER, blurb TEXT);
CREATE TABLE cart (id TEXT PRIMARY KEY, sid TEXT, ordered INTEGER DEFAULT 0);
CREATE TABLE line (cart TEXT, item INTEGER, quantity INTEGER);
CREATE INDEX line_cart ON line (cart);
CREATE TABLE purchase (id INTEGER PRIMARY KEY AUTOINCREMENT, sid TEXT, cart TEXT, address TEXT, gift_name TEXT, gift BLOB);
CREATE TABLE seen (request_id TEXT PRIMARY KEY) WITHOUT ROWID;
"""
V = TypeVar("V")


class Recent(dict[str, V]):
    """A dictionary that forgets its oldest key when it grows beyond `MAX_KEPT`."""

    def __setitem__(self, key: str, value: V) -> None:
        if len(self) >= MAX_KEPT and key not in self:
            del self[next(iter(self))]
        super().__setitem__(key, value)


@dataclass
class Session:
    """A browser session; `csrf` holds the one valid token of each form, `items` the ids that this session sees."""

    sid: str
    user: str | None = None
    csrf: dict[str, str] = field(default_factory=dict)
    ticket: str = ""
    token: str = ""
    items: dict[str, int] = field(default_factory=dict)


@dataclass
class Grant:
    """Whom a bearer token speaks for, and until when (seconds since 1970)."""

    user: str
    session: Session | None
    expires: float = field(default_factory=lambda: time.time() + TOKEN_SECONDS)


@dataclass
class Tally:
    """What the shop received since the last reset."""

    routes: dict[str, dict[str, int]] = field(default_factory=lambda: defaultdict(lambda: {"accepted": 0, "refused": 0, "soft": 0}))
    stale: Counter[str] = field(default_factory=Counter)
    done: Counter[str] = field(default_factory=Counter)
    ordered: Counter[str] = field(default_factory=Counter)

    def as_json(self) -> dict[str, object]:
        """The answer of `GET /__counts`."""
        return {
            "requests": {name: self.routes[name] for name in sorted(self.routes)},
            "stale": self.stale.total(),
            "stale_by_kind": dict(sorted(self.stale.items())),
            **{name: self.done[name] for name in ("orders", "gift_notes", "logouts", "pkce_logins")},
            "ordered_items": dict(sorted(self.ordered.items())),
        }


def csrf_token() -> str:
    """A token of 32 characters of plain base64: `+` and `/` must survive form encoding."""
    return base64.b64encode(secrets.token_bytes(24)).decode()


def password_is(user: str, password: str) -> bool:
    """Whether the account exists and this is its password."""
    return user in USERS and hmac.compare_digest(USERS[user].encode(), password.encode())


class Shop:
    """The shop's state; all of it lives in this process and ends with it."""

    def __init__(self) -> None:
        self.sessions: Recent[Session] = Recent()
        self.grants: Recent[Grant] = Recent()
        self.tally = Tally()
        self.soft: dict[str, str] = {}
        self.soft_routes: list[str] = []
        self.database = sqlite3.connect(":memory:", isolation_level=None, check_same_thread=False)
        self.database.executescript(SCHEMA)
        self.database.executemany("INSERT INTO item (name, price_cents, blurb) VALUES (?, ?, ?)", ITEMS)
        first = 1_000_000 + secrets.randbelow(8_000_000)
        self.database.execute("INSERT INTO sqlite_sequence VALUES ('purchase', ?)", (first,))

    def open_session(self, user: str | None = None) -> Session:
        """A new session; a signed-in one has its own ticket and its own item ids."""
        session = Session(secrets.token_urlsafe(24), user)
        if user is not None:
            session.ticket = "wt:" + secrets.token_urlsafe(18)
            session.items = {f"itm_{secrets.token_hex(6)}": row + 1 for row in range(len(ITEMS))}
        self.sessions[session.sid] = session
        return session

    def close_session(self, session: Session) -> None:
        """Forget a session and its bearer token."""
        self.sessions.pop(session.sid, None)
        self.grants.pop(session.token, None)

    def form_token(self, session: Session, form: str) -> str:
        """A fresh token for a form that is being rendered; the form's earlier token is void from now on."""
        session.csrf[form] = token = csrf_token()
        return token

    def spend_form_token(self, session: Session, form: str, value: str) -> bool:
        """Whether this is the form's valid token; it is void afterwards."""
        valid = hmac.compare_digest(session.csrf.get(form, "").encode(), value.encode()) and value != ""
        if valid:
            del session.csrf[form]
        return valid

    def grant_token(self, user: str, session: Session | None = None) -> str:
        """A bearer token for a user; one made for a session ends with it."""
        token = secrets.token_urlsafe(32)
        self.grants[token] = Grant(user, session)
        return token

    def live_grant(self, token: str) -> Grant | None:
        """What a bearer token allows, or None when it is unknown or over."""
        grant = self.grants.get(token)
        return grant if grant and grant.expires > time.time() else None

    def first_sight(self, request_id: str) -> bool:
        """Whether this request id comes for the first time."""
        return self.database.execute("INSERT OR IGNORE INTO seen VALUES (?)", (request_id,)).rowcount == 1

    def add_to_cart(self, session: Session, item: int, quantity: int) -> str:
        """Put an item into the session's open cart, and give the cart's id."""
        row = self.database.execute("SELECT id FROM cart WHERE sid = ? AND ordered = 0", (session.sid,)).fetchone()
        cart = row[0] if row else f"crt_{secrets.token_hex(8)}"
        if not row:
            self.database.execute("INSERT INTO cart (id, sid) VALUES (?, ?)", (cart, session.sid))
        self.database.execute("INSERT INTO line VALUES (?, ?, ?)", (cart, item, quantity))
        return cart

    def open_cart(self, session: Session, cart: str) -> bool:
        """Whether the cart belongs to the session and is not ordered yet."""
        query = "SELECT 1 FROM cart WHERE id = ? AND sid = ? AND ordered = 0"
        return self.database.execute(query, (cart, session.sid)).fetchone() is not None

    def cart_lines(self, cart: str) -> list[tuple[str, int, int]]:
        """Name, quantity and price in cents of each line."""
        query = "SELECT name, quantity, price_cents FROM line JOIN item ON item.id = line.item WHERE cart = ?"
        return self.database.execute(query, (cart,)).fetchall()

    def place_order(self, session: Session, cart: str, address: str) -> int:
        """Turn a cart into an order, and give the order's number."""
        self.database.execute("UPDATE cart SET ordered = 1 WHERE id = ?", (cart,))
        query = "INSERT INTO purchase (sid, cart, address) VALUES (?, ?, ?)"
        number = self.database.execute(query, (session.sid, cart, address)).lastrowid
        self.tally.done["orders"] += 1
        for name, quantity, _ in self.cart_lines(cart):
            self.tally.ordered[name] += quantity
        return number or 0
