"""Names of fields that another field of the request says."""

from __future__ import annotations

from json import dumps

from recordings import Session, imported, proved, sent

from loadwright.compiler.agents.names import identifier


def session(name: str, token: str) -> Session:
    fields = f'<input type="hidden" name="token.name" value="{name}" /><input type="hidden" name="{name}" value="{token}" />'
    made = Session(f"{name}.har").add("GET", "/pay", html=f'<form action="/pay" method="post">{fields}<input name="card"></form>')
    return made.add("POST", "/pay", body=f"token.name={name}&{name}={token}&card=visa", html="<p>Paid")


def test_a_guards_field_is_called_as_another_field_says() -> None:
    first, other = session("token_4F2A9C", "K7Q2M9ZR4XW1B8TC3VN6"), session("token_9ZK31B", "P3V8XN1QW7RT5B2MK9CZ")
    for result in (imported(first), imported(first, other)):
        assert "4F2A9C" not in str(sent(result, 1).body)
        assert "4F2A9C" not in str(sent(result, 0).captures)
        assert proved(result)


def test_a_component_that_says_its_own_name_stays() -> None:
    html = '<form id="j_idt10"><input type="hidden" name="j_idt10" value="j_idt10"><input name="j_idt10:q"></form>'
    made = Session().add("GET", "/form", html=html)
    result = imported(made.add("POST", "/form", body="j_idt10=j_idt10&j_idt10%3Aq=tea&source=j_idt10%3Aq", html="<p>Found"))
    assert "name='field_name'" not in str(sent(result, 1).body)
    assert proved(result)


def test_an_id_of_a_part_that_was_taken_once_is_the_same_elsewhere() -> None:
    tree = '{"children": [{"label": "Comment", "id": "56.31"}, {"label": "Supplier", "id": "57.75"}]}'
    made = Session().add("GET", "/task", json=tree).add("POST", "/ask", body="promptId=57.75&q=oak", json="{}")
    result = imported(made.add("POST", "/flow", body="validate=57.75&57.75=12", json="{}"))
    assert "57.75" not in str(sent(result, 2).body)
    assert proved(result)


def test_a_name_with_several_random_runs_is_taken_as_a_whole() -> None:
    def row(number: str) -> str:
        return f"<input name='note_{number}' type='text'><input value='0' name='at' type='hidden'>"

    first, other = "2083c3c8646f_2083c3d2d271", "2083fcc4872e_2083fccd240e"
    made = Session().add("POST", "/add", body="", json=dumps({"content": row(first)}))
    made.add("POST", "/add", body="", json=dumps({"content": row(other)}))
    made.add("POST", "/save", body=f"note_{first}=Oak+leaf&note_{other}=Elm+leaf&shade_2083fcc4872e=1", html="<p>Saved")
    result = imported(made)
    body = str(sent(result, 2).body)
    assert "2083c3" not in body
    assert "2083fccd240e" not in body
    assert "shade_2083fcc4872e" in body  # one may be a build's
    assert proved(result)


def test_a_variable_is_not_called_after_what_was_drawn() -> None:
    assert identifier("noteText_2083fcc4872e_2083fccd240e") == "note_text"
    assert identifier("note_decade") == "note_decade"
