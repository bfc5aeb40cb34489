"""Which features a Plan uses, and where; what backends declare against."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from enum import StrEnum

from loadwright.compiler.plan.model import (
    Capture,
    ClosedModel,
    Expectation,
    Goal,
    Journey,
    JsonExpectation,
    Load,
    Parallel,
    Plan,
    Receive,
    Request,
    StatusExpectation,
    Stop,
    Stream,
    Target,
    ValueExpectation,
)
from loadwright.compiler.plan.needs import used_sources
from loadwright.compiler.plan.node import Origin
from loadwright.compiler.plan.profile import is_open, workloads
from loadwright.compiler.plan.render import digest_auth, effective_headers, effective_retry
from loadwright.compiler.plan.template import Call, Template, walk
from loadwright.compiler.plan.traverse import AnyNode, journey_nodes, source_templates, templates


class Feature(StrEnum):
    """A feature that a backend may or may not have."""

    PARALLEL = "parallel requests"
    THINK = "think time"
    IF = "if and else"
    REPEAT = "repeat"
    WHILE = "while"
    UNTIL = "until (polling)"
    FOR_EACH = "for each"
    CHOOSE = "weighted choice"
    SHUFFLE = "random order"
    STOP_ITERATION = "stop iteration"
    STOP_USER = "stop user"
    FAIL = "fail"
    SETUP = "setup once per user"
    TEARDOWN = "teardown once per user"
    RETRY = "retry with backoff"
    RETRY_PARALLEL = "retry of parallel requests"
    COOKIES_KEEP = "cookies kept over iterations"
    COOKIE_SET = "cookie set by hand"
    REDIRECTS_FOLLOW = "redirects followed by the runtime"
    AUTH_BASIC = "basic authorization"
    AUTH_BEARER = "bearer authorization"
    AUTH_DIGEST = "digest authorization"
    TLS_VERIFY = "TLS certificates verified"
    TLS_ANY = "TLS certificates not verified"
    TLS_CLIENT_CERTIFICATE = "TLS client certificate"
    PROXY = "proxy of a target"
    COMPRESSION = "compressed responses"
    WEBSOCKET = "WebSocket"
    WEBSOCKET_TIMEOUT = "timeout of a WebSocket"
    SERVER_SENT_EVENTS = "server-sent events"
    BODY_FORM = "form body"
    BODY_JSON = "json body"
    BODY_TEXT = "text body"
    BODY_FILE = "file body"
    BODY_MULTIPART = "multipart body"
    BODY_GRAPHQL = "graphql body"
    CAPTURE_JSON = "capture by json path"
    CAPTURE_CSS = "capture by css selector"
    CAPTURE_XPATH = "capture by xpath"
    CAPTURE_REGEX = "capture by regular expression"
    CAPTURE_BOUNDARY = "capture between boundaries"
    CAPTURE_HEADER = "capture of a header"
    CAPTURE_COOKIE = "capture of a cookie"
    CAPTURE_REDIRECT = "capture of the redirect target"
    CAPTURE_BODY = "capture of the body"
    CAPTURE_URL = "capture of the final url"
    CAPTURE_STATUS = "capture of the status"
    CAPTURE_WITH_VALUES = "values in paths, selectors and patterns"
    SELECT_LAST = "last match"
    SELECT_RANDOM = "random match"
    SELECT_ALL = "all matches"
    SELECT_COUNT = "number of matches"
    EXPECT_STATUS = "expect status"
    EXPECT_STATUS_RANGE = "expect a range of statuses, or not a status"
    EXPECT_TYPE = "expect type"
    EXPECT_TEXT = "expect body or header text"
    EXPECT_JSON = "expect json"
    EXPECT_VALUE = "expect a value"
    EXPECT_COUNT = "expect a number of matches"
    EXPECT_TIME = "expect time"
    EXPECT_SIZE = "expect size"
    EXPECT_SCHEMA = "expect a json schema"
    EXPECT_SOFT_FAILURE = "expect no soft failure"
    SOFT_RULE = "expectation as soft failure"
    DATA_SEQUENTIAL = "data in order"
    DATA_RANDOM = "data rows drawn at random"
    DATA_SHUFFLED = "data in shuffled order"
    DATA_JSON = "data from json"
    DATA_PER_USER = "data per user"
    DATA_UNIQUE = "data unique per user"
    DATA_SHARED = "data rows shared by several workloads"
    DATA_UNIQUE_SHARED = "rows unique per user in several workloads"
    DATA_EARLY_END = "data rows shared by users who may end early, in a load by iterations"
    DATA_LATE_USERS = "data rows shared by users of a ramp, in a load by iterations"
    FUNCTIONS = "function library"
    LOAD_CLOSED = "closed load model"
    LOAD_OPEN = "open load model"
    LOAD_CLOSED_PHASES = "closed load in phases"
    LOAD_OPEN_PHASES = "open load in phases"
    LOAD_MIX = "mix of journeys"
    LOAD_PACING = "pacing"
    LOAD_GRACEFUL_STOP = "graceful stop"
    GOALS = "goals"
    GOAL_ABORT = "goal that ends the run"


Use = tuple[Feature, Origin | None]

DEFAULT_GRACEFUL_STOP = 30_000


def features(plan: Plan) -> Iterator[Use]:
    """Each use of a feature with the origin of the node that uses it, in the order of the Plan; fragments are to be expanded."""
    for target in plan.targets:
        yield from _target_features(target)
    for source in plan.data:
        yield Feature[f"DATA_{source.order.upper()}"], source.origin
        yield from _flags(source.origin, {Feature.DATA_JSON: source.format == "json"})
        yield from _flags(source.origin, {Feature.DATA_PER_USER: source.rows == "per user"})
        yield from _flags(source.origin, {Feature.DATA_UNIQUE: source.rows == "unique per user"})
    for journey in plan.journeys:
        yield from _journey_features(plan, journey)
    yield from _load_features(plan)
    yield from (found for goal in plan.goals for found in _goal_features(goal))
    for value, origin in templates(plan):
        if any(isinstance(part, Call) for part in walk(value)):
            yield Feature.FUNCTIONS, origin


def _flags(origin: Origin | None, flags: dict[Feature, bool]) -> Iterator[Use]:
    return ((feature, origin) for feature, used in flags.items() if used)


def _target_features(target: Target) -> Iterator[Use]:
    tls = target.url.lower().startswith("https:")
    flags = {
        Feature.TLS_VERIFY: tls and target.verify,
        Feature.TLS_ANY: not target.verify,
        Feature.TLS_CLIENT_CERTIFICATE: target.certificate is not None,
        Feature.PROXY: target.proxy is not None,
    }
    return _flags(target.origin, flags)


def _journey_features(plan: Plan, journey: Journey) -> Iterator[Use]:
    flags = {
        Feature.SETUP: bool(journey.setup),
        Feature.TEARDOWN: bool(journey.teardown),
        Feature.COOKIES_KEEP: journey.keeps_cookies,
    }
    yield from _flags(journey.origin, flags)
    for node in journey_nodes(journey):
        yield from _node_features(plan, node)


_NODES = {
    "think": Feature.THINK,
    "if": Feature.IF,
    "repeat": Feature.REPEAT,
    "while": Feature.WHILE,
    "until": Feature.UNTIL,
    "for each": Feature.FOR_EACH,
    "choose": Feature.CHOOSE,
    "shuffle": Feature.SHUFFLE,
    "fail": Feature.FAIL,
}


def _node_features(plan: Plan, node: AnyNode) -> Iterator[Use]:
    if node.kind in _NODES:
        yield _NODES[node.kind], node.origin
    elif isinstance(node, Stop):
        yield (Feature.STOP_USER if node.what == "user" else Feature.STOP_ITERATION), node.origin
    elif isinstance(node, Stream):
        yield (Feature.WEBSOCKET if node.protocol == "websocket" else Feature.SERVER_SENT_EVENTS), node.origin
        is_timed = node.protocol == "websocket" and (node.timeout or plan.defaults.timeout) is not None
        yield from _flags(node.origin, {Feature.WEBSOCKET_TIMEOUT: is_timed})
    elif isinstance(node, Parallel):
        retried = any(effective_retry(plan, request) for request in node.requests)
        yield from _flags(node.origin, {Feature.PARALLEL: True, Feature.RETRY_PARALLEL: retried})
    elif isinstance(node, Request):
        yield from _request_features(plan, node)
    elif isinstance(node, Receive):
        yield from _response_features(node.expectations, node.captures, node.origin)


def _request_features(plan: Plan, request: Request) -> Iterator[Use]:
    auth = request.auth or plan.defaults.auth
    flags = {
        Feature.REDIRECTS_FOLLOW: (request.redirects or plan.defaults.redirects) == "follow",
        Feature.RETRY: effective_retry(plan, request) is not None,
        Feature.COOKIE_SET: bool(request.cookies),
        Feature.AUTH_DIGEST: digest_auth(plan, request) is not None,
        Feature.AUTH_BASIC: auth is not None and auth.kind == "basic",
        Feature.AUTH_BEARER: auth is not None and auth.kind == "bearer",
        Feature.COMPRESSION: any(h.name.lower() == "accept-encoding" for h in effective_headers(plan, request)),
    }
    yield from _flags(request.origin, flags)
    if request.body:
        yield Feature[f"BODY_{request.body.kind.upper()}"], request.body.origin or request.origin
    yield from _response_features((*request.expectations, *plan.defaults.expectations), request.captures, request.origin)


def _response_features(expectations: Iterable[Expectation], captures: Iterable[Capture], outer: Origin | None) -> Iterator[Use]:
    for expectation in expectations:
        yield from _expectation_features(expectation, expectation.origin or outer)
    for capture in captures:
        origin = capture.origin or outer
        yield Feature[f"CAPTURE_{capture.source.kind.upper()}"], origin
        yield from _flags(origin, {Feature.CAPTURE_WITH_VALUES: any(source_templates(capture.source))})
        if capture.select != "nth":
            yield Feature[f"SELECT_{capture.select.upper()}"], origin


def _expectation_features(expectation: Expectation, origin: Origin | None) -> Iterator[Use]:
    yield Feature[f"EXPECT_{expectation.kind.upper()}"], origin
    match expectation:
        case StatusExpectation():
            is_range = expectation.negated or not all(isinstance(status, int) for status in expectation.statuses)
            yield from _flags(origin, {Feature.EXPECT_STATUS_RANGE: is_range})
        case JsonExpectation():
            yield from _flags(origin, {Feature.CAPTURE_WITH_VALUES: isinstance(expectation.path, Template)})
        case ValueExpectation():
            yield Feature[f"CAPTURE_{expectation.source.kind.upper()}"], origin
            yield from _flags(origin, {Feature.CAPTURE_WITH_VALUES: any(source_templates(expectation.source))})
            yield from _flags(origin, {Feature.EXPECT_COUNT: expectation.count})
    yield from _flags(origin, {Feature.SOFT_RULE: getattr(expectation, "soft", False)})


def _load_features(plan: Plan) -> Iterator[Use]:
    for load in plan.loads:
        yield from _flags(load.origin, {Feature.LOAD_GRACEFUL_STOP: load.graceful_stop != DEFAULT_GRACEFUL_STOP})
        for item in load.workloads:
            yield from _flags(item.origin, {Feature.LOAD_MIX: item.kind == "mix"})
        for workload in workloads(load):
            kind = "OPEN" if is_open(workload.model) else "CLOSED"
            phases = "_PHASES" if workload.model.kind.endswith("phases") else ""
            yield Feature[f"LOAD_{kind}{phases}"], workload.origin
            yield from _flags(workload.origin, {Feature.LOAD_PACING: getattr(workload.model, "pacing", None) is not None})
        yield from _shared_features(plan, load)


def _shared_features(plan: Plan, load: Load) -> Iterator[Use]:
    """What follows from whole workloads taking rows of the same data."""
    journeys = {journey.name: journey for journey in plan.journeys}
    found = [(workload, journeys[workload.journey]) for workload in workloads(load) if workload.journey in journeys]
    users = Counter(source.name for _, journey in found for source in used_sources(plan, journey))
    for source in plan.data:
        is_shared = users[source.name] > 1 and source.order != "random"
        shared = {
            Feature.DATA_SHARED: is_shared and source.rows == "per run",
            Feature.DATA_UNIQUE_SHARED: is_shared and source.rows == "unique per user",
        }
        yield from _flags(source.origin, shared)
    for workload, journey in found:
        model = workload.model
        takes_turns = any(source.rows == "per run" and source.order != "random" for source in used_sources(plan, journey))
        if takes_turns and isinstance(model, ClosedModel) and (model.iterations is not None or not model.duration):
            flags = {
                Feature.DATA_EARLY_END: model.iterations != 1 and _may_end_early(plan, journey),
                Feature.DATA_LATE_USERS: model.ramp > 0,
            }
            yield from _flags(workload.origin, flags)


def _may_end_early(plan: Plan, journey: Journey) -> bool:
    """Whether a user may make fewer iterations than it should: it stops, its setup fails, or it has no rows of its own left."""
    stops = any(isinstance(node, Stop) and node.what == "user" for node in journey_nodes(journey))
    own = any(source.on_end == "stop" and source.rows != "per run" for source in used_sources(plan, journey))
    return stops or own or bool(journey.setup)


def _goal_features(goal: Goal) -> Iterator[Use]:
    yield Feature.GOALS, goal.origin
    yield from _flags(goal.origin, {Feature.GOAL_ABORT: goal.abort})
