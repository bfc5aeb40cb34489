"""What two recordings were given and sent in the same places, and numbers that one recording is sure of."""

from __future__ import annotations

import pytest
from recordings import FORM, Session, imported, proved, sent, verdicts

from loadwright.compiler.agents.names import is_id_name
from loadwright.compiler.agents.values import is_token
from loadwright.compiler.plan.model import JsonSource
from loadwright.compiler.plan.template import template


def given(number: str, answer: str = '{"ok":true,"row":%s}', name: str = "selected") -> Session:
    """A number of an answer is sent under a name that says nothing of it."""
    session = Session(f"{number}.har").add("POST", "/start", body="{}", sends="application/json", json=answer % number)
    return session.add("POST", "/use", body=f"{name}={number}", html="<p>Used")


@pytest.mark.parametrize(
    ("first", "second", "answer", "name"),
    [
        ("48213", "51877", '{"ok":true,"row":%s}', "selected"),
        ("4821", "5187", '{"rows":[{"n":%s}]}', "x"),
        ("36", "24", '{"cart":{"version":%s}}', "version"),
    ],
)
def test_what_was_given_and_sent_in_both_recordings_is_taken(first: str, second: str, answer: str, name: str) -> None:
    result = imported(given(first, answer, name), given(second, answer, name))
    body = sent(result, 1).body
    assert body is not None
    assert first not in str(body)
    assert proved(result)


@pytest.mark.parametrize(
    ("first", "second", "answer"),
    [
        ("48213", "48213", '{"ok":true,"row":%s}'),
        ("36", "24", '{"stock":%s}'),
        ("2026-01-02", "2026-01-03", '{"today":"%s"}'),
    ],
)
def test_what_is_the_same_or_short_or_a_day_is_not(first: str, second: str, answer: str) -> None:
    result = imported(given(first, answer), given(second, answer))
    assert not any(request.captures for request in [sent(result, 0)])


def test_a_redirect_to_a_number_with_the_words_of_a_title_is_followed() -> None:
    def session(number: str) -> Session:
        made = Session(f"{number}.har").add("POST", "/notes", body="title=Tea", status=302, location=f"/notes/{number}-tea-time")
        made.add("GET", f"/notes/{number}-tea-time", html="<p>Tea")
        return made.add("GET", f"/notes/{number}-tea-time", html="<p>Tea")

    for result in (imported(session("186")), imported(session("186"), session("593"))):
        assert "186" not in str(sent(result, 1).url)
        assert "186" not in str(sent(result, 2).url)
        assert proved(result)


@pytest.mark.parametrize(("number", "taken"), [("920235", True), ("500000", True), ("4821", False), ("48", False)])
def test_a_long_number_is_that_of_the_name_without_id(number: str, taken: bool) -> None:
    session = Session().add("POST", "/autosave", body="{}", sends="application/json", json=f'{{"draft":{number}}}')
    result = imported(session.add("POST", "/save", body=f"note%5Bdraft_id%5D={number}", sends=FORM, html="<p>Saved"))
    assert bool(sent(result, 0).captures) is taken


def test_a_token_that_ends_in_a_backslash_is_one() -> None:
    session = Session().add("GET", "/", html='<form method=post><input type=hidden name=t value="MOYXxTqvytglfj+\\"></form>')
    result = imported(session.add("POST", "/", body="t=MOYXxTqvytglfj%2B%5C", html="<p>Sent"))
    assert "MOYX" not in str(sent(result, 1).body)
    assert proved(result)


def test_a_redirect_to_a_bare_number_of_a_query_is_followed() -> None:
    session = Session().add("GET", "/", status=302, location="/page?28").add("GET", "/page?28", html="<p>Page")
    assert sent(imported(session), 1).url != template("/page?28")


def test_an_id_that_changes_and_has_no_source_is_asked_for() -> None:
    def session(number: str) -> Session:
        return Session(f"{number}.har").add("GET", "/", html="<p>Start").add("GET", f"/items/{number}", html="<p>Item")

    assert any(verdict == "unresolved" for verdict, _ in verdicts(imported(session("48213"), session("51877"))))
    assert not any(verdict == "unresolved" for verdict, _ in verdicts(imported(session("48213"), session("48213"))))


@pytest.mark.parametrize("joint", ["|", ":", ";"])
def test_a_number_that_a_script_joins_with_a_token_is_taken_too(joint: str) -> None:
    session = Session().add("GET", "/key", json='{"id":441031,"secret":"p5p4toFV3tdPP7TP0jUTGtx9"}')
    result = imported(session.add("POST", "/use", body=f"key=441031{joint}p5p4toFV3tdPP7TP0jUTGtx9", html="<p>Used"))
    assert "441031" not in str(sent(result, 1).body)
    assert "p5p4" not in str(sent(result, 1).body)
    assert proved(result)


