"""What single-page applications send: what a script calls its page by, pages that are empty shells, assets that a cache had."""

from __future__ import annotations

import pytest
from recordings import Session, imported, proved, sent, verdicts

from loadwright.compiler.agents.prove.proof import prove
from loadwright.compiler.agents.values import is_token
from loadwright.compiler.intent import parse_intent
from loadwright.compiler.plan.template import call, template
from loadwright.compiler.printer import print_intent

SHELL = (
    '<!doctype html><title>Flows</title><body><noscript>Turn scripts on</noscript><div id="app"></div><script src="/a.js"></script>'
)
NAVIGATION = "text/html,application/xhtml+xml,*/*;q=0.8"


def tabs(header: str, *names: str, repeated: bool = True, in_query: bool = False) -> Session:
    session = Session().add("GET", "/", html="<title>Flows</title>")
    for name in names:
        session.add("GET", "/rest/settings", json='{"a":1}', sent={header: name})
        if repeated:
            session.add("GET", f"/rest/push?ref={name}" if in_query else "/rest/flows", json='{"b":1}', sent={header: name})
    return session


@pytest.mark.parametrize(("names", "in_query"), [(("k3j9x0a7pq", "w8d2m5z1rt"), False), (("k3j9x0a7pq",), True)])
def test_what_a_script_calls_its_page_by_is_made_anew(names: tuple[str, ...], in_query: bool) -> None:
    result = imported(tabs("push-ref", *names, in_query=in_query))
    assert verdicts(result) == [("generate", "push_ref"), ("generate", "push_ref_2")][: len(names)]
    assert result.plan.variables[0].value == template(call("lower", call("random_string", "10")))
    assert proved(result)


def test_one_that_is_letters_by_chance_is_made_anew_as_the_others_are() -> None:
    result = imported(tabs("push-ref", "k3j9x0a7pq", "zzymzabval", "w8d2m5z1rt"))
    assert [name for verdict, name in verdicts(result) if verdict == "generate"] == ["push_ref", "push_ref_2", "push_ref_3"]
    assert proved(result)


def test_what_is_drawn_for_two_pages_is_told_apart_in_a_text_without_origins() -> None:
    session = tabs("push-ref", "k3j9x0a7pq", "w8d2m5z1rt")
    plan, _ = parse_intent(print_intent(imported(session).plan), "x.intent")
    assert plan is not None
    source = session.source()
    assert not prove(plan, source.recording, source.selection.kept).findings


@pytest.mark.parametrize(
    ("header", "names", "repeated"),
    [
        ("push-ref", ("k3j9x0a7pq",), True),  # one of them may be a key
        ("X-Call-Digest", ("k3j9x0a7pq", "w8d2m5z1rt"), True),
        ("push-ref", ("k3j9x0a7pq", "w8d2m5z1rt"), False),  # each request has its own: it may be a signature
    ],
)
def test_a_key_or_signature_is_not_made_up(header: str, names: tuple[str, ...], repeated: bool) -> None:
    assert all(verdict == "unresolved" for verdict, _ in verdicts(imported(tabs(header, *names, repeated=repeated))))


def test_a_shell_is_asked_for_as_a_page_is() -> None:
    session = Session().add("GET", "/", html=SHELL, sent={"Accept": NAVIGATION})
    session.add("GET", "/about", html="<title>About</title><p>All that is known of the harbour is told here.</p><script></script>",
                sent={"Accept": NAVIGATION})  # fmt: skip
    result = imported(session)
    assert [h.value for h in sent(result, 0).headers] == [template(NAVIGATION)]
    assert not sent(result, 1).headers


def test_an_asset_that_the_other_recording_had_in_its_cache_is_constant() -> None:
    one, two = "/assets/CLfuWJVE4k9Qz2xY3F.js", "/assets/vN7hwxdxHq3Lr8Tz5b.js"
    page = f'<title>Flows</title><script src="{one}"></script><script src="{two}"></script>'
    first = Session().add("GET", "/", html=page)
    first.add("GET", one, script="1").add("GET", two, script="2").add("GET", "/demo", html=page).add("GET", one, script="1")
    second = Session("other.har").add("GET", "/", html=page)
    second.add("GET", one, script="1").add("GET", two, script="2").add("GET", "/demo", html=page).add("GET", two, script="2")
    result = imported(first, second)
    assert not verdicts(result)
    assert proved(result)


def test_a_word_with_a_number_for_its_letters_is_no_token() -> None:
    assert not is_token("n8n-nodes-base")
    assert not is_token("n8n-nodes-base.manualTrigger")
    assert is_token("k3j9x0a7pq-n8n")


def test_a_file_called_after_a_version_is_no_token() -> None:
    assert not is_token("1.0.0.json")
    assert not is_token("jquery-3.7.1.min.js")
    assert is_token("k3j9x0a7pq.json")


def test_a_fraction_is_no_token() -> None:
    assert not is_token("0.16666666666666666")
    assert is_token("-3434343434123:343434")
