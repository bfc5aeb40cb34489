"""What a conformance case is, and short ways to write its Plan."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from conformance.server import Reply

from loadwright.backends.registry import backend
from loadwright.compiler.plan.features import Feature
from loadwright.compiler.plan.functions import form_encode
from loadwright.compiler.plan.model import (
    Auth,
    Body,
    BoundarySource,
    Capture,
    CaptureSource,
    Cookie,
    CookieSource,
    CssSource,
    DataSource,
    Defaults,
    Expectation,
    FormBody,
    FormField,
    Fragment,
    Goal,
    Header,
    HeaderSource,
    JsonArray,
    JsonBody,
    JsonConstant,
    JsonMember,
    JsonNumber,
    JsonObject,
    JsonSource,
    JsonText,
    JsonValue,
    LoadModel,
    Mix,
    Node,
    RedirectSource,
    RegexSource,
    Request,
    Retry,
    Secret,
    Step,
    Target,
    TextBody,
    TimeExpectation,
    Variable,
    Workload,
)
from loadwright.compiler.plan.random import Generator, iteration_key
from loadwright.compiler.plan.template import Call, DataField, ExtractorText, Reference, Template, call, template
from loadwright.compiler.plan.traverse import walk_nodes

Value = str | Template | Reference | DataField | Call
Pattern = re.Pattern[str]
Check = Callable[[str], bool]
"""Says whether a header's value is right."""


SEED = "conformance"
"""The seed of every run."""


@dataclass(frozen=True)
class Part:
    """A part of a multipart body as received."""

    name: str
    data: bytes
    filename: str | None = None
    media_type: str | None = None
    """None: not looked at, for what clients say about a text part differs."""


@dataclass(frozen=True)
class Wire:
    """A request that the server must receive; its target stands without the case's prefix."""

    method: str
    target: str | Pattern
    headers: Mapping[str, str | Pattern | Check | None] = field(default_factory=dict)
    """Beside Content-Type and Cookie, which must be absent unless they are named here."""
    body: bytes | Pattern | tuple[Part, ...] = b""
    port: int = 0


@dataclass(frozen=True)
class Failed:
    """A failed sample that the run must report."""

    request: str
    message: str | Pattern

    @property
    def kind(self) -> str:
        text = self.message if isinstance(self.message, str) else self.message.pattern
        return text.partition(":")[0]


@dataclass(frozen=True)
class Gap:
    """The seconds between the arrivals of two requests, by their places in the log."""

    first: int
    second: int
    at_least: float
    below: float


