"""GraphQL: one address for all, ids that are called `id` whatever they are of, queries that are posted, errors in a 200."""

from __future__ import annotations

import json
from typing import Any

import pytest
from recordings import Session, imported, proved, sent, verdicts

from loadwright.compiler.plan.model import JsonExpectation, JsonSource, SoftFailureExpectation, ValueExpectation
from loadwright.compiler.plan.template import template
from loadwright.compiler.recording.graphql import only_reads, operation

URL = "/graphql"


def asks(session: Session, document: str, variables: dict[str, Any], answer: object, **options: Any) -> Session:
    """A request of a GraphQL client, as Apollo sends it, and what came."""
    name = document.split("(")[0].split(" ")[1]
    body = json.dumps({"operationName": name, "variables": variables, "query": document})
    return session.add("POST", URL, body=body, sends="application/json", json=json.dumps(answer), **options)


LOGIN = "mutation Login($name: String!, $password: String!) { login(name: $name, password: $password) { __typename } }"


def data(**fields: object) -> dict[str, object]:
    return {"data": fields}


CREATE = "mutation CreateProduct($input: CreateProductInput!) {\n  createProduct(input: $input) { id }\n}"
VARIANTS = "mutation CreateProductVariants($input: [I!]!) {\n  createProductVariants(input: $input) { id }\n}"
UPDATE = "mutation UpdateProduct($input: UpdateProductInput!) {\n  updateProduct(input: $input) { id }\n}"
CUSTOMER = "query CustomerDetail($id: ID!) {\n  customer(id: $id) { id }\n}"
REMOVE = "mutation DeleteProducts($ids: [ID!]!) {\n  deleteProducts(ids: $ids) { result }\n}"


@pytest.mark.parametrize(
    ("document", "name", "kind", "field"),
    [
        (CREATE, "CreateProduct", "mutation", "createProduct"),
        ("{ me { id } }", None, "query", "me"),
        ("fragment F on User { id }\nquery Me { first: me { ...F } }", "Me", "query", "me"),
        ("query A { a }\nmutation B { b }", "B", "mutation", "b"),
        ("# a query { } of ours\nmutation { addNote(text: \"x\") { id } }", None, "mutation", "addNote"),
        ("garden lamp", None, None, None),
        ("query", None, None, None),
    ],
)  # fmt: skip
def test_an_operation_is_read(document: str, name: str | None, kind: str | None, field: str | None) -> None:
    body = json.dumps({"operationName": name, "query": document})
    entry = Session().add("POST", URL, body=body, sends="application/json", json="{}").entries[0]
    found = operation(entry)
    assert (found and found.kind, found and found.field) == (kind, field)
    assert only_reads(entry) is (kind == "query")


def shop(number: int, name: str = "Spade") -> Session:
    """A product is made, with a variant, looked at, changed and removed; ids of other things are the same numbers."""
    product, variant = str(number), str(number + 1)
    session = Session()
    asks(session, "query Channel { activeChannel { id } }", {}, data(activeChannel={"id": product, "code": "main"}))
    made = {"id": product, "translations": [{"id": product, "name": name}]}
    asks(session, CREATE, {"input": {"name": name}}, data(createProduct=made))
    answer = data(createProductVariants=[{"id": variant, "name": name, "tax": {"id": variant}}])
    asks(session, VARIANTS, {"input": [{"productId": product, "name": name}]}, answer)
    page = data(productVariants={"items": []})
    asks(session, "query Variants($f: F) { productVariants(filter: $f) { id } }", {"f": {"productId": {"eq": product}}}, page)
    changed = {"id": product, "translations": [{"id": product, "name": f"Good {name}"}]}
    asks(session, UPDATE, {"input": changed}, data(updateProduct={"id": product}))
    asks(session, "mutation UpdateVariants($i: [I!]!) { updateVariants(i: $i) { ok } }", {"i": [{"id": variant}]}, data(a=1))
    return asks(session, REMOVE, {"ids": [product]}, data(deleteProducts={"result": "DELETED"}))


