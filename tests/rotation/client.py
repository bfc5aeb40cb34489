"""A client of the rotating application, without a network."""

from __future__ import annotations

import json
import re

from recordings import BASE, FORM

from loadwright.compiler.recording.model import Headers, RecordedRequest
from loadwright.compiler.rotation.player import REASON_HEADER, Answer, Player

SID_1, SID_2 = "rhVbUBKtXiLmmoL9zxdRrn2mjK0f2eCo", "gM1xMt6DaRH4fQUFTWXV4tdlavs8kH99"
CSRF = "ur1x+EvqNy9BwuYPhINaOCPm1RQ+jQ6r"


class Client:
    """A browser's worth of client: a cookie jar, and a connection of its own."""

    def __init__(self, player: Player, name: str) -> None:
        self.player, self.name, self.jar = player, name, dict[str, str]()

    def send(self, method: str, path: str, body: str | None = None, **headers: str) -> Answer:
        sent: Headers = tuple((k.replace("_", "-"), v) for k, v in headers.items())
        if self.jar:
            sent += (("Cookie", "; ".join(f"{k}={v}" for k, v in self.jar.items())),)
        media = ("application/json" if body[:1] == "{" else FORM) if body else ""
        request = RecordedRequest(method, BASE + path, sent, body.encode() if body else None, media)
        answer = self.player.answer(request, "shop.test:80", self.name)
        for name, value in answer.headers:
            if name.lower() == "set-cookie":
                key, _, text = value.partition(";")[0].partition("=")
                self.jar[key] = text
        return answer

    def csrf(self) -> str:
        found = re.search(r'value="([^"]*)"', self.send("GET", "/login").body.decode())
        assert found
        return found[1].replace("&#43;", "+")

    def log_in(self, csrf: str) -> Answer:
        return self.send("POST", "/login", f"csrf={csrf.replace('+', '%2B')}&user=bob")


def reason(answer: Answer) -> str:
    told = json.loads(answer.body)
    assert answer.status == 403
    assert dict(answer.headers)[REASON_HEADER] == told["reason"]
    return str(told["refused"])
