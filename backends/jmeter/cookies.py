"""The jar: when it is emptied, and cookies that are put into it by hand."""

from __future__ import annotations

from loadwright.backends.jmeter.expressions import jsr223
from loadwright.backends.jmeter.load import Group
from loadwright.backends.jmeter.xml import Element, boolean, collection

_EMPTY = """\
// The jar is emptied before an iteration, not before the teardown; the Cookie Manager itself would do so in every pass.
import org.apache.jmeter.protocol.http.sampler.HTTPSamplerBase

if (sampler instanceof HTTPSamplerBase && vars.remove('load.cookies') != null) sampler.cookieManager.cookies.clear()
"""


def cookie_manager(*, clear: bool) -> Element:
    """The Cookie Manager; `clear` empties it at the start of each pass of the thread group."""
    properties = (
        collection("CookieManager.cookies", ()),
        boolean("CookieManager.clearEachIteration", clear),
        boolean("CookieManager.controlledByThreadGroup", False),
    )
    return Element("CookieManager", "CookiePanel", "HTTP Cookie Manager", properties)


def cookies(group: Group, clears_natively: bool) -> tuple[Element, ...]:
    """The Cookie Manager of a group, with the script that empties it where the manager itself cannot."""
    if clears_natively or group.is_plain:
        return (cookie_manager(clear=clears_natively),)
    return (cookie_manager(clear=False), jsr223("PreProcessor", "Empty the jar", _EMPTY))
