"""What an import expects of responses: it passes on the recording, and fails on a response that only looks right."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import quote

import pytest
from holding import broken
from mutants import mutants
from recordings import Session, expected, imported, sent

from loadwright.compiler.agents.decide.align import aligned
from loadwright.compiler.agents.importing import Source, import_recordings
from loadwright.compiler.intent import parse_intent
from loadwright.compiler.plan.model import (
    JsonExpectation,
    SoftFailureExpectation,
    StatusExpectation,
    TextExpectation,
    TypeExpectation,
)
from loadwright.compiler.plan.node import RecordingOrigin
from loadwright.compiler.plan.render import effective_expectations
from loadwright.compiler.plan.template import template
from loadwright.compiler.plan.traverse import requests
from loadwright.compiler.print_request import expectation
from loadwright.compiler.printer import print_intent
from loadwright.compiler.recording.har import read_har
from loadwright.compiler.recording.outline import outline
from loadwright.compiler.recording.select import select
from loadwright.compiler.scrubbing.sensitive import sensitive


def test_a_page_is_known_by_its_status_type_and_title() -> None:
    result = imported(Session().add("GET", "/", html="<title>Corner shop</title><h1>Hello</h1>"))
    assert sent(result, 0).expectations == (
        StatusExpectation(statuses=(200,)),
        TypeExpectation(media_type="text/html"),
        TextExpectation(relation="contains", value=template("Corner shop")),
    )


def test_a_page_is_there_up_to_its_end() -> None:
    page = "<html><title>Corner shop</title><p>Hello{}</p>{}"
    whole, broken = page.format("", "</body></html><!-- 0.2 s -->"), page.format("", "")
    first, second, partial = (Session(f"{n}.har").add("GET", "/", html=text) for n, text in enumerate((whole, whole, broken)))
    assert expected(imported(first, second), 0)[-1] == 'body contains "</html>"'
    assert expected(imported(first, partial), 0)[-1] == 'body contains "Corner shop"', "another recording lacks it"
    quoted = page.format(" write </html> at the end", "." * 500)
    assert expected(imported(Session().add("GET", "/", html=quoted)), 0)[-1] == 'body contains "Corner shop"'


@pytest.mark.parametrize("title", ["Order 1003", "Hello q8Zr4kLw9sXvB2aT", "Hi"])
def test_a_title_that_holds_a_value_is_no_marker(title: str) -> None:
    result = imported(Session().add("GET", "/", html=f"<title>{title}</title>"))
    assert [e.kind for e in sent(result, 0).expectations] == ["status", "type", "size"]


def test_the_title_of_an_icon_is_no_marker() -> None:
    icon = "<svg><g><title>icon_info</title></g></svg>"
    result = imported(Session().add("GET", "/", html=f"<title>Order 1003</title>{icon}<h1>Order placed</h1>"))
    assert sent(result, 0).expectations[2] == TextExpectation(relation="contains", value=template("Order placed"))


def test_what_the_user_typed_is_no_marker() -> None:
    session = Session().add("GET", "/", html="<form><input name=user></form>")
    result = imported(session.add("POST", "/", body="user=alice", html="<h1>Hello alice</h1><h2>Your orders</h2>"))
    assert TextExpectation(relation="contains", value=template("Your orders")) in sent(result, 1).expectations


def test_a_heading_that_the_user_wrote_is_no_marker() -> None:
    text = "= Harbour news =\r\nThree ships wait.\r\n"
    session = Session().add("GET", "/new", html="<title>New</title><form><textarea name=text></textarea></form>")
    session.add("POST", "/new", body=f"text={quote(text)}", status=302, location="/page")
    result = imported(session.add("GET", "/page", html="<h1>Harbour news</h1><h2>About this page</h2>"))
    assert expected(result, 2)[-1] == 'body contains "About this page"'


def test_a_marker_must_stand_in_the_second_recording_too() -> None:
    first = Session("a-1.har").add("GET", "/", html="<title>Good morning</title><h1>Shop</h1>")
    second = Session("a-2.har").add("GET", "/", html="<title>Good evening</title><h1>Shop</h1>")
    result = imported(first, second)
    assert TextExpectation(relation="contains", value=template("Shop")) in sent(result, 0).expectations


LAYOUT = "<html><title>Shop</title><nav><h2>Menu</h2><label>Find</label></nav><h2>{}</h2>{}<footer><h2>Help</h2></footer></html>"


def pages_of(*texts: str) -> Session:
    """Pages of one layout and title, each at its own address."""
    session = Session(f"{len(texts[0])}-{texts[0][-9:]}.har")
    for number, text in enumerate(texts):
        session.add("GET", f"/{'abcdef'[number]}", html=text)
    return session


def test_a_page_is_known_by_what_its_layout_has_not() -> None:
    form = '<form><input type="hidden" name="place"><label>Amount</label><input name="amount"></form>'
    shown = [LAYOUT.format("Bread", form), LAYOUT.format("Cakes", '<table><tr><th>Price</th></tr></table><input name="code">')]
    shown.append(LAYOUT.format("Tarts", "<form><input name='note'></form><form><input name=\"search[word]\"></form>"))
    one = imported(pages_of(*shown))
    assert [expected(one, n)[3] for n in range(3)] == [
        'body contains "Amount"',
        'body contains "Price"',
        'body contains "name=\\"search[word]\\""',
    ]
    assert expected(imported(pages_of(*shown), pages_of(*shown[:2], LAYOUT.format("Tarts", ""))), 2)[3] == 'body contains "Tarts"'
    assert expected(imported(pages_of(*shown), pages_of(*shown[:2], LAYOUT.format("Soups", ""))), 2)[3:] == [
        'body contains "</html>"'
    ]


def test_what_most_pages_have_and_what_is_in_a_list_is_no_landmark() -> None:
    shown = [LAYOUT.format("Ours", "<ul><li><h2>Fresh from the sea</h2></li></ul>") for _ in range(3)]
    for result in (imported(pages_of(*shown)), imported(pages_of(*shown), pages_of(*shown, shown[0]))):
        assert expected(result, 0)[2:] == ['body contains "Shop"', 'body contains "</html>"']


def test_a_message_of_success_goes_first() -> None:
    shown = [LAYOUT.format("Bread", '<p class="flash success">It was saved.</p><label>Amount</label>'), LAYOUT.format("Cakes", "")]
    assert expected(imported(pages_of(*shown)), 0)[3] == 'body contains "It was saved."'
    told = [page.replace("flash success", "flash notice") for page in shown]
    assert expected(imported(pages_of(*told)), 0)[3] == 'body contains "Amount"', "an application tells anything so"
    assert expected(imported(pages_of(*told), pages_of(*told, "")), 0)[3] == 'body contains "It was saved."'


def test_the_state_of_a_row_is_no_message() -> None:
    rows = "<p>{}</p><ul class={}><li><span class='badge success'>Created</span> Pump</li></ul><label>Amount</label>"
    plain = [LAYOUT.format("Bread", rows.format("", "feed")), LAYOUT.format("Cakes", "")]
    assert expected(imported(pages_of(*plain)), 0)[3] == 'body contains "Amount"', "another time there may be none"
    told = [LAYOUT.format("Bread", rows.format("", "messages")), LAYOUT.format("Cakes", "")]
    assert expected(imported(pages_of(*told)), 0)[3] == 'body contains "Created"'


def test_a_json_answer_is_known_by_a_member() -> None:
    result = imported(Session().add("GET", "/api", json='{"next":null,"items":[1]}'))
    assert expected(result, 0)[-1] == 'json "$.items" is array'
    result = imported(Session().add("GET", "/api", json='{"next":null,"total":1}'))
    assert JsonExpectation(path="$.total") in sent(result, 0).expectations


def test_a_page_that_breaks_a_soft_failure_rule_by_nature_says_so() -> None:
    result = imported(Session().add("GET", "/login", html='<title>Sign in</title><input type="password" name=p>'))
    assert SoftFailureExpectation(ignored=("login form",)) in sent(result, 0).expectations
    assert result.plan.defaults.expectations == (SoftFailureExpectation(),)


def test_what_was_not_modified_may_come_in_full() -> None:
    result = imported(Session().add("GET", "/", status=304, html=""))
    assert sent(result, 0).expectations[0] == StatusExpectation(statuses=(200, 304))


@pytest.mark.parametrize(
    ("location", "shown"),
    [
        ("/list", ['header "Location" contains "/list"']),
        ("https://shop.example/orders/1003/done?x=1", ['header "Location" contains "/orders/"']),
        ("/save/1003", ['header "Location" matches /^[^?#]*\\/save\\//']),  # the log-in page may be told it: `?next=/save/`
        ("/", []),
        ("/1003", []),
        ("../templates/main.php", ['header "Location" contains "/templates/main.php"']),  # as it was sent
        ("?page=2", []),
        ("/q8Zr4kLw9sXvB2aT", []),
        ("/interaction/wjIEdjip3_xQ", ['header "Location" contains "/interaction/"']),
        ("/my/page?x=1", ['header "Location" contains "/my/page"']),
        ("/wjIEdjip/list", ['header "Location" contains "/list"']),
        ("/qzvkxwjh", []),
        ("/projects/pump-ab12cd34/issues", ['header "Location" contains "/projects/"']),
    ],
)
def test_a_redirect_is_known_by_its_status_and_the_words_of_its_target(location: str, shown: list[str]) -> None:
    result = imported(Session().add("POST", "/save/", body="a=b", status=302, location=location, html="<h1>Found</h1>"))
    assert expected(result, 0) == ["status 302", *shown]


# --- several recordings -----------------------------------------------------------------------------------------------


HEADS = "<tr><th>Berth</th><th>Boat</th></tr>"
ROW = "<tr><td><a href=/boats/{0}>Kelp {0}</a></td><td>{1}</td></tr>"
BERTHS = f"<title>Berths</title><table class='rows wide'>{HEADS}{{}}</table>"


def rows_of(*pages: str, path: str = "/berths") -> list[str]:
    """What is expected of the table of a page, by recordings of it, one after the other."""
    sessions = [Session(f"a-{n}.har").add("GET", path, html=page) for n, page in enumerate(pages)]
    return [e for e in expected(imported(*sessions), 0) if "css" in e]


def test_a_table_that_has_a_lasting_row_has_rows() -> None:
    lasting, ann, ben = ROW.format("7", "4 minutes ago"), ROW.format("8", "Ann"), ROW.format("9", "Ben")
    first, second = BERTHS.format(ann + lasting), BERTHS.format(lasting.replace("4", "9") + ben)
    assert rows_of(first, second) == ['css "table.rows td + td" exists']
    assert rows_of(first) == [], "nothing tells that there are always rows"
    assert rows_of(BERTHS.format(ann), BERTHS.format(ben)) == [], "they may be of the session"
    assert rows_of(first, second.replace("rows wide", "wide")) == ['css "table.wide td + td" exists']
    assert rows_of(first.replace("rows wide", "r7"), second.replace("rows wide", "r8")) == ['css "table td + td" exists']
    assert rows_of(first, BERTHS.format("<tr><td colspan=2>No boats</td></tr>")) == []
    assert rows_of(first, second, path="/notices") == []
    assert rows_of(first.replace("wide", "alerts"), second.replace("wide", "alerts")) == []
    assert rows_of(first * 2, second * 2) == [], "one of several may be empty"
    assert rows_of(f"<aside>{first}</aside>", f"<aside>{second}</aside>") == []


def test_a_table_that_was_empty_at_another_time_may_be() -> None:
    page = BERTHS.format(ROW.format("7", "Ann"))
    sessions = [Session(f"a-{n}.har").add("GET", "/berths", html=page).add("GET", "/berths", html=page) for n in (1, 2)]
    assert any("css" in e for e in expected(imported(*sessions), 0))
    for session in sessions:
        session.add("GET", "/berths", html=BERTHS.format("<p>No boats</p>"))
    assert not any("css" in e for e in expected(imported(*sessions), 0))


ORDER = "<title>Order</title><h1>Order</h1>{}<form method=post action=/order><label>Street</label><input {}></form>"
STREET = 'name="street" value="{}"'


def after_the_form(box: str, *answers: str, body: str = "street=Elm+Lane&id=b7") -> list[str]:
    """What tells the answer to a form from the form, by recordings of it."""
    sessions = [Session(f"a-{n}.har").add("GET", "/order", html=ORDER.format("", box)) for n, _ in enumerate(answers)]
    result = imported(*(s.add("POST", "/order", body=body, html=a) for s, a in zip(sessions, answers, strict=True)))
    return [e for e in expected(result, 1)[2:] if e not in ('body contains "Order"', 'body contains "Street"')]


@pytest.mark.parametrize(
    ("box", "shown"),
    [
        (STREET, [r'not body contains "name=\"street\"" as soft failure']),
        ("type=text name=street value=x", ['not body contains "name=street " as soft failure']),
        ("type=password name=street", []),
        ("type=hidden name=street", []),
        ("name=town", []),
        ('name="id"', []),
    ],
)
def test_the_answer_to_a_form_is_not_the_form_again(box: str, shown: list[str]) -> None:
    done = "<title>Order</title><h1>Order</h1><p>Thank you for your order.</p>"
    assert after_the_form(box, done) == after_the_form(box, done, done) == shown
    assert after_the_form(box, done.replace("<title>Order", "<title>Placed")) == ['body contains "Placed"'], (
        "it is told by its title"
    )


def test_a_form_that_is_shown_again_when_all_went_well_says_so() -> None:
    saved = ORDER.format("<div>Your street was saved.</div><div>Read by Ann today</div><ul><li>Kelp was sent</li></ul>", STREET)
    assert after_the_form(STREET, saved) == [], "nothing tells that it says so each time"
    assert after_the_form(STREET, saved, saved.replace("Ann", "Ben")) == ['body contains "Your street was saved."']
    assert after_the_form(STREET, saved, saved.replace("was saved", "was sent")) == []
    listed = saved.replace("<div>", "<li>")
    assert after_the_form(STREET, listed, listed) == []


@pytest.mark.parametrize(
    ("fragments", "path", "start"),
    [
        (['<div class="card"><b>Kelp 7</b></div>', '<div class="card"><b>Fern 8</b></div>'], "/boats/7", r'"<div class=\"card\">"'),
        (['<div class="card">Kelp 7</div>'], "/boats/7", ""),
        (["<div>Kelp 7</div>", "<div>Fern 8</div>"], "/boats/7", ""),
        (['<div id="b7">Kelp</div>', '<div id="b8">Fern</div>'], "/boats/7", ""),
        (["<h1>Hello Ann 7</h1>"], "/hello", '"<h1"'),
        (["<turbo-stream action=append>7</turbo-stream>"], "/boats", '"<turbo-stream"'),
        (['<ul class="boats"><li>7</ul>', '<ul class="boats"><li>8</ul>'], "/boats", ""),
        (['<div class="card">Kelp 7</div>', '<p class="none">There are none</p>'], "/boats", ""),
        (['<div class="card">Kelp 7</div>', '<div class="card">Fern 8</div>'], "/notifications", ""),
        (["Kelp 7", "Fern 8"], "/boats", ""),
        (['<div class="boat">7</div><div class="boat">8</div>', '<div class="boat">9</div>'], "/boats", ""),
        (["<article>Kelp 7</article>"], "/boats", ""),
    ],
)
def test_a_fragment_of_data_is_known_by_how_it_begins(fragments: list[str], path: str, start: str) -> None:
    sessions = [Session(f"a-{n}.har").add("GET", path, html=one) for n, one in enumerate(fragments)]
    assert expected(imported(*sessions), 0)[2:] == [f"body contains {start}" if start else "size > 0B"]


def test_statuses_and_types_are_those_of_all_recordings() -> None:
    first = Session("a-1.har").add("GET", "/", html="<title>Shop</title>").add("GET", "/x", html="<title>Shop</title>")
    second = Session("a-2.har").add("GET", "/", html="<title>Shop</title>").add("GET", "/x", status=302, location="/")
    assert expected(imported(first, second), 1) == ["status 200 or 302"]


def test_a_recording_that_failed_at_a_request_says_nothing_of_it() -> None:
    first = Session("a-1.har").add("GET", "/", html="<title>Shop</title>").add("GET", "/x", html="<title>Cart</title>")
    second = (
        Session("a-2.har").add("GET", "/", html="<title>Shop</title>").add("GET", "/x", status=500, html="<title>Error</title>")
    )
    result = imported(first, second)
    assert expected(result, 1) == ["status 200", 'type "text/html"', 'body contains "Cart"']
    assert [(f.recording, f.entry) for f in result.failures] == [("a-2.har", 1)]


def test_what_the_second_user_typed_is_no_marker_either() -> None:
    sessions = []
    for number, name in enumerate(("alice", "bob")):
        session = Session(f"a-{number}.har").add("GET", "/", html="<form><input name=user></form>")
        page = "<title>Mail of alice and bob</title><h1>Inbox</h1>"
        sessions.append(session.add("POST", "/", body=f"user={name}", html=page))
    assert expected(imported(*sessions), 1)[-1] == 'body contains "Inbox"'


@pytest.mark.parametrize("title", ["Calendar for March", "Monday", "3 minutes ago", "Good morning"])
def test_a_title_that_tells_the_time_is_no_marker(title: str) -> None:
    assert expected(imported(Session().add("GET", "/", html=f"<title>{title}</title>")), 0)[-1] == "size > 0B"


def test_a_value_that_was_sent_or_received_is_no_marker() -> None:
    session = Session().add("GET", "/", html='<form><input type=hidden name=ref value="Bluebird-kettle"></form>')
    session.add(
        "POST", "/order", body="ref=Bluebird-kettle&note=call+me+ishmael", html="<title>Bluebird-kettle</title><h1>Placed</h1>"
    )
    session.add("GET", "/notes", html="<title>call me ishmael</title><h1>Notes</h1>")
    result = imported(session)
    assert expected(result, 1)[-1] == 'body contains "Placed"'
    assert expected(result, 2)[-1] == 'body contains "Notes"'


def test_a_marker_that_the_login_page_lacks_goes_first() -> None:
    login = '<title>Corner shop</title><form><input name=u><input type="password" name=p></form>'
    page = "<title>Corner shop</title><h1>Your orders</h1>"
    first, second = (Session(f"a-{n}.har").add("GET", "/login", html=login).add("GET", "/", html=page) for n in (1, 2))
    assert expected(imported(first, second), 1)[-1] == 'body contains "Your orders"'
    assert expected(imported(first), 1)[-1] == 'body contains "Corner shop"', "the heading may be the name of something"


def test_a_button_is_a_marker_where_two_recordings_show_it() -> None:
    first, second = (Session(f"a-{n}.har").add("GET", "/", html="<h1>1003</h1><button>Follow</button>") for n in (1, 2))
    assert expected(imported(first, second), 0)[-1] == 'body contains "Follow"'
    assert expected(imported(first), 0)[-1] == 'body contains "<h1"'


def test_a_script_that_holds_the_text_of_an_exception_passes() -> None:
    result = imported(Session().add("GET", "/app.js", script="// Unhandled exception"))
    assert expected(result, 0) == ["status 200", "no soft failure except exception text"]


SHOP = Path(__file__).parents[2] / "examples" / "shop" / "recordings"


@pytest.mark.parametrize("names", [["checkout-1"], ["checkout-1", "checkout-2"], ["pkce-1"], ["pkce-1", "pkce-2"]], ids="+".join)
def test_expectations_pass_on_every_recording_and_fail_on_every_mutant(names: list[str]) -> None:
    sources = [source_of(SHOP / f"{name}.har") for name in names]
    result = import_recordings(sources, "Shop", "files")
    again, _ = parse_intent(print_intent(result.plan), "shop.intent", None)
    assert again == result.plan
    expecting = {r.origin.entry: r for j in result.plan.journeys for r in requests(j) if isinstance(r.origin, RecordingOrigin)}
    demanded = {index: effective_expectations(result.plan, request) for index, request in expecting.items()}
    for source in sources:
        for ours, theirs in aligned(sources[0].entries, source.entries).items():
            partner = next(e for e in source.entries if e.index == theirs)
            assert broken(demanded[ours], partner) == [], f"{source.recording.name} entry {theirs}"
    for mutant in mutants(sources[0].entries, seed=2, each=6):
        answer = next(e for e in mutant.entries if e.index == mutant.entry)
        assert broken(demanded[mutant.entry], answer), f"{mutant.kind} at entry {mutant.entry}"


def test_no_expectation_of_an_import_holds_a_value_of_the_session() -> None:
    sources = [source_of(SHOP / f"checkout-{n}.har") for n in (1, 2)]
    result = import_recordings(sources, "Shop", "files")
    dynamic = sensitive(source.recording for source in sources).kinds
    for journey in result.plan.journeys:
        for request in requests(journey):
            for one in request.expectations:
                assert not [value for value in dynamic if len(value) > 3 and value in expectation(one)]


def source_of(path: Path) -> Source:
    recording, _ = read_har(path)
    selection = select(recording)
    return Source(recording, selection, outline(recording, selection.kept))


@pytest.mark.parametrize(
    ("method", "header", "value", "expected"),
    [
        ("POST", "X-Shop-Notification", "success%20Item%20created", ['expect header "X-Shop-Notification" matches /^success/']),
        ("POST", "X-Shop-Notification", "successor of 4118", []),
        ("POST", "X-Shop-Notification", "Item created with success", []),
        ("POST", "Server", "success", []),
        ("GET", "X-Shop-Notification", "success", []),
    ],
)
def test_a_header_that_says_that_a_change_succeeded_is_expected(method: str, header: str, value: str, expected: list[str]) -> None:
    session = Session().add("GET", "/", html="<h1>Items</h1>")
    body = "title=Rope" if method == "POST" else None
    result = imported(session.add(method, "/items", body=body, html="<h1>Items</h1>", received={header: value}))
    assert [told for e in sent(result, 1).expectations if "header" in (told := expectation(e))] == expected
