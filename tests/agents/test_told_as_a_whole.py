"""Values that are one: with pieces between commas, in an address of no browser; ids that a later request shows; lines of names."""

from __future__ import annotations

import json

import pytest
from recordings import Session, imported, proved, sent, verdicts

from loadwright.compiler.plan.describe import describe_source


@pytest.mark.parametrize("value", ["d-6FC58360-A,0|BiES,0|0bv7,1", "workspace://SpacesStore/86119e67-619c-4c3a-95e6-1d5369b47f79"])
def test_what_an_answer_gave_whole_is_taken_whole(value: str) -> None:
    session = Session().add("POST", "/connect", body="a=b", json=json.dumps({"C": value, "M": []}))
    result = imported(session.add("POST", "/poll", body=json.dumps({"at": value}), sends="application/json", json="{}"))
    assert proved(result)
    assert [describe_source(c.source) for c in sent(result, 0).captures] == ["json $.C"]


def test_an_address_that_browsers_open_is_taken_in_its_parts() -> None:
    session = Session().add("GET", "/start", json=json.dumps({"next": "http://shop.test/pay/k4mQx7Zr2WbTn8sL"}))
    result = imported(session.add("GET", "/pay/k4mQx7Zr2WbTn8sL", html="<p>Pay"))
    assert proved(result)


def test_a_long_number_that_a_later_request_shows_to_be_an_id() -> None:
    page = '<meta name="ajs-draft-id" content="9587732"><p>Edit'
    session = Session().add("GET", "/page", html=page)
    session.add("PUT", "/rest/content/9587732", body="{}", sends="application/json", json='{"id":"9587732"}')
    result = imported(session.add("POST", "/label", body="entityIdString=9587732&label=ops", json='{"ok":true}'))
    assert proved(result)
    assert "9587732" not in str(sent(result, 1).url)


def test_a_long_number_in_a_list_that_a_later_request_shows_to_be_an_id() -> None:
    rows = "".join(
        f'<tr><td>{t}</td><td><button data-lot="{n}">Bid</button></td></tr>' for t, n in (("Rug", "291326"), ("Mug", "803514"))
    )
    session = Session().add("GET", "/", html=f"<table>{rows}</table>")
    session.add("POST", "/send", body="data=%7B%22H%22%3A%22hub%22%2C%22A%22%3A%5B%22803514%22%5D%7D", json="{}")
    result = imported(session.add("POST", "/confirm", body='{"lot":"803514"}', sends="application/json", json="{}"))
    assert proved(result)
    assert "803514" not in str(sent(result, 1).body)
    assert all("803514" not in str(one) for one in result.left)


def test_a_count_stays_where_a_later_request_has_the_same_number_as_an_id() -> None:
    session = Session().add("GET", "/page", html='<meta name="draft-id" content="9587732"><p>Edit')
    session.add("POST", "/watch", body="count=9587732", json="{}")
    result = imported(session.add("POST", "/label", body="draftId=9587732", json='{"ok":true}'))
    assert "9587732" in str(sent(result, 1).body)


def test_a_script_adds_to_a_prefix_that_the_server_gave() -> None:
    session = Session().add("POST", "/session", body="a=b", json='{"idempotency":{"prefix":"56409c6169b2"}}')
    result = imported(session.add("POST", "/pay", body="a=b", sent={"Idempotency-Key": "56409c6169b2-1"}, json="{}"))
    assert proved(result)
    assert [verdict for verdict, _ in verdicts(result)] == ["extract"]


def test_a_random_key_of_the_client_is_made_anew() -> None:
    session = Session().add("POST", "/session", body="a=b", json='{"idempotency":{"prefix":"56409c6169b2"}}')
    result = imported(session.add("POST", "/pay", body="a=b", sent={"Idempotency-Key": "c07be1f5a93d-1"}, json="{}"))
    assert "generate" in [verdict for verdict, _ in verdicts(result)]


def test_seconds_with_six_digits_behind_them_are_met_by_no_chance() -> None:
    answer = json.dumps({"messages": [{"text": "hi", "ts": f"17647589{n}.{n}3558"} for n in (21, 34)]})
    session = Session().add("GET", "/history", json=answer)
    result = imported(session.add("GET", "/history?before=1764758934.343558", json='{"messages":[]}'))
    assert proved(result)
    assert len(sent(result, 0).captures) == 1


def test_lines_of_names_and_values_are_a_document() -> None:
    session = Session().add("GET", "/open", json='{"row":{"id":"P971041"}}')
    lines = "callCount=1\nc0-methodName=save\nc0-param0=string:P971041\n"
    result = imported(session.add("POST", "/save", body=lines, sends="text/plain", html="ok"))
    assert proved(result)
    assert "P971041" not in str(sent(result, 1).body)


def test_an_element_is_called_as_its_name_says() -> None:
    tree = '<d:node><d:prop d:name="uid">446966</d:prop><d:prop d:name="gen">600030</d:prop></d:node>'
    session = Session().add("GET", "/tree", html=tree)
    result = imported(session.add("POST", "/node", body="gen=600030", html="<p>ok"))
    assert proved(result)
    assert [describe_source(c.source) for c in sent(result, 0).captures] == ['regex / d:name="gen"[^<>]*>([^<]+)</']


def test_a_value_with_its_length_before_it_ends_there() -> None:
    value = "/wEdrA2Qh4elT56OALyWXe3STPztVuLOaZ7qreB0uVqfoim7C5OzcXyo35W0StsXG"
    session = Session().add("POST", "/grid", body="a=b", html=f"{len(value)}|{value}0|/*DX*/({{'id':0}})")
    result = imported(session.add("POST", "/save", body=f"__EVENTVALIDATION={value.replace('/', '%2F')}", html="<p>Saved"))
    assert proved(result)
    assert len(sent(result, 0).captures) == 1


def test_numbers_parted_by_colons_that_two_recordings_have_otherwise() -> None:
    def session(name: str, value: str) -> Session:
        made = Session(name).add("GET", "/run", html=f'<p><result ctx="{value}"/></p>')
        return made.add("POST", "/task", body=f"ctx={value.replace(':', '%3A')}", html="<p>ok")

    result = imported(session("a.har", "1::5652::653"), session("b.har", "1::6061::705"))
    assert proved(result)
    assert [verdict for verdict, _ in verdicts(result)] == ["extract"]
