"""Functions of a server that scripts call, with arguments in a list, and the elements that React streams as their answers."""

from __future__ import annotations

import base64
import html
from dataclasses import replace
from hashlib import sha256
from urllib.parse import quote

import pytest
from recordings import Session, imported, proved, sent, verdicts

from loadwright.compiler.agents.importing import Imported
from loadwright.compiler.plan.describe import describe_source
from loadwright.compiler.plan.extract import Response, extract_with
from loadwright.compiler.plan.model import TextExpectation
from loadwright.compiler.plan.template import Call, Reference, template, walk
from loadwright.compiler.recording.model import Upload

BOLT, NOTE = "Bolt f05fa879", "Call 3daf8d53"
ACTION = "7092d2580e733ebcd66ed073859758b828922f499d"


def returned(value: str) -> str:
    """The answer to a call that returned a value."""
    return f'0:{{"a":"$@1","f":"","b":"ob3QhQeCFbKWzzpO4kCUe"}}\n1:{value}\n'


def field(name: str, value: str) -> str:
    """A hidden field, as an element that is streamed."""
    return f'["$","input",null,{{"type":"hidden","name":"{name}","value":{value}}}]'


def note(number: str, text: str, berth: str = "4") -> str:
    """A note of a page in a row of its own."""
    form = f'["$","form",null,{{"children":[{field("note", number)},{field("berth", berth)},["$","button",null,{{}}]]}}]'
    return f'["$","li","{number}",{{"children":["{text}"," ",{form}]}}]'


def page(*notes: str) -> str:
    """An answer with the elements of a page."""
    elements = f'["$","ul",null,{{"id":"notes","children":[{",".join(notes)}]}}]'
    main = f'["$","main",null,{{"children":[{elements}]}}]'
    return f'2:"$Sreact.fragment"\n0:{{"a":"$@1","f":[["",{{}}]]}}\n1:"$undefined"\n6:{main}\n'


class Yard(Session):
    """A recording of calls of functions."""

    def call(self, path: str, body: str, answer: str, leads: str = "", tree: str = "") -> Yard:
        headers = {"Next-Action": ACTION} | ({"Next-Router-State-Tree": quote(tree, safe="")} if tree else {})
        told = {"X-Action-Redirect": f"{leads};push"} if leads else {}
        status = 303 if leads else 200
        self.add("POST", path, status=status, body=body, sends="text/plain", json=answer, sent=headers, received=told)
        return self._streamed()

    def form(self, path: str, answer: str, **fields: str) -> Yard:
        self.add("POST", path, json=answer, sent={"Next-Action": ACTION})
        made = self.entries[-1]
        parts = tuple(Upload(f"_1_{name}" if name != "args" else "0", value.encode()) for name, value in fields.items())
        self.entries[-1] = replace(made, request=replace(made.request, parts=parts, media_type="multipart/form-data"))
        return self._streamed()

    def _streamed(self) -> Yard:
        made = self.entries[-1]
        self.entries[-1] = replace(made, response=replace(made.response, media_type="text/x-component"))
        return self


def begun() -> Yard:
    """A berth was made, and a script was told where to go."""
    return Yard().call("/berths/new", f'["{BOLT}"]', returned('"$undefined"'), leads="/berths/4")


def test_a_header_that_sends_a_script_on_counts_as_a_redirect() -> None:
    result = imported(begun().add("GET", "/berths/4", html="<p>Berth</p>"))
    assert proved(result)
    (capture,) = sent(result, 0).captures
    assert "header X-Action-Redirect" in describe_source(capture.source)
    assert sent(result, 1).url.parts[-1] == Reference(name="berth_id")


def test_where_such_a_header_leads_is_expected() -> None:
    expected = [e for e in sent(imported(begun()), 0).expectations if isinstance(e, TextExpectation) and e.header]
    assert [(e.header, e.relation, e.value.literal) for e in expected if e.value] == [
        ("X-Action-Redirect", "matches", r"^[^?#]*/berths/")
    ]


@pytest.mark.parametrize(("name", "value"), [("X-Location-Hint", "/berths/4"), ("X-Redirect", "4"), ("X-Page", "/berths/4")])
def test_another_header_is_no_redirect(name: str, value: str) -> None:
    recorded = Session().add("POST", "/berths", body="title=Pump", html="<p>Made", received={name: value})
    result = imported(recorded.add("GET", "/berths/4", html="<p>Berth</p>"))
    assert not sent(result, 0).captures


def test_the_first_argument_is_the_thing_that_is_spoken_of() -> None:
    recorded = begun().call("/berths/4", f'[4,"{BOLT} b",1]', returned(f'{{"id":7,"berth":4,"name":"{BOLT} b","amount":1}}'))
    result = imported(recorded.call("/berths/4", "[7,2]", returned(f'{{"id":7,"berth":4,"name":"{BOLT} b","amount":2}}')))
    assert proved(result)
    assert {name for verdict, name in verdicts(result) if verdict == "extract"} == {"berth_id", "id"}
    (capture,) = sent(result, 1).captures
    there = returned('{"id":31,"berth":9,"name":"Bolt zz81qa0c b","amount":1}')
    assert extract_with(capture, Response("http://shop.test/", (), there), {}) == "31"


