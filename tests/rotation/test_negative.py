"""Plans for proof: which recorded request a request is, what was typed, and a capture replaced by its recorded value."""

from __future__ import annotations

import hashlib
import json

from recordings import BASE, Session

from loadwright.compiler.intent import parse_intent
from loadwright.compiler.plan.model import Plan, Variable
from loadwright.compiler.plan.render import evaluate
from loadwright.compiler.plan.traverse import plan_nodes, requests
from loadwright.compiler.rotation.negative import alone, carried, open_typed, removables, without
from loadwright.compiler.rotation.pairing import journey_of, paired

TEXT = """intent "Notes"

target app = "http://shop.test"

let note = "first"
let city = "Paris"

journey other {
  step "Elsewhere" { GET "/elsewhere" }
}

journey notes {
  step "Open" {
    GET "/notes" { capture token = css "input[name=t]" @value }
    parallel {
      GET "/a.css"
      GET "/b.css"
    }
  }
  step "Write" {
    POST "/notes" {
      form { t = token; text = note }
      capture id = header "Location" matching /\\/notes\\/(.+)/
    }
    PUT "/notes/${id}" { json { place: { city: "${city}" } } }
  }
}

load smoke {
  notes: 3 users, 2 iterations
}

goals { failures < 1% }
"""


def plan() -> Plan:
    return parse_intent(TEXT, "notes.intent")[0]


def session(token: str, note: str, city: str, note_id: str, assets: tuple[str, ...] = ("a", "b")) -> Session:
    recorded = Session().add("GET", "/notes", html=f'<input name="t" value="{token}">')
    for asset in assets:
        recorded.add("GET", f"/{asset}.css")
    recorded.add("POST", "/notes", status=302, body=f"t={token}&text={note}", location=f"/notes/{note_id}")
    body = json.dumps({"place": {"city": city}})
    return recorded.add("PUT", f"/notes/{note_id}", body=body, sends="application/json", json="{}")


def test_the_journey_of_a_recording_is_the_one_that_it_holds() -> None:
    found = journey_of(plan(), session("t0k3n", "first", "Paris", "77").entries)
    assert found is not None
    assert found.name == "notes"
    assert journey_of(plan(), Session().add("GET", "/nothing").entries) is None


def test_assets_are_found_in_any_order_and_may_be_missing() -> None:
    journey = plan().journeys[1]
    for assets, found in ((("b", "a"), 5), (("b",), 4)):
        pairs = paired(plan(), journey, session("t0k3n", "first", "Paris", "77", assets).entries)
        assert len(pairs) == found
        assert all(e.request.url.startswith(BASE + r.name.partition(" ")[2].partition("{")[0]) for r, e in pairs)


def test_what_another_session_typed_comes_from_its_fields() -> None:
    journey = plan().journeys[1]
    pairs = paired(plan(), journey, session("x", "second", "Rome", "78").entries)
    opened = open_typed(plan(), pairs)
    assert {v.name: evaluate(v.value, {}) for v in opened.variables} == {"note": "second", "city": "Rome"}


def test_calls_that_change_places_are_found_all_the_same() -> None:
    text = """intent "Calls"
target app = "http://shop.test"
journey calls {
  step "Save" {
    parallel {
      POST "/save"
      POST "/lint"
      POST "/tree"
    }
    POST "/lint"
  }
}
load smoke { calls: 1 user, 1 iteration }
"""
    whole = parse_intent(text, "calls.intent")[0]
    other = Session()
    for path in ("/save", "/tree", "/lint", "/lint"):
        other.add("POST", path, body="x=1")
    pairs = paired(whole, whole.journeys[0], other.entries)
    assert [entry.index for _, entry in pairs] == [0, 2, 1, 3]


def test_what_another_session_typed_into_a_url_comes_from_there() -> None:
    text = """intent "Search"
target app = "http://shop.test"
let first = "plums"
let second = "pears"
journey search {
  step "Search" {
    GET "/search?in=all&q=${first | formencode}"
    GET "/search?q=${second}&in=${first}"
  }
}
load smoke { search: 1 user, 1 iteration }
"""
    whole = parse_intent(text, "search.intent")[0]
    other = Session().add("GET", "/search?in=all&q=green+plums").add("GET", "/search?q=figs&in=green+plums")
    opened = open_typed(whole, paired(whole, whole.journeys[0], other.entries))
    assert {v.name: evaluate(v.value, {}) for v in opened.variables} == {"first": "green plums", "second": "figs"}


