"""What the user typed inside of a longer text, or in two fields, and meets again among the rows of others."""

from __future__ import annotations

from recordings import Session, imported, proved, sent

from loadwright.compiler.agents.importing import Imported
from loadwright.compiler.intent import parse_intent
from loadwright.compiler.printer import print_intent

MINE, HERS = "ida.f05fa879@example.org", "per.f05fa879@example.org"


def text(result: Imported) -> str:
    return print_intent(result.plan)


def members(*addresses: str) -> str:
    boxes = "".join(f"<input type=checkbox name=choices value='{one}'><a href='/options/{one}'>Options</a>" for one in addresses)
    return f"<title>Members</title><form id=remove>{boxes}</form>"


def subscribed(typed: str) -> Session:
    session = Session().add(
        "GET", "/subscribe", html="<form method=post><input name=title><textarea name=emails></textarea></form>"
    )
    session.add("POST", "/subscribe", body=f"title=Pump+leaks+f05fa879&emails={typed}", status=302, location="/members")
    return session.add("GET", "/members", html=members("ann@example.org", MINE, HERS))


def test_an_address_typed_in_a_longer_text_is_the_users() -> None:
    session = subscribed(f"Ida+Berg+%3C{MINE}%3E%0D%0APer+Holm+%3C{HERS}%3E")
    result = imported(session.add("GET", f"/options/{HERS}", html="<h1>Options</h1>"))
    assert proved(result)
    assert not sent(result, 2).captures
    assert 'per.${unique}@example.org"' in text(result)


def test_a_text_that_holds_more_than_the_value_does_not_say_it() -> None:
    session = subscribed("Ida+Berg+%3Cida.f05fa879%3E%0D%0APer+Holm+%3Cper.f05fa879%3E")
    result = imported(session.add("GET", f"/options/{HERS}", html="<h1>Options</h1>"))
    assert proved(result)
    assert sent(result, 2).captures


def made(location: str, host: str = "harbour.example") -> Session:
    session = Session().add("GET", "/new", html=f"<form method=post><input name=list><input name=host value={host}></form>")
    session.add("POST", "/new", body=f"list=pump-e6f76d5d&host={host}", status=302, location=location)
    row = "<tr data-list='{n}@{host}'><td><a href='/list/{n}@{host}/'>{n}</a></td></tr>"
    rows = "".join(row.format(n=name, host=host) for name in ("ebb", "pump-e6f76d5d"))
    return session.add("GET", "/lists", html=f"<title>Lists</title><table>{rows}</table>")


def test_a_name_and_its_host_are_put_together_as_they_were_typed() -> None:
    result = imported(made("/lists").add("GET", "/activity/pump-e6f76d5d@harbour.example", html="<h1>Activity</h1>"))
    assert proved(result)
    assert not sent(result, 2).captures
    assert "/activity/${list" in text(result)


def test_a_field_beside_that_may_be_another_one_each_time_is_taken_with_the_value() -> None:
    result = imported(made("/lists", "48213").add("GET", "/activity/pump-e6f76d5d@48213", html="<h1>Activity</h1>"))
    assert proved(result)
    assert sent(result, 2).captures


def test_what_a_redirect_tells_of_what_was_made_is_taken_from_it() -> None:
    session = made("/lists/pump-e6f76d5d.harbour.example/").add(
        "GET", "/lists/pump-e6f76d5d.harbour.example/", html="<h1>Made</h1>"
    )
    result = imported(session.add("GET", "/lists/pump-e6f76d5d.harbour.example/settings", html="<h1>Settings</h1>"))
    assert proved(result)
    assert sent(result, 1).captures


THREAD = "<div><a href='/thread/{key}/' class=title>\n  {icon}\n  {title}\n</a></div>"
KEYS = ("7H6IH7WHN52ADTGBLUWV7PYAPQICO3OA", "2UNDQOOIL2OZALKBCP3PYVOXH5OIZVEV", "S3M3IP6D7TDHGUTDNEBO2LMVYI5LDQXP")
TITLES = ("[Harbour] Fuel price list", "[Harbour] Crane inspection", "[Harbour] Night watch")


def threads(icon: str) -> str:
    rows = "".join(THREAD.format(key=key, icon=icon, title=title) for key, title in zip(KEYS, TITLES, strict=True))
    return f"<title>Threads</title>{rows}"


def test_a_row_is_known_by_a_title_that_begins_with_a_word_in_brackets_whatever_icons_it_has() -> None:
    unread = threads("<i class='fa fa-envelope' title='New messages'></i>")
    session = Session().add("GET", "/latest", html=unread).add("GET", f"/thread/{KEYS[1]}/", html="<h1>Thread</h1>")
    result = imported(session)
    assert proved(result)
    (capture,) = sent(result, 0).captures
    assert capture.occurrence == 1
    found = text(result)
    assert r"\[Harbour\] Crane inspection" in found
    assert "envelope" not in found
    parse_intent(found, "printed.intent")
