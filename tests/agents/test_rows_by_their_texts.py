"""Which of several rows is meant: by a text in a list inside of an item, by a time, a price, two cells, or a line of a card."""

from __future__ import annotations

import json

import pytest
from recordings import Session, imported, proved, sent

from loadwright.compiler.agents.importing import Imported
from loadwright.compiler.plan.describe import describe_source

KEYS = ("h4Tz9qLw2Xv7", "k8Rm3sNd5Yb1", "p6Wc2fGj9Qe4")


def told(result: Imported, request: int = 0) -> str:
    """How the values of an answer are taken from it."""
    assert proved(result)
    return " ".join(describe_source(capture.source) for capture in sent(result, request).captures)


def chosen(row: object, *more: object) -> Session:
    """A list of JSON, and the second of its items asked for by its key."""
    session = Session().add("GET", "/api/things", json=json.dumps({"rows": [row, *more]}))
    return session.add("POST", "/api/take", body=json.dumps({"key": KEYS[1]}), sends="application/json", json="{}")


def test_a_text_in_a_list_of_an_item_says_which_item_it_is() -> None:
    result = imported(chosen(*({"key": key, "cell": ["", name]} for key, name in zip(KEYS, ("Rug", "Lamp", "Vase"), strict=True))))
    assert told(result) == "json $.rows[?(@.cell[1]=='Lamp')].key"
    people = ({"key": key, "name": [{"family": name}]} for key, name in zip(KEYS, ("Berg", "Dahl", "Lund"), strict=True))
    assert told(imported(chosen(*people))) == "json $.rows[?(@.name[0].family=='Dahl')].key"


def test_a_list_that_not_each_item_has_says_nothing_by_its_place() -> None:
    rows = [{"key": KEYS[0], "tags": [{"is": "new"}]}, {"key": KEYS[1], "tags": [{"is": "sale"}]}, {"key": KEYS[2], "tags": []}]
    assert told(imported(chosen(*rows))) == "json $.rows[1].key"


def test_the_text_that_is_taken_does_not_say_which_item_it_is() -> None:
    rows = [{"of": [{"code": key}]} for key in KEYS]
    assert told(imported(chosen(*rows))) == "json $.rows[1].of[0].code"


def test_a_flight_and_its_fare_tell_an_offer_and_the_row_and_letter_a_seat() -> None:
    fares = (("LW1", "LIGHT"), ("LW1", "FLEX"), ("LW2", "FLEX"))
    offers = ({"key": key, "fare": fare, "legs": [{"flight": flight}]} for key, (flight, fare) in zip(KEYS, fares, strict=True))
    assert "&&" in told(imported(chosen(*offers)))
    places = ((10, "A"), (10, "B"), (11, "B"))
    seats = ({"key": key, "row": row, "column": letter} for key, (row, letter) in zip(KEYS, places, strict=True))
    assert told(imported(chosen(*seats))) == "json $.rows[?(@.row==10 && @.column=='B')].key"


def page(row: str, texts: list[tuple[str, ...]], path: str) -> Imported:
    """A page of rows, and the address opened that the second one has."""
    rows = "\n".join(row.format(key, *of) for key, of in zip(KEYS, texts, strict=True))
    return imported(Session().add("GET", "/list", html=f"<h1>List</h1><div>{rows}</div>").add("GET", path, html="<h1>One</h1>"))


