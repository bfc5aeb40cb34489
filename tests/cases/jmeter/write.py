"""Writes the JMX files of this folder anew; read their difference before keeping them."""

from pathlib import Path

import orders
import shop

from loadwright.backends.jmeter.backend import JMeterBackend

if __name__ == "__main__":
    for name, plan in (("shop", shop.PLAN), ("orders", orders.PLAN)):
        for load in plan.loads:
            jmx = JMeterBackend().emit(plan, load.name)[0].text
            (Path(__file__).parent / f"{name}-{load.name}.jmx").write_text(jmx, encoding="utf-8", newline="\n")
