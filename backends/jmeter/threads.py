"""Thread groups: one for each journey under a load, and one more that hands out the arrivals of an open load."""

from __future__ import annotations

from loadwright.backends.jmeter.controllers import simple_controller, switch_controller, transaction_controller
from loadwright.backends.jmeter.escape import property_text
from loadwright.backends.jmeter.expressions import jsr223
from loadwright.backends.jmeter.groovy import literal
from loadwright.backends.jmeter.groups import CONTINUE, ON_FAILURE, main_loop
from loadwright.backends.jmeter.load import SHARD, Group
from loadwright.backends.jmeter.xml import Element, boolean, string
from loadwright.compiler.plan.model import ClosedModel
from loadwright.compiler.plan.profile import is_open

_SHARED = (
    "${__groovy(def share = vars.get('" + SHARD + "').split('/')*.toInteger(); "
    "(Math.ceil(vars.get('%s') as double).intValue() - share[0] + share[1]).intdiv(share[1]))}"
)
"""The users of this process, K of N: those whose number, counted from 1, is K modulo N."""


def iteration(group: Group, children: tuple[Element, ...]) -> Element:
    """An iteration as a sample of its own, its pauses included; the reader of the results knows it by its name."""
    return transaction_controller(f"iteration: {group.journey.name}", children, pauses=True)


def parts(setup: tuple[Element, ...], iteration: tuple[Element, ...], teardown: tuple[Element, ...]) -> tuple[Element, ...]:
    """The parts of a user's life, of which each pass of the thread group does one."""
    if not setup and not teardown:
        return iteration
    children = [("setup", setup), ("iteration", iteration), ("teardown", teardown)]
    found = [simple_controller(name, inside) for name, inside in children if inside]
    return (switch_controller("Part of the user's life", "${load.part}", found),)


def thread_group(group: Group, children: tuple[Element, ...], comment: str) -> Element:
    """The thread group whose passes run the elements; `comment` is literal text."""
    model, prefix = group.model, group.prefix
    plain = group.is_plain
    ramp = model.ramp if isinstance(model, ClosedModel) else 0  # users with a clock of their own wait for what is left of it
    properties = (
        string("ThreadGroup.num_threads", "1" if is_open(model) else _SHARED % f"{prefix}.users"),
        string("ThreadGroup.ramp_time", str(ramp // 1000)),
        *(
            (
                string("ThreadGroup.scheduler", "${__groovy(vars.get('" + prefix + ".duration') != '0')}"),
                string("ThreadGroup.duration", f"${{{prefix}.duration}}"),
                string("ThreadGroup.delay", "0"),
            )
            if plain
            else ()
        ),
        boolean("ThreadGroup.same_user_on_next_iteration", True),
        string("ThreadGroup.on_sample_error", ON_FAILURE),
        main_loop(f"${{{prefix}.iterations}}" if plain else "-1"),
    )
    return Element("ThreadGroup", "ThreadGroupGui", property_text(group.journey.name), properties, children, property_text(comment))


def arrivals_group(group: Group) -> Element:
    """The group of one thread that hands the arrivals of an open load to users, and reports those that it has to drop."""
    lines = [
        f"def arrivals = props.get({literal(group.prefix + '.arrivals')})",
        "if (arrivals.handOut(ctx)) {",
        "    SampleResult.successful = false",
        "    SampleResult.responseCode = 'dropped'",
        "    SampleResult.responseMessage = arrivals.most + ' iterations are running'",
        "} else {",
        f"    arrivals.end({group.graceful})",
        "    ctx.thread.stop()",
        "    SampleResult.setIgnore() // nothing to report",
        "}",
    ]
    name = group.journey.name
    properties = (
        string("ThreadGroup.num_threads", "1"),
        string("ThreadGroup.ramp_time", "0"),
        boolean("ThreadGroup.same_user_on_next_iteration", True),
        string("ThreadGroup.on_sample_error", CONTINUE),
        main_loop("-1"),
    )
    sampler = jsr223("Sampler", f"dropped: {name}", "\n".join(lines))
    return Element("ThreadGroup", "ThreadGroupGui", property_text(f"Arrivals of {name}"), properties, (sampler,))
