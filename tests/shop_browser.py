"""A client of the demo shop that does its journeys right."""

from __future__ import annotations

import time
import uuid
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
from selectolax.lexbor import LexborHTMLParser

CART_QUERY = "query Cart($id: ID!) { cart(id: $id) { id } }"
ADDRESS = {"full_name": "A & B <i>", "street": "1 Test Street", "town": "Testford", "instructions": "ring\r\ntwice + once"}


def counts(origin: str) -> dict[str, Any]:
    answer: dict[str, Any] = httpx.get(f"{origin}/__counts").json()
    return answer


def field(page: httpx.Response, form: str, name: str = "csrf") -> str:
    node = LexborHTMLParser(page.text).css_first(f"form#{form} input[name={name}]")
    assert node is not None, page.text
    return node.attributes["value"] or ""


class Browser(httpx.Client):
    """A session that does the journeys; each method is one user action, and gives the last response."""

    def __init__(self, origin: str) -> None:
        super().__init__(base_url=origin, timeout=10)
        self.ticket = self.bearer = self.cart = self.order = ""

    @property
    def api(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.bearer}"}

    def log_in(self, username: str = "alice", password: str = "wonderland-7", csrf: str | None = None) -> httpx.Response:
        self.get("/")
        token = field(self.get("/login"), "login")
        form = {"csrf": token if csrf is None else csrf, "username": username, "password": password}
        answer = self.post("/login", data=form)
        self.ticket = parse_qs(urlsplit(answer.headers.get("location", "")).query).get("ticket", [""])[0]
        return answer

    def take_token(self) -> httpx.Response:
        answer = self.post("/api/token", json={"grant": "ticket"}, headers={"X-Ticket": self.ticket})
        self.bearer = answer.json().get("access_token", "")
        return answer

    def item(self, name: str = "Blue kettle") -> str:
        listed = self.get("/api/items", headers=self.api).json()["items"]
        return str(next(item["id"] for item in listed if item["name"] == name))

    def add(self, item: str, request_id: str = "", age: float = 0) -> httpx.Response:
        body = {"item_id": item, "quantity": 1, "sent_at": int((time.time() - age) * 1000)}
        answer = self.post("/api/cart", json=body, headers=self.api | {"X-Request-Id": request_id or str(uuid.uuid4())})
        self.cart = answer.json().get("cart", {}).get("id", "")
        return answer

    def see_cart(self, cart: str) -> httpx.Response:
        body = {"operationName": "Cart", "query": CART_QUERY, "variables": {"id": cart}}
        return self.post("/graphql", json=body, headers=self.api)

    def check_out(self) -> httpx.Response:
        token = field(self.get("/checkout", params={"cart": self.cart}), "address")
        answer = self.post("/checkout", data={"csrf": token, "cart": self.cart, **ADDRESS})
        self.order = answer.headers.get("location", "")
        return answer

    def send_note(self, csrf: str, data: bytes = b"hello") -> httpx.Response:
        form = {"csrf": csrf, "recipient": "Carol"}
        return self.post(f"{self.order}/gift", data=form, files={"note": ("note.txt", data, "text/plain")})

    def log_out(self, page: httpx.Response) -> httpx.Response:
        return self.post("/logout", data={"csrf": field(page, "logout")})

    def shop(self) -> None:
        """Sign in and fill the cart."""
        self.log_in()
        assert self.get("/welcome", params={"ticket": self.ticket}).status_code == 200
        assert self.take_token().status_code == 200
        assert self.get("/catalogue").status_code == 200
        item = self.item()
        assert self.get(f"/api/items/{item}", headers=self.api).json()["name"] == "Blue kettle"
        assert self.add(item).status_code == 201
        assert self.see_cart(self.cart).json()["data"]["cart"]["total_cents"] == 2450

    def buy(self) -> None:
        """The whole journey."""
        self.shop()
        assert self.check_out().status_code == 303
        assert self.send_note(field(self.get(self.order), "gift")).status_code == 303
        page = self.get(self.order)
        assert "note.txt for Carol, 5 bytes" in page.text
        assert "A &amp; B &lt;i&gt;" in page.text
        assert self.log_out(page).status_code == 303
