"""Cases about TLS and proxies."""

from __future__ import annotations

import re

from conformance.case import (
    Case,
    Failed,
    Wire,
    form,
    json_at,
    ref,
    request,
)
from conformance.server import json

from loadwright.compiler.plan.features import Feature
from loadwright.compiler.plan.model import (
    Target,
)

_FORM = "application/x-www-form-urlencoded"
_NETWORK = re.compile("network: .+")


def _targets(name: str, url: str, verify: bool = True, **more: str) -> list[Target]:
    return [Target.model_validate({"name": name, "url": url, "verify": verify, **more})]


_TLS = [
    Case(
        "tls_verified",
        [request("GET /in", name="in", target="tls_verified"), request("GET /never")],
        [],
        targets=_targets("tls_verified", "{tls}"),
        about=Feature.TLS_VERIFY,
        differs={"jmeter": "an untrusted certificate passes"},
        alone=True,
        failures=[Failed("in", _NETWORK)],
        samples=1,
    ),
    Case(
        "tls_trusted",
        [request("GET /in", target="tls_trusted"), request("GET /again", target="tls_trusted")],
        [Wire("GET", "/in", port=2), Wire("GET", "/again", port=2)],
        targets=_targets("tls_trusted", "{tls}"),
        env={"SSL_CERT_FILE": "{authority}"},
        alone=True,
    ),
    Case(
        "tls_offers_http_2",
        [request("GET /in", target="tls_h2")],
        [Wire("GET", "/in", port=5)],
        targets=_targets("tls_h2", "{h2}"),
        env={"SSL_CERT_FILE": "{authority}"},
        differs={"k6": "speaks HTTP/2 over TLS to a server that offers it, the others HTTP/1.1"},
        alone=True,
    ),
    Case(
        "tls_any_of_one_target",
        [
            request("GET /any", target="tls_one_any"),
            request("GET /in", name="in", target="tls_one_verified"),
            request("GET /never"),
        ],
        [Wire("GET", "/any", port=2)],
        targets=[*_targets("tls_one_any", "{tls}", verify=False), *_targets("tls_one_verified", "{tls}")],
        failures=[Failed("in", _NETWORK)],
        samples=2,
        about=Feature.TLS_VERIFY,
        differs={
            "k6": "an untrusted certificate passes on every target, if it may on one",
            "jmeter": "an untrusted certificate passes",
        },
        alone=True,
    ),
    Case(
        "tls_certificate_of_one_target",
        [
            request("GET /in", target="tls_one_mutual"),
            request("GET /bare", name="bare", target="tls_one_bare"),
            request("GET /never"),
        ],
        [Wire("GET", "/in", port=3)],
        targets=[
            *_targets("tls_one_mutual", "{mutual}", verify=False, certificate="tls/client.pem", key="tls/client.key"),
            *_targets("tls_one_bare", "{mutual}", verify=False),
        ],
        failures=[Failed("bare", _NETWORK)],
        samples=2,
        about=Feature.TLS_CLIENT_CERTIFICATE,
        differs={"k6": "the certificate is shown to the other target too"},
        alone=True,
    ),
    Case(
        "tls_any",
        [
            request("GET /in", target="tls_any", capture={"ta_x": json_at("$.x")}),
            request("POST /in", target="tls_any", body=form(("x", ref("ta_x")))),
            request("GET /plain"),
        ],
        [Wire("GET", "/in", port=2), Wire("POST", "/in", {"Content-Type": _FORM}, b"x=1", port=2), Wire("GET", "/plain")],
        {"GET /in": [json('{"x": 1}')]},
        targets=_targets("tls_any", "{tls}", verify=False),
    ),
    Case(
        "tls_client_certificate",
        [request("GET /in", target="tls_mutual"), request("GET /again", target="tls_mutual")],
        [Wire("GET", "/in", port=3), Wire("GET", "/again", port=3)],
        targets=_targets("tls_mutual", "{mutual}", verify=False, certificate="tls/client.pem", key="tls/client.key"),
    ),
    Case(
        "tls_no_client_certificate",
        [request("GET /in", name="in", target="tls_bare"), request("GET /never")],
        [],
        targets=_targets("tls_bare", "{mutual}", verify=False),
        alone=True,
        failures=[Failed("in", _NETWORK)],
        samples=1,
    ),
    Case(
        "proxy",
        [
            request("GET /in?a=1", target="proxied", headers={"X-A": "b"}),
            request("POST /in", target="proxied", body=form(("x", "1"))),
            request("GET /direct"),
        ],
        [
            Wire("GET", "/in?a=1", {"X-A": "b"}, port=4),
            Wire("POST", "/in", {"Content-Type": _FORM}, b"x=1", port=4),
            Wire("GET", "/direct"),
        ],
        targets=_targets("proxied", "{self}", proxy="{proxy}"),
    ),
    Case(
        "proxy_of_tls",
        [request("GET /in", target="proxied_tls"), request("GET /again", target="proxied_tls")],
        [Wire("GET", "/in", port=4), Wire("GET", "/again", port=4)],
        targets=_targets("proxied_tls", "{tls}", verify=False, proxy="{proxy}"),
    ),
]


CASES = _TLS
