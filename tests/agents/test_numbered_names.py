"""Numbers in the names of fields (`q68954:1_answer`, `qty[107609]`) that the page alone gives."""

from __future__ import annotations

from urllib.parse import quote

import pytest
from recordings import START, Session, imported, proved, sent

from loadwright.compiler.agents.decide.align import drifting_names
from loadwright.compiler.plan.model import CssSource, FormBody, RegexSource
from loadwright.compiler.plan.template import Reference, template


def posting(*names: str, values: tuple[str, ...] = ()) -> Session:
    given = values or ("1",) * len(names)
    fields = "".join(f'<input type="hidden" name="{n}" value="{v}">' for n, v in zip(names, given, strict=True))
    session = Session().add("GET", "/quiz", html=f'<title>Quiz</title><form method="post"><input name="note">{fields}</form>')
    body = "&".join(f"{quote(n, safe='')}={v}" for n, v in zip(names, given, strict=True))
    return session.add("POST", "/answer", body=f"note=Pump&{body}", status=302, location="/done")


@pytest.mark.parametrize("others", [(), ("68955",)])
@pytest.mark.parametrize(
    ("name", "pattern", "before", "after"),
    [
        ("q{}:1_answer", r"(q\d+):1_answer", "", ":1_answer"),
        ("qty[{}]", r"qty\[(\d+)\]", "qty[", "]"),
        ("lines[{}][lot]", r"lines\[(\d+)\]\[lot\]", "lines[", "][lot]"),
    ],
)
def test_a_number_in_the_name_of_a_field_is_taken_from_the_page(
    name: str, pattern: str, before: str, after: str, others: tuple[str, ...]
) -> None:
    result = imported(*(posting(name.format(number)) for number in ("31877", *others)))
    (capture,) = sent(result, 0).captures
    assert capture.source == RegexSource(pattern=f'\\sname="{pattern}"')
    body = sent(result, 1).body
    assert isinstance(body, FormBody)
    assert body.fields[1].name == template(before, Reference(name=capture.name), after)
    assert "31877" not in result.plan.model_dump_json()
    assert proved(result)


def test_the_value_of_such_a_field_is_looked_for_by_the_rest_of_its_name() -> None:
    result = imported(posting("lines[31877][lot]", "qty[31877]", values=("x7Kp2QmZ9a", "1")))
    found = {c.source for c in sent(result, 0).captures}
    assert CssSource(selector='input[name^="lines["][name$="][lot]"]', attribute="value") in found
    body = sent(result, 1).body
    assert isinstance(body, FormBody)
    assert body.fields[1].name.parts[1] == body.fields[2].name.parts[1]
    assert proved(result)


@pytest.mark.parametrize("name", ["field20261125", "row[2026]", "step_12", "q1:1_answer", "size_1000000"])
def test_dates_round_figures_and_short_numbers_stay(name: str) -> None:
    body = sent(imported(posting(name)), 1).body
    assert isinstance(body, FormBody)
    assert body.fields[1].name == template(name)


def test_what_two_recordings_call_alike_stays() -> None:
    body = sent(imported(posting("qty[31877]"), posting("qty[31877]")), 1).body
    assert isinstance(body, FormBody)
    assert body.fields[1].name == template("qty[31877]")


def test_a_short_random_name_is_taken_by_its_form() -> None:
    result = imported(posting("fd885d84d38"))
    (capture,) = sent(result, 0).captures
    assert capture.source == RegexSource(pattern='\\sname="([0-9a-f]{11})"')
    assert proved(result)


def test_fields_of_the_same_rows_in_another_order_have_their_names() -> None:
    one, two = posting("qty[31877]", "qty[31878]"), posting("qty[31878]", "qty[31879]")
    assert drifting_names(one.entries[1], two.entries[1]) == {}


@pytest.mark.parametrize("rows", [1, 2])
def test_a_row_that_a_script_adds_is_called_by_its_clock(rows: int) -> None:
    """Two rows that are added in one form stay as they were: a test may add both in the same millisecond."""
    clocks = [round(START) - 5_000 + number for number in range(rows)]
    fields = "".join(f"&lines%5B{clock}%5D%5Bamount%5D=2&lines%5B{clock}%5D%5Bwhat%5D=Bolt" for clock in clocks)
    result = imported(Session().add("POST", "/orders", body=f"title=Pump&lines%5B0%5D%5Bamount%5D=4{fields}", html="<h1>Kept</h1>"))
    assert proved(result)
    body = sent(result, 0).body
    assert isinstance(body, FormBody)
    names = [field.name for field in body.fields[2:]]
    assert [name.literal is None for name in names] == [rows == 1] * len(names)
    assert rows == 2 or names[0].parts[1] == names[1].parts[1]


def test_the_states_of_rows_are_taken_by_the_numbers_of_their_rows() -> None:
    states = (19, 22, 37)
    rows = "".join(f'<input type=hidden name=version_{n} value="{state}"><input name=qty_{n}>' for n, state in enumerate(states))
    session = Session().add("GET", "/bulk", html=f"<form method=post>{rows}</form>")
    body = "&".join(f"version_{n}={state}&qty_{n}=5" for n, state in enumerate(states))
    session.add("POST", "/bulk", body=body, status=302, location="/list")
    result = imported(session.add("GET", "/list", html="<h1>List</h1>"))
    assert len(sent(result, 0).captures) == len(states)
    assert proved(result)