@pytest.mark.parametrize("others", [(), (shop(13, "Rake"),), (shop(4, "Rake"),)])
def test_short_ids_are_taken_from_the_thing_that_the_names_around_them_say(others: tuple[Session, ...]) -> None:
    result = imported(shop(4), *others)
    found = {c.name: c.source for at in range(7) for c in sent(result, at).captures}
    wanted = {
        "product_id": "$.data.createProduct.id",
        "translation_id": "$.data.createProduct.translations[0].id",
        "product_variant_id": "$.data.createProductVariants[0].id",
    }
    assert found == {name: JsonSource(path=path) for name, path in wanted.items()}
    assert not any(f'"value":"{number}"' in result.plan.model_dump_json() for number in (4, 5))
    assert proved(result)


def test_an_id_of_another_thing_is_met_by_chance() -> None:
    session = asks(Session(), "query Me { me { id } }", {}, data(me={"id": "7"}, cart={"id": "7"}))
    asks(session, CUSTOMER, {"id": "7"}, data(customer={"id": "7"}))
    result = imported(asks(session, CUSTOMER, {"id": "7"}, data(customer={"id": "7"})))
    # nobody made this customer: it is one that is there
    assert [d for d in verdicts(result) if d[0] == "extract"] == []


def test_a_number_that_something_else_had_first_is_not_taken_from_that() -> None:
    session = asks(Session(), LOGIN, {"name": "ada"}, data(login={"id": "1", "__typename": "CurrentUser"}))
    asks(session, "query Places { places { id } }", {}, data(places={"items": [{"id": "1", "name": "Main store"}]}))
    stock = {"input": {"placeId": "1", "onHand": 0}}
    asks(session, "mutation AddStock($input: S!) { addStock(input: $input) { ok } }", stock, data(addStock={"ok": True}))
    added = data(createCustomer={"id": "1"})
    asks(session, "mutation CreateCustomer($c: C!) { createCustomer(c: $c) { id } }", {"c": {"first": "Ada"}}, added)
    result = imported(
        asks(session, "mutation DropCustomers($ids: [ID!]!) { drop(ids: $ids) { ok } }", {"ids": ["1"]}, data(drop=1))
    )
    assert [c.source for at in range(5) for c in sent(result, at).captures] == [
        JsonSource(path="$.data.places.items[?(@.name=='Main store')].id"),
        JsonSource(path="$.data.createCustomer.id"),
    ]
    assert proved(result)


def test_a_posted_query_makes_nothing() -> None:
    session = asks(Session(), "query Find($q: S) { find(q: $q) { id } }", {"q": "Pump f05fa879"}, data(find=[]))
    assert ("generate", "unique") not in verdicts(imported(session))
    session = asks(Session(), "mutation Add($q: S) { add(q: $q) { id } }", {"q": "Pump f05fa879"}, data(add={"id": "1"}))
    assert ("generate", "unique") in verdicts(imported(session))


ME = "query Me { me { id } }"
FORBIDDEN = {"errors": [{"message": "Not allowed", "extensions": {"code": "FORBIDDEN"}}], "data": None}
ENTERED = data(login={"__typename": "CurrentUser"})
WRONG = data(login={"__typename": "InvalidCredentialsError", "message": "No such user"})
SECRET = {"name": "ada", "password": "x9Kq-pass"}


def failures(session: Session) -> list[tuple[str, int]]:
    return [(f.rule, f.entry) for f in imported(session).failures]


def test_a_visitor_who_is_told_to_log_in_is_no_failure() -> None:
    session = asks(Session(), ME, {}, FORBIDDEN, received={"auth-token": "c2f1b9d07e664a5b"})
    asks(session, ME, {}, FORBIDDEN, sent={"Authorization": "Bearer c2f1b9d07e664a5b"})
    asks(session, LOGIN, SECRET, ENTERED)
    asks(session, "mutation LogOut { logout { success } }", {}, data(logout={"success": True}))
    assert failures(asks(session, ME, {}, FORBIDDEN)) == []


