"""What several tests need: the demo shop on a free port, and property tests that draw the same examples each time."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from unittest.mock import patch

import pytest
from hypothesis import HealthCheck, settings
from hypothesis.internal.conjecture import providers
from sharing import Sharing, place
from xdist.remote import Producer
from xdist.scheduler import LoadScopeScheduling

# The same examples in every run, however slow the machine; LOADWRIGHT_EXPLORE=1 draws new ones.
settings.register_profile("same", derandomize=True, deadline=None, suppress_health_check=[HealthCheck.too_slow])
if os.environ.get("LOADWRIGHT_EXPLORE"):
    settings.load_profile("default")
else:
    settings.load_profile("same")
    # Hypothesis also draws constants of the modules that are loaded; which these are depends on the tests that ran before.
    patch.object(providers, "_get_local_constants", providers.Constants).start()

# A shell lets its background jobs ignore the interrupt, and all that they start: tests interrupt what they start.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)

# Tests start JMeter often; none of them needs code that is optimized for hours of load, or a second look at bytes of JMeter's own.
os.environ.setdefault(
    "JVM_ARGS", "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC -XX:+UnlockDiagnosticVMOptions -XX:-BytecodeVerificationRemote"
)

SHOP = Path(__file__).parent.parent / "examples" / "shop"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What takes long comes first."""
    items.sort(key=place)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> LoadScopeScheduling:
    """The way in which several processes share the tests."""
    return Sharing(config, log)


@pytest.fixture(scope="session")
def shop() -> Iterator[str]:
    """The address of a running demo shop; its counts are shared, so reset them before counting."""
    process = subprocess.Popen([sys.executable, str(SHOP / "app.py"), "--port", "0"], stdout=subprocess.PIPE, text=True)
    assert process.stdout
    try:
        yield process.stdout.readline().split()[-1]
    finally:
        process.terminate()
        process.wait(10)
        process.stdout.close()
