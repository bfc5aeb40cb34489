"""Socket.IO: what acknowledgements give, and short ids in calls whose arguments have no names."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from talks import imported_talk, stream

from loadwright.compiler.agents.importing import Imported
from loadwright.compiler.plan.model import Receive, RegexSource, Send
from loadwright.compiler.plan.template import Part, Reference, Text, fixed, template

OTHERS = '<42["gaugeList",{"2":{"id":2,"name":"Base"},"4":{"id":4,"tagID":4}}]'


def talk(*lines: str, other: Sequence[str] = ()) -> Imported:
    """A conversation of Socket.IO in which calls are acknowledged."""
    opened = ('<0{"sid":"Qm2xR9vB4tK7"}', ">40", '<40{"sid":"r7Kq2mX9vB4t"}')
    another = ('<0{"sid":"b7Wn3pL8sD2h"}', ">40", '<40{"sid":"c4Jt6fZ1yG8e"}', *other) if other else ()
    return imported_talk("http://shop.test/socket.io/?EIO=4&transport=websocket", *opened, *lines, other=another)


def sent(made: Imported) -> list[str]:
    texts = (one.text for one in stream(made.plan).actions if isinstance(one, Send))
    return ["".join(part.value if isinstance(part, Text) else shown(part) for part in text.parts) for text in texts]


def shown(part: Part) -> str:
    return f"${{{part.name}}}" if isinstance(part, Reference) else "…"


def captured(made: Imported) -> dict[str, str]:
    """The patterns of captures, by name."""
    taken = (c for one in stream(made.plan).actions if isinstance(one, Receive) for c in one.captures)
    return {c.name: fixed(c.source.pattern) for c in taken if isinstance(c.source, RegexSource)}


MADE = (
    OTHERS,
    '>420["add",{"name":"Crane"}]',
    OTHERS,
    '<430[{"ok":true,"gaugeID":4}]',
    '>421["addTag",{"name":"east"}]',
    '<431[{"ok":true,"tag":{"name":"east","id":2}}]',
)


def test_a_number_without_a_name_is_of_the_thing_that_its_call_speaks_of() -> None:
    made = talk(*MADE, '>422["addGaugeTag",2,4]', '<432[{"ok":true}]', '>423["deleteTag",2]', '<433[{"ok":true}]')
    assert captured(made) == {
        "gauge_id": r'430\[[^\n]*?"gaugeID":(\d+)[,}]',
        "tag_id": r'431\[[^\n]*?"tag":\{[^{}]*?"id":(\d+)[,}]',
    }
    assert [text for text in sent(made) if "Tag" in text][1:] == [
        '422["addGaugeTag",${tag_id},${gauge_id}]',
        '423["deleteTag",${tag_id}]',
    ]
    assert all(not proof.findings for _, proof in made.proofs)


def test_the_id_of_an_object_that_is_sent_back_is_of_that_thing_too() -> None:
    made = talk(
        *MADE, '>422["getBoard","pier"]', '<432[{"config":{"id":7,"list":[{"id":9}]}}]', '>423["saveBoard",{"id":7}]', "<433[]"
    )
    assert list(captured(made).values()) == [r'432\[[^\n]*?"config":\{[^{}]*?"id":(\d+)[,}]']
    assert sent(made)[-1] != '423["saveBoard",{"id":7}]'


def test_what_is_of_another_thing_or_of_two_stays() -> None:
    rest = ('>422["getHours",4]', "<432[]", '>423["setGaugeLevel",4,4]', "<433[]")
    made = talk(*MADE, *rest)
    assert captured(made) == {}
    assert sent(made)[-2:] == [line[1:] for line in rest[::2]]
    assert [one.where for one in made.left] == ["entry 0 message 11 SEND: json /1", "entry 0 message 11 SEND: json /2"]


def test_nothing_short_is_taken_from_an_event_or_a_list_of_others() -> None:
    made = talk('>420["getTags"]', '<430[{"tags":[{"id":2},{"id":3}]}]', OTHERS, '>421["deleteTag",{"tagID":2}]', "<431[]")
    assert captured(made) == {}


def test_an_answer_is_awaited_by_its_number_and_may_not_say_that_it_failed() -> None:
    receives = [one for one in stream(talk(*MADE).plan).actions if isinstance(one, Receive)]
    assert [one.containing for one in receives][-2:] == [template("430["), template("431[")]
    assert [len(one.expectations) for one in receives][-2:] == [1, 1]
    assert [len(one.expectations) for one in receives][:2] == [0, 0]


def test_the_version_of_what_is_changed_is_taken_where_its_id_stands_beside_it() -> None:
    made = talk(
        *MADE,
        '>422["openGauge",4]',
        '<432[{"ok":true,"gauge":{"id":4,"name":"Crane","version":3,"spare":{"version":5}}}]',
        '>423["changeGauge",{"id":4,"version":3,"name":"Crane"}]',
        '<433[{"ok":true,"gauge":{"id":4,"version":6}}]',
        '>424["changeTag",{"id":2,"version":6}]',
        "<434[]",
    )
    assert captured(made)["version"] == r'432\[[^\n]*?"gauge":\{[^{}]*?"version":(\d+)[,}]'
    assert [text for text in sent(made) if "change" in text] == [
        '423["changeGauge",{"id":${gauge_id},"version":${version},"name":"…"}]',
        '424["changeTag",{"id":${tag_id},"version":6}]',
    ]


def asked(room: str) -> list[str]:
    """A call that is answered with one value, which the next call sends."""
    opens = f'>421["rooms.open",{{"roomId":{room}}}]'
    return ['>420["rooms.find","ola"]', f"<430[null,{room}]", opens, "<431[null]"]


def test_the_only_value_of_an_answer_is_taken_where_the_next_call_sends_it_as_an_id() -> None:
    made = talk(*asked('"7"'))
    assert captured(made) == {"returned_id": r'430\[(?:null,)?"([^"\\\n]+)"\]'}
    assert sent(made)[-1] == '421["rooms.open",{"roomId":"…"}]'
    assert all(not proof.findings for _, proof in made.proofs)


def test_a_number_may_count_and_is_so_taken_from_two_recordings_alone() -> None:
    assert captured(talk(*asked("7"))) == {}
    assert captured(talk(*asked("7"), other=asked("9"))) == {"returned": r"430\[(?:null,)?(\d+)\]"}


def test_what_both_recordings_were_answered_with_is_taken() -> None:
    assert captured(talk(*asked('"7"'), other=asked('"9"'))) == {"returned_id": r'430\[(?:null,)?"([^"\\\n]+)"\]'}


TOPIC = ('>420["topics.post",{"title":"Crane"}]', '<430[null,{"tid":"7","cid":"2"}]')


@pytest.mark.parametrize(
    ("call", "is_taken"),
    [
        ('["topics.markAsRead",["7"]]', True),
        ('["topics.markAsRead","7"]', True),
        ('["topics.delete",{"tids":["7"]}]', True),
        ('["topics.markAsRead",["7","7"]]', False),
        ('["modules.topics.load",["7"]]', False),
        ('["posts.load","7"]', False),
    ],
)
def test_an_id_may_be_called_by_the_initial_of_its_thing_and_several_by_a_plural(call: str, is_taken: bool) -> None:
    made = talk(*TOPIC, f">42{call}")
    assert ("7" not in sent(made)[-1]) is is_taken
    assert captured(made) == ({"tid": r'430\[[^\n]*?"tid":"([^"\\\n]+)"'} if is_taken else {})


def test_digits_in_a_text_that_an_answer_gave_as_an_id_stay_and_are_told() -> None:
    assert [one.where for one in talk(*TOPIC, '>42["editor.push","7"]').left] == ["entry 0 message 5 SEND: json /1"]
    assert talk(*TOPIC, '>42["editor.push",7]').left == []


def test_calls_of_two_recordings_are_paired_by_their_events() -> None:
    rest = ('>42["rooms.leave"]', '>42["rooms.enter","pier"]')
    made = talk('>42["rooms.leave"]', *rest, other=rest)
    assert "rooms.leave" not in {variable.value.literal for variable in made.plan.variables}
    assert sent(made)[1:] == [line[1:] for line in ('>42["rooms.leave"]', *rest)]
