"""Records the two journeys, two sessions each, with a real browser: `python examples/shop/record.py`.

Needs the shop's own packages, Playwright for Python and a Chromium. Starts the shop itself, anew for each session.
"""

from __future__ import annotations

import argparse
import json
import random
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import uvicorn
from app import create_app, listener
from playwright.sync_api import Page, sync_playwright
from starlette.types import ASGIApp, Message, Receive, Scope, Send

HERE = Path(__file__).parent
ORIGIN = "http://127.0.0.1:8765"
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"]
VISITORS = {
    1: {
        "username": "alice",
        "password": "wonderland-7",
        "full_name": "Alice Example",
        "street": "7 Looking-Glass Lane",
        "town": "Exampleton",
        "instructions": 'Ring twice & wait.\nThe bell says "ding + dong".',
        "recipient": "The March Hare",
        "note": "A very merry un-birthday to you.\n",
    },
    2: {
        "username": "bob",
        "password": "tinkerbell-42",
        "full_name": "Bob Sample",
        "street": "42 Second Star Street",
        "town": "Sampleford",
        "instructions": "Leave it at N° 43 = the café.\nNo 100% rush; thanks!",
        "recipient": "Wendy",
        "note": "Do not grow up too fast; the kettle is for the whole house.\n",
    },
}
Visitor = dict[str, str]


def pause(page: Page) -> None:
    """Let the page come to rest, then wait as a person does."""
    page.wait_for_load_state("networkidle")
    page.wait_for_timeout(random.uniform(800, 1500))


def sign_in(page: Page, visitor: Visitor) -> None:
    pause(page)
    page.fill("input[name=username]", visitor["username"])
    page.fill("input[name=password]", visitor["password"])
    page.click("#login button")


def checkout(page: Page, visitor: Visitor) -> None:
    page.goto(f"{ORIGIN}/")
    pause(page)
    page.click("#enter")
    sign_in(page, visitor)
    page.wait_for_selector("text=The shop is open.")
    pause(page)
    page.click("#browse")
    pause(page)
    page.click("#items button:has-text('Blue kettle')")
    page.wait_for_selector("#detail:not([hidden])")
    pause(page)
    page.click("#add")
    page.wait_for_selector("#cart:not([hidden])")
    pause(page)
    page.click("#checkout")
    pause(page)
    for field in ("full_name", "street", "town", "instructions"):
        page.fill(f"[name={field}]", visitor[field])
    page.click("#address button")
    pause(page)
    page.fill("[name=recipient]", visitor["recipient"])
    page.set_input_files("[name=note]", {"name": "note.txt", "mimeType": "text/plain", "buffer": visitor["note"].encode()})
    page.click("#gift button")
    pause(page)
    page.click("#logout button")
    pause(page)


def pkce(page: Page, visitor: Visitor) -> None:
    page.goto(f"{ORIGIN}/members")
    pause(page)
    page.click("#signin")
    page.wait_for_selector("#login")
    sign_in(page, visitor)
    page.wait_for_selector("text=Signed in as")
    pause(page)
    page.click("#signout")
    page.wait_for_selector("text=You are signed out.")
    pause(page)


class Uploads:
    """Keeps the multipart bodies that the shop receives: a browser's recorder leaves out bodies with files in them."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app
        self.bodies: dict[str, bytearray] = {}
        """By path."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def keep() -> Message:
            message = await receive()
            self.bodies.setdefault(scope["path"], bytearray()).extend(message.get("body", b""))
            return message

        upload = any(name == b"content-type" and value.startswith(b"multipart/") for name, value in scope.get("headers", ()))
        await self.app(scope, keep if upload else receive, send)

    def complete(self, har: Path) -> None:
        """Put each kept body into the entry that lacks it."""
        document = json.loads(har.read_text(encoding="utf-8"))
        for entry in document["log"]["entries"]:
            request = entry["request"]
            body = self.bodies.get(urlsplit(request["url"]).path)
            if request["method"] == "POST" and body and "postData" not in request:
                media_type = next(header["value"] for header in request["headers"] if header["name"].lower() == "content-type")
                request["postData"] = {
                    "mimeType": media_type,
                    "params": [],
                    "text": body.decode(),
                    "comment": "as the server received it; the browser's recorder leaves out bodies with files",
                }
                request["bodySize"] = len(body)
        if self.bodies:
            har.write_text(json.dumps(document, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


@contextmanager
def running_shop() -> Iterator[Uploads]:
    """A new shop on the port that the recordings hold."""
    app = Uploads(create_app())
    server = uvicorn.Server(uvicorn.Config(app, log_level="warning", lifespan="off"))
    port = urlsplit(ORIGIN).port or 0
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener("127.0.0.1", port)]})
    thread.start()
    try:
        yield app
    finally:
        server.should_exit = True
        thread.join()


def record(name: str, journey: Callable[[Page, Visitor], None], number: int, chromium: str) -> None:
    """One session of a journey into `recordings/NAME-NUMBER.har`."""
    har = HERE / "recordings" / f"{name}-{number}.har"
    with running_shop() as uploads, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=ARGUMENTS)
        context = browser.new_context(record_har_path=har, record_har_content="embed", record_har_mode="full", locale="en-GB")
        journey(context.new_page(), VISITORS[number])
        context.close()
        browser.close()
    uploads.complete(har)
    print(har.relative_to(HERE), har.stat().st_size, "bytes")


def main() -> None:
    """Record every session of every journey."""
    parser = argparse.ArgumentParser(description="record the demo shop's journeys")
    parser.add_argument("--chromium", default="/usr/bin/chromium", help="the browser to drive")
    options = parser.parse_args()
    (HERE / "recordings").mkdir(exist_ok=True)
    for name, journey in (("checkout", checkout), ("pkce", pkce)):
        for number in VISITORS:
            record(name, journey, number, options.chromium)


if __name__ == "__main__":
    main()
