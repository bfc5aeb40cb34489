"""Members of objects in scripts of a page: which of several of one name a value is taken from."""

from __future__ import annotations

import re
from dataclasses import replace
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st
from recordings import Session, imported, proved, sent

from loadwright.compiler.agents.decide.torn import JOINED, TORN
from loadwright.compiler.agents.observe.answers.in_items import item_pattern
from loadwright.compiler.plan.model import RegexSource
from loadwright.compiler.plan.template import fixed


def pattern(script: str, value: str) -> str:
    """The pattern by which a value of a page's script is taken that the next request sends in a header."""
    session = Session().add("GET", "/", html=f"<script>{script}</script>")
    result = imported(session.add("POST", "/api/save", sent={"X-Nonce": value}, body="a=1", json="{}"))
    assert proved(result)
    (capture,) = sent(result, 0).captures
    assert isinstance(capture.source, RegexSource)
    assert capture.occurrence == 1
    return fixed(capture.source.pattern)


def test_a_member_is_known_by_the_object_around_it() -> None:
    script = 'var news = {"nonce":"a8f31c77e2"};\nvar api = {"root":"/api/","nonce":"c09be6d415"};'
    assert pattern(script, "c09be6d415") == r'api = \{[^{}]*?"nonce":"([^"\\\n<>]+)"'


def test_an_object_inside_of_another_is_known_by_its_name() -> None:
    script = '{"user":{"nonce":"a8f31c77e2"},"post":{"nonce":"c09be6d415"}}'
    assert pattern(script, "c09be6d415") == r'"post":\{"nonce":"([^"\\\n<>]+)"'


def test_one_alone_is_known_by_its_own_name() -> None:
    assert pattern('var api = {"wp_nonce":"", "nonce":"c09be6d415"};', "c09be6d415") == r'"nonce":"([^"\\\n<>]+)"'


def test_a_name_that_may_be_another_one_next_time_is_no_anchor() -> None:
    session = Session().add("GET", "/", html='<script>{"p1044":{"nonce":"a8f31c77e2"},"p1045":{"nonce":"c09be6d415"}}</script>')
    result = imported(session.add("POST", "/api/save", sent={"X-Nonce": "c09be6d415"}, body="a=1", json="{}"))
    (capture,) = sent(result, 0).captures
    assert isinstance(capture.source, RegexSource)
    assert "p1045" not in capture.source.pattern
    assert capture.occurrence == 2


@pytest.mark.parametrize("token", ["Zk3vQ9xT7bLm2WcR8nYp<aB4dE6gH", "Zk3vQ9xT7bLm2WcR8nYp>aB4dE6gH"])
def test_a_token_with_an_angle_bracket_is_taken_whole(token: str) -> None:
    for page in (f"<script>var nonce = '{token}';</script>", f'<script>S = {{"user": {{"nonce": "{token}"}}}};</script>'):
        session = Session().add("GET", "/", html=page)
        result = imported(session.add("POST", "/do", body=f"nonce={quote(token)}", json='{"ok": 1}'))
        assert proved(result)
        (capture,) = sent(result, 0).captures
        assert isinstance(capture.source, RegexSource)
        assert fixed(capture.source.pattern).endswith(("([^'\\\\\\n]+)'", '([^"\\\\\\n]+)"'))


def test_a_token_is_taken_from_a_script_that_writes_characters_as_hexadecimal() -> None:
    page = "<script>var uploadId = 'J04wkMJYL1cjhIRPi0HV\\x2bEvYk3zRM\\x3d', build = '7';</script>"
    made = (
        Session().add("GET", "/", html=page).add("POST", "/do", body="uploadId=J04wkMJYL1cjhIRPi0HV%2BEvYk3zRM%3D", html="<p>Done")
    )
    result = imported(made)
    assert "J04wkMJYL1" not in str(sent(result, 1).body)
    assert "jsonunescape" in str(sent(result, 1).body)
    assert proved(result)


def test_a_number_is_taken_from_a_stream_of_events() -> None:
    stream = 'event: hello\ndata: {"runId":48213,"n":1}\n\nevent: tick\ndata: {"n":2}\n\n'
    session = Session().add("POST", "/ask", body="q=1", html=stream)
    headers = (("Content-Type", "text/event-stream"),)
    answer = replace(session.entries[0].response, media_type="text/event-stream", headers=headers)
    session.entries[0] = replace(session.entries[0], response=answer)
    result = imported(session.add("POST", "/runs", body="run_id=48213", json="{}"))
    (capture,) = sent(result, 0).captures
    assert '"runId":' in str(capture.source)
    assert proved(result)