@dataclass(frozen=True)
class Case:
    """A journey of one step, run by one user; all URLs of its requests get the case's name as first segment."""

    name: str
    actions: Sequence[Node]
    """Of the step; of the journey itself when a step is among them, at any depth. Steps are called `step NAME …`."""
    expected: Sequence[Wire]
    replies: Mapping[str, Sequence[Reply]] = field(default_factory=dict)
    then: Sequence[Node] = ()
    """What follows the step of `actions`."""
    users: int = 1
    iterations: int = 1
    """Of each user."""
    model: LoadModel | None = None
    """None: a closed model of these users and iterations."""
    setup: Sequence[Node] = ()
    teardown: Sequence[Node] = ()
    cookies: Literal["clear", "keep"] | None = None
    fragments: Sequence[Fragment] = ()
    failures: Sequence[Failed] = ()
    flows: Sequence[str] = ()
    """The failures that belong to no request, without `flow: `."""
    targets: Sequence[Target] = ()
    """Beside `server` and `second`; their URLs and proxies name places of the server (`{tls}`)."""
    variables: Sequence[Variable] = ()
    """At the top of the Plan."""
    secrets: Mapping[str, str] = field(default_factory=dict)
    data: Sequence[DataSource] = ()
    files: Mapping[str, bytes] = field(default_factory=dict)
    env: Mapping[str, str] = field(default_factory=dict)
    """Environment of the run; `{authority}` is the file with the certificate of the server's authority."""
    defaults: Defaults = field(default_factory=Defaults)
    samples: int | None = None
    """How many requests the run must report; None: as many as the server receives."""
    runs: int | None = None
    """How many steps must take place; None: one in each iteration."""
    failed_runs: int | None = None
    """How many steps must fail; None: one for each failure."""
    rounds: int | None = None
    """How many iterations must be reported; None: those of all users."""
    failed_rounds: int | None = None
    """How many iterations must fail; None: one for each failure."""
    dropped: int = 0
    """How many arrivals must be dropped."""
    gaps: Sequence[Gap] = ()
    unordered: bool = False
    """Whether the requests may arrive in any order."""
    about: Feature | None = None
    """The feature that `differs` is about; None: requests as such."""
    differs: Mapping[str, str] = field(default_factory=dict)
    """The runtimes that are known to do otherwise, which no script can change, and what they do."""
    alone: bool = False
    """Whether the case must not share a run with others."""
    batch: str = ""
    """Cases of one batch share a run."""
    graceful_stop: int | None = None
    others: Mapping[str, Sequence[Node]] = field(default_factory=dict)
    """Further journeys by name, which starts with the case's."""
    workloads: Sequence[Workload | Mix] = ()
    """Empty: the case's journey under its model."""
    goals: Sequence[Goal] = ()
    verdict: str | None = None
    """The run's, where it is looked at; the case must be alone."""
    spread: int = 0
    """How far the number of arrivals of each request, and of samples, may be from what is expected; order is not looked at."""
    moments: Sequence[float] = ()
    """When the iterations start, in seconds after the first, as far as both go."""
    windows: Sequence[int] = ()
    """How many iterations start in each second after the first."""
    slack: float = 0.25
    """Seconds that a moment may be off."""
    lasts: tuple[float, float] | None = None
    """Seconds that the run must last, at least and at most."""
    loose: bool = False
    """Whether what is reported is not looked at, for the run interrupts it."""

    @property
    def is_timed(self) -> bool:
        """Whether the case looks at the time that things take."""
        is_of_time = self.gaps or self.moments or self.lasts or self.batch in ("load timed", "load grace", "load graceful")
        return bool(is_of_time) or self.name in ("parallel", "think") or self._has_time_limits

    @property
    def _has_time_limits(self) -> bool:
        """Whether an answer that a busy machine delays, or brings in another rhythm, would go otherwise."""
        return self.defaults.timeout is not None or any(
            getattr(node, "timeout", None) is not None
            or any(isinstance(one, TimeExpectation) for one in getattr(node, "expectations", ()))
            for node in walk_nodes(self.actions)
        )

    @property
    def journeys(self) -> tuple[str, ...]:
        return (self.name, *self.others)

    @property
    def step(self) -> str:
        return f"step {self.name}"

    @property
    def has_own_steps(self) -> bool:
        return any(isinstance(node, Step) for node in walk_nodes(self.actions))

    def request_name(self, name: str) -> str:
        return f"{self.name}: {name}"


def t(*parts: Value) -> Template:
    return template(*parts)


def ref(name: str) -> Reference:
    return Reference(name=name)


def column(data: str, name: str) -> DataField:
    return DataField(data=data, column=name)


def fn(name: str, *arguments: Value) -> Call:
    return call(name, *arguments)


def let(name: str, *parts: Value) -> Variable:
    return Variable(name=name, value=t(*parts))


