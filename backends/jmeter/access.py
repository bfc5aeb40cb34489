"""How a request gets to its server: digest authorization, and proxies."""

from __future__ import annotations

from urllib.parse import urlsplit

from loadwright.backends.jmeter.expressions import Renderer
from loadwright.backends.jmeter.xml import Element, Property, boolean, collection, element_property, string
from loadwright.compiler.plan.model import Plan, Request
from loadwright.compiler.plan.render import digest_auth
from loadwright.compiler.plan.template import Reference, template


def digest(request: Request, plan: Plan, renderer: Renderer) -> tuple[Element, ...]:
    """The Authorization Manager of digest authorization; the 401 and the answer to it are one sample."""
    auth = digest_auth(plan, request)
    if auth is None:
        return ()
    base = renderer.text(template(Reference(name=request.target))) if request.target else ""
    entry = element_property(
        "",
        "Authorization",
        string("Authorization.url", base),
        string("Authorization.username", renderer.text(auth.username)),
        string("Authorization.password", renderer.text(auth.password)),
        string("Authorization.domain", ""),
        string("Authorization.realm", ""),
        string("Authorization.mechanism", "DIGEST"),
    )
    properties = (
        collection("AuthManager.auth_list", [entry]),
        boolean("AuthManager.clearEachIteration", False),
        boolean("AuthManager.controlledByThreadGroup", False),
    )
    return (Element("AuthManager", "AuthPanel", "Digest authorization", properties),)


def proxy(request: Request, plan: Plan) -> tuple[Property, ...]:
    """The proxy of a request's target."""
    url = next((target.proxy for target in plan.targets if target.name == request.target), None)
    if url is None:
        return ()
    parts = urlsplit(url)
    port = parts.port or (443 if parts.scheme == "https" else 80)
    return (
        string("HTTPSampler.proxyScheme", parts.scheme),
        string("HTTPSampler.proxyHost", parts.hostname or ""),
        string("HTTPSampler.proxyPort", str(port)),
    )
