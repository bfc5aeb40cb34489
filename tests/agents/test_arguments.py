"""Calls of functions with their arguments in a list, all at one address: which number is an id, and which call is which."""

from __future__ import annotations

from json import dumps
from typing import Any

import pytest
from recordings import Session, imported, proved, sent, verdicts

from loadwright.compiler.agents.importing import Imported
from loadwright.compiler.agents.observe.arguments import argument_names
from loadwright.compiler.plan.describe import describe_source
from loadwright.compiler.recording.calls import number_sent, only_lists

RPC = "/rpc"
JSON = "application/json"
MESSAGES = [{"messageID": "23", "priority": 4, "text": "Pump leaks f05fa879"}, {"messageID": "31", "text": "Tea"}]


def called(function: str, *arguments: Any, thing: str = "queues") -> dict[str, Any]:
    return {"type": "exec", "bean": thing, "operation": function, "arguments": list(arguments)}


def asks(session: Session, answer: Any, function: str, *arguments: Any) -> Session:
    return session.add("POST", RPC, body=dumps(called(function, *arguments)), sends=JSON, json=dumps({"value": answer}))


def queue(removed: str, *arguments: Any, messages: Any = MESSAGES, listed: str = "browse(int,int)") -> Session:
    session = Session()
    asks(session, "ok", "sendMessage(java.lang.String)", "Pump leaks f05fa879")
    asks(session, messages, listed, 1, 10)
    return asks(session, True, removed, *arguments)


def taken(result: Imported, number: int) -> list[str]:
    return [describe_source(capture.source) for capture in sent(result, number).captures]


@pytest.mark.parametrize(
    ("function", "arguments", "named"),
    [
        ("removeMessage(long)", ["23"], {"/params/0": "message_id"}),
        ("remove_message", ["true", "23"], {"/params/1": "message_id"}),
        ("sendMessageToDeadLetterAddress(long)", ["23"], {"/params/0": "message_id"}),
        ("host.delete", ["10559"], {"/params/0": "host_id"}),
        ("findOrder", ["23"], {"/params/0": "order_id"}),
        ("listMessages", ["23"], {}),
        ("listMessages", ["48213", "10"], {}),
        ("browse(int,int)", ["1", "10"], {"/params/0": "page", "/params/1": "page"}),
        ("changePriority", ["23", "5"], {}),
        ("removeMessages", ["5"], {}),
        ("delete", ["5"], {}),
        ("setName", ["Tea"], {}),
    ],
)
def test_the_only_number_is_called_after_what_the_function_is_of(
    function: str, arguments: list[str], named: dict[str, str]
) -> None:
    assert argument_names({"method": function, "params": arguments}) == named
    batch = [{"method": "ping", "params": []}, {"method": function, "params": arguments}]
    assert argument_names(batch) == {f"/1{place}": name for place, name in named.items()}


@pytest.mark.parametrize("document", [{"method": "remove"}, {"params": ["5"]}, {"method": 5, "params": ["5"]}, [5], []])
def test_what_calls_nothing_has_no_arguments(document: Any) -> None:
    assert argument_names(document) == {}


def test_an_id_of_two_digits_is_taken_by_what_the_function_is_called() -> None:
    result = imported(queue("removeMessage(long)", 23))
    assert proved(result)
    assert taken(result, 1) == ["json $.value[?(@.text=='Pump leaks ${unique}')].messageID"]
    assert result.left == []


def test_the_number_of_another_thing_is_not_taken() -> None:
    result = imported(queue("removeAddress(long)", 23))
    assert taken(result, 1) == []


@pytest.mark.parametrize(
    ("function", "arguments"), [("changePriority(long,int)", (23, 5)), ("delete", (23,)), ("listParts", (23,))]
)
def test_a_number_that_may_be_an_id_is_told(function: str, arguments: tuple[int, ...]) -> None:
    result = imported(queue(function, *arguments))
    assert taken(result, 1) == []
    assert [one.entry for one in result.left] == [2], "told"


def test_pages_and_what_no_answer_gave_are_not_told() -> None:
    assert imported(queue("listMessages(int,int)", 23, 31)).left == []
    assert imported(queue("changePriority(long,int)", 77, 5)).left == []


def test_what_lists_things_is_posted_but_only_reads() -> None:
    assert only_lists(dumps(called("listQueues(int)", 1)).encode())
    assert only_lists(dumps([called("browse()"), called("countMessages()")]).encode())
    assert not only_lists(dumps([called("browse()"), called("remove(long)", 5)]).encode())
    assert not only_lists(dumps([called("browse()"), {"method": "remove", "params": {"id": 5}}]).encode())
    assert not only_lists(b'{"method": "list", "note": ')
    assert not only_lists(b"[]")
    assert not only_lists(dumps({"method": "list", "name": "Tea"}).encode())


