"""Decide who keeps each cookie: the jar, a script of the page, or nobody that the recording tells of."""

from __future__ import annotations

from loadwright.compiler.agents.decide.ledger import Ledger
from loadwright.compiler.agents.decisions import Decision
from loadwright.compiler.agents.facts import Facts, Site
from loadwright.compiler.agents.observe.script_cookies import COOKIE_NAME, COOKIE_VALUE, holds_token, is_analytics_cookie


def _by_script(name: str, ledger: Ledger, facts: Facts) -> list[Site]:
    """Where a cookie that a script sets is sent with a new value, all of which can be told; none where one cannot."""
    sites = [s for sites in facts.sites.values() for s in sites if s.location == "cookie" and s.name == name]
    can_be_sent = all(COOKIE_NAME.fullmatch(s.name) and COOKIE_VALUE.fullmatch(s.value) for s in sites)
    is_told = all(not holds_token(s.value) or ledger.result.slices.get((s.entry, *s.identity)) for s in sites)
    return sites if can_be_sent and is_told else []


def decide_cookies(ledger: Ledger, facts: Facts) -> None:
    """The verdicts on the cookies that requests send."""
    for name, (entry, setter) in facts.cookies_sent.items():
        number, uses = len(ledger.result.records) + 1, [ledger.label(entry)]
        record = Decision(id=f"d{number}", verdict="unresolved", value=f"‹cookie {name}›", uses=uses)
        if setter is not None:
            record.verdict, record.source = "cookie jar", f"{ledger.label(setter)}: Set-Cookie"
            record.evidence.append("the cookie jar keeps it")
        elif is_analytics_cookie(name):
            record.verdict = "ignore"
            record.evidence.append("a cookie of an analytics script")
        elif sites := _by_script(name, ledger, facts):
            ledger.result.cookies.update((site.entry, name) for site in sites)
            if any(ledger.result.slices.get((site.entry, *site.identity)) for site in sites):
                continue  # what stands for it has a decision of its own
            record.verdict = "constant"
            record.evidence.append("a script sets it: no response does, and it was not there from the beginning")
        else:
            ledger.result.unset_cookies[name] = entry
            record.evidence.append("no response sets this cookie; a script may, or the browser had it before the recording")
        ledger.result.records.append(record)
