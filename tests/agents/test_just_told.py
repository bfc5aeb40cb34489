"""Longer numbers that the way in which they were told shows to be ids, and what scripts name for themselves."""

from __future__ import annotations

import pytest
from recordings import Session, imported, proved, sent, verdicts

from loadwright.compiler.plan.template import Reference, template

MADE = "<p>Pump <strong>#48213</strong> has been made.</p>"


def looked_up(page: str, asked: str, method: str = "POST") -> Session:
    session = Session().add(method, "/pumps", body="title=Tea" if method == "POST" else None, html=f"<h1>Pumps</h1>{page}")
    return session.add("GET", asked, json='{"found": 1}')


@pytest.mark.parametrize("asked", ["/find?number=48213", "/find?handle=48213"])
def test_a_longer_number_that_only_the_answer_to_a_change_told_is_taken(asked: str) -> None:
    result = imported(looked_up(MADE, asked))
    assert proved(result)
    assert "48213" not in str(sent(result, 1).url)


@pytest.mark.parametrize(
    ("page", "asked", "method"),
    [
        (f"<table><tr><td>{MADE}</td></tr></table>", "/find?number=48213", "POST"),
        (MADE, "/find?number=48213", "GET"),
        (MADE + MADE, "/find?number=48213", "POST"),
        (MADE, "/find?count=48213", "POST"),
        (MADE.replace("48213", "40000"), "/find?number=40000", "POST"),
    ],
)
def test_one_of_a_row_a_count_or_a_round_number_is_not(page: str, asked: str, method: str) -> None:
    assert asked.rpartition("=")[2] in str(sent(imported(looked_up(page, asked, method)), 1).url)


@pytest.mark.parametrize(("mark", "number"), [(".", "3287384"), ("%7C", "3287384"), (".", "9139300")])
def test_a_number_that_a_script_joins_with_a_token_is_of_the_same_object(mark: str, number: str) -> None:
    session = Session().add("GET", "/key", json=f'{{"key": "df29089cf2b4f6ad", "serial": {number}}}')
    result = imported(session.add("GET", f"/channel?auth=df29089cf2b4f6ad{mark}{number}", json="{}"))
    assert proved(result)
    assert number not in str(sent(result, 1).url)


def test_the_validation_of_a_page_is_taken_by_its_name_though_it_looks_like_a_path() -> None:
    page = '<form method=post action=/ledger.aspx><input type=hidden name="__EVENTVALIDATION" value="{0}"><input name=who></form>'
    session = Session().add(
        "GET", "/ledger.aspx", html=page.format("/wEd6r9pNhcMnLnxFEkQatqxd479R3/rdd/Vs0bOOiDYbTrZ6IrF43Uwi6lu4")
    )
    body = "__EVENTVALIDATION=%2FwEd6r9pNhcMnLnxFEkQatqxd479R3%2Frdd%2FVs0bOOiDYbTrZ6IrF43Uwi6lu4&who=ann"
    result = imported(session.add("POST", "/ledger.aspx", body=body, html="<p>Kept"))
    assert proved(result)
    assert "rdd" not in str((sent(result, 1).body, sent(result, 0).captures))


def test_the_argument_of_a_function_is_what_the_function_is_called_after() -> None:
    row = "<tr><td>{1}</td><td><button onclick=\"{2}('{0}', 2); return false;\">Open</button></td></tr>"
    for function, is_taken in (("openItem", True), ("zoom", False)):
        rows = "".join(row.format(number, title, function) for number, title in ((122078, "Lamp"), (122079, "Rug")))
        session = Session().add("GET", "/yard", html=f"<table>{rows}</table>").add("GET", "/open?item=122079", json="{}")
        result = imported(session)
        assert proved(result)
        assert ("122079" not in str(sent(result, 1).url)) is is_taken


def test_the_id_of_an_object_in_a_script_is_called_as_the_object_is() -> None:
    page = '<script>window.__CONFIG__ = {"api": {"root": "/api"}, "boat": {"id": "754610", "plan": "pro"}};</script>'
    session = Session().add("GET", "/spa", html=page).add("GET", "/api/t/754610/menu", json="{}")
    session.add("POST", "/api/t/754610/notes", body='{"boatId":"754610"}', sends="application/json", json="{}")
    result = imported(session)
    assert proved(result)
    assert not any("754610" in str((sent(result, n).url, sent(result, n).body)) for n in (1, 2))


def test_a_field_that_is_called_at_random_gives_no_short_value_by_its_name() -> None:
    page = '<form method=post action=/cart><input name=qty value=4><input type=hidden name="{0}" value="17"></form>'

    name = "f2f23b97b0c2d3697"
    session = Session().add("POST", "/items", body="title=Tea", json='{"item": {"id": 17}}').add("GET", "/items/17", html="<h1>Tea")
    session.add("GET", "/cart", html=page.format(name)).add("POST", "/cart", body=f"qty=5&{name}=17", html="<p>Kept")
    result = imported(session)
    assert proved(result)
    assert name not in str([capture.source for n in range(4) for capture in sent(result, n).captures])


@pytest.mark.parametrize("comment", ["", "/**/"])
def test_the_name_of_the_function_that_an_answer_calls_is_the_clients(comment: str) -> None:
    name = "jQuery26675462871427985164_1700000000000"
    result = imported(Session().add("GET", f"/data?callback={name}", script=f'{comment}{name}({{"ok": true}});'))
    assert proved(result)
    assert [verdict for verdict, _ in verdicts(result)] == ["generate"]
    assert name not in str(sent(result, 0))


def test_a_token_in_the_query_of_an_address_that_a_script_opens_may_be_encoded_in_another_session() -> None:
    script = '<script>location.replace("\\/sso\\/land?sid=b88eec20100f9e3adaaf477e&k=JhQPzU1LVb7DOPzAnHRd");</script>'
    session = Session().add("POST", "/start", body="realm=main", html=script)
    result = imported(session.add("GET", "/sso/land?sid=b88eec20100f9e3adaaf477e&k=JhQPzU1LVb7DOPzAnHRd", html="<h1>In</h1>"))
    assert proved(result)
    assert "urlencode" not in str(sent(result, 1).url)  # it is sent as it was encoded there


def starting(job: int, count: int = 1) -> Session:
    call = f'{{"id":{count},"jsonrpc":"2.0","method":"start","params":{{"boat":"Kestrel"}}}}'
    answer = f'{{"id":{count},"jsonrpc":"2.0","result":[{job},{{"2":{job}}}]}}'
    session = Session(f"{job}.har").add("GET", "/yards", json='{"yards":[{"yardid":3,"name":"North"}]}')
    session.add("POST", "/yards/north", body=call, sends="application/json", json=answer)
    return session.add("GET", f"/jobs/{job}", json='{"state":"new"}')


def test_a_short_number_is_taken_from_an_answer_that_tells_hardly_more_where_two_recordings_say_it() -> None:
    result = imported(starting(3), starting(7))
    (capture,) = sent(result, 1).captures
    assert sent(result, 2).url == template("/jobs/", Reference(name=capture.name))
    assert proved(result)


def test_the_number_of_a_call_is_given_by_no_answer() -> None:
    first, other = (starting(job, n).add("GET", f"/things?thing_id={n}", json="{}") for job, n in ((3, 4), (7, 9)))
    result = imported(first, other)
    assert "$.id" not in str([c.source for c in sent(result, 1).captures])
