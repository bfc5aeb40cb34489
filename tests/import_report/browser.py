"""A real browser for tests: Chromium without a window, driven by the DevTools protocol."""

from __future__ import annotations

import itertools
import json
import os
import shutil
import subprocess
import time
from pathlib import Path
from typing import Any
from urllib.request import urlopen

from websocket import WebSocket, create_connection

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome", "microsoft-edge")
_PATIENCE = 30.0
_KEYS = {
    "Tab": ("Tab", 9, ""),
    "Enter": ("Enter", 13, "\r"),
    "Escape": ("Escape", 27, ""),
    " ": ("Space", 32, " "),
    "/": ("Slash", 191, "/"),
}


def find_browser() -> str:
    """The path of a browser: `LOADWRIGHT_TEST_BROWSER`, or one of the usual names; raises when there is none."""
    chosen = os.environ.get("LOADWRIGHT_TEST_BROWSER")
    found = shutil.which(chosen) if chosen else next(filter(None, map(shutil.which, NAMES)), None)
    if found is None:
        raise RuntimeError(
            "these tests need a browser, and none was found: install Chromium (on Debian and Ubuntu: apt install chromium), or set "
            "LOADWRIGHT_TEST_BROWSER to the path of a browser of its kind"
        )
    return found


class Browser:
    """One tab; what it logs, asks the network for and cannot run is kept."""

    def __init__(self, profile: Path) -> None:
        command = [find_browser(), "--headless=new", "--disable-gpu", "--remote-debugging-port=0", f"--user-data-dir={profile}"]
        command += ["--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-dev-shm-usage"]
        command += ["--no-sandbox"] if os.geteuid() == 0 else []
        self._process = subprocess.Popen([*command, "about:blank"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self._numbers = itertools.count(1)
        self.problems: list[str] = []
        self.asked_for: list[str] = []
        try:
            self._socket = self._connect(profile)
            for domain in ("Page", "Runtime", "Log", "Network"):
                self.call(f"{domain}.enable")
        except BaseException:
            self.close()
            raise

    def _connect(self, profile: Path) -> WebSocket:
        told = profile / "DevToolsActivePort"
        end = time.monotonic() + _PATIENCE
        while time.monotonic() < end:
            if told.exists() and (lines := told.read_text().split()):
                with urlopen(f"http://127.0.0.1:{lines[0]}/json/list", timeout=_PATIENCE) as answer:
                    pages = [page for page in json.load(answer) if page["type"] == "page"]
                if pages:
                    address = pages[0]["webSocketDebuggerUrl"]
                    return create_connection(address, timeout=_PATIENCE, suppress_origin=True)
            if self._process.poll() is not None:
                raise RuntimeError(f"the browser ended at once, with exit code {self._process.returncode}")
            time.sleep(0.05)
        raise RuntimeError("the browser did not open its DevTools port in time")

    def close(self) -> None:
        """End the browser."""
        self._process.terminate()
        try:
            self._process.wait(10)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    # --- the protocol -------------------------------------------------------------------------------------------------

    def call(self, method: str, **parameters: Any) -> dict[str, Any]:
        """Send a command and wait for its result."""
        number = next(self._numbers)
        self._socket.send(json.dumps({"id": number, "method": method, "params": parameters}))
        while True:
            message = json.loads(self._socket.recv())
            if message.get("id") == number:
                if "error" in message:
                    raise RuntimeError(f"{method}: {message['error']}")
                result: dict[str, Any] = message["result"]
                return result
            self._note(message.get("method", ""), message.get("params", {}))

    def _note(self, event: str, said: dict[str, Any]) -> None:
        if event == "Runtime.exceptionThrown":
            self.problems.append(json.dumps(said["exceptionDetails"])[:500])
        elif event == "Log.entryAdded" and said["entry"]["level"] in ("error", "warning"):
            self.problems.append(said["entry"]["text"])
        elif event == "Network.requestWillBeSent":
            self.asked_for.append(said["request"]["url"])

    # --- a user -------------------------------------------------------------------------------------------------------

    def open(self, address: str, width: int = 1280, height: int = 900, dark: bool = False) -> None:
        """Go to a page and wait until it is complete."""
        self.call("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=False)
        scheme = {"name": "prefers-color-scheme", "value": "dark" if dark else "light"}
        self.call("Emulation.setEmulatedMedia", features=[scheme])
        self.call("Page.navigate", url="about:blank")
        self.problems.clear()
        self.asked_for.clear()
        self.call("Page.navigate", url=address)
        self.wait("document.readyState === 'complete' && location.protocol !== 'about:'")

    def run(self, script: str) -> Any:
        """The value of an expression in the page."""
        result = self.call("Runtime.evaluate", expression=script, returnByValue=True)
        assert "exceptionDetails" not in result, result["exceptionDetails"]
        return result["result"].get("value")

    def wait(self, script: str) -> None:
        """Wait until an expression in the page is true."""
        end = time.monotonic() + _PATIENCE
        while self.run(script) is not True:
            assert time.monotonic() < end, f"never true: {script}"

    def press(self, *keys: str) -> None:
        """Press keys, one after the other."""
        for key in keys:
            code, number, text = _KEYS.get(key, (f"Key{key.upper()}", ord(key.upper()), key) if len(key) == 1 else (key, 0, ""))
            shared = {"key": key, "code": code, "windowsVirtualKeyCode": number}
            self.call("Input.dispatchKeyEvent", type="keyDown", text=text, **shared)
            self.call("Input.dispatchKeyEvent", type="keyUp", **shared)

    def type(self, text: str) -> None:
        """Type a text where the focus is."""
        self.call("Input.insertText", text=text)
