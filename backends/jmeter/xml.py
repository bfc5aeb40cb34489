"""JMX building blocks: properties, and test elements with their subtrees (JMX 1.2 as JMeter 5.6 writes it)."""

from __future__ import annotations

from collections.abc import Iterable
from copy import deepcopy
from dataclasses import dataclass, replace

from lxml import etree

from loadwright.backends.jmeter.escape import property_text

Property = etree._Element
"""A property child of a test element."""


def _leaf(tag: str, name: str, value: str) -> Property:
    leaf = etree.Element(tag, name=name)
    leaf.text = value
    return leaf


def string(name: str, value: str) -> Property:
    """A text property; `value` is property text (see `escape.py`). The only kind in which JMeter evaluates `${…}`."""
    return _leaf("stringProp", name, value)


def boolean(name: str, value: bool) -> Property:
    """A property that is true or false."""
    return _leaf("boolProp", name, "true" if value else "false")


def integer(name: str, value: int) -> Property:
    """A whole number that no variable overrides."""
    return _leaf("intProp", name, str(value))


def collection(name: str, items: Iterable[Property]) -> Property:
    """An ordered list of properties."""
    found = etree.Element("collectionProp", name=name)
    found.extend(items)
    return found


def texts(name: str, values: Iterable[str]) -> Property:
    """An ordered list of property texts, named as JMeter names them: by the Java hash of the value."""
    return collection(name, (string(str(java_hash(value)), value) for value in values))


def element_property(name: str, kind: str, *properties: Property, gui: str = "", title: str = "") -> Property:
    """A test element that stands inside a property."""
    found = etree.Element("elementProp", name=name, elementType=kind)
    if gui:
        found.attrib.update({"guiclass": gui, "testclass": kind, "testname": title})
    found.extend(properties)
    return found


def java_hash(text: str) -> int:
    """`String.hashCode()` of Java: 31-polynomial over UTF-16 units, 32 bits, signed."""
    units = text.encode("utf-16-be", "surrogatepass")
    value = 0
    for high, low in zip(units[::2], units[1::2], strict=True):
        value = (31 * value + (high << 8 | low)) & 0xFFFFFFFF
    return value - (1 << 32) if value >> 31 else value


@dataclass(frozen=True)
class Element:
    """A test element: its tag (JMeter's class alias), the GUI class that shows it, its name, and what hangs under it.

    `name` and `comment` are property text; `test_class` is given where it differs from the tag.
    """

    tag: str
    gui: str
    name: str
    properties: tuple[Property, ...] = ()
    children: tuple[Element, ...] = ()
    comment: str = ""
    test_class: str = ""

    def commented(self, comment: str) -> Element:
        """The element with a comment, which is literal text."""
        return replace(self, comment=property_text(comment))


def _append(tree: Property, element: Element) -> None:
    node = etree.SubElement(tree, element.tag)
    node.attrib.update({"guiclass": element.gui, "testclass": element.test_class or element.tag, "testname": element.name})
    node.extend(map(deepcopy, element.properties))  # an element may stand in several places
    if element.comment:
        node.append(string("TestPlan.comments", element.comment))
    subtree = etree.SubElement(tree, "hashTree")
    for child in element.children:
        _append(subtree, child)


def document(plan: Element) -> str:
    """The JMX file of a test plan: two-space indentation, LF, UTF-8; text properties keep their white space."""
    root = etree.Element("jmeterTestPlan", version="1.2", properties="5.0", jmeter="5.6.3")
    _append(etree.SubElement(root, "hashTree"), plan)
    etree.indent(root, "  ")
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + etree.tostring(root, encoding="unicode") + "\n"
