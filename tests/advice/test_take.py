"""What is taken of an answer: valid names, proved sources; everything else is dropped and told."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from recordings import Session, imported

from loadwright.compiler.advice.model import Answer, NameProposal, SourceProposal
from loadwright.compiler.advice.question import Asked, ask
from loadwright.compiler.advice.take import Taken, take
from loadwright.compiler.agents.importing import Imported
from loadwright.compiler.printer import print_intent

TOKEN, ORDER, INVITE = "u9Xk2LmQ77aBz81Q", "Zk81mQpL0xWvhT5w", "wq92LmZoXYq7LmB3"


def shop(token: str = TOKEN, order: str = ORDER, name: str = "shop.har") -> Session:
    """A journey of three steps with two values of the server and one that the user typed."""
    session = Session(name)
    session.add("GET", "/login", html=f'<h1>Log in</h1><input type="hidden" name="tk" value="{token}"><input name="user">')
    session.add("POST", "/orders", body=f"tk={token}&user=annabel", json=f'{{"x": {{"id": "{order}"}}}}')
    return session.add("GET", f"/orders/{order}", html="<h1>Order</h1>")


def invitation(invite: str = INVITE, later: str = INVITE, name: str = "invite.har") -> Session:
    """A value that the client sent first, and that a page repeats before it is sent again."""
    session = Session(name)
    session.add("GET", f"/join/{invite}", html=f'<h1>Join</h1><form><input type="hidden" name="invite" value="{later}"></form>')
    return session.add("POST", "/accept", body=f"invite={later}&x=1", html="<h1>Welcome</h1>")


def asked(*sessions: Session) -> tuple[list[Session], Imported, Asked]:
    result = imported(*sessions)
    return list(sessions), result, ask([s.source() for s in sessions], result)


def taking(answer: Answer, *sessions: Session) -> Taken:
    _, result, question = asked(*sessions)
    return take([s.source() for s in sessions], result, question, answer)


def names(variables: Sequence[tuple[str, str]] = (), steps: Sequence[tuple[str, str]] = ()) -> Answer:
    return Answer(
        variables=[NameProposal(id=i, name=n) for i, n in variables], steps=[NameProposal(id=i, name=n) for i, n in steps]
    )


def reasons(taken: Taken) -> list[str]:
    return [p.reason for p in taken.proposals]


def test_a_question_speaks_of_steps_and_variables_without_their_values() -> None:
    _, _, question = asked(shop())
    told = question.question
    assert [(s.name, s.requests) for s in told.steps] == [
        ("Step 1", ("GET /login",)),
        ("Step 2", ("POST /orders",)),
        ("Step 3", ("GET /orders/{id}",)),
    ]
    assert [v.name for v in told.variables] == ["tk", "user", "x_id"]
    first = told.variables[0]
    assert first.value is not None
    assert (first.value.kind, first.value.length, first.value.alphabet) == ("token", 16, "letters and digits")
    assert "css input[name=tk]" in first.comes_from
    assert first.sent_in == ("entry 1 POST /orders: form tk",)


def test_names_are_taken_everywhere() -> None:
    taken = taking(names([("v1", "csrf_token"), ("v2", "login_name"), ("v3", "order_id")], [("s2", "Place an order")]), shop())
    assert reasons(taken) == [""] * 4
    text = print_intent(taken.imported.plan)
    assert 'capture csrf_token = css "input[name=tk]" @value' in text
    assert "tk = csrf_token" in text
    assert "/orders/${order_id" in text
    assert 'let login_name = "annabel"' in text
    assert 'step "Place an order"' in text
    assert [d.variable for d in taken.imported.decisions if d.verdict == "extract"] == ["csrf_token", "order_id"]
    assert [step.name for step in taken.sources[0].outline] == ["Step 1", "Place an order", "Step 3"]
    assert not [finding for _, proof in taken.imported.proofs for finding in proof.findings]
    assert {d.proof for d in taken.imported.decisions if d.verdict == "extract"} == {"P2"}


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ('"; drop', "no lower-case identifier"),
        ("${x}", "no lower-case identifier"),
        ("Order", "no lower-case identifier"),
        ("1st", "no lower-case identifier"),
        ("", "no lower-case identifier"),
        ("a" * 41, "no lower-case identifier"),
        ("ｏrder", "no lower-case identifier"),
        ("x\n", "no lower-case identifier"),
        ("null", "a word of the language"),
        ("capture", "a word of the language"),
        ("uuid", "a word of the language"),
        ("user", "a word of the language"),
        ("x_id", "already a name"),
        ("shop", "already a name"),
        ("no_such", ""),
    ],
)
def test_a_variable_has_a_name_of_the_language_that_is_free(name: str, reason: str) -> None:
    taken = taking(names([("v1", name)]), shop())
    assert len(taken.proposals) == 1
    assert reason in taken.proposals[0].reason
    assert bool(taken.proposals[0].reason) == bool(reason)
    assert ("capture tk =" in print_intent(taken.imported.plan)) == bool(reason)


@pytest.mark.parametrize(
    ("name", "taken"),
    [
        ("Log in as Ann & pay (2/3)", True),
        ("Überweisung bestätigen", True),
        ('Open" { GET "/evil', False),
        ("Open ${password}", False),
        ("Open\nGET /", False),
        ("Open \u202e gnp", False),
        ("\x1b[2J", False),
        (" Open", False),
        ("x" * 61, False),
        ("...", False),
        ("", False),
        ("Step 2", False),
    ],
)
def test_a_step_has_a_name_of_plain_text(name: str, taken: bool) -> None:
    result = taking(names(steps=[("s1", name)]), shop())
    assert (result.proposals[0].reason == "") == taken
    assert (f'step "{name}"' in print_intent(result.imported.plan)) == (taken or name == "Step 2")


def test_of_two_equal_proposals_the_earlier_subject_has_it_whatever_their_order() -> None:
    for order in ([("v1", "thing"), ("v3", "thing")], [("v3", "thing"), ("v1", "thing")]):
        taken = taking(names(order, [("s3", "Same"), ("s1", "Same")]), shop())
        text = print_intent(taken.imported.plan)
        assert "capture thing = css" in text
        assert "capture x_id = json" in text
        assert [(p.subject, p.reason) for p in taken.proposals if not p.reason] == [("tk", ""), ("Step 1", "")]


def test_what_was_not_asked_about_is_dropped() -> None:
    taken = taking(names([("v9", "a_name"), ("v1", "b_name"), ("v1", "c_name"), ("s1", "d_name")]), shop())
    assert [p.proposed for p in taken.proposals if p.reason] == ["a_name", "c_name", "d_name"]
    assert "capture b_name" in print_intent(taken.imported.plan)


def test_a_name_that_stays_is_no_proposal() -> None:
    assert not taking(names([("v1", "tk")], [("s1", "Step 1")]), shop()).proposals


# --- sources of unresolved values -------------------------------------------------------------------------------------


def source(*candidates: str, key: str = "u1") -> Answer:
    return Answer(unresolved=[SourceProposal(id=key, candidates=list(candidates))])


def test_an_unresolved_value_is_asked_about_with_the_places_that_held_it() -> None:
    _, result, question = asked(invitation())
    (told,) = question.question.unresolved
    assert [s.name for s in result.plan.secrets] == [told.name]
    assert "css input[name=invite] @value" in told.candidates[0].place
    assert INVITE not in question.question.model_dump_json()


def test_a_chosen_source_is_taken_for_the_requests_after_it() -> None:
    taken = taking(source("u1c1"), invitation())
    assert reasons(taken) == [""]
    text = print_intent(taken.imported.plan)
    (secret,) = [s.name for s in taken.imported.plan.secrets]
    assert f'GET "/join/${{{secret}}}"' in text
    assert f'capture {secret}_2 = css "input[name=invite]" @value' in text
    assert f"invite = {secret}_2" in text
    assert not [finding for _, proof in taken.imported.proofs for finding in proof.findings]


def test_a_source_that_a_second_recording_refutes_is_dropped() -> None:
    second = Session("again.har")
    second.add("GET", "/join/Mx0Lq88vTzRe51Pa", html='<h1>Join</h1><form><input name="other"></form>')
    second.add("POST", "/accept", body="invite=Mx0Lq88vTzRe51Pa&x=1", html="<h1>Welcome</h1>")
    taken = taking(source("u1c1"), invitation(), second)
    assert reasons(taken) == ["P3 does not hold"]
    assert print_intent(taken.imported.plan) == print_intent(imported(invitation(), second).plan)


def test_a_source_that_a_second_recording_confirms_is_taken() -> None:
    second = invitation("Mx0Lq88vTzRe51Pa", "hQ7vTzRe51PaMx0L", "again.har")
    assert reasons(taking(source("u1c1"), invitation(), second)) == [""]


@pytest.mark.parametrize("answer", [source("u1c9"), source("x"), source("u1c1", key="u7"), source("u1c1", key="v1")])
def test_only_what_was_offered_can_be_chosen(answer: Answer) -> None:
    taken = taking(answer, invitation())
    assert all(reasons(taken))
    assert reasons(taken)
    assert print_intent(taken.imported.plan) == print_intent(imported(invitation()).plan)


def test_a_better_ranked_candidate_that_fails_gives_way_to_the_next() -> None:
    taken = taking(source("u1c7", "u1c1"), invitation())
    assert [bool(reason) for reason in reasons(taken)] == [True, False]
