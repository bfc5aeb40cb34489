"""Names and values that `;` parts, as Perl's CGI writes them, and what a help desk with one address for all shows of them."""

from __future__ import annotations

import pytest
from recordings import FORM, Session, imported, proved, sent

from loadwright.compiler.plan.model import HeaderSource, RegexSource, Request, TextBody
from loadwright.compiler.plan.template import Reference, fixed, template, walk
from loadwright.compiler.recording.pairs import named_values, separator

AT = "/desk/index.pl"


def desk(ticket: int, article: int, token: str, seen: bool = True) -> Session:
    """A ticket is made and looked at; a note is added in a window that tells, if it was `seen`, what to show next."""
    session = Session()
    form = f"<h1>New</h1><form method=post><input type=hidden name=Token value={token}><input name=Subject></form>"
    session.add("GET", f"{AT}?Action=Phone", html=form)
    made = f"{AT}?Action=Phone;Subaction=Created;TicketID={ticket}"
    session.add("POST", AT, body=f"Action=Phone&Token={token}&Subject=Pump", status=302, location=made)
    session.add("GET", made, html=f"<h1>Made</h1><a href='{AT}?Action=Zoom;TicketID={ticket}'>Ticket</a>")
    session.add("GET", f"{AT}?Action=Zoom;TicketID={ticket}", html="<h1>Ticket</h1>")
    widget = f"Action=Zoom;Subaction=Widget;TicketID={ticket};Body=;;Token={token}"
    session.add("POST", AT, body=widget, sent={"Content-Type": f"{FORM}; charset=UTF-8"}, html="<h2>Customer</h2>")
    told = f'<script>Core.Config({{"PopupClose":"Load","PopupURL":"Action=Zoom;TicketID={ticket};ArticleID={article}"}})</script>'
    session.add("POST", AT, body=f"Action=Note&TicketID={ticket}&Token={token}", html=told if seen else "")
    return session.add("GET", f"{AT}?Action=Zoom;TicketID={ticket};ArticleID={article}", html="<h1>Ticket</h1>")


def names(request: Request) -> list[str]:
    return [part.name for part in walk(request.url) if isinstance(part, Reference)]


@pytest.mark.parametrize("count", [1, 2])
def test_each_value_of_a_query_is_taken_by_its_name(count: int) -> None:
    result = imported(*[desk(4, 14, "k3RPaT9xQz7LmW2v"), desk(7, 23, "Zw8HnB5cYt4JqX6d")][:count])
    assert proved(result)
    (ticket,) = sent(result, 1).captures
    assert isinstance(ticket.source, HeaderSource)
    assert "TicketID=" in (ticket.source.pattern or "")
    assert [names(sent(result, p)) for p in (2, 3)] == [[ticket.name]] * 2
    (article,) = sent(result, 5).captures
    assert isinstance(article.source, RegexSource)
    assert fixed(article.source.pattern).startswith('PopupURL":"')
    assert names(sent(result, 6)) == [ticket.name, article.name]


def test_a_form_is_sent_as_it_was_with_its_values_in_it() -> None:
    body = sent(imported(desk(4, 14, "k3RPaT9xQz7LmW2v")), 4).body
    assert isinstance(body, TextBody)
    shown = "".join(part.value if not isinstance(part, Reference) and part.kind == "text" else "*" for part in body.value.parts)
    assert shown == "Action=Zoom;Subaction=Widget;TicketID=*;Body=;;Token=*"


def test_an_id_that_no_answer_gave_is_told_where_another_session_has_another() -> None:
    first, second = desk(4, 14, "k3RPaT9xQz7LmW2v", seen=False), desk(7, 23, "Zw8HnB5cYt4JqX6d", seen=False)
    assert [one.where for one in imported(first, second).left] == [f"entry 6 GET {AT}: query ArticleID"]


@pytest.mark.parametrize(
    ("text", "mark"),
    [
        ("Action=Zoom;TicketID=4", ";"),
        ("a=1;;b=;", ";"),
        ("a=1&b=2;c=3", "&"),
        ("q=state==open;owner==ann", "&"),
        ("style=color:red;top:1px", "&"),
        ("cookie=a=1;b=2", "&"),
        ("a=1;", "&"),
        ("", "&"),
    ],
)
def test_a_semicolon_in_a_value_parts_nothing(text: str, mark: str) -> None:
    assert separator(text) == mark


def test_named_values_are_decoded() -> None:
    assert named_values("a=1%3B2;b=c+d;c=", keep_blank_values=True) == [("a", "1;2"), ("b", "c d"), ("c", "")]


def choices(owner: int, priority: int) -> Session:
    """The owner's number is by chance that of the priority which a page showed before."""
    chosen = "".join(f"<option value={n}{' selected' * (n == priority)}>{n} stars</option>" for n in (1, 2, 3))
    session = Session().add("GET", "/ticket", html=f"<h1>Ticket</h1><form><select name=NewPriorityID>{chosen}</select></form>")
    session.add("GET", "/owner", html="<h1>Owner</h1>")
    return session.add("POST", "/owner", body=f"NewOwnerID={owner}", html="<h1>Done</h1>")


def test_what_another_select_shows_is_no_source_of_a_short_number() -> None:
    result = imported(choices(3, 3), choices(2, 2))
    assert not sent(result, 0).captures


def test_a_number_of_a_select_goes_where_its_name_says() -> None:
    def visit(number: int) -> Session:
        page = f"<h1>Berths</h1><form><select name=berth_id><option value={number} selected>The last</option></select></form>"
        return Session().add("GET", "/berths", html=page).add("POST", "/log", body=f"log_berth_id={number}", html="<h1>Logged</h1>")

    result = imported(visit(3), visit(5))
    (capture,) = sent(result, 0).captures
    body = sent(result, 1).body
    assert body is not None
    assert body.kind == "form"
    assert body.fields[0].value == template(Reference(name=capture.name))
