"""The settings of one run: the `LOADWRIGHT_…` variables that the emitted scripts read."""

from __future__ import annotations

import math
import os
import re
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from loadwright.compiler.cli.load import did_you_mean, problem
from loadwright.compiler.diagnostics import Diagnostic, LoadwrightError
from loadwright.compiler.plan.model import Plan
from loadwright.compiler.plan.node import SourceOrigin
from loadwright.compiler.plan.profile import length, workloads
from loadwright.compiler.runtimes.commands import SHARD_VARIABLE

_UNITS = {"": 1.0, "ms": 0.001, "s": 1.0, "m": 60.0, "min": 60.0, "h": 3600.0}
_MARGIN_SECONDS = 300.0
_UNBOUNDED_SECONDS = 3600.0


@dataclass(frozen=True)
class Overrides:
    """What the command line says in place of the load's own numbers; None leaves them."""

    users: int | None = None
    iterations: int | None = None
    duration: float | None = None
    """Seconds."""
    rate: float | None = None
    """Iterations per second."""
    think: float | None = None
    """Factor on every think time; 0 is none."""
    seed: str | None = None
    """What random values, pauses, choices and shuffled rows are made of."""
    shard: str | None = None
    """Which part of a load this run is, of several that run side by side: `2/3`."""


def parse_duration(text: str) -> float:
    """Seconds of `30`, `30s`, `5m` or `1h`; raises LoadwrightError for anything else, and for nothing or less."""
    found = re.fullmatch(r"(\d+(?:\.\d+)?)\s*(ms|s|min|m|h|)", text.strip())
    seconds = float(found[1]) * _UNITS[found[2]] if found else 0
    if seconds <= 0:
        raise problem("bad-option", f"`{text}` is no duration", "write seconds, or a number with a unit: 30s, 5m, 1h")
    return seconds


def variables(plan: Plan, targets: Sequence[str], overrides: Overrides) -> dict[str, str]:
    """The variables for the targets (`NAME=URL`) and overrides; raises LoadwrightError for a name the Plan does not have."""
    numbers = {
        "LOADWRIGHT_USERS": overrides.users,
        "LOADWRIGHT_ITERATIONS": overrides.iterations,
        "LOADWRIGHT_DURATION": overrides.duration,
        "LOADWRIGHT_RATE": overrides.rate,
        "LOADWRIGHT_THINK": overrides.think,
    }
    settings = {name: _number(name, value) for name, value in numbers.items() if value is not None}
    if overrides.seed is not None:
        settings["LOADWRIGHT_SEED"] = overrides.seed
    shard = overrides.shard or os.environ.get(SHARD_VARIABLE)
    if shard:
        settings[SHARD_VARIABLE] = _shard(shard)
    for target in targets:
        name, _, url = target.partition("=")
        settings[_target_variable(plan, name)] = _url(target, url)
    return settings


def require_secrets(plan: Plan) -> dict[str, str]:
    """The value of each secret's environment variable; raises LoadwrightError naming those that are not set."""
    missing = [
        Diagnostic(
            code="missing-secret",
            message=f"secret `{secret.name}` is read from the environment variable `{secret.env}`, which is not set",
            hint=f"set {secret.env} and run again",
            span=secret.origin.span if isinstance(secret.origin, SourceOrigin) else None,
        )
        for secret in plan.secrets
        if not os.environ.get(secret.env)
    ]
    if missing:
        raise LoadwrightError(*missing)
    return {secret.env: os.environ[secret.env] for secret in plan.secrets}


def time_limit(plan: Plan, load: str | None, overrides: Overrides) -> float:
    """Seconds after which a run is stopped: its duration and five minutes, or an hour for a load without a duration."""
    if overrides.duration is not None:
        return overrides.duration + _MARGIN_SECONDS
    chosen = next((item for item in plan.loads if load in (None, item.name)), None)
    durations = [length(w.model) for w in workloads(chosen)] if chosen else [None]
    if overrides.iterations is not None or any(d is None for d in durations):
        return max([_UNBOUNDED_SECONDS, *((d or 0) / 1000 + _MARGIN_SECONDS for d in durations)])
    return max(d or 0 for d in durations) / 1000 + _MARGIN_SECONDS


def _number(name: str, value: float) -> str:
    least_is_zero = name == "LOADWRIGHT_THINK"
    if not math.isfinite(value) or value < 0 or (value == 0 and not least_is_zero):
        least = "0 or more" if least_is_zero else "more than 0"
        raise problem("bad-option", f"--{name.rpartition('_')[2].lower()} must be {least}")
    return f"{value:.6f}".rstrip("0").rstrip(".")


def _shard(text: str) -> str:
    found = re.fullmatch(r"([1-9]\d{0,4})/([1-9]\d{0,4})", text)
    if not found or int(found[1]) > int(found[2]):
        raise problem("bad-option", f"`{text}` is no part of a load", "write which one of how many: 1/3, 2/3, 3/3")
    return text


def _target_variable(plan: Plan, name: str) -> str:
    names = [target.name for target in plan.targets]
    if name not in names:
        raise problem("unknown-target", f"there is no target `{name}`", did_you_mean(name, names))
    return f"LOADWRIGHT_TARGET_{re.sub('[^A-Z0-9_]', '_', name.upper())}"


def _url(option: str, url: str) -> str:
    try:
        parts = urlsplit(url)
        fine = parts.scheme in ("http", "https") and bool(parts.hostname) and not parts.query and not parts.fragment
        _ = parts.port
    except ValueError:
        fine = False
    if not fine:
        raise problem("bad-option", f"`{option}` does not name a target and its URL", "write NAME=http://host:port")
    return url.rstrip("/")
