"""Plots and the table of docs/load.md, from what was measured (docs/load/measured.json); the same data give the same bytes."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from html import escape
from pathlib import Path
from typing import Any

from conformance.load_measure import STEP, Measured, deviation, expected, expected_drops
from conformance.load_models import PROFILES, Profile

PAGE = Path(__file__).parent.parent.parent / "docs" / "load.md"
FOLDER = PAGE.parent / "load"
DATA = FOLDER / "measured.json"
TITLES = {"jmeter": "JMeter", "k6": "k6", "locust": "Locust"}
_COLOURS = {"jmeter": "#d55e00", "k6": "#0072b2", "locust": "#009e73"}
_BEGIN, _END = "<!-- measured -->", "<!-- end of measured -->"

Curve = Sequence[float]
Journeys = Mapping[str, Mapping[str, Any]]
"""By journey: `reference`, and for each runtime its `curve`, `started`, `dropped` and `offset`."""

_LEFT, _TOP, _WIDTH, _HEIGHT = 44, 56, 580, 168
"""Where in a plot the axes are, and how long; in pixels."""


def data_text(found: Mapping[str, Mapping[str, Mapping[str, Measured]]]) -> str:
    """What was measured, by profile, runtime and journey, as JSON: a line a curve."""
    profiles = []
    for profile in PROFILES:
        journeys = ",\n".join(
            _journey(name, {runtime: found[profile.name][runtime][name] for runtime in TITLES}) for name in profile.parts
        )
        profiles.append(f"{json.dumps(profile.name)}: {{\n{journeys}\n}}")
    return "{\n" + ",\n".join(profiles) + "\n}\n"


def _journey(name: str, by_runtime: Mapping[str, Measured]) -> str:
    lines = [f'"reference": {_numbers(next(iter(by_runtime.values())).reference)}']
    for runtime, own in by_runtime.items():
        counts = f'"started": {own.started}, "dropped": {own.dropped}, "offset": {own.offset}'
        lines.append(f'"{runtime}": {{{counts}, "curve": {_numbers(own.curve)}}}')
    return f" {json.dumps(name)}: {{\n  " + ",\n  ".join(lines) + "\n }"


def _numbers(curve: Curve) -> str:
    return "[" + ", ".join(f"{level:.2f}".rstrip("0").rstrip(".") for level in curve) + "]"


def load_data() -> dict[str, Journeys]:
    """What was measured, by profile."""
    found: dict[str, Journeys] = json.loads(DATA.read_text("utf-8"))
    return found


def far(journeys: Journeys, runtime: str) -> float:
    """The deviation of a profile on a runtime: that of its worst journey."""
    return max(deviation(own[runtime]["curve"], own["reference"]) for own in journeys.values())


def plot(profile: Profile, journeys: Journeys) -> str:
    """An SVG: the reference as a broad grey line, what each runtime did as a thin one."""
    top = max(max(*own["reference"], *(level for r in TITLES for level in own[r]["curve"])) for own in journeys.values())
    height, length = _nice(top), len(next(iter(journeys.values()))["reference"])
    lines = [
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 640 260" font-family="sans-serif" font-size="11">',
        '<rect width="640" height="260" fill="#fff"/>',
        f'<text x="{_LEFT}" y="20" font-size="14" fill="#222">{escape(profile.title)}</text>',
        *_legend(journeys),
        *_axes(profile, height, length),
    ]
    lines += [_line(own["reference"], height, length, "#c4c4c4", 5) for own in journeys.values()]
    for runtime, colour in _COLOURS.items():
        lines += [_line(own[runtime]["curve"], height, length, colour, 1.2) for own in journeys.values()]
    return "\n".join([*lines, "</svg>", ""])


def _legend(journeys: Journeys) -> Iterator[str]:
    entries = [("reference", "#c4c4c4")]
    entries += [(f"{title} ({far(journeys, runtime):.1%} off)", _COLOURS[runtime]) for runtime, title in TITLES.items()]
    for number, (text, colour) in enumerate(entries):
        x = _LEFT + 130 * number
        yield f'<rect x="{x}" y="32" width="14" height="4" fill="{colour}"/><text x="{x + 19}" y="38" fill="#444">{text}</text>'


def _axes(profile: Profile, height: int, length: int) -> Iterator[str]:
    bottom, seconds = _TOP + _HEIGHT, length * STEP
    for part in range(5):
        y = bottom - _HEIGHT * part / 4
        yield f'<path d="M{_LEFT} {y:.1f}h{_WIDTH}" stroke="#e8e8e8"/>'
        yield f'<text x="{_LEFT - 6}" y="{y + 4:.1f}" text-anchor="end" fill="#666">{height * part / 4:g}</text>'
    for second in range(int(seconds) + 1):
        x = _LEFT + _WIDTH * second / seconds
        yield f'<text x="{x:.1f}" y="{bottom + 16}" text-anchor="middle" fill="#666">{second} s</text>'
    unit = "iterations started per second" if profile.counts_arrivals else "users"
    yield f'<text x="{_LEFT + _WIDTH}" y="20" text-anchor="end" fill="#666">{unit}</text>'


def _line(curve: Curve, height: int, length: int, colour: str, width: float) -> str:
    points = (
        f"{_LEFT + _WIDTH * (index + 0.5) / length:.1f},{_TOP + _HEIGHT * (1 - level / height):.1f}"
        for index, level in enumerate(curve)
    )
    return f'<polyline fill="none" stroke="{colour}" stroke-width="{width}" stroke-linejoin="round" points="{" ".join(points)}"/>'


def _nice(level: float) -> int:
    """The end of the axis: the next multiple of four."""
    return 4 * -int(-level // 4)


def table(data: Mapping[str, Journeys]) -> str:
    """The table of deviations and counts."""
    lines = [f"| model | iterations | {' | '.join(TITLES.values())} |", "|---|---:|" + "---:|" * len(TITLES)]
    return "\n".join([*lines, *(_row(profile, data[profile.name]) for profile in PROFILES)])


def _row(profile: Profile, journeys: Journeys) -> str:
    wanted = sum(expected(profile, name) for name in journeys)
    drops = sum(expected_drops(profile, name) for name in journeys)
    cells = []
    for runtime in TITLES:
        started, dropped = (sum(own[runtime][word] for own in journeys.values()) for word in ("started", "dropped"))
        cells.append(f"{far(journeys, runtime):.1%}, {_count(started, dropped)}")
    return f"| [{escape(profile.title)}](load/{profile.name}.svg) | {_count(wanted, drops)} | {' | '.join(cells)} |"


def _count(started: int, dropped: int) -> str:
    return f"{started} ({dropped} dropped)" if dropped else str(started)


def page(text: str, data: Mapping[str, Journeys]) -> str:
    """The page with the present table and plots in it."""
    head, _, rest = text.partition(_BEGIN)
    plots = "\n".join(f"![{escape(profile.title)}](load/{profile.name}.svg)" for profile in PROFILES)
    return f"{head}{_BEGIN}\n{table(data)}\n\n{plots}\n{_END}{rest.partition(_END)[2]}"


def write(data: Mapping[str, Journeys]) -> None:
    """Write the plots and the page."""
    for profile in PROFILES:
        (FOLDER / f"{profile.name}.svg").write_text(plot(profile, data[profile.name]), encoding="utf-8")
    PAGE.write_text(page(PAGE.read_text("utf-8"), data), encoding="utf-8")
