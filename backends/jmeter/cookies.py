"""The jar: when it is emptied, and cookies that are put into it by hand."""

from __future__ import annotations

import re

from loadwright.backends.jmeter.expressions import jsr223
from loadwright.backends.jmeter.load import Group
from loadwright.backends.jmeter.xml import Element, boolean, collection
from loadwright.compiler.plan.model import Plan

_EMPTY = """\
// The jar is emptied before an iteration, not before the teardown; the Cookie Manager itself would do so in every pass.
import org.apache.jmeter.protocol.http.sampler.HTTPSamplerBase

if (sampler instanceof HTTPSamplerBase && vars.remove('load.cookies') != null) sampler.cookieManager.cookies.clear()
"""


_LOCAL = """\
// Browsers send cookies marked Secure to this machine without TLS too.
import org.apache.jmeter.protocol.http.sampler.HTTPSamplerBase

if (sampler instanceof HTTPSamplerBase) {
  sampler.cookieManager?.cookies?.each { item ->
    def cookie = item.objectValue
    if (cookie.secure && cookie.domain ==~ /127\\..*|localhost|.*\\.localhost|\\[?::1\\]?/) cookie.secure = false
  }
}
"""
_ENDED = """\
// JMeter keeps a cookie that is deleted by Max-Age=0 in the same millisecond, and sends cookies after their end; browsers do not.
import org.apache.jmeter.protocol.http.sampler.HTTPSamplerBase

if (sampler instanceof HTTPSamplerBase && sampler.cookieManager) {
  def jar = sampler.cookieManager.cookies, now = System.currentTimeMillis()
  for (int place = jar.size() - 1; place >= 0; place--) {
    def end = jar.get(place).objectValue.expiresMillis
    if (end != 0 && end <= now) jar.remove(place)
  }
}
"""
_LOCAL_TARGET = re.compile(r"http://(?:127\.|localhost\b|[^/]*\.localhost\b|\[::1\])", re.IGNORECASE)


def cookie_rules(plan: Plan) -> tuple[Element, ...]:
    """The scripts by which a jar is a browser's: no cookies that have ended, and those of this machine without TLS."""
    ended = jsr223("PreProcessor", "Cookies that have ended", _ENDED)
    if not any(_LOCAL_TARGET.match(target.url) for target in plan.targets):
        return (ended,)
    return ended, jsr223("PreProcessor", "Cookies of this machine", _LOCAL)


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
