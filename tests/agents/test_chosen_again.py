"""What the user chose once and a page sends again is one variable."""

from __future__ import annotations

from recordings import Session, imported, proved, sent

from loadwright.compiler.plan.model import FormBody
from loadwright.compiler.plan.template import Reference, template

COUNTRIES = "<form><select name=country><option value=GB>Britain<option value=DE>Germany</select><input name=town></form>"


def ordering(country: str, later: str) -> Session:
    """An address is given with an order, and once more in the address book."""
    session = Session().add("GET", "/address", html=COUNTRIES)
    session.add("POST", "/address", body=f"country={country}&town=Leith", html=COUNTRIES)
    return session.add("POST", "/book", body=f"country={later}&town=Leith", html="<h1>Saved</h1>")


def test_what_is_sent_again_is_one_variable() -> None:
    result = imported(ordering("GB", "GB"), ordering("DE", "DE"))
    bodies = [sent(result, position).body for position in (1, 2)]
    assert all(isinstance(body, FormBody) and body.fields[0].value == template(Reference(name="country")) for body in bodies)
    assert [v.name for v in result.plan.variables].count("country_2") == 0
    assert proved(result)


def test_what_differs_in_the_second_recording_is_another() -> None:
    result = imported(ordering("GB", "GB"), ordering("DE", "GB"))
    first, second = (sent(result, position).body for position in (1, 2))
    assert isinstance(first, FormBody)
    assert isinstance(second, FormBody)
    assert first.fields[0].value != second.fields[0].value
    assert proved(result)
