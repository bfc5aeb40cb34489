"""Locust in several processes, beside other tests that run it so."""

from __future__ import annotations

import socket


def processes(count: int) -> tuple[str, ...]:
    """The arguments for a master and its workers, who meet at a port of their own."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = str(free.getsockname()[1])
    return ("--processes", str(count), "--master-port", port, "--master-bind-port", port)