@pytest.mark.parametrize(
    ("row", "texts", "path", "expected"),
    [
        (
            '<a class="slot" href="/book?slot={0}&amp;day=2026-12-04"><span>{1}</span></a>',
            [("09:00",), ("09:40",), ("10:20",)],
            f"/book?slot={KEYS[1]}&day=2026-12-04",
            "09:40",
        ),
        (
            '<article><h3><a href="/ad/desk-{0}">{1}</a></h3><p>{2} &euro;</p></article>',
            [("Oak desk", "80"), ("Oak desk", "95"), ("Rug", "60")],
            f"/ad/desk-{KEYS[1]}",
            "95 &euro;",
        ),
        (
            '<tr><td>{1}</td><td>{2}</td><td>{3}.00</td><td><button data-rate="{0}">Book</button></td></tr>',
            [("Double", "Room only", "90"), ("Double", "Breakfast", "107"), ("Suite", "Breakfast", "124")],
            f"/book?rate={KEYS[1]}",
            "Double",
        ),
        (
            '<label><input type="radio" name="answer" value="{0}"> {1}</label>',
            [("90 degrees",), ("100 degrees",), ("110 degrees",)],
            f"/answer?answer={KEYS[1]}",
            "100 degrees",
        ),
        (
            "<tr><td>{1}</td><td><a href=\"javascript:edit(4821{2},'{0}')\">edit</a></td></tr>",
            [("Crane", "1"), ("Digger", "2"), ("Roller", "3")],
            f"/edit?key={KEYS[1]}",
            "Digger",
        ),
    ],
    ids=["time", "price", "two cells", "choice", "argument"],
)
def test_texts_of_a_row_say_which_one_it_is(row: str, texts: list[tuple[str, ...]], path: str, expected: str) -> None:
    result = told(page(row, texts, path))
    assert expected in result
    assert "4821" not in result


def test_a_number_before_an_argument_stands_in_no_pattern() -> None:
    result = page("<b onclick=\"go(48213,'{0}')\">{1}</b>", [("x",), ("x",), ("x",)], f"/go?key={KEYS[1]}")
    assert "48213" not in told(result)


def test_a_token_behind_a_token_of_an_address_is_counted_by_its_slashes() -> None:
    """The token before it is another one each time, so nothing stands before the value that tells it."""
    address = f"http://shop.test/run/queued/{KEYS[0]}/{KEYS[1]}/1"
    session = Session().add("POST", "/run", body="q=1", json=json.dumps({"id": KEYS[0], "nextUri": address}))
    result = imported(session.add("GET", f"/run/queued/{KEYS[0]}/{KEYS[1]}/1?wait=5", json="{}"))  # else it is taken as a whole
    assert proved(result)
    url = str(sent(result, 1).url)
    assert KEYS[1] not in url
    assert "next_uri" in url
    names = [capture.name for capture in sent(result, 0).captures]
    assert not any("rm" in name and "nd" in name for name in names)


def test_a_document_in_an_attribute_is_of_the_row_in_which_it_stands() -> None:
    held = "&quot;verb&quot;:&quot;rent&quot;,&quot;key&quot;:&quot;{0}&quot;"
    row = f'<tr><td>{{1}}</td><td>4821{{2}}</td><td><i data-act="{{{{{held}}}}}">rent</i></td></tr>'
    result = page(row, [("Crane", "1"), ("Digger", "2"), ("Roller", "3")], f"/rent?key={KEYS[1]}")
    assert "Digger" in told(result)


def test_a_document_in_the_only_attribute_of_its_name_is_read_as_one() -> None:
    """What stands before the value may be otherwise, and the value may have a slash the next time."""
    shown = f"<h1>Board</h1><div data-page='{{&quot;user&quot;:&quot;Ann&quot;,&quot;key&quot;:&quot;{KEYS[1]}&quot;}}'></div>"
    session = Session().add("GET", "/board", html=shown).add("GET", f"/rent?key={KEYS[1]}", html="<h1>Rent</h1>")
    assert "data-page" in told(imported(session))
    assert "Ann" not in told(imported(session))


def test_a_handler_of_a_row_gives_the_number_of_the_address_that_is_called_as_it_is() -> None:
    rows = "".join(
        f'<tr><td>{name}</td><td><a href="javascript:edit({n})">go</a></td></tr>' for n, name in ((48213, "Tea"), (51877, "Rug"))
    )
    session = Session().add("GET", "/list", html=f"<h1>List</h1><table>{rows}</table>")
    assert "Rug" in told(imported(session.add("GET", "/things/edit/51877", html="<h1>Edit</h1>")))
    other = (
        Session().add("GET", "/list", html=f"<h1>List</h1><table>{rows}</table>").add("GET", "/years/51877", html="<h1>Year</h1>")
    )
    assert not sent(imported(other), 0).captures
