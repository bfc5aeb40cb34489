"""Settings: what the environment, files and secrets give."""

# Locust's decorators and gevent are untyped; an ignore at each place would be copied.
# mypy: disable-error-code="import-untyped, no-untyped-call, untyped-decorator"

from __future__ import annotations

import functools
import logging
import math
import os
import ssl
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from locust import events
from locust.env import Environment
from locust.runners import MasterRunner

HERE = Path(__file__).resolve().parent
MISSING_SECRETS: list[str] = []
logger = logging.getLogger(__name__)


def target(name: str, url: str) -> str:
    """The URL of a server; the environment variable LOADWRIGHT_TARGET_<name> wins."""
    return (os.environ.get(f"LOADWRIGHT_TARGET_{name}") or url).rstrip("/")


def secret(variable: str) -> str:
    """A value that only the environment knows; see `require_secrets`."""
    value = os.environ.get(variable, "")
    if not value:
        MISSING_SECRETS.append(variable)
    return value


@events.init.add_listener
def require_secrets(environment: Environment, **_: Any) -> None:
    """End with exit code 2, before any request, when a secret is missing."""
    if MISSING_SECRETS and not isinstance(environment.runner, MasterRunner):
        variables = ", ".join(MISSING_SECRETS)
        logger.error("a secret is missing: set the environment variable %s", variables)
        sys.exit(2)


@dataclass(frozen=True)
class Connection:
    """How a server is connected to; files lie beside this one."""

    verify: bool = True  # whether its certificate is verified
    certificate: str | None = None  # the client's (PEM)
    key: str | None = None
    proxy: str | None = None  # the URL of an HTTP proxy

    def options(self) -> dict[str, Any]:
        """The same for the HTTP client."""
        context = tls_context(self)
        options = {
            "insecure": not context.check_hostname,
            "ssl_context_factory": lambda **_: context,
        }
        if self.proxy:
            parts = urlsplit(self.proxy)
            default = 443 if parts.scheme == "https" else 80
            options["proxy_host"] = parts.hostname
            options["proxy_port"] = parts.port or default
            if parts.username:
                options["proxy_user"] = unquote(parts.username)
                options["proxy_password"] = unquote(parts.password or "")
        return options


@functools.cache
def tls_context(connection: Connection) -> ssl.SSLContext:
    """How certificates are verified, and which one is shown.

    LOADWRIGHT_INSECURE=1 accepts any.
    """
    context = ssl.create_default_context()
    if not connection.verify or os.environ.get("LOADWRIGHT_INSECURE") == "1":
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    if connection.certificate:
        key = HERE / connection.key if connection.key else None
        context.load_cert_chain(HERE / connection.certificate, key)
    return context


def unless(name: str, iterations: int) -> float:
    """A number of iterations; without end when LOADWRIGHT_<name> is set."""
    return math.inf if os.environ.get(f"LOADWRIGHT_{name}") else iterations


def setting(name: str, planned: float, of: float | None = None) -> float:
    """A number of the load; the environment variable LOADWRIGHT_<name> wins.

    That is for the whole of a mix of journeys, of which one is a part.
    """
    given = os.environ.get(f"LOADWRIGHT_{name}")
    if not given:
        return planned
    return float(given) * planned / of if of else float(given)


def read_file(path: str) -> bytes:
    """The bytes of a file beside this one."""
    return (HERE / path).read_bytes()
