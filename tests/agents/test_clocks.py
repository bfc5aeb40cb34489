"""The client's clock as people read it, inside of longer texts, and the bounds of its day."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from urllib.parse import quote

import pytest
from recordings import START, Session, imported, proved, sent, verdicts

from loadwright.compiler.agents.prove.proof import prove
from loadwright.compiler.plan.describe import describe_source
from loadwright.compiler.recording.model import Recording

DAY = datetime.fromtimestamp(START / 1000, UTC)
NOW = DAY.strftime("%Y-%m-%d %H:%M:%S")


def asked(text: str, *, told: str = "") -> str:
    """What an import makes of a list that is asked for with a text."""
    session = Session().add("GET", "/session", json=f'{{"since": "{told}"}}')
    result = imported(session.add("GET", f"/members?filter={quote(text)}", json="[]"))
    assert proved(result)
    return result.plan.model_dump_json()


@pytest.mark.parametrize(
    ("text", "formats"),
    [
        (f"created_at:<='{NOW}'", ["YYYY-MM-DD hh:mm:ss"]),
        (f"created<{NOW}.250", ["YYYY-MM-DD hh:mm:ss.SSS"]),
        (f"created gt {NOW.replace(' ', 'T')}Z", ["YYYY-MM-DD", "hh:mm:ss"]),
        (f"{DAY:%Y-%m-%d}T00:00:00.000Z", ["YYYY-MM-DD"]),
        (f"{DAY:%Y-%m-%d}T23:59:59.999Z", ["YYYY-MM-DD"]),
    ],
)
def test_the_clock_in_a_text_is_read_anew(text: str, formats: list[str]) -> None:
    plan = asked(text)
    assert all(f'"{form}"' in plan for form in formats)
    assert f"{DAY:%Y-%m-%d}" not in plan


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (f"created_at:<='{NOW}'", NOW),  # the server said when
        ("created_at:<='2019-04-01 10:00:00'", ""),  # long ago: a date that somebody chose
        (f"day eq {DAY:%Y-%m-%d}", ""),
        (f"version {DAY:%Y-%m-%d}T00:00:00-beta", ""),
        ("at 2023-13-41 25:61:61", ""),
    ],
)
def test_another_time_in_a_text_stays(text: str, told: str) -> None:
    assert '"now"' not in asked(text, told=told)


def moment(seconds: float, form: str = "milliseconds") -> str:
    """A time as scripts write it, so many seconds after the recording began."""
    return (DAY + timedelta(seconds=seconds)).isoformat(timespec=form).replace("+00:00", "Z")


CLOCK = 0.231
"""A time of no full second, as clocks have."""


def reckoned(since: str, until: str) -> str:
    """What an import makes of a range that is asked for twice, the second time without its end."""
    session = Session().add("GET", f"/runs?after={quote(since)}&before={quote(until)}", json="[]")
    result = imported(session.add("GET", f"/metrics?start={quote(since)}", json="[]"))
    assert proved(result)
    return result.plan.model_dump_json()


@pytest.mark.parametrize(("hours", "offset"), [(-24, "-1d"), (-0.25, "-15m"), (-1.5, "-1h30m"), (24 * 30, "+30d"), (-36, "-1d12h")])
@pytest.mark.parametrize("unit", ["iso", "ms"])
def test_a_time_reckoned_from_the_clock_is_reckoned_again(hours: float, offset: str, unit: str) -> None:
    since, until = moment(CLOCK + hours * 3600), moment(CLOCK)
    if unit == "ms":
        since, until = (str(round(START + (CLOCK + h * 3600) * 1000)) for h in (hours, 0))
    plan = reckoned(since, until)
    assert f'"{offset}"' in plan
    assert since not in plan
    assert until not in plan


@pytest.mark.parametrize(
    ("since", "until"),
    [
        (moment(CLOCK - 86400.7), moment(CLOCK)),  # another second: chosen by somebody
        (moment(CLOCK - 86400), moment(CLOCK - 5 * 86400)),  # none of them is now
        (moment(CLOCK - 500 * 86400), moment(CLOCK)),  # longer ago than anybody looks back
    ],
)
def test_a_time_that_has_nothing_to_do_with_the_clock_stays(since: str, until: str) -> None:
    assert since in reckoned(since, until).replace("%3A", ":")


def test_an_answered_time_is_taken_whole_though_the_client_wrote_it_otherwise() -> None:
    said, answered = moment(CLOCK), moment(CLOCK, "microseconds")
    session = Session().add(
        "POST", "/runs", body=f'{{"date":"{said}"}}', sends="application/json", json=f'{{"id":"r","run_after":"{answered}"}}'
    )
    session.add("GET", f"/grid?run_after_gte={quote(answered)}&run_after_lte={quote(answered)}", json="[]")
    result = imported(session)
    assert [describe_source(c.source) for c in sent(result, 0).captures] == ["json $.run_after"]
    assert "23%3A2" not in result.plan.model_dump_json()
    assert proved(result)


@pytest.mark.parametrize("answered", ["2023-11-14T22:13:20.000Z", "2023-11-14T22:13:20Z", "2023-11-14"])
def test_a_time_of_a_full_second_may_be_another_ones(answered: str) -> None:
    session = Session().add("GET", "/session", json=f'{{"since":"{answered}"}}')
    result = imported(session.add("GET", f"/grid?run_after={quote(answered)}", json="[]"))
    assert verdicts(result) == []


def test_two_clocks_of_one_address_are_told_apart_by_a_proof() -> None:
    session = Session()
    for seconds in (0.031, 0.281):
        session.clock = START + seconds * 1000
        session.add("GET", f"/runs?after={quote(moment(seconds - 86400))}&before={quote(moment(seconds))}", json="[]")
        session.add("GET", f"/runs?after={quote(moment(seconds - 86400))}&before={quote(moment(seconds))}", json="[]")
    result = imported(session)
    assert [v.name for v in result.plan.variables] == ["after", "before", "after_2", "before_2"]
    assert proved(result)
    foreign = Recording("again.har", session.source().recording.entries)
    assert prove(result.plan, foreign, [e.index for e in foreign.entries]).findings == []


def test_a_time_on_the_full_minute_was_chosen() -> None:
    minute = START - START % 60_000
    begins, ends = (
        datetime.fromtimestamp((minute + more) / 1000, UTC).isoformat(timespec="milliseconds") for more in (0, 3_600_000)
    )
    times = (time.replace("+00:00", "Z") for time in (begins, ends))
    body = '{{"title": "Talk", "start": "{}", "end": "{}"}}'.format(*times)
    result = imported(Session().add("POST", "/meetings", body=body, sends="application/json", json='{"id": 1}'))
    assert '"now"' not in sent(result, 0).model_dump_json()
    assert not result.plan.variables


@pytest.mark.parametrize(("name", "is_made"), [("rnd", True), ("zoom", False)])
def test_a_fraction_that_is_drawn_against_caches_is_drawn_anew(name: str, is_made: bool) -> None:
    result = imported(Session().add("GET", f"/list?{name}=0.7533006617110485", json="[]"))
    assert bool(result.plan.variables) is is_made
    assert proved(result)


@pytest.mark.parametrize(
    ("away", "told", "made"), [(-7, "", True), (30, "", True), (-7.01, "", False), (-7, "1", False), (0.25, "", False)]
)
def test_whole_days_from_the_moment_in_which_they_are_sent_are_reckoned_again(away: float, told: str, made: bool) -> None:
    """Without another time of that millisecond beside them; what an answer told is no clock."""
    then = round(START + 150 - 83 + away * 24 * 3_600_000)
    session = Session().add("GET", "/session", json=f'{{"since": "{then if told else ""}"}}')
    result = imported(session.add("POST", "/graphql", body=f'{{"after": "{then}"}}', sends="application/json", json="{}"))
    assert proved(result)
    assert (f'"{away:+.0f}d"' in result.plan.model_dump_json()) is made


def test_a_message_of_a_web_service_has_a_new_name_and_the_clock() -> None:
    """What its sender calls it by, when it was made, and what it speaks of, which was there."""
    envelope = (
        "<e:Envelope xmlns:e='http://www.w3.org/2003/05/soap-envelope'><e:Header><MessageID>urn:uuid:{0}</MessageID>"
        "<Created>{1}</Created></e:Header><e:Body><Kind>b17c6aed-7c2e-476a-b45b-2365ba046f43</Kind></e:Body></e:Envelope>"
    )
    made = envelope.format("05ed7f38-c4f1-4d7e-9b1a-6c1d2e3f4a5b", "2023-11-14T22:13:19.500Z")
    result = imported(Session().add("POST", "/service", body=made, sends="text/xml", json='{"ok": true}'))
    body = str(sent(result, 0).body)
    assert proved(result)
    assert "05ed7f38" not in body
    assert "2023-11-14" not in body
    assert "b17c6aed" in body


@pytest.mark.parametrize(
    ("ours", "theirs", "made"),
    [
        ("2023-11-14", "2023-11-16", "now"),
        ("2023-11-21", "2023-11-23", "+7d"),
        ("13/11/2023", "15/11/2023", "DD/MM/YYYY"),
        ("2023-11-21", "2023-11-22", ""),
        ("2023-11-21", "2023-11-21", ""),
    ],
)
def test_a_day_as_far_from_that_of_its_recording_in_both_is_reckoned_again(ours: str, theirs: str, made: str) -> None:
    """The first recording was made on the 14th, the second two days later."""
    first = Session("a.har").add("GET", f"/calendar?from={ours}", json='{"events": []}')
    second = Session("b.har")
    second.clock += timedelta(days=2) / timedelta(milliseconds=1)
    result = imported(first, second.add("GET", f"/calendar?from={theirs}", json='{"events": []}'))
    url = str(sent(result, 0).url)
    assert proved(result)
    assert ("now" in url) is bool(made)
    assert made in url


def planned(start: datetime, hours: str, days: int, name: str = "session.har") -> Session:
    session = Session(name)
    session.clock = start.timestamp() * 1000
    session.add("GET", "/calendar", html="<h1>Calendar</h1>")
    body = f'{{"start": "{start + timedelta(days=days):%Y-%m-%d}{hours}"}}'
    return session.add("POST", "/events", body=body, sends="application/json", json='{"ok": true}')


@pytest.mark.parametrize("hours", ["T10:00:00.000Z", "T10:00", " 10:00:00", "T10:00:00+01:00"])
def test_a_day_as_far_away_in_both_is_reckoned_again_before_an_hour_that_was_chosen(hours: str) -> None:
    result = imported(planned(DAY, hours, 1), planned(DAY + timedelta(days=9, hours=3), hours, 1, "two.har"))
    plan = result.plan.model_dump_json()
    assert f"{DAY + timedelta(days=1):%Y-%m-%d}" not in plan
    assert hours in plan
    assert proved(result)


def test_an_hour_of_another_day_each_time_stays() -> None:
    result = imported(planned(DAY, "T10:00", 1), planned(DAY + timedelta(days=9), "T10:00", 3, "two.har"))
    assert '"now"' not in result.plan.model_dump_json()


@pytest.mark.parametrize(
    ("away", "form", "told"),
    [
        (0, "%Y-%m-%d", 'now("YYYY-MM-DD")'),
        (7, "%d.%m.%Y", 'now("DD.MM.YYYY", "+7d")'),
        (1, "%Y-%m-%dT10:00:00.000Z", 'now("YYYY-MM-DD", "+1d")'),
        (-30, "%Y-%m-%d", ""),
        (400, "%Y-%m-%d", ""),
    ],
)
def test_a_day_near_that_of_the_only_recording_stays_and_is_told_once(away: int, form: str, told: str) -> None:
    day = (DAY + timedelta(days=away)).strftime(form)
    session = Session().add("GET", "/", html="<h1>Berths</h1>")
    session.add("GET", f"/slots?from={quote(day)}", json="[]").add("GET", f"/prices?from={quote(day)}", json="[]")
    result = imported(session)
    assert [(one.where, told in one.why) for one in result.left] == [("entry 1 GET /slots: query from", True)] * bool(told)


def test_a_day_that_an_answer_told_is_the_servers() -> None:
    day = f"{DAY:%Y-%m-%d}"
    session = Session().add("GET", "/", html=f"<h1>Berths on {day}</h1>").add("GET", f"/slots?from={day}", json="[]")
    assert not imported(session).left