def test_calls_at_one_address_are_paired_by_what_they_call() -> None:
    def recorded(word: str, number: str, *, twice: bool) -> Session:
        session = Session(f"{word}.har")
        asks(session, "ok", "createQueue", f"{word}")
        for _ in range(1 + twice):
            asks(session, 1, "countQueues")
        asks(session, [{"messageID": number, "text": "x"}], "browse", 1)
        return asks(session, True, "removeMessage", int(number))

    result = imported(recorded("tide f05fa879", "23", twice=False), recorded("reef 5b7404a4", "48", twice=True))
    assert taken(result, 2) == ["json $.value[?(@.text=='x')].messageID"]
    assert proved(result)


def test_a_list_in_another_order_is_the_servers() -> None:
    def recorded(word: str, *rights: str) -> Session:
        session = Session(f"{word}.har").add("GET", "/rights", json=dumps({"of": list(rights)}))
        return session.add("POST", RPC, body=dumps({"title": f"Tea {word}", "rights": list(rights)}), sends=JSON, json="{}")

    result = imported(recorded("f05fa879", "read", "move(long)"), recorded("5b7404a4", "move(long)", "read"))
    assert [d.variable for d in result.decisions if d.verdict == "parameterise"] == ["title"]


def test_a_name_inside_of_a_document_is_one_variable() -> None:
    def recorded(name: str, word: str) -> Session:
        session = Session(f"{word}.har")
        asks(session, "ok", "addNote", f"Pump leaks {word}")
        asks(session, "ok", "createQueue", dumps({"name": f"{name}.{word}", "durable": True}))
        return asks(session, "ok", "destroyQueue", f"{name}.{word}")

    result = imported(recorded("ebb", "f05fa879"), recorded("spring", "5b7404a4"))
    assert proved(result)
    assert [v.name for v in result.plan.variables] == ["unique", "arguments", "name"]  # `arguments`: the note


def test_the_value_of_a_pair_is_taken_by_its_name() -> None:
    agent = "192.0.2.2-1456-73bac188-servlet"
    session = Session().add("GET", "/version", json=dumps({"agent_id": agent}))
    session.add("GET", "/list", json=dumps({"beans": {f"type=Server,agent={agent}": {"op": 1}}}))
    session.add("POST", RPC, body=dumps(called("mayCall", f"beans:type=Server,agent={agent}")), sends=JSON, json="{}")
    result = imported(session)
    assert taken(result, 0) == ["json $.agent_id"]
    assert taken(result, 1) == []


def test_a_value_with_dots_in_the_name_of_a_member_is_told() -> None:
    agent = "192.0.2.2-1456-73bac188-servlet"
    session = Session().add("GET", "/version", json=dumps({"agent_id": agent}))
    body = dumps([called("mayCall", f"type=Server,agent={agent}"), called("mayCall", {f"type=Server,agent={agent}": ["read"]})])
    result = imported(session.add("POST", RPC, body=body, sends=JSON, json="[]"))
    assert [one.where for one in result.left] == ["entry 1 POST /rpc: json /1/arguments/0"]


def numbered(number: int, function: str, *arguments: Any) -> str:
    return dumps({"id": number, "method": function, "params": list(arguments)})


def counting(answered: str = '{"id": %d, "result": %s}') -> Session:
    """Menus with the ids 17 to 19 are read, and the calls behind that have these numbers by chance."""
    session = Session()
    menus = dumps([{"id": 16 + n, "name": name} for n, name in enumerate(("Users", "Parties", "Berths"), 1)])
    session.add("POST", RPC, body=numbered(16, "menu.read", [], {"groups": [1, 16]}), sends=JSON, json=answered % (16, menus))
    for number in (17, 18, 19):
        body = numbered(number, "party.save", [{"name": "Pump"}], {"groups": [1, number]})
        session.add("POST", RPC, body=body, sends=JSON, json=answered % (number, "null"))
    return session


def test_the_number_of_a_call_is_the_clients_and_names_nothing_that_was_made() -> None:
    result = imported(counting())
    assert proved(result)
    assert [taken(result, number) for number in range(4)] == [[], [], [], []]
    assert result.left == []


def test_a_number_that_the_answer_does_not_repeat_may_be_an_id() -> None:
    result = imported(counting('{"call": %d, "result": %s}'))
    assert taken(result, 0) != []


