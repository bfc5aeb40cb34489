"""What a capture by number says of the number of matches: written where the recordings agree on it, and told where they do not."""

from __future__ import annotations

from json import dumps

from recordings import Session, imported, proved, sent

from loadwright.compiler.agents.decide.match_numbers import count_matches
from loadwright.compiler.agents.decisions import Decision, Decisions
from loadwright.compiler.agents.importing import Imported
from loadwright.compiler.plan.model import Capture, JsonSource
from loadwright.compiler.plan.node import DecisionOrigin

TOKENS = ("Kx7Qm2Vt9Lr4Ws8Z", "p3Nf6Hc1Jb5Gd0Ty", "u8Ra2Ek7Mo4Xi9Cq", "Zt1Bv6Wn3Sd8Pf5L")
OTHERS = ("b6Yh3Tg9Rf2Ed7Wc", "N4mK8jL1hG5fD0sA", "q9Wz2Xe6Cv3Rb7Tn", "Lp0Ok4Ij8Uh1Yg5F")


def forms(*tokens: str) -> str:
    inputs = "".join(
        f'<form action="/save" method="post"><input type="hidden" name="t" value="{token}"></form>' for token in tokens
    )
    return f"<html><head><title>Forms</title></head><body>{inputs}</body></html>"


def evidence(result: Imported, name: str) -> list[str]:
    (found,) = [d.evidence for d in result.decisions if d.verdict == "extract" and d.variable == name]
    return found


def session(token: str, *tokens: str, name: str = "session.har") -> Session:
    recorded = Session(name)
    recorded.add("GET", "/forms", html=forms(*tokens))
    return recorded.add("POST", "/save", body=f"t={token}", html="<html><title>Saved</title></html>")


def test_a_match_by_number_says_how_many_there_were() -> None:
    result = imported(session(TOKENS[1], *TOKENS[:3]))
    (capture,) = sent(result, 0).captures
    assert (capture.occurrence, capture.recorded) == (2, 3)
    assert "match 2 of 3" in evidence(result, capture.name)


def test_the_first_match_needs_no_number() -> None:
    result = imported(session(TOKENS[0], *TOKENS[:3]))
    (capture,) = sent(result, 0).captures
    assert (capture.occurrence, capture.recorded) == (1, None)


def test_recordings_that_agree_confirm_the_number() -> None:
    result = imported(session(TOKENS[1], *TOKENS[:3]), session(OTHERS[1], *OTHERS[:3], name="second.har"))
    (capture,) = sent(result, 0).captures
    assert (capture.occurrence, capture.recorded) == (2, 3)


def test_where_the_recordings_differ_in_it_another_number_is_no_drift() -> None:
    result = imported(session(TOKENS[1], *TOKENS[:3]), session(OTHERS[1], *OTHERS, name="second.har"))
    (capture,) = sent(result, 0).captures
    assert (capture.occurrence, capture.recorded) == (2, None)
    told = "match 2 of 3, of 4 in the other recording: another number of them is no sign of drift"
    assert told in evidence(result, capture.name)


def test_an_item_of_a_list_by_its_place_says_how_long_the_list_was() -> None:
    recorded = Session("list.har")
    recorded.add("GET", "/parts", json=dumps({"parts": TOKENS}))
    recorded.add("POST", "/assemble", body=dumps({"part": TOKENS[2]}), sends="application/json", json='{"done":true}')
    result = imported(recorded)
    assert proved(result)
    (capture,) = sent(result, 0).captures
    assert "item 3 of 4" in evidence(result, capture.name)


def test_matches_are_counted_where_a_path_goes_by_an_index_too() -> None:
    answer = dumps({"items": [{"tags": ["a", "b", "c"]}, {"tags": ["d"]}, {"tags": []}]})
    (entry,) = Session().add("GET", "/items", json=answer).entries
    source = JsonSource(path="$.items[*].tags[0]")
    capture = Capture(name="tag", source=source, occurrence=2, origin=DecisionOrigin(decision="d1"))
    decision = Decision(id="d1", verdict="extract", variable="tag", value="")
    decisions = Decisions(records=[decision], captures={entry.index: [capture]})
    count_matches(decisions, [entry], {})
    assert (decisions.captures[entry.index][0].recorded, decision.evidence) == (2, ["match 2 of 2"])
