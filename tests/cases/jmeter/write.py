"""Writes the JMX files of this folder anew; read their difference before keeping them."""

from pathlib import Path

from shop import PLAN

from loadwright.backends.jmeter.backend import JMeterBackend

if __name__ == "__main__":
    for load in PLAN.loads:
        jmx = JMeterBackend().emit(PLAN, load.name)[0].text
        (Path(__file__).parent / f"shop-{load.name}.jmx").write_text(jmx, encoding="utf-8", newline="\n")
