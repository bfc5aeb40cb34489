"""Several forms of a page with the same token: it is taken from the one that is sent."""

from __future__ import annotations

import pytest
from msgspec.structs import replace
from recordings import Session, imported, proved, sent

from loadwright.compiler.agents.decide.rows.own_form import own_fields
from loadwright.compiler.agents.facts import Occurrence, Site
from loadwright.compiler.plan.model import CssSource, RegexSource

TOKEN = "ur1x4EvqNy9BwuYPhINaOCPm1RQ8jQ6r"
FIELD = f"<input type=hidden name=csrf value={TOKEN}>"
PAGE = f"<form id=basket action=/basket/add/>{FIELD}</form><form id=review>{FIELD}<textarea name=text></textarea></form>"


@pytest.mark.parametrize(
    ("path", "form"), [("/product/review/", "review"), ("/basket/add/", "basket"), ("/api/remember/", "basket")]
)
def test_a_token_is_taken_from_the_form_that_is_sent(path: str, form: str) -> None:
    """A form without an action is sent to its page; what no form is sent to takes the first."""
    session = Session().add("GET", "/product/review/", html=PAGE)
    result = imported(session.add("POST", path, body=f"csrf={TOKEN}&text=Fine", html="<h1>Thanks</h1>"))
    assert proved(result)
    (capture,) = sent(result, 0).captures
    assert capture.source == CssSource(selector=f"form#{form} input[name=csrf]", attribute="value")


def test_a_field_that_says_0_is_taken_from_the_field_of_its_name() -> None:
    def field(name: str) -> Occurrence:
        source = CssSource(selector=f"input[name={name}]", attribute="value")
        return Occurrence(value="0", entry=0, ended=1.0, kind="hidden input", source=source, ordinal=1, name=name)

    both = [field("editRevId"), field("parentRevId")]
    sent_as = Site(1, 2.0, "form", "parentRevId#1", "parentRevId", "0")
    assert own_fields(sent_as, "0", both) == [both[1]]
    assert own_fields(replace(sent_as, name="oldid"), "0", both) == both
    assert own_fields(replace(sent_as, value="7"), "7", both) == both, "an id may have been given otherwise since"


def test_a_field_without_a_name_is_known_by_its_class() -> None:
    rows = "".join(f"<tr><td><input type=hidden class=row_key value='{key}'>" for key in ("k8Xw2Qv9Zt4Lr7Bn", "p3Ys6Hd1Mf0Jc5Ga"))
    session = Session().add("GET", "/rows", html=f"<input type=hidden value=1><table>{rows}</table>")
    result = imported(session.add("POST", "/drop", body="key=k8Xw2Qv9Zt4Lr7Bn", html="<h1>Gone</h1>"))
    assert proved(result)
    (capture,) = sent(result, 0).captures
    assert capture.source == CssSource(selector="input.row_key", attribute="value")
    assert capture.occurrence == 1


NAMED = (
    "<p>Made</p>\n<header class=top>\n  {key}\n  <small>of the harbour</small></header>"
    "<p>Menu</p><header class=low>\n  k5Tz7Rm3Wq9Xb2Lc\n</header>"
)


@pytest.mark.parametrize("extra", ["", "<input name=shown value=other>"])
def test_a_field_goes_before_what_stands_around_the_value_unless_it_is_one_of_several(extra: str) -> None:
    key, page = "k8Xw2Qv9Zt4Lr7Bn", "http://shop.test/settings"
    session = Session().add("GET", "/summary", html=NAMED.format(key=key))
    session.add("GET", "/settings", html=f"<form method=post><input name=shown value={key}>{extra}</form>")
    result = imported(session.add("POST", "/settings", body=f"shown={key}", html="<h1>Kept</h1>", sent={"Referer": page}))
    assert proved(result)
    assert [len(sent(result, number).captures) for number in (0, 1)] == ([1, 0] if extra else [0, 1])


def test_a_choice_is_no_field_that_is_sent_as_it_was_given() -> None:
    page, choices = "http://shop.test/tickets/new", "<option value=31>New<option value=47>In Progress<option value=52>Done"
    session = Session().add("GET", "/tickets/new", html=f"<form method=post><select name=status_id>{choices}</select></form>")
    result = imported(session.add("POST", "/tickets/new", body="status_id=47", html="<h1>Kept</h1>", sent={"Referer": page}))
    assert proved(result)
    assert [type(capture.source) for capture in sent(result, 0).captures] == [RegexSource]


