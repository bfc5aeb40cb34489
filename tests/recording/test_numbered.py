"""WebSockets on which the client numbers its calls: which message answers which, and what is waited for."""

from __future__ import annotations

import pytest
from talks import messages

from loadwright.compiler.recording.numbered import numbered

TALK = (
    '<{"type":"hello"}',
    '>{"type":"auth","key":"k"}',
    '<{"type":"welcome"}',
    '>{"id":1,"type":"subscribe"}',
    '>{"id":2,"type":"list"}',
    '<[{"id": 1,"ok":true},{"id": 2,"result":[]}]',
    '<{"id":1,"event":"made"}',
    '>{"id":3,"type":"create"}',
    '<[{"type":"event"}]',
    '<{"id":3,"result":{}}',
    '>{"id":4,"type":"ask"}',
    '>{"id":5,"type":"ask"}',
    '<{"id":4,"result":{}}',
)


def test_an_answer_is_the_first_message_with_the_number_of_a_call() -> None:
    found = numbered(messages(*TALK))
    assert [m.answers for m in found if not m.sent] == [(), (), ('"id": 1,', '"id": 2,'), (), (), ('"id":3,',), ('"id":4,',)]
    assert [m.counted for m in found if m.sent] == ["", "id", "id", "id", "id", "id"]
    assert all(m.batched for m in found if not m.sent)


def test_the_answer_to_the_last_call_is_waited_for_and_no_event() -> None:
    found = numbered(messages(*TALK))
    assert [m.number for m in found if m.awaited] == [0, 2, 5, 9]


@pytest.mark.parametrize(
    "lines",
    [
        ('>{"id":1}', '<{"id":1}', '>{"id":2}', '<{"id":2}'),  # two calls are too few
        ('>{"id":7}', '<{"id":7}', '>{"id":3}', '<{"id":3}', '>{"id":9}'),  # ids of things
        ('>{"id":7}', '>{"id":7}', '>{"id":7}', '<{"id":7}'),
        (">hello", "<there", '>{"id":"a"}'),
    ],
)
def test_numbers_that_do_not_count_up_number_no_calls(lines: tuple[str, ...]) -> None:
    assert numbered(messages(*lines)) == messages(*lines)


def test_one_answer_a_message_is_no_batch() -> None:
    found = numbered(messages('>{"id":1}', '<{"id":1,"a":1}', '>{"id":2}', '<{"id":2}', '>{"id":3}', '<{"id":3}'))
    assert [m.answers for m in found if not m.sent] == [('"id":1,',), ('"id":2}',), ('"id":3}',)]
    assert not any(m.batched for m in found)


def test_what_is_sent_in_one_go_may_be_numbered_in_any_order() -> None:
    lines = ('>{"cmd":"start","_id":2}', '>{"cmd":"start","_id":1}', '<{"msg":"OK","_id":2}', '<{"msg":"OK","_id":1}')
    found = numbered(messages(*lines, '>{"cmd":"stop","_id":3}', '<{"k":"jobs/1/new"}', '<{"msg":"OK","_id":3}'))
    assert [m.answers for m in found if not m.sent] == [('"_id":2}',), ('"_id":1}',), (), ('"_id":3}',)]
