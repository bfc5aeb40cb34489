"""Settings: what the environment, files and secrets give."""

# Locust's decorators and gevent are untyped; an ignore at each place would be copied.
# mypy: disable-error-code="import-untyped, no-untyped-call, untyped-decorator"

from __future__ import annotations

import logging
import math
import os
import ssl
import sys
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from locust import events
from locust.env import Environment
from locust.runners import MasterRunner

HERE = Path(__file__).resolve().parent
MISSING_SECRETS: list[str] = []
logger = logging.getLogger(__name__)


CONNECTIONS: dict[str, dict[str, Any]] = {}
"""How connections are made, by scheme, host and port of the server."""


def target(name: str, url: str, **connection: Any) -> str:
    """The URL of a server; the environment variable LOADWRIGHT_TARGET_<name> wins."""
    found = (os.environ.get(f"LOADWRIGHT_TARGET_{name}") or url).rstrip("/")
    CONNECTIONS[origin(found)] = connection
    return found


INSECURE = os.environ.get("LOADWRIGHT_INSECURE") == "1"
"""Whether any certificate is accepted."""


def tls(
    *, verify: bool = True, certificate: str | None = None, key: str | None = None
) -> dict[str, Any]:
    """How TLS is done; certificate and key are the client's (PEM)."""
    context = ssl.create_default_context()
    if INSECURE or not verify:
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    if certificate:
        context.load_cert_chain(HERE / certificate, HERE / key if key else None)
    return {
        "insecure": not context.check_hostname,
        "ssl_context_factory": lambda **_: context,
    }


def proxy(url: str) -> dict[str, Any]:
    """An HTTP proxy on the way to a server."""
    parts = urlsplit(url)
    options: dict[str, Any] = {
        "proxy_host": parts.hostname,
        "proxy_port": parts.port or (443 if parts.scheme == "https" else 80),
    }
    if parts.username is not None:
        options["proxy_user"] = unquote(parts.username)
        options["proxy_password"] = unquote(parts.password or "")
    return options


def origin(url: str) -> str:
    """Scheme, host and port of a URL."""
    parts = urlsplit(url)
    scheme = {"ws": "http", "wss": "https"}.get(parts.scheme, parts.scheme)
    port = parts.port or (443 if scheme == "https" else 80)
    return f"{scheme}://{parts.hostname}:{port}"


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


def unless(name: str, iterations: int) -> float:
    """A number of iterations; without end when LOADWRIGHT_<name> is set."""
    return math.inf if os.environ.get(f"LOADWRIGHT_{name}") else iterations


def setting(name: str, planned: float, share: float = 1.0) -> float:
    """A number of the load; the environment variable LOADWRIGHT_<name> wins.

    That is for the whole of a mix of journeys, of which one has a share.
    """
    given = os.environ.get(f"LOADWRIGHT_{name}")
    return float(given) * share if given else planned


def read_file(path: str) -> bytes:
    """The bytes of a file beside this one."""
    return (HERE / path).read_bytes()


class Shard:
    """This process's part of the load, when several share it: the users, rows and
    arrivals whose number, divided by the number of processes, leaves its index.

    LOADWRIGHT_SHARD=2/3 is the second one of three.
    """

    def __init__(self, text: str):
        number, _, count = text.partition("/")
        self.index, self.count = int(number) - 1, int(count)


SHARD = Shard(os.environ.get("LOADWRIGHT_SHARD") or "1/1")
