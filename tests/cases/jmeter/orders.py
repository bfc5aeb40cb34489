"""A Plan of flow: users who log in once, poll, loop and choose; in phases, with rows of their own, a retry, every kind of check."""

from decimal import Decimal

from loadwright.compiler.plan.condition import Comparison, Every, Negation
from loadwright.compiler.plan.model import (
    Branch,
    Capture,
    Choose,
    ClosedPhases,
    Cookie,
    DataSource,
    DigestAuth,
    Fail,
    ForEach,
    If,
    Journey,
    JsonSource,
    Load,
    Option,
    Parallel,
    Plan,
    RedirectSource,
    Repeat,
    Request,
    Retry,
    SchemaExpectation,
    Shuffle,
    SizeExpectation,
    StatusExpectation,
    StatusRange,
    Step,
    Stop,
    Target,
    Think,
    Until,
    UserPhase,
    ValueExpectation,
    Variable,
    While,
    Workload,
    XPathSource,
)
from loadwright.compiler.plan.node import SourceOrigin
from loadwright.compiler.plan.template import DataField, Reference, call, template
from loadwright.compiler.source import Span


def at(line: int) -> SourceOrigin:
    return SourceOrigin(span=Span(path="orders.intent", line=line, column=1, end_line=line, end_column=2))


def ref(name: str) -> Reference:
    return Reference(name=name)


def get(path: str, **more: object) -> Request:
    made = {"name": f"GET {path}", "method": "GET", "target": "shop", "url": template(path), **more}
    return Request.model_validate(made)


def is_(name: str, relation: str, value: str) -> Comparison:
    return Comparison.model_validate({"left": template(ref(name)), "relation": relation, "right": template(value)})


LOG_IN = Step(
    name="Log in",
    origin=at(20),
    actions=(
        get(
            "/login",
            cookies=(Cookie(name="consent", value=template("yes")),),
            auth=DigestAuth(username=template(DataField(data="users", column="name")), password=template("secret")),
            captures=(Capture(name="token", source=JsonSource(path="$.token")),),
        ),
    ),
)

WAIT = Step(
    name="Wait for the order",
    origin=at(30),
    actions=(
        Until(
            condition=Every(conditions=(is_("state", "=", "paid"), Negation(condition=is_("left", ">", "0")))),
            at_most=5,
            every=500,
            origin=at(31),
            nodes=(
                get(
                    "/order",
                    retry=Retry(times=2, statuses=(503,), network=True, wait=200, backoff=Decimal("1.5")),
                    expectations=(
                        StatusExpectation(statuses=(StatusRange(first=200, last=299),)),
                        ValueExpectation(
                            source=JsonSource(path="$.lines[*]"),
                            count=True,
                            relation="between",
                            values=(template("1"), template("9")),
                        ),
                        SizeExpectation(relation="<", size=2_000_000),
                        SchemaExpectation(path="schemas/order.json"),
                    ),
                    captures=(
                        Capture(name="state", source=JsonSource(path="$.state")),
                        Capture(name="left", source=JsonSource(path="$.left"), default=template("0")),
                        Capture(name="items", source=JsonSource(path="$.lines[*].id"), select="all"),
                        Capture(name="any", source=JsonSource(path="$.lines[*].id"), select="random"),
                    ),
                ),
            ),
        ),
        ForEach(name="item", values=template(ref("items")), at_most=3, nodes=(get("/item"),)),
    ),
)

BROWSE = Choose(
    origin=at(40),
    options=(
        Option(percent=Decimal("62.5"), nodes=(Step(name="Look", actions=(Parallel(requests=(get("/a.css"), get("/b.js"))),)),)),
        Option(percent=Decimal(20), nodes=(Shuffle(nodes=(Think(minimum=100, maximum=300), Stop(what="iteration"))),)),
    ),
)

CHECK = If(
    origin=at(50),
    branches=(
        Branch(condition=is_("any", "matches", "^[0-9]+$"), nodes=(Variable(name="kind", value=template("number")),)),
        Branch(condition=is_("any", "starts with", "x"), nodes=(Stop(what="user"),)),
    ),
    otherwise=(Fail(message="no such item"),),
)

LOOPS = (
    Repeat(times=template(ref("left")), index="n", nodes=(Step(name="Again", actions=(get("/again"),)),)),
    While(
        condition=is_("left", "<", "3"),
        at_most=4,
        nodes=(Variable(name="left", value=template(call("add", ref("left"), "1"))),),
    ),
)

LOG_OUT = Step(
    name="Log out",
    actions=(
        get(
            "/logout",
            captures=(
                Capture(name="next", source=RedirectSource(), select="last", default=template("")),
                Capture(name="title", source=XPathSource(path="//title"), default=template("none")),
            ),
        ),
    ),
)

PLAN = Plan(
    name="Orders",
    targets=(Target(name="shop", url="https://shop.example.com", proxy="http://proxy.example.com:3128"),),
    data=(DataSource(name="users", path="users.json", format="json", columns=("name",), rows="unique per user"),),
    journeys=(
        Journey(
            name="order",
            setup=(LOG_IN,),
            nodes=(WAIT, BROWSE, CHECK, *LOOPS),
            teardown=(LOG_OUT,),
        ),
    ),
    loads=(
        Load(
            name="day",
            graceful_stop=10_000,
            workloads=(
                Workload(
                    journey="order",
                    model=ClosedPhases(
                        phases=(
                            UserPhase(name="rise", duration=60_000, users=20),
                            UserPhase(name="hold", duration=120_000),
                            UserPhase(name="peak", duration=30_000, users=50, jump=True),
                        ),
                        pacing=5_000,
                    ),
                ),
            ),
        ),
    ),
)