def test_a_form_whose_id_is_its_name_and_more_is_known_by_its_name() -> None:
    forms = "".join(
        f"<form id={name}-qgmnfkpcsaio name={name} method=post><input type=hidden name=csrf value={token}></form>"
        for name, token in (("limit", "p3Ys6Hd1Mf0Jc5Ga"), ("rename", "k8Xw2Qv9Zt4Lr7Bn"))
    )
    session = Session().add("GET", "/groups", html=forms)
    result = imported(session.add("POST", "/groups", body="csrf=k8Xw2Qv9Zt4Lr7Bn&title=Crew", html="<h1>Kept</h1>"))
    assert proved(result)
    (capture,) = sent(result, 0).captures
    assert capture.source == CssSource(selector="form[name=rename] input[name=csrf]", attribute="value")


@pytest.mark.parametrize(
    ("page", "action", "selector"),
    [
        ("/orders/4", "/orders/4/close", 'form[action^="/orders/"][action$="/close"] '),
        ("/orders", "/orders/4/close", ""),
        ("/orders/RBMHSK", "/orders/RBMHSK", 'form[action^="/orders/"] '),
        ("/orders/RBMHSK/step/1", "/orders/RBMHSK/step/1", 'form[action^="/orders/"] '),
    ],
)
def test_a_form_is_known_by_its_action_around_the_values_of_its_page(page: str, action: str, selector: str) -> None:
    """Where the page is asked for without the number, the form is of a row, of which there may be others."""
    token = "k8Xw2Qv9Zt4Lr7Bn"
    forms = "<form action=/logout><input type=hidden name=csrf value=p3Ys6Hd1Mf0Jc5Ga></form>"
    forms += f'<form action="{action}"><input type=hidden name=csrf value={token}></form>'
    session = Session().add("POST", "/orders", body="title=Pump", status=302, location=page).add("GET", page, html=forms)
    result = imported(session.add("POST", action, body=f"csrf={token}", html="<h1>Closed</h1>"))
    assert proved(result)
    taken = [capture.source for capture in sent(result, 1).captures]
    assert [one.selector for one in taken if isinstance(one, CssSource)] == [f"{selector}input[name=csrf]"]


def test_what_a_form_has_chosen_goes_before_a_member_of_its_name_in_some_list() -> None:
    """A new tag is grey, and so is a state that was listed before."""
    session = Session().add(
        "GET", "/api/states", json='{"results": [{"name": "New", "color": "9e9e9e"}, {"name": "Old", "color": "f44336"}]}'
    )
    choices = "<select name=color><option value=f44336><option value=9e9e9e selected></select>"
    page = f"<form id=tag method=post><input name=name>{choices}</form>"
    session.add("GET", "/tags/add", html=page)
    referer = {"Referer": "http://shop.test/tags/add"}
    result = imported(session.add("POST", "/tags/add", body="name=Leaky&color=9e9e9e", sent=referer, status=302, location="/tags"))
    assert proved(result)
    assert not sent(result, 0).captures
    (capture,) = sent(result, 1).captures
    assert isinstance(capture.source, CssSource)


def test_a_token_of_each_form_is_no_rows_though_one_of_the_forms_stands_in_a_row() -> None:
    """A menu's form stands before a field that has what the user looks for."""
    form = f'<form id="{{}}" method="post"><input type="hidden" name="csrf" value="{TOKEN}">{{}}</form>'
    looked_for = '<input name="q" value="pump-f05fa879">'
    menu = f"<ul><li>{form.format('save', looked_for)}</li></ul>"
    session = Session().add("POST", "/pumps", body="name=pump-f05fa879", html="<h1>pump-f05fa879")
    session.add("GET", "/pumps?q=pump-f05fa879", html=menu + form.format("list", "<input name=note>"))
    result = imported(session.add("GET", "/pumps/rows", sent={"X-CsrfToken": TOKEN}, html="<p>pump-f05fa879"))
    assert proved(result)
    (capture,) = sent(result, 1).captures
    assert isinstance(capture.source, CssSource)


def test_what_a_page_says_behind_the_second_form_does_not_tell_which_form_it_was() -> None:
    one, two = "4c57b4c7a1b6a2096794d8212da88ed7", "a6cb3b6ef6d4aa31cfad1f34ba1bb170"
    forms = "".join(
        f'<form method="post"><input type="hidden" name="xk" value="{token}"><input name="{name}"></form>'
        for token, name in ((one, "query"), (two, "label"))
    )
    session = Session().add("GET", "/home", html=f"{forms}<p>164 results, page 7 of 33</p>")
    result = imported(session.add("POST", "/edit", body=f"xk={two}&label=quartz", html="<h1>Kept</h1>"))
    assert proved(result)
    (capture,) = sent(result, 0).captures
    assert (capture.source, capture.occurrence) == (CssSource(selector="input[name=xk]", attribute="value"), 2)
