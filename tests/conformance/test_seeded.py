"""With a seed, every virtual user of every iteration sends the same random values on the three runtimes: those of the reference.

Needs the three runtimes.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from unittest.mock import patch
from urllib.parse import parse_qsl

import pytest
from conformance.case import Value, fn, form, let, ref, request, t
from conformance.server import Received, Server
from function_table import FAILING, FAILING_DRAWS

from loadwright.compiler.cli.run import RunOptions, execute
from loadwright.compiler.plan import random
from loadwright.compiler.plan.functions import FUNCTIONS
from loadwright.compiler.plan.model import ClosedModel, Journey, Load, LoadModel, OpenModel, Plan, Step, Target, Workload
from loadwright.compiler.plan.template import Call, Template
from loadwright.compiler.results.model import Sample
from loadwright.compiler.results.store import SAMPLES_NAME
from loadwright.compiler.runtimes.pins import NAMES

SEED = "s:${x} ä,😀)"
LIST = '["a", 1.50, {"k": "v"}, "ü"]'
BODY: dict[str, Value] = {
    "user": fn("user"),
    "iteration": fn("iteration"),
    "one": fn("counter", "one"),
    "one again": fn("counter", "one"),
    "other": fn("counter", "__proto__"),
    "uuid": fn("uuid"),
    "wide": fn("random", "-999999999999999", "999999999999999"),
    "dice": fn("random", ref("low"), "6"),
    "string": fn("random_string", "12"),
    "choice": fn("random_choice", "a", ref("low"), "${x}", "😀"),
    "only": fn("random_choice", "sole"),
    "item": fn("random_item", ref("list")),
    "none": fn("random_item", "[]"),
    "verifier": fn("pkce_verifier"),
    "nested": fn("upper", fn("base64", t("<", fn("random_string", "3"), ">"))),
    "last": fn("random", "0", "0"),
    "first": ref("first"),
    "second": ref("second"),
}


@pytest.fixture
def server() -> Iterator[Server]:
    with Server() as running:
        yield running


def plan(*workloads: tuple[str, LoadModel]) -> Plan:
    return Plan(
        name="Seeded",
        targets=(Target(name="server", url="http://127.0.0.1:9"),),
        variables=(let("low", "1"), let("list", LIST), let("first", fn("uuid")), let("unused", fn("uuid"))),
        journeys=tuple(_journey(name) for name, _ in workloads),
        loads=(Load(name="main", workloads=tuple(Workload(journey=name, model=model) for name, model in workloads)),),
    )


def _journey(name: str) -> Journey:
    sent = request(
        ("POST", t(f"/{name}/", fn("random", "0", "9"))),
        query=[("q", fn("random", "10", "99"))],
        headers={"X-Random": fn("random_string", "5")},
        body=form(*BODY.items()),
    )
    unread = let("unread", fn("random_string", "7"))
    step = Step(name=f"step {name}", actions=(let("second", fn("random_string", "4")), unread, sent))
    return Journey(name=name, nodes=(step,))


def expected(journey: str, user: int, iteration: int, counted: int) -> tuple[str, str, dict[str, str]]:
    """Target, header and fields of the request that an iteration sends."""
    generator = random.Generator(random.iteration_key(SEED, journey, user, iteration))
    values = {"low": "1", "list": LIST}
    made = {"user": str(user + 1), "iteration": str(iteration + 1), "one": str(2 * counted + 1), "one again": str(2 * counted + 2)}
    values["first"] = random.uuid(generator)
    values["second"] = random.string(generator, "4")
    random.string(generator, "7")
    target = f"/{journey}/{random.number(generator, '0', '9')}?q={random.number(generator, '10', '99')}"
    header = random.string(generator, "5")
    made["other"] = str(counted + 1)
    body = {name: made.get(name) or _value(t(value), generator, values) for name, value in BODY.items()}
    return target, header, body


def _value(value: Template, generator: random.Generator, values: dict[str, str]) -> str:
    found = ""
    for part in value.parts:
        if isinstance(part, Call):
            function = FUNCTIONS[part.function]
            arguments = [_value(argument, generator, values) for argument in part.arguments]
            if function.draw:
                found += function.draw(generator, *arguments)
            else:
                assert function.evaluate
                found += function.evaluate(*arguments)
        else:
            found += values[part.name] if part.kind == "reference" else getattr(part, "value", "")
    return found


def run(made: Plan, runtime: str, server: Server, folder: Path, seed: str = SEED) -> list[Sample]:
    options = RunOptions(targets=[f"server={server.urls[0]}"], limit=60)
    with patch.dict(os.environ, {"LOADWRIGHT_SEED": seed}):
        execute(made, folder, runtime, folder / "results", options)
    lines = (folder / "results" / SAMPLES_NAME).read_text(encoding="utf-8").splitlines()
    return [Sample.model_validate_json(line) for line in lines]


def _sent(received: list[Received]) -> list[tuple[str, str, dict[str, str]]]:
    return sorted(
        ((r.target, r.header("X-Random") or "", dict(parse_qsl(r.body.decode(), keep_blank_values=True))) for r in received),
        key=lambda sent: (sent[0], sent[1]),
    )


@pytest.mark.parametrize("runtime", NAMES)
def test_users_and_iterations_send_the_values_of_the_reference(server: Server, tmp_path: Path, runtime: str) -> None:
    closed = ClosedModel(users=2, iterations=2)
    made = plan(("one", closed), ("two", ClosedModel(users=3, iterations=1)), ('it\'s "three"', closed))
    made = made.model_copy(update={"journeys": tuple(_renamed(j) for j in made.journeys)})
    samples = run(made, runtime, server, tmp_path)
    assert all(sample.ok for sample in samples), samples
    wanted = [
        expected(name, user, turn, turn)
        for name, users, turns in (("one", 2, 2), ("two", 3, 1), ('it\'s "three"', 2, 2))
        for user in range(users)
        for turn in range(turns)
    ]
    assert _sent(server.take()) == sorted(
        ((target.replace('it\'s "three"', "three"), header, body) for target, header, body in wanted),
        key=lambda sent: (sent[0], sent[1]),
    )


def _renamed(journey: Journey) -> Journey:
    """The journey with a path that can stand in a URL."""
    text = journey.model_dump_json().replace('/it\'s \\"three\\"/', "/three/")
    return Journey.model_validate_json(text)


@pytest.mark.parametrize("runtime", NAMES)
def test_each_arrival_is_a_user_of_one_iteration(server: Server, tmp_path: Path, runtime: str) -> None:
    made = plan(("open", OpenModel(rate=Decimal(5), duration=2000)), ("closed", ClosedModel(users=1, iterations=1)))
    samples = run(made, runtime, server, tmp_path)
    assert all(sample.ok for sample in samples), samples
    sent = _sent(server.take())
    arrivals = sum(target.startswith("/open/") for target, _, _ in sent)
    assert 5 <= arrivals <= 15
    wanted = [expected("closed", 0, 0, 0), *(expected("open", number, 0, 0) for number in range(arrivals))]
    assert sent == sorted(wanted, key=lambda one: (one[0], one[1]))


@pytest.mark.parametrize("runtime", NAMES)
def test_without_a_seed_each_run_sends_other_values(server: Server, tmp_path: Path, runtime: str) -> None:
    made = plan(("one", ClosedModel(users=2, iterations=1)))
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        run(made, runtime, server, tmp_path / name, seed="")
    drawn = [fields["uuid"] for _, _, fields in _sent(server.take())]
    assert len(set(drawn)) == 4


@pytest.mark.parametrize("runtime", NAMES)
def test_a_function_that_fails_ends_the_iteration_and_says_why(server: Server, tmp_path: Path, runtime: str) -> None:
    """In a step's variable, in a request, and outside of steps: nothing is sent, and the message shows no argument."""
    failing = [*FAILING, *FAILING_DRAWS]
    variables, journeys = [], []
    for index, (name, arguments, _) in enumerate(failing):
        names = [f"v{index}_{position}" for position in range(len(arguments))]
        variables += [let(variable, argument) for variable, argument in zip(names, arguments, strict=True)]
        call = fn(name, *map(ref, names))
        refused = let("refused", call)
        after = request("GET /after", headers={"X-Refused": ref("refused")})
        sent = request(("GET", t("/sent/", call)), name="sent")
        kinds = (
            (Step(name=f"step {index}", actions=(refused, after)),),
            (Step(name=f"step {index}", actions=(sent,)), Step(name="next", actions=(request("GET /after"),))),
            (refused, Step(name="next", actions=(after,))),
        )
        journeys.append(Journey(name=f"j{index}", nodes=kinds[index % 3]))
    once = ClosedModel(users=1, iterations=1)
    made = Plan(
        name="Failing",
        targets=(Target(name="server", url="http://127.0.0.1:9"),),
        variables=tuple(variables),
        journeys=tuple(journeys),
        loads=(Load(name="main", workloads=tuple(Workload(journey=j.name, model=once) for j in journeys)),),
    )
    samples = run(made, runtime, server, tmp_path)
    assert server.take() == []
    told = {sample.name: sample.message for sample in samples if sample.kind in ("request", "flow")}
    names = [f"j{index}" if index % 3 == 2 else f"step {index}" for index in range(len(failing))]
    assert told == {name: f"script: {message}" for name, (_, _, message) in zip(names, failing, strict=True)}
    assert {s.name: s.ok for s in samples if s.kind == "step"} == {name: False for name in names if name.startswith("step")}