def test_a_capture_becomes_the_value_that_was_recorded() -> None:
    whole = plan()
    found = removables(whole, paired(whole, whole.journeys[1], session("t0k3n", "first", "Paris", "77").entries))
    assert [(r.name, r.recorded) for r in found] == [("token", "t0k3n"), ("id", "77")]
    one = alone(whole, whole.journeys[1])
    assert ([j.name for j in one.journeys], one.goals, len(one.loads)) == (["notes"], (), 1)
    for removed in found:
        changed = without(one, removed)
        left = [c.name for r in requests(changed.journeys[0]) for c in r.captures]
        assert left == [r.name for r in found if r is not removed]
        stale = [n for n in plan_nodes(changed) if isinstance(n, Variable)]
        assert [(v.name, v.value.literal) for v in stale] == [(removed.name, removed.recorded)]


PIECES = """intent "Pieces"
target app = "http://shop.test"
journey a {
  step "Read" {
    GET "/doc" {
      capture doc = json "$.payload"
      capture whole = json "$.payload"
      capture coded = json "$.payload"
      capture left = json "$.payload"
    }
  }
  step "Write" {
    POST "/doc" {
      form {
        ver = doc | after(":") | before(",")
        proof = "${doc | sha256}"
        text = whole
        again = coded | urlencode
        piece = coded | before(",")
      }
    }
  }
}
load smoke { a: 1 user, 1 iteration }
"""


def test_what_is_sent_of_a_recorded_value_is_a_piece_of_it_a_digest_or_the_whole() -> None:
    whole = parse_intent(PIECES, "pieces.intent")[0]
    recorded = "ver:7,id:2ac66971"
    session = Session().add("GET", "/doc", json=json.dumps({"payload": recorded})).add("POST", "/doc", body="ver=7")
    found = removables(whole, paired(whole, whole.journeys[0], session.entries))
    sent = {one.name: carried(whole, whole.journeys[0], one) for one in found}
    digest = hashlib.sha256(recorded.encode()).hexdigest()
    assert sent == {"doc": ["7", digest], "whole": [recorded], "coded": [recorded], "left": [recorded]}


OWN_ROW = """intent "Own row"
target app = "http://shop.test"
let unique = random_string(8) | lower
let title = "Pump leaks ${unique}"
journey own {
  step "Write" { POST "/notes" { form { title = title } } }
  step "Find" {
    GET "/notes" { capture note = json "$.items[?@.title=='${title}'].id"; capture word = regex /(\\w+) of ${unique}/ }
    GET "/notes/${note}/${word}"
  }
}
load smoke { own: 1 user, 1 iteration }
"""


def _noted(title: str, note: str) -> Session:
    rows = [{"id": "n0", "title": "Night lamps"}, {"id": note, "title": title, "said": f"all of {title.rpartition(' ')[2]}"}]
    recorded = Session().add("POST", "/notes", body=f"title={title.replace(' ', '+')}")
    return recorded.add("GET", "/notes", json=json.dumps({"items": rows})).add("GET", f"/notes/{note}/all")


def test_a_capture_by_ones_own_row_has_its_recorded_value() -> None:
    whole = parse_intent(OWN_ROW, "own.intent")[0]
    pairs = paired(whole, whole.journeys[0], _noted("Pump leaks f05fa879", "n7").entries)
    assert [entry.index for _, entry in pairs] == [0, 1, 2]
    assert [(r.name, r.recorded) for r in removables(whole, pairs)] == [("note", "n7"), ("word", "all")]


def test_another_session_made_up_the_word_that_stands_in_its_place() -> None:
    whole = parse_intent(OWN_ROW, "own.intent")[0]
    other = _noted("Copper wires 77ab12cd", "n9")
    opened = open_typed(whole, paired(whole, whole.journeys[0], other.entries))
    assert {v.name: v.value.literal for v in opened.variables} == {"unique": "77ab12cd", "title": "Copper wires 77ab12cd"}
