"""Calendars and address books: which entry is meant is told by what it is called, before or behind the value."""

from __future__ import annotations

from dataclasses import replace

from recordings import Session, imported, proved, sent

from loadwright.compiler.plan.describe import describe_source

UIDS = ("1f0c7b9a52e84d63", "9b3e51c07a2f4d88", "c4d7a81e6b09f352")


def calendar(*titles: str) -> str:
    events = "".join(
        f"BEGIN:VEVENT\r\nUID:{uid}\r\nDTSTAMP:20261120T080000Z\r\nSUMMARY:{title}\r\nX-TAG:{uid[::-1]}\r\nEND:VEVENT\r\n"
        for uid, title in zip(UIDS, titles, strict=True)
    )
    return f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\n{events}END:VCALENDAR\r\n"


def taken(text: str, media_type: str) -> list[str]:
    """How the id and the tag of the second entry are taken, which is removed by them."""
    recorded = Session().add("GET", "/cal", script=text)
    entry = recorded.entries[0]
    recorded.entries[0] = replace(entry, response=replace(entry.response, media_type=media_type))
    result = imported(recorded.add("DELETE", f"/cal/{UIDS[1]}.ics", sent={"X-Tag": UIDS[1][::-1]}))
    assert proved(result)
    return [describe_source(capture.source) for capture in sent(result, 0).captures]


def test_an_entry_of_a_calendar_is_known_by_its_summary() -> None:
    found = " ".join(taken(calendar("Dentist", "Lunch", "School"), "text/calendar"))
    assert found.count("SUMMARY:Lunch") == 2
    assert "Dentist" not in found


def test_a_card_is_known_by_the_name_before_its_id() -> None:
    names = ("Ida Berg", "Ole Dahl", "Eva Lund")
    cards = "".join(
        f"BEGIN:VCARD\r\nFN:{name}\r\nUID:{uid}\r\nX-TAG:{uid[::-1]}\r\nEND:VCARD\r\n"
        for name, uid in zip(names, UIDS, strict=True)
    )
    assert all(found.startswith("regex") and "FN:Ole Dahl" in found for found in taken(cards, "text/vcard"))


def test_of_two_entries_of_one_name_none_is_known_by_it() -> None:
    assert "SUMMARY" not in " ".join(taken(calendar("Lunch", "Lunch", "School"), "text/calendar"))
