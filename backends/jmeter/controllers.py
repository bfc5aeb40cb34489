"""JMeter's logic controllers. Names are literal text, conditions, values and counts property text."""

from __future__ import annotations

from collections.abc import Sequence

from loadwright.backends.jmeter.escape import property_text
from loadwright.backends.jmeter.xml import Element, boolean, string


def simple_controller(name: str, children: Sequence[Element], comment: str = "") -> Element:
    """A Simple Controller, which only groups."""
    return Element("GenericController", "LogicControllerGui", property_text(name), (), tuple(children), property_text(comment))


def if_controller(name: str, condition: str, children: Sequence[Element], comment: str = "") -> Element:
    """An If Controller whose condition is `true` or anything else."""
    properties = (
        string("IfController.condition", condition),
        boolean("IfController.evaluateAll", False),
        boolean("IfController.useExpression", True),
    )
    return Element("IfController", "IfControllerPanel", property_text(name), properties, tuple(children), property_text(comment))


def switch_controller(name: str, value: str, children: Sequence[Element], comment: str = "") -> Element:
    """A Switch Controller: the child that is called by the value, or none."""
    properties = (string("SwitchController.value", value),)
    return Element(
        "SwitchController", "SwitchControllerGui", property_text(name), properties, tuple(children), property_text(comment)
    )


def while_controller(name: str, condition: str, children: Sequence[Element], comment: str = "") -> Element:
    """A While Controller: its children, until the condition is `false`; it is looked at before each pass."""
    properties = (string("WhileController.condition", condition),)
    return Element(
        "WhileController", "WhileControllerGui", property_text(name), properties, tuple(children), property_text(comment)
    )


def loop_controller(name: str, loops: str, children: Sequence[Element], comment: str = "") -> Element:
    """A Loop Controller; one of no loops must go on for ever, or its parent would forget it."""
    properties = (string("LoopController.loops", loops), boolean("LoopController.continue_forever", True))
    return Element("LoopController", "LoopControlPanel", property_text(name), properties, tuple(children), property_text(comment))


def transaction_controller(name: str, children: Sequence[Element], comment: str = "", *, pauses: bool = False) -> Element:
    """A Transaction Controller, a sample of its own beside those inside it; `pauses` tells whether its time has them."""
    properties = (
        boolean("TransactionController.parent", False),
        boolean("TransactionController.includeTimers", pauses),
    )
    return Element(
        "TransactionController",
        "TransactionControllerGui",
        property_text(name),
        properties,
        tuple(children),
        property_text(comment),
    )
