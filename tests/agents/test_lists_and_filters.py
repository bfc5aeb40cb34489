"""Longer numbers that a script joins to a list, and comparisons as OData and SCIM write them."""

from __future__ import annotations

import pytest
from recordings import Session, imported, proved, sent

ITEMS = '{{"stations": [{{"id": {0}, "label": "North"}}, {{"id": {1}, "label": "South"}}]}}'


def asked(numbers: tuple[int, int]) -> Session:
    session = Session(f"{numbers[0]}.har").add("GET", "/stations", json=ITEMS.format(*numbers))
    return session.add("GET", f"/readings?ids={numbers[0]},{numbers[1]}", json='{"readings": []}')


@pytest.mark.parametrize("others", [(), ((871644, 810072),)])
def test_each_number_of_a_joined_list_is_taken_by_itself(others: tuple[tuple[int, int], ...]) -> None:
    result = imported(asked((949454, 697224)), *map(asked, others))
    assert proved(result)
    assert not any(number in str(sent(result, 1).url) for number in ("949454", "697224"))


def filtered(number: str) -> Session:
    rows = f'{{"d": {{"results": [{{"OrderId": "{number}", "Name": "Rug"}}, {{"OrderId": "311852", "Name": "Lamp"}}]}}}}'
    session = Session(f"{number}.har").add("GET", "/Orders", json=rows)
    return session.add("GET", f"/Orders('{number}')/Items?$filter=OrderId+eq+'{number}'+and+Price+eq+40000", json='{"d": 1}')


@pytest.mark.parametrize("others", [(), ("638780",)])
def test_a_number_in_quotes_is_the_key_and_what_a_filter_compares_with(others: tuple[str, ...]) -> None:
    result = imported(filtered("737100"), *map(filtered, others))
    assert proved(result)
    assert "737100" not in str(sent(result, 1).url)
    assert "40000" in str(sent(result, 1).url)


@pytest.mark.parametrize("others", [(), ("7654321",)])
def test_a_key_in_what_a_request_of_a_batch_asks_for_is_taken(others: tuple[str, ...]) -> None:
    def changed(number: str) -> Session:
        asked = f'MERGE Drafts(\'{number}\') HTTP/1.1\r\nContent-Type: application/json\r\n\r\n{{"Text":"x"}}'
        batch = f"--b1\r\nContent-Type: application/http\r\n\r\n{asked}\r\n--b1--\r\n"
        session = Session(f"{number}.har").add("POST", "/Drafts", body="kind=A", json=f'{{"d": {{"DraftUUID": "{number}"}}}}')
        return session.add("POST", "/$batch", body=batch, sends="multipart/mixed; boundary=b1", json="{}")

    result = imported(changed("1234567"), *map(changed, others))
    assert proved(result)
    assert "1234567" not in str(sent(result, 1).body)


@pytest.mark.parametrize(("compared", "is_taken"), [("Year eq 2026", False), ("Status eq 3", False), ("OrderId eq 2026", True)])
def test_a_year_or_a_state_in_a_filter_is_no_id(compared: str, is_taken: bool) -> None:
    rows = '{"order": {"OrderId": 2026, "Year": 2026, "Status": 3}}'
    session = Session().add("GET", "/Orders", json=rows).add("GET", f"/Lines?$filter={compared.replace(' ', '+')}", json="{}")
    assert ("2026" not in str(sent(imported(session), 1).url) and "3" not in str(sent(imported(session), 1).url)) is is_taken


def test_what_the_user_typed_in_a_batch_is_taken_from_two_recordings() -> None:
    def sent_as(text: str, number: str) -> Session:
        asked = f'POST Notes HTTP/1.1\r\nContent-Type: application/json\r\n\r\n{{"Text":"{text}","Kind":"plain"}}'
        batch = f"--b1\r\nContent-Type: application/http\r\n\r\n{asked}\r\n--b1--\r\n"
        return Session(f"{number}.har").add("POST", "/$batch", body=batch, sends="multipart/mixed; boundary=b1", json="{}")

    result = imported(sent_as("tea pot", "1"), sent_as("milk jug", "2"))
    assert proved(result)
    assert "tea pot" not in str(sent(result, 0).body)
    assert "plain" in str(sent(result, 0).body)


def test_a_uuid_or_a_day_that_begins_with_digits_is_compared_as_a_whole() -> None:
    uuid = "47136291-9e38-43dd-b8fa-b75b264e2c48"
    rows = f'{{"value": [{{"OrderId": "{uuid}", "Number": 47136291, "Day": "2026-11-03"}}]}}'
    session = Session().add("GET", "/Orders", json=rows)
    result = imported(session.add("GET", f"/Lines?$filter=OrderId+eq+{uuid}+and+Day+eq+2026-11-03", json="{}"))
    assert proved(result)
    assert not any(piece in str(sent(result, 1).url) for piece in ("9e38-43dd", "Number"))
    assert "2026-11-03" in str(sent(result, 1).url)
