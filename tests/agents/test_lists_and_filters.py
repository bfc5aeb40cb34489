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
