"""What a change at an address told is what stands behind that address; versions that are entity tags; operations of JSON Patch."""

from __future__ import annotations

import json

from recordings import Session, imported, proved, sent

from loadwright.compiler.agents.importing import Imported

JSON = "application/json"


def url(result: Imported, position: int) -> str:
    assert proved(result)
    return str(sent(result, position).url)


def made(told: dict[str, object], after: str, at: str = "/api/carts") -> Imported:
    session = Session().add("POST", at, body='{"from": "web"}', sends=JSON, json=json.dumps(told))
    return imported(session.add("GET", after, json="{}"))


def test_a_code_that_a_change_told_stands_behind_its_address() -> None:
    assert "A9ZGGR" not in url(made({"locator": "A9ZGGR"}, "/api/carts/A9ZGGR/seats"), 1)
    assert "A9ZGGR" in url(made({"locator": "A9ZGGR"}, "/api/airports/A9ZGGR"), 1)
    assert "48213" in url(made({"count": 48213}, "/api/carts/48213"), 1)


def test_a_number_that_is_called_as_one_of_what_stands_before_it() -> None:
    assert "168207" not in url(made({"reader": 168207}, "/news/readers/168207", "/news/like"), 1)
    assert "168207" in url(made({"reader": 168207}, "/news/years/168207", "/news/like"), 1)


def test_a_version_of_a_body_is_sent_as_an_entity_tag() -> None:
    thing = {"id": "9057648", "meta": {"versionId": "4498"}}
    session = Session().add("GET", "/fhir/Encounter?of=1", json=json.dumps({"entry": thing}))
    result = imported(
        session.add("PATCH", "/fhir/Encounter/9057648", sent={"If-Match": 'W/"4498"'}, body="{}", sends=JSON, json="{}")
    )
    assert proved(result)
    (header,) = (h for h in sent(result, 1).headers if h.name == "If-Match")
    assert "4498" not in str(header.value)


def test_a_reference_to_a_thing_is_its_kind_and_its_number() -> None:
    session = Session().add("GET", "/fhir/Encounter?of=1", json='{"resourceType": "Encounter", "id": "9057648"}')
    body = '{"encounter": {"reference": "Encounter/9057648"}}'
    result = imported(session.add("POST", "/fhir/Observation", body=body, sends=JSON, json="{}"))
    assert proved(result)
    assert "9057648" not in str(sent(result, 1).body)


def test_an_operation_says_by_its_path_what_its_value_is() -> None:
    session = Session().add("POST", "/drafts", body="{}", sends=JSON, json='{"id": "5f2c9a7be1d04c38", "version": 15815}')
    operations = '[{"op": "test", "path": "/version", "value": 15815}, {"op": "replace", "path": "/price", "value": 15816}]'
    result = imported(session.add("PATCH", "/drafts/5f2c9a7be1d04c38", body=operations, sends=JSON, json="{}"))
    assert proved(result)
    body = str(sent(result, 1).body)
    assert "15815" not in body
    assert "15816" in body
