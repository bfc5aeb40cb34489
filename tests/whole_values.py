"""Hypothesis strategies for what `strategies` lacks: sources, expectations, parts of requests."""

from __future__ import annotations

import string
from collections.abc import Sequence
from decimal import Decimal

from hypothesis import strategies as st
from strategies import hostile_text, json_paths, json_values, patterns, remembered, templates
from strategies import sources as plain_sources

from loadwright.compiler.plan.functions import FUNCTIONS, Function
from loadwright.compiler.plan.model import (
    Auth,
    BasicAuth,
    BearerAuth,
    BodySource,
    Capture,
    Comparison,
    Condition,
    Cookie,
    DataSource,
    DigestAuth,
    Every,
    Expectation,
    GraphqlBody,
    JsonExpectation,
    JsonObject,
    JsonSource,
    Negation,
    Retry,
    SchemaExpectation,
    SizeExpectation,
    Some,
    StatusExpectation,
    StatusRange,
    StatusSource,
    Target,
    TextExpectation,
    TypeExpectation,
    UrlSource,
    ValueExpectation,
    XPathSource,
)
from loadwright.compiler.plan.template import Call, Reference, Template, template

NUMBERS = st.sampled_from(("0", "3", "-1", "2.5", "9007199254740993", "-0.125"))
_token = st.text(string.ascii_letters + string.digits + "-._~", min_size=1, max_size=8)
_xpaths = st.sampled_from(("//a", "//item[@id='7']/name", "count(//li)", "/*[local-name()='a']/@b", "string(//x[2])"))
_graphql_texts = st.sampled_from(
    (
        "{ me { id } }",
        "query Me($id: ID!) {\n  me(id: $id) { name }\n}",
        'mutation Me { add(text: "a \\"} b") { id } }',
        "fragment F on User { id }\nquery Me { me { ...F } }\nquery Other { x }",
        "query Me { a } # }",
    )
)
_durations = st.one_of(st.sampled_from((1, 500, 1000, 1500, 60_000)), st.integers(1, 10**6))


@remembered
def all_calls(bound: Sequence[str], data: Sequence[DataSource]) -> st.SearchStrategy[Call]:
    """A call of any function of the library with right arguments."""
    return st.sampled_from(sorted(FUNCTIONS)).flatmap(lambda name: _call(FUNCTIONS[name], bound, data))


def _call(function: Function, bound: Sequence[str], data: Sequence[DataSource]) -> st.SearchStrategy[Call]:
    needed = len(function.parameters) - function.optional

    def argument(index: int) -> st.SearchStrategy[Template]:
        parameter = function.parameter(index)
        if parameter in function.choices:
            return st.sampled_from(function.choices[parameter]).map(template)
        if parameter in function.numbers:
            literals = st.sampled_from(("1", "2", "7")).map(template)
            return (
                st.one_of(literals, st.sampled_from(bound).map(lambda name: template(Reference(name=name)))) if bound else literals
            )
        if function.name == "now":
            return st.sampled_from(("ms", "iso") if index == 0 else ("+1d2h", "-30m")).map(template)
        return _token.map(template) if parameter in function.fixed else templates(bound, data, 0)

    counts = st.integers(needed, len(function.parameters) + 2 * function.variadic)
    if function.name == "random":
        return st.just(Call(function="random", arguments=(template("1"), template("6"))))
    return counts.flatmap(
        lambda count: st.tuples(*map(argument, range(count))).map(lambda found: Call(function=function.name, arguments=found))
    )


@remembered
def values(bound: Sequence[str], data: Sequence[DataSource]) -> st.SearchStrategy[Template]:
    """Any value, numbers and calls of all functions among them."""
    return st.one_of(templates(bound, data), NUMBERS.map(template), all_calls(bound, data).map(template))


@remembered
def conditions(bound: Sequence[str], data: Sequence[DataSource], depth: int = 2) -> st.SearchStrategy[Condition]:
    """Conditions that compare what can be compared."""
    sides = values(bound, data)
    numeric = st.one_of(NUMBERS.map(template), st.sampled_from(bound).map(lambda name: template(Reference(name=name))))
    text_relation = st.sampled_from(("=", "!=", "contains", "starts with", "ends with"))
    leaves = st.one_of(
        st.builds(Comparison, left=sides, relation=text_relation, right=sides),
        st.builds(Comparison, left=numeric, relation=st.sampled_from(("<", "<=", ">", ">=")), right=numeric),
        st.builds(Comparison, left=sides, relation=st.just("matches"), right=patterns.map(template)),
    )

    if not depth:
        return leaves
    inner = conditions(bound, data, depth - 1)
    several = st.lists(inner, min_size=2, max_size=3).map(tuple)
    return st.one_of(
        leaves, st.builds(Every, conditions=several), st.builds(Some, conditions=several), st.builds(Negation, condition=inner)
    )