@pytest.mark.parametrize(("sign", "is_torn"), [("<", True), ("\\", True), ("é", True), (".", False), ("|", False)])
def test_pieces_of_a_token_are_not_taken_for_the_whole(sign: str, is_torn: bool) -> None:
    left, right = "79ymlGePqc2e6gRezZ7r", "C4iNga8Xk2Qw"
    page = f'<div data-a="{{&quot;token&quot;: &quot;{left}&quot;}}" data-b="{{&quot;key&quot;: &quot;{right}&quot;}}"></div>'
    session = Session().add("GET", "/", html=page)
    result = imported(session.add("POST", "/do", body=f"nonce={quote(left + sign + right)}", json="{}"))
    assert ("unresolved" in [d.verdict for d in result.decisions]) is is_torn
    assert left not in str(sent(result, 1).body)
    assert proved(result)


@pytest.mark.parametrize("before", ["jYdLUWtlHU4tLVhhIuYSdJsWNN", "LVhhIuYSdJsWNNkQwXz"])
def test_what_stands_before_a_value_holds_no_part_of_a_token(before: str) -> None:
    page = f"<script>init({{ uploadId: \"{before}\", retries: 3 }}); setKey('BsoI1lIvPe52');</script>"
    session = Session().add("GET", "/", html=page).add("POST", "/do", body="key=BsoI1lIvPe52", html="<p>Done")
    result = imported(session)
    (capture,) = sent(result, 0).captures
    assert isinstance(capture.source, RegexSource)
    assert before[-8:] not in fixed(capture.source.pattern)
    assert proved(result)


@pytest.mark.parametrize("value", ["79ymlGePqc2e6gRezZ7r日本", "日79ymlGePqc2e6gRezZ7r"])
def test_a_token_joined_with_a_letter_of_another_alphabet_is_not_taken_without_it(value: str) -> None:
    token = value.strip("日本")
    session = Session().add("GET", "/", html=f'<div data-a="{{&quot;token&quot;: &quot;{token}&quot;}}"></div>')
    result = imported(session.add("POST", "/do", body=f"nonce={quote(value)}", json="{}"))
    assert "unresolved" in [d.verdict for d in result.decisions]
    assert token not in str(sent(result, 1).body)
    assert proved(result)


def test_a_pattern_between_members_has_an_end() -> None:
    """Without one, a long script with few braces takes time in the square of its length."""
    row = '{"id":48213778,"title":"Silk rug"}'
    start = row.index("48213778")
    found = item_pattern(row, '"id":', r"(\d+)", start, start + 8)
    assert re.findall(found, row) == ["48213778"]
    assert not re.findall(found, row.replace(",", "," + "x" * 1000))


@given(st.lists(st.sampled_from(["Ab3dEf7hIj", "x", ".", "-", "<", "é", " ", "\\"]), max_size=12).map("".join))
def test_pieces_are_found_as_the_plain_patterns_find_them(text: str) -> None:
    piece = r"[A-Za-z0-9_+/=.~-]{8,}"
    assert TORN.findall(text) == re.findall(rf"({piece})[<>'\"\\`^\x80-\U0010ffff]({piece})", text)
    assert JOINED.findall(text) == re.findall(rf"({piece})(?=[^\W\x00-\x7f])|(?<=[^\W\x00-\x7f])({piece})", text)


def test_a_short_value_of_a_query_that_a_script_joins_with_an_address_is_taken_by_its_name() -> None:
    page = '<script>location.replace("/faces/main?_loop=" + l + "&_window=0&_ctrl-state=5bhegig_4");</script>'
    session = Session().add("GET", "/faces/main", html=page)
    session.add("GET", "/faces/main?_window=0&_ctrl-state=5bhegig_4", status=302, location="/faces/main?_ctrl-state=5bhegig_4")
    result = imported(session.add("GET", "/faces/main?_ctrl-state=5bhegig_4", html="<h1>Main</h1>"))
    assert len(sent(result, 0).captures) == 1
    assert "5bhegig_4" not in str([sent(result, n).url for n in (1, 2)])
    assert proved(result)
