"""A Plan as an import makes it: a login with a CSRF field, an API order, an upload; with every kind of node that is common."""

from decimal import Decimal

from loadwright.compiler.plan.model import (
    Capture,
    ClosedModel,
    CookieSource,
    CssSource,
    DataSource,
    Defaults,
    FilePart,
    FormBody,
    FormField,
    Header,
    HeaderSource,
    Journey,
    JsonBody,
    JsonExpectation,
    JsonMember,
    JsonNumber,
    JsonObject,
    JsonSource,
    JsonText,
    Load,
    MultipartBody,
    OpenModel,
    Parallel,
    Plan,
    RedirectSource,
    Request,
    Secret,
    SoftFailureExpectation,
    StatusExpectation,
    Step,
    Target,
    TextExpectation,
    Think,
    TimeExpectation,
    TypeExpectation,
    ValuePart,
    Variable,
    Workload,
)
from loadwright.compiler.plan.node import RecordingOrigin, SourceOrigin
from loadwright.compiler.plan.template import DataField, Reference, call, template
from loadwright.compiler.source import Span


def at(line: int) -> SourceOrigin:
    return SourceOrigin(span=Span(path="shop.intent", line=line, column=1, end_line=line, end_column=2))


def ref(name: str) -> Reference:
    return Reference(name=name)


def field(name: str, value: str | Reference | DataField) -> FormField:
    return FormField(name=template(name), value=template(value))


def status(code: int) -> StatusExpectation:
    return StatusExpectation(statuses=(code,))


OPEN_SHOP = Step(
    name="Open the shop",
    origin=at(20),
    actions=(
        Request(
            name="GET /",
            method="GET",
            target="shop",
            url=template("/"),
            origin=at(21),
            expectations=(
                status(200),
                TypeExpectation(media_type="text/html"),
                TextExpectation(relation="contains", value=template("Welcome")),
            ),
            captures=(Capture(name="csrf", source=CssSource(selector="input[name=csrf]", attribute="value"), origin=at(23)),),
        ),
        Parallel(
            requests=(
                Request(name="GET /app.css", method="GET", target="shop", url=template("/app.css")),
                Request(name="GET /app.js", method="GET", target="shop", url=template("/app.js")),
            )
        ),
    ),
)

LOG_IN = Step(
    name="Log in",
    origin=at(30),
    actions=(
        Request(
            name="POST /login",
            method="POST",
            target="shop",
            url=template("/login"),
            origin=RecordingOrigin(recording="shop.har", entry=4),
            headers=(Header(name="Referer", value=template(ref("shop"), "/")),),
            body=FormBody(
                fields=(
                    field("csrf", ref("csrf")),
                    field("user", DataField(data="users", column="name")),
                    field("password", ref("password")),
                )
            ),
            expectations=(status(302),),
            captures=(
                Capture(name="code", source=HeaderSource(name="Location", pattern="code=([^&]+)")),
                Capture(name="next", source=RedirectSource()),
                Capture(name="session", source=CookieSource(name="sid")),
            ),
        ),
        Request(
            name="GET {next}",
            method="GET",
            url=template(ref("next")),
            expectations=(SoftFailureExpectation(ignored=("login form",)),),
        ),
    ),
)

PAY = Step(
    name="Pay",
    origin=at(40),
    actions=(
        Variable(name="trace", value=template(call("base64url", template(ref("session"), ":", ref("request_id"))))),
        Request(
            name="POST /api/orders",
            method="POST",
            target="api",
            url=template("/api/orders"),
            query=(field("q", ref("code")),),
            headers=(
                Header(name="Authorization", value=template("Bearer ", ref("code"))),
                Header(name="X-Trace", value=template(ref("trace"))),
            ),
            body=JsonBody(
                value=JsonObject(
                    members=(
                        JsonMember(name="item", value=JsonText(value=template(ref("code")))),
                        JsonMember(name="quantity", value=JsonNumber(value=template("1"))),
                        JsonMember(name="ref", value=JsonText(value=template(call("uuid")))),
                    )
                )
            ),
            expectations=(
                status(201),
                JsonExpectation(path="$.status", equals=template("accepted")),
                TimeExpectation(less_than=800),
            ),
            captures=(Capture(name="order", source=JsonSource(path="$.order.id")),),
        ),
        Think(minimum=500, maximum=500),
        Request(
            name="POST /orders/{order}/receipt",
            method="POST",
            target="shop",
            url=template("/orders/", ref("order"), "/receipt"),
            timeout=5_000,
            body=MultipartBody(
                parts=(
                    ValuePart(name="note", value=template("paid ${in} full")),
                    FilePart(name="file", path="files/receipt.png", filename="receipt.png", media_type="image/png"),
                )
            ),
        ),
        Request(name="POST /logout", method="POST", target="shop", url=template("/logout")),
    ),
)

PLAN = Plan(
    name="Shop checkout",
    targets=(
        Target(name="shop", url="https://shop.example.com"),
        Target(name="api", url="https://api.example.com:8443/v1"),
    ),
    secrets=(Secret(name="password", env="SHOP_PASSWORD", origin=at(3)),),
    data=(DataSource(name="users", path="users.csv", columns=("name", "mail"), origin=at(4)),),
    variables=(Variable(name="request_id", value=template(call("uuid")), origin=at(5)),),
    defaults=Defaults(
        headers=(Header(name="Accept-Language", value=template("en-GB")),),
        timeout=30_000,
        expectations=(SoftFailureExpectation(),),
    ),
    journeys=(
        Journey(
            name="checkout",
            title="A returning customer buys one item",
            origin=at(18),
            nodes=(OPEN_SHOP, Think(minimum=2_000, maximum=5_000), LOG_IN, PAY),
        ),
        Journey(
            name="browse",
            nodes=(
                Step(
                    name="Look",
                    actions=(Request(name="GET /list", method="GET", target="shop", url=template("/list")),),
                ),
            ),
        ),
    ),
    loads=(
        Load(name="smoke", workloads=(Workload(journey="checkout", model=ClosedModel(users=1, iterations=1)),)),
        Load(
            name="peak",
            workloads=(
                Workload(journey="checkout", model=OpenModel(rate=Decimal("20"), duration=900_000, ramp=180_000)),
                Workload(journey="browse", model=ClosedModel(users=50, duration=900_000, ramp=60_000)),
            ),
        ),
    ),
)