def test_a_user_who_is_refused_is_one() -> None:
    session = asks(asks(Session(), LOGIN, {"input": SECRET}, ENTERED), ME, {}, FORBIDDEN)
    assert failures(session) == [("GraphQL errors", 1)]
    token = {"Authorization": "Bearer c2f1b9d07e664a5b"}  # the user was logged in before the recording
    assert failures(asks(Session(), ME, {}, FORBIDDEN, sent=token)) == [("GraphQL errors", 0)]


def test_the_result_of_a_mutation_may_be_an_error() -> None:
    assert failures(asks(Session(), LOGIN, SECRET, WRONG)) == [("login failed", 0)]
    taken = data(createProduct={"userErrors": [{"message": "Name is taken"}]})
    assert failures(asks(Session(), CREATE, {"input": {}}, taken)) == [("GraphQL errors", 0)]
    sound = data(createProduct={"userErrors": [], "id": "4"})
    assert failures(asks(Session(), CREATE, {"input": {}}, sound)) == []


@pytest.mark.parametrize("hollow", [{}, [], None])
def test_an_answer_has_data_or_errors(hollow: object) -> None:
    assert failures(asks(Session(), ME, {}, hollow)) == [("empty body", 0)]
    assert failures(Session().add("GET", "/api/rows", json=json.dumps(hollow))) == []


def test_texts_for_errors_are_no_error() -> None:
    texts = {"error": {"403": "Forbidden", "not-found": "Not found", "offline": "Offline"}, "menu": {"a": "A"}, "date": {"b": "B"}}
    result = imported(Session().add("GET", "/i18n/en.json", json=json.dumps(texts)))
    assert result.failures == []
    assert SoftFailureExpectation(ignored=("json member",)) in sent(result, 0).expectations
    told = {"error": {"code": 404, "message": "Not found", "status": "NOT_FOUND"}, "menu": {}, "date": {}}
    assert failures(Session().add("GET", "/api/en", json=json.dumps(told))) == [("error payload", 0)]


def test_a_change_is_known_by_the_type_of_its_result() -> None:
    session = asks(Session(), LOGIN, SECRET, ENTERED)
    result = imported(asks(session, ME, {}, data(me={"id": "7", "__typename": "User"})))
    entered, me = (sent(result, at).expectations for at in range(2))
    assert JsonExpectation(path="$.data.login.__typename", equals=template("CurrentUser")) in entered
    assert ValueExpectation(source=JsonSource(path="$.data.me"), relation="is", values=(template("object"),)) in me


def test_the_type_of_a_result_is_expected_though_the_query_speaks_of_it_in_a_line_of_its_own() -> None:
    query = (
        "mutation Add {\n  add {\n    __typename\n    ... on Customer {\n      id\n    }\n  }\n}\nfragment F on\nCustomer\n{ id }"
    )
    body = json.dumps({"operationName": "Add", "query": query, "variables": {}})
    answer = json.dumps({"data": {"add": {"__typename": "Customer", "id": "7"}}})
    result = imported(Session().add("POST", "/api", body=body, sends="application/json", json=answer))
    assert [e.equals for e in sent(result, 0).expectations if isinstance(e, JsonExpectation)] == [template("Customer")]


def test_the_errors_of_a_change_itself_stay_empty() -> None:
    def refused(document: str, **answer: object) -> bool:
        told = str(sent(imported(asks(Session(), document, {"id": "4"}, data(**answer))), 0).expectations)
        return "$.data.createProduct.userErrors[0]" in told and "negated=True" in told

    assert refused(CREATE, createProduct={"userErrors": [], "id": "4"})
    assert refused(CREATE, createProduct={"__typename": "Created", "userErrors": None})
    assert not refused(CREATE, createProduct={"userErrors": [{"message": "Name is taken"}], "id": "4"})
    assert not refused(CREATE, createProduct={"notes": [], "id": "4"})
    assert not refused(CUSTOMER, createProduct={"userErrors": [], "id": "4"}), "a list that is asked for may have rows"
