"""Which features a Plan uses, and where; what backends declare against."""

from __future__ import annotations

from collections.abc import Iterator
from enum import StrEnum

from loadwright.compiler.plan.model import OpenModel, Parallel, Plan, Request, Step
from loadwright.compiler.plan.node import Origin
from loadwright.compiler.plan.template import Call, walk
from loadwright.compiler.plan.traverse import requests, templates


class Feature(StrEnum):
    """A feature that a backend may or may not have."""

    PARALLEL = "parallel requests"
    REDIRECTS_FOLLOW = "redirects followed by the runtime"
    BODY_FORM = "form body"
    BODY_JSON = "json body"
    BODY_TEXT = "text body"
    BODY_FILE = "file body"
    BODY_MULTIPART = "multipart body"
    CAPTURE_JSON = "capture by json path"
    CAPTURE_CSS = "capture by css selector"
    CAPTURE_REGEX = "capture by regular expression"
    CAPTURE_BOUNDARY = "capture between boundaries"
    CAPTURE_HEADER = "capture of a header"
    CAPTURE_COOKIE = "capture of a cookie"
    CAPTURE_REDIRECT = "capture of the redirect target"
    EXPECT_STATUS = "expect status"
    EXPECT_TYPE = "expect type"
    EXPECT_TEXT = "expect body or header text"
    EXPECT_JSON = "expect json"
    EXPECT_TIME = "expect time"
    EXPECT_SOFT_FAILURE = "expect no soft failure"
    DATA_SEQUENTIAL = "data in order"
    DATA_RANDOM = "data in random order"
    LOAD_CLOSED = "closed load model"
    LOAD_OPEN = "open load model"
    FUNCTIONS = "function library"
    THINK = "think time"


def features(plan: Plan) -> Iterator[tuple[Feature, Origin | None]]:
    """Each use of a feature with the origin of the node that uses it, in the order of the Plan."""
    for source in plan.data:
        yield (Feature.DATA_RANDOM if source.order == "random" else Feature.DATA_SEQUENTIAL), source.origin
    for journey in plan.journeys:
        for node in journey.nodes:
            for item in node.actions if isinstance(node, Step) else (node,):
                if isinstance(item, Parallel):
                    yield Feature.PARALLEL, item.origin
                elif item.kind == "think":
                    yield Feature.THINK, item.origin
        for request in requests(journey):
            yield from _request_features(plan, request)
    for load in plan.loads:
        for workload in load.workloads:
            is_open = isinstance(workload.model, OpenModel)
            yield (Feature.LOAD_OPEN if is_open else Feature.LOAD_CLOSED), workload.origin
    for value, origin in templates(plan):
        if any(isinstance(part, Call) for part in walk(value)):
            yield Feature.FUNCTIONS, origin


def _request_features(plan: Plan, request: Request) -> Iterator[tuple[Feature, Origin | None]]:
    if (request.redirects or plan.defaults.redirects) == "follow":
        yield Feature.REDIRECTS_FOLLOW, request.origin
    if request.body:
        yield Feature[f"BODY_{request.body.kind.upper()}"], request.body.origin or request.origin
    for expectation in (*request.expectations, *plan.defaults.expectations):
        yield Feature[f"EXPECT_{expectation.kind.upper()}"], expectation.origin or request.origin
    for capture in request.captures:
        yield Feature[f"CAPTURE_{capture.source.kind.upper()}"], capture.origin or request.origin
