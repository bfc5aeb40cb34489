"""Socket.IO calls that are acknowledged: which packet answers which call, and what is waited for."""

from __future__ import annotations

from talks import messages

from loadwright.compiler.recording.acknowledged import acknowledged, event_of

TALK = (
    '<0{"sid":"x"}',
    ">40",
    '<40{"sid":"y"}',
    '>420["add",{"name":"Crane"}]',
    '<42["list",[1,2]]',
    '<430[{"id":4}]',
    '>421["getTags"]',
    '>42/live,2["getList"]',
    "<431[]",
    '<42/live,["list",[]]',
    "<43/live,2[]",
    "<432[]",
)


def test_an_acknowledgement_answers_the_call_of_its_namespace_and_number() -> None:
    found = acknowledged(messages(*TALK))
    assert [(m.asked, m.answers) for m in found if m.asked] == [
        ("add", ("430[",)),
        ("getTags", ("431[",)),
        ("getList", ("43/live,2[",)),
    ]
    assert [m.number for m in found if m.pushed] == [4, 9]


def test_the_acknowledgement_of_the_last_call_is_waited_for_and_no_event() -> None:
    assert [m.number for m in acknowledged(messages(*TALK)) if m.awaited] == [0, 2, 5, 10]


def test_where_no_call_is_acknowledged_all_stays_as_it_was() -> None:
    talk = messages('>42["say","hello"]', '<42["said","hello"]', '>420["lost"]', "<439[]")
    assert acknowledged(talk) == talk
    assert [event_of([m]) for m in talk] == ["say", "", "lost", ""]
