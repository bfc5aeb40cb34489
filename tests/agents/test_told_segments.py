"""Words of paths that an answer told: the name of a tenant, in small letters, which two recordings have otherwise."""

from __future__ import annotations

from recordings import Session, imported, proved, sent

from loadwright.compiler.agents.decide.align import same_journey
from loadwright.compiler.plan.describe import describe_source


def worked(tenant: str, name: str, told: bool = True) -> Session:
    session = Session(name).add("GET", "/whoami", json=f'{{"org": {{"slug": "{tenant if told else "none"}"}}}}')
    session.add("GET", f"/o/{tenant}/boards", json='{"boards": []}').add("GET", f"/o/{tenant}/members", json='{"members": []}')
    return session.add("POST", f"/o/{tenant}/cards", body='{"title": "Pump"}', sends="application/json", json='{"ok": true}')


def test_a_tenant_in_small_letters_is_taken_from_the_answer_that_told_it() -> None:
    result = imported(worked("ddjfcs", "one.har"), worked("w63psw", "two.har"))
    assert len(result.plan.journeys) == 1
    assert [describe_source(c.source) for c in sent(result, 0).captures] == ["json $.org.slug"]
    assert "ddjfcs" not in str([sent(result, n).url for n in (1, 2, 3)])
    assert proved(result)


def test_words_that_nobody_told_are_ways_of_their_own() -> None:
    first, second = worked("invoices", "one.har", told=False), worked("payments", "two.har", told=False)
    assert not same_journey(first.entries, second.entries)


def test_a_word_that_the_user_typed_first_is_no_answers() -> None:
    def named(word: str, name: str) -> Session:
        slug = f'{{"slug": "{word}"}}'
        session = Session(name).add("POST", "/spaces", body=slug, sends="application/json", json=slug)
        return session.add("GET", f"/s/{word}/pages", json="{}").add("GET", f"/s/{word}/people", json="{}")

    assert not sent(imported(named("harbour", "one.har"), named("meadow", "two.har")), 0).captures
