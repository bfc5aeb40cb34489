"""Defaults that several cases share, for they hold for a whole Plan: one run for each."""

from __future__ import annotations

from decimal import Decimal

from conformance.case import t

from loadwright.compiler.plan.model import (
    BasicAuth,
    Defaults,
    Header,
    Retry,
    SoftFailureExpectation,
    StatusExpectation,
)

STRICT = Defaults(
    headers=(Header(name="Accept-Language", value=t("en-GB")), Header(name="X-All", value=t("yes"))),
    auth=BasicAuth(username=t("all"), password=t("s3cret")),
    retry=Retry(times=2, statuses=(503,), backoff=Decimal(1)),
    timeout=1500,
    expectations=(StatusExpectation(statuses=(200,)),),
)
SOFT = Defaults(redirects="follow", expectations=(SoftFailureExpectation(),))