def request(
    line: str | tuple[str, Value],
    *,
    name: str = "",
    query: Sequence[tuple[Value, Value]] = (),
    headers: Mapping[str, Value] | None = None,
    body: Body | None = None,
    expect: Sequence[Expectation] = (),
    capture: Mapping[str, CaptureSource | Capture] | None = None,
    follow: bool | None = None,
    timeout: int | None = None,
    absolute: bool = False,
    target: str = "server",
    cookies: Mapping[str, Value] | None = None,
    auth: Auth | None = None,
    retry: Retry | None = None,
) -> Request:
    """A request from `GET /path` (or a method and a template)."""
    method, url = line.split(" ", 1) if isinstance(line, str) else line
    captures = [value if isinstance(value, Capture) else Capture(name=key, source=value) for key, value in (capture or {}).items()]
    plain = url.partition("?")[0] if isinstance(url, str) else ""
    return Request(
        name=name or f"{method} {plain}",
        method=method,
        target=None if absolute else target,
        url=t(url),
        query=fields(*query),
        headers=tuple(Header(name=key, value=t(value)) for key, value in (headers or {}).items()),
        cookies=tuple(Cookie(name=key, value=t(value)) for key, value in (cookies or {}).items()),
        auth=auth,
        body=body,
        retry=retry,
        redirects=None if follow is None else "follow" if follow else "none",
        timeout=timeout,
        expectations=tuple(expect),
        captures=tuple(captures),
    )


def fields(*pairs: tuple[Value, Value]) -> tuple[FormField, ...]:
    return tuple(FormField(name=t(name), value=t(value)) for name, value in pairs)


def form(*pairs: tuple[Value, Value]) -> FormBody:
    return FormBody(fields=fields(*pairs))


def text(value: Value, media_type: str = "text/plain") -> TextBody:
    return TextBody(value=t(value), media_type=media_type)


def json_body(value: object) -> JsonBody:
    """Python values as JSON; `number("1.50")` for numbers."""
    return JsonBody(value=_json(value))


def number(value: Value) -> JsonNumber:
    return JsonNumber(value=t(value))


def _json(value: object) -> JsonValue:
    if isinstance(value, dict):
        return JsonObject(members=tuple(JsonMember(name=name, value=_json(item)) for name, item in value.items()))
    if isinstance(value, list):
        return JsonArray(items=tuple(_json(item) for item in value))
    if isinstance(value, JsonNumber):
        return value
    if value is True:
        return JsonConstant(value="true")
    if value is False:
        return JsonConstant(value="false")
    if value is None:
        return JsonConstant(value="null")
    assert isinstance(value, str | Template | Reference | DataField | Call)
    return JsonText(value=t(value))


def json_at(path: ExtractorText) -> JsonSource:
    return JsonSource(path=path)


def css(selector: ExtractorText, attribute: str | None = None) -> CssSource:
    return CssSource(selector=selector, attribute=attribute)


def regex(pattern: ExtractorText) -> RegexSource:
    return RegexSource(pattern=pattern)


def between(left: ExtractorText, right: ExtractorText) -> BoundarySource:
    return BoundarySource(left=left, right=right)


def header_of(name: str, pattern: ExtractorText | None = None) -> HeaderSource:
    return HeaderSource(name=name, pattern=pattern)


def cookie(name: str) -> CookieSource:
    return CookieSource(name=name)


def redirect() -> RedirectSource:
    return RedirectSource()


def secret(name: str, env: str) -> Secret:
    return Secret(name=name, env=env)


def form_wire(target: str, *pairs: tuple[str, str], method: str = "POST", **headers: str) -> Wire:
    """The wire form of a form body: the encoding is the reference's, tested on its own."""
    body = "&".join(f"{form_encode(name)}={form_encode(value)}" for name, value in pairs)
    return Wire(method, target, {"Content-Type": "application/x-www-form-urlencoded", **headers}, body.encode())


def marks(*targets: str, method: str = "GET") -> list[Wire]:
    """Requests without a body, by their targets."""
    return [Wire(method, target) for target in targets]


def note(feature: Feature, runtime: str) -> str:
    """How a backend says that it has a feature in another way: what a case shows then."""
    return backend(runtime).capabilities[feature].note


def generator(case: str, user: int = 0, iteration: int | str = 0) -> Generator:
    """The reference generator of an iteration, at its start."""
    return Generator(iteration_key(SEED, case, user, iteration))


def step(case: str, name: str, *actions: Node) -> Step:
    """A step with a name of its own."""
    return Step(name=f"step {case} {name}".rstrip(), actions=actions)
