"""The setUp Thread Group: what must be so, and what must be there, before the first request."""

from __future__ import annotations

from collections.abc import Iterator

from loadwright.backends.jmeter.chance import DEFINITION
from loadwright.backends.jmeter.comments import origin_comment
from loadwright.backends.jmeter.data import read_data, share_data, used_sources
from loadwright.backends.jmeter.expressions import jsr223
from loadwright.backends.jmeter.groovy import literal
from loadwright.backends.jmeter.groups import main_loop
from loadwright.backends.jmeter.json_reader import READER
from loadwright.backends.jmeter.load import Group
from loadwright.backends.jmeter.requests import Context
from loadwright.backends.jmeter.streams import definition
from loadwright.backends.jmeter.users import definitions, resource
from loadwright.backends.jmeter.xml import Element, boolean, string
from loadwright.compiler.plan.model import (
    CaptureSource,
    DataSource,
    Expectation,
    Journey,
    JsonExpectation,
    JsonSource,
    Plan,
    SchemaExpectation,
    ValueExpectation,
)
from loadwright.compiler.plan.render import effective_expectations
from loadwright.compiler.plan.traverse import receives, requests


def prepare(shared: Context, journeys: tuple[Journey, ...], found: tuple[Group, ...], is_seeded: bool) -> tuple[Element, ...]:
    """The group that checks the secrets and defines the shared functions; none when there is nothing to do."""
    plan = shared.plan
    samplers = (
        *_check_secrets(plan),
        *_define_json(plan, journeys),
        *_schemas(plan, journeys),
        *definition(journeys),
        *_define_random(is_seeded),
        *share_data(_sources(plan, found, plain=True)),
        *read_data(_sources(plan, found, plain=False)),
        *definitions(found, shared),
    )
    if not samplers:
        return ()
    properties = (
        string("ThreadGroup.num_threads", "1"),
        string("ThreadGroup.ramp_time", "0"),
        boolean("ThreadGroup.same_user_on_next_iteration", True),
        string("ThreadGroup.on_sample_error", "stoptestnow"),
        main_loop("1"),
    )
    return (Element("SetupThreadGroup", "SetupThreadGroupGui", "Prepare", properties, samplers),)


def _check_secrets(plan: Plan) -> Iterator[Element]:
    """Ends the test before its first request when a secret is not set."""
    if plan.secrets:
        wanted = ", ".join(literal(secret.env) for secret in plan.secrets)
        yield jsr223("Sampler", "Secrets are set", _CHECK % wanted, comment=origin_comment(plan.secrets[0].origin))


def _define_json(plan: Plan, journeys: tuple[Journey, ...]) -> Iterator[Element]:
    if any(_reads_json(plan, journey) for journey in journeys):
        yield jsr223("Sampler", "Define findJson", READER)


def _define_random(is_seeded: bool) -> Iterator[Element]:
    if is_seeded:
        yield jsr223("Sampler", "Define randomNumbers", DEFINITION)


def _sources(plan: Plan, found: tuple[Group, ...], *, plain: bool) -> list[DataSource]:
    """The sources that plain groups use, or the others."""
    used = {source.name for group in found if group.is_plain is plain for source in used_sources(plan, group.journey)}
    return [source for source in plan.data if source.name in used]


def _reads_json(plan: Plan, journey: Journey) -> bool:
    captures = [c for request in requests(journey) for c in request.captures] + [c for r in receives(journey) for c in r.captures]
    return any(_is_json(capture.source) for capture in captures) or any(
        isinstance(expectation, JsonExpectation | SchemaExpectation)
        or (isinstance(expectation, ValueExpectation) and _is_json(expectation.source))
        for expectation in _expectations(plan, journey)
    )


def _is_json(source: CaptureSource) -> bool:
    return isinstance(source, JsonSource)


def _expectations(plan: Plan, journey: Journey) -> Iterator[Expectation]:
    for request in requests(journey):
        yield from effective_expectations(plan, request)
    for receive in receives(journey):
        yield from receive.expectations


def _schemas(plan: Plan, journeys: tuple[Journey, ...]) -> Iterator[Element]:
    """What reads the schemas and checks bodies against them."""
    found = (e for journey in journeys for e in _expectations(plan, journey) if isinstance(e, SchemaExpectation))
    paths = dict.fromkeys(expectation.path for expectation in found)
    if paths:
        lines = [resource("schema.groovy"), *(f"read({literal(path)})" for path in paths), "SampleResult.setIgnore()"]
        yield jsr223("Sampler", "Read the schemas", "\n".join(lines))


_CHECK = """\
def missing = [%s].findAll { !System.getenv(it) }
if (missing) {
    def message = 'environment variable ' + missing.join(', ') + ' is not set'
    SampleResult.successful = false
    SampleResult.responseCode = 'missing secret'
    SampleResult.responseMessage = message
    log.error(message)
    OUT.println(message)
    ctx.engine.stopTest(true)
    try { // the engine is told in a thread of its own: until it has heard, the next group of threads may begin
        Thread.sleep(10000)
    } catch (InterruptedException stopped) {
        log.info('stopped')
    }
} else {
    SampleResult.setIgnore() // nothing to report
}
"""
