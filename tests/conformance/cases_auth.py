"""Cases about authorization: basic, bearer, digest."""

from __future__ import annotations

from conformance.case import (
    Case,
    Failed,
    Wire,
    form,
    form_wire,
    json_at,
    let,
    ref,
    request,
    t,
)
from conformance.defaults import STRICT
from conformance.digest import Challenge
from conformance.server import Reply, json

from loadwright.compiler.plan.encodings import base64_encode
from loadwright.compiler.plan.model import (
    BasicAuth,
    BearerAuth,
    DigestAuth,
)


def _basic(username: str, password: str) -> str:
    return f"Basic {base64_encode(f'{username}:{password}')}"


_MD5, _SHA256 = (Challenge("user@example.com", "p:ss w", a) for a in ("MD5", "SHA-256"))


def _digest(challenge: Challenge) -> DigestAuth:
    return DigestAuth(username=t(challenge.username), password=t(challenge.password))


_AUTH = [
    Case(
        "auth_basic",
        [
            let("ab_user", "\u00fcser"),
            request("GET /in", auth=BasicAuth(username=t(ref("ab_user")), password=t('p:${x} "w\\'))),
            request("GET /out"),
            request("GET /own", auth=BasicAuth(username=t("a"), password=t("b")), headers={"authorization": "Own x"}),
        ],
        [
            Wire("GET", "/in", {"Authorization": _basic("\u00fcser", 'p:${x} "w\\')}),
            Wire("GET", "/out", {"Authorization": None}),
            Wire("GET", "/own", {"Authorization": "Own x"}),
        ],
    ),
    Case(
        "auth_bearer",
        [
            request("GET /token", capture={"br_t": json_at("$.t")}),
            request("GET /in", auth=BearerAuth(token=t(ref("br_t")))),
        ],
        [Wire("GET", "/token", {"Authorization": None}), Wire("GET", "/in", {"Authorization": "Bearer a.b-c_d=="})],
        {"GET /token": [json('{"t": "a.b-c_d=="}')]},
    ),
    Case(
        "auth_default",
        [request("GET /in"), request("GET /own", auth=BearerAuth(token=t("mine")))],
        [
            Wire("GET", "/in", {"Authorization": _basic("all", "s3cret")}),
            Wire("GET", "/own", {"Authorization": "Bearer mine"}),
        ],
        defaults=STRICT,
    ),
    *(
        Case(
            f"auth_digest_{name}",
            [
                request("GET /in?a=1", auth=_digest(challenge), capture={f"ad_{name}": json_at("$.x")}),
                request("POST /in", auth=_digest(challenge), body=form(("x", ref(f"ad_{name}")))),
            ],
            [
                Wire("GET", "/in?a=1"),
                Wire("GET", "/in?a=1", {"Authorization": challenge.answered("GET", f"/auth_digest_{name}/in?a=1")}),
                form_wire("/in", ("x", "1")),
                Wire(
                    "POST",
                    "/in",
                    {
                        "Content-Type": "application/x-www-form-urlencoded",
                        "Authorization": challenge.answered("POST", f"/auth_digest_{name}/in"),
                    },
                    b"x=1",
                ),
            ],
            {f"{method} /in": [Reply(401, (challenge.header,)), json('{"x": 1}')] for method in ("GET", "POST")},
            samples=2,
        )
        for name, challenge in (("md5", _MD5), ("sha256", _SHA256))
    ),
    Case(
        "auth_digest_refused",
        [request("GET /in", name="in", auth=_digest(_MD5)), request("GET /never")],
        [Wire("GET", "/in"), Wire("GET", "/in")],
        {"GET /in": [Reply(401, (_MD5.header,))]},
        samples=1,
        failures=[Failed("in", "status: expected 200 to 399, got 401")],
    ),
]


CASES = _AUTH