@remembered
def _expected_sources(bound: Sequence[str], data: Sequence[DataSource]) -> st.SearchStrategy[object]:
    return st.one_of(
        plain_sources(bound, data),
        st.builds(XPathSource, path=_xpaths),
        *(
            st.just(XPathSource(path=template(before, Reference(name=name), after)))
            for name in bound[:2]
            for before, after in (("//a[@b='", "']"), ('//a[contains(., "x', '")]/c'))
        ),
        st.just(BodySource()),
        st.just(UrlSource()),
        st.builds(JsonSource, path=st.sampled_from(("$..id", "$.a[1:3]", "$['x',0]", "$[?@.n > 1.5 && @.k]"))),
    )


@remembered
def more_expectations(bound: Sequence[str], data: Sequence[DataSource]) -> st.SearchStrategy[Expectation]:
    """The expectations that `strategies.expectations` does not make."""
    status = st.one_of(st.integers(100, 599), st.sampled_from((StatusRange(first=200, last=299), StatusRange(first=300, last=300))))
    return st.one_of(
        st.builds(StatusExpectation, statuses=st.lists(status, min_size=1, max_size=3).map(tuple), negated=st.booleans()),
        st.builds(TypeExpectation, media_type=st.just("text/html"), negated=st.booleans()),
        st.builds(SizeExpectation, relation=st.sampled_from(("<", "<=", "=", ">=", ">")), size=st.integers(1, 10**10)),
        st.just(SchemaExpectation(path="order.schema.json")),
        st.builds(
            TextExpectation, relation=st.just("contains"), value=templates(bound, data), negated=st.booleans(), soft=st.just(True)
        ),
        st.builds(JsonExpectation, path=json_paths, negated=st.booleans(), soft=st.just(True)),
        message_expectations(bound, data),
        value_expectations(_expected_sources(bound, data), bound, data),
    )


def message_expectations(bound: Sequence[str], data: Sequence[DataSource]) -> st.SearchStrategy[Expectation]:
    """Expectations that a stream's message can be asked for."""
    of_text = st.one_of(st.builds(JsonSource, path=json_paths), st.builds(XPathSource, path=_xpaths))
    return st.one_of(
        st.builds(TextExpectation, relation=st.sampled_from(("contains", "equals")), value=templates(bound, data)),
        st.builds(JsonExpectation, path=json_paths),
        value_expectations(of_text, bound, data),
    )


def value_expectations(
    sources: st.SearchStrategy[object], bound: Sequence[str], data: Sequence[DataSource]
) -> st.SearchStrategy[Expectation]:
    """Every relation to a value, in the form in which the language reads it back."""
    numeric = NUMBERS.map(template)
    some = values(bound, data)
    flags = {"negated": st.booleans(), "soft": st.booleans(), "source": sources}
    kind = st.sampled_from(("string", "number", "boolean", "null", "array", "object"))
    relations: list[st.SearchStrategy[Expectation]] = [
        st.builds(ValueExpectation, relation=st.sampled_from(("=", "!=")), values=st.tuples(some), **flags),
        st.builds(ValueExpectation, relation=st.sampled_from(("starts with", "ends with")), values=st.tuples(some), **flags),
        st.builds(ValueExpectation, relation=st.sampled_from(("<", "<=", ">", ">=")), values=st.tuples(numeric), **flags),
        st.builds(ValueExpectation, relation=st.just("between"), values=st.just((template("1"), template("2.5"))), **flags),
        st.builds(ValueExpectation, relation=st.just("one of"), values=st.lists(some, min_size=1, max_size=3).map(tuple), **flags),
        st.builds(ValueExpectation, relation=st.just("matches"), values=st.tuples(patterns.map(template)), **flags),
        st.builds(ValueExpectation, relation=st.just("exists"), **flags),
        st.builds(
            ValueExpectation,
            relation=st.sampled_from(("<=", "=", ">")),
            count=st.just(True),
            values=st.tuples(st.sampled_from(("1", "3")).map(template)),
            **flags,
        ),
        st.builds(
            ValueExpectation,
            relation=st.just("is"),
            values=st.tuples(kind.map(template)),
            **{**flags, "source": st.builds(JsonSource, path=json_paths)},
        ),
    ]
    return st.one_of(*relations).map(_plainest)


