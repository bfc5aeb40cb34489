"""Stands in for the user's browser: a real Chromium, headless, that plays a journey by itself and then closes.

`loadwright record --browser` starts it with the arguments that Chromium would get. It speaks the DevTools protocol over two
pipes (`--remote-debugging-pipe`), so nothing but Python and Chromium is needed. What the user would type into the terminal goes
into the FIFO that `MARKS` names.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

CHROMIUM = next((found for name in ("chromium", "chromium-browser", "google-chrome") if (found := shutil.which(name))), "")
SECONDS = 15.0


class Page:
    """The page of a Chromium that was started with pipes."""

    def __init__(self, arguments: list[str]) -> None:
        read_commands, self._commands = os.pipe()
        self._answers, write_answers = os.pipe()
        # Chromium reads commands from descriptor 3 and answers on 4
        shell = f'exec 3<&{read_commands} 4>&{write_answers}; exec "$0" "$@"'
        argv = ["/bin/sh", "-c", shell, CHROMIUM, "--headless=new", "--remote-debugging-pipe", "--disable-gpu", *arguments]
        self._process = subprocess.Popen(argv, pass_fds=(read_commands, write_answers), stderr=subprocess.DEVNULL)
        os.close(read_commands)
        os.close(write_answers)
        self._buffer, self._number, self._session = b"", 0, ""
        targets = self._until(lambda: [t for t in self.call("Target.getTargets")["targetInfos"] if t["type"] == "page"])
        attached = self.call("Target.attachToTarget", targetId=targets[0]["targetId"], flatten=True)
        self._session = attached["sessionId"]

    def call(self, method: str, **parameters: Any) -> Any:
        """The answer to a command; events are passed over."""
        self._number += 1
        message = {"id": self._number, "method": method, "params": parameters}
        if self._session:
            message["sessionId"] = self._session
        os.write(self._commands, json.dumps(message).encode() + b"\0")
        while True:
            while b"\0" not in self._buffer:
                self._buffer += os.read(self._answers, 1 << 16)
            line, self._buffer = self._buffer.split(b"\0", 1)
            answer = json.loads(line)
            if answer.get("id") == self._number:
                return answer.get("result", {})

    def run(self, script: str) -> Any:
        """The value of a script in the page."""
        return self.call("Runtime.evaluate", expression=script, userGesture=True).get("result", {}).get("value")

    def wait(self, selector: str) -> None:
        """Until the page has loaded, and an element is there."""
        found = f"document.readyState === 'complete' && !!document.querySelector({json.dumps(selector)})"
        self._until(lambda: self.run(found))

    def click(self, selector: str) -> None:
        """Click as a user does, in an element that is there."""
        self.wait(selector)
        self.run(f"document.querySelector({json.dumps(selector)}).click()")

    def fill(self, selector: str, text: str) -> None:
        """Type into a field."""
        self.wait(selector)
        self.run(f"document.querySelector({json.dumps(selector)}).value = {json.dumps(text)}")

    def close(self) -> None:
        """Close the browser."""
        self._session = ""
        os.write(self._commands, b'{"id": 0, "method": "Browser.close"}\0')
        self._process.wait(SECONDS)

    def _until(self, ask: Any) -> Any:
        deadline = time.monotonic() + SECONDS
        while time.monotonic() < deadline:
            if found := ask():
                return found
            time.sleep(0.05)
        raise TimeoutError("the page is not as expected")


def step(name: str) -> None:
    """What the user types into the terminal before a step; a moment passes before the click."""
    with Path(os.environ["MARKS"]).open("w", encoding="utf-8") as terminal:
        terminal.write(f"{name}\n")
    time.sleep(1.0)


def shop(page: Page) -> None:
    """A visit to the demo shop: sign in, put something into the cart, sign out."""
    page.wait("#enter")
    step("Go to the login page")
    page.click("#enter")
    page.wait("#login")
    step("Sign in")
    page.fill("input[name=username]", "alice")
    page.fill("input[name=password]", "wonderland-7")
    page.click("#login button")
    page.wait("#browse")
    step("Browse")
    page.click("#browse")
    page.click("#items button:nth-of-type(1)")
    page.wait("#detail:not([hidden])")
    step("Add to the cart")
    page.click("#add")
    page.wait("#cart:not([hidden])")
    time.sleep(0.5)


def chat(page: Page) -> None:
    """A visit to the chat, whose page does all by itself."""
    page.wait("#done")
    time.sleep(0.3)


JOURNEYS = {"shop": shop, "chat": chat}


if __name__ == "__main__":
    browser = Page(sys.argv[1:])
    try:
        JOURNEYS[os.environ["JOURNEY"]](browser)
    finally:
        browser.close()
