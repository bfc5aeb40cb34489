"""Codes that an answer shows in one piece and the user types into several boxes, or of which a request sends a part."""

from __future__ import annotations

import pytest
from recordings import Session, imported, proved, sent

from loadwright.compiler.plan.describe import describe_source
from loadwright.compiler.plan.render import form_template
from loadwright.compiler.plan.request import Request


def verified(shown: str, boxes: list[tuple[str, str]], name: str = "one.har") -> Session:
    body = "&".join(f"{field}={value}" for field, value in boxes)
    session = Session(name).add("POST", "/verify", body="by=screen", html=f"<p>Your code is <b class='otp'>{shown}</b>.</p>")
    return session.add("POST", "/verify/check", body=body, status=302, location="/home").add("GET", "/home", html="<h1>Home</h1>")


def one_by_one(code: str) -> list[tuple[str, str]]:
    return [(f"digit{number}", character) for number, character in enumerate(code)]


def form_of(request: Request) -> str:
    assert request.body is not None
    assert request.body.kind == "form"
    return form_template(request.body.fields).model_dump_json()


@pytest.mark.parametrize(
    ("shown", "boxes", "other_shown", "others"),
    [
        ("482913", one_by_one("482913"), "770352", one_by_one("770352")),
        ("482 913", one_by_one("482913"), "770 352", one_by_one("770352")),
        ("482 913", [("code1", "482"), ("code2", "913")], "770 352", [("code1", "770"), ("code2", "352")]),
        ("7KNH-VR88", [("c1", "7KNH"), ("c2", "VR88")], "ZT9K-9QM4", [("c1", "ZT9K"), ("c2", "9QM4")]),
    ],
)
def test_each_box_has_its_part_of_the_code(
    shown: str, boxes: list[tuple[str, str]], other_shown: str, others: list[tuple[str, str]]
) -> None:
    for sessions in ([verified(shown, boxes)], [verified(shown, boxes), verified(other_shown, others, "two.har")]):
        result = imported(*sessions)
        assert len(sent(result, 0).captures) == 1
        form = form_of(sent(result, 1))
        assert form.count('"substring"') == len(boxes)
        assert proved(result)


def test_what_no_answer_shows_in_the_other_recording_is_no_code() -> None:
    ordered = [("row1", "482"), ("row2", "913")]
    result = imported(verified("482 913", ordered), verified("770 352", [("row1", "111"), ("row2", "222")], "two.har"))
    assert "substring" not in form_of(sent(result, 1))


def test_boxes_of_several_lengths_are_no_code() -> None:
    assert "substring" not in form_of(sent(imported(verified("482 913", [("qty1", "48"), ("qty2", "2913")])), 1))


def carded(card: str, series: str, number: str, name: str = "one.har") -> Session:
    session = Session(name).add("POST", "/cards", body="kind=gift", json=f'{{"card": {{"number": "{card}"}}}}')
    return session.add("POST", "/redeem", body=f"series={series}&no={number}", json='{"ok": true}')


def test_a_code_that_is_a_part_of_a_member_is_cut_out_of_it() -> None:
    result = imported(carded("R4PXJW-35118", "R4PXJW", "35118"), carded("T3BQN8-77562", "T3BQN8", "77562", "two.har"))
    assert {describe_source(capture.source) for capture in sent(result, 0).captures} == {"json $.card.number"}
    assert "R4PXJW" not in result.plan.model_dump_json()
    assert "35118" not in result.plan.model_dump_json()
    assert proved(result)


def test_a_number_joined_with_a_token_and_a_word_goes_with_the_token() -> None:
    def joined(number: str, token: str, name: str) -> Session:
        session = Session(name).add("GET", "/context", json=f'{{"doc": {{"id": "{number}"}}, "rev": {{"hash": "{token}"}}}}')
        body = f'{{"ref": "{number}|{token}|ro"}}'
        return session.add("POST", "/docs", body=body, sends="application/json", json='{"ok": true}')

    first = joined("68220", "zwnsl2ff17e6828829c6a3613e7c32", "one.har")
    plan = imported(first, joined("54064", "qstzwhc461203dd2ee66a8966bd871", "two.har")).plan.model_dump_json()
    assert "68220" not in plan
    assert '|ro"' in plan
