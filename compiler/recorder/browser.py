"""Finds a browser and starts it with a fresh profile that goes through the proxy and trusts it, and nothing else of the system."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from loadwright.compiler.diagnostics import Diagnostic, LoadwrightError

NAMES = (
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
    "chrome",
    "microsoft-edge",
    "brave-browser",
    "firefox",
)
"""Browsers looked for on the PATH, in this order."""

_MAC = {
    "google-chrome": "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "chromium": "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "firefox": "/Applications/Firefox.app/Contents/MacOS/firefox",
}
_QUIET = (
    "--no-first-run",
    "--no-default-browser-check",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-client-side-phishing-detection",
    "--disable-default-apps",
    "--disable-domain-reliability",
    "--disable-sync",
    "--disable-quic",
    "--disable-features=OptimizationHints,MediaRouter,Translate,InterestFeedContentSuggestions,AutofillServerCommunication",
    "--metrics-recording-only",
    "--no-pings",
    "--password-store=basic",
)
_FIREFOX: dict[str, object] = {
    "app.normandy.enabled": False,
    "app.update.enabled": False,
    "browser.aboutwelcome.enabled": False,
    "browser.safebrowsing.downloads.enabled": False,
    "browser.safebrowsing.malware.enabled": False,
    "browser.safebrowsing.phishing.enabled": False,
    "browser.shell.checkDefaultBrowser": False,
    "browser.startup.homepage_override.mstone": "ignore",
    "datareporting.healthreport.uploadEnabled": False,
    "datareporting.policy.dataSubmissionEnabled": False,
    "extensions.getAddons.cache.enabled": False,
    "network.captive-portal-service.enabled": False,
    "network.connectivity-service.enabled": False,
    "network.http.http3.enable": False,
    "network.proxy.allow_hijacking_localhost": True,
    "network.proxy.no_proxies_on": "",
    "network.proxy.type": 1,
    "services.settings.server": "",
    "toolkit.telemetry.enabled": False,
}


@dataclass(frozen=True, slots=True)
class Proxy:
    """A proxy on this machine, and what trusting it takes."""

    port: int
    key: str
    """The SHA-256 of its authority's public key, in base64."""
    certificate: Path
    """Its authority's certificate (PEM)."""


def find(wanted: str | None) -> Path:
    """The browser that was asked for, by name or path, or the first that is found. Raises LoadwrightError."""
    for name in (wanted,) if wanted else NAMES:
        found = shutil.which(name) or (_MAC.get(name) if Path(_MAC.get(name, "")).is_file() else None)
        if found:
            return Path(found)
    if wanted:
        raise _missing(f"there is no browser `{wanted}` on the PATH", "give its name or its path: --browser /usr/bin/chromium")
    raise _missing(
        "no browser was found on the PATH", f"install one, or give its path with --browser; looked for: {', '.join(NAMES)}"
    )


def start(browser: Path, url: str, proxy: Proxy, profile: Path, headless: bool) -> subprocess.Popen[bytes]:
    """The browser at a URL, with a new profile in an empty folder, in a session of its own. Raises LoadwrightError."""
    is_firefox = "firefox" in browser.name.lower() or "librewolf" in browser.name.lower()
    arguments = (_firefox if is_firefox else _chromium)(proxy, profile, url, headless)
    try:
        return subprocess.Popen(
            [browser, *arguments, url],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise _missing(f"`{browser}` cannot be started: {reason}", "give another one with --browser") from None


def _chromium(proxy: Proxy, profile: Path, _url: str, headless: bool) -> list[str]:
    arguments = [
        f"--user-data-dir={profile}",
        f"--proxy-server=http://127.0.0.1:{proxy.port}",
        "--proxy-bypass-list=<-loopback>",  # local addresses go through the proxy too
        f"--ignore-certificate-errors-spki-list={proxy.key}",
        *_QUIET,
    ]
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        arguments.append("--no-sandbox")  # Chromium refuses to run as root with it
    return [*arguments, *(["--headless=new"] if headless else [])]


def _firefox(proxy: Proxy, profile: Path, url: str, headless: bool) -> list[str]:
    settings = dict(_FIREFOX)
    for kind in ("http", "ssl"):
        settings |= {f"network.proxy.{kind}": "127.0.0.1", f"network.proxy.{kind}_port": proxy.port}
    lines = (f"user_pref({json.dumps(name)}, {json.dumps(value)});\n" for name, value in settings.items())
    (profile / "user.js").write_text("".join(lines), encoding="utf-8")
    _trust(proxy, profile, url)
    return ["-no-remote", "-new-instance", "-profile", str(profile), *(["-headless"] if headless else [])]


def _trust(proxy: Proxy, profile: Path, url: str) -> None:
    """Put the proxy's authority into the profile's own store of certificates."""
    certutil = shutil.which("certutil")
    if certutil is None:
        if url.startswith("https:"):
            hint = "install it (Debian: libnss3-tools; Fedora: nss-tools; macOS: nss), or record with --browser chromium"
            raise _missing("Firefox needs `certutil` to trust the recorder in its new profile, and it is not on the PATH", hint)
        return
    store = ("-d", f"sql:{profile}")
    for argv in (
        (certutil, "-N", *store, "--empty-password"),
        (certutil, "-A", *store, "-n", "recorder", "-t", "C,,", "-i", str(proxy.certificate)),
    ):
        done = subprocess.run(argv, capture_output=True, text=True, errors="replace", timeout=60)
        if done.returncode:
            reason = " ".join(done.stderr.split())[:200]
            message = f"`certutil` cannot put the recorder's certificate into the profile: {reason}"
            raise _missing(message, "record with --browser chromium")


def _missing(message: str, hint: str) -> LoadwrightError:
    return LoadwrightError(Diagnostic("browser-missing", message, hint))
