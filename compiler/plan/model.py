"""The Plan: targets, values, journeys, and what `body`, `response`, `condition` and `load` hold.

Durations are whole milliseconds. Values are texts: what a response gave, as it gave it. A list is a text too: a compact JSON
array.
"""

from __future__ import annotations

from typing import Literal

from loadwright.compiler.plan.body import (
    Body,
    FileBody,
    FilePart,
    FormBody,
    FormField,
    GraphqlBody,
    JsonArray,
    JsonBody,
    JsonConstant,
    JsonMember,
    JsonNumber,
    JsonObject,
    JsonText,
    JsonValue,
    MultipartBody,
    TextBody,
    ValuePart,
)
from loadwright.compiler.plan.condition import Comparison, Condition, Every, Negation, Some
from loadwright.compiler.plan.declarations import DataSource, Import, Secret, Target, Variable
from loadwright.compiler.plan.flow import (
    Action,
    Branch,
    Choose,
    Fail,
    ForEach,
    Fragment,
    If,
    Journey,
    Node,
    Option,
    Repeat,
    Shuffle,
    Step,
    Stop,
    Until,
    Use,
    While,
)
from loadwright.compiler.plan.load import (
    ClosedModel,
    ClosedPhases,
    Goal,
    Load,
    LoadModel,
    Mix,
    OpenModel,
    OpenPhases,
    RatePhase,
    Share,
    UserPhase,
    Workload,
)
from loadwright.compiler.plan.node import Placed
from loadwright.compiler.plan.request import (
    Auth,
    BasicAuth,
    BearerAuth,
    Cookie,
    DigestAuth,
    Header,
    Parallel,
    Receive,
    Request,
    Retry,
    Send,
    Stream,
    Think,
)
from loadwright.compiler.plan.response import (
    BodySource,
    BoundarySource,
    Capture,
    CaptureSource,
    CookieSource,
    CssSource,
    Expectation,
    HeaderSource,
    JsonExpectation,
    JsonSource,
    RedirectSource,
    RegexSource,
    SchemaExpectation,
    SizeExpectation,
    SoftFailureExpectation,
    SoftFailureRule,
    StatusExpectation,
    StatusRange,
    StatusSource,
    TextExpectation,
    TimeExpectation,
    TypeExpectation,
    UrlSource,
    ValueExpectation,
    XPathSource,
)

__all__ = [
    "PLAN_VERSION",
    "Action",
    "Auth",
    "BasicAuth",
    "BearerAuth",
    "Body",
    "BodySource",
    "BoundarySource",
    "Branch",
    "Capture",
    "CaptureSource",
    "Choose",
    "ClosedModel",
    "ClosedPhases",
    "Comparison",
    "Condition",
    "Cookie",
    "CookieSource",
    "CssSource",
    "DataSource",
    "Defaults",
    "DigestAuth",
    "Every",
    "Expectation",
    "Fail",
    "FileBody",
    "FilePart",
    "ForEach",
    "FormBody",
    "FormField",
    "Fragment",
    "Goal",
    "GraphqlBody",
    "Header",
    "HeaderSource",
    "If",
    "Import",
    "Journey",
    "JsonArray",
    "JsonBody",
    "JsonConstant",
    "JsonExpectation",
    "JsonMember",
    "JsonNumber",
    "JsonObject",
    "JsonSource",
    "JsonText",
    "JsonValue",
    "Load",
    "LoadModel",
    "Mix",
    "MultipartBody",
    "Negation",
    "Node",
    "OpenModel",
    "OpenPhases",
    "Option",
    "Parallel",
    "Plan",
    "RatePhase",
    "Receive",
    "RedirectSource",
    "RegexSource",
    "Repeat",
    "Request",
    "Retry",
    "SchemaExpectation",
    "Secret",
    "Send",
    "Share",
    "Shuffle",
    "SizeExpectation",
    "SoftFailureExpectation",
    "SoftFailureRule",
    "Some",
    "StatusExpectation",
    "StatusRange",
    "StatusSource",
    "Step",
    "Stop",
    "Stream",
    "Target",
    "TextBody",
    "TextExpectation",
    "Think",
    "TimeExpectation",
    "TypeExpectation",
    "Until",
    "UrlSource",
    "Use",
    "UserPhase",
    "ValueExpectation",
    "ValuePart",
    "Variable",
    "While",
    "Workload",
    "XPathSource",
]

PLAN_VERSION = 2


class Defaults(Placed):
    """What every request has unless it says otherwise."""

    headers: tuple[Header, ...] = ()
    auth: Auth | None = None
    timeout: int | None = None
    """Milliseconds."""
    redirects: Literal["none", "follow"] | None = None
    retry: Retry | None = None
    expectations: tuple[Expectation, ...] = ()


class Plan(Placed):
    """A load test."""

    version: Literal[2] = 2
    name: str
    imports: tuple[Import, ...] = ()
    targets: tuple[Target, ...] = ()
    secrets: tuple[Secret, ...] = ()
    data: tuple[DataSource, ...] = ()
    variables: tuple[Variable, ...] = ()
    defaults: Defaults = Defaults()
    fragments: tuple[Fragment, ...] = ()
    journeys: tuple[Journey, ...] = ()
    loads: tuple[Load, ...] = ()
    goals: tuple[Goal, ...] = ()

    @property
    def is_library(self) -> bool:
        """Whether it only declares what others import: it has no title and runs nothing."""
        return not (self.name or self.journeys or self.loads or self.goals) and self.defaults == Defaults()