def test_numbers_of_an_xml_request_are_looked_at_by_their_own_names() -> None:
    def session(number: str) -> Session:
        made = Session(f"{number}.har").add("GET", "/customer", json=f'{{"customerId":{number},"count":48}}')
        body = f'<list customerId="{number}"><size>48</size><customer><id>{number}</id></customer></list>'
        return made.add("POST", "/list", body=body, sends="text/xml", html="<p>List")

    for result in (imported(session("48631")), imported(session("48631"), session("51877"))):
        assert "48631" not in str(sent(result, 1).body)
        assert "48<" in str(sent(result, 1).body)
        assert proved(result)


@pytest.mark.parametrize(
    ("value", "drawn"),
    [("IemoidmuYCcHTpOr", True), ("getElementsByTagName", False), ("isReadOnlyByDefault", False), ("goToNextOfMyItems", False)],
)
def test_letters_in_pieces_of_one_or_two_are_drawn(value: str, drawn: bool) -> None:
    assert is_token(value) is drawn


@pytest.mark.parametrize("value", ["j_idt12:name", "form:j_idt12:0:save", "main:j_id7:rows:3:edit", "up1|ctl00$go"])
def test_a_component_that_the_page_gives_no_name_is_no_token(value: str) -> None:
    assert not is_token(value)


@pytest.mark.parametrize(
    ("name", "is_id"),
    [("itemNum", True), ("order_no", True), ("nextNum", False), ("total_number", False), ("phoneNumber", False)],
)
def test_a_number_that_counts_is_no_id(name: str, is_id: bool) -> None:
    assert is_id_name(name) is is_id


@pytest.mark.parametrize(
    ("name", "is_id"),
    [("contextid", True), ("sesskeyid", True), ("orderid", True), ("prepaid", False), ("isvalid", False), ("datagrid", False)],
)
def test_an_id_may_be_called_by_one_word_in_lower_case(name: str, is_id: bool) -> None:
    assert is_id_name(name) is is_id


def test_a_short_version_that_is_the_same_as_an_id_is_taken_from_the_version() -> None:
    def session(version: int) -> Session:
        opened = f'{{"ok":true,"berth":{{"id":4,"version":{version}}}}}'
        made = Session(f"{version}.har").add("POST", "/open", body='{"name":"Pier"}', sends="application/json", json=opened)
        body = f'{{"id":4,"version":{version}}}'
        return made.add("POST", "/change", body=body, sends="application/json", json='{"ok":true}')

    result = imported(session(4), session(2))
    assert [c.source for c in sent(result, 0).captures if c.name == "version"] == [JsonSource(path="$.berth.version")]
    assert proved(result)


@pytest.mark.parametrize(
    ("ours", "theirs", "is_asked_for"), [("V0C7J", "C0WQD", True), ("INTRO", "TIDES", False), ("V0C7J", "V0C7J", False)]
)
def test_a_code_in_a_path_that_no_answer_gave_is_asked_for_where_both_recordings_have_another(
    ours: str, theirs: str, is_asked_for: bool
) -> None:
    def session(name: str, code: str) -> Session:
        made = Session(name).add("GET", "/shop", html="<h1>Shop</h1>")
        made.add("GET", f"/order/{code}/complete", html=f"<p>Order {code}</p>")
        return made.add("POST", f"/order/{code}/comment", body="text=Fine", html="<p>Saved</p>")

    result = imported(session("session.har", ours), session("other.har", theirs))
    assert ("unresolved" in {verdict for verdict, _ in verdicts(result)}) is is_asked_for
    assert (ours not in sent(result, 1).model_dump_json()) is is_asked_for


def made(number: str, *, order: str = "17") -> Session:
    session = Session(f"{number}-{order}.har").add("POST", "/orders", body="title=Tea", status=302, location=f"/orders/{order}")
    page = f'<form method="post" action="/orders/{order}"><input type="hidden" name="order_id" value="{order}"></form>'
    session.add("GET", f"/orders/{order}", html=page)
    return session.add("POST", f"/orders/{order}", body=f"order_id={order}&note={number}", html="<p>Saved")


def test_a_field_has_the_number_that_two_sessions_were_given_by_chance() -> None:
    result = imported(made("1"), made("2"))
    assert "17" not in str(sent(result, 2).body)
    assert "17" not in str(sent(result, 2).url)
    assert proved(result)


