"""What every kind of thread group has: its main loop, and what happens when a sample fails."""

from __future__ import annotations

from loadwright.backends.jmeter.xml import Property, boolean, element_property, string

ON_FAILURE = "startnextloop"
"""A failed request ends the iteration."""
CONTINUE = "continue"


def main_loop(loops: str) -> Property:
    """The loop of a thread group; `loops` is property text, `-1` for no end."""
    return element_property(
        "ThreadGroup.main_controller",
        "LoopController",
        string("LoopController.loops", loops),
        boolean("LoopController.continue_forever", False),
        gui="LoopControlPanel",
        title="Loop Controller",
    )