def test_what_a_function_returned_is_expected_to_be_so_again() -> None:
    recorded = begun().call("/berths/4", f'[4,"{BOLT} b",1]', returned(f'{{"id":7,"name":"{BOLT} b"}}'))
    recorded.call("/berths/4", "[7]", returned('{"removed":7}'))
    expected = [e.value.literal for e in sent(imported(recorded), 2).expectations if isinstance(e, TextExpectation) and e.value]
    assert '1:{"removed":' in expected


def test_a_field_of_streamed_elements_is_taken_from_the_row_with_the_user_s_own_text() -> None:
    answer = page(note("3", "Paint the hull"), note("5", NOTE), note("6", f"{NOTE} again"))
    recorded = begun().form("/berths/4", page(note("3", "Paint the hull"), note("5", NOTE)), text=NOTE, args='[4,"$K1"]')
    recorded.form("/berths/4", answer, text=f"{NOTE} again", args='[4,"$K1"]')
    result = imported(recorded.form("/berths/4", page(note("5", NOTE)), note="6", berth="4", args='["$K1"]'))
    assert proved(result)
    word = next(d.variable for d in result.decisions if d.verdict == "generate" and d.uses[0].startswith("entry 1 "))
    capture = next(c for c in sent(result, 2).captures if c.name == "note")
    others = (note("8", "Call of another"), note("11", "Call zz81qa0c", "9"), note("12", "Call zz81qa0c again", "9"))
    there = page(*others, note("14", "Another again", "9"))
    assert extract_with(capture, Response("http://shop.test/", (), there), {word: "zz81qa0c"}) == "12"


def test_a_bound_argument_in_a_form_is_the_thing_in_the_path() -> None:
    result = imported(begun().form("/berths/4/edit", page(), title=BOLT, args='[4,1,null,"$K1"]'))
    assert proved(result)
    body = sent(result, 1).body
    assert "berth_id" in repr(body)


def test_the_number_of_a_thing_in_the_state_of_a_router_is_that_in_the_path() -> None:
    tree = '["",{"children":["berths",{"children":[["id","4","d"],{"children":["__PAGE__",{}]}]}]}]'
    result = imported(begun().call("/berths/4", "[4,true]", returned('"$undefined"'), tree=tree))
    assert proved(result)
    header = next(h for h in sent(result, 1).headers if h.name == "Next-Router-State-Tree")
    assert any(isinstance(part, Call) and "berth_id" in repr(part) for part in header.value.parts)


def test_the_name_of_a_server_s_function_stays_wherever_it_stands() -> None:
    reference = f'{{"id":"{ACTION}"}}'
    fields = f'<input name="$ACTION_1:0" type="hidden" value="{html.escape(reference)}"><input name="who">'
    recorded = Yard()
    recorded.add("GET", "/login", html=f"<form>{fields}</form>")
    recorded.form("/login", returned('"$undefined"'), **{"$ACTION_1:0": reference, "args": '["$K1"]'})
    result = imported(recorded)
    assert proved(result)
    assert not sent(result, 0).captures


def digest(*headers: str) -> str:
    return base64.urlsafe_b64encode(sha256(",".join(headers).encode()).digest()).decode()[:16]


def asked(path: str, tree: str, came_from: str) -> Imported:
    tree = quote(tree, safe="")
    recorded = begun()
    headers = {"RSC": "1", "X-Prefetch": "1", "X-Tree": tree, "X-From": came_from}
    key = digest("1", "0", tree, came_from)
    for where in ("/search", path):
        recorded.add("GET", f"{where}?_key={key}", html="<p>", sent=headers, received={"Vary": "rsc, x-segment"})
    return imported(recorded)


def test_a_digest_of_headers_is_made_of_them() -> None:
    result = asked("/berths/4/edit", '["",{"children":["berths",{"children":[["id","4","d"],{}]}]}]', "/berths/4")
    assert proved(result)
    assert not [name for verdict, name in verdicts(result) if verdict == "unresolved"]
    key = sent(result, 2).url.parts[-1]
    assert isinstance(key, Call)
    assert key.function == "substring"
    used = [part for part in walk(template(key)) if isinstance(part, Reference)]
    assert used == [sent(result, 2).url.parts[1]] * 2


def test_a_digest_of_headers_that_stay_stays() -> None:
    result = asked("/berths", '["",{"children":["berths",{}]}]', "/berths")
    assert proved(result)
    assert not [name for verdict, name in verdicts(result) if verdict == "unresolved"]
    assert all(not isinstance(part, Call) for part in sent(result, 2).url.parts)


def test_a_token_that_is_no_digest_of_headers_is_asked_for() -> None:
    recorded = begun().add("GET", "/search?_key=j7s84HGI7papZ6oY", html="<p>", sent={"RSC": "1", "X-From": "/berths/4"})
    assert ("unresolved", "key") in verdicts(imported(recorded))
