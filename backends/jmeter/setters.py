"""Cookies that a request puts into the jar before it is sent."""

from __future__ import annotations

from collections.abc import Sequence

from loadwright.backends.jmeter.expressions import jsr223
from loadwright.backends.jmeter.groovy import expression, literal, script
from loadwright.backends.jmeter.names import Names
from loadwright.backends.jmeter.simplify import simplify
from loadwright.backends.jmeter.xml import Element
from loadwright.compiler.plan.model import Cookie


def cookie_setters(cookies: Sequence[Cookie], names: Names) -> tuple[Element, ...]:
    """The script that puts cookies into the jar, for the request's host and path `/`, if there are any."""
    if not cookies:
        return ()
    lines = ["import org.apache.jmeter.protocol.http.control.Cookie", "", "def host = sampler.url.host"]
    for cookie in cookies:
        value = expression(simplify(cookie.value), names)
        made = f"new Cookie({literal(cookie.name)}, {value}, host, '/', false, 0L, true, false)"
        lines.append(f"sampler.cookieManager.add({made})")
    title = "Set cookies " + ", ".join(cookie.name for cookie in cookies)
    return (jsr223("PreProcessor", title, script(lines)),)
