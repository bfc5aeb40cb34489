"""Plots and the table of what an import costs, from what was measured; the same data give the same bytes."""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

FOLDER = Path(__file__).parent.parent / "docs" / "import"
DATA = FOLDER / "measured.json"
PAGE = FOLDER.parent / "correlation.md"
_BEGIN, _END = "<!-- measured -->", "<!-- end of measured -->"
_BEGIN_REAL, _END_REAL = "<!-- real -->", "<!-- end of real -->"
_COLOURS = {"import": "#0072b2", "har-to-k6": "#d55e00"}
_LEFT, _TOP, _WIDTH, _HEIGHT = 56, 44, 540, 220
"""Where in a plot the axes are, and how long; in pixels."""


@dataclass(frozen=True)
class Cost:
    """Of one whole process: seconds, seconds of CPU, mebibytes at the peak."""

    wall: float
    cpu: float
    memory: float


@dataclass(frozen=True)
class Size:
    """A size that was measured; a converter that failed has no cost."""

    megabytes: float
    requests: int
    ours: Cost
    theirs: Cost | None


def save(sizes: Sequence[Size]) -> None:
    """Keep what was measured, a line a size."""
    FOLDER.mkdir(exist_ok=True)
    lines = ",\n".join(json.dumps(asdict(size)) for size in sizes)
    DATA.write_text(f"[\n{lines}\n]\n", encoding="utf-8")


def load() -> list[Size]:
    """What was measured before."""
    found = json.loads(DATA.read_text("utf-8"))
    return [
        Size(one["megabytes"], one["requests"], Cost(**one["ours"]), Cost(**one["theirs"]) if one["theirs"] else None)
        for one in found
    ]


def table(sizes: Sequence[Size], names: Sequence[str] = ()) -> str:
    """The figures, a line a size, or a line for each of several recordings that have `names`."""
    columns = [*(["recording"] if names else []), "MB", "requests", "import CPU s", "CPU s / MB", "peak MiB", "peak / file"]
    columns += ["har-to-k6 CPU s", "peak MiB", "peak / file", "CPU ratio"]
    lines = [f"| {' | '.join(columns)} |", f"|{'---|' if names else ''}{'---:|' * (len(columns) - bool(names))}"]
    for position, size in enumerate(sizes):
        ours, theirs, file = size.ours, size.theirs, size.megabytes / 1.048576
        cells = [
            *names[position : position + 1],
            f"{size.megabytes:.1f}",
            f"{size.requests:,}",
            f"{ours.cpu:.2f}",
            f"{ours.cpu / size.megabytes:.2f}",
        ]
        cells += [f"{ours.memory:.0f}", f"{ours.memory / file:.1f}"]
        if theirs:
            cells += [f"{theirs.cpu:.2f}", f"{theirs.memory:.0f}", f"{theirs.memory / file:.1f}", f"{ours.cpu / theirs.cpu:.2f}"]
        else:
            cells += ["fails", "", "", ""]
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines)


def write(sizes: Sequence[Size]) -> None:
    """The plots, and the table in the page."""
    (FOLDER / "cpu.svg").write_text(
        plot("CPU of an import, by the size of the recording", "s", sizes, lambda c: c.cpu), encoding="utf-8"
    )
    memory = plot("Peak memory of an import, by the size of the recording", "MiB", sizes, lambda c: c.memory)
    (FOLDER / "memory.svg").write_text(memory, encoding="utf-8")
    _put(table(sizes), _BEGIN, _END)


def write_recordings(sizes: Mapping[str, Size]) -> None:
    """The table of real recordings in the page."""
    _put(table(list(sizes.values()), list(sizes)), _BEGIN_REAL, _END_REAL)


def _put(text: str, begin: str, end: str) -> None:
    before, rest = PAGE.read_text("utf-8").split(begin)
    PAGE.write_text(f"{before}{begin}\n{text}\n{end}{rest.split(end)[1]}", encoding="utf-8")


