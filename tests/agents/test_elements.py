"""Short numbers of XML answers, by the names of their elements and attributes."""

from __future__ import annotations

from dataclasses import replace

import pytest
from recordings import Session, imported, proved, sent

from loadwright.compiler.plan.describe import describe_source

XML = "text/xml"


def ordered(body: str, answer: str) -> Session:
    """An order is made by a call of SOAP, and one more call has what it told."""
    session = Session().add("POST", "/ws", body="<Body><create/></Body>", sends=XML, json="")
    headers = (("Content-Type", XML),)
    told = replace(session.entries[-1].response, text=f"<Body><made>{answer}</made></Body>", media_type=XML, headers=headers)
    session.entries[-1] = replace(session.entries[-1], response=told)
    return session.add("POST", "/ws", body=f"<Body><add>{body}</add></Body>", sends=XML, json="{}")


@pytest.mark.parametrize(
    ("ask", "tell"),
    [
        ("<position>{}</position>", "<o:position>{}</o:position><state>12</state>"),
        ('<line version="{}"/>', '<order no="7" version="{}"><state version2="1"/></order>'),
    ],
)
def test_two_recordings_show_that_a_short_number_is_what_an_answer_called_so(ask: str, tell: str) -> None:
    result = imported(*(ordered(ask.format(number), tell.format(number)) for number in ("43", "98")))
    assert len(sent(result, 0).captures) == 1
    assert "43" not in str(sent(result, 1).body)
    assert proved(result)


def test_one_recording_takes_what_is_called_an_id() -> None:
    result = imported(ordered("<customerId>431</customerId><pages>56</pages>", "<customerId>431</customerId><pages>56</pages>"))
    (capture,) = sent(result, 0).captures
    assert "customerId" in describe_source(capture.source)
    assert proved(result)


def test_of_several_elements_the_name_says_nothing() -> None:
    told = "<line><lineId>17</lineId></line><line><lineId>43</lineId></line>"
    assert not sent(imported(ordered("<lineId>43</lineId>", told)), 0).captures


def test_a_short_number_of_several_items_is_taken_by_the_text_beside_it() -> None:
    def session(number: int, others: tuple[int, int], name: str) -> Session:
        rows = ((others[0], "Oak bench"), (number, "Field radio"), (others[1], "Wall clock"))
        items = "".join(f'<item id="{n}"><name>{label}</name></item>' for n, label in rows)
        found = Session(name).add("GET", "/vouchers.xml", json="").add("GET", f"/vouchers/{number}", json='{"ok": true}')
        first = found.entries[0]
        answer = replace(first.response, text=f"<list>{items}</list>", media_type=XML)
        found.entries[0] = replace(first, response=answer)
        return found

    result = imported(session(240, (118, 507), "a.har"), session(755, (361, 902), "b.har"))
    assert "Field radio" in str(sent(result, 0).captures)
    assert "240" not in str(sent(result, 1).url)
