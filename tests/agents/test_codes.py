"""Codes of five to seven letters and digits, by which an application calls a thing for people: `CKWDJR`, `BTBW9Y`, `ygAdX5`."""

from __future__ import annotations

import pytest
from recordings import Session, imported, proved, sent

from loadwright.compiler.agents.observe.own_choices import own_choices
from loadwright.compiler.agents.observe.recording import observe
from loadwright.compiler.agents.values import is_code, is_jumble
from loadwright.compiler.plan.describe import describe_source, describe_template
from loadwright.compiler.recording.urls import path_template


@pytest.mark.parametrize("code", ["CKWDJR", "WWBGDD", "BTBW9Y", "ygAdX5", "V9GoE1", "kSzvnw", "RqXvTk"])
def test_what_a_code_is(code: str) -> None:
    assert is_code(code)


@pytest.mark.parametrize(
    "word",
    [
        *("HARBOUR", "SHA256", "ES2015", "ISO8601", "GitHub", "page12", "LOGIN", "UTF8", "iPhone5", "Orders"),
        *("MySQL", "phpBB", "JSPWiki", "userId", "pdfUrl", "xhrUrl", "YouTube"),
    ],
)
def test_a_word_is_none(word: str) -> None:
    assert not is_code(word)


def test_a_code_with_a_digit_is_a_value_in_a_path() -> None:
    assert path_template("/me/talks/BTBW9Y/edit") == "/me/talks/{id}/edit"
    assert path_template("/docs/GitHub/SHA256") == "/docs/GitHub/SHA256"


@pytest.mark.parametrize(("code", "other"), [("HFN-KNQQ", "38B-PBJK"), ("XCT-SNQR", "D2M-UF6K")])
def test_a_code_in_groups_is_another_one_in_the_second_recording(code: str, other: str) -> None:
    """One has letters alone, so that its path looks like words."""

    def kept(code: str) -> Session:
        session = Session(f"{code}.har").add("POST", "/lines", body="qty=2", json=f'{{"line": {{"lineId": "{code}"}}}}')
        return session.add("GET", f"/lines/{code}", html="<h1>Line</h1>").add("GET", f"/lines/{code}/bill", html="<h1>Bill</h1>")

    result = imported(kept(code), kept(other))
    assert proved(result)
    assert code not in str([sent(result, n).url for n in (1, 2)])


@pytest.mark.parametrize("word", ["NEW-YORK", "RED-BLUE", "TAX-FREE", "SIZE-BIG"])
def test_words_in_groups_are_no_code(word: str) -> None:
    assert not is_jumble(word)


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [(("R4PXJW", 35118), ("3P9H46", 52079)), (("RQSNRC", 23931), ("ZFWXKD", 39888)), (("RZDDL7", 27668), ("SQ3RZP", 27342))],
)
def test_a_code_and_a_number_that_a_script_joined_are_taken_each_by_itself(ours: tuple[str, int], theirs: tuple[str, int]) -> None:
    def opened(region: str, seq: int) -> Session:
        session = Session(f"{region}.har").add("GET", "/context", json=f'{{"region": "{region}", "seq": {seq}}}')
        return session.add("GET", f"/docs/{region}-{seq}", json='{"ok": true}')

    result = imported(opened(*ours), opened(*theirs))
    assert describe_template(sent(result, 1).url) == '"/docs/${region}-${seq}"'
    assert proved(result)


def test_a_code_that_was_taken_is_the_same_under_another_name() -> None:
    """Each recording took the first hit, whose title is another one in each."""

    def clicked(code: str, title: str) -> Session:
        hits = f'{{"hits": [{{"id": "{code}", "title": "{title}"}}, {{"id": "RV49S2", "title": "willow"}}]}}'
        session = (
            Session(f"{code}.har").add("GET", "/search?q=kettle", json=hits).add("GET", f"/items/{code}", json='{"stock": 22}')
        )
        return session.add("POST", "/click", body=f'{{"item": "{code}"}}', sends="application/json", json='{"ok": true}')

    result = imported(clicked("WRJKRS", "juniper amber"), clicked("4988ZW", "cobalt birch"))
    (taken,) = (decision for decision in result.decisions if decision.verdict == "extract")
    assert taken.uses == ["entry 1 GET /items/WRJKRS: path 2", "entry 2 POST /click: json item"]
    assert proved(result)


def proposed(form: str, code: str, title: str, name: str = "session.har") -> Session:
    """A talk is proposed in a form of two pages that a redirect leads to, found in a list, and opened."""
    recorded = Session(name).add("GET", "/submit/", status=302, location=f"/submit/{form}/info/")
    recorded.add("GET", f"/submit/{form}/info/", html="<form method=post><input name=title></form>")
    recorded.add("POST", f"/submit/{form}/info/", body=f"title={title.replace(' ', '+')}", status=302, location="/talks/")
    recorded.add("GET", "/talks/", html=f"<table><tr><td><a href=/talks/{code}/>{title}</a><td>new</table>")
    return recorded.add("GET", f"/talks/{code}/", html="<h1>Talk</h1>")


def test_a_code_comes_from_the_redirect_or_the_row_with_the_users_word() -> None:
    result = imported(proposed("ygAdX5", "CKWDJR", "Tides 42a9a284"))
    assert proved(result)
    assert describe_template(sent(result, 2).url).count("${submit_id}") == 1
    (capture,) = sent(result, 3).captures
    assert "${unique}" in describe_source(capture.source)
    assert "CKWDJR" not in describe_template(sent(result, 4).url)


def test_two_recordings_whose_paths_have_other_codes_are_of_one_journey() -> None:
    first = proposed("ygAdX5", "CKWDJR", "Tides 42a9a284")
    second = proposed("dUBNmR", "TJAPKX", "Nets 9b1c7f03", name="second.har")
    result = imported(first, second)
    assert proved(result)
    assert len(result.plan.journeys) == 1
    assert all("only in" not in str(finding) for _, proof in result.proofs for finding in proof.findings)


@pytest.mark.parametrize("quote", ['"', "'", ""])
def test_a_choice_that_says_what_the_user_made_however_its_value_is_quoted(quote: str) -> None:
    recorded = Session().add("GET", "/tags/new", html="<form><input name=tag></form>")
    recorded.add("POST", "/tags/new", body="tag=sea-dca20488", status=302, location="/tags/")
    old = f"<option value={quote}12{quote}>old</option>"
    recorded.add(
        "GET", "/talk", html=f"<select name=tags><option class=a value={quote}1{quote}>sea-dca20488</option>{old}</select>"
    )
    recorded.add("POST", "/talk", body="tags=1", html="<p>Saved")
    recorded.add("POST", "/talk", body="tags=12", html="<p>Saved")
    found = own_choices(recorded.entries, observe(recorded.entries).sites)
    assert [(s.name, s.value) for s in found] == [("tags", "1")]


@pytest.mark.parametrize(("word", "is_named"), [("HTMLView", True), ("PDFPrint", True), ("QXTBfkzw", False), ("HTMLVkzq", False)])
def test_initials_and_words_are_no_id(word: str, is_named: bool) -> None:
    page = f"<h1>Files</h1><a href='/show?Subaction={word}'>Show</a>"
    result = imported(Session().add("GET", "/files", html=page).add("GET", f"/show?Subaction={word}", html="<h1>A file</h1>"))
    assert bool(sent(result, 0).captures) is not is_named
