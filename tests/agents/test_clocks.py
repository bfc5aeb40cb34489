"""The client's clock as people read it, inside of longer texts, and the bounds of its day."""

from __future__ import annotations

from datetime import UTC, datetime
from urllib.parse import quote

import pytest
from recordings import START, Session, imported, proved

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