def plot(title: str, unit: str, sizes: Sequence[Size], figure: Callable[[Cost], float]) -> str:
    """An SVG with logarithmic axes, in which what grows with the size is a straight line like the grey ones."""
    series = {
        "import": [(s.megabytes, figure(s.ours)) for s in sizes],
        "har-to-k6": [(s.megabytes, figure(s.theirs)) for s in sizes if s.theirs],
    }
    every = [y for points in series.values() for _, y in points]
    scale = _Scale((sizes[0].megabytes, sizes[-1].megabytes), (min(every), max(every)))
    lines = [
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 640 310" font-family="sans-serif" font-size="11">',
        '<rect width="640" height="310" fill="#fff"/>',
        f'<text x="{_LEFT}" y="18" font-size="14" fill="#222">{title}</text>',
        *_axes(scale, unit, [s.megabytes for s in sizes]),
    ]
    for position, (name, points) in enumerate(series.items()):
        colour = _COLOURS[name]
        path = " ".join(f"{scale.x(x):.1f},{scale.y(y):.1f}" for x, y in points)
        lines.append(f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="1.6"/>')
        lines += [f'<circle cx="{scale.x(x):.1f}" cy="{scale.y(y):.1f}" r="3" fill="{colour}"/>' for x, y in points]
        lines.append(f'<text x="{_LEFT + 8 + position * 90}" y="36" fill="{colour}">{name}</text>')
    return "\n".join([*lines, "</svg>", ""])


class _Scale:
    def __init__(self, across: tuple[float, float], up: tuple[float, float]) -> None:
        self.left, self.right = math.log10(across[0]), math.log10(across[1])
        self.low, self.high = math.floor(math.log10(up[0])), math.ceil(math.log10(up[1]))

    def x(self, value: float) -> float:
        return _LEFT + _WIDTH * (math.log10(value) - self.left) / (self.right - self.left)

    def y(self, value: float) -> float:
        return _TOP + _HEIGHT * (self.high - math.log10(value)) / (self.high - self.low)


def _axes(scale: _Scale, unit: str, marks: Sequence[float]) -> Iterator[str]:
    bottom = _TOP + _HEIGHT
    for power in range(scale.low, scale.high + 1):
        y = scale.y(10**power)
        yield f'<path d="M{_LEFT} {y:.1f}h{_WIDTH}" stroke="#ddd"/>'
        yield f'<text x="{_LEFT - 6}" y="{y + 4:.1f}" text-anchor="end" fill="#555">{10.0**power:g} {unit}</text>'
    for mark in marks:
        yield f'<text x="{scale.x(mark):.1f}" y="{bottom + 16}" text-anchor="middle" fill="#555">{mark:.0f}</text>'
    yield f'<text x="{_LEFT + _WIDTH}" y="{bottom + 32}" text-anchor="end" fill="#555">megabytes</text>'
    for start in range(scale.low - 4, scale.high):  # lines of constant cost per megabyte
        ends = [(x, 10.0**start * x) for x in (10**scale.left, 10**scale.right)]
        inside = [(x, y) for x, y in _clipped(ends, 10.0**scale.low, 10.0**scale.high)]
        if len(inside) == 2:
            (x1, y1), (x2, y2) = inside
            yield (
                f'<path d="M{scale.x(x1):.1f} {scale.y(y1):.1f}L{scale.x(x2):.1f} {scale.y(y2):.1f}" '
                'stroke="#c4c4c4" stroke-dasharray="3 3"/>'
            )


def _clipped(ends: Sequence[tuple[float, float]], low: float, high: float) -> list[tuple[float, float]]:
    (x1, y1), (x2, _) = ends
    slope = y1 / x1
    first, last = max(x1, low / slope), min(x2, high / slope)
    return [(first, first * slope), (last, last * slope)] if first < last else []
