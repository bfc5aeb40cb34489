"""Rows of the user's own in JSON that a script draws, whose short ids other things have too; pieces of pages called JSON."""

from __future__ import annotations

import json

from recordings import Session, imported, proved, sent

from loadwright.compiler.agents.importing import Imported
from loadwright.compiler.agents.values import is_token
from loadwright.compiler.plan.describe import describe_source, describe_template
from loadwright.compiler.plan.model import FormBody


def tree(*rows: tuple[int, str]) -> str:
    return json.dumps({"items": [{"id": "root", "items": [{"id": f"ROW:{n}", "bare_id": n, "name": name} for n, name in rows]}]})


def session(label: int, rule: int, title: str, word: str, *labels: tuple[int, str], name: str = "session.har") -> Session:
    """A label and a rule are made, and the rule is removed by its id, which is the id of a label too."""
    recorded = Session(name).add("GET", "/labels/tree", json=tree(*labels))
    recorded.add("POST", "/do", body=f"op=label&caption=Label+{word}", json="{}")
    rows = sorted((*labels, (label, f"Label {word}")), key=lambda row: row[1])
    recorded.add("GET", "/labels/tree", json=tree(*rows))
    recorded.add("POST", "/do", body=f"op=rule&title={title.replace(' ', '+')}", json="{}")
    recorded.add("GET", "/rules/tree", json=tree((rule, f"{title} (1 part)")))
    return recorded.add("POST", "/do", body=f"op=remove&ids={rule}", json="{}")


def removed(result: Imported) -> str:
    """The id that is removed, and where it is taken from."""
    body = sent(result, 5).body
    assert isinstance(body, FormBody)
    captures = [describe_source(c.source) for c in sent(result, 4).captures]
    return f"{describe_template(body.fields[1].value)} {' '.join(captures)}"


def test_a_short_id_is_that_of_the_row_in_which_the_users_word_stands() -> None:
    result = imported(session(3, 2, "Berths 1ae8223f", "3b8e839f", (2, "Old")))
    assert proved(result)
    told = removed(result)
    assert "json $.items[?(@.id=='root')].items[?(@.name=='" in told
    assert "${unique_2} (1 part)')].bare_id" in told or "${title} (1 part)')].bare_id" in told


def test_two_recordings_in_which_another_list_has_the_same_id_at_one_place() -> None:
    """The first label has the id of the rule in both: the row with the user's word tells, not the place."""
    first = session(3, 2, "Berths 1ae8223f", "3b8e839f", (2, "A"))
    second = session(6, 5, "Prices 49834802", "760052ed", (5, "A"), (7, "B"), name="second.har")
    result = imported(first, second)
    assert proved(result)
    assert "${title} (1 part)')].bare_id" in removed(result)


def test_no_row_of_the_users_own_no_id() -> None:
    recorded = Session().add("GET", "/rules/tree", json=tree((2, "Old"), (3, "Older")))
    recorded.add("POST", "/do", body="op=rule&title=Berths+1ae8223f", json="{}")
    result = imported(recorded.add("POST", "/do", body="op=remove&ids=2", json="{}"))
    assert "bare_id" not in str(sent(result, 0).captures)


DIALOG = '<form><input style="display : none" name="op" value="save"><input style="display:none" name="id" value="{n}"></form>'


def test_a_piece_of_a_page_that_calls_itself_json_has_fields() -> None:
    """Nobody types into a field that is not shown, and what it holds is taken from it."""
    recorded = Session().add("GET", "/rule/edit?name=a", json=DIALOG.format(n=48213))
    result = imported(recorded.add("POST", "/do", body="op=save&id=48213", json="{}"))
    assert proved(result)
    assert [describe_source(c.source) for c in sent(result, 0).captures] == ["css input[name=id] @value"]
    assert not result.plan.variables


def test_what_a_hidden_field_presets_is_not_typed_where_a_script_sends_something_else() -> None:
    recorded = Session().add("GET", "/login", html='<input style="display: none" name="op" value="login">')
    result = imported(recorded.add("POST", "/do", body="op=profiles&at=1", json="{}"))
    assert not result.plan.variables


def test_a_file_called_by_words_in_camel_case_is_no_token() -> None:
    assert not is_token("_CheckBoxMixin.js")
    assert not is_token("saml2-acs.php")
    assert not is_token("_TextBoxMixin.js")
    assert is_token("xKqZrVbTnWpLmC.js")


def test_what_the_user_gave_beside_what_has_a_source_in_a_document_is_a_variable() -> None:
    def given(number: int, word: str, name: str) -> Session:
        recorded = Session(name).add("GET", "/feeds", html=f"<select name=feed_id><option value={number}>News</option></select>")
        document = json.dumps({"word": word, "feed_id": [str(number)]}).replace('"', "%22").replace(" ", "")
        return recorded.add("POST", "/do", body=f"op=rule&rule={document}", json="{}")

    result = imported(given(48213, "leak", "a.har"), given(51877, "cod", "b.har"))
    assert proved(result)
    body = sent(result, 1).body
    assert isinstance(body, FormBody)
    assert describe_template(body.fields[1].value).startswith('"{"word":"${jsonescape(word)}"')
