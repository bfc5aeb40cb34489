"""Compiling 1,000 steps to all three runtimes, against reading the same text with Lark alone.

`python benchmarks/compile.py` prints wall time, CPU time and peak memory of whole processes (median of the runs) and the
ratio of the two. Nothing is cached between runs but what the operating system keeps of files.
"""

from __future__ import annotations

import argparse
import os
import platform
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

PARSE = """
import sys
from lark import Lark
from loadwright import grammar
lark = Lark(grammar.text(), parser="lalr", lexer="contextual", propagate_positions=True, maybe_placeholders=True)
lark.parse(open(sys.argv[1], encoding="utf-8").read())
"""


@dataclass(frozen=True)
class Cost:
    """Of one whole process: seconds, seconds of CPU, mebibytes at the peak."""

    wall: float
    cpu: float
    memory: float


def intent(steps: int) -> str:
    """An intent of that many steps: forms, JSON, captures, expectations, a loop and a branch here and there."""
    lines = ['intent "Benchmark"', 'target shop = "http://127.0.0.1:1"', "journey buy {", '  let token = ""']
    for number in range(steps):
        lines += [
            f'  step "Step {number}" {{',
            f'    POST "/orders/{number}/${{token}}" {{',
            '      header "X-Request-Id" = uuid()',
            f'      json {{ item: "item-{number}", quantity: {number}, note: "for ${{token | lower}}" }}',
            "      expect status 200 or 201",
            f'      expect json "$.items[?(@.id == {number})].name" exists',
            f'      capture token = json "$.token{number}"',
            "    }",
            '    GET "/static/app.css"',
            "  }",
        ]
        if number % 10 == 0:
            lines += [f'  if token != "{number}" {{ think 1s to 2s }}']
    return "\n".join([*lines, "}", "load smoke { buy: 1 user, 1 iteration }", ""])


def cost(argv: list[str]) -> Cost:
    """Run a process to its end."""
    before = time.perf_counter()
    process = subprocess.Popen(argv, stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    if status:
        raise SystemExit(f"{argv[0]} failed")
    return Cost(time.perf_counter() - before, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024)


def median(costs: list[Cost]) -> Cost:
    """The median of each figure."""
    figures = ([getattr(c, name) for c in costs] for name in ("wall", "cpu", "memory"))
    return Cost(*map(statistics.median, figures))


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--steps", type=int, default=1000)
    parser.add_argument("--runs", type=int, default=5)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "benchmark.intent"
        path.write_text(intent(options.steps), encoding="utf-8")
        script = Path(sys.executable).with_name("loadwright")
        compiling = [str(script), "compile", str(path), "--to", "all", "-o", f"{folder}/out"]
        commands = {"Lark alone": [sys.executable, "-c", PARSE, str(path)], "compile --to all": compiling}
        costs: dict[str, list[Cost]] = {name: [] for name in commands}
        for _ in range(options.runs):  # interleaved: what disturbs the machine disturbs both
            for name, argv in commands.items():
                costs[name].append(cost(argv))
        size = path.stat().st_size / 1024
    print(f"{options.steps} steps, {size:.0f} KiB, {options.runs} runs, Python {platform.python_version()}")
    found = {name: median(own) for name, own in costs.items()}
    for name, own in found.items():
        print(f"{name:18} {own.wall:6.2f} s   {own.cpu:6.2f} s CPU   {own.memory:6.0f} MiB")
    parse, whole = found["Lark alone"], found["compile --to all"]
    wall, cpu, memory = whole.wall / parse.wall, whole.cpu / parse.cpu, whole.memory / parse.memory
    print(f"{'ratio':18} {wall:6.2f}     {cpu:6.2f}         {memory:6.1f}")


if __name__ == "__main__":
    main()