def test_the_next_page_of_a_wizard_is_no_thing_that_was_made() -> None:
    def session(name: str) -> Session:
        def page(step: int) -> str:
            return f'<form method="post" action="/wizard/{step}"><input name="q"></form>'

        asked = Session(name).add("POST", "/drafts", body="{}", sends="application/json", json='{"id": 1, "count": 2}')
        asked.add("GET", "/wizard/1", html=page(1)).add("POST", "/wizard/1", body="q=a", html=page(2))
        return asked.add("POST", "/wizard/2", body="q=b", html="<p>Done")

    for result in (imported(session("a.har"), session("b.har")), imported(session("a.har"))):
        assert not sent(result, 0).captures
        assert proved(result)
    assert not sent(imported(session("a.har"), session("b.har")), 1).captures


def test_of_two_things_with_one_number_each_is_that_of_its_address() -> None:
    def session(number: int, order: int) -> Session:
        found = Session(f"{number}.har").add("POST", "/shipments", body="{}", sends="application/json", json=f'{{"id": {number}}}')
        found.add("GET", f"/shipments/{number}", json="{}")
        found.add("POST", "/orders", body="{}", sends="application/json", json=f'{{"id": {order}}}')
        return found.add("GET", f"/orders/{order}", json="{}")

    result = imported(session(2026, 2026), session(2027, 2027))
    assert sent(result, 2).captures
    assert proved(imported(session(2026, 2026), session(5468, 7024)))


@pytest.mark.parametrize(
    ("value", "other", "is_asked"),
    [
        ("v1;48213;end", "v1;51877;end", False),
        ("v1.48213.end", "v1.51877.end", False),
        ("v1,aecd862d6dfc198932ed8802d6a614c2,end", "v1,29cb58fe54bd6b253befad1f527a491c,end", True),
    ],
)
def test_what_marks_part_is_taken_or_asked_for_and_never_typed(value: str, other: str, is_asked: bool) -> None:
    def session(text: str, number: str) -> Session:
        answer = f'{{"ok":true,"row":{number}}}'
        found = Session(f"{number}.har").add("POST", "/start", body="{}", sends="application/json", json=answer)
        return found.add("POST", "/use", body=f'{{"ref":"{text}"}}', sends="application/json", json='{"ok":true}')

    result = imported(session(value, "48213"), session(other, "51877"))
    assert value not in str(sent(result, 1).body)
    assert not result.plan.variables
    assert bool(result.plan.secrets) is is_asked


def test_a_uuid_that_both_recordings_sent_first_is_constant() -> None:
    """A kind of thing that a script knows: a new one would be of no kind."""
    kind = "b17c6aed-7c2e-476a-b45b-2365ba046f43"
    sessions = [Session(f"{n}.har").add("GET", f"/list?kind={kind}&page={n}", json='{"rows": []}') for n in (1, 2)]
    assert kind in str(sent(imported(*sessions), 0).url)
    assert kind not in str(sent(imported(sessions[0]), 0).url)


def test_what_the_user_typed_stands_in_xml_too() -> None:
    """A script asks for one word and a count; the other recording has others, and the same kind."""
    order = "<e:Envelope xmlns:e='http://x'><e:Body><Title>{0}</Title><Boxes>{1}</Boxes><Kind>plain</Kind></e:Body></e:Envelope>"

    def sent_as(title: str, boxes: int) -> Session:
        return Session(f"{boxes}.har").add("POST", "/ws", body=order.format(title, boxes), sends="text/xml", json='{"ok": 1}')

    result = imported(sent_as("Tea pot", 3), sent_as("Milk jug", 5))
    assert proved(result)
    assert verdicts(result) == [("parameterise", "title"), ("parameterise", "boxes")]
    assert "plain" in str(sent(result, 0).body)


def test_letters_between_the_marks_of_a_token_are_no_words_that_tell_requests_apart() -> None:
    """Pages that follow one another: in each recording another one has such letters."""

    def read(name: str, first: str, second: str) -> Session:
        session = Session(name).add("GET", "/feed?limit=4", json=f'{{"next": "{first}"}}')
        session.add("GET", f"/feed?limit=4&after={first}", json=f'{{"next": "{second}"}}')
        return session.add("GET", f"/feed?limit=4&after={second}", json='{"next": null}')

    ours = read("a.har", "iuQ-JyA0xYLNTzxFqTY5e8jTfFko", "3MrQpJemsYuXuywRIorYyE8jhgvp")
    result = imported(ours, read("b.har", "JLgdhOERb55__BJ5GSkb7VshNvE_", "SphvkgKXWg0UCudV82BRLr5sJ-Cz"))
    assert proved(result)
    assert all("another value in the second recording" in d.evidence for d in result.decisions if d.verdict == "extract")
