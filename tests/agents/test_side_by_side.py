"""Two recordings side by side: what only one of them has takes no other's partner, in an import and in its proof."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st
from recordings import BASE, Session, imported, sent
from test_other_recording import CALL, PAGE, held

from loadwright.compiler.agents.decide.align import aligned
from loadwright.compiler.plan.model import FormBody
from loadwright.compiler.recording.model import Entry

KINDS = st.sampled_from(["page", "call", "post", "picture"])
PLACES = st.lists(st.integers(0, 60), max_size=6, unique=True)


def session(kinds: list[str], more: list[int], without: list[int]) -> dict[int, Entry]:
    """By number the requests of a session, without some of them; before each of some places it does something of its own."""
    made, numbers = Session(), []
    for number, kind in enumerate(kinds):
        if number in more:
            made.add("GET", f"/own/{'abcdefg'[number % 7]}", json="{}", sent=CALL)
            numbers.append(-1)
        if number in without:
            continue
        place = "".join("abcdefghij"[int(digit)] for digit in str(number))
        match kind:
            case "page":
                made.add("GET", f"/{place}", html="<title>Page</title>", sent=PAGE)
            case "call":
                made.add("GET", f"/api/{place}", json="{}", sent=CALL)
            case "post":
                made.add("POST", f"/{place}", body="a=b", json="{}")
            case _:
                made.add("GET", f"/{place}.png", received={"Content-Type": "image/png"})
        numbers.append(number)
    return {number: entry for number, entry in zip(numbers, made.entries, strict=True) if number >= 0}


@settings(max_examples=60)
@given(st.lists(KINDS, max_size=40), PLACES, PLACES)
def test_what_only_one_recording_has_does_not_disturb_the_rest(kinds: list[str], more: list[int], without: list[int]) -> None:
    ours, theirs = session(kinds, [], []), session(kinds, more, without)
    pairs = aligned(list(ours.values()), list(theirs.values()))
    assert pairs == {ours[number].index: entry.index for number, entry in theirs.items()}
    back = aligned(list(theirs.values()), list(ours.values()))
    assert back == {theirs: ours for ours, theirs in pairs.items()}


def asked(*calls: str) -> list[Entry]:
    made = Session()
    for call in calls:
        made.add("GET", f"/{call}", html="<p>", sent=PAGE) if call[:1].isupper() else made.add("POST", f"/{call}", body="a=b")
    return made.entries


def test_of_calls_that_are_alike_the_names_of_their_fields_tell() -> None:
    first, second = Session(), Session()
    for body in ("text=Apples", "texthash=8002153e"):
        first.add("POST", "/stash", body=body, json="{}")
    second.add("POST", "/stash", body="texthash=583def0c", json="{}")
    assert aligned(first.entries, second.entries) == {1: 0}


def test_calls_that_change_places_are_paired_between_the_same_pages_alone() -> None:
    assert aligned(asked("A", "x", "y", "B"), asked("A", "y", "x", "B")) == {0: 0, 1: 2, 2: 1, 3: 3}
    assert aligned(asked("A", "B", "C", "y", "D"), asked("A", "y", "B", "C", "D")) == {0: 0, 1: 2, 2: 3, 4: 4}


def test_a_request_of_one_recording_alone_is_told_once() -> None:
    def polled(token: str, times: int) -> Session:
        made = Session(token).add("GET", "/start", html=f'<input name=t value="{token}">', sent=PAGE)
        for number in range(times):
            made.add("POST", "/log", body=f"number={number}", json="{}", sent=CALL)
        made.add("POST", "/save", body=f"t={token}", json="{}")
        return made.add("POST", "/log", body="number=end", json="{}", sent=CALL)

    outcome = held(polled("h3Kq9ZpX71vRt0LmWc82Yd", 3), polled("Zk3vQ8mT1xLw4RsPa6Uf0J", 2))
    assert [f.message for f in outcome.findings] == ["`POST /log`: only in one recording: no entry of this one is this request"]
    assert "5 of 6 requests are equal" in outcome.detail
    more = held(polled("h3Kq9ZpX71vRt0LmWc82Yd", 2), polled("Zk3vQ8mT1xLw4RsPa6Uf0J", 3))
    assert more.held
    assert more.detail.endswith(", 1 are only in it")


def test_a_request_to_another_address_is_told_at_its_place() -> None:
    def session(last: str) -> Session:
        return Session(last).add("GET", "/start", html="<p>", sent=PAGE).add("POST", f"/notes/{last}", body="a=b", json="{}")

    (finding,) = held(session("17"), session("18")).findings
    assert "it differs from the recording in URL" in finding.message


def test_a_page_of_another_kind_says_nothing_of_where_its_number_comes_from() -> None:
    """A call of a script was sent while the form for a new thing was shown there, and that of the thing here."""

    def session(number: int, shown: str, token: str) -> Session:
        made = Session(token).add("GET", "/items", html="<p>", sent=PAGE)
        made.add("POST", "/api/items", body="name=Lamp", json=f'{{"item_id": "{number}"}}', sent=CALL)
        made.add("POST", f"/api/items/{number}", body="name=Lamp", json="{}", sent=CALL)
        return made.add("POST", "/api/jobs", body="a=b", json="{}", sent={**CALL, "Referer": f"{BASE}/items/{shown}"})

    result = imported(session(14, "14", "one"), session(15, "create", "two"))
    (referer,) = (h for h in sent(result, 3).headers if h.name == "Referer")
    assert "14" not in str(referer.value)


def test_of_two_things_with_one_number_the_one_is_taken_that_is_called_so() -> None:
    def session(number: int) -> Session:
        made = Session(str(number)).add("POST", "/api/import", body="a=b", json=f'{{"file_ids": [{number}]}}', sent=CALL)
        made.add("POST", "/api/files", body=f"file_ids={number}", json="{}", sent=CALL)
        made.add("POST", "/api/views", body="a=b", json=f'{{"id": {number}}}', sent=CALL)
        return made.add("POST", "/api/tasks", body=f"view={number}", json="{}", sent=CALL)

    result = imported(session(5), session(6))
    body = sent(result, 3).body
    assert isinstance(body, FormBody)
    assert [c.name for c in sent(result, 2).captures] == [str(part.name) for part in body.fields[0].value.parts]  # type: ignore[union-attr]