def _plainest(expectation: Expectation) -> Expectation:
    """The expectation, or another one where there is a shorter way to say it, which its text would be read as."""
    assert isinstance(expectation, ValueExpectation)
    source, relation = expectation.source, expectation.relation
    is_text = source.kind == "body" or (source.kind == "header" and source.pattern is None)
    shorter = is_text and (relation in ("=", "matches") or (relation == "exists" and source.kind == "header"))
    shorter |= source.kind == "json" and relation in ("=", "exists")
    if expectation.count or not shorter:
        return expectation
    if relation == "exists":
        return expectation.model_copy(update={"relation": "=", "count": True, "values": (template("1"),)})
    return expectation.model_copy(update={"relation": "starts with"})


@remembered
def captures(
    name: str, bound: Sequence[str], data: Sequence[DataSource], *, of_message: bool = False
) -> st.SearchStrategy[Capture]:
    """Every way to take a value."""
    of_text = st.one_of(st.builds(JsonSource, path=json_paths), st.just(BodySource()), st.builds(XPathSource, path=_xpaths))
    sources = of_text if of_message else st.one_of(_expected_sources(bound, data), st.just(StatusSource()))
    default = st.none() | values(bound, data)
    return st.one_of(
        st.builds(
            Capture,
            name=st.just(name),
            source=sources,
            occurrence=st.integers(1, 3),
            recorded=st.none() | st.integers(3, 5),
            default=default,
        ),
        st.builds(
            Capture, name=st.just(name), source=sources, select=st.sampled_from(("last", "random", "all", "count")), default=default
        ),
    )


@remembered
def auths(bound: Sequence[str], data: Sequence[DataSource]) -> st.SearchStrategy[Auth]:
    """Every kind of authorization."""
    value = values(bound, data)
    return st.one_of(
        st.builds(BasicAuth, username=value, password=value),
        st.builds(DigestAuth, username=value, password=value),
        st.builds(BearerAuth, token=value),
    )


@remembered
def retries() -> st.SearchStrategy[Retry]:
    """Retries with a cause."""
    statuses = st.lists(st.integers(100, 599), min_size=1, max_size=2).map(tuple)
    backoff = st.sampled_from((Decimal(1), Decimal(2), Decimal("1.5")))
    return st.one_of(
        st.builds(
            Retry,
            times=st.integers(1, 9),
            statuses=statuses,
            network=st.booleans(),
            wait=st.sampled_from((0, 500)),
            backoff=backoff,
        ),
        st.builds(Retry, times=st.integers(1, 9), network=st.just(True), wait=_durations),
    )


def cookies(bound: Sequence[str]) -> st.SearchStrategy[Cookie]:
    """Cookies set by hand."""
    value = _token.map(template)
    return st.builds(
        Cookie,
        name=_token,
        value=st.one_of(value, st.sampled_from(bound).map(lambda name: template(Reference(name=name)))) if bound else value,
    )


def graphql(bound: Sequence[str], data: Sequence[DataSource]) -> st.SearchStrategy[GraphqlBody]:
    """GraphQL bodies whose operation is in the query."""
    variables = json_values(bound, data).map(lambda value: value if isinstance(value, JsonObject) else None)

    def made(text: str) -> st.SearchStrategy[GraphqlBody]:
        names = st.just("Me") if "Other" in text else st.sampled_from((None, "Me")) if "Me" in text else st.none()
        return st.builds(GraphqlBody, query=st.just(text), operation=names, variables=variables)

    return _graphql_texts.flatmap(made)


def targets(name: str, number: int) -> st.SearchStrategy[Target]:
    """A target with options of its connection."""
    return st.builds(
        Target,
        name=st.just(name),
        url=st.just(f"https://{number}.example.com"),
        verify=st.booleans(),
        certificate=st.sampled_from((None, "client.pem")),
        key=st.none(),
        proxy=st.sampled_from((None, "http://proxy.example.com:3128")),
    ).map(lambda target: target.model_copy(update={"key": "client key.pem"}) if target.certificate else target)


def data_options(source: DataSource) -> st.SearchStrategy[DataSource]:
    """A source of any format, order, sharing and end."""
    rows = st.sampled_from(("per run", "per user", "unique per user"))

    def made(given: tuple[str, str, str]) -> DataSource:
        form, order, sharing = given
        order = "shuffled" if sharing == "unique per user" and order == "random" else order
        path = "data/users.json" if form == "json" else source.path
        return source.model_copy(update={"format": form, "path": path, "order": order, "rows": sharing})

    return st.tuples(st.sampled_from(("csv", "json")), st.sampled_from(("sequential", "random", "shuffled")), rows).map(made)


__all__ = [
    "all_calls",
    "auths",
    "captures",
    "conditions",
    "cookies",
    "data_options",
    "graphql",
    "hostile_text",
    "message_expectations",
    "more_expectations",
    "retries",
    "targets",
    "values",
]
