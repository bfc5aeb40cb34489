"""What a journey uses of the Plan: values, data, files, chance."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from loadwright.compiler.plan.model import (
    Choose,
    DataSource,
    FileBody,
    FilePart,
    ForEach,
    Journey,
    MultipartBody,
    Parallel,
    Plan,
    Receive,
    Repeat,
    Request,
    SchemaExpectation,
    Shuffle,
    SizeExpectation,
    StatusExpectation,
    Stop,
    Stream,
    Think,
    Variable,
)
from loadwright.compiler.plan.needs import called_functions, calls_draw, used_sources
from loadwright.compiler.plan.render import (
    digest_auth,
    effective_expectations,
    effective_headers,
    effective_retry,
    follows_redirects,
    status_expectation,
)
from loadwright.compiler.plan.traverse import AnyNode, journey_nodes, requests, walk_nodes


def data(plan: Plan, journey: Journey) -> list[DataSource]:
    """The data sources that an iteration of the journey takes a row of, in the Plan's order."""
    return list(used_sources(plan, journey))


def files(journeys: Sequence[Journey]) -> list[str]:
    """The paths of the files that requests of the journeys send, each once."""
    found: dict[str, None] = {}
    for journey in journeys:
        for request in requests(journey):
            if isinstance(request.body, FileBody):
                found[request.body.path] = None
            elif isinstance(request.body, MultipartBody):
                found.update((part.path, None) for part in request.body.parts if isinstance(part, FilePart))
    return list(found)


def schemas(plan: Plan, journeys: Sequence[Journey]) -> list[str]:
    """The paths of the JSON Schemas that responses of the journeys must fit, each once."""
    nodes = (node for journey in journeys for node in journey_nodes(journey) if isinstance(node, Request | Receive))
    found = (e.path for node in nodes for e in effective_expectations(plan, node) if isinstance(e, SchemaExpectation))
    return list(dict.fromkeys(found))


def parallels(journey: Journey) -> Iterator[Parallel]:
    """The groups of requests that are sent at the same time."""
    return (node for node in journey_nodes(journey) if isinstance(node, Parallel))


def bound(nodes: Iterable[AnyNode]) -> Iterator[str]:
    """Every name that gets a value in the nodes."""
    for node in walk_nodes(nodes):
        match node:
            case Variable(name=name) | ForEach(name=name):
                yield name
            case Repeat(index=str() as index):
                yield index
            case Request() | Receive():
                yield from (capture.name for capture in node.captures)


def has_parts(journey: Journey) -> bool:
    """Whether its users set up before their first iteration or tear down after their last."""
    return bool(journey.setup or journey.teardown)


def ends(source: DataSource) -> bool:
    """Whether users stop when the rows are used up."""
    return source.on_end == "stop" and source.order != "random"


def leaves(plan: Plan, journey: Journey) -> bool:
    """Whether a user may end before the load does."""
    stops = (node for node in journey_nodes(journey) if isinstance(node, Stop))
    return any(stop.what == "user" for stop in stops) or any(map(ends, data(plan, journey)))


def takes_turns(plan: Plan, journey: Journey) -> bool:
    """Whether its users take rows that they share, one after the other."""
    return any(source.rows == "per run" and source.order != "random" for source in data(plan, journey))


def is_numbered(plan: Plan, journey: Journey) -> bool:
    """Whether what a user does depends on which one it is."""
    is_counted = bool(called_functions(plan, journey) & {"counter", "user", "iteration"})
    return is_counted or draws(plan, journey) or any(source.rows != "per run" for source in data(plan, journey))


def draws(plan: Plan, journey: Journey) -> bool:
    """Whether something in it is left to chance."""
    is_drawn = any(source.order == "random" for source in data(plan, journey))
    return is_drawn or _draws(journey_nodes(journey)) or calls_draw(plan, journey)


def flags(plan: Plan, journeys: Sequence[Journey]) -> frozenset[str]:
    """The marks of the helpers' lines that these journeys need."""
    found = {flag for journey in journeys for flag in (*_journey_flags(plan, journey), *_request_flags(plan, journey))}
    return frozenset(found | {"user"} if found & {"random", "over", "parts", "setup", "jar"} else found)


def _journey_flags(plan: Plan, journey: Journey) -> Iterator[str]:
    sources = data(plan, journey)
    nodes = list(journey_nodes(journey))
    stops = [node for node in nodes if isinstance(node, Stop)]
    conditions = {
        "random": draws(plan, journey),
        "stop": bool(stops) or any(map(ends, sources)),
        "over": leaves(plan, journey),
        "user": is_numbered(plan, journey),
        "parts": has_parts(journey),
        "setup": bool(journey.setup),
        "streams": any(isinstance(node, Stream) for node in nodes),
        "jar": has_parts(journey) or journey.keeps_cookies,
    }
    return (flag for flag, is_set in conditions.items() if is_set)


def _draws(nodes: Iterable[AnyNode]) -> bool:
    """Whether nodes draw random numbers themselves."""
    for node in nodes:
        match node:
            case Think(minimum=minimum, maximum=maximum) if minimum != maximum:
                return True
            case Choose() | Shuffle():
                return True
            case Request() | Receive() if any(capture.select == "random" for capture in node.captures):
                return True
    return False


def _request_flags(plan: Plan, journey: Journey) -> Iterator[str]:
    for request in requests(journey):
        expectations = effective_expectations(plan, request)
        conditions = {
            "cookies": bool(request.cookies),
            "retry": effective_retry(plan, request) is not None,
            "follows": follows_redirects(plan, request),
            "digest": digest_auth(plan, request) is not None,
            "compressed": any(h.name.lower() == "accept-encoding" for h in effective_headers(plan, request)),
            "binary": any(isinstance(e, SizeExpectation) for e in expectations),
            "unwanted": status_expectation(plan, request).negated and isinstance(expectations[0], StatusExpectation),
        }
        yield from (flag for flag, is_set in conditions.items() if is_set)