@pytest.mark.parametrize(
    ("document", "answer", "number"),
    [
        ({"id": 7, "method": "a.b", "params": []}, '{"jsonrpc": "2.0", "id": 7, "result": null}', "7"),
        ({"id": 7, "method": "a.b", "params": {}}, '{"error": {"code": 1}, "id": 7}', "7"),
        ({"id": 7, "method": "a.b", "params": []}, '{"result": "' + "x" * 900 + '", "id": 7}', "7"),
        ({"id": 7, "method": "a.b", "params": []}, '{"id": 8, "result": null}', ""),
        ({"id": 7, "method": "a.b"}, '{"id": 7, "result": null}', ""),
        ({"id": 7, "method": "post", "params": []}, '{"id": 7, "name": "Tea"}', ""),
        ({"id": 7, "params": []}, '{"id": 7, "result": null}', ""),
        ([7], '{"id": 7, "result": null}', ""),
    ],
)
def test_what_a_call_is_numbered_by(document: Any, answer: str, number: str) -> None:
    assert number_sent(dumps(document).encode(), answer) == number


PARTY = "model.party.party"
WRITTEN = '{"id": 5, "method": "model.party.party.write", "params": [[#], {"city": "Oslo"}, {}]}'
REFERRED = '{"id": 6, "method": "model.note.create", "params": [[{"resource": "party.party,#", "text": "Calls back"}], {}]}'


def making(*later: str, number: str = "7") -> Session:
    """A party is made, among icons of which one has its number, and the requests behind it speak of it."""
    session = Session().add("POST", RPC, body=numbered(3, "icon.read", [6, 7, 8]), sends=JSON, json='{"id": 3, "result": []}')
    made = numbered(4, f"{PARTY}.create", [{"name": "Pump leaks f05fa879"}])
    session.add("POST", RPC, body=made, sends=JSON, json=f'{{"id": 4, "result": [{number}]}}')
    for body in later:
        session.add("POST", RPC, body=body.replace("#", number), sends=JSON, json='{"id": 5, "result": null}')
    return session


@pytest.mark.parametrize("numbers", [["7"], ["7", "9"]])
@pytest.mark.parametrize("later", [(WRITTEN, REFERRED), (REFERRED, WRITTEN)])
def test_what_a_call_made_is_taken_from_its_result_and_known_where_it_is_referred_to(
    numbers: list[str], later: tuple[str, str]
) -> None:
    result = imported(*(making(*later, number=number) for number in numbers))
    assert taken(result, 1) == ["json $.result[0]"]
    assert "party.party,7" not in result.plan.model_dump_json()
    assert ("parameterise", "params") not in verdicts(result)
    assert proved(result)


@pytest.mark.parametrize("referred", ["sea.party,7", "party,7", "party.party,17", "see party.party,7"])
def test_a_reference_is_of_the_kind_of_thing_and_of_its_number(referred: str) -> None:
    result = imported(making(WRITTEN, REFERRED.replace("party.party,#", referred)))
    assert taken(result, 1) == ["json $.result[0]"]
    assert referred in result.plan.model_dump_json()


def test_odoo_calls_a_function_of_a_model() -> None:
    def call(number: int, function: str, *arguments: Any) -> str:
        inner = {"model": "res.partner", "method": function, "args": list(arguments), "kwargs": {}}
        return dumps({"id": number, "jsonrpc": "2.0", "method": "call", "params": inner})

    session = Session().add("POST", RPC, body=call(4, "create", {"name": "Pump"}), sends=JSON, json='{"id": 4, "result": 7}')
    session.add("POST", RPC, body=call(5, "write", [7], {"city": "Oslo"}), sends=JSON, json='{"id": 5, "result": true}')
    about = dumps({"id": 6, "method": "call", "params": {"resource": "res.partner,7", "text": "Calls back"}})
    result = imported(session.add("POST", RPC, body=about, sends=JSON, json='{"id": 6, "result": true}'))
    assert taken(result, 0) == ["json $.result"]
    assert "res.partner,7" not in result.plan.model_dump_json()
    assert proved(result)


def test_what_was_made_of_one_kind_is_not_another() -> None:
    assert taken(imported(making(WRITTEN.replace(PARTY, "model.berth"))), 1) == []


@pytest.mark.parametrize(("function", "told"), [(f"{PARTY}.move", 1), ("model.berth.move", 0)])
def test_of_several_numbers_the_first_is_told_where_a_call_of_the_same_thing_made_it(function: str, told: int) -> None:
    moved = f'{{"id": 5, "method": "{function}", "params": [[#, 3], {{}}]}}'
    assert len(imported(making(moved)).left) == told
